"""What one bound says of each term is true of every plan there is, and is not empty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from routing.legs import build_legs
from routing.plan import Bound, Objective
from routing.solver.day import LATENESS_PER_MIN, build_day
from routing.solver.proven import Weighing, gap_of, prove_terms, weigh_day
from routing.solver.solve import solve
from tests.days import three_site_orders, three_sites

COUNTS = (1, 2, 3)
MOST_LATE, MOST_COST_S = 14_400.0, 5_000.0
WEIGHING = Weighing((240_000.0, 80_000.0, 20_000.0), COUNTS, MOST_LATE, MOST_COST_S)


def terms(stat: int, urgent: int, routine: int, late_min: float, cost_s: float) -> Objective:
    return Objective(stat, urgent, routine, late_min, cost_s, cost_s, 1, 1)


def left(objective: Objective | Bound) -> tuple[int, int, int]:
    return (objective.unserved_stat, objective.unserved_urgent, objective.unserved_routine)


def value_of(objective: Objective, weighing: Weighing = WEIGHING) -> float:
    late = LATENESS_PER_MIN * objective.lateness_min
    return weighing.unserved_value(objective) + late + objective.cost_s


def bound_at(value_s: float, *, is_optimal: bool = False) -> Bound:
    return Bound(0, 0, 0, 0.0, 0.0, "column generation", "", is_optimal, value_s=value_s)


PLANS = some.lists(
    some.builds(
        terms,
        *(some.integers(0, count) for count in COUNTS),
        some.floats(0.0, MOST_LATE).map(lambda late: late / LATENESS_PER_MIN),
        some.floats(0.0, MOST_COST_S),
    ),
    min_size=2,
    max_size=8,
)


@given(PLANS, some.floats(0.0, 1.0))
@settings(max_examples=300)
def test_no_plan_refutes_what_is_said_of_a_term(plans: list[Objective], looseness: float) -> None:
    # The tightest bound there can be, and looser ones.
    least = min(value_of(plan) for plan in plans) * (1.0 - looseness**3)
    for mine in plans:
        proven = prove_terms(WEIGHING, mine, bound_at(least))
        for other in plans:
            assert left(other) >= left(proven)
            if any(one > two for one, two in zip(left(other), left(mine), strict=True)):
                continue
            assert other.lateness_min >= proven.lateness_min - 1e-9
            if other.lateness_min <= mine.lateness_min:
                assert other.cost_s >= proven.cost_s - 1e-4
            if other.lateness_min == 0.0:
                assert other.cost_s >= proven.on_time_cost_s - 1e-4


def test_a_late_plan_is_not_a_hundred_per_cent_off() -> None:
    # A bound of 4,000 beside lateness that counts 180 and 4,500: no later costs 3,820 at least.
    plan = terms(0, 0, 0, 180.0 / LATENESS_PER_MIN, 4_500.0)
    proven = prove_terms(WEIGHING, plan, bound_at(4_000.0))
    assert proven.lateness_min == 0.0
    assert proven.cost_s == pytest.approx(3_820.0)
    assert proven.on_time_cost_s == pytest.approx(4_000.0)
    assert gap_of(plan, proven) == pytest.approx(680.0 / 4_500.0)
    # The gap is also what the value is above the bound by.
    assert gap_of(plan, proven) * plan.cost_s == pytest.approx(value_of(plan) - 4_000.0)


def test_orders_left_are_proven_only_past_all_lateness_and_cost() -> None:
    # All lateness (14,400) and cost (5,000) there can be make 19,400.
    plan = terms(0, 0, 2, 0.0, 3_000.0)
    assert left(prove_terms(WEIGHING, plan, bound_at(43_000.0))) == (0, 0, 2)
    assert left(prove_terms(WEIGHING, plan, bound_at(39_000.0))) == (0, 0, 1)
    assert left(prove_terms(WEIGHING, plan, bound_at(19_000.0))) == (0, 0, 0)


def test_a_plan_proven_best_is_its_own_bound_until_it_is_changed() -> None:
    late_min = 7_200.0 / LATENESS_PER_MIN
    plan = terms(0, 0, 1, late_min, 3_000.0)
    proven = prove_terms(WEIGHING, plan, bound_at(value_of(plan), is_optimal=True))
    assert proven.is_optimal
    assert (left(proven), proven.lateness_min, proven.cost_s) == (left(plan), late_min, 3_000.0)
    assert gap_of(plan, proven) == 0.0
    moved = prove_terms(WEIGHING, replace(plan, cost_s=3_001.0), proven)
    assert not moved.is_optimal
    assert moved.cost_s == pytest.approx(3_000.0)


def test_weights_are_those_of_the_instance() -> None:
    network, orders = three_sites(), three_site_orders()
    legs = build_legs(network)
    day = build_day(network, orders, legs).instance
    weighing = weigh_day(network, orders)
    assert sorted(set(day.unserved_weight)) == sorted(weighing.weights)
    plan = solve(network, orders, legs, iterations=40, threads=1)
    assert plan.bound is not None
    # X1 cannot be delivered in time: one routine order stays behind in every plan.
    assert plan.objective.unserved_routine == 1
    assert value_of(plan.objective, weighing) >= plan.bound.value_s - 1e-3
    assert plan.objective.lateness_min * LATENESS_PER_MIN <= weighing.most_late
    assert plan.objective.cost_s <= weighing.most_cost
