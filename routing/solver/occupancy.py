"""When sorties keep drones busy: rows that every choice of whole sorties has to meet.

Owns the span in which each sortie may take off and how long it keeps a drone, turnaround counted;
the rows that follow for a time of the day; and sets of sorties that no fleet can fly. The drones of
a type are one pool wherever they stand, packs and pads are not counted: what is said to be
impossible is so, what is said to be possible may not be.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np
from ortools.sat.python import cp_model

from routing.solver.instance import BoolArray, FloatArray, Instance, IntArray
from routing.solver.trial import Choice

ROWS_A_ROUND = 12
CROWDED_S = 1e-3
"""Drone seconds past the fleet's that make a time crowded."""
TICKS = 1_000
"""Of a second, in which take-offs are sought: spans rounded outwards, flights downwards."""
CHECK_S = 2.0
"""For a part of a choice; the whole one may take longer."""
NO_CHANGE = 1e-9


@dataclass(frozen=True, slots=True)
class Jobs:
    """Each sortie as a job of a drone.

    Attributes:
        soonest, latest: take-offs worth having [C] seconds; busy: until the drone may fly again.
        kind: drone type, -1 for a sortie without an order, which is not counted [C].
        orders: which of them it carries [C, N].
    """

    soonest: FloatArray
    latest: FloatArray
    busy: FloatArray
    kind: IntArray
    orders: BoolArray

    def part(self, numbers: IntArray) -> Jobs:
        """Some of the jobs."""
        return Jobs(
            self.soonest[numbers],
            self.latest[numbers],
            self.busy[numbers],
            self.kind[numbers],
            self.orders[numbers],
        )


@dataclass(frozen=True, slots=True)
class Row:
    """``use @ chosen <= drones * span + most``, with the number of drones of the type used."""

    kind: int
    use: FloatArray
    span: float
    most: float


def make_jobs(inst: Instance, choices: Sequence[Choice]) -> Jobs:
    """The jobs of choices."""
    latest = np.array([choice.latest for choice in choices])
    land = np.array([choice.soonest_land for choice in choices])
    # Who takes off sooner than at this waits on the way.
    flown = np.maximum([choice.least_s for choice in choices], land - latest)
    soonest = np.maximum([choice.soonest for choice in choices], land - flown)
    kind = np.array([choice.kind if choice.orders else -1 for choice in choices], dtype=np.int64)
    orders = np.zeros((len(choices), inst.num_orders), dtype=np.bool_)
    for n, choice in enumerate(choices):
        orders[n, list(choice.orders)] = True
    turnaround = np.array([float(inst.turnaround[choice.kind]) for choice in choices])
    return Jobs(np.minimum(soonest, latest), latest, flown + turnaround, kind, orders)


def _overlap(start: FloatArray, busy: FloatArray, begin: float, end: FloatArray) -> FloatArray:
    """Seconds of jobs that start at a time within spans [C, V]."""
    until = np.minimum((start + busy)[:, None], end[None, :])
    return np.maximum(0.0, until - np.maximum(start, begin)[:, None])


def _least_use(jobs: Jobs, begin: float, end: FloatArray) -> FloatArray:
    """Drone seconds that jobs use within spans whenever they take off [C, V]."""
    return np.minimum(
        _overlap(jobs.soonest, jobs.busy, begin, end), _overlap(jobs.latest, jobs.busy, begin, end)
    )


def find_crowded(jobs: Jobs, flown: FloatArray, drones: FloatArray) -> list[Row]:
    """Rows that a choice breaks, most broken first.

    Args:
        flown: how much of each sortie is flown [C]; drones: in use of each type [K].
    """
    rows: list[tuple[float, Row]] = []
    for kind in range(drones.shape[0]):
        mine = np.flatnonzero((flown > 1e-6) & (jobs.kind == kind))
        if not mine.size:
            continue
        few = jobs.part(mine)
        begins = np.unique(np.concatenate([few.soonest, few.latest]))
        ends = np.unique(np.concatenate([few.soonest + few.busy, few.latest + few.busy]))
        for begin in begins:
            later = ends[ends > begin + CROWDED_S]
            if not later.size:
                continue
            past = flown[mine] @ _least_use(few, begin, later) - drones[kind] * (later - begin)
            worst = int(np.argmax(past))
            if past[worst] > CROWDED_S:
                span = float(later[worst] - begin)
                use = _least_use(jobs, begin, later[worst : worst + 1])[:, 0]
                use[jobs.kind != kind] = 0.0
                rows.append((float(past[worst]) / span**0.5, Row(kind, use, span, 0.0)))
    rows.sort(key=lambda one: -one[0])
    return [row for _, row in rows[:ROWS_A_ROUND]]


def _in_turn(jobs: Jobs, drones: int) -> list[float] | None:
    """Take-offs when whoever has to take off first does so; None when one would be too late."""
    takeoffs, now = np.zeros(jobs.busy.size), -np.inf
    ready = [now] * drones
    coming = sorted(range(jobs.busy.size), key=lambda n: -jobs.soonest[n])
    waiting: list[tuple[float, int]] = []
    while coming or waiting:
        now = max(now, heappop(ready))
        if not waiting:
            now = max(now, float(jobs.soonest[coming[-1]]))
        while coming and jobs.soonest[coming[-1]] <= now:
            heappush(waiting, (float(jobs.latest[coming[-1]]), coming.pop()))
        latest, n = heappop(waiting)
        if now > latest:
            return None
        takeoffs[n] = now
        heappush(ready, now + float(jobs.busy[n]))
    return [float(takeoff) for takeoff in takeoffs]


