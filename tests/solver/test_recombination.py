"""A choice near the bound's prices: asked for when it is due, it makes a plan better."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver.bound import LowerBound, prove_bound
from routing.solver.columns import Cover, generate, new_cover
from routing.solver.day import build_day
from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.loading import load_worker
from routing.solver.pool import Pool
from routing.solver.recombination import AGAIN_UNTIL, FROM, UNTIL, Recombination
from routing.solver.running import Limits, Run

LIMIT_S, ROUNDS = 30.0, 6


@pytest.fixture(scope="module")
def instance() -> Instance:
    day = build_benchmark_day("P28-1")
    return build_day(day.network, day.orders[:60], build_legs(day.network)).instance


@pytest.fixture(scope="module")
def proof(instance: Instance) -> tuple[Cover, LowerBound]:
    plan = solve_instance(instance, iterations=20, threads=1, proves=False).solution
    cover = new_cover(instance, plan)
    generate(cover, np.inf, 40)
    bound = prove_bound(cover, np.inf, None, ROUNDS)
    assert bound is not None
    return cover, bound


@pytest.fixture
def run(instance: Instance) -> Iterator[Run]:
    with ThreadPoolExecutor(2) as threads:
        made = Run(
            inst=instance,
            limits=Limits(LIMIT_S, None),
            gap=0.0,
            proves=True,
            is_new=True,
            on_improvement=None,
            pool=threads,
            workers=[],
            sorties=Pool(instance),
        )
        start = solve_instance(instance, iterations=20, threads=1, proves=False).solution
        made.workers.append(load_worker(instance, {}, 1))
        made.best = start
        yield made


def _at(run: Run, share: float) -> None:
    """Let so much of the limit be over."""
    run.began = time.perf_counter() - share * LIMIT_S


def test_a_choice_makes_the_plan_better_and_is_handed_to_the_search(
    run: Run, proof: tuple[Cover, LowerBound]
) -> None:
    cover, bound = proof
    assert run.best is not None
    before, run.bound, later = run.best.value, bound, Recombination(run, cover, promising=1.0)
    _at(run, FROM - 0.1)
    later.ask(bound)
    assert later.choice is None
    _at(run, FROM)
    run.is_free.set()
    later.ask(bound)
    assert later.choice is not None
    later.choice.result()
    assert run.is_free.is_set()
    assert run.best.value < before
    assert not run.best.unserved
    assert bound.value <= run.best.value
    assert [worker.best_value for worker in run.incoming] == [run.best.value]
    assert not run.has_chosen.is_set()
    first = later.choice
    later.ask(bound)
    assert later.choice is not first
    later.end()
    assert run.has_chosen.is_set()


@pytest.mark.parametrize("share", [AGAIN_UNTIL + 0.1, UNTIL + 0.1])
def test_late_in_a_run_there_is_one_choice_or_none(
    run: Run, proof: tuple[Cover, LowerBound], share: float
) -> None:
    cover, bound = proof
    run.bound, later = bound, Recombination(run, cover, promising=1.0)
    _at(run, share)
    later.ask(bound)
    if share < UNTIL:
        assert later.choice is not None
        later.choice.result()
    else:
        assert later.choice is None
    assert run.has_chosen.is_set()


def test_far_from_the_bound_nothing_is_chosen(run: Run, proof: tuple[Cover, LowerBound]) -> None:
    cover, bound = proof
    assert run.best is not None
    run.bound, later = LowerBound(0.5 * run.best.value, "", 0, 0.0), Recombination(run, cover)
    _at(run, FROM)
    later.ask(bound)
    assert later.choice is None
    assert not run.has_chosen.is_set()
    later.end()
    assert run.has_chosen.is_set()


def test_where_the_plan_is_proven_nothing_more_is_chosen(
    run: Run, proof: tuple[Cover, LowerBound]
) -> None:
    cover, bound = proof
    run.bound, run.gap, later = bound, 1.0, Recombination(run, cover, promising=1.0)
    _at(run, FROM)
    later.ask(bound)
    assert later.choice is None
    assert run.has_chosen.is_set()
