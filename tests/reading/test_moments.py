import datetime as dt

import pytest

from routing.reading.moments import parse_moment

DAY = dt.date(2026, 11, 23)
AT_0815 = 8 * 3600 + 15 * 60


@pytest.mark.parametrize(
    "cell",
    [
        "08:15",
        "8:15",
        "2026-11-23 08:15",
        "2026-11-23T08:15:00",
        "2026/11/23 8:15",
        "2026年11月23日 08:15",
        "0.34375",
        0.34375,
        "46349.34375",
        46349.34375,
        dt.time(8, 15),
        dt.datetime(2026, 11, 23, 8, 15),
        dt.timedelta(hours=8, minutes=15),
    ],
)
def test_every_way_to_write_a_quarter_past_eight(cell):
    assert parse_moment(cell, DAY) == AT_0815


@pytest.mark.parametrize(
    "cell",
    [
        "26:10",
        "2026-11-24 02:10",
        dt.timedelta(hours=26, minutes=10),
        dt.datetime(1899, 12, 31, 2, 10),
    ],
)
def test_past_midnight(cell):
    assert parse_moment(cell, DAY) == 26 * 3600 + 600


def test_day_before_is_negative_and_two_days_before_refused():
    assert parse_moment("2026-11-22 23:00", DAY) == -3600
    with pytest.raises(ValueError, match="within a day"):
        parse_moment("2026-11-21 23:00", DAY)


@pytest.mark.parametrize(
    "cell",
    ["", "815", "noon", "2026-11-23", "2026-13-01 08:00", 46349.0, 0.5e4, True, DAY, "08:15+08:00"],
)
def test_what_is_no_moment_is_refused(cell):
    with pytest.raises(ValueError, match="must be"):
        parse_moment(cell, DAY)
