"""When the weather keeps a drone type on the ground, and why.

Owns the comparison of each weather period with a type's limits, as R9 names them, for those who
read sheets and maps. Does not know plans; night is not weather.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from geo.weather import WeatherPeriod
from routing.network import DroneType, Network
from routing.report.clock import DAY_S, Lang, clock
from routing.report.words import word


@dataclass(frozen=True, slots=True)
class PassedLimit:
    """A limit that the weather passes.

    Attributes:
        kind: wind, gust, cold, heat, rain or visibility; value: the worst in the span; limit: of
            the type; both in m/s, degrees C, mm/h or m.
    """

    kind: str
    value: float
    limit: float

    def text(self, lang: Lang) -> str:
        """``gust 18.2 m/s (limit 15)``."""
        scale = 1000.0 if self.kind == "visibility" else 1.0
        value, limit = round(self.value / scale, 1), round(self.limit / scale, 1)
        return word(f"grounded.{self.kind}", lang, value=f"{value:g}", limit=f"{limit:g}")


@dataclass(frozen=True, slots=True)
class Grounding:
    """A span in which a drone type does not fly.

    Attributes:
        start_s, end_s: seconds of the service day, from its midnight to the next at most.
        limits: what is passed at some time of the span.
    """

    type_id: str
    start_s: int
    end_s: int
    limits: tuple[PassedLimit, ...]

    def hours(self, lang: Lang) -> str:
        """``15:00–16:00``, or the whole day in words."""
        if (self.start_s, self.end_s) == (0, DAY_S):
            return word("grounded.all_day", lang)
        end = "24:00" if self.end_s == DAY_S else clock(self.end_s, lang)
        return f"{clock(self.start_s, lang)}–{end}"

    def reasons(self, lang: Lang) -> str:
        """The limits passed, in words."""
        return word("punctuation.list", lang).join(limit.text(lang) for limit in self.limits)


def find_groundings(network: Network) -> tuple[Grounding, ...]:
    """The spans of the service day in which types of the fleet may not fly, by type and time."""
    spans = _day_spans(network)
    found: list[Grounding] = []
    for type_id in sorted({drone.type_id for drone in network.drones}):
        kind = network.drone_types[type_id]
        for start_s, end_s, period in spans:
            passed = passed_limits(kind, period)
            if not passed:
                continue
            last = found[-1] if found else None
            if last is not None and (last.type_id, last.end_s) == (type_id, start_s):
                found[-1] = Grounding(type_id, last.start_s, end_s, _worst(last.limits, passed))
            else:
                found.append(Grounding(type_id, start_s, end_s, passed))
    return tuple(found)


def passed_limits(kind: DroneType, period: WeatherPeriod) -> tuple[PassedLimit, ...]:
    """The limits of a type that a period passes."""
    warmth_c, sight_m = period.temperature_c, period.visibility_m
    compared = (
        (period.wind_mps > kind.max_wind_mps, "wind", period.wind_mps, kind.max_wind_mps),
        (period.gust_mps > kind.max_gust_mps, "gust", period.gust_mps, kind.max_gust_mps),
        (warmth_c < kind.min_temp_c, "cold", warmth_c, kind.min_temp_c),
        (warmth_c > kind.max_temp_c, "heat", warmth_c, kind.max_temp_c),
        (period.rain_mm_h > kind.max_rain_mm_h, "rain", period.rain_mm_h, kind.max_rain_mm_h),
        (sight_m < kind.min_visibility_m, "visibility", sight_m, kind.min_visibility_m),
    )
    return tuple(
        PassedLimit(name, value, limit) for is_passed, name, value, limit in compared if is_passed
    )


def _day_spans(network: Network) -> list[tuple[int, int, WeatherPeriod]]:
    periods = network.weather.periods
    edges = [0, *(period.start_s for period in periods[1:]), DAY_S]
    return [
        (max(0, start_s), min(DAY_S, end_s), period)
        for (start_s, end_s), period in zip(pairwise(edges), periods, strict=True)
        if max(0, start_s) < min(DAY_S, end_s)
    ]


def _worst(
    before: tuple[PassedLimit, ...], after: tuple[PassedLimit, ...]
) -> tuple[PassedLimit, ...]:
    """The limits of two spans that follow one another, each with its worst value."""
    worst = {one.kind: one for one in before}
    for one in after:
        known = worst.get(one.kind, one)
        worst[one.kind] = max(known, one, key=lambda limit: abs(limit.value - limit.limit))
    return tuple(worst.values())
