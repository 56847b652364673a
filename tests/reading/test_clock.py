import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.network import Window
from routing.reading.clock import format_clock, parse_clock, parse_window, parse_windows


@pytest.mark.parametrize(
    ("text", "time_s"),
    [("00:00", 0), ("7:30", 27_000), ("07:30:15", 27_015), ("26:10", 94_200), ("08：15", 29_700)],
)
def test_clock_time_is_seconds_since_midnight(text, time_s):
    assert parse_clock(text) == time_s


def test_48_00_is_the_last_time():
    assert parse_clock("48:00") == 172_800
    with pytest.raises(ValueError, match="00:00 to 48:00"):
        parse_clock("48:00:01")


@pytest.mark.parametrize("text", ["", "7", "7:5", "07:60", "07:30:60", "-1:00", "7h30", "1:2:3:4"])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="clock time"):
        parse_clock(text)


def test_window_runs_past_midnight_but_not_backwards():
    assert parse_window("22:00-26:00") == Window(79_200, 93_600)
    with pytest.raises(ValueError, match="end after it starts"):
        parse_window("22:00-02:00")


def test_windows_rise_and_stay_apart():
    assert parse_windows("07:00-12:00; 13:00–19:00") == (
        Window(25_200, 43_200),
        Window(46_800, 68_400),
    )
    with pytest.raises(ValueError, match="do not touch"):
        parse_windows("07:00-12:00;12:00-19:00")


@given(st.integers(0, 172_800))
def test_written_time_reads_back(time_s):
    assert parse_clock(format_clock(time_s)) == time_s
