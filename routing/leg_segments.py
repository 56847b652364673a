"""Seconds in cruise along the paths of a table: segments measured once, flown in any wind.

Owns the measured segments. Does not know periods of the day, energy or plans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.geodesy import measure_geodesics, measure_matrix
from geo.pathtable import PathTable
from geo.weather import WeatherPeriod
from geo.wind import segment_seconds
from routing.network import DroneType

FloatArray = npt.NDArray[np.float64]
LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Straight:
    """The straight lines between all sites: length_m and track_deg, [from, to]."""

    length_m: FloatArray
    track_deg: FloatArray

    @classmethod
    def between(cls, lonlat: Sequence[LonLat]) -> Straight:
        """Measured between places, WGS-84."""
        return cls(*measure_matrix(list(lonlat)))

    def nearest(self) -> npt.NDArray[np.int64]:
        """The nearest other site of each; itself where there is no other."""
        apart_m = self.length_m.copy()
        if len(apart_m) > 1:
            np.fill_diagonal(apart_m, np.inf)
        return np.asarray(np.argmin(apart_m, axis=1), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Segments:
    """Segments of all paths of a table, measured once for every drone type and weather period.

    Attributes:
        straight: the straight lines, which most paths are.
        bent: pairs whose path turns; bent_length_m, bent_track_deg: their segments one after
            another, path ``n`` from ``first[n]`` on.
        has_path: [from, to].
    """

    straight: Straight
    bent: tuple[tuple[int, int], ...]
    bent_length_m: FloatArray
    bent_track_deg: FloatArray
    first: npt.NDArray[np.int64]
    has_path: npt.NDArray[np.bool_]

    def cruise_s(self, drone: DroneType, period: WeatherPeriod) -> FloatArray:
        """Seconds in cruise [from, to]; inf where no leg is flown, 0 on the diagonal."""
        if not is_flyable(drone, period):
            cruise_s = np.full(self.has_path.shape, np.inf)
        else:
            cruise_s = seconds_along(drone, period, self.straight.length_m, self.straight.track_deg)
            cruise_s[~self.has_path] = np.inf
            if self.bent:
                flown = seconds_along(drone, period, self.bent_length_m, self.bent_track_deg)
                rows, columns = np.array(self.bent).T
                cruise_s[rows, columns] = np.add.reduceat(flown, self.first)
        np.fill_diagonal(cruise_s, 0.0)
        return cruise_s


def measure_segments(paths: PathTable, straight: Straight) -> Segments:
    """The segments of a table's paths."""
    has_path = np.isfinite(paths.length_m)
    # By its turns, not by its length: one of a hair costs a millimetre, and in a wind more.
    there = [(int(i), int(j)) for i, j in np.argwhere(np.triu(paths.turning()))]
    laid = [np.asarray(paths.path(i, j), dtype=np.float64) for i, j in there]
    # A way back runs over the same points; all segments of all paths are measured at once.
    laid += [path[::-1] for path in laid]
    counts = [len(path) - 1 for path in laid]
    starts = np.concatenate([path[:-1] for path in laid] or [np.zeros((0, 2))])
    ends = np.concatenate([path[1:] for path in laid] or [np.zeros((0, 2))])
    length_m, track_deg = measure_geodesics(starts, ends)
    return Segments(
        straight=straight,
        bent=(*there, *((j, i) for i, j in there)),
        bent_length_m=length_m,
        bent_track_deg=track_deg,
        first=np.concatenate(([0], np.cumsum(counts)))[:-1].astype(np.int64),
        has_path=has_path,
    )


def seconds_along(
    drone: DroneType, period: WeatherPeriod, length_m: FloatArray, track_deg: FloatArray
) -> FloatArray:
    """Seconds to fly segments in a period's wind."""
    return segment_seconds(
        length_m,
        track_deg,
        airspeed_mps=drone.cruise_mps,
        wind_mps=period.wind_mps,
        wind_from_deg=period.wind_from_deg,
    )


def is_flyable(drone: DroneType, period: WeatherPeriod) -> bool:
    """Whether wind, gust, temperature, rain and visibility are within the type's limits."""
    return (
        period.wind_mps <= drone.max_wind_mps
        and period.gust_mps <= drone.max_gust_mps
        and drone.min_temp_c <= period.temperature_c <= drone.max_temp_c
        and period.rain_mm_h <= drone.max_rain_mm_h
        and period.visibility_m >= drone.min_visibility_m
    )


def divert_seconds(drone: DroneType, period: WeatherPeriod, straight: Straight) -> FloatArray:
    """Cruise seconds from each site straight to the nearest other one.

    The nearest by geodesic length is what R4.2 names; the wind then says how long that takes.
    """
    count = straight.length_m.shape[0]
    if count < 2 or not is_flyable(drone, period):
        return np.full(count, np.inf)
    sites, nearest = np.arange(count), straight.nearest()
    length_m, track_deg = straight.length_m[sites, nearest], straight.track_deg[sites, nearest]
    return seconds_along(drone, period, length_m, track_deg)
