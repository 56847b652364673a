"""The search against brute force: every pair of corners tried by shapely, then Dijkstra."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Polygon

from geo import visibility
from geo.geodesy import FlatPlane
from geo.obstacles import Obstacles, enlarge, merge
from geo.paths import search_table
from geo.pathsearch import PathSearch
from geo.pathtable import PathTable


def star(rng: np.random.Generator, size_m: float) -> Polygon:
    num = int(rng.integers(3, 9))
    turn = np.linspace(0, 2 * np.pi, num, endpoint=False)
    radius = size_m * rng.uniform(0.2, 1.0, num)
    centre = rng.uniform(-5000, 5000, 2)
    return Polygon(centre + radius[:, None] * np.column_stack([np.cos(turn), np.sin(turn)]))


def brute_force(sites: np.ndarray, shapes: list[Polygon]) -> np.ndarray:
    """Lengths between all sites over all corners, each line tried against the union."""
    union = shapely.union_all(shapes)
    inner = union.buffer(-1e-6)  # a line may touch
    corners = shapely.get_coordinates(union)
    points = np.vstack([sites, corners])
    rows, columns, lengths = [], [], []
    shapely.prepare(inner)
    for a, b in combinations(range(len(points)), 2):
        if not inner.intersects(LineString([points[a], points[b]])):
            rows.append(a)
            columns.append(b)
            lengths.append(max(np.hypot(*(points[a] - points[b])), 1e-12))
    graph = csr_array((lengths, (rows, columns)), shape=(len(points), len(points)))
    reached = dijkstra(graph, directed=False, indices=np.arange(len(sites)))
    return np.asarray(reached[:, : len(sites)])


@pytest.mark.parametrize("seed", range(12))
def test_lengths_equal_brute_force(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 2:
        monkeypatch.setattr(visibility, "THREADS_FROM", 0)
    rng = np.random.default_rng(seed)
    shapes = [star(rng, 2500.0) for _ in range(7)]
    sites = rng.uniform(-7000, 7000, (40, 2))
    sites = sites[~shapely.intersects(shapely.union_all(shapes), shapely.points(sites))][:12]
    obstacles = Obstacles(merge(shapes), tuple("abcdefg"), tuple(shapes), tuple(shapes))
    pads = tuple((x, y) for x, y in sites.tolist())
    table = search_table(PathSearch(pads, FlatPlane(), obstacles))
    expected = brute_force(sites, list(obstacles.soft))
    np.fill_diagonal(expected, 0.0)
    assert np.array_equal(np.isfinite(table.length_m), np.isfinite(expected))
    finite = np.isfinite(expected)
    assert np.allclose(table.length_m[finite], expected[finite], rtol=1e-6, atol=1e-3)


@pytest.mark.parametrize("seed", range(20))
def test_an_obstacle_holds_the_true_buffer(seed: int) -> None:
    """Mitred corners are over-approximated: 256 chords a quarter turn all lie inside."""
    rng = np.random.default_rng(seed)
    shape = star(rng, float(rng.uniform(20, 3000)))
    true_buffer = shape.buffer(200.0, quad_segs=256)
    obstacle = enlarge(shape, 200.0)
    assert true_buffer.difference(obstacle).area < 1e-6
    # Even the sharpest corner stays within twice the buffer.
    assert obstacle.difference(shape.buffer(400.0)).area == 0.0


def test_a_footprint_of_very_many_corners_is_thinned_outward() -> None:
    turn = np.linspace(0, 2 * np.pi, 5000, endpoint=False)
    radius = 3000.0 + 200.0 * np.sin(9 * turn) + 0.5 * np.sin(500 * turn)
    coast = Polygon(radius[:, None] * np.column_stack([np.cos(turn), np.sin(turn)]))
    obstacle = enlarge(coast, 200.0)
    assert shapely.get_num_coordinates(obstacle) < 400
    assert coast.buffer(200.0, quad_segs=64).difference(obstacle).area < 1e-6
    assert obstacle.difference(coast.buffer(230.0)).area == 0.0


def flat_table(sites: list[tuple[float, float]], shapes: list[Polygon]) -> PathTable:
    ids = tuple(str(k) for k in range(len(shapes)))
    obstacles = Obstacles(merge(shapes), ids, tuple(shapes), tuple(shapes))
    return search_table(PathSearch(tuple(sites), FlatPlane(), obstacles))


def test_zones_that_touch_leave_no_way_between() -> None:
    left, right = shapely.box(-1000, -500, 0, 500), shapely.box(0, -500, 1000, 500)
    table = flat_table([(0.0, -900.0), (0.0, 900.0)], [left, right])
    assert table.length_m[0, 1] == pytest.approx(2 * np.hypot(1000, 400) + 1000, abs=0.01)
    corner = shapely.box(1000, 500, 2000, 1500)  # touches in one point
    table = flat_table([(900.0, 600.0), (1100.0, 400.0)], [right, corner])
    assert table.length_m[0, 1] > 1000.0


def test_sites_in_odd_places() -> None:
    wall = shapely.box(0, 0, 1000, 1000)
    # Twice the same place, on an obstacle's corner's line, and none at all.
    table = flat_table([(-100.0, 0.0), (-100.0, 0.0), (1100.0, 0.0)], [wall])
    assert table.length_m[0, 1] == 0.0
    assert table.length_m[0, 2] == pytest.approx(1200.0, abs=0.01)
    assert flat_table([], [wall]).length_m.shape == (0, 0)
    assert flat_table([(5.0, 5.0)], []).path(0, 0) == ((5.0, 5.0),)


def test_a_slit_narrower_than_nothing_is_closed_and_a_real_one_open() -> None:
    for gap_m, is_open in ((0.0, False), (0.01, True)):
        walls = [shapely.box(-100, gap_m, 100, 9000), shapely.box(-100, -9000, 100, 0)]
        table = flat_table([(-500.0, 0.005), (500.0, 0.005)], walls)
        assert (table.length_m[0, 1] < 1001.0) == is_open


def test_threads_are_for_much_work_outside_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker's siblings work on the other cores."""

    def spans(count: int, steps: int) -> list[tuple[int, int]]:
        return visibility._spread(lambda start, stop: (start, stop), count, steps)

    assert spans(0, 1) == []
    assert spans(1000, 10) == [(0, 1000)]
    much = visibility.THREADS_FROM // 1000
    in_threads = spans(1000, much)
    assert len(in_threads) > 1
    assert [stop for _, stop in in_threads] == [*(start for start, _ in in_threads[1:]), 1000]
    monkeypatch.setattr(visibility.multiprocessing, "parent_process", object)
    assert spans(1000, much) == [(0, 1000)]
