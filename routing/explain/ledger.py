"""What a finished plan has taken: pads, packs, chargers, pilots, and the gaps of its drones.

Owns the ledger in which one more sortie is tried, and the leave to ignore one resource at a time:
what fits only then was held back by it. Does not know orders.
"""

from __future__ import annotations

import math
from bisect import insort
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from routing.baseline.bookings import Bookings, ChargeSlot, Pack, Visit
from routing.baseline.errand import BlockedError
from routing.network import Drone, Network
from routing.plan import Plan, Sortie

Resource = Literal["pads", "packs", "pilots"]
RESOURCES: tuple[Resource, ...] = ("pads", "packs", "pilots")
_NO_CHARGE_SPANS = 10**9


@dataclass(frozen=True, slots=True)
class Gap:
    """A span in which a drone of a plan has no sortie.

    Attributes:
        base_id: where it stands; free_s: earliest take-off, its turnaround done.
        next_base_id: where it must be at the end, None for any base.
        until_s: latest landing, the turnaround before its next sortie left over.
    """

    drone: Drone
    base_id: str
    free_s: int
    next_base_id: str | None
    until_s: int


def find_gaps(network: Network, plan: Plan, drone: Drone) -> tuple[Gap, ...]:
    """The gaps of a drone, in order of time; the whole duty when it does not fly."""
    turnaround_s = network.drone_types[drone.type_id].turnaround_s
    flown = sorted(
        (sortie for sortie in plan.sorties if sortie.drone_id == drone.id),
        key=lambda sortie: sortie.start_s,
    )
    base_id, free_s = drone.home_site_id, drone.duty.start_s
    gaps = []
    for sortie in flown:
        start_id = sortie.stops[0].site_id
        gaps.append(Gap(drone, base_id, free_s, start_id, sortie.start_s - turnaround_s))
        base_id, free_s = sortie.stops[-1].site_id, sortie.end_s + turnaround_s
    last = drone.home_site_id if network.rules.must_return_home else None
    gaps.append(Gap(drone, base_id, free_s, last, drone.duty.end_s))
    return tuple(gap for gap in gaps if gap.until_s > gap.free_s)


