"""Taking orders out of a plan: strings of neighbouring stops, and spans of time. Compiled.

Owns the choice of what is torn down. After Christiaens & Vanden Berghe, "Slack Induction by
String Removals for Vehicle Routing Problems" (Transportation Science 54:417-433, 2020), on an
unordered set of sorties; the chains only matter when sorties become empty.
"""

from __future__ import annotations

import numpy as np

from routing.solver.chain import refresh_chain
from routing.solver.changes import close_row, place_of, remove_order, unlink
from routing.solver.compiling import kernel
from routing.solver.enough import are_base_packs_kept
from routing.solver.insertion import repair_sortie
from routing.solver.instance import Instance, IntArray
from routing.solver.memory import Search, draw, draw_below
from routing.solver.resources import Resources
from routing.solver.scratch import Scratch
from routing.solver.state import (
    I_DRONE,
    I_END,
    I_FIXED,
    I_ORDERS,
    I_START,
    I_TASKS,
    Journal,
    State,
    is_full,
    touch,
    undo,
)


@kernel
def ruin(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    search: Search,
    size: float,
    absent: IntArray,
    count: int,
) -> int:
    """Take orders out round a random one; appends them to ``absent``, returns the new count."""
    if inst.pickup.shape[0] == 0:
        return count
    if draw(search) < 0.15:
        return _ruin_span(inst, scratch, state, journal, res, search, size, absent, count)
    return _ruin_strings(inst, scratch, state, journal, res, search, size, absent, count)


@kernel
def _ruin_strings(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    search: Search,
    size: float,
    absent: IntArray,
    count: int,
) -> int:
    num_orders = inst.pickup.shape[0]
    enough = count + 1 + int(draw(search) * 2.0 * size)
    whole = draw(search)
    seed = draw_below(search, num_orders)
    search.stamp[0] += 1
    for n in range(-1, inst.near.shape[1]):
        i = seed if n < 0 else inst.near[seed, n]
        s = state.sortie_of[i]
        if s < 0 or search.mark[s] == search.stamp[0] or state.ints[s, I_FIXED] == 1:
            continue
        if is_full(journal):
            break
        search.mark[s] = search.stamp[0]
        m = state.ints[s, I_ORDERS]
        length = m if draw(search) < whole else 1 + draw_below(search, int(min(10, m)))
        count = _remove_string(
            inst, scratch, state, journal, res, search, s, i, length, absent, count
        )
        if count >= enough:
            break
    return count


@kernel
def _ruin_span(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    search: Search,
    size: float,
    absent: IntArray,
    count: int,
) -> int:
    """Take out whole neighbouring sorties of one or two drones."""
    num_drones = inst.drone_type.shape[0]
    left = int(2 + draw(search) * size)
    for _ in range(4):
        d = draw_below(search, num_drones)
        if state.chain_len[d] == 0:
            continue
        first = draw_below(search, state.chain_len[d])
        for _ in range(1 + draw_below(search, 4)):
            if first >= state.chain_len[d] or is_full(journal):
                break
            s = state.chain[d, first]
            m = state.ints[s, I_ORDERS]
            if state.ints[s, I_FIXED] == 1:
                break
            before = state.chain_len[d]
            if m > 0:
                count = _remove_string(
                    inst,
                    scratch,
                    state,
                    journal,
                    res,
                    search,
                    s,
                    state.orders[s, 0],
                    m,
                    absent,
                    count,
                )
                left -= m
            if state.chain_len[d] >= before:
                first += 1
        if left <= 0:
            break
    return count


@kernel
def _in_sequence(inst: Instance, scratch: Scratch, state: State, s: int) -> int:
    """Orders of a sortie by first stop (those without a stop last), into the scratch."""
    at = 0
    for p in range(state.ints[s, I_TASKS]):
        i = inst.task_order[state.tasks[s, p]]
        seen = False
        for x in range(at):
            if scratch.orders[x] == i:
                seen = True
                break
        if not seen:
            scratch.orders[at] = i
            at += 1
    for o in range(state.ints[s, I_ORDERS]):
        i = state.orders[s, o]
        seen = False
        for x in range(at):
            if scratch.orders[x] == i:
                seen = True
                break
        if not seen:
            scratch.orders[at] = i
            at += 1
    return at


