"""``magpie plan`` when its own plan does not hold: kept aside, named, never called a plan."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from commands import Exit
from commands.plan import reject
from routing.checker import check_plan
from routing.plan_file import read_plan
from routing.planning import PlannedDay
from tests.days import three_site_orders, three_site_plan, three_sites


def _broken_day() -> PlannedDay:
    """The hand-made day with the first sortie's order left on the ground."""
    plan = three_site_plan()
    first, *rest = plan.sorties
    base, *others = first.stops
    unloaded = replace(first, stops=(replace(base, loaded=()), *others))
    broken = replace(plan, sorties=(unloaded, *rest))
    violations = check_plan(three_sites(), three_site_orders(), broken)
    assert any(violation.rule == "R1" for violation in violations)
    return PlannedDay(broken, violations, plan, {})


def _arguments(*, json: bool) -> argparse.Namespace:
    return argparse.Namespace(lang="en", json=json)


def test_a_plan_that_breaks_rules_is_kept_under_another_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = _broken_day()
    assert reject(day, tmp_path, _arguments(json=False)) == Exit.REJECTED
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "plan.rejected.json",
        "plan.rejected.txt",
    ]
    assert read_plan(tmp_path / "plan.rejected.json") == day.plan
    lines = (tmp_path / "plan.rejected.txt").read_text("utf-8").splitlines()
    assert lines == [violation.text("en") for violation in day.violations]
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"Not a plan to fly: the check found {len(lines)} violation(s)")


def test_machines_get_the_violations_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    day = _broken_day()
    assert reject(day, tmp_path, _arguments(json=True)) == Exit.REJECTED
    told = json.loads(capsys.readouterr().out)
    assert told["rejected"] == str(tmp_path / "plan.rejected.json")
    assert [one["rule"] for one in told["violations"]] == [one.rule for one in day.violations]
