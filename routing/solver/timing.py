"""One sortie, second by second: can it be flown, when, at what cost. Compiled.

Owns the forward simulation that decides (times, load, energy, segregation, bands, ride limits)
and the latest-time pass that only prunes. Knows one sortie, never its neighbours.

A sortie is an array of tasks between a start and an end base. Orders that are loaded at the start
base or unloaded at the end base have no task in it: ``mode`` of the order says which ends are
inside. Neighbouring tasks at one site share one handover.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.instance import FloatArray, Instance, IntArray

OUTWARD, INWARD, BETWEEN, DIRECT = 0, 1, 2, 3
"""Modes of an order on a sortie: loaded at the start base, unloaded at the end base, both ends
at stops, both ends at bases."""

EPS = 1e-6
ENERGY_EPS = 1e-9
NO_TIME = -1.0


class Scratch(NamedTuple):
    """Working memory of one thread."""

    pickup_time: FloatArray  # [N] start of the pickup handover
    bands: IntArray  # [number of bands] orders on board by band
    handover: FloatArray  # [L] start of the handover of each task of the last simulation
    outcome: FloatArray  # see OUT_*
    tasks: IntArray  # [L] candidate sequence
    orders: IntArray  # [L]


OUT_DEPART, OUT_LAND, OUT_LATE, OUT_FLIGHT, OUT_ENERGY, OUT_WAIT, OUT_SHIFT = range(7)
NUM_OUT = 7


def new_scratch(instance: Instance, length: int) -> Scratch:
    """Working memory for sorties of up to ``length`` tasks."""
    num_bands = int(instance.band.max(initial=0)) + 1
    return Scratch(
        pickup_time=np.zeros(instance.num_orders),
        bands=np.zeros(num_bands, dtype=np.int64),
        handover=np.zeros(length + 1),
        outcome=np.zeros(NUM_OUT),
        tasks=np.zeros(length + 1, dtype=np.int64),
        orders=np.zeros(length + 1, dtype=np.int64),
    )


@inlined
def period_at(inst: Instance, time: float) -> int:
    """Index of the weather period in force."""
    count = inst.period_start.shape[0]
    p = count - 1
    while p > 0 and inst.period_start[p] > time:
        p -= 1
    return p


@inlined
def fly(inst: Instance, k: int, i: int, j: int, time: float) -> float:
    """Seconds from take-off at ``time`` to landing, in the weather at take-off.

    A leg that would land in a period in which it cannot be flown is not flown at all.
    """
    if i == j:
        return 0.0
    p = period_at(inst, time)
    hop = inst.travel[k, p, i, j]
    p += 1
    while p < inst.period_start.shape[0] and inst.period_start[p] < time + hop:
        if inst.travel[k, p, i, j] == np.inf:
            return np.inf
        p += 1
    return hop


@inlined
def leg_energy(inst: Instance, k: int, i: int, j: int, time: float, mass: int) -> float:
    """Energy of a leg with a mass on board, in the weather at take-off."""
    p = period_at(inst, time)
    cruise, hover = inst.cruise_power[k, mass], inst.hover_power[k, mass]
    return inst.work[k, p, i, j] * cruise + inst.lift[k, p] * hover


@inlined
def next_start(inst: Instance, task: int, time: float) -> float:
    """Earliest start of the task's handover at or after ``time``, inf when there is none."""
    first, last = inst.window_ptr[task], inst.window_ptr[task + 1]
    for w in range(first, last):
        if time <= inst.window_end[w] + EPS:
            return max(time, inst.window_start[w])
    return np.inf


@kernel
def is_loadable(
    inst: Instance,
    scratch: Scratch,
    k: int,
    tasks: IntArray,
    n: int,
    orders: IntArray,
    m: int,
    mode: IntArray,
) -> bool:
    """Capacity, slots, bands, segregation and pickup before delivery; no times (R1, R3, R5)."""
    mass, slots, held = 0, 0, 0
    for o in range(m):
        i = orders[o]
        for other in range(o):
            if inst.conflict[inst.group[i], inst.group[orders[other]]]:
                return False
        if mode[i] == OUTWARD or mode[i] == DIRECT:
            mass += inst.mass[i]
            slots += inst.order_slots[i]
    scratch.bands[:] = 0
    for o in range(m):
        i = orders[o]
        if inst.band[i] >= 0 and (mode[i] == OUTWARD or mode[i] == DIRECT):
            held += 1 if scratch.bands[inst.band[i]] == 0 else 0
            scratch.bands[inst.band[i]] += 1
    if mass > inst.capacity[k] or slots > inst.slots[k] or held > inst.compartments[k]:
        return False
    p = 0
    while p < n:
        site = inst.task_site[tasks[p]]
        first = p
        while p < n and inst.task_site[tasks[p]] == site:
            task = tasks[p]
            i = inst.task_order[task]
            sign = 1 if inst.task_pickup[task] else -1
            mass += sign * inst.mass[i]
            slots += sign * inst.order_slots[i]
            band = inst.band[i]
            if band >= 0:
                if sign > 0:
                    held += 1 if scratch.bands[band] == 0 else 0
                    scratch.bands[band] += 1
                else:
                    scratch.bands[band] -= 1
                    held -= 1 if scratch.bands[band] == 0 else 0
            p += 1
        if mass > inst.capacity[k] or slots > inst.slots[k] or held > inst.compartments[k]:
            return False
        if p == first:
            return False
    return True