@kernel
def _remove_string(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    search: Search,
    s: int,
    around: int,
    length: int,
    absent: IntArray,
    count: int,
) -> int:
    """Take ``length`` neighbouring orders, one of them ``around``, out of a sortie."""
    m = _in_sequence(inst, scratch, state, s)
    place = 0
    while scratch.orders[place] != around:
        place += 1
    first = max(0, place - length + 1)
    last = min(place, m - length)
    first += draw_below(search, last - first + 1) if last > first else 0
    string = scratch.orders[first : first + length].copy()
    mark, d, kept = journal.filled[0], state.ints[s, I_DRONE], count
    touch(inst, state, journal, res, s)
    for i in string:
        remove_order(inst, state, journal, i, s)
        absent[count] = i
        count += 1
    if state.ints[s, I_ORDERS] == 0 and state.ints[s, I_START] == state.ints[s, I_END]:
        unlink(state, journal, d, place_of(state, s))
        close_row(state, s)
    elif not repair_sortie(inst, scratch, state, journal, res, s):
        undo(inst, state, journal, res, mark)
        count = kept
    elif state.ints[s, I_ORDERS] == 0:
        count = _drop_ferries(inst, state, journal, res, search, d, s, absent, count)
    search.dirty[d] = 1
    refresh_chain(inst, state, d)
    return count


@kernel
def _drop_ferries(
    inst: Instance,
    state: State,
    journal: Journal,
    res: Resources,
    search: Search,
    d: int,
    s: int,
    absent: IntArray,
    count: int,
) -> int:
    """An empty sortie to another base: drop it with the one that brings the drone back.

    The partner gives up its orders too, half of the time, so that both can go.
    """
    place, mark, kept = place_of(state, s), journal.filled[0], count
    start, end = state.ints[s, I_START], state.ints[s, I_END]
    if place + 1 == state.chain_len[d] and not inst.must_return_home:
        touch(inst, state, journal, res, s)
        unlink(state, journal, d, place)
        close_row(state, s)
        if not (are_base_packs_kept(inst, res, start) and are_base_packs_kept(inst, res, end)):
            undo(inst, state, journal, res, mark)
        return count
    for step in (1, -1):
        other = place + step
        if other < 0 or other >= state.chain_len[d]:
            continue
        t = state.chain[d, other]
        first, second = (s, t) if step == 1 else (t, s)
        if state.ints[first, I_START] != state.ints[second, I_END]:
            continue
        if state.ints[t, I_FIXED] == 1 or is_full(journal):
            continue
        if state.ints[t, I_ORDERS] > 0 and draw(search) < 0.5:
            continue
        touch(inst, state, journal, res, s)
        touch(inst, state, journal, res, t)
        for i in state.orders[t, : state.ints[t, I_ORDERS]].copy():
            remove_order(inst, state, journal, i, t)
            absent[count] = i
            count += 1
        unlink(state, journal, d, max(place, other))
        unlink(state, journal, d, min(place, other))
        close_row(state, s)
        close_row(state, t)
        if are_base_packs_kept(inst, res, start) and are_base_packs_kept(inst, res, end):
            return count
        undo(inst, state, journal, res, mark)
        count = kept
    return count


@kernel
def sort_absent(
    inst: Instance, search: Search, absent: IntArray, count: int, distance: IntArray
) -> None:
    """Order the absent for reinsertion: random, heaviest, farthest, nearest, tightest or first."""
    choice = draw(search) * 12.0
    key = np.empty(count)
    for a in range(count):
        i = absent[a]
        drop = inst.drop_ptr[i]
        if choice < 4:
            key[a] = draw(search)
        elif choice < 6:
            key[a] = -float(inst.mass[i])
        elif choice < 8:
            key[a] = -float(distance[i])
        elif choice < 9:
            key[a] = float(distance[i])
        elif choice < 11:
            key[a] = inst.task_late[drop] - inst.task_early[inst.pickup[i]]
        else:
            key[a] = inst.task_early[inst.pickup[i]]
        key[a] += 1e9 * inst.tier[i] if choice >= 9 else 0.0
    order = np.argsort(key)
    copy = absent[:count].copy()
    for a in range(count):
        absent[a] = copy[order[a]]
