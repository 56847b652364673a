"""Makes the numbers of a day: a network, its orders and legs become an ``Instance``.

Owns units, rounding and which rule becomes which number. Times round up, capacities down, so what
the solver accepts is truly allowed. Does not solve.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from routing.energy import power_in_cruise, power_in_hover
from routing.legs import LegTables, is_flyable
from routing.network import TIERS, Drone, DroneType, Network, Window
from routing.orders import Order
from routing.solver.instance import UNLIMITED, FloatArray, Instance, IntArray
from routing.solver.spare import least_fields
from routing.solver.tasks import Task, TaskTable, collect_tasks

MASS_UNIT_KG = 0.01
"""Masses are counted in steps of 10 g."""

LATENESS_PER_MIN = 216_000.0
"""Cost seconds one weighted order-minute of lateness outweighs. A second of it counts an hour in
the air, more than a sortie to a far town: times are whole seconds, so lateness is settled before
cost down to the last one (design.md, "What makes a plan good")."""

DEAREST_ORDER_S = 60_000.0
"""More cost seconds than serving one order could ever add."""

DAY_END_S = 2 * 86_400.0
NEIGHBOURS = 120
TIME_APART = 0.15
"""How far apart a second of difference in ready time puts two orders, in seconds of flight."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day to solve, with the names its numbers stand for."""

    network: Network
    orders: tuple[Order, ...]
    legs: LegTables
    type_ids: tuple[str, ...]
    tasks: tuple[Task, ...]
    instance: Instance


def build_day(
    network: Network, orders: Sequence[Order], legs: LegTables, since_s: int | None = None
) -> Day:
    """The numbers of a day, ready for the kernels, the columns and the bound.

    With ``since_s`` the day is under way: what is not flown yet takes off after a base's longest
    handover from then on, so that nothing has to be loaded in the past.
    """
    type_ids = tuple(sorted({drone.type_id for drone in network.drones}))
    types = tuple(network.drone_types[type_id] for type_id in type_ids)
    table = collect_tasks(network, orders, legs.site_index)
    fields: dict[str, object] = {}
    fields.update(_site_fields(network))
    fields.update(_flight_fields(network, types, legs))
    fields.update(_type_fields(network, types))
    fields.update(_task_fields(table))
    fields.update(_order_fields(network, orders))
    fields.update(_fleet_fields(network, types, legs))
    fields.update(_rule_fields(network))
    quickest = fields["quickest"]
    assert isinstance(quickest, np.ndarray)
    fields["near"] = nearest_orders(
        quickest[0],
        table.site[table.pickup],
        table.site[table.drop_ptr[:-1]],
        table.early[table.pickup],
    )
    instance = Instance(**fields)  # type: ignore[arg-type]
    if since_s is not None:
        soonest_s = since_s + float(instance.handover[instance.is_base].max())
        instance = instance._replace(drone_start=np.maximum(instance.drone_start, soonest_s))
    return Day(network, tuple(orders), legs, type_ids, table.tasks, instance)


def _site_fields(network: Network) -> dict[str, object]:
    bases = {base.site_id for base in network.bases}
    return {
        "is_base": np.array([site.id in bases for site in network.sites]),
        "handover": np.array([float(site.handover_s) for site in network.sites]),
        "pads": np.array([site.pads for site in network.sites], dtype=np.int64),
    }


def _flight_fields(
    network: Network, types: Sequence[DroneType], legs: LegTables
) -> dict[str, object]:
    tables = [legs.tables[drone.id] for drone in types]
    steps = max(_capacity(drone) for drone in types) + 1
    travel = np.array([[table.flight_s for table in row] for row in tables])
    work = np.array([[t.work_s() for t in row] for row in tables])
    lift = np.array([[t.air_factor * t.vertical_s for t in row] for row in tables])
    capacity = np.array([_capacity(drone) for drone in types], dtype=np.int64)
    hover_s = network.rules.diversion_hover_s
    available = np.array([[table.available_pack for table in row] for row in tables])
    warmest = available.max(axis=1, keepdims=True)
    loads = np.arange(steps) * MASS_UNIT_KG
    cruise, hover = np.zeros((len(types), steps)), np.zeros((len(types), steps))
    for k, drone in enumerate(types):
        on_board = np.minimum(loads + drone.box_tare_kg, drone.payload_max_kg)
        cruise[k] = power_in_cruise(drone, on_board)
        hover[k] = power_in_hover(drone, on_board)
    return {
        "period_start": np.array([float(table.start_s) for table in tables[0]]),
        "travel": travel,
        "quickest": travel.min(axis=1),
        "work": work,
        "lift": lift,
        **least_fields(work, lift, cruise, hover, capacity),
        "cruise_power": cruise,
        "hover_power": hover,
        "divert_work": np.array([[t.divert_work_s() for t in row] for row in tables]),
        "divert_lift": np.array(
            [[t.air_factor * (t.vertical_s + hover_s) for t in row] for row in tables]
        ),
        "usable": np.array([max(t.usable_pack for t in row) for row in tables]),
        "available": warmest[:, 0],
        "cold": np.divide(available, warmest, out=np.ones_like(available), where=warmest > 0),
        "has_energy": True,
        "has_divert": network.rules.has_diversion_reserve,
    }


