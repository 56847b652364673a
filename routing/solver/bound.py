"""A proven lower bound: the linear relaxation over all sorties that can be flown.

Owns the master problem (OR-Tools' GLOP) and the loop that prices columns into it until none is
left. The bound is reported only when pricing has been complete for every drone type and pair of
bases; a loop cut short reports none.

Rows: each order is flown or left behind at its weight; at each base as many sorties of a type
start as end (when drones must be home at the end of the day). Columns come from the relaxed family
of ``labels``; what that leaves out is said in ``RELAXED``. Drones, packs, pads and pilots are not
counted, but one drone at least is paid for.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from ortools.linear_solver import pywraplp

from routing.solver.bundle import bundle
from routing.solver.covering import kinds_of, new_rows
from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.labels import collect, price
from routing.solver.offers import Labels, Offers, new_labels
from routing.solver.solution import Solution

RELAXED = "fleet size, packs, pads, pilots, load energy, bands, segregation, ride limits"
ROOM = 60_000
"""Labels of one pricing call; a call that needs more is cut short, and no bound is reported."""
COLUMNS_A_CALL = 30
INTEGER_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Column:
    """A sortie of the relaxed family: type, bases, cost and the orders it collects."""

    kind: int
    start: int
    end: int
    cost: float
    orders: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LowerBound:
    """A bound of the objective's value, and how it was proven.

    Attributes:
        value: no plan is below it; unserved: the part of it that unserved orders weigh.
    """

    value: float
    method: str
    columns: int
    seconds: float


@dataclass(slots=True)
class Master:
    """The covering problem over the columns so far."""

    inst: Instance
    solver: pywraplp.Solver
    rows: list[pywraplp.Constraint]
    flows: dict[tuple[int, int], pywraplp.Constraint]
    columns: list[Column] = field(default_factory=list)
    seen: dict[tuple[int, int, int, tuple[int, ...]], float] = field(default_factory=dict)
    variables: list[pywraplp.Variable] = field(default_factory=list)

    def add(self, column: Column) -> bool:
        """Add a column unless the same one is there at no higher cost."""
        key = (column.kind, column.start, column.end, column.orders)
        if column.cost >= self.seen.get(key, np.inf) - 1e-6:
            return False
        self.seen[key] = column.cost
        variable = self.solver.NumVar(0.0, self.solver.infinity(), "")
        self.solver.Objective().SetCoefficient(variable, column.cost)
        for i in set(column.orders):
            # An order with several destinations may be collected at two of them.
            self.rows[i].SetCoefficient(variable, float(column.orders.count(i)))
        if column.start != column.end and self.flows:
            self.flows[column.kind, column.start].SetCoefficient(variable, 1.0)
            self.flows[column.kind, column.end].SetCoefficient(variable, -1.0)
        self.columns.append(column)
        self.variables.append(variable)
        return True

    def solve(self) -> tuple[float, FloatArray, FloatArray]:
        """Value, order duals [N] and flow duals [K, S] of the columns; nan when it fails."""
        if self.solver.Solve() != pywraplp.Solver.OPTIMAL:
            # Numerical trouble: no bound is better than a doubtful one.
            return float("nan"), np.zeros(0), np.zeros(0)
        duals = np.array([row.dual_value() for row in self.rows])
        flow = np.zeros((self.inst.turnaround.shape[0], self.inst.is_base.shape[0]))
        for (kind, base), row in self.flows.items():
            flow[kind, base] = row.dual_value()
        return float(self.solver.Objective().Value()), np.maximum(duals, 0.0), flow


def new_master(inst: Instance) -> Master:
    """A master with every order left behind."""
    rows = new_rows(inst)
    return Master(inst, rows.solver, rows.orders, rows.flows)


@dataclass(slots=True)
class Pricing:
    """Pricing of every drone type between every two bases."""

    inst: Instance
    view: Instance
    labels: Labels
    labels_view: Labels
    offers: dict[tuple[int, int, int], tuple[Offers, Offers]]
    limits: dict[tuple[int, int, int], tuple[tuple[FloatArray, FloatArray], ...]]

    def run(
        self, duals: FloatArray, flow: FloatArray, until_s: float
    ) -> tuple[list[Column], float]:
        """Columns of negative reduced cost, and the least reduced cost; nan when truncated."""
        found: list[Column] = []
        least = 0.0
        for (kind, start, end), (_, view) in self.offers.items():
            if time.perf_counter() > until_s:
                return found, float("nan")
            self._tighten(kind, start, end, duals)
            mine = self.inst.drone_type == kind
            fixed = self.inst.cost_sortie - flow[kind, start] + flow[kind, end]
            count = price(
                self.view,
                view,
                self.labels_view,
                kind,
                start,
                end,
                duals,
                fixed,
                float(self.inst.drone_start[mine].min()),
                float(self.inst.drone_end[mine].max()),
            )
            if count < 0:
                return found, float("nan")
            least = min(least, float(self.labels.best[:count].min(initial=0.0)))
            found.extend(self._read(kind, start, end, view, count, duals, fixed))
        return found, least

    def _tighten(self, kind: int, start: int, end: int, duals: FloatArray) -> None:
        """Let no order be later than its dual pays for: past that it is better left out.

        What lateness costs within that little time is not charged, so the bound stays valid.
        """
        offers, _ = self.offers[kind, start, end]
        limits = self.limits[kind, start, end]
        for ptr, columns, pair in (
            (offers.in_ptr, (offers.in_order, offers.in_early, offers.in_late), limits[0]),
            (offers.out_ptr, (offers.out_order, offers.out_ready, offers.out_early), limits[1]),
            (None, (offers.direct_order, offers.direct_ready), limits[2]),
        ):
            order = columns[0]
            site = np.zeros(order.shape[0]) if ptr is None else _sites_of(ptr)
            ranks = np.lexsort((-duals[order], site))
            for column in (*columns, *pair):
                column[:] = column[ranks]
        for late, order, limit in zip(
            (offers.in_land, offers.out_late, offers.direct_land),
            (offers.in_order, offers.out_order, offers.direct_order),
            limits,
            strict=True,
        ):
            hard, target = limit
            weight = np.maximum(self.inst.late_weight[order], 1e-9)
            np.minimum(hard, target + duals[order] / weight, out=late)

    def _read(
        self,
        kind: int,
        start: int,
        end: int,
        view: Offers,
        count: int,
        duals: FloatArray,
        fixed: float,
    ) -> Iterable[Column]:
        room = np.zeros(4 * self.inst.num_orders + 4, dtype=np.int64)
        for c in range(count):
            num = collect(
                self.view,
                view,
                self.labels_view,
                kind,
                start,
                end,
                int(self.labels.best_label[c]),
                float(self.labels.best_land[c]),
                duals,
                room,
            )
            orders = tuple(sorted(int(i) for i in room[:num]))
            cost = self.labels.best[c] + duals[list(orders)].sum() - fixed + self.inst.cost_sortie
            yield Column(kind, start, end, float(cost), orders)


def new_pricing(inst: Instance) -> Pricing:
    """Everything pricing needs that does not depend on duals."""
    labels = new_labels(inst.is_base.shape[0], ROOM, COLUMNS_A_CALL)
    offers: dict[tuple[int, int, int], tuple[Offers, Offers]] = {}
    limits: dict[tuple[int, int, int], tuple[tuple[FloatArray, FloatArray], ...]] = {}
    bases = [int(base) for base in np.flatnonzero(inst.is_base)]
    for kind, start, end in product(kinds_of(inst), bases, bases):
        offer = _offers(inst, kind, start, end)
        if np.isfinite(offer.travel[start, end]) or offer.stops.shape[0]:
            offers[kind, start, end] = (offer, bundle(offer))
            limits[kind, start, end] = _limits(inst, offer, end)
    return Pricing(inst, bundle(inst), labels, bundle(labels), offers, limits)


def _limits(inst: Instance, offers: Offers, end: int) -> tuple[tuple[FloatArray, FloatArray], ...]:
    """Hard and target latest times of what is picked up, delivered, and flown directly."""
    sites = _sites_of(offers.out_ptr)
    return (
        (offers.in_land.copy(), inst.target[offers.in_order] - inst.handover[end]),
        (offers.out_late.copy(), inst.target[offers.out_order] - inst.handover[sites]),
        (offers.direct_land.copy(), inst.target[offers.direct_order] - inst.handover[end]),
    )


def _sites_of(ptr: IntArray) -> IntArray:
    """Site of each item of a CSR table."""
    return np.repeat(np.arange(ptr.shape[0] - 1), np.diff(ptr))


def _offers(inst: Instance, kind: int, start: int, end: int) -> Offers:
    """What each site offers to sorties of a type between two bases."""
    inward: list[list[tuple[int, float, float, float]]] = [[] for _ in inst.is_base]
    outward: list[list[tuple[int, float, float, float]]] = [[] for _ in inst.is_base]
    direct: list[tuple[int, float, float]] = []
    load_s = float(inst.handover[start])
    for i in range(inst.num_orders):
        pickup = int(inst.pickup[i])
        origin = int(inst.task_site[pickup])
        goals = range(int(inst.drop_ptr[i]), int(inst.drop_ptr[i + 1]))
        ready = float(inst.task_early[pickup]) + load_s
        if not inst.is_base[origin]:
            limits = [
                float(inst.task_late[t]) if inst.is_base[inst.task_site[t]] else np.inf
                for t in goals
                if inst.task_site[t] == end or not inst.is_base[inst.task_site[t]]
            ]
            if limits:
                window = (float(inst.task_early[pickup]), float(inst.task_late[pickup]))
                inward[origin].append((i, *window, max(limits)))
        elif origin == start:
            for t in goals:
                goal = int(inst.task_site[t])
                if goal == end:
                    direct.append((i, ready, float(inst.task_late[t])))
                elif not inst.is_base[goal]:
                    window = (float(inst.task_early[t]), float(inst.task_late[t]))
                    outward[goal].append((i, ready, *window))
    stops = [y for y in range(len(inward)) if inward[y] or outward[y]]
    least_work = inst.work[kind].min(axis=0)
    lift = float(inst.lift[kind].min())
    energy = np.zeros_like(least_work)
    if inst.has_energy:
        energy = least_work * inst.cruise_power[kind, 0] + lift * inst.hover_power[kind, 0]
    energy = np.where(np.isfinite(inst.quickest[kind]), energy, np.inf)
    np.fill_diagonal(energy, 0.0)
    in_ptr, ins = _flat(inward, 4)
    out_ptr, outs = _flat(outward, 4)
    directs = np.array(direct, dtype=np.float64).reshape(len(direct), 3)
    return Offers(
        in_ptr=in_ptr,
        in_order=ins[0].astype(np.int64),
        in_early=ins[1],
        in_late=ins[2],
        in_land=ins[3],
        out_ptr=out_ptr,
        out_order=outs[0].astype(np.int64),
        out_ready=outs[1],
        out_early=outs[2],
        out_late=outs[3],
        direct_order=directs[:, 0].astype(np.int64),
        direct_ready=np.ascontiguousarray(directs[:, 1]),
        direct_land=np.ascontiguousarray(directs[:, 2]),
        stops=np.array(stops, dtype=np.int64),
        travel=np.ascontiguousarray(inst.quickest[kind]),
        energy=np.ascontiguousarray(energy),
        least_slots=int(inst.order_slots.min()) if inst.num_orders else 0,
    )


def _flat(
    rows: list[list[tuple[int, float, float, float]]], width: int
) -> tuple[IntArray, FloatArray]:
    ptr = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    items = [item for row in rows for item in row]
    table = np.array(items, dtype=np.float64).reshape(len(items), width)
    return ptr, np.ascontiguousarray(table.T)


def solution_columns(inst: Instance, solution: Solution) -> list[Column]:
    """The sorties of a plan as columns to start with."""
    return [
        Column(
            int(inst.drone_type[trip.drone]),
            trip.start,
            trip.end,
            inst.cost_flight * trip.flight + inst.cost_energy * trip.energy + inst.cost_sortie,
            tuple(sorted(trip.orders)),
        )
        for trip in solution.trips
    ]


def prove_bound(inst: Instance, solution: Solution, until_s: float) -> LowerBound | None:
    """The bound, or None when time or room ran out before pricing was complete.

    Args:
        solution: a plan whose sorties start the master off.
        until_s: ``time.perf_counter()`` at which to give up.
    """
    began = time.perf_counter()
    master, pricing = new_master(inst), new_pricing(inst)
    for column in solution_columns(inst, solution):
        master.add(column)
    while True:
        value, duals, flow = master.solve()
        if np.isnan(value):
            return None
        columns, least = pricing.run(duals, flow, until_s)
        if np.isnan(least) or time.perf_counter() > until_s:
            return None
        if sum(master.add(column) for column in columns) == 0:
            break
    one_drone = inst.cost_drone if value > 0 and master.columns else 0.0
    # Reduced costs above -1e-4 count as none: give that much away for every sortie there can be.
    safe = value - 1e-4 * inst.num_orders + one_drone
    seconds = time.perf_counter() - began
    return LowerBound(safe, "column generation", len(master.columns), seconds)
