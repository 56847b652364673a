"""A bound is never above the best plan, and what is called optimal is."""

from __future__ import annotations

from threading import Event
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver import pricing, rounds
from routing.solver.bound import LowerBound, prove_bound
from routing.solver.columns import generate, new_cover
from routing.solver.day import build_day
from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.recall import new_recall
from routing.solver.running import InstanceResult
from routing.solver.solution import Solution
from tests.days import three_site_orders, three_sites
from tests.networks import RandomDay, days
from tests.solver.brute import least_value, tiny_day
from tests.solver.plans import day_of

TOLERANCE = 1e-4
TIGHT_PART = 12
"""Of the day: lessons have no room there."""


def _benchmark(num_orders: int) -> tuple[Instance, Solution]:
    """The first orders of a benchmark day, and a plan of them."""
    day = build_benchmark_day("P28-2")
    inst = build_day(day.network, day.orders[:num_orders], build_legs(day.network)).instance
    return inst, solve_instance(inst, iterations=500, threads=1, proves=False).solution


def _free() -> Event:
    """A second thread that may work at once."""
    event = Event()
    event.set()
    return event


def _prove(random_day: RandomDay, iterations: int = 40) -> InstanceResult:
    return solve_instance(day_of(random_day).instance, iterations=iterations, threads=1)


@given(days(max_orders=3, max_sites=4))
@settings(max_examples=15)
def test_the_bound_is_not_above_brute_force(random_day: RandomDay) -> None:
    day = tiny_day(random_day)
    result, best = solve_instance(day.instance, iterations=40, threads=1), least_value(day)
    assert result.solution.value >= best - TOLERANCE
    if result.bound is not None:
        assert result.bound <= best + TOLERANCE
    if result.is_optimal:
        assert result.solution.value == pytest.approx(best, abs=TOLERANCE)


@given(days(max_orders=3, max_sites=4), st.booleans())
@settings(max_examples=35)
def test_column_generation_is_not_above_brute_force(
    random_day: RandomDay, has_second: bool
) -> None:
    day = tiny_day(random_day)
    result = solve_instance(day.instance, iterations=40, threads=1, proves=False)
    cover = new_cover(day.instance, result.solution)
    generate(cover, np.inf, 4)
    bounds: list[float] = []

    def note(bound: LowerBound) -> bool:
        bounds.append(bound.value)
        return False

    prove_bound(cover, np.inf, note, 8, is_free=_free() if has_second else None)
    assert bounds
    assert bounds == sorted(bounds)
    assert all(bound <= least_value(day) + TOLERANCE for bound in bounds)


