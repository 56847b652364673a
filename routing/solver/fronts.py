"""Tails of sorties side by side: which of them are worth keeping. Compiled.

Owns the layout of tails and the comparison of two at one stop. What a tail is, says
``growing``, which grows them.

A tail is useless when another at the same stop costs no more, may be flown no earlier and leaves no
less energy and room; what stops or times that only the other has ruled out could still give counts
against it, and so does what cuts could charge it alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.family import Family
from routing.solver.instance import FloatArray, IntArray
from routing.solver.picks import EPS, Picks, charge_of, step_of
from routing.solver.sieve import (
    BLOCK,
    STEP_COST,
    STEP_ENERGY,
    Sieve,
    dearest,
    may_beat,
    may_fall,
    new_sieve,
    swap_keys,
)

TF_COST, TF_TIME, TF_ENERGY, TF_WORK, TF_READY, TF_SPAN, TF_LANDS = range(7)
TI_SITE, TI_PARENT, TI_PICK, TI_PEAK_MASS, TI_OUT_MASS, TI_PEAK_SLOTS, TI_OUT_SLOTS = range(7)
TI_GROUPS, TI_BLOCKED, TI_DEAD, TI_ODD = range(7, 11)
BITS = 62
SLICE_S = 60.0
PAYS = 1e-5
"""Reduced costs less far below zero than this are taken for zero."""


class Tails(NamedTuple):
    """Room for tails."""

    floats: FloatArray  # [X, 7] TF_LANDS: what it waits for lets it land no sooner
    ints: IntArray  # [X, 11] TI_ODD: cuts of which it has an odd number of orders, as bits
    visited: IntArray  # [X, words]
    next_due: IntArray  # [X] next tail of the same slice of time
    due: IntArray  # [slices]
    front: IntArray  # [S, F] tails at a site that no other makes useless
    sieve: Sieve  # of the tails of a front
    front_size: IntArray  # [S]
    near: IntArray  # [S, words] sites that a tail at a site still knows that it has been at
    stop: IntArray  # [1] not 0: time is up, give up (see ``stopping``)


def new_tails(num_sites: int, capacity: int, slices: int, width: int, stop: IntArray) -> Tails:
    """Empty room."""
    return Tails(
        floats=np.zeros((capacity, 7)),
        ints=np.zeros((capacity, 11), dtype=np.int64),
        visited=np.zeros((capacity, num_sites // BITS + 1), dtype=np.int64),
        next_due=np.zeros(capacity, dtype=np.int64),
        due=np.zeros(slices, dtype=np.int64),
        front=np.zeros((num_sites, width), dtype=np.int64),
        sieve=new_sieve(num_sites, width),
        front_size=np.zeros(num_sites, dtype=np.int64),
        near=np.full((num_sites, num_sites // BITS + 1), -1, dtype=np.int64),
        stop=stop,
    )


@kernel
def _lost(tails: Tails, picks: Picks, a: int, b: int, room: float) -> float:
    """What sites that only ``a`` has been at could still give ``b``; stops counting past room."""
    lost = 0.0
    for w in range(tails.visited.shape[1]):
        more = tails.visited[a, w] & ~tails.visited[b, w]
        while more != 0:
            low = more & -more
            bit = 0
            for step in (32, 16, 8, 4, 2, 1):
                if low >> (bit + step) != 0:
                    bit += step
            lost += picks.gain[w * BITS + bit]
            if lost > room:
                return lost
            more ^= low
    return lost


@kernel
def _is_better(family: Family, tails: Tails, picks: Picks, a: int, b: int, beam: int) -> bool:
    """Whether all that ``b`` can become, ``a`` can become at no higher cost."""
    floats, ints = tails.floats, tails.ints
    if (
        floats[a, TF_COST] > floats[b, TF_COST] + STEP_COST
        or floats[a, TF_ENERGY] > floats[b, TF_ENERGY] + STEP_ENERGY
    ):
        return False
    if beam > 0:
        return (
            ints[a, TI_PEAK_MASS] <= ints[b, TI_PEAK_MASS]
            and ints[a, TI_PEAK_SLOTS] <= ints[b, TI_PEAK_SLOTS]
            and floats[a, TF_TIME] >= floats[b, TF_TIME]
        )
    if (
        ints[a, TI_PEAK_MASS] > ints[b, TI_PEAK_MASS]
        or ints[a, TI_PEAK_SLOTS] > ints[b, TI_PEAK_SLOTS]
        or ints[a, TI_OUT_MASS] > ints[b, TI_OUT_MASS]
        or ints[a, TI_OUT_SLOTS] > ints[b, TI_OUT_SLOTS]
        or (family.span_max < np.inf and floats[a, TF_SPAN] > floats[b, TF_SPAN] + 1e-9)
        or ints[a, TI_BLOCKED] & ~ints[b, TI_BLOCKED] != 0
    ):
        return False
    # The heaviest load that b could still bring along.
    more = family.capacity - ints[b, TI_PEAK_MASS]
    if (
        floats[a, TF_ENERGY] + more * floats[a, TF_WORK]
        > floats[b, TF_ENERGY] + more * floats[b, TF_WORK] + 1e-12
    ):
        return False
    room = floats[b, TF_COST] - floats[a, TF_COST] + 1e-9
    if family.cost_energy > 0.0:
        room -= family.cost_energy * more * max(0.0, floats[a, TF_WORK] - floats[b, TF_WORK])
    # A cut may charge a for an order that it lets b have.
    room -= charge_of(picks, ints[a, TI_ODD] & ~ints[b, TI_ODD])
    if room < 0.0:
        return False
    room -= _lost_by_time(family, tails, picks, a, b)
    return room >= 0.0 and _lost(tails, picks, a, b, room) <= room


@inlined
def _lost_by_time(family: Family, tails: Tails, picks: Picks, a: int, b: int) -> float:
    """What ``b`` could still take and ``a`` could not, for their times; inf when it is all."""
    floats = tails.floats
    is_later = floats[a, TF_TIME] < floats[b, TF_TIME] - 1e-9
    is_bound = floats[a, TF_READY] > floats[b, TF_READY] + 1e-9
    lost, until = 0.0, floats[a, TF_LANDS]
    if floats[a, TF_SPAN] > floats[b, TF_SPAN] + 1e-9:
        # From where b could begin at the latest, a lands later.
        until = max(until, min(floats[a, TF_TIME], floats[b, TF_TIME]) + floats[a, TF_SPAN])
    before = np.inf
    if family.slowness < np.inf:
        # How long before its first stop, at most, b can have taken off.
        before = (family.usable - floats[b, TF_ENERGY]) * family.slowness
    if is_bound:
        latest = min(floats[a, TF_TIME], floats[a, TF_READY] + before)
        until = max(until, latest + floats[a, TF_SPAN])
    if until > floats[b, TF_LANDS] + 1e-9:
        lost = picks.land_gain[step_of(picks, until) + 1]
        lost -= picks.land_gain[step_of(picks, floats[b, TF_LANDS] - EPS)]
    if not is_later and not is_bound:
        return lost
    if family.slowness == np.inf:
        return np.inf
    if is_later:
        earliest = floats[a, TF_TIME] - before
        if earliest < floats[a, TF_READY]:
            return np.inf
        lost += picks.need_gain[step_of(picks, earliest)]
    if is_bound:
        if floats[b, TF_TIME] - before < floats[a, TF_READY]:
            return np.inf
        lost += picks.late_gain[step_of(picks, floats[a, TF_READY] + before)]
    return lost


@kernel
def is_useful(family: Family, tails: Tails, picks: Picks, new: int, site: int, beam: int) -> bool:
    """Whether no tail at the site makes the new one useless; drops those that it makes so."""
    cost, energy = tails.floats[new, TF_COST], tails.floats[new, TF_ENERGY]
    peak, out = float(tails.ints[new, TI_PEAK_MASS]), float(tails.ints[new, TI_OUT_MASS])
    sieve, front, size = tails.sieve, tails.front[site], tails.front_size[site]
    blocks, most_out = -(-size // BLOCK), np.inf if beam > 0 else out
    for b in range(blocks):
        rest, f = may_beat(sieve, site, b, cost, energy, peak, most_out), b * BLOCK
        while rest != 0 and f < size:
            if rest & 1 and _is_better(family, tails, picks, front[f], new, beam):
                _raise(tails, site, f)
                return False
            rest >>= 1
            f += 1
    least_out = -np.inf if beam > 0 else out
    # From the last on: what takes a place that is free was compared before.
    for back in range(blocks):
        b = blocks - 1 - back
        hits = may_fall(sieve, site, b, cost, energy, peak, least_out)
        if hits == 0:
            continue
        first, end = b * BLOCK, min(size, (b + 1) * BLOCK)
        for step in range(end - first):
            f = end - 1 - step
            if (hits >> (f - first)) & 1 and _is_better(family, tails, picks, new, front[f], beam):
                tails.ints[front[f], TI_DEAD] = 1
                size -= 1
                _swap(tails, site, size, f)
    tails.front_size[site] = size
    return beam == 0 or size < beam or _leaves_front(tails, site, cost)


@inlined
def _raise(tails: Tails, site: int, f: int) -> None:
    """Move a tail that made another useless up its front: it will do so again."""
    _swap(tails, site, f, f // 2)


@inlined
def _swap(tails: Tails, site: int, a: int, b: int) -> None:
    """Let two tails of a front change places."""
    front = tails.front[site]
    front[a], front[b] = front[b], front[a]
    swap_keys(tails.sieve, site, a, b)


@kernel
def _leaves_front(tails: Tails, site: int, cost: float) -> bool:
    """Whether the dearest tail at a full front costs more; if so it leaves."""
    size = tails.front_size[site]
    f = dearest(tails.sieve, site, size)
    if tails.floats[tails.front[site, f], TF_COST] <= cost:
        return False
    tails.ints[tails.front[site, f], TI_DEAD] = 1
    _swap(tails, site, size - 1, f)
    tails.front_size[site] = size - 1
    return True
