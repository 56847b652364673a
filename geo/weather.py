"""Weather as a flight sees it: wind, gust and temperature by period of the day.

Owns the frozen values. Does not read files and does not know drones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WeatherPeriod:
    """Weather from ``start_s`` (seconds since local midnight) until the next period.

    Attributes:
        wind_mps: mean wind at cruise height.
        wind_from_deg: direction the wind blows FROM, degrees clockwise from true north.
        gust_mps: gust at cruise height.
        temperature_c: air temperature.
        rain_mm_h: rain; visibility_m: visibility; dry and clear where nothing is known.
    """

    start_s: int
    wind_mps: float
    wind_from_deg: float
    gust_mps: float
    temperature_c: float
    rain_mm_h: float = 0.0
    visibility_m: float = math.inf


@dataclass(frozen=True, slots=True)
class Weather:
    """The day's weather: periods in rising order, the first one starting at or before 0 s."""

    periods: tuple[WeatherPeriod, ...]
    source: str = ""

    def at(self, time_s: float) -> WeatherPeriod:
        """The period in force at a time, the last one after the end."""
        current = self.periods[0]
        for period in self.periods:
            if period.start_s <= time_s:
                current = period
        return current


CALM = Weather((WeatherPeriod(0, 0.0, 0.0, 0.0, 15.0),), "calm air at 15 C")