def _run_out(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Let time run out after so many problems."""
    price, count = rounds.Round._price, [0]

    def until_out(one: rounds.Round, room: pricing.Pricing, window: pricing.Window) -> float:
        count[0] += 1
        return np.nan if count[0] > most else price(one, room, window)

    monkeypatch.setattr(rounds.Round, "_price", until_out)


@given(days(max_orders=4, max_sites=4), st.integers(1, 20))
@settings(max_examples=35)
def test_what_a_part_of_a_round_proves_is_not_above_brute_force(
    random_day: RandomDay, most: int
) -> None:
    day = tiny_day(random_day)
    result = solve_instance(day.instance, iterations=40, threads=1, proves=False)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(pricing, "TOGETHER", 1)
        _run_out(monkeypatch, most)
        cover = new_cover(day.instance, result.solution)
        bound = prove_bound(cover, np.inf, most_rounds=8, first_share=0.5)
    if bound is not None:
        assert bound.value <= least_value(day) + TOLERANCE


def test_a_part_of_a_round_lifts_the_bound_and_no_sortie_pays_more() -> None:
    inst, solution = _benchmark(60)
    known = new_cover(inst, solution)
    prove_bound(known, np.inf, most_rounds=6)
    values = []
    for most in (0, 2, 4, 1_000):
        cover = new_cover(inst, solution)
        with pytest.MonkeyPatch.context() as monkeypatch:
            count = len(cover.pricing.windows(np.full(inst.num_orders, 1e4)))
            assert count > 5
            _run_out(monkeypatch, count + most)
            bound = prove_bound(cover, np.inf, most_rounds=2, first_share=0.7)
        assert bound is not None
        assert bound.duals is not None
        values.append(bound.value)
        for column in known.columns:
            assert column.cost - bound.duals[list(column.orders)].sum() > -1.0
    assert values == sorted(values)
    assert values[0] < values[2] < values[3]


def test_past_a_problem_that_was_left_over_nothing_counts() -> None:
    inst, solution = _benchmark(60)
    cover = new_cover(inst, solution)
    generate(cover, np.inf, 40)
    _, prices = rounds.solve_cover(cover)
    before = rounds.Round(cover, np.inf, prices._replace(orders=0.7 * prices.orders))
    later = rounds.Round(cover, np.inf, prices)
    assert before.go_through()
    assert later.go_through()
    whole, values = list(later.least), []
    for left in (range(3, 4), range(3, len(whole)), range(len(whole))):
        later.least = [(w, np.nan if n in left else least) for n, (w, least) in enumerate(whole)]
        part = later.part_worth(before.worth())
        assert part is not None
        values.append(part.value)
    assert values[0] == pytest.approx(values[1], abs=1.0)
    assert values[1] > values[2] + 100.0


def test_a_second_thread_takes_its_part_and_proves_the_like(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inst, solution = _benchmark(60)
    solve_one, workers = pricing.Pricing.solve_one, set[int]()

    def note(room: pricing.Pricing, *args: Any, **named: Any) -> pricing.Priced:
        workers.add(id(room))
        return solve_one(room, *args, **named)

    monkeypatch.setattr(pricing.Pricing, "solve_one", note)
    values = []
    for is_free, threads in ((None, 1), (_free(), 2)):
        workers.clear()
        cover = new_cover(inst, solution)
        generate(cover, np.inf, 40)
        bound = prove_bound(cover, np.inf, most_rounds=5, is_free=is_free)
        assert bound is not None
        assert len(workers) == threads
        values.append(bound.value)
    # They go through problems in other turns: the prices at the end are others, worth as much.
    assert values[1] == pytest.approx(values[0], rel=0.01)
    assert max(values) < solution.value


@given(days(max_orders=8))
@settings(max_examples=15)
def test_no_search_beats_the_bound(random_day: RandomDay) -> None:
    proven = _prove(random_day)
    searched = solve_instance(
        day_of(random_day).instance, seed=5, iterations=300, threads=1, proves=False
    )
    if proven.bound is not None:
        least = min(proven.solution.value, searched.solution.value)
        assert proven.bound <= least + TOLERANCE
    if proven.is_optimal:
        assert searched.solution.value >= proven.solution.value - TOLERANCE


def test_the_hand_made_day_is_bounded_close_to_its_plan() -> None:
    # Without X1, which nobody can deliver in time: on time, at least one drone.
    orders = tuple(order for order in three_site_orders() if order.id != "X1")
    result = _prove(RandomDay(three_sites(), orders))
    assert result.bound is not None
    assert 0.9 * result.solution.value <= result.bound <= result.solution.value


def test_a_proof_that_begins_at_lower_prices_rises_to_the_like() -> None:
    inst, solution = _benchmark(60)
    bounds: list[float] = []

    def note(bound: LowerBound) -> bool:
        bounds.append(bound.value)
        return False

    for first_share in (1.0, 0.7):
        cover = new_cover(inst, solution)
        bound = prove_bound(cover, np.inf, note, most_rounds=6, first_share=first_share)
        assert bound is not None
        assert bound.value == bounds[-1] < solution.value
        if first_share == 1.0:
            whole = bounds.pop()
            bounds.clear()
    # Nothing pays at the first prices, and they rise half of the way from round to round.
    assert bounds[0] < 0.85 * whole
    assert bounds == sorted(bounds)
    assert bounds[-1] > 0.97 * whole


def test_where_lessons_have_no_room_a_day_is_bounded_with_fewer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inst, solution = _benchmark(160)
    unlearned: list[pricing.Window] = []
    solve_one, forget = pricing.Pricing.solve_one, pricing.Pricing.forget

    def solve_in_little_room(
        problems: pricing.Pricing, window: pricing.Window, *args: Any, **named: Any
    ) -> pricing.Priced:
        table = problems.pairs[window.pair].recall[window.part]
        has_lessons = not np.array_equal(table, new_recall(len(inst.is_base))[window.part])
        if window.part == TIGHT_PART and has_lessons and named.get("forgets"):
            return pricing.Priced(np.nan, [])
        return solve_one(problems, window, *args, **named)

    def count(problems: pricing.Pricing, window: pricing.Window) -> None:
        unlearned.append(window)
        forget(problems, window)

    monkeypatch.setattr(pricing.Pricing, "solve_one", solve_in_little_room)
    monkeypatch.setattr(pricing.Pricing, "forget", count)
    cover = new_cover(inst, solution)
    generate(cover, np.inf, 40)
    bound = prove_bound(cover, np.inf, most_rounds=1)
    assert unlearned
    assert bound is not None
    assert 0.5 * solution.value < bound.value < solution.value
