"""Flying on instead of flying back: two sorties with a base between become one. Compiled.

Owns one change of a drone's chain. An empty sortie and its neighbour, ``a -> b`` and ``b -> c``,
become ``a -> c`` when nothing is loaded or unloaded at ``b``; two empty ones that return to where
they began disappear. Insertion only opens loops and pairs, so this is how a plan comes to rounds
over several bases.
"""

from __future__ import annotations

from routing.solver.chain import (
    land_limit,
    place_sortie,
    push_chain,
    ready_before,
    refresh_chain,
)
from routing.solver.changes import close_row, unlink
from routing.solver.compiling import kernel
from routing.solver.enough import are_base_packs_kept
from routing.solver.instance import Instance
from routing.solver.resources import Resources
from routing.solver.scratch import DIRECT, INWARD, Scratch, starts_aboard
from routing.solver.state import (
    I_END,
    I_FIXED,
    I_ORDERS,
    I_START,
    I_TASKS,
    Journal,
    State,
    assign,
    is_full,
    touch,
    touch_order,
    undo,
    value_of,
)


@kernel
def shorten_chain(
    inst: Instance, scratch: Scratch, state: State, journal: Journal, res: Resources, d: int
) -> int:
    """Take every shortcut of a drone's chain that saves; returns how many."""
    place, taken = 0, 0
    while place + 1 < state.chain_len[d] and not is_full(journal):
        s, t = state.chain[d, place], state.chain[d, place + 1]
        if not _may_join(inst, state, s, t):
            place += 1
            continue
        mark, before = journal.filled[0], value_of(inst, state)
        if _join(inst, scratch, state, journal, res, d, place) and (
            value_of(inst, state) < before - 1e-6
        ):
            taken += 1
            place = max(0, place - 1)
        else:
            undo(inst, state, journal, res, mark)
            place += 1
        refresh_chain(inst, state, d)
    return taken


@kernel
def _may_join(inst: Instance, state: State, s: int, t: int) -> bool:
    """Whether one of the two is empty and nothing of the other one needs the base between."""
    if state.ints[s, I_FIXED] == 1 or state.ints[t, I_FIXED] == 1:
        return False
    if state.ints[s, I_ORDERS] > 0 and state.ints[t, I_ORDERS] > 0:
        return False
    for o in range(state.ints[t, I_ORDERS]):
        mode = state.mode[state.orders[t, o]]
        if starts_aboard(mode):
            return False
    for o in range(state.ints[s, I_ORDERS]):
        i = state.orders[s, o]
        if state.mode[i] == DIRECT or (
            state.mode[i] == INWARD and _drop_at(inst, i, state.ints[t, I_END]) < 0
        ):
            return False
    return True


@kernel
def _drop_at(inst: Instance, i: int, site: int) -> int:
    """The delivery task of an order at a site, -1 for none."""
    for drop in range(inst.drop_ptr[i], inst.drop_ptr[i + 1]):
        if inst.task_site[drop] == site:
            return drop
    return -1


@kernel
def _join(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    d: int,
    place: int,
) -> bool:
    """Fly the two as one in the first one's row."""
    s, t = state.chain[d, place], state.chain[d, place + 1]
    start, between, end = state.ints[s, I_START], state.ints[s, I_END], state.ints[t, I_END]
    touch(inst, state, journal, res, s)
    touch(inst, state, journal, res, t)
    for o in range(state.ints[s, I_ORDERS]):
        i = state.orders[s, o]
        if state.mode[i] == INWARD:
            touch_order(state, journal, i)
            state.drop[i] = _drop_at(inst, i, end)
    if state.ints[t, I_ORDERS] > 0:
        n, m = state.ints[t, I_TASKS], state.ints[t, I_ORDERS]
        state.tasks[s, :n] = state.tasks[t, :n]
        state.orders[s, :m] = state.orders[t, :m]
        state.ints[s, I_TASKS] = n
        state.ints[s, I_ORDERS] = m
        for o in range(m):
            assign(inst, state, journal, state.orders[s, o], s)
    unlink(state, journal, d, place + 1)
    close_row(state, t)
    # A pack that landed here, or was spared by landing, may be the one that another sortie takes.
    if state.ints[s, I_ORDERS] == 0 and start == end:
        unlink(state, journal, d, place)
        close_row(state, s)
        return are_base_packs_kept(inst, res, start) and are_base_packs_kept(inst, res, between)
    state.ints[s, I_END] = end
    refresh_chain(inst, state, d)
    not_before = ready_before(inst, state, d, place)
    if not place_sortie(
        inst, scratch, state, journal, res, s, not_before, land_limit(inst, state, d, place)
    ):
        return False
    return are_base_packs_kept(inst, res, between) and push_chain(
        inst, scratch, state, journal, res, d, place + 1
    )
