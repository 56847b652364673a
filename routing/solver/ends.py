"""The ends of orders that sorties between two bases can take, and room to grow such sorties.

Owns the tables that column growing reads: the ends of orders by site, in order of time, and what
a leg costs in time and energy. Does not grow anything (``partials``).

Energy per second is counted along a straight line over the load; what is chosen in the end is
timed and weighed exactly by ``loading``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.instance import BoolArray, FloatArray, Instance, IntArray

LB_COST, LB_TIME, LB_SPAN, LB_ENERGY, LB_WORK, LB_LAND, LB_LEAVE = range(7)
NUM_FLOATS = 7
LI_SITE, LI_PARENT, LI_ITEM, LI_IN_MASS, LI_PEAK_MASS, LI_IN_SLOTS, LI_PEAK_SLOTS, LI_DEAD = range(
    8
)
NUM_INTS = 8
BITS = 62
SLICE_S = 120.0
"""Labels are grown in slices of time this long, earliest first."""
NEAR_STOPS = 20
"""A sortie flies on to one of this many nearest stops; the first stop may be any."""
USUAL_LOAD = 0.6
"""The straight line meets the energy curve at no load and at this share of the capacity."""


class Ends(NamedTuple):
    """Ends of orders on sorties of one type between two bases; CSR by site, then by time.

    Row ``S`` (one past the last site) is the end base: orders flown from base to base.
    """

    ptr: IntArray  # [S + 2]
    order: IntArray  # [X]
    is_out: BoolArray  # [X] loaded at the start base and unloaded here; else picked up here
    early: FloatArray  # [X] earliest handover here
    late: FloatArray  # [X] latest handover here
    ready: FloatArray  # [X] outward: earliest take-off at the start base
    land: FloatArray  # [X] inward: latest landing at the end base
    stops: IntArray  # sites with any offer
    near: IntArray  # [S, M] stops to fly on to from a site, nearest first; -1 for none
    travel: FloatArray  # [S, S] least seconds
    energy: FloatArray  # [S, S] least energy of a leg with an empty box
    per_mass: FloatArray  # [S, S] more of it for each unit of mass
    usable: float
    capacity: int
    slots: int


class Partials(NamedTuple):
    """Room for labels."""

    floats: FloatArray  # [X, 7]; LB_LEAVE is the latest take-off that what was taken allows
    ints: IntArray  # [X, 8]; LI_ITEM is the last end taken
    visited: IntArray  # [X, words]
    next_here: IntArray  # [X] next label of the same site and slice
    next_due: IntArray  # [X] next label of the same slice to grow
    here: IntArray  # [S, slices]
    due: IntArray  # [slices]
    due_last: IntArray  # [slices]
    ends: IntArray  # [E] labels of sorties that pay


def new_partials(num_sites: int, capacity: int, slices: int, ends: int) -> Partials:
    """Empty room."""
    words = num_sites // BITS + 1
    return Partials(
        floats=np.zeros((capacity, NUM_FLOATS)),
        ints=np.zeros((capacity, NUM_INTS), dtype=np.int64),
        visited=np.zeros((capacity, words), dtype=np.int64),
        next_here=np.zeros(capacity, dtype=np.int64),
        next_due=np.zeros(capacity, dtype=np.int64),
        here=np.zeros((num_sites, slices), dtype=np.int64),
        due=np.zeros(slices, dtype=np.int64),
        due_last=np.zeros(slices, dtype=np.int64),
        ends=np.zeros(ends, dtype=np.int64),
    )


def make_ends(inst: Instance, kind: int, start: int, end: int) -> Ends:
    """All that sorties of a type from one base to another can do."""
    num_sites = inst.is_base.shape[0]
    rows: list[list[tuple[float, float, int, bool, float, float]]] = [
        [] for _ in range(num_sites + 1)
    ]
    for i in range(inst.num_orders):
        _offer_order(inst, i, start, end, rows)
    stops = [y for y in range(num_sites) if rows[y]]
    items = [item for row in rows for item in sorted(row)]
    energy, per_mass = line_energy(inst, kind)
    ptr = np.concatenate(([0], np.cumsum([len(row) for row in rows])))
    return Ends(
        ptr=ptr.astype(np.int64),
        order=np.array([item[2] for item in items], dtype=np.int64),
        is_out=np.array([item[3] for item in items], dtype=np.bool_),
        early=np.array([item[0] for item in items], dtype=np.float64),
        late=np.array([item[1] for item in items], dtype=np.float64),
        ready=np.array([item[4] for item in items], dtype=np.float64),
        land=np.array([item[5] for item in items], dtype=np.float64),
        stops=np.array(stops, dtype=np.int64),
        near=_near_stops(inst.quickest[kind], stops),
        travel=np.ascontiguousarray(inst.quickest[kind]),
        energy=energy,
        per_mass=per_mass,
        usable=float(inst.usable[kind]),
        capacity=int(inst.capacity[kind]),
        slots=int(inst.slots[kind]),
    )


def _near_stops(travel: FloatArray, stops: list[int]) -> IntArray:
    """From each site the stops to fly on to: the nearest ones."""
    near = np.full((travel.shape[0], NEAR_STOPS), -1, dtype=np.int64)
    for x in range(travel.shape[0]):
        others = sorted((y for y in stops if y != x), key=lambda y: float(travel[x, y]))
        near[x, : min(NEAR_STOPS, len(others))] = others[:NEAR_STOPS]
    return near


def _offer_order(
    inst: Instance,
    i: int,
    start: int,
    end: int,
    rows: list[list[tuple[float, float, int, bool, float, float]]],
) -> None:
    pickup = int(inst.pickup[i])
    origin = int(inst.task_site[pickup])
    goals = range(int(inst.drop_ptr[i]), int(inst.drop_ptr[i + 1]))
    early, late = float(inst.task_early[pickup]), float(inst.task_late[pickup])
    if not inst.is_base[origin]:
        # Delivered at the end base, or at some stop, which pricing does not follow.
        limits = [
            float(inst.task_late[t]) if inst.is_base[inst.task_site[t]] else np.inf
            for t in goals
            if inst.task_site[t] == end or not inst.is_base[inst.task_site[t]]
        ]
        if limits:
            rows[origin].append((early, late, i, False, 0.0, max(limits)))
    elif origin == start:
        ready = early + float(inst.handover[start])
        for t in goals:
            goal = int(inst.task_site[t])
            if goal == end or not inst.is_base[goal]:
                row = -1 if goal == end else goal
                window = (float(inst.task_early[t]), float(inst.task_late[t]))
                rows[row].append((*window, i, True, ready, np.inf))


def line_energy(inst: Instance, kind: int) -> tuple[FloatArray, FloatArray]:
    """A straight line in the load for the energy of each leg: at no load, and per mass unit."""
    shape = inst.quickest[kind].shape
    if not inst.has_energy:
        return np.where(np.isfinite(inst.quickest[kind]), 0.0, np.inf), np.zeros(shape)
    work, lift = inst.work[kind].min(axis=0), float(inst.lift[kind].min())
    high = int(USUAL_LOAD * int(inst.capacity[kind]))
    cruise, hover = inst.cruise_power[kind], inst.hover_power[kind]
    energy = work * cruise[0] + lift * hover[0]
    per_mass = (work * (cruise[high] - cruise[0]) + lift * (hover[high] - hover[0])) / max(1, high)
    flown = np.isfinite(inst.quickest[kind])
    energy, per_mass = np.where(flown, energy, np.inf), np.where(flown, per_mass, 0.0)
    np.fill_diagonal(energy, 0.0)
    np.fill_diagonal(per_mass, 0.0)
    return np.ascontiguousarray(energy), np.ascontiguousarray(per_mass)
