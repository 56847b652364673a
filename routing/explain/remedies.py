"""The smallest single change that would carry an order, verified by planning again.

Owns which changes are tried and what "smallest" means for each: the change as it is carries the
order, one step less does not. Both are found by the same deterministic procedure
(``routing.explain.again``); a search of few iterations may miss a plan, so "does not" is as strong
as that search. Does not know words.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from routing.baseline.errand import Errand
from routing.errors import InputError
from routing.explain.again import Again, Effort
from routing.explain.explain import Explainer
from routing.explain.taken import Taken
from routing.explain.trial import Fit, Trials
from routing.legs import LegTables
from routing.network import Network, Window
from routing.orders import Order
from routing.plan import Plan
from routing.whatif.changes import (
    AddChargers,
    AddDrones,
    AddPacks,
    AddPads,
    AddPilots,
    Change,
    ShiftOrder,
)
from routing.whatif.scenario import Scenario, apply_scenario

PATIENCE = 5
"""That a day cannot carry an order without a change, or with one step less of it, is said after a
search of so many times the iterations: what a longer search carries needs no drone bought."""
MINUTE_S = 60
MOST_MIN = 240
"""A shift of ready time or deadline past four hours is no small change."""
DUTY_STEP_S = 900
"""A drone or a pilot more is asked for by quarter hours."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """One change that carries an order, and one step less that does not.

    Attributes:
        change: the change; None when planning again carries the order without any.
        less: the change one step smaller that was tried and does not carry the order, each of
            them; empty for None. A drone's or a pilot's duty has two: shorter at its start and at
            its end; one pack, charger or pad less is the day as it stands.
        plan: the proven plan with the change.
    """

    order_id: str
    change: Change | None
    less: tuple[Change, ...]
    plan: Plan


@dataclass(slots=True)
class Remedies:
    """Finds remedies for the orders of one plan.

    Attributes:
        network, orders, legs, plan: a valid plan with its input.
    """

    network: Network
    orders: tuple[Order, ...]
    legs: LegTables
    plan: Plan
    effort: Effort = field(default_factory=Effort)
    again: Again = field(init=False)
    _patient: Again = field(init=False)
    _explainer: Explainer = field(init=False)

    def __post_init__(self) -> None:
        self.again = Again(self.network, self.orders, self.legs, self.plan, self.effort)
        longer = Effort(PATIENCE * self.effort.iterations, self.effort.seeds)
        self._patient = Again(self.network, self.orders, self.legs, self.plan, longer)
        self._explainer = Explainer(self.network, self.orders, self.legs, self.plan)

    def find(self, order: Order) -> tuple[Remedy, ...]:
        """Every kind of single change that carries an order, each at its smallest.

        For an order that is left behind, or (late) received past its target: carried then means
        received by the target. Kinds: ready earlier, deadline later, one drone or one pilot more
        for a span, one pack or charger more at a base, one pad more at a site. Empty when none of
        them does.
        """
        asked = self.asked(order)
        plan = self.carries(asked, None)
        if plan is not None:
            return (Remedy(order.id, None, (), plan),)
        taken = self._explainer.find_taken(asked)
        found: list[Remedy | None] = [self._shift(asked, is_deadline=False)]
        if asked is order:  # A late order's deadline was never the trouble.
            found.append(self._shift(asked, is_deadline=True))
        if taken is not None:
            found += [self._drone(asked), self._pilot(asked, taken), *self._places(asked, taken)]
        return tuple(one for one in found if one is not None)

    def carries(
        self, order: Order, change: Change | None, *, patiently: bool = False
    ) -> Plan | None:
        """The proven plan with a change that carries an order; None when none is found.

        Args:
            order: as asked for: a late one with its target as its deadline.
            patiently: with ``PATIENCE`` times the iterations; always so without a change.
        """
        orders = tuple(order if one.id == order.id else one for one in self.orders)
        if change is None:
            return self._patient.carry(order.id, self.network, orders)
        try:
            changed = apply_scenario(self.network, orders, Scenario("try", (change,)))
        except InputError:
            return None
        return (self._patient if patiently else self.again).carry(order.id, *changed)

    def asked(self, order: Order) -> Order:
        """The order as a change must carry it: a late one with its target as its deadline."""
        is_left = any(left.order_id == order.id for left in self.plan.unserved)
        if is_left or order.target_s is None:
            return order
        return replace(order, deadline_s=order.target_s)

    def _shift(self, order: Order, *, is_deadline: bool) -> Remedy | None:
        """Deadline later or ready earlier by the least whole minutes."""

        def change(minutes: int) -> Change:
            moved_s = minutes * MINUTE_S
            if is_deadline:
                return ShiftOrder(order.id, deadline_s=moved_s)
            return ShiftOrder(order.id, ready_s=-moved_s)

        most = MOST_MIN if is_deadline else min(MOST_MIN, order.ready_s // MINUTE_S)
        start = self._first_fitting(order, change, most)
        best: tuple[int, Plan] | None = None
        if start is not None and (plan := self.carries(order, change(start))) is not None:
            best = (start, plan)
        elif (plan := self.carries(order, change(most))) is not None:
            best = (most, plan)
        if best is None:
            return None
        return self._smallest(order, change, best)

    def _smallest(
        self, order: Order, change: Callable[[int], Change], best: tuple[int, Plan]
    ) -> Remedy:
        """Halve towards nothing, until one minute less does not carry even patiently."""
        best = self._halve(order, change, best, patiently=False)
        less = (change(best[0] - 1),) if best[0] > 1 else ()
        plan = self.carries(order, less[0], patiently=True) if less else None
        if plan is not None:
            best = self._halve(order, change, (best[0] - 1, plan), patiently=True)
            less = (change(best[0] - 1),) if best[0] > 1 else ()
        return Remedy(order.id, change(best[0]), less, best[1])

    def _halve(
        self,
        order: Order,
        change: Callable[[int], Change],
        best: tuple[int, Plan],
        *,
        patiently: bool,
    ) -> tuple[int, Plan]:
        low = 0
        while best[0] - low > 1:
            middle = (low + best[0]) // 2
            plan = self.carries(order, change(middle), patiently=patiently)
            if plan is None:
                low = middle
            else:
                best = (middle, plan)
        return best

    def _first_fitting(
        self, order: Order, change: Callable[[int], Change], most: int
    ) -> int | None:
        """The least minutes with which a sortie of its own fits beside the plan."""
        trials = Trials(self.network, self.legs, self.plan)

        def fits(minutes: int) -> bool:
            scenario = Scenario("try", (change(minutes),))
            _, (moved,) = apply_scenario(self.network, (order,), scenario)
            return trials.find_fit(moved) is not None

        if not fits(most):
            return None
        low, high = 0, most
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if fits(middle) else (middle, high)
        return high

    def _drone(self, order: Order) -> Remedy | None:
        """One drone more, on duty no longer than it must be."""
        fit = Trials(self.network, self.legs, self.plan).find_fit(order, adds_drone=True)
        if fit is None:
            return None
        kind, base_id = fit.drone.type_id, fit.drone.home_site_id

        def change(span: tuple[int, int]) -> Change:
            return AddDrones(1, base_id, kind, Window(*span))

        return self._shortest_duty(order, change, fit)

    def _pilot(self, order: Order, taken: Taken) -> Remedy | None:
        """One pilot more, on duty no longer than it must be."""
        if taken.fit is None or "pilots" not in taken.missing:
            return None

        def change(span: tuple[int, int]) -> Change:
            return AddPilots(1, Window(*span))

        return self._shortest_duty(order, change, taken.fit)

    def _shortest_duty(
        self,
        order: Order,
        change: Callable[[tuple[int, int]], Change],
        fit: Fit,
    ) -> Remedy | None:
        """The fit's own span in whole steps, then step by step shorter while it carries."""
        span = (
            math.floor(fit.begins_s / DUTY_STEP_S) * DUTY_STEP_S,
            math.ceil(fit.ends_s / DUTY_STEP_S) * DUTY_STEP_S,
        )
        plan = self.carries(order, change(span))
        while plan is not None:
            shorter = ((span[0] + DUTY_STEP_S, span[1]), (span[0], span[1] - DUTY_STEP_S))
            tried = [one for one in shorter if one[1] > one[0]]
            for one in tried:
                less = self.carries(order, change(one), patiently=True)
                if less is not None:
                    span, plan = one, less
                    break
            else:
                return Remedy(order.id, change(span), tuple(change(one) for one in tried), plan)
        return None

    def _places(self, order: Order, taken: Taken) -> list[Remedy | None]:
        """One pack, charger or pad more, where the proof of the reason found one missing."""
        changes: list[Change] = []
        for site_id in taken.places:
            if "pads" in taken.missing:
                changes.append(AddPads(1, site_id))
            base = self.network.base(site_id)
            if "packs" in taken.missing and base is not None:
                kinds = sorted({errand.drone.type_id for errand in _errands(taken)})
                changes += [AddPacks(1, site_id, kind) for kind in kinds]
                changes.append(AddChargers(1, site_id))
        found: list[Remedy | None] = []
        for change in changes:
            plan = self.carries(order, change)
            found.append(None if plan is None else Remedy(order.id, change, (), plan))
        return found


def _errands(taken: Taken) -> Sequence[Errand]:
    return () if taken.fit is None else taken.fit.errands


def find_remedies(
    network: Network,
    orders: Sequence[Order],
    legs: LegTables,
    plan: Plan,
    effort: Effort | None = None,
) -> dict[str, tuple[Remedy, ...]]:
    """Remedies of every order that the plan leaves behind or brings late, by order id."""
    remedies = Remedies(network, tuple(orders), legs, plan, effort or Effort())
    wanted = {left.order_id for left in plan.unserved} | late_orders(orders, plan)
    return {order.id: remedies.find(order) for order in orders if order.id in wanted}


def late_orders(orders: Sequence[Order], plan: Plan) -> set[str]:
    """Ids of the orders that a plan brings past their target."""
    received = {
        order_id: stop.handover_end_s
        for sortie in plan.sorties
        for stop in sortie.stops
        for order_id in stop.unloaded
    }
    return {
        order.id
        for order in orders
        if order.target_s is not None
        and (end_s := received.get(order.id)) is not None
        and end_s > order.target_s
    }
