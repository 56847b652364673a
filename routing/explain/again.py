"""Planning again: a day with one thing changed, first by one more sortie, then by a search that
starts from the plan as it stands.

Owns what counts as carried: the order flies, nothing that flew stays behind, and the checker finds
no violation. Deterministic: the same input, seed and iterations give the same answer. Does not
know which changes are worth a try.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from routing.baseline.written import write_plan
from routing.checker import check_plan
from routing.explain.trial import Fit, Trials
from routing.legs import LegTables
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan, Sortie
from routing.separation.separate import give_layers, separate
from routing.solver.day import build_day
from routing.solver.naming import name_objective
from routing.solver.solve import solve

DEFAULT_ITERATIONS = 300
"""Of one search: a change is tried many times, and a day it is tried on is nearly full."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard a day is planned again: iterations of a search and the seeds of the searches."""

    iterations: int = DEFAULT_ITERATIONS
    seeds: tuple[int, ...] = (1,)


@dataclass(slots=True)
class Again:
    """Plans one day again, with changes.

    Attributes:
        plan: the plan as it stands, valid for the unchanged day.
        num_searches: searches run so far.
    """

    network: Network
    orders: tuple[Order, ...]
    legs: LegTables
    plan: Plan
    effort: Effort
    num_searches: int = 0
    _left: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._left = frozenset(left.order_id for left in self.plan.unserved)

    def carry(self, order_id: str, network: Network, orders: Sequence[Order]) -> Plan | None:
        """A proven plan of a changed day that carries an order and all that flew before.

        Args:
            order_id: left behind by the plan as it stands, or late in it (then its deadline in
                ``orders`` is its target).
            network, orders: the day with the change; the same sites as before.
        """
        if order_id in self._left:
            grown = self.add_sortie(order_id, network, orders)
            if grown is not None:
                return grown
        return self._search(order_id, network, orders)

    def add_sortie(self, order_id: str, network: Network, orders: Sequence[Order]) -> Plan | None:
        """The plan as it stands with sorties of the order's own, proven; None where none fit."""
        order = next(one for one in orders if one.id == order_id)
        fit = Trials(network, self.legs, self.plan).find_fit(order)
        if fit is None:
            return None
        plan = with_fit(network, orders, self.legs, self.plan, fit)
        return None if check_plan(network, orders, plan) else plan

    def _search(self, order_id: str, network: Network, orders: Sequence[Order]) -> Plan | None:
        for seed in self.effort.seeds:
            self.num_searches += 1
            plan = plan_again(
                network, orders, self.legs, self.effort.iterations, seed, start=self.plan
            )
            left = {one.order_id for one in plan.unserved}
            is_late = plan.objective.lateness_min > self.plan.objective.lateness_min + 1e-6
            was_late = order_id not in self._left
            is_better = order_id not in left and left <= self._left and not (was_late and is_late)
            if is_better and not check_plan(network, orders, plan):
                return plan
        return None


def plan_again(
    network: Network,
    orders: Sequence[Order],
    legs: LegTables,
    iterations: int,
    seed: int,
    start: Plan | None = None,
) -> Plan:
    """A day planned by one thread of the search, from scratch or from the plan of a day like it;
    its unserved orders unexplained."""
    plan = solve(
        network,
        orders,
        legs,
        seed=seed,
        iterations=iterations,
        threads=1,
        proves=False,
        start=start,
    )
    return separate(network, orders, legs, plan)


def with_fit(
    network: Network, orders: Sequence[Order], legs: LegTables, plan: Plan, fit: Fit
) -> Plan:
    """A plan with the sorties of a fit added, packs and layers given out anew."""
    carried = [order for errand in fit.errands for order in errand.orders]
    added = write_plan(network, carried, fit.errands, ()).sorties
    numbered = tuple(replace(one, id=f"{one.drone_id}-A{n}") for n, one in enumerate(added, 1))
    sorties = name_packs(network, (*plan.sorties, *numbered))
    gone = {order.id for order in carried}
    grown = replace(
        plan,
        sorties=sorties,
        unserved=tuple(left for left in plan.unserved if left.order_id not in gone),
        objective=name_objective(build_day(network, orders, legs), sorties),
        bound=None,
        gap=None,
        baselines={},
    )
    # Where no layers keep the drones apart the checker says so.
    return give_layers(network, grown) or grown


def name_packs(network: Network, sorties: Sequence[Sortie]) -> tuple[Sortie, ...]:
    """The same sorties with packs named in order of time: each takes the one longest full."""
    types = {drone.id: drone.type_id for drone in network.drones}
    full: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for base in network.bases:
        for type_id, count in base.packs.items():
            full[base.site_id, type_id] = [
                (-(10**9), f"{base.site_id}/{type_id}/{n + 1:02d}") for n in range(count)
            ]
    named = []
    for sortie in sorted(sorties, key=lambda one: (one.start_s, one.id)):
        type_id = types[sortie.drone_id]
        waiting = sorted(full[sortie.stops[0].site_id, type_id])
        pack_id = waiting[0][1] if waiting else sortie.pack_id
        full[sortie.stops[0].site_id, type_id] = waiting[1:]
        if sortie.charge is not None:
            full[sortie.stops[-1].site_id, type_id].append((sortie.charge.end_s, pack_id))
        named.append(replace(sortie, pack_id=pack_id))
    return tuple(named)
