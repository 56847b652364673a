"""Flight profiles: how high a path is flown over the ground, between a least height and a ceiling.

Owns the tube of allowed heights and the flight laid into it. Does not know energy, drones or
zones. A flight stays level while the tube lets it, follows the ground where it must, and clears
obstacles on its way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from geo.geodesy import WGS84, Floats, LocalPlane, LonLat, measure_path
from geo.heights import Geoid
from geo.terrain import Obstacle, Terrain, TerrainError

STEP_M = 30.0
"""Samples along a path are at most this far apart: the mesh of the free DEMs (SRTM, GLO-30);
closer over a finer raster."""
FINEST_M = 10.0
SPARE_M = 1.0
"""Kept to either side of the tube, and again for drawing the flight with few points."""
DECIMALS = 1
"""Of the metres that a profile is stated in."""


@dataclass(frozen=True, slots=True)
class HeightLimits:
    """What a flight keeps.

    Attributes:
        height_m_agl: least height above ground on the way; ceiling_m_agl: greatest.
        obstacle_lateral_m: an obstacle no farther from the path than this is flown over;
            obstacle_vertical_m: by this much.
    """

    height_m_agl: float
    ceiling_m_agl: float
    obstacle_lateral_m: float
    obstacle_vertical_m: float


@dataclass(frozen=True, slots=True, eq=False)
class FlightProfile:
    """Ground and flight heights along a path.

    Attributes:
        distance_m, lonlat, ground_m_amsl: samples from the start [n], [n, 2], [n].
        points: (distance_m, height_m_amsl) of the flight, straight between them; from over the
            first pad to over the last.
        climb_m, descent_m: all of it, from the ground of the first pad to that of the last.
        highest_m_agl: greatest height above the ground below.
        is_too_high: the ceiling cannot be kept, over steep ground or an obstacle.
        raised_by: ids of the obstacles that lift the flight.
    """

    distance_m: Floats
    lonlat: Floats
    ground_m_amsl: Floats
    points: tuple[tuple[float, float], ...]
    climb_m: float
    descent_m: float
    highest_m_agl: float
    is_too_high: bool
    raised_by: tuple[str, ...] = ()

    def flight_m_amsl(self) -> Floats:
        """Height of the flight at the samples."""
        return heights_at(self.points, self.distance_m)


def heights_at(points: Sequence[tuple[float, float]], distance_m: Floats) -> Floats:
    """Heights of a profile's points at some distances from the start."""
    stated = np.asarray(points, dtype=np.float64)
    return np.asarray(np.interp(distance_m, stated[:, 0], stated[:, 1]))


def sample_path(path: Sequence[LonLat], step_m: float = STEP_M) -> tuple[Floats, Floats]:
    """Distances [n] and points [n, 2] along the geodesics of a path, its corners among them."""
    length_m, track_deg = measure_path(path)
    distances, points, travelled_m = [np.zeros(1)], [np.array([path[0]])], 0.0
    for (lon, lat), leg_m, track in zip(path, length_m, track_deg, strict=False):
        steps = max(1, int(np.ceil(leg_m / step_m)))
        along_m = leg_m * np.arange(1, steps + 1) / steps
        ends = WGS84.fwd(np.full(steps, lon), np.full(steps, lat), np.full(steps, track), along_m)
        points.append(np.column_stack(ends[:2]))
        distances.append(travelled_m + along_m)
        travelled_m += float(leg_m)
    return np.concatenate(distances), np.concatenate(points)


