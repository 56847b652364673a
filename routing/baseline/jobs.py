"""Which sorties carry an order from a drone's home and bring the drone back.

Owns the choice of outlines, as a desk would: to the order, to its destination, home again, over
another base where one pack does not reach that far. Does not know times or bookings.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from routing.baseline.errand import Flyer, Outline
from routing.legs import LegTable
from routing.network import Drone, Network
from routing.orders import Order


class Job(NamedTuple):
    """A chain of sorties that carries an order.

    Attributes:
        lead_s: least time from the first take-off to receipt; total_s: to the last landing.
        outlines: the sorties; carrying_idx: the one that carries the order.
    """

    lead_s: float
    total_s: float
    outlines: tuple[Outline, ...]
    carrying_idx: int


@dataclass(slots=True)
class Jobs:
    """The jobs of a network, worked out once for each type, home, origin and destination."""

    network: Network
    flyer: Flyer
    _known: dict[tuple[str, str, str, str], tuple[Job, ...]] = field(default_factory=dict)
    _ferries: dict[tuple[str, str, str], tuple[Outline, ...] | None] = field(default_factory=dict)

    def of(self, order: Order, drone: Drone) -> tuple[Job, ...]:
        """Jobs of a drone that can carry the order at all, soonest receipt first."""
        kind = self.network.drone_types[drone.type_id]
        if (
            order.mass_kg > kind.payload_max_kg - kind.box_tare_kg + 1e-9
            or order.slots > kind.slots
            or (order.band != "any" and kind.compartments < 1)
        ):
            return ()
        jobs = [
            job
            for destination in order.destinations
            if destination != order.origin
            for job in self._between(drone, order.origin, destination)
        ]
        return tuple(sorted(jobs))

    def _between(self, drone: Drone, origin: str, destination: str) -> tuple[Job, ...]:
        key = (drone.type_id, drone.home_site_id, origin, destination)
        if key not in self._known:
            self._known[key] = tuple(self._build(*key))
        return self._known[key]

    def _build(self, type_id: str, home: str, origin: str, destination: str) -> list[Job]:
        bases = [base.site_id for base in self.network.bases]
        starts = [origin] if origin in bases else bases
        ends = [destination] if destination in bases else bases
        jobs = []
        for start in starts:
            out = self._ferry(type_id, home, start)
            if out is None:
                continue
            for end in ends:
                back = self._ferry(type_id, end, home)
                carrying = _carrying(start, origin, destination, end)
                if back is None or not self._is_flyable(type_id, carrying):
                    continue
                before_s = sum(self._duration_s(type_id, one) for one in out)
                job_s = before_s + self._duration_s(type_id, carrying)
                after_s = sum(self._duration_s(type_id, one) for one in back)
                lead_s = before_s + self._lead_s(type_id, carrying)
                jobs.append(Job(lead_s, job_s + after_s, (*out, carrying, *back), len(out)))
        return jobs

    def _ferry(self, type_id: str, start: str, end: str) -> tuple[Outline, ...] | None:
        """Empty sorties from base to base, over one base between where they must; else None."""
        key = (type_id, start, end)
        if key not in self._ferries:
            self._ferries[key] = self._find_ferry(type_id, start, end)
        return self._ferries[key]

    def _find_ferry(self, type_id: str, start: str, end: str) -> tuple[Outline, ...] | None:
        if start == end:
            return ()
        direct = Outline((start, end))
        if self._is_flyable(type_id, direct):
            return (direct,)
        ways = []
        for base in self.network.bases:
            halves = (Outline((start, base.site_id)), Outline((base.site_id, end)))
            is_between = base.site_id not in (start, end) and base.packs.get(type_id, 0) > 0
            if is_between and all(self._is_flyable(type_id, half) for half in halves):
                ways.append((sum(self._duration_s(type_id, half) for half in halves), halves))
        return min(ways)[1] if ways else None

    def _best(self, type_id: str) -> LegTable:
        return self.flyer.legs.best(type_id)

    def _is_flyable(self, type_id: str, outline: Outline) -> bool:
        """Whether a pack flies it without load at the best time of the day for each leg."""
        count, table = len(outline.site_ids) - 1, self._best(type_id)
        is_flown = all(math.isfinite(_flight_s(table, outline, idx)) for idx in range(count))
        return is_flown and self.flyer.has_energy(outline, (table,) * count, ())

    def _leg_s(self, type_id: str, outline: Outline, idx: int) -> float:
        return _flight_s(self._best(type_id), outline, idx)

    def _duration_s(self, type_id: str, outline: Outline) -> float:
        """Least time from the first take-off until the last landing."""
        flights = sum(
            self._leg_s(type_id, outline, idx) for idx in range(len(outline.site_ids) - 1)
        )
        between = range(1, len(outline.site_ids) - 1)
        return flights + sum(self._handover_s(outline.site_ids[idx]) for idx in between)

    def _lead_s(self, type_id: str, outline: Outline) -> float:
        """Least time from the first take-off until the order is received."""
        last = outline.unload_at
        flights = sum(self._leg_s(type_id, outline, idx) for idx in range(last))
        return flights + sum(
            self._handover_s(site_id) for site_id in outline.site_ids[1 : last + 1]
        )

    def _handover_s(self, site_id: str) -> int:
        return self.flyer.sites[site_id].handover_s


def _flight_s(table: LegTable, outline: Outline, idx: int) -> float:
    index: Mapping[str, int] = table.site_index
    return float(table.flight_s[index[outline.site_ids[idx]], index[outline.site_ids[idx + 1]]])


def _carrying(start: str, origin: str, destination: str, end: str) -> Outline:
    site_ids = [start]
    if origin != start:
        site_ids.append(origin)
    load_at = len(site_ids) - 1
    site_ids.append(destination)
    unload_at = len(site_ids) - 1
    if destination != end:
        site_ids.append(end)
    return Outline(tuple(site_ids), load_at, unload_at)
