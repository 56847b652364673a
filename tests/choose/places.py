"""Pingdu's shipped network with its four-site day and a few made-up village candidates."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from routing.demand_file import DemandModel, read_demand
from routing.network import Network, Site, Window
from routing.orders import Order
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.whatif.changes import AddSite

PINGDU = Path(__file__).resolve().parents[2] / "configs" / "pingdu"


@cache
def pingdu() -> Network:
    """The shipped network."""
    return read_network(PINGDU)


@cache
def model() -> DemandModel:
    """Its demand model."""
    return read_demand(PINGDU / "demand.yaml", pingdu())


@cache
def lines() -> tuple[Order, ...]:
    """The orders of the four sites that fly today."""
    return read_orders(PINGDU / "orders" / "lines.csv", pingdu())


def village(site_id: str, lon_deg: float, lat_deg: float) -> AddSite:
    """A made-up candidate."""
    hours = (Window(25_200, 64_800),)
    return AddSite(
        Site(site_id, site_id, site_id, "village", lon_deg, lat_deg, frozenset(), 1, hours, 180)
    )


VILLAGES = (
    village("near", 119.99, 36.80),
    village("north", 119.96, 36.95),
    village("east", 120.10, 36.80),
    village("south", 119.90, 36.62),
)
