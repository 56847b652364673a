"""Every sortie of a small day: which orders, which stops in which sequence, and when.

Owns the complete list, made by growing order sets one order at a time and timing each sequence of
stops with the kernels of ``timing``. Does not choose among them (``exact``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

from routing.solver.bundle import bundle
from routing.solver.instance import Instance, IntArray
from routing.solver.limits import earliest_departure, latest_pass
from routing.solver.loading import Draft
from routing.solver.payload import is_loadable
from routing.solver.scratch import (
    BETWEEN,
    DIRECT,
    INWARD,
    OUT_DEPART,
    OUT_FLIGHT,
    OUT_LAND,
    OUTWARD,
    new_scratch,
)
from routing.solver.timing import simulate, time_sortie

MOST_ORDERS = 20
MOST_SETS = 40_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A sortie that can be flown: bases, orders, cost, and when it may take off and land.

    It lands at ``max(soonest_land, take-off + least_s)`` or later.
    """

    kind: int
    start: int
    end: int
    orders: tuple[int, ...]
    cost: float
    soonest: float
    latest: float
    soonest_land: float
    least_s: float
    draft: Draft


def be_on_time(inst: Instance) -> Instance:
    """The day with every target as a hard limit."""
    late = inst.task_late.copy()
    window_end = inst.window_end.copy()
    for i in range(inst.num_orders):
        for t in range(int(inst.drop_ptr[i]), int(inst.drop_ptr[i + 1])):
            limit = inst.target[i] - inst.handover[inst.task_site[t]]
            late[t] = min(late[t], limit)
            for w in range(int(inst.window_ptr[t]), int(inst.window_ptr[t + 1])):
                window_end[w] = min(window_end[w], limit)
    return inst._replace(task_late=late, window_end=window_end)


def list_choices(inst: Instance, until: float) -> list[Choice] | None:
    """Every sortie of every drone type between every two bases; None when there are too many."""
    lister = _Lister(inst)
    kinds = sorted({int(kind) for kind in inst.drone_type})
    bases = [int(base) for base in np.flatnonzero(inst.is_base)]
    choices: list[Choice] = []
    for kind, start, end in product(kinds, bases, bases):
        if not lister.list_pair(kind, start, end, choices, until):
            return None
    return choices


