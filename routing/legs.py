"""Legs: flight time, length and energy between all sites, per drone type and take-off period.

Owns the leg table the planner flies by. Does not know orders, sorties or plans; where a path runs
is ``geo.paths``' business, which one is flown when that of ``routing.leg_times``, and what a
second in the air costs is ``routing.energy``'s.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geo.pathtable import PathTable
from geo.timedpaths import TimedPaths, plan_timed_paths
from routing.energy import (
    available_pack,
    density_factor,
    power_in_cruise,
    power_in_hover,
    usable_pack,
)
from routing.leg_heights import LegHeights, ProfilePoints, zones_met
from routing.leg_segments import Segments, Straight, divert_seconds, is_flyable, measure_segments
from routing.leg_times import LegPaths, choose_paths, cut_periods, drop_like
from routing.network import DroneType, Network

__all__ = ["LegTable", "LegTables", "build_legs", "is_flyable"]

FloatArray = npt.NDArray[np.float64]
LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class LegTable:
    """All legs of one drone type for take-offs in one period.

    Arrays are indexed ``[from, to]`` by ``site_index``. A flight that would still be in the air
    when a period begins in which its leg is not flown (inf) is not flown either.

    Attributes:
        drone: the type; start_s: when the period begins; it lasts until the next table's.
        flight_s: whole seconds from take-off to landing, rounded up; inf where no leg is flown.
        cruise_s: unrounded seconds in cruise; vertical_s: seconds of climb, descent, manoeuvres
            over flat ground; added_s: what terrain adds to them [from, to].
        length_m: geodesic length of the path; inf where there is none.
        divert_s: cruise seconds from a site to the nearest other site; inf where there is none.
            divert_added_s: what terrain adds to its climb and descent.
        air_factor: density factor on all power.
        available_pack, usable_pack: what a pack holds, and what a sortie may plan, in packs.
        paths: the path of every leg, clear of all zones met until landing.
    """

    drone: DroneType
    start_s: int
    site_index: Mapping[str, int]
    flight_s: FloatArray
    cruise_s: FloatArray
    vertical_s: float
    length_m: FloatArray
    divert_s: FloatArray
    air_factor: float
    available_pack: float
    usable_pack: float
    paths: LegPaths
    added_s: FloatArray
    divert_added_s: FloatArray
    heights: LegHeights = field(repr=False, compare=False)

    def path(self, origin_idx: int, destination_idx: int) -> tuple[LonLat, ...]:
        """WGS-84 polyline of a leg, both pads included."""
        return self.paths.path(origin_idx, destination_idx)

    def energy_pack(self, origin_idx: int, destination_idx: int, payload_kg: float) -> float:
        """Energy of a leg in packs with this mass of orders on board (box added here)."""
        load_kg = payload_kg + self.drone.box_tare_kg
        cruise = power_in_cruise(self.drone, load_kg)
        hover = power_in_hover(self.drone, load_kg)
        seconds = self.cruise_s[origin_idx, destination_idx]
        vertical_s = self.vertical_s + self.added_s[origin_idx, destination_idx]
        return float(self.air_factor * (seconds * cruise + vertical_s * hover))

    def diversion_pack(self, site_idx: int, payload_kg: float, hover_s: float) -> float:
        """Energy to divert from a site to the nearest other one and hover there (R4.2)."""
        load_kg = payload_kg + self.drone.box_tare_kg
        cruise = power_in_cruise(self.drone, load_kg)
        hover = power_in_hover(self.drone, load_kg)
        vertical_s = self.vertical_s + self.divert_added_s[site_idx] + hover_s
        flight = self.divert_s[site_idx] * cruise + vertical_s * hover
        return float(self.air_factor * flight)

    def profile(self, origin_idx: int, destination_idx: int) -> ProfilePoints:
        """Heights of a leg as a plan states them; empty without terrain."""
        laid = self.heights.profile(self.path(origin_idx, destination_idx))
        return () if laid is None else laid.points

    def work_s(self) -> FloatArray:
        """Seconds of cruise power worth a leg without its flat climb and descent [from, to], at
        any payload no less than it takes: exact for a multirotor, whose hover is a fixed multiple
        of its cruise."""
        return self.air_factor * (self.cruise_s + self._hover_over_cruise() * self.added_s)

    def divert_work_s(self) -> FloatArray:
        """The same for the diversion from each site."""
        added_s = self._hover_over_cruise() * self.divert_added_s
        return self.air_factor * (self.divert_s + added_s)

    def _hover_over_cruise(self) -> float:
        loads = np.linspace(self.drone.box_tare_kg, self.drone.payload_max_kg, 33)
        points = [load for load, _ in self.drone.range_points if load >= self.drone.box_tare_kg]
        loads = np.concatenate([loads, points])
        cruise = power_in_cruise(self.drone, loads)
        # Between two points of the table the ratio bends by less than the 0.1 % added here.
        spare = 1.0 if self.drone.airframe == "multirotor" else 1.001
        return float((power_in_hover(self.drone, loads) / cruise).max()) * spare

    def is_like(self, other: LegTable) -> bool:
        """Whether take-offs in another period are flown the same in every way."""
        return (
            self.air_factor == other.air_factor
            and self.available_pack == other.available_pack
            and np.array_equal(self.cruise_s, other.cruise_s)
            and np.array_equal(self.divert_s, other.divert_s)
            and np.array_equal(self.added_s, other.added_s)
            and self.paths.is_like(other.paths)
        )


@dataclass(frozen=True, slots=True)
class LegTables:
    """The leg tables of a network: one for each drone type of the fleet and take-off period.

    Attributes:
        tables: drone type id -> its tables in order of time; every type has the same periods.
    """

    site_index: Mapping[str, int]
    tables: Mapping[str, tuple[LegTable, ...]]
    _best: dict[str, LegTable] = field(default_factory=dict, repr=False, compare=False)

    def for_type(self, type_id: str, time_s: float = 0.0) -> LegTable:
        """The table of a drone type in force at a time."""
        tables = self.tables[type_id]
        return tables[max(0, bisect_right(tables, time_s, key=lambda one: one.start_s) - 1)]

    def flight_s(self, type_id: str, i: int, j: int, takeoff_s: float) -> float:
        """Seconds from take-off at a time to landing; inf where the leg is not flown then."""
        tables = self.tables[type_id]
        at = max(0, bisect_right(tables, takeoff_s, key=lambda one: one.start_s) - 1)
        seconds = float(tables[at].flight_s[i, j])
        for later in tables[at + 1 :]:
            if later.start_s >= takeoff_s + seconds:
                break
            if np.isinf(later.flight_s[i, j]):
                return np.inf
        return seconds

    def best(self, type_id: str) -> LegTable:
        """The best of every leg in any period: what no flight of the day can beat.

        For limits and first guesses; its legs need not be flown at one time, and its paths are
        those of the first period.
        """
        if type_id not in self._best:
            tables = self.tables[type_id]
            self._best[type_id] = replace(
                tables[0],
                flight_s=np.minimum.reduce([one.flight_s for one in tables]),
                cruise_s=np.minimum.reduce([one.cruise_s for one in tables]),
                length_m=np.minimum.reduce([one.length_m for one in tables]),
                divert_s=np.minimum.reduce([one.divert_s for one in tables]),
                added_s=np.minimum.reduce([one.added_s for one in tables]),
                air_factor=min(one.air_factor for one in tables),
                available_pack=max(one.available_pack for one in tables),
                usable_pack=max(one.usable_pack for one in tables),
            )
        return self._best[type_id]


def build_legs(
    network: Network, cache_dir: Path | None = None, hubs: Collection[str] | None = None
) -> LegTables:
    """Leg tables of every drone type in the fleet, around the zones and in the day's wind.

    Args:
        network: sites, zones, weather and fleet.
        cache_dir: where path tables are kept (``geo.paths.plan_paths``); None for memory only.
        hubs: sites of which every leg asked for has one at an end; over terrain, where each leg
            takes milliseconds to lay, the others are not flown. None for all legs.

    Raises:
        KeyError: a drone of the fleet names a type that the network does not know.
    """
    lonlat = [(site.lon_deg, site.lat_deg) for site in network.sites]
    timed = plan_timed_paths(
        lonlat,
        zones_met(network),
        height_m_agl=network.rules.cruise_height_m_agl,
        buffer_m=network.rules.zone_buffer_m,
        cache_dir=cache_dir,
        risk=network.risk,
    )
    builder = _Builder(network, timed, Straight.between(lonlat), hubs)
    type_ids = sorted({drone.type_id for drone in network.drones})
    rows = {type_id: builder.row(network.drone_types[type_id]) for type_id in type_ids}
    starts = [table.start_s for table in next(iter(rows.values()), ())]
    kept = drop_like(starts, lambda a, b: all(row[a].is_like(row[b]) for row in rows.values()))
    return LegTables(
        builder.site_index, {key: tuple(row[idx] for idx in kept) for key, row in rows.items()}
    )


class _Builder:
    """Tables of one network; paths, segments and cruise times are worked out once each."""

    def __init__(
        self,
        network: Network,
        timed: TimedPaths,
        straight: Straight,
        hubs: Collection[str] | None = None,
    ) -> None:
        self.network = network
        self.timed = timed
        self.straight = straight
        self.heights = LegHeights(network, timed.sites, hubs)
        self.site_index = {site.id: idx for idx, site in enumerate(network.sites)}
        self._segments: dict[int, Segments] = {}
        self._cruise: dict[tuple[str, int, int], FloatArray] = {}
        self._added: dict[tuple[str, int], FloatArray] = {}

    def row(self, drone: DroneType) -> list[LegTable]:
        """The tables of a type in order of time; made from the last one on, since what is open
        later decides what is flown before."""
        later: dict[int, LegTable] = {}
        for span in reversed(cut_periods(self.network.weather, self.timed)):
            later[span[0]] = self._table(drone, span, later)
        return [later[start_s] for start_s in sorted(later)]

    def _table(
        self, drone: DroneType, span: tuple[int, int], later: Mapping[int, LegTable]
    ) -> LegTable:
        rules = self.network.rules
        period = self.network.weather.at(span[0])
        height_m = rules.cruise_height_m_agl
        vertical_s = height_m / drone.climb_mps + height_m / drone.descent_mps + drone.approach_s

        def flight_of(cruise_s: FloatArray, added_s: FloatArray) -> FloatArray:
            flight_s = np.ceil(np.round(cruise_s + (vertical_s + added_s), 6))
            np.fill_diagonal(flight_s, 0.0)
            return flight_s

        flown = choose_paths(
            span,
            self.timed,
            lambda paths: self._legs(drone, period.start_s, paths),
            flight_of,
            lambda start_s: later[start_s].cruise_s,
        )
        return LegTable(
            drone=drone,
            start_s=span[0],
            site_index=self.site_index,
            flight_s=flight_of(flown.cruise_s, flown.added_s),
            cruise_s=flown.cruise_s,
            vertical_s=vertical_s,
            length_m=flown.length_m,
            divert_s=divert_seconds(drone, period, self.straight),
            air_factor=density_factor(period.temperature_c),
            available_pack=available_pack(drone, rules, period.temperature_c),
            usable_pack=usable_pack(drone, rules, period.temperature_c),
            paths=flown.paths,
            added_s=flown.added_s,
            divert_added_s=self.heights.divert_added_s(drone, self.straight.nearest()),
            heights=self.heights,
        )

    def _legs(
        self, drone: DroneType, period_start_s: int, paths: PathTable
    ) -> tuple[FloatArray, FloatArray]:
        """Seconds in cruise and added by the ground; no leg where the ground allows none."""
        added_key = (drone.id, id(paths))
        if added_key not in self._added:
            self._added[added_key] = self.heights.added_s(drone, paths)
        added_s, cruise_s = self._added[added_key], self._cruise_s(drone, period_start_s, paths)
        is_barred = np.isinf(added_s)
        if is_barred.any():
            cruise_s = np.where(is_barred, np.inf, cruise_s)
            added_s = np.where(is_barred, 0.0, added_s)
        return cruise_s, added_s

    def _cruise_s(self, drone: DroneType, period_start_s: int, paths: PathTable) -> FloatArray:
        key = (drone.id, period_start_s, id(paths))
        if key not in self._cruise:
            if id(paths) not in self._segments:
                self._segments[id(paths)] = measure_segments(paths, self.straight)
            period = self.network.weather.at(period_start_s)
            self._cruise[key] = self._segments[id(paths)].cruise_s(drone, period)
        return self._cruise[key]
