"""Lists all sorties whose reduced cost stays below a limit. Compiled.

A tail is grown back from the landing as in ``growing``, but it is dropped only for another one with
the very same ends and the same first stop that is as good in every respect, or when not even the
cheapest head makes a sortie of it that stays below the limit. So of each set of orders every way to
fly it that may be wanted for its cost or its times is listed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.family import Family
from routing.solver.fronts import BITS
from routing.solver.instance import FloatArray, IntArray
from routing.solver.picks import (
    EPS,
    PF_LAND,
    PF_LATE,
    PF_NEED,
    PF_PROFIT,
    PF_READY,
    PI_BLOCKED,
    PI_GROUPS,
    PI_IN_MASS,
    PI_IN_SLOTS,
    PI_ITEMS,
    PI_ODD,
    PI_OUT_MASS,
    PI_OUT_SLOTS,
    Picks,
    charge_of,
)
from routing.solver.reach import Reach, least_head

LF_COST, LF_TIME, LF_ENERGY, LF_WORK, LF_READY, LF_SPAN, LF_LAND = range(7)
"""Reduced cost, latest handover at the first stop, energy, what a unit of mass more would use of
it, earliest take-off, seconds until the landing without waiting, and earliest landing."""
LI_SITE, LI_PARENT, LI_PICK, LI_PEAK_MASS, LI_OUT_MASS, LI_PEAK_SLOTS, LI_OUT_SLOTS = range(7)
LI_GROUPS, LI_BLOCKED, LI_DEAD, LI_ODD = range(7, 11)
TABLE = 1 << 17
STEP = 1e-9


class Listed(NamedTuple):
    """Room for tails of the list, and which of them are sorties."""

    floats: FloatArray  # [X, 7]
    ints: IntArray  # [X, 11]
    visited: IntArray  # [X, site words]
    ends: IntArray  # [X, end words] the ends that a tail takes
    table: IntArray  # [TABLE] last tail of a kind of hash
    chain: IntArray  # [X] the one before it
    found: IntArray  # [Y] tails that are sorties when flown to from the start base
    found_cost: FloatArray  # [Y] their reduced cost
    stop: IntArray  # [1] not 0: time is up


def new_listed(num_sites: int, num_ends: int, tails: int, sorties: int, stop: IntArray) -> Listed:
    """Empty room."""
    return Listed(
        floats=np.zeros((tails, 7)),
        ints=np.zeros((tails, 11), dtype=np.int64),
        visited=np.zeros((tails, num_sites // BITS + 1), dtype=np.int64),
        ends=np.zeros((tails, num_ends // BITS + 1), dtype=np.int64),
        table=np.zeros(TABLE, dtype=np.int64),
        chain=np.zeros(tails, dtype=np.int64),
        found=np.zeros(sorties, dtype=np.int64),
        found_cost=np.zeros(sorties),
        stop=stop,
    )


@kernel
def list_sorties(
    family: Family,
    picks: Picks,
    listed: Listed,
    reach: Reach,
    begin: float,
    finish: float,
    fixed: float,
    limit: float,
) -> int:
    """All sorties whose reduced cost is ``limit`` at most, into ``listed.found``.

    Args:
        picks: all picks there are, none left out for a better one.
        reach: what a head costs at least.
        begin, finish: earliest take-off, latest landing; fixed: cost of an empty sortie.

    Returns:
        How many, or -1 when room or time ran out.
    """
    listed.table[:] = -1
    count, num_found = _land(family, picks, listed, begin, finish, fixed), 0
    if count < 0:
        return -1
    at = 0
    while at < count:
        if listed.stop[0] != 0:
            return -1
        # Tails are in order of their number of stops: all that could make this one useless are in.
        if listed.ints[at, LI_DEAD] == 0:
            num_found = _close(family, listed, at, limit, num_found)
            if num_found < 0:
                return -1
            for n in range(picks.num_stops[0]):
                y = picks.stops[n]
                if (listed.visited[at, y // BITS] >> (y % BITS)) & 1 == 0:
                    count = _extend(family, picks, listed, reach, at, y, limit, count)
                    if count < 0:
                        return -1
        at += 1
    return num_found


@kernel
def _land(
    family: Family, picks: Picks, listed: Listed, begin: float, finish: float, fixed: float
) -> int:
    """The tails that have no stop: one for each set of orders from base to base."""
    home, count = family.ptr.shape[0] - 2, 0
    floats, ints = listed.floats, listed.ints
    for pick in range(picks.ptr[home], picks.ptr[home + 1]):
        if count >= ints.shape[0]:
            return -1
        floats[count, LF_COST] = fixed - picks.floats[pick, PF_PROFIT]
        floats[count, LF_TIME] = min(finish, picks.floats[pick, PF_LAND])
        floats[count, LF_ENERGY] = 0.0
        floats[count, LF_WORK] = 0.0
        floats[count, LF_READY] = max(begin, picks.floats[pick, PF_READY])
        floats[count, LF_SPAN] = 0.0
        floats[count, LF_LAND] = -np.inf
        ints[count, LI_SITE] = home
        ints[count, LI_PARENT] = -1
        ints[count, LI_PICK] = pick
        ints[count, LI_PEAK_MASS] = picks.ints[pick, PI_OUT_MASS]
        ints[count, LI_OUT_MASS] = picks.ints[pick, PI_OUT_MASS]
        ints[count, LI_PEAK_SLOTS] = picks.ints[pick, PI_OUT_SLOTS]
        ints[count, LI_OUT_SLOTS] = picks.ints[pick, PI_OUT_SLOTS]
        ints[count, LI_GROUPS] = picks.ints[pick, PI_GROUPS]
        ints[count, LI_BLOCKED] = picks.ints[pick, PI_BLOCKED]
        ints[count, LI_DEAD] = 0
        ints[count, LI_ODD] = picks.ints[pick, PI_ODD]
        listed.visited[count, :] = 0
        listed.ends[count, :] = 0
        _mark_ends(picks, listed, home, pick, count)
        count += 1
    return count


@inlined
def _mark_ends(picks: Picks, listed: Listed, y: int, pick: int, new: int) -> None:
    bits, n = picks.ints[pick, PI_ITEMS], 0
    while bits != 0:
        if bits & 1:
            item = picks.items[y, n]
            listed.ends[new, item // BITS] |= np.int64(1) << (item % BITS)
        bits >>= 1
        n += 1


@kernel
def _close(family: Family, listed: Listed, at: int, limit: float, count: int) -> int:
    """Note a tail that a sortie may begin with; -1 when there is no room."""
    floats, ints, start = listed.floats, listed.ints, family.start
    y = ints[at, LI_SITE]
    if y == family.ptr.shape[0] - 2:
        y = family.end
        if start == y:
            return count
    hop = family.travel[start, y]
    leg = family.energy[start, y] + family.per_mass[start, y] * ints[at, LI_OUT_MASS]
    cost = floats[at, LF_COST] + family.cost_flight * hop + family.cost_energy * leg
    if (
        cost > limit
        or floats[at, LF_TIME] - hop < floats[at, LF_READY] - EPS
        or floats[at, LF_ENERGY] + leg > family.usable + STEP
        or floats[at, LF_SPAN] + hop > family.span_max + EPS
    ):
        return count
    if count >= listed.found.shape[0]:
        return -1
    listed.found[count] = at
    listed.found_cost[count] = cost
    return count + 1


@kernel
def _extend(
    family: Family,
    picks: Picks,
    listed: Listed,
    reach: Reach,
    at: int,
    y: int,
    limit: float,
    count: int,
) -> int:
    """The tails that begin one stop earlier, at ``y``; -1 when there is no room."""
    floats, ints, start = listed.floats, listed.ints, family.start
    x = ints[at, LI_SITE]
    to = family.end if x == family.ptr.shape[0] - 2 else x
    hop, away = family.travel[y, to], family.travel[start, y]
    time = floats[at, LF_TIME] - hop - family.handover[y]
    span = floats[at, LF_SPAN] + hop + family.handover[y]
    if time - away < floats[at, LF_READY] - EPS or span + away > family.span_max + EPS:
        return count
    work = floats[at, LF_WORK] + family.per_mass[y, to]
    leg = family.energy[y, to] + family.per_mass[y, to] * ints[at, LI_OUT_MASS]
    out = family.energy[start, y]
    if floats[at, LF_ENERGY] + leg + out > family.usable + STEP:
        return count
    for pick in range(picks.ptr[y], picks.ptr[y + 1]):
        if ints[at, LI_GROUPS] & picks.ints[pick, PI_BLOCKED]:
            continue
        when = min(time, picks.floats[pick, PF_LATE], picks.floats[pick, PF_LAND] - span)
        ready = max(floats[at, LF_READY], picks.floats[pick, PF_READY])
        if when < picks.floats[pick, PF_NEED] - EPS or when - away < ready - EPS:
            continue
        in_mass = picks.ints[pick, PI_IN_MASS]
        out_mass = ints[at, LI_OUT_MASS] + picks.ints[pick, PI_OUT_MASS]
        out_slots = ints[at, LI_OUT_SLOTS] + picks.ints[pick, PI_OUT_SLOTS]
        peak_mass = max(ints[at, LI_PEAK_MASS] + in_mass, out_mass)
        peak_slots = max(ints[at, LI_PEAK_SLOTS] + picks.ints[pick, PI_IN_SLOTS], out_slots)
        if peak_mass > family.capacity or peak_slots > family.slots:
            continue
        energy = floats[at, LF_ENERGY] + leg + in_mass * work
        if energy + out + family.per_mass[start, y] * out_mass > family.usable + STEP:
            continue
        cost = (
            floats[at, LF_COST]
            + family.cost_flight * hop
            + family.cost_energy * (leg + in_mass * work)
            - picks.floats[pick, PF_PROFIT]
            + charge_of(picks, ints[at, LI_ODD] & picks.ints[pick, PI_ODD])
        )
        if cost + least_head(family, reach, y, energy, peak_mass, when) > limit:
            continue
        if count >= ints.shape[0]:
            return -1
        floats[count, LF_COST] = cost
        floats[count, LF_TIME] = when
        floats[count, LF_ENERGY] = energy
        floats[count, LF_WORK] = work
        floats[count, LF_READY] = ready
        floats[count, LF_SPAN] = span
        floats[count, LF_LAND] = max(floats[at, LF_LAND], picks.floats[pick, PF_NEED] + span)
        ints[count, LI_SITE] = y
        ints[count, LI_PARENT] = at
        ints[count, LI_PICK] = pick
        ints[count, LI_PEAK_MASS] = peak_mass
        ints[count, LI_OUT_MASS] = out_mass
        ints[count, LI_PEAK_SLOTS] = peak_slots
        ints[count, LI_OUT_SLOTS] = out_slots
        ints[count, LI_GROUPS] = ints[at, LI_GROUPS] | picks.ints[pick, PI_GROUPS]
        ints[count, LI_BLOCKED] = ints[at, LI_BLOCKED] | picks.ints[pick, PI_BLOCKED]
        ints[count, LI_DEAD] = 0
        ints[count, LI_ODD] = ints[at, LI_ODD] ^ picks.ints[pick, PI_ODD]
        listed.visited[count] = listed.visited[at]
        listed.visited[count, y // BITS] |= np.int64(1) << (y % BITS)
        listed.ends[count] = listed.ends[at]
        _mark_ends(picks, listed, y, pick, count)
        if _enter(listed, count, y):
            count += 1
    return count


@kernel
def _enter(listed: Listed, new: int, y: int) -> bool:
    """Whether no tail with the same ends and first stop makes a new one useless; drops those that
    it makes so."""
    hashed = np.uint64(y + 1) * np.uint64(0x9E3779B97F4A7C15)
    for w in range(listed.ends.shape[1]):
        hashed ^= np.uint64(listed.ends[new, w])
        hashed *= np.uint64(0xBF58476D1CE4E5B9)
        hashed ^= hashed >> np.uint64(31)
    slot = np.int64(hashed & np.uint64(TABLE - 1))
    other = listed.table[slot]
    while other >= 0:
        if listed.ints[other, LI_DEAD] == 0 and _is_same(listed, other, new):
            if _is_no_worse(listed, other, new):
                return False
            if _is_no_worse(listed, new, other):
                listed.ints[other, LI_DEAD] = 1
        other = listed.chain[other]
    listed.chain[new] = listed.table[slot]
    listed.table[slot] = new
    return True


@inlined
def _is_same(listed: Listed, a: int, b: int) -> bool:
    """Whether two tails take the same ends and begin at the same stop."""
    same = listed.ints[a, LI_SITE] == listed.ints[b, LI_SITE]
    for w in range(listed.ends.shape[1]):
        same = same and listed.ends[a, w] == listed.ends[b, w]
    return same


@inlined
def _is_no_worse(listed: Listed, a: int, b: int) -> bool:
    """Whether a tail can replace another one with the same ends and first stop in any sortie."""
    floats, ints = listed.floats, listed.ints
    return (
        floats[a, LF_COST] <= floats[b, LF_COST] + STEP
        and floats[a, LF_TIME] >= floats[b, LF_TIME] - STEP
        and floats[a, LF_ENERGY] <= floats[b, LF_ENERGY] + 1e-12
        and floats[a, LF_WORK] <= floats[b, LF_WORK] + 1e-12
        and floats[a, LF_SPAN] <= floats[b, LF_SPAN] + STEP
        and floats[a, LF_LAND] <= floats[b, LF_LAND] + STEP
        and ints[a, LI_PEAK_MASS] <= ints[b, LI_PEAK_MASS]
        and ints[a, LI_PEAK_SLOTS] <= ints[b, LI_PEAK_SLOTS]
    )


@kernel
def trace_sortie(picks: Picks, listed: Listed, one: int, items: IntArray) -> int:
    """The ends that a listed sortie takes, by its stops in time; returns how many."""
    at, count = one, 0
    while at >= 0:
        y, bits = listed.ints[at, LI_SITE], picks.ints[listed.ints[at, LI_PICK], PI_ITEMS]
        for n in range(picks.items.shape[1]):
            if (bits >> n) & 1:
                items[count] = picks.items[y, n]
                count += 1
        at = listed.ints[at, LI_PARENT]
    return count
