"""Active times on a service day: by date, weekday, clock and sun, just inside and just outside."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.active_times import ActiveTime, DailyPeriod, TimeOfDay
from geo.schedule import DAY_S, ServiceDay, resolve_times, resolve_zones
from geo.zones import Zone

SHANGHAI = ZoneInfo("Asia/Shanghai")
FRIDAY = ServiceDay(date(2026, 11, 20), SHANGHAI, 119.96, 36.78)
H = 3600


def clock(hours: float, utc_offset_s: int | None = None) -> TimeOfDay:
    return TimeOfDay(round(hours * H), utc_offset_s=utc_offset_s)


def daily(*days: int, start: TimeOfDay | None = None, end: TimeOfDay | None = None) -> ActiveTime:
    return ActiveTime(daily=(DailyPeriod(frozenset(days), start, end),))


def spans(*times: ActiveTime, day: ServiceDay = FRIDAY) -> tuple[tuple[int, int], ...]:
    return resolve_times(times, day)


def test_every_day_at_the_same_hours() -> None:
    assert spans(daily(start=clock(8), end=clock(18))) == ((8 * H, 18 * H), (32 * H, 42 * H))


def test_weekday_counts_and_its_neighbours_do_not() -> None:
    assert spans(daily(4, start=clock(8), end=clock(18))) == ((8 * H, 18 * H),)
    assert spans(daily(5, start=clock(8), end=clock(18))) == ((32 * H, 42 * H),)
    assert spans(daily(0, 1, 2, start=clock(8), end=clock(18))) == ()


def test_a_night_runs_over_midnight() -> None:
    assert spans(daily(3, start=clock(22), end=clock(6))) == ((0, 6 * H),)
    assert spans(daily(4, start=clock(22), end=clock(6))) == ((22 * H, 30 * H),)
    assert spans(daily(start=clock(22), end=clock(6))) == (
        (0, 6 * H), (22 * H, 30 * H), (46 * H, 48 * H),
    )  # fmt: skip


def test_time_in_utc_is_eight_hours_earlier() -> None:
    # 00:30-04:00 UTC on Fridays is 08:30-12:00 in Shandong.
    assert spans(daily(4, start=clock(0.5, 0), end=clock(4, 0))) == ((8.5 * H, 12 * H),)
    # 20:00-23:00 UTC on Thursday is 04:00-07:00 on Friday in Shandong.
    assert spans(daily(3, start=clock(20, 0), end=clock(23, 0))) == ((4 * H, 7 * H),)


def test_dates_cut_the_span() -> None:
    start = datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)
    end = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)  # 10:30 in Shandong
    assert spans(ActiveTime(start, end)) == ((9 * H, 10.5 * H),)
    in_hours = ActiveTime(start, None, (DailyPeriod(frozenset(), clock(8), clock(10)),))
    assert spans(in_hours) == ((9 * H, 10 * H), (32 * H, 34 * H))
    assert spans(ActiveTime(None, FRIDAY.midnight)) == ()
    assert spans(ActiveTime(FRIDAY.midnight + timedelta(days=2))) == ()


def test_sun_at_pingdu_in_november() -> None:
    # By hand: declination -19.7 degrees, equation of time +14.4 min. Hour angle where the sun's
    # rim stands on the horizon: cos H = (sin -0.833 - sin 36.78 sin -19.7) / (cos 36.78 cos -19.7)
    # = 0.2484, H = 75.62 degrees = 5 h 2.5 min. Noon at 12:00 - 14.4 min + 0.16 min = 11:45.8,
    # so the sun rises at 06:43.3 and sets at 16:48.2 (UTC+8).
    ((rise, down), _) = spans(daily(start=TimeOfDay(event="SR"), end=TimeOfDay(event="SS")))
    assert rise == pytest.approx(6 * H + 43.3 * 60, abs=60)
    assert down == pytest.approx(16 * H + 48.2 * 60, abs=60)
    ((dawn, dusk), _) = spans(daily(start=TimeOfDay(event="BMCT"), end=TimeOfDay(event="EECT")))
    assert 25 * 60 < rise - dawn < 31 * 60
    assert 25 * 60 < dusk - down < 31 * 60
    night = spans(daily(start=TimeOfDay(event="SS"), end=TimeOfDay(event="SR")))
    assert night[0] == (0, pytest.approx(rise, abs=60))
    assert night[1][0] == pytest.approx(down, abs=1)  # starts round down, ends up


def test_no_sunrise_near_the_pole_counts_as_day() -> None:
    arctic = ServiceDay(date(2026, 6, 21), UTC, 20.0, 78.0)
    sun = daily(start=TimeOfDay(event="SR"), end=TimeOfDay(event="SS"))
    assert spans(sun, day=arctic) == ((0, 2 * DAY_S),)


def test_rules_that_meet_are_one_span() -> None:
    both = spans(daily(4, start=clock(8), end=clock(10)), daily(4, start=clock(10), end=clock(11)))
    assert both == ((8 * H, 11 * H),)


def test_zones_keep_their_spans_or_leave() -> None:
    def zone(zone_id: str, **more: object) -> Zone:
        return Zone(zone_id, "", "", "prohibited", (), **more)  # type: ignore[arg-type]

    resolved = resolve_zones(
        [
            zone("always"),
            zone("known", active=((1, 2),)),
            zone("hours", active_times=(daily(4, start=clock(8), end=clock(18)),)),
            zone("every-hour", active_times=(daily(),)),
            zone("monday", active_times=(daily(0),)),
        ],
        FRIDAY,
    )
    assert [(z.id, z.active) for z in resolved] == [
        ("always", ()),
        ("known", ((1, 2),)),
        ("hours", ((8 * H, 18 * H),)),
        ("every-hour", ()),
    ]


seconds = st.integers(0, DAY_S)


@given(
    st.frozensets(st.integers(0, 6)), seconds, seconds, st.integers(0, 2 * DAY_S - 1),
)  # fmt: skip
def test_a_moment_is_in_a_span_exactly_when_its_clock_says_so(
    days: frozenset[int], start: int, end: int, at: int
) -> None:
    """The spans against the plain reading of the rule, moment by moment."""
    period = DailyPeriod(days, TimeOfDay(start), TimeOfDay(end))
    moment = FRIDAY.midnight + timedelta(seconds=at)

    def holds(on: date, clock_s: int) -> bool:
        last = end if end > start else end + DAY_S
        return (not days or on.weekday() in days) and start <= clock_s < last

    today = moment.date()
    clock_s = moment.hour * H + moment.minute * 60 + moment.second
    expected = any(
        holds(today - timedelta(days=back), clock_s + back * DAY_S) for back in (0, 1, 2)
    )
    found = any(a <= at < b for a, b in resolve_times([ActiveTime(daily=(period,))], FRIDAY))
    assert found == expected
