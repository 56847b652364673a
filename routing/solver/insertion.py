"""Putting one order into a plan at the least cost. Compiled.

Owns the search for the best place and its execution. Places are: a stop in a sortie, the ends of a
sortie, a new sortie in a gap of a drone's chain, or a pair of sorties out to another base and back.
Cheap detours come first; the exact simulation decides.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.chain import (
    base_before,
    land_limit,
    place_sortie,
    push_chain,
    push_cost,
    ready_before,
    refresh_chain,
)
from routing.solver.compiling import inlined, kernel
from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.resources import Resources
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
    Journal,
    State,
    assign,
    free_row,
    is_full,
    set_chain_len,
    touch,
    touch_chain,
    undo,
)
from routing.solver.timing import (
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
    is_loadable,
    time_sortie,
)

NOWHERE, IN_SORTIE, NEW_SORTIE, NEW_PAIR_FIRST, NEW_PAIR_SECOND, NEW_ONE_WAY = range(6)
P_KIND, P_SORTIE, P_PLACE, P_BASE, P_MODE, P_DROP, P_FIRST, P_SECOND = range(8)
"""Columns of a place: sortie or drone, place in the chain, other base, mode, delivery task, and
positions of the pickup and delivery in the sequence."""


class Search(NamedTuple):
    """What one thread of the search carries besides the plan."""

    place: IntArray  # [8] best place found
    cost: FloatArray  # [1] its cost
    random: IntArray  # [1] state of the generator
    mark: IntArray  # [Z] sortie last looked at for order stamp
    stamp: IntArray  # [1]
    banned: IntArray  # [16] sorties or gaps where the best place did not hold
    num_banned: IntArray  # [1]
    blink: FloatArray  # [1] chance to pass over a place
    wide: IntArray  # [1] number of sorties above which only neighbours are looked at
    dirty: IntArray  # [D] drones changed in this iteration (1)


def new_search(num_sorties: int, num_drones: int, seed: int) -> Search:
    """A fresh search for one thread."""
    return Search(
        place=np.zeros(8, dtype=np.int64),
        cost=np.zeros(1),
        random=np.array([(seed * 2654435761 + 88172645463325252) % (2**62) + 1], dtype=np.int64),
        mark=np.zeros(num_sorties, dtype=np.int64),
        stamp=np.zeros(1, dtype=np.int64),
        banned=np.zeros(16, dtype=np.int64),
        num_banned=np.zeros(1, dtype=np.int64),
        blink=np.array([0.01]),
        wide=np.array([150], dtype=np.int64),
        dirty=np.zeros(num_drones, dtype=np.int64),
    )


@inlined
def draw(search: Search) -> float:
    """A uniform number in [0, 1) from the thread's own generator (xorshift)."""
    x = np.uint64(search.random[0])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    search.random[0] = np.int64(x & np.uint64(0x7FFFFFFFFFFFFFFF))
    return float((x >> np.uint64(11)) & np.uint64(0x1FFFFFFFFFFFFF)) / 9007199254740992.0


@inlined
def draw_below(search: Search, n: int) -> int:
    """A uniform index below ``n``."""
    return min(int(draw(search) * n), n - 1)


@inlined
def _is_banned(search: Search, key: int) -> bool:
    for b in range(search.num_banned[0]):
        if search.banned[b] == key:
            return True
    return False


@inlined
def _keep_place(
    search: Search,
    cost: float,
    kind: int,
    row: int,
    place: int,
    base: int,
    mode: int,
    drop: int,
    first: int,
    second: int,
) -> None:
    search.cost[0] = cost
    search.place[P_KIND] = kind
    search.place[P_SORTIE] = row
    search.place[P_PLACE] = place
    search.place[P_BASE] = base
    search.place[P_MODE] = mode
    search.place[P_DROP] = drop
    search.place[P_FIRST] = first
    search.place[P_SECOND] = second


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
    _try_gaps(inst, scratch, state, search, i)
    state.mode[i], state.drop[i] = kept_mode, kept_drop
    return search.place[P_KIND] != NOWHERE


