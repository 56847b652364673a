"""Applicability of ED-269 and ED-318 zones: their words into ``geo.active_times`` and back.

Owns the two standards' time periods. Does not resolve them to a day (``geo.schedule``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, get_args

from geo.active_times import ActiveTime, DailyPeriod, SunEvent, TimeOfDay
from geo.findings import Findings

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$")


class _UnreadError(ValueError):
    """A period that is not understood; its text says what."""


def read_times(raw: object, place: str, findings: Findings) -> tuple[ActiveTime, ...]:
    """The active times of a list of periods; always active, and a warning, if any is not read."""
    if raw in (None, [], {}):
        return ()
    periods = raw if isinstance(raw, list) else [raw]
    try:
        times = tuple(_read_period(period) for period in periods)
    except _UnreadError as error:
        findings.warn(
            "airspace.times", place, "applicability",
            rule="periods of the standard", found=str(error), action="read as always active",
        )  # fmt: skip
        return ()
    return () if ActiveTime() in times else times


def _read_period(raw: object) -> ActiveTime:
    if not isinstance(raw, dict):
        raise _UnreadError(repr(raw))
    if str(raw.get("permanent", "NO")).upper() == "YES":
        return ActiveTime()
    return ActiveTime(
        start=_read_moment(raw.get("startDateTime")),
        end=_read_moment(raw.get("endDateTime")),
        daily=tuple(_read_daily(one) for one in raw.get("schedule") or ()),
    )


def _read_moment(raw: object) -> datetime | None:
    if raw in (None, ""):
        return None
    try:
        moment = datetime.fromisoformat(str(raw))
    except ValueError:
        raise _UnreadError(f"time {raw!r}") from None
    # Both standards speak UTC; a time without a zone is taken as that.
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _read_daily(raw: object) -> DailyPeriod:
    if not isinstance(raw, dict):
        raise _UnreadError(repr(raw))
    days = raw.get("day") or ["ANY"]
    names = [str(day).upper()[:3] for day in (days if isinstance(days, list) else [days])]
    unknown = [name for name in names if name not in (*DAYS, "ANY")]
    if unknown:
        raise _UnreadError(f"day {unknown[0]!r}")
    weekdays = frozenset() if "ANY" in names else frozenset(DAYS.index(name) for name in names)
    return DailyPeriod(
        weekdays,
        _read_time(raw.get("startTime"), raw.get("startEvent")),
        _read_time(raw.get("endTime"), raw.get("endEvent")),
    )


def _read_time(clock: object, event: object) -> TimeOfDay | None:
    if event not in (None, ""):
        for known in get_args(SunEvent):
            if str(event).upper() == known:
                return TimeOfDay(event=known)
        raise _UnreadError(f"event {event!r}")
    if clock in (None, ""):
        return None
    match = _TIME.fullmatch(str(clock).strip().partition("T")[2] or str(clock).strip())
    if match is None or int(match[1]) > 24 or int(match[2]) > 59:
        raise _UnreadError(f"time {clock!r}")
    seconds = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3] or 0)
    return TimeOfDay(seconds, utc_offset_s=_offset_s(match[4]))


def _offset_s(text: str | None) -> int | None:
    if text is None:
        return None
    if text == "Z":
        return 0
    digits = text[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:]) * 60
    return -seconds if text[0] == "-" else seconds


def write_times(times: tuple[ActiveTime, ...]) -> list[dict[str, Any]]:
    """The periods of ED-318 for some active times."""
    return [
        {
            **({"startDateTime": time.start.isoformat()} if time.start is not None else {}),
            **({"endDateTime": time.end.isoformat()} if time.end is not None else {}),
            "schedule": [_write_daily(period) for period in time.daily],
        }
        for time in times
    ]


def _write_daily(period: DailyPeriod) -> dict[str, Any]:
    days = [DAYS[day] for day in sorted(period.weekdays)] or ["ANY"]
    return {
        "day": days,
        **_write_time("start", period.start),
        **_write_time("end", period.end),
    }


def _write_time(edge: str, time: TimeOfDay | None) -> dict[str, str]:
    if time is None:
        return {}
    if time.event:
        return {f"{edge}Event": time.event}
    minutes, seconds = divmod(time.clock_s, 60)
    clock = f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return {f"{edge}Time": clock + _write_offset(time.utc_offset_s)}


def _write_offset(offset_s: int | None) -> str:
    if offset_s is None:
        return ""
    if offset_s == 0:
        return "Z"
    sign, minutes = ("-" if offset_s < 0 else "+"), abs(offset_s) // 60
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
