"""Whether pads, packs with chargers, and pilots suffice for what sorties hold. Compiled.

Owns the exact tests over the occupancy of the day (R7, R8, R11); the occupancy is ``resources``'.
"""

from __future__ import annotations

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.instance import UNLIMITED, Instance, IntArray
from routing.solver.resources import Resources
from routing.solver.scratch import EPS


@kernel
def are_pads_kept(inst: Instance, res: Resources, s: int, site: int) -> bool:
    """Whether a site has a pad for each drone at every moment the sortie holds one there."""
    if inst.pads[site] >= UNLIMITED:
        return True
    first, last = res.pad_ptr[site], res.pad_ptr[site] + res.pad_count[site]
    for a in range(first, last):
        if res.pad_owner[a] != s:
            continue
        low, high = _reach(res, site, a)
        overlapping = 0
        for b in range(low, high):
            if res.pad_start[a] < res.pad_end[b] - EPS:
                overlapping += 1
        if overlapping > inst.pads[site] and _peak(res, low, high, a) > inst.pads[site]:
            return False
    return True


@inlined
def _reach(res: Resources, site: int, a: int) -> tuple[int, int]:
    """The holds at a site, as a range, that may overlap hold ``a``; all others do not."""
    first, last = res.pad_ptr[site], res.pad_ptr[site] + res.pad_count[site]
    low, high = a, a + 1
    while low > first and res.pad_start[low - 1] > res.pad_start[a] - res.pad_longest[site]:
        low -= 1
    while high < last and res.pad_start[high] < res.pad_end[a] - EPS:
        high += 1
    return low, high


@kernel
def _peak(res: Resources, first: int, last: int, a: int) -> int:
    """Most pads held at one moment of interval ``a``: it is reached where some interval starts."""
    peak = 0
    for c in range(first, last):
        moment = max(res.pad_start[c], res.pad_start[a])
        if moment >= res.pad_end[a] - EPS or res.pad_end[c] <= moment + EPS:
            continue
        held = 0
        for b in range(first, last):
            if res.pad_start[b] <= moment + EPS and moment < res.pad_end[b] - EPS:
                held += 1
        peak = max(peak, held)
    return peak


@inlined
def _charged_at(inst: Instance, res: Resources, chargers: int, kind: int, land: float) -> float:
    """When a landed pack is full: on the charger that is free first, which it takes."""
    free = 0
    for x in range(1, chargers):
        if res.charger[x] < res.charger[free]:
            free = x
    done = max(land, res.charger[free]) + inst.charge[kind]
    res.charger[free] = done
    return done


@inlined
def _list_in_turn(inst: Instance, res: Resources, b: int, chargers: int, count: int) -> int:
    """When each landed pack is full where all take the same time: the chargers take turns."""
    for c in range(count):
        begin = res.come_time[b, c]
        if c >= chargers:
            begin = max(begin, res.ready[c - chargers])
        res.ready[c] = begin + inst.charge[0]
    return count


@inlined
def _list_charged(inst: Instance, res: Resources, site: int, k: int) -> int:
    """When each landed pack of a type is full, rising, into ``res.ready``; returns how many."""
    b, chargers = res.base_row[site], inst.chargers[site]
    is_limited = chargers < UNLIMITED
    if chargers == 0:
        return 0
    if inst.charge.shape[0] == 1:
        return _list_in_turn(inst, res, b, chargers, res.come_count[site])
    if is_limited:
        res.charger[:chargers] = -np.inf
    arrived = 0
    for c in range(res.come_count[site]):
        kind, land = res.come_type[b, c], res.come_time[b, c]
        if is_limited:
            done = _charged_at(inst, res, chargers, kind, land)
        else:
            done = land + inst.charge[kind]
        if kind != k:
            continue
        at = arrived
        while at > 0 and res.ready[at - 1] > done:
            res.ready[at] = res.ready[at - 1]
            at -= 1
        res.ready[at] = done
        arrived += 1
    return arrived


@kernel
def are_packs_kept(inst: Instance, res: Resources, site: int, k: int) -> bool:
    """Whether every take-off of a type at a base finds a charged pack there.

    Landed packs charge first landed, first charged, on the chargers the base has.
    """
    stock, b = inst.packs[site, k], res.base_row[site]
    if stock >= UNLIMITED:
        return True
    arrived, seen = _list_charged(inst, res, site, k), 0
    for t in range(res.leave_count[site]):
        if res.leave_type[b, t] != k:
            continue
        while seen < arrived and res.ready[seen] <= res.leave_time[b, t] + EPS:
            seen += 1
            stock += 1
        stock -= 1
        if stock < 0:
            return False
    return True


@kernel
def are_base_packs_kept(inst: Instance, res: Resources, site: int) -> bool:
    """Whether every take-off of every type at a base finds a charged pack there."""
    kept = True
    if inst.has_packs:
        for kind in range(inst.turnaround.shape[0]):
            kept = kept and are_packs_kept(inst, res, site, kind)
    return kept


@kernel
def are_pilots_kept(inst: Instance, res: Resources) -> bool:
    """Whether the pilots on duty suffice at every moment."""
    under_way, w = 0, 0
    steps = inst.pilot_time.shape[0]
    at = 0
    while at < res.air_count[0]:
        time = res.air_time[at]
        while w + 1 < steps and inst.pilot_time[w + 1] <= time + EPS:
            w += 1
            if under_way > inst.pilot_limit[w] and inst.pilot_time[w] < time - EPS:
                return False
        drop = at
        while drop < res.air_count[0] and res.air_time[drop] <= time + EPS:
            under_way += res.air_step[drop]
            drop += 1
        if under_way > inst.pilot_limit[w]:
            return False
        at = drop
    return True


@kernel
def is_footprint_kept(
    inst: Instance, res: Resources, s: int, start: int, end: int, tasks: IntArray, n: int
) -> bool:
    """Whether pads, packs and pilots still suffice, looking only where this sortie is."""
    if inst.has_pads:
        if not are_pads_kept(inst, res, s, start):
            return False
        if end != start and not are_pads_kept(inst, res, s, end):
            return False
        for p in range(n):
            here = inst.task_site[tasks[p]]
            if (p == 0 or inst.task_site[tasks[p - 1]] != here) and not are_pads_kept(
                inst, res, s, here
            ):
                return False
    if not are_base_packs_kept(inst, res, start):
        return False
    if end != start and not are_base_packs_kept(inst, res, end):
        return False
    return not inst.has_pilots or are_pilots_kept(inst, res)
