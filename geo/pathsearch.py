"""The search behind a path table: ports of the sites, the corner graph, ways over it.

Owns how sites enter and leave the corner graph, also out of a buffer. Does not know degrees'
datums, drones or times.
"""

from __future__ import annotations

from collections.abc import Sequence, Sized
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from geo.geodesy import Floats, LonLat, Plane
from geo.groundrisk import RiskMap
from geo.obstacles import MITRE_LIMIT, Obstacles, merge
from geo.visibility import (
    HAIR_M,
    Ints,
    Openings,
    contains,
    file_edges,
    find_corners,
    join_corners,
    link_corners,
    ring_edges,
    search_ways,
    see_each_other,
    tangents_from,
)

PAD_CLEARANCE_M = 500.0
"""Within this of a pad that lies in a zone's buffer the buffer is not counted (rule R9)."""
_DISC_M = PAD_CLEARANCE_M - 1.0
"""The same in the plane, short of it by more than the plane's error."""
DIRECT = -1
NO_PATH = -2


@dataclass(frozen=True, slots=True)
class Ports:
    """Points where paths leave their site: the site itself, or turns within its disc.

    Attributes:
        xy, lonlat: [n, 2]; the first ones are the sites.
        site: the site of each; site_m: way from the site to it.
        disc: the disc of the site, -1 for none.
        before: the port before it on the way from the site, -1 for the site.
    """

    xy: Floats
    lonlat: Floats
    site: Ints
    site_m: Floats
    disc: Ints
    before: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Ways:
    """The best ways found so far, [from, to], filled for from < to; see ``PathTable``."""

    length_m: Floats
    last_corner: npt.NDArray[np.int32]
    leave_port: npt.NDArray[np.int32]
    arrive_port: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Entries:
    """Where each site sees corners, sorted by site: compressed rows ``first``, one a corner."""

    first: Ints
    site: Ints
    corner: Ints
    length_m: Floats
    port: Ints


