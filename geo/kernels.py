# mypy: disable-error-code="untyped-decorator, no-any-return"
"""Compiled kernels of plane geometry: segments against edges, tangents, Dijkstra.

Owns the loops that numba compiles, on bare arrays. Does not know what the edges stand for; see
``geo.visibility``. All kernels release the interpreter lock.
"""

from __future__ import annotations

import numba as nb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

Grid = tuple[Floats, Floats, float, int, int, Ints, Ints]
"""Edges, origin, cell size, columns, rows, and the edges of each cell as compressed rows."""
Near = tuple[Ints, Ints, Bools]
"""The zones near each disc, compressed rows, and whether the disc opens them."""
Outlines = tuple[Ints, Floats, Ints, Floats]
"""Edges with and without buffer, zone by zone, compressed rows."""


@nb.njit(cache=True)
def file_by_cells(
    edges: Floats, origin: Floats, cell_m: float, columns: int, rows: int
) -> tuple[Ints, Ints]:
    """The cells each edge's box touches: for each cell the edges filed, compressed rows."""
    count = np.zeros(columns * rows + 1, dtype=np.int64)
    first = count
    filed = np.empty(0, dtype=np.int64)
    fill = count
    for step in range(2):
        if step == 1:
            first = np.cumsum(count)
            filed = np.empty(first[-1], dtype=np.int64)
            fill = first[:-1].copy()
        for e in range(len(edges)):
            x0 = int((min(edges[e, 0], edges[e, 2]) - origin[0]) / cell_m)
            x1 = int((max(edges[e, 0], edges[e, 2]) - origin[0]) / cell_m)
            y0 = int((min(edges[e, 1], edges[e, 3]) - origin[1]) / cell_m)
            y1 = int((max(edges[e, 1], edges[e, 3]) - origin[1]) / cell_m)
            for y in range(y0, y1 + 1):
                for x in range(x0, x1 + 1):
                    if step == 0:
                        count[y * columns + x + 1] += 1
                    else:
                        filed[fill[y * columns + x]] = e
                        fill[y * columns + x] += 1
    return first, filed


@nb.njit(cache=True, nogil=True)
def are_inside(xy: Floats, edges: Floats) -> Bools:
    """Whether points [n, 2] lie inside the rings of edges [m, 4] (even-odd rule)."""
    inside = np.zeros(len(xy), dtype=np.bool_)
    for k in range(len(xy)):
        x, y = xy[k, 0], xy[k, 1]
        odd = False
        for e in range(len(edges)):
            if (edges[e, 1] > y) != (edges[e, 3] > y):
                cut = edges[e, 0] + (y - edges[e, 1]) * (edges[e, 2] - edges[e, 0]) / (
                    edges[e, 3] - edges[e, 1]
                )
                if cut > x:
                    odd = not odd
        inside[k] = odd
    return inside


@nb.njit(cache=True, nogil=True, inline="always")
def _cross(ax: float, ay: float, bx: float, by: float, cx: float, cy: float) -> float:
    return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)


@nb.njit(cache=True, nogil=True)
def _meets_edge(
    ax: float, ay: float, bx: float, by: float, cx: float, cy: float, dx: float, dy: float
) -> bool:
    """Whether closed segments a-b and c-d meet."""
    if max(ax, bx) < min(cx, dx) or max(cx, dx) < min(ax, bx):
        return False
    if max(ay, by) < min(cy, dy) or max(cy, dy) < min(ay, by):
        return False
    side_c, side_d = _cross(ax, ay, bx, by, cx, cy), _cross(ax, ay, bx, by, dx, dy)
    if (side_c > 0.0 and side_d > 0.0) or (side_c < 0.0 and side_d < 0.0):
        return False
    side_a, side_b = _cross(cx, cy, dx, dy, ax, ay), _cross(cx, cy, dx, dy, bx, by)
    return not ((side_a > 0.0 and side_b > 0.0) or (side_a < 0.0 and side_b < 0.0))


