"""Smallest changes on overloaded days: each carries its order, one step less does not.

The whole corpus of thirty days is ``python -m benchmarks.why``; here are the first of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from routing.checker import check_plan
from routing.explain import explain_unserved
from routing.explain.again import Effort, plan_again
from routing.explain.marginal import DayValue, value_changes
from routing.explain.remedies import Remedies, Remedy, find_remedies, late_orders
from routing.explain.remedy_words import value_lines, word_remedy
from routing.legs import LegTables, build_legs
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.whatif.changes import AddDrones, AddPacks, AddPilots, ShiftOrder
from routing.whatif.scenario import Scenario, apply_scenario
from tests.days import three_sites
from tests.explain.overloaded import overloaded_day, overloaded_orders

EFFORT = Effort(iterations=8)


@dataclass(frozen=True)
class Case:
    """One overloaded day with its plan and remedies."""

    network: Network
    orders: tuple[Order, ...]
    legs: LegTables
    plan: Plan
    remedies: dict[str, tuple[Remedy, ...]]


@pytest.fixture(scope="module", params=[0, 1])
def case(request: pytest.FixtureRequest) -> Case:
    """Short of packs, and of pilots."""
    network, orders = overloaded_day(request.param)
    legs = build_legs(network)
    plan = plan_again(network, orders, legs, 300, 1)
    plan = replace(plan, unserved=explain_unserved(network, orders, legs, plan))
    return Case(network, orders, legs, plan, find_remedies(network, orders, legs, plan, EFFORT))


def test_every_order_left_behind_or_late_is_asked_for(case: Case) -> None:
    left = {one.order_id for one in case.plan.unserved}
    assert len(left) >= 3
    assert case.remedies.keys() == left | late_orders(case.orders, case.plan)
    assert all(case.remedies[order_id] for order_id in left)


def test_every_change_carries_its_order_and_leaves_nobody_else_behind(case: Case) -> None:
    left = {one.order_id for one in case.plan.unserved}
    for order_id, remedies in case.remedies.items():
        for remedy in remedies:
            network, orders = case.network, case.orders
            if remedy.change is not None:
                scenario = Scenario("try", (remedy.change,))
                network, orders = apply_scenario(network, orders, scenario)
            still = {one.order_id for one in remedy.plan.unserved}
            assert order_id not in still
            assert still <= left
            assert check_plan(network, orders, remedy.plan) == ()


def test_without_the_change_the_plan_is_not_valid_or_does_not_carry(case: Case) -> None:
    for remedies in case.remedies.values():
        for remedy in remedies:
            assert remedy.change is None or check_plan(case.network, case.orders, remedy.plan)


def test_one_step_less_does_not_carry_the_order(case: Case) -> None:
    finder = Remedies(case.network, case.orders, case.legs, case.plan, EFFORT)
    left = {one.order_id for one in case.plan.unserved}
    by_id = {order.id: order for order in case.orders}
    tried = 0
    for order_id in left & case.remedies.keys():
        for remedy in case.remedies[order_id]:
            if isinstance(remedy.change, ShiftOrder) and remedy.less:
                (less,) = remedy.less
                assert isinstance(less, ShiftOrder)
                moved = remedy.change.deadline_s - remedy.change.ready_s
                assert moved - (less.deadline_s - less.ready_s) == 60
            assert not isinstance(remedy.change, AddDrones | AddPilots) or len(remedy.less) == 2
            # A change of one step has nothing between it and the day as it stands.
            for less in (remedy.less or (None,)) if remedy.change is not None else ():
                tried += 1
                assert finder.carries(by_id[order_id], less, patiently=True) is None
    assert tried >= 3


def test_what_is_scarce_is_among_the_changes(case: Case) -> None:
    kinds = {type(one.change) for found in case.remedies.values() for one in found}
    reasons = {one.reason for one in case.plan.unserved}
    if "pilots" in reasons:
        assert AddPilots in kinds
    if "packs" in reasons:
        assert AddPacks in kinds
    assert reasons & {"pilots", "packs"}


def test_changes_are_worded_in_both_languages(case: Case) -> None:
    by_id = {order.id: order for order in case.orders}
    for order_id, remedies in case.remedies.items():
        for remedy in remedies:
            en = word_remedy(case.network, by_id[order_id], remedy, "en")
            zh = word_remedy(case.network, by_id[order_id], remedy, "zh")
            assert en.isascii()
            assert any("一" <= letter <= "鿿" for letter in zh)


@pytest.fixture(scope="module")
def values() -> tuple[DayValue, ...]:
    network, orders = three_sites(), overloaded_orders(0)
    legs = build_legs(network)
    plan = plan_again(network, orders, legs, 300, 1)
    return value_changes(network, orders, legs, plan, EFFORT)


def test_a_days_changes_are_ranked_and_each_beats_the_day_as_it_is(
    values: tuple[DayValue, ...],
) -> None:
    assert values
    rankings = [value.ranking for value in values]
    assert rankings == sorted(rankings)
    assert all(value.ranking < value.before.ranking for value in values)
    assert len({value.before for value in values}) == 1
    network, orders = three_sites(), overloaded_orders(0)
    assert all(check_plan(network, orders, value.plan) for value in values)


def test_a_days_changes_are_worded(values: tuple[DayValue, ...]) -> None:
    lines = value_lines(three_sites(), values, "en")
    assert len(lines) == len(values) == len(value_lines(three_sites(), values, "zh"))
