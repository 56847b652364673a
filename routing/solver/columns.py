"""Good sorties by column generation, at duals that follow those of the covering problem.

Owns the covering problem over a growing set of sorties and the rounds that add to
it. Which sorties pay is ``pricing``'s, whole sorties are chosen by ``selection``, and that no
more pay is proven by ``bound``.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from threading import Event
from typing import NamedTuple

import numpy as np

from routing.solver.covering import Rows, new_rows
from routing.solver.cuts import Cuts, count_twos, find_broken, no_cuts
from routing.solver.instance import FloatArray, Instance
from routing.solver.linear import Status
from routing.solver.loading import Draft, draft_of_ends
from routing.solver.pricing import Priced, Pricing, Sequence, new_pricing
from routing.solver.sharing import share_out
from routing.solver.solution import Solution, Trip
from routing.solver.stopping import stopping_at

COLUMNS_A_ROUND, TIMES_AN_ORDER = 1.0, 4
"""Columns of one round for each order, and how many of them may carry the same order: variety
makes the covering problem settle in fewer rounds."""
FLOWN = 1e-6
"""Less of a sortie is none."""


class Growth(NamedTuple):
    """How columns are grown for a time.

    Attributes:
        beam: tails that are kept at a site.
        settled: it is over when all problems together gain less than this share of the relaxation.
        smoothing: how fast the prices at which columns are grown follow those of the covering
            problem.
    """

    beam: int
    settled: float
    smoothing: float


MOST_WINDOWS = 16
"""Problems of a type between two bases that columns are grown in. On days of many orders a wider
beam in fewer problems finds more in the same time."""
SORTIES = (Growth(12, 0.01, 0.3), Growth(40, 0.01, 0.3))
"""What a plan may fly: where a narrow beam finds little more, a wider one takes over."""


Key = tuple[int, int, int, tuple[int, ...]]
"""Type, bases and orders of a sortie."""


@dataclass(frozen=True, slots=True)
class Column:
    """A sortie to choose.

    Attributes:
        kind: drone type; takeoff: when it could first take off.
        orders: what it collects in the covering problem; an order with several destinations may be
            collected at two of them.
        draft: how it is flown, without what is delivered where nobody follows it.
    """

    kind: int
    cost: float
    takeoff: float
    orders: tuple[int, ...]
    draft: Draft

    @property
    def key(self) -> Key:
        """What tells it from others; of those alike the cheapest is enough."""
        return self.kind, self.draft.start, self.draft.end, tuple(sorted(self.orders))


@dataclass(slots=True)
class Cover:
    """The covering problem over the columns so far."""

    inst: Instance
    pricing: Pricing
    rows: Rows
    steady: FloatArray
    columns: list[Column] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    seen: dict[Key, int] = field(default_factory=dict)
    cuts: Cuts = field(default_factory=no_cuts)
    beside: Pricing | None = None

    def room(self, thread: int) -> Pricing:
        """Where a thread, 0 or 1, prices; the second one's room is made when it first comes."""
        if thread == 0:
            return self.pricing
        if self.beside is None:
            self.beside = self.pricing.beside()
        return self.beside

    def apart(self) -> Cover:
        """A covering problem of its own over the columns so far, without cuts: this one is only
        read, while another thread may add to it."""
        every = set(range(self.inst.num_orders))
        return part_of_cover(self.inst, self.pricing.apart(), list(self.columns), every, {})

    def add(self, column: Column) -> bool:
        """Add a column unless one with the same orders is there at no higher cost."""
        draft, key = column.draft, column.key
        orders, known = key[-1], self.seen.get(key)
        if known is not None and column.cost >= self.columns[known].cost - 1e-6:
            return False
        self.seen[key] = len(self.columns)
        entries = [(self.rows.orders[i], float(orders.count(i))) for i in set(orders)]
        if draft.start != draft.end and self.rows.flows:
            entries.append((self.rows.flows[column.kind, draft.start], 1.0))
            entries.append((self.rows.flows[column.kind, draft.end], -1.0))
        entries += [(self.rows.cuts[n], times) for n, times in self._charges(orders, 0)]
        self.columns.append(column)
        self.numbers.append(self.rows.program.add_column(column.cost, entries))
        return True

    def cut(self, most: int) -> int:
        """Add the cuts that the last solution breaks most; returns how many."""
        flown = self.taken()
        some = np.flatnonzero(flown > FLOWN)
        sorties = [self.columns[n].orders for n in some]
        broken = find_broken(sorties, flown[some], self.inst.num_orders, most)
        new = np.array(broken, dtype=np.int64).reshape(-1, 3)
        first = len(self.cuts.prices)
        for _ in broken:
            self.rows.add_cut()
        self.cuts = Cuts(
            np.concatenate((self.cuts.orders, new)),
            np.concatenate((self.cuts.prices, np.zeros(len(new)))),
        )
        for number, column in zip(self.numbers, self.columns, strict=True):
            for n, times in self._charges(column.orders, first):
                self.rows.program.enter(self.rows.cuts[n], number, times)
        return len(new)

    def _charges(self, orders: tuple[int, ...], first: int) -> list[tuple[int, float]]:
        """The cuts from the ``first`` on that charge a sortie of some orders, and how often."""
        times = count_twos(self.cuts.orders[first:], orders, self.inst.num_orders)
        return [(first + int(n), float(times[n])) for n in np.flatnonzero(times)]

    def solve(self) -> tuple[float, FloatArray, FloatArray]:
        """Value, order duals [N] and flow duals [K, S] of the columns; nan when it fails."""
        flow = np.zeros((self.inst.turnaround.shape[0], self.inst.is_base.shape[0]))
        program = self.rows.program
        if program.solve() is not Status.OPTIMAL:
            # Numerical trouble: no bound is better than a doubtful one.
            return np.nan, self.steady, flow
        self.cuts = self.cuts._replace(prices=np.maximum(-program.prices[self.rows.cuts], 0.0))
        for (kind, base), row in self.rows.flows.items():
            flow[kind, base] = program.prices[row]
        return program.value, np.maximum(program.prices[self.rows.orders], 0.0), flow

    def taken(self) -> FloatArray:
        """How much of each column the last solution takes; nothing of later ones."""
        program = self.rows.program
        taken = np.zeros(program.num_columns)
        taken[: len(program.taken)] = program.taken
        return taken[self.numbers]


