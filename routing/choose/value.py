"""What a change is worth: days planned with it, orders on target counted, the rest equal.

Owns the score of a day and the evaluator that plans days and remembers. Does not know which
changes are tried.

The score counts an order received by its target (or in time, where it has none) with the weight
of its tier, a late one with half of it, one left behind with nothing. Weights are those of
lateness, routine scaled to 1. What a set of changes is worth is the mean of the days' scores above
those without changes: orders of the old sites that suffer count against it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from routing.checker import check_plan
from routing.demand_file import DemandModel
from routing.explain.again import plan_again
from routing.legs import LegTables, build_legs
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.reading.servable import find_unservable
from routing.solver.day import lateness_weight
from routing.whatif.changes import Change
from routing.whatif.scenario import Scenario, apply_scenario
from routing.whatif.sweep import Day

LATE_SHARE = 0.5
"""Worth of a late order, as a share of one on target."""
QUICK_ITERATIONS = 200
FULL_ITERATIONS = 1500


@dataclass(frozen=True, slots=True, order=True)
class Worth:
    """What a set of changes is worth; more is better.

    Attributes:
        score: weighted orders on target a day; thrift_s: cost seconds a day, negated, which
            settles between equal scores.
    """

    score: float
    thrift_s: float

    def minus(self, other: Worth) -> Worth:
        """The difference in both terms."""
        return Worth(round(self.score - other.score, 9), self.thrift_s - other.thrift_s)


@dataclass(frozen=True, slots=True)
class Served:
    """How the orders of some days fare: shares by tier, mean over all days.

    Attributes:
        routine_on_target, stat_served: shares 0-1 (1 where there are no such orders).
        unserved: orders left behind over all days.
    """

    routine_on_target: float
    stat_served: float
    unserved: int


MOST_LEGS = 64
"""Networks whose legs are kept, the last ones asked for."""


@dataclass(slots=True)
class LegsKept:
    """Legs of networks, kept by their sites and drone types: fleets and packs change no legs.

    Attributes:
        cache_dir: where paths are kept from run to run (``routing.legs.build_legs``).
    """

    cache_dir: Path | None = None
    _kept: dict[tuple[object, ...], list[tuple[Network, LegTables]]] = field(default_factory=dict)

    def of(self, network: Network) -> LegTables:
        """The legs of a network, built when no network like it was asked for."""
        places = tuple((site.id, site.lon_deg, site.lat_deg) for site in network.sites)
        kinds = frozenset(drone.type_id for drone in network.drones)
        alike = self._kept.setdefault((places, kinds), [])
        for known, legs in alike:
            same_air = known.zones == network.zones and known.weather == network.weather
            if same_air and known.rules == network.rules:
                return legs
        legs = build_legs(network, self.cache_dir)
        alike.append((network, legs))
        while len(self._kept) > MOST_LEGS:
            del self._kept[next(iter(self._kept))]
        return legs


Value = tuple[Worth, Served]
Elsewhere = Callable[[int, int, Sequence[Sequence[Change]]], Sequence[Value]]
"""Iterations, seed and sets of changes, to what each is worth."""


@dataclass(slots=True)
class Evaluator:
    """Plans days with changes, once for each set of changes and effort.

    Attributes:
        network, days: as they are; demand: the model of new sites' orders.
        iterations, seed: of each plan.
        legs: kept from plan to plan; may be shared between evaluators.
        start: a plan for each day that every search starts from; empty for none.
        elsewhere: what several sets of changes are worth, worked out in other processes
            (``routing.choose.crew``); None works everything out here.
        num_plans: plans made so far.
    """

    network: Network
    days: Sequence[Day]
    demand: DemandModel | None = None
    iterations: int = QUICK_ITERATIONS
    seed: int = 1
    legs: LegsKept = field(default_factory=LegsKept)
    start: tuple[Plan, ...] = ()
    elsewhere: Elsewhere | None = None
    num_plans: int = 0
    _known: dict[str, Value] = field(default_factory=dict)

    def worth(self, changes: Sequence[Change]) -> Worth:
        """Mean score and thrift of the days with these changes (not yet above the base)."""
        return self.value(changes)[0]

    def gain(self, changes: Sequence[Change]) -> Worth:
        """The worth above the days without changes."""
        return self.worth(changes).minus(self.worth(()))

    def served(self, changes: Sequence[Change]) -> Served:
        """How the orders fare with these changes."""
        return self.value(changes)[1]

    def prepare(self, batch: Sequence[Sequence[Change]]) -> None:
        """Work out what will be asked for soon, all of it at once where there are processes."""
        if self.elsewhere is None:
            return
        wanted = {key: changes for key, changes in map(_keyed, batch) if key not in self._known}
        values = self.elsewhere(self.iterations, self.seed, list(wanted.values()))
        for key, value in zip(wanted, values, strict=True):
            self._known[key] = value
            self.num_plans += len(self.days)

    def value(self, changes: Sequence[Change]) -> Value:
        """Worth and how the orders fare, with these changes."""
        key, ordered = _keyed(changes)
        if key not in self._known:
            planned = self.plans(ordered)
            num = len(planned)
            score = sum(score_of(*one) for one in planned) / num
            cost_s = sum(plan.objective.cost_s for _, _, plan in planned) / num
            worth = Worth(round(score, 9), -round(cost_s, 6))
            self._known[key] = (worth, served_of(planned))
        return self._known[key]

    def plans(
        self, changes: Sequence[Change]
    ) -> tuple[tuple[Network, tuple[Order, ...], Plan], ...]:
        """The days planned with these changes: network, orders and plan, each proven."""
        planned = []
        starts = self.start or (None,) * len(self.days)
        for day, start in zip(self.days, starts, strict=True):
            scenario = Scenario("try", tuple(changes))
            network, orders = apply_scenario(
                day.network or self.network, day.orders, scenario, self.demand, seed=day.seed
            )
            legs = self.legs.of(network)
            plan = plan_again(network, orders, legs, self.iterations, self.seed, start)
            self.num_plans += 1
            violations = check_plan(network, orders, plan)
            if violations:
                raise RuntimeError(f"a plan did not pass the checker: {violations[0]}")
            planned.append((network, orders, plan))
        return tuple(planned)


def _keyed(changes: Sequence[Change]) -> tuple[str, list[Change]]:
    """A name for a set of changes, in whatever order, and the order they are made in."""
    ordered = sorted(changes, key=repr)
    return repr(ordered), ordered


def score_of(network: Network, orders: Sequence[Order], plan: Plan) -> float:
    """The score of one planned day."""
    received = received_s(plan)
    total = 0.0
    for order in orders:
        end_s = received.get(order.id)
        if end_s is not None:
            is_late = order.target_s is not None and end_s > order.target_s
            total += lateness_weight(network, order) * (LATE_SHARE if is_late else 1.0)
    return total


def received_s(plan: Plan) -> dict[str, int]:
    """When each order is received, by id."""
    return {
        order_id: stop.handover_end_s
        for sortie in plan.sorties
        for stop in sortie.stops
        for order_id in stop.unloaded
        if stop.handover_end_s is not None
    }


def served_of(planned: Sequence[tuple[Network, tuple[Order, ...], Plan]]) -> Served:
    """Shares over all days; an order without a target is on target when it is received."""
    on_target = routine = stat = stat_flown = unserved = 0
    for _, orders, plan in planned:
        received = received_s(plan)
        unserved += len(orders) - len(received)
        for order in orders:
            end_s = received.get(order.id)
            if order.tier == "routine":
                routine += 1
                on_target += end_s is not None and (
                    order.target_s is None or end_s <= order.target_s
                )
            elif order.tier == "stat":
                stat += 1
                stat_flown += end_s is not None
    return Served(
        routine_on_target=on_target / routine if routine else 1.0,
        stat_served=stat_flown / stat if stat else 1.0,
        unserved=unserved,
    )


def most_score(network: Network, orders: Sequence[Order], legs: LegTables) -> float:
    """A proven upper bound on the score of a day's orders: each as if it flew alone.

    An order that no drone could bring by its target even alone (``find_unservable``, whose best
    case leaves out where drones stand) counts half, one that none could bring at all nothing.
    """
    never = find_unservable(network, orders, legs)
    by_target = [
        order if order.target_s is None else replace(order, deadline_s=order.target_s)
        for order in orders
    ]
    late = find_unservable(network, by_target, legs)
    return sum(
        lateness_weight(network, order) * (LATE_SHARE if order.id in late else 1.0)
        for order in orders
        if order.id not in never
    )
