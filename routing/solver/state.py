"""A whole plan while it is being searched: sorties, drone chains, orders, and a way back. Compiled.

Owns the mutable arrays and the journal that undoes any change. Does not know what makes a change
worth while (``insertion``, ``ruin``) nor what pads and packs allow (``resources``).

Every drone has a chain of sorties in time order; each starts where the one before ended. A change
is: ``touch`` the sortie (its row goes on the journal, its footprint off the resources), edit it,
``settle`` it (footprint back on). ``undo`` takes the journal back to a mark.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.instance import BoolArray, FloatArray, Instance, IntArray
from routing.solver.resources import Resources, add_footprint, drop_footprint, new_resources

F_DEPART, F_LAND, F_LATE, F_FLIGHT, F_ENERGY, F_LAND_MAX, F_DEPART_MAX, F_NOT_BEFORE = range(8)
F_LEAST = 8
NUM_F = 9
I_DRONE, I_START, I_END, I_TASKS, I_ORDERS, I_FIXED, I_TYPE, I_OUT, I_IN, I_SETTLED = range(10)
I_STALE = 10
NUM_I = 11
"""Columns of a sortie's row: ``I_OUT`` and ``I_IN`` are the mass at first and last leg; stale (1)
is a row edited since its earliest and latest times were computed."""

KIND_SORTIE, KIND_CHAIN, KIND_ORDER = range(3)


class State(NamedTuple):
    """A plan under search; ``Z`` sorties, ``L`` tasks or orders a sortie, ``C`` sorties a drone."""

    used: BoolArray  # [Z]
    ints: IntArray  # [Z, NUM_I]
    floats: FloatArray  # [Z, NUM_F]
    tasks: IntArray  # [Z, L]
    orders: IntArray  # [Z, L]
    handover: FloatArray  # [Z, L] start of the handover of each task
    soonest: FloatArray  # [Z, L] as handover, leaving as early as the chain allows (prunes)
    latest: FloatArray  # [Z, L] latest handover start that the chain allows (prunes)
    load: IntArray  # [Z, L] mass on the leg to each task, at last to the end base (prunes)
    haul: FloatArray  # [Z, L] least energy that one mass unit more takes up to there (prunes)
    chain_len: IntArray  # [D]
    chain: IntArray  # [D, C]
    sortie_of: IntArray  # [N], -1 for unserved
    mode: IntArray  # [N]
    drop: IntArray  # [N] delivery task in use
    counts: IntArray  # see C_*
    totals: FloatArray  # see T_*


C_NEXT_FREE, C_SORTIES, C_DRONES = range(3)
T_FLIGHT, T_ENERGY, T_LATE, T_UNSERVED = range(4)


class Journal(NamedTuple):
    """Rows as they were, newest last."""

    filled: IntArray  # [1] number of rows in use
    kind: IntArray  # [J]
    row: IntArray  # [J] the sortie, drone or order that the row is of
    used: BoolArray  # [J]
    ints: IntArray  # [J, NUM_I]
    floats: FloatArray  # [J, NUM_F]
    tasks: IntArray  # [J, L or C]
    orders: IntArray  # [J, L]
    handover: FloatArray  # [J, L]
    soonest: FloatArray
    latest: FloatArray
    load: IntArray
    haul: FloatArray


def new_state(inst: Instance, length: int, num_sorties: int, chain_length: int) -> State:
    """An empty plan: every order unserved, every drone at home."""
    num_orders, num_drones = inst.num_orders, inst.num_drones
    state = State(
        used=np.zeros(num_sorties, dtype=np.bool_),
        ints=np.zeros((num_sorties, NUM_I), dtype=np.int64),
        floats=np.zeros((num_sorties, NUM_F)),
        tasks=np.zeros((num_sorties, length), dtype=np.int64),
        orders=np.zeros((num_sorties, length), dtype=np.int64),
        handover=np.zeros((num_sorties, length)),
        soonest=np.zeros((num_sorties, length)),
        latest=np.zeros((num_sorties, length)),
        load=np.zeros((num_sorties, length), dtype=np.int64),
        haul=np.zeros((num_sorties, length)),
        chain_len=np.zeros(num_drones, dtype=np.int64),
        chain=np.zeros((num_drones, chain_length), dtype=np.int64),
        sortie_of=np.full(num_orders, -1, dtype=np.int64),
        mode=np.zeros(num_orders, dtype=np.int64),
        drop=inst.drop_ptr[:-1].copy(),
        counts=np.zeros(3, dtype=np.int64),
        totals=np.zeros(4),
    )
    state.totals[T_UNSERVED] = inst.unserved_weight.sum()
    return state


def new_journal(state: State, capacity: int) -> Journal:
    """An empty journal for ``capacity`` changes of one iteration."""
    length = state.tasks.shape[1]
    width = max(length, state.chain.shape[1])
    return Journal(
        filled=np.zeros(1, dtype=np.int64),
        kind=np.zeros(capacity, dtype=np.int64),
        row=np.zeros(capacity, dtype=np.int64),
        used=np.zeros(capacity, dtype=np.bool_),
        ints=np.zeros((capacity, NUM_I), dtype=np.int64),
        floats=np.zeros((capacity, NUM_F)),
        tasks=np.zeros((capacity, width), dtype=np.int64),
        orders=np.zeros((capacity, length), dtype=np.int64),
        handover=np.zeros((capacity, length)),
        soonest=np.zeros((capacity, length)),
        latest=np.zeros((capacity, length)),
        load=np.zeros((capacity, length), dtype=np.int64),
        haul=np.zeros((capacity, length)),
    )


def copy_state(source: State, target: State) -> None:
    """Copy every array of a plan into another of the same shape."""
    for read, write in zip(source, target, strict=True):
        np.copyto(write, read)


def resources_for(inst: Instance, state: State) -> Resources:
    """Empty resources sized for this plan's arrays."""
    return new_resources(inst, state.tasks.shape[0])


