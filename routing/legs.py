"""Legs: flight time, length and energy between all sites, per drone type and weather period.

Owns the leg table the planner flies by. Does not know orders, sorties or plans; where a path runs
is ``geo.paths``' business and what a second in the air costs is ``routing.energy``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.geodesy import measure_matrix, measure_path
from geo.paths import PathTable, plan_paths
from geo.weather import WeatherPeriod
from geo.wind import segment_seconds
from routing.energy import (
    available_pack,
    density_factor,
    power_in_cruise,
    power_in_hover,
    usable_pack,
)
from routing.network import DroneType, Network

FloatArray = npt.NDArray[np.float64]
LonLat = tuple[float, float]

STRAIGHT_M = 1e-3
"""A path no longer than the geodesic by more than this is the straight line."""


@dataclass(frozen=True, slots=True)
class LegTable:
    """All legs of one drone type in one weather period.

    Arrays are indexed ``[from, to]`` by ``site_index``.

    Attributes:
        drone: the type; start_s: when its weather period begins.
        flight_s: whole seconds from take-off to landing, rounded up; inf where no leg is flown.
        cruise_s: unrounded seconds in cruise; vertical_s: seconds of climb, descent, manoeuvres.
        length_m: geodesic length of the path; inf where there is none.
        divert_s: cruise seconds from a site to the nearest other site; inf where there is none.
        air_factor: density factor on all power.
        available_pack, usable_pack: what a pack holds, and what a sortie may plan, in packs.
    """

    drone: DroneType
    start_s: int
    site_index: Mapping[str, int]
    flight_s: FloatArray
    cruise_s: FloatArray
    vertical_s: float
    length_m: FloatArray
    divert_s: FloatArray
    air_factor: float
    available_pack: float
    usable_pack: float
    paths: PathTable

    def path(self, origin_idx: int, destination_idx: int) -> tuple[LonLat, ...]:
        """WGS-84 polyline of a leg, both pads included."""
        return self.paths.path(origin_idx, destination_idx)

    def energy_pack(self, origin_idx: int, destination_idx: int, payload_kg: float) -> float:
        """Energy of a leg in packs with this mass of orders on board (box added here)."""
        load_kg = payload_kg + self.drone.box_tare_kg
        cruise = power_in_cruise(self.drone, load_kg)
        hover = power_in_hover(self.drone, load_kg)
        seconds = self.cruise_s[origin_idx, destination_idx]
        return float(self.air_factor * (seconds * cruise + self.vertical_s * hover))

    def diversion_pack(self, site_idx: int, payload_kg: float, hover_s: float) -> float:
        """Energy to divert from a site to the nearest other one and hover there (R4.2)."""
        load_kg = payload_kg + self.drone.box_tare_kg
        cruise = power_in_cruise(self.drone, load_kg)
        hover = power_in_hover(self.drone, load_kg)
        flight = self.divert_s[site_idx] * cruise + (self.vertical_s + hover_s) * hover
        return float(self.air_factor * flight)


@dataclass(frozen=True, slots=True)
class LegTables:
    """The leg tables of a network: one for each drone type of the fleet and weather period.

    Attributes:
        tables: drone type id -> its tables in order of time.
    """

    site_index: Mapping[str, int]
    tables: Mapping[str, tuple[LegTable, ...]]

    def for_type(self, type_id: str, time_s: float = 0.0) -> LegTable:
        """The table of a drone type in force at a time."""
        current = self.tables[type_id][0]
        for table in self.tables[type_id]:
            if table.start_s <= time_s:
                current = table
        return current


def build_legs(network: Network) -> LegTables:
    """Leg tables of every drone type in the fleet, around the zones and in the day's wind.

    Raises:
        KeyError: a drone of the fleet names a type that the network does not know.
    """
    site_index = {site.id: idx for idx, site in enumerate(network.sites)}
    lonlat = [(site.lon_deg, site.lat_deg) for site in network.sites]
    paths = plan_paths(
        lonlat,
        network.zones,
        height_m_agl=network.rules.cruise_height_m_agl,
        buffer_m=network.rules.zone_buffer_m,
    )
    segments = _measure_segments(paths, lonlat)
    type_ids = sorted({drone.type_id for drone in network.drones})
    tables = {
        type_id: tuple(
            _build_table(network, network.drone_types[type_id], period, site_index, paths, segments)
            for period in network.weather.periods
        )
        for type_id in type_ids
    }
    return LegTables(site_index, tables)


def _build_table(
    network: Network,
    drone: DroneType,
    period: WeatherPeriod,
    site_index: Mapping[str, int],
    paths: PathTable,
    segments: _Segments,
) -> LegTable:
    height_m = network.rules.cruise_height_m_agl
    vertical_s = height_m / drone.climb_mps + height_m / drone.descent_mps + drone.approach_s
    cruise_s = _cruise_table(drone, period, segments)
    flight_s = np.ceil(np.round(cruise_s + vertical_s, 6))
    np.fill_diagonal(flight_s, 0.0)
    return LegTable(
        drone=drone,
        start_s=period.start_s,
        site_index=site_index,
        flight_s=flight_s,
        cruise_s=cruise_s,
        vertical_s=vertical_s,
        length_m=paths.length_m,
        divert_s=_diversions(drone, period, segments),
        air_factor=density_factor(period.temperature_c),
        available_pack=available_pack(drone, network.rules, period.temperature_c),
        usable_pack=usable_pack(drone, network.rules, period.temperature_c),
        paths=paths,
    )


@dataclass(frozen=True, slots=True)
class _Segments:
    """Segments of all paths, measured once for every drone type and weather period.

    Attributes:
        length_m, track_deg: straight legs [from, to].
        bent: pairs whose path turns; bent_length_m, bent_track_deg: their segments one after
            another, path ``n`` from ``first[n]`` on.
        has_path: [from, to].
    """

    length_m: FloatArray
    track_deg: FloatArray
    bent: tuple[tuple[int, int], ...]
    bent_length_m: FloatArray
    bent_track_deg: FloatArray
    first: npt.NDArray[np.int64]
    has_path: npt.NDArray[np.bool_]


def _measure_segments(paths: PathTable, lonlat: list[LonLat]) -> _Segments:
    length_m, track_deg = measure_matrix(lonlat)
    has_path = np.isfinite(paths.length_m)
    is_bent = has_path & (np.abs(paths.length_m - length_m) > STRAIGHT_M)
    bent = tuple((int(i), int(j)) for i, j in np.argwhere(is_bent))
    measured = [measure_path(paths.path(i, j)) for i, j in bent]
    counts = [lengths.shape[0] for lengths, _ in measured]
    return _Segments(
        length_m=length_m,
        track_deg=track_deg,
        bent=bent,
        bent_length_m=np.concatenate([lengths for lengths, _ in measured] or [np.zeros(0)]),
        bent_track_deg=np.concatenate([tracks for _, tracks in measured] or [np.zeros(0)]),
        first=np.concatenate(([0], np.cumsum(counts)))[:-1].astype(np.int64),
        has_path=has_path,
    )


def _cruise_table(drone: DroneType, period: WeatherPeriod, segments: _Segments) -> FloatArray:
    if not is_flyable(drone, period):
        cruise_s = np.full(segments.has_path.shape, np.inf)
    else:
        cruise_s = _seconds(drone, period, segments.length_m, segments.track_deg)
        cruise_s[~segments.has_path] = np.inf
        if segments.bent:
            flown = _seconds(drone, period, segments.bent_length_m, segments.bent_track_deg)
            rows, columns = np.array(segments.bent).T
            cruise_s[rows, columns] = np.add.reduceat(flown, segments.first)
    np.fill_diagonal(cruise_s, 0.0)
    return cruise_s


def _seconds(
    drone: DroneType, period: WeatherPeriod, length_m: FloatArray, track_deg: FloatArray
) -> FloatArray:
    return segment_seconds(
        length_m,
        track_deg,
        airspeed_mps=drone.cruise_mps,
        wind_mps=period.wind_mps,
        wind_from_deg=period.wind_from_deg,
    )


def is_flyable(drone: DroneType, period: WeatherPeriod) -> bool:
    """Whether wind, gust and temperature are within the type's limits."""
    return (
        period.wind_mps <= drone.max_wind_mps
        and period.gust_mps <= drone.max_gust_mps
        and drone.min_temp_c <= period.temperature_c <= drone.max_temp_c
    )


def _diversions(drone: DroneType, period: WeatherPeriod, segments: _Segments) -> FloatArray:
    """Cruise seconds from each site straight to the nearest other one.

    The nearest by geodesic length is what R4.2 names; the wind then says how long that takes.
    """
    count = segments.length_m.shape[0]
    if count < 2 or not is_flyable(drone, period):
        return np.full(count, np.inf)
    apart_m = segments.length_m.copy()
    np.fill_diagonal(apart_m, np.inf)
    sites, nearest = np.arange(count), np.argmin(apart_m, axis=1)
    length_m, track_deg = segments.length_m[sites, nearest], segments.track_deg[sites, nearest]
    return _seconds(drone, period, length_m, track_deg)
