"""Whole sorties from tails and heads: those of negative reduced cost. Compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.family import Family
from routing.solver.fronts import (
    KEY_COST,
    KEY_ENERGY,
    KEY_OUT,
    PAYS,
    REACH_STEPS,
    TF_COST,
    TF_ENERGY,
    TF_LANDS,
    TF_READY,
    TF_SPAN,
    TF_TIME,
    TF_WORK,
    TI_BLOCKED,
    TI_GROUPS,
    TI_HALF,
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


class Found(NamedTuple):
    """Sorties that pay: reduced cost, tail and head (-1 for none)."""

    cost: FloatArray  # [E]
    tail: IntArray  # [E]
    head: IntArray  # [E]


def new_found(most: int) -> Found:
    """Empty room."""
    return Found(np.zeros(most), np.zeros(most, dtype=np.int64), np.zeros(most, dtype=np.int64))


@kernel
def fill_reach(family: Family, picks: Picks, heads: Tails, tails: Tails) -> None:
    """What the cheapest head costs that leaves a tail so much energy and load."""
    reach, num = tails.reach, picks.num_stops[0]
    reach[:] = -np.inf
    for n in range(num):
        reach[picks.stops[n]] = np.inf
    for n in range(num):
        x = picks.stops[n]
        for f in range(heads.front_size[x]):
            h = heads.front[x, f]
            used, cost = heads.floats[h, TF_ENERGY], heads.floats[h, TF_COST]
            load = heads.ints[h, TI_OUT_MASS]
            m = min(REACH_STEPS - 1, int(load / max(1, family.capacity) * REACH_STEPS))
            for o in range(num):
                y = picks.stops[o]
                hop, e = family.travel[x, y], 0
                if y == x or hop == np.inf:
                    continue
                if family.has_energy:
                    e = int((used + family.energy[x, y]) / family.usable * REACH_STEPS)
                if e < REACH_STEPS and cost + family.cost_flight * hop < reach[y, e, m]:
                    reach[y, e, m] = cost + family.cost_flight * hop
    for n in range(num):
        y = picks.stops[n]
        # As little as the cheapest of those that leave more, or none at all before the tail.
        to = family.travel[family.start, y] * family.cost_flight
        for e in range(REACH_STEPS):
            for m in range(REACH_STEPS):
                least = min(reach[y, e, m], to)
                if e > 0:
                    least = min(least, reach[y, e - 1, m])
                if m > 0:
                    least = min(least, reach[y, e, m - 1])
                reach[y, e, m] = least


@inlined
def _keep(found: Found, count: int, cost: float, tail: int, head: int) -> int:
    """Keep a sortie; where there is no room the dearest goes."""
    place = count
    if count == found.cost.shape[0]:
        place = int(np.argmax(found.cost))
        if found.cost[place] <= cost:
            return count
    else:
        count += 1
    found.cost[place] = cost
    found.tail[place] = tail
    found.head[place] = head
    return count


@inlined
def _asked(found: Found, count: int) -> float:
    """Reduced cost below which a sortie is kept."""
    if count < found.cost.shape[0]:
        return -PAYS
    return float(found.cost.max())


@kernel
def close_tails(family: Family, tails: Tails, num: int, found: Found) -> int:
    """Of ``num`` tails those that begin a sortie, into ``found``; returns how many pay."""
    count, at = 0, 0
    if family.start != family.end:
        # The first tails have no stop: base to base.
        while at < num and tails.ints[at, TI_PARENT] < 0:
            count = _close(family, tails, found, at, family.end, count)
            at += 1
    for y in range(tails.front_size.shape[0]):
        for f in range(tails.front_size[y]):
            count = _close(family, tails, found, tails.front[y, f], y, count)
    return count


@kernel
def _close(family: Family, tails: Tails, found: Found, at: int, y: int, count: int) -> int:
    floats, start = tails.floats, family.start
    hop = family.travel[start, y]
    leg = family.energy[start, y] + family.per_mass[start, y] * tails.ints[at, TI_OUT_MASS]
    cost = floats[at, TF_COST] + family.cost_flight * hop + family.cost_energy * leg
    if (
        cost < -PAYS
        and floats[at, TF_TIME] - hop >= floats[at, TF_READY] - EPS
        and floats[at, TF_ENERGY] + leg <= family.usable + 1e-9
        and floats[at, TF_SPAN] + hop <= family.span_max + EPS
    ):
        return _keep(found, count, cost, at, -1)
    return count


@kernel
def join(family: Family, picks: Picks, tails: Tails, heads: Tails, found: Found, count: int) -> int:
    """Tails past half with every head that ends one stop before, into ``found``."""
    num, asked = tails.front_size.shape[0], _asked(found, count)
    for x in range(num):
        size = heads.front_size[x]
        if size == 0:
            continue
        keys = heads.keys[x, :size]
        order = np.argsort(keys[:, KEY_COST])
        ranked = keys[order]
        for y in range(num):
            hop = family.travel[x, y]
            if y == x or hop == np.inf:
                continue
            for f in range(tails.front_size[y]):
                t = tails.front[y, f]
                if not tails.ints[t, TI_HALF]:
                    continue
                extra = tails.floats[t, TF_COST] + family.cost_flight * hop
                energy = family.usable - tails.floats[t, TF_ENERGY] - family.energy[x, y] + 1e-9
                mass = family.capacity - tails.ints[t, TI_PEAK_MASS]
                # What the head brings is carried on to the end.
                work = tails.floats[t, TF_WORK] + family.per_mass[x, y]
                for g in range(size):
                    if ranked[g, KEY_COST] + extra >= asked:
                        break
                    if (
                        ranked[g, KEY_OUT] > mass
                        or ranked[g, KEY_ENERGY] + ranked[g, KEY_OUT] * work > energy
                    ):
                        continue
                    h = heads.front[x, order[g]]
                    cost = _join_cost(family, picks, tails, heads, t, h, x, y)
                    if cost < asked:
                        count = _keep(found, count, cost, t, h)
                        asked = _asked(found, count)
    return count


@kernel
def _join_cost(
    family: Family, picks: Picks, tails: Tails, heads: Tails, t: int, h: int, x: int, y: int
) -> float:
    """Reduced cost of a head and a tail as one sortie; 0 when they are not one."""
    a, b = heads.floats[h], tails.floats[t]
    m, n = heads.ints[h], tails.ints[t]
    hop = family.travel[x, y]
    # Times of heads run backwards, from the end of the handover on.
    latest = b[TF_TIME] - hop
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
        or a[TF_SPAN] + hop + b[TF_SPAN] > family.span_max + EPS
    ):
        return 0.0
    for w in range(tails.visited.shape[1]):
        if tails.visited[t, w] & heads.visited[h, w]:
            return 0.0
    more = (
        family.energy[x, y]
        + family.per_mass[x, y] * (m[TI_OUT_MASS] + n[TI_OUT_MASS])
        + m[TI_OUT_MASS] * b[TF_WORK]
        + n[TI_OUT_MASS] * a[TF_WORK]
    )
    if a[TF_ENERGY] + b[TF_ENERGY] + more > family.usable + 1e-9:
        return 0.0
    charge = charge_of(picks, n[TI_ODD] & m[TI_ODD])
    return a[TF_COST] + b[TF_COST] + family.cost_flight * hop + family.cost_energy * more + charge
