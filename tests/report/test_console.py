"""What a run prints: every line from the hand-made day."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from routing.plan import Bound, Plan
from routing.progress import Progress
from routing.report.clock import Lang
from routing.report.console import (
    MAX_LEFT,
    day_lines,
    progress_line,
    rejected_lines,
    term_lines,
    wrote_lines,
)
from tests.days import three_site_plan, three_sites

BOUND = Bound(0, 0, 1, 10.0, 4_000.0, method="enumeration", relaxed="pads")


def _with_baseline() -> Plan:
    plan = three_site_plan()
    worse = replace(plan.objective, unserved_routine=2, sorties=7)
    return replace(plan, baselines={"first_come": worse}, bound=BOUND, gap=1 / 3)


def test_the_first_line_counts_orders_sorties_and_drones() -> None:
    plan = three_site_plan()
    english = day_lines(three_sites(), plan, 7, "en")
    assert english[0] == "Three sites, 2026-11-23: 6 of 7 orders fly in 4 sorties of 2 drones."
    chinese = day_lines(three_sites(), plan, 7, "zh")
    assert chinese[0] == "三站示例，2026-11-23：6 / 7 单飞行送达，4 架次，2 架无人机。"


def test_orders_left_behind_are_named_with_their_reason() -> None:
    lines = day_lines(three_sites(), three_site_plan(), 7, "en")
    assert lines[1] == "Left behind:"
    assert lines[2] == "  X1  The fastest sortie delivers 1 min 40 s after the deadline."


def test_a_day_that_flies_whole_names_nobody() -> None:
    plan = replace(three_site_plan(), unserved=())
    assert "Left behind:" not in day_lines(three_sites(), plan, 6, "en")


@pytest.mark.parametrize(("num_left", "num_more"), [(MAX_LEFT, 0), (MAX_LEFT + 2, 2)])
def test_a_long_list_is_cut_and_says_so(num_left: int, num_more: int) -> None:
    plan = three_site_plan()
    left = tuple(replace(plan.unserved[0], order_id=f"X{n}") for n in range(num_left))
    text = "\n".join(day_lines(three_sites(), replace(plan, unserved=left), 99, "en"))
    assert text.count("The fastest sortie") == MAX_LEFT
    assert ("more in plan.json" in text) == (num_more > 0)
    assert num_more == 0 or f"... {num_more} more in plan.json" in text


def test_terms_stand_beside_baseline_and_bound() -> None:
    lines = term_lines(_with_baseline(), "en")
    rows = {line.split("  ")[0]: line.split()[-3:] for line in lines[1:]}
    assert "This plan" in lines[0]
    assert "First come, first served" in lines[0]
    assert "Lower bound" in lines[0]
    assert rows["Routine orders left"] == ["1", "2", "1"]
    assert rows["Lateness, weighted order-minutes"] == ["15.0", "15.0", "10.0"]
    assert rows["of which sorties"] == ["4", "7", "–"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_columns_end_at_the_same_place(lang: Lang) -> None:
    widths = {
        sum(2 if ord(sign) >= 0x2E80 else 1 for sign in line)
        for line in term_lines(_with_baseline(), lang)
    }
    assert len(widths) == 1


def test_written_files_are_listed_under_their_folder() -> None:
    folder = Path("out/tiny")
    lines = wrote_lines(folder, [folder / "plan.json", folder / "map.html"], "zh")
    assert lines == ["写入 out/tiny：", "  plan.json", "  map.html"]


def test_a_rejected_plan_is_called_so() -> None:
    lines = rejected_lines(["R3 load: sortie T1: too heavy"], Path("x/plan.rejected.txt"), "en")
    assert lines[0].startswith("Not a plan to fly: the check found 1 violation(s)")
    assert lines[1] == "  R3 load: sortie T1: too heavy"


def test_progress_tells_stage_steps_terms_and_gap() -> None:
    plan = _with_baseline()
    told = progress_line(Progress("search", 12_000, plan.objective, plan.bound, plan.gap), "en")
    assert told == (
        "search · 12,000 · This plan 0 / 0 / 1 / 15.0 / 4,880 · "
        "Lower bound 0 / 0 / 1 / 10.0 / 4,000 · 33.3 %"
    )
    assert progress_line(Progress("legs"), "zh") == "计算航段"
    assert progress_line(Progress("something new"), "en") == "something new"
