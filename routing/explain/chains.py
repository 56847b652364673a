"""Which sorties bring a drone from a base to an order, the order on, and the drone to a base.

Owns the choice of sites a carrying sortie calls at, with empty sorties before and after. Does not
know times of day, other sorties or what is taken.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from routing.baseline.errand import Flyer, Outline
from routing.network import Network
from routing.orders import Order

MOST_CHAINS = 12
"""Chains kept for one drone type, gap and order: the quickest to hand over."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Sorties one after the other, one of which carries the order.

    Attributes:
        lead_s: least time from the first take-off to receipt.
        before_s: of that, until the pickup handover; total_s: least time to the last landing.
        durations_s: of each sortie; carrying_idx: the sortie that carries the order.
    """

    lead_s: float
    total_s: float
    before_s: float
    outlines: tuple[Outline, ...]
    durations_s: tuple[int, ...]
    carrying_idx: int


@dataclass(slots=True)
class Chains:
    """Chains of one network, worked out once for each type, pair of bases and order's way."""

    network: Network
    flyer: Flyer
    _known: dict[tuple[str, str, str | None, str, tuple[str, ...], float], tuple[Chain, ...]] = (
        field(default_factory=dict)
    )
    _ferries: dict[tuple[str, str, str], tuple[Outline, ...] | None] = field(default_factory=dict)

    def of(
        self, order: Order, type_id: str, base_id: str, end_base_id: str | None
    ) -> tuple[Chain, ...]:
        """Chains from a base, ending at a base (None: any), quickest receipt first."""
        key = (type_id, base_id, end_base_id, order.origin, order.destinations, order.mass_kg)
        if key not in self._known:
            built = self._build(order, type_id, base_id, end_base_id)
            self._known[key] = tuple(sorted(built, key=_quickest)[:MOST_CHAINS])
        return self._known[key]

    def _build(
        self, order: Order, type_id: str, base_id: str, end_base_id: str | None
    ) -> list[Chain]:
        chains = []
        for outline in carrying_outlines(self.network, order):
            before = self._ferry(type_id, base_id, outline.site_ids[0])
            goal = outline.site_ids[-1] if end_base_id is None else end_base_id
            after = self._ferry(type_id, outline.site_ids[-1], goal)
            if before is None or after is None or not self._is_flyable(type_id, outline, order):
                continue
            chains.append(self._chain(type_id, before, outline, after))
        return chains

    def _chain(
        self,
        type_id: str,
        before: tuple[Outline, ...],
        carrying: Outline,
        after: tuple[Outline, ...],
    ) -> Chain:
        outlines = (*before, carrying, *after)
        durations = tuple(self._until_s(type_id, one, len(one.site_ids) - 1) for one in outlines)
        turnaround_s = self.network.drone_types[type_id].turnaround_s
        first_s = sum(durations[: len(before)]) + turnaround_s * len(before)
        load_s = self._until_s(type_id, carrying, carrying.load_at) if carrying.load_at else 0
        lead_s = self._until_s(type_id, carrying, carrying.unload_at) + self._handover_s(
            carrying.site_ids[carrying.unload_at]
        )
        return Chain(
            lead_s=first_s + lead_s,
            total_s=sum(durations) + turnaround_s * (len(outlines) - 1),
            before_s=first_s + load_s,
            outlines=outlines,
            durations_s=durations,
            carrying_idx=len(before),
        )

    def _ferry(self, type_id: str, start: str, end: str) -> tuple[Outline, ...] | None:
        """Empty sorties from base to base, over one base between where they must; else None."""
        key = (type_id, start, end)
        if key not in self._ferries:
            self._ferries[key] = self._find_ferry(type_id, start, end)
        return self._ferries[key]

    def _find_ferry(self, type_id: str, start: str, end: str) -> tuple[Outline, ...] | None:
        if start == end:
            return ()
        if self._is_flyable(type_id, Outline((start, end)), None):
            return (Outline((start, end)),)
        ways = []
        for base in self.network.bases:
            halves = (Outline((start, base.site_id)), Outline((base.site_id, end)))
            if base.site_id not in (start, end) and all(
                self._is_flyable(type_id, half, None) for half in halves
            ):
                ways.append((sum(self._until_s(type_id, half, 1) for half in halves), halves))
        return min(ways)[1] if ways else None

    def _is_flyable(self, type_id: str, outline: Outline, order: Order | None) -> bool:
        """Whether one pack flies it at the best time of the day for each leg."""
        count = len(outline.site_ids) - 1
        table = self.flyer.legs.best(type_id)
        is_flown = all(
            math.isfinite(
                table.flight_s[
                    table.site_index[outline.site_ids[leg]],
                    table.site_index[outline.site_ids[leg + 1]],
                ]
            )
            for leg in range(count)
        )
        return is_flown and self.flyer.has_energy(
            outline, (table,) * count, (order,) if order else ()
        )

    def _until_s(self, type_id: str, outline: Outline, stop: int) -> int:
        """Least time from take-off to the landing at a stop, handovers between included."""
        total, table = 0.0, self.flyer.legs.best(type_id)
        for leg in range(stop):
            total += float(
                table.flight_s[
                    table.site_index[outline.site_ids[leg]],
                    table.site_index[outline.site_ids[leg + 1]],
                ]
            )
            if 0 < leg + 1 < stop:
                total += self._handover_s(outline.site_ids[leg + 1])
        return int(total)

    def _handover_s(self, site_id: str) -> int:
        return self.flyer.sites[site_id].handover_s


def carrying_outlines(network: Network, order: Order) -> list[Outline]:
    """Base, origin, destination, base: every sortie that carries one order and nothing else."""
    bases = [base.site_id for base in network.bases]
    outlines = []
    for destination in order.destinations:
        if destination == order.origin:
            continue
        for start in [order.origin] if order.origin in bases else bases:
            for end in [destination] if destination in bases else bases:
                sites = [start, *([] if order.origin == start else [order.origin])]
                load_at = len(sites) - 1
                sites.append(destination)
                unload_at = len(sites) - 1
                if destination != end:
                    sites.append(end)
                outlines.append(Outline(tuple(sites), load_at, unload_at))
    return outlines


def _quickest(chain: Chain) -> tuple[float, float, tuple[Outline, ...]]:
    return (chain.lead_s, chain.total_s, chain.outlines)
