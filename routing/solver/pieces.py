"""Pieces of a plan chosen again: the sorties of a few hours, from all that is near their prices.

What is flown early in a day has little to do with what is flown late. So a day that is too long for
one choice of whole sorties is chosen piece by piece, each with columns grown for it alone, until no
piece gets better. Owns the pieces and the columns that were worth keeping for others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from routing.solver.columns import (
    Column,
    Cover,
    Growth,
    Key,
    column_of_trip,
    generate,
    part_of_cover,
)
from routing.solver.instance import Instance
from routing.solver.pricing import Pricing
from routing.solver.recombination import BEAM, NEAR, NEAREST, add_near
from routing.solver.running import EPS, Run
from routing.solver.searching import search_alone
from routing.solver.selection import choose_whole, hand_out, net_moves, pick_columns
from routing.solver.solution import Solution

SIZE, STEP = 18, 9
"""Sorties of a piece, and from one piece to the next."""
GROWTH, ROUNDS = (Growth(100, 0.004, 0.6), Growth(300, 0.002, 0.5)), 12
CHOICE_S = 6.0
"""What the choice for a piece may take."""


@dataclass(slots=True)
class _Pieces:
    """A run's best plan, piece by piece."""

    run: Run
    pricing: Pricing
    columns: dict[Key, Column] = field(default_factory=dict)

    def keep(self, column: Column) -> None:
        """Keep a column for other pieces, unless one with the same orders is there for less."""
        known = self.columns.get(column.key)
        if known is None or column.cost < known.cost - EPS:
            self.columns[column.key] = column

    def choose(self, part: Solution, until_s: float) -> list[Column]:
        """The best sorties found for the orders of a part of a plan; none when there are none."""
        inst = self.run.inst
        wanted = set(part.unserved).union(*(trip.orders for trip in part.trips))
        flown = [column_of_trip(inst, trip) for trip in part.trips]
        columns, moved = [*flown, *self.columns.values()], net_moves(inst, part)
        own = part_of_cover(inst, self.pricing, columns, wanted, moved)
        _, own.steady[:], _ = own.solve()
        generate(own, until_s, ROUNDS, GROWTH)
        value, duals, flow = own.solve()
        if np.isnan(value):
            return []
        add_near(own, duals, flow, None, NEAR * value, BEAM, until_s)
        picked = pick_columns(own, part, NEAREST * len(wanted))
        for one in picked:
            self.keep(one.column)
        return choose_whole(inst, picked, part, CHOICE_S, has_doubles=False)


def renew(run: Run, cover: Cover, until_s: float) -> None:
    """Choose the best plan's sorties again piece by piece, until none gets better or time is up.

    The cover is only read, while another thread may add to it. Better plans are noted, and go to
    the search.
    """
    pieces, inst = _Pieces(run, cover.pricing.apart()), run.inst
    for column in list(cover.columns):
        pieces.keep(column)
    at, idle = 0, 0
    while time.perf_counter() < until_s and not run.is_proven:
        plan = run.best
        assert plan is not None
        trips = sorted(plan.trips, key=lambda trip: trip.depart)
        if idle * STEP > len(trips):
            break
        part, rest = trips[at : at + SIZE], trips[:at] + trips[at + SIZE :]
        flown, others = ([column_of_trip(inst, trip) for trip in some] for some in (part, rest))
        chosen = pieces.choose(replace(plan, trips=tuple(part)), until_s)
        if chosen and _value(inst, chosen, others) < _value(inst, flown, others) - EPS:
            search_alone(run, hand_out(inst, others + chosen), None)
        idle = idle + 1 if run.best is plan else 0
        # The next time round pieces begin half a step later, or earlier.
        at = at + STEP if at + SIZE < len(trips) else (at + STEP // 2) % STEP


def _value(inst: Instance, columns: Sequence[Column], others: Sequence[Column]) -> float:
    """The cost of some columns, and the weight of all orders that neither they nor others carry."""
    left = np.ones(inst.num_orders, dtype=np.bool_)
    for column in (*columns, *others):
        left[list(column.orders)] = False
    return sum(column.cost for column in columns) + float(inst.unserved_weight[left].sum())
