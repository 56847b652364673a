"""Zones as obstacles of the local plane: buffered, merged, never smaller than the truth.

Owns which zones count at a height and a time, and the outlines a path keeps out of. Does not
know how paths are found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geo.geodesy import Floats, LocalPlane
from geo.heights import GroundRange
from geo.zones import AltitudeDatum, Zone

MITRE_LIMIT = 1.08
"""Corners of a buffer reach at most this far past it along the bisector (8 %): one vertex for a
turn up to 45 degrees, two for a sharper one, and never inside the true round buffer."""
MAX_CHORD_M = 2000.0
"""Longer sides are read both as a straight line in degrees (RFC 7946) and as one in the plane;
between 2 km apart the two differ by less than 0.1 m at 40 N."""
PLANE_MARGIN_M = 0.5
MANY_CORNERS = 400
COARSE_M = 1.0
SITE_SLIVER_M = 0.02
"""A site this little outside a buffer counts as inside it."""


def meets_heights(
    zone: Zone, from_m_agl: float, to_m_agl: float, ground: GroundRange | None = None
) -> bool:
    """Whether a zone's altitude band holds any of a span of heights above ground.

    Limits above sea level are compared through the ground's range, limits above the ellipsoid
    through the geoid too. What cannot be compared counts as held, which is the safe side.
    """
    lower = _span_over(zone.lower_datum, from_m_agl, to_m_agl, ground)
    upper = _span_over(zone.upper_datum, from_m_agl, to_m_agl, ground)
    is_under = zone.lower_m is not None and lower is not None and lower[1] < zone.lower_m
    is_over = zone.upper_m is not None and upper is not None and upper[0] > zone.upper_m
    return not (is_under or is_over)


def _span_over(
    datum: AltitudeDatum, from_m_agl: float, to_m_agl: float, ground: GroundRange | None
) -> tuple[float, float] | None:
    """A span of heights above ground as one above another datum; None where unknown."""
    if datum == "AGL":
        return from_m_agl, to_m_agl
    if ground is None:
        return None
    amsl = from_m_agl + ground.lowest_m_amsl, to_m_agl + ground.highest_m_amsl
    if datum == "AMSL":
        return amsl
    if ground.undulation_m is None:
        return None
    return amsl[0] + ground.undulation_m[0], amsl[1] + ground.undulation_m[1]


def is_active(zone: Zone, active_at: tuple[int, int] | None) -> bool:
    """Whether a zone is active at some moment of a span (start_s, end_s); None asks for ever."""
    if active_at is None or not zone.active:
        return True
    start_s, end_s = active_at[0], max(active_at[1], active_at[0] + 1)
    return any(start < end_s and end > start_s for start, end in zone.active)


def blocking_zones(
    zones: Sequence[Zone],
    height_m_agl: float,
    active_at: tuple[int, int] | None,
    ground: GroundRange | None = None,
) -> tuple[Zone, ...]:
    """The zones a flight at a height must keep clear of in a span of time."""
    return tuple(
        zone
        for zone in zones
        if zone.is_blocking
        and is_active(zone, active_at)
        and meets_heights(zone, height_m_agl, height_m_agl, ground)
    )


def low_zones(
    zones: Sequence[Zone],
    height_m_agl: float,
    active_at: tuple[int, int] | None,
    ground: GroundRange | None = None,
) -> tuple[Zone, ...]:
    """The zones that only a climb or descent meets: flown over, but no pad below is reached."""
    return tuple(
        zone
        for zone in zones
        if zone.is_blocking
        and is_active(zone, active_at)
        and meets_heights(zone, 0.0, height_m_agl, ground)
        and not meets_heights(zone, height_m_agl, height_m_agl, ground)
    )


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What paths keep out of, in the plane.

    Attributes:
        soft: merged polygons of the zones with their buffer: no path enters.
        zone_ids: the zones, in the order of the next two.
        zone_soft: each zone with its buffer.
        zone_hard: each zone with only the margin of the plane: not even a path that leaves a pad
            inside its buffer enters.
        low_ids, low_hard: zones below the cruise height, with the margin of the plane: only a
            pad inside one is without a path.
    """

    soft: tuple[Polygon, ...]
    zone_ids: tuple[str, ...]
    zone_soft: tuple[BaseGeometry, ...]
    zone_hard: tuple[BaseGeometry, ...]
    low_ids: tuple[str, ...] = ()
    low_hard: tuple[BaseGeometry, ...] = ()


