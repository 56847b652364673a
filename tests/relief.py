"""Small synthetic ground for tests: a raster about the three sites, written nowhere.

Knows no planner and no checker.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from geo.terrain import Obstacle, Terrain
from routing.network import Network
from tests.days import three_sites

WEST, NORTH, STEP_DEG = 119.80, 36.98, 0.002
COLUMNS, ROWS = 180, 160
METRES_A_DEG_LAT = 111_000.0


def ground(height_m: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> Terrain:
    """Ground whose height is a function of longitude and latitude."""
    lon = WEST + (np.arange(COLUMNS) + 0.5) * STEP_DEG
    lat = NORTH - (np.arange(ROWS) + 0.5) * STEP_DEG
    heights = np.broadcast_to(height_m(*np.meshgrid(lon, lat)), (ROWS, COLUMNS)).astype(float)
    inverse = 1.0 / STEP_DEG
    to_pixel = (inverse, 0.0, -WEST * inverse - 0.5, 0.0, -inverse, NORTH * inverse - 0.5)
    return Terrain(heights, to_pixel, "EPSG:4326", "made up", str(hash(heights.tobytes())))


def east_west_ridge(
    crest_m: float, at_lat: float = 36.825, half_width_m: float = 2_000.0
) -> Terrain:
    """20 m of plain with a ridge across the line hub - clinic, straight slopes on both sides."""

    def height_m(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        across_m = np.abs(lat - at_lat) * METRES_A_DEG_LAT
        return 20.0 + crest_m * np.clip(1.0 - across_m / half_width_m, 0.0, 1.0) + 0.0 * lon

    return ground(height_m)


def hilly(terrain: Terrain, *obstacles: Obstacle) -> Network:
    """The three sites on some ground."""
    return replace(three_sites(), terrain=terrain, obstacles=obstacles)
