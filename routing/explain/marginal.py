"""Which one change helps a whole day most: the marginal value of a drone, pack, pad, minute.

Owns the changes that are weighed and how a value is found: the day is planned again with one
change, and the plan as it stands, which the change leaves possible, is kept where that is better.
A plan that is valid without the change is no merit of it: it becomes the plan that all are compared
with. Every value is a plan that passed the checker; a longer search may show more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from routing.checker import check_plan
from routing.errors import InputError
from routing.explain.again import Effort, plan_again, with_fit
from routing.explain.trial import Trials
from routing.legs import LegTables
from routing.network import TIERS, Network, Window
from routing.orders import Order
from routing.plan import Objective, Plan
from routing.whatif.changes import (
    AddChargers,
    AddDrones,
    AddPacks,
    AddPads,
    AddPilots,
    Change,
)
from routing.whatif.scenario import Scenario, apply_scenario

MINUTES = 10
"""Minutes that all deadlines are moved by, or all orders are ready sooner."""


@dataclass(frozen=True, slots=True)
class AllMinutes:
    """Every order's deadline so much later, or every order ready so much sooner."""

    deadline_min: int = 0
    ready_min: int = 0


@dataclass(frozen=True, slots=True)
class DayValue:
    """What one change does to a day.

    Attributes:
        change: the change.
        before, after: terms of the best plan found without any change, and with this one.
        plan: that plan, proven.
    """

    change: Change | AllMinutes
    before: Objective
    after: Objective
    plan: Plan

    @property
    def ranking(self) -> tuple[float, ...]:
        """Compares values: more orders flown first, then lateness, then cost; smaller is better."""
        return self.after.ranking


def value_changes(
    network: Network,
    orders: Sequence[Order],
    legs: LegTables,
    plan: Plan,
    effort: Effort | None = None,
) -> tuple[DayValue, ...]:
    """The value of every single change that helps a day, the most helpful first.

    Weighed: one drone of each type of the fleet at each base with its packs, one pack of each
    type and one charger at each base, one pilot all day, one pad at each base and at each end of
    an order left behind, ten minutes on every deadline, ten minutes sooner ready.
    """
    effort = effort or Effort()
    base = _best_plan(network, orders, legs, plan, effort)
    found: list[tuple[Change | AllMinutes, Plan]] = []
    for change in day_changes(network, orders, plan):
        try:
            changed, moved = _apply(network, orders, change)
        except InputError:
            continue
        best = _best_plan(changed, moved, legs, base, effort)
        if best.objective.ranking < base.objective.ranking:
            if check_plan(network, orders, best):
                found.append((change, best))
            else:
                base = best  # It needs no change: only the search was luckier.
    values = [DayValue(change, base.objective, best.objective, best) for change, best in found]
    helpful = [value for value in values if value.ranking < base.objective.ranking]
    return tuple(sorted(helpful, key=lambda value: (value.ranking, repr(value.change))))


def day_changes(
    network: Network, orders: Sequence[Order], plan: Plan
) -> Iterator[Change | AllMinutes]:
    """The changes that are weighed."""
    kinds = sorted({drone.type_id for drone in network.drones})
    for base in network.bases:
        for kind in kinds:
            if base.packs.get(kind):
                yield AddDrones(1, base.site_id, kind)
                yield AddPacks(1, base.site_id, kind)
        yield AddChargers(1, base.site_id)
    shifts = [shift.window for shift in network.rules.pilot_shifts]
    if shifts:
        start_s, end_s = min(one.start_s for one in shifts), max(one.end_s for one in shifts)
        yield AddPilots(1, Window(start_s, end_s))
    left = {one.order_id for one in plan.unserved}
    ends = [base.site_id for base in network.bases]
    ends += [end for one in orders if one.id in left for end in (one.origin, *one.destinations)]
    for site_id in dict.fromkeys(ends):
        yield AddPads(1, site_id)
    yield AllMinutes(deadline_min=MINUTES)
    yield AllMinutes(ready_min=MINUTES)


def _apply(
    network: Network, orders: Sequence[Order], change: Change | AllMinutes
) -> tuple[Network, tuple[Order, ...]]:
    if not isinstance(change, AllMinutes):
        return apply_scenario(network, orders, Scenario("try", (change,)))
    moved = tuple(
        replace(
            order,
            deadline_s=order.deadline_s + 60 * change.deadline_min,
            ready_s=max(order.ready_s - 60 * change.ready_min, order.collected_s or 0),
        )
        for order in orders
    )
    return network, moved


def _best_plan(
    network: Network, orders: Sequence[Order], legs: LegTables, plan: Plan, effort: Effort
) -> Plan:
    """The best of: the plan as it stands with what now fits into it, and searches from scratch."""
    plans = [_grown(network, orders, legs, plan)]
    plans += [plan_again(network, orders, legs, effort.iterations, seed) for seed in effort.seeds]
    plans.sort(key=lambda one: one.objective.ranking)
    return next((one for one in plans if not check_plan(network, orders, one)), plan)


def _grown(network: Network, orders: Sequence[Order], legs: LegTables, plan: Plan) -> Plan:
    """The plan with sorties of their own for orders left behind, the higher tiers first."""
    left = {one.order_id for one in plan.unserved}
    waiting = [order for order in orders if order.id in left]
    for order in sorted(waiting, key=lambda one: (TIERS.index(one.tier), one.ready_s, one.id)):
        fit = Trials(network, legs, plan).find_fit(order)
        if fit is not None:
            grown = with_fit(network, orders, legs, plan, fit)
            plan = plan if check_plan(network, orders, grown) else grown
    return plan
