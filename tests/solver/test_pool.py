"""The pool: what a search flies is kept once, at its least cost, and poured into a cover once."""

from __future__ import annotations

import pytest

from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver.columns import new_cover, settle
from routing.solver.day import build_day
from routing.solver.instance import Instance
from routing.solver.loading import load_worker
from routing.solver.pool import Pool
from routing.solver.search import Worker, advance
from routing.solver.solution import Solution, read_solution

WARM = 400.0


@pytest.fixture(scope="module")
def instance() -> Instance:
    day = build_benchmark_day("P28-1")
    return build_day(day.network, day.orders, build_legs(day.network)).instance


def _plan(worker: Worker) -> Solution:
    return read_solution(worker.state, worker.value)


def test_a_sortie_is_kept_once_at_its_least_cost(instance: Instance) -> None:
    worker, pool = load_worker(instance, {}, 1), Pool(instance)
    pool.collect(worker.state)
    flown = _plan(worker).trips
    assert len(pool.fresh) == len({tuple(sorted(trip.orders)) for trip in flown})
    pool.collect(worker.state)
    assert len(pool.fresh) == len(pool.least)
    for _ in range(20):
        advance(worker, 50, WARM, WARM)
        pool.collect(worker.state)
    kept: dict[tuple[int, ...], list[float]] = {}
    for column in pool.fresh:
        kept.setdefault(tuple(sorted(column.orders)), []).append(column.cost)
    assert len(kept) > len(flown)
    # Of the same orders only what is cheaper than all before.
    assert all(costs == sorted(set(costs), reverse=True) for costs in kept.values())


def test_a_cover_of_the_pool_is_worth_no_more_than_any_plan_it_saw(instance: Instance) -> None:
    worker, pool = load_worker(instance, {}, 1), Pool(instance)
    values = []
    for _ in range(20):
        advance(worker, 50, WARM, WARM)
        pool.collect(worker.state)
        values.append(worker.value)
    cover = new_cover(instance, _plan(worker))
    before, _, _ = cover.solve()
    pool.pour(cover)
    assert not pool.fresh
    settle(cover)
    value, duals, _ = cover.solve()
    assert value <= min(values) + 1e-6
    assert value < before
    assert cover.steady == pytest.approx(duals)
    count = len(cover.columns)
    pool.collect(worker.state)
    pool.pour(cover)
    assert len(cover.columns) == count
