"""The checker's own flight physics: geodesic tracks, wind, flight time, power and energy.

Written from docs/design.md ("Flight time and energy of a leg"), with ``pyproj.Geod`` and plain
floats. Shares nothing with the planner. Does not know plans, orders or sites.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from pyproj import Geod

from geo.weather import WeatherPeriod
from routing.network import DroneType

LonLat = tuple[float, float]

EARTH = Geod(ellps="WGS84")
SLOWEST_GROUND_MPS = 1.0
STANDARD_K = 288.15
FREEZING_K = 273.15


@dataclass(frozen=True, slots=True)
class Track:
    """A path's geodesic segments: length in metres and azimuth at their start, degrees."""

    lengths_m: tuple[float, ...]
    azimuths_deg: tuple[float, ...]

    @property
    def length_m(self) -> float:
        """Geodesic length of the whole path."""
        return math.fsum(self.lengths_m)


def measure_track(path_lonlat: tuple[LonLat, ...]) -> Track:
    """The track of a WGS-84 polyline of at least two points."""
    lons = [lon for lon, _ in path_lonlat]
    lats = [lat for _, lat in path_lonlat]
    azimuths, _, lengths = EARTH.inv(lons[:-1], lats[:-1], lons[1:], lats[1:])
    return Track(tuple(map(float, lengths)), tuple(map(float, azimuths)))


def distance_m(from_lonlat: LonLat, to_lonlat: LonLat) -> float:
    """Geodesic distance between two WGS-84 points."""
    return float(EARTH.inv(*from_lonlat, *to_lonlat)[2])


def ground_mps(airspeed_mps: float, period: WeatherPeriod, azimuth_deg: float) -> float:
    """Ground speed on a track: ``sqrt(va^2 - w_x^2) + w_a``; 0 where it cannot be held.

    The wind blows FROM ``wind_from_deg``, so it pushes towards the opposite direction: along the
    track it gives ``-wind cos(from - track)``.
    """
    off_nose = math.radians(period.wind_from_deg - azimuth_deg)
    tail = -period.wind_mps * math.cos(off_nose)
    cross = period.wind_mps * math.sin(off_nose)
    if abs(cross) >= airspeed_mps:
        return 0.0
    speed = math.sqrt(airspeed_mps * airspeed_mps - cross * cross) + tail
    return speed if speed >= SLOWEST_GROUND_MPS else 0.0


def segment_seconds(track: Track, airspeed_mps: float, period: WeatherPeriod) -> tuple[float, ...]:
    """Seconds in cruise on each segment; ``inf`` where it cannot be flown."""
    seconds = []
    for length_m, azimuth_deg in zip(track.lengths_m, track.azimuths_deg, strict=True):
        if length_m == 0.0:
            seconds.append(0.0)
            continue
        speed = ground_mps(airspeed_mps, period, azimuth_deg)
        seconds.append(length_m / speed if speed > 0.0 else math.inf)
    return tuple(seconds)


def vertical_seconds(drone: DroneType, climb_m: float, descent_m: float) -> float:
    """Seconds of climb, descent and manoeuvres of one leg."""
    return climb_m / drone.climb_mps + descent_m / drone.descent_mps + drone.approach_s


def _per_metre(drone: DroneType, load_kg: float) -> float:
    """Packs per metre in still air with a load, box included."""
    points = sorted(drone.range_points)
    if drone.airframe == "multirotor":
        anchor_kg, range_m = points[-1]
        mass = (drone.empty_kg + load_kg) / (drone.empty_kg + anchor_kg)
        return math.pow(mass, 1.5) / range_m
    if load_kg <= points[0][0]:
        return 1.0 / points[0][1]
    for (low_kg, low_m), (high_kg, high_m) in pairwise(points):
        if load_kg <= high_kg:
            share = (load_kg - low_kg) / (high_kg - low_kg)
            return (1.0 - share) / low_m + share / high_m
    return 1.0 / points[-1][1]


def cruise_power(drone: DroneType, load_kg: float) -> float:
    """Packs per second in cruise with a load, box included."""
    return drone.cruise_mps * _per_metre(drone, load_kg)


def hover_power(drone: DroneType, load_kg: float) -> float:
    """Packs per second in hover with a load, box included."""
    full = drone.hover_ratio * drone.cruise_mps * _per_metre(drone, drone.payload_max_kg)
    mass = (drone.empty_kg + load_kg) / (drone.empty_kg + drone.payload_max_kg)
    return full * math.pow(mass, 1.5)


def air_factor(temperature_c: float) -> float:
    """What the air's density does to power: ``sqrt((273.15 + T) / 288.15)``."""
    return math.sqrt((FREEZING_K + temperature_c) / STANDARD_K)


def flight_energy(
    drone: DroneType, load_kg: float, cruise_s: float, hover_s: float, temperature_c: float
) -> float:
    """Packs used by seconds in cruise and in hover with a load, box included."""
    power = cruise_s * cruise_power(drone, load_kg) + hover_s * hover_power(drone, load_kg)
    return air_factor(temperature_c) * power


def cold_share(table: tuple[tuple[float, float], ...], temperature_c: float) -> float:
    """Share of a pack's capacity at a temperature, linear in the table, its ends outside it."""
    if not table:
        return 1.0
    if temperature_c <= table[0][0]:
        return table[0][1]
    for (low_c, low), (high_c, high) in pairwise(table):
        if temperature_c <= high_c:
            return low + (high - low) * (temperature_c - low_c) / (high_c - low_c)
    return table[-1][1]
