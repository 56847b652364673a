"""Grows tails of sorties of low reduced cost back from the landing. Compiled.

A *tail* is the rest of a sortie from a stop to its landing; a *head*, the sortie up to a stop, is a
tail of the family seen backwards. A tail's time is the latest at which the rest can still be done
at the stop; the load of what goes out in it is known, and so is what a pickup costs to carry home.

Which tails are kept says ``fronts``. Tails that have used more than their share of the energy (of
the load, where energy is no matter) do not grow: they are joined with heads (``joins``) at once,
if one may make them pay (``reach``), and forgotten. Nothing is compared with them.
"""

from __future__ import annotations

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.family import Family
from routing.solver.fronts import (
    BITS,
    SLICE_S,
    TF_COST,
    TF_ENERGY,
    TF_LANDS,
    TF_READY,
    TF_SPAN,
    TF_TIME,
    TF_WORK,
    TI_BLOCKED,
    TI_DEAD,
    TI_GROUPS,
    TI_ODD,
    TI_OUT_MASS,
    TI_OUT_SLOTS,
    TI_PARENT,
    TI_PEAK_MASS,
    TI_PEAK_SLOTS,
    TI_PICK,
    TI_SITE,
    Tails,
    is_useful,
)
from routing.solver.instance import IntArray
from routing.solver.joins import Found, join_tail
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
from routing.solver.sieve import put_key

TAIL_SHARE = 0.64
"""Tails grow until they have used so much; heads have the rest."""


