"""Whole sorties from columns: the best choice found (OR-Tools' SCIP), and who flies them.

Owns the choice and its handing out to drones. What it gives are drafts for the search to load,
weigh exactly and improve; it proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from ortools.linear_solver import pywraplp

from routing.solver.columns import Column, Cover, add_plan, column_of_trip
from routing.solver.instance import Instance
from routing.solver.loading import Draft, load_worker, without
from routing.solver.occupancy import find_takeoffs, make_jobs
from routing.solver.settling import drafts_in_turn
from routing.solver.solution import Solution, read_solution
from routing.solver.trial import Choice, Trial

MOST_WHOLE, MOST_AN_ORDER, MOST_NODES = 1_000, 8, 50
"""Columns that the choice of whole sorties is made from, and the nodes of its search."""
TAKEOFFS_WORK = 2.0
"""What finding take-offs may take, in the solver's own measure."""

MOST_LOADS = 6
"""How often chosen sorties are loaded in another order."""
EPS = 1e-6


class Choosable(NamedTuple):
    """A sortie to choose, and whether the plan so far flies it."""

    column: Column
    is_flown: bool


def pick_columns(cover: Cover, plan: Solution, most: int | None = None) -> list[Choosable]:
    """The sorties of a plan, and of the columns that some drone can fly those that pay most.

    The family that a bound is taken over leaves out some rules; a choice cannot.

    Args:
        most: columns that pay; by default as many as a short choice can do with.
    """
    add_plan(cover, plan)
    cover.solve()
    if most is None:
        most = max(MOST_WHOLE, MOST_AN_ORDER * cover.inst.num_orders)
    reduced = cover.rows.program.reduced()[cover.numbers]
    ranked = sorted(int(n) for n in np.argsort(reduced, kind="stable")[:most])
    trial = Trial(cover.inst)
    flown = [Choosable(column_of_trip(cover.inst, trip), True) for trip in plan.trips]
    others = [Choosable(cover.columns[n], False) for n in ranked]
    return flown + [
        one for one in others if trial.cost(one.column.kind, one.column.draft) is not None
    ]


def choose_whole(
    inst: Instance,
    picked: Sequence[Choosable],
    plan: Solution,
    seconds: float | None,
    *,
    has_doubles: bool = True,
) -> list[Column]:
    """The cheapest choice of whole sorties found.

    It starts from the sorties of ``plan``, which may be a part of one: orders that are neither
    carried nor left behind in it are no matter. Without a limit in seconds a number of nodes ends
    the choice, so that it can be repeated.

    Args:
        has_doubles: whether an order may be in two sorties, to be left out of one; a choice without
            takes half the time.
    """
    solver = pywraplp.Solver.CreateSolver("SCIP")
    covers: list[list[pywraplp.Variable]] = [[] for _ in range(inst.num_orders)]
    ends: dict[tuple[int, int], list[tuple[float, pywraplp.Variable]]] = {}
    taken = []
    for column, _ in picked:
        variable = solver.BoolVar("")
        solver.Objective().SetCoefficient(variable, column.cost)
        taken.append(variable)
        for i in column.draft.orders:
            covers[i].append(variable)
        if column.draft.start != column.draft.end and inst.must_return_home:
            for base, sign in ((column.draft.start, 1.0), (column.draft.end, -1.0)):
                ends.setdefault((column.kind, base), []).append((sign, variable))
    unserved = set(plan.unserved)
    wanted = unserved.union(*(trip.orders for trip in plan.trips))
    hints = [(taken[n], float(one.is_flown)) for n, one in enumerate(picked)]
    for i in sorted(wanted):
        row = covers[i]
        if i in unserved:
            left = solver.BoolVar("")
            solver.Objective().SetCoefficient(left, float(inst.unserved_weight[i]))
            hints.append((left, 1.0))
            row.append(left)
        carried = solver.Sum(row)
        solver.Add(carried >= 1 if has_doubles else carried == 1)
    moved = net_moves(inst, plan)
    for key, moves in ends.items():
        solver.Add(solver.Sum([sign * variable for sign, variable in moves]) == moved.get(key, 0))
    solver.SetHint([variable for variable, _ in hints], [value for _, value in hints])
    solver.Objective().SetMinimization()
    if seconds is None:
        solver.SetSolverSpecificParametersAsString(f"limits/nodes = {MOST_NODES}")
    else:
        solver.SetTimeLimit(int(1000 * seconds))
    if solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return []
    return [
        one.column
        for one, variable in zip(picked, taken, strict=True)
        if variable.solution_value() > 0.5
    ]


