"""A day in figures: what flew, how fast it arrived, what it used, how close it came to limits.

Owns ``DayFigures``, computed from network, orders and plans as they are; it does not judge a
plan (``routing.checker`` does) and does not word anything.

A receipt time counts from collection (from ready when no clock runs) until the unloading handover
ends; the result turnaround (TAT) adds the laboratory time. ``p90`` is the nearest-rank 90th
percentile: the smallest time that at least 90 % of the orders do not exceed.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from routing.network import TIERS, Network, Tier
from routing.orders import Order
from routing.plan import Bound, Objective, Plan, Sortie
from routing.report.risk import RiskCost, risk_cost
from routing.report.wind import WindCost, wind_cost
from routing.separation.tightest import TightestPass, find_tightest


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, nearest-rank 90th percentile and worst of ``count`` times in seconds."""

    count: int
    median_s: float
    p90_s: float
    worst_s: float


@dataclass(frozen=True, slots=True)
class ProductTimes:
    """Receipt and result times of one product by the three ways to carry it.

    ``is_tested``: some of its orders go to a laboratory. A spread is None where nothing was
    carried; ``result_*`` also where there is no laboratory.
    """

    product_id: str
    orders: int
    is_tested: bool
    receipt_plan: Spread | None
    receipt_fcfs: Spread | None
    receipt_road: Spread | None
    result_plan: Spread | None
    result_fcfs: Spread | None
    result_road: Spread | None


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Unserved orders of one reason."""

    reason: str
    order_ids: tuple[str, ...]
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True)
class DroneUse:
    """What one drone does in the day; first and last are None when it does not fly."""

    drone_id: str
    sorties: int
    flights: int
    orders: int
    length_m: float
    airborne_s: int
    packs: int
    first_takeoff_s: int | None
    last_landing_s: int | None


@dataclass(frozen=True, slots=True)
class PackUse:
    """Packs of one drone type at one base.

    ``stock`` packs at the start of the day, ``used`` different packs taken up here, ``sorties``
    started here. ``charging_peak`` and ``chargers`` belong to the base, for all types.
    """

    base_id: str
    type_id: str
    stock: int
    used: int
    sorties: int
    charging_peak: int
    chargers: int


@dataclass(frozen=True, slots=True)
class Slack:
    """The order received closest to its deadline."""

    order_id: str
    slack_s: int


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The figures of one plan.

    Attributes:
        flown, left: orders by tier.
        left_behind: unserved orders by reason.
        products: receipt and result times by product, in the network's order.
        all_products: the same over all orders, without a product id.
        fcfs_flown: orders that first-come-first-served delivers.
        drones, packs: use of each drone and of the packs at each base.
        sorties, flights, length_m, airborne_s: of the whole day.
        margin_worst, margin_median: share of the usable energy (R4) left at the end of a sortie.
        margin_worst_sortie: the sortie with the least.
        on_target, with_target: orders received by their target, and flown orders that have one.
        tightest: the order closest to its deadline; None when nothing flies.
        objective, bound, gap: as the plan states them.
        fcfs: objective of first-come-first-served, None when there is no such plan.
        wind: what the wind costs beside still air.
        risk: what the preference for emptier ground costs; None without one.
        tightest_pass: where two own drones come nearest to the limits of R10, None where none do.
    """

    flown: Mapping[Tier, int]
    left: Mapping[Tier, int]
    left_behind: tuple[LeftBehind, ...]
    products: tuple[ProductTimes, ...]
    all_products: ProductTimes
    fcfs_flown: int
    drones: tuple[DroneUse, ...]
    packs: tuple[PackUse, ...]
    sorties: int
    flights: int
    length_m: float
    airborne_s: int
    margin_worst: float | None
    margin_median: float | None
    margin_worst_sortie: str
    on_target: int
    with_target: int
    tightest: Slack | None
    objective: Objective
    bound: Bound | None
    gap: float | None
    fcfs: Objective | None
    wind: WindCost | None = None
    risk: RiskCost | None = None
    tightest_pass: TightestPass | None = None


