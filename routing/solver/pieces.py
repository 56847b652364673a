"""Pieces of a plan chosen again: the sorties of a few hours, from all that is near their prices.

What is flown early in a day has little to do with what is flown late. So a day that is too long for
one choice of whole sorties is chosen piece by piece, each with columns grown for it alone, until no
piece gets better. Owns the pieces and the columns that were worth keeping for others.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

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
from routing.solver.solution import Solution, Trip


class Shape(NamedTuple):
    """What a piece is.

    Attributes:
        size: so many sorties; step: from one piece to the next.
        apart: so many seconds in time count for a second of flight between sorties.
    """

    size: int
    step: int
    apart: float


SHAPES = (Shape(18, 9, 0.0), Shape(26, 10, 0.0), Shape(26, 8, 10.0))
"""When pieces of one shape get no better, others may."""
GROWTH, ROUNDS = (Growth(100, 0.004, 0.6), Growth(300, 0.002, 0.5)), 12
CHOICE_S = 8.0
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
    pieces = _Pieces(run, cover.pricing.apart())
    for column in list(cover.columns):
        pieces.keep(column)
    for shape in SHAPES:
        _renew_in(pieces, shape, until_s)


def _renew_in(pieces: _Pieces, shape: Shape, until_s: float) -> None:
    """Choose pieces of one shape again, round the plan, until half a round gave nothing."""
    run, inst = pieces.run, pieces.run.inst
    at, idle = shape.step, 0
    while time.perf_counter() < until_s and not run.is_proven:
        plan = run.best
        assert plan is not None
        trips = sorted(plan.trips, key=lambda trip: trip.depart)
        if 2 * idle * shape.step > len(trips):
            break
        near = _nearest(inst, trips, at % len(trips), shape)
        part, rest = ([trips[n] for n in some] for some in (near[: shape.size], near[shape.size :]))
        flown, others = ([column_of_trip(inst, trip) for trip in some] for some in (part, rest))
        chosen = pieces.choose(replace(plan, trips=tuple(part)), until_s)
        if chosen and _value(inst, chosen, others) < _value(inst, flown, others) - EPS:
            search_alone(run, hand_out(inst, others + chosen), None)
        idle = idle + 1 if run.best is plan else 0
        # The next time round pieces begin elsewhere.
        at += shape.step if at % len(trips) + shape.step < len(trips) else shape.step // 2 + 1


def _nearest(inst: Instance, trips: Sequence[Trip], seed: int, shape: Shape) -> list[int]:
    """The sorties by how near they are to one of them, in time and, by the shape, on the map."""
    kind = int(inst.drone_type[trips[seed].drone])
    here = inst.task_site[list(trips[seed].tasks)]
    apart = []
    for trip in trips:
        there = inst.task_site[list(trip.tasks)]
        away = inst.quickest[kind][np.ix_(here, there)]
        gap = abs(trip.depart - trips[seed].depart)
        apart.append(gap + shape.apart * float(away.min(axis=1).mean()))
    return [int(n) for n in np.argsort(apart, kind="stable")]


def _value(inst: Instance, columns: Sequence[Column], others: Sequence[Column]) -> float:
    """The cost of some columns, and the weight of all orders that neither they nor others carry."""
    left = np.ones(inst.num_orders, dtype=np.bool_)
    for column in (*columns, *others):
        left[list(column.orders)] = False
    return sum(column.cost for column in columns) + float(inst.unserved_weight[left].sum())
