"""The service day asked for on a command line.

Owns its form and fault. Does not know files.
"""

from __future__ import annotations

import datetime

from routing.reading.faults import FaultList


def parse_day(text: str, faults: FaultList) -> datetime.date | None:
    """The day of an ISO date; None with a fault when it is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        faults.add(
            "day.bad-date",
            "--date",
            rule="must be a date such as 2026-11-23",
            found=text,
            action="write year, month and day of a date that exists",
        )
        return None
