"""Grows sorties of low reduced cost from one base to another, end by end of orders. Compiled.

Owns the growing of columns for the cover. Judging partial sorties by cost, time, energy and load
alone loses some that would be best, so what it finds is good and proves nothing (the proof is
``bound``'s). It leaves out the diversion reserve, bands, segregation and ride limits: what the
cover chooses is judged exactly when it is loaded.

A partial sortie has just taken one end of an order at a stop. Ends at one stop are taken in order
of their earliest time. Partial sorties grow in order of time, slice by slice.
"""

from __future__ import annotations

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.ends import (
    BITS,
    LB_COST,
    LB_ENERGY,
    LB_LAND,
    LB_LEAVE,
    LB_SPAN,
    LB_TIME,
    LB_WORK,
    LI_DEAD,
    LI_IN_MASS,
    LI_IN_SLOTS,
    LI_ITEM,
    LI_PARENT,
    LI_PEAK_MASS,
    LI_PEAK_SLOTS,
    LI_SITE,
    SLICE_S,
    Ends,
    Partials,
)
from routing.solver.instance import FloatArray, Instance, IntArray

EPS = 1e-6
PAYS = 1e-3
"""Reduced costs less far below zero than this are taken for zero."""
BEAM = 12
"""At a site, in a slice of time, no more than this many of the cheapest grow on."""
BACK_SLICES, AHEAD_SLICES = 20, 4
"""How many slices of time a partial sortie is compared back and ahead."""


@inlined
def _slice_of(grown: Partials, time: float) -> int:
    return max(0, min(grown.due.shape[0] - 1, int(time / SLICE_S)))


@inlined
def _is_better(grown: Partials, a: int, b: int) -> bool:
    """Whether ``a`` costs no more, is no later, and used no more energy and room than ``b``."""
    return (
        grown.floats[a, LB_COST] <= grown.floats[b, LB_COST] + 1e-9
        and grown.floats[a, LB_TIME] <= grown.floats[b, LB_TIME]
        and grown.floats[a, LB_ENERGY] <= grown.floats[b, LB_ENERGY] + 1e-12
        and grown.ints[a, LI_PEAK_MASS] <= grown.ints[b, LI_PEAK_MASS]
        and grown.ints[a, LI_PEAK_SLOTS] <= grown.ints[b, LI_PEAK_SLOTS]
    )


@kernel
def _is_useful(grown: Partials, new: int, site: int) -> bool:
    """Whether none at the site is better than the new one; drops those that it is better than."""
    now, held, worst = _slice_of(grown, grown.floats[new, LB_TIME]), 0, new
    for s in range(now, max(-1, now - BACK_SLICES), -1):
        at = grown.here[site, s]
        while at >= 0:
            if _is_better(grown, at, new):
                return False
            if s == now:
                held += 1
                if grown.floats[at, LB_COST] > grown.floats[worst, LB_COST]:
                    worst = at
            at = grown.next_here[at]
    if held >= BEAM and worst == new:
        return False
    for s in range(now, min(grown.due.shape[0], now + AHEAD_SLICES)):
        before, at = -1, grown.here[site, s]
        while at >= 0:
            if _is_better(grown, new, at) or (held >= BEAM and at == worst):
                grown.ints[at, LI_DEAD] = 1
                if before < 0:
                    grown.here[site, s] = grown.next_here[at]
                else:
                    grown.next_here[before] = grown.next_here[at]
            else:
                before = at
            at = grown.next_here[at]
    return True


@kernel
def grow_sorties(
    inst: Instance,
    ends: Ends,
    grown: Partials,
    start: int,
    end: int,
    profit: FloatArray,
    fixed: float,
    begin: float,
    finish: float,
) -> int:
    """Sorties of negative reduced cost of one drone type between two bases, into ``grown.ends``.

    Args:
        profit: dual of each order; fixed: reduced cost of an empty sortie less its flight.
        begin, finish: earliest take-off and latest landing of the type.

    Returns:
        How many; when room ran out, those found until then.
    """
    grown.here[:] = -1
    grown.due[:] = -1
    grown.floats[0, :] = 0.0
    grown.floats[0, LB_COST] = fixed
    grown.floats[0, LB_TIME] = begin
    grown.floats[0, LB_LAND] = finish
    grown.floats[0, LB_LEAVE] = np.inf
    grown.ints[0, :] = 0
    grown.ints[0, LI_SITE] = start
    grown.ints[0, LI_PARENT] = -1
    grown.ints[0, LI_ITEM] = -1
    grown.visited[0, :] = 0
    count, found = 1, 0
    for s in range(-1, grown.due.shape[0]):
        at = 0 if s < 0 else grown.due[s]
        while at >= 0 and count >= 0:
            if grown.ints[at, LI_DEAD] == 0:
                count = _grow(inst, ends, grown, end, at, profit, count)
                if count >= 0:
                    count, found = _land(inst, ends, grown, start, end, at, profit, count, found)
            at = -1 if s < 0 else grown.next_due[at]
    return found


