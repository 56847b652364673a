"""What is proven is said term by term, and no more than is proven."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.plan import Bound, Objective
from routing.report.proof import proof_sentences

LATE = Objective(0, 0, 0, 7 / 60, 69_365.0, 60_000.0, 43, 6)
ON_TIME = replace(LATE, lateness_min=0.0)
BOUND = Bound(0, 0, 0, 0.0, 57_065.0, "column generation", "", on_time_cost_s=57_485.0)


def said(objective: Objective, bound: Bound | None = BOUND, gap: float | None = 0.177) -> str:
    return " ".join(proof_sentences(objective, bound, gap, "en"))


def test_a_late_plan_is_measured_term_by_term() -> None:
    assert said(LATE) == (
        "Proven (column generation): all orders fly; lateness 0.1 weighted minutes, at least 0.0; "
        "cost 69,365, at least 57,065 where no later: at most 17.7 % to gain; at least 57,485 "
        "where none is late."
    )
    assert proof_sentences(LATE, BOUND, 0.177, "zh") == [
        "已证明（列生成）：全部订单飞行送达；超目标 0.1 加权单·分钟，至少 0.0；"
        "成本 69,365，超目标不增时至少 57,065：至多可省 17.7 %；无超目标时至少 57,485。"
    ]


def test_a_plan_on_time_has_one_cost_to_be_compared_with() -> None:
    assert said(ON_TIME, replace(BOUND, cost_s=57_485.0), 0.171) == (
        "Proven (column generation): all orders fly; none late; "
        "cost 69,365, at least 57,485: at most 17.1 % to gain."
    )


def test_lateness_that_rounds_away_is_still_told() -> None:
    text = said(replace(LATE, lateness_min=0.02))
    assert "lateness below 0.1 weighted minutes, at least 0.0" in text


def test_where_lateness_swallows_the_bound_only_the_cost_on_time_is_told() -> None:
    text = said(replace(LATE, lateness_min=90.0), replace(BOUND, cost_s=0.0), 1.0)
    assert "cost 69,365, at least 57,485 where none is late." in text
    assert "%" not in text


def test_a_bound_that_says_nothing_of_the_cost_says_so() -> None:
    text = said(ON_TIME, replace(BOUND, cost_s=0.0, on_time_cost_s=0.0), 1.0)
    assert text.endswith("none late; cost 69,365, of which no bound is proven.")


@pytest.mark.parametrize(
    ("least", "words"),
    [(2, "orders left 2, and none could leave fewer;"), (1, "orders left 2, at least 1;")],
)
def test_orders_left_are_proven_or_not(least: int, words: str) -> None:
    objective = replace(ON_TIME, unserved_routine=2)
    assert words in said(objective, replace(BOUND, unserved_routine=least))


def test_what_the_bound_leaves_out_is_told_in_both_languages() -> None:
    loose = replace(BOUND, relaxed="pads, mist")
    assert said(ON_TIME, loose).endswith("The bound leaves out: pads, mist.")
    assert proof_sentences(ON_TIME, loose, 0.171, "zh")[-1] == "下界未计：起降坪、mist。"


def test_a_plan_proven_best_says_so() -> None:
    assert said(LATE, replace(BOUND, is_optimal=True), 0.0) == "Proven optimal (column generation)."


def test_a_plan_without_a_bound_claims_nothing() -> None:
    assert said(LATE, None, None) == "No lower bound was proven for this plan."
