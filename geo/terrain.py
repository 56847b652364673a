"""Terrain from a DEM, and flight profiles that hold their height above it.

Owns the DEM reader and the vertical profile of a path. Does not know zones, energy or orders.
Heights are above mean sea level in the DEM's own vertical datum (EGM96 for SRTM, EGM2008 for
Copernicus); the two differ by less than a metre in Shandong, unverified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
import shapely
from pyproj import Transformer
from rasterio.errors import RasterioIOError

from geo.geodesy import WGS84, Floats, LocalPlane, LonLat, measure_path
from geo.heights import Geoid
from geo.zones import AltitudeDatum

STEP_M = 30.0
"""Samples along a path this far apart: the mesh of the free DEMs (SRTM, Copernicus GLO-30)."""


class TerrainError(ValueError):
    """A DEM that cannot be read, or ground that it does not hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Terrain:
    """Ground heights on a raster.

    Attributes:
        height_m_amsl: [rows, columns], nan where the raster holds none.
        to_pixel: affine coefficients (a, b, c, d, e, f) from raster positions to
            fractional (column, row) of pixel centres.
        crs: coordinate system of the raster; source: the file, for reports.
    """

    height_m_amsl: Floats
    to_pixel: tuple[float, float, float, float, float, float]
    crs: str
    source: str = ""

    def at(self, lonlat: npt.ArrayLike) -> Floats:
        """Ground heights at WGS-84 points [n, 2], bilinear, nan where the raster holds none."""
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        to_raster = Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)
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


def read_terrain(path: Path) -> Terrain:
    """A DEM from a GeoTIFF (band 1, metres above mean sea level).

    Raises:
        TerrainError: no raster, no coordinate system, or less than 2 x 2 pixels.
    """
    try:
        with rasterio.open(path) as raster:
            band = raster.read(1, masked=True)
            transform, crs = raster.transform, raster.crs
    except RasterioIOError as error:
        raise TerrainError(f"{path.name}: not a raster: {error}") from None
    if crs is None:
        raise TerrainError(f"{path.name}: a DEM must name its coordinate system; found none")
    if min(band.shape) < 2:
        raise TerrainError(f"{path.name}: a DEM needs 2 x 2 pixels or more; found {band.shape}")
    inverse = ~transform
    heights = np.asarray(band.astype(np.float64).filled(np.nan))
    to_pixel = (inverse.a, inverse.b, inverse.c - 0.5, inverse.d, inverse.e, inverse.f - 0.5)
    return Terrain(heights, to_pixel, crs.to_wkt(), path.name)


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


@dataclass(frozen=True, slots=True, eq=False)
class FlightProfile:
    """Ground and flight heights along a path, sampled every ``STEP_M`` or closer.

    Attributes:
        distance_m: from the start [n]; lonlat: the samples [n, 2].
        ground_m_amsl, flight_m_amsl: [n]; the flight starts and ends over the pads at its cruise
            height, climbs and lands straight up and down.
        climb_m, descent_m: all of it, take-off and landing included.
        max_ground_m_amsl: the highest ground below; max_m_agl: the greatest height above ground.
        raised_by: ids of the obstacles that lift the flight.
    """

    distance_m: Floats
    lonlat: Floats
    ground_m_amsl: Floats
    flight_m_amsl: Floats
    climb_m: float
    descent_m: float
    max_ground_m_amsl: float
    max_m_agl: float
    raised_by: tuple[str, ...] = ()


def sample_path(path: Sequence[LonLat], step_m: float = STEP_M) -> tuple[Floats, Floats]:
    """Distances [n] and points [n, 2] along the geodesics of a path, its corners among them."""
    length_m, track_deg = measure_path(path)
    distances, points, travelled_m = [0.0], [path[0]], 0.0
    for (lon, lat), leg_m, track in zip(path, length_m, track_deg, strict=False):
        steps = max(1, int(np.ceil(leg_m / step_m)))
        along_m = leg_m * np.arange(1, steps + 1) / steps
        ends = WGS84.fwd(np.full(steps, lon), np.full(steps, lat), np.full(steps, track), along_m)
        points += list(zip(ends[0].tolist(), ends[1].tolist(), strict=True))
        distances += (travelled_m + along_m).tolist()
        travelled_m += float(leg_m)
    return np.array(distances), np.array(points)


