"""``magpie whatif --rank --coverage --site-base`` through the entry point, on the four-site day."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from cli import main
from tests.choose.places import PINGDU, lines

CANDIDATES = """# datum: WGS-84
id,name_zh,name_en,lon,lat,population
near,近村,Near,119.99,36.80,900
east,东村,East,120.10,36.80,300
"""


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    """The options that every question shares."""
    (tmp_path / "candidates.csv").write_text(CANDIDATES, encoding="utf-8")
    return [
        "whatif", str(PINGDU), "--orders", str(PINGDU / "orders" / "lines.csv"),
        "--date", "2026-11-23", "--iterations", "10", "--workers", "1",
        "--out", str(tmp_path / "out"),
    ]  # fmt: skip


def test_candidates_are_ranked_and_written(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rank = ["--rank", str(tmp_path / "candidates.csv"), "--choose", "1", "--more-drones", "1"]
    assert main([*asked, *rank, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "现有机队：依次接入" in said
    assert "增加 1 架" in said
    with (tmp_path / "out" / "choice.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["extra_drones"] for row in rows] == ["0", "0", "1", "1"]
    assert sum(row["add_as"] == "1" for row in rows) == 2
    assert {row["name_zh"] for row in rows} == {"近村", "东村"}


def test_candidates_that_say_no_datum_are_refused(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text(CANDIDATES.split("\n", 1)[1], encoding="utf-8")  # No datum.
    assert main([*asked, "--rank", str(path)]) == 2
    assert "candidates.csv" in capsys.readouterr().err


def test_who_is_near_is_a_layer_and_a_share(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*asked, "--coverage", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert len(facts["coverage"]) == 6
    layer = json.loads((tmp_path / "out" / "coverage.geojson").read_text("utf-8"))
    assert {one["properties"]["minutes"] for one in layer["features"]} == {15, 30, 60}
    assert (tmp_path / "out" / "coverage.csv").exists()


def test_what_is_chosen_is_compared_under_the_changes_asked_for(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twice the orders before and after; table and map are those of any comparison."""
    rank = ["--rank", str(tmp_path / "candidates.csv"), "--choose", "1", "--more-drones", "0"]
    assert main([*asked, *rank, "--demand", "x2", "--lang", "en"]) == 0
    assert '"1 clinic more": of' in capsys.readouterr().out
    facts = json.loads((tmp_path / "out" / "whatif.json").read_text("utf-8"))
    before, after = (
        next(row for row in facts["rows"] if (row["scenario"], row["way"]) == (name, "plan"))
        for name in ("base", "1 clinic more")
    )
    assert before["orders"] == 2 * len(lines())
    assert after["orders"] > before["orders"]
    assert (tmp_path / "out" / "map.html").exists()


def test_a_choice_takes_no_scenario_files(
    asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ["--scenario", str(PINGDU / "scenarios" / "north-wind.yaml")]
    assert main([*asked, "--site-base", *files]) == 2
    assert "--scenario" in capsys.readouterr().err
