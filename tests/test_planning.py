"""The recipe of a day on the hand-made network: proven, repeatable, beside its baselines."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.baseline import dispatch_first_come
from routing.checker import check_plan
from routing.errors import InputError
from routing.legs import build_legs
from routing.planning import FIRST_COME, PlannedDay, plan_day
from routing.progress import Progress
from tests.days import three_site_orders, three_site_plan, three_sites

SERVABLE = tuple(order for order in three_site_orders() if order.id != "X1")


@pytest.fixture(scope="module")
def day() -> PlannedDay:
    return plan_day(three_sites(), SERVABLE, seed=1, iterations=500)


def test_the_plan_passes_the_checker_and_flies_every_order(day: PlannedDay) -> None:
    assert day.violations == ()
    assert day.plan.unserved == ()
    assert {order for one in day.plan.sorties for stop in one.stops for order in stop.loaded} == {
        order.id for order in SERVABLE
    }


def test_the_plan_is_no_worse_than_the_one_made_by_hand(day: PlannedDay) -> None:
    by_hand = replace(three_site_plan().objective, unserved_routine=0)
    assert day.plan.objective.ranking <= by_hand.ranking


def test_the_baselines_stand_beside_the_plan(day: PlannedDay) -> None:
    assert day.plan.baselines[FIRST_COME] == day.baseline.objective
    assert day.plan.objective.ranking <= day.baseline.objective.ranking
    assert day.road.keys() == {order.id for order in SERVABLE}
    assert all(day.road[order.id] > order.ready_s for order in SERVABLE)


def test_a_bound_is_not_above_the_plan(day: PlannedDay) -> None:
    bound, terms = day.plan.bound, day.plan.objective
    if bound is None:
        assert day.plan.gap is None
        return
    below = (bound.unserved_stat, bound.unserved_urgent, bound.unserved_routine)
    assert (*below, bound.lateness_min, bound.cost_s) <= terms.ranking


def test_the_same_seed_and_iterations_give_the_same_plan(day: PlannedDay) -> None:
    again = plan_day(three_sites(), SERVABLE, seed=1, iterations=500)
    assert again.plan.sorties == day.plan.sorties


def test_first_come_first_served_keeps_apart_as_plans_do() -> None:
    network = three_sites()
    rules = replace(network.rules, separation_s=120, layers_m_agl=(90.0, 100.0))
    apart = replace(network, rules=rules)
    unheeding = dispatch_first_come(apart, SERVABLE, build_legs(apart))
    assert {one.rule for one in check_plan(apart, SERVABLE, unheeding)} == {"R10"}
    day = plan_day(apart, SERVABLE, seed=1, iterations=20, proves=False)
    assert check_plan(apart, SERVABLE, day.baseline) == ()
    assert len(day.baseline.unserved) == len(unheeding.unserved)
    assert day.plan.baselines["first_come"] == day.baseline.objective


def test_an_order_that_could_never_fly_is_refused_with_its_reason() -> None:
    with pytest.raises(InputError) as caught:
        plan_day(three_sites(), three_site_orders(), iterations=10, orders_name="monday.csv")
    (fault,) = caught.value.faults
    assert fault.file == "monday.csv"
    assert "X1" in str(fault)


def test_it_stays_unserved_when_that_is_allowed() -> None:
    day = plan_day(three_sites(), three_site_orders(), iterations=500, allows_impossible=True)
    assert [left.order_id for left in day.plan.unserved] == ["X1"]
    assert day.violations == ()


def test_whoever_watches_hears_every_stage() -> None:
    heard: list[Progress] = []
    plan_day(three_sites(), SERVABLE, iterations=50, on_progress=heard.append)
    stages = [progress.stage for progress in heard]
    assert stages[0] == "legs"
    assert stages[-2:] == ["baselines", "check"]
    assert heard[-1].objective is not None
