"""What is measured of one planned day: the plan, first-come-first-served and the road beside it.

Owns ``Measures`` of one day and one way to carry its orders. Does not add days up
(``routing.whatif.comparison``) and words nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from routing.network import TIERS, Network, Tier
from routing.orders import Order
from routing.plan import Plan
from routing.planning import PlannedDay
from routing.report.figures import airborne_s, clock_start_s, receipts
from routing.whatif.costs import CostModel, energy_by_type, energy_kwh, flying_cost, road_cost

Way = Literal["plan", "first_come", "road"]
WAYS: tuple[Way, ...] = ("plan", "first_come", "road")


@dataclass(frozen=True, slots=True)
class Measures:
    """One day carried one way.

    Attributes:
        orders, served: by tier.
        receipt_s: receipt times of the served orders from collection (or ready), rising.
        lateness_min: order-minutes past targets of the served orders, weighted by tier, routine 1.
        on_target, with_target: served orders received by their target, and all orders with one:
            an order left behind has missed its target.
        sorties, flights: flown; airborne_s: flight time of all drones.
        packs: different packs used; energy_pack: packs' worth of energy; energy_kwh: the same in
            kWh.
        cost_cny: cost of the day by item of ``costs.COST_ITEMS``; empty without a cost model.
        gap: the plan's proven gap, None when there is no bound or no plan.
    """

    way: Way
    orders: Mapping[Tier, int]
    served: Mapping[Tier, int]
    receipt_s: tuple[float, ...]
    lateness_min: float
    on_target: int
    with_target: int
    sorties: int = 0
    flights: int = 0
    airborne_s: float = 0.0
    packs: int = 0
    energy_pack: float = 0.0
    energy_kwh: float = 0.0
    cost_cny: Mapping[str, float] | None = None
    gap: float | None = None


def measure_day(
    network: Network, orders: Sequence[Order], day: PlannedDay, costs: CostModel | None
) -> tuple[Measures, Measures, Measures]:
    """The plan, first come first served, and the road, in the order of ``WAYS``."""
    return (
        measure_plan(network, orders, day.plan, costs),
        _flown("first_come", network, orders, day.baseline, costs),
        _driven(network, orders, day.road, costs),
    )


def measure_plan(
    network: Network, orders: Sequence[Order], plan: Plan, costs: CostModel | None
) -> Measures:
    """The planner's own plan."""
    return _flown("plan", network, orders, plan, costs)


def _flown(
    way: Way, network: Network, orders: Sequence[Order], plan: Plan, costs: CostModel | None
) -> Measures:
    received = receipts(plan)
    packs = energy_by_type(network, plan)
    return Measures(
        way=way,
        **_carried(network, orders, received),  # type: ignore[arg-type]
        sorties=len(plan.sorties),
        flights=sum(len(sortie.flights) for sortie in plan.sorties),
        airborne_s=float(sum(airborne_s(sortie) for sortie in plan.sorties)),
        packs=len({sortie.pack_id for sortie in plan.sorties}),
        energy_pack=sum(packs.values()),
        energy_kwh=energy_kwh(network, costs, packs),
        cost_cny=flying_cost(network, orders, plan, costs) if costs else None,
        gap=plan.gap,
    )


def _driven(
    network: Network, orders: Sequence[Order], road: Mapping[str, float], costs: CostModel | None
) -> Measures:
    """By road an order counts as served when the courier makes its deadline."""
    in_time = {
        order.id: road[order.id]
        for order in orders
        if order.id in road and road[order.id] <= order.deadline_s
    }
    cost = {"road": road_cost(network, orders, costs)} if costs else None
    return Measures(way="road", **_carried(network, orders, in_time), cost_cny=cost)  # type: ignore[arg-type]


def _carried(
    network: Network, orders: Sequence[Order], received: Mapping[str, float]
) -> dict[str, object]:
    served = [order for order in orders if order.id in received]
    with_target = [order for order in orders if order.target_s is not None]
    on_target = [
        order
        for order in with_target
        if order.id in received and received[order.id] <= (order.target_s or 0)
    ]
    return {
        "orders": _by_tier(orders),
        "served": _by_tier(served),
        "receipt_s": tuple(
            sorted(float(received[order.id] - clock_start_s(order)) for order in served)
        ),
        "lateness_min": sum(_lateness_min(network, order, received[order.id]) for order in served),
        "on_target": len(on_target),
        "with_target": len(with_target),
    }


def _by_tier(orders: Sequence[Order]) -> dict[Tier, int]:
    counts = Counter(order.tier for order in orders)
    return {tier: counts[tier] for tier in TIERS}


def _lateness_min(network: Network, order: Order, received_s: float) -> float:
    """Weighted minutes past the target, as docs/design.md defines the second term."""
    if order.target_s is None:
        return 0.0
    weights = network.weights.lateness_per_min
    return max(0.0, received_s - order.target_s) / 60 * weights[order.tier] / weights["routine"]