@dataclass(slots=True)
class Ledger(Bookings):
    """The bookings of a plan; packs are counted over the day instead of named.

    Attributes:
        ignored: resources without limit.
        counts: changes in the number of full packs, (time, change), by base and type.
        ends_at: base and least duration of the sortie about to be tried (see ``expect``).
    """

    ignored: frozenset[Resource] = frozenset()
    counts: dict[tuple[str, str], list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    ends_at: tuple[str, int] = ("", 0)

    def __post_init__(self) -> None:
        for base in self.network.bases:
            for type_id, count in base.packs.items():
                self.counts[base.site_id, type_id].append((-_NO_CHARGE_SPANS, count))

    def expect(self, end_site_id: str, lasts_s: int) -> None:
        """Say where and how soon the next sortie lands, so that its pack counts there again."""
        self.ends_at = (end_site_id, lasts_s)

    def find_pad(self, site_id: str, visit: Visit, pads: int) -> tuple[int, int]:
        """As booked; any pad where pads have no limit."""
        if "pads" in self.ignored:
            return 0, 0
        return Bookings.find_pad(self, site_id, visit, pads)

    def supervision_wait_s(self, start_s: int, end_s: int) -> int:
        """As booked; none where pilots have no limit."""
        if "pilots" in self.ignored:
            return 0
        return Bookings.supervision_wait_s(self, start_s, end_s)

    def find_pack(self, site_id: str, type_id: str, takeoff_s: int) -> tuple[Pack | None, int]:
        """A full pack that no later sortie of the plan misses, or the seconds until one may be."""
        end_id, lasts_s = self.ends_at
        full_s = self._charge(end_id, takeoff_s + lasts_s, type_id)[1]
        if "packs" in self.ignored or self._is_spare(site_id, type_id, takeoff_s, end_id, full_s):
            return Pack(f"{site_id}/{type_id}/spare", site_id, 0), 0
        row = self.counts[site_id, type_id]
        later = [time_s for time_s, _ in row if time_s > takeoff_s]
        return None, (min(later) - takeoff_s if later else -1)

    def _is_spare(
        self, site_id: str, type_id: str, takeoff_s: int, end_id: str, full_s: float
    ) -> bool:
        """Whether the counts stay at or above zero with one departure and one arrival more."""
        row = self.counts[site_id, type_id]
        changes = [*row, (takeoff_s, -1)]
        if end_id == site_id and math.isfinite(full_s):
            changes.append((int(full_s), 1))
        left = 0
        # At one moment, packs that get full are counted before take-offs.
        for time_s, change in sorted(changes, key=lambda one: (one[0], -one[1])):
            left += change
            if left < 0 and time_s >= takeoff_s:
                return False
        return True

    def _charge(
        self, base_id: str, landing_s: int, type_id: str
    ) -> tuple[ChargeSlot | None, float]:
        """The first free span of a charger, and when the pack is full; inf for never."""
        base = self.network.base(base_id)
        charge_s = self.network.drone_types[type_id].charge_s
        slots = [
            ChargeSlot(charger, start_s, start_s + charge_s)
            for charger in range(base.chargers if base else 0)
            for start_s in [self._gap_s(base_id, charger, landing_s, charge_s)]
        ]
        if not slots:
            return None, math.inf
        slot = min(slots, key=lambda one: (one.start_s, one.charger))
        return slot, slot.end_s

    def _gap_s(self, base_id: str, charger: int, from_s: int, lasts_s: int) -> int:
        start_s = from_s
        for busy_s, free_s in self.chargers[base_id, charger]:
            if free_s > start_s:
                if busy_s >= start_s + lasts_s:
                    break
                start_s = free_s
        return start_s

    def fly_pack(
        self, pack: Pack, end_site_id: str, landing_s: int, charge_s: int
    ) -> ChargeSlot | None:
        """Book the charging of a sortie's pack and its change of base."""
        del charge_s  # The drone type says it.
        type_id = pack.id.split("/")[1]
        slot, full_s = self._charge(end_site_id, landing_s, type_id)
        takeoff_s = landing_s - self.ends_at[1]
        if "packs" in self.ignored:
            return None
        if not self._is_spare(pack.site_id, type_id, takeoff_s, end_site_id, full_s):
            raise BlockedError
        self._count(pack.site_id, type_id, takeoff_s, -1)
        if slot is not None:
            self._count(end_site_id, type_id, slot.end_s, 1)
            spans = self.chargers[end_site_id, slot.charger]
            span = (slot.start_s, slot.end_s)
            insort(spans, span)
            self._undos.append(lambda: spans.remove(span))
        return slot

    def _count(self, base_id: str, type_id: str, time_s: int, change: int) -> None:
        row, entry = self.counts[base_id, type_id], (time_s, change)
        insort(row, entry)
        self._undos.append(lambda: row.remove(entry))


def open_ledger(network: Network, plan: Plan, ignored: frozenset[Resource]) -> Ledger:
    """The ledger of a plan."""
    ledger = Ledger(network, ignored=ignored)
    types = {drone.id: drone.type_id for drone in network.drones}
    for sortie in plan.sorties:
        type_id = types[sortie.drone_id]
        ledger.supervise(sortie.start_s, sortie.end_s)
        insort(ledger.counts[sortie.stops[0].site_id, type_id], (sortie.start_s, -1))
        charge = sortie.charge
        if charge is not None:
            end_id = sortie.stops[-1].site_id
            insort(ledger.counts[end_id, type_id], (charge.end_s, 1))
            insort(ledger.chargers[end_id, charge.charger], (charge.start_s, charge.end_s))
        for site_id, pad, visit in _visits(network, sortie):
            ledger.hold_pad(site_id, pad, visit)
    return ledger


def _visits(network: Network, sortie: Sortie) -> list[tuple[str, int, Visit]]:
    """Who holds which pad when, as docs/design.md R8 counts it."""
    rules, held = network.rules, []
    for stop in sortie.stops:
        if stop.landing_s is None:
            assert stop.takeoff_s is not None
            start_s, end_s = stop.takeoff_s - rules.pad_prepare_s, stop.takeoff_s
            moves = (end_s, end_s)
        elif stop.takeoff_s is None:
            start_s, end_s = stop.landing_s, stop.landing_s + rules.pad_clear_s
            moves = (start_s, start_s)
        else:
            start_s, end_s = stop.landing_s, stop.takeoff_s
            moves = (start_s, end_s)
        held.append((stop.site_id, stop.pad, Visit(start_s, end_s, *moves, sortie.drone_id)))
    return held