@kernel
def earliest_departure(
    inst: Instance, k: int, base: int, orders: IntArray, m: int, mode: IntArray, not_before: float
) -> float:
    """Earliest take-off at which every order loaded at the base is loaded in a window."""
    depart = not_before
    moved = True
    while moved:
        moved = False
        for o in range(m):
            i = orders[o]
            if mode[i] == OUTWARD or mode[i] == DIRECT:
                start = next_start(inst, inst.pickup[i], depart - inst.handover[base])
                if start == np.inf:
                    return np.inf
                if start + inst.handover[base] > depart + EPS:
                    depart = start + inst.handover[base]
                    moved = True
        for a in range(inst.air_start.shape[1]):
            if depart <= inst.air_end[k, a]:
                if inst.air_start[k, a] > depart + EPS:
                    depart = inst.air_start[k, a]
                    moved = True
                break
            if a == inst.air_start.shape[1] - 1:
                return np.inf
    return depart


@inlined
def _air_end(inst: Instance, k: int, depart: float) -> float:
    for a in range(inst.air_start.shape[1]):
        if inst.air_start[k, a] - EPS <= depart <= inst.air_end[k, a] + EPS:
            return inst.air_end[k, a]
    return -np.inf


@kernel
def simulate(
    inst: Instance,
    scratch: Scratch,
    k: int,
    start: int,
    end: int,
    tasks: IntArray,
    n: int,
    orders: IntArray,
    m: int,
    mode: IntArray,
    drop: IntArray,
    depart: float,
    land_max: float,
) -> int:
    """Fly one sortie from a take-off time, waiting only where a window makes it.

    Fills ``scratch.outcome`` and ``scratch.handover``.

    Returns:
        0 when it can be flown; 1 when not; 2 when only leaving later can help (a ride limit, the
        longest sortie, or an end base not yet open).
    """
    mass, late, flight, energy, waited = 0, 0.0, 0.0, 0.0, 0.0
    shift = np.inf
    for o in range(m):
        i = orders[o]
        if mode[i] == OUTWARD or mode[i] == DIRECT:
            mass += inst.mass[i]
            handover = depart - inst.handover[start]
            if next_start(inst, inst.pickup[i], handover) > handover + EPS:
                return 1
            shift = min(shift, inst.task_late[inst.pickup[i]] - handover)
            scratch.pickup_time[i] = handover
    latest_air = _air_end(inst, k, depart)
    time, site, p, verdict = depart, start, 0, 0
    while p < n:
        here = inst.task_site[tasks[p]]
        hop = fly(inst, k, site, here, time)
        if hop == np.inf:
            return 1
        if inst.has_energy:
            energy += leg_energy(inst, k, site, here, time, mass)
            if energy > inst.usable[k] + ENERGY_EPS:
                return 1
            if inst.has_divert and energy + _divert(inst, k, here, time, mass) > (
                inst.available[k] + ENERGY_EPS
            ):
                return 1
        flight += hop
        arrive = time + hop
        begin, g = arrive, p
        settled = False
        while not settled:
            settled = True
            g = p
            while g < n and inst.task_site[tasks[g]] == here:
                at = next_start(inst, tasks[g], begin)
                if at == np.inf:
                    return 1
                if at > begin + EPS:
                    begin = at
                    settled = False
                g += 1
        waited += begin - arrive
        done = begin + inst.handover[here]
        for q in range(p, g):
            task = tasks[q]
            i = inst.task_order[task]
            scratch.handover[q] = begin
            shift = min(shift, waited + inst.task_late[task] - begin)
            if inst.task_pickup[task]:
                mass += inst.mass[i]
                scratch.pickup_time[i] = begin
            else:
                mass -= inst.mass[i]
                if done - scratch.pickup_time[i] > inst.ride[i] + EPS:
                    verdict = 2
                if done > inst.target[i]:
                    late += inst.late_weight[i] * (done - inst.target[i])
        time, site, p = done, here, g
    hop = fly(inst, k, site, end, time)
    if hop == np.inf:
        return 1
    land = time + hop
    flight += hop
    if land > land_max + EPS or land > latest_air + EPS:
        return 1
    if land - depart > inst.sortie_max + EPS:
        if waited <= EPS:
            return 1
        verdict = 2
    if inst.has_energy:
        energy += leg_energy(inst, k, site, end, time, mass)
        if energy > inst.usable[k] + ENERGY_EPS:
            return 1
        if inst.has_divert and energy + _divert(inst, k, end, time, mass) > (
            inst.available[k] + ENERGY_EPS
        ):
            return 1
    received = land + inst.handover[end]
    for o in range(m):
        i = orders[o]
        if mode[i] == INWARD or mode[i] == DIRECT:
            at = next_start(inst, drop[i], land)
            if at == np.inf:
                return 1
            if at > land + EPS:
                verdict = 2
            if received - scratch.pickup_time[i] > inst.ride[i] + EPS:
                verdict = 2
            if received > inst.target[i]:
                late += inst.late_weight[i] * (received - inst.target[i])
    scratch.outcome[OUT_DEPART] = depart
    scratch.outcome[OUT_LAND] = land
    scratch.outcome[OUT_LATE] = late
    scratch.outcome[OUT_FLIGHT] = flight
    scratch.outcome[OUT_ENERGY] = energy
    scratch.outcome[OUT_WAIT] = waited
    scratch.outcome[OUT_SHIFT] = max(0.0, min(shift, waited))
    return verdict


