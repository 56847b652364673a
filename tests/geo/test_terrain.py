"""Terrain: a small synthetic DEM and its heights by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio import Affine

from geo.terrain import Terrain, TerrainError
from geo.terrain_files import read_terrain

WEST, NORTH, STEP_DEG = 119.9, 36.9, 0.001


def write_dem(path: Path, heights: np.ndarray, **more: object) -> Path:
    rows, columns = heights.shape
    options = {
        "driver": "GTiff", "height": rows, "width": columns, "count": 1, "dtype": "float32",
        "crs": "EPSG:4326", "transform": Affine(STEP_DEG, 0.0, WEST, 0.0, -STEP_DEG, NORTH),
        "nodata": -9999.0,
    }  # fmt: skip
    with rasterio.open(path, "w", **(options | more)) as raster:
        raster.write(heights.astype("float32"), 1)
    return path


def ridge(peak_m: float) -> np.ndarray:
    """Flat at 20 m, with a north-south ridge of 200 m half width at 119.95 E."""
    lon = WEST + (np.arange(100) + 0.5) * STEP_DEG
    across_m = np.abs(lon - 119.95) * 89_200.0  # a degree of longitude at 36.85 N
    return np.tile(20.0 + peak_m * np.clip(1.0 - across_m / 200.0, 0.0, 1.0), (100, 1))


def terrain_of(heights: np.ndarray, tmp_path: Path) -> Terrain:
    return read_terrain(write_dem(tmp_path / "dem.tif", heights))


def test_heights_by_hand(tmp_path: Path) -> None:
    heights = np.add.outer(10.0 * np.arange(100), np.arange(100))  # 10 m a row, 1 m a column
    terrain = terrain_of(heights, tmp_path)
    centre = (WEST + 5.5 * STEP_DEG, NORTH - 3.5 * STEP_DEG)  # pixel row 3, column 5
    between = (WEST + 6.0 * STEP_DEG, NORTH - 4.0 * STEP_DEG)  # half way to row 4, column 6
    assert terrain.at([centre, between]) == pytest.approx([35.0, 40.5], abs=1e-3)
    edge = terrain.at([(WEST + 1e-6, NORTH - 1e-6), (WEST - 1e-6, NORTH)])
    assert edge[0] == pytest.approx(0.0)
    assert np.isnan(edge[1])


def test_a_raster_in_metres_gives_the_same_ground(tmp_path: Path) -> None:
    # UTM zone 51N, 10 m pixels about (120 E, 36.85 N): a plane of 1 m in 100 m eastwards.
    plane = np.tile(np.arange(200) * 0.1, (200, 1))
    transform = Affine(10.0, 0.0, 231_000.0, 0.0, -10.0, 4_083_000.0)
    path = write_dem(tmp_path / "utm.tif", plane, crs="EPSG:32651", transform=transform)
    terrain = read_terrain(path)
    lonlat = Transformer.from_crs("EPSG:32651", "EPSG:4326", always_xy=True).transform(
        232_005.0, 4_082_005.0
    )
    assert terrain.at([lonlat]) == pytest.approx([10.0], abs=1e-3)


def test_faulty_rasters_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(TerrainError, match=r"text\.tif"):
        read_terrain(tmp_path / "text.tif")
    with pytest.raises(TerrainError, match="coordinate system"):
        read_terrain(write_dem(tmp_path / "bare.tif", ridge(0.0), crs=None))
    with pytest.raises(TerrainError, match="2 x 2"):
        read_terrain(write_dem(tmp_path / "thin.tif", np.zeros((1, 100))))