@kernel
def _grow(
    inst: Instance, ends: Ends, grown: Partials, end: int, at: int, profit: FloatArray, count: int
) -> int:
    """Take one end more, here or one stop further; -1 when there is no room."""
    x = grown.ints[at, LI_SITE]
    if at > 0:
        for item in range(grown.ints[at, LI_ITEM] + 1, ends.ptr[x + 1]):
            if profit[ends.order[item]] > EPS and count >= 0:
                count = _take(inst, ends, grown, end, at, x, item, profit, count)
    here = grown.floats[at, LB_TIME] + (inst.handover[x] if at > 0 else 0.0)
    for y in ends.stops if at == 0 else ends.near[x]:
        if y < 0:
            break
        if y == x or (grown.visited[at, y // BITS] >> (y % BITS)) & 1:
            continue
        reach = here + ends.travel[x, y] + inst.handover[y] + ends.travel[y, end]
        if reach > grown.floats[at, LB_LAND] + EPS:
            continue
        for item in range(ends.ptr[y], ends.ptr[y + 1]):
            if profit[ends.order[item]] > EPS and count >= 0:
                count = _take(inst, ends, grown, end, at, y, item, profit, count)
    return count


@kernel
def _take(
    inst: Instance,
    ends: Ends,
    grown: Partials,
    end: int,
    at: int,
    y: int,
    item: int,
    profit: FloatArray,
    count: int,
) -> int:
    """Take one end of an order at ``y``, unless that cannot be or something better is there."""
    if count >= grown.ints.shape[0]:
        return -1
    i, x = ends.order[item], grown.ints[at, LI_SITE]
    arrive, span = grown.floats[at, LB_TIME], grown.floats[at, LB_SPAN]
    energy, work = grown.floats[at, LB_ENERGY], grown.floats[at, LB_WORK]
    cost = grown.floats[at, LB_COST] - profit[i]
    if y != x or at == 0:
        hop = ends.travel[x, y] + (inst.handover[x] if at > 0 else 0.0)
        arrive += hop
        span += hop
        leg = ends.energy[x, y] + ends.per_mass[x, y] * grown.ints[at, LI_IN_MASS]
        energy += leg
        work += ends.per_mass[x, y]
        cost += inst.cost_flight * ends.travel[x, y] + inst.cost_energy * leg
    in_mass, in_slots = grown.ints[at, LI_IN_MASS], grown.ints[at, LI_IN_SLOTS]
    peak_mass, peak_slots = grown.ints[at, LI_PEAK_MASS], grown.ints[at, LI_PEAK_SLOTS]
    time = max(arrive, ends.early[item])
    land, leave = grown.floats[at, LB_LAND], grown.floats[at, LB_LEAVE]
    if ends.is_out[item]:
        if ends.ready[item] > leave + EPS:
            return count
        time = max(time, ends.ready[item] + span)
        peak_mass += inst.mass[i]
        peak_slots += inst.order_slots[i]
        energy += inst.mass[i] * work
        cost += inst.cost_energy * inst.mass[i] * work
    else:
        land = min(land, ends.land[item])
        in_mass += inst.mass[i]
        in_slots += inst.order_slots[i]
        peak_mass, peak_slots = max(peak_mass, in_mass), max(peak_slots, in_slots)
    home = inst.handover[y] + ends.travel[y, end]
    back = ends.energy[y, end] + ends.per_mass[y, end] * in_mass
    if (
        time > ends.late[item] + EPS
        or peak_mass > ends.capacity
        or peak_slots > ends.slots
        or time + home > land + EPS
        or span + home > inst.sortie_max + EPS
        or energy + back > ends.usable + 1e-9
    ):
        return count
    grown.floats[count, LB_COST] = cost
    grown.floats[count, LB_TIME] = time
    grown.floats[count, LB_SPAN] = span
    grown.floats[count, LB_ENERGY] = energy
    grown.floats[count, LB_WORK] = work
    grown.floats[count, LB_LAND] = land
    grown.floats[count, LB_LEAVE] = min(leave, ends.late[item] - span)
    grown.ints[count, LI_SITE] = y
    grown.ints[count, LI_PARENT] = at
    grown.ints[count, LI_ITEM] = item
    grown.ints[count, LI_IN_MASS] = in_mass
    grown.ints[count, LI_PEAK_MASS] = peak_mass
    grown.ints[count, LI_IN_SLOTS] = in_slots
    grown.ints[count, LI_PEAK_SLOTS] = peak_slots
    grown.ints[count, LI_DEAD] = 0
    if not _is_useful(grown, count, y):
        return count
    grown.visited[count] = grown.visited[at]
    grown.visited[count, y // BITS] |= np.int64(1) << (y % BITS)
    _enter(grown, count, y)
    return count + 1


@inlined
def _enter(grown: Partials, new: int, site: int) -> None:
    """Put a partial sortie where others are compared with it, and in line to be grown."""
    s = _slice_of(grown, grown.floats[new, LB_TIME])
    grown.next_here[new] = grown.here[site, s]
    grown.here[site, s] = new
    grown.next_due[new] = -1
    if grown.due[s] < 0:
        grown.due[s] = new
    else:
        grown.next_due[grown.due_last[s]] = new
    grown.due_last[s] = new


@kernel
def _land(
    inst: Instance,
    ends: Ends,
    grown: Partials,
    start: int,
    end: int,
    at: int,
    profit: FloatArray,
    count: int,
    found: int,
) -> tuple[int, int]:
    """Fly home, with each order from base to base that still pays; keeps a sortie that pays."""
    x = grown.ints[at, LI_SITE]
    hop = ends.travel[x, end]
    last = ends.ptr.shape[0] - 2
    most = ends.ptr[last + 1] - ends.ptr[last]
    if (at == 0 and start == end) or hop == np.inf or count + most + 1 > grown.ints.shape[0]:
        return count, found
    service = inst.handover[x] if at > 0 else 0.0
    leg = ends.energy[x, end] + ends.per_mass[x, end] * grown.ints[at, LI_IN_MASS]
    energy = grown.floats[at, LB_ENERGY] + leg
    time = grown.floats[at, LB_TIME] + service + hop
    if energy > ends.usable + 1e-9 or time > grown.floats[at, LB_LAND] + EPS:
        return count, found
    one = count
    grown.floats[one] = grown.floats[at]
    grown.ints[one] = grown.ints[at]
    grown.floats[one, LB_COST] += inst.cost_flight * hop + inst.cost_energy * leg
    grown.floats[one, LB_TIME] = time
    grown.floats[one, LB_SPAN] += service + hop
    grown.floats[one, LB_ENERGY] = energy
    grown.floats[one, LB_WORK] += ends.per_mass[x, end]
    grown.ints[one, LI_PARENT] = at
    grown.ints[one, LI_ITEM] = -1
    for item in range(ends.ptr[last], ends.ptr[last + 1]):
        if profit[ends.order[item]] > EPS and _add_direct(inst, ends, grown, one, item, profit):
            one += 1
    if grown.floats[one, LB_COST] >= -PAYS:
        return count, found
    if found < grown.ends.shape[0]:
        grown.ends[found] = one
        return one + 1, found + 1
    worst = 0
    for n in range(found):
        if grown.floats[grown.ends[n], LB_COST] > grown.floats[grown.ends[worst], LB_COST]:
            worst = n
    if grown.floats[one, LB_COST] >= grown.floats[grown.ends[worst], LB_COST]:
        return count, found
    grown.ends[worst] = one
    return one + 1, found


@inlined
def _add_direct(
    inst: Instance, ends: Ends, grown: Partials, at: int, item: int, profit: FloatArray
) -> bool:
    """One more order from base to base on a landed sortie, as the entry after it."""
    i = ends.order[item]
    time = max(
        grown.floats[at, LB_TIME], ends.early[item], ends.ready[item] + grown.floats[at, LB_SPAN]
    )
    energy = grown.floats[at, LB_ENERGY] + inst.mass[i] * grown.floats[at, LB_WORK]
    if (
        ends.ready[item] > grown.floats[at, LB_LEAVE] + EPS
        or time > min(ends.late[item], grown.floats[at, LB_LAND]) + EPS
        or grown.ints[at, LI_PEAK_MASS] + inst.mass[i] > ends.capacity
        or grown.ints[at, LI_PEAK_SLOTS] + inst.order_slots[i] > ends.slots
        or energy > ends.usable + 1e-9
    ):
        return False
    grown.floats[at + 1] = grown.floats[at]
    grown.ints[at + 1] = grown.ints[at]
    grown.floats[at + 1, LB_COST] -= profit[i]
    grown.floats[at + 1, LB_TIME] = time
    grown.floats[at + 1, LB_ENERGY] = energy
    grown.floats[at + 1, LB_LEAVE] = min(
        grown.floats[at, LB_LEAVE], ends.late[item] - grown.floats[at, LB_SPAN]
    )
    grown.ints[at + 1, LI_PEAK_MASS] += inst.mass[i]
    grown.ints[at + 1, LI_PEAK_SLOTS] += inst.order_slots[i]
    grown.ints[at + 1, LI_PARENT] = at
    grown.ints[at + 1, LI_ITEM] = item
    return True


@kernel
def trace(grown: Partials, one: int, items: IntArray) -> int:
    """The ends that a sortie takes, last first, into ``items``; returns their number."""
    count, at = 0, one
    while at > 0:
        if grown.ints[at, LI_ITEM] >= 0:
            items[count] = grown.ints[at, LI_ITEM]
            count += 1
        at = grown.ints[at, LI_PARENT]
    return count
