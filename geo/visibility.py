"""Which points of the plane see each other past polygons, and shortest ways between them.

Owns the grid of edges, the corners paths turn at and the threads the kernels run in. Does not
know zones, degrees or drones. Polygons come with the obstacle on the left of their rings;
turning points lie a hair outside their polygon, so that no test hangs on equality.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from shapely.geometry import Polygon

from geo import kernels

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

Part = TypeVar("Part")

HAIR_M = 1e-4
"""How far outside its polygon a turning point lies."""
NUM_THREADS = 2
THREADS_FROM = 2_000_000
"""Elementary steps, about 10 ns each, from which on threads gain more than they cost."""
STEPS_TO_SEE = 60
"""Elementary steps of one line of sight past a county's zones."""


@dataclass(frozen=True, slots=True)
class EdgeGrid:
    """Polygon edges [m, 4] (x1, y1, x2, y2) filed by the grid cells their boxes touch."""

    edges: Floats
    origin: Floats
    cell_m: float
    columns: int
    rows: int
    first: Ints
    filed: Ints


@dataclass(frozen=True, slots=True)
class Corners:
    """Corners a taut path may turn at, [n, 2] each: the point, the one before and after it."""

    xy: Floats
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True)
class Openings:
    """Discs in which some zones count only as their hard outline.

    Attributes:
        discs: centre and radius [k, 3].
        first, zone, is_open: the zones near each disc, compressed rows, and whether the disc
            opens their buffer.
        soft_first, soft, hard_first, hard: edges zone by zone, compressed rows.
    """

    discs: Floats
    first: Ints
    zone: Ints
    is_open: npt.NDArray[np.bool_]
    soft_first: Ints
    soft: Floats
    hard_first: Ints
    hard: Floats


def no_openings() -> Openings:
    """No disc at all."""
    none = np.zeros(1, dtype=np.int64)
    empty = np.zeros((0, 4))
    return Openings(
        np.zeros((0, 3)), none, none[:0], np.zeros(0, dtype=np.bool_), none, empty, none, empty
    )


def ring_edges(polygons: Sequence[Polygon]) -> Floats:
    """All edges of polygons [m, 4] (x1, y1, x2, y2)."""
    rings = [np.asarray(r.coords)[:, :2] for p in polygons for r in (p.exterior, *p.interiors)]
    return np.vstack([np.zeros((0, 4)), *(np.hstack([r[:-1], r[1:]]) for r in rings)])


def file_edges(polygons: Sequence[Polygon]) -> EdgeGrid:
    """A grid of about one cell an edge over the polygons' box."""
    edges = ring_edges(polygons)
    if len(edges) == 0:
        empty = np.zeros(2, dtype=np.int64)
        return EdgeGrid(np.zeros((0, 4)), np.zeros(2), 1.0, 1, 1, empty, empty[:0])
    low = np.minimum(edges[:, :2], edges[:, 2:]).min(axis=0) - 1.0
    high = np.maximum(edges[:, :2], edges[:, 2:]).max(axis=0) + 1.0
    cell_m = float(np.sqrt(np.prod(high - low) / max(1, min(len(edges), 1_000_000))))
    columns, rows = (np.floor((high - low) / cell_m).astype(int) + 1).tolist()
    first, filed = kernels.file_by_cells(edges, low, cell_m, columns, rows)
    return EdgeGrid(edges, low, cell_m, columns, rows, first, filed)


def find_corners(polygons: Sequence[Polygon]) -> Corners:
    """The polygons' convex corners, moved ``HAIR_M`` outward, with their ring neighbours."""
    found: list[tuple[Floats, Floats, Floats]] = []
    for polygon in polygons:
        for ring in (polygon.exterior, *polygon.interiors):
            at = np.asarray(ring.coords)[:-1, :2]
            ahead = np.roll(at, -1, axis=0) - at
            ahead /= np.hypot(ahead[:, 0], ahead[:, 1])[:, None]
            behind = np.roll(ahead, 1, axis=0)
            turn = behind[:, 0] * ahead[:, 1] - behind[:, 1] * ahead[:, 0]
            straight = 1.0 + (behind * ahead).sum(axis=1)
            normal = behind + ahead
            outward = np.column_stack([normal[:, 1], -normal[:, 0]])
            moved = at + outward * (HAIR_M / np.maximum(straight, 0.02))[:, None]
            keep = turn > 1e-12
            before, after = np.roll(moved, 1, axis=0), np.roll(moved, -1, axis=0)
            found.append((moved[keep], before[keep], after[keep]))
    if not found:
        return Corners(np.zeros((0, 2)), np.zeros((0, 2)), np.zeros((0, 2)))
    xy, before, after = (np.vstack([f[k] for f in found]) for k in range(3))
    inside = contains(file_edges(polygons), xy)
    return Corners(xy[~inside], before[~inside], after[~inside])


