"""Picks: the sets of orders that are worth taking at one stop of a sortie. Compiled.

Owns the table that pricing chooses from, rebuilt for each choice of orders that may be taken.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.family import Family
from routing.solver.instance import BoolArray, FloatArray, IntArray

EPS = 1e-6
MOST_ENDS = 62
"""Ends that may be taken at one site; they are the bits of a word."""
PF_PROFIT, PF_NEED, PF_LATE, PF_READY, PF_LAND = range(5)
PI_IN_MASS, PI_OUT_MASS, PI_IN_SLOTS, PI_OUT_SLOTS, PI_ITEMS, PI_GROUPS, PI_BLOCKED = range(7)
PI_ODD = 7
MOST_CUTS = 62
"""Cuts that are counted in one table; they are the bits of a word."""
STEPS = 2_048
"""Parts of the day in which what may still be gained is looked up."""


class Picks(NamedTuple):
    """CSR by site; the last row is the end base, with a pick of nothing at its first place.

    PF_NEED and PF_LATE bound the handover, PF_READY the take-off from below and PF_LAND the
    landing from above. A *cut* charges a sortie for every second order of a few; PF_PROFIT is less
    what a pick is charged alone, and PI_ODD has a bit for each cut that it has an odd one of.
    """

    ptr: IntArray  # [S + 2]
    floats: FloatArray  # [X, 5]
    ints: IntArray  # [X, 8]; PI_ITEMS has a bit for each open end of the site
    items: IntArray  # [S + 1, 62] the open ends of a site
    gain: FloatArray  # [S + 1] the most that can be gained at the site
    best: FloatArray  # [S + 1] the profit of its best pick
    day: FloatArray  # [2] where the day begins, and steps in a second
    need_gain: FloatArray  # [STEPS] of open ends that cannot be had before a step begins
    late_gain: FloatArray  # [STEPS] of open ends that cannot be had when a step is over
    land_gain: FloatArray  # [STEPS + 1] of open ends that must be landed before a step begins
    stops: IntArray  # [S] sites with a pick; the first ``num_stops[0]`` count
    num_stops: IntArray  # [1]
    cuts: IntArray  # [N] a bit for each cut that an order is in
    charge: FloatArray  # [62] what each cut charges


def new_picks(num_sites: int, capacity: int, num_orders: int) -> Picks:
    """Empty room."""
    return Picks(
        ptr=np.zeros(num_sites + 2, dtype=np.int64),
        floats=np.zeros((capacity, 5)),
        ints=np.zeros((capacity, 8), dtype=np.int64),
        items=np.zeros((num_sites + 1, MOST_ENDS), dtype=np.int64),
        gain=np.zeros(num_sites + 1),
        best=np.zeros(num_sites + 1),
        day=np.zeros(2),
        need_gain=np.zeros(STEPS),
        late_gain=np.zeros(STEPS),
        land_gain=np.zeros(STEPS + 1),
        stops=np.zeros(num_sites, dtype=np.int64),
        num_stops=np.zeros(1, dtype=np.int64),
        cuts=np.zeros(num_orders, dtype=np.int64),
        charge=np.zeros(MOST_CUTS),
    )


@inlined
def charge_of(picks: Picks, cuts: int) -> float:
    """What some cuts, the bits of a word, charge together."""
    charge, rest, bit = 0.0, cuts, 0
    while rest != 0:
        if rest & 0xFF == 0:
            rest >>= 8
            bit += 8
            continue
        if rest & 1:
            charge += picks.charge[bit]
        rest >>= 1
        bit += 1
    return charge


@kernel
def open_ends(
    family: Family,
    profit: FloatArray,
    land: float,
    first: float,
    critical: int,
    is_open: BoolArray,
) -> None:
    """The ends that may be taken by a sortie that lands by ``land``, and not for those before.

    Left out are those whose limit is below ``first``, the limit of ``critical``; of equal limits
    the first is the critical one.
    """
    last = family.ptr.shape[0] - 2
    for y in range(last + 1):
        here, away = land, 0.0
        if y < last:
            here -= family.travel[y, family.end] + family.handover[y]
            away = family.travel[family.start, y]
        for item in range(family.ptr[y], family.ptr[y + 1]):
            is_open[item] = (
                profit[family.order[item]] > EPS
                and family.early[item] <= here + EPS
                and max(family.ready[item], family.begin) + away
                <= min(here, family.late[item]) + EPS
                and (family.land[item] > first or (family.land[item] == first and item >= critical))
            )


@kernel
def fill_picks(
    family: Family,
    picks: Picks,
    profit: FloatArray,
    is_open: BoolArray,
    ready: float,
    land: float,
    has_direct: bool,
    is_thinned: bool,
) -> bool:
    """All picks of open ends; returns False when there was not room.

    Args:
        ready, land: no sortie takes off before and none lands later, whatever it takes.
        is_thinned: picks that another one makes useless are left out.
    """
    last = family.ptr.shape[0] - 2
    count, stops = 0, 0
    for y in range(last + 1):
        picks.ptr[y] = count
        picks.gain[y] = 0.0
        if count >= picks.ints.shape[0]:
            return False
        first = count
        picks.floats[first, PF_PROFIT] = 0.0
        picks.floats[first, PF_NEED] = -np.inf
        picks.floats[first, PF_LATE] = np.inf
        picks.floats[first, PF_READY] = ready
        picks.floats[first, PF_LAND] = land
        picks.ints[first, :] = 0
        count += 1
        num = 0
        for item in range(family.ptr[y], family.ptr[y + 1]):
            if not is_open[item] or (y == last and not has_direct):
                continue
            if num == MOST_ENDS:
                return False
            picks.items[y, num] = item
            picks.gain[y] += profit[family.order[item]]
            count = _widen(
                family, picks, first, count, item, num, profit[family.order[item]], is_thinned
            )
            num += 1
            if count < 0:
                return False
        if y < last:
            # At a stop something is taken.
            count -= 1
            picks.ints[first] = picks.ints[count]
            picks.floats[first] = picks.floats[count]
            if count > first:
                picks.stops[stops] = y
                picks.best[y] = picks.floats[first:count, PF_PROFIT].max()
                stops += 1
    picks.ptr[last + 1] = count
    picks.num_stops[0] = stops
    _gain_by_time(family, picks, profit, is_open, ready)
    return True


@inlined
def step_of(picks: Picks, moment: float) -> int:
    """The step of the day that a moment is in, the first or the last when it is outside."""
    return int(max(0.0, min(STEPS - 1.0, (moment - picks.day[0]) * picks.day[1])))


@kernel
def _gain_by_time(
    family: Family, picks: Picks, profit: FloatArray, is_open: BoolArray, ready: float
) -> None:
    """What is lost when a sortie passes too early, or too late, for open ends; never too little."""
    need, late, land = picks.need_gain, picks.late_gain, picks.land_gain
    need[:], late[:], land[:] = 0.0, 0.0, 0.0
    picks.day[0] = family.begin
    picks.day[1] = STEPS / max(family.finish - family.begin, 1.0)
    for item in range(is_open.shape[0]):
        if is_open[item]:
            gain = profit[family.order[item]]
            need[step_of(picks, max(family.early[item], family.ready[item], ready))] += gain
            late[step_of(picks, min(family.late[item], family.land[item]))] += gain
            if family.land[item] < np.inf:
                land[step_of(picks, family.land[item]) + 1] += gain
    for step in range(STEPS - 1):
        need[STEPS - 2 - step] += need[STEPS - 1 - step]
        late[step + 1] += late[step]
        land[step + 1] += land[step]
    land[STEPS] += land[STEPS - 1]


@kernel
def _widen(
    family: Family,
    picks: Picks,
    first: int,
    count: int,
    item: int,
    bit: int,
    profit: float,
    is_thinned: bool,
) -> int:
    """Every pick so far also with one end more; those that another one makes useless may go."""
    floats, ints = picks.floats, picks.ints
    cuts = picks.cuts[family.order[item]]
    for old in range(first, count):
        if count >= ints.shape[0]:
            return -1
        if ints[old, PI_BLOCKED] & family.group[item]:
            continue
        floats[count] = floats[old]
        ints[count] = ints[old]
        floats[count, PF_PROFIT] += profit - charge_of(picks, ints[old, PI_ODD] & cuts)
        ints[count, PI_ODD] ^= cuts
        floats[count, PF_NEED] = max(floats[old, PF_NEED], family.early[item])
        floats[count, PF_LATE] = min(floats[old, PF_LATE], family.late[item])
        floats[count, PF_READY] = max(floats[old, PF_READY], family.ready[item])
        floats[count, PF_LAND] = min(floats[old, PF_LAND], family.land[item])
        mass, slots = (
            (PI_OUT_MASS, PI_OUT_SLOTS) if family.is_out[item] else (PI_IN_MASS, PI_IN_SLOTS)
        )
        ints[count, mass] += family.mass[item]
        ints[count, slots] += family.num_slots[item]
        ints[count, PI_ITEMS] |= np.int64(1) << bit
        ints[count, PI_GROUPS] |= family.group[item]
        ints[count, PI_BLOCKED] |= family.blocked[item]
        if (
            floats[count, PF_NEED] <= floats[count, PF_LATE] + EPS
            and ints[count, mass] <= family.capacity
            and ints[count, slots] <= family.slots
        ):
            count += 1
    return _thin(picks, first + 1, count) if is_thinned else count


@kernel
def _thin(picks: Picks, first: int, count: int) -> int:
    """Leave out picks that another one makes useless; returns the new end."""
    kept = first
    for new in range(first, count):
        is_kept = True
        for other in range(first, kept):
            if is_pick_better(picks, other, new):
                is_kept = False
                break
        for other in range(new + 1, count):
            if is_kept and is_pick_better(picks, other, new):
                is_kept = False
        if is_kept:
            picks.floats[kept] = picks.floats[new]
            picks.ints[kept] = picks.ints[new]
            kept += 1
    return kept


@kernel
def is_pick_better(picks: Picks, a: int, b: int) -> bool:
    """Whether pick ``a`` gains no less than ``b`` and asks for no more of anything."""
    floats, ints = picks.floats, picks.ints
    charge = charge_of(picks, ints[a, PI_ODD] & ~ints[b, PI_ODD])
    return (
        floats[a, PF_PROFIT] - charge >= floats[b, PF_PROFIT]
        and floats[a, PF_NEED] <= floats[b, PF_NEED]
        and floats[a, PF_LATE] >= floats[b, PF_LATE]
        and floats[a, PF_READY] <= floats[b, PF_READY]
        and floats[a, PF_LAND] >= floats[b, PF_LAND]
        and ints[a, PI_IN_MASS] <= ints[b, PI_IN_MASS]
        and ints[a, PI_OUT_MASS] <= ints[b, PI_OUT_MASS]
        and ints[a, PI_IN_SLOTS] <= ints[b, PI_IN_SLOTS]
        and ints[a, PI_OUT_SLOTS] <= ints[b, PI_OUT_SLOTS]
        and ints[a, PI_BLOCKED] & ~ints[b, PI_BLOCKED] == 0
    )
