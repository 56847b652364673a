"""Paths that depend on the time: one table for each set of zones active at once.

Owns the times at which zones open and close and the tables between them. Does not know wind,
drones or orders.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geo.geodesy import LonLat
from geo.groundrisk import RiskArea
from geo.heights import GroundRange
from geo.obstacles import is_active
from geo.paths import plan_paths
from geo.pathtable import PathTable
from geo.zones import Zone


@dataclass(frozen=True, slots=True)
class Closure:
    """A zone that leaves two sites without a path, and when.

    Attributes:
        zone_id: the zone; spans: (start_s, end_s) of the service day, empty for always.
    """

    zone_id: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, eq=False)
class TimedPaths:
    """The paths of a network through a day.

    Tables are made when first asked for and kept by their set of active zones, so that a zone
    that opens every morning costs one table, not seven.

    Attributes:
        sites: WGS-84; zones: with their spans of the service day (``geo.schedule``).
        height_m_agl, buffer_m, ground, cache_dir, risk: as in ``geo.paths.plan_paths``.
    """

    sites: tuple[LonLat, ...]
    zones: tuple[Zone, ...]
    height_m_agl: float
    buffer_m: float
    ground: GroundRange | None = None
    cache_dir: Path | None = None
    risk: tuple[RiskArea, ...] = ()
    _kept: dict[frozenset[str], PathTable] = field(default_factory=dict, repr=False)

    @property
    def changes_s(self) -> tuple[int, ...]:
        """The times at which a blocking zone opens or closes, in order."""
        spans = [span for zone in self.zones if zone.is_blocking for span in zone.active]
        return tuple(sorted({edge for span in spans for edge in span}))

    @property
    def openings_s(self) -> tuple[int, ...]:
        """The times at which a blocking zone opens, in order."""
        spans = [span for zone in self.zones if zone.is_blocking for span in zone.active]
        return tuple(sorted({start_s for start_s, _ in spans}))

    def periods(self, start_s: int, end_s: int) -> tuple[tuple[int, int], ...]:
        """A span of time cut at the changes: the same zones are active all through each part."""
        edges = [start_s, *(s for s in self.changes_s if start_s < s < end_s), end_s]
        return tuple(itertools.pairwise(edges))

    def between(self, start_s: int, end_s: int) -> PathTable:
        """Paths that may be flown at any time of a span: around all zones active during it."""
        active = [zone for zone in self.zones if is_active(zone, (start_s, end_s))]
        key = frozenset(zone.id for zone in active if zone.is_blocking)
        if key not in self._kept:
            self._kept[key] = plan_paths(
                self.sites,
                active,
                height_m_agl=self.height_m_agl,
                buffer_m=self.buffer_m,
                ground=self.ground,
                risk=self.risk,
                cache_dir=self.cache_dir,
            )
        return self._kept[key]

    def closures(self, i: int, j: int, start_s: int, end_s: int) -> tuple[Closure, ...]:
        """Why sites i and j have no path in a span: which zones, from when to when."""
        blocked = self.between(start_s, end_s).blocked_by(i, j)
        spans = {zone.id: zone.active for zone in self.zones}
        return tuple(Closure(zone_id, spans[zone_id]) for zone_id in blocked)


def plan_timed_paths(
    lonlat: Sequence[LonLat],
    zones: Sequence[Zone],
    *,
    height_m_agl: float,
    buffer_m: float,
    ground: GroundRange | None = None,
    cache_dir: Path | None = None,
    risk: Sequence[RiskArea] = (),
) -> TimedPaths:
    """The paths of a network through a day; arguments as in ``geo.paths.plan_paths``."""
    sites = tuple((float(lon), float(lat)) for lon, lat in lonlat)
    return TimedPaths(sites, tuple(zones), height_m_agl, buffer_m, ground, cache_dir, tuple(risk))
