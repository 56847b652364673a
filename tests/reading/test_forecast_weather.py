"""A network's weather out of forecast files: by hour and height, with a spread, from grids."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest

import cli
from commands import Exit
from routing.legs import build_legs
from routing.network import Network
from routing.reading.network import read_network
from tests.corpus_table import CORPUS
from tests.geo.test_forecast_grids import hours, write_grib

# A wind that grows with height and doubles at noon, gusts of 1.5 times it, a wet afternoon.
HEAD = "time,height_m,wind_mps,wind_from_deg,gust_mps,temperature_c,rain_mm_h,visibility_m,"
ROWS = """spread_mps
2026-11-23T00:00,10,4,0,6,5,0,20000,1
2026-11-23T00:00,110,6,0,6,5,0,20000,1
2026-11-23T12:00,10,8,90,12,9,1.2,4000,2
2026-11-23T12:00,110,12,90,12,9,1.2,4000,2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CORPUS / "valid", tmp_path, dirs_exist_ok=True)
    return tmp_path / "network"


def forecast(folder: Path, name: str, content: str | bytes, more: str = "") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    yaml = folder / "network.yaml"
    text = yaml.read_text(encoding="utf-8").replace("csv: weather.csv", f"file: {name}{more}")
    yaml.write_text(text, encoding="utf-8")
    return folder


def winds(network: Network) -> list[tuple[int, float, float]]:
    periods = network.weather.periods
    return [(one.start_s, round(one.wind_mps, 2), one.wind_from_deg) for one in periods]


def test_a_csv_is_taken_at_cruise_height_by_the_hour(folder: Path) -> None:
    network = read_network(forecast(folder, "day.csv", HEAD + ROWS))
    # 100 m above ground: nine tenths of the way from 10 to 110 m, 4 -> 5.8 and 8 -> 11.6 m/s.
    assert winds(network) == [(0, 5.8, 0.0), (43_200, 11.6, 90.0)]
    noon = network.weather.at(50_000)
    # A gust grows with height as its mean wind does: 12 x 11.6 / 8.
    assert noon.gust_mps == pytest.approx(17.4)
    assert (noon.rain_mm_h, noon.visibility_m) == (1.2, 4000.0)
    assert "made up" in network.weather.source
    assert "day.csv, 100 m above ground, percentile 50" in network.weather.source


def test_a_percentile_takes_the_day_as_bad_as_asked(folder: Path) -> None:
    forecast(folder, "day.csv", HEAD + ROWS, ", percentile: 84.13")
    # One standard deviation of a normal distribution is its 84.13th percentile.
    assert winds(read_network(folder))[1][1] == pytest.approx(13.6, abs=0.01)
    assert winds(read_network(folder, wind_percentile=50.0))[1][1] == 11.6


def test_open_meteo_members_and_grids_are_read(folder: Path) -> None:
    times = [f"2026-11-23T{hour:02d}:00" for hour in range(24)]
    hourly = {
        "time": times,
        "wind_speed_100m": [18.0] * 24,
        "wind_direction_100m": [270] * 24,
        "wind_gusts_10m": [36.0] * 24,
        "temperature_2m": [3.0] * 24,
    }
    units = dict.fromkeys(("wind_speed_100m", "wind_gusts_10m"), "km/h")
    made = {"utc_offset_seconds": 28800, "hourly": hourly, "hourly_units": units}
    network = read_network(forecast(folder, "hours.json", json.dumps(made)))
    assert winds(network)[0] == (0, 5.0, 270.0)
    assert network.weather.at(0).gust_mps == pytest.approx(10.0)
    assert math.isinf(network.weather.at(0).visibility_m)


def test_a_grid_is_read_at_the_hub(folder: Path) -> None:
    grib = write_grib(folder / "made.grib2", hours(0, 3)).read_bytes()
    forecast(folder, "gfs.grib2", grib)
    network = read_network(folder, "2026-11-22")
    assert network.weather.periods[0].wind_mps == pytest.approx(math.hypot(8, 6), abs=1e-2)


def test_wet_and_dim_hours_ground_drones_with_limits(folder: Path) -> None:
    drones = folder.parent / "catalogue" / "drones.yaml"
    text = drones.read_text(encoding="utf-8")
    limit = "    max_rain_mm_h: {value: 1.0, source: made up}\n    mtom_kg: {value: 20,"
    drones.write_text(text.replace("    mtom_kg: {value: 20,", limit), encoding="utf-8")
    calm = ROWS.replace(",8,90,12,", ",4,90,6,").replace(",12,90,12,", ",4,90,6,")
    network = read_network(forecast(folder, "day.csv", HEAD + calm))
    (limited,) = (one.id for one in network.drone_types.values() if one.max_rain_mm_h == 1.0)
    legs = build_legs(network)
    for type_id in legs.tables:
        assert math.isfinite(legs.flight_s(type_id, 0, 1, 36_000))
        assert math.isinf(legs.flight_s(type_id, 0, 1, 50_000)) == (type_id == limited)


def test_a_plan_holds_for_the_percentile_it_was_made_for(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    breeze = ROWS.replace(",8,90,12,", ",3,90,5,").replace(",12,90,12,", ",3,90,5,")
    forecast(folder, "day.csv", HEAD + breeze)
    out, orders = folder.parent / "out", folder.parent / "orders.csv"
    options = ["--orders", str(orders), "--date", "2026-11-23", "--iterations", "20"]
    asked = ["--wind-percentile", "90", "--out", str(out), "--lang", "en"]
    assert cli.main(["plan", str(folder), *options, *asked]) == Exit.DONE
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["made_with"]["wind_percentile"] == "90"
    wind = summary["figures"]["wind"]
    assert wind["flight_s"] > 0
    assert wind["energy_pack"] > 0
    assert "Beside still air the wind makes +" in (out / "summary.html").read_text("utf-8")
    assert cli.main(["check", str(folder), str(out / "plan.json")]) == Exit.DONE
    # The same plan in the middle of the forecast is slower than that weather asks: P2 or R9 tell.
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    plan["made_with"]["wind_percentile"] = "often"
    (out / "edited.json").write_text(json.dumps(plan), encoding="utf-8")
    assert cli.main(["check", str(folder), str(out / "edited.json")]) == Exit.BAD_INPUT
    assert "must be a number from 1 to 99" in capsys.readouterr().err
