"""Seconds of the service day as people read them: clock times, durations, dates.

The only place of the reports where seconds become text. Knows no plan.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

Lang = Literal["zh", "en"]
DAY_S = 86_400
_WEEKDAYS_ZH = "一二三四五六日"


def clock(time_s: float, lang: Lang, *, with_seconds: bool = False) -> str:
    """Clock time of a moment: ``08:05``, and ``次日 02:10`` or ``+1d 02:10`` past midnight.

    Seconds are cut off, not rounded, unless ``with_seconds``: a deadline never looks later than
    it is.
    """
    whole_s = int(time_s // 1)
    days, rest_s = divmod(whole_s, DAY_S)
    text = f"{rest_s // 3600:02d}:{rest_s % 3600 // 60:02d}"
    if with_seconds:
        text += f":{rest_s % 60:02d}"
    return day_prefix(days, lang) + text


def day_prefix(days: int, lang: Lang) -> str:
    """What stands before a clock time of another day; empty for the service day."""
    if days == 0:
        return ""
    if lang == "en":
        return f"{days:+d}d "
    return {1: "次日 ", -1: "前日 "}.get(days, f"{days:+d}日 ")


def duration(span_s: float) -> str:
    """A span as ``h:mm``, rounded to the minute; a negative one with a minus sign."""
    minutes = round(abs(span_s) / 60)
    sign = "−" if span_s < 0 and minutes else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02d}"


def moment(service_date: str, time_s: float) -> datetime:
    """The local date and time of a moment of the service day (without a time zone)."""
    return datetime.fromisoformat(service_date) + timedelta(seconds=time_s)


def date_text(service_date: str, lang: Lang) -> str:
    """The service date with its weekday: ``2026年11月23日（星期一）`` or ``Mon 23 Nov 2026``."""
    day = date.fromisoformat(service_date)
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日（星期{_WEEKDAYS_ZH[day.weekday()]}）"
    return f"{day:%a} {day.day} {day:%b %Y}"
