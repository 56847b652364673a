import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.reading.timetable import (
    expand_timetable,
    parse_days,
    timetable_rows,
    write_orders,
)
from tests.corpus_table import CORPUS

TIMETABLE = CORPUS / "valid" / "timetable.csv"


@pytest.fixture(scope="module")
def network():
    return read_network(CORPUS / "valid" / "network")


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("daily", range(7)),
        ("每天", range(7)),
        ("Mon-Fri", range(5)),
        ("周一至周五", range(5)),
        ("1-5", range(5)),
        ("Mon;Wed;sat", (0, 2, 5)),
        ("周六、周日", (5, 6)),
        ("Sat-Mon", (5, 6, 0)),
        ("7", (6,)),
    ],
)
def test_days(text, days):
    assert parse_days(text) == set(days)


@pytest.mark.parametrize("text", ["8", "Mo", "Mon-Wed-Fri", "weekly", "Mon;"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match="must be days"):
        parse_days(text)


def test_a_monday_has_all_and_a_saturday_only_the_daily_ones(network):
    assert [order.id for order in expand_timetable(TIMETABLE, network, "2026-11-23")] == [
        "S-1-1123-1",
        "S-1-1123-2",
        "S-2-1123",
    ]
    assert [order.id for order in expand_timetable(TIMETABLE, network, "2026-11-28")] == [
        "S-1-1128-1",
        "S-1-1128-2",
    ]


def test_validity_includes_both_ends(network, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "id,days,time,origin,product,valid_from,valid_until\n"
        "S,daily,08:00,clinic-a,serum,2026-11-23,2026-11-24\n"
    )
    days = [(dt.date(2026, 11, 22) + dt.timedelta(days=n)).isoformat() for n in range(4)]
    assert [len(expand_timetable(path, network, day)) for day in days] == [0, 1, 1, 0]


def test_written_day_reads_back_as_the_same_orders(network, tmp_path):
    rows = timetable_rows(TIMETABLE, network, "2026-11-23")
    write_orders(rows, tmp_path / "orders.csv")
    assert (tmp_path / "orders.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert read_orders(tmp_path / "orders.csv", network) == expand_timetable(
        TIMETABLE, network, "2026-11-23"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["orders.csv"]


@given(st.sets(st.integers(1, 7), min_size=1))
def test_any_list_of_numbers_is_those_days(numbers):
    assert parse_days(";".join(map(str, sorted(numbers)))) == {number - 1 for number in numbers}
