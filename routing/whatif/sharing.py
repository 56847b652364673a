"""One scenario's plan flown in another, where the checker allows it and it is the better plan.

A search finds good plans, not the best, so a scenario may by luck do better than one that allows
more. Where the orders are the same, a plan of one that proves valid in the other settles it: the
base takes the best plan that holds for it, every scenario the base's. So what only restricts the
base never looks better than the base, and what only relaxes it never worse.

Owns that exchange. Does not plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routing.checker import check_plan
from routing.plan import Plan
from routing.solver.proven import gap_of, prove_terms, weigh_day
from routing.whatif.costs import CostModel
from routing.whatif.measures import measure_plan
from routing.whatif.sweep import Run

MOST_TRIED = 5
"""Plans of other scenarios that the base tries on each day, the best first."""


def share_plans(runs: Sequence[Run], base_name: str, costs: CostModel | None) -> list[Run]:
    """The runs, some with the plan of another one of the same day and orders.

    Args:
        runs: of every scenario on every day.
        base_name: name of the base scenario.
        costs: the cost model the runs were measured with.
    """
    bases = {
        run.day.name: _improved(run, [one for one in runs if one.day.name == run.day.name], costs)
        for run in runs
        if run.scenario.name == base_name
    }
    shared = []
    for run in runs:
        base = bases[run.day.name]
        is_base = run.scenario.name == base_name
        shared.append(base if is_base else _improved(run, [base], costs))
    return shared


def _improved(run: Run, others: Sequence[Run], costs: CostModel | None) -> Run:
    """The run with the best other plan that is better and proves valid for it, or as it was."""
    own = run.outcome.plan
    better = [
        other
        for other in others
        if other.orders == run.orders
        and not other.outcome.violations
        and (other.outcome.plan.objective.ranking < own.objective.ranking)
    ]
    for other in sorted(better, key=lambda one: one.outcome.plan.objective.ranking)[:MOST_TRIED]:
        plan = _taken_over(run, other)
        if not check_plan(run.network, run.orders, plan):
            measures = (
                measure_plan(run.network, run.orders, plan, costs),
                *run.outcome.measures[1:],
            )
            return replace(run, outcome=replace(run.outcome, plan=plan, measures=measures))
    return run


def _taken_over(run: Run, other: Run) -> Plan:
    """Another run's flights as this run's plan, beside this run's own bound and baselines."""
    own, plan = run.outcome.plan, other.outcome.plan
    bound = own.bound
    if bound is not None:
        bound = prove_terms(weigh_day(run.network, run.orders), plan.objective, bound)
    return replace(
        plan,
        network=own.network,
        digest=own.digest,
        bound=bound,
        gap=None if bound is None else gap_of(plan.objective, bound),
        baselines=own.baselines,
        made_with={**plan.made_with, "scenario": other.scenario.name},
    )
