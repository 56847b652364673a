"""The search on tiny days finds a plan as good as brute force does, and is repeatable."""

from __future__ import annotations

from hypothesis import given, settings

from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.running import InstanceResult
from routing.solver.search import advance, finish_plan, follow
from tests.days import three_site_orders, three_site_plan, three_sites
from tests.networks import RandomDay, days
from tests.solver.brute import least_value, tiny_day
from tests.solver.plans import day_of, picture, worker_of


def _solve(instance: Instance, iterations: int, seed: int = 1) -> InstanceResult:
    return solve_instance(instance, seed=seed, iterations=iterations, threads=1, proves=False)


@given(days(max_orders=3, max_sites=4))
@settings(max_examples=20)
def test_the_search_is_as_good_as_brute_force(random_day: RandomDay) -> None:
    day = tiny_day(random_day)
    found, best = _solve(day.instance, 300).solution.value, least_value(day)
    assert found <= best + 1e-4
    assert found >= best - 1e-4


def test_the_hand_made_day_is_solved_better_than_by_hand() -> None:
    day = day_of(RandomDay(three_sites(), three_site_orders()))
    found = _solve(day.instance, 300).solution
    assert [day.orders[i].id for i in found.unserved] == ["X1"]
    # By hand: 15 weighted minutes late and cost 4,880; the search is late by nothing.
    assert three_site_plan().objective.lateness_min == 15.0
    assert found.late == 0.0


def test_the_same_seed_and_iterations_give_the_same_numbers() -> None:
    day = day_of(RandomDay(three_sites(), three_site_orders()))
    one, two = _solve(day.instance, 100, seed=3), _solve(day.instance, 100, seed=3)
    assert one.solution == two.solution
    assert [entry[1:] for entry in one.history] == [entry[1:] for entry in two.history]


def test_more_iterations_of_one_seed_are_never_worse() -> None:
    day = day_of(RandomDay(three_sites(), three_site_orders()))
    history = [value for _, value, _ in _solve(day.instance, 300).history]
    assert history == sorted(history, reverse=True)


def test_a_worker_that_follows_goes_on_from_the_same_plan() -> None:
    day = day_of(RandomDay(three_sites(), three_site_orders()))
    leader, late = worker_of(day, seed=1), worker_of(day, seed=2)
    finish_plan(leader)
    advance(leader, 50, 200.0, 100.0)
    follow(late, leader)
    assert picture(late) == picture(leader)
    assert late.best_value == leader.best_value
    before = picture(leader)
    advance(late, 50, 200.0, 100.0)
    assert picture(leader) == before
    assert late.best_value <= leader.best_value


def test_a_day_without_orders_has_an_empty_plan() -> None:
    day = day_of(RandomDay(three_sites(), ()))
    solution = _solve(day.instance, 50).solution
    assert (solution.trips, solution.unserved, solution.value) == ((), (), 0.0)