@kernel
def _try_sortie(
    inst: Instance, scratch: Scratch, state: State, search: Search, i: int, s: int
) -> None:
    """Every way to carry an order on a sortie that flies already."""
    if state.ints[s, I_FIXED] == 1 or _is_banned(search, s):
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
    for p in range(n + 1):
        before, after = site_at(inst, state, s, p - 1), site_at(inst, state, s, p)
        if p > 0 and before == site and after == site and p < n:
            continue
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
        if p < n:
            if (begin if after == site else done) > state.latest[s, p] + EPS:
                continue
        elif done > state.floats[s, F_LAND_MAX] + EPS:
            continue
        if search.blink[0] > 0 and draw(search) < search.blink[0]:
            continue
        _weigh(inst, scratch, state, search, i, s, p, -1)


@kernel
def _try_pairs(
    inst: Instance, scratch: Scratch, state: State, search: Search, i: int, s: int, drop: int
) -> None:
    """Pickup and delivery both at stops: each pair of positions, pruned as time runs on."""
    k, n = state.ints[s, I_TYPE], state.ints[s, I_TASKS]
    pickup = inst.pickup[i]
    a, b = inst.task_site[pickup], inst.task_site[drop]
    for p in range(n + 1):
        before, after = site_at(inst, state, s, p - 1), site_at(inst, state, s, p)
        begin = max(_arrival(inst, state, s, k, p, a), inst.task_early[pickup])
        if begin > inst.task_late[pickup] + EPS:
            break
        leave = begin + inst.handover[a]
        first = inst.quickest[k, before, a] - inst.quickest[k, before, after]
        site, time = a, leave
        for q in range(p, n + 1):
            ahead = site_at(inst, state, s, q)
            detour = inst.quickest[k, site, b] + inst.quickest[k, b, ahead]
            if q == p:
                detour += first
            else:
                detour += first + inst.quickest[k, a, after] - inst.quickest[k, site, ahead]
            at_goal = max(time + inst.quickest[k, site, b], inst.task_early[drop])
            if at_goal > inst.task_late[drop] + EPS:
                break
            done = at_goal + inst.handover[b] + inst.quickest[k, b, ahead]
            limit = state.latest[s, q] if q < n else state.floats[s, F_LAND_MAX]
            is_late = done > limit + EPS and not (q < n and ahead == b)
            if inst.cost_flight * detour < search.cost[0] - EPS and not is_late:
                if search.blink[0] <= 0 or draw(search) >= search.blink[0]:
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


@kernel
def _compose(inst: Instance, scratch: Scratch, state: State, i: int, s: int, p: int, q: int) -> int:
    """Write the sequence with the order's tasks in it to the scratch; returns its length."""
    n, at = state.ints[s, I_TASKS], 0
    mode = state.mode[i]
    for x in range(n + 1):
        if x == p and mode != DIRECT:
            scratch.tasks[at] = state.drop[i] if mode == OUTWARD else inst.pickup[i]
            at += 1
        if x == q and mode == BETWEEN:
            scratch.tasks[at] = state.drop[i]
            at += 1
        if x < n:
            scratch.tasks[at] = state.tasks[s, x]
            at += 1
    return at


@kernel
def _weigh(
    inst: Instance, scratch: Scratch, state: State, search: Search, i: int, s: int, p: int, q: int
) -> None:
    """Cost of an order at given positions, with what it does to later sorties."""
    k = state.ints[s, I_TYPE]
    n = _compose(inst, scratch, state, i, s, p, q)
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
    _keep_place(search, cost, IN_SORTIE, s, place, 0, state.mode[i], state.drop[i], p, q)


@inlined
def place_of(state: State, s: int) -> int:
    """Place of a sortie in its drone's chain."""
    d = state.ints[s, I_DRONE]
    for place in range(state.chain_len[d]):
        if state.chain[d, place] == s:
            return place
    return -1


@inlined
def _are_alike(inst: Instance, a: int, b: int) -> bool:
    """Whether two drones have the same type, home and duty."""
    return (
        inst.drone_type[a] == inst.drone_type[b]
        and inst.drone_home[a] == inst.drone_home[b]
        and inst.drone_start[a] == inst.drone_start[b]
        and inst.drone_end[a] == inst.drone_end[b]
    )


