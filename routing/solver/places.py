"""The best place for one order: a stop in a sortie that flies already, or a gap. Compiled.

Owns the positions inside sorties and their cost; new sorties are ``gaps``'. Cheap detours come
first; the exact simulation decides. A sortie lands at a site at most once.
Changes nothing but the order's own mode.
"""

from __future__ import annotations

import numpy as np

from routing.solver.chain import push_cost
from routing.solver.changes import compose, place_of
from routing.solver.compiling import inlined, kernel
from routing.solver.gaps import try_gaps
from routing.solver.instance import Instance
from routing.solver.memory import (
    IN_SORTIE,
    NOWHERE,
    P_KIND,
    Search,
    is_banned,
    is_passed_over,
    keep_place,
)
from routing.solver.payload import is_loadable
from routing.solver.scratch import (
    BETWEEN,
    DIRECT,
    EPS,
    INWARD,
    OUT_ENERGY,
    OUT_FLIGHT,
    OUT_LAND,
    OUT_LATE,
    OUTWARD,
    Scratch,
)
from routing.solver.spare import is_within_pack
from routing.solver.state import (
    F_DEPART,
    F_DEPART_MAX,
    F_ENERGY,
    F_FLIGHT,
    F_LAND_MAX,
    F_LATE,
    F_NOT_BEFORE,
    I_DRONE,
    I_END,
    I_FIXED,
    I_IN,
    I_ORDERS,
    I_OUT,
    I_START,
    I_TASKS,
    I_TYPE,
    State,
)
from routing.solver.timing import time_sortie


@kernel
def find_place(inst: Instance, scratch: Scratch, state: State, search: Search, i: int) -> bool:
    """Find the cheapest place of an order; fills ``search.place`` and ``search.cost``."""
    search.cost[0] = np.inf
    search.place[P_KIND] = NOWHERE
    search.stamp[0] += 1
    kept_mode, kept_drop = state.mode[i], state.drop[i]
    if state.used.shape[0] <= search.wide[0]:
        for s in range(state.used.shape[0]):
            if state.used[s]:
                _try_sortie(inst, scratch, state, search, i, s)
    else:
        for n in range(inst.near.shape[1]):
            s = state.sortie_of[inst.near[i, n]]
            if s >= 0 and search.mark[s] != search.stamp[0]:
                search.mark[s] = search.stamp[0]
                _try_sortie(inst, scratch, state, search, i, s)
    try_gaps(inst, scratch, state, search, i)
    state.mode[i], state.drop[i] = kept_mode, kept_drop
    return search.place[P_KIND] != NOWHERE


@kernel
def _try_sortie(
    inst: Instance, scratch: Scratch, state: State, search: Search, i: int, s: int
) -> None:
    """Every way to carry an order on a sortie that flies already."""
    if state.ints[s, I_FIXED] == 1 or is_banned(search, s):
        return
    if state.ints[s, I_ORDERS] + 1 >= state.tasks.shape[1] or (
        state.ints[s, I_TASKS] + 2 >= state.tasks.shape[1]
    ):
        return
    k, start, end = state.ints[s, I_TYPE], state.ints[s, I_START], state.ints[s, I_END]
    pickup = inst.pickup[i]
    origin = inst.task_site[pickup]
    from_base = origin == start
    if not from_base and inst.is_base[origin]:
        return
    if inst.task_early[pickup] > state.floats[s, F_LAND_MAX] + EPS:
        return
    if from_base and inst.task_early[pickup] + inst.handover[start] > (
        state.floats[s, F_DEPART_MAX] + EPS
    ):
        return
    for drop in range(inst.drop_ptr[i], inst.drop_ptr[i + 1]):
        goal = inst.task_site[drop]
        to_base = goal == end
        if (not to_base and inst.is_base[goal]) or (
            inst.task_late[drop] < state.floats[s, F_NOT_BEFORE]
        ):
            continue
        state.drop[i] = drop
        room = inst.capacity[k] - inst.mass[i]
        if from_base and state.ints[s, I_OUT] > room:
            continue
        if to_base and state.ints[s, I_IN] > room:
            continue
        if from_base and to_base:
            state.mode[i] = DIRECT
            _weigh(inst, scratch, state, search, i, s, -1, -1)
        elif from_base:
            state.mode[i] = OUTWARD
            _try_positions(inst, scratch, state, search, i, s, drop)
        elif to_base:
            state.mode[i] = INWARD
            _try_positions(inst, scratch, state, search, i, s, pickup)
        else:
            state.mode[i] = BETWEEN
            _try_pairs(inst, scratch, state, search, i, s, drop)


