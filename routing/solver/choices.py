"""Every sortie of a small day: which orders, which stops in which sequence, and when.

Owns the complete list, made by growing order sets one order at a time and trying each sequence of
stops (``trial``). Does not choose among them (``exact``).
"""

from __future__ import annotations

import time
from itertools import permutations, product

import numpy as np

from routing.solver.instance import Instance
from routing.solver.loading import Draft
from routing.solver.scratch import BETWEEN, DIRECT, INWARD, OUTWARD
from routing.solver.trial import Choice, Trial

MOST_ORDERS = 20
MOST_SETS = 40_000


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
        self.trial = Trial(inst)

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
        modes = []
        for i, t in chosen:
            origin, goal = int(inst.task_site[inst.pickup[i]]), int(inst.task_site[t])
            modes.append(_mode(origin == start, goal == end))
            if origin != start:
                tasks.setdefault(origin, []).append(int(inst.pickup[i]))
            if goal != end:
                tasks.setdefault(goal, []).append(t)
        orders, drops = tuple(i for i, _ in chosen), tuple(t for _, t in chosen)
        found = []
        for order in permutations(tasks):
            if not self._is_in_sequence(order, chosen, modes):
                continue
            row = tuple(t for site in order for t in tasks[site])
            choice = self.trial.fly(kind, Draft(start, end, row, orders, tuple(modes), drops))
            if choice is not None:
                found.append(choice)
        return worth_having(found)

    def _is_in_sequence(
        self, order: tuple[int, ...], chosen: tuple[tuple[int, int], ...], modes: list[int]
    ) -> bool:
        """Pickups before deliveries."""
        place = {site: n for n, site in enumerate(order)}
        inst = self.inst
        return all(
            place[int(inst.task_site[inst.pickup[i]])] < place[int(inst.task_site[t])]
            for (i, t), mode in zip(chosen, modes, strict=True)
            if mode == BETWEEN
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