class PathSearch:
    """One network among one set of obstacles."""

    def __init__(
        self,
        sites: tuple[LonLat, ...],
        plane: Plane,
        obstacles: Obstacles,
        risk: RiskMap | None = None,
    ) -> None:
        self.sites = sites
        self.plane = plane
        self.obstacles = obstacles
        self.risk = risk
        self.soft = file_edges(obstacles.soft)
        self.corners = find_corners(obstacles.soft)
        if risk is not None:
            around = find_corners([part for area in risk.shapes for part in _polygons(area)])
            self.corners = join_corners(self.corners, around, self.soft)
        self.corner_lonlat = plane.to_lonlat(self.corners.xy)
        site_xy = plane.to_plane(np.asarray(sites).reshape(-1, 2))
        self.is_cut_off = _touch(site_xy, (*obstacles.zone_hard, *obstacles.low_hard))
        has_disc = _touch(site_xy, obstacles.soft) & ~self.is_cut_off
        self.openings = _open_buffers(site_xy[has_disc], obstacles)
        disc_of_site = np.where(has_disc, np.cumsum(has_disc) - 1, -1)
        self.ports = self._open_ports(site_xy, disc_of_site)

    def _worth_m(self, a_xy: Floats, b_xy: Floats, a: Floats, b: Floats) -> Floats:
        """What lines are worth: their true length, and the price of the ground below them."""
        length_m = self.plane.length_m(a, b)
        return length_m if self.risk is None else length_m + self.risk.price_m(a_xy, b_xy)

    # -- ports --------------------------------------------------------------------------------

    def _open_ports(self, site_xy: Floats, disc_of_site: Ints) -> Ports:
        """The sites, and for a site in a buffer the turns it may take within its disc."""
        num = len(site_xy)
        xy = [site_xy]
        site = [np.arange(num)]
        site_m = [np.zeros(num)]
        before = [np.full(num, -1)]
        for owner in np.flatnonzero(disc_of_site >= 0).tolist():
            disc = int(disc_of_site[owner])
            turns = self._turns_in(disc)
            way_m, came = self._walk_disc(site_xy[owner], turns, disc)
            keep = np.flatnonzero(np.isfinite(way_m[1:]))
            # Port numbers: the site keeps its own, its turns follow all ports so far.
            number = np.full(len(turns) + 1, -1)
            number[0] = owner
            number[keep + 1] = sum(map(len, xy)) + np.arange(len(keep))
            xy.append(turns[keep])
            site.append(np.full(len(keep), owner))
            site_m.append(way_m[keep + 1])
            before.append(number[came[keep + 1]])
        all_xy, all_site = np.vstack(xy), np.concatenate(site)
        lonlat = self.plane.to_lonlat(all_xy)
        lonlat[:num] = np.asarray(self.sites).reshape(-1, 2)
        return Ports(
            xy=all_xy,
            lonlat=lonlat,
            site=all_site,
            site_m=np.concatenate(site_m),
            disc=disc_of_site[all_site],
            before=np.concatenate(before).astype(np.int32),
        )

    def _turns_in(self, disc: int) -> Floats:
        """Points within a disc where a path may turn.

        Corners of what counts there (opened zones without, others with their buffer), and the
        points where the disc's rim leaves a buffer: past it the buffer counts again.
        """
        near = slice(int(self.openings.first[disc]), int(self.openings.first[disc + 1]))
        zones, is_open = self.openings.zone[near].tolist(), self.openings.is_open[near].tolist()
        soft, hard = self.obstacles.zone_soft, self.obstacles.zone_hard
        counted = merge(
            [hard[k] if opened else soft[k] for k, opened in zip(zones, is_open, strict=True)]
        )
        x, y, radius = self.openings.discs[disc]
        centre = Point(x, y)
        rim = centre.buffer(radius - 1e-3, quad_segs=64).exterior
        outset = shapely.union_all([_outset(soft[k]) for k in zones])
        gates = shapely.get_coordinates(shapely.intersection(rim, outset.boundary))
        corners = find_corners(counted).xy
        near_enough = np.hypot(corners[:, 0] - x, corners[:, 1] - y) < radius
        found = np.vstack([corners[near_enough], gates])
        return found[~contains(file_edges(counted), found)]

    def _walk_disc(self, site_xy: Floats, turns: Floats, disc: int) -> tuple[Floats, Ints]:
        """Shortest ways from a site (0) to the turns (1..) within its disc."""
        xy = np.vstack([site_xy, turns])
        lonlat = self.plane.to_lonlat(xy)
        a, b = np.triu_indices(len(xy), 1)
        own = np.column_stack([np.full(len(a), disc), np.full(len(a), -1)])
        clear = see_each_other(xy[a], xy[b], own, self.openings, self.soft)
        a, b = a[clear], b[clear]
        step_m = self._worth_m(xy[a], xy[b], lonlat[a], lonlat[b])
        first, to, length_m = _compress(len(xy), a, b, step_m)
        start = (np.array([0, 1]), np.array([0]), np.array([0.0]))
        reach_m, came = search_ways(first, to, length_m, *start)
        return reach_m[0], came[0].astype(np.int64)

    # -- ways ---------------------------------------------------------------------------------

    def direct_ways(self) -> Ways:
        """Ways that pass no corner: straight lines between ports that see each other."""
        ports, num = self.ports, len(self.sites)
        open_ports = np.flatnonzero(~self.is_cut_off[ports.site])
        a, b = (open_ports[k] for k in np.triu_indices(len(open_ports), 1))
        swap = ports.site[a] > ports.site[b]
        a, b = np.where(swap, b, a), np.where(swap, a, b)
        apart = ports.site[a] != ports.site[b]
        a, b = a[apart], b[apart]
        discs = np.column_stack([ports.disc[a], ports.disc[b]])
        clear = see_each_other(ports.xy[a], ports.xy[b], discs, self.openings, self.soft)
        a, b = a[clear], b[clear]
        length_m = self._worth_m(ports.xy[a], ports.xy[b], ports.lonlat[a], ports.lonlat[b])
        length_m += ports.site_m[a] + ports.site_m[b]
        ways = Ways(
            np.full((num, num), np.inf),
            np.full((num, num), NO_PATH, dtype=np.int32),
            np.full((num, num), -1, dtype=np.int32),
            np.full((num, num), -1, dtype=np.int32),
        )
        order = np.argsort(-length_m, kind="stable")  # the shortest is written last
        at = (ports.site[a[order]], ports.site[b[order]])
        ways.length_m[at] = length_m[order]
        ways.last_corner[at] = DIRECT
        ways.leave_port[at], ways.arrive_port[at] = a[order], b[order]
        return ways

    def enter_corners(self) -> Entries:
        """The corners each site sees along a tangent, from its nearest port."""
        ports = self.ports
        pairs = tangents_from(ports.xy, self.corners)
        pairs = pairs[~self.is_cut_off[ports.site[pairs[:, 0]]]]
        port, corner = pairs[:, 0], pairs[:, 1]
        discs = np.column_stack([ports.disc[port], np.full(len(port), -1)])
        clear = see_each_other(
            ports.xy[port], self.corners.xy[corner], discs, self.openings, self.soft
        )
        port, corner = port[clear], corner[clear]
        length_m = self._worth_m(
            ports.xy[port], self.corners.xy[corner], ports.lonlat[port], self.corner_lonlat[corner]
        )
        length_m += ports.site_m[port]
        order = np.lexsort((length_m, corner, ports.site[port]))
        port, corner, length_m = port[order], corner[order], length_m[order]
        site = ports.site[port]
        is_best = np.ones(len(port), dtype=bool)
        is_best[1:] = (site[1:] != site[:-1]) | (corner[1:] != corner[:-1])
        site, corner = site[is_best], corner[is_best]
        first = np.searchsorted(site, np.arange(len(self.sites) + 1))
        return Entries(first, site, corner, length_m[is_best], port[is_best])

    def reach_corners(self, entries: Entries) -> tuple[Floats, npt.NDArray[np.int32]]:
        """Shortest ways from every site to every corner, see ``PathTable.corner_before``."""
        a, b = link_corners(self.corners, self.soft)
        length_m = self._worth_m(
            self.corners.xy[a], self.corners.xy[b], self.corner_lonlat[a], self.corner_lonlat[b]
        )
        graph = _compress(len(self.corners.xy), a, b, length_m)
        reach_m, came = search_ways(*graph, entries.first, entries.corner, entries.length_m)
        at = (entries.site, entries.corner)
        is_first = came[at] < 0
        came[at] = np.where(is_first, -2 - entries.port, came[at])
        return reach_m, came

    def go_over_corners(self, entries: Entries, reach_m: Floats, ways: Ways) -> None:
        """Put the ways over corners into the table where they are shorter than direct ones."""
        for j in range(1, len(self.sites)):
            own = slice(int(entries.first[j]), int(entries.first[j + 1]))
            corner = entries.corner[own]
            if len(corner) == 0:
                continue
            total_m = reach_m[:j, corner] + entries.length_m[own]
            best = total_m.argmin(axis=1)
            best_m = total_m[np.arange(j), best]
            shorter = np.flatnonzero(best_m < ways.length_m[:j, j])
            ways.length_m[shorter, j] = best_m[shorter]
            ways.last_corner[shorter, j] = corner[best[shorter]]
            ways.arrive_port[shorter, j] = entries.port[own][best[shorter]]

    # -- findings -----------------------------------------------------------------------------

    def name_cut_off(self) -> tuple[tuple[str, ...], ...]:
        """For each site the ids of the zones it lies in."""
        ids = (*self.obstacles.zone_ids, *self.obstacles.low_ids)
        hard = (*self.obstacles.zone_hard, *self.obstacles.low_hard)
        return tuple(
            tuple(ids[k] for k in range(len(ids)) if hard[k].intersects(Point(*xy)))
            if cut_off
            else ()
            for xy, cut_off in zip(self.ports.xy, self.is_cut_off, strict=False)
        )

    def name_enclosures(self) -> tuple[frozenset[tuple[int, int, tuple[str, ...]]], ...]:
        """For each site the merged obstacles around it and the zones that make them."""
        num = len(self.sites)
        points = shapely.points(self.ports.xy[:num])
        around: list[set[tuple[int, int, tuple[str, ...]]]] = [set() for _ in range(num)]
        for number, obstacle in enumerate(self.obstacles.soft):
            holes = [Polygon(ring) for ring in obstacle.interiors]
            for hole_number, area in enumerate((obstacle, *holes), start=-1):
                held = np.flatnonzero(shapely.intersects(area, points))
                if len(held) == 0:
                    continue
                ids = self._zones_touching(area)
                for site in held.tolist():
                    around[site].add((number, hole_number, ids))
        return tuple(frozenset(found) for found in around)

    def _zones_touching(self, area: Polygon) -> tuple[str, ...]:
        ids, soft = self.obstacles.zone_ids, self.obstacles.zone_soft
        return tuple(ids[k] for k in range(len(ids)) if shapely.dwithin(soft[k], area, 10 * HAIR_M))


