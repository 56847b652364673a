"""A drone's chain of sorties kept in time: retiming, pushing later sorties, limits. Compiled.

Owns when each sortie of a chain may start and must end. Does not choose what flies.
"""

from __future__ import annotations

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.enough import is_footprint_kept
from routing.solver.instance import Instance, IntArray
from routing.solver.limits import earliest_departure, latest_pass, next_start
from routing.solver.resources import Resources
from routing.solver.scratch import (
    EPS,
    OUT_DEPART,
    OUT_ENERGY,
    OUT_FLIGHT,
    OUT_LAND,
    OUT_LATE,
    Scratch,
    ends_aboard,
    starts_aboard,
)
from routing.solver.spare import weigh_legs
from routing.solver.state import (
    F_DEPART,
    F_DEPART_MAX,
    F_ENERGY,
    F_FLIGHT,
    F_LAND,
    F_LAND_MAX,
    F_LATE,
    F_NOT_BEFORE,
    I_END,
    I_FIXED,
    I_IN,
    I_ORDERS,
    I_OUT,
    I_STALE,
    I_START,
    I_TASKS,
    I_TYPE,
    Journal,
    State,
    is_full,
    settle,
    touch,
)
from routing.solver.timing import time_sortie


@inlined
def ready_before(inst: Instance, state: State, d: int, at: int) -> float:
    """When the drone may take off for the sortie at a place of its chain.

    On a day under way ``drone_start`` is now, later than what was flown before.
    """
    if at == 0:
        return inst.drone_start[d]
    s = state.chain[d, at - 1]
    ready = state.floats[s, F_LAND] + inst.turnaround[inst.drone_type[d]]
    return max(ready, inst.drone_start[d])


@inlined
def land_limit(inst: Instance, state: State, d: int, at: int) -> float:
    """Latest landing of a sortie at a place, so that the one after can still be flown."""
    if at + 1 >= state.chain_len[d]:
        return inst.drone_end[d]
    after = state.chain[d, at + 1]
    return state.floats[after, F_DEPART_MAX] - inst.turnaround[inst.drone_type[d]]


@inlined
def base_before(inst: Instance, state: State, d: int, at: int) -> int:
    """The base where the drone stands before a place of its chain."""
    if at == 0:
        return inst.drone_home[d]
    return state.ints[state.chain[d, at - 1], I_END]


@kernel
def keep_times(scratch: Scratch, state: State, s: int) -> None:
    """Store the outcome of the last simulation as the sortie's times."""
    state.floats[s, F_DEPART] = scratch.outcome[OUT_DEPART]
    state.floats[s, F_LAND] = scratch.outcome[OUT_LAND]
    state.floats[s, F_LATE] = scratch.outcome[OUT_LATE]
    state.floats[s, F_FLIGHT] = scratch.outcome[OUT_FLIGHT]
    state.floats[s, F_ENERGY] = scratch.outcome[OUT_ENERGY]
    n = state.ints[s, I_TASKS]
    state.handover[s, :n] = scratch.handover[:n]


@kernel
def time_row(
    inst: Instance, scratch: Scratch, state: State, s: int, not_before: float, land_max: float
) -> bool:
    """Time the sortie in a row (see ``time_sortie``) without storing the outcome."""
    return time_sortie(
        inst,
        scratch,
        state.ints[s, I_TYPE],
        state.ints[s, I_START],
        state.ints[s, I_END],
        state.tasks[s],
        state.ints[s, I_TASKS],
        state.orders[s],
        state.ints[s, I_ORDERS],
        state.mode,
        state.drop,
        not_before,
        land_max,
    )


@kernel
def is_kept(inst: Instance, state: State, res: Resources, s: int) -> bool:
    """Whether pads, packs and pilots suffice with this sortie as it stands."""
    if not (inst.has_pads or inst.has_packs or inst.has_pilots):
        return True
    return is_footprint_kept(
        inst,
        res,
        s,
        state.ints[s, I_START],
        state.ints[s, I_END],
        state.tasks[s],
        state.ints[s, I_TASKS],
    )


@kernel
def place_sortie(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    s: int,
    not_before: float,
    land_max: float,
) -> bool:
    """Time a touched, unsettled sortie where pads, packs and pilots allow; settles it.

    Tries the earliest time first, then later and later ones, up to about an hour.
    """
    wait, start = 0.0, not_before
    while wait <= 4000.0:
        if not time_row(inst, scratch, state, s, start, land_max):
            return False
        keep_times(scratch, state, s)
        settle(inst, state, res, s)
        if is_kept(inst, state, res, s):
            return True
        start = max(start, state.floats[s, F_DEPART])
        touch(inst, state, journal, res, s)
        wait = np.floor(wait * 1.6) + 30.0
        start = start + wait
        if is_full(journal):
            return False
    return False


