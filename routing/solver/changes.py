"""Edits of a plan's rows and chains, each of them on the journal first. Compiled.

Owns how orders enter and leave a sortie's row and sorties a drone's chain. Decides nothing and
times nothing: a changed sortie's times are stale until it is placed (``chain.place_sortie``).
"""

from __future__ import annotations

from routing.solver.compiling import inlined, kernel
from routing.solver.instance import Instance
from routing.solver.scratch import BETWEEN, DIRECT, OUTWARD, Scratch
from routing.solver.state import (
    I_DRONE,
    I_END,
    I_ORDERS,
    I_STALE,
    I_START,
    I_TASKS,
    I_TYPE,
    Journal,
    State,
    assign,
    set_chain_len,
    touch_chain,
)


@inlined
def place_of(state: State, s: int) -> int:
    """Place of a sortie in its drone's chain."""
    d = state.ints[s, I_DRONE]
    for place in range(state.chain_len[d]):
        if state.chain[d, place] == s:
            return place
    return -1


@kernel
def compose(inst: Instance, scratch: Scratch, state: State, i: int, s: int, p: int, q: int) -> int:
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
def take_aboard(
    inst: Instance, scratch: Scratch, state: State, i: int, s: int, p: int, q: int
) -> None:
    """Give an order a place in a touched sortie's row, its tasks at positions ``p`` and ``q``."""
    n = compose(inst, scratch, state, i, s, p, q)
    state.tasks[s, :n] = scratch.tasks[:n]
    state.ints[s, I_TASKS] = n
    state.orders[s, state.ints[s, I_ORDERS]] = i
    state.ints[s, I_ORDERS] += 1


@kernel
def open_row(state: State, s: int, d: int, k: int, start: int, end: int) -> None:
    """An empty sortie in a free, touched row."""
    state.used[s] = True
    state.ints[s, :] = 0
    state.floats[s, :] = 0.0
    state.ints[s, I_STALE] = 1
    state.ints[s, I_DRONE] = d
    state.ints[s, I_TYPE] = k
    state.ints[s, I_START] = start
    state.ints[s, I_END] = end


@inlined
def close_row(state: State, s: int) -> None:
    """Free a touched sortie's row."""
    state.used[s] = False


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
def unlink(state: State, journal: Journal, d: int, place: int) -> None:
    """Take a sortie out of a drone's chain."""
    touch_chain(state, journal, d)
    count = state.chain_len[d]
    for at in range(place, count - 1):
        state.chain[d, at] = state.chain[d, at + 1]
    set_chain_len(state, d, count - 1)


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
