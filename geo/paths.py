"""Shortest paths between sites around the zones of a span of time.

Owns the visibility graph of a network and the table it gives. Does not know drones, wind or
orders. See ``geo.obstacles`` for what blocks and ``geo.visibility`` for the kernels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.geodesy import Floats, LocalPlane, LonLat
from geo.obstacles import blocking_zones, build_obstacles
from geo.pathsearch import NO_PATH, PAD_CLEARANCE_M, PathSearch
from geo.zones import Zone

__all__ = ["PAD_CLEARANCE_M", "PathTable", "plan_paths"]

Indices = npt.NDArray[np.int32]
Enclosure = tuple[int, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class PathTable:
    """Shortest paths of all pairs of sites, around the zones active in one span of time.

    Attributes:
        length_m: geodesic length of the path [from, to], 0 on the diagonal, inf without a path.
            Symmetric; never shorter than the geodesic between the sites.
        site_lonlat: the sites, in the caller's order.
        corner_lonlat: points where paths turn around zones [corners, 2].
        port_lonlat, port_before: where paths leave a site [ports, 2]; the first ones are the
            sites, others turns near a pad inside a buffer, each with the port before it or -1.
        last_corner: the last corner before j on the way from i < j [i, j]; -1 for a direct line,
            -2 for no path.
        leave_port, arrive_port: the ports of a way from i < j [i, j].
        corner_before: the corner before a corner on the way from a site [site, corner];
            ``-2 - port`` for the first one.
        cut_off_by: per site, ids of the zones it lies in.
        enclosed_by: per site, the merged obstacles around it: obstacle, hole (-1 for inside its
            buffer) and the ids of the zones that make it.
    """

    length_m: Floats
    site_lonlat: tuple[LonLat, ...]
    corner_lonlat: Floats
    port_lonlat: Floats
    port_before: Indices
    last_corner: Indices
    leave_port: Indices
    arrive_port: Indices
    corner_before: Indices
    cut_off_by: tuple[tuple[str, ...], ...]
    enclosed_by: tuple[frozenset[Enclosure], ...]

    def has_path(self, i: int, j: int) -> bool:
        """Whether site j can be reached from site i."""
        return bool(np.isfinite(self.length_m[i, j]))

    def path(self, i: int, j: int) -> tuple[LonLat, ...]:
        """The way from site i to site j, both ends included; empty without a path."""
        if i > j:
            return self.path(j, i)[::-1]
        if i == j or not self.has_path(i, j):
            return (self.site_lonlat[i],) if i == j else ()
        corners: list[int] = []
        corner = int(self.last_corner[i, j])
        while corner >= 0:
            corners.append(corner)
            corner = int(self.corner_before[i, corner])
        leave = -2 - corner if corners else int(self.leave_port[i, j])
        out = self._near_pad(leave)[::-1]
        over = [self.corner_lonlat[k] for k in reversed(corners)]
        into = self._near_pad(int(self.arrive_port[i, j]))
        middle = tuple((float(x), float(y)) for x, y in (*out, *over, *into))
        return (self.site_lonlat[i], *middle, self.site_lonlat[j])

    def _near_pad(self, port: int) -> list[Floats]:
        """The turns from a port to its site, without the site."""
        turns = []
        while self.port_before[port] >= 0:
            turns.append(self.port_lonlat[port])
            port = int(self.port_before[port])
        return turns

    def blocked_by(self, i: int, j: int) -> tuple[str, ...]:
        """Ids of the zones that leave sites i and j without a path; empty where there is one."""
        if self.has_path(i, j):
            return ()
        cut_off = set(self.cut_off_by[i]) | set(self.cut_off_by[j])
        if cut_off:
            return tuple(sorted(cut_off))
        apart = self.enclosed_by[i] ^ self.enclosed_by[j]
        either = apart or (self.enclosed_by[i] | self.enclosed_by[j])
        return tuple(sorted({zone_id for _, _, ids in either for zone_id in ids}))


def plan_paths(
    lonlat: Sequence[LonLat],
    zones: Sequence[Zone],
    *,
    height_m_agl: float,
    buffer_m: float,
    active_at: tuple[int, int] | None = None,
) -> PathTable:
    """Shortest paths of all pairs of sites around every blocking zone and its buffer.

    A zone counts when it blocks (``Zone.is_blocking``), its altitude band holds the cruise
    height, and it is active at some moment of ``active_at``. A site inside a buffer but outside
    the zone may be left and reached: within ``PAD_CLEARANCE_M`` of it the zone itself counts,
    not its buffer, on its own paths. A site inside a zone has no path.

    Args:
        lonlat: sites, WGS-84.
        zones: all zones; those that do not count are left out here.
        height_m_agl: cruise height above ground.
        buffer_m: distance kept from every zone that counts, >= 0.
        active_at: (start_s, end_s) of the service day; None counts every zone as active.

    Returns:
        The table of lengths and paths.
    """
    sites = tuple((float(lon), float(lat)) for lon, lat in lonlat)
    counted = blocking_zones(zones, height_m_agl, active_at)
    plane = LocalPlane.around(sites) if sites else LocalPlane(0.0, 0.0)
    site_xy = plane.to_plane(np.asarray(sites).reshape(-1, 2))
    obstacles = build_obstacles(counted, plane, buffer_m, site_xy)
    return search_table(PathSearch(sites, plane, obstacles))


def search_table(search: PathSearch) -> PathTable:
    """The table of a search: direct lines first, then ways over corners where they are shorter."""
    ways = search.direct_ways()
    entries = search.enter_corners()
    reach_m, corner_before = search.reach_corners(entries)
    search.go_over_corners(entries, reach_m, ways)
    length_m = np.minimum(ways.length_m, ways.length_m.T)
    np.fill_diagonal(length_m, 0.0)
    ways.last_corner[~np.isfinite(length_m)] = NO_PATH
    return PathTable(
        length_m=length_m,
        site_lonlat=search.sites,
        corner_lonlat=search.corner_lonlat,
        port_lonlat=search.ports.lonlat,
        port_before=search.ports.before,
        last_corner=ways.last_corner,
        leave_port=ways.leave_port,
        arrive_port=ways.arrive_port,
        corner_before=corner_before,
        cut_off_by=search.name_cut_off(),
        enclosed_by=search.name_enclosures(),
    )
