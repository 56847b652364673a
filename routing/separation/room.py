"""Which layers a flight may take at all: those whose heights are clear of zones along its path.

Owns the zones that lie below the cruise height, for which paths are planned, but not below every
layer. Does not know other flights.
"""

from __future__ import annotations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.geodesy import LocalPlane, LonLat
from geo.obstacles import is_active, meets_heights
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
        self._zones = [
            (zone, self._footprint(zone), met)
            for zone in network.zones
            if zone.is_blocking and not meets_heights(zone, cruise_m, cruise_m)
            if (met := np.array([meets_heights(zone, one, one) for one in self._layers_m])).any()
        ]
        self._near: dict[tuple[LonLat, ...], list[int]] = {}

    def of(self, flight: Flight) -> Flags:
        """Whether each layer is clear of every zone active during a flight."""
        free = np.ones(len(self._layers_m), dtype=np.bool_)
        if self._is_over_terrain:
            # Profiles rise and fall between the cruise height and the ceiling: they are one layer.
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

    def _footprint(self, zone: Zone) -> BaseGeometry:
        """The zone in the plane, its holes filled: that only forbids more."""
        polygons = []
        for rings in zone.rings_lonlat:
            edge = shapely.segmentize(shapely.LineString(rings[0]), LONGEST_EDGE_DEG)
            polygons.append(shapely.Polygon(self._plane.to_plane(shapely.get_coordinates(edge))))
        return shapely.make_valid(shapely.union_all([shapely.make_valid(one) for one in polygons]))
