"""Proof that a small day's plan is the best there is, or a bound that says how far it may be.

Owns the complete list of sorties of a small day and the scheduling of all of them at once (OR-Tools
CP-SAT): which sorties fly, when, and whether the drones at each base suffice at every moment. Packs,
chargers, pads and pilots are left out, so the result is a lower bound; where it meets the plan's
value, the plan is proven best.

Lateness is not priced: the proof is for plans that are on time, and is only tried for such a plan.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

from routing.solver.bundle import Bundle
from routing.solver.instance import Instance
from routing.solver.loading import Draft
from routing.solver.solution import Solution
from routing.solver.timing import (
    BETWEEN,
    DIRECT,
    INWARD,
    OUT_DEPART,
    OUT_FLIGHT,
    OUT_LAND,
    OUTWARD,
    earliest_departure,
    is_loadable,
    latest_pass,
    new_scratch,
    simulate,
    time_sortie,
)

MOST_ORDERS = 20
MOST_SETS = 40_000
MOST_COPIES = 20
MOST_CHOICES = 3_000
HORIZON_S = 3 * 86_400
STEP = 1e-6


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


_Flown = tuple[Choice, cp_model.IntVar, cp_model.IntVar]


@dataclass(frozen=True, slots=True)
class Proof:
    """What scheduling all choices gives.

    Attributes:
        value: lower bound of the value of every on-time plan.
        drafts: the sorties of the cheapest schedule found, by drone; packs, pads and pilots have
            still to be found for them.
        choices: how many sorties there were to choose from.
    """

    value: float
    drafts: Mapping[int, Sequence[Draft]]
    choices: int


def prove_small(inst: Instance, solution: Solution, seconds: float) -> Proof | None:
    """Schedule every sortie of a small day; None when the day is not small or time runs out."""
    if inst.num_orders > MOST_ORDERS or solution.late > STEP or solution.unserved:
        return None
    until = time.perf_counter() + seconds
    choices = list_choices(_on_time(inst), until)
    if choices is None:
        return None
    kept = _drop_dear(inst, choices, solution.value)
    if len(kept) > MOST_CHOICES:
        return None
    return _schedule(inst, kept, solution, until)


def _on_time(inst: Instance) -> Instance:
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
        self.view = Bundle(inst)
        self.scratch = new_scratch(inst, 4 * MOST_ORDERS)
        self.scratch_view = Bundle(self.scratch)
        self.mode = np.zeros(inst.num_orders, dtype=np.int64)
        self.drop = inst.drop_ptr[:-1].copy()

    def list_pair(
        self, kind: int, start: int, end: int, choices: list[Choice], until: float
    ) -> bool:
        """All sorties of a type between two bases, the empty one first; False past the limits."""
        ways = {i: self._ways(i, start, end) for i in range(self.inst.num_orders)}
        layer: list[tuple[tuple[int, int], ...]] = [()]
        while layer:
            grown = []
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
        return _worth_having(found)

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
        self, kind: int, start: int, end: int, row: np.ndarray, num: int, orders: np.ndarray
    ) -> Choice | None:
        inst, count = self.inst, len(orders)
        mine = inst.drone_type == kind
        begin, finish = float(inst.drone_start[mine].min()), float(inst.drone_end[mine].max())
        args = (self.view, self.scratch_view, kind)
        load = orders if count else np.zeros(1, dtype=np.int64)
        if not is_loadable(*args, row, num, load, count, self.mode):
            return None
        rest = (row, num, load, count, self.mode, self.drop)
        if not time_sortie(*args, start, end, *rest, begin, finish):
            return None
        out = self.scratch.outcome.copy()
        latest = float(latest_pass(self.view, kind, start, end, *rest, finish, np.zeros(num + 1)))
        latest = max(latest, float(out[OUT_DEPART]))
        least = float(out[OUT_LAND] - out[OUT_DEPART])
        if simulate(*args, start, end, *rest, latest, finish) != 1:
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


def _worth_having(choices: list[Choice]) -> list[Choice]:
    """Without those that another one of the same orders beats in every way."""
    kept: list[Choice] = []
    for one in sorted(choices, key=lambda choice: choice.cost):
        if not any(
            other.cost <= one.cost
            and other.latest >= one.latest
            and other.soonest_land <= one.soonest_land
            and other.least_s <= one.least_s
            for other in kept
        ):
            kept.append(one)
    return kept


def _drop_dear(inst: Instance, choices: list[Choice], value: float) -> list[Choice]:
    """Only the choices that some plan cheaper than ``value`` could fly, by reduced cost."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    rows = [solver.Constraint(1.0, 1.0) for _ in range(inst.num_orders)]
    flows: dict[tuple[int, int], pywraplp.Constraint] = {}
    variables = []
    for choice in choices:
        variable = solver.NumVar(0.0, solver.infinity(), "")
        solver.Objective().SetCoefficient(variable, choice.cost)
        for i in choice.orders:
            rows[i].SetCoefficient(variable, 1.0)
        if choice.start != choice.end and inst.must_return_home:
            for base, sign in ((choice.start, 1.0), (choice.end, -1.0)):
                key = (choice.kind, base)
                if key not in flows:
                    flows[key] = solver.Constraint(0.0, 0.0)
                flows[key].SetCoefficient(variable, sign)
        variables.append(variable)
    solver.Objective().SetMinimization()
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return choices
    room = value - float(solver.Objective().Value()) - inst.cost_drone
    return [
        choice
        for choice, variable in zip(choices, variables, strict=True)
        if variable.reduced_cost() <= room + 1e-3
    ]


