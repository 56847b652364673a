"""When a zone is active, as its publisher words it: dates, weekdays, the clock, the sun.

Owns the frozen values. Does not resolve them (``geo.schedule``) and knows no files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SunEvent = Literal["BMCT", "SR", "SS", "EECT"]
"""Morning civil twilight begins, sunrise, sunset, evening civil twilight ends (ED-318's words)."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of every day: seconds after midnight, or an event of the sun.

    Attributes:
        clock_s: seconds after midnight, ignored with an event.
        event: the sun's event, empty for the clock.
        utc_offset_s: offset of ``clock_s`` to UTC; None means the place's own time.
    """

    clock_s: int = 0
    event: SunEvent | Literal[""] = ""
    utc_offset_s: int | None = None


@dataclass(frozen=True, slots=True)
class DailyPeriod:
    """A span on some days of the week; ends on the next day when its end is not after its start.

    Attributes:
        weekdays: 0 for Monday to 6 for Sunday; empty for every day.
        start, end: None for midnight before and midnight after.
    """

    weekdays: frozenset[int] = frozenset()
    start: TimeOfDay | None = None
    end: TimeOfDay | None = None


@dataclass(frozen=True, slots=True)
class ActiveTime:
    """One rule of when a zone is active; a zone with several is active when any holds.

    Attributes:
        start, end: the whole validity, aware times, end not included; None for no limit.
        daily: spans within it; empty for all of it.
    """

    start: datetime | None = None
    end: datetime | None = None
    daily: tuple[DailyPeriod, ...] = ()
