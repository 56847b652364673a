"""Clock times and windows as people write them, to seconds since local midnight.

Owns the notation: ``07:30``, ``07:30:15``, past midnight ``26:10``, windows ``07:30-18:00``,
several windows joined with ``;``. Does not know dates, files or time zones.
"""

from __future__ import annotations

import itertools
import re

from routing.network import Window

DAY_S = 86_400
LATEST_S = 2 * DAY_S
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?")
_DASH = re.compile(r"\s*[-–—~～至]\s*")


def parse_clock(text: str) -> int:
    """Seconds since local midnight of ``HH:MM[:SS]``, 00:00 to 48:00; raises ValueError."""
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise ValueError("must be a clock time such as 07:30 (26:10 is 02:10 the next day)")
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    time_s = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or time_s > LATEST_S:
        raise ValueError("must be a clock time from 00:00 to 48:00 with minutes below 60")
    return time_s


def parse_window(text: str) -> Window:
    """The window of ``HH:MM-HH:MM``; raises ValueError also when it ends before it starts."""
    ends = _DASH.split(text.strip())
    if len(ends) != 2:
        raise ValueError("must be a window such as 07:30-18:00")
    window = Window(parse_clock(ends[0]), parse_clock(ends[1]))
    if window.end_s <= window.start_s:
        raise ValueError("must end after it starts (write 22:00-30:00 to run past midnight)")
    return window


def parse_windows(text: str) -> tuple[Window, ...]:
    """Windows joined with ``;``, rising and apart; raises ValueError."""
    windows = tuple(parse_window(part) for part in re.split(r"[;；]", text) if part.strip())
    if not windows:
        raise ValueError("must hold at least one window such as 07:30-18:00")
    if any(later.start_s <= earlier.end_s for earlier, later in itertools.pairwise(windows)):
        raise ValueError("must be windows in rising order that do not touch")
    return windows


def format_clock(time_s: float) -> str:
    """``HH:MM`` of a time, with seconds when there are any; hours past 24 stay past 24."""
    whole = round(time_s)
    text = f"{whole // 3600:02d}:{whole % 3600 // 60:02d}"
    return f"{text}:{whole % 60:02d}" if whole % 60 else text
