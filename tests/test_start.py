"""``magpie plan --start``: a plan file reaches the search, and a wrong one is told."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import cli
import routing.solver.solve
from commands import Exit
from routing.plan import Plan
from routing.plan_file import read_plan
from tests.conftest import ROOT


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
