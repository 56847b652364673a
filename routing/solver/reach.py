"""The heads of a problem in order, and what one costs at least that suits a tail. Compiled.

Owns the tables by site: heads that end there, by what they use, and heads that are flown on to it.
A tail has energy, load and time left for what is flown before it. What heads and tails have both
been at, is not looked at here.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.family import Family
from routing.solver.fronts import TF_COST, TF_ENERGY, TF_TIME, TI_OUT_MASS, Tails
from routing.solver.instance import FloatArray, IntArray
from routing.solver.picks import EPS, Picks

ENERGY_STEPS, MASS_STEPS, TIME_STEPS = 32, 6, 16
MASS_CELLS, ENERGY_CELLS = 12, 4
"""Heads at a site are found by cells: what they carry on tells most of those that suit a tail."""
ENERGY_EPS = 2e-9
RANK_COST, RANK_ENERGY, RANK_OUT, RANK_DONE = range(4)


class Reach(NamedTuple):
    """Heads by site, step of energy and cost; and the least costs by what is left to a tail."""

    ptr: IntArray  # [S, cells + 1] by mass that goes out, then by energy
    heads: IntArray  # [X]
    keys: FloatArray  # [X, 4] cost, energy, mass that goes out, end of the last handover
    here: FloatArray  # [S, E, M, T] least cost of heads that end at a site
    least: FloatArray  # [S, E, M, T] of those flown on to it, and of none at all
    before: IntArray  # [S, S] sites that a tail is joined at, those with the cheapest heads first
    before_cost: FloatArray  # [S, S] the cheapest head that ends there, flown on, energy aside
    clock: FloatArray  # [2] where the first step of time begins, and steps in a second


def new_reach(num_sites: int, capacity: int) -> Reach:
    """Empty room."""
    table = (num_sites, ENERGY_STEPS, MASS_STEPS, TIME_STEPS)
    return Reach(
        ptr=np.zeros((num_sites, MASS_CELLS * ENERGY_CELLS + 1), dtype=np.int64),
        heads=np.zeros(capacity, dtype=np.int64),
        keys=np.zeros((capacity, 4)),
        here=np.zeros(table),
        least=np.zeros(table),
        before=np.zeros((num_sites, num_sites), dtype=np.int64),
        before_cost=np.zeros((num_sites, num_sites)),
        clock=np.zeros(2),
    )


@inlined
def energy_step(family: Family, energy: float, steps: int) -> int:
    """The step of energy that is used, or left; what is used up to the end is in the last one."""
    if not family.has_energy:
        return 0
    return min(steps - 1, int(energy / family.usable * steps))


@inlined
def mass_step(family: Family, mass: int, steps: int) -> int:
    """The step of a mass that goes out, or may; all of the capacity is in the last one."""
    return min(steps - 1, int(mass / max(1, family.capacity) * steps))


@inlined
def least_mass(family: Family, step: int, steps: int) -> float:
    """No mass of a step is less; a little less than that for what is lost in rounding."""
    return step * max(1, family.capacity) / steps - EPS


@inlined
def _time_step(reach: Reach, moment: float) -> int:
    return int(max(0.0, min(TIME_STEPS - 1.0, (moment - reach.clock[0]) * reach.clock[1])))


@inlined
def _left(
    family: Family, reach: Reach, energy: float, mass: int, moment: float
) -> tuple[int, int, int]:
    """The steps of what a tail that uses so much leaves to heads."""
    e = energy_step(family, family.usable - energy, ENERGY_STEPS)
    m = mass_step(family, family.capacity - mass, MASS_STEPS)
    return e, m, _time_step(reach, moment)


@inlined
def least_head(
    family: Family, reach: Reach, y: int, energy: float, mass: int, moment: float
) -> float:
    """What a head, or none at all, costs at least before a tail, flown on to it.

    Args:
        energy: what the tail has used; mass: its heaviest load.
        moment: the latest handover at its first stop, ``y``.
    """
    e, m, t = _left(family, reach, energy, mass, moment)
    return float(reach.least[y, e, m, t])


@inlined
def least_at(
    family: Family, reach: Reach, x: int, energy: float, mass: int, moment: float
) -> float:
    """What a head that ends at ``x`` costs at least, as above; ``moment`` is the latest end."""
    if energy > family.usable:
        return np.inf
    e, m, t = _left(family, reach, energy, mass, moment)
    return float(reach.here[x, e, m, t])


@kernel
def fill_reach(
    family: Family, picks: Picks, heads: Tails, begin: float, land: float, reach: Reach
) -> None:
    """Rank the heads for tails that land by ``land``; none takes off before ``begin``."""
    num, first, count = picks.num_stops[0], begin, 0
    if family.slowness < np.inf:
        first = max(first, land - family.usable * family.slowness)
    reach.clock[0], reach.clock[1] = first, TIME_STEPS / max(1.0, land - first)
    for n in range(num):
        reach.here[picks.stops[n]] = np.inf
        reach.least[picks.stops[n]] = np.inf
    for n in range(num):
        x = picks.stops[n]
        count = _rank(family, heads, x, reach, count)
        for f in range(heads.front_size[x]):
            _enter_head(family, picks, heads, heads.front[x, f], x, reach)
    for n in range(num):
        y = picks.stops[n]
        _add_up(reach.here[y], np.inf)
        _add_up(reach.least[y], family.travel[family.start, y] * family.cost_flight)
    for n in range(num):
        _line_up(family, picks, picks.stops[n], reach)


@kernel
def _line_up(family: Family, picks: Picks, y: int, reach: Reach) -> None:
    """Put the sites from which a tail at ``y`` may be flown to in line."""
    num = picks.num_stops[0]
    costs = np.empty(num)
    for n in range(num):
        x, costs[n] = picks.stops[n], np.inf
        if x != y and family.travel[x, y] < np.inf:
            cheapest = reach.here[x, ENERGY_STEPS - 1, MASS_STEPS - 1, TIME_STEPS - 1]
            costs[n] = cheapest + family.cost_flight * family.travel[x, y]
    ranked = np.argsort(costs)
    for n in range(num):
        reach.before[y, n] = picks.stops[ranked[n]]
        reach.before_cost[y, n] = costs[ranked[n]]


@inlined
def _cell(family: Family, heads: Tails, h: int) -> int:
    """The cell that a head is in."""
    mass = mass_step(family, heads.ints[h, TI_OUT_MASS], MASS_CELLS)
    return mass * ENERGY_CELLS + energy_step(family, heads.floats[h, TF_ENERGY], ENERGY_CELLS)


@kernel
def _rank(family: Family, heads: Tails, x: int, reach: Reach, count: int) -> int:
    """Put the heads that end at a site behind ``count`` others, by cell and cost."""
    size, ptr = heads.front_size[x], reach.ptr[x]
    costs = np.empty(size)
    for f in range(size):
        costs[f] = heads.floats[heads.front[x, f], TF_COST]
    rows = heads.front[x, :size][np.argsort(costs)]
    ptr[:] = 0
    for f in range(size):
        ptr[_cell(family, heads, rows[f]) + 1] += 1
    ptr[0] = count
    for c in range(ptr.shape[0] - 1):
        ptr[c + 1] += ptr[c]
    free = ptr[:-1].copy()
    for f in range(size):
        h = rows[f]
        c = _cell(family, heads, h)
        at = free[c]
        free[c] = at + 1
        reach.heads[at] = h
        reach.keys[at, RANK_COST] = heads.floats[h, TF_COST]
        reach.keys[at, RANK_ENERGY] = heads.floats[h, TF_ENERGY]
        reach.keys[at, RANK_OUT] = heads.ints[h, TI_OUT_MASS]
        # Times of heads run backwards, from the end of the handover on.
        reach.keys[at, RANK_DONE] = -heads.floats[h, TF_TIME]
    return count + size


@inlined
def _enter_head(family: Family, picks: Picks, heads: Tails, h: int, x: int, reach: Reach) -> None:
    """Note what a head costs at its last stop and flown on to any other."""
    least, cost = reach.least, heads.floats[h, TF_COST]
    # Tails are joined within tolerances.
    used = heads.floats[h, TF_ENERGY] - ENERGY_EPS
    done = -heads.floats[h, TF_TIME] - EPS
    e, t = energy_step(family, used, ENERGY_STEPS), _time_step(reach, done)
    m = mass_step(family, heads.ints[h, TI_OUT_MASS], MASS_STEPS)
    reach.here[x, e, m, t] = min(reach.here[x, e, m, t], cost)
    for n in range(picks.num_stops[0]):
        y = picks.stops[n]
        hop = family.travel[x, y]
        if y == x or hop == np.inf:
            continue
        energy = used + family.energy[x, y]
        if energy <= family.usable or not family.has_energy:
            e = energy_step(family, energy, ENERGY_STEPS)
            t = _time_step(reach, done + hop)
            least[y, e, m, t] = min(least[y, e, m, t], cost + family.cost_flight * hop)


@kernel
def _add_up(table: FloatArray, most: float) -> None:
    """Let each place of a table have the least of all that ask for less; ``most`` is always had."""
    for e in range(ENERGY_STEPS):
        for m in range(MASS_STEPS):
            for t in range(TIME_STEPS):
                low = min(table[e, m, t], most)
                if e > 0:
                    low = min(low, table[e - 1, m, t])
                if m > 0:
                    low = min(low, table[e, m - 1, t])
                if t > 0:
                    low = min(low, table[e, m, t - 1])
                table[e, m, t] = low
