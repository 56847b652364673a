"""Legs over terrain: what their climbs and descents cost, and the profiles they are flown in.

Owns the seconds that the ground adds to a leg. Does not know energy or plans. Without terrain
every leg climbs once to cruise height and nothing is added.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from geo.geodesy import LocalPlane
from geo.heights import egm96_shandong
from geo.obstacles import blocking_zones, low_zones
from geo.pathtable import PathTable
from geo.profile import FlightProfile, HeightLimits, Profiles, shape_of, top_m_amsl
from geo.terrain import Obstacle, TerrainError
from geo.zone_heights import met_zones
from geo.zones import Zone
from routing.network import DroneType, Network

FloatArray = npt.NDArray[np.float64]
LonLat = tuple[float, float]
ProfilePoints = tuple[tuple[float, float], ...]

LIFT_SPARE_M = 4.0
"""An obstacle is flown over only where this much of the ceiling is left above the clearance."""


@dataclass(frozen=True, slots=True)
class TooHigh:
    """A leg that cannot keep the ceiling: where it would fly, how high, and what lifts it."""

    origin: str
    destination: str
    highest_m_agl: float
    raised_by: tuple[str, ...]


def height_limits(network: Network) -> HeightLimits:
    """The heights that the network's rules allow."""
    rules = network.rules
    return HeightLimits(
        height_m_agl=rules.cruise_height_m_agl,
        ceiling_m_agl=rules.ceiling_m_agl,
        obstacle_lateral_m=rules.obstacle_lateral_m,
        obstacle_vertical_m=rules.obstacle_vertical_m,
    )


def zones_met(network: Network) -> tuple[Zone, ...]:
    """The zones that flights meet somewhere, and obstacles too tall to fly over."""
    rules = network.rules
    height_m = rules.cruise_height_m_agl
    if network.terrain is None:
        return (
            *blocking_zones(network.zones, height_m, None),
            *low_zones(network.zones, height_m, None),
        )
    blocking = [zone for zone in network.zones if zone.is_blocking]
    met = met_zones(
        blocking,
        network.terrain,
        egm96_shandong(),
        height_m_agl=height_m,
        ceiling_m_agl=rules.ceiling_m_agl,
    )
    return (*met, *(_as_zone(one, rules.obstacle_lateral_m) for one in _tall(network)))


def _tall(network: Network) -> list[Obstacle]:
    """Obstacles that no flight below the ceiling clears."""
    terrain, rules = network.terrain, network.rules
    assert terrain is not None
    found = []
    for one in network.obstacles:
        top_m = top_m_amsl(one, terrain, egm96_shandong())
        below_m = float(terrain.at(one.lonlat).min())
        room_m = rules.ceiling_m_agl - rules.obstacle_vertical_m - LIFT_SPARE_M
        if not top_m - below_m <= room_m:
            found.append(one)
    return found


def _as_zone(obstacle: Obstacle, lateral_m: float) -> Zone:
    plane = LocalPlane.around(obstacle.lonlat)
    laid = shapely.transform(shape_of(obstacle), plane.to_plane)
    wide = shapely.transform(shapely.buffer(laid, lateral_m, quad_segs=4), plane.to_lonlat)
    ring = tuple((float(lon), float(lat)) for lon, lat in shapely.get_coordinates(wide))
    return Zone(
        id=f"obstacle:{obstacle.id}",
        name_zh=obstacle.name_zh,
        name_en=obstacle.name_en,
        rule="prohibited",
        rings_lonlat=((ring,),),
    )


