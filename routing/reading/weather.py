"""Weather of the service day: periods in ``network.yaml`` or a CSV with the same columns.

Owns the CSV (``from,wind_mps,wind_from_deg,gust_mps,temperature_c`` and where known
``rain_mm_h,visibility_m``; ``from`` a clock time) and the checks on periods. Does not know drones.
"""

from __future__ import annotations

import math

from geo.weather import Weather, WeatherPeriod
from routing.reading.cells import RowReader
from routing.reading.clock import format_clock, parse_clock
from routing.reading.faults import FaultList, Phrase
from routing.reading.network_file import WeatherEntry
from routing.reading.tables import Columns, Table

WEATHER_COLUMNS = Columns(
    required=("from", "wind_mps", "wind_from_deg", "gust_mps", "temperature_c"),
    optional=("rain_mm_h", "visibility_m", "note"),
    aliases={
        "时间": "from",
        "风速": "wind_mps",
        "风向": "wind_from_deg",
        "阵风": "gust_mps",
        "气温": "temperature_c",
        "降雨": "rain_mm_h",
        "能见度": "visibility_m",
    },
)
PlacedPeriod = tuple[WeatherPeriod, str]


def periods_of(entries: list[WeatherEntry], places: list[str]) -> list[PlacedPeriod]:
    """Periods of ``network.yaml`` with the place each stands at."""
    return [
        (
            WeatherPeriod(
                entry.start,
                entry.wind_mps,
                entry.wind_from_deg,
                entry.gust_mps,
                entry.temperature_c,
                entry.rain_mm_h,
                math.inf if entry.visibility_m is None else entry.visibility_m,
            ),
            place,
        )
        for entry, place in zip(entries, places, strict=True)
    ]


def periods_in(table: Table, faults: FaultList) -> list[PlacedPeriod]:
    """Periods of a weather CSV with their rows; rows with faults are left out."""
    periods: list[PlacedPeriod] = []
    for row in table.rows:
        reader = RowReader(row, table.file, faults)
        start_s = _start(reader)
        wind = reader.number("wind_mps", 0, 60, unit="m/s")
        wind_from = reader.number("wind_from_deg", 0, 360, unit="degrees")
        gust = reader.number("gust_mps", 0, 80, unit="m/s")
        temperature = reader.number("temperature_c", -50, 55, unit="C")
        rain = reader.number("rain_mm_h", 0, 500, unit="mm/h", required=False)
        sight = reader.number("visibility_m", 0, 100_000, unit="m", required=False)
        if None in (start_s, wind, wind_from, gust, temperature):
            continue
        assert start_s is not None
        assert wind is not None
        assert wind_from is not None
        assert gust is not None
        assert temperature is not None
        period = WeatherPeriod(
            start_s, wind, wind_from, gust, temperature, rain or 0.0,
            math.inf if sight is None else sight,
        )  # fmt: skip
        periods.append((period, row.place))
    return periods


def _start(reader: RowReader) -> int | None:
    text = reader.text("from", required=True)
    if not text:
        return None
    try:
        return parse_clock(text)
    except ValueError as error:
        reader.fault(
            "weather.bad-time", "from", rule=str(error), found=text, action="rewrite the time"
        )
        return None


def weather_of(
    periods: list[PlacedPeriod], source: str, file: str, faults: FaultList
) -> Weather | None:
    """The day's weather, checked: it starts at 00:00, rises, and gusts are no weaker than wind."""
    if not periods:
        return None
    num_before = len(faults)
    if periods[0][0].start_s != 0:
        faults.add(
            "weather.late-start",
            file,
            place=periods[0][1],
            name="from",
            rule="the first period must start at 00:00",
            found=format_clock(periods[0][0].start_s),
            action="add a period from 00:00",
        )
    previous_s = -1
    for period, place in periods:
        if period.start_s <= previous_s:
            faults.add(
                "weather.not-rising",
                file,
                place=place,
                name="from",
                rule=f"must be after the period before, {format_clock(previous_s)}",
                found=format_clock(period.start_s),
                action="sort the periods",
            )
        if period.gust_mps < period.wind_mps:
            faults.add(
                "weather.gust-below-wind",
                file,
                place=place,
                name="gust_mps",
                rule=f"must be at least the mean wind, {period.wind_mps:g} m/s",
                found=Phrase(f"{period.gust_mps:g} m/s"),
                action="check the two",
            )
        previous_s = max(previous_s, period.start_s)
    if len(faults) > num_before:
        return None
    return Weather(tuple(period for period, _ in periods), source)
