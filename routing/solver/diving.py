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
STEP_SHARE, MOST_SHARE = 0.06, 0.3
"""At least this share of the sorties that are left is kept in a step, those taken most of; more
where time is short."""
NEAR = 0.06
"""Of a sortie that shares orders with one that is kept, what is left may be kept later, if it costs
less than this share more than it is worth."""
CHANCE = 0.2
"""Where chance has a say, a sortie may count for less by up to this share."""
BETWEEN, ROUNDS = (Growth(30, 0.0002, 0.3),), 2
"""How columns are grown after a step. Prices that follow those of the covering problem at once find
sorties for what was just kept, and few for what is left."""


@dataclass(slots=True)
class _Dive:
    """A covering problem of its own, and the sorties that are kept.

    Attributes:
        rng: chance, where it has a say in what is kept; carried: orders of what is kept.
        tried: so many of the columns have been tried against the rules of one sortie; barred: those
            that are no more to be flown, or are kept.
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

    def keep_some(self, share: float) -> bool:
        """Keep a share of what is taken, what is taken most of; false when all of it is kept."""
        flown = self.cover.taken()
        flown[self.kept] = 0.0
        rank = flown
        if self.rng is not None:
            rank = flown * self.rng.uniform(1.0 - CHANCE, 1.0, len(flown))
        ranked = [int(n) for n in np.argsort(-rank, kind="stable") if flown[n] > TAKEN]
        left = max(1, round(share * float(flown.sum())))
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
    state, share = _Dive(own, Trial(inst), rng), STEP_SHARE
    own.steady[:] = state.solve()
    began = time.perf_counter()
    while state.keep_some(share):
        if began < until_s:
            generate(own, until_s, ROUNDS, BETWEEN)
        state.solve()
        now = time.perf_counter()
        share = pace(now - began, until_s - now)
        began = now
    return [own.columns[n] for n in state.kept]


def pace(step_s: float, left_s: float) -> float:
    """The share to keep in the next step, so that all of them end in the seconds that are left.

    What a step takes falls with what is left, and so all that are to come take as long as this one,
    divided by the share.
    """
    if left_s <= 0.0:
        return MOST_SHARE
    return min(MOST_SHARE, max(STEP_SHARE, step_s / left_s))