def _touch(xy: Floats, polygons: Sequence[BaseGeometry]) -> npt.NDArray[np.bool_]:
    """Whether points lie in or on any of some polygons."""
    touched = np.zeros(len(xy), dtype=np.bool_)
    tree = shapely.STRtree(list(polygons))
    touched[tree.query(shapely.points(xy), predicate="intersects")[0]] = True
    return touched


def _open_buffers(pad_xy: Floats, obstacles: Obstacles) -> Openings:
    """A disc about every pad in a buffer, opening the buffers the pad lies in."""
    near: list[list[tuple[int, bool]]] = []
    for x, y in pad_xy:
        pad, reach = Point(x, y), _DISC_M + 1.0
        zones = np.flatnonzero(shapely.dwithin(list(obstacles.zone_soft), pad, reach)).tolist()
        near.append([(k, bool(obstacles.zone_soft[k].intersects(pad))) for k in zones])
    soft = [ring_edges(_polygons(zone)) for zone in obstacles.zone_soft]
    hard = [ring_edges(_polygons(zone)) for zone in obstacles.zone_hard]
    return Openings(
        discs=np.column_stack([pad_xy, np.full(len(pad_xy), _DISC_M)]),
        first=_starts(near),
        zone=np.array([zone for row in near for zone, _ in row], dtype=np.int64),
        is_open=np.array([is_open for row in near for _, is_open in row], dtype=np.bool_),
        soft_first=_starts(soft),
        soft=np.vstack([np.zeros((0, 4)), *soft]),
        hard_first=_starts(hard),
        hard=np.vstack([np.zeros((0, 4)), *hard]),
    )


def _starts(rows: Sequence[Sized]) -> Ints:
    return np.cumsum([0, *map(len, rows)], dtype=np.int64)


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    parts = shapely.get_parts(shapely.orient_polygons(geometry))
    return [part for part in parts if isinstance(part, Polygon)]


def _outset(polygon: BaseGeometry) -> shapely.Geometry:
    return shapely.buffer(polygon, HAIR_M, join_style="mitre", mitre_limit=MITRE_LIMIT)


def _compress(num: int, a: Ints, b: Ints, length_m: Floats) -> tuple[Ints, Ints, Floats]:
    """A graph of pairs, each both ways, as compressed rows."""
    start, end = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.argsort(start, kind="stable")
    first = np.searchsorted(start[order], np.arange(num + 1))
    return first, end[order], np.concatenate([length_m, length_m])[order]
