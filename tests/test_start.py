"""``magpie plan --start`` and ``--continue``: a plan reaches the search, a wrong one is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cli
import routing.solver.solve
from commands import Exit
from routing.plan import Plan
from routing.plan_file import read_plan, write_plan
from routing.reading.clock import format_clock
from tests.conftest import ROOT
from tests.days import three_site_plan


def plan_tiny(tiny: Path, out: str, *more: str) -> int:
    where = ["--orders", str(tiny / "orders.csv"), "--date", "2026-11-23", "--out", str(tiny / out)]
    return cli.main(["plan", str(tiny / "network"), *where, "--iterations", "50", *more])


def test_a_plan_to_start_from_reaches_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = shutil.copytree(ROOT / "tests" / "corpus" / "valid", tmp_path / "tiny")
    assert plan_tiny(tiny, "first") == Exit.DONE
    file = tiny / "first" / "plan.json"
    given: list[Plan | None] = []

    def solve(*day: Any, start: Plan | None, **options: Any) -> Plan:
        given.append(start)
        return routing.solver.solve.solve(*day, start=start, **options)

    monkeypatch.setattr("routing.planning.solve", solve)
    assert plan_tiny(tiny, "again", "--start", str(file)) == Exit.DONE
    before, after = read_plan(file), read_plan(tiny / "again" / "plan.json")
    assert given == [before]
    assert after.objective.ranking <= before.objective.ranking
    assert after.made_with["start"] == str(file)
    capsys.readouterr()
    assert plan_tiny(tiny, "none", "--start", str(tiny / "none.json")) == Exit.BAD_INPUT
    assert "none.json" in capsys.readouterr().err


def test_a_day_under_way_goes_on_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny = shutil.copytree(ROOT / "tests" / "corpus" / "valid", tmp_path / "tiny")
    assert plan_tiny(tiny, "first") == Exit.DONE
    file = tiny / "first" / "plan.json"
    before = read_plan(file)
    starts = sorted(sortie.start_s for sortie in before.sorties)
    clock = format_clock(starts[0] + 60)
    assert plan_tiny(tiny, "on", "--continue", str(file), "--at", clock) == Exit.DONE
    after = read_plan(tiny / "on" / "plan.json")
    fixed = [sortie for sortie in after.sorties if sortie.is_fixed]
    assert 0 < len(fixed) < len(before.sorties)
    assert {(one.id, one.flights) for one in fixed} <= {
        (one.id, one.flights) for one in before.sorties
    }
    assert (after.made_with["continues"], after.made_with["at"]) == (str(file), clock)
    # What is fixed now stays so for the checker, whatever plan follows.
    again = ["check", str(tiny / "network"), str(tiny / "on" / "plan.json")]
    assert cli.main([*again, "--fixed", str(tiny / "on" / "plan.json")]) == Exit.DONE
    capsys.readouterr()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--at", "10:00"], "goes with --continue; found no --continue"),
        (["--continue", "PLAN"], "goes with --continue: must be a clock time"),
        (["--continue", "PLAN", "--at", "25 o'clock"], "must be a clock time"),
        (["--continue", "PLAN", "--at", "10:00"], "the plan's own date is 2026-11-24"),
    ],
)
def test_a_time_and_a_plan_go_together(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_plan(replace(three_site_plan(), date="2026-11-24"), tmp_path / "plan.json")
    words = [str(tmp_path / "plan.json") if word == "PLAN" else word for word in words]
    assert plan_tiny(ROOT / "tests" / "corpus" / "valid", "out", *words) == Exit.BAD_INPUT
    assert told in capsys.readouterr().err
