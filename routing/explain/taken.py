"""Why an order that could fly alone has no room in a plan: the resource that others have taken.

Owns the proof: the plan stays as it is, one resource at a time is lifted, and the one with which
the order fits is the binding one. Does not know words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from routing.baseline.bookings import Bookings, Visit
from routing.baseline.errand import Errand
from routing.explain.ledger import RESOURCES, Ledger, Resource, open_ledger
from routing.explain.rides import Ride, find_rides
from routing.explain.trial import NONE, Fit, Trials
from routing.legs import LegTables
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan

FORBIDDEN = ("segregation", "bands")
"""What keeps an order off a sortie that passes by a rule. A full box or a low pack does not
explain why no sortie of its own fits: that is looked for first."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an order would need beside the plan.

    Attributes:
        missing: resources that must be lifted together: ``pads``, ``packs``, ``pilots`` or
            ``drones``; empty when it fits as it is.
        fit: the sorties that carry it then; None when it needs more than is looked at.
        ride: a sortie of the plan that passes its way, when one thing alone keeps it off.
        places: site ids where a pad or pack is missing.
    """

    missing: tuple[str, ...]
    fit: Fit | None = None
    ride: Ride | None = None
    places: tuple[str, ...] = ()


@dataclass(slots=True)
class FullDay:
    """A plan in which orders are left behind."""

    network: Network
    orders: Mapping[str, Order]
    legs: LegTables
    plan: Plan
    trials: Trials = field(init=False)

    def __post_init__(self) -> None:
        self.trials = Trials(self.network, self.legs, self.plan)

    def find_taken(self, order: Order) -> Taken:
        """The least that an order needs beside the plan: nothing, one resource, or several."""
        rides = find_rides(self.network, self.orders, self.legs, self.plan, order)
        if rides and not rides[0].obstacles:
            return Taken((), ride=rides[0])
        fit = self.trials.find_fit(order)
        if fit is not None:
            return Taken((), fit=fit)
        if rides and len(rides[0].obstacles) == 1 and rides[0].obstacles[0] in FORBIDDEN:
            return Taken((), ride=rides[0])
        taken = self.find_missing(order)
        if taken.fit is None and rides and len(rides[0].obstacles) == 1:
            return Taken((), ride=rides[0])
        return taken

    def find_missing(self, order: Order) -> Taken:
        """The least that a sortie of an order's own needs: one resource, or a drone and more."""
        for name in RESOURCES:
            fit = self.trials.find_fit(order, ignored=frozenset({name}))
            if fit is not None:
                return Taken((name,), fit=fit, places=self._places(fit, (name,)))
        return self._without_drone(order)

    def _without_drone(self, order: Order) -> Taken:
        """What is missing beside a drone: nothing, one resource more, or all of them."""
        lifts: list[tuple[Resource, ...]] = [(), *((name,) for name in RESOURCES), RESOURCES]
        for names in lifts:
            ignored = frozenset(names) if names else NONE
            fit = self.trials.find_fit(order, ignored=ignored, adds_drone=True)
            if fit is not None:
                return Taken(("drones", *names), fit=fit, places=self._places(fit, names))
        return Taken(("drones", *RESOURCES))

    def _places(self, fit: Fit, names: tuple[Resource, ...]) -> tuple[str, ...]:
        """Where the sorties of a fit meet a full pad, or a base without a full pack."""
        ledger = open_ledger(self.network, self.plan, NONE)
        found: list[str] = []
        for errand in fit.errands:
            if "pads" in names:
                found += _full_pads(self.network, ledger, errand)
            if "packs" in names:
                start_id, end_id = errand.outline.site_ids[0], errand.outline.site_ids[-1]
                ledger.expect(end_id, errand.end_s - errand.start_s)
                type_id = errand.drone.type_id
                if ledger.find_pack(start_id, type_id, errand.start_s)[0] is None:
                    found.append(start_id)
        return tuple(dict.fromkeys(found))


def _full_pads(network: Network, ledger: Ledger, errand: Errand) -> list[str]:
    full = []
    for site_id, (landing_s, _, takeoff_s) in zip(
        errand.outline.site_ids, errand.times, strict=True
    ):
        visit = Visit.at_stop(network.rules, landing_s, takeoff_s, errand.drone.id)
        if Bookings.find_pad(ledger, site_id, visit, network.site(site_id).pads)[0] < 0:
            full.append(site_id)
    return full
