"""Active times of zones, resolved to spans of one service day.

Owns the resolution. Does not know footprints, files or paths. The sun
comes from astral (NOAA's algorithm, to about a minute).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from astral import Depression, Observer
from astral.sun import dawn, dusk, sunrise, sunset

from geo.active_times import ActiveTime, DailyPeriod, SunEvent, TimeOfDay
from geo.zones import Zone

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """The day and place that active times are resolved for.

    Attributes:
        date: the service day; zone: its time zone.
        lon_deg, lat_deg: where the sun is asked for; a county needs one place (1 degree of
            longitude is 4 minutes).
        length_s: how far past midnight spans are wanted; a day may run into the next.
    """

    date: date
    zone: tzinfo
    lon_deg: float
    lat_deg: float
    length_s: int = 2 * DAY_S

    @property
    def midnight(self) -> datetime:
        """Local midnight at which the service day starts."""
        return datetime(self.date.year, self.date.month, self.date.day, tzinfo=self.zone)


def resolve_zones(zones: Iterable[Zone], day: ServiceDay) -> tuple[Zone, ...]:
    """The zones that are active at some time of a service day, with their spans.

    A zone without active times keeps the spans it has. A zone whose times leave nothing on this
    day is left out: its empty spans would read as always.
    """
    resolved: list[Zone] = []
    for zone in zones:
        if not zone.active_times:
            resolved.append(zone)
            continue
        spans = resolve_times(zone.active_times, day)
        if spans == ((0, day.length_s),):
            resolved.append(replace(zone, active=()))
        elif spans:
            resolved.append(replace(zone, active=spans))
    return tuple(resolved)


def resolve_times(times: Sequence[ActiveTime], day: ServiceDay) -> tuple[tuple[int, int], ...]:
    """Spans (start_s, end_s) of the service day in which any of some rules holds.

    Merged, in order, within 0 and ``day.length_s``; whole seconds, starts rounded down and ends
    up, so that a span never comes out shorter than the rule.
    """
    found: list[tuple[float, float]] = []
    for time in times:
        low = 0.0 if time.start is None else _seconds(time.start, day)
        high = float(day.length_s) if time.end is None else _seconds(time.end, day)
        periods = time.daily or (DailyPeriod(),)
        found += [
            (max(low, start), min(high, end))
            for period in periods
            for start, end in _occurrences(period, day)
        ]
    clipped = [(max(0.0, start), min(float(day.length_s), end)) for start, end in found]
    whole = [(int(start), -int(-end // 1)) for start, end in clipped if end > start]
    return _merge(whole)


def _occurrences(period: DailyPeriod, day: ServiceDay) -> list[tuple[float, float]]:
    """Spans of a daily period that may reach into the service day, in its seconds."""
    spans = []
    # From two days before: a period given in another offset, or past midnight, reaches over.
    for ahead in range(-2, day.length_s // DAY_S + 2):
        on = day.date + timedelta(days=ahead)
        offset_s = period.start.utc_offset_s if period.start is not None else None
        if period.weekdays and on.weekday() not in period.weekdays:
            continue
        start = _moment(period.start or TimeOfDay(0, utc_offset_s=offset_s), on, day)
        end = _moment(period.end or TimeOfDay(DAY_S), on, day)
        if end <= start:
            end = _moment(period.end or TimeOfDay(DAY_S), on + timedelta(days=1), day)
        spans.append((_seconds(start, day), _seconds(end, day)))
    return spans


def _moment(time: TimeOfDay, on: date, day: ServiceDay) -> datetime:
    """A time of day on a date; the sun's events at the day's place."""
    if time.event:
        try:
            return _sun(time.event, on, day)
        except ValueError:
            # No such event near the poles: day lasts from midnight to midnight then.
            morning = time.event in ("BMCT", "SR")
            return _moment(TimeOfDay(0 if morning else DAY_S), on, day)
    if time.utc_offset_s is None:
        midnight = datetime(on.year, on.month, on.day, tzinfo=day.zone)
        return midnight + timedelta(seconds=time.clock_s)
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return midnight + timedelta(seconds=time.clock_s - time.utc_offset_s)


def _sun(event: SunEvent, on: date, day: ServiceDay) -> datetime:
    observer = Observer(latitude=day.lat_deg, longitude=day.lon_deg)
    if event == "SR":
        return sunrise(observer, on, tzinfo=day.zone)
    if event == "SS":
        return sunset(observer, on, tzinfo=day.zone)
    twilight = dawn if event == "BMCT" else dusk
    return twilight(observer, on, depression=Depression.CIVIL, tzinfo=day.zone)


def _seconds(moment: datetime, day: ServiceDay) -> float:
    """Seconds from the service day's midnight to a moment."""
    return (moment.astimezone(UTC) - day.midnight.astimezone(UTC)).total_seconds()


def _merge(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans in order, those that meet made one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
