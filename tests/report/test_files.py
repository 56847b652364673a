"""A day's folder: whole or untouched, and every file in it readable."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest

from routing.plan_file import read_plan
from routing.report.files import write_day
from tests.days import three_site_orders, three_site_plan, three_sites_with_zone

FILES = {
    "summary.html",
    "summary.json",
    "schedule.xlsx",
    "schedule-by-drone.csv",
    "schedule-by-site.csv",
    "schedule-by-order.csv",
    "sheets-bases.html",
    "sheets-drones.html",
    "sheets-sites.html",
    "timeline.svg",
    "plan.json",
    "plan.gpkg",
}


def write(folder: Path, **more: object) -> tuple[Path, ...]:
    return write_day(
        three_sites_with_zone(), three_site_orders(), three_site_plan(), folder, "zh",
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def test_every_file_is_written_and_the_summary_comes_first(tmp_path: Path) -> None:
    out = tmp_path / "a" / "day"
    written = write(out)
    assert written[0] == out / "summary.html"
    assert {path.name for path in written} == FILES
    assert {path.name for path in out.iterdir()} == FILES
    # Nothing is left beside it.
    assert [path.name for path in out.parent.iterdir()] == ["day"]
    assert read_plan(out / "plan.json") == three_site_plan()
    assert json.loads((out / "summary.json").read_text("utf-8"))["date"] == "2026-11-23"


def test_the_map_is_written_by_its_own_writer(tmp_path: Path) -> None:
    written = write(tmp_path / "day", map_writer=lambda path: path.write_text("map"))
    assert (tmp_path / "day" / "map.html").read_text() == "map"
    assert tmp_path / "day" / "map.html" in written


def test_a_failure_leaves_the_old_day_untouched(tmp_path: Path) -> None:
    out = tmp_path / "day"
    out.mkdir()
    (out / "plan.json").write_text("old")

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        write(out, map_writer=fail)
    assert [path.name for path in out.iterdir()] == ["plan.json"]
    assert (out / "plan.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["day"]


def test_files_of_other_people_stay(tmp_path: Path) -> None:
    out = tmp_path / "day"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    (out / "plan.json").write_text("old")
    write(out)
    assert (out / "notes.txt").read_text() == "mine"
    assert read_plan(out / "plan.json") == three_site_plan()


def test_layers_hold_the_day(tmp_path: Path) -> None:
    write(tmp_path / "day")
    path = tmp_path / "day" / "plan.gpkg"
    layers = {name: geopandas.read_file(path, layer=name) for name in
              ("outline", "zones", "flights", "stops", "sites")}  # fmt: skip
    assert {name: len(frame) for name, frame in layers.items()} == {
        "outline": 0,
        "zones": 1,
        "flights": 6,
        "stops": 10,
        "sites": 3,
    }
    flights = layers["flights"]
    first = flights.iloc[0]
    assert (first["sortie"], first["orders"], first["drone_type"]) == ("T1", "B1", "hex")
    # B1 stays at the clinic, S1 comes on board.
    assert flights.iloc[1]["orders"] == "S1"
    assert first["takeoff_local"] == "2026-11-23 08:00:00"
    # 08:00 in Shanghai is midnight in UTC.
    assert first["takeoff"].isoformat() == "2026-11-23T00:00:00+00:00"
    assert layers["sites"]["is_base"].tolist() == [True, True, False]
    assert layers["zones"]["rule_zh"].tolist() == ["禁飞"]