@inlined
def _divert(inst: Instance, k: int, site: int, time: float, mass: int) -> float:
    p = period_at(inst, time)
    cruise, hover = inst.cruise_power[k, mass], inst.hover_power[k, mass]
    return inst.divert_work[k, p, site] * cruise + inst.divert_lift[k, p] * hover


@kernel
def time_sortie(
    inst: Instance,
    scratch: Scratch,
    k: int,
    start: int,
    end: int,
    tasks: IntArray,
    n: int,
    orders: IntArray,
    m: int,
    mode: IntArray,
    drop: IntArray,
    not_before: float,
    land_max: float,
) -> bool:
    """Give a sortie its times: the earliest landing, then the latest take-off that keeps it.

    Leaving later instead of waiting on the way keeps ride times short and drones at their base;
    it is taken back when it would make an order late. Fills ``scratch.outcome`` and
    ``scratch.handover``; returns whether the sortie can be flown.
    """
    depart = earliest_departure(inst, k, start, orders, m, mode, not_before)
    if depart == np.inf:
        return False
    verdict = simulate(
        inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, depart, land_max
    )
    if verdict == 1:
        return False
    if verdict == 2 and scratch.outcome[OUT_WAIT] <= EPS:
        return _wait_for_base(
            inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, depart, land_max
        )
    shift = scratch.outcome[OUT_SHIFT]
    if shift <= EPS:
        return verdict == 0
    late = scratch.outcome[OUT_LATE]
    later = earliest_departure(inst, k, start, orders, m, mode, depart + np.floor(shift))
    if later != np.inf:
        second = simulate(
            inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, later, land_max
        )
        if second == 0 and (verdict != 0 or scratch.outcome[OUT_LATE] <= late + EPS):
            return True
        if second == 2 and verdict == 2:
            return _wait_for_base(
                inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, later, land_max
            )
    if verdict != 0:
        return False
    return (
        simulate(inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, depart, land_max)
        == 0
    )


@kernel
def _wait_for_base(
    inst: Instance,
    scratch: Scratch,
    k: int,
    start: int,
    end: int,
    tasks: IntArray,
    n: int,
    orders: IntArray,
    m: int,
    mode: IntArray,
    drop: IntArray,
    depart: float,
    land_max: float,
) -> bool:
    """Leave later so that the end base is open at landing; nothing else is too early."""
    land = scratch.outcome[OUT_LAND]
    opens = land
    for o in range(m):
        i = orders[o]
        if mode[i] == INWARD or mode[i] == DIRECT:
            opens = max(opens, next_start(inst, drop[i], land))
    if opens <= land + EPS or opens == np.inf:
        return False
    later = earliest_departure(inst, k, start, orders, m, mode, depart + (opens - land))
    if later == np.inf:
        return False
    return (
        simulate(inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, later, land_max)
        == 0
    )


@kernel
def latest_pass(
    inst: Instance,
    k: int,
    start: int,
    end: int,
    tasks: IntArray,
    n: int,
    orders: IntArray,
    m: int,
    mode: IntArray,
    drop: IntArray,
    land_max: float,
    latest: FloatArray,
) -> float:
    """Latest handover start of each task (into ``latest``) and latest take-off; prunes only."""
    limit = land_max
    for o in range(m):
        i = orders[o]
        if mode[i] == INWARD or mode[i] == DIRECT:
            limit = min(limit, inst.task_late[drop[i]])
    site = end
    p = n - 1
    while p >= 0:
        here = inst.task_site[tasks[p]]
        limit = limit - inst.quickest[k, here, site] - inst.handover[here]
        g = p
        while g >= 0 and inst.task_site[tasks[g]] == here:
            limit = min(limit, inst.task_late[tasks[g]])
            g -= 1
        for q in range(g + 1, p + 1):
            latest[q] = limit
        site, p = here, g
    limit -= inst.quickest[k, start, site]
    for o in range(m):
        i = orders[o]
        if mode[i] == OUTWARD or mode[i] == DIRECT:
            limit = min(limit, inst.task_late[inst.pickup[i]] + inst.handover[start])
    return limit
