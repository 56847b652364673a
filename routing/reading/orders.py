"""An orders file to the day's orders, every default filled in, or all faults at once.

Owns how a row becomes an order. The columns are in ``routing.reading.order_file``, what no drone
of the fleet could carry in ``routing.reading.carriage``. Does not know legs or plans.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path

from routing.network import Network, Product
from routing.orders import Order
from routing.reading.carriage import check_carriage
from routing.reading.cells import RowReader
from routing.reading.faults import FaultList, Phrase, did_you_mean
from routing.reading.order_file import ORDER_COLUMNS, TIER_WORDS
from routing.reading.order_times import order_times
from routing.reading.tables import Table, read_table

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#-]{0,63}")
_CITIZEN_NUMBER = re.compile(r"\d{17}[\dXx]|1[3-9]\d{9}")


def read_orders(path: Path, network: Network) -> tuple[Order, ...]:
    """The orders of a CSV or workbook for the network's service day, in the file's order.

    Raises:
        InputError: everything that is wrong in the file, also orders no drone could carry.
    """
    faults = FaultList()
    table = read_table(Path(path), ORDER_COLUMNS, faults)
    orders = orders_in(table, network, faults) if table is not None else ()
    faults.raise_any()
    return orders


def orders_in(table: Table, network: Network, faults: FaultList) -> tuple[Order, ...]:
    """The orders of a table; rows with faults are left out."""
    known = _Known.of(network)
    seen: dict[str, str] = {}
    orders: list[Order] = []
    for row in table.rows:
        order = _order(RowReader(row, table.file, faults), known, seen)
        if order is not None:
            orders.append(order)
    return tuple(orders)


@dataclass(frozen=True, slots=True)
class _Known:
    """What an order may name."""

    network: Network
    day: datetime.date
    sites: dict[str, str] = field(default_factory=dict)
    products: dict[str, str] = field(default_factory=dict)
    services: frozenset[str] = frozenset()

    @classmethod
    def of(cls, network: Network) -> _Known:
        """Ids and names of a network."""
        sites = {name: site.id for site in network.sites for name in (site.name_zh, site.name_en)}
        products = {
            name: product.id
            for product in network.products.values()
            for name in (product.name_zh, product.name_en)
        }
        return cls(
            network,
            datetime.date.fromisoformat(network.date),
            {**sites, **{site.id: site.id for site in network.sites}},
            {**products, **{product_id: product_id for product_id in network.products}},
            frozenset(service for site in network.sites for service in site.services),
        )


def _order(cells: RowReader, known: _Known, seen: dict[str, str]) -> Order | None:
    """The order of a row, or None with faults."""
    num_before = len(cells.faults)
    order_id = _id(cells, seen)
    origin = _origin(cells, known)
    product = _product(cells, known)
    wanted, destinations = _destinations(cells, known, origin, product)
    quantity = cells.whole("quantity", 1, 10_000, required=False) or 1
    mass_kg = cells.number("mass_kg", 0.001, 500, unit="kg", required=False)
    slots = cells.whole("slots", 1, 1000, required=False)
    tier_text = cells.text("tier").lower()
    cells.choice("tier", [word for word in TIER_WORDS if word], tier_text)
    times = order_times(cells, product, known.day)
    if len(cells.faults) > num_before or product is None or times is None:
        return None
    order = Order(
        id=order_id,
        origin=origin,
        destinations=destinations,
        wanted=wanted,
        product_id=product.id,
        quantity=quantity,
        mass_kg=mass_kg if mass_kg is not None else round(quantity * product.unit_kg, 6),
        slots=slots if slots is not None else product.slots_per_order,
        band=product.band,
        group=product.group,
        tier=TIER_WORDS[tier_text],
        ready_s=times.ready_s,
        collected_s=times.collected_s,
        deadline_s=times.deadline_s,
        target_s=times.target_s,
        ride_limit_s=product.ride_limit_s,
        pickup_windows=times.pickup_windows,
        delivery_windows=times.delivery_windows,
        lab_s=product.lab_s,
    )
    check_carriage(order, known.network, cells)
    return order if len(cells.faults) == num_before else None


def _id(cells: RowReader, seen: dict[str, str]) -> str:
    order_id = cells.text("id", required=True)
    if not order_id:
        return ""
    if _CITIZEN_NUMBER.fullmatch(order_id):
        cells.fault(
            "orders.personal-id",
            "id",
            rule="an id must not be a citizen's or telephone number",
            found=Phrase(f"a number of {len(order_id)} digits"),
            action="number the orders instead",
        )
    elif not _ID.fullmatch(order_id):
        cells.fault(
            "orders.bad-id",
            "id",
            rule="must be up to 64 letters, digits and . _ / # -, never a person's name",
            found=order_id,
            action="number the orders",
        )
    if order_id in seen:
        cells.fault(
            "orders.duplicate-id",
            "id",
            rule="an id must stand once",
            found=Phrase(f"'{order_id}' again, first in {seen[order_id]}"),
            action="give one of them another id",
        )
    seen.setdefault(order_id, cells.row.place)
    return order_id


def _origin(cells: RowReader, known: _Known) -> str:
    name = cells.text("origin", required=True)
    if name and name not in known.sites:
        hint = did_you_mean(name, known.sites, "see sites.csv")
        cells.fault("orders.unknown-site", "origin", rule="must be a site", found=name, action=hint)
    return known.sites.get(name, "")


def _product(cells: RowReader, known: _Known) -> Product | None:
    name = cells.text("product", required=True)
    if name and name not in known.products:
        hint = did_you_mean(name, known.products, "see products.yaml")
        cells.fault(
            "orders.unknown-product",
            "product",
            rule="must be a product of the catalogue",
            found=name,
            action=hint,
        )
        return None
    return known.network.products[known.products[name]] if name else None


def _destinations(
    cells: RowReader, known: _Known, origin: str, product: Product | None
) -> tuple[str, tuple[str, ...]]:
    """What is wanted, and the sites that will do; empty with a fault."""
    name = cells.text("destination")
    if name in known.sites:
        return _to_site(cells, known.sites[name], origin)
    wanted = name or (product.service if product is not None else "")
    if wanted in known.services:
        return _to_service(cells, wanted, known.network.sites_with(wanted), origin)
    if not wanted:
        if product is not None:
            cells.fault(
                "orders.no-destination",
                "destination",
                rule=f"must be filled: product {product.id} has no service that receives it",
                found="",
                action="write a site or a service",
            )
        return "", ()
    if ":" in wanted or not name:
        cells.fault(
            "orders.unknown-service",
            "destination",
            rule="must be a service that some site offers",
            found=wanted,
            action=did_you_mean(wanted, known.services, "see services in sites.csv"),
        )
    else:
        cells.fault(
            "orders.unknown-site",
            "destination",
            rule="must be a site or a service",
            found=wanted,
            action=did_you_mean(wanted, {*known.sites, *known.services}, "see sites.csv"),
        )
    return "", ()


def _to_site(cells: RowReader, site_id: str, origin: str) -> tuple[str, tuple[str, ...]]:
    if site_id == origin:
        cells.fault(
            "orders.same-site",
            "destination",
            rule="must be another site than the origin",
            found=site_id,
            action="check the two",
        )
    return site_id, (site_id,)


def _to_service(
    cells: RowReader, service: str, sites: tuple[str, ...], origin: str
) -> tuple[str, tuple[str, ...]]:
    if origin in sites:
        cells.fault(
            "orders.already-there",
            "destination",
            rule=f"the origin must not offer {service} itself",
            found=origin,
            action="name the other site, or take the order off the list",
        )
    return service, tuple(site_id for site_id in sites if site_id != origin)
