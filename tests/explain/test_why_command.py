"""``magpie why`` on a plan of the shipped four-site day, with a sortie taken away by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cli import main
from routing.explain.again import plan_again
from routing.legs import build_legs
from routing.plan import Unserved
from routing.plan_file import write_plan
from tests.choose.places import PINGDU, lines, pingdu

ORDERS = PINGDU / "orders" / "lines.csv"


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan from which the sorties of one order have been taken away."""
    plan = plan_again(pingdu(), lines(), build_legs(pingdu()), 50, 1)
    dropped = plan.sorties[-1]
    gone = [order_id for stop in dropped.stops for order_id in stop.loaded]
    assert gone
    left = tuple(Unserved(order_id, "?", "", "") for order_id in gone)
    cut = replace(plan, sorties=plan.sorties[:-1], unserved=left)
    path = tmp_path_factory.mktemp("why") / "plan.json"
    write_plan(cut, path)
    return path


def test_every_order_left_behind_gets_its_reason_and_a_remedy(
    plan_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sorties that were taken away fit again: planning again carries them."""
    arguments = ["why", str(PINGDU), str(plan_file), "--orders", str(ORDERS), "--iterations", "20"]
    assert main([*arguments, "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["unserved"]
    for left in facts["unserved"]:
        assert left["reason"] == "not_found"
        (remedy,) = facts["remedies"][left["order_id"]]
        assert not remedy["needs_change"]
        assert remedy["zh"] == "再次规划即可承运"


def test_reasons_alone_in_chinese(plan_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["why", str(PINGDU), str(plan_file), "--orders", str(ORDERS), "--lang", "zh"]
    assert main([*arguments, "--reasons-only"]) == 1
    assert "延长搜索即可找到" in capsys.readouterr().out
