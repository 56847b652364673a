"""Flight profiles over a small synthetic DEM: as level as the tube of heights allows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.geodesy import measure_path
from geo.heights import egm96_shandong
from geo.profile import HeightLimits, Profiles, sample_path
from geo.terrain import Obstacle, Terrain, TerrainError
from tests.geo.test_terrain import NORTH, STEP_DEG, WEST, ridge, terrain_of

PATH = [(119.92, 36.85), (119.98, 36.85)]
LIMITS = HeightLimits(100.0, 120.0, 60.0, 15.0)
WIDE = HeightLimits(100.0, 400.0, 60.0, 15.0)


def test_samples_lie_on_the_path() -> None:
    distance_m, points = sample_path([*PATH, (119.98, 36.80)], 25.0)
    assert np.all(np.diff(distance_m) > 0)
    assert np.diff(distance_m).max() <= 25.0 + 1e-9
    assert distance_m[-1] == pytest.approx(measure_path([*PATH, (119.98, 36.80)])[0].sum())
    assert np.abs(points - PATH[1]).sum(axis=1).min() < 1e-9  # the corner is among them


def test_flat_ground_climbs_and_lands_once(tmp_path: Path) -> None:
    flight = Profiles(terrain_of(ridge(0.0), tmp_path), LIMITS).of(PATH)
    # 20 m of ground, 100 m above it and the metre to spare twice: two points, one level line.
    assert [height_m for _, height_m in flight.points] == [122.0, 122.0]
    assert (flight.climb_m, flight.descent_m) == (102.0, 102.0)
    assert flight.highest_m_agl == 102.0
    assert not flight.is_too_high


def test_a_gentle_rise_within_the_tube_is_flown_level(tmp_path: Path) -> None:
    flight = Profiles(terrain_of(ridge(8.0), tmp_path), LIMITS).of(PATH)
    # The crest lies between two pixel centres, 44.6 m from each: 8 x (1 - 44.6 / 200) = 6.2 m.
    assert flight.climb_m == pytest.approx(102.0 + 6.2, abs=1.0)
    assert flight.climb_m == pytest.approx(flight.descent_m)
    assert len(flight.points) <= 4


def test_a_ridge_is_climbed_and_left_behind(tmp_path: Path) -> None:
    flight = Profiles(terrain_of(ridge(80.0), tmp_path), WIDE).of(PATH)
    assert np.all(flight.flight_m_amsl() >= flight.ground_m_amsl + 100.0)
    # 80 x (1 - 44.6 / 200) = 62.2 m of ridge; the height once reached is kept to the end.
    assert flight.climb_m == pytest.approx(164.2, abs=6.0)
    assert flight.flight_m_amsl()[-1] == pytest.approx(flight.flight_m_amsl().max())
    steep = Profiles(terrain_of(ridge(80.0), tmp_path), LIMITS).of(PATH)
    # The ridge rises 0.4 m a metre: too steep for a tube of 20 m.
    assert steep.is_too_high
    assert steep.highest_m_agl < 150.0


def test_mast_and_line_lift_the_flight(tmp_path: Path) -> None:
    terrain = terrain_of(ridge(0.0), tmp_path)
    near = Obstacle("mast", "塔", "Mast", ((119.95, 36.8505),), 110.0)  # 55 m north of the path
    line = Obstacle("line", "线", "Line", ((119.96, 36.84), (119.96, 36.86)), 160.0, "AMSL")
    far = Obstacle("far", "远", "Far", ((119.95, 36.86),), 500.0)
    flight = Profiles(terrain, WIDE, [near, line, far]).of(PATH)
    assert flight.raised_by == ("mast", "line")
    assert flight.flight_m_amsl().max() == pytest.approx(177.0)  # 160 + 15 over the line + 2
    at_mast = np.abs(flight.lonlat[:, 0] - 119.95).argmin()
    assert flight.flight_m_amsl()[at_mast] >= 20.0 + 110.0 + 15.0
    assert Profiles(terrain, LIMITS, [near, line, far]).of(PATH).is_too_high
    low = replace(near, top_m=84.0)
    assert Profiles(terrain, LIMITS, [low]).of(PATH).raised_by == ()
    beside = replace(WIDE, obstacle_lateral_m=20.0)
    assert Profiles(terrain, beside, [near]).of(PATH).raised_by == ()


def test_ellipsoid_heights_need_a_geoid(tmp_path: Path) -> None:
    terrain = terrain_of(ridge(0.0), tmp_path)
    mast = Obstacle("mast", "塔", "Mast", ((119.95, 36.85),), 200.0, "W84")
    with pytest.raises(ValueError, match="geoid"):
        Profiles(terrain, WIDE, [mast])
    flight = Profiles(terrain, WIDE, [mast], egm96_shandong()).of(PATH)
    # The geoid is about 4.2 m above the ellipsoid there: 200 m W84 is 195.8 m above the sea.
    assert flight.flight_m_amsl().max() == pytest.approx(195.8 + 15.0 + 2.0, abs=0.6)


def test_path_off_the_dem_is_refused(tmp_path: Path) -> None:
    holes = ridge(0.0)
    holes[:, 60:] = -9999.0
    terrain = terrain_of(holes, tmp_path)
    with pytest.raises(TerrainError, match="no ground height"):
        Profiles(terrain, LIMITS).of(PATH)
    assert Profiles(terrain, LIMITS).highest_ground_m_amsl(*PATH) == np.inf


@settings(max_examples=40)
@given(st.lists(st.floats(0, 120), min_size=100, max_size=100))
def test_flight_keeps_to_its_tube_everywhere(heights: list[float]) -> None:
    terrain = Terrain(
        np.tile(np.cumsum(np.array(heights) - 60.0) / 10.0, (100, 1)),
        (1 / STEP_DEG, 0.0, -WEST / STEP_DEG - 0.5, 0.0, -1 / STEP_DEG, NORTH / STEP_DEG - 0.5),
        "EPSG:4326",
    )
    flight = Profiles(terrain, LIMITS).of(PATH)
    # Looked at much closer than it was laid.
    distance_m, points = sample_path(PATH, 3.0)
    above_m = np.interp(distance_m, *zip(*flight.points, strict=True)) - terrain.at(points)
    assert above_m.min() >= 100.0
    assert flight.is_too_high or above_m.max() <= 120.0
    balance = flight.climb_m - flight.descent_m
    assert balance == pytest.approx(flight.ground_m_amsl[-1] - flight.ground_m_amsl[0], abs=1e-6)
    ground = terrain.at(points).max()
    assert Profiles(terrain, LIMITS).highest_ground_m_amsl(*PATH) >= ground