@nb.njit(cache=True, nogil=True)
def _meets_any(ax: float, ay: float, bx: float, by: float, grid: Grid) -> bool:
    """Whether a segment meets a filed edge: a walk over the columns of cells it passes."""
    edges, origin, cell_m, columns, rows, first, filed = grid
    if len(edges) == 0:
        return False
    # Left to right in the longer direction's cells; each column's span of rows is widened by a
    # hair, so that a segment along a cell border looks on both sides.
    if ax > bx:
        ax, ay, bx, by = bx, by, ax, ay
    hair = 1e-6 * cell_m
    c0 = max(0, int(np.floor((ax - hair - origin[0]) / cell_m)))
    c1 = min(columns - 1, int(np.floor((bx + hair - origin[0]) / cell_m)))
    slope = (by - ay) / (bx - ax) if bx > ax else 0.0
    for c in range(c0, c1 + 1):
        if bx - ax > hair:
            left = max(ax, origin[0] + c * cell_m - hair)
            right = min(bx, origin[0] + (c + 1) * cell_m + hair)
            y_left, y_right = ay + slope * (left - ax), ay + slope * (right - ax)
        else:
            y_left, y_right = ay, by
        r0 = int(np.floor((min(y_left, y_right) - hair - origin[1]) / cell_m))
        r1 = int(np.floor((max(y_left, y_right) + hair - origin[1]) / cell_m))
        for r in range(max(0, r0), min(rows - 1, r1) + 1):
            cell = r * columns + c
            for k in range(first[cell], first[cell + 1]):
                e = filed[k]
                if _meets_edge(ax, ay, bx, by, edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]):
                    return True
    return False


@nb.njit(cache=True, nogil=True)
def _inside_one(x: float, y: float, edges: Floats) -> bool:
    point = np.empty((1, 2))
    point[0, 0], point[0, 1] = x, y
    return are_inside(point, edges)[0]


@nb.njit(cache=True, nogil=True)
def _disc_span(ax: float, ay: float, bx: float, by: float, disc: Floats) -> tuple[float, float]:
    """The part (t0, t1) of a segment inside a disc; t0 > t1 when none is."""
    ux, uy, wx, wy = bx - ax, by - ay, ax - disc[0], ay - disc[1]
    a, b, c = ux * ux + uy * uy, ux * wx + uy * wy, wx * wx + wy * wy - disc[2] * disc[2]
    if a == 0.0:
        return (0.0, 1.0) if c <= 0.0 else (2.0, -1.0)
    root = b * b - a * c
    if root <= 0.0:
        return 2.0, -1.0
    root = np.sqrt(root)
    return max(0.0, (-b - root) / a), min(1.0, (-b + root) / a)


@nb.njit(cache=True, nogil=True)
def _is_clear_outside(
    ax: float, ay: float, bx: float, by: float, t0: float, t1: float, soft: Grid
) -> bool:
    """Whether the part (t0, t1) of a segment, outside all discs, keeps out of the soft edges."""
    if t1 - t0 <= 1e-12:
        return True
    px, py = ax + t0 * (bx - ax), ay + t0 * (by - ay)
    qx, qy = ax + t1 * (bx - ax), ay + t1 * (by - ay)
    if _meets_any(px, py, qx, qy, soft):
        return False
    # A part that starts or ends at an end of the segment has that end in the open: no edge met
    # means it stays there. A part between two discs may lie inside whole.
    is_between = t0 > 0.0 and t1 < 1.0
    return not (is_between and _inside_one((px + qx) / 2.0, (py + qy) / 2.0, soft[0]))


@nb.njit(cache=True, nogil=True)
def _meets_outline(
    ax: float,
    ay: float,
    bx: float,
    by: float,
    t0: float,
    t1: float,
    first: int,
    last: int,
    edges: Floats,
) -> bool:
    """Whether the part (t0, t1) of a segment meets any of some edges."""
    if t1 - t0 <= 1e-12:
        return False
    px, py = ax + t0 * (bx - ax), ay + t0 * (by - ay)
    qx, qy = ax + t1 * (bx - ax), ay + t1 * (by - ay)
    for e in range(first, last):
        if _meets_edge(px, py, qx, qy, edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]):
            return True
    return False


