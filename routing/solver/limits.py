"""When a sortie may start and must end: windows, daylight, weather spans. Compiled.

Owns the earliest take-off, and the latest-time pass that only prunes. Does not fly: the exact
times are ``timing``'s.
"""

from __future__ import annotations

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.scratch import EPS, ends_aboard, starts_aboard


@inlined
def next_start(inst: Instance, task: int, time: float) -> float:
    """Earliest start of the task's handover at or after ``time``, inf when there is none."""
    first, last = inst.window_ptr[task], inst.window_ptr[task + 1]
    for w in range(first, last):
        if time <= inst.window_end[w] + EPS:
            return max(time, inst.window_start[w])
    return np.inf


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
            if starts_aboard(mode[i]):
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
def air_end(inst: Instance, k: int, depart: float) -> float:
    """End of the span in which the type may be airborne at take-off, -inf outside any."""
    for a in range(inst.air_start.shape[1]):
        if inst.air_start[k, a] - EPS <= depart <= inst.air_end[k, a] + EPS:
            return inst.air_end[k, a]
    return -np.inf


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
        if ends_aboard(mode[i]):
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
        if starts_aboard(mode[i]):
            limit = min(limit, inst.task_late[inst.pickup[i]] + inst.handover[start])
    return limit
