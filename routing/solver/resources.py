"""What sorties share: pads, packs with chargers, and pilots. Compiled.

Owns the occupancy over the day; whether it stays within what a base has says ``enough``. Does not
know drones' chains or orders.

Drones, packs and pads have no names here: counts over time decide, names are given at the end
(``routing.solver.naming``), which is always possible because occupancies are intervals.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.flight import fly
from routing.solver.instance import UNLIMITED, FloatArray, Instance, IntArray


class Resources(NamedTuple):
    """Occupancy over the day; ``Z`` sorties."""

    pad_ptr: IntArray  # [S + 1] room of each site in the pad arrays
    pad_count: IntArray  # [S]
    pad_longest: FloatArray  # [S] no hold there was ever longer
    pad_start: FloatArray  # at each site in order of time
    pad_end: FloatArray
    pad_owner: IntArray
    come_count: IntArray  # [S] landings at each base, in order of time
    come_time: FloatArray  # [B, Z]
    come_type: IntArray  # [B, Z]
    come_owner: IntArray  # [B, Z]
    leave_count: IntArray  # [S] take-offs at each base, in order of time
    leave_time: FloatArray  # [B, Z]
    leave_type: IntArray  # [B, Z]
    leave_owner: IntArray  # [B, Z]
    base_row: IntArray  # [S] row of a base in the arrays above, -1 elsewhere
    air_count: IntArray  # [1] sorties under way
    air_time: FloatArray  # [2 Z] in order of time
    air_step: IntArray  # [2 Z] +1 or -1
    air_owner: IntArray  # [2 Z]
    ready: FloatArray  # [Z] work: when packs are charged
    charger: FloatArray  # [chargers] work: when each charger is free


def new_resources(inst: Instance, num_sorties: int) -> Resources:
    """Nothing in use."""
    bases = np.flatnonzero(inst.is_base)
    row = np.full(inst.is_base.shape[0], -1, dtype=np.int64)
    row[bases] = np.arange(bases.shape[0])
    per_site = np.bincount(inst.task_site, minlength=row.shape[0])
    room = np.where(inst.is_base, 2 * num_sorties + 2, per_site + 2)
    if not inst.has_pads:
        room = np.ones_like(room)
    pad_ptr = np.concatenate(([0], np.cumsum(room))).astype(np.int64)
    events = num_sorties if inst.has_packs else 1
    air = 2 * num_sorties if inst.has_pilots else 2
    shape = (max(1, bases.shape[0]), events)
    limited = inst.chargers[inst.chargers < UNLIMITED]
    return Resources(
        pad_ptr=pad_ptr,
        pad_count=np.zeros(row.shape[0], dtype=np.int64),
        pad_longest=np.zeros(row.shape[0]),
        pad_start=np.zeros(pad_ptr[-1]),
        pad_end=np.zeros(pad_ptr[-1]),
        pad_owner=np.zeros(pad_ptr[-1], dtype=np.int64),
        come_count=np.zeros(row.shape[0], dtype=np.int64),
        come_time=np.zeros(shape),
        come_type=np.zeros(shape, dtype=np.int64),
        come_owner=np.zeros(shape, dtype=np.int64),
        leave_count=np.zeros(row.shape[0], dtype=np.int64),
        leave_time=np.zeros(shape),
        leave_type=np.zeros(shape, dtype=np.int64),
        leave_owner=np.zeros(shape, dtype=np.int64),
        base_row=row,
        air_count=np.zeros(1, dtype=np.int64),
        air_time=np.zeros(air),
        air_step=np.zeros(air, dtype=np.int64),
        air_owner=np.zeros(air, dtype=np.int64),
        ready=np.zeros(max(1, events)),
        charger=np.zeros(int(limited.max(initial=1)) + 1),
    )


@inlined
def _make_room(events: FloatArray | IntArray, at: int, count: int) -> None:
    """Move all from a place on to the next one; there is room for it."""
    # One array a loop: so it becomes one move of a block of memory.
    for n in range(count, at, -1):
        events[n] = events[n - 1]


@inlined
def _close_up(events: FloatArray | IntArray, at: int, count: int) -> None:
    """Move all behind a place to the one before."""
    for n in range(at, count - 1):
        events[n] = events[n + 1]


@inlined
def _place_after(times: FloatArray, first: int, count: int, t: float) -> int:
    """The first place whose time is later than ``t``, in order of time."""
    low, high = first, count
    while low < high:
        middle = (low + high) // 2
        if times[middle] > t:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def _insert(
    time: FloatArray, kind: IntArray, owner: IntArray, count: int, t: float, k: int, s: int
) -> None:
    """Insert an event in order of time, and of kind at one moment.

    Packs of one type that land together are alike; of two types the lower one is charged first,
    here and where names are given.
    """
    at = _place_after(time, 0, count, t)
    while at > 0 and time[at - 1] == t and kind[at - 1] > k:
        at -= 1
    _make_room(time, at, count)
    _make_room(kind, at, count)
    _make_room(owner, at, count)
    time[at] = t
    kind[at] = k
    owner[at] = s


@kernel
def _remove(
    time: FloatArray, other: FloatArray | IntArray, owner: IntArray, count: int, s: int
) -> int:
    """Remove every event of a sortie, keeping the order; returns the new count."""
    left, at = count, 0
    while at < left:
        if owner[at] == s:
            _close_up(time, at, left)
            _close_up(other, at, left)
            _close_up(owner, at, left)
            left -= 1
        else:
            at += 1
    return left


@kernel
def _hold_pad(res: Resources, site: int, start: float, end: float, s: int) -> None:
    first = res.pad_ptr[site]
    last = first + res.pad_count[site]
    if last < res.pad_ptr[site + 1]:
        at = _place_after(res.pad_start, first, last, start)
        _make_room(res.pad_start, at, last)
        _make_room(res.pad_end, at, last)
        _make_room(res.pad_owner, at, last)
        res.pad_start[at] = start
        res.pad_end[at] = end
        res.pad_owner[at] = s
        res.pad_count[site] += 1
        res.pad_longest[site] = max(res.pad_longest[site], end - start)


@kernel
def _free_pads(res: Resources, site: int, s: int) -> None:
    first = res.pad_ptr[site]
    last = first + res.pad_count[site]
    res.pad_count[site] = _remove(
        res.pad_start[first:last],
        res.pad_end[first:last],
        res.pad_owner[first:last],
        res.pad_count[site],
        s,
    )


@kernel
def add_footprint(
    inst: Instance,
    res: Resources,
    s: int,
    k: int,
    start: int,
    end: int,
    tasks: IntArray,
    n: int,
    handover: FloatArray,
    depart: float,
    land: float,
) -> None:
    """Enter what a sortie holds: pads, a pack out and a pack in, a pilot's attention."""
    if inst.has_pads:
        _hold_pad(res, start, depart - inst.pad_prepare, depart + inst.headway, s)
        time, site, p = depart, start, 0
        while p < n:
            here = inst.task_site[tasks[p]]
            arrive = time + fly(inst, k, site, here, time)
            time = handover[p] + inst.handover[here]
            site = here
            _hold_pad(res, here, arrive, time + inst.headway, s)
            while p < n and inst.task_site[tasks[p]] == here:
                p += 1
        _hold_pad(res, end, land, land + max(inst.pad_clear, inst.headway), s)
    if inst.has_packs:
        b = res.base_row[start]
        _insert(
            res.leave_time[b],
            res.leave_type[b],
            res.leave_owner[b],
            res.leave_count[start],
            depart,
            k,
            s,
        )
        res.leave_count[start] += 1
        b = res.base_row[end]
        _insert(
            res.come_time[b], res.come_type[b], res.come_owner[b], res.come_count[end], land, k, s
        )
        res.come_count[end] += 1
    if inst.has_pilots:
        _insert(res.air_time, res.air_step, res.air_owner, res.air_count[0], depart, 1, s)
        _insert(res.air_time, res.air_step, res.air_owner, res.air_count[0] + 1, land, -1, s)
        res.air_count[0] += 2


@kernel
def drop_footprint(
    inst: Instance, res: Resources, s: int, start: int, end: int, tasks: IntArray, n: int
) -> None:
    """Take back what ``add_footprint`` entered."""
    if inst.has_pads:
        _free_pads(res, start, s)
        for p in range(n):
            _free_pads(res, inst.task_site[tasks[p]], s)
        if end != start:
            _free_pads(res, end, s)
    if inst.has_packs:
        b = res.base_row[start]
        res.leave_count[start] = _remove(
            res.leave_time[b], res.leave_type[b], res.leave_owner[b], res.leave_count[start], s
        )
        b = res.base_row[end]
        res.come_count[end] = _remove(
            res.come_time[b], res.come_type[b], res.come_owner[b], res.come_count[end], s
        )
    if inst.has_pilots:
        res.air_count[0] = _remove(res.air_time, res.air_step, res.air_owner, res.air_count[0], s)