@nb.njit(cache=True, nogil=True)
def _opens(disc: int, zone: int, near: Near) -> bool:
    """Whether a disc opens a zone's buffer."""
    first, zones, is_open = near
    if disc < 0:
        return False
    for k in range(first[disc], first[disc + 1]):
        if zones[k] == zone:
            return is_open[k]
    return False


@nb.njit(cache=True, nogil=True)
def _is_clear_within(
    ax: float,
    ay: float,
    bx: float,
    by: float,
    t0: float,
    t1: float,
    disc: int,
    other: int,
    u0: float,
    u1: float,
    near: Near,
    outlines: Outlines,
) -> bool:
    """Whether the part (t0, t1) within a disc keeps out of the zones near it.

    What the other end's disc opens in its span (u0, u1) is open there too.
    """
    first, zones, is_open = near
    soft_first, soft, hard_first, hard = outlines
    for k in range(first[disc], first[disc + 1]):
        zone = zones[k]
        if _meets_outline(ax, ay, bx, by, t0, t1, hard_first[zone], hard_first[zone + 1], hard):
            return False
        if is_open[k]:
            continue
        s0, s1 = soft_first[zone], soft_first[zone + 1]
        if u0 <= u1 and _opens(other, zone, near):
            # A disc's span starts or ends with the segment, so one part at most is left.
            if _meets_outline(ax, ay, bx, by, t0, min(t1, u0), s0, s1, soft):
                return False
            if _meets_outline(ax, ay, bx, by, max(t0, u1), t1, s0, s1, soft):
                return False
        elif _meets_outline(ax, ay, bx, by, t0, t1, s0, s1, soft):
            return False
    return True


@nb.njit(cache=True, nogil=True)
def see_pairwise(
    a_xy: Floats,
    b_xy: Floats,
    disc_idx: Ints,
    discs: Floats,
    near: Near,
    outlines: Outlines,
    grid: Grid,
) -> Bools:
    """Whether segments a-b are clear, each with the discs (or -1) of its two ends."""
    clear = np.zeros(len(a_xy), dtype=np.bool_)
    for k in range(len(a_xy)):
        ax, ay, bx, by = a_xy[k, 0], a_xy[k, 1], b_xy[k, 0], b_xy[k, 1]
        p, q = disc_idx[k, 0], disc_idx[k, 1]
        if p < 0 and q < 0:
            clear[k] = not _meets_any(ax, ay, bx, by, grid)
            continue
        # The disc of a holds the segment's start, the disc of b its end.
        p0, p1, q0, q1 = 2.0, -1.0, 2.0, -1.0
        start, stop = 0.0, 1.0
        if p >= 0:
            p0, p1 = _disc_span(ax, ay, bx, by, discs[p])
            start = max(start, p1)
        if q >= 0:
            q0, q1 = _disc_span(ax, ay, bx, by, discs[q])
            stop = min(stop, q0)
        ok = _is_clear_outside(ax, ay, bx, by, start, stop, grid)
        if ok and p >= 0:
            ok = _is_clear_within(ax, ay, bx, by, p0, p1, p, q, q0, q1, near, outlines)
        if ok and q >= 0:
            ok = _is_clear_within(ax, ay, bx, by, q0, q1, q, p, p0, p1, near, outlines)
        clear[k] = ok
    return clear


@nb.njit(cache=True, nogil=True, inline="always")
def _is_tangent(dx: float, dy: float, at: Floats, before: Floats, after: Floats) -> bool:
    """Whether a line of direction d through a corner leaves both neighbours on one side."""
    px, py, qx, qy = before[0] - at[0], before[1] - at[1], after[0] - at[0], after[1] - at[1]
    side_p, side_q = dx * py - dy * px, dx * qy - dy * qx
    # Lenient: a line along the edge counts, rounding included; one pair too many costs nothing.
    reach = 1e-9 * (abs(dx) + abs(dy))
    slack_p = reach * (1.0 + abs(px) + abs(py))
    slack_q = reach * (1.0 + abs(qx) + abs(qy))
    return (side_p >= -slack_p and side_q >= -slack_q) or (side_p <= slack_p and side_q <= slack_q)


