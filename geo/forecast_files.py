"""Forecasts from CSV and from Open-Meteo-style JSON.

Owns both formats and their units. Does not know the service day or drones.

CSV columns: ``time`` (ISO 8601 with offset, or the place's own time, or a clock time such as
``15:00`` of the day asked for), ``height_m``, ``wind_mps``,
``wind_from_deg``, ``gust_mps``, ``temperature_c``, and where known ``rain_mm_h``,
``visibility_m``, ``member``, ``spread_mps``; a row for each time, height and member. Values hold
from their time until the next.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any

import numpy as np

from geo.findings import Findings
from geo.forecast import Forecast
from geo.geodesy import Floats

_NEEDED = ("time", "height_m", "wind_mps", "wind_from_deg", "gust_mps", "temperature_c")
_RANGES = {
    "height_m": (0.0, 10_000.0, None),
    "wind_mps": (0.0, 100.0, None),
    "wind_from_deg": (0.0, 360.0, None),
    "gust_mps": (0.0, 150.0, None),
    "temperature_c": (-80.0, 60.0, None),
    "rain_mm_h": (0.0, 500.0, 0.0),
    "visibility_m": (0.0, math.inf, math.inf),
    "spread_mps": (0.0, 50.0, 0.0),
}
"""Least, greatest, and what an absent value means (None: it must be there)."""
_UNITS = {
    "m/s": 1.0, "ms": 1.0, "km/h": 1 / 3.6, "kmh": 1 / 3.6, "mp/h": 0.44704, "mph": 0.44704,
    "kn": 0.514444, "mm": 1.0, "inch": 25.4, "m": 1.0, "km": 1000.0, "ft": 0.3048,
}  # fmt: skip
_CLOCK = re.compile(r"\d\d:\d\d")
_WIND = re.compile(r"wind_?speed_(\d+)m(?:_member(\d+))?$")


@dataclass(frozen=True, slots=True)
class _Reading:
    """One row: a member's values at a time and height."""

    time: datetime
    member: str
    values: Mapping[str, float]


def read_csv(
    content: bytes, file: str, zone: tzinfo, on: date | None = None
) -> tuple[Forecast | None, Findings]:
    """A forecast from CSV; None with findings when any row is faulty.

    Args:
        content: UTF-8, with or without a byte order mark.
        file: the name as the user gave it.
        zone: time zone of times without an offset; on: day of times without a date, None to
            refuse such times.
    """
    findings = Findings(file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(findings, "", "", "UTF-8", str(error))
        return None, findings
    table = csv.DictReader(io.StringIO(text))
    missing = [name for name in _NEEDED if name not in (table.fieldnames or ())]
    if missing:
        _refuse(findings, "row 1", ", ".join(missing), "a column of that name", "none")
        return None, findings
    day = "" if on is None else f"{on.isoformat()}T"
    readings = [
        _read_row(row, f"row {n}", zone, day, findings) for n, row in enumerate(table, start=2)
    ]
    whole = [reading for reading in readings if reading is not None]
    if findings.found or not whole:
        if not whole and not findings.found:
            _refuse(findings, "", "", "at least one row", "none")
        return None, findings
    return _gather(whole, file, findings), findings


def _read_row(
    row: Mapping[str, str | None], place: str, zone: tzinfo, day: str, findings: Findings
) -> _Reading | None:
    text = (row.get("time") or "").strip()
    time = _time_of(day + text if _CLOCK.fullmatch(text) else text, zone)
    if time is None:
        _refuse(findings, place, "time", "an ISO 8601 time", row.get("time"))
        return None
    values = {}
    for name, (least, greatest, absent) in _RANGES.items():
        text = (row.get(name) or "").strip()
        if not text and absent is not None:
            values[name] = absent
            continue
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= greatest:
            _refuse(findings, place, name, f"a number from {least:g} to {greatest:g}", text)
            return None
        values[name] = value
    return _Reading(time, (row.get("member") or "").strip(), values)


def _time_of(text: object, zone: tzinfo) -> datetime | None:
    try:
        time = datetime.fromisoformat(str(text).strip())
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=zone)


def _gather(readings: list[_Reading], file: str, findings: Findings) -> Forecast | None:
    """Rows into arrays; every member has a value at every time and height."""
    times = sorted({reading.time for reading in readings})
    heights = sorted({reading.values["height_m"] for reading in readings})
    members = sorted({reading.member for reading in readings})
    by_key = {(r.member, r.time, r.values["height_m"]): r.values for r in readings}
    if len(by_key) != len(readings):
        _refuse(findings, "", "time", "one row a time, height and member", "some twice")
        return None
    absent = [
        (member, time, height)
        for member in members
        for time in times
        for height in heights
        if (member, time, height) not in by_key
    ]
    if absent:
        member, time, height = absent[0]
        found = f"none at {time.isoformat()}, {height:g} m, member {member or '-'}"
        _refuse(findings, "", "time", "a row for every time, height and member", found)
        return None

    def field(name: str) -> Floats:
        return np.array(
            [[[by_key[m, t, h][name] for h in heights] for t in times] for m in members]
        )

    angle = np.radians(field("wind_from_deg") + 180.0)
    speed = field("wind_mps")
    return Forecast(
        times=tuple(times),
        heights_m_agl=tuple(heights),
        east_mps=speed * np.sin(angle),
        north_mps=speed * np.cos(angle),
        gust_mps=field("gust_mps")[:, :, 0],
        temperature_c=field("temperature_c")[:, :, 0],
        rain_mm_h=field("rain_mm_h").max(axis=2),
        visibility_m=field("visibility_m").min(axis=2),
        wind_spread_mps=field("spread_mps").max(axis=(0, 2)),
        source=file,
    )


