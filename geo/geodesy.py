"""Lengths, tracks and a metric plane on WGS-84.

Owns geodesic arithmetic and the local projection. Does not know zones, wind or drones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
from pyproj import Geod, Transformer

Floats = npt.NDArray[np.float64]
LonLat = tuple[float, float]

WGS84 = Geod(ellps="WGS84")


def measure_geodesics(
    from_lonlat: npt.ArrayLike, to_lonlat: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """Geodesic lengths and tracks between points taken pairwise.

    Args:
        from_lonlat, to_lonlat: WGS-84 degrees, shape [n, 2].

    Returns:
        Lengths in metres [n] and tracks at the start in degrees clockwise from true north,
        0 <= track < 360 [n]. A track turns by the convergence of the meridians on its way:
        0.2 degrees over 30 km due east at 37 N. Karney (2013), through PROJ.
    """
    start = np.asarray(from_lonlat, dtype=np.float64).reshape(-1, 2)
    end = np.asarray(to_lonlat, dtype=np.float64).reshape(-1, 2)
    track_deg, _, length_m = WGS84.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
    return np.asarray(length_m), np.mod(np.asarray(track_deg), 360.0)


def measure_matrix(lonlat: Sequence[LonLat]) -> tuple[Floats, Floats]:
    """Geodesic lengths [from, to] in metres and tracks [from, to] in degrees of all pairs."""
    points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
    count = len(points)
    starts, ends = np.repeat(points, count, axis=0), np.tile(points, (count, 1))
    length_m, track_deg = measure_geodesics(starts, ends)
    return length_m.reshape(count, count), track_deg.reshape(count, count)


def pairwise_length_m(lonlat: Sequence[LonLat]) -> Floats:
    """Geodesic lengths [from, to] in metres of all pairs of points."""
    return measure_matrix(lonlat)[0]


def measure_path(path: Sequence[LonLat]) -> tuple[Floats, Floats]:
    """Geodesic lengths in metres and tracks in degrees of a polyline's segments, [n - 1] each."""
    points = np.asarray(path, dtype=np.float64).reshape(-1, 2)
    return measure_geodesics(points[:-1], points[1:])


class Plane(Protocol):
    """Two ways to name a point, with the length between points."""

    def to_plane(self, lonlat: npt.ArrayLike) -> Floats:
        """Plane metres (x, y), [n, 2]."""

    def to_lonlat(self, xy_m: npt.ArrayLike) -> Floats:
        """What paths are told in, [n, 2]."""

    def length_m(self, from_lonlat: npt.ArrayLike, to_lonlat: npt.ArrayLike) -> Floats:
        """True lengths between points taken pairwise, [n]."""


@dataclass(frozen=True, slots=True)
class FlatPlane:
    """A flat world in metres: what benchmarks and peers know, where ``lonlat`` is (x, y)."""

    def to_plane(self, lonlat: npt.ArrayLike) -> Floats:
        """The same points."""
        return np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)

    def to_lonlat(self, xy_m: npt.ArrayLike) -> Floats:
        """The same points."""
        return np.asarray(xy_m, dtype=np.float64).reshape(-1, 2).copy()

    def length_m(self, from_lonlat: npt.ArrayLike, to_lonlat: npt.ArrayLike) -> Floats:
        """Straight lengths, [n]."""
        step = self.to_plane(to_lonlat) - self.to_plane(from_lonlat)
        return np.hypot(step[:, 0], step[:, 1])


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """A metric plane, azimuthal equidistant on WGS-84 about a centre: x east, y north.

    Distances from the centre are true. Across a network of 100 km (50 km from its centre to its
    edge) a plane length is at most 1.03e-5 longer than the geodesic, 1 m in 100 km (distortion
    ``d^2 / (6 R^2)`` across the radius; Snyder 1987, p. 191), and a straight line of the plane
    runs within 0.5 m of the geodesic; ``tests/geo/test_geodesy.py`` measures both.

    Attributes:
        lon_deg, lat_deg: the centre, WGS-84.
    """

    lon_deg: float
    lat_deg: float
    _forward: Transformer = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plane = f"+proj=aeqd +lon_0={self.lon_deg!r} +lat_0={self.lat_deg!r} +ellps=WGS84 +units=m"
        forward = Transformer.from_crs("+proj=longlat +ellps=WGS84", plane, always_xy=True)
        object.__setattr__(self, "_forward", forward)

    @classmethod
    def around(cls, lonlat: Sequence[LonLat]) -> LocalPlane:
        """The plane about the middle of the points' bounding box (no network spans 180 E)."""
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        middle = (points.min(axis=0) + points.max(axis=0)) / 2.0
        return cls(float(middle[0]), float(middle[1]))

    def to_plane(self, lonlat: npt.ArrayLike) -> Floats:
        """Plane metres (x, y) of WGS-84 degrees, shape [n, 2] both."""
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        return np.column_stack(self._forward.transform(points[:, 0], points[:, 1]))

    def to_lonlat(self, xy_m: npt.ArrayLike) -> Floats:
        """WGS-84 degrees (lon, lat) of plane metres, shape [n, 2] both."""
        points = np.asarray(xy_m, dtype=np.float64).reshape(-1, 2)
        x, y = points[:, 0], points[:, 1]
        return np.column_stack(self._forward.transform(x, y, direction="INVERSE"))

    def length_m(self, from_lonlat: npt.ArrayLike, to_lonlat: npt.ArrayLike) -> Floats:
        """Geodesic lengths between points taken pairwise, [n]."""
        return measure_geodesics(from_lonlat, to_lonlat)[0]