def _capacity(drone: DroneType) -> int:
    net_kg = drone.payload_max_kg - drone.box_tare_kg
    return int(np.floor(net_kg / MASS_UNIT_KG + 1e-9))


def _type_fields(network: Network, types: Sequence[DroneType]) -> dict[str, object]:
    spans = [_airborne_spans(network, drone) for drone in types]
    width = max(len(row) for row in spans)
    air = np.full((2, len(types), width), np.inf)
    for k, row in enumerate(spans):
        for a, (start, end) in enumerate(row):
            air[0, k, a], air[1, k, a] = start, end
        air[1, k, len(row) :] = -np.inf
    return {
        "capacity": np.array([_capacity(drone) for drone in types], dtype=np.int64),
        "slots": np.array([drone.slots for drone in types], dtype=np.int64),
        "compartments": np.array([drone.compartments for drone in types], dtype=np.int64),
        "turnaround": np.array([float(drone.turnaround_s) for drone in types]),
        "charge": np.array([float(drone.charge_s) for drone in types]),
        "air_start": np.ascontiguousarray(air[0]),
        "air_end": np.ascontiguousarray(air[1]),
    }


def _airborne_spans(network: Network, drone: DroneType) -> list[tuple[float, float]]:
    """Spans in which a type may be in the air: flyable weather, in daylight unless it has lights.

    A sortie lies inside one span, its stops too.
    """
    rules = network.rules
    light = [(-np.inf, np.inf)]
    if not drone.night_ok:
        light = [
            (float(rules.sunrise_s + day * 86_400), float(rules.sunset_s + day * 86_400))
            for day in range(2)
        ]
    return [
        (max(start, dawn), min(end, dusk))
        for start, end in _flyable_spans(network, drone)
        for dawn, dusk in light
        if max(start, dawn) < min(end, dusk)
    ] or [(np.inf, np.inf)]


def _flyable_spans(network: Network, drone: DroneType) -> list[tuple[float, float]]:
    """Runs of weather periods within the type's limits."""
    periods = network.weather.periods
    starts = [-np.inf, *(float(period.start_s) for period in periods[1:]), np.inf]
    spans: list[tuple[float, float]] = []
    for period, start, end in zip(periods, starts, starts[1:], strict=False):
        if is_flyable(drone, period):
            if spans and spans[-1][1] == start:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
    return spans


def _task_fields(table: TaskTable) -> dict[str, object]:
    return {
        "task_site": table.site,
        "task_order": table.order,
        "task_pickup": table.is_pickup,
        "task_early": table.early,
        "task_late": table.late,
        "window_ptr": table.window_ptr,
        "window_start": table.window_start,
        "window_end": table.window_end,
        "pickup": table.pickup,
        "drop_ptr": table.drop_ptr,
    }


def _order_fields(network: Network, orders: Sequence[Order]) -> dict[str, object]:
    bands = sorted({order.band for order in orders if order.band != "any"})
    groups = sorted({order.group for order in orders})
    conflict = np.array(
        [
            [frozenset((a, b)) in network.rules.exclusive_groups and a != b for b in groups]
            for a in groups
        ],
        dtype=np.bool_,
    ).reshape(len(groups), len(groups))
    tier = np.array([TIERS.index(order.tier) for order in orders], dtype=np.int64)
    late = late_weights(network, orders)
    return {
        "mass": np.array(
            [int(np.ceil(order.mass_kg / MASS_UNIT_KG - 1e-9)) for order in orders], dtype=np.int64
        ),
        "order_slots": np.array([order.slots for order in orders], dtype=np.int64),
        "band": np.array(
            [-1 if order.band == "any" else bands.index(order.band) for order in orders],
            dtype=np.int64,
        ),
        "group": np.array([groups.index(order.group) for order in orders], dtype=np.int64),
        "conflict": conflict,
        "target": np.array(
            [np.inf if order.target_s is None else float(order.target_s) for order in orders]
        ),
        "late_weight": np.array(late),
        "ride": np.array(
            [
                np.inf if order.ride_limit_s is None else float(order.ride_limit_s)
                for order in orders
            ]
        ),
        "unserved_weight": unserved_weights(orders, np.array(late), tier),
        "tier": tier,
    }


def lateness_weight(network: Network, order: Order) -> float:
    """Weight of one order-minute past the target, with routine scaled to 1."""
    weights = network.weights.lateness_per_min
    return weights[order.tier] / weights["routine"]


def late_weights(network: Network, orders: Sequence[Order]) -> list[float]:
    """Cost seconds that each order counts for a second past its target."""
    return [
        0.0 if order.target_s is None else LATENESS_PER_MIN * lateness_weight(network, order) / 60.0
        for order in orders
    ]


