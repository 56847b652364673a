"""Orders that no drone of the fleet could ever fly, found before the search, each with its reason.

Owns the best case of an order: one drone that waits where it is best, flies nothing else and
meets nobody. What fails even so can never be planned; what passes may still be left out of a
plan. Knows the leg tables; does not know the solver.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.closures import why_no_path
from routing.errors import Fault
from routing.legs import LegTable, LegTables
from routing.network import Network, Site, Window
from routing.orders import Order
from routing.reading.carriage import fleet_types
from routing.reading.clock import DAY_S, format_clock

_NEVER = math.inf


def find_unservable(
    network: Network, orders: Sequence[Order], legs: LegTables, file: str = "orders"
) -> Mapping[str, Fault]:
    """The first reason why an order could never be flown, by order id; servable ones are absent.

    Args:
        network: the network of the legs.
        orders: orders that ``read_orders`` accepted, so mass, places and band fit some drone.
        legs: leg tables of every drone type of the fleet.
        file: name of the orders file for the faults.
    """
    types = [drone.id for drone in fleet_types(network)]
    reasons: dict[str, Fault] = {}
    for order in orders:
        ways = [
            _best_way(network, order, destination, legs, type_id)
            for type_id in types
            if _is_carried(network, order, type_id)
            for destination in order.destinations
        ]
        fault = _fault_of(order, ways, file, network, legs)
        if fault is not None:
            reasons[order.id] = fault
    return reasons


@dataclass(frozen=True, slots=True)
class _Way:
    """The best case of one order on one drone type to one destination.

    Attributes:
        has_path: the leg is flown at some time of the day.
        spare_pack: usable energy minus the least a sortie needs, in packs; negative: out of range.
        received_s: earliest receipt in daylight or night, whatever the type may; inf for never.
        received_any_light_s: the same if the type could fly at night.
        ride_s: shortest time on board.
    """

    type_id: str
    destination: str
    has_path: bool
    spare_pack: float
    received_s: float
    received_any_light_s: float
    ride_s: float


def _is_carried(network: Network, order: Order, type_id: str) -> bool:
    drone = network.drone_types[type_id]
    return (
        order.mass_kg <= drone.payload_max_kg - drone.box_tare_kg + 1e-9
        and order.slots <= drone.slots
        and (order.band == "any" or drone.compartments > 0)
    )


def _best_way(
    network: Network, order: Order, destination: str, legs: LegTables, type_id: str
) -> _Way:
    table = legs.best(type_id)
    origin, target = network.site(order.origin), network.site(destination)
    flight_s = _flight_s(table, origin.id, destination)
    spare = _spare_pack(network, order, destination, table)
    if not math.isfinite(flight_s):
        return _Way(type_id, destination, False, spare, _NEVER, _NEVER, _NEVER)
    is_night_type = network.drone_types[type_id].night_ok
    dark = _received_s(network, order, origin, target, flight_s, needs_day=False)
    light = (
        dark
        if is_night_type
        else _received_s(network, order, origin, target, flight_s, needs_day=True)
    )
    ride_s = origin.handover_s + flight_s + target.handover_s
    return _Way(type_id, destination, True, spare, light, dark, ride_s)


def _flight_s(table: LegTable, origin: str, destination: str) -> float:
    return float(table.flight_s[table.site_index[origin], table.site_index[destination]])


def _spare_pack(network: Network, order: Order, destination: str, table: LegTable) -> float:
    """Usable energy minus the least of: base, empty to the origin, loaded on, empty to a base."""
    bases = [table.site_index[base.site_id] for base in network.bases]
    start, end = table.site_index[order.origin], table.site_index[destination]
    carried = table.energy_pack(start, end, order.mass_kg)
    before = 0.0 if start in bases else min(_empty(table, base, start) for base in bases)
    after = 0.0 if end in bases else min(_empty(table, end, base) for base in bases)
    spare = table.usable_pack - (before + carried + after)
    return spare if math.isfinite(spare) else -_NEVER


def _empty(table: LegTable, origin_idx: int, destination_idx: int) -> float:
    energy = table.energy_pack(origin_idx, destination_idx, 0.0)
    return energy if math.isfinite(energy) else _NEVER


def _received_s(
    network: Network, order: Order, origin: Site, target: Site, flight_s: float, *, needs_day: bool
) -> float:
    """Earliest receipt: the pickup handover, one flight, the unloading handover, no waiting for
    a drone; inf when no opening hours, window or daylight allow it."""
    pickup_s = _first_start(float(order.ready_s), order.pickup_windows, origin)
    takeoff_s = pickup_s + origin.handover_s
    if needs_day:
        takeoff_s = _in_daylight(takeoff_s, flight_s, network)
    unload_s = _first_start(takeoff_s + flight_s, order.delivery_windows, target)
    return unload_s + target.handover_s


def _first_start(earliest_s: float, windows: tuple[Window, ...], site: Site) -> float:
    """Earliest start of a handover inside a window and, start and end, inside the site's hours."""
    starts = [
        max(earliest_s, hours.start_s, window.start_s)
        for hours in site.hours
        for window in windows or (Window(-DAY_S, 3 * DAY_S),)
        if max(earliest_s, hours.start_s, window.start_s)
        <= min(hours.end_s - site.handover_s, window.end_s)
    ]
    return min(starts, default=_NEVER)


