"""What sorties of one type between two bases can do: the family that the bound is taken over.

Owns the ends of orders by site, the legs' times and energies, and the same seen backwards in time.
Every sortie that can be flown is in the family. The family leaves out bands, ride limits, the
diversion reserve, windows with gaps, delivery from stop to stop, and counts for a leg the least
time and energy of the weather periods; the energy of a load is a line below the true curve.

Seen backwards (``mirror``), a sortie begins where it ended: what was picked up is delivered, an
earliest time is a latest one. So what can be said of a sortie's tail holds for its head.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.instance import BoolArray, FloatArray, Instance, IntArray

FULL = 0.85
"""About so much of the capacity is used where a sortie is fullest."""


class Family(NamedTuple):
    """Ends of orders, CSR by site; row ``S`` (one past the last) is the end base.

    An *end* is one handover of an order at a stop: *out* when the order came from the start base,
    else it is picked up for the end base. At row ``S`` are orders flown from base to base.
    """

    ptr: IntArray  # [S + 2]
    order: IntArray  # [X]
    is_out: BoolArray  # [X]
    early: FloatArray  # [X] earliest handover
    late: FloatArray  # [X] latest handover
    ready: FloatArray  # [X] out: earliest take-off at the start base; else -inf
    land: FloatArray  # [X] latest landing at the end base; inf for none
    mass: IntArray  # [X] 0 for what is unloaded before the end base, nobody knows where
    num_slots: IntArray  # [X] likewise
    group: IntArray  # [X] a bit for the order's group
    blocked: IntArray  # [X] bits of the groups that never share a sortie with it
    handover: FloatArray  # [S]
    travel: FloatArray  # [S, S] least seconds
    energy: FloatArray  # [S, S] least energy of a leg with an empty box
    per_mass: FloatArray  # [S, S] more of it for each unit of mass
    start: int
    end: int
    begin: float  # earliest take-off
    finish: float  # latest landing
    usable: float
    capacity: int
    slots: int
    span_max: float
    slowness: float  # most seconds of leg and handover for a unit of energy; inf without energy
    has_energy: bool
    cost_flight: float
    cost_energy: float


class Legs(NamedTuple):
    """What a leg of a type costs at least, both ways; shared by all its families."""

    travel: FloatArray  # [S, S]
    energy: FloatArray  # [S, S]
    per_mass: FloatArray  # [S, S]
    travel_back: FloatArray  # [S, S] their mirrors
    energy_back: FloatArray
    per_mass_back: FloatArray
    slowness: float


def make_legs(inst: Instance, kind: int) -> Legs:
    """The legs of a type."""
    travel = _closed(inst.quickest[kind])
    energy, per_mass = line_energy(inst, kind)
    return Legs(
        travel,
        energy,
        per_mass,
        np.ascontiguousarray(travel.T),
        np.ascontiguousarray(energy.T),
        np.ascontiguousarray(per_mass.T),
        _slowness(inst, inst.quickest[kind], energy) if inst.has_energy else np.inf,
    )


def make_family(inst: Instance, legs: Legs, kind: int, start: int, end: int) -> Family:
    """All that sorties of a type from one base to another can do."""
    num_sites = inst.is_base.shape[0]
    rows: list[list[_End]] = [[] for _ in range(num_sites + 1)]
    for i in range(inst.num_orders):
        for site, item in _ends_of(inst, i, start, end):
            rows[site].append(item)
    items = [item for row in rows for item in sorted(row)]
    bits = np.int64(1) << np.arange(inst.conflict.shape[0], dtype=np.int64)
    blocked = np.array([bits[row].sum() for row in inst.conflict], dtype=np.int64)
    order = np.array([item.order for item in items], dtype=np.int64)
    counts = np.array([item.is_carried for item in items], dtype=np.int64)
    mine = inst.drone_type == kind
    finish = float(inst.drone_end[mine].max())
    return Family(
        ptr=np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64),
        order=order,
        is_out=np.array([item.is_out for item in items], dtype=np.bool_),
        early=np.array([item.early for item in items], dtype=np.float64),
        late=np.array([item.late for item in items], dtype=np.float64),
        ready=np.array([item.ready for item in items], dtype=np.float64),
        land=np.array([item.land for item in items], dtype=np.float64),
        mass=inst.mass[order] * counts,
        num_slots=inst.order_slots[order] * counts,
        group=bits[inst.group[order]],
        blocked=blocked[inst.group[order]],
        handover=inst.handover,
        travel=legs.travel,
        energy=legs.energy,
        per_mass=legs.per_mass,
        start=start,
        end=end,
        begin=float(inst.drone_start[mine].min()),
        finish=finish,
        usable=float(inst.usable[kind]),
        capacity=int(inst.capacity[kind]),
        slots=int(inst.slots[kind]),
        span_max=inst.sortie_max,
        slowness=legs.slowness,
        has_energy=inst.has_energy,
        cost_flight=inst.cost_flight,
        cost_energy=inst.cost_energy,
    )


class _End(NamedTuple):
    early: float
    late: float
    order: int
    is_out: bool
    ready: float
    land: float
    is_carried: bool = True


def _ends_of(inst: Instance, i: int, start: int, end: int) -> list[tuple[int, _End]]:
    pickup = int(inst.pickup[i])
    origin = int(inst.task_site[pickup])
    goals = range(int(inst.drop_ptr[i]), int(inst.drop_ptr[i + 1]))
    early, late = float(inst.task_early[pickup]), float(inst.task_late[pickup])
    if not inst.is_base[origin]:
        limits = [
            float(inst.task_late[t]) if inst.is_base[inst.task_site[t]] else np.inf
            for t in goals
            if inst.task_site[t] == end or not inst.is_base[inst.task_site[t]]
        ]
        if not limits:
            return []
        land = max(limits)
        is_carried = bool(all(inst.is_base[inst.task_site[t]] for t in goals))
        return [(origin, _End(early, late, i, False, -np.inf, land, is_carried))]
    if origin != start:
        return []
    ready = early + float(inst.handover[start])
    found = []
    for t in goals:
        goal, window = int(inst.task_site[t]), (float(inst.task_early[t]), float(inst.task_late[t]))
        if goal == end:
            found.append((len(inst.is_base), _End(-np.inf, np.inf, i, True, ready, window[1])))
        elif not inst.is_base[goal]:
            found.append((goal, _End(*window, i, True, ready, np.inf)))
    return found


def line_energy(inst: Instance, kind: int) -> tuple[FloatArray, FloatArray]:
    """A line in the load below the energy of each leg: at no load, and per mass unit [S, S].

    It touches the curve at about the mean load of such legs.
    """
    quickest = inst.quickest[kind]
    flown = np.isfinite(quickest)
    if not inst.has_energy:
        return np.where(flown, 0.0, np.inf), np.zeros(quickest.shape)
    work, lift = inst.work[kind].min(axis=0), float(inst.lift[kind].min())
    energy, per_mass = np.full((2, *quickest.shape), np.inf)
    most = int(inst.capacity[kind]) + 1
    for load, legs in _usual_loads(inst):
        cruise, hover = (
            _line_below(power[:most], load)
            for power in (inst.cruise_power[kind], inst.hover_power[kind])
        )
        mine = legs & flown
        energy[mine] = (work * cruise[0] + lift * hover[0])[mine]
        per_mass[mine] = (work * cruise[1] + lift * hover[1])[mine]
    np.fill_diagonal(energy, 0.0)
    np.fill_diagonal(per_mass, 0.0)
    per_mass = _closed(per_mass)
    return _closed(energy), np.where(np.isfinite(per_mass), per_mass, 0.0)


def _usual_loads(inst: Instance) -> list[tuple[float, BoolArray]]:
    """About the mean load, as a share of the capacity, of the legs from bases, to bases, and of all
    others [S, S]: a sortie takes off with what it delivers and lands with what it picked up."""
    outward = inst.is_base[inst.task_site[inst.pickup]]
    delivered = float(inst.mass[outward].sum()) / max(1.0, float(inst.mass.sum()))
    leaves, lands = inst.is_base[:, None] & ~inst.is_base, ~inst.is_base[:, None] & inst.is_base
    return [
        (FULL * delivered, leaves),
        (FULL * (1.0 - delivered), lands),
        (0.5 * FULL, ~leaves & ~lands),
    ]


def _closed(legs: FloatArray) -> FloatArray:
    """No leg is more than a way over other sites: pricing leaves out stops and may count on it."""
    closed = np.array(legs, order="C")
    for x in range(closed.shape[0]):
        np.minimum(closed, closed[:, x, None] + closed[None, x, :], out=closed)
    return closed


def _slowness(inst: Instance, travel: FloatArray, energy: FloatArray) -> float:
    """Most seconds that a unit of energy lasts, a handover after each leg counted."""
    flown = np.isfinite(travel) & ~np.eye(travel.shape[0], dtype=np.bool_)
    if (energy[flown] <= 0.0).any():
        return np.inf
    seconds = travel[flown] + float(inst.handover.max())
    return float((seconds / energy[flown]).max(initial=0.0))


def _line_below(curve: FloatArray, load: float) -> tuple[float, float]:
    """Height at no load and slope of a line that no point of the curve is below."""
    if curve.shape[0] < 2:
        return float(curve[0]), 0.0
    at = max(1, int(load * (curve.shape[0] - 1)))
    slope = max(0.0, float(curve[at] - curve[at - 1]))
    return float((curve - slope * np.arange(curve.shape[0])).min()), slope


def mirror(family: Family, legs: Legs) -> Family:
    """The family seen backwards in time."""
    sites = np.repeat(np.arange(family.ptr.shape[0] - 1), np.diff(family.ptr))
    handover = np.append(family.handover, 0.0)[sites]
    at_base = sites == family.ptr.shape[0] - 2
    is_out = ~family.is_out | at_base
    return family._replace(
        is_out=is_out,
        early=-family.late - handover,
        late=-family.early - handover,
        ready=np.where(is_out, -family.land, -np.inf),
        land=-family.ready,
        travel=legs.travel_back,
        energy=legs.energy_back,
        per_mass=legs.per_mass_back,
        start=family.end,
        end=family.start,
        begin=-family.finish,
        finish=-family.begin,
    )


def tighten_mirror(family: Family, mirrored: Family) -> None:
    """Bring the mirrored family's times up to those of the family, which have changed in place."""
    sites = np.repeat(np.arange(family.ptr.shape[0] - 1), np.diff(family.ptr))
    handover = np.append(family.handover, 0.0)[sites]
    mirrored.early[:] = -family.late - handover
    mirrored.ready[:] = np.where(mirrored.is_out, -family.land, -np.inf)
