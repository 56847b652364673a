"""Terrain from a DEM, and the tall things that stand on it.

Owns the heights between a raster's pixels. Does not know files, paths, zones or energy.
Heights are above mean sea level in the DEM's own vertical datum (EGM96 for SRTM, EGM2008 for
Copernicus); the two differ by less than a metre in Shandong, unverified.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer

from geo.geodesy import Floats, LonLat
from geo.zones import AltitudeDatum


class TerrainError(ValueError):
    """A DEM that cannot be read, or ground that it does not hold."""


@dataclass(frozen=True, slots=True)
class Terrain:
    """Ground heights on a raster.

    Attributes:
        height_m_amsl: [rows, columns], nan where the raster holds none.
        to_pixel: affine coefficients (a, b, c, d, e, f) from raster positions to
            fractional (column, row) of pixel centres.
        crs: coordinate system of the raster; source: the file, for reports.
        content: sha256 of the heights; equal terrain has equal content.
    """

    height_m_amsl: Floats = field(compare=False)
    to_pixel: tuple[float, float, float, float, float, float]
    crs: str
    source: str = ""
    content: str = ""

    @property
    def mesh_m(self) -> float:
        """Size of a pixel in metres, the smaller way."""
        a, b, _, d, e, _ = self.to_pixel
        per_unit = 111_000.0 if CRS.from_user_input(self.crs).is_geographic else 1.0
        return per_unit / max(math.hypot(a, d), math.hypot(b, e))

    def range_in(
        self, west: float, south: float, east: float, north: float
    ) -> tuple[float, float] | None:
        """Least and greatest ground height in a box of degrees, bilinear surface and all.

        None where the raster does not hold the whole box.
        """
        to_raster = _to_raster(self.crs)
        edge = np.linspace(0.0, 1.0, 9)
        lon, lat = np.meshgrid(west + (east - west) * edge, south + (north - south) * edge)
        x, y = to_raster.transform(lon.ravel(), lat.ravel())
        a, b, c, d, e, f = self.to_pixel
        column, row = a * np.asarray(x) + b * np.asarray(y) + c, d * np.asarray(x) + e * y + f
        rows, columns = self.height_m_amsl.shape
        if column.min() < -0.5 or row.min() < -0.5:
            return None
        if column.max() > columns - 0.5 or row.max() > rows - 0.5:
            return None
        # One pixel more to each side: between pixels no height passes those around it.
        first, last = int(row.min()) - 1, int(row.max()) + 3
        left, right = int(column.min()) - 1, int(column.max()) + 3
        window = self.height_m_amsl[max(0, first) : last, max(0, left) : right]
        return None if np.isnan(window).any() else (float(window.min()), float(window.max()))

    def at(self, lonlat: npt.ArrayLike) -> Floats:
        """Ground heights at WGS-84 points [n, 2], bilinear, nan where the raster holds none."""
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        to_raster = _to_raster(self.crs)
        x, y = to_raster.transform(points[:, 0], points[:, 1])
        a, b, c, d, e, f = self.to_pixel
        column, row = a * x + b * y + c, d * x + e * y + f
        rows, columns = self.height_m_amsl.shape
        # Half a pixel past the outer centres is still on the raster.
        inside = (column >= -0.5) & (column <= columns - 0.5) & (row >= -0.5) & (row <= rows - 0.5)
        column = np.clip(np.where(inside, column, 0.0), 0, columns - 1)
        row = np.clip(np.where(inside, row, 0.0), 0, rows - 1)
        i, j = np.minimum(row.astype(int), rows - 2), np.minimum(column.astype(int), columns - 2)
        v, u = row - i, column - j
        z = self.height_m_amsl
        top = z[i, j] * (1 - u) + z[i, j + 1] * u
        bottom = z[i + 1, j] * (1 - u) + z[i + 1, j + 1] * u
        return np.where(inside, top * (1 - v) + bottom * v, np.nan)


@cache
def _to_raster(crs: str) -> Transformer:
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something tall: a mast (one point) or a power line (several).

    Attributes:
        id, name_zh, name_en: as shown.
        lonlat: WGS-84 points, at least one.
        top_m, top_datum: height of its top, above what.
    """

    id: str
    name_zh: str
    name_en: str
    lonlat: tuple[LonLat, ...]
    top_m: float
    top_datum: AltitudeDatum = "AGL"
