"""The covering problem that bound and columns share, before any column.

Owns its rows: each order is flown or left behind at its weight, and at each base as many sorties
of a type start as end when drones must be home at the end of the day. Does not know columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from ortools.linear_solver import pywraplp

from routing.solver.instance import Instance


@dataclass(frozen=True, slots=True)
class Rows:
    """An OR-Tools GLOP solver with a row for each order, and for each type and base."""

    solver: pywraplp.Solver
    orders: list[pywraplp.Constraint]
    flows: dict[tuple[int, int], pywraplp.Constraint]


def kinds_of(inst: Instance) -> list[int]:
    """The drone types of the fleet."""
    return sorted({int(kind) for kind in inst.drone_type})


def new_rows(inst: Instance) -> Rows:
    """The covering problem with every order left behind."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    orders = []
    for i in range(inst.num_orders):
        row = solver.Constraint(1.0, solver.infinity())
        left = solver.NumVar(0.0, 1.0, "")
        solver.Objective().SetCoefficient(left, float(inst.unserved_weight[i]))
        row.SetCoefficient(left, 1.0)
        orders.append(row)
    flows = {}
    if inst.must_return_home:
        for kind, base in product(kinds_of(inst), np.flatnonzero(inst.is_base)):
            flows[kind, int(base)] = solver.Constraint(0.0, 0.0)
    solver.Objective().SetMinimization()
    return Rows(solver, orders, flows)
