"""The schedule as three tables: by drone, by site, by order.

Owns which columns there are, what each means and how a row is filled. Does not know how a table
is written (see ``routing.report.schedule``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from routing.network import Network
from routing.orders import Order
from routing.plan import Plan, Sortie, Stop
from routing.report.clock import Lang
from routing.report.naming import Names
from routing.report.words import word

CellKind = Literal["text", "time", "span", "number", "share"]
Cell = str | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        key: its name in ``words`` is ``column.<key>``.
        kind: ``time`` holds seconds since the service day's midnight, ``span`` seconds, ``share``
            a part of 1; they are written as real times, durations and percentages.
        width: in characters of half width, wide enough for its Chinese name.
        meaning: what it holds, for docs/formats-output.md.
        decimals: of a number.
    """

    key: str
    kind: CellKind
    width: int
    meaning: str
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``key`` names its sheet (``table.<key>``) and its file."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


DRONE_COLUMNS: tuple[Column, ...] = (
    Column("drone", "text", 14, "id of the drone"),
    Column("sortie", "text", 10, "id of the sortie"),
    Column("leg", "number", 6, "number of the leg in its sortie, from 1"),
    Column("pack", "text", 14, "id of the battery pack of the sortie"),
    Column("origin", "text", 26, "site of the take-off"),
    Column("takeoff", "time", 15, "take-off, local time"),
    Column("destination", "text", 26, "site of the landing"),
    Column("landing", "time", 15, "landing, local time"),
    Column("flight_time", "span", 10, "landing minus take-off"),
    Column("length", "number", 10, "length of the flown path in km", 1),
    Column("height", "number", 10, "cruise height above ground at take-off, m"),
    Column("layer", "number", 8, "altitude layer, from 1 (the lowest); 1 where there is one only"),
    Column("payload", "number", 10, "mass of the orders on board in kg, without the box", 2),
    Column("charge_left", "share", 12, "planned charge of the pack at landing, of a full pack"),
    Column("loaded", "text", 34, "orders loaded before this take-off"),
    Column("unloaded", "text", 34, "orders unloaded after this landing"),
)
SITE_COLUMNS: tuple[Column, ...] = (
    Column("site", "text", 26, "name of the site"),
    Column("pad", "number", 6, "number of the pad at the site, from 1"),
    Column("landing", "time", 15, "landing, local time; empty at the start of a sortie"),
    Column("handover_start", "time", 15, "start of the handover, local time"),
    Column("handover_end", "time", 15, "end of the handover, local time"),
    Column("takeoff", "time", 15, "take-off, local time; empty at the end of a sortie"),
    Column("drone", "text", 14, "id of the drone"),
    Column("sortie", "text", 10, "id of the sortie"),
    Column("pack", "text", 14, "id of the pack on board"),
    Column("unloaded", "text", 40, "orders handed to the site"),
    Column("loaded", "text", 40, "orders handed to the drone"),
)
ORDER_COLUMNS: tuple[Column, ...] = (
    Column("order", "text", 16, "id of the order"),
    Column("product", "text", 24, "name of the product"),
    Column("quantity", "number", 8, "number of units"),
    Column("mass", "number", 10, "gross mass in kg", 2),
    Column("band", "text", 12, "temperature band in degrees Celsius, or any"),
    Column("tier", "text", 10, "stat, urgent or routine"),
    Column("origin", "text", 26, "site of the pickup"),
    Column("wanted", "text", 26, "site or service that the order asked for"),
    Column("destination", "text", 26, "site that receives it; empty when it stays behind"),
    Column("ready", "time", 15, "earliest start of the pickup handover, local time"),
    Column("pickup", "time", 15, "start of the pickup handover, local time"),
    Column("received", "time", 15, "end of the unloading handover, local time"),
    Column("target", "time", 15, "soft latest receipt, local time"),
    Column("deadline", "time", 15, "hard latest receipt, local time"),
    Column("slack", "span", 10, "deadline minus receipt"),
    Column("late", "span", 10, "receipt after the target; 0 when on target"),
    Column("receipt_time", "span", 10, "receipt minus collection (or ready without a clock)"),
    Column("drone", "text", 14, "id of the drone"),
    Column("sortie", "text", 10, "id of the sortie"),
    Column("outcome", "text", 44, "flown, or why it stays behind"),
)


def build_tables(
    network: Network, orders: Sequence[Order], plan: Plan, lang: Lang
) -> tuple[Table, Table, Table]:
    """The schedule by drone, by site and by order, worded in one language."""
    names = Names(network, lang)
    return (
        Table("by-drone", DRONE_COLUMNS, tuple(_drone_rows(network, plan, names))),
        Table("by-site", SITE_COLUMNS, tuple(_site_rows(network, plan, names))),
        Table("by-order", ORDER_COLUMNS, tuple(_order_rows(orders, plan, names))),
    )