@kernel
def _try_gaps(inst: Instance, scratch: Scratch, state: State, search: Search, i: int) -> None:
    """A new sortie, or a pair of them, in each gap of each drone's day."""
    pickup = inst.pickup[i]
    num_drones = inst.drone_type.shape[0]
    shift = draw_below(search, num_drones)
    seen = -1
    for step in range(num_drones):
        d = (step + shift) % num_drones
        count = state.chain_len[d]
        if count >= inst.sorties_per_drone or count + 2 >= state.chain.shape[1]:
            continue
        if count == 0:
            # Unused drones that are alike are the same drone: look at one of them.
            if seen >= 0 and _are_alike(inst, d, seen):
                continue
            seen = d
        for place in range(count + 1):
            not_before = ready_before(inst, state, d, place)
            if not_before > inst.task_late[pickup] + 3600.0 * 24:
                break
            land_max = inst.drone_end[d]
            if place < count:
                after = state.chain[d, place]
                land_max = state.floats[after, F_DEPART_MAX] - (inst.turnaround[inst.drone_type[d]])
            if land_max < inst.task_early[pickup] or land_max <= not_before:
                continue
            if _is_banned(search, -1 - (d * 4096 + place)):
                continue
            for drop in range(inst.drop_ptr[i], inst.drop_ptr[i + 1]):
                if inst.task_late[drop] >= not_before:
                    _try_gap(inst, scratch, state, search, i, d, place, drop, not_before, land_max)


@kernel
def _try_gap(
    inst: Instance,
    scratch: Scratch,
    state: State,
    search: Search,
    i: int,
    d: int,
    place: int,
    drop: int,
    not_before: float,
    land_max: float,
) -> None:
    base = base_before(inst, state, d, place)
    fixed = inst.cost_drone if state.chain_len[d] == 0 else 0.0
    one = fixed + inst.cost_sortie
    _try_new(
        inst,
        scratch,
        state,
        search,
        i,
        d,
        place,
        drop,
        base,
        base,
        NEW_SORTIE,
        one,
        not_before,
        land_max,
    )
    last = place == state.chain_len[d]
    if last and not inst.must_return_home:
        for other in range(inst.is_base.shape[0]):
            if inst.is_base[other] and other != base:
                _try_new(
                    inst,
                    scratch,
                    state,
                    search,
                    i,
                    d,
                    place,
                    drop,
                    base,
                    other,
                    NEW_ONE_WAY,
                    one,
                    not_before,
                    land_max,
                )
    k = inst.drone_type[d]
    for other in range(inst.is_base.shape[0]):
        if not inst.is_base[other] or other == base:
            continue
        back = inst.quickest[k, other, base]
        out = inst.quickest[k, base, other]
        if back == np.inf or out == np.inf:
            continue
        turn = inst.turnaround[k]
        two = one + inst.cost_sortie
        _try_new(
            inst,
            scratch,
            state,
            search,
            i,
            d,
            place,
            drop,
            base,
            other,
            NEW_PAIR_FIRST,
            two + inst.cost_flight * back,
            not_before,
            land_max - back - turn,
        )
        _try_new(
            inst,
            scratch,
            state,
            search,
            i,
            d,
            place,
            drop,
            other,
            base,
            NEW_PAIR_SECOND,
            two + inst.cost_flight * out,
            not_before + out + turn,
            land_max,
        )


