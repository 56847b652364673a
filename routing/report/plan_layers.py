"""A plan as map layers: sites, zones, outline, flights and stops as plain rows for ``geo.layers``.

Owns which columns a layer has. Names stand in both languages, so one file serves everybody.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from geo.layers import Layer, Value
from routing.network import Network
from routing.plan import Plan
from routing.report.clock import moment
from routing.report.tables import charge_left, in_fleet_order
from routing.report.words import word

SITE_COLUMNS = (
    "site_id", "name_zh", "name_en", "kind", "kind_zh", "is_base", "pads", "services",
    "ground_m_amsl", "source", "confidence", "note",
)  # fmt: skip
ZONE_COLUMNS = (
    "zone_id", "name_zh", "name_en", "rule", "rule_zh", "is_blocking", "lower_m", "lower_datum",
    "upper_m", "upper_datum", "approval", "is_illustrative", "source",
)  # fmt: skip
FLIGHT_COLUMNS = (
    "sortie", "leg", "drone", "drone_type", "pack", "origin", "destination", "takeoff", "landing",
    "takeoff_local", "landing_local", "takeoff_s", "landing_s", "length_m", "height_m_agl", "layer",
    "payload_kg", "energy_pack", "charge_left", "orders",
)  # fmt: skip
STOP_COLUMNS = (
    "sortie", "stop", "drone", "pack", "site_id", "name_zh", "name_en", "pad", "landing",
    "handover_start", "handover_end", "takeoff", "loaded", "unloaded",
)  # fmt: skip


def plan_layers(network: Network, plan: Plan) -> tuple[Layer, ...]:
    """The layers of one plan.

    Raises:
        KeyError: the plan names a site or drone that the network does not have.
    """
    outline = network.outline_lonlat
    return (
        _outline(outline, network.outline_credit),
        _zones(network),
        _flights(network, plan),
        _stops(network, plan),
        _sites(network),
    )


def _outline(ring: tuple[tuple[float, float], ...], credit: str) -> Layer:
    closed = ring if not ring or ring[0] == ring[-1] else (*ring, ring[0])
    shapes = (((closed,),),) if closed else ()
    return Layer("outline", "polygon", ("credit",), shapes, ((credit,),) * len(shapes))


def _sites(network: Network) -> Layer:
    rows: list[tuple[Value, ...]] = [
        (
            site.id,
            site.name_zh,
            site.name_en,
            site.kind,
            word(f"kind.{site.kind}", "zh"),
            network.base(site.id) is not None,
            site.pads,
            " ".join(sorted(site.services)),
            site.ground_m_amsl,
            site.source,
            site.confidence,
            site.note,
        )
        for site in network.sites
    ]
    shapes = tuple((site.lon_deg, site.lat_deg) for site in network.sites)
    return Layer("sites", "point", SITE_COLUMNS, shapes, tuple(rows))


def _zones(network: Network) -> Layer:
    rows: list[tuple[Value, ...]] = [
        (
            zone.id,
            zone.name_zh,
            zone.name_en,
            zone.rule,
            word(f"zone.{zone.rule}", "zh"),
            zone.is_blocking,
            zone.lower_m,
            zone.lower_datum,
            zone.upper_m,
            zone.upper_datum,
            zone.approval,
            zone.is_illustrative,
            zone.source,
        )
        for zone in network.zones
    ]
    shapes = tuple(zone.rings_lonlat for zone in network.zones)
    return Layer("zones", "polygon", ZONE_COLUMNS, shapes, tuple(rows))


def _flights(network: Network, plan: Plan) -> Layer:
    types = {drone.id: drone.type_id for drone in network.drones}
    rows: list[tuple[Value, ...]] = []
    shapes = []
    for sortie in in_fleet_order(network, plan):
        left = charge_left(sortie, network)
        on_board: list[str] = []
        for idx, flight in enumerate(sortie.flights):
            stop = sortie.stops[idx]
            on_board = [item for item in on_board if item not in stop.unloaded] + [*stop.loaded]
            shapes.append(flight.path_lonlat)
            rows.append(
                (
                    sortie.id,
                    idx + 1,
                    sortie.drone_id,
                    types[sortie.drone_id],
                    sortie.pack_id,
                    flight.origin,
                    flight.destination,
                    _when(network, plan, flight.takeoff_s),
                    _when(network, plan, flight.landing_s),
                    f"{moment(plan.date, flight.takeoff_s):%Y-%m-%d %H:%M:%S}",
                    f"{moment(plan.date, flight.landing_s):%Y-%m-%d %H:%M:%S}",
                    flight.takeoff_s,
                    flight.landing_s,
                    flight.length_m,
                    flight.height_m_agl,
                    flight.layer,
                    flight.payload_kg,
                    flight.energy_pack,
                    left[idx],
                    " ".join(on_board),
                )
            )
    return Layer("flights", "line", FLIGHT_COLUMNS, tuple(shapes), tuple(rows))


def _stops(network: Network, plan: Plan) -> Layer:
    found = list(_stop_rows(network, plan))
    return Layer(
        "stops",
        "point",
        STOP_COLUMNS,
        tuple(position for position, _ in found),
        tuple(row for _, row in found),
    )


def _stop_rows(
    network: Network, plan: Plan
) -> Iterable[tuple[tuple[float, float], tuple[Value, ...]]]:
    for sortie in in_fleet_order(network, plan):
        for idx, stop in enumerate(sortie.stops):
            site = network.site(stop.site_id)
            times = (stop.landing_s, stop.handover_start_s, stop.handover_end_s, stop.takeoff_s)
            yield (
                (site.lon_deg, site.lat_deg),
                (
                    sortie.id,
                    idx + 1,
                    sortie.drone_id,
                    sortie.pack_id,
                    site.id,
                    site.name_zh,
                    site.name_en,
                    stop.pad + 1,
                    *(None if time is None else _when(network, plan, time) for time in times),
                    " ".join(stop.loaded),
                    " ".join(stop.unloaded),
                ),
            )


def _when(network: Network, plan: Plan, time_s: int) -> datetime:
    return moment(plan.date, time_s).replace(tzinfo=ZoneInfo(network.time_zone))
