"""Shortest paths around zones beside extremitypathfinder, and at the size of a prefecture.

One command: ``python -m benchmarks.paths``. Prints a table and writes
``benchmarks/results/paths.csv``. Obstacles are synthetic: seeded star-shaped polygons, kept apart
for the peer, which cannot take overlapping ones. The peer is an optional package (the ``bench``
extra); without it its rows are left out and said to be.

Compared: the length of the shortest path of every pair of sites, in a flat plane, the same
polygons for both. Not compared: buffers, pads in buffers and geodesic lengths, which the peer
does not know; the large case includes them.
"""

from __future__ import annotations

import argparse
import csv
import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from geo.geodesy import FlatPlane, LocalPlane, LonLat
from geo.obstacles import Obstacles, merge
from geo.paths import plan_paths, search_table
from geo.pathsearch import PathSearch
from geo.pathtable import PathTable
from geo.zones import Zone

try:
    from extremitypathfinder import PolygonEnvironment
except ImportError:
    PolygonEnvironment = None

Floats = npt.NDArray[np.float64]
RESULTS = Path(__file__).parent / "results" / "paths.csv"
CENTRE = (119.96, 36.78)
HALF_M = 50_000.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    case: str
    program: str
    num_zones: int
    num_vertices: int
    num_sites: int
    pairs_reached: int
    seconds: float
    times_as_fast: float | None
    worst_relative_difference: float | None


def draw_polygons(num: int, num_vertices: int, seed: int, *, apart: bool) -> list[Floats]:
    """Star-shaped polygons [vertices, 2] in metres, counter-clockwise, from a seed."""
    rng = np.random.default_rng(seed)
    placed: list[Floats] = []
    while len(placed) < num:
        angle = (np.arange(num_vertices) + rng.uniform(0.1, 0.9, num_vertices)) / num_vertices
        radius = rng.uniform(800.0, 2_500.0) * rng.uniform(0.8, 1.0, num_vertices)
        ring = rng.uniform(-HALF_M, HALF_M, 2) + radius[:, None] * np.column_stack(
            [np.cos(2 * np.pi * angle), np.sin(2 * np.pi * angle)]
        )
        shape = shapely.Polygon(ring)
        if not apart or all(shape.distance(shapely.Polygon(p)) > 50.0 for p in placed):
            placed.append(ring)
    return placed


def draw_sites(num: int, polygons: Sequence[Floats], seed: int) -> Floats:
    """Sites outside the polygons, [num, 2]."""
    rng = np.random.default_rng(seed + 1_000)
    union = shapely.union_all([shapely.Polygon(ring) for ring in polygons])
    points = rng.uniform(-HALF_M, HALF_M, (20 * num, 2))
    return points[~shapely.intersects(union, shapely.points(points))][:num]


def plan_flat(polygons: Sequence[Floats], sites: Floats) -> PathTable:
    """Our table in the flat plane, without buffers."""
    shapes = tuple(shapely.Polygon(ring) for ring in polygons)
    ids = tuple(str(k) for k in range(len(shapes)))
    obstacles = Obstacles(merge(shapes), ids, shapes, shapes)
    pads: tuple[LonLat, ...] = tuple((x, y) for x, y in sites.tolist())
    return search_table(PathSearch(pads, FlatPlane(), obstacles))


def plan_with_peer(polygons: Sequence[Floats], sites: Floats) -> Floats:
    """The peer's lengths [from, to], the upper triangle filled."""
    frame = 2 * HALF_M * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    environment = PolygonEnvironment()
    environment.store(frame, [ring[::-1] for ring in polygons], validate=False)
    environment.prepare()
    length_m = np.zeros((len(sites), len(sites)))
    for i, j in combinations(range(len(sites)), 2):
        length_m[i, j] = environment.find_shortest_path(tuple(sites[i]), tuple(sites[j]))[1]
    return length_m