def compute_figures(
    network: Network,
    orders: Sequence[Order],
    plan: Plan,
    *,
    baseline_plan: Plan | None = None,
    road: Mapping[str, float] | None = None,
) -> DayFigures:
    """Compute the figures of a plan.

    Args:
        network, orders: what the plan was made for.
        plan: the plan.
        baseline_plan: the first-come-first-served plan of the same orders.
        road: order id -> receipt by road courier, seconds since local midnight.
    """
    received = receipts(plan)
    first_come = receipts(baseline_plan) if baseline_plan else {}
    carriers: tuple[Mapping[str, float], ...] = (received, first_come, road or {})
    margins = {
        sortie.id: 1.0 - sortie.energy_pack / sortie.usable_pack
        for sortie in plan.sorties
        if sortie.usable_pack > 0
    }
    worst_sortie = min(margins, key=lambda sortie_id: margins[sortie_id], default="")
    due = [order for order in orders if order.id in received and order.target_s is not None]
    return DayFigures(
        flown=_by_tier(order for order in orders if order.id in received),
        left=_by_tier(order for order in orders if order.id not in received),
        left_behind=_left_behind(plan),
        products=_product_times(network, orders, carriers),
        all_products=_times("", orders, carriers),
        fcfs_flown=len(first_come),
        drones=tuple(_drone_use(drone.id, plan) for drone in network.drones),
        packs=_pack_use(network, plan),
        sorties=len(plan.sorties),
        flights=sum(len(sortie.flights) for sortie in plan.sorties),
        length_m=sum(flight.length_m for sortie in plan.sorties for flight in sortie.flights),
        airborne_s=sum(airborne_s(sortie) for sortie in plan.sorties),
        margin_worst=margins.get(worst_sortie),
        margin_median=median(margins.values()) if margins else None,
        margin_worst_sortie=worst_sortie,
        on_target=sum(1 for order in due if received[order.id] <= (order.target_s or 0)),
        with_target=len(due),
        tightest=_tightest(orders, received),
        objective=plan.objective,
        bound=plan.bound,
        gap=plan.gap,
        fcfs=baseline_plan.objective if baseline_plan else None,
        wind=wind_cost(network, plan),
        risk=risk_cost(network, plan),
        tightest_pass=find_tightest(network, plan),
    )


def receipts(plan: Plan) -> dict[str, int]:
    """Order id -> time its unloading handover ends, for every order the plan delivers."""
    return {
        order_id: stop.handover_end_s
        for sortie in plan.sorties
        for stop in sortie.stops
        if stop.handover_end_s is not None
        for order_id in stop.unloaded
    }


def airborne_s(sortie: Sortie) -> int:
    """Seconds in the air, waiting on the ground not counted."""
    return sum(flight.landing_s - flight.takeoff_s for flight in sortie.flights)


def clock_start_s(order: Order) -> int:
    """The moment an order's receipt time counts from: collection, or ready without one."""
    return order.ready_s if order.collected_s is None else order.collected_s


def spread(times_s: Iterable[float]) -> Spread | None:
    """The spread of some times, None when there are none."""
    ranked = sorted(times_s)
    if not ranked:
        return None
    p90 = ranked[math.ceil(0.9 * len(ranked)) - 1]
    return Spread(len(ranked), float(median(ranked)), float(p90), float(ranked[-1]))


def charging_peak(plan: Plan, base_id: str) -> int:
    """The most packs on chargers at one moment at a base."""
    spans = [
        (sortie.charge.start_s, sortie.charge.end_s)
        for sortie in plan.sorties
        if sortie.charge and sortie.stops[-1].site_id == base_id
    ]
    # An end sorts before a start at the same second: a charger freed is free at once.
    steps = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    peak = now = 0
    for _, step in steps:
        now += step
        peak = max(peak, now)
    return peak


