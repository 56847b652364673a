"""The notations of changes: what is understood, and what is refused in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from routing.network import Window
from routing.whatif import phrases


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (phrases.parse_typed_count, "+2@hub:wing", (2, "hub", "wing")),
        (phrases.parse_typed_count, "-1@a.b-c:wing-2", (-1, "a.b-c", "wing-2")),
        (phrases.parse_count, "+1@clinic", (1, "clinic", "")),
        (phrases.parse_wind, "8", (None, 8.0, None, None)),
        (phrases.parse_wind, "8.5@315", (None, 8.5, 315.0, None)),
        (phrases.parse_wind, "8@315/12", (None, 8.0, 315.0, 12.0)),
        (phrases.parse_wind, "x1.5", (1.5, None, None, None)),
        (phrases.parse_factor, "×0.8", 0.8),
        (phrases.parse_deadline, "serum=120", ("serum", 7_200)),
        (phrases.parse_deadline, "serum=2:00", ("serum", 7_200)),
        (phrases.parse_outage, "hub=14:00-15:00", ("hub", Window(50_400, 54_000))),
        (phrases.parse_failure, "T1@10:00", ("T1", 36_000)),
        (phrases.parse_failure, "T1", ("T1", 0)),
    ],
)
def test_it_is_understood(parse: Callable[[str], object], text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (phrases.parse_typed_count, "2@hub:wing"),
        (phrases.parse_typed_count, "+0@hub:wing"),
        (phrases.parse_typed_count, "+2@hub"),
        (phrases.parse_count, "+1@clinic:wing"),
        (phrases.parse_wind, "61"),
        (phrases.parse_wind, "8@361"),
        (phrases.parse_wind, "8/7"),
        (phrases.parse_wind, "north"),
        (phrases.parse_factor, "x10.1"),
        (phrases.parse_factor, "xnan"),
        (phrases.parse_deadline, "serum"),
        (phrases.parse_deadline, "serum=0.9"),
        (phrases.parse_deadline, "serum=inf"),
        (phrases.parse_outage, "14:00-15:00"),
        (phrases.parse_outage, "hub=15:00-14:00"),
        (phrases.parse_failure, "@10:00"),
        (phrases.parse_failure, "T1@"),
    ],
)
def test_it_is_refused(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        parse(text)