@nb.njit(cache=True, nogil=True)
def pair_tangents(start: int, stop: int, xy: Floats, before: Floats, after: Floats) -> Ints:
    """Pairs u < v of corners, u in start..stop, whose line is tangent at both."""
    num = len(xy)
    pairs = np.empty((0, 2), dtype=np.int64)
    for step in range(2):
        count = 0
        for u in range(start, stop):
            for v in range(u + 1, num):
                dx, dy = xy[v, 0] - xy[u, 0], xy[v, 1] - xy[u, 1]
                if _is_tangent(dx, dy, xy[u], before[u], after[u]) and _is_tangent(
                    dx, dy, xy[v], before[v], after[v]
                ):
                    if step == 1:
                        pairs[count, 0], pairs[count, 1] = u, v
                    count += 1
        if step == 0:
            pairs = np.empty((count, 2), dtype=np.int64)
    return pairs


@nb.njit(cache=True, nogil=True)
def draw_tangents(
    start: int, stop: int, points: Floats, xy: Floats, before: Floats, after: Floats
) -> Ints:
    """Pairs (point in start..stop, corner) whose line is tangent at the corner."""
    num = len(xy)
    pairs = np.empty((0, 2), dtype=np.int64)
    for step in range(2):
        count = 0
        for s in range(start, stop):
            for v in range(num):
                dx, dy = xy[v, 0] - points[s, 0], xy[v, 1] - points[s, 1]
                if _is_tangent(dx, dy, xy[v], before[v], after[v]):
                    if step == 1:
                        pairs[count, 0], pairs[count, 1] = s, v
                    count += 1
        if step == 0:
            pairs = np.empty((count, 2), dtype=np.int64)
    return pairs


@nb.njit(cache=True, nogil=True)
def search_from_sources(
    start: int,
    stop: int,
    first: Ints,
    to: Ints,
    length_m: Floats,
    source_first: Ints,
    source_to: Ints,
    source_m: Floats,
) -> tuple[Floats, npt.NDArray[np.int32]]:
    """Dijkstra from each source in start..stop: lengths and the corner before, [s, n]."""
    num = len(first) - 1
    best = np.full((stop - start, num), np.inf)
    came = np.full((stop - start, num), -1, dtype=np.int32)
    keys = np.empty(len(to) + num + 1)
    nodes = np.empty(len(to) + num + 1, dtype=np.int64)
    for s in range(start, stop):
        reached, before = best[s - start], came[s - start]
        size = 0
        for k in range(source_first[s], source_first[s + 1]):
            if source_m[k] < reached[source_to[k]]:
                reached[source_to[k]] = source_m[k]
                size = _push(keys, nodes, size, source_m[k], source_to[k])
        while size > 0:
            key, node = keys[0], nodes[0]
            size = _pop(keys, nodes, size)
            if key > reached[node]:
                continue
            for k in range(first[node], first[node + 1]):
                there = key + length_m[k]
                if there < reached[to[k]]:
                    reached[to[k]] = there
                    before[to[k]] = node
                    size = _push(keys, nodes, size, there, to[k])
    return best, came


@nb.njit(cache=True, nogil=True)
def _push(keys: Floats, nodes: Ints, size: int, key: float, node: int) -> int:
    k = size
    while k > 0:
        up = (k - 1) // 2
        if keys[up] <= key:
            break
        keys[k], nodes[k] = keys[up], nodes[up]
        k = up
    keys[k], nodes[k] = key, node
    return size + 1


@nb.njit(cache=True, nogil=True)
def _pop(keys: Floats, nodes: Ints, size: int) -> int:
    size -= 1
    key, node = keys[size], nodes[size]
    k = 0
    while True:
        down = 2 * k + 1
        if down >= size:
            break
        if down + 1 < size and keys[down + 1] < keys[down]:
            down += 1
        if keys[down] >= key:
            break
        keys[k], nodes[k] = keys[down], nodes[down]
        k = down
    keys[k], nodes[k] = key, node
    return size
