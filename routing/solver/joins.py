"""Whole sorties from tails and heads: those of negative reduced cost. Compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import kernel
from routing.solver.family import Family
from routing.solver.fronts import (
    TF_COST,
    TF_ENERGY,
    TF_LANDS,
    TF_READY,
    TF_SPAN,
    TF_TIME,
    TF_WORK,
    TI_BLOCKED,
    TI_GROUPS,
    TI_ODD,
    TI_OUT_MASS,
    TI_OUT_SLOTS,
    TI_PARENT,
    TI_PEAK_MASS,
    TI_PEAK_SLOTS,
    Tails,
)
from routing.solver.instance import FloatArray, IntArray
from routing.solver.picks import EPS, Picks, charge_of
from routing.solver.reach import (
    ENERGY_CELLS,
    MASS_CELLS,
    RANK_COST,
    RANK_DONE,
    RANK_ENERGY,
    RANK_OUT,
    Reach,
    energy_step,
    least_at,
    least_mass,
    mass_step,
)


class Found(NamedTuple):
    """Sorties that pay: reduced cost, tail and head (-1 for none)."""

    cost: FloatArray  # [E]
    tail: IntArray  # [E]
    head: IntArray  # [E]
    size: IntArray  # [1] how many
    limit: FloatArray  # [1] reduced cost below which a sortie is kept
    most: IntArray  # [1] how many are kept


def new_found(most: int) -> Found:
    """Empty room."""
    numbers = np.zeros((2, most), dtype=np.int64)
    size, room = np.zeros((2, 1), dtype=np.int64)
    return Found(np.zeros(most), numbers[0], numbers[1], size, np.zeros(1), room)


def clear_found(found: Found, most: int, room: float) -> None:
    """Nothing found yet: so many are looked for, whose reduced cost is below ``room``."""
    found.size[0] = 0
    found.most[0] = most
    found.limit[0] = room


@kernel
def _keep(found: Found, cost: float, tail: int, head: int) -> bool:
    """Keep a sortie, of those with the same head the best; where there is no room the dearest goes.

    Returns:
        Whether it was kept.
    """
    size, place = found.size[0], -1
    for n in range(size):
        if head >= 0 and found.head[n] == head:
            place = n
    if place < 0 and size < found.most[0]:
        found.size[0] = size + 1
        place = size
    else:
        if place < 0:
            place = int(np.argmax(found.cost[:size]))
        if found.cost[place] <= cost:
            return False
    found.cost[place] = cost
    found.tail[place] = tail
    found.head[place] = head
    if found.size[0] == found.most[0]:
        found.limit[0] = found.cost[: found.size[0]].max()
    return True


@kernel
def close_tails(family: Family, tails: Tails, num: int, found: Found) -> None:
    """Keep the sorties that begin with one of the tails that grow; ``num`` have no stop at most."""
    at = 0
    if family.start != family.end:
        # The first tails have no stop: base to base.
        while at < num and tails.ints[at, TI_PARENT] < 0:
            close_tail(family, tails, at, family.end, found)
            at += 1
    for y in range(tails.front_size.shape[0]):
        for f in range(tails.front_size[y]):
            close_tail(family, tails, tails.front[y, f], y, found)


@kernel
def close_tail(family: Family, tails: Tails, at: int, y: int, found: Found) -> bool:
    """Keep the sortie that begins with a tail, if it is one that pays."""
    floats, start = tails.floats, family.start
    hop = family.travel[start, y]
    leg = family.energy[start, y] + family.per_mass[start, y] * tails.ints[at, TI_OUT_MASS]
    cost = floats[at, TF_COST] + family.cost_flight * hop + family.cost_energy * leg
    if (
        cost < found.limit[0]
        and floats[at, TF_TIME] - hop >= floats[at, TF_READY] - EPS
        and floats[at, TF_ENERGY] + leg <= family.usable + 1e-9
        and floats[at, TF_SPAN] + hop <= family.span_max + EPS
    ):
        return _keep(found, cost, at, -1)
    return False


@kernel
def join_tail(
    family: Family,
    picks: Picks,
    tails: Tails,
    heads: Tails,
    t: int,
    y: int,
    reach: Reach,
    found: Found,
) -> bool:
    """Keep the best sorties of a tail past half, with no head and with those that end one stop
    before.

    Returns whether one was kept.
    """
    has_kept = close_tail(family, tails, t, y, found)
    limit = found.limit[0]
    cost, used, peak = (
        tails.floats[t, TF_COST],
        tails.floats[t, TF_ENERGY],
        tails.ints[t, TI_PEAK_MASS],
    )
    for n in range(picks.num_stops[0]):
        if cost + reach.before_cost[y, n] >= limit:
            break
        x = reach.before[y, n]
        hop = family.travel[x, y]
        extra, latest = cost + family.cost_flight * hop, tails.floats[t, TF_TIME] - hop
        energy = used + family.energy[x, y]
        if extra + least_at(family, reach, x, energy, peak, latest) >= limit:
            continue
        energy, mass = family.usable - energy + 1e-9, family.capacity - peak
        # What the head brings is carried on to the end.
        work = tails.floats[t, TF_WORK] + family.per_mass[x, y]
        for m in range(mass_step(family, mass, MASS_CELLS) + 1):
            left = energy - least_mass(family, m, MASS_CELLS) * work
            if left < 0.0:
                break
            row = m * ENERGY_CELLS
            for cell in range(row, row + energy_step(family, left, ENERGY_CELLS) + 1):
                for g in range(reach.ptr[x, cell], reach.ptr[x, cell + 1]):
                    if reach.keys[g, RANK_COST] + extra >= limit:
                        break
                    if (
                        reach.keys[g, RANK_OUT] > mass
                        or reach.keys[g, RANK_DONE] > latest + EPS
                        or reach.keys[g, RANK_ENERGY] + reach.keys[g, RANK_OUT] * work > energy
                    ):
                        continue
                    h = reach.heads[g]
                    whole = join_cost(family, picks, tails, heads, t, h, x, y)
                    if whole < limit and _keep(found, whole, t, h):
                        has_kept, limit = True, found.limit[0]
    return has_kept


@kernel
def join_cost(
    family: Family, picks: Picks, tails: Tails, heads: Tails, t: int, h: int, x: int, y: int
) -> float:
    """Reduced cost of a head and a tail as one sortie; inf when they are not one."""
    a, b = heads.floats[h], tails.floats[t]
    m, n = heads.ints[h], tails.ints[t]
    hop = family.travel[x, y]
    # Times of heads run backwards, from the end of the handover on.
    latest, span = b[TF_TIME] - hop, a[TF_SPAN] + hop + b[TF_SPAN]
    if (
        -a[TF_TIME] > latest + EPS
        or n[TI_PEAK_MASS] + m[TI_OUT_MASS] > family.capacity
        or m[TI_PEAK_MASS] + n[TI_OUT_MASS] > family.capacity
        or n[TI_PEAK_SLOTS] + m[TI_OUT_SLOTS] > family.slots
        or m[TI_PEAK_SLOTS] + n[TI_OUT_SLOTS] > family.slots
        or n[TI_BLOCKED] & m[TI_GROUPS] != 0
        or latest - a[TF_SPAN] < b[TF_READY] - EPS
        or hop + b[TF_SPAN] - a[TF_TIME] > EPS - a[TF_READY]
        or b[TF_LANDS] > EPS - a[TF_READY]
        or a[TF_LANDS] > EPS - b[TF_READY]
        or span > family.span_max + EPS
        or b[TF_READY] + span > EPS - a[TF_READY]
    ):
        return np.inf
    for w in range(tails.visited.shape[1]):
        if tails.visited[t, w] & heads.visited[h, w]:
            return np.inf
    more = (
        family.energy[x, y]
        + family.per_mass[x, y] * (m[TI_OUT_MASS] + n[TI_OUT_MASS])
        + m[TI_OUT_MASS] * b[TF_WORK]
        + n[TI_OUT_MASS] * a[TF_WORK]
    )
    if a[TF_ENERGY] + b[TF_ENERGY] + more > family.usable + 1e-9:
        return np.inf
    charge = charge_of(picks, n[TI_ODD] & m[TI_ODD])
    return a[TF_COST] + b[TF_COST] + family.cost_flight * hop + family.cost_energy * more + charge
