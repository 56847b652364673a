"""The best choice of whole sorties from a list that has all a better plan may fly.

Owns the linear relaxation with rows for the fleet's time, the leaving out of sorties that it shows
to be too dear, and the integer program (OR-Tools MathOpt with SCIP) that is solved again with a
row more for every choice that the drones cannot fly. Its value is a bound of all plans all along;
the choice that the drones can fly is the best there is, if packs, pads and pilots allow.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.linear import Linear, Status
from routing.solver.loading import Draft
from routing.solver.occupancy import (
    Row,
    clash_row,
    find_clash,
    find_crowded,
    find_takeoffs,
    make_jobs,
)
from routing.solver.trial import Choice

MOST_ROUNDS, MOST_TRIES = 60, 500
CLASHES = 4
FEW, MORE = 800, 2
"""Sorties that the first choice is made from, and how many times more the next one is."""
MOST_FERRIES = 50
LONGEST_S = 86_400.0
TOLERANCE = 1e-4
"""Of the list's least value, what rounding may cost; bounds are lower by it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the choice gives: a bound of plans from the list, and the best one's sorties if found.

    ``takeoffs`` go with ``choices``; both are empty when no choice was found that drones can fly.
    """

    value: float
    choices: tuple[Choice, ...]
    takeoffs: tuple[float, ...]


def settle(
    inst: Instance,
    choices: Sequence[Choice],
    limit: float,
    until_s: float,
    on_bound: Callable[[float], bool],
    on_choice: Callable[[Settled], None],
) -> Settled | None:
    """The cheapest choice that serves every order for ``limit`` at most.

    First among the sorties that the relaxation finds cheapest: what none of them gives below some
    value, no others give below it either; then among more of them.

    Args:
        choices: all sorties that such a plan may fly.
        until_s: ``time.perf_counter()`` at which to give up.
        on_bound: told of rising bounds; true when it is good enough.
        on_choice: told of choices that the drones cannot fly as they are.

    Returns:
        A bound of every such plan (``limit`` when there is none); None when time ran out at once.
    """
    relaxed = _Relaxed(inst, choices)
    if not relaxed.solve(limit, until_s):
        return None
    bound, count = min(relaxed.value, limit), FEW
    rng = np.random.default_rng(1)
    while bound < limit and time.perf_counter() < until_s:
        numbers, cap = relaxed.cheapest(count, limit)
        for _ in range(MOST_TRIES):
            if on_bound(bound):
                return Settled(bound, (), ())
            value, chosen, is_best = _choose(relaxed, numbers, cap, until_s)
            bound = max(bound, min(value, cap))
            if not is_best:
                break
            takeoffs = _fly(relaxed, chosen, until_s, rng)
            if takeoffs is not None and np.isnan(takeoffs).any():
                return Settled(bound, (), ())
            if takeoffs is not None:
                return Settled(bound, tuple(choices[n] for n in chosen), takeoffs)
            flown = tuple(choices[n] for n in chosen)
            on_choice(Settled(bound, flown, tuple(one.soonest_land for one in flown)))
        if bound < cap or not relaxed.solve(limit, until_s):
            break
        bound, count = max(bound, min(relaxed.value, limit)), MORE * count
    return Settled(bound, (), ())


def new_partition(inst: Instance, choices: Sequence[Choice]) -> tuple[Linear, list[int]]:
    """A program in which choices carry each order once and leave as many drones at each base.

    Returns it and the number of each choice's column.
    """
    program = Linear()
    covers = [program.add_row(1.0, 1.0) for _ in range(inst.num_orders)]
    flows: dict[tuple[int, int], int] = {}
    flown = []
    for choice in choices:
        entries = [(covers[i], 1.0) for i in choice.orders]
        for key, sign in _moves(inst, choice):
            if key not in flows:
                flows[key] = program.add_row(0.0, 0.0)
            entries.append((flows[key], sign))
        flown.append(program.add_column(choice.cost, entries))
    return program, flown


def _drones(inst: Instance) -> FloatArray:
    """Drones of each type [K]."""
    return np.bincount(inst.drone_type, minlength=inst.turnaround.shape[0]).astype(np.float64)


class _Relaxed:
    """The linear relaxation over the list, and the rows so far that every choice has to meet."""

    def __init__(self, inst: Instance, choices: Sequence[Choice]) -> None:
        self.inst, self.choices = inst, choices
        self.jobs, self.rows = make_jobs(inst, choices), list[Row]()
        self.value, self.reduced = -np.inf, np.zeros(len(choices))
        self.program, self.flown = new_partition(inst, choices)
        program = self.program
        least = program.add_row(1.0, np.inf)
        self.drones = [
            program.add_column(float(inst.cost_drone), [(least, 1.0)], float(count))
            for count in _drones(inst)
        ]
        self.num_rows = 0

    def solve(self, limit: float, until_s: float) -> bool:
        """Bring value and reduced costs up to date, with rows for crowded times; False if not.

        The value is ``limit`` when no plan meets the rows.
        """
        for _ in range(MOST_ROUNDS):
            for row in self.rows[self.num_rows :]:
                self._add(row)
            status = self.program.solve(_left(until_s))
            if status is Status.INFEASIBLE:
                self.value = limit
                return True
            if status is not Status.OPTIMAL:
                return False
            taken = self.program.taken
            crowded = find_crowded(self.jobs, taken[self.flown], taken[self.drones])
            if not crowded or time.perf_counter() > until_s:
                break
            self.rows += crowded
        self.value = self.program.value - TOLERANCE
        self.reduced = self.program.reduced()[self.flown]
        return True

    def _add(self, row: Row) -> None:
        number = self.program.add_row(-np.inf, row.most)
        for n in np.flatnonzero(row.use > 0.0):
            self.program.enter(number, self.flown[n], float(row.use[n]))
        self.program.enter(number, self.drones[row.kind], -row.span)
        self.num_rows += 1

    def cheapest(self, count: int, limit: float) -> tuple[IntArray, float]:
        """About so many sorties, and the value below which no plan flies any other."""
        ranked = np.sort(self.reduced)
        cap = limit
        if count < ranked.size:
            cap = min(limit, self.value + float(ranked[count]))
        return np.flatnonzero(self.reduced <= cap - self.value + TOLERANCE), cap


def _moves(inst: Instance, choice: Choice) -> list[tuple[tuple[int, int], float]]:
    """What a sortie does to the balance of bases."""
    if choice.start == choice.end or not inst.must_return_home:
        return []
    return [((choice.kind, choice.start), 1.0), ((choice.kind, choice.end), -1.0)]


def _choose(
    relaxed: _Relaxed, numbers: IntArray, limit: float, until_s: float
) -> tuple[float, IntArray, bool]:
    """Bound of choices among some of the sorties, the best choice, and whether it is the best."""
    inst, model = relaxed.inst, mathopt.Model()
    choices = [relaxed.choices[n] for n in numbers]
    flown = [
        model.add_binary_variable()
        if choice.orders
        else model.add_integer_variable(lb=0, ub=MOST_FERRIES)
        for choice in choices
    ]
    drones = [model.add_integer_variable(lb=0, ub=int(count)) for count in _drones(inst)]
    covers: list[list[mathopt.Variable]] = [[] for _ in range(inst.num_orders)]
    flows: dict[tuple[int, int], list[mathopt.LinearTerm]] = {}
    for choice, variable in zip(choices, flown, strict=True):
        for i in choice.orders:
            covers[i].append(variable)
        for key, sign in _moves(inst, choice):
            flows.setdefault(key, []).append(sign * variable)
    if not all(covers):
        return limit, np.zeros(0, dtype=np.int64), False
    for cover in covers:
        model.add_linear_constraint(mathopt.fast_sum(cover) == 1.0)
    for terms in flows.values():
        model.add_linear_constraint(mathopt.fast_sum(terms) == 0.0)
    model.add_linear_constraint(mathopt.fast_sum(drones) >= 1.0)
    for row in relaxed.rows:
        use = row.use[numbers]
        taken = [float(use[n]) * flown[n] for n in np.flatnonzero(use > 0.0)]
        model.add_linear_constraint(
            mathopt.fast_sum([*taken, -row.span * drones[row.kind]]) <= row.most
        )
    costs = [choice.cost * variable for choice, variable in zip(choices, flown, strict=True)]
    total = mathopt.fast_sum([*costs, *(float(inst.cost_drone) * one for one in drones)])
    model.minimize(total)
    model.add_linear_constraint(total <= limit)
    # The plan to beat is known: what is sought is the proof.
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=_left(until_s)),
        threads=1,
        random_seed=1,
        heuristics=mathopt.Emphasis.OFF,
    )
    result = mathopt.solve(model, mathopt.SolverType.GSCIP, params=parameters)
    nothing = np.zeros(0, dtype=np.int64)
    reason = result.termination.reason
    if reason == mathopt.TerminationReason.INFEASIBLE:
        return limit, nothing, False
    value = float(result.termination.objective_bounds.dual_bound) - TOLERANCE
    if reason != mathopt.TerminationReason.OPTIMAL:
        return value, nothing, False
    counts = np.array([result.variable_values(variable) for variable in flown])
    return value, np.repeat(numbers, np.rint(counts).astype(np.int64)), True


def _left(until_s: float) -> float:
    """Seconds until then."""
    return min(LONGEST_S, max(0.1, until_s - time.perf_counter()))


def _fly(
    relaxed: _Relaxed, chosen: IntArray, until_s: float, rng: np.random.Generator
) -> tuple[float, ...] | None:
    """Take-offs of a choice (nan: not known); None when it cannot be flown, and rows say so."""
    jobs, fleet = relaxed.jobs, _drones(relaxed.inst)
    flown = np.bincount(chosen, minlength=len(relaxed.choices)).astype(np.float64)
    crowded = find_crowded(jobs, flown, fleet)
    takeoffs = np.array([relaxed.choices[n].soonest for n in chosen])
    can_fly = not crowded
    for kind in np.unique(jobs.kind[jobs.kind >= 0]):
        at = np.flatnonzero(jobs.kind[chosen] == kind)
        mine, count = chosen[at], int(fleet[kind])
        found = find_takeoffs(jobs.part(mine), count, _left(until_s))
        if found is not None:
            takeoffs[at] = found
            continue
        can_fly = False
        clashes = {
            tuple(find_clash(jobs, mine, count, rng, until_s).tolist()) for _ in range(CLASHES)
        }
        relaxed.rows += [
            clash_row(jobs, np.array(one, dtype=np.int64), count, until_s)
            for one in sorted(clashes)
        ]
    if can_fly:
        return tuple(float(at) for at in takeoffs)
    relaxed.rows += crowded
    return None


def drafts_in_turn(
    inst: Instance, choices: Sequence[Choice], takeoffs: Sequence[float]
) -> dict[int, list[Draft]]:
    """The sorties of a choice, each to the drone at its base that has been ready longest."""
    where = [int(home) for home in inst.drone_home]
    ready = [float(start) for start in inst.drone_start]
    drafts: dict[int, list[Draft]] = {}
    flights = zip(takeoffs, choices, strict=True)
    for at, choice in sorted(flights, key=lambda one: one[0]):
        waiting = [
            d
            for d in range(inst.num_drones)
            if where[d] == choice.start and int(inst.drone_type[d]) == choice.kind
        ]
        if not waiting:
            continue
        d = min(waiting, key=lambda d: (max(ready[d], at), d not in drafts, d))
        drafts.setdefault(d, []).append(choice.draft)
        where[d] = choice.end
        land = max(choice.soonest_land, max(ready[d], at) + choice.least_s)
        ready[d] = land + float(inst.turnaround[choice.kind])
    return drafts
