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
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
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


SIZES = Size(8, 3.0), Size(10, 4.0), Size(14, 6.0), Size(18, 12.0), Size(26, 20.0)
IDLE, IDLE_SHARE = 3, 0.08
"""When so many pieces of one size in a row gave nothing, or as many as this share of the plan's
sorties, larger ones may get better."""
GROWTH, ROUNDS = (Growth(40, 0.004, 0.6),), 12
LINKED = 0.5
"""What a sortie shares with a piece counts more when it shares little with others, by this power of
what it shares with all."""
SEEDED, JOINED = 5.0, 1.5
"""A sortie counts for so many mean reduced costs less each time a piece has begun with its orders,
and when they were in one."""


class Piece(NamedTuple):
    """Sorties of a plan to choose again, and the seconds that the choice may take."""

    plan: Solution
    trips: tuple[Trip, ...]
    choice_s: float


@dataclass(slots=True)
class Pieces:
    """A run's best plan, piece by piece; two threads may each work at one.

    Attributes:
        duals: what orders are worth by the relaxation; mixed: orders of the sorties it takes, and
            how much of each.
        columns: sorties to choose from beside those that are grown for a piece.
        sizes: of the pieces to come; idle: pieces in a row that gave nothing.
        waits: how often the orders were in a piece [N], in mean reduced costs; tried: orders of
            pieces that were as good as can be.
    """

    run: Run
    duals: FloatArray
    mixed: list[tuple[list[int], float]]
    columns: dict[Key, Column] = field(default_factory=dict)
    sizes: deque[Size] = field(default_factory=lambda: deque(SIZES))
    idle: int = 0
    waits: FloatArray = field(init=False)
    tried: set[frozenset[int]] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Nothing has been tried."""
        self.waits = np.zeros(self.run.inst.num_orders)

    def keep(self, column: Column) -> None:
        """Keep a column for other pieces, unless one with the same orders is there for less."""
        known = self.columns.get(column.key)
        if known is None or column.cost < known.cost - EPS:
            self.columns[column.key] = column

    def work_off(self, pricing: Pricing, until_s: float) -> None:
        """Choose piece after piece again, until none is left or time is up."""
        while time.perf_counter() < until_s and not self.run.is_proven:
            with self.lock:
                piece = self.next_piece()
            if piece is None:
                return
            chosen = self.choose(piece, pricing, until_s)
            with self.lock:
                self.hand_back(piece, chosen)

    def next_piece(self) -> Piece | None:
        """The most promising piece that was not tried yet; None when there is none.

        Where pieces of a size gave nothing, larger ones are next.
        """
        plan = self.run.best
        assert plan is not None
        patience = max(IDLE, round(IDLE_SHARE * len(plan.trips)))
        while self.sizes:
            size = self.sizes[0]
            goes_on = self.idle < patience
            chosen = self._most_promising(plan.trips, size.sorties) if goes_on else []
            if chosen:
                return Piece(plan, tuple(plan.trips[n] for n in chosen), size.choice_s)
            self.sizes.popleft()
            self.idle = 0
        return None

    def hand_back(self, piece: Piece, chosen: list[Column]) -> None:
        """Fly what was chosen in place of a piece, and let the search go on from there.

        Where another thread has changed the plan since, its sorties are the rest, unless they mix
        the orders of the piece with others.
        """
        run, before = self.run, self.run.best
        assert before is not None
        if chosen:
            wanted = set(piece.plan.unserved).union(*(trip.orders for trip in piece.trips))
            now = [trip for trip in before.trips if wanted.isdisjoint(trip.orders)]
            carried = wanted.union(*(trip.orders for trip in now))
            is_apart = carried == wanted.union(*(trip.orders for trip in before.trips))
            trips = now if is_apart else piece.plan.trips
            rest = [
                column_of_trip(run.inst, trip) for trip in trips if wanted.isdisjoint(trip.orders)
            ]
            search_alone(run, hand_out(run.inst, rest + chosen), None)
        self.idle = self.idle + 1 if run.best is before else 0

    def _most_promising(self, trips: Sequence[Trip], size: int) -> list[int]:
        """The sorties of a piece that was not tried yet; none when all were.

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

    def choose(self, piece: Piece, pricing: Pricing, until_s: float) -> list[Column]:
        """Better sorties for the orders of a piece; none when none were found."""
        inst, part = self.run.inst, replace(piece.plan, trips=piece.trips)
        wanted = set(part.unserved).union(*(trip.orders for trip in part.trips))
        flown = [column_of_trip(inst, trip) for trip in part.trips]
        with self.lock:
            columns = [*flown, *self.columns.values()]
        own = part_of_cover(inst, pricing, columns, wanted, net_moves(inst, part))
        _, own.steady[:], _ = own.solve()
        generate(own, until_s, ROUNDS, GROWTH)
        value, duals, flow = own.solve()
        # What costs more past its worth than the piece past the relaxation is in no better choice.
        room = min(_value(inst, flown, wanted) - value, NEAR * value)
        if np.isnan(value) or room < EPS:
            return []
        add_near(own, duals, flow, None, room, BEAM, until_s)
        picked = pick_columns(own, part, NEAREST * len(wanted))
        with self.lock:
            for one in picked:
                self.keep(one.column)
        choice_s = max(0.1, min(piece.choice_s, until_s - time.perf_counter()))
        chosen = choose_whole(inst, picked, part, choice_s, has_doubles=False)
        is_better = chosen and _value(inst, chosen, wanted) < _value(inst, flown, wanted) - EPS
        return chosen if is_better else []


def renew(run: Run, cover: Cover, until_s: float, threads: int = 1) -> None:
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
    pieces = Pieces(run, duals, mixed)
    for column in own.columns:
        pieces.keep(column)
    rooms = [own.pricing, *(own.pricing.apart() for _ in range(1, threads))]
    list(run.pool.map(lambda pricing: pieces.work_off(pricing, until_s), rooms))


def _value(inst: Instance, columns: Sequence[Column], wanted: set[int]) -> float:
    """The cost of some columns, and the weight of the orders wanted that none of them carries."""
    left = wanted.difference(*(column.orders for column in columns))
    return sum(column.cost for column in columns) + float(inst.unserved_weight[list(left)].sum())
