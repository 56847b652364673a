"""One sortie on the desk: which sites it calls at, and the soonest it can be flown.

Owns the timing of a sortie against rules and bookings. Does not choose drones or sorties.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from routing.baseline.bookings import Bookings, ChargeSlot, Pack, Visit
from routing.legs import LegTable, LegTables
from routing.network import Drone, Network, Site, Window
from routing.orders import Order

DAY_S = 86_400
MOST_TRIES = 400
"""Later and later starts tried for one sortie before the desk gives it up."""


class Outline(NamedTuple):
    """The sites of a sortie and the stops at which the order is loaded and unloaded.

    A ferry loads nothing: both stops are -1.
    """

    site_ids: tuple[str, ...]
    load_at: int = -1
    unload_at: int = -1


class StopTimes(NamedTuple):
    """Times of one stop; the ends of a sortie lack a landing or a take-off."""

    landing_s: int | None
    handover_s: tuple[int, int] | None
    takeoff_s: int | None


@dataclass(frozen=True, slots=True)
class Errand:
    """A sortie as booked.

    Attributes:
        times: of every stop; tables: leg table of every flight; pads: of every stop.
    """

    outline: Outline
    drone: Drone
    orders: tuple[Order, ...]
    times: tuple[StopTimes, ...]
    tables: tuple[LegTable, ...]
    pads: tuple[int, ...]
    pack: Pack
    pack_id: str
    charge: ChargeSlot | None

    @property
    def start_s(self) -> int:
        """First take-off."""
        takeoff_s = self.times[0].takeoff_s
        assert takeoff_s is not None
        return takeoff_s

    @property
    def end_s(self) -> int:
        """Last landing."""
        landing_s = self.times[-1].landing_s
        assert landing_s is not None
        return landing_s

    @property
    def loaded_s(self) -> int:
        """Start of the pickup handover."""
        handover = self.times[self.outline.load_at].handover_s
        assert handover is not None
        return handover[0]

    @property
    def received_s(self) -> int:
        """End of the unloading handover."""
        handover = self.times[self.outline.unload_at].handover_s
        assert handover is not None
        return handover[1]


class BlockedError(Exception):
    """A sortie cannot start then; ``later_s`` seconds later it might, 0 for never."""

    def __init__(self, later_s: int = 0) -> None:
        self.later_s = later_s
        super().__init__()


class Layout(NamedTuple):
    """Times and tables of a sortie for one take-off, before anything is booked."""

    times: tuple[StopTimes, ...]
    tables: tuple[LegTable, ...]


@dataclass(frozen=True, slots=True)
class Flyer:
    """Flies outlines against the network's rules, its legs and the bookings."""

    network: Network
    legs: LegTables
    bookings: Bookings
    sites: dict[str, Site]

    def fly(
        self, outline: Outline, drone: Drone, orders: tuple[Order, ...], takeoff_s: int
    ) -> Errand | None:
        """Book the outline at the soonest take-off from a time on; None when it never fits."""
        for _ in range(MOST_TRIES):
            try:
                return self._fly_at(outline, drone, orders, takeoff_s)
            except BlockedError as blocked:
                if blocked.later_s <= 0:
                    return None
                takeoff_s += blocked.later_s
        return None

    def _fly_at(
        self, outline: Outline, drone: Drone, orders: tuple[Order, ...], takeoff_s: int
    ) -> Errand:
        if takeoff_s < drone.duty.start_s:
            raise BlockedError(drone.duty.start_s - takeoff_s)
        layout = self._lay_out(outline, drone, orders, takeoff_s)
        end_s = layout.times[-1].landing_s
        assert end_s is not None
        self._check_span(drone, takeoff_s, end_s)
        _check_rides(outline, layout.times, orders)
        if not self.has_energy(outline, layout.tables, orders):
            raise BlockedError(self._next_period_s(drone, takeoff_s))
        pads = self._find_pads(outline, drone, layout)
        start_id, end_id = outline.site_ids[0], outline.site_ids[-1]
        pack, later_s = self.bookings.find_pack(start_id, drone.type_id, takeoff_s)
        if pack is None:
            raise BlockedError(later_s)
        later_s = self.bookings.supervision_wait_s(takeoff_s, end_s)
        if later_s:
            raise BlockedError(later_s)
        for site_id, pad, visit in pads:
            self.bookings.hold_pad(site_id, pad, visit)
        self.bookings.supervise(takeoff_s, end_s)
        charge_s = self.network.drone_types[drone.type_id].charge_s
        charge = self.bookings.fly_pack(pack, end_id, end_s, charge_s)
        chosen = tuple(pad for _, pad, _ in pads)
        return Errand(
            outline, drone, orders, layout.times, layout.tables, chosen, pack, pack.id, charge
        )

    def _check_span(self, drone: Drone, takeoff_s: int, end_s: int) -> None:
        limit_s = self.network.rules.sortie_max_s
        if end_s > drone.duty.end_s or (limit_s is not None and end_s - takeoff_s > limit_s):
            raise BlockedError

    def _next_period_s(self, drone: Drone, time_s: int) -> int:
        """Seconds until the weather or the zones change; 0 when they do not any more."""
        tables = self.legs.tables[drone.type_id]
        return next((one.start_s - time_s for one in tables if one.start_s > time_s), 0)

    def _lay_out(
        self, outline: Outline, drone: Drone, orders: tuple[Order, ...], takeoff_s: int
    ) -> Layout:
        first = self.sites[outline.site_ids[0]]
        handover = None
        if outline.load_at == 0:
            handover = (takeoff_s - first.handover_s, takeoff_s)
            self._check_handover(first, handover[0], orders, is_pickup=True)
        times = [StopTimes(None, handover, takeoff_s)]
        tables = []
        last = len(outline.site_ids) - 1
        for idx in range(1, last + 1):
            table, landing_s = self._fly_leg(drone, outline.site_ids[idx - 1 : idx + 1], takeoff_s)
            tables.append(table)
            site = self.sites[outline.site_ids[idx]]
            handover = None
            if idx in (outline.load_at, outline.unload_at):
                handover = (landing_s, landing_s + site.handover_s)
                is_pickup = idx == outline.load_at
                self._check_handover(site, landing_s, orders, is_pickup=is_pickup)
            takeoff_s = handover[1] if handover else landing_s
            times.append(StopTimes(landing_s, handover, None if idx == last else takeoff_s))
        return Layout(tuple(times), tuple(tables))

    def _fly_leg(
        self, drone: Drone, site_ids: tuple[str, ...], takeoff_s: int
    ) -> tuple[LegTable, int]:
        table = self.legs.for_type(drone.type_id, takeoff_s)
        origin, destination = (table.site_index[site_id] for site_id in site_ids)
        flight_s = self.legs.flight_s(drone.type_id, origin, destination, takeoff_s)
        if math.isinf(flight_s):
            raise BlockedError(self._next_period_s(drone, takeoff_s))
        landing_s = takeoff_s + int(flight_s)
        if not self.network.drone_types[drone.type_id].night_ok:
            self._check_daylight(takeoff_s, landing_s)
        return table, landing_s

    def _check_daylight(self, takeoff_s: int, landing_s: int) -> None:
        rules = self.network.rules
        midnight_s = takeoff_s // DAY_S * DAY_S
        if takeoff_s < midnight_s + rules.sunrise_s:
            raise BlockedError(midnight_s + rules.sunrise_s - takeoff_s)
        if landing_s > midnight_s + rules.sunset_s:
            raise BlockedError(midnight_s + DAY_S + rules.sunrise_s - takeoff_s)

    def _check_handover(
        self, site: Site, start_s: int, orders: tuple[Order, ...], *, is_pickup: bool
    ) -> None:
        """Later by what a handover here must wait: the drone waits on the ground before it."""
        opens = [span for span in site.hours if start_s <= span.end_s - site.handover_s]
        later_s = _wait_s(opens, start_s)
        for order in orders:
            windows = order.pickup_windows if is_pickup else order.delivery_windows
            if windows:
                later_s = max(later_s, _wait_s([w for w in windows if w.end_s >= start_s], start_s))
            if is_pickup:
                later_s = max(later_s, order.ready_s - start_s)
            elif start_s + site.handover_s > order.deadline_s:
                raise BlockedError
        if later_s > 0:
            raise BlockedError(later_s)

    def has_energy(
        self, outline: Outline, tables: tuple[LegTable, ...], orders: tuple[Order, ...]
    ) -> bool:
        """Whether one pack flies the outline with its reserves (R4)."""
        rules = self.network.rules
        available = min(table.available_pack for table in tables)
        mass_kg = sum(order.mass_kg for order in orders)
        used = 0.0
        for idx, table in enumerate(tables):
            origin = table.site_index[outline.site_ids[idx]]
            destination = table.site_index[outline.site_ids[idx + 1]]
            load_kg = mass_kg if outline.load_at <= idx < outline.unload_at else 0.0
            used += table.energy_pack(origin, destination, load_kg)
            if rules.has_diversion_reserve:
                spare = table.diversion_pack(destination, load_kg, rules.diversion_hover_s)
                if not used + spare <= available:
                    return False
        return used <= available * (1.0 - rules.reserve_frac)

    def _find_pads(
        self, outline: Outline, drone: Drone, layout: Layout
    ) -> list[tuple[str, int, Visit]]:
        found = []
        for site_id, (landing_s, _, takeoff_s) in zip(outline.site_ids, layout.times, strict=True):
            visit = Visit.at_stop(self.network.rules, landing_s, takeoff_s, drone.id)
            pad, later_s = self.bookings.find_pad(site_id, visit, self.sites[site_id].pads)
            if pad < 0:
                raise BlockedError(later_s)
            found.append((site_id, pad, visit))
        return found


def _check_rides(outline: Outline, times: tuple[StopTimes, ...], orders: tuple[Order, ...]) -> None:
    """Time on board does not change with the take-off: too long once is too long for ever."""
    loaded, unloaded = times[outline.load_at].handover_s, times[outline.unload_at].handover_s
    if not orders or loaded is None or unloaded is None:
        return
    limits = [order.ride_limit_s for order in orders if order.ride_limit_s is not None]
    if limits and unloaded[1] - loaded[0] > min(limits):
        raise BlockedError


def _wait_s(spans: list[Window], start_s: int) -> int:
    """Seconds until one of the spans is open; never, when there is none left."""
    if not spans:
        raise BlockedError
    return max(0, min(span.start_s for span in spans) - start_s)
