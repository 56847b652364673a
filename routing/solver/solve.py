"""The recipe: names to numbers, the engine, and numbers back to a plan with its bound.

Does not know what a bound of the value says of each term (``proven``), nor the steps between (the
engine's).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routing.legs import LegTables
from routing.network import Network
from routing.orders import Order
from routing.plan import Bound, Plan, Sortie
from routing.progress import OnProgress, Progress
from routing.solver.day import Day, build_day
from routing.solver.engine import solve_instance
from routing.solver.naming import name_plan
from routing.solver.proven import gap_of, prove_terms, weigh_day
from routing.solver.resume import Drafts, drafts_of_plan
from routing.solver.solution import Solution
from routing.solver.underway import drafts_under_way, fixed_of


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
    since_s: int | None = None,
    on_progress: OnProgress | None = None,
) -> Plan:
    """Plan a day.

    Args:
        network, orders, legs: the input.
        seed: same seed and iterations give the same plan.
        time_limit_s, iterations: limits of the search; 10 s when neither is given. A proof that is
            under way then may take 20 s more.
        gap: stop as soon as the plan is proven this close to the best, as a share of its cost
            (``proven``).
        threads: threads of the search.
        proves: also prove a lower bound.
        start: a plan to start from, also of another day or network: what does not fit is left out.
        since_s: the day is under way: the fixed sorties of ``start`` stay as they are, and nothing
            else starts sooner. There is no bound then.
        on_progress: called with where the run stands.

    Returns:
        The plan, with its bound where one was proven; not yet checked.
    """
    day = build_day(network, orders, legs, since_s)
    fixed = fixed_of(start) if start is not None and since_s is not None else ()
    weighing = weigh_day(network, orders)

    def tell(result: Solution, done: int, bound: float | None) -> None:
        assert on_progress is not None
        objective = name_plan(day, result, fixed).objective
        proven = (
            None
            if bound is None
            else prove_terms(weighing, objective, _untermed(bound, "", "", is_optimal=False))
        )
        share = None if proven is None else gap_of(objective, proven)
        on_progress(Progress("search", done, objective, proven, share))

    result = solve_instance(
        day.instance,
        seed=seed,
        time_limit_s=time_limit_s,
        iterations=iterations,
        gap=gap,
        threads=threads,
        proves=proves and since_s is None,
        drafts=_drafts(day, start, fixed),
        on_improvement=tell if on_progress is not None else None,
    )
    plan = name_plan(day, result.solution, fixed)
    made_with = {"seed": str(seed), "iterations": str(result.iterations)}
    if result.bound is None:
        return replace(plan, made_with=made_with)
    proven = _untermed(result.bound, result.method, result.relaxed, is_optimal=result.is_optimal)
    bound = prove_terms(weighing, plan.objective, proven)
    return replace(plan, bound=bound, gap=gap_of(plan.objective, bound), made_with=made_with)


def _drafts(day: Day, start: Plan | None, fixed: Sequence[Sortie]) -> Drafts | None:
    if start is None:
        return None
    return drafts_under_way(day, start) if fixed else drafts_of_plan(day, start)


def _untermed(value_s: float, method: str, relaxed: str, *, is_optimal: bool) -> Bound:
    """A bound whose terms are not told yet."""
    return Bound(0, 0, 0, 0.0, 0.0, method, relaxed, is_optimal, value_s=value_s)