def join_corners(corners: Corners, more: Corners, grid: EdgeGrid) -> Corners:
    """Two sets of corners as one, without those of the second inside a grid's polygons."""
    outside = ~contains(grid, more.xy)
    return Corners(
        np.vstack([corners.xy, more.xy[outside]]),
        np.vstack([corners.before, more.before[outside]]),
        np.vstack([corners.after, more.after[outside]]),
    )


def contains(grid: EdgeGrid, xy: Floats) -> npt.NDArray[np.bool_]:
    """Whether points lie inside the polygons a grid was filed from."""
    return np.asarray(kernels.are_inside(np.ascontiguousarray(xy), grid.edges), dtype=np.bool_)


def link_corners(corners: Corners, grid: EdgeGrid) -> tuple[Ints, Ints]:
    """Pairs of corners that see each other along a common tangent, each pair once."""
    num = len(corners.xy)

    def candidates(start: int, stop: int) -> Ints:
        return np.asarray(
            kernels.pair_tangents(start, stop, corners.xy, corners.before, corners.after)
        )

    pairs = np.vstack([np.zeros((0, 2), dtype=np.int64), *_spread(candidates, num, num)])
    no_discs = np.full((len(pairs), 2), -1)
    clear = see_each_other(
        corners.xy[pairs[:, 0]], corners.xy[pairs[:, 1]], no_discs, no_openings(), grid
    )
    return pairs[clear, 0], pairs[clear, 1]


def tangents_from(points: Floats, corners: Corners) -> Ints:
    """Pairs (point, corner) whose line touches the corner's polygon without entering it there."""

    def candidates(start: int, stop: int) -> Ints:
        return np.asarray(
            kernels.draw_tangents(start, stop, points, corners.xy, corners.before, corners.after)
        )

    found = _spread(candidates, len(points), len(corners.xy))
    return np.vstack([np.zeros((0, 2), dtype=np.int64), *found])


def see_each_other(
    a_xy: Floats, b_xy: Floats, disc_idx: Ints, openings: Openings, soft: EdgeGrid
) -> npt.NDArray[np.bool_]:
    """Whether segments a-b keep out of the obstacles, but for what their discs open.

    Args:
        a_xy, b_xy: ends, [n, 2].
        disc_idx: the discs of a and of b, -1 for none, [n, 2].
        openings: the discs and the zones near them.
        soft: the edges of the merged obstacles.
    """
    grid = (soft.edges, soft.origin, soft.cell_m, soft.columns, soft.rows, soft.first, soft.filed)
    near = (openings.first, openings.zone, openings.is_open)
    outlines = (openings.soft_first, openings.soft, openings.hard_first, openings.hard)

    def part(start: int, stop: int) -> npt.NDArray[np.bool_]:
        span = slice(start, stop)
        seen = kernels.see_pairwise(
            a_xy[span], b_xy[span], disc_idx[span], openings.discs, near, outlines, grid
        )
        return np.asarray(seen, dtype=np.bool_)

    found = _spread(part, len(a_xy), STEPS_TO_SEE)
    return np.concatenate([np.zeros(0, dtype=np.bool_), *found])


def search_ways(
    first: Ints, to: Ints, length_m: Floats, source_first: Ints, source_to: Ints, source_m: Floats
) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Shortest ways from sources to every corner.

    Args:
        first, to, length_m: the corner graph, compressed rows.
        source_first, source_to, source_m: where each source enters it, compressed rows.

    Returns:
        Lengths [sources, corners] (inf where none) and the corner before, -1 for the source.
    """

    def part(start: int, stop: int) -> tuple[Floats, npt.NDArray[np.int32]]:
        found: tuple[Floats, npt.NDArray[np.int32]] = kernels.search_from_sources(
            start, stop, first, to, length_m, source_first, source_to, source_m
        )
        return found

    parts = _spread(part, len(source_first) - 1, len(to))
    if not parts:
        return np.zeros((0, len(first) - 1)), np.zeros((0, len(first) - 1), dtype=np.int32)
    return np.vstack([p[0] for p in parts]), np.vstack([p[1] for p in parts])


def _spread(work: Callable[[int, int], Part], count: int, steps: int) -> list[Part]:
    """Work on 0..count, much of it in threads (the kernels release the lock), results in order.

    Args:
        steps: elementary steps of each of them, roughly.
    """
    if count == 0:
        return []
    # A worker process has one core: its siblings work on the others.
    is_worker = multiprocessing.parent_process() is not None
    if is_worker or count * steps < THREADS_FROM:
        return [work(0, count)]
    num_spans = min(count, 16 * NUM_THREADS)
    bounds = np.linspace(0, count, num_spans + 1).astype(int).tolist()
    with ThreadPoolExecutor(NUM_THREADS) as pool:
        return list(pool.map(work, bounds[:-1], bounds[1:]))
