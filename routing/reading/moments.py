"""Moments of a service day as people and spreadsheets write them, to seconds since midnight.

Owns clock times with or without a date, past-midnight hours, Excel serials and date cells. Does
not know what the moments mean.
"""

from __future__ import annotations

import datetime
import re

from routing.reading.clock import DAY_S, LATEST_S, parse_clock
from routing.reading.tables import Cell

EARLIEST_S = -DAY_S
"""A specimen may have been collected on the day before."""
_DATED = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]\s*|$)(.*)")
_SERIAL = re.compile(r"\d+\.\d+")
_EXCEL_DAY_0 = datetime.datetime(1899, 12, 30)
_FIRST_REAL_YEAR = 1905
FORMS = "08:15, 26:10 or 2026-11-23 08:15"


def parse_moment(cell: Cell, day: datetime.date) -> int:
    """Seconds since local midnight of the service day ``day``.

    Accepts ``08:15``, ``26:10``, ``2026-11-23 08:15``, ``2026/11/23 8:15``, ``2026年11月23日
    08:15``, cells that Excel holds as time, date with time or duration, and Excel serials (days
    since 1899-12-30, or a fraction of the day) also when a CSV shows them as such.

    Raises:
        ValueError: it is none of these, or lies outside the day before to the day after.
    """
    if isinstance(cell, str):
        return _parse_text(cell.strip(), day)
    if isinstance(cell, bool):
        raise ValueError(f"must be a time such as {FORMS}")
    if isinstance(cell, datetime.datetime):
        return _from_datetime(cell, day)
    if isinstance(cell, datetime.date):
        raise ValueError(f"must be a time such as {FORMS}, not a date alone")
    if isinstance(cell, datetime.time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second
    if isinstance(cell, datetime.timedelta):
        return _within(round(cell.total_seconds()), day)
    return _from_serial(float(cell), day)


def _parse_text(text: str, day: datetime.date) -> int:
    match = _DATED.fullmatch(text)
    if match:
        try:
            date = datetime.date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            raise ValueError("must be a date that exists") from None
        if not match[4].strip():
            raise ValueError(f"must be a time such as {FORMS}, not a date alone")
        return _within((date - day).days * DAY_S + parse_clock(match[4]), day)
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text), day)
    try:
        return parse_clock(text)
    except ValueError as error:
        # A clock time with wrong digits deserves its own message; other text the general one.
        if re.fullmatch(r"\d{1,2}[:：]\d{2}([:：]\d{2})?", text):
            raise
        raise ValueError(f"must be a time such as {FORMS}") from error


def _from_datetime(moment: datetime.datetime, day: datetime.date) -> int:
    if moment.year < _FIRST_REAL_YEAR:
        # Excel's way to hold a clock time past midnight: days since its day 0.
        return _within(round((moment - _EXCEL_DAY_0).total_seconds()), day)
    midnight = datetime.datetime.combine(day, datetime.time())
    return _within(round((moment.replace(tzinfo=None) - midnight).total_seconds()), day)


def _from_serial(serial: float, day: datetime.date) -> int:
    """An Excel serial: below 2 it is a clock time, else days since 1899-12-30."""
    is_clock = 0 <= serial < LATEST_S / DAY_S
    if is_clock:
        return round(serial * DAY_S)
    if not 10_000 < serial < 100_000 or serial.is_integer():
        raise ValueError(f"must be a time such as {FORMS}")
    return _from_datetime(_EXCEL_DAY_0 + datetime.timedelta(days=serial), day)


def _within(time_s: int, day: datetime.date) -> int:
    if not EARLIEST_S <= time_s <= LATEST_S:
        raise ValueError(f"must be within a day of the service day {day.isoformat()}")
    return time_s
