"""Two drones that exchange the rest of their days. Compiled.

Owns one change that costs nothing and moves no sortie in time: what two drones fly after a moment
at which both stand ready at one base changes hands. The gaps between sorties are others
afterwards, and with them where orders fit and how far sorties may move.
"""

from __future__ import annotations

from routing.solver.chain import base_before, ready_before, refresh_chain
from routing.solver.compiling import inlined, kernel
from routing.solver.instance import Instance
from routing.solver.memory import Search, draw_below
from routing.solver.scratch import EPS
from routing.solver.state import F_DEPART, F_LAND, I_DRONE, I_FIXED, State, set_chain_len

ROOM = 4
"""Places that a chain keeps free, as insertion does."""


@kernel
def exchange_tails(inst: Instance, state: State, search: Search) -> bool:
    """Let two random drones exchange what they fly from a random sortie on, if they can."""
    d = draw_below(search, inst.drone_type.shape[0])
    e = draw_below(search, inst.drone_type.shape[0])
    if d == e or state.chain_len[d] == 0 or not _are_exchangeable(inst, d, e):
        return False
    at = draw_below(search, state.chain_len[d])
    ready, depart = ready_before(inst, state, d, at), state.floats[state.chain[d, at], F_DEPART]
    other = state.chain_len[e]
    while other > 0 and state.floats[state.chain[e, other - 1], F_DEPART] >= ready - EPS:
        other -= 1
    while other < state.chain_len[e] and ready_before(inst, state, e, other) <= depart + EPS:
        if base_before(inst, state, e, other) == base_before(inst, state, d, at) and (
            draw_below(search, 2) == 0
        ):
            break
        other += 1
    if ready_before(inst, state, e, other) > depart + EPS:
        return False
    if base_before(inst, state, e, other) != base_before(inst, state, d, at):
        return False
    if not (_may_fly(inst, state, d, at, e, other) and _may_fly(inst, state, e, other, d, at)):
        return False
    _exchange(state, d, at, e, other)
    refresh_chain(inst, state, d)
    refresh_chain(inst, state, e)
    return True


@inlined
def _are_exchangeable(inst: Instance, d: int, e: int) -> bool:
    """Whether two drones of one type end their days at one base."""
    return inst.drone_type[d] == inst.drone_type[e] and inst.drone_home[d] == inst.drone_home[e]


@kernel
def _may_fly(inst: Instance, state: State, d: int, at: int, e: int, other: int) -> bool:
    """Whether drone ``d`` may fly, from its place ``at`` on, what ``e`` flies from ``other`` on."""
    count = at + state.chain_len[e] - other
    if count > inst.sorties_per_drone or count + ROOM > state.chain.shape[1]:
        return False
    if inst.cost_drone > 0 and state.chain_len[d] == 0:
        return False
    for place in range(other, state.chain_len[e]):
        s = state.chain[e, place]
        if state.ints[s, I_FIXED] == 1 or state.floats[s, F_LAND] > inst.drone_end[d] + EPS:
            return False
    return True


@kernel
def _exchange(state: State, d: int, at: int, e: int, other: int) -> None:
    """Change hands of two tails, of which the rows know their drone."""
    mine, theirs = state.chain_len[d] - at, state.chain_len[e] - other
    for step in range(max(mine, theirs)):
        s, t = state.chain[d, at + step], state.chain[e, other + step]
        if step < mine:
            state.chain[e, other + step] = s
            state.ints[s, I_DRONE] = e
        if step < theirs:
            state.chain[d, at + step] = t
            state.ints[t, I_DRONE] = d
    set_chain_len(state, d, at + theirs)
    set_chain_len(state, e, other + mine)
