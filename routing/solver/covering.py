"""The covering problem that bound and columns share, before any column.

Owns its rows: each order is flown or left behind at its weight, and at each base as many sorties
of a type start as end when drones must be home at the end of the day. Does not know columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from ortools.linear_solver import pywraplp

from routing.solver.instance import FloatArray, Instance


@dataclass(frozen=True, slots=True)
class Rows:
    """An OR-Tools GLOP solver with a row for each order, and for each type and base."""

    solver: pywraplp.Solver
    orders: list[pywraplp.Constraint]
    flows: dict[tuple[int, int], pywraplp.Constraint]
    left: list[pywraplp.Variable]
    slack: dict[tuple[int, int], pywraplp.Variable]
    cuts: list[pywraplp.Constraint]
    relief: list[pywraplp.Variable]

    def add_cut(self) -> None:
        """A row for a cut: sorties that it charges, once in all."""
        row = self.solver.Constraint(-self.solver.infinity(), 1.0)
        relief = self.solver.NumVar(0.0, 0.0, "")
        row.SetCoefficient(relief, 1.0)
        self.cuts.append(row)
        self.relief.append(relief)

    def freeze(self, caps: FloatArray, flow: FloatArray, charges: FloatArray) -> None:
        """Hold the orders' duals at or below ``caps`` [N], those of the flows at ``flow``, and the
        prices of the cuts at or above ``charges`` [C]."""
        for variable, charge in zip(self.relief, charges, strict=True):
            variable.SetBounds(0.0, self.solver.infinity())
            self.solver.Objective().SetCoefficient(variable, -float(charge))
        for variable, cap in zip(self.left, caps, strict=True):
            self.solver.Objective().SetCoefficient(variable, float(cap))
        for (kind, base), variable in self.slack.items():
            variable.SetBounds(-self.solver.infinity(), self.solver.infinity())
            self.solver.Objective().SetCoefficient(variable, float(flow[kind, base]))

    def thaw(self, weight: FloatArray) -> None:
        """Back to the covering problem itself; orders are left behind at ``weight`` [N]."""
        for variable, cost in zip(self.left, weight, strict=True):
            self.solver.Objective().SetCoefficient(variable, float(cost))
        for variable in self.relief:
            variable.SetBounds(0.0, 0.0)
        for variable in self.slack.values():
            variable.SetBounds(0.0, 0.0)
            self.solver.Objective().SetCoefficient(variable, 0.0)


def kinds_of(inst: Instance) -> list[int]:
    """The drone types of the fleet."""
    return sorted({int(kind) for kind in inst.drone_type})


def new_rows(inst: Instance) -> Rows:
    """The covering problem with every order left behind."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    orders, lefts = [], []
    for i in range(inst.num_orders):
        row = solver.Constraint(1.0, solver.infinity())
        left = solver.NumVar(0.0, 1.0, "")
        solver.Objective().SetCoefficient(left, float(inst.unserved_weight[i]))
        row.SetCoefficient(left, 1.0)
        orders.append(row)
        lefts.append(left)
    flows, slack = {}, {}
    if inst.must_return_home:
        for kind, base in product(kinds_of(inst), np.flatnonzero(inst.is_base)):
            key = (kind, int(base))
            flows[key], slack[key] = solver.Constraint(0.0, 0.0), solver.NumVar(0.0, 0.0, "")
            flows[key].SetCoefficient(slack[key], 1.0)
        _fly_empty(inst, solver, flows)
    solver.Objective().SetMinimization()
    return Rows(solver, orders, flows, lefts, slack, [], [])


def _fly_empty(
    inst: Instance,
    solver: pywraplp.Solver,
    flows: dict[tuple[int, int], pywraplp.Constraint],
) -> None:
    """Drones may fly from base to base with nothing: no dual of a flow may promise more."""
    for (kind, start), (other, end) in product(flows, flows):
        flight = float(inst.quickest[kind, start, end])
        if kind == other and start != end and np.isfinite(flight):
            empty = solver.NumVar(0.0, solver.infinity(), "")
            solver.Objective().SetCoefficient(empty, inst.cost_flight * flight)
            flows[kind, start].SetCoefficient(empty, 1.0)
            flows[kind, end].SetCoefficient(empty, -1.0)