@inlined
def site_at(inst: Instance, state: State, s: int, p: int) -> int:
    """Site of a position of a sortie: -1 is the start base, past the last the end base."""
    if p < 0:
        return state.ints[s, I_START]
    if p >= state.ints[s, I_TASKS]:
        return state.ints[s, I_END]
    return inst.task_site[state.tasks[s, p]]


@inlined
def _is_visited(inst: Instance, state: State, s: int, site: int) -> bool:
    """Whether a sortie stops at a site."""
    for p in range(state.ints[s, I_TASKS]):  # noqa: SIM110 - no generators in compiled code
        if inst.task_site[state.tasks[s, p]] == site:
            return True
    return False


@inlined
def _lands_once(inst: Instance, state: State, s: int, p: int, site: int, is_visited: bool) -> bool:
    """Whether a task at ``site`` may stand before position ``p``: one landing at each site.

    It joins the stop that is there already, and parts no other stop in two.
    """
    before, after = site_at(inst, state, s, p - 1), site_at(inst, state, s, p)
    if 0 < p < state.ints[s, I_TASKS] and before == after:
        return False
    return not is_visited or before == site or after == site


@inlined
def _arrival(inst: Instance, state: State, s: int, k: int, p: int, site: int) -> float:
    """Earliest handover at ``site`` if it came right before position ``p``."""
    if p == 0:
        return state.floats[s, F_NOT_BEFORE] + inst.quickest[k, state.ints[s, I_START], site]
    before = inst.task_site[state.tasks[s, p - 1]]
    if before == site:
        return state.soonest[s, p - 1]
    return state.soonest[s, p - 1] + inst.handover[before] + inst.quickest[k, before, site]


@kernel
def _try_positions(
    inst: Instance, scratch: Scratch, state: State, search: Search, i: int, s: int, task: int
) -> None:
    """One stop more, at each position."""
    k, n = state.ints[s, I_TYPE], state.ints[s, I_TASKS]
    site = inst.task_site[task]
    is_visited = _is_visited(inst, state, s, site)
    for p in range(n + 1):
        if not _lands_once(inst, state, s, p, site, is_visited):
            continue
        before, after = site_at(inst, state, s, p - 1), site_at(inst, state, s, p)
        detour = (
            inst.quickest[k, before, site]
            + inst.quickest[k, site, after]
            - inst.quickest[k, before, after]
        )
        if inst.cost_flight * detour >= search.cost[0] - EPS:
            continue
        begin = max(_arrival(inst, state, s, k, p, site), inst.task_early[task])
        if begin > inst.task_late[task] + EPS:
            continue
        done = begin + inst.handover[site] + inst.quickest[k, site, after]
        limit = state.latest[s, p] if p < n else state.floats[s, F_LAND_MAX]
        if (begin if p < n and after == site else done) > limit + EPS:
            continue
        if not is_within_pack(inst, state, s, p, before, site, after, inst.mass[i], state.mode[i]):
            continue
        if is_passed_over(search):
            continue
        _weigh(inst, scratch, state, search, i, s, p, -1)


@kernel
def _try_pairs(
    inst: Instance, scratch: Scratch, state: State, search: Search, i: int, s: int, drop: int
) -> None:
    """Pickup and delivery both at stops: the pair of positions of the least detour first.

    Where that costs no more than its detour, no other pair costs less; else each is weighed.
    """
    p, q, detour = _scan_pairs(inst, scratch, state, search, i, s, drop, -1, -1)
    if p < 0:
        return
    _weigh(inst, scratch, state, search, i, s, p, q)
    if search.cost[0] > inst.cost_flight * detour + EPS:
        _scan_pairs(inst, scratch, state, search, i, s, drop, p, q)