@kernel
def push_chain(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    d: int,
    at: int,
) -> bool:
    """Move later sorties of a chain until each starts a turnaround after the one before."""
    for place in range(at, state.chain_len[d]):
        s = state.chain[d, place]
        ready = ready_before(inst, state, d, place)
        if state.floats[s, F_DEPART] >= ready - EPS:
            return True
        if state.ints[s, I_FIXED] == 1 or is_full(journal):
            return False
        touch(inst, state, journal, res, s)
        if not place_sortie(
            inst, scratch, state, journal, res, s, ready, land_limit(inst, state, d, place)
        ):
            return False
    return True


@kernel
def push_cost(
    inst: Instance, scratch: Scratch, state: State, d: int, at: int, ready: float
) -> float:
    """Lateness that moving the sorties from ``at`` on would add; inf when they cannot move."""
    added = 0.0
    for place in range(at, state.chain_len[d]):
        s = state.chain[d, place]
        if state.floats[s, F_DEPART] >= ready - EPS:
            break
        if state.ints[s, I_FIXED] == 1:
            return np.inf
        if not time_row(inst, scratch, state, s, ready, land_limit(inst, state, d, place)):
            return np.inf
        added += scratch.outcome[OUT_LATE] - state.floats[s, F_LATE]
        ready = scratch.outcome[OUT_LAND] + inst.turnaround[inst.drone_type[d]]
    return added


@kernel
def refresh_chain(inst: Instance, state: State, d: int) -> None:
    """Recompute what only prunes: earliest and latest times along a drone's chain.

    A row that was not edited keeps its times where its limits are the same.
    """
    for place in range(state.chain_len[d] - 1, -1, -1):
        s = state.chain[d, place]
        limit = land_limit(inst, state, d, place)
        if state.ints[s, I_STALE] == 1 or state.floats[s, F_LAND_MAX] != limit:
            _latest_pass(inst, state, s, limit)
    for place in range(state.chain_len[d]):
        s = state.chain[d, place]
        ready = ready_before(inst, state, d, place)
        if state.ints[s, I_STALE] == 1 or state.floats[s, F_NOT_BEFORE] != ready:
            state.floats[s, F_NOT_BEFORE] = ready
            _soonest_pass(inst, state, s, inst.drone_type[d])
            _count_ends(inst, state, s)
            weigh_legs(inst, state, s)
            state.ints[s, I_STALE] = 0


@kernel
def _latest_pass(inst: Instance, state: State, s: int, limit: float) -> None:
    """Latest times of a sortie that must have landed by ``limit``."""
    depart_max = latest_pass(
        inst,
        state.ints[s, I_TYPE],
        state.ints[s, I_START],
        state.ints[s, I_END],
        state.tasks[s],
        state.ints[s, I_TASKS],
        state.orders[s],
        state.ints[s, I_ORDERS],
        state.mode,
        state.drop,
        limit,
        state.latest[s],
    )
    if state.ints[s, I_FIXED] == 1:
        depart_max = state.floats[s, F_DEPART]
    state.floats[s, F_LAND_MAX] = limit
    state.floats[s, F_DEPART_MAX] = depart_max


@kernel
def _soonest_pass(inst: Instance, state: State, s: int, k: int) -> None:
    """Earliest handover of each task if the sortie left as early as its chain allows."""
    time = earliest_departure(
        inst,
        k,
        state.ints[s, I_START],
        state.orders[s],
        state.ints[s, I_ORDERS],
        state.mode,
        state.floats[s, F_NOT_BEFORE],
    )
    site, p, n = state.ints[s, I_START], 0, state.ints[s, I_TASKS]
    tasks: IntArray = state.tasks[s]
    while p < n:
        here = inst.task_site[tasks[p]]
        begin = time + inst.quickest[k, site, here]
        g = p
        while g < n and inst.task_site[tasks[g]] == here:
            begin = next_start(inst, tasks[g], begin)
            g += 1
        for q in range(p, g):
            state.soonest[s, q] = begin
        time, site, p = begin + inst.handover[here], here, g


@kernel
def _count_ends(inst: Instance, state: State, s: int) -> None:
    out, inward = 0, 0
    for o in range(state.ints[s, I_ORDERS]):
        i = state.orders[s, o]
        if starts_aboard(state.mode[i]):
            out += inst.mass[i]
        if ends_aboard(state.mode[i]):
            inward += inst.mass[i]
    state.ints[s, I_OUT] = out
    state.ints[s, I_IN] = inward
