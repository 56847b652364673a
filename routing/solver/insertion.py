"""Putting one order into a plan at the least cost. Compiled.

Owns the execution of the best place (``places``, ``gaps``) and what follows from it: later sorties
move, pads, packs and pilots must suffice; a place that does not hold is banned and the next tried.
"""

from __future__ import annotations

from routing.solver.chain import (
    base_before,
    land_limit,
    place_sortie,
    push_chain,
    ready_before,
    refresh_chain,
)
from routing.solver.changes import link, open_row, place_of, take_aboard
from routing.solver.compiling import inlined, kernel
from routing.solver.gaps import gap_end, gap_key
from routing.solver.instance import Instance
from routing.solver.memory import (
    IN_SORTIE,
    NEW_PAIR_FIRST,
    NEW_PAIR_SECOND,
    NEW_SORTIE,
    P_BASE,
    P_DROP,
    P_FIRST,
    P_KIND,
    P_MODE,
    P_PLACE,
    P_SECOND,
    P_SORTIE,
    Search,
)
from routing.solver.places import find_place
from routing.solver.resources import Resources
from routing.solver.scratch import Scratch
from routing.solver.state import (
    F_DEPART_MAX,
    I_DRONE,
    Journal,
    State,
    assign,
    free_row,
    is_full,
    touch,
    undo,
)


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
        mark = journal.filled[0]
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
        refresh_chain(inst, state, d)
        if is_done:
            return True
        if search.num_banned[0] >= search.banned.shape[0]:
            return False
        key = search.place[P_SORTIE]
        if search.place[P_KIND] != IN_SORTIE:
            key = gap_key(d, search.place[P_PLACE])
        search.banned[search.num_banned[0]] = key
        search.num_banned[0] += 1


@inlined
def _take_order(
    inst: Instance, state: State, journal: Journal, search: Search, i: int, s: int
) -> None:
    """Assign an order to a sortie in the way of the chosen place."""
    assign(inst, state, journal, i, s)
    state.mode[i], state.drop[i] = search.place[P_MODE], search.place[P_DROP]


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
    """Fly a place inside a sortie."""
    s = search.place[P_SORTIE]
    touch(inst, state, journal, res, s)
    _take_order(inst, state, journal, search, i, s)
    take_aboard(inst, scratch, state, i, s, search.place[P_FIRST], search.place[P_SECOND])
    return repair_sortie(inst, scratch, state, journal, res, s)


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
    num_new = 2 if kind in (NEW_PAIR_FIRST, NEW_PAIR_SECOND) else 1
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
            _take_order(inst, state, journal, search, i, s)
            take_aboard(inst, scratch, state, i, s, 0, 0)
        not_before = ready_before(inst, state, d, at)
        land_max = gap_end(inst, state, d, at)
        if not place_sortie(inst, scratch, state, journal, res, s, not_before, land_max):
            return False
        state.floats[s, F_DEPART_MAX] = land_max
        link(state, journal, d, at, s)
        at += 1
    return push_chain(inst, scratch, state, journal, res, d, at)


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