def net_moves(inst: Instance, plan: Solution) -> dict[tuple[int, int], int]:
    """Sorties that start at a base less those that end there, by drone type and base."""
    moved: dict[tuple[int, int], int] = {}
    for trip in plan.trips:
        kind = int(inst.drone_type[trip.drone])
        for base, sign in ((trip.start, 1), (trip.end, -1)):
            moved[kind, base] = moved.get((kind, base), 0) + sign
    return moved


def hand_out(inst: Instance, columns: Sequence[Column]) -> dict[int, list[Draft]]:
    """Sorties to drones: at take-offs at which the fleet can fly all of them, if there are such.

    An order in two sorties stays in the first. What finds no pack or pad in time because others
    were loaded before is loaded before them.
    """
    trial, carried = Trial(inst), set[int]()
    flights: list[Choice] = []
    for column in sorted(columns, key=lambda column: column.takeoff):
        draft = without(inst, column.draft, carried)
        carried.update(draft.orders)
        if draft.orders:
            flown = trial.fly(column.kind, draft)
            flights.append(_about(inst, column, draft) if flown is None else flown)
    takeoffs = np.array([flight.soonest for flight in flights])
    jobs, fleet = make_jobs(inst, flights), np.bincount(inst.drone_type)
    for kind in np.unique(jobs.kind):
        mine = np.flatnonzero(jobs.kind == kind)
        # Not by the clock: a run that iterations limit can be repeated on any machine.
        found = find_takeoffs(jobs.part(mine), int(fleet[kind]), np.inf, TAKEOFFS_WORK)
        if found is not None and not np.isnan(found).any():
            takeoffs[mine] = found
    return load_well(inst, drafts_in_turn(inst, flights, takeoffs.tolist()))


def load_well(inst: Instance, drafts: dict[int, list[Draft]]) -> dict[int, list[Draft]]:
    """The sorties with those in front that cannot be loaded after others, if that is cheaper."""
    best, least = drafts, np.inf
    for _ in range(MOST_LOADS):
        worker = load_worker(inst, drafts, 1)
        if worker.best_value < least - EPS:
            best, least = drafts, worker.best_value
        flown = [(trip.drone, set(trip.orders)) for trip in read_solution(worker.best, least).trips]
        lacking = [
            drone
            for drone, row in drafts.items()
            if any(
                not any(by == drone and orders >= set(draft.orders) for by, orders in flown)
                for draft in row
            )
        ]
        moved = _in_front(inst, drafts, lacking)
        if moved == drafts:
            break
        drafts = moved
    return best


def _in_front(
    inst: Instance, drafts: Mapping[int, list[Draft]], first: Sequence[int]
) -> dict[int, list[Draft]]:
    """The sorties of some drones to those loaded first, of the same type, base and hours."""
    alike: dict[tuple[float, ...], list[int]] = {}
    for d in range(inst.num_drones):
        key = inst.drone_type[d], inst.drone_home[d], inst.drone_start[d], inst.drone_end[d]
        alike.setdefault(tuple(float(one) for one in key), []).append(d)
    moved: dict[int, list[Draft]] = {}
    for drones in alike.values():
        ranked = sorted(drones, key=lambda d: d not in first)
        moved |= {
            d: drafts[other] for d, other in zip(drones, ranked, strict=True) if other in drafts
        }
    return moved


def _about(inst: Instance, column: Column, draft: Draft) -> Choice:
    """A sortie that no drone can fly as it is, about when it would be flown."""
    flown = (column.cost - inst.cost_sortie) / max(inst.cost_flight, 1e-9)
    at = column.takeoff
    return Choice(
        column.kind, draft.start, draft.end, draft.orders, column.cost, at, at, at + flown, flown,
        draft,
    )  # fmt: skip
