"""Shortest paths between sites around the zones of a span of time.

Owns the visibility graph of a network and the table it gives. Does not know drones, wind or
orders. See ``geo.obstacles`` for what blocks and ``geo.visibility`` for the kernels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np

from geo.geodesy import Floats, LocalPlane, LonLat, Plane
from geo.groundrisk import RiskArea, RiskMap
from geo.heights import GroundRange
from geo.obstacles import blocking_zones, build_obstacles, low_zones
from geo.pathcache import load_table, name_table, save_table
from geo.pathmemory import KeptTables
from geo.pathsearch import NO_PATH, PAD_CLEARANCE_M, PathSearch
from geo.pathtable import PathTable
from geo.zones import Zone

__all__ = ["PAD_CLEARANCE_M", "PathTable", "plan_paths"]

_KEPT = KeptTables()
"""Of this process: a day planned again in other wind, or with other drones, has the same paths."""


def plan_paths(
    lonlat: Sequence[LonLat],
    zones: Sequence[Zone],
    *,
    height_m_agl: float,
    buffer_m: float,
    active_at: tuple[int, int] | None = None,
    ground: GroundRange | None = None,
    risk: Sequence[RiskArea] = (),
    cache_dir: Path | None = None,
) -> PathTable:
    """Shortest paths of all pairs of sites around every blocking zone and its buffer.

    A zone counts when it blocks (``Zone.is_blocking``), its altitude band holds the cruise
    height, and it is active at some moment of ``active_at``. A site inside a buffer but outside
    the zone may be left and reached: within ``PAD_CLEARANCE_M`` of it the zone itself counts,
    not its buffer, on its own paths. A site inside a zone has no path, nor has one inside a zone
    that is flown over but stands in the way of its climb.

    Args:
        lonlat: sites, WGS-84.
        zones: all zones; those that do not count are left out here.
        height_m_agl: cruise height above ground.
        buffer_m: distance kept from every zone that counts, >= 0.
        active_at: (start_s, end_s) of the service day; None counts every zone as active.
        ground: heights of the ground flown over; without it limits above sea level or the
            ellipsoid count as met.
        risk: ground that paths rather avoid; with it a path is the least of length and price,
            out of the ways that turn at corners of zones and of these areas.
        cache_dir: where tables are kept, keyed by content (``geo.pathcache.user_cache_dir``);
            None keeps them in memory only.

    Returns:
        The table of lengths and paths.
    """
    sites = tuple((float(lon), float(lat)) for lon, lat in lonlat)
    counted = blocking_zones(zones, height_m_agl, active_at, ground)
    low = low_zones(zones, height_m_agl, active_at, ground)
    key = name_table(sites, counted, low, buffer_m, risk)
    place = (key, cache_dir)
    kept = _KEPT.find(place)
    if kept is None and cache_dir is not None and (kept := load_table(key, cache_dir)) is not None:
        _KEPT.keep(place, kept)
    if kept is not None:
        return kept
    plane = LocalPlane.around(sites) if sites else LocalPlane(0.0, 0.0)
    site_xy = plane.to_plane(np.asarray(sites).reshape(-1, 2))
    obstacles = build_obstacles(counted, plane, buffer_m, site_xy, low)
    priced = RiskMap.of(risk, plane) if risk else None
    table = search_table(PathSearch(sites, plane, obstacles, priced))
    _KEPT.keep(place, table)
    if cache_dir is not None:
        save_table(table, key, cache_dir)
    return table


def search_table(search: PathSearch) -> PathTable:
    """The table of a search: direct lines first, then ways over corners where they are shorter."""
    ways = search.direct_ways()
    entries = search.enter_corners()
    reach_m, corner_before = search.reach_corners(entries)
    search.go_over_corners(entries, reach_m, ways)
    worth_m = np.minimum(ways.length_m, ways.length_m.T)
    np.fill_diagonal(worth_m, 0.0)
    ways.last_corner[~np.isfinite(worth_m)] = NO_PATH
    table = PathTable(
        length_m=worth_m,
        worth_m=worth_m,
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
    return table if search.risk is None else replace(table, length_m=_measure(table, search.plane))


def _measure(table: PathTable, plane: Plane) -> Floats:
    """True lengths of a table's paths, where they were chosen by more than that."""
    length_m = np.where(np.isfinite(table.worth_m), 0.0, np.inf)
    for i, j in combinations(range(len(table.site_lonlat)), 2):
        if table.has_path(i, j):
            path = np.asarray(table.path(i, j))
            length_m[i, j] = length_m[j, i] = plane.length_m(path[:-1], path[1:]).sum()
    return length_m
