"""The table of shortest paths between sites: lengths, ways and what stands in between.

Owns the frozen value. Does not know how paths are found, kept or flown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.geodesy import Floats, LonLat

Indices = npt.NDArray[np.int32]
Enclosure = tuple[int, int, tuple[str, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class PathTable:
    """Shortest paths of all pairs of sites, around the zones active in one span of time.

    Attributes:
        length_m: geodesic length of the path [from, to], 0 on the diagonal, inf without a path.
            Symmetric; never shorter than the geodesic between the sites.
        worth_m: what the path was chosen by: its length and the price of the ground below it
            (``geo.groundrisk``) [from, to]; equal to ``length_m`` where no ground has a price.
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
    worth_m: Floats
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

    def turning(self) -> npt.NDArray[np.bool_]:
        """Whether the way from i to j turns anywhere, be it by a hair [from, to]."""
        has_path = np.triu(np.isfinite(self.length_m), 1)
        leave, arrive = (np.where(has_path, p, 0) for p in (self.leave_port, self.arrive_port))
        turns = self.last_corner >= 0
        turns |= (self.port_before[leave] >= 0) | (self.port_before[arrive] >= 0)
        turns &= has_path
        return np.asarray(turns | turns.T, dtype=np.bool_)

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
