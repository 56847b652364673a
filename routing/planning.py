"""The recipe of a day: network + orders -> legs -> solve -> separate -> explain -> check.

Owns the order of the steps, for the command line and for programs alike. Does not know files; the
steps themselves live in ``routing.legs``, ``routing.solver``, ``routing.separation``,
``routing.explain``, ``routing.checker`` and ``routing.baseline``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from routing.baseline import dispatch_first_come, road_courier
from routing.checker import Violation, check_plan
from routing.errors import InputError
from routing.explain import explain_unserved
from routing.legs import build_legs
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.progress import OnProgress, Progress
from routing.reading.servable import find_unservable
from routing.separation.separate import separate
from routing.solver.solve import solve
from routing.solver.underway import fix_started

FIRST_COME = "first_come"


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A plan with its proof and what it is compared with.

    Attributes:
        plan: the plan; its ``baselines`` hold the terms of ``baseline``.
        violations: everything the checker found, empty for a plan that may be flown.
        baseline: the first-come-first-served plan of the same orders, kept apart (R10) as plans
            are.
        road: order id -> receipt by road courier, seconds since local midnight.
    """

    plan: Plan
    violations: tuple[Violation, ...]
    baseline: Plan
    road: Mapping[str, float]


def plan_day(
    network: Network,
    orders: Sequence[Order],
    *,
    seed: int = 1,
    time_limit_s: float | None = None,
    iterations: int | None = None,
    gap: float = 0.0,
    threads: int = 2,
    proves: bool = True,
    start: Plan | None = None,
    since_s: int | None = None,
    allows_impossible: bool = False,
    orders_name: str = "orders",
    cache_dir: Path | None = None,
    on_progress: OnProgress | None = None,
) -> PlannedDay:
    """Plan a day and prove the plan.

    Args:
        network, orders: the input, as read.
        seed: of the search; the same seed and iterations give the same plan.
        time_limit_s, iterations: when the search stops; None for no limit of that kind.
        gap: stop as soon as the plan is proven this close to the best, as a share (0.01 = 1 %).
        threads: threads of the search; proves: also prove a bound, which takes time of its own.
        start: a plan to start from, also of another day or network.
        since_s: the day is under way at this time and follows ``start``: what was started by then
            is fixed, and R12 is proven against it.
        allows_impossible: plan also when some orders could never be flown; they stay unserved.
        orders_name: what messages call the orders.
        cache_dir: where paths are kept from run to run (``routing.legs.build_legs``).
        on_progress: called with where the run stands.

    Returns:
        The plan beside its violations and its baselines.

    Raises:
        InputError: orders that no drone could ever fly, each with its reason.
    """
    tell = on_progress or _ignore
    if start is not None and since_s is not None:
        start = fix_started(start, since_s)
    tell(Progress("legs"))
    legs = build_legs(network, cache_dir)
    impossible = find_unservable(network, orders, legs, orders_name)
    if impossible and not allows_impossible:
        raise InputError(impossible.values())
    plan = solve(
        network,
        orders,
        legs,
        seed=seed,
        time_limit_s=time_limit_s,
        iterations=iterations,
        gap=gap,
        threads=threads,
        proves=proves,
        start=start,
        since_s=since_s,
        on_progress=on_progress,
    )
    tell(Progress("separate", objective=plan.objective, bound=plan.bound, gap=plan.gap))
    plan = separate(network, orders, legs, plan, since_s)
    plan = replace(plan, unserved=explain_unserved(network, orders, legs, plan))
    tell(Progress("baselines", objective=plan.objective, bound=plan.bound, gap=plan.gap))
    baseline = separate(network, orders, legs, dispatch_first_come(network, orders, legs))
    plan = replace(plan, baselines={**plan.baselines, FIRST_COME: baseline.objective})
    tell(Progress("check", objective=plan.objective, bound=plan.bound, gap=plan.gap))
    return PlannedDay(
        plan=plan,
        violations=check_plan(network, orders, plan, fixed=None if since_s is None else start),
        baseline=baseline,
        road=road_courier(network, orders),
    )


def _ignore(progress: Progress) -> None:
    """Nobody watches."""
