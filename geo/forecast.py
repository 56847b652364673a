"""A forecast with its spread, and the weather of a day drawn from it at a flight's height.

Owns interpolation in height, percentiles over members, and the periods of a day. Does not read
files (``geo.forecast_files``, ``geo.forecast_grids``) and does not know drones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import NormalDist

import numpy as np

from geo.geodesy import Floats
from geo.schedule import ServiceDay
from geo.weather import Weather, WeatherPeriod

SHEAR = 1.0 / 7.0
"""Exponent of the power law by which wind grows above the highest level given: neutral air over
open land (IEC 61400-1 takes 0.2, the classic value is 1/7; from memory, unverified)."""
LOWEST_M = 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Hourly weather at one place, at some heights, in one or more members.

    Values hold from their time until the next one. A member is one run of an ensemble; a
    deterministic forecast has one, with ``wind_spread_mps`` for its standard deviation.

    Attributes:
        times: aware, rising [times].
        heights_m_agl: of the winds, rising [heights].
        east_mps, north_mps: where the wind blows TO [members, times, heights].
        gust_mps, temperature_c, rain_mm_h, visibility_m: [members, times]; gust at the lowest
            height, temperature near the ground.
        wind_spread_mps: standard deviation of speed and gust [times], 0 where unknown.
        source: where it comes from.
    """

    times: tuple[datetime, ...]
    heights_m_agl: tuple[float, ...]
    east_mps: Floats
    north_mps: Floats
    gust_mps: Floats
    temperature_c: Floats
    rain_mm_h: Floats
    visibility_m: Floats
    wind_spread_mps: Floats
    source: str = ""


def weather_of(
    forecast: Forecast, day: ServiceDay, *, height_m_agl: float, percentile: float = 50.0
) -> Weather:
    """The weather of a service day at a height, as bad as the p-th percentile says.

    Wind, gust and rain are the given percentile of the members (with the spread on top),
    temperature and visibility the complement, since cold packs and poor sight are the worse end.
    The direction is that of the members' mean wind. Hours before the first time take its values.

    Args:
        forecast: at least one time.
        day: the service day; periods start at its midnight and run to its length.
        height_m_agl: cruise height, > 0.
        percentile: 50 for the middle, 95 for a plan that holds on 19 of 20 such days;
            0 < percentile < 100.
    """
    if not 0.0 < percentile < 100.0:
        raise ValueError(f"percentile: 0 < p < 100; found {percentile}")
    east, north = _winds_at(forecast, height_m_agl)
    speed = np.hypot(east, north)
    lowest = np.hypot(forecast.east_mps[:, :, 0], forecast.north_mps[:, :, 0])
    # A gust grows with height as its mean wind does; it is never below the wind.
    ratio = np.where(lowest > 0.5, speed / np.maximum(lowest, 0.5), 1.0)
    gust = np.maximum(forecast.gust_mps * np.maximum(ratio, 1.0), speed)
    above = NormalDist().inv_cdf(percentile / 100.0) * forecast.wind_spread_mps
    wind_p = np.maximum(np.percentile(speed, percentile, axis=0) + above, 0.0)
    gust_p = np.maximum(np.percentile(gust, percentile, axis=0) + above, wind_p)
    rain_p = np.percentile(forecast.rain_mm_h, percentile, axis=0)
    cold_p = np.percentile(forecast.temperature_c, 100.0 - percentile, axis=0)
    sight_p = np.percentile(forecast.visibility_m, 100.0 - percentile, axis=0, method="lower")
    from_deg = np.degrees(np.arctan2(-east.mean(axis=0), -north.mean(axis=0))) % 360.0
    midnight = day.midnight
    periods = [
        WeatherPeriod(
            start_s=round((time - midnight).total_seconds()),
            wind_mps=round(float(wind_p[k]), 3),
            wind_from_deg=round(float(from_deg[k]), 2) % 360.0,
            gust_mps=round(float(gust_p[k]), 3),
            temperature_c=round(float(cold_p[k]), 2),
            rain_mm_h=round(float(rain_p[k]), 3),
            visibility_m=float(sight_p[k]),
        )
        for k, time in enumerate(forecast.times)
    ]
    source = f"{forecast.source}, {height_m_agl:g} m above ground, percentile {percentile:g}"
    return Weather(_of_day(periods, day.length_s), source)


def _winds_at(forecast: Forecast, height_m: float) -> tuple[Floats, Floats]:
    """East and north winds [members, times] at a height.

    Linear between levels; below the lowest level the lowest; above the highest the power law.
    """
    heights = np.asarray(forecast.heights_m_agl)
    at = float(np.clip(height_m, heights[0], heights[-1]))
    upper = int(np.clip(np.searchsorted(heights, at), 1, max(1, len(heights) - 1)))
    lower = upper - 1 if len(heights) > 1 else 0
    upper = min(upper, len(heights) - 1)
    span = heights[upper] - heights[lower]
    share = (at - heights[lower]) / span if span > 0 else 0.0
    grown = (max(height_m, LOWEST_M) / max(at, LOWEST_M)) ** SHEAR if height_m > at else 1.0
    winds = [
        (field[:, :, lower] * (1.0 - share) + field[:, :, upper] * share) * grown
        for field in (forecast.east_mps, forecast.north_mps)
    ]
    return winds[0], winds[1]


def _of_day(periods: list[WeatherPeriod], length_s: int) -> tuple[WeatherPeriod, ...]:
    """The periods that touch the day; the first one starts at midnight or before."""
    started = [period for period in periods if period.start_s <= 0]
    during = [period for period in periods if 0 < period.start_s < length_s]
    first = started[-1:] or [_starting_at(0, periods[0])]
    return tuple(first + [period for period in during if period.start_s > first[0].start_s])


def _starting_at(start_s: int, period: WeatherPeriod) -> WeatherPeriod:
    return WeatherPeriod(
        start_s,
        period.wind_mps,
        period.wind_from_deg,
        period.gust_mps,
        period.temperature_c,
        period.rain_mm_h,
        period.visibility_m,
    )
