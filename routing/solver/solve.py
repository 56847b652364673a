"""The recipe: names to numbers, the engine, and numbers back to a plan with its bound.

Owns what a bound of the value says about the objective's terms. The steps between are the
engine's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routing.legs import LegTables
from routing.network import Network
from routing.orders import Order
from routing.plan import Bound, Objective, Plan
from routing.progress import OnProgress, Progress
from routing.solver.day import Day, build_day
from routing.solver.engine import solve_instance
from routing.solver.naming import name_plan
from routing.solver.resume import drafts_of_plan
from routing.solver.solution import Solution

EPS = 1e-6


def solve(
    network: Network,
    orders: Sequence[Order],
    legs: LegTables,
    *,
    seed: int = 1,
    time_limit_s: float | None = None,
    iterations: int | None = None,
    gap: float = 0.0,
    threads: int = 2,
    proves: bool = True,
    start: Plan | None = None,
    on_progress: OnProgress | None = None,
) -> Plan:
    """Plan a day.

    Args:
        network, orders, legs: the input.
        seed: same seed and iterations give the same plan.
        time_limit_s, iterations: limits of the search; 10 s when neither is given. A proof that is
            under way then may take 20 s more.
        gap: stop as soon as the plan is proven this close to the best, as a share.
        threads: threads of the search.
        proves: also prove a lower bound.
        start: a plan to start from, also of another day or network: what does not fit is left out.
        on_progress: called with where the run stands.

    Returns:
        The plan, with its bound where one was proven; not yet checked.
    """
    day = build_day(network, orders, legs)

    def tell(result: Solution, done: int, bound: float | None) -> None:
        assert on_progress is not None
        objective = name_plan(day, result).objective
        proven = None if bound is None else name_bound(day, bound, "")
        share = None if proven is None else gap_of(objective, proven)
        on_progress(Progress("search", done, objective, proven, share))

    result = solve_instance(
        day.instance,
        seed=seed,
        time_limit_s=time_limit_s,
        iterations=iterations,
        gap=gap,
        threads=threads,
        proves=proves,
        drafts=None if start is None else drafts_of_plan(day, start),
        on_improvement=tell if on_progress is not None else None,
    )
    plan = name_plan(day, result.solution)
    made_with = {"seed": str(seed), "iterations": str(result.iterations)}
    if result.bound is None:
        return replace(plan, made_with=made_with)
    bound = replace(
        name_bound(day, result.bound, result.method),
        relaxed=result.relaxed,
        is_optimal=result.is_optimal,
    )
    return replace(plan, bound=bound, gap=gap_of(plan.objective, bound), made_with=made_with)


def name_bound(day: Day, value: float, method: str) -> Bound:
    """A bound of the value as a bound of the objective's terms.

    Each tier's weight outweighs everything below it, so whole weights come off from the top. What
    is left bounds the cost of every plan that is on time, and no plan is earlier than on time.
    """
    counts = []
    for level in range(3):
        weights = day.instance.unserved_weight[day.instance.tier == level]
        count = int((value + EPS) // weights[0]) if weights.shape[0] else 0
        counts.append(count)
        value -= count * float(weights[0]) if count else 0.0
    return Bound(counts[0], counts[1], counts[2], 0.0, max(0.0, value), method)


def gap_of(objective: Objective, bound: Bound) -> float:
    """Relative gap of the first term in which plan and bound differ, 0 when none does."""
    terms = (
        (objective.unserved_stat, bound.unserved_stat),
        (objective.unserved_urgent, bound.unserved_urgent),
        (objective.unserved_routine, bound.unserved_routine),
        (objective.lateness_min, bound.lateness_min),
        (objective.cost_s, bound.cost_s),
    )
    for mine, least in terms:
        if mine > least + EPS:
            return float((mine - least) / mine)
    return 0.0
