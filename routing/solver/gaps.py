"""New sorties for one order, in the gaps of the drones' days. Compiled.

Owns which gaps and bases are tried: a sortie that returns to its base, one that ends at another
base, or a pair out to another base and back, one of them empty. Changes nothing but the order's
own mode.
"""

from __future__ import annotations

import numpy as np

from routing.solver.chain import base_before, push_cost, ready_before
from routing.solver.compiling import inlined, kernel
from routing.solver.instance import Instance
from routing.solver.memory import (
    NEW_ONE_WAY,
    NEW_PAIR_FIRST,
    NEW_PAIR_SECOND,
    NEW_SORTIE,
    Search,
    draw_below,
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
from routing.solver.state import F_DEPART_MAX, State
from routing.solver.timing import time_sortie


@inlined
def gap_key(d: int, place: int) -> int:
    """A gap of a drone's chain as one negative number (sorties are the others)."""
    return -1 - (d * 4096 + place)


@inlined
def gap_end(inst: Instance, state: State, d: int, place: int) -> float:
    """Latest landing in a gap, so that the sortie after it can still be flown."""
    if place >= state.chain_len[d]:
        return inst.drone_end[d]
    after = state.chain[d, place]
    return state.floats[after, F_DEPART_MAX] - inst.turnaround[inst.drone_type[d]]


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
def _least_alone(inst: Instance, scratch: Scratch, i: int) -> float:
    """No new sortie for this order costs less: its flight from and to the nearest bases."""
    a, least = inst.task_site[inst.pickup[i]], np.inf
    for k in range(inst.quickest.shape[0]):
        out = 0.0
        if not inst.is_base[a]:
            out = np.inf
            for base in scratch.bases:
                out = min(out, inst.quickest[k, base, a])
        for drop in range(inst.drop_ptr[i], inst.drop_ptr[i + 1]):
            b, back = inst.task_site[drop], 0.0
            if not inst.is_base[b]:
                back = np.inf
                for base in scratch.bases:
                    back = min(back, inst.quickest[k, b, base])
            least = min(least, out + inst.quickest[k, a, b] + back)
    return inst.cost_sortie + inst.cost_flight * least


@kernel
def try_gaps(inst: Instance, scratch: Scratch, state: State, search: Search, i: int) -> None:
    """A new sortie, or a pair of them, in each gap of each drone's day."""
    if _least_alone(inst, scratch, i) >= search.cost[0] - EPS:
        return
    pickup = inst.pickup[i]
    num_drones = inst.drone_type.shape[0]
    shift = draw_below(search, num_drones)
    seen = -1
    for step in range(shift, shift + num_drones):
        d = step if step < num_drones else step - num_drones
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
            land_max = gap_end(inst, state, d, place)
            if land_max < inst.task_early[pickup] or land_max <= not_before:
                continue
            if is_banned(search, gap_key(d, place)):
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
    """Every new sortie or pair in one gap for one destination of an order."""
    base, k = base_before(inst, state, d, place), inst.drone_type[d]
    one = inst.cost_sortie + (inst.cost_drone if state.chain_len[d] == 0 else 0.0)
    _try_new(
        inst, scratch, state, search, i, d, place, drop,
        base, base, NEW_SORTIE, one, not_before, land_max,
    )  # fmt: skip
    if place == state.chain_len[d] and not inst.must_return_home:
        for other in scratch.bases:
            if other != base:
                _try_new(
                    inst, scratch, state, search, i, d, place, drop,
                    base, other, NEW_ONE_WAY, one, not_before, land_max,
                )  # fmt: skip
    two, turn = one + inst.cost_sortie, inst.turnaround[k]
    for other in scratch.bases:
        if other == base:
            continue
        out, back = inst.quickest[k, base, other], inst.quickest[k, other, base]
        if out == np.inf or back == np.inf:
            continue
        _try_new(
            inst, scratch, state, search, i, d, place, drop,
            base, other, NEW_PAIR_FIRST, two + inst.cost_flight * back,
            not_before, land_max - back - turn,
        )  # fmt: skip
        _try_new(
            inst, scratch, state, search, i, d, place, drop,
            other, base, NEW_PAIR_SECOND, two + inst.cost_flight * out,
            not_before + out + turn, land_max,
        )  # fmt: skip


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
        inst, scratch, k, start, end, scratch.tasks, n, scratch.orders, 1,
        state.mode, state.drop, not_before, land_max,
    ):  # fmt: skip
        return
    cost = (
        extra
        + inst.cost_flight * scratch.outcome[OUT_FLIGHT]
        + inst.cost_energy * scratch.outcome[OUT_ENERGY]
        + scratch.outcome[OUT_LATE]
    )
    if cost >= bar or is_passed_over(search):
        return
    other = end if kind in (NEW_PAIR_FIRST, NEW_ONE_WAY) else start
    land = scratch.outcome[OUT_LAND]
    if kind == NEW_PAIR_FIRST:
        land += inst.turnaround[k] + inst.quickest[k, end, start]
    if place < state.chain_len[d]:
        cost += push_cost(inst, scratch, state, d, place, land + inst.turnaround[k])
        if cost >= search.cost[0] - EPS:
            return
    keep_place(search, cost, kind, d, place, other, mode, drop, 0, 0)
