"""A dive: whole sorties one by one from the relaxation, with new columns on the way.

Owns which sorties are kept and how columns grow in between. Sorties that the covering problem takes
nearly whole are kept; what is left is solved again, with columns for the prices it has now, until
all orders are carried. On a day of many orders this comes far nearer to the relaxation than a
search, or a choice among columns that were made for it. What it gives are columns; who flies them
is ``selection``'s.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from routing.solver.columns import Column, Cover, Growth, generate
from routing.solver.instance import FloatArray
from routing.solver.loading import without
from routing.solver.trial import Trial

WHOLE, TAKEN = 0.95, 1e-6
"""Sorties of which the covering problem takes so much are kept at once; less is not taken."""
STEP_SHARE = 0.06
"""At least this share of the sorties is kept in a step, those taken most of."""
NEAR = 0.06
"""Of a sortie that shares orders with one that is kept, what is left may be kept later, if it costs
less than this share more than it is worth."""
CHANCE = 0.2
"""Where chance has a say, a sortie may count for less by up to this share."""
BETWEEN, ROUNDS = (Growth(30, 0.002, 1.0),), 2
"""How columns are grown after a step."""


@dataclass(slots=True)
class _Dive:
    """A covering problem of its own, and the sorties that are kept.

    Attributes:
        rng: chance, where it has a say in what is kept; carried: orders of what is kept.
        tried: so many of the columns have been tried against the rules of one sortie.
    """

    cover: Cover
    trial: Trial
    rng: np.random.Generator | None
    kept: list[int] = field(default_factory=list)
    carried: set[int] = field(default_factory=set)
    tried: int = 0
    barred: set[int] = field(default_factory=set)

    def solve(self) -> FloatArray:
        """The duals, without what no drone can fly: the bound's family leaves out some rules."""
        columns = self.cover.columns
        for n in range(self.tried, len(columns)):
            if self.trial.cost(columns[n].kind, columns[n].draft) is None:
                self._bar(n)
        self.tried = len(columns)
        return self.cover.solve()[1]

    def _bar(self, n: int) -> None:
        self.cover.rows.program.bound_column(self.cover.numbers[n], 0.0, 0.0)
        self.barred.add(n)

    def _shorten(self, column: Column) -> None:
        """Add what is left of a sortie without what is carried."""
        draft = without(self.cover.inst, column.draft, self.carried)
        cost = self.trial.cost(column.kind, draft) if draft.orders else None
        if cost is not None:
            self.cover.add(Column(column.kind, cost, column.takeoff, draft.orders, draft))

    def keep_some(self) -> bool:
        """Keep what is taken most of; false when all that is taken is kept."""
        flown = self.cover.taken()
        flown[self.kept] = 0.0
        rank = flown
        if self.rng is not None:
            rank = flown * self.rng.uniform(1.0 - CHANCE, 1.0, len(flown))
        ranked = [int(n) for n in np.argsort(-rank, kind="stable") if flown[n] > TAKEN]
        left = max(1, round(STEP_SHARE * (float(flown.sum()) + len(self.kept))))
        for place, n in enumerate(ranked):
            orders = self.cover.columns[n].orders
            is_wanted = left > 0 or flown[n] > WHOLE
            if place == 0 or (is_wanted and self.carried.isdisjoint(orders)):
                self.kept.append(n)
                self.carried.update(orders)
                self.cover.rows.program.bound_column(self.cover.numbers[n], 1.0, 1.0)
                self.barred.add(n)
                left -= 1
        # A covering problem of what is left alone is solved in much less time.
        reduced = self.cover.rows.program.reduced()[self.cover.numbers]
        for n in range(len(self.cover.columns)):
            if n not in self.barred and not self.carried.isdisjoint(self.cover.columns[n].orders):
                self._bar(n)
                if reduced[n] < NEAR * self.cover.columns[n].cost:
                    self._shorten(self.cover.columns[n])
        # What is carried is worth nothing more.
        self.cover.steady[list(self.carried)] = 0.0
        return bool(ranked)


def dive(cover: Cover, until_s: float, rng: np.random.Generator | None = None) -> list[Column]:
    """Whole sorties that carry all orders that the covering problem carries; some may be in two.

    The cover is only read, while another thread may add to it.

    Args:
        until_s: ``time.perf_counter()`` from which no more columns are grown.
        rng: lets chance have a say in what is kept, so that dives differ.
    """
    inst = cover.inst
    own = cover.apart()
    state = _Dive(own, Trial(inst), rng)
    own.steady[:] = state.solve()
    while state.keep_some():
        if time.perf_counter() < until_s:
            generate(own, until_s, ROUNDS, BETWEEN)
        state.solve()
    return [own.columns[n] for n in state.kept]