@inlined
def is_full(journal: Journal) -> bool:
    """Whether the journal has no room for another change with its successors."""
    return journal.filled[0] + 64 >= journal.kind.shape[0]


@kernel
def touch(inst: Instance, state: State, journal: Journal, res: Resources, s: int) -> None:
    """Record a sortie before it is edited and take its footprint off the resources."""
    j = journal.filled[0]
    journal.filled[0] = j + 1
    journal.kind[j] = KIND_SORTIE
    journal.row[j] = s
    journal.used[j] = state.used[s]
    if state.used[s]:
        journal.ints[j] = state.ints[s]
        journal.floats[j] = state.floats[s]
        n, m = state.ints[s, I_TASKS], state.ints[s, I_ORDERS]
        journal.tasks[j, :n] = state.tasks[s, :n]
        journal.orders[j, :m] = state.orders[s, :m]
        journal.handover[j, :n] = state.handover[s, :n]
        journal.soonest[j, :n] = state.soonest[s, :n]
        journal.latest[j, :n] = state.latest[s, :n]
        journal.load[j, : n + 1] = state.load[s, : n + 1]
        journal.haul[j, : n + 1] = state.haul[s, : n + 1]
        state.ints[s, I_STALE] = 1
        if state.ints[s, I_SETTLED] == 1:
            _take_off(inst, state, res, s)


@kernel
def settle(inst: Instance, state: State, res: Resources, s: int) -> None:
    """Count an edited sortie again and put its footprint back."""
    if not state.used[s]:
        return
    state.ints[s, I_SETTLED] = 1
    state.counts[C_SORTIES] += 1
    state.totals[T_FLIGHT] += state.floats[s, F_FLIGHT]
    state.totals[T_ENERGY] += state.floats[s, F_ENERGY]
    state.totals[T_LATE] += state.floats[s, F_LATE]
    if inst.has_pads or inst.has_packs or inst.has_pilots:
        add_footprint(
            inst,
            res,
            s,
            state.ints[s, I_TYPE],
            state.ints[s, I_START],
            state.ints[s, I_END],
            state.tasks[s],
            state.ints[s, I_TASKS],
            state.handover[s],
            state.floats[s, F_DEPART],
            state.floats[s, F_LAND],
        )


@kernel
def _take_off(inst: Instance, state: State, res: Resources, s: int) -> None:
    state.ints[s, I_SETTLED] = 0
    state.counts[C_SORTIES] -= 1
    state.totals[T_FLIGHT] -= state.floats[s, F_FLIGHT]
    state.totals[T_ENERGY] -= state.floats[s, F_ENERGY]
    state.totals[T_LATE] -= state.floats[s, F_LATE]
    if inst.has_pads or inst.has_packs or inst.has_pilots:
        drop_footprint(
            inst,
            res,
            s,
            state.ints[s, I_START],
            state.ints[s, I_END],
            state.tasks[s],
            state.ints[s, I_TASKS],
        )