def _schedule(
    inst: Instance, choices: list[Choice], solution: Solution, until: float
) -> Proof | None:
    """The cheapest choice of sorties that the drones can fly in time."""
    model = cp_model.CpModel()
    covers: list[list[cp_model.IntVar]] = [[] for _ in range(inst.num_orders)]
    events: dict[tuple[int, int], list[tuple[cp_model.LinearExprT, int, cp_model.IntVar]]] = {}
    cost: list[cp_model.LinearExprT] = []
    flown: list[_Flown] = []
    for choice in choices:
        before = None
        for _ in range(1 if choice.orders else _copies(choice, solution.value)):
            taken, leave = _fly_choice(model, inst, choice, events)
            flown.append((choice, taken, leave))
            cost.append(round(choice.cost) * taken)
            for i in choice.orders:
                covers[i].append(taken)
            if before is not None:
                model.add_implication(taken, before)
            before = taken
    for cover in covers:
        model.add_exactly_one(cover)
    cost += _fleet(model, inst, events)
    model.minimize(sum(cost))
    model.add(sum(cost) <= round(solution.value))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, until - time.perf_counter())
    # One worker, so that the same day gives the same schedule.
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen = sorted(
        (solver.value(leave), n) for n, (_, taken, leave) in enumerate(flown) if solver.value(taken)
    )
    drafts = _hand_out(inst, [(at, flown[n][0]) for at, n in chosen])
    return Proof(float(np.ceil(solver.best_objective_bound - STEP)), drafts, len(choices))


def _hand_out(inst: Instance, chosen: Sequence[tuple[int, Choice]]) -> dict[int, list[Draft]]:
    """Give sorties in order of take-off to drones that stand at their base.

    A drone that has flown before goes first, so that no more drones fly than were counted.
    """
    where = {d: int(inst.drone_home[d]) for d in range(inst.num_drones)}
    drafts: dict[int, list[Draft]] = {}
    for _, choice in chosen:
        waiting = [
            d
            for d in range(inst.num_drones)
            if where[d] == choice.start and int(inst.drone_type[d]) == choice.kind
        ]
        if not waiting:
            continue
        d = min(waiting, key=lambda d: (d not in drafts, d))
        drafts.setdefault(d, []).append(choice.draft)
        where[d] = choice.end
    return drafts


def _copies(choice: Choice, value: float) -> int:
    return int(min(MOST_COPIES, value // choice.cost))


def _fly_choice(
    model: cp_model.CpModel,
    inst: Instance,
    choice: Choice,
    events: dict[tuple[int, int], list[tuple[cp_model.LinearExprT, int, cp_model.IntVar]]],
) -> tuple[cp_model.IntVar, cp_model.IntVar]:
    """One sortie that may fly: a drone leaves the start base, and is ready again at the end.

    Returns whether it flies, and when it takes off.
    """
    taken = model.new_bool_var("")
    earliest = max(int(choice.soonest), 0)
    leave = model.new_int_var(earliest, max(earliest, int(choice.latest)), "")
    turnaround = round(float(inst.turnaround[choice.kind]))
    ready = model.new_int_var(0, HORIZON_S, "")
    model.add(ready >= int(choice.soonest_land) + turnaround).only_enforce_if(taken)
    model.add(ready >= leave + int(choice.least_s) + turnaround).only_enforce_if(taken)
    events.setdefault((choice.kind, choice.start), []).append((leave, -1, taken))
    events.setdefault((choice.kind, choice.end), []).append((ready, 1, taken))
    return taken, leave


def _fleet(
    model: cp_model.CpModel,
    inst: Instance,
    events: dict[tuple[int, int], list[tuple[cp_model.LinearExprT, int, cp_model.IntVar]]],
) -> list[cp_model.LinearExprT]:
    """Drones at each base at every moment, and what using them costs."""
    cost: list[cp_model.LinearExprT] = []
    for (kind, base), moves in sorted(events.items()):
        home = int(((inst.drone_type == kind) & (inst.drone_home == base)).sum())
        used = [model.new_bool_var("") for _ in range(home)]
        for one, other in zip(used, used[1:], strict=False):
            model.add_implication(other, one)
        cost.extend(round(inst.cost_drone) * one for one in used)
        steps = [*moves, *((0, 1, one) for one in used)]
        model.add_reservoir_constraint_with_active(
            [at for at, _, _ in steps],
            [step for _, step, _ in steps],
            [active for _, _, active in steps],
            0,
            len(steps),
        )
        if inst.must_return_home:
            model.add(sum(step * active for _, step, active in moves) == 0)
    return cost