def settle(cover: Cover) -> None:
    """Begin at the covering problem's own prices; those of too few columns say nothing."""
    if len(cover.columns) > cover.inst.num_orders:
        _, cover.steady, _ = cover.solve()


def new_cover(inst: Instance, solution: Solution) -> Cover:
    """A covering problem that starts with the sorties of a plan."""
    steady = np.zeros(inst.num_orders)
    cover = Cover(inst, new_pricing(inst), new_rows(inst), steady)
    add_plan(cover, solution)
    for column in cover.columns:
        steady[list(column.draft.orders)] = column.cost / max(1, len(column.draft.orders))
    return cover


def part_of_cover(
    inst: Instance,
    pricing: Pricing,
    columns: Iterable[Column],
    wanted: AbstractSet[int],
    moved: Mapping[tuple[int, int], int],
) -> Cover:
    """A covering problem in which other orders than some are worth nothing, and carried by none.

    Args:
        moved: sorties that start at a base less those that end there, by drone type and base.
    """
    rows = new_rows(inst)
    for i in range(inst.num_orders):
        if i not in wanted:
            rows.excuse(i)
    for key, row in rows.flows.items():
        rows.program.bound_row(row, moved.get(key, 0), moved.get(key, 0))
    cover = Cover(inst, pricing, rows, np.zeros(inst.num_orders))
    for column in columns:
        if wanted >= set(column.orders):
            cover.add(column)
    return cover


def add_plan(cover: Cover, solution: Solution) -> None:
    """Add the sorties of a plan, unless those with the same orders are there for less."""
    for trip in solution.trips:
        cover.add(column_of_trip(cover.inst, trip))


def column_of_trip(inst: Instance, trip: Trip) -> Column:
    """A sortie of a plan, without what its lateness costs."""
    cost = inst.cost_flight * trip.flight + inst.cost_energy * trip.energy + inst.cost_sortie
    draft = Draft(trip.start, trip.end, trip.tasks, trip.orders, trip.modes, trip.drops)
    return Column(int(inst.drone_type[trip.drone]), cost, trip.depart, trip.orders, draft)


def add_sequences(cover: Cover, found: Iterable[Sequence]) -> int:
    """The best of what was found, no order in too many of them; returns how many were new."""
    times, taken, new = np.zeros(cover.inst.num_orders, dtype=np.int64), 0, 0
    for sequence in sorted(found, key=lambda one: one.reduced):
        rows = list(sequence.orders)
        if not rows or times[rows].min() >= TIMES_AN_ORDER:
            continue
        times[rows] += 1
        new += cover.add(column_of_sequence(cover.inst, sequence))
        taken += 1
        if taken >= COLUMNS_A_ROUND * cover.inst.num_orders:
            break
    return new


def generate(
    cover: Cover,
    until_s: float,
    most_rounds: int,
    growth: Iterable[Growth] = SORTIES,
    is_free: Event | None = None,
) -> float:
    """Add columns until few pay or time is up; returns the value of the relaxation.

    ``is_free`` is set when a second thread may work: what is found does not depend on it.
    """
    value, duals, flow = cover.solve()
    rounds = 0
    for beam, settled, smoothing in growth:
        gained = np.inf
        while gained > settled * value:
            if np.isnan(value) or time.perf_counter() > until_s or rounds >= most_rounds:
                return value
            # The covering problem's own prices leap from order to order; columns that pay at
            # prices which follow them slowly are the better ones.
            cover.steady += smoothing * (duals - cover.steady)
            with stopping_at(cover.pricing.stop, until_s):
                priced = _price_all(cover, flow, until_s, beam, is_free)
            gained = -sum(problem.least for problem in priced if not np.isnan(problem.least))
            found = [one for problem in priced for one in problem.found]
            add_sequences(cover, found)
            value, duals, flow = cover.solve()
            rounds += 1
    return value


def _price_all(
    cover: Cover, flow: FloatArray, until_s: float, beam: int, is_free: Event | None
) -> list[Priced]:
    """All problems at the steady prices, those that there was time for."""
    windows = cover.pricing.windows(cover.steady, MOST_WINDOWS)
    priced = [Priced(np.nan, []) for _ in windows]

    def work(thread: int, n: int) -> bool:
        priced[n] = cover.room(thread).solve_one(windows[n], cover.steady, flow, beam, cover.cuts)
        return time.perf_counter() < until_s

    share_out(range(len(windows)), is_free, work)
    return priced


def column_of_sequence(inst: Instance, sequence: Sequence) -> Column:
    """A sortie that was found, as it is flown."""
    draft = draft_of_ends(
        inst, sequence.start, sequence.end, sequence.orders, sequence.is_out, sequence.sites
    )
    return Column(sequence.kind, sequence.cost, sequence.takeoff, sequence.orders, draft)