def charge_left(sortie: Sortie, network: Network) -> tuple[float, ...]:
    """Share of the pack's charge left at each landing, by the plan's own energies.

    ``usable_pack`` is what R4 allows, so the pack as it is that day (health, cold) holds
    ``usable_pack / (1 - reserve_frac)``.
    """
    held = sortie.usable_pack / (1.0 - network.rules.reserve_frac)
    used, left = 0.0, []
    for flight in sortie.flights:
        used += flight.energy_pack
        left.append(1.0 - used / held)
    return tuple(left)


def in_fleet_order(network: Network, plan: Plan) -> tuple[Sortie, ...]:
    """The sorties by drone, in the order of the fleet, then by take-off."""
    place = {drone.id: idx for idx, drone in enumerate(network.drones)}
    return tuple(
        sorted(
            plan.sorties,
            key=lambda sortie: (place.get(sortie.drone_id, len(place)), sortie.start_s, sortie.id),
        )
    )


def visits_at(plan: Plan, site_id: str) -> tuple[tuple[Sortie, Stop], ...]:
    """Every stop at a site with its sortie, by the time it begins there."""
    found = [
        (sortie, stop)
        for sortie in plan.sorties
        for stop in sortie.stops
        if stop.site_id == site_id
    ]
    return tuple(sorted(found, key=lambda visit: (visit_start_s(visit[1]), visit[0].id)))


def visit_start_s(stop: Stop) -> int:
    """The first moment of a stop: its landing, else its handover, else its take-off."""
    times = (stop.landing_s, stop.handover_start_s, stop.takeoff_s)
    return min(time for time in times if time is not None)


def _drone_rows(network: Network, plan: Plan, names: Names) -> Iterable[tuple[Cell, ...]]:
    for sortie in in_fleet_order(network, plan):
        left = charge_left(sortie, network)
        for idx, flight in enumerate(sortie.flights):
            yield (
                sortie.drone_id,
                sortie.id,
                idx + 1,
                sortie.pack_id,
                names.site(flight.origin),
                flight.takeoff_s,
                names.site(flight.destination),
                flight.landing_s,
                flight.landing_s - flight.takeoff_s,
                flight.length_m / 1000,
                flight.height_m_agl,
                flight.layer + 1,
                flight.payload_kg,
                left[idx],
                names.list_ids(sortie.stops[idx].loaded),
                names.list_ids(sortie.stops[idx + 1].unloaded),
            )


def _site_rows(network: Network, plan: Plan, names: Names) -> Iterable[tuple[Cell, ...]]:
    for site in network.sites:
        for sortie, stop in visits_at(plan, site.id):
            yield (
                names.site(site.id),
                stop.pad + 1,
                stop.landing_s,
                stop.handover_start_s,
                stop.handover_end_s,
                stop.takeoff_s,
                sortie.drone_id,
                sortie.id,
                sortie.pack_id,
                names.list_ids(stop.unloaded),
                names.list_ids(stop.loaded),
            )


@dataclass(frozen=True, slots=True)
class Carriage:
    """How one order travels: its sortie and the two stops that hand it over."""

    sortie: Sortie
    pickup: Stop
    delivery: Stop


def find_carriages(plan: Plan) -> Mapping[str, Carriage]:
    """Order id -> how it travels, for every order that is loaded and unloaded in one sortie."""
    carriages: dict[str, Carriage] = {}
    for sortie in plan.sorties:
        pickups = {order_id: stop for stop in sortie.stops for order_id in stop.loaded}
        for stop in sortie.stops:
            for order_id in stop.unloaded:
                if order_id in pickups:
                    carriages[order_id] = Carriage(sortie, pickups[order_id], stop)
    return carriages


def _order_rows(orders: Sequence[Order], plan: Plan, names: Names) -> Iterable[tuple[Cell, ...]]:
    carriages = find_carriages(plan)
    reasons = {item.order_id: names.pick(item.text_zh, item.text_en) for item in plan.unserved}
    for order in orders:
        carriage = carriages.get(order.id)
        fixed: tuple[Cell, ...] = (
            order.id,
            names.product(order.product_id),
            order.quantity,
            order.mass_kg,
            names.band(order.band),
            word(f"tier.{order.tier}", names.lang),
            names.site(order.origin),
            names.place(order.wanted),
        )
        due = (order.target_s, order.deadline_s)
        if carriage is None:
            outcome = reasons.get(order.id, word("outcome.missing", names.lang))
            times: tuple[Cell, ...] = (None, order.ready_s, None, None, *due, None, None, None)
            yield (*fixed, *times, None, None, outcome)
        else:
            yield (*fixed, *_travel_cells(order, carriage, names))


def _travel_cells(order: Order, carriage: Carriage, names: Names) -> tuple[Cell, ...]:
    received = carriage.delivery.handover_end_s
    start = order.ready_s if order.collected_s is None else order.collected_s
    late = None
    if received is not None and order.target_s is not None:
        late = max(0, received - order.target_s)
    return (
        names.site(carriage.delivery.site_id),
        order.ready_s,
        carriage.pickup.handover_start_s,
        received,
        order.target_s,
        order.deadline_s,
        None if received is None else order.deadline_s - received,
        late,
        None if received is None else received - start,
        carriage.sortie.drone_id,
        carriage.sortie.id,
        word("outcome.flown", names.lang),
    )
