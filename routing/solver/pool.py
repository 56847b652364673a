"""The pool: sorties that the search flew, good or not, for the covering problem to choose from.

Owns what was seen of them. The search passes by many sorties that its best plan has no use for; a
cover that knows them starts near its end, with prices that are nearly right.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from routing.solver.columns import Column, Cover, Key, column_of_trip
from routing.solver.instance import Instance
from routing.solver.solution import read_trip
from routing.solver.state import (
    F_ENERGY,
    F_FLIGHT,
    I_DRONE,
    I_END,
    I_FIXED,
    I_ORDERS,
    I_START,
    State,
)

MOST = 20_000
"""Sorties that wait for a cover; the oldest go."""
EPS = 1e-6


@dataclass(slots=True)
class Pool:
    """Sorties by type, bases and orders: the least cost of each, and those not poured yet."""

    inst: Instance
    least: dict[Key, float] = field(default_factory=dict)
    fresh: deque[Column] = field(default_factory=lambda: deque(maxlen=MOST))

    def collect(self, state: State) -> None:
        """Take up what a plan flies, where it is new or cheaper than before."""
        inst = self.inst
        rows = np.flatnonzero(state.used & (state.ints[:, I_FIXED] == 0))
        flight, energy = state.floats[rows, F_FLIGHT], state.floats[rows, F_ENERGY]
        costs = inst.cost_flight * flight + inst.cost_energy * energy
        for s, cost in zip(rows.tolist(), costs.tolist(), strict=True):
            orders = tuple(sorted(state.orders[s, : state.ints[s, I_ORDERS]].tolist()))
            kind = int(inst.drone_type[state.ints[s, I_DRONE]])
            key = (kind, int(state.ints[s, I_START]), int(state.ints[s, I_END]), orders)
            if cost < self.least.get(key, np.inf) - EPS:
                self.least[key] = cost
                self.fresh.append(column_of_trip(inst, read_trip(state, s)))

    def pour(self, cover: Cover) -> None:
        """Give a cover what was collected since the last time."""
        while self.fresh:
            cover.add(self.fresh.popleft())
