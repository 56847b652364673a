"""First-come-first-served dispatch: what a desk does by hand, order by order, as they come.

Owns the order of decisions. At every moment - an order becomes ready, a drone comes free - the
waiting orders are taken in turn: stat first, then urgent, then routine, each by ready time. An
order goes to the drone that hands it over earliest; if that one is busy, the order waits for it.
Orders of the same origin that wait at that moment and go to the same place ride along where they
fit. The drone flies out and home again. Nothing is held back for orders that may come.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

from routing.baseline.bookings import Bookings
from routing.baseline.errand import Errand, Flyer
from routing.baseline.jobs import Job, Jobs
from routing.baseline.written import write_plan
from routing.legs import LegTables
from routing.network import TIERS, Drone, Network
from routing.orders import Order
from routing.plan import Plan

SOON_S = 900
"""A job that could only start later than this is decided later: the desk does not look ahead."""
RETRY_S = 600
"""When nothing can carry an order now, the desk looks again after this time."""


def dispatch_first_come(network: Network, orders: Sequence[Order], legs: LegTables) -> Plan:
    """The plan of a desk that serves orders as they come (see the module's text).

    Args:
        network, orders: the input, as read; legs: leg tables of the network's drone types.

    Returns:
        A plan that obeys R1-R9 and R11; orders it cannot serve are unserved with a reason. It
        has no bound.
    """
    desk = _Desk(network, legs)
    desk.run(orders)
    return write_plan(network, orders, desk.errands, desk.unreachable)


@dataclass(slots=True)
class _Desk:
    network: Network
    legs: LegTables
    errands: list[Errand] = field(default_factory=list)
    unreachable: set[str] = field(default_factory=set)
    _free_s: dict[str, int] = field(default_factory=dict)
    _again_s: dict[str, int] = field(default_factory=dict)
    _moments: list[int] = field(default_factory=list)
    _bookings: Bookings = field(init=False)
    _flyer: Flyer = field(init=False)
    _jobs: Jobs = field(init=False)

    def __post_init__(self) -> None:
        self._bookings = Bookings(self.network)
        sites = {site.id: site for site in self.network.sites}
        self._flyer = Flyer(self.network, self.legs, self._bookings, sites)
        self._jobs = Jobs(self.network, self._flyer)
        self._free_s = {drone.id: drone.duty.start_s for drone in self.network.drones}

    def run(self, orders: Sequence[Order]) -> None:
        """Decide moment by moment until no order waits or nothing more can happen."""
        self.unreachable = {order.id for order in orders if not self._can_reach(order)}
        reachable = (order for order in orders if order.id not in self.unreachable)
        upcoming = sorted(reachable, key=lambda order: order.ready_s, reverse=True)
        waiting: list[Order] = []
        at_hand = {max(0, self._acts_s(drone)) for drone in self.network.drones}
        self._moments = sorted({order.ready_s for order in upcoming} | at_hand)
        done_s = -1
        while self._moments and (upcoming or waiting):
            now_s = heapq.heappop(self._moments)
            if now_s == done_s:
                continue
            done_s = now_s
            while upcoming and upcoming[-1].ready_s <= now_s:
                waiting.append(upcoming.pop())
            waiting = [order for order in waiting if order.deadline_s >= now_s]
            waiting.sort(key=lambda order: (TIERS.index(order.tier), order.ready_s, order.id))
            waiting = self._decide(waiting, now_s)

    def _decide(self, waiting: list[Order], now_s: int) -> list[Order]:
        """Dispatch what can start now; returns the orders that go on waiting."""
        gone: set[str] = set()
        for order in waiting:
            if order.id in gone or self._again_s.get(order.id, now_s) > now_s:
                continue
            if not any(self._acts_s(drone) <= now_s for drone in self.network.drones):
                break
            best = self._best(order, now_s)
            if best is None:
                self._look_again(order, now_s + RETRY_S)
                continue
            drone, job = best
            if self._acts_s(drone) > now_s:
                self._look_again(order, self._acts_s(drone))
                continue
            mark = self._bookings.mark()
            errands = self._fly(drone, job, (order,), now_s)
            assert errands is not None
            self._bookings.undo(mark)
            begins_s = errands[0].start_s - self._loading_s(job)
            if begins_s > now_s + SOON_S:
                self._look_again(order, begins_s - SOON_S)
                continue
            riders = self._riders(
                order, [one for one in waiting if one.id not in gone], errands, job
            )
            errands = self._fly(drone, job, riders, now_s)
            assert errands is not None
            self._commit(drone, errands)
            gone |= {rider.id for rider in riders}
        return [order for order in waiting if order.id not in gone]

    def _can_reach(self, order: Order) -> bool:
        return any(self._jobs.of(order, drone) for drone in self.network.drones)

    def _look_again(self, order: Order, at_s: int) -> None:
        """The order waits until then, for the drone that is best for it now."""
        self._again_s[order.id] = at_s
        heapq.heappush(self._moments, at_s)

    def _best(self, order: Order, now_s: int) -> tuple[Drone, Job] | None:
        """The drone and job that hand the order over first, busy drones included."""
        ways = sorted(
            (
                max(now_s, self._free_s[drone.id]) + job.lead_s,
                job.total_s,
                drone.id,
                idx,
                drone,
                job,
            )
            for drone in self.network.drones
            for idx, job in enumerate(self._jobs.of(order, drone))
        )
        best: tuple[Drone, Job] | None = None
        best_s = order.deadline_s + 1
        for soonest_s, _, _, _, drone, job in ways:
            if soonest_s >= best_s:
                break
            mark = self._bookings.mark()
            errands = self._fly(drone, job, (order,), now_s)
            self._bookings.undo(mark)
            if errands is not None and errands[job.carrying_idx].received_s < best_s:
                best, best_s = (drone, job), errands[job.carrying_idx].received_s
        return best

    def _fly(
        self, drone: Drone, job: Job, orders: tuple[Order, ...], now_s: int
    ) -> list[Errand] | None:
        """Book a job's sorties one after the other; None, and nothing booked, where one fails."""
        mark = self._bookings.mark()
        takeoff_s = max(now_s + self._loading_s(job), self._free_s[drone.id])
        turnaround_s = self.network.drone_types[drone.type_id].turnaround_s
        errands: list[Errand] = []
        for idx, outline in enumerate(job.outlines):
            load = orders if idx == job.carrying_idx else ()
            errand = self._flyer.fly(outline, drone, load, takeoff_s)
            if errand is None:
                self._bookings.undo(mark)
                return None
            errands.append(errand)
            takeoff_s = errand.end_s + turnaround_s
        return errands

    def _loading_s(self, job: Job) -> int:
        """Handover before the first take-off, 0 where nothing is loaded at home."""
        first = job.outlines[0]
        return self._flyer.sites[first.site_ids[0]].handover_s if first.load_at == 0 else 0

    def _acts_s(self, drone: Drone) -> int:
        """When a drone is at hand: free, less the loading that is part of its turnaround."""
        return self._free_s[drone.id] - self._flyer.sites[drone.home_site_id].handover_s

    def _commit(self, drone: Drone, errands: list[Errand]) -> None:
        turnaround_s = self.network.drone_types[drone.type_id].turnaround_s
        self._free_s[drone.id] = errands[-1].end_s + turnaround_s
        heapq.heappush(self._moments, max(0, self._acts_s(drone)))
        self.errands += errands

    def _riders(
        self, order: Order, waiting: list[Order], errands: list[Errand], job: Job
    ) -> tuple[Order, ...]:
        """The order and those that wait for the same way and fit beside it, in their turn."""
        errand = errands[job.carrying_idx]
        riders = [order]
        for other in waiting:
            is_same_way = (
                other.id != order.id
                and other.origin == order.origin
                and errand.outline.site_ids[errand.outline.unload_at] in other.destinations
            )
            if is_same_way and self._fits([*riders, other], other, errand):
                riders.append(other)
        return tuple(riders)

    def _fits(self, riders: list[Order], newcomer: Order, errand: Errand) -> bool:
        kind = self.network.drone_types[errand.drone.type_id]
        mass_kg = sum(rider.mass_kg for rider in riders) + kind.box_tare_kg
        bands = {rider.band for rider in riders} - {"any"}
        groups = {rider.group for rider in riders}
        return (
            mass_kg <= kind.payload_max_kg + 1e-9
            and sum(rider.slots for rider in riders) <= kind.slots
            and len(bands) <= kind.compartments
            and not any(pair <= groups for pair in self.network.rules.exclusive_groups)
            and _is_on_time(newcomer, errand)
            and self._flyer.has_energy(errand.outline, errand.tables, tuple(riders))
        )


def _is_on_time(order: Order, errand: Errand) -> bool:
    handover = errand.times[errand.outline.unload_at].handover_s
    assert handover is not None
    ride_s = errand.received_s - errand.loaded_s
    return (
        order.ready_s <= errand.loaded_s
        and errand.received_s <= order.deadline_s
        and (order.ride_limit_s is None or ride_s <= order.ride_limit_s)
        and _is_inside(order.pickup_windows, errand.loaded_s)
        and _is_inside(order.delivery_windows, handover[0])
    )


def _is_inside(windows: Sequence[tuple[int, int]], time_s: int) -> bool:
    return not windows or any(start_s <= time_s <= end_s for start_s, end_s in windows)