def find_takeoffs(
    jobs: Jobs, drones: int, seconds: float = CHECK_S, work: float = np.inf
) -> list[float] | None:
    """Take-offs at which so many drones fly all jobs; None when there are none.

    They are nan when it was not found out within ``seconds``, or ``work`` (about seconds, but as
    much on every machine).
    """
    num = jobs.busy.size
    simple = _in_turn(jobs, drones) if drones > 0 else None
    if simple is not None:
        return simple
    model, starts = cp_model.CpModel(), []
    busy = [int(one) for one in np.floor(jobs.busy * TICKS)]
    for soonest, latest in zip(jobs.soonest, jobs.latest, strict=True):
        first = int(np.floor(soonest * TICKS))
        starts.append(model.new_int_var(first, max(first, int(np.ceil(latest * TICKS))), ""))
    # Each sortie is some drone's first or follows another one.
    before = [[model.new_bool_var("")] for _ in range(num)]
    model.add(sum(firsts[0] for firsts in before) <= drones)
    for one in range(num):
        after = []
        for other in range(num):
            if one == other or jobs.soonest[one] + jobs.busy[one] > jobs.latest[other] + CROWDED_S:
                continue
            follows = model.new_bool_var("")
            model.add(starts[other] >= starts[one] + busy[one]).only_enforce_if(follows)
            after.append(follows)
            before[other].append(follows)
        model.add_at_most_one(after)
    for one in range(num):
        model.add_exactly_one(before[one])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.max_deterministic_time = work
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [np.nan] * num
    return [solver.value(start) / TICKS for start in starts]


def find_clash(
    jobs: Jobs, flown: IntArray, drones: int, rng: np.random.Generator, until_s: float = np.inf
) -> IntArray:
    """A part of jobs that cannot all be flown, of which none can be left out.

    Past ``until_s`` by ``time.perf_counter()`` no more are left out.
    """
    clash = [int(one) for one in rng.permutation(flown)]
    for one in list(clash):
        if time.perf_counter() > until_s:
            break
        fewer = [other for other in clash if other != one]
        if find_takeoffs(jobs.part(np.array(fewer, dtype=np.int64)), drones) is None:
            clash = fewer
    return np.array(sorted(clash), dtype=np.int64)


def clash_row(jobs: Jobs, clash: IntArray, drones: int, until_s: float = np.inf) -> Row:
    """Never all of a clash, nor sorties in place of some that still clash.

    For each sortie of the clash those that carry one order of it may stand in, at most one of them
    flies: as many, nearest first, as clash with the others even if each asked for the least of all.
    Past ``until_s`` by ``time.perf_counter()`` no more stand in.
    """
    use, least = np.zeros(jobs.busy.shape[0]), jobs.part(clash)
    for place, one in enumerate(clash):
        carried = jobs.orders[:, jobs.orders[one]] & (jobs.kind == jobs.kind[one])[:, None]
        others = np.flatnonzero(carried[:, int(np.argmax(carried.sum(axis=0)))])
        land, latest, busy = _least_asked(jobs, one, others)
        ranked = np.argsort(
            np.maximum(0.0, land[0] - land) + np.maximum(0.0, latest - latest[0])
            + np.maximum(0.0, busy[0] - busy), kind="stable",
        )  # fmt: skip
        hull = (
            np.minimum.accumulate(land[ranked]),
            np.maximum.accumulate(latest[ranked]),
            np.minimum.accumulate(busy[ranked]),
        )
        few, many = 0, others.size
        while few < many and time.perf_counter() <= until_s:
            middle = (few + many + 1) // 2
            if find_takeoffs(_with_job(least, place, hull, middle), drones) is None:
                few = middle
            else:
                many = middle - 1
        least = _with_job(least, place, hull, few)
        asks = (
            (land >= hull[0][few] - NO_CHANGE)
            & (latest <= hull[1][few] + NO_CHANGE)
            & (busy >= hull[2][few] - NO_CHANGE)
        )
        use[np.concatenate([[one], others])[asks]] = 1.0
    return Row(int(jobs.kind[clash[0]]), use, 0.0, float(clash.size - 1))


def _least_asked(
    jobs: Jobs, one: int, others: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Soonest end, latest take-off and busy time of a job, then of others."""
    numbers = np.concatenate([[one], others])
    busy = jobs.busy[numbers]
    return jobs.soonest[numbers] + busy, jobs.latest[numbers], busy


def _with_job(
    jobs: Jobs, place: int, hull: tuple[FloatArray, FloatArray, FloatArray], count: int
) -> Jobs:
    """The jobs with one of them asking for no more than any of the first of a hull."""
    soonest, latest, busy = jobs.soonest.copy(), jobs.latest.copy(), jobs.busy.copy()
    busy[place], latest[place] = hull[2][count], hull[1][count]
    soonest[place] = hull[0][count] - busy[place]
    return Jobs(soonest, latest, busy, jobs.kind, jobs.orders)
