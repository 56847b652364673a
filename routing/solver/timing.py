"""One sortie against the clock: is it flyable, and when? Compiled.

Owns the forward simulation that decides (times, energy, ride limits, lateness) and the choice of
the take-off. Knows one sortie, never its neighbours.

A sortie is an array of tasks between a start and an end base. Orders that are loaded at the start
base or unloaded at the end base have no task in it: ``mode`` of the order says which ends are
inside. Neighbouring tasks at one site share one handover.
"""

from __future__ import annotations

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.flight import draw_pack, fly, is_pack_kept, next_period, opens_later
from routing.solver.instance import Instance, IntArray
from routing.solver.limits import air_end, earliest_departure, next_start
from routing.solver.scratch import (
    EPS,
    OUT_CLOSED,
    OUT_DEPART,
    OUT_ENERGY,
    OUT_FLIGHT,
    OUT_LAND,
    OUT_LATE,
    OUT_SHIFT,
    OUT_WAIT,
    Scratch,
    ends_aboard,
    starts_aboard,
)

FLYABLE, UNFLYABLE, TOO_EARLY = 0, 1, 2
"""Verdicts of a simulation; too early: only leaving later can help."""


@inlined
def _load_at_base(
    inst: Instance,
    scratch: Scratch,
    start: int,
    orders: IntArray,
    m: int,
    mode: IntArray,
    depart: float,
) -> tuple[int, float]:
    """Mass loaded at the start base and how much later that could be; mass -1 outside a window."""
    mass, shift = 0, np.inf
    handover = depart - inst.handover[start]
    for o in range(m):
        i = orders[o]
        if starts_aboard(mode[i]):
            mass += inst.mass[i]
            if next_start(inst, inst.pickup[i], handover) > handover + EPS:
                return -1, shift
            shift = min(shift, inst.task_late[inst.pickup[i]] - handover)
            scratch.pickup_time[i] = handover
    return mass, shift


@inlined
def _handover_start(inst: Instance, tasks: IntArray, first: int, last: int, arrive: float) -> float:
    """Earliest moment inside a window of every task of a stop, inf when there is none."""
    begin = arrive
    settled = False
    while not settled:
        settled = True
        for g in range(first, last):
            at = next_start(inst, tasks[g], begin)
            if at == np.inf:
                return np.inf
            if at > begin + EPS:
                begin = at
                settled = False
    return begin


@inlined
def _late(inst: Instance, i: int, received: float) -> float:
    """Weighted lateness of an order."""
    if received > inst.target[i]:
        return inst.late_weight[i] * (received - inst.target[i])
    return 0.0


@inlined
def _is_ride_kept(inst: Instance, scratch: Scratch, i: int, received: float) -> bool:
    """Whether an order is not longer on board than it may be (R2)."""
    return received - scratch.pickup_time[i] <= inst.ride[i] + EPS


@inlined
def _unload_at_base(
    inst: Instance,
    scratch: Scratch,
    end: int,
    orders: IntArray,
    m: int,
    mode: IntArray,
    drop: IntArray,
    land: float,
    late: float,
) -> tuple[int, float]:
    """Verdict of the unloading at the end base, and the lateness with it."""
    verdict = FLYABLE
    received = land + inst.handover[end]
    for o in range(m):
        i = orders[o]
        if ends_aboard(mode[i]):
            at = next_start(inst, drop[i], land)
            if at == np.inf:
                return UNFLYABLE, late
            if at > land + EPS or not _is_ride_kept(inst, scratch, i, received):
                verdict = TOO_EARLY
            late += _late(inst, i, received)
    return verdict, late


@inlined
def _verdict_at_landing(
    inst: Instance, depart: float, land: float, last: float, waited: float
) -> int:
    """Whether the landing is in time and the sortie not too long (R6)."""
    if land > last + EPS:
        return UNFLYABLE
    if land - depart > inst.sortie_max + EPS:
        return UNFLYABLE if waited <= EPS else TOO_EARLY
    return FLYABLE


@inlined
def _hope_for_warmth(
    inst: Instance, scratch: Scratch, k: int, drawn: tuple[float, float, float]
) -> None:
    """Let later periods be tried where it was but the cold that took too much of the pack."""
    if drawn[2] < 1.0 and is_pack_kept(inst, k, drawn, 1.0):
        scratch.outcome[OUT_CLOSED] = 1.0


