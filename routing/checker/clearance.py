"""How near a leg's path comes to the zones active while it is flown.

Owns the geometry of R9 (zones): every zone has an azimuthal equidistant plane about its own
middle, into which the paths near it are laid. Edges of zones are straight in degrees (RFC 7946);
segments of paths are straight lines of the plane, which within a county run less than a metre
from the geodesics. Does not word violations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import Proj
from shapely import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.zones import AltitudeDatum, Zone
from routing.checker.case import Leg
from routing.checker.relief import SAMPLE_M, Relief, undulation_m
from routing.network import Network, Site

EXEMPT_M = 500.0
"""The buffer (not the zone) is left out within this distance of the leg's two pads."""
ZONE_TOLERANCE_M = 1.0
"""Paths are planned in another plane than they are checked in; both are true to within this."""
LONGEST_EDGE_DEG = 0.01
"""Longer edges of a zone are laid into the plane piece by piece: a piece of 1 km, straight in
degrees, bows by 2 cm from the straight line of the plane at 40 N."""
SHORTEST_DEGREE_M = 110_500.0
"""No degree of latitude is shorter on WGS-84 (110,574 m at the equator)."""

LonLat = tuple[float, float]
Path = tuple[LonLat, ...]


@dataclass(frozen=True, slots=True)
class Clearance:
    """How a path breaks a zone's clearance.

    Attributes:
        distance_m: least distance of zone and path, the surroundings of the pads left out.
        inside_m: length of path inside the zone.
    """

    distance_m: float
    inside_m: float


class Clearances:
    """Clearances of legs and zones, each path measured once."""

    def __init__(
        self, network: Network, sites: Mapping[str, Site], relief: Relief | None = None
    ) -> None:
        self._relief = relief
        self._zones = [zone for zone in network.zones if zone.is_blocking]
        self._sites = sites
        self._buffer_m = network.rules.zone_buffer_m
        boxes = [_box(zone) for zone in self._zones]
        self._tree = shapely.STRtree([shapely.box(*box) for box in boxes])
        self._laid: dict[int, tuple[Proj, BaseGeometry]] = {}
        self._over: dict[str, list[Zone]] = {}
        self._measured: dict[Path, list[tuple[Zone, Clearance]]] = {}

    def near(self, leg: Leg) -> Iterator[tuple[Zone, Clearance]]:
        """Zones that are active during the leg, meet its height and are too near its path."""
        path = leg.flight.path_lonlat
        if path not in self._measured:
            self._measured[path] = list(self._too_near(path))
        for zone, clearance in self._measured[path]:
            is_active = is_active_during(zone, leg.flight.takeoff_s, leg.flight.landing_s)
            if is_active and self._meets(zone, leg):
                yield zone, clearance

    def _meets(self, zone: Zone, leg: Leg) -> bool:
        """Whether the flight is inside a zone's band anywhere near its footprint."""
        height_m = leg.flight.height_m_agl
        if self._relief is None:
            ground_m = self._sites[leg.sortie.stops[leg.idx].site_id].ground_m_amsl
            return meets_heights(zone, (height_m, height_m), ground_m)
        flown = self._relief.fly(leg.flight.path_lonlat, leg.flight.profile)
        plane, footprint = self._lay_out(self._zones.index(zone))
        xy = np.column_stack(plane(flown.lonlat[:, 0], flown.lonlat[:, 1]))
        near = shapely.distance(footprint, shapely.points(xy)) < self._buffer_m + SAMPLE_M
        above_m = flown.above_m
        return any(
            meets_heights(
                zone,
                (float(above_m[k]), float(above_m[k])),
                float(flown.ground_m[k]),
                undulation_m(*flown.lonlat[k]),
            )
            for k in np.flatnonzero(near)
        )

    def over_pads(self, leg: Leg) -> Iterator[tuple[Zone, Site]]:
        """Zones below the cruise height, active during the leg, that its climb or descent meets."""
        for end, stop in enumerate(leg.sortie.stops[leg.idx : leg.idx + 2]):
            site = self._sites[stop.site_id]
            ground_m, height_m, above_m = site.ground_m_amsl, leg.flight.height_m_agl, None
            if self._relief is not None:
                ground_m = float(self._relief.ground_m([(site.lon_deg, site.lat_deg)])[0])
                height_m = leg.flight.profile[-end][1] - ground_m
                above_m = undulation_m(site.lon_deg, site.lat_deg)
            for zone in self._zones_over(site):
                is_active = is_active_during(zone, leg.flight.takeoff_s, leg.flight.landing_s)
                climbs = meets_heights(zone, (0.0, height_m), ground_m, above_m)
                cruises = meets_heights(zone, (height_m, height_m), ground_m, above_m)
                if is_active and climbs and not cruises:
                    yield zone, site

    def _zones_over(self, site: Site) -> list[Zone]:
        if site.id not in self._over:
            self._over[site.id] = []
            point = Point(site.lon_deg, site.lat_deg)
            for idx in sorted(int(near) for near in self._tree.query(point)):
                plane, footprint = self._lay_out(idx)
                if footprint.covers(Point(plane(site.lon_deg, site.lat_deg))):
                    self._over[site.id].append(self._zones[idx])
        return self._over[site.id]

    def _lay_out(self, idx: int) -> tuple[Proj, BaseGeometry]:
        if idx not in self._laid:
            self._laid[idx] = _lay_out(self._zones[idx])
        return self._laid[idx]

    def _too_near(self, path: Path) -> Iterator[tuple[Zone, Clearance]]:
        points = np.asarray(path, dtype=np.float64)
        west, south = points.min(axis=0)
        east, north = points.max(axis=0)
        # A little wider than the buffer: the box only sorts out zones that are far away.
        margin_lat = 1.05 * (self._buffer_m + 100.0) / SHORTEST_DEGREE_M
        top_lat = min(max(abs(south), abs(north)) + margin_lat, 89.0)
        margin_lon = margin_lat / math.cos(math.radians(top_lat))
        area = shapely.box(
            west - margin_lon, south - margin_lat, east + margin_lon, north + margin_lat
        )
        for idx in sorted(int(near) for near in self._tree.query(area)):
            plane, footprint = self._lay_out(idx)
            clearance = self._measure(_line(plane, points), footprint)
            if clearance is not None:
                yield self._zones[idx], clearance

    def _measure(self, line: LineString, footprint: BaseGeometry) -> Clearance | None:
        if line.distance(footprint) >= self._buffer_m - ZONE_TOLERANCE_M:
            return None
        inside_m = float(line.intersection(footprint).length)
        if inside_m > ZONE_TOLERANCE_M:
            return Clearance(0.0, inside_m)
        away = _away_from_pads(line)
        if away is None:
            return None
        distance_m = float(away.distance(footprint))
        if distance_m < self._buffer_m - ZONE_TOLERANCE_M:
            return Clearance(distance_m, 0.0)
        return None


