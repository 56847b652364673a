"""A linear program that grows, and is solved on from where it was solved last.

Owns the model and the solver (GLOP by OR-Tools MathOpt, incremental: the solver of ``pywraplp``
begins anew each time) and which simplex goes on: after new columns and costs the primal one, after
new rows and bounds the dual one. Does not know what rows and columns mean.
"""

from __future__ import annotations

import datetime
import time
from array import array
from collections.abc import Iterable
from enum import Enum

import numpy as np
from ortools.math_opt import parameters_pb2, result_pb2, sparse_containers_pb2

# What ``mathopt.IncrementalSolver`` calls: it makes objects of the whole basis, which takes longer
# than most solves here.
from ortools.math_opt.core.python import solver as core
from ortools.math_opt.python import mathopt

from routing.solver.instance import FloatArray

GLOP = mathopt.SolverType.GLOP.value
PATIENCE_S = 60.0
"""A solve without a limit that has not ended by then from the last basis begins anew: on days of
600 orders it takes a tenth of a second at most, and a simplex may go round in circles for ever."""


class Status(Enum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    FAILED = "failed"


class Linear:
    """Costs to be least, over columns and rows by number.

    Attributes:
        value: of the last solution; taken: its columns [n]; prices: duals of its rows [m].
    """

    def __init__(self) -> None:
        self.value = np.nan
        self.taken = np.zeros(0)
        self.prices = np.zeros(0)
        self._model = mathopt.Model()
        self._columns: list[mathopt.Variable] = []
        self._rows: list[mathopt.LinearConstraint] = []
        self._costs: list[float] = []
        self._entries = array("q"), array("q"), array("d")
        self._solver: core.Solver | None = None
        self._tracker = self._model.add_update_tracker()
        self._is_dual, self._has_changed = True, True

    @property
    def num_columns(self) -> int:
        """Columns so far."""
        return len(self._columns)

    def add_row(self, least: float, most: float) -> int:
        """A row without entries; returns its number."""
        self._rows.append(self._model.add_linear_constraint(lb=least, ub=most))
        self._is_dual = self._has_changed = True
        return len(self._rows) - 1

    def add_column(
        self,
        cost: float,
        entries: Iterable[tuple[int, float]],
        most: float = np.inf,
        least: float = 0.0,
    ) -> int:
        """A column with its entries by row; returns its number."""
        column = self._model.add_variable(lb=least, ub=most)
        self._model.objective.set_linear_coefficient(column, cost)
        self._columns.append(column)
        self._costs.append(cost)
        for row, entry in entries:
            self._put(row, len(self._columns) - 1, entry)
        self._has_changed = True
        return len(self._columns) - 1

    def enter(self, row: int, column: int, entry: float) -> None:
        """A column's entry in a row in which it has none."""
        self._put(row, column, entry)
        self._is_dual = self._has_changed = True

    def _put(self, row: int, column: int, entry: float) -> None:
        self._rows[row].set_coefficient(self._columns[column], entry)
        rows, columns, entries = self._entries
        rows.append(row)
        columns.append(column)
        entries.append(entry)

    def bound_column(self, column: int, least: float, most: float) -> None:
        """Set the bounds of a column."""
        variable = self._columns[column]
        variable.lower_bound, variable.upper_bound = least, most
        # A column that has come since the last solution is not in its basis.
        at = self.taken[column] if column < len(self.taken) else 0.0
        self._is_dual |= not least <= at <= most
        self._has_changed = True

    def bound_row(self, row: int, least: float, most: float) -> None:
        """Set the bounds of a row."""
        constraint = self._rows[row]
        constraint.lower_bound, constraint.upper_bound = least, most
        self._is_dual = self._has_changed = True

    def set_cost(self, column: int, cost: float) -> None:
        """Set the cost of a column."""
        if cost != self._costs[column]:
            self._costs[column] = cost
            self._model.objective.set_linear_coefficient(self._columns[column], cost)
            self._has_changed = True

    def solve(self, seconds: float | None = None) -> Status:
        """Solve it, from the last basis on; without an optimum, once more from nothing."""
        if not self._has_changed:
            return Status.OPTIMAL
        status, until_s = Status.FAILED, time.perf_counter() + (seconds or 0.0)
        if self._solver is not None:
            update = self._tracker.export_update()
            if update is None or self._solver.update(update):
                self._tracker.advance_checkpoint()
                status = self._go_on(PATIENCE_S if seconds is None else seconds)
            if status is not Status.OPTIMAL and seconds is not None:
                seconds = until_s - time.perf_counter()
        if status is not Status.OPTIMAL and (seconds is None or seconds > 0.0):
            # The first time, or numbers have gone bad on the way.
            self._begin()
            self._is_dual = True
            status = self._go_on(seconds)
        self._has_changed = status is not Status.OPTIMAL
        self._is_dual = False
        return status

    def reduced(self) -> FloatArray:
        """Reduced costs of the columns at the last prices [n]."""
        rows, columns, entries = (np.array(whole) for whole in self._entries)
        priced = self.prices[rows] * entries
        lost = np.bincount(columns, weights=priced, minlength=len(self._columns))
        return np.array(self._costs) - lost

    def _begin(self) -> None:
        """A solver without a basis."""
        nothing = parameters_pb2.SolverInitializerProto()
        self._tracker.advance_checkpoint()
        self._solver = core.new(GLOP, self._model.export_model(), nothing)

    def _go_on(self, seconds: float | None) -> Status:
        limit = None if seconds is None else datetime.timedelta(seconds=max(0.0, seconds))
        # A basis is kept only where nothing is left out of the model beforehand.
        params = mathopt.SolveParameters(time_limit=limit, presolve=mathopt.Emphasis.OFF)
        params.glop.use_preprocessing = False
        params.glop.use_dual_simplex = self._is_dual
        # Most columns are not taken, and reduced costs are seldom asked for.
        wanted = mathopt.ModelSolveParameters(
            variable_values_filter=mathopt.VariableFilter(skip_zero_values=True),
            reduced_costs_filter=mathopt.VariableFilter(filtered_items=[]),
        )
        nobody = mathopt.CallbackRegistration().to_proto()
        assert self._solver is not None
        result = self._solver.solve(params.to_proto(), wanted.to_proto(), None, nobody, None, None)
        reason = result.termination.reason
        if reason == result_pb2.TERMINATION_REASON_INFEASIBLE:
            return Status.INFEASIBLE
        if reason != result_pb2.TERMINATION_REASON_OPTIMAL:
            return Status.FAILED
        primal, dual = result.solutions[0].primal_solution, result.solutions[0].dual_solution
        self.value = float(primal.objective_value)
        self.taken = _whole(primal.variable_values, len(self._columns))
        self.prices = _whole(dual.dual_values, len(self._rows))
        return Status.OPTIMAL


def _whole(sparse: sparse_containers_pb2.SparseDoubleVectorProto, size: int) -> FloatArray:
    """A vector of which only some entries are told."""
    whole = np.zeros(size)
    whole[np.array(sparse.ids, dtype=np.int64)] = sparse.values
    return whole


def _use_once() -> None:
    """Call all that is called of MathOpt once, while there is one thread: its bindings raise a
    ``TypeError`` where two threads come first at the same time."""
    program = Linear()
    row = program.add_row(1.0, np.inf)
    column = program.add_column(1.0, [(row, 1.0)])
    program.enter(row, program.add_column(2.0, []), 1.0)
    program.solve()
    program.bound_row(row, 2.0, np.inf)
    program.bound_column(column, 0.0, 1.0)
    program.set_cost(column, 2.0)
    program.solve(1.0)


_use_once()
