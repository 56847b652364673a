"""Pieces of a plan chosen again: sorties that the relaxation would mix, from all that is near.

A day of many orders is too long for one choice of whole sorties, and so it is chosen piece by
piece, each with columns grown for it alone. Which sorties make a piece, the relaxation tells: it
takes parts of others that share orders with several of the plan's, and where those together cost
more than they are worth, there is something to gain. Sorties that are next to each other in time
or on the map, as many as that, hold next to nothing.

Owns the pieces and the columns that were worth keeping for others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from routing.solver.columns import (
    FLOWN,
    Column,
    Cover,
    Growth,
    Key,
    column_of_trip,
    generate,
    part_of_cover,
)
from routing.solver.instance import FloatArray, Instance
from routing.solver.pricing import Pricing
from routing.solver.recombination import BEAM, NEAR, NEAREST, add_near
from routing.solver.running import EPS, Run
from routing.solver.searching import search_alone
from routing.solver.selection import choose_whole, hand_out, net_moves, pick_columns
from routing.solver.solution import Solution, Trip


class Size(NamedTuple):
    """So many sorties make a piece, and its choice may take so many seconds."""

    sorties: int
    choice_s: float


SIZES, IDLE = (Size(14, 6.0), Size(18, 12.0), Size(26, 20.0)), 3
"""When so many pieces of one size in a row gave nothing, larger ones may get better."""
GROWTH, ROUNDS = (Growth(40, 0.004, 0.6),), 12
LINKED = 0.5
"""What a sortie shares with a piece counts more when it shares little with others, by this power of
what it shares with all."""
SEEDED, JOINED = 5.0, 1.5
"""A sortie counts for so many mean reduced costs less each time a piece has begun with its orders,
and when they were in one."""


@dataclass(slots=True)
class Pieces:
    """A run's best plan, piece by piece.

    Attributes:
        duals: what orders are worth by the relaxation; mixed: orders of the sorties it takes, and
            how much of each.
        columns: sorties to choose from beside those that are grown for a piece.
        waits: how often the orders were in a piece [N], in mean reduced costs; tried: orders of
            pieces that were as good as can be.
    """

    run: Run
    pricing: Pricing
    duals: FloatArray
    mixed: list[tuple[list[int], float]]
    columns: dict[Key, Column] = field(default_factory=dict)
    waits: FloatArray = field(init=False)
    tried: set[frozenset[int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Nothing has been tried."""
        self.waits = np.zeros(self.run.inst.num_orders)

    def keep(self, column: Column) -> None:
        """Keep a column for other pieces, unless one with the same orders is there for less."""
        known = self.columns.get(column.key)
        if known is None or column.cost < known.cost - EPS:
            self.columns[column.key] = column

    def next_piece(self, trips: Sequence[Trip], size: int) -> list[int]:
        """The sorties of the most promising piece that was not tried yet; none when there are none.

        It begins with one that costs much more than its orders are worth; those follow that the
        relaxation mixes most with what is in it.
        """
        inst, links = self.run.inst, self._links(trips)
        reduced = np.array(
            [
                column_of_trip(inst, trip).cost - self.duals[list(trip.orders)].sum()
                for trip in trips
            ]
        )
        waited = np.array([self.waits[list(trip.orders)].mean() for trip in trips])
        worth = reduced - waited * float(np.abs(reduced).mean())
        weight = np.maximum(links.sum(axis=1), FLOWN) ** LINKED
        for seed in np.argsort(-worth, kind="stable"):
            piece = [int(seed)]
            while len(piece) < min(size, len(trips)):
                near = links[piece].sum(axis=0) / weight
                near[piece] = -1.0
                piece.append(int(np.argmax(near)))
            orders = [i for n in piece for i in trips[n].orders]
            if frozenset(orders) not in self.tried:
                self.tried.add(frozenset(orders))
                self.waits[orders] += JOINED
                self.waits[list(trips[seed].orders)] += SEEDED
                return piece
        return []

    def _links(self, trips: Sequence[Trip]) -> FloatArray:
        """How much the relaxation takes of what shares orders with two of the sorties [T, T]."""
        trip_of = np.full(self.run.inst.num_orders, len(trips))
        for n, trip in enumerate(trips):
            trip_of[list(trip.orders)] = n
        links = np.zeros((len(trips) + 1, len(trips) + 1))
        for orders, share in self.mixed:
            touched = np.unique(trip_of[orders])
            links[np.ix_(touched, touched)] += share
        return links[:-1, :-1]

    def choose(self, part: Solution, choice_s: float, until_s: float) -> list[Column]:
        """Better sorties for the orders of a part of a plan; none when none were found."""
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
        chosen = choose_whole(inst, picked, part, choice_s, has_doubles=False)
        is_better = chosen and _value(inst, chosen, wanted) < _value(inst, flown, wanted) - EPS
        return chosen if is_better else []


def renew(run: Run, cover: Cover, until_s: float) -> None:
    """Choose the best plan's sorties again piece by piece, until none gets better or time is up.

    The cover is only read, while another thread may add to it. Better plans are noted, and go to
    the search.
    """
    own = cover.apart()
    value, duals, _ = own.solve()
    if np.isnan(value):
        return
    taken = own.taken()
    mixed = [(list(own.columns[n].orders), taken[n]) for n in np.flatnonzero(taken > FLOWN)]
    pieces = Pieces(run, own.pricing, duals, mixed)
    for column in own.columns:
        pieces.keep(column)
    for size in SIZES:
        _renew_of(pieces, size, until_s)


def _renew_of(pieces: Pieces, size: Size, until_s: float) -> None:
    """Choose pieces of one size again, until some in a row gave nothing."""
    run, inst, idle = pieces.run, pieces.run.inst, 0
    while idle < IDLE and time.perf_counter() < until_s and not run.is_proven:
        plan = run.best
        assert plan is not None
        piece = set(pieces.next_piece(plan.trips, size.sorties))
        if not piece:
            break
        part = tuple(trip for n, trip in enumerate(plan.trips) if n in piece)
        rest = [column_of_trip(inst, trip) for n, trip in enumerate(plan.trips) if n not in piece]
        chosen = pieces.choose(replace(plan, trips=part), size.choice_s, until_s)
        if chosen:
            search_alone(run, hand_out(inst, rest + chosen), None)
        idle = idle + 1 if run.best is plan else 0


def _value(inst: Instance, columns: Sequence[Column], wanted: set[int]) -> float:
    """The cost of some columns, and the weight of the orders wanted that none of them carries."""
    left = wanted.difference(*(column.orders for column in columns))
    return sum(column.cost for column in columns) + float(inst.unserved_weight[list(left)].sum())
