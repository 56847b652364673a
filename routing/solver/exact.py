"""Proof that a small day's plan is the best there is, or a bound that says how far it may be.

Owns the scheduling of all sorties of a small day at once (OR-Tools CP-SAT): which sorties fly,
when, and whether the drones at each base suffice at every moment. Packs, chargers, pads and pilots
are left out, so the result is a lower bound; where it meets the plan's value, the plan is proven
best.

Lateness is not priced: the proof is for plans that are on time, and is only tried for such a plan.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from routing.solver.choices import MOST_ORDERS, be_on_time, list_choices
from routing.solver.instance import Instance
from routing.solver.linear import Status
from routing.solver.loading import Draft
from routing.solver.settling import new_partition
from routing.solver.solution import Solution
from routing.solver.trial import Choice

MOST_COPIES = 20
MOST_CHOICES = 3_000
HORIZON_S = 3 * 86_400
STEP = 1e-6
CENTI = 100
"""Costs that are not whole seconds are counted in hundredths, rounded down."""

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
    choices = list_choices(be_on_time(inst), until)
    if choices is None:
        return None
    kept = _drop_dear(inst, choices, solution.value)
    if len(kept) > MOST_CHOICES:
        return None
    return _schedule(inst, kept, solution, until)


def _drop_dear(inst: Instance, choices: list[Choice], value: float) -> list[Choice]:
    """Only the choices that some plan cheaper than ``value`` could fly, by reduced cost."""
    program, flown = new_partition(inst, choices)
    if program.solve() is not Status.OPTIMAL:
        return choices
    room = value - program.value - inst.cost_drone
    return [
        choice
        for choice, reduced in zip(choices, program.reduced()[flown], strict=True)
        if reduced <= room + 1e-3
    ]


def _schedule(
    inst: Instance, choices: list[Choice], solution: Solution, until: float
) -> Proof | None:
    """The cheapest choice of sorties that the drones can fly in time."""
    model = cp_model.CpModel()
    dear = [inst.cost_drone, solution.value, *(choice.cost for choice in choices)]
    scale = 1 if all(abs(one - round(one)) < STEP for one in dear) else CENTI
    covers: list[list[cp_model.IntVar]] = [[] for _ in range(inst.num_orders)]
    events: dict[tuple[int, int], list[tuple[cp_model.LinearExprT, int, cp_model.IntVar]]] = {}
    cost: list[cp_model.LinearExprT] = []
    flown: list[_Flown] = []
    for choice in choices:
        before = None
        for _ in range(1 if choice.orders else _copies(choice, solution.value)):
            taken, leave = _fly_choice(model, inst, choice, events)
            flown.append((choice, taken, leave))
            cost.append(_whole(choice.cost, scale) * taken)
            for i in choice.orders:
                covers[i].append(taken)
            if before is not None:
                model.add_implication(taken, before)
            before = taken
    for cover in covers:
        model.add_exactly_one(cover)
    cost += _fleet(model, inst, events, _whole(inst.cost_drone, scale))
    model.minimize(sum(cost))
    model.add(sum(cost) <= _whole(solution.value, scale) + (scale > 1))
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
    least = float(np.ceil(solver.best_objective_bound - STEP)) / scale
    return Proof(least, drafts, len(choices))


def _whole(cost: float, scale: int) -> int:
    """A cost in whole units, never more than it is."""
    return int(np.floor(cost * scale + STEP))


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
    cost_drone: int,
) -> list[cp_model.LinearExprT]:
    """Drones at each base at every moment, and what using them costs."""
    cost: list[cp_model.LinearExprT] = []
    for (kind, base), moves in sorted(events.items()):
        home = int(((inst.drone_type == kind) & (inst.drone_home == base)).sum())
        used = [model.new_bool_var("") for _ in range(home)]
        for one, other in pairwise(used):
            model.add_implication(other, one)
        cost.extend(cost_drone * one for one in used)
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
