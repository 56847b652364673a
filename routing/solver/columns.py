"""Good sorties by column generation, and the best choice among them: the cover.

Owns the covering problem over a growing set of sorties (OR-Tools' GLOP), the choice of whole
sorties from it (OR-Tools' SCIP), and their handing out to drones in order of time. What it gives
are drafts for the search to load, weigh exactly and improve; it proves nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from ortools.linear_solver import pywraplp

from routing.solver.bundle import bundle
from routing.solver.covering import kinds_of, new_rows
from routing.solver.ends import (
    LB_COST,
    LB_SPAN,
    LB_TIME,
    SLICE_S,
    Ends,
    Partials,
    make_ends,
    new_partials,
)
from routing.solver.instance import FloatArray, Instance
from routing.solver.loading import Draft
from routing.solver.partials import grow_sorties, trace
from routing.solver.scratch import DIRECT, INWARD, OUTWARD
from routing.solver.solution import Solution

ROOM = 400_000
MOST_FOUND = 6_000
COLUMNS_A_ROUND, TIMES_AN_ORDER = 1.0, 4
"""Columns of one round for each order, and how many of them may carry the same order: variety
makes the covering problem settle in fewer rounds."""
MOST_WHOLE, MOST_AN_ORDER, MOST_NODES = 1_000, 8, 50
"""Columns that the choice of whole sorties is made from, and the nodes of its search."""
SMOOTHING = 0.3
"""How fast the prices at which columns are grown follow those of the covering problem."""
LEAST_FALL, MOST_STALLED = 1e-4, 20
"""This many rounds in a row that lower the relaxation by a smaller share are the last."""


@dataclass(frozen=True, slots=True)
class Column:
    """A sortie to choose: drone type, cost, when it could first take off, and how it is flown."""

    kind: int
    cost: float
    takeoff: float
    draft: Draft


@dataclass(frozen=True, slots=True)
class _Pair:
    """One drone type between two bases; ``view`` is what kernels read."""

    kind: int
    start: int
    end: int
    ends: Ends
    view: Ends
    hard: FloatArray
    target: FloatArray


@dataclass(slots=True)
class Cover:
    """The covering problem over the columns so far."""

    inst: Instance
    view: Instance
    pairs: list[_Pair]
    grown: Partials
    grown_view: Partials
    solver: pywraplp.Solver
    rows: list[pywraplp.Constraint]
    flows: dict[tuple[int, int], pywraplp.Constraint]
    steady: FloatArray
    columns: list[Column] = field(default_factory=list)
    variables: list[pywraplp.Variable] = field(default_factory=list)
    seen: dict[tuple[int, int, int, tuple[int, ...]], float] = field(default_factory=dict)

    def add(self, column: Column) -> bool:
        """Add a column unless one with the same orders is there at no higher cost."""
        draft = column.draft
        orders = tuple(sorted(draft.orders))
        key = (column.kind, draft.start, draft.end, orders)
        if column.cost >= self.seen.get(key, np.inf) - 1e-6:
            return False
        self.seen[key] = column.cost
        variable = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.solver.Objective().SetCoefficient(variable, column.cost)
        for i in orders:
            self.rows[i].SetCoefficient(variable, 1.0)
        if draft.start != draft.end and self.flows:
            self.flows[column.kind, draft.start].SetCoefficient(variable, 1.0)
            self.flows[column.kind, draft.end].SetCoefficient(variable, -1.0)
        self.columns.append(column)
        self.variables.append(variable)
        return True


def new_cover(inst: Instance, solution: Solution) -> Cover:
    """A covering problem that starts with the sorties of a plan."""
    rows = new_rows(inst)
    kinds, bases = kinds_of(inst), [int(base) for base in np.flatnonzero(inst.is_base)]
    slices = int(float(inst.drone_end.max(initial=0.0)) / SLICE_S) + 1
    grown = new_partials(inst.is_base.shape[0], ROOM, slices, MOST_FOUND)
    pairs = [
        pair
        for kind, start, end in product(kinds, bases, bases)
        if (pair := _pair(inst, kind, start, end)) is not None
    ]
    steady = np.zeros(inst.num_orders)
    cover = Cover(
        inst,
        bundle(inst),
        pairs,
        grown,
        bundle(grown),
        rows.solver,
        rows.orders,
        rows.flows,
        steady,
    )
    add_plan(cover, solution)
    for column in cover.columns:
        steady[list(column.draft.orders)] = column.cost / max(1, len(column.draft.orders))
    return cover


def add_plan(cover: Cover, solution: Solution) -> None:
    """The sorties of a plan as columns."""
    inst = cover.inst
    for trip in solution.trips:
        cost = inst.cost_flight * trip.flight + inst.cost_energy * trip.energy + inst.cost_sortie
        draft = Draft(trip.start, trip.end, trip.tasks, trip.orders, trip.modes, trip.drops)
        cover.add(Column(int(inst.drone_type[trip.drone]), cost, trip.depart, draft))


def _pair(inst: Instance, kind: int, start: int, end: int) -> _Pair | None:
    ends = make_ends(inst, kind, start, end)
    if not (np.isfinite(ends.travel[start, end]) or ends.stops.shape[0]):
        return None
    sites = np.repeat(np.arange(ends.ptr.shape[0] - 1), np.diff(ends.ptr))
    sites = np.where((sites == inst.is_base.shape[0]) | ~ends.is_out, end, sites)
    return _Pair(
        kind,
        start,
        end,
        ends,
        bundle(ends),
        hard=np.where(ends.is_out, ends.late, ends.land),
        target=inst.target[ends.order] - inst.handover[sites],
    )


def generate(cover: Cover, until_s: float, most_rounds: int) -> float:
    """Add columns until none pays or time is up; returns the value of the relaxation."""
    value, stalled, rounds = np.inf, 0, 0
    while cover.solver.Solve() == pywraplp.Solver.OPTIMAL:
        before, value = value, float(cover.solver.Objective().Value())
        stalled = stalled + 1 if before - value < LEAST_FALL * value else 0
        rounds += 1
        if time.perf_counter() > until_s or stalled > MOST_STALLED or rounds > most_rounds:
            break
        if sum(cover.add(column) for column in _grow_round(cover, until_s)) == 0:
            break
    return value


def _grow_round(cover: Cover, until_s: float) -> list[Column]:
    """The best new columns of all pairs of bases, no order in too many of them."""
    # The covering problem's own prices leap from order to order; columns that pay at prices which
    # follow them slowly are the better ones.
    duals = np.maximum([row.dual_value() for row in cover.rows], 0.0)
    cover.steady += SMOOTHING * (duals - cover.steady)
    columns = _grow_at(cover, cover.steady, until_s)
    return columns or _grow_at(cover, duals, until_s)


def _grow_at(cover: Cover, duals: FloatArray, until_s: float) -> list[Column]:
    kept: list[tuple[float, Column]] = []
    for pair in cover.pairs:
        if time.perf_counter() > until_s:
            break
        # Partial sorties of the next pair overwrite these.
        ends = cover.grown.ends[: _grow_pair(cover, pair, duals)]
        found = sorted((float(cover.grown.floats[one, LB_COST]), int(one)) for one in ends)
        kept.extend(
            (reduced, _read(cover, pair, one, reduced, duals))
            for reduced, one in found[: 4 * cover.inst.num_orders]
        )
    return list(_choose(kept, cover.inst.num_orders))


def _choose(found: list[tuple[float, Column]], num_orders: int) -> Iterator[Column]:
    times, chosen = np.zeros(num_orders, dtype=np.int64), 0
    for _, column in sorted(found, key=lambda pair: pair[0]):
        rows = list(column.draft.orders)
        if rows and times[rows].min() >= TIMES_AN_ORDER:
            continue
        times[rows] += 1
        chosen += 1
        yield column
        if chosen >= COLUMNS_A_ROUND * num_orders:
            return


def _fixed(cover: Cover, pair: _Pair) -> float:
    """Reduced cost of an empty sortie less its flight."""
    if not cover.flows:
        return cover.inst.cost_sortie
    start, end = cover.flows[pair.kind, pair.start], cover.flows[pair.kind, pair.end]
    return float(cover.inst.cost_sortie - start.dual_value() + end.dual_value())


def _grow_pair(cover: Cover, pair: _Pair, duals: FloatArray) -> int:
    inst, ends = cover.inst, pair.ends
    # Past what its dual pays for in lateness an order is better left out.
    weight = np.maximum(inst.late_weight[ends.order], 1e-9)
    last = np.minimum(pair.hard, np.maximum(pair.target, pair.target + duals[ends.order] / weight))
    ends.late[:] = np.where(ends.is_out, last, ends.late)
    ends.land[:] = np.where(ends.is_out | np.isinf(pair.hard), ends.land, last)
    mine = inst.drone_type == pair.kind
    return int(
        grow_sorties(
            cover.view,
            pair.view,
            cover.grown_view,
            pair.start,
            pair.end,
            duals,
            _fixed(cover, pair),
            float(inst.drone_start[mine].min()),
            float(inst.drone_end[mine].max()),
        )
    )


def _read(cover: Cover, pair: _Pair, one: int, reduced: float, duals: FloatArray) -> Column:
    """A grown sortie as a column."""
    inst, room = cover.inst, np.zeros(cover.inst.num_orders + 8, dtype=np.int64)
    count = trace(cover.grown_view, one, room)
    sites = np.searchsorted(pair.ends.ptr, room[:count], side="right") - 1
    tasks: list[int] = []
    orders, modes, drops = [], [], []
    for item, site in zip(room[:count][::-1], sites[::-1], strict=True):
        i = int(pair.ends.order[item])
        is_out, is_landed = bool(pair.ends.is_out[item]), site == inst.is_base.shape[0]
        goal = pair.end if is_landed or not is_out else int(site)
        drop = next(
            (
                t
                for t in range(int(inst.drop_ptr[i]), int(inst.drop_ptr[i + 1]))
                if int(inst.task_site[t]) == goal
            ),
            -1,
        )
        if drop < 0 or i in orders:
            continue
        orders.append(i)
        drops.append(drop)
        modes.append((DIRECT if is_landed else OUTWARD) if is_out else INWARD)
        if not is_landed:
            tasks.append(drop if is_out else int(inst.pickup[i]))
    cost = reduced + float(duals[orders].sum()) - _fixed(cover, pair) + inst.cost_sortie
    takeoff = float(cover.grown.floats[one, LB_TIME] - cover.grown.floats[one, LB_SPAN])
    draft = Draft(pair.start, pair.end, tuple(tasks), tuple(orders), tuple(modes), tuple(drops))
    return Column(pair.kind, cost, takeoff, draft)


def choose_whole(cover: Cover, seconds: float | None) -> list[Column]:
    """The cheapest choice of whole sorties found, from the columns that pay most.

    Without a limit in seconds a number of nodes ends the choice, so that it can be repeated.
    """
    inst = cover.inst
    most_columns = max(MOST_WHOLE, MOST_AN_ORDER * inst.num_orders)
    reduced = np.array([variable.reduced_cost() for variable in cover.variables])
    picked = [int(n) for n in np.argsort(reduced, kind="stable")[:most_columns]]
    solver = pywraplp.Solver.CreateSolver("SCIP")
    covers: list[list[pywraplp.Variable]] = [[] for _ in range(inst.num_orders)]
    ends: dict[tuple[int, int], list[tuple[float, pywraplp.Variable]]] = {}
    taken = []
    for n in picked:
        column = cover.columns[n]
        variable = solver.BoolVar("")
        solver.Objective().SetCoefficient(variable, column.cost)
        taken.append(variable)
        for i in column.draft.orders:
            covers[i].append(variable)
        if column.draft.start != column.draft.end and cover.flows:
            for base, sign in ((column.draft.start, 1.0), (column.draft.end, -1.0)):
                ends.setdefault((column.kind, base), []).append((sign, variable))
    for i, row in enumerate(covers):
        left = solver.BoolVar("")
        solver.Objective().SetCoefficient(left, float(inst.unserved_weight[i]))
        solver.Add(solver.Sum([*row, left]) >= 1)
    for moves in ends.values():
        solver.Add(solver.Sum([sign * variable for sign, variable in moves]) == 0)
    solver.Objective().SetMinimization()
    if seconds is None:
        solver.SetSolverSpecificParametersAsString(f"limits/nodes = {MOST_NODES}")
    else:
        solver.SetTimeLimit(int(1000 * seconds))
    if solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return []
    return [
        cover.columns[n]
        for n, variable in zip(picked, taken, strict=True)
        if variable.solution_value() > 0.5
    ]


def hand_out(inst: Instance, columns: list[Column]) -> dict[int, list[Draft]]:
    """Sorties in order of take-off, each to the drone at its base that has been free longest.

    An order in two sorties stays in the first.
    """
    where = [int(home) for home in inst.drone_home]
    free = [float(start) for start in inst.drone_start]
    drafts: dict[int, list[Draft]] = {}
    carried: set[int] = set()
    for column in sorted(columns, key=lambda column: column.takeoff):
        draft = _without(inst, column.draft, carried)
        carried.update(draft.orders)
        waiting = [
            d
            for d in range(inst.num_drones)
            if where[d] == draft.start and int(inst.drone_type[d]) == column.kind
        ]
        if not waiting:
            continue
        d = min(waiting, key=lambda d: (max(free[d], column.takeoff), d not in drafts, d))
        drafts.setdefault(d, []).append(draft)
        where[d] = draft.end
        flown = (column.cost - inst.cost_sortie) / max(inst.cost_flight, 1e-9)
        free[d] = max(free[d], column.takeoff) + flown + float(inst.turnaround[column.kind])
    return drafts


def _without(inst: Instance, draft: Draft, carried: set[int]) -> Draft:
    keep = [n for n, i in enumerate(draft.orders) if i not in carried]
    if len(keep) == len(draft.orders):
        return draft
    return Draft(
        draft.start,
        draft.end,
        tuple(t for t in draft.tasks if int(inst.task_order[t]) not in carried),
        tuple(draft.orders[n] for n in keep),
        tuple(draft.modes[n] for n in keep),
        tuple(draft.drops[n] for n in keep),
    )
