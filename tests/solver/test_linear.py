"""A linear program that is solved on has the same solution as one that is built anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from routing.solver import linear
from routing.solver.linear import Linear, Status
from tests.programs import printed_by

ROWS = 4
columns = st.tuples(st.integers(1, 30), st.sets(st.integers(0, ROWS - 1), min_size=1, max_size=3))


def covering(some: list[tuple[int, set[int]]]) -> Linear:
    """Every row is covered once at least, or left at a cost."""
    program = Linear()
    for _ in range(ROWS):
        row = program.add_row(1.0, np.inf)
        program.add_column(100.0, [(row, 1.0)])
    for cost, rows in some:
        program.add_column(float(cost), [(row, 1.0) for row in sorted(rows)])
    return program


def least_cost(
    some: list[tuple[int, set[int]]], cap: tuple[set[int], float] | None = None
) -> float:
    """The same, by another solver, from nothing; with a row at most ``cap`` for some columns."""
    costs = [100.0] * ROWS + [float(cost) for cost, _ in some]
    matrix = np.zeros((ROWS, len(costs)))
    matrix[:, :ROWS] = np.eye(ROWS)
    for n, (_, rows) in enumerate(some):
        matrix[sorted(rows), ROWS + n] = 1.0
    upper, limits = -matrix, -np.ones(ROWS)
    if cap is not None:
        row = np.zeros(len(costs))
        row[[ROWS + n for n in cap[0]]] = 1.0
        upper, limits = np.vstack([upper, row]), np.append(limits, cap[1])
    return float(linprog(costs, A_ub=upper, b_ub=limits).fun)


@given(st.lists(columns, min_size=1, max_size=6), st.lists(columns, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_columns_rows_and_bounds_that_come_later_count(
    first: list[tuple[int, set[int]]], later: list[tuple[int, set[int]]]
) -> None:
    program = covering(first)
    assert program.solve() is Status.OPTIMAL
    assert np.isclose(program.value, least_cost(first))
    for cost, rows in later:
        program.add_column(float(cost), [(row, 1.0) for row in sorted(rows)])
    assert program.solve() is Status.OPTIMAL
    both = [*first, *later]
    assert np.isclose(program.value, least_cost(both))
    assert program.reduced().min() >= -1e-7
    # At prices that are right what is taken costs nothing more.
    assert np.allclose(program.reduced()[program.taken > 1e-9], 0.0, atol=1e-7)
    row, some = program.add_row(-np.inf, 0.5), set(range(len(both)))
    for n in some:
        program.enter(row, ROWS + n, 1.0)
    assert program.solve() is Status.OPTIMAL
    assert np.isclose(program.value, least_cost(both, (some, 0.5)))
    program.bound_row(row, -np.inf, np.inf)
    program.bound_column(ROWS, 0.0, 0.0)
    program.set_cost(0, 0.0)
    assert program.solve() is Status.OPTIMAL
    fewer = [(cost, rows - {0}) for cost, rows in both[1:] if rows != {0}]
    assert np.isclose(program.value, least_cost(fewer) - 100.0)


def test_what_cannot_be_is_said_and_can_be_mended() -> None:
    program = covering([(5, {0, 1, 2, 3})])
    row = program.add_row(2.0, np.inf)
    program.enter(row, ROWS, 1.0)
    program.bound_column(ROWS, 0.0, 1.0)
    assert program.solve() is Status.INFEASIBLE
    program.bound_row(row, 1.0, np.inf)
    assert program.solve() is Status.OPTIMAL
    assert program.value == 5.0
    assert program.taken[ROWS] == 1.0


def test_what_has_not_changed_is_not_solved_again() -> None:
    program = covering([(7, {0, 1}), (9, {2, 3})])
    assert program.solve() is Status.OPTIMAL
    program.set_cost(ROWS, 7.0)
    prices = program.prices
    assert program.solve() is Status.OPTIMAL
    assert program.prices is prices
    assert prices.sum() == 16.0


def test_a_solve_that_does_not_end_from_the_last_basis_begins_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[Linear] = []
    begin, patience_s = Linear._begin, linear.PATIENCE_S

    def count(program: Linear) -> None:
        begun.append(program)
        begin(program)

    monkeypatch.setattr(Linear, "_begin", count)
    some = [(7 + n % 5, {n % ROWS, (n * n + 1) % ROWS}) for n in range(40)]
    program = covering(some[:20])
    assert program.solve() is Status.OPTIMAL
    for cost, rows in some[20:]:
        program.add_column(cost - 5.0, [(row, 1.0) for row in sorted(rows)])
    monkeypatch.setattr(linear, "PATIENCE_S", 0.0)
    assert program.solve() is Status.OPTIMAL
    assert len(begun) == 2
    lower = [*some[:20], *((cost - 5, rows) for cost, rows in some[20:])]
    assert np.isclose(program.value, least_cost(lower))
    # Where there is time, it goes on from there.
    monkeypatch.setattr(linear, "PATIENCE_S", patience_s)
    program.set_cost(ROWS, 1.0)
    assert program.solve() is Status.OPTIMAL
    assert len(begun) == 2


def test_two_threads_may_be_the_first_to_use_it() -> None:
    # MathOpt's bindings raise where two threads call them for the first time at once.
    begin = """
import sys
from threading import Thread
from routing.solver.linear import Linear

def build():
    program = Linear()
    rows = [program.add_row(1.0, 9.0) for _ in range(50)]
    for n in range(200):
        program.add_column(1.0, [(rows[n % 50], 1.0)])
    program.solve()
    done.append(program.value)

sys.setswitchinterval(1e-6)
done = []
threads = [Thread(target=build) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert done == [50.0] * 4, done
"""
    for _ in range(3):
        printed_by(begin)
