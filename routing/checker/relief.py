"""The ground as the checker sees it: its own look at the heights of a network's DEM.

Owns the sampling of paths and the heights between pixels, written anew from docs/design.md
("Heights over terrain"); only the raster itself and the geoid's table are the planner's too. Does
not know plans.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from pyproj import Transformer

from geo.heights import OutsideGeoidError, egm96_shandong
from geo.terrain import Terrain
from routing.checker.physics import EARTH

LonLat = tuple[float, float]
Profile = tuple[tuple[float, float], ...]
Floats = npt.NDArray[np.float64]

SAMPLE_M = 17.0
"""Samples along a path; no multiple of the planner's steps, so that both see other ground."""


@dataclass(frozen=True, slots=True)
class Flown:
    """A flight over the ground, sample by sample.

    Attributes:
        lonlat: [n, 2]; ground_m, flight_m: above mean sea level [n]; nan where ground is unknown.
    """

    lonlat: Floats
    ground_m: Floats
    flight_m: Floats

    @property
    def above_m(self) -> Floats:
        """Heights above ground."""
        return self.flight_m - self.ground_m


class Relief:
    """Ground heights of a raster."""

    def __init__(self, terrain: Terrain) -> None:
        self._nodes = terrain.height_m_amsl
        self._affine = terrain.to_pixel
        self._flown: dict[tuple[tuple[LonLat, ...], Profile], Flown] = {}
        self._to_raster = Transformer.from_crs("EPSG:4326", terrain.crs, always_xy=True)

    def ground_m(self, lonlat: Sequence[LonLat] | Floats) -> Floats:
        """Ground above mean sea level at WGS-84 points; nan off the raster.

        Between four nodes the height is the mean of theirs, each weighted by the opposite area;
        past the outer nodes, to the edge of their pixels, that of the nearest place between nodes.
        """
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        x, y = self._to_raster.transform(points[:, 0], points[:, 1])
        a, b, c, d, e, f = self._affine
        num_rows, num_columns = self._nodes.shape
        found = np.full(len(points), np.nan)
        for k in range(len(points)):
            column, row = a * x[k] + b * y[k] + c, d * x[k] + e * y[k] + f
            if not (-0.5 <= column <= num_columns - 0.5 and -0.5 <= row <= num_rows - 0.5):
                continue
            column = min(max(column, 0.0), num_columns - 1.0)
            row = min(max(row, 0.0), num_rows - 1.0)
            west, north = min(int(column), num_columns - 2), min(int(row), num_rows - 2)
            right, down = column - west, row - north
            found[k] = math.fsum(
                (
                    (1.0 - right) * (1.0 - down) * self._nodes[north, west],
                    right * (1.0 - down) * self._nodes[north, west + 1],
                    (1.0 - right) * down * self._nodes[north + 1, west],
                    right * down * self._nodes[north + 1, west + 1],
                )
            )
        return found

    def along(self, path: Sequence[LonLat]) -> tuple[Floats, Floats, Floats]:
        """Distances from the start, points and ground along a path, its corners among them."""
        distances, points, travelled_m = [0.0], [tuple(path[0])], 0.0
        for start, end in pairwise(path):
            length_m = float(EARTH.inv(*start, *end)[2])
            between = max(0, math.ceil(length_m / SAMPLE_M) - 1)
            inner = EARTH.npts(*start, *end, between) if between else []
            points += [*inner, (end[0], end[1])]
            part_m = length_m / (between + 1)
            distances += [travelled_m + part_m * (k + 1) for k in range(between + 1)]
            travelled_m += length_m
        lonlat = np.array(points)
        return np.array(distances), lonlat, self.ground_m(lonlat)

    def fly(self, path: tuple[LonLat, ...], profile: Profile) -> Flown:
        """A path in a stated profile: straight between its points."""
        if (path, profile) not in self._flown:
            distance_m, lonlat, ground_m = self.along(path)
            at_m, height_m = zip(*profile, strict=True)
            flight_m = np.asarray(np.interp(distance_m, at_m, height_m))
            self._flown[path, profile] = Flown(lonlat, ground_m, flight_m)
        return self._flown[path, profile]

    def climbs_m(self, path: Sequence[LonLat], profile: Profile) -> tuple[float, float]:
        """All climb and all descent from the ground of the first pad to that of the last."""
        ends = self.ground_m([path[0], path[-1]])
        heights = [float(ends[0]), *(height_m for _, height_m in profile), float(ends[1])]
        steps = [after - before for before, after in pairwise(heights)]
        up_m = math.fsum(step for step in steps if step > 0.0)
        return up_m, -math.fsum(step for step in steps if step < 0.0)


def undulation_m(lon_deg: float, lat_deg: float) -> float | None:
    """Height of the geoid above the ellipsoid; None where no geoid is at hand."""
    try:
        return float(egm96_shandong().at([(lon_deg, lat_deg)])[0])
    except OutsideGeoidError:
        return None