@kernel
def _try_new(
    inst: Instance,
    scratch: Scratch,
    state: State,
    search: Search,
    i: int,
    d: int,
    place: int,
    drop: int,
    start: int,
    end: int,
    kind: int,
    extra: float,
    not_before: float,
    land_max: float,
) -> None:
    """A sortie for this order alone from ``start`` to ``end``; ``extra`` is what else it costs."""
    k = inst.drone_type[d]
    a, b = inst.task_site[inst.pickup[i]], inst.task_site[drop]
    if (a != start and inst.is_base[a]) or (b != end and inst.is_base[b]):
        return
    flight = inst.quickest[k, start, a] + inst.quickest[k, a, b] + inst.quickest[k, b, end]
    bar = search.cost[0] - EPS
    if extra + inst.cost_flight * flight >= bar or not_before + flight > land_max + EPS:
        return
    n = 0
    if a == start and b == end:
        mode = DIRECT
    elif a == start:
        mode, n = OUTWARD, 1
        scratch.tasks[0] = drop
    elif b == end:
        mode, n = INWARD, 1
        scratch.tasks[0] = inst.pickup[i]
    else:
        mode, n = BETWEEN, 2
        scratch.tasks[0] = inst.pickup[i]
        scratch.tasks[1] = drop
    state.mode[i], state.drop[i] = mode, drop
    scratch.orders[0] = i
    if not is_loadable(inst, scratch, k, scratch.tasks, n, scratch.orders, 1, state.mode):
        return
    if not time_sortie(
        inst,
        scratch,
        k,
        start,
        end,
        scratch.tasks,
        n,
        scratch.orders,
        1,
        state.mode,
        state.drop,
        not_before,
        land_max,
    ):
        return
    cost = (
        extra
        + inst.cost_flight * scratch.outcome[OUT_FLIGHT]
        + inst.cost_energy * scratch.outcome[OUT_ENERGY]
        + scratch.outcome[OUT_LATE]
    )
    if cost >= bar or (search.blink[0] > 0 and draw(search) < search.blink[0]):
        return
    other = end if kind == NEW_PAIR_FIRST or kind == NEW_ONE_WAY else start
    land = scratch.outcome[OUT_LAND]
    if kind == NEW_PAIR_FIRST:
        land += inst.turnaround[k] + inst.quickest[k, end, start]
    if place < state.chain_len[d]:
        cost += push_cost(inst, scratch, state, d, place, land + inst.turnaround[k])
        if cost >= search.cost[0] - EPS:
            return
    _keep_place(search, cost, kind, d, place, other, mode, drop, 0, 0)


@kernel
def insert_order(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    search: Search,
    i: int,
) -> bool:
    """Put an order where it costs least and everything still holds; False when nowhere."""
    search.num_banned[0] = 0
    while True:
        if is_full(journal) or not find_place(inst, scratch, state, search, i):
            return False
        mark = journal.count[0]
        d = search.place[P_SORTIE]
        if search.place[P_KIND] == IN_SORTIE:
            d = state.ints[search.place[P_SORTIE], I_DRONE]
            is_done = _extend_sortie(inst, scratch, state, journal, res, search, i)
        else:
            is_done = _open_sorties(inst, scratch, state, journal, res, search, i)
        if not is_done:
            undo(inst, state, journal, res, mark)
        else:
            search.dirty[d] = 1
        refresh_chain(inst, state, journal, res, d)
        if is_done:
            return True
        if search.num_banned[0] >= search.banned.shape[0]:
            return False
        key = search.place[P_SORTIE]
        if search.place[P_KIND] != IN_SORTIE:
            key = -1 - (d * 4096 + search.place[P_PLACE])
        search.banned[search.num_banned[0]] = key
        search.num_banned[0] += 1


@kernel
def _extend_sortie(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    search: Search,
    i: int,
) -> bool:
    s = search.place[P_SORTIE]
    d = state.ints[s, I_DRONE]
    touch(inst, state, journal, res, s)
    assign(inst, state, journal, i, s)
    state.mode[i], state.drop[i] = search.place[P_MODE], search.place[P_DROP]
    n = _compose(inst, scratch, state, i, s, search.place[P_FIRST], search.place[P_SECOND])
    state.tasks[s, :n] = scratch.tasks[:n]
    state.ints[s, I_TASKS] = n
    state.orders[s, state.ints[s, I_ORDERS]] = i
    state.ints[s, I_ORDERS] += 1
    place = place_of(state, s)
    not_before = ready_before(inst, state, d, place)
    if not place_sortie(
        inst, scratch, state, journal, res, s, not_before, land_limit(inst, state, d, place)
    ):
        return False
    return push_chain(inst, scratch, state, journal, res, d, place + 1)


@kernel
def open_row(state: State, s: int, d: int, k: int, start: int, end: int) -> None:
    """An empty sortie in a free, touched row."""
    state.used[s] = True
    state.ints[s, :] = 0
    state.floats[s, :] = 0.0
    state.ints[s, I_DRONE] = d
    state.ints[s, I_TYPE] = k
    state.ints[s, I_START] = start
    state.ints[s, I_END] = end


