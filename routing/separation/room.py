"""Which layers a flight may take at all: those whose heights are clear of zones along its path.

Owns the zones that lie below the cruise height, for which paths are planned, but not below every
layer; over terrain all blocking zones and the obstacles count, since a lower layer is the flight's
profile lowered, and only the top one was laid around and over them. Does not know other flights.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.geodesy import LocalPlane, LonLat
from geo.obstacles import is_active, meets_heights
from geo.profile import shape_of
from geo.zones import Zone
from routing.network import Network
from routing.plan import Flight
from routing.separation.tracks import Flags

MARGIN_M = 5.0
"""Added to the zone buffer: the checker's planes are others. Pads are given no exemption."""
LONGEST_EDGE_DEG = 0.01


class LayerRoom:
    """The layers that each flight may take."""

    def __init__(self, network: Network, plane: LocalPlane) -> None:
        rules = network.rules
        self._is_over_terrain = network.terrain is not None
        self._layers_m = rules.flown_layers_m_agl
        self._reach_m = rules.zone_buffer_m + MARGIN_M
        self._plane = plane
        cruise_m = rules.cruise_height_m_agl
        below_top = np.arange(len(self._layers_m)) < len(self._layers_m) - 1
        self._zones = [
            (zone, self._footprint(zone), met)
            for zone in network.zones
            if zone.is_blocking
            and (self._is_over_terrain or not meets_heights(zone, cruise_m, cruise_m))
            if (
                met := below_top
                if self._is_over_terrain
                else np.array([meets_heights(zone, one, one) for one in self._layers_m])
            ).any()
        ]
        reach_m = rules.obstacle_lateral_m + MARGIN_M
        self._around_obstacles = shapely.union_all(
            [
                shapely.transform(shape_of(one), plane.to_plane).buffer(reach_m)
                for one in (network.obstacles if self._is_over_terrain else ())
            ]
        )
        self._near: dict[tuple[LonLat, ...], list[int]] = {}

    def of(self, flight: Flight) -> Flags:
        """Whether each layer is clear of every zone active during a flight."""
        free = np.ones(len(self._layers_m), dtype=np.bool_)
        if self._is_over_terrain and self._passes_obstacle(flight.path_lonlat):
            free[:-1] = False
        if not self._zones:
            return free
        for idx in self._near_path(flight.path_lonlat):
            zone, _, met = self._zones[idx]
            if is_active(zone, (flight.takeoff_s, flight.landing_s)):
                free &= ~met
        return free

    def _near_path(self, path: tuple[LonLat, ...]) -> list[int]:
        if path not in self._near:
            line = shapely.LineString(self._plane.to_plane(np.asarray(path)))
            self._near[path] = [
                idx
                for idx, (_, footprint, _) in enumerate(self._zones)
                if line.distance(footprint) < self._reach_m
            ]
        return self._near[path]

    def _passes_obstacle(self, path: tuple[LonLat, ...]) -> bool:
        line = shapely.LineString(self._plane.to_plane(np.asarray(path)))
        return bool(line.intersects(self._around_obstacles))

    def _footprint(self, zone: Zone) -> BaseGeometry:
        """The zone in the plane, its holes filled: that only forbids more."""
        polygons = []
        for rings in zone.rings_lonlat:
            edge = shapely.segmentize(shapely.LineString(rings[0]), LONGEST_EDGE_DEG)
            polygons.append(shapely.Polygon(self._plane.to_plane(shapely.get_coordinates(edge))))
        return shapely.make_valid(shapely.union_all([shapely.make_valid(one) for one in polygons]))
