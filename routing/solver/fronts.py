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

TF_COST, TF_TIME, TF_ENERGY, TF_WORK, TF_READY, TF_SPAN, TF_LANDS = range(7)
TI_SITE, TI_PARENT, TI_PICK, TI_PEAK_MASS, TI_OUT_MASS, TI_PEAK_SLOTS, TI_OUT_SLOTS = range(7)
TI_GROUPS, TI_BLOCKED, TI_DEAD, TI_ODD = range(7, 11)
KEY_COST, KEY_ENERGY, KEY_PEAK, KEY_OUT = range(4)
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
    keys: FloatArray  # [S, F, 4] their cost, energy, peak mass and outward mass
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
        keys=np.zeros((num_sites, width, 4)),
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
    peak, out = tails.ints[new, TI_PEAK_MASS], tails.ints[new, TI_OUT_MASS]
    most_out = np.inf if beam > 0 else float(out)
    keys, size = tails.keys[site], tails.front_size[site]
    for f in range(size):
        if (
            keys[f, KEY_COST] <= cost + 1e-9
            and keys[f, KEY_ENERGY] <= energy + 1e-12
            and keys[f, KEY_PEAK] <= peak
            and keys[f, KEY_OUT] <= most_out
            and _is_better(family, tails, picks, tails.front[site, f], new, beam)
        ):
            _raise(tails, site, f)
            return False
    least_out = -np.inf if beam > 0 else float(out)
    f = 0
    while f < size:
        if (
            keys[f, KEY_COST] >= cost - 1e-9
            and keys[f, KEY_ENERGY] >= energy - 1e-12
            and keys[f, KEY_PEAK] >= peak
            and keys[f, KEY_OUT] >= least_out
            and _is_better(family, tails, picks, new, tails.front[site, f], beam)
        ):
            tails.ints[tails.front[site, f], TI_DEAD] = 1
            size -= 1
            _move(tails, site, size, f)
        else:
            f += 1
    tails.front_size[site] = size
    return beam == 0 or size < beam or _leaves_front(tails, site, cost)


@inlined
def _raise(tails: Tails, site: int, f: int) -> None:
    """Move a tail that made another useless up its front: it will do so again."""
    to = f // 2
    tails.front[site, f], tails.front[site, to] = tails.front[site, to], tails.front[site, f]
    for k in range(tails.keys.shape[2]):
        tails.keys[site, f, k], tails.keys[site, to, k] = (
            tails.keys[site, to, k],
            tails.keys[site, f, k],
        )


@inlined
def _move(tails: Tails, site: int, a: int, b: int) -> None:
    """Put a tail of a front at another's place."""
    tails.front[site, b] = tails.front[site, a]
    tails.keys[site, b] = tails.keys[site, a]


@kernel
def _leaves_front(tails: Tails, site: int, cost: float) -> bool:
    """Whether the dearest tail at a full front costs more; if so it leaves."""
    size = tails.front_size[site]
    f = int(np.argmax(tails.keys[site, :size, KEY_COST]))
    if tails.keys[site, f, KEY_COST] <= cost:
        return False
    tails.ints[tails.front[site, f], TI_DEAD] = 1
    _move(tails, site, size - 1, f)
    tails.front_size[site] = size - 1
    return True