def unserved_weights(orders: Sequence[Order], late: FloatArray, tier: IntArray) -> FloatArray:
    """Whole-number weights so far apart that no lower tier or later term outweighs a higher one.

    A routine order weighs more than all cost and lateness that serving it could add; an urgent one
    more than all routine orders together; a stat one more than all urgent ones.
    """
    spans = [
        float(order.deadline_s - order.target_s) if order.target_s is not None else 0.0
        for order in orders
    ]
    worst_late = float(np.max(late * np.array(spans), initial=0.0))
    weight = float(np.ceil((DEAREST_ORDER_S + 3.0 * worst_late) / 1000.0) * 1000.0)
    weights = np.zeros(len(orders))
    for level in range(len(TIERS) - 1, -1, -1):
        weights[tier == level] = weight
        weight *= float(min(1 + int((tier == level).sum()), 1000))
    return weights


def _fleet_fields(
    network: Network, types: Sequence[DroneType], legs: LegTables
) -> dict[str, object]:
    index = legs.site_index
    order = [drone.id for drone in types]
    packs = np.zeros((len(network.sites), len(types)), dtype=np.int64)
    chargers = np.zeros(len(network.sites), dtype=np.int64)
    for base in network.bases:
        chargers[index[base.site_id]] = base.chargers
        for type_id, count in base.packs.items():
            if type_id in order:
                packs[index[base.site_id], order.index(type_id)] = count
    times, limits = _pilot_steps(network)
    fleet = sorted(network.drones, key=_sameness)
    return {
        "drone_type": np.array([order.index(drone.type_id) for drone in fleet], dtype=np.int64),
        "drone_home": np.array([index[drone.home_site_id] for drone in fleet], dtype=np.int64),
        "drone_start": np.array([float(drone.duty.start_s) for drone in fleet]),
        "drone_end": np.array([float(drone.duty.end_s) for drone in fleet]),
        "packs": packs,
        "chargers": chargers,
        "pilot_time": times,
        "pilot_limit": limits,
        "has_pilots": bool(network.rules.pilot_shifts),
    }


def _sameness(drone: Drone) -> tuple[str, str, Window, str]:
    """Puts interchangeable drones next to each other."""
    return (drone.type_id, drone.home_site_id, drone.duty, drone.id)


def fleet_order(network: Network) -> tuple[str, ...]:
    """Drone ids in the order of the instance's drones."""
    return tuple(drone.id for drone in sorted(network.drones, key=_sameness))


def _pilot_steps(network: Network) -> tuple[FloatArray, IntArray]:
    """How many sorties may be under way, as steps in time."""
    shifts = network.rules.pilot_shifts
    if not shifts:
        return np.zeros(1), np.array([UNLIMITED], dtype=np.int64)
    times = sorted({-86_400.0}.union(*({s.window.start_s, s.window.end_s} for s in shifts)))
    limits = [
        network.rules.supervised_per_pilot
        * sum(s.pilots for s in shifts if s.window.start_s <= time < s.window.end_s)
        for time in times
    ]
    return np.array(times, dtype=np.float64), np.array(limits, dtype=np.int64)


def _rule_fields(network: Network) -> dict[str, object]:
    rules, weights = network.rules, network.weights
    return {
        "cost_flight": float(weights.flight_s),
        "cost_energy": 0.0,
        "cost_sortie": float(weights.sortie),
        "cost_drone": float(weights.drone),
        "sortie_max": np.inf if rules.sortie_max_s is None else float(rules.sortie_max_s),
        "sorties_per_drone": UNLIMITED,
        "must_return_home": rules.must_return_home,
        "headway": float(rules.headway_s),
        "pad_clear": float(rules.pad_clear_s),
        "pad_prepare": float(rules.pad_prepare_s),
        "has_pads": True,
        "has_packs": True,
    }


def nearest_orders(
    quickest: FloatArray, origin: IntArray, goal: IntArray, ready: FloatArray
) -> IntArray:
    """For each order the orders most like it: near at both ends, ready at about the same time.

    Args:
        quickest: [S, S] flight seconds; origin, goal: [N] sites; ready: [N] seconds.

    Returns:
        [N, M] order indices, nearest first, without the order itself.
    """
    count = origin.shape[0]
    width = max(0, min(count - 1, NEIGHBOURS))
    near = np.zeros((count, width), dtype=np.int64)
    finite = np.where(np.isfinite(quickest), quickest, 1e7)
    for i in range(count):
        along = finite[origin[i], origin] + finite[goal[i], goal]
        # What goes out to a site and what comes back from it share sorties too.
        against = finite[origin[i], goal] + finite[goal[i], origin]
        apart = np.minimum(along, against) + TIME_APART * np.abs(ready[i] - ready)
        apart[i] = np.inf
        if width:
            first = np.argpartition(apart, width - 1)[:width] if width < count else ...
            candidates = np.arange(count)[first]
            near[i] = candidates[np.argsort(apart[candidates], kind="stable")][:width]
    return near