class _Lister:
    """Grows order sets one order at a time: part of a sortie that can be flown can be flown."""

    def __init__(self, inst: Instance) -> None:
        self.inst = inst
        self.view = bundle(inst)
        self.scratch = new_scratch(inst, 4 * MOST_ORDERS)
        self.scratch_view = bundle(self.scratch)
        self.mode = np.zeros(inst.num_orders, dtype=np.int64)
        self.drop = inst.drop_ptr[:-1].copy()

    def list_pair(
        self, kind: int, start: int, end: int, choices: list[Choice], until: float
    ) -> bool:
        """All sorties of a type between two bases, the empty one first; False past the limits."""
        ways = {i: self._ways(i, start, end) for i in range(self.inst.num_orders)}
        layer: list[tuple[tuple[int, int], ...]] = [()]
        while layer:
            grown: list[tuple[tuple[int, int], ...]] = []
            for chosen in layer:
                found = self._fly(kind, start, end, chosen)
                if not found and chosen:
                    continue
                choices.extend(found)
                last = chosen[-1][0] if chosen else -1
                grown.extend(
                    (*chosen, (i, t)) for i, tasks in ways.items() if i > last for t in tasks
                )
            if len(choices) + len(grown) > MOST_SETS or time.perf_counter() > until:
                return False
            layer = grown
        return True

    def _ways(self, i: int, start: int, end: int) -> list[int]:
        """Delivery tasks with which an order can be on a sortie between two bases."""
        inst = self.inst
        origin = int(inst.task_site[inst.pickup[i]])
        if inst.is_base[origin] and origin != start:
            return []
        return [
            t
            for t in range(int(inst.drop_ptr[i]), int(inst.drop_ptr[i + 1]))
            if int(inst.task_site[t]) == end or not inst.is_base[inst.task_site[t]]
        ]

    def _fly(
        self, kind: int, start: int, end: int, chosen: tuple[tuple[int, int], ...]
    ) -> list[Choice]:
        """The sorties that carry exactly these orders: one for each order of stops worth having."""
        inst = self.inst
        if not chosen and start == end:
            return []
        tasks: dict[int, list[int]] = {}
        for i, t in chosen:
            self.drop[i] = t
            origin, goal = int(inst.task_site[inst.pickup[i]]), int(inst.task_site[t])
            self.mode[i] = _mode(origin == start, goal == end)
            if origin != start:
                tasks.setdefault(origin, []).append(int(inst.pickup[i]))
            if goal != end:
                tasks.setdefault(goal, []).append(t)
        orders = np.array([i for i, _ in chosen], dtype=np.int64)
        found = []
        for order in permutations(tasks):
            row = np.array([t for site in order for t in tasks[site]] or [0], dtype=np.int64)
            num = sum(len(tasks[site]) for site in order)
            choice = self._time(kind, start, end, row, num, orders)
            if choice is not None and self._is_in_sequence(order, chosen):
                found.append(choice)
        return worth_having(found)

    def _is_in_sequence(self, order: tuple[int, ...], chosen: tuple[tuple[int, int], ...]) -> bool:
        """Pickups before deliveries."""
        place = {site: n for n, site in enumerate(order)}
        inst = self.inst
        return all(
            place[int(inst.task_site[inst.pickup[i]])] < place[int(inst.task_site[t])]
            for i, t in chosen
            if self.mode[i] == BETWEEN
        )

    def _time(
        self, kind: int, start: int, end: int, row: IntArray, num: int, orders: IntArray
    ) -> Choice | None:
        inst, count = self.inst, len(orders)
        mine = inst.drone_type == kind
        begin, finish = float(inst.drone_start[mine].min()), float(inst.drone_end[mine].max())
        view, scratch, mode, drop = self.view, self.scratch_view, self.mode, self.drop
        load = orders if count else np.zeros(1, dtype=np.int64)
        if not is_loadable(view, scratch, kind, row, num, load, count, mode):
            return None
        if not time_sortie(
            view, scratch, kind, start, end, row, num, load, count, mode, drop, begin, finish
        ):
            return None
        out = self.scratch.outcome.copy()
        latest = float(
            latest_pass(
                view, kind, start, end, row, num, load, count, mode, drop, finish, np.zeros(num + 1)
            )
        )
        latest = max(latest, float(out[OUT_DEPART]))
        least = float(out[OUT_LAND] - out[OUT_DEPART])
        if (
            simulate(
                view, scratch, kind, start, end, row, num, load, count, mode, drop, latest, finish
            )
            != 1
        ):
            least = min(least, float(self.scratch.outcome[OUT_LAND]) - latest)
        cost = inst.cost_flight * float(out[OUT_FLIGHT]) + inst.cost_sortie
        soonest = float(earliest_departure(self.view, kind, start, load, count, self.mode, begin))
        return Choice(
            kind,
            start,
            end,
            tuple(int(i) for i in orders),
            cost,
            soonest,
            latest,
            float(out[OUT_LAND]),
            least,
            Draft(
                start,
                end,
                tuple(int(t) for t in row[:num]),
                tuple(int(i) for i in orders),
                tuple(int(self.mode[i]) for i in orders),
                tuple(int(self.drop[i]) for i in orders),
            ),
        )


def _mode(from_start: bool, to_end: bool) -> int:
    if from_start:
        return DIRECT if to_end else OUTWARD
    return INWARD if to_end else BETWEEN


def worth_having(choices: list[Choice]) -> list[Choice]:
    """Without those that another one of the same orders beats in every way."""
    kept: list[Choice] = []
    for one in sorted(choices, key=lambda choice: choice.cost):
        if not any(
            other.cost <= one.cost
            and other.latest >= one.latest
            and other.soonest_land <= one.soonest_land
            and other.least_s <= one.least_s
            and other.soonest <= one.soonest
            for other in kept
        ):
            kept.append(one)
    return kept
