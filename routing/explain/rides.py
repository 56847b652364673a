"""Whether an order could ride along on a sortie of the plan that passes its way in time.

Owns the list of what stands against it on each such sortie: segregation, box, bands, energy. Does
not change a sortie's stops or times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from routing.legs import LegTables
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan, Sortie, Stop

Obstacle = Literal["segregation", "box", "bands", "energy"]


@dataclass(frozen=True, slots=True)
class Ride:
    """A sortie that hands over at an order's origin and then at one of its destinations in time.

    Attributes:
        passes_s: start of the handover at the origin.
        obstacles: what keeps the order off; empty when it could simply ride along.
        beside: the group that excludes the order's, for ``segregation``, else empty.
    """

    sortie_id: str
    drone_id: str
    passes_s: int
    obstacles: tuple[Obstacle, ...]
    beside: str = ""


def find_rides(
    network: Network, orders: Mapping[str, Order], legs: LegTables, plan: Plan, order: Order
) -> tuple[Ride, ...]:
    """Every sortie that passes an order's way in time, with what keeps the order off it."""
    rides = []
    for sortie in plan.sorties:
        for load_at, first in enumerate(sortie.stops):
            for unload_at in range(load_at + 1, len(sortie.stops)):
                last = sortie.stops[unload_at]
                if _passes_in_time(order, first, last):
                    rides.append(_ride(network, orders, legs, sortie, order, (load_at, unload_at)))
    return tuple(sorted(rides, key=lambda ride: (len(ride.obstacles), ride.passes_s)))


def _passes_in_time(order: Order, first: Stop, last: Stop) -> bool:
    if first.site_id != order.origin or last.site_id not in order.destinations:
        return False
    loads_s, unloads_s, ends_s = first.handover_start_s, last.handover_start_s, last.handover_end_s
    if loads_s is None or unloads_s is None or ends_s is None:
        return False
    return (
        loads_s >= order.ready_s
        and ends_s <= order.deadline_s
        and (order.ride_limit_s is None or ends_s - loads_s <= order.ride_limit_s)
        and _is_inside(order.pickup_windows, loads_s)
        and _is_inside(order.delivery_windows, unloads_s)
    )


def _is_inside(windows: Sequence[tuple[int, int]], time_s: int) -> bool:
    return not windows or any(start_s <= time_s <= end_s for start_s, end_s in windows)


def _ride(
    network: Network,
    orders: Mapping[str, Order],
    legs: LegTables,
    sortie: Sortie,
    order: Order,
    stops: tuple[int, int],
) -> Ride:
    type_id = next(one.type_id for one in network.drones if one.id == sortie.drone_id)
    kind = network.drone_types[type_id]
    boards = [
        [orders[order_id] for order_id in board] + ([order] if stops[0] <= leg < stops[1] else [])
        for leg, board in enumerate(_on_board(sortie))
    ]
    riders = [board for leg, board in enumerate(boards) if stops[0] <= leg < stops[1]]
    aboard = {order_id for board in _on_board(sortie) for order_id in board}
    groups = sorted({orders[order_id].group for order_id in aboard})
    pairs = network.rules.exclusive_groups
    beside = next((one for one in groups if frozenset({one, order.group}) in pairs), "")
    room_kg = kind.payload_max_kg - kind.box_tare_kg + 1e-9
    obstacles: list[Obstacle] = []
    if beside and beside != order.group:
        obstacles.append("segregation")
    if any(
        sum(one.mass_kg for one in board) > room_kg or sum(one.slots for one in board) > kind.slots
        for board in riders
    ):
        obstacles.append("box")
    if any(len({one.band for one in board} - {"any"}) > kind.compartments for board in riders):
        obstacles.append("bands")
    elif not _has_energy(network, legs, type_id, sortie, boards):
        obstacles.append("energy")
    passes_s = sortie.stops[stops[0]].handover_start_s
    assert passes_s is not None
    return Ride(sortie.id, sortie.drone_id, passes_s, tuple(obstacles), beside)


def _on_board(sortie: Sortie) -> list[frozenset[str]]:
    """Order ids on board on each leg."""
    board: frozenset[str] = frozenset()
    boards = []
    for stop in sortie.stops[:-1]:
        board = (board - set(stop.unloaded)) | set(stop.loaded)
        boards.append(board)
    return boards


def _has_energy(
    network: Network,
    legs: LegTables,
    type_id: str,
    sortie: Sortie,
    boards: Sequence[Sequence[Order]],
) -> bool:
    """R4 of a sortie with these orders on each leg."""
    used, rules = 0.0, network.rules
    for flight, board in zip(sortie.flights, boards, strict=True):
        table = legs.for_type(type_id, flight.takeoff_s)
        mass_kg = sum(order.mass_kg for order in board)
        ends = (table.site_index[flight.origin], table.site_index[flight.destination])
        used += table.energy_pack(*ends, mass_kg)
        spare = 0.0
        if rules.has_diversion_reserve:
            spare = table.diversion_pack(ends[1], mass_kg, rules.diversion_hover_s)
        if used + spare > table.available_pack or used > table.usable_pack:
            return False
    return True