def build_obstacles(
    zones: Sequence[Zone],
    plane: LocalPlane,
    buffer_m: float,
    site_xy: Floats,
    low: Sequence[Zone] = (),
) -> Obstacles:
    """Obstacles of zones that all count, kept ``buffer_m`` clear of.

    Corners reach a little past the buffer, but never over a site: a site outside the true buffer
    lies outside the obstacle too (to ``SITE_SLIVER_M``), so that only a site truly in a buffer
    is treated as one.
    """
    footprints = [_project(zone, plane) for zone in zones]
    reach_m = max((float(np.abs(shapely.get_coordinates(f)).max()) for f in footprints), default=0)
    # A chord of the plane strays from the geodesic by 0.4 m at 50 km from the centre, growing
    # with the cube of the distance (tests/geo/test_geodesy.py).
    margin_m = PLANE_MARGIN_M + 0.4 * (reach_m / 50_000.0) ** 3
    sites = shapely.points(site_xy)
    zone_soft = tuple(_keep_clear(f, buffer_m, margin_m, sites) for f in footprints)
    zone_hard = tuple(enlarge(f, margin_m) for f in footprints)
    return Obstacles(
        soft=merge(zone_soft),
        zone_ids=tuple(zone.id for zone in zones),
        zone_soft=zone_soft,
        zone_hard=zone_hard,
        low_ids=tuple(zone.id for zone in low),
        low_hard=tuple(enlarge(_project(zone, plane), margin_m) for zone in low),
    )


def enlarge(footprint: BaseGeometry, distance_m: float) -> BaseGeometry:
    """A polygon that holds every point within a distance of a footprint, with few vertices.

    A footprint of very many corners (a coast, a circle by the metre) is drawn ``COARSE_M`` wider
    and then with fewer corners that keep within ``COARSE_M`` of that line: never inside the true
    one.
    """
    is_fine = shapely.get_num_coordinates(footprint) > MANY_CORNERS
    reach_m = distance_m + (COARSE_M if is_fine else 0.0)
    wide = shapely.buffer(
        footprint, reach_m, join_style="mitre", mitre_limit=MITRE_LIMIT, quad_segs=4
    )
    return shapely.simplify(wide, COARSE_M) if is_fine else wide


def _keep_clear(
    footprint: BaseGeometry, buffer_m: float, margin_m: float, sites: npt.NDArray[np.object_]
) -> BaseGeometry:
    """A zone's obstacle: few vertices, or a closer fit where sites lie under its corners."""
    soft = enlarge(footprint, buffer_m + margin_m)
    under = sites[shapely.intersects(soft, sites)]
    spare_m = shapely.distance(footprint, under) - buffer_m
    spare_m = spare_m[spare_m > SITE_SLIVER_M]
    if buffer_m == 0.0 or len(spare_m) == 0:
        return soft
    distance_m = buffer_m + min(margin_m, float(spare_m.min()) / 4.0)
    # An arc of n chords a quarter turn holds the true arc when its radius is 1 / cos(pi / 4n)
    # of it; the closer the site, the more chords.
    quad_segs = next(
        n
        for n in (8, 16, 32, 64, 128, 256)
        if n == 256 or distance_m * (1.0 / cos(pi / (4 * n)) - 1.0) < spare_m.min() / 4.0
    )
    return shapely.buffer(footprint, distance_m / cos(pi / (4 * quad_segs)), quad_segs=quad_segs)


def merge(polygons: Sequence[BaseGeometry]) -> tuple[Polygon, ...]:
    """The union as separate polygons, outer rings counter-clockwise, holes clockwise."""
    union = shapely.simplify(shapely.union_all(list(polygons)), 1e-3)
    parts = shapely.get_parts(union)
    return tuple(
        shapely.orient_polygons(part)
        for part in parts
        if isinstance(part, Polygon) and not part.is_empty
    )


def _project(zone: Zone, plane: LocalPlane) -> BaseGeometry:
    """A zone's footprint in the plane, under both readings of its long sides."""
    straight = [_polygon(rings, plane, densify=False) for rings in zone.rings_lonlat]
    along_degrees = [_polygon(rings, plane, densify=True) for rings in zone.rings_lonlat]
    return shapely.union_all(straight + along_degrees)


def _polygon(
    rings: Sequence[Sequence[tuple[float, float]]], plane: LocalPlane, *, densify: bool
) -> BaseGeometry:
    projected = []
    for ring in rings:
        lonlat = np.asarray(ring, dtype=np.float64)
        xy = plane.to_plane(lonlat)
        sides_m = np.hypot(*np.diff(xy, axis=0).T)
        if densify and sides_m.max() > MAX_CHORD_M:
            pieces = np.maximum(1, np.ceil(sides_m / MAX_CHORD_M).astype(int))
            lonlat = _split(lonlat, pieces)
            xy = plane.to_plane(lonlat)
        projected.append(xy)
    polygon = Polygon(projected[0], projected[1:])
    valid = shapely.make_valid(polygon)
    areas = [p for p in shapely.get_parts(valid) if p.geom_type in ("Polygon", "MultiPolygon")]
    return MultiPolygon() if not areas else shapely.union_all(areas)


def _split(lonlat: Floats, pieces: npt.NDArray[np.int_]) -> Floats:
    """A ring with each side cut into a number of equal pieces."""
    points = [
        lonlat[k] + (lonlat[k + 1] - lonlat[k]) * step / count
        for k, count in enumerate(pieces)
        for step in range(count)
    ]
    return np.asarray([*points, lonlat[-1]])