def is_active_during(zone: Zone, start_s: float, end_s: float) -> bool:
    """Whether a zone is active at some time of a flight."""
    return not zone.active or any(span[0] < end_s and span[1] > start_s for span in zone.active)


def meets_heights(
    zone: Zone,
    span_m_agl: tuple[float, float],
    ground_m_amsl: float | None,
    geoid_m: float | None = None,
) -> bool:
    """Whether a span of heights meets a zone's altitude band, its limits included.

    A limit above mean sea level is compared where the height of the ground is known, one above the
    ellipsoid where the geoid's (``geoid_m``) is too; a limit that cannot be compared never opens
    the zone.
    """
    low_m = _height_above(zone.upper_datum, span_m_agl[0], ground_m_amsl, geoid_m)
    high_m = _height_above(zone.lower_datum, span_m_agl[1], ground_m_amsl, geoid_m)
    is_below = zone.lower_m is not None and high_m is not None and high_m < zone.lower_m
    is_above = zone.upper_m is not None and low_m is not None and low_m > zone.upper_m
    return not (is_below or is_above)


def _height_above(
    datum: AltitudeDatum,
    height_m_agl: float,
    ground_m_amsl: float | None,
    geoid_m: float | None,
) -> float | None:
    if datum == "AGL":
        return height_m_agl
    if ground_m_amsl is None:
        return None
    if datum == "AMSL":
        return ground_m_amsl + height_m_agl
    return None if geoid_m is None else ground_m_amsl + height_m_agl + geoid_m


def _box(zone: Zone) -> tuple[float, float, float, float]:
    lons = [lon for rings in zone.rings_lonlat for lon, _ in rings[0]]
    lats = [lat for rings in zone.rings_lonlat for _, lat in rings[0]]
    return min(lons), min(lats), max(lons), max(lats)


def _lay_out(zone: Zone) -> tuple[Proj, BaseGeometry]:
    """A zone's own plane and its footprint in it."""
    west, south, east, north = _box(zone)
    plane = Proj(proj="aeqd", lon_0=(west + east) / 2, lat_0=(south + north) / 2, ellps="WGS84")
    polygons = []
    for rings in zone.rings_lonlat:
        pieces = (shapely.segmentize(LineString(ring), LONGEST_EDGE_DEG) for ring in rings)
        outer, *holes = (_line(plane, shapely.get_coordinates(ring)).coords for ring in pieces)
        polygons.append(Polygon(outer, holes))
    footprint = MultiPolygon(polygons)
    if not footprint.is_valid:
        footprint = shapely.make_valid(footprint)
    shapely.prepare(footprint)
    return plane, footprint


def _line(plane: Proj, lonlat: np.ndarray) -> LineString:
    x_m, y_m = plane(lonlat[:, 0], lonlat[:, 1])
    return LineString(np.column_stack([x_m, y_m]))


def _away_from_pads(line: LineString) -> BaseGeometry | None:
    """The path without what lies near its two pads; None where nothing is left.

    The circles are drawn from outside, so that no rounding of theirs forbids what the rule
    allows.
    """
    ends = [Point(line.coords[0]), Point(line.coords[-1])]
    # A polygon of 4 x 64 edges about a circle of radius r reaches r only with r / cos(pi / 256).
    radius_m = (EXEMPT_M + ZONE_TOLERANCE_M) / math.cos(math.pi / 256.0)
    away = line.difference(shapely.union_all([end.buffer(radius_m, quad_segs=64) for end in ends]))
    return None if away.is_empty else away