def plan_profile(
    path: Sequence[LonLat],
    terrain: Terrain,
    *,
    height_m_agl: float,
    climb_slope: float,
    descent_slope: float,
    obstacles: Sequence[Obstacle] = (),
    lateral_m: float = 0.0,
    vertical_m: float = 0.0,
    geoid: Geoid | None = None,
) -> FlightProfile:
    """The lowest flight that keeps its height above ground and clear of obstacles.

    Args:
        path: WGS-84 polyline, pads included.
        terrain: the ground.
        height_m_agl: height above ground held in cruise.
        climb_slope, descent_slope: steepest climb and descent on the way, metres a metre
            (vertical by ground speed), > 0.
        obstacles: tall things; within ``lateral_m`` of one the flight is ``vertical_m`` above it.
        geoid: needed for an obstacle whose top is above the ellipsoid.

    Raises:
        TerrainError: the terrain has no height below some of the path.
        ValueError: a W84 obstacle without a geoid.
    """
    distance_m, points = sample_path(path)
    ground = terrain.at(points)
    if np.isnan(ground).any():
        lon, lat = points[np.isnan(ground)][0]
        raise TerrainError(
            f"{terrain.source or 'terrain'}: no ground height at {lon:.5f} E {lat:.5f} N; "
            "give a DEM that covers every path"
        )
    least = ground + height_m_agl
    raised_by = []
    for obstacle in obstacles:
        top_m_amsl = _top_m_amsl(obstacle, terrain, geoid) + vertical_m
        near = _near(points, obstacle, lateral_m) & (least < top_m_amsl)
        if near.any():
            raised_by.append(obstacle.id)
            least = np.where(near, top_m_amsl, least)
    flight = _hold_slopes(distance_m, least, climb_slope, descent_slope)
    change = np.diff(flight)
    return FlightProfile(
        distance_m=distance_m,
        lonlat=points,
        ground_m_amsl=ground,
        flight_m_amsl=flight,
        climb_m=float(flight[0] - ground[0] + change[change > 0].sum()),
        descent_m=float(flight[-1] - ground[-1] - change[change < 0].sum()),
        max_ground_m_amsl=float(ground.max()),
        max_m_agl=float((flight - ground).max()),
        raised_by=tuple(raised_by),
    )


def _hold_slopes(distance_m: Floats, least: Floats, climb: float, descent: float) -> Floats:
    """The lowest curve over ``least`` that climbs and descends no steeper than allowed."""
    flight = least.copy()
    step_m = np.diff(distance_m)
    for k in range(len(flight) - 2, -1, -1):  # be high enough in time
        flight[k] = max(flight[k], flight[k + 1] - climb * step_m[k])
    for k in range(1, len(flight)):  # come down no faster
        flight[k] = max(flight[k], flight[k - 1] - descent * step_m[k - 1])
    return flight


def _near(points: Floats, obstacle: Obstacle, lateral_m: float) -> npt.NDArray[np.bool_]:
    """Which samples lie so near an obstacle that the path between samples may come within reach."""
    plane = LocalPlane.around(obstacle.lonlat)
    xy = plane.to_plane(obstacle.lonlat)
    shape = shapely.Point(xy[0]) if len(xy) == 1 else shapely.LineString(xy)
    away_m = shapely.distance(shape, shapely.points(plane.to_plane(points)))
    return np.asarray(away_m <= lateral_m + STEP_M)


def _top_m_amsl(obstacle: Obstacle, terrain: Terrain, geoid: Geoid | None) -> float:
    """Height of an obstacle's top; over the highest ground it stands on where it is AGL."""
    if obstacle.top_datum == "AMSL":
        return obstacle.top_m
    if obstacle.top_datum == "W84":
        if geoid is None:
            raise ValueError(f"obstacle {obstacle.id}: a W84 height needs a geoid")
        return float(geoid.to_amsl(obstacle.lonlat, obstacle.top_m).max())
    ground = terrain.at(obstacle.lonlat)
    if np.isnan(ground).all():
        raise TerrainError(f"obstacle {obstacle.id}: no ground height below it")
    return float(np.nanmax(ground)) + obstacle.top_m