class Profiles:
    """Lays flights over one terrain; obstacles' tops are looked up once."""

    def __init__(
        self,
        terrain: Terrain,
        limits: HeightLimits,
        obstacles: Sequence[Obstacle] = (),
        geoid: Geoid | None = None,
    ) -> None:
        """See ``top_m_amsl`` for what an obstacle may raise."""
        self.terrain = terrain
        self.limits = limits
        self.step_m = min(STEP_M, max(FINEST_M, terrain.mesh_m / 2.0))
        self._tall = [
            (one.id, shape_of(one), top_m_amsl(one, terrain, geoid) + limits.obstacle_vertical_m)
            for one in obstacles
        ]

    def of(self, path: Sequence[LonLat]) -> FlightProfile:
        """The flight along a path with the least climb and descent between the limits.

        Raises:
            TerrainError: the terrain has no height below some of the path.
        """
        distance_m, points = sample_path(path, self.step_m)
        ground, over, under = self._ground(points)
        least = over + self.limits.height_m_agl + SPARE_M
        most = under + self.limits.ceiling_m_agl - SPARE_M
        raised_by = []
        for obstacle_id, shape, top_m in self._tall:
            near = self._near(points, shape) & (least < top_m + SPARE_M)
            if near.any():
                raised_by.append(obstacle_id)
                least = np.where(near, top_m + SPARE_M, least)
        flight = _stay_level(least + SPARE_M, most - SPARE_M)
        stated = tuple(
            (round(at_m, DECIMALS), round(height_m, DECIMALS))
            for at_m, height_m in _few_points(distance_m, flight, SPARE_M)
        )
        heights = heights_at(stated, distance_m)
        change = np.diff([ground[0], *(height_m for _, height_m in stated), ground[-1]])
        return FlightProfile(
            distance_m=distance_m,
            lonlat=points,
            ground_m_amsl=ground,
            points=stated,
            climb_m=float(change[change > 0].sum()),
            descent_m=float(-change[change < 0].sum()),
            highest_m_agl=float((heights - ground).max()),
            is_too_high=bool((heights > most + SPARE_M).any()),
            raised_by=tuple(raised_by),
        )

    def highest_ground_m_amsl(self, start: LonLat, end: LonLat) -> float:
        """No ground under the straight line between two places is higher; inf where unknown."""
        try:
            _, over, _ = self._ground(sample_path([start, end], self.step_m)[1])
        except TerrainError:
            return np.inf
        return float(over.max())

    def _ground(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Ground at samples, and above and below all of it half a step to either side.

        Between two samples the ground may rise or fall by half of what it does in the steepest
        step next to them.
        """
        ground = self.terrain.at(points)
        if np.isnan(ground).any():
            lon, lat = points[np.isnan(ground)][0]
            raise TerrainError(
                f"{self.terrain.source or 'terrain'}: no ground height at {lon:.5f} E "
                f"{lat:.5f} N; give a DEM that covers every path"
            )
        steps = np.abs(np.diff(ground, prepend=ground[0], append=ground[-1]))
        steep = np.maximum(steps[:-1], steps[1:]) / 2.0
        steep = np.maximum.reduce([steep, np.append(steep[1:], 0.0), np.append(0.0, steep[:-1])])
        ahead, behind = np.append(ground[1:], ground[-1]), np.append(ground[0], ground[:-1])
        over = np.maximum.reduce([ground, ahead, behind]) + steep
        under = np.minimum.reduce([ground, ahead, behind]) - steep
        return ground, over, under

    def _near(self, points: Floats, shape: BaseGeometry) -> npt.NDArray[np.bool_]:
        """Samples so near an obstacle that the path beside them may come within reach."""
        reach_m = self.limits.obstacle_lateral_m + self.step_m
        west, south, east, north = shape.bounds
        margin_deg = 1.5 * reach_m / 80_000.0
        low = np.array([west - margin_deg, south - margin_deg])
        high = np.array([east + margin_deg, north + margin_deg])
        near = np.asarray(((points >= low) & (points <= high)).all(axis=1))
        if near.any():
            plane = LocalPlane.around([(float(west), float(south)), (float(east), float(north))])
            laid = shapely.transform(shape, plane.to_plane)
            away_m = shapely.distance(laid, shapely.points(plane.to_plane(points[near])))
            near[near] = away_m <= reach_m
        return near


def shape_of(obstacle: Obstacle) -> BaseGeometry:
    """An obstacle's footprint, WGS-84: a point or a line."""
    if len(obstacle.lonlat) == 1:
        return shapely.Point(obstacle.lonlat[0])
    return shapely.LineString(obstacle.lonlat)


def top_m_amsl(obstacle: Obstacle, terrain: Terrain, geoid: Geoid | None) -> float:
    """Height of an obstacle's top; over the highest ground it stands on where it is AGL.

    Raises:
        ValueError: a top above the ellipsoid without a geoid.
        TerrainError: no ground height below it.
    """
    if obstacle.top_datum == "AMSL":
        return obstacle.top_m
    if obstacle.top_datum == "W84":
        if geoid is None:
            raise ValueError(f"obstacle {obstacle.id}: a W84 height needs a geoid")
        return float(geoid.to_amsl(obstacle.lonlat, obstacle.top_m).max())
    ground = terrain.at(obstacle.lonlat)
    if len(obstacle.lonlat) > 1:
        ground = terrain.at(sample_path(obstacle.lonlat, min(STEP_M, terrain.mesh_m))[1])
    if np.isnan(ground).any():
        raise TerrainError(f"obstacle {obstacle.id}: no ground height below it")
    return float(ground.max()) + obstacle.top_m


def _stay_level(least: Floats, most: Floats) -> Floats:
    """The flight that changes height only where the tube makes it; ``least`` wins where the two
    cross. No flight in the tube climbs or descends less."""
    flight = np.empty_like(least)
    height_m = -np.inf
    for k, (low_m, high_m) in enumerate(zip(least.tolist(), most.tolist(), strict=True)):
        height_m = max(min(height_m, high_m), low_m)
        flight[k] = height_m
    return flight


def _few_points(distance_m: Floats, height_m: Floats, off_m: float) -> list[tuple[float, float]]:
    """Some of the points, straight lines between which pass within ``off_m`` of all (a swinging
    door from each kept point)."""
    # Two pads at one place, and points that a path names twice, are no distance apart.
    is_on = np.append(True, np.diff(distance_m) > 0.0)
    at, heights = distance_m[is_on].tolist(), height_m[is_on].tolist()
    kept, origin = [(at[0], heights[0])], 0
    upper, lower = np.inf, -np.inf
    for k in range(1, len(at)):
        run_m = at[k] - at[origin]
        slope = (heights[k] - heights[origin]) / run_m
        if not lower <= slope <= upper:
            origin = k - 1
            kept.append((at[origin], heights[origin]))
            upper, lower = np.inf, -np.inf
            run_m = at[k] - at[origin]
        upper = min(upper, (heights[k] + off_m - heights[origin]) / run_m)
        lower = max(lower, (heights[k] - off_m - heights[origin]) / run_m)
    kept.append((at[-1], heights[-1]))
    return kept