def _in_daylight(takeoff_s: float, flight_s: float, network: Network) -> float:
    """Earliest take-off from which a whole flight lies between a sunrise and its sunset."""
    for day in (-1, 0, 1, 2):
        sunrise_s = network.rules.sunrise_s + day * DAY_S
        sunset_s = network.rules.sunset_s + day * DAY_S
        start_s = max(takeoff_s, sunrise_s)
        if start_s + flight_s <= sunset_s:
            return start_s
    return _NEVER


def _fault_of(
    order: Order, ways: Sequence[_Way], file: str, network: Network, legs: LegTables
) -> Fault | None:
    """The reason that stops every way, asked in the order in which a user would; None if one is
    free. A reason is told for the ways that passed the one before."""
    place = f"order {order.id}"
    flown = [way for way in ways if way.has_path]
    if not flown:
        found = [why_no_path(network, legs, order.origin, goal)[0] for goal in order.destinations]
        shut = "; ".join(dict.fromkeys(one for one in found if one))
        return Fault(
            "orders.no-path",
            file,
            place,
            "destination",
            "some drone that can carry it must find a path around the zones in its wind and "
            "temperature limits",
            f"none from {order.origin} to {' or '.join(order.destinations)}"
            + (f": {shut}" if shut else ""),
            "check zones and weather, or send it by road",
        )
    near = [way for way in flown if way.spare_pack >= 0]
    if not near:
        best = max(flown, key=lambda way: way.spare_pack)
        short = f"{-best.spare_pack:.0%} of a pack" if math.isfinite(best.spare_pack) else "a path"
        return Fault(
            "orders.out-of-range",
            file,
            place,
            "destination",
            "a sortie from a base to the origin, on to the destination and to a base must fit "
            "into the usable energy of one pack",
            f"{short} short on the best drone, {best.type_id}, to {best.destination}",
            "make a site on the way a base, or send it by road",
        )
    return _late_fault(order, near, file, place)


def _late_fault(order: Order, near: Sequence[_Way], file: str, place: str) -> Fault | None:
    limit_s = order.ride_limit_s
    quick = [way for way in near if limit_s is None or way.ride_s <= limit_s]
    if not quick and limit_s is not None:
        best = min(near, key=lambda way: way.ride_s)
        return Fault(
            "orders.ride-too-long",
            file,
            place,
            "product",
            f"it may be on board for {limit_s / 60:g} min",
            f"{best.ride_s / 60:.1f} min at least, on {best.type_id} to {best.destination}",
            "send it another way",
        )
    if any(way.received_s <= order.deadline_s for way in quick):
        return None
    if any(way.received_any_light_s <= order.deadline_s for way in quick):
        return Fault(
            "orders.night",
            file,
            place,
            "deadline",
            f"it must be received by {format_clock(order.deadline_s)} and no drone that reaches "
            "may fly at night",
            f"a flight between sunset and sunrise, ready at {format_clock(order.ready_s)}",
            "give it to a drone that may fly at night, or send it by road",
        )
    best = min(quick, key=lambda way: way.received_s)
    earliest = "no time" if best.received_s == _NEVER else format_clock(best.received_s)
    return Fault(
        "orders.too-late",
        file,
        place,
        "deadline",
        f"it must be received by {format_clock(order.deadline_s)}",
        f"{earliest} at the earliest, on {best.type_id} to {best.destination} with handovers and "
        "opening hours",
        "collect it earlier or send it another way",
    )
