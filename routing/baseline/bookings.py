"""What is already taken: pads, packs, chargers and pilots, booked sortie by sortie.

Owns the ledgers and says how much later a use would have to be where it does not fit. Does not
know orders or how a sortie is flown.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from routing.network import Network, Rules


class Visit(NamedTuple):
    """A drone on a pad: the span in which it holds it, its movements there, and who it is."""

    start_s: int
    end_s: int
    first_move_s: int
    last_move_s: int
    drone_id: str

    @classmethod
    def at_stop(
        cls, rules: Rules, landing_s: int | None, takeoff_s: int | None, drone_id: str
    ) -> Visit:
        """The hold of one stop of a sortie: no landing at its first, no take-off at its last."""
        if landing_s is None:
            assert takeoff_s is not None
            return cls(takeoff_s - rules.pad_prepare_s, takeoff_s, takeoff_s, takeoff_s, drone_id)
        if takeoff_s is None:
            return cls(landing_s, landing_s + rules.pad_clear_s, landing_s, landing_s, drone_id)
        return cls(landing_s, takeoff_s, landing_s, takeoff_s, drone_id)


@dataclass(slots=True)
class Pack:
    """A pack: where it is and from when on it is full; ``None`` when it never will be again."""

    id: str
    site_id: str
    full_s: int | None


class ChargeSlot(NamedTuple):
    """A span on a charger of a base."""

    charger: int
    start_s: int
    end_s: int


@dataclass(slots=True)
class Bookings:
    """The ledgers of one day. Every booking can be undone, last first, through ``mark``/``undo``.

    Attributes:
        pads: visits in order of time by (site, pad); longest_s: longest hold so far.
        packs: by drone type; chargers: spans in order of time by (base, charger).
        sorties: (start, end) of every sortie, in order of time; longest_sortie_s of them.
    """

    network: Network
    pads: dict[tuple[str, int], list[Visit]] = field(default_factory=lambda: defaultdict(list))
    packs: dict[str, list[Pack]] = field(default_factory=lambda: defaultdict(list))
    chargers: dict[tuple[str, int], list[tuple[int, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    sorties: list[tuple[int, int]] = field(default_factory=list)
    longest_s: int = 0
    longest_sortie_s: int = 0
    _undos: list[Callable[[], object]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for base in self.network.bases:
            for type_id, count in base.packs.items():
                self.packs[type_id] += [
                    Pack(f"{base.site_id}-{type_id}-{number}", base.site_id, 0)
                    for number in range(1, count + 1)
                ]

    def mark(self) -> int:
        """Where the bookings stand, for ``undo``."""
        return len(self._undos)

    def undo(self, mark: int) -> None:
        """Take back every booking since the mark."""
        while len(self._undos) > mark:
            self._undos.pop()()

    def find_pad(self, site_id: str, visit: Visit, pads: int) -> tuple[int, int]:
        """The first free pad and 0, or -1 and the seconds by which the visit would fit later."""
        soonest_s = -1
        for pad in range(pads):
            later_s = self._pad_wait_s(self.pads[site_id, pad], visit)
            if later_s == 0:
                return pad, 0
            soonest_s = later_s if soonest_s < 0 else min(soonest_s, later_s)
        return -1, soonest_s

    def _pad_wait_s(self, visits: list[Visit], visit: Visit) -> int:
        headway_s = self.network.rules.headway_s
        reach_s = self.longest_s + headway_s
        idx = bisect_left(visits, (visit.start_s - reach_s,))
        later_s = 0
        while idx < len(visits) and visits[idx].start_s <= visit.end_s + reach_s:
            other = visits[idx]
            idx += 1
            is_clear = other.drone_id == visit.drone_id or (
                (other.end_s <= visit.start_s or visit.end_s <= other.start_s)
                and _moves_apart_s(other, visit) >= headway_s
            )
            if not is_clear:
                after_hold_s = other.end_s - visit.start_s
                after_move_s = other.last_move_s + headway_s - visit.first_move_s
                later_s = max(later_s, after_hold_s, after_move_s)
        return later_s

    def hold_pad(self, site_id: str, pad: int, visit: Visit) -> None:
        """Book a visit."""
        visits, longest_s = self.pads[site_id, pad], self.longest_s
        insort(visits, visit)
        self.longest_s = max(longest_s, visit.end_s - visit.start_s)
        self._undos.append(lambda: visits.remove(visit))

    def find_pack(self, site_id: str, type_id: str, takeoff_s: int) -> tuple[Pack | None, int]:
        """A full pack and 0; or None and the seconds until one is full, -1 where none is here."""
        here = [
            (pack.full_s, pack.id, pack)
            for pack in self.packs[type_id]
            if pack.site_id == site_id and pack.full_s is not None
        ]
        if not here:
            return None, -1
        full_s, _, pack = min(here)
        return (pack, 0) if full_s <= takeoff_s else (None, full_s - takeoff_s)

    def fly_pack(
        self, pack: Pack, end_site_id: str, landing_s: int, charge_s: int
    ) -> ChargeSlot | None:
        """Move a pack to the end of its sortie and put it on the first charger that is free."""
        before = (pack.site_id, pack.full_s)

        def put_back() -> None:
            pack.site_id, pack.full_s = before

        self._undos.append(put_back)
        pack.site_id, pack.full_s = end_site_id, None
        base = self.network.base(end_site_id)
        slots = [
            ChargeSlot(charger, start_s, start_s + charge_s)
            for charger in range(base.chargers if base else 0)
            for start_s in [_first_gap_s(self.chargers[end_site_id, charger], landing_s, charge_s)]
        ]
        if not slots:
            return None
        slot = min(slots, key=lambda one: (one.start_s, one.charger))
        spans = self.chargers[end_site_id, slot.charger]
        span = (slot.start_s, slot.end_s)
        insort(spans, span)
        self._undos.append(lambda: spans.remove(span))
        pack.full_s = slot.end_s
        return slot

    def supervision_wait_s(self, start_s: int, end_s: int) -> int:
        """Seconds by which a sortie must be later to be supervised, 0 for none, -1 for never."""
        rules = self.network.rules
        if not rules.pilot_shifts:
            return 0
        idx = bisect_left(self.sorties, (start_s - self.longest_sortie_s,))
        others = []
        while idx < len(self.sorties) and self.sorties[idx][0] < end_s:
            if self.sorties[idx][1] > start_s:
                others.append(self.sorties[idx])
            idx += 1
        bounds = [time_s for shift in rules.pilot_shifts for time_s in shift.window]
        times = {start_s, *(other[0] for other in others), *bounds}
        for time_s in sorted(time_s for time_s in times if start_s <= time_s < end_s):
            busy = [other for other in others if other[0] <= time_s < other[1]]
            if len(busy) + 1 > self._supervised(time_s):
                later = [one for one in (*(b[1] for b in busy), *bounds) if one > time_s]
                return min(later) - start_s if later else -1
        return 0

    def _supervised(self, time_s: int) -> int:
        rules = self.network.rules
        on_duty = sum(
            shift.pilots
            for shift in rules.pilot_shifts
            if shift.window.start_s <= time_s < shift.window.end_s
        )
        return on_duty * rules.supervised_per_pilot

    def supervise(self, start_s: int, end_s: int) -> None:
        """Book the supervision of a sortie."""
        span = (start_s, end_s)
        insort(self.sorties, span)
        self.longest_sortie_s = max(self.longest_sortie_s, end_s - start_s)
        self._undos.append(lambda: self.sorties.remove(span))


def _moves_apart_s(one: Visit, other: Visit) -> int:
    return min(
        abs(here - there)
        for here in (one.first_move_s, one.last_move_s)
        for there in (other.first_move_s, other.last_move_s)
    )


def _first_gap_s(spans: list[tuple[int, int]], from_s: int, lasts_s: int) -> int:
    start_s = from_s
    for span in spans:
        if span[1] <= start_s:
            continue
        if span[0] >= start_s + lasts_s:
            break
        start_s = span[1]
    return start_s