def race(num_zones: int, num_vertices: int, num_sites: int, seed: int) -> list[Row]:
    """Ours and the peer on the same polygons and sites."""
    polygons = draw_polygons(num_zones, num_vertices, seed, apart=True)
    sites = draw_sites(num_sites, polygons, seed)
    plan_flat(polygons, sites)  # compiled kernels are loaded once a process, not once a plan
    start = time.perf_counter()
    table = plan_flat(polygons, sites)
    ours_s = time.perf_counter() - start
    case = f"{num_zones}x{num_sites} seed {seed}"
    pairs = int(np.isfinite(table.length_m[np.triu_indices(num_sites, 1)]).sum())
    sizes = (num_zones, num_zones * num_vertices, num_sites, pairs)
    if PolygonEnvironment is None:
        return [Row(case, "magpie", *sizes, ours_s, None, None)]
    start = time.perf_counter()
    theirs_m = plan_with_peer(polygons, sites)
    theirs_s = time.perf_counter() - start
    upper = np.triu_indices(num_sites, 1)
    worst = float(np.abs(table.length_m[upper] / theirs_m[upper] - 1.0).max())
    return [
        Row(case, "magpie", *sizes, ours_s, theirs_s / ours_s, worst),
        Row(case, "extremitypathfinder", *sizes, theirs_s, None, None),
    ]


def plan_large(num_zones: int, num_vertices: int, num_sites: int, seed: int) -> list[Row]:
    """A prefecture with buffers on the ellipsoid: cold, then from the cache on disk."""
    plane = LocalPlane(*CENTRE)
    polygons = draw_polygons(num_zones, num_vertices, seed, apart=False)
    sites = [(x, y) for x, y in plane.to_lonlat(draw_sites(num_sites, polygons, seed)).tolist()]
    zones = []
    for number, ring in enumerate(polygons):
        corners = plane.to_lonlat(ring).tolist()
        closed = tuple((x, y) for x, y in [*corners, corners[0]])
        zones.append(Zone(f"z{number}", f"z{number}", f"z{number}", "prohibited", ((closed,),)))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for program in ("magpie, cold", "magpie, kept"):
            start = time.perf_counter()
            table = plan_paths(
                sites, zones, height_m_agl=100.0, buffer_m=100.0, cache_dir=Path(folder)
            )
            seconds = time.perf_counter() - start
            pairs = int(np.isfinite(table.length_m[np.triu_indices(num_sites, 1)]).sum())
            sizes = (num_zones, num_zones * num_vertices, num_sites, pairs)
            case = f"{num_zones}x{num_sites} seed {seed}"
            rows.append(Row(case, program, *sizes, seconds, None, None))
    return rows


def main() -> None:
    """Run the cases, print the table, write the CSV."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3, help="seeds of the case with the peer")
    parser.add_argument("--small", action="store_true", help="leave the large case out")
    chosen = parser.parse_args()
    rows = [row for seed in range(1, chosen.seeds + 1) for row in race(25, 8, 40, seed)]
    if not chosen.small:
        rows += plan_large(200, 50, 1_000, seed=1)
    print(
        f"python {platform.python_version()}, numba {version('numba')}, "
        f"shapely {version('shapely')}, {platform.machine()}"
    )
    if PolygonEnvironment is None:
        print("extremitypathfinder is not installed (extra: bench); its rows are left out")
    else:
        print(f"extremitypathfinder {version('extremitypathfinder')}")
    print(f"{'case':16}{'program':22}{'vertices':>9}{'pairs':>9}{'s':>10}{'x':>8}  difference")
    for row in rows:
        faster = "" if row.times_as_fast is None else f"{row.times_as_fast:.0f}"
        worst = row.worst_relative_difference
        print(
            f"{row.case:16}{row.program:22}{row.num_vertices:9d}{row.pairs_reached:9d}"
            f"{row.seconds:10.3f}{faster:>8}  {'' if worst is None else f'{worst:.1e}'}"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(asdict(rows[0])))
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


if __name__ == "__main__":
    main()
