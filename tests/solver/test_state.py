"""The journal takes everything back, and the running totals are those counted from scratch."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.solver.enough import are_packs_kept, are_pads_kept, are_pilots_kept
from routing.solver.search import Worker
from routing.solver.state import (
    C_DRONES,
    C_SORTIES,
    F_LATE,
    I_DRONE,
    I_END,
    I_START,
    I_TASKS,
    T_ENERGY,
    T_FLIGHT,
    T_LATE,
    T_UNSERVED,
    value_of,
)
from tests.networks import RandomDay, days
from tests.solver.plans import (
    day_of,
    held,
    held_from_scratch,
    insert,
    picture,
    take_back,
    tear_down,
    worker_of,
)

CHANGES = st.lists(st.integers(-4, 9), min_size=1, max_size=12)
"""A negative number ruins, another one inserts that order."""


def _change(worker: Worker, changes: list[int]) -> int:
    count = 0
    for change in changes:
        if change < 0:
            count += tear_down(worker)
        elif change < worker.inst.num_orders:
            count += insert(worker, change)
    return count


@given(days(), CHANGES, CHANGES, st.integers(0, 99))
@settings(max_examples=40)
def test_undo_restores_the_plan_and_its_resources(
    random_day: RandomDay, first: list[int], second: list[int], seed: int
) -> None:
    worker = worker_of(day_of(random_day), seed)
    for i in range(worker.inst.num_orders):
        insert(worker, i)
    _change(worker, first)
    worker.journal.filled[0] = 0
    worker.search.dirty[:] = 0
    before, totals = picture(worker), worker.state.totals.copy()
    _change(worker, second)
    take_back(worker, 0)
    assert picture(worker) == before
    np.testing.assert_allclose(worker.state.totals, totals, rtol=1e-12, atol=1e-6)


@given(days(), CHANGES, st.integers(0, 99))
@settings(max_examples=40)
def test_totals_and_resources_are_those_counted_from_scratch(
    random_day: RandomDay, changes: list[int], seed: int
) -> None:
    worker = worker_of(day_of(random_day), seed)
    for i in range(worker.inst.num_orders):
        insert(worker, i)
    _change(worker, changes)
    inst, state = worker.inst, worker.state
    flight, late = _recount(worker)
    assert state.totals[T_FLIGHT] == pytest.approx(flight)
    assert state.totals[T_LATE] == pytest.approx(late, abs=1e-6)
    assert state.counts[C_SORTIES] == state.used.sum()
    assert state.counts[C_DRONES] == (state.chain_len > 0).sum()
    assert state.totals[T_UNSERVED] == inst.unserved_weight[state.sortie_of < 0].sum()
    assert held(worker.res) == held_from_scratch(worker)
    assert value_of(worker.views.inst, worker.views.state) == pytest.approx(
        state.totals[T_UNSERVED]
        + late
        + inst.cost_flight * flight
        + inst.cost_energy * state.totals[T_ENERGY]
        + inst.cost_sortie * state.used.sum()
        + inst.cost_drone * (state.chain_len > 0).sum()
    )


def _recount(worker: Worker) -> tuple[float, float]:
    """Flight seconds and weighted lateness from stops, landings and handovers alone."""
    inst, state = worker.inst, worker.state
    flight, late = 0.0, 0.0
    for s in np.flatnonzero(state.used):
        n = int(state.ints[s, I_TASKS])
        k = inst.drone_type[state.ints[s, I_DRONE]]
        sites = [state.ints[s, I_START], *inst.task_site[state.tasks[s, :n]], state.ints[s, I_END]]
        flight += sum(inst.travel[k, 0, a, b] for a, b in pairwise(sites) if a != b)
        late += state.floats[s, F_LATE]
    received = 0.0
    for i in np.flatnonzero(state.sortie_of >= 0):
        s, drop = state.sortie_of[i], state.drop[i]
        goal, tasks = inst.task_site[drop], state.tasks[s, : state.ints[s, I_TASKS]]
        at = np.flatnonzero(tasks == drop)
        start = state.handover[s, at[0]] if at.size else state.floats[s, 1]
        past = start + inst.handover[goal] - inst.target[i]
        received += inst.late_weight[i] * past if past > 0 else 0.0
    assert received == pytest.approx(late, abs=1e-6)
    return flight, received


@given(days(), CHANGES, st.integers(0, 99))
@settings(max_examples=40)
def test_pads_packs_and_pilots_suffice_after_any_change(
    random_day: RandomDay, changes: list[int], seed: int
) -> None:
    worker = worker_of(day_of(random_day), seed)
    for i in range(worker.inst.num_orders):
        insert(worker, i)
    _change(worker, changes)
    inst, state, res = worker.views.inst, worker.state, worker.views.res
    for s in np.flatnonzero(state.used):
        for site in range(len(worker.inst.pads)):
            assert are_pads_kept(inst, res, int(s), site)
    for base in np.flatnonzero(worker.inst.is_base):
        for k in range(len(worker.inst.turnaround)):
            assert are_packs_kept(inst, res, int(base), k)
    assert are_pilots_kept(inst, res)


@given(days())
@settings(max_examples=20)
def test_an_insertion_that_finds_no_place_changes_nothing(random_day: RandomDay) -> None:
    worker = worker_of(day_of(random_day))
    for order in range(worker.inst.num_orders):
        insert(worker, order)
    for order in np.flatnonzero(worker.state.sortie_of < 0):
        before = picture(worker)
        if not insert(worker, int(order)):
            assert picture(worker) == before
