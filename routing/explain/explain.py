"""Why each order of a plan stays behind: proven against the empty day, then against the plan.

Owns the order of the questions: could it fly alone (``alone``); if so, what has the plan taken
that it needs (``taken``). Does not plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from routing.explain.alone import EmptyDay
from routing.explain.reasons import Wording
from routing.explain.taken import FullDay, Taken
from routing.legs import LegTables
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan, Sortie, Unserved
from routing.separation.separate import REASON as SEPARATION


@dataclass(slots=True)
class Explainer:
    """Explains the orders of one plan.

    Attributes:
        network, orders, legs, plan: a plan with its input.
    """

    network: Network
    orders: Sequence[Order]
    legs: LegTables
    plan: Plan
    empty: EmptyDay = field(init=False)
    full: FullDay = field(init=False)

    def __post_init__(self) -> None:
        by_id = {order.id: order for order in self.orders}
        self.empty = EmptyDay(self.network, self.legs, self.plan)
        self.full = FullDay(self.network, by_id, self.legs, self.plan)

    def find_taken(self, order: Order) -> Taken | None:
        """What an order needs beside the plan; None when it could not fly even alone."""
        return None if self.empty.fit(order) is None else self.full.find_taken(order)

    def explain(self, order: Order) -> Unserved:
        """The binding reason of one order that the plan does not carry."""
        wording = Wording(self.network)
        taken = self.find_taken(order)
        if taken is None:
            return wording.of_limit(order, self.empty.find_limit(order))
        return wording.of_taken(order, taken)


def explain_unserved(
    network: Network, orders: Sequence[Order], legs: LegTables, plan: Plan
) -> tuple[Unserved, ...]:
    """The plan's unserved orders with the binding reason of each, in the plan's order.

    A reason is proven by example: without the limit it names, sorties exist that carry the order
    beside all others; with it, none of the sorties that are tried do (one order on sorties of its
    own, or riding along on a sortie that passes). What was left out because its sortie could not
    be kept apart from others keeps that reason.

    Args:
        network, orders, legs: the input of the plan.
        plan: a valid plan.
    """
    if not plan.unserved:
        return ()
    explainer = Explainer(network, orders, legs, plan)
    by_id = {order.id: order for order in orders}
    return tuple(
        left if left.reason == SEPARATION else explainer.explain(by_id[left.order_id])
        for left in plan.unserved
    )


def explain_late(
    network: Network, orders: Sequence[Order], legs: LegTables, plan: Plan
) -> tuple[Unserved, ...]:
    """Why each order that comes past its target does: as if the target were its deadline.

    The sorties that carry nothing but the order are taken away first, so that it does not stand in
    its own way.
    """
    received = {
        order_id: stop.handover_end_s
        for sortie in plan.sorties
        for stop in sortie.stops
        for order_id in stop.unloaded
    }
    reasons = []
    for order in orders:
        end_s = received.get(order.id)
        if order.target_s is None or end_s is None or end_s <= order.target_s:
            continue
        others = tuple(one for one in plan.sorties if _carried(one) != {order.id})
        explainer = Explainer(network, orders, legs, replace(plan, sorties=others))
        reasons.append(explainer.explain(replace(order, deadline_s=order.target_s)))
    return tuple(reasons)


def _carried(sortie: Sortie) -> set[str]:
    return {order_id for stop in sortie.stops for order_id in stop.loaded}