class LegHeights:
    """Profiles of a network's legs, each path laid once."""

    def __init__(
        self, network: Network, lonlat: Sequence[LonLat], hubs: Collection[str] | None = None
    ) -> None:
        """Of the legs with a hub at an end alone, where ``hubs`` names some."""
        self._network = network
        self._is_hub = [hubs is None or site.id in hubs for site in network.sites]
        self._lonlat = tuple(lonlat)
        self._profiles = (
            None
            if network.terrain is None
            else Profiles(
                network.terrain, height_limits(network), network.obstacles, egm96_shandong()
            )
        )
        self._laid: dict[tuple[LonLat, ...], FlightProfile | None] = {}
        self._changes: dict[int, tuple[FloatArray, FloatArray]] = {}

    def profile(self, path: tuple[LonLat, ...]) -> FlightProfile | None:
        """The profile of a path, the same both ways; None without terrain or ground below it."""
        if self._profiles is None or len(path) < 2:
            return None
        if path[::-1] in self._laid:
            back = self._laid[path[::-1]]
            return None if back is None else turned(back)
        if path not in self._laid:
            try:
                self._laid[path] = self._profiles.of(path)
            except TerrainError:
                self._laid[path] = None
        return self._laid[path]

    def added_s(self, drone: DroneType, paths: PathTable) -> FloatArray:
        """Seconds of climb and descent beyond those over flat ground [from, to]; inf where the
        ground is not known or the ceiling cannot be kept."""
        count = len(self._lonlat)
        if self._profiles is None:
            return np.zeros((count, count))
        climb_m, descent_m = self._climbs(paths)
        flat_m = self._network.rules.cruise_height_m_agl
        return (climb_m - flat_m) / drone.climb_mps + (descent_m - flat_m) / drone.descent_mps

    def _climbs(self, paths: PathTable) -> tuple[FloatArray, FloatArray]:
        if id(paths) not in self._changes:
            count, flat_m = len(self._lonlat), self._network.rules.cruise_height_m_agl
            climb_m, descent_m = np.full((2, count, count), flat_m)
            for i in range(count):
                for j in range(i + 1, count):
                    if paths.has_path(i, j):
                        is_asked = self._is_hub[i] or self._is_hub[j]
                        one = self.profile(paths.path(i, j)) if is_asked else None
                        ends = (np.inf, np.inf)
                        if one is not None and not one.is_too_high:
                            ends = (one.climb_m, one.descent_m)
                        climb_m[i, j], descent_m[i, j] = ends
                        climb_m[j, i], descent_m[j, i] = ends[::-1]
            self._changes[id(paths)] = climb_m, descent_m
        return self._changes[id(paths)]

    def divert_added_s(self, drone: DroneType, nearest: npt.NDArray[np.int64]) -> FloatArray:
        """The same for a diversion from each site straight to its nearest other one: up to cruise
        height over the highest ground between, and down."""
        count = len(self._lonlat)
        if self._profiles is None or self._network.terrain is None:
            return np.zeros(count)
        ground = self._network.terrain.at(self._lonlat)
        top_m = np.array(
            [
                self._profiles.highest_ground_m_amsl(self._lonlat[i], self._lonlat[int(j)])
                for i, j in enumerate(nearest)
            ]
        )
        return (top_m - ground) / drone.climb_mps + (top_m - ground[nearest]) / drone.descent_mps

    def too_high(self, paths: PathTable) -> tuple[TooHigh, ...]:
        """Legs of a path table that no drone may fly because they pass the ceiling."""
        sites, found = self._network.sites, []
        for i, origin in enumerate(sites):
            for j in range(i + 1, len(sites)):
                one = self.profile(paths.path(i, j)) if paths.has_path(i, j) else None
                if one is not None and one.is_too_high:
                    found.append(TooHigh(origin.id, sites[j].id, one.highest_m_agl, one.raised_by))
        return tuple(found)


def turned(profile: FlightProfile) -> FlightProfile:
    """The same profile flown the other way."""
    length_m = profile.points[-1][0]
    points = [(round(length_m - at_m, 1), height_m) for at_m, height_m in profile.points]
    return replace(
        profile,
        distance_m=profile.distance_m[-1] - profile.distance_m[::-1],
        lonlat=profile.lonlat[::-1],
        ground_m_amsl=profile.ground_m_amsl[::-1],
        points=tuple(points[::-1]),
        climb_m=profile.descent_m,
        descent_m=profile.climb_m,
    )
