"""Legs: flight time, length and energy between all sites, per drone type and weather period.

Owns the leg table the planner flies by. Does not know orders, sorties or plans; where a path runs
is ``geo.paths``' business and what a second in the air costs is ``routing.energy``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.geodesy import pairwise_length_m
from geo.paths import PathTable, plan_paths
from geo.weather import WeatherPeriod
from geo.wind import cruise_seconds
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
    type_ids = sorted({drone.type_id for drone in network.drones})
    tables = {
        type_id: tuple(
            _build_table(network, network.drone_types[type_id], period, site_index, paths, lonlat)
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
    lonlat: list[LonLat],
) -> LegTable:
    height_m = network.rules.cruise_height_m_agl
    vertical_s = height_m / drone.climb_mps + height_m / drone.descent_mps + drone.approach_s
    cruise_s = _cruise_table(drone, period, paths, len(lonlat))
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
        divert_s=_diversions(drone, period, lonlat),
        air_factor=density_factor(period.temperature_c),
        available_pack=available_pack(drone, network.rules, period.temperature_c),
        usable_pack=usable_pack(drone, network.rules, period.temperature_c),
        paths=paths,
    )


def _cruise_table(
    drone: DroneType, period: WeatherPeriod, paths: PathTable, num_sites: int
) -> FloatArray:
    cruise_s = np.full((num_sites, num_sites), np.inf)
    if not is_flyable(drone, period):
        return cruise_s
    for i in range(num_sites):
        cruise_s[i, i] = 0.0
        for j in range(num_sites):
            if i != j and np.isfinite(paths.length_m[i, j]):
                cruise_s[i, j] = _cruise_seconds(drone, period, paths.path(i, j))
    return cruise_s


def _cruise_seconds(drone: DroneType, period: WeatherPeriod, lonlat: tuple[LonLat, ...]) -> float:
    return cruise_seconds(lonlat, drone.cruise_mps, period.wind_mps, period.wind_from_deg)


def is_flyable(drone: DroneType, period: WeatherPeriod) -> bool:
    """Whether wind, gust and temperature are within the type's limits."""
    return (
        period.wind_mps <= drone.max_wind_mps
        and period.gust_mps <= drone.max_gust_mps
        and drone.min_temp_c <= period.temperature_c <= drone.max_temp_c
    )


def _diversions(drone: DroneType, period: WeatherPeriod, lonlat: list[LonLat]) -> FloatArray:
    """Cruise seconds from each site straight to the site it reaches first of all others.

    The nearest by geodesic length is what R4.2 names; the wind then says how long that takes.
    """
    length_m = pairwise_length_m(lonlat)
    np.fill_diagonal(length_m, np.inf)
    divert_s = np.full(len(lonlat), np.inf)
    if len(lonlat) < 2 or not is_flyable(drone, period):
        return divert_s
    for i, j in enumerate(np.argmin(length_m, axis=1)):
        divert_s[i] = _cruise_seconds(drone, period, (lonlat[i], lonlat[int(j)]))
    return divert_s