@kernel
def simulate(  # noqa: PLR0911 - one pass, left at the first fault
    inst: Instance, scratch: Scratch, k: int, start: int, end: int, tasks: IntArray, n: int,
    orders: IntArray, m: int, mode: IntArray, drop: IntArray, depart: float, land_max: float,
) -> int:  # fmt: skip
    """Fly one sortie from a take-off time, waiting only where a window makes it.

    Fills ``scratch.outcome`` and ``scratch.handover``.

    Returns:
        0 when it can be flown; 1 when not; 2 when only leaving later can help (a ride limit, the
        longest sortie, or an end base not yet open).
    """
    late, flight, waited, verdict = 0.0, 0.0, 0.0, FLYABLE
    drawn = (0.0, 0.0, 1.0)
    mass, shift = _load_at_base(inst, scratch, start, orders, m, mode, depart)
    if mass < 0:
        return UNFLYABLE
    time, site, p = depart, start, 0
    while p < n:
        here, g = inst.task_site[tasks[p]], p
        while g < n and inst.task_site[tasks[g]] == here:
            g += 1
        hop = fly(inst, k, site, here, time)
        if hop == np.inf:
            if opens_later(inst, k, site, here, time):
                scratch.outcome[OUT_CLOSED] = 1.0
            return UNFLYABLE
        if inst.has_energy:
            drawn = draw_pack(inst, k, site, here, time, mass, drawn)
            if not is_pack_kept(inst, k, drawn, drawn[2]):
                _hope_for_warmth(inst, scratch, k, drawn)
                return UNFLYABLE
        flight += hop
        arrive = time + hop
        begin = _handover_start(inst, tasks, p, g, arrive)
        if begin == np.inf:
            return UNFLYABLE
        waited += begin - arrive
        done = begin + inst.handover[here]
        for q in range(p, g):
            i = inst.task_order[tasks[q]]
            scratch.handover[q] = begin
            shift = min(shift, waited + inst.task_late[tasks[q]] - begin)
            if inst.task_pickup[tasks[q]]:
                mass += inst.mass[i]
                scratch.pickup_time[i] = begin
            else:
                mass -= inst.mass[i]
                late += _late(inst, i, done)
                if not _is_ride_kept(inst, scratch, i, done):
                    verdict = TOO_EARLY
        time, site, p = done, here, g
    hop = fly(inst, k, site, end, time)
    land = time + hop
    if hop == np.inf:
        if opens_later(inst, k, site, end, time):
            scratch.outcome[OUT_CLOSED] = 1.0
        return UNFLYABLE
    flight += hop
    last = min(land_max, air_end(inst, k, depart))
    landing = _verdict_at_landing(inst, depart, land, last, waited)
    if landing == UNFLYABLE:
        return UNFLYABLE
    if inst.has_energy:
        drawn = draw_pack(inst, k, site, end, time, mass, drawn)
        if not is_pack_kept(inst, k, drawn, drawn[2]):
            _hope_for_warmth(inst, scratch, k, drawn)
            return UNFLYABLE
    unloading, late = _unload_at_base(inst, scratch, end, orders, m, mode, drop, land, late)
    if unloading == UNFLYABLE:
        return UNFLYABLE
    out = scratch.outcome
    out[OUT_DEPART], out[OUT_LAND], out[OUT_LATE] = depart, land, late
    out[OUT_FLIGHT], out[OUT_ENERGY], out[OUT_WAIT] = flight, drawn[0], waited
    out[OUT_SHIFT] = max(0.0, min(shift, waited))
    return max(verdict, landing, unloading)


@kernel
def _time_from(  # noqa: PLR0911 - one way out for each outcome
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
    """One attempt of ``time_sortie`` from a take-off time on."""
    depart = earliest_departure(inst, k, start, orders, m, mode, not_before)
    if depart == np.inf:
        return False
    verdict = simulate(
        inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, depart, land_max
    )
    if verdict == UNFLYABLE:
        return False
    if verdict == TOO_EARLY and scratch.outcome[OUT_WAIT] <= EPS:
        return _wait_for_base(
            inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, depart, land_max
        )
    shift = scratch.outcome[OUT_SHIFT]
    if shift <= EPS:
        return verdict == FLYABLE
    late = scratch.outcome[OUT_LATE]
    later = earliest_departure(inst, k, start, orders, m, mode, depart + np.floor(shift))
    if later != np.inf:
        second = simulate(
            inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, later, land_max
        )
        if second == FLYABLE and (verdict != FLYABLE or scratch.outcome[OUT_LATE] <= late + EPS):
            return True
        if second == TOO_EARLY and verdict == TOO_EARLY:
            return _wait_for_base(
                inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, later, land_max
            )
    if verdict != FLYABLE:
        return False
    return (
        simulate(inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, depart, land_max)
        == FLYABLE
    )


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
    it is taken back when it would make an order late. Where a leg is closed then but flown in a
    later period, or the pack too cold, later periods' starts are tried in turn. Fills
    ``scratch.outcome`` and ``scratch.handover``; returns whether the sortie can be flown.
    """
    start_s = not_before
    while True:
        scratch.outcome[OUT_CLOSED] = 0.0
        if _time_from(
            inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, start_s, land_max
        ):
            return True
        if scratch.outcome[OUT_CLOSED] == 0.0:
            return False
        depart = earliest_departure(inst, k, start, orders, m, mode, start_s)
        start_s = next_period(inst, depart)
        if start_s == np.inf:
            return False


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
        if ends_aboard(mode[i]):
            opens = max(opens, next_start(inst, drop[i], land))
    if opens <= land + EPS or opens == np.inf:
        return False
    later = earliest_departure(inst, k, start, orders, m, mode, depart + (opens - land))
    if later == np.inf:
        return False
    return (
        simulate(inst, scratch, k, start, end, tasks, n, orders, m, mode, drop, later, land_max)
        == FLYABLE
    )
