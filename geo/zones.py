"""Airspace zones: a footprint, an altitude band, active times and a rule.

Owns the frozen value. Does not read files, plan paths or know drones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geo.active_times import ActiveTime

AltitudeDatum = Literal["AGL", "AMSL", "W84"]
ZoneRule = Literal["prohibited", "authorisation", "conditional", "advisory"]


@dataclass(frozen=True, slots=True)
class Zone:
    """A volume of air with a rule.

    Attributes:
        id: unique id; name_zh, name_en: names shown to users.
        rule: ``prohibited`` and ``authorisation`` (without an approval number) block a path;
            ``conditional`` and ``advisory`` are shown and reported.
        rings_lonlat: polygons, each a tuple of rings (first the outer one, then holes), each
            ring a closed tuple of WGS-84 (lon, lat).
        lower_m, upper_m: altitude band; None means unbounded. ``lower_datum``, ``upper_datum``
            say above what.
        active: (start_s, end_s) spans of the service day in which the zone is active; empty
            means always.
        active_times: the same as published, for any day; ``geo.schedule.resolve_zones`` makes
            ``active`` of them. Empty where only ``active`` is known.
        approval: approval number that opens an ``authorisation`` zone, empty for none.
        is_illustrative: made up to show the program, not published by any authority.
        source: where the zone comes from.
    """

    id: str
    name_zh: str
    name_en: str
    rule: ZoneRule
    rings_lonlat: tuple[tuple[tuple[tuple[float, float], ...], ...], ...]
    lower_m: float | None = None
    lower_datum: AltitudeDatum = "AGL"
    upper_m: float | None = None
    upper_datum: AltitudeDatum = "AGL"
    active: tuple[tuple[int, int], ...] = ()
    approval: str = ""
    is_illustrative: bool = False
    source: str = ""
    active_times: tuple[ActiveTime, ...] = ()

    @property
    def is_blocking(self) -> bool:
        """Whether a path must keep clear of the zone while it is active."""
        return self.rule == "prohibited" or (self.rule == "authorisation" and not self.approval)
