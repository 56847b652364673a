"""Clock times, spans and dates in both languages."""

from __future__ import annotations

from datetime import datetime

import pytest

from routing.report.clock import Lang, clock, date_text, duration, moment


@pytest.mark.parametrize(
    ("time_s", "lang", "text"),
    [
        (0, "zh", "00:00"),
        (29_159, "en", "08:05"),
        (86_399, "en", "23:59"),
        (86_400, "en", "+1d 00:00"),
        (94_200, "zh", "次日 02:10"),
        (2 * 86_400, "zh", "+2日 00:00"),
        (-60, "zh", "前日 23:59"),
        (-60, "en", "-1d 23:59"),
    ],
)
def test_clock_time_tells_the_day_when_it_is_another(time_s: int, lang: Lang, text: str) -> None:
    assert clock(time_s, lang) == text


def test_seconds_are_shown_when_asked_for() -> None:
    assert clock(29_159.9, "en", with_seconds=True) == "08:05:59"


@pytest.mark.parametrize(
    ("span_s", "text"), [(0, "0:00"), (3_570, "1:00"), (90_000, "25:00"), (-660, "−0:11")]
)
def test_a_span_is_hours_and_minutes(span_s: int, text: str) -> None:
    assert duration(span_s) == text


def test_a_moment_runs_past_midnight() -> None:
    assert moment("2026-12-31", 86_400 + 60) == datetime(2027, 1, 1, 0, 1)


def test_the_date_has_its_weekday() -> None:
    assert date_text("2026-11-23", "zh") == "2026年11月23日（星期一）"
    assert date_text("2026-11-23", "en") == "Mon 23 Nov 2026"