@kernel
def link(state: State, journal: Journal, d: int, place: int, s: int) -> None:
    """Put a sortie into a drone's chain."""
    touch_chain(state, journal, d)
    count = state.chain_len[d]
    for at in range(count, place, -1):
        state.chain[d, at] = state.chain[d, at - 1]
    state.chain[d, place] = s
    set_chain_len(state, d, count + 1)


@kernel
def _open_sorties(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    search: Search,
    i: int,
) -> bool:
    """Fly the new sortie of a place, with the empty one of its pair."""
    d, place, kind = search.place[P_SORTIE], search.place[P_PLACE], search.place[P_KIND]
    base, other = base_before(inst, state, d, place), search.place[P_BASE]
    k = inst.drone_type[d]
    num_new = 2 if kind == NEW_PAIR_FIRST or kind == NEW_PAIR_SECOND else 1
    end = base if kind == NEW_SORTIE else other
    at = place
    for leg in range(num_new):
        s = free_row(state)
        if s < 0:
            return False
        touch(inst, state, journal, res, s)
        if leg == 0:
            open_row(state, s, d, k, base, end)
        else:
            open_row(state, s, d, k, other, base)
        has_order = num_new == 1 or (leg == 0) == (kind == NEW_PAIR_FIRST)
        if has_order:
            _load_alone(inst, state, journal, search, i, s)
        not_before = ready_before(inst, state, d, at)
        land_max = inst.drone_end[d]
        if at < state.chain_len[d]:
            after = state.chain[d, at]
            land_max = state.floats[after, F_DEPART_MAX] - inst.turnaround[k]
        if not place_sortie(inst, scratch, state, journal, res, s, not_before, land_max):
            return False
        state.floats[s, F_DEPART_MAX] = land_max
        link(state, journal, d, at, s)
        at += 1
    return push_chain(inst, scratch, state, journal, res, d, at)


@kernel
def _load_alone(
    inst: Instance, state: State, journal: Journal, search: Search, i: int, s: int
) -> None:
    assign(inst, state, journal, i, s)
    mode = search.place[P_MODE]
    state.mode[i], state.drop[i] = mode, search.place[P_DROP]
    state.orders[s, 0] = i
    state.ints[s, I_ORDERS] = 1
    n = 0
    if mode == INWARD or mode == BETWEEN:
        state.tasks[s, n] = inst.pickup[i]
        n += 1
    if mode == OUTWARD or mode == BETWEEN:
        state.tasks[s, n] = state.drop[i]
        n += 1
    state.ints[s, I_TASKS] = n


@kernel
def remove_order(inst: Instance, state: State, journal: Journal, i: int, s: int) -> None:
    """Take an order out of a touched sortie's row (its times are stale until it is placed)."""
    m, kept = state.ints[s, I_ORDERS], 0
    for o in range(m):
        if state.orders[s, o] != i:
            state.orders[s, kept] = state.orders[s, o]
            kept += 1
    state.ints[s, I_ORDERS] = kept
    kept = 0
    for p in range(state.ints[s, I_TASKS]):
        if inst.task_order[state.tasks[s, p]] != i:
            state.tasks[s, kept] = state.tasks[s, p]
            kept += 1
    state.ints[s, I_TASKS] = kept
    assign(inst, state, journal, i, -1)


@kernel
def repair_sortie(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    s: int,
) -> bool:
    """Give a touched, unsettled sortie that lost orders new times; False when it cannot be."""
    d = state.ints[s, I_DRONE]
    place = place_of(state, s)
    not_before = ready_before(inst, state, d, place)
    land_max = land_limit(inst, state, d, place)
    if not place_sortie(inst, scratch, state, journal, res, s, not_before, land_max):
        return False
    return push_chain(inst, scratch, state, journal, res, d, place + 1)


@inlined
def close_row(state: State, s: int) -> None:
    """Free a touched sortie's row."""
    state.used[s] = False


@kernel
def unlink(state: State, journal: Journal, d: int, place: int) -> None:
    """Take a sortie out of a drone's chain."""
    touch_chain(state, journal, d)
    count = state.chain_len[d]
    for at in range(place, count - 1):
        state.chain[d, at] = state.chain[d, at + 1]
    set_chain_len(state, d, count - 1)