@kernel
def _scan_pairs(
    inst: Instance,
    scratch: Scratch,
    state: State,
    search: Search,
    i: int,
    s: int,
    drop: int,
    done_p: int,
    done_q: int,
) -> tuple[int, int, float]:
    """Each pair of positions, pruned as time runs on and by what fits on board.

    Returns the pair of the least detour, -1 for none; when one is done already, the others are
    weighed instead.
    """
    k, n = state.ints[s, I_TYPE], state.ints[s, I_TASKS]
    pickup = inst.pickup[i]
    room = inst.capacity[k] - inst.mass[i]
    a, b = inst.task_site[pickup], inst.task_site[drop]
    sees_a, sees_b = _is_visited(inst, state, s, a), _is_visited(inst, state, s, b)
    least, least_p, least_q = np.inf, -1, -1
    for p in range(n + 1):
        before, after = site_at(inst, state, s, p - 1), site_at(inst, state, s, p)
        begin = max(_arrival(inst, state, s, k, p, a), inst.task_early[pickup])
        if begin > inst.task_late[pickup] + EPS:
            break
        if not _lands_once(inst, state, s, p, a, sees_a):
            continue
        leave = begin + inst.handover[a]
        first = inst.quickest[k, before, a] - inst.quickest[k, before, after]
        site, time = a, leave
        for q in range(p, n + 1):
            ahead = site_at(inst, state, s, q)
            if ahead != site and state.load[s, q] > room:
                break
            detour = inst.quickest[k, site, b] + inst.quickest[k, b, ahead]
            if q == p:
                detour += first
            else:
                detour += first + inst.quickest[k, a, after] - inst.quickest[k, site, ahead]
            at_goal = max(time + inst.quickest[k, site, b], inst.task_early[drop])
            if at_goal > inst.task_late[drop] + EPS:
                break
            if inst.cost_flight * detour < search.cost[0] - EPS and detour < least:
                done = at_goal + inst.handover[b] + inst.quickest[k, b, ahead]
                limit = state.latest[s, q] if q < n else state.floats[s, F_LAND_MAX]
                is_late = done > limit + EPS and not (q < n and ahead == b)
                if q == p:
                    is_once = (not sees_a or before == a) and (not sees_b or after == b)
                else:
                    is_once = _lands_once(inst, state, s, q, b, sees_b)
                if is_once and not is_late and not is_passed_over(search):
                    if done_p < 0:
                        least, least_p, least_q = detour, p, q
                    elif p != done_p or q != done_q:
                        _weigh(inst, scratch, state, search, i, s, p, q)
            if q < n:
                task = state.tasks[s, q]
                arrive = time if ahead == site and q > p else time + inst.quickest[k, site, ahead]
                if ahead == site and q > p:
                    arrive -= inst.handover[site]
                arrive = max(arrive, inst.task_early[task])
                if arrive > state.latest[s, q] + EPS:
                    break
                time, site = arrive + inst.handover[ahead], ahead
    return least_p, least_q, least


@kernel
def _weigh(
    inst: Instance, scratch: Scratch, state: State, search: Search, i: int, s: int, p: int, q: int
) -> None:
    """Cost of an order at given positions, with what it does to later sorties."""
    k = state.ints[s, I_TYPE]
    n = compose(inst, scratch, state, i, s, p, q)
    m = state.ints[s, I_ORDERS]
    scratch.orders[:m] = state.orders[s, :m]
    scratch.orders[m] = i
    if not is_loadable(inst, scratch, k, scratch.tasks, n, scratch.orders, m + 1, state.mode):
        return
    d = state.ints[s, I_DRONE]
    if not time_sortie(
        inst,
        scratch,
        k,
        state.ints[s, I_START],
        state.ints[s, I_END],
        scratch.tasks,
        n,
        scratch.orders,
        m + 1,
        state.mode,
        state.drop,
        state.floats[s, F_NOT_BEFORE],
        state.floats[s, F_LAND_MAX],
    ):
        return
    cost = (
        inst.cost_flight * (scratch.outcome[OUT_FLIGHT] - state.floats[s, F_FLIGHT])
        + inst.cost_energy * (scratch.outcome[OUT_ENERGY] - state.floats[s, F_ENERGY])
        + scratch.outcome[OUT_LATE]
        - state.floats[s, F_LATE]
    )
    if cost >= search.cost[0] - EPS:
        return
    land = scratch.outcome[OUT_LAND]
    place = place_of(state, s)
    if place + 1 < state.chain_len[d]:
        ready = land + inst.turnaround[k]
        if state.floats[state.chain[d, place + 1], F_DEPART] < ready - EPS:
            cost += push_cost(inst, scratch, state, d, place + 1, ready)
            if cost >= search.cost[0] - EPS:
                return
    keep_place(search, cost, IN_SORTIE, s, place, 0, state.mode[i], state.drop[i], p, q)
