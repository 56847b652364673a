"""What is pruned for the pack's sake could not be flown: every place refused, simulated."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.days import build_day as benchmark_day
from routing.legs import build_legs
from routing.solver.changes import compose
from routing.solver.day import build_day
from routing.solver.loading import load_worker
from routing.solver.payload import is_loadable
from routing.solver.places import site_at
from routing.solver.scratch import INWARD, OUTWARD
from routing.solver.search import Worker, advance
from routing.solver.spare import is_within_pack
from routing.solver.state import F_ENERGY, F_LEAST, I_END, I_ORDERS, I_START, I_TASKS, I_TYPE
from routing.solver.timing import time_sortie


@pytest.fixture(scope="module")
def worker() -> Worker:
    day = benchmark_day("P28-1")
    worker = load_worker(
        build_day(day.network, day.orders, build_legs(day.network)).instance, {}, 1
    )
    advance(worker, 60, 50.0, 50.0)
    return worker


def _places(worker: Worker):  # type: ignore[no-untyped-def]
    """Every position in every sortie for every fifth order of the other sorties."""
    inst, state = worker.inst, worker.state
    for s in np.flatnonzero(state.used):
        for i in range(0, inst.num_orders, 5):
            pickup, drop = int(inst.pickup[i]), int(inst.drop_ptr[i])
            is_out = bool(inst.is_base[inst.task_site[pickup]])
            task = drop if is_out else pickup
            for p in range(int(state.ints[s, I_TASKS]) + 1):
                if state.sortie_of[i] != s:
                    yield int(s), i, p, int(inst.task_site[task]), OUTWARD if is_out else INWARD


def _is_kept(worker: Worker, s: int, i: int, p: int, x: int, mode: int) -> bool:
    views = worker.views
    before, after = (site_at(views.inst, views.state, s, at) for at in (p - 1, p))
    mass = int(worker.inst.mass[i])
    return bool(is_within_pack(views.inst, views.state, s, p, before, x, after, mass, mode))


def _can_be_flown(worker: Worker, s: int, i: int, p: int, mode: int) -> bool:
    """Whether the sortie alone, at any time of the day, is loadable and within its pack."""
    views, state, scratch = worker.views, worker.state, worker.scratch
    state.mode[i] = mode
    n = int(compose(views.inst, views.scratch, views.state, i, s, p, -1))
    m = int(state.ints[s, I_ORDERS])
    scratch.orders[:m] = state.orders[s, :m]
    scratch.orders[m] = i
    k, start, end = (int(state.ints[s, at]) for at in (I_TYPE, I_START, I_END))
    tasks, orders = scratch.tasks.copy(), scratch.orders.copy()
    return bool(
        is_loadable(views.inst, views.scratch, k, tasks, n, orders, m + 1, state.mode)
    ) and bool(
        time_sortie(
            views.inst, views.scratch, k, start, end, tasks, n, orders, m + 1, state.mode,
            state.drop, 0.0, np.inf,
        )
    )  # fmt: skip


def test_no_place_that_can_be_flown_is_refused(worker: Worker) -> None:
    verdicts = {True: 0, False: 0}
    kept_mode = worker.state.mode.copy()
    for s, i, p, x, mode in _places(worker):
        is_kept = _is_kept(worker, s, i, p, x, mode)
        verdicts[is_kept] += 1
        assert is_kept or not _can_be_flown(worker, s, i, p, mode)
        worker.state.mode[:] = kept_mode
    assert min(verdicts.values()) > 300


def test_the_least_energy_of_a_row_is_what_it_takes_in_the_one_weather_there_is(
    worker: Worker,
) -> None:
    state = worker.state
    rows = np.flatnonzero(state.used)
    assert len(rows) > 15
    energy = state.floats[rows, F_ENERGY]
    assert np.allclose(state.floats[rows, F_LEAST], energy, rtol=1e-12)
