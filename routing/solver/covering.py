"""The covering problem that bound and columns share, before any column.

Owns its rows: each order is flown or left behind at its weight, and at each base as many sorties
of a type start as end when drones must be home at the end of the day. Does not know columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

import numpy as np

from routing.solver.instance import FloatArray, Instance
from routing.solver.linear import Linear


@dataclass(frozen=True, slots=True)
class Rows:
    """A linear program with a row for each order, and for each type and base, by number.

    Attributes:
        orders: rows of the orders; flows: of types and bases; cuts: of the cuts so far.
        left: columns of orders that are left behind; slack, relief: columns that are worth
            something while prices are held, of the flows and of the cuts.
    """

    program: Linear
    orders: list[int]
    flows: dict[tuple[int, int], int]
    left: list[int]
    slack: dict[tuple[int, int], int]
    cuts: list[int] = field(default_factory=list)
    relief: list[int] = field(default_factory=list)

    def add_cut(self) -> None:
        """A row for a cut: sorties that it charges, once in all."""
        self.cuts.append(self.program.add_row(-np.inf, 1.0))
        self.relief.append(self.program.add_column(0.0, [(self.cuts[-1], 1.0)]))

    def excuse(self, order: int) -> None:
        """Let an order be left behind for nothing."""
        self.program.set_cost(self.left[order], 0.0)

    def freeze(self, caps: FloatArray, flow: FloatArray, charges: FloatArray) -> None:
        """Hold the orders' duals at or below ``caps`` [N], those of the flows at ``flow``, and the
        prices of the cuts at or above ``charges`` [C]."""
        for column, charge in zip(self.relief, charges, strict=True):
            self.program.set_cost(column, -float(charge))
        for column, cap in zip(self.left, caps, strict=True):
            self.program.set_cost(column, float(cap))
        for (kind, base), column in self.slack.items():
            self.program.bound_column(column, -np.inf, np.inf)
            self.program.set_cost(column, float(flow[kind, base]))

    def thaw(self, weight: FloatArray) -> None:
        """Back to the covering problem itself; orders are left behind at ``weight`` [N]."""
        for column, cost in zip(self.left, weight, strict=True):
            self.program.set_cost(column, float(cost))
        for column in self.relief:
            self.program.set_cost(column, 0.0)
        for column in self.slack.values():
            self.program.bound_column(column, 0.0, 0.0)
            self.program.set_cost(column, 0.0)


def kinds_of(inst: Instance) -> list[int]:
    """The drone types of the fleet."""
    return sorted({int(kind) for kind in inst.drone_type})


def new_rows(inst: Instance) -> Rows:
    """The covering problem with every order left behind."""
    program = Linear()
    orders = [program.add_row(1.0, np.inf) for _ in range(inst.num_orders)]
    left = [
        program.add_column(float(weight), [(row, 1.0)], 1.0)
        for row, weight in zip(orders, inst.unserved_weight, strict=True)
    ]
    flows: dict[tuple[int, int], int] = {}
    slack: dict[tuple[int, int], int] = {}
    if inst.must_return_home:
        for kind, base in product(kinds_of(inst), np.flatnonzero(inst.is_base)):
            key = (kind, int(base))
            flows[key] = program.add_row(0.0, 0.0)
            slack[key] = program.add_column(0.0, [(flows[key], 1.0)], 0.0)
        _fly_empty(inst, program, flows)
    return Rows(program, orders, flows, left, slack)


def _fly_empty(inst: Instance, program: Linear, flows: dict[tuple[int, int], int]) -> None:
    """Drones may fly from base to base with nothing: no dual of a flow may promise more."""
    for (kind, start), (other, end) in product(flows, flows):
        flight = float(inst.quickest[kind, start, end])
        if kind == other and start != end and np.isfinite(flight):
            moves = [(flows[kind, start], 1.0), (flows[kind, end], -1.0)]
            program.add_column(inst.cost_flight * flight, moves)
