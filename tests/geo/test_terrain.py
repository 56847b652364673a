"""Terrain: a small synthetic DEM, its heights by hand, and flights over it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from rasterio import Affine

from geo.geodesy import measure_path
from geo.heights import egm96_shandong
from geo.terrain import (
    STEP_M,
    Obstacle,
    Terrain,
    TerrainError,
    plan_profile,
    read_terrain,
    sample_path,
)

WEST, NORTH, STEP_DEG = 119.9, 36.9, 0.001
PATH = [(119.92, 36.85), (119.98, 36.85)]


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


def test_samples_lie_on_the_path() -> None:
    distance_m, points = sample_path([*PATH, (119.98, 36.80)])
    assert np.all(np.diff(distance_m) > 0)
    assert np.diff(distance_m).max() <= STEP_M + 1e-9
    assert distance_m[-1] == pytest.approx(measure_path([*PATH, (119.98, 36.80)])[0].sum())
    assert (points == np.array(PATH[1])).all(axis=1).sum() <= 1
    assert np.abs(points - PATH[1]).sum(axis=1).min() < 1e-9  # the corner is among them


def test_flat_ground_climbs_and_lands_once(tmp_path: Path) -> None:
    terrain = terrain_of(ridge(0.0), tmp_path)
    flight = plan_profile(PATH, terrain, height_m_agl=100.0, climb_slope=0.2, descent_slope=0.2)
    assert np.allclose(flight.flight_m_amsl, 120.0)
    assert (flight.climb_m, flight.descent_m) == (100.0, 100.0)
    assert flight.max_m_agl == 100.0


def test_ridge_is_climbed_in_time(tmp_path: Path) -> None:
    terrain = terrain_of(ridge(80.0), tmp_path)
    flight = plan_profile(PATH, terrain, height_m_agl=100.0, climb_slope=0.2, descent_slope=0.1)
    assert np.all(flight.flight_m_amsl >= flight.ground_m_amsl + 100.0 - 1e-9)
    slope = np.diff(flight.flight_m_amsl) / np.diff(flight.distance_m)
    assert slope.max() <= 0.2 + 1e-9
    assert slope.min() >= -0.1 - 1e-9
    # The crest lies between two pixel centres, 44.6 m from each: 80 * (1 - 44.6 / 200) = 62.16 m
    # up and down on top of 100 m of take-off and landing.
    assert flight.climb_m == pytest.approx(162.16, abs=0.01)
    assert flight.climb_m == pytest.approx(flight.descent_m)
    assert flight.max_ground_m_amsl == pytest.approx(flight.ground_m_amsl.max())
    # The ridge rises 0.4 m a metre, twice as steep as the climb: the flight is high before it.
    assert flight.max_m_agl > 130.0


def test_mast_and_line_lift_the_flight(tmp_path: Path) -> None:
    terrain = terrain_of(ridge(0.0), tmp_path)
    near = Obstacle("mast", "塔", "Mast", ((119.95, 36.8505),), 110.0)  # 55 m north of the path
    line = Obstacle("line", "线", "Line", ((119.96, 36.84), (119.96, 36.86)), 160.0, "AMSL")
    far = Obstacle("far", "远", "Far", ((119.95, 36.86),), 500.0)
    options = {"height_m_agl": 100.0, "climb_slope": 1.0, "descent_slope": 1.0}
    flight = plan_profile(
        PATH, terrain, obstacles=[near, line, far], lateral_m=60.0, vertical_m=15.0, **options
    )
    assert flight.raised_by == ("mast", "line")
    assert flight.flight_m_amsl.max() == pytest.approx(175.0)  # 160 + 15 over the line
    at_mast = np.abs(flight.lonlat[:, 0] - 119.95).argmin()
    assert flight.flight_m_amsl[at_mast] >= 20.0 + 110.0 + 15.0 - 1e-6
    just_outside = plan_profile(PATH, terrain, obstacles=[near], lateral_m=20.0, **options)
    assert just_outside.raised_by == ()


def test_ellipsoid_heights_need_a_geoid(tmp_path: Path) -> None:
    terrain = terrain_of(ridge(0.0), tmp_path)
    mast = Obstacle("mast", "塔", "Mast", ((119.95, 36.85),), 200.0, "W84")
    options = {"height_m_agl": 100.0, "climb_slope": 1.0, "descent_slope": 1.0}
    with pytest.raises(ValueError, match="geoid"):
        plan_profile(PATH, terrain, obstacles=[mast], **options)
    flight = plan_profile(PATH, terrain, obstacles=[mast], geoid=egm96_shandong(), **options)
    # The geoid is about 4.2 m above the ellipsoid there: 200 m W84 is 195.8 m above the sea.
    assert flight.flight_m_amsl.max() == pytest.approx(195.8, abs=0.5)


def test_path_off_the_dem_is_refused(tmp_path: Path) -> None:
    holes = ridge(0.0)
    holes[:, 60:] = -9999.0
    terrain = terrain_of(holes, tmp_path)
    with pytest.raises(TerrainError, match="no ground height"):
        plan_profile(PATH, terrain, height_m_agl=100.0, climb_slope=1.0, descent_slope=1.0)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(0, 300), min_size=100, max_size=100), st.floats(0.05, 2), st.floats(0.05, 2)
)
def test_flight_keeps_its_height_and_slopes(heights: list[float], up: float, down: float) -> None:
    terrain = Terrain(
        np.tile(heights, (100, 1)),
        (1 / STEP_DEG, 0.0, -WEST / STEP_DEG - 0.5, 0.0, -1 / STEP_DEG, NORTH / STEP_DEG - 0.5),
        "EPSG:4326",
    )
    flight = plan_profile(PATH, terrain, height_m_agl=60.0, climb_slope=up, descent_slope=down)
    assert np.all(flight.flight_m_amsl >= flight.ground_m_amsl + 60.0 - 1e-9)
    slope = np.diff(flight.flight_m_amsl) / np.diff(flight.distance_m)
    assert slope.max() <= up + 1e-6
    assert slope.min() >= -down - 1e-6
    balance = flight.climb_m - flight.descent_m
    assert balance == pytest.approx(flight.ground_m_amsl[-1] - flight.ground_m_amsl[0], abs=1e-6)
