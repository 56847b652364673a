"""Forecasts: files in, the weather of a day out, the spread where it is asked for."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.findings import Findings
from geo.forecast import Forecast, weather_of
from geo.forecast_files import read_csv, read_open_meteo
from geo.schedule import ServiceDay

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = ServiceDay(date(2026, 11, 22), SHANGHAI, 119.96, 36.78)
HEAD = "time,height_m,wind_mps,wind_from_deg,gust_mps,temperature_c,rain_mm_h,visibility_m\n"
CSV = HEAD + (
    "2026-11-22T00:00,10,4,270,7,2,0,\n"
    "2026-11-22T00:00,120,8,270,7,2,0,\n"
    "2026-11-22T07:00Z,10,6,360,14,5,1.5,3000\n"
    "2026-11-22T07:00Z,120,9,360,14,5,1.5,3000\n"
)


def csv_forecast(text: str = CSV) -> Forecast:
    forecast, findings = read_csv(text.encode("utf-8-sig"), "wind.csv", SHANGHAI)
    assert findings.found == []
    assert forecast is not None
    return forecast


def errors(findings: Findings) -> list[tuple[str, str]]:
    return [(finding.place, finding.field) for finding in findings.found]


def test_csv_gives_the_periods_of_the_day() -> None:
    first, second = weather_of(csv_forecast(), DAY, height_m_agl=120.0).periods
    assert (first.start_s, first.wind_mps, first.wind_from_deg) == (0, 8.0, 270.0)
    # The gust of 7 m/s at 10 m grows as the wind does, by 8 / 4.
    assert (first.gust_mps, first.temperature_c) == (14.0, 2.0)
    assert (first.rain_mm_h, first.visibility_m) == (0.0, math.inf)
    # 07:00 UTC is 15:00 in Shandong.
    assert (second.start_s, second.wind_mps, second.wind_from_deg) == (15 * 3600, 9.0, 0.0)
    assert second.gust_mps == 14.0 * 9.0 / 6.0
    assert (second.rain_mm_h, second.visibility_m) == (1.5, 3000.0)


def test_wind_between_below_and_above_the_levels() -> None:
    def wind(height_m: float) -> float:
        return weather_of(csv_forecast(), DAY, height_m_agl=height_m).periods[0].wind_mps

    assert wind(65.0) == 6.0  # half way from 10 to 120 m
    assert wind(5.0) == 4.0
    assert wind(240.0) == pytest.approx(8.0 * 2 ** (1 / 7), abs=1e-3)


def test_wind_that_turns_with_height_is_interpolated_as_a_vector() -> None:
    text = HEAD + "2026-11-22T00:00,10,4,0,5,2,,\n2026-11-22T00:00,120,4,90,5,2,,\n"
    (period,) = weather_of(csv_forecast(text), DAY, height_m_agl=65.0).periods
    assert period.wind_mps == pytest.approx(4.0 / math.sqrt(2), abs=1e-3)
    assert period.wind_from_deg == pytest.approx(45.0)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("yesterday,10,4,270,7,2,0,", "time"),
        ("2026-11-22T01:00,10,-1,270,7,2,0,", "wind_mps"),
        ("2026-11-22T01:00,10,4,361,7,2,0,", "wind_from_deg"),
        ("2026-11-22T01:00,10,4,270,,2,0,", "gust_mps"),
        ("2026-11-22T01:00,10,4,270,7,warm,0,", "temperature_c"),
    ],
)
def test_a_faulty_row_is_named(row: str, field: str) -> None:
    forecast, findings = read_csv((CSV + row + "\n").encode(), "wind.csv", SHANGHAI)
    assert forecast is None
    assert errors(findings) == [("row 6", field)]


def test_gaps_and_doubles_are_named() -> None:
    gap = CSV + "2026-11-22T16:00,10,4,270,7,2,0,\n"
    assert errors(read_csv(gap.encode(), "w", SHANGHAI)[1]) == [("", "time")]
    double = CSV + "2026-11-22T00:00,10,4,270,7,2,0,\n"
    assert errors(read_csv(double.encode(), "w", SHANGHAI)[1]) == [("", "time")]
    assert errors(read_csv(b"time,wind\n", "w", SHANGHAI)[1])[0][0] == "row 1"
    assert errors(read_csv(HEAD.encode(), "w", SHANGHAI)[1]) == [("", "")]
    assert errors(read_csv(b"\xff\xfe", "w", SHANGHAI)[1]) == [("", "")]


def open_meteo(**more: Any) -> Any:
    hourly = {
        "time": ["2026-11-22T00:00", "2026-11-22T01:00"],
        "wind_speed_10m": [18.0, 36.0],
        "wind_direction_10m": [270, 0],
        "wind_speed_120m": [36.0, 36.0],
        "wind_direction_120m": [270, 0],
        "wind_gusts_10m": [10.0, 54.0],
        "temperature_2m": [5.0, 4.0],
        "precipitation": [0.2, 0.7],
        "visibility": [9000.0, 24000.0],
    }
    units = {
        "wind_speed_10m": "km/h", "wind_speed_120m": "km/h", "wind_gusts_10m": "km/h",
        "precipitation": "mm", "visibility": "m", "temperature_2m": "\u00b0C",
    }  # fmt: skip
    return {
        "utc_offset_seconds": 28_800,
        "hourly": hourly | more,
        "hourly_units": units | {name: "km/h" for name in more if "speed" in name},
    }


def test_open_meteo_in_si_and_in_its_own_hours() -> None:
    forecast, findings = read_open_meteo(json.dumps(open_meteo()).encode(), "om.json")
    assert findings.found == []
    assert forecast is not None
    first, second = weather_of(forecast, DAY, height_m_agl=120.0).periods
    assert (first.start_s, first.wind_mps, first.wind_from_deg) == (0, 10.0, 270.0)
    # Its gust and rain are of the hour before: 54 km/h and 0.7 mm fell from 00:00 to 01:00. At
    # 120 m the gust grows as the wind does, by 36 / 18.
    assert (first.gust_mps, first.rain_mm_h) == (30.0, 0.7)
    assert (first.visibility_m, first.temperature_c) == (9000.0, 5.0)
    assert (second.start_s, second.wind_from_deg) == (3600, 0.0)


def test_open_meteo_faults_are_named() -> None:
    def faults(content: Any) -> list[str]:
        forecast, findings = read_open_meteo(json.dumps(content).encode(), "om.json")
        assert forecast is None
        return [finding.field for finding in findings.found]

    assert faults([]) == ["hourly"]
    assert faults({"hourly": {"time": ["soon"]}}) == ["hourly.time"]
    assert faults({"hourly": {"time": ["2026-11-22T00:00"]}}) == ["hourly"]
    holes = open_meteo(visibility=[None, 5.0])
    assert faults(holes) == ["hourly.visibility"]
    strange = open_meteo()
    strange["hourly_units"]["wind_gusts_10m"] = "furlongs"
    assert faults(strange) == ["hourly_units.wind_gusts_10m"]
    short = open_meteo(temperature_2m=[5.0])
    assert faults(short) == ["hourly.temperature_2m"]


def test_ensemble_percentiles() -> None:
    members = {}
    for number in range(1, 5):
        for height in (10, 120):
            members[f"wind_speed_{height}m_member{number:02d}"] = [36.0 + 3.6 * number] * 2
            members[f"wind_direction_{height}m_member{number:02d}"] = [270, 0]
        members[f"wind_gusts_10m_member{number:02d}"] = [72.0] * 2
        members[f"temperature_2m_member{number:02d}"] = [5.0 - number] * 2
    content = open_meteo(**members)
    content["hourly_units"] |= {name: "km/h" for name in members if "gusts" in name}
    forecast, findings = read_open_meteo(json.dumps(content).encode(), "om.json")
    assert findings.found == []
    assert forecast is not None
    assert forecast.east_mps.shape == (5, 2, 2)

    def first(percentile: float) -> Any:
        return weather_of(forecast, DAY, height_m_agl=120.0, percentile=percentile).periods[0]

    # Winds of 10 (the control run), 11, 12, 13, 14 m/s; temperatures of 5, 4, 3, 2, 1 C.
    assert first(50).wind_mps == pytest.approx(12.0)
    assert first(75).wind_mps == pytest.approx(13.0)
    assert first(75).temperature_c == pytest.approx(2.0)
    assert first(75).wind_from_deg == 270.0


def test_spread_of_one_run() -> None:
    spread = CSV.replace("visibility_m\n", "visibility_m,spread_mps\n").replace(",\n", ",,2\n")
    spread = spread.replace(",3000\n", ",3000,2\n")
    forecast = csv_forecast(spread)
    calm = weather_of(forecast, DAY, height_m_agl=120.0).periods[0]
    windy = weather_of(forecast, DAY, height_m_agl=120.0, percentile=97.5).periods[0]
    assert calm.wind_mps == 8.0
    assert windy.wind_mps == pytest.approx(8.0 + 1.96 * 2.0, abs=1e-3)
    with pytest.raises(ValueError, match="percentile"):
        weather_of(forecast, DAY, height_m_agl=120.0, percentile=100.0)


def test_the_day_starts_at_midnight_whatever_the_forecast() -> None:
    forecast = csv_forecast()
    for shift_h in (-30, -5, 0, 5):
        moved = replace(
            forecast, times=tuple(time + timedelta(hours=shift_h) for time in forecast.times)
        )
        periods = weather_of(moved, DAY, height_m_agl=120.0).periods
        assert periods[0].start_s <= 0
        assert [p.start_s for p in periods] == sorted({p.start_s for p in periods})


@given(st.lists(st.floats(0, 30), min_size=2, max_size=6), st.floats(1, 98), st.floats(0.1, 1.9))
def test_worse_percentiles_are_never_calmer(
    winds: list[float], percentile: float, more: float
) -> None:
    count = len(winds)
    forecast = Forecast(
        times=(DAY.midnight.astimezone(UTC),),
        heights_m_agl=(100.0,),
        east_mps=np.array(winds).reshape(count, 1, 1),
        north_mps=np.zeros((count, 1, 1)),
        gust_mps=np.array(winds).reshape(count, 1) * 1.5,
        temperature_c=np.array(winds).reshape(count, 1),
        rain_mm_h=np.array(winds).reshape(count, 1),
        visibility_m=1000.0 * np.array(winds).reshape(count, 1),
        wind_spread_mps=np.zeros(1),
    )
    (mild,) = weather_of(forecast, DAY, height_m_agl=100.0, percentile=percentile).periods
    (worse,) = weather_of(forecast, DAY, height_m_agl=100.0, percentile=percentile + more).periods
    assert worse.wind_mps >= mild.wind_mps
    assert worse.gust_mps >= mild.gust_mps
    assert worse.gust_mps >= worse.wind_mps
    assert worse.temperature_c <= mild.temperature_c
    assert worse.visibility_m <= mild.visibility_m
