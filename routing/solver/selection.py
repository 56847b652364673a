"""Whole sorties from columns: the best choice found (OR-Tools' SCIP), and who flies them.

Owns the choice and its handing out to drones in order of time. What it gives are drafts for the
search to load, weigh exactly and improve; it proves nothing.
"""

from __future__ import annotations

import numpy as np
from ortools.linear_solver import pywraplp

from routing.solver.columns import Column, Cover, add_plan
from routing.solver.instance import Instance
from routing.solver.loading import Draft
from routing.solver.solution import Solution

MOST_WHOLE, MOST_AN_ORDER, MOST_NODES = 1_000, 8, 50
"""Columns that the choice of whole sorties is made from, and the nodes of its search."""


def choose_whole(cover: Cover, plan: Solution, seconds: float | None) -> list[Column]:
    """The cheapest choice of whole sorties found, from the columns that pay most.

    It starts from the sorties of ``plan``. Without a limit in seconds a number of nodes ends the
    choice, so that it can be repeated.
    """
    inst = cover.inst
    flown = set(add_plan(cover, plan))
    cover.solve()
    most_columns = max(MOST_WHOLE, MOST_AN_ORDER * inst.num_orders)
    reduced = np.array([variable.reduced_cost() for variable in cover.variables])
    ranked = np.argsort(reduced, kind="stable")[:most_columns]
    picked = sorted(flown | {int(n) for n in ranked})
    solver = pywraplp.Solver.CreateSolver("SCIP")
    covers: list[list[pywraplp.Variable]] = [[] for _ in range(inst.num_orders)]
    ends: dict[tuple[int, int], list[tuple[float, pywraplp.Variable]]] = {}
    taken = []
    for n in picked:
        column = cover.columns[n]
        variable = solver.BoolVar("")
        solver.Objective().SetCoefficient(variable, column.cost)
        taken.append(variable)
        for i in column.draft.orders:
            covers[i].append(variable)
        if column.draft.start != column.draft.end and cover.rows.flows:
            for base, sign in ((column.draft.start, 1.0), (column.draft.end, -1.0)):
                ends.setdefault((column.kind, base), []).append((sign, variable))
    unserved = set(plan.unserved)
    hints = [(variable, float(n in flown)) for n, variable in zip(picked, taken, strict=True)]
    for i, row in enumerate(covers):
        left = solver.BoolVar("")
        solver.Objective().SetCoefficient(left, float(inst.unserved_weight[i]))
        solver.Add(solver.Sum([*row, left]) >= 1)
        hints.append((left, float(i in unserved)))
    for moves in ends.values():
        solver.Add(solver.Sum([sign * variable for sign, variable in moves]) == 0)
    solver.SetHint([variable for variable, _ in hints], [value for _, value in hints])
    solver.Objective().SetMinimization()
    if seconds is None:
        solver.SetSolverSpecificParametersAsString(f"limits/nodes = {MOST_NODES}")
    else:
        solver.SetTimeLimit(int(1000 * seconds))
    if solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return []
    return [
        cover.columns[n]
        for n, variable in zip(picked, taken, strict=True)
        if variable.solution_value() > 0.5
    ]


def hand_out(inst: Instance, columns: list[Column]) -> dict[int, list[Draft]]:
    """Sorties in order of take-off, each to the drone at its base that has been free longest.

    An order in two sorties stays in the first.
    """
    where = [int(home) for home in inst.drone_home]
    free = [float(start) for start in inst.drone_start]
    drafts: dict[int, list[Draft]] = {}
    carried: set[int] = set()
    for column in sorted(columns, key=lambda column: column.takeoff):
        draft = _without(inst, column.draft, carried)
        carried.update(draft.orders)
        waiting = [
            d
            for d in range(inst.num_drones)
            if where[d] == draft.start and int(inst.drone_type[d]) == column.kind
        ]
        if not waiting:
            continue
        d = min(waiting, key=lambda d: (max(free[d], column.takeoff), d not in drafts, d))
        drafts.setdefault(d, []).append(draft)
        where[d] = draft.end
        flown = (column.cost - inst.cost_sortie) / max(inst.cost_flight, 1e-9)
        free[d] = max(free[d], column.takeoff) + flown + float(inst.turnaround[column.kind])
    return drafts


def _without(inst: Instance, draft: Draft, carried: set[int]) -> Draft:
    keep = [n for n, i in enumerate(draft.orders) if i not in carried]
    if len(keep) == len(draft.orders):
        return draft
    return Draft(
        draft.start,
        draft.end,
        tuple(t for t in draft.tasks if int(inst.task_order[t]) not in carried),
        tuple(draft.orders[n] for n in keep),
        tuple(draft.modes[n] for n in keep),
        tuple(draft.drops[n] for n in keep),
    )
