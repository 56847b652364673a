"""Random days: every plan of the search passes the checker, and a run can be repeated."""

from __future__ import annotations

from hypothesis import given, note, settings

from routing.checker import check_plan
from routing.legs import build_legs
from routing.plan import Plan
from routing.solver.day import Day, build_day
from routing.solver.engine import solve_instance
from routing.solver.naming import name_plan
from tests.networks import RandomDay, days


def _solve(day: Day, seed: int = 1, *, proves: bool = True) -> Plan:
    result = solve_instance(day.instance, seed=seed, iterations=30, threads=1, proves=proves)
    return name_plan(day, result.solution)


def _prove(random_day: RandomDay, *, proves: bool = True) -> None:
    network, orders = random_day.network, random_day.orders
    plan = _solve(build_day(network, orders, build_legs(network)), proves=proves)
    found = check_plan(network, orders, plan)
    note(str(plan.sorties))
    assert found == ()


@given(days())
@settings(max_examples=60)
def test_every_plan_of_a_random_day_passes_the_checker(random_day: RandomDay) -> None:
    _prove(random_day)


@given(days(max_periods=3))
@settings(max_examples=40)
def test_every_plan_passes_when_the_weather_changes(random_day: RandomDay) -> None:
    # The search alone: what proves a plan best only chooses among sorties that it also times.
    _prove(random_day, proves=False)


@given(days(max_periods=2, max_timed_zones=3))
@settings(max_examples=40)
def test_every_plan_passes_when_zones_open_and_close(random_day: RandomDay) -> None:
    _prove(random_day)


@given(days(max_sites=5, max_orders=8))
@settings(max_examples=10)
def test_the_same_seed_and_iterations_give_the_same_plan(random_day: RandomDay) -> None:
    network, orders = random_day.network, random_day.orders
    day = build_day(network, orders, build_legs(network))
    assert _solve(day, seed=7) == _solve(day, seed=7)