def _by_tier(orders: Iterable[Order]) -> dict[Tier, int]:
    counts = Counter(order.tier for order in orders)
    return {tier: counts[tier] for tier in TIERS}


def _left_behind(plan: Plan) -> tuple[LeftBehind, ...]:
    """Unserved orders by reason and sentence, the most frequent first."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for item in plan.unserved:
        groups.setdefault((item.reason, item.text_en, item.text_zh), []).append(item.order_id)
    ranked = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return tuple(
        LeftBehind(reason, tuple(order_ids), text_en, text_zh)
        for (reason, text_en, text_zh), order_ids in ranked
    )


def _product_times(
    network: Network, orders: Sequence[Order], carriers: Sequence[Mapping[str, float]]
) -> tuple[ProductTimes, ...]:
    groups: dict[str, list[Order]] = {}
    for order in orders:
        groups.setdefault(order.product_id, []).append(order)
    known = [product_id for product_id in network.products if product_id in groups]
    others = [product_id for product_id in groups if product_id not in network.products]
    return tuple(
        _times(product_id, groups[product_id], carriers) for product_id in [*known, *others]
    )


def _times(
    product_id: str, orders: Sequence[Order], carriers: Sequence[Mapping[str, float]]
) -> ProductTimes:
    tested = [order for order in orders if order.lab_s > 0]
    receipt = [_receipt_spread(orders, carrier) for carrier in carriers]
    result = [_receipt_spread(tested, carrier, with_lab=True) for carrier in carriers]
    return ProductTimes(product_id, len(orders), bool(tested), *receipt, *result)


def _receipt_spread(
    orders: Sequence[Order], received: Mapping[str, float], *, with_lab: bool = False
) -> Spread | None:
    return spread(
        received[order.id] - clock_start_s(order) + (order.lab_s if with_lab else 0)
        for order in orders
        if order.id in received
    )


def _drone_use(drone_id: str, plan: Plan) -> DroneUse:
    sorties = [sortie for sortie in plan.sorties if sortie.drone_id == drone_id]
    return DroneUse(
        drone_id=drone_id,
        sorties=len(sorties),
        flights=sum(len(sortie.flights) for sortie in sorties),
        orders=sum(len(stop.unloaded) for sortie in sorties for stop in sortie.stops),
        length_m=sum(flight.length_m for sortie in sorties for flight in sortie.flights),
        airborne_s=sum(airborne_s(sortie) for sortie in sorties),
        packs=len({sortie.pack_id for sortie in sorties}),
        first_takeoff_s=min((sortie.start_s for sortie in sorties), default=None),
        last_landing_s=max((sortie.end_s for sortie in sorties), default=None),
    )


def _pack_use(network: Network, plan: Plan) -> tuple[PackUse, ...]:
    type_of = {drone.id: drone.type_id for drone in network.drones}
    rows = []
    for base in network.bases:
        started = [sortie for sortie in plan.sorties if sortie.stops[0].site_id == base.site_id]
        flown_types = {type_of.get(sortie.drone_id, "") for sortie in started}
        for type_id in dict.fromkeys([*base.packs, *sorted(flown_types)]):
            taken = [sortie for sortie in started if type_of.get(sortie.drone_id, "") == type_id]
            rows.append(
                PackUse(
                    base_id=base.site_id,
                    type_id=type_id,
                    stock=base.packs.get(type_id, 0),
                    used=len({sortie.pack_id for sortie in taken}),
                    sorties=len(taken),
                    charging_peak=charging_peak(plan, base.site_id),
                    chargers=base.chargers,
                )
            )
    return tuple(rows)


def _tightest(orders: Sequence[Order], received: Mapping[str, int]) -> Slack | None:
    slacks = [
        Slack(order.id, order.deadline_s - received[order.id])
        for order in orders
        if order.id in received
    ]
    return min(slacks, key=lambda slack: (slack.slack_s, slack.order_id), default=None)