def read_open_meteo(content: bytes, file: str) -> tuple[Forecast | None, Findings]:
    """A forecast from Open-Meteo-style JSON, ensemble members included.

    ``hourly`` holds ``time``, ``wind_speed_<height>m``, ``wind_direction_<height>m``,
    ``wind_gusts_10m``, ``temperature_2m`` and where given ``precipitation`` (or ``rain``) and
    ``visibility``; ``hourly_units`` their units; members end in ``_member01``. Gusts and rain
    there are of the hour before their time and are moved to the hour they belong to.
    """
    findings = Findings(file)
    try:
        parsed = json.loads(content.decode("utf-8-sig"))
        hourly, units = dict(parsed["hourly"]), dict(parsed.get("hourly_units") or {})
        zone = timezone(timedelta(seconds=int(parsed.get("utc_offset_seconds", 0))))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        _refuse(findings, "", "hourly", "JSON with an object 'hourly'", repr(error))
        return None, findings
    times = [_time_of(text, zone) for text in hourly.get("time") or ()]
    if not times or None in times:
        _refuse(findings, "", "hourly.time", "ISO 8601 times", hourly.get("time"))
        return None, findings
    levels = sorted(
        {(match[2] or "", int(match[1])) for match in map(_WIND.match, hourly) if match is not None}
    )
    if not levels:
        _refuse(findings, "", "hourly", "wind_speed_<height>m", ", ".join(sorted(hourly)))
        return None, findings
    reader = _Hourly(hourly, units, len(times), findings)
    forecast = _forecast_of(reader, [time for time in times if time is not None], levels, file)
    return (None if findings.found else forecast), findings


def _forecast_of(
    reader: _Hourly, times: list[datetime], levels: list[tuple[str, int]], file: str
) -> Forecast:
    members = sorted({member for member, _ in levels})
    heights = sorted({height for _, height in levels})
    speed = np.array([[reader.wind(h, m) for h in heights] for m in members])
    angle = np.radians(
        np.array(
            [[reader.numbers(f"wind_direction_{h}m", m, 1.0) for h in heights] for m in members]
        )
        + 180.0
    )
    temperature_c = [reader.celsius(m) for m in members]
    return Forecast(
        times=tuple(times),
        heights_m_agl=tuple(float(h) for h in heights),
        east_mps=(speed * np.sin(angle)).transpose(0, 2, 1),
        north_mps=(speed * np.cos(angle)).transpose(0, 2, 1),
        gust_mps=np.array(
            [_hour_after(reader.optional("wind_gusts_10m", m, 0.0)) for m in members]
        ),
        temperature_c=np.array(temperature_c),
        rain_mm_h=np.array([_hour_after(reader.rain(m)) for m in members]),
        visibility_m=np.array([reader.optional("visibility", m, math.inf) for m in members]),
        wind_spread_mps=np.zeros(len(times)),
        source=file,
    )


@dataclass(frozen=True, slots=True)
class _Hourly:
    """The hourly lists of a file, in SI."""

    hourly: Mapping[str, Any]
    units: Mapping[str, str]
    num_times: int
    findings: Findings

    def name_of(self, name: str, member: str) -> str:
        """The key of a variable and member; the control run's is bare, older files' unjoined."""
        for stem in (name, name.replace("wind_speed", "windspeed"),
                     name.replace("wind_direction", "winddirection"),
                     name.replace("wind_gusts", "windgusts")):  # fmt: skip
            key = f"{stem}_member{member}" if member else stem
            if key in self.hourly:
                return key
        return f"{name}_member{member}" if member else name

    def wind(self, height: int, member: str) -> Floats:
        """Wind speed in m/s."""
        return self.numbers(f"wind_speed_{height}m", member, None)

    def celsius(self, member: str) -> Floats:
        """Temperature in C."""
        key = self.name_of("temperature_2m", member)
        values = self.numbers("temperature_2m", member, 1.0)
        return (values - 32.0) / 1.8 if "F" in self.units.get(key, "") else values

    def rain(self, member: str) -> Floats:
        """Rain in mm of the hour, 0 where the file has none."""
        for name in ("precipitation", "rain"):
            if self.name_of(name, member) in self.hourly:
                return self.numbers(name, member, None)
        return np.zeros(self.num_times)

    def optional(self, name: str, member: str, absent: float) -> Floats:
        """A variable in SI, a constant where the file has none."""
        if self.name_of(name, member) not in self.hourly:
            return np.full(self.num_times, absent)
        return self.numbers(name, member, None)

    def numbers(self, name: str, member: str, factor: float | None) -> Floats:
        """A variable's values times a factor, or times that of its unit."""
        key = self.name_of(name, member)
        raw = self.hourly.get(key)
        if factor is None:
            factor = _UNITS.get(self.units.get(key, "").lower())
        values = np.full(self.num_times, np.nan)
        if isinstance(raw, list) and len(raw) == self.num_times:
            values = np.array([math.nan if v is None else float(v) for v in raw])
        if factor is None:
            unit = self.units.get(key)
            _refuse(self.findings, "", f"hourly_units.{key}", f"one of {', '.join(_UNITS)}", unit)
            return values
        if np.isnan(values).any():
            rule = f"{self.num_times} numbers, one a time"
            _refuse(self.findings, "", f"hourly.{key}", rule, raw)
        return values * factor


def _hour_after(values: Floats) -> Floats:
    """Values of the hour before their time, moved to its start; the last one stands twice."""
    return np.concatenate([values[1:], values[-1:]])


def _refuse(findings: Findings, place: str, field: str, rule: str, found: object) -> None:
    findings.error(
        "forecast.value", place, field,
        rule=rule, found=found if found is not None else "none", action="correct the file",
    )  # fmt: skip
