"""Geodesy: known lengths, both directions of the plane, and the errors its docstring states."""

from __future__ import annotations

import numpy as np
import pytest

from geo.geodesy import WGS84, LocalPlane, measure_geodesics, measure_matrix, measure_path

CENTRE = LocalPlane(119.96, 36.78)


def rim_points(seed: int, radius_m: float, count: int = 2000) -> np.ndarray:
    angle = np.random.default_rng(seed).uniform(0, 2 * np.pi, count)
    return np.column_stack([np.cos(angle), np.sin(angle)]) * radius_m


def test_a_degree_of_the_equator_and_of_a_meridian() -> None:
    # Equator: pi / 180 * 6,378,137 = 111,319.491 m; the meridian from 0 to 1 N: 110,574.389 m.
    length_m, track_deg = measure_geodesics([(0, 0), (0, 0), (0, 1)], [(1, 0), (0, 1), (0, 0)])
    assert length_m == pytest.approx([111_319.491, 110_574.389, 110_574.389], abs=1e-3)
    assert track_deg == pytest.approx([90.0, 0.0, 180.0])


def test_matrix_is_symmetric_and_tracks_turn_round() -> None:
    length_m, track_deg = measure_matrix([(120.0, 36.8), (120.2, 36.9), (119.8, 36.6)])
    assert np.allclose(length_m, length_m.T, rtol=0, atol=1e-6)
    assert np.all(np.diag(length_m) == 0.0)
    assert np.abs(track_deg[0, 1] + 180.0 - track_deg[1, 0]) < 0.2


def test_path_segments_add_up() -> None:
    length_m, track_deg = measure_path([(120.0, 36.8), (120.1, 36.8), (120.1, 36.9)])
    assert len(length_m) == len(track_deg) == 2
    assert track_deg[1] == pytest.approx(0.0, abs=1e-9)


def test_plane_there_and_back() -> None:
    lonlat = np.random.default_rng(1).uniform([119.4, 36.2], [120.5, 37.3], (500, 2))
    assert np.abs(CENTRE.to_lonlat(CENTRE.to_plane(lonlat)) - lonlat).max() < 1e-11


def test_plane_lengths_across_100_km_are_within_the_stated_error() -> None:
    a, b = rim_points(1, 50_000.0), rim_points(2, 50_000.0)
    true_m = measure_geodesics(CENTRE.to_lonlat(a), CENTRE.to_lonlat(b))[0]
    error = (np.hypot(*(a - b).T) - true_m) / true_m
    assert error.min() > -1e-9
    assert 0.9e-5 < error.max() < 1.03e-5


def test_plane_lines_run_within_half_a_metre_of_the_geodesic() -> None:
    a, b = rim_points(3, 50_000.0), rim_points(4, 50_000.0)
    start = CENTRE.to_lonlat(a)
    length_m, track_deg = measure_geodesics(start, CENTRE.to_lonlat(b))
    along = (b - a) / np.hypot(*(b - a).T)[:, None]
    for share in np.linspace(0.1, 0.9, 9):
        lon, lat, _ = WGS84.fwd(start[:, 0], start[:, 1], track_deg, length_m * share)
        off = CENTRE.to_plane(np.column_stack([lon, lat])) - a
        assert np.abs(along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0]).max() < 0.5