@kernel
def grow_tails(
    family: Family,
    picks: Picks,
    tails: Tails,
    time: float,
    ready: float,
    fixed: float,
    has_halves: bool,
    is_head: bool,
    beam: int,
    heads: Tails,
    reach: Reach,
    found: Found,
) -> int:
    """All useful tails, or heads, that have used up to their share.

    Tails one stop past it are joined with ``heads`` at once, into ``found``; heads past it are not
    wanted.

    Args:
        has_halves: else all grow on.
        beam: 0 for all that are useful; else so many of the cheapest at a site, compared by cost,
            energy, time and load alone.
        time: latest landing; ready: earliest take-off.
        fixed: reduced cost of an empty sortie less its flight.

    Returns:
        How many, or -1 when room or time ran out.
    """
    tails.front_size[:] = 0
    tails.due[:] = -1
    count = _land(family, picks, tails, time, ready, fixed)
    if count < 0:
        return -1
    for s in range(tails.due.shape[0]):
        at = tails.due[s]
        while at >= 0:
            if tails.stop[0] != 0:
                return -1
            if tails.ints[at, TI_DEAD] == 0:
                for n in range(picks.num_stops[0]):
                    y = picks.stops[n]
                    if (tails.visited[at, y // BITS] >> (y % BITS)) & 1 == 0:
                        count = _extend(
                            family, picks, tails, at, y, time, has_halves, is_head, beam, count,
                            heads, reach, found,
                        )  # fmt: skip
                        if count < 0:
                            return -1
            at = tails.next_due[at]
    return count


@kernel
def _land(
    family: Family,
    picks: Picks,
    tails: Tails,
    time: float,
    ready: float,
    fixed: float,
) -> int:
    """The tails that have no stop: one for each set of orders from base to base."""
    home, count = family.ptr.shape[0] - 2, 0
    for pick in range(picks.ptr[home], picks.ptr[home + 1]):
        if count >= tails.ints.shape[0]:
            return -1
        tails.floats[count, TF_COST] = fixed - picks.floats[pick, PF_PROFIT]
        tails.floats[count, TF_TIME] = min(time, picks.floats[pick, PF_LAND])
        tails.floats[count, TF_ENERGY] = 0.0
        tails.floats[count, TF_WORK] = 0.0
        tails.floats[count, TF_READY] = max(ready, picks.floats[pick, PF_READY])
        tails.floats[count, TF_SPAN] = 0.0
        tails.floats[count, TF_LANDS] = -np.inf
        tails.ints[count, TI_SITE] = home
        tails.ints[count, TI_PARENT] = -1
        tails.ints[count, TI_PICK] = pick
        tails.ints[count, TI_PEAK_MASS] = picks.ints[pick, PI_OUT_MASS]
        tails.ints[count, TI_OUT_MASS] = picks.ints[pick, PI_OUT_MASS]
        tails.ints[count, TI_PEAK_SLOTS] = picks.ints[pick, PI_OUT_SLOTS]
        tails.ints[count, TI_OUT_SLOTS] = picks.ints[pick, PI_OUT_SLOTS]
        tails.ints[count, TI_GROUPS] = picks.ints[pick, PI_GROUPS]
        tails.ints[count, TI_BLOCKED] = picks.ints[pick, PI_BLOCKED]
        tails.ints[count, TI_DEAD] = 0
        tails.ints[count, TI_ODD] = picks.ints[pick, PI_ODD]
        tails.visited[count, :] = 0
        tails.next_due[count] = tails.due[0]
        tails.due[0] = count
        count += 1
    return count


@inlined
def _is_past(family: Family, energy: float, out_mass: int, peak_mass: int, is_head: bool) -> bool:
    """Whether a tail (a head) has used more than its share.

    Of what goes out in a head nothing is on board of the tail it is joined with.
    """
    load = out_mass if is_head else peak_mass
    share = 1.0 - TAIL_SHARE if is_head else TAIL_SHARE
    if family.has_energy:
        return energy > share * family.usable
    return load > share * family.capacity


@kernel
def _extend(
    family: Family,
    picks: Picks,
    tails: Tails,
    at: int,
    y: int,
    land: float,
    has_halves: bool,
    is_head: bool,
    beam: int,
    count: int,
    heads: Tails,
    reach: Reach,
    found: Found,
) -> int:
    """The tails that begin one stop earlier, at ``y``; -1 when there is no room."""
    floats, ints, start = tails.floats, tails.ints, family.start
    x = ints[at, TI_SITE]
    to = family.end if x == family.ptr.shape[0] - 2 else x
    hop, away = family.travel[y, to], family.travel[start, y]
    time = floats[at, TF_TIME] - hop - family.handover[y]
    span = floats[at, TF_SPAN] + hop + family.handover[y]
    if time - away < floats[at, TF_READY] - EPS or span + away > family.span_max + EPS:
        return count
    work, out = floats[at, TF_WORK] + family.per_mass[y, to], family.energy[start, y]
    leg = family.energy[y, to] + family.per_mass[y, to] * ints[at, TI_OUT_MASS]
    least = floats[at, TF_ENERGY] + leg
    if least + out > family.usable + 1e-9:
        return count
    base = floats[at, TF_COST] + family.cost_flight * hop + family.cost_energy * leg
    out_mass, peak_mass = ints[at, TI_OUT_MASS], ints[at, TI_PEAK_MASS]
    # Where all that can be taken at the stop makes it past its share, the best may be too little.
    if has_halves and _is_past(family, least, out_mass, peak_mass, is_head):
        low = base - picks.best[y]
        if is_head or low + least_head(family, reach, y, least, peak_mass, time) >= found.limit[0]:
            return count
    for pick in range(picks.ptr[y], picks.ptr[y + 1]):
        if ints[at, TI_GROUPS] & picks.ints[pick, PI_BLOCKED]:
            continue
        when = min(time, picks.floats[pick, PF_LATE], picks.floats[pick, PF_LAND] - span)
        ready = max(floats[at, TF_READY], picks.floats[pick, PF_READY])
        if (
            when < picks.floats[pick, PF_NEED] - EPS
            or when - away < ready - EPS
            or picks.floats[pick, PF_LAND] < floats[at, TF_LANDS] - EPS
        ):
            continue
        in_mass = picks.ints[pick, PI_IN_MASS]
        out_mass = ints[at, TI_OUT_MASS] + picks.ints[pick, PI_OUT_MASS]
        out_slots = ints[at, TI_OUT_SLOTS] + picks.ints[pick, PI_OUT_SLOTS]
        peak_mass = max(ints[at, TI_PEAK_MASS] + in_mass, out_mass)
        peak_slots = max(ints[at, TI_PEAK_SLOTS] + picks.ints[pick, PI_IN_SLOTS], out_slots)
        if peak_mass > family.capacity or peak_slots > family.slots:
            continue
        energy = least + in_mass * work
        if energy + out + family.per_mass[start, y] * out_mass > family.usable + 1e-9:
            continue
        is_past = has_halves and _is_past(family, energy, out_mass, peak_mass, is_head)
        cost = base - picks.floats[pick, PF_PROFIT] + family.cost_energy * (in_mass * work)
        cost += charge_of(picks, ints[at, TI_ODD] & picks.ints[pick, PI_ODD])
        if is_past and (
            is_head
            or cost + least_head(family, reach, y, energy, peak_mass, when) >= found.limit[0]
        ):
            continue
        if count >= ints.shape[0] or tails.front_size[y] >= tails.front.shape[1]:
            return -1
        floats[count, TF_COST], floats[count, TF_TIME] = cost, when
        floats[count, TF_ENERGY], floats[count, TF_WORK] = energy, work
        floats[count, TF_READY], floats[count, TF_SPAN] = ready, span
        floats[count, TF_LANDS] = max(floats[at, TF_LANDS], picks.floats[pick, PF_NEED] + span)
        ints[count, TI_PEAK_MASS], ints[count, TI_OUT_MASS] = peak_mass, out_mass
        ints[count, TI_PEAK_SLOTS], ints[count, TI_OUT_SLOTS] = peak_slots, out_slots
        _lengthen(picks, tails, at, y, pick, count)
        if is_past:
            count += join_tail(family, picks, tails, heads, count, y, reach, found)
        elif is_useful(family, tails, picks, count, y, beam):
            _enter(tails, count, y, land)
            count += 1
    return count


@inlined
def _lengthen(picks: Picks, tails: Tails, at: int, y: int, pick: int, new: int) -> None:
    """What a tail has from the one that it grew from and from its pick."""
    ints = tails.ints
    ints[new, TI_SITE] = y
    ints[new, TI_PARENT] = at
    ints[new, TI_PICK] = pick
    ints[new, TI_GROUPS] = ints[at, TI_GROUPS] | picks.ints[pick, PI_GROUPS]
    ints[new, TI_BLOCKED] = ints[at, TI_BLOCKED] | picks.ints[pick, PI_BLOCKED]
    ints[new, TI_ODD] = ints[at, TI_ODD] ^ picks.ints[pick, PI_ODD]
    ints[new, TI_DEAD] = 0
    for w in range(tails.visited.shape[1]):
        tails.visited[new, w] = tails.visited[at, w] & tails.near[y, w]
    tails.visited[new, y // BITS] |= np.int64(1) << (y % BITS)


@inlined
def _enter(tails: Tails, new: int, y: int, land: float) -> None:
    """Put a tail where others are compared with it, and in line to grow."""
    f = tails.front_size[y]
    tails.front[y, f] = new
    put_key(
        tails.sieve, y, f, tails.floats[new, TF_COST], tails.floats[new, TF_ENERGY],
        tails.ints[new, TI_PEAK_MASS], tails.ints[new, TI_OUT_MASS],
    )  # fmt: skip
    tails.front_size[y] = f + 1
    s = max(0, min(tails.due.shape[0] - 1, int((land - tails.floats[new, TF_TIME]) / SLICE_S)))
    tails.next_due[new] = tails.due[s]
    tails.due[s] = new


@kernel
def trace_tail(picks: Picks, tails: Tails, one: int, items: IntArray, count: int) -> int:
    """The ends that a tail takes, by its stops in time, put behind ``count`` others."""
    at = one
    while at >= 0:
        y, bits = tails.ints[at, TI_SITE], picks.ints[tails.ints[at, TI_PICK], PI_ITEMS]
        for n in range(picks.items.shape[1]):
            if (bits >> n) & 1:
                items[count] = picks.items[y, n]
                count += 1
        at = tails.ints[at, TI_PARENT]
    return count


@kernel
def find_takeoff(family: Family, items: IntArray, sites: IntArray) -> float:
    """Earliest take-off after which a sortie of some ends, by their sites, waits for nothing."""
    earliest, span, last = family.begin, 0.0, family.start
    for n in range(items.shape[0]):
        site = sites[n]
        if site >= 0 and site != last:
            before = family.handover[last] if last != family.start else 0.0
            span += before + family.travel[last, site]
            last = site
        earliest = max(earliest, family.ready[items[n]], family.early[items[n]] - span)
    return earliest