@kernel
def touch_chain(state: State, journal: Journal, d: int) -> None:
    """Record a drone's chain before it is edited."""
    j = journal.filled[0]
    journal.filled[0] = j + 1
    journal.kind[j] = KIND_CHAIN
    journal.row[j] = d
    n = state.chain_len[d]
    journal.ints[j, 0] = n
    journal.tasks[j, :n] = state.chain[d, :n]


@inlined
def touch_order(state: State, journal: Journal, i: int) -> None:
    """Record how an order is served before that changes."""
    j = journal.filled[0]
    journal.filled[0] = j + 1
    journal.kind[j] = KIND_ORDER
    journal.row[j] = i
    journal.ints[j, 0] = state.sortie_of[i]
    journal.ints[j, 1] = state.mode[i]
    journal.ints[j, 2] = state.drop[i]


@inlined
def assign(inst: Instance, state: State, journal: Journal, i: int, s: int) -> None:
    """Give an order to a sortie (-1: to none), counting its weight."""
    touch_order(state, journal, i)
    _count_unserved(inst, state, i, s)


@inlined
def _count_unserved(inst: Instance, state: State, i: int, s: int) -> None:
    if state.sortie_of[i] < 0 <= s:
        state.totals[T_UNSERVED] -= inst.unserved_weight[i]
    elif s < 0 <= state.sortie_of[i]:
        state.totals[T_UNSERVED] += inst.unserved_weight[i]
    state.sortie_of[i] = s


@inlined
def set_chain_len(state: State, d: int, n: int) -> None:
    """Change a chain's length, counting drones in use."""
    if state.chain_len[d] == 0 and n > 0:
        state.counts[C_DRONES] += 1
    elif state.chain_len[d] > 0 and n == 0:
        state.counts[C_DRONES] -= 1
    state.chain_len[d] = n


@kernel
def undo(inst: Instance, state: State, journal: Journal, res: Resources, mark: int) -> None:
    """Take back every change since ``mark``, newest first."""
    while journal.filled[0] > mark:
        j = journal.filled[0] - 1
        journal.filled[0] = j
        x = journal.row[j]
        if journal.kind[j] == KIND_SORTIE:
            if state.used[x] and state.ints[x, I_SETTLED] == 1:
                _take_off(inst, state, res, x)
            state.used[x] = journal.used[j]
            if journal.used[j]:
                state.ints[x] = journal.ints[j]
                state.floats[x] = journal.floats[j]
                n, m = state.ints[x, I_TASKS], state.ints[x, I_ORDERS]
                state.tasks[x, :n] = journal.tasks[j, :n]
                state.orders[x, :m] = journal.orders[j, :m]
                state.handover[x, :n] = journal.handover[j, :n]
                state.soonest[x, :n] = journal.soonest[j, :n]
                state.latest[x, :n] = journal.latest[j, :n]
                state.load[x, : n + 1] = journal.load[j, : n + 1]
                state.haul[x, : n + 1] = journal.haul[j, : n + 1]
                state.ints[x, I_SETTLED] = 0
                if journal.ints[j, I_SETTLED] == 1:
                    settle(inst, state, res, x)
        elif journal.kind[j] == KIND_CHAIN:
            n = journal.ints[j, 0]
            set_chain_len(state, x, n)
            state.chain[x, :n] = journal.tasks[j, :n]
        else:
            _count_unserved(inst, state, x, journal.ints[j, 0])
            state.mode[x] = journal.ints[j, 1]
            state.drop[x] = journal.ints[j, 2]


@inlined
def free_row(state: State) -> int:
    """An unused sortie row, -1 when all are taken."""
    total = state.used.shape[0]
    at = state.counts[C_NEXT_FREE]
    for _ in range(total):
        at = at + 1 if at + 1 < total else 0
        if not state.used[at]:
            state.counts[C_NEXT_FREE] = at
            return at
    return -1


@inlined
def cost_of(inst: Instance, state: State) -> float:
    """The third objective term: flight, energy, sorties and drones."""
    return (
        inst.cost_flight * state.totals[T_FLIGHT]
        + inst.cost_energy * state.totals[T_ENERGY]
        + inst.cost_sortie * state.counts[C_SORTIES]
        + inst.cost_drone * state.counts[C_DRONES]
    )


@kernel
def value_of(inst: Instance, state: State) -> float:
    """The whole objective as one number: unserved + lateness + cost."""
    return state.totals[T_UNSERVED] + state.totals[T_LATE] + cost_of(inst, state)
