"""Puts given sorties into an empty plan: a warm start, or what the exact part has chosen.

Owns the way from sorties to a state. What cannot be placed (a pad, a pack or a pilot is missing
that the giver did not count) is left out; its orders are inserted like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from routing.solver.chain import place_sortie, ready_before, refresh_chain
from routing.solver.changes import link, open_row
from routing.solver.compiling import kernel
from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.payload import is_loadable
from routing.solver.resources import Resources
from routing.solver.scratch import DIRECT, INWARD, OUTWARD, Scratch
from routing.solver.search import Worker, finish_plan, new_worker
from routing.solver.solution import Solution
from routing.solver.state import (
    F_DEPART,
    F_FLIGHT,
    F_LAND,
    F_LATE,
    I_FIXED,
    I_ORDERS,
    I_TASKS,
    Journal,
    State,
    assign,
    free_row,
    settle,
    touch,
    undo,
)


@dataclass(frozen=True, slots=True)
class Flown:
    """Times of a sortie that stays as it is: take-off, landing, start of each task's handover,
    seconds in the air, weighted lateness.
    """

    depart: float
    land: float
    handover: tuple[float, ...]
    flight: float
    late: float


@dataclass(frozen=True, slots=True)
class Draft:
    """A sortie to load: bases, stops' tasks, orders with their modes and delivery tasks.

    ``not_before`` is the earliest take-off it may be given; with ``flown`` it has its times
    already, and the search leaves it alone.
    """

    start: int
    end: int
    tasks: tuple[int, ...]
    orders: tuple[int, ...]
    modes: tuple[int, ...]
    drops: tuple[int, ...]
    not_before: float = -np.inf
    flown: Flown | None = None


def drafts_of(solution: Solution) -> dict[int, list[Draft]]:
    """The sorties of a solution by drone, in order of time."""
    drafts: dict[int, list[Draft]] = {}
    for trip in solution.trips:
        drafts.setdefault(trip.drone, []).append(
            Draft(trip.start, trip.end, trip.tasks, trip.orders, trip.modes, trip.drops)
        )
    return drafts


def draft_of_ends(
    inst: Instance,
    start: int,
    end: int,
    orders: Iterable[int],
    is_out: Iterable[bool],
    sites: Iterable[int],
) -> Draft:
    """A sortie given by what is done at each stop in turn, as it is flown.

    Args:
        orders, is_out, sites: of each handover; the site of an order from base to base is -1.

    An order that has no delivery at its site, or is there a second time, is left out.
    """
    tasks: list[int] = []
    carried, modes, drops = [], [], []
    for i, outward, site in zip(orders, is_out, sites, strict=True):
        goal = site if outward and site >= 0 else end
        drop = next(
            (
                t
                for t in range(int(inst.drop_ptr[i]), int(inst.drop_ptr[i + 1]))
                if int(inst.task_site[t]) == goal
            ),
            -1,
        )
        if drop < 0 or i in carried:
            continue
        carried.append(i)
        drops.append(drop)
        modes.append((DIRECT if site < 0 else OUTWARD) if outward else INWARD)
        if site >= 0:
            tasks.append(drop if outward else int(inst.pickup[i]))
    return Draft(start, end, tuple(tasks), tuple(carried), tuple(modes), tuple(drops))


def without(inst: Instance, draft: Draft, orders: AbstractSet[int]) -> Draft:
    """What is left of a sortie when some orders are not carried."""
    keep = [n for n, i in enumerate(draft.orders) if i not in orders]
    if len(keep) == len(draft.orders):
        return draft
    return Draft(
        draft.start,
        draft.end,
        tuple(t for t in draft.tasks if int(inst.task_order[t]) not in orders),
        tuple(draft.orders[n] for n in keep),
        tuple(draft.modes[n] for n in keep),
        tuple(draft.drops[n] for n in keep),
    )


def load_worker(inst: Instance, drafts: Mapping[int, Sequence[Draft]], seed: int) -> Worker:
    """A worker whose plan flies the drafts, each drone's in the given order.

    A sortie that does not fit is skipped; so are a drone's last ones that would not bring it home.
    """
    worker = new_worker(inst, seed)
    for drone, sorties in sorted(drafts.items()):
        _load_drone(worker, drone, sorties)
    finish_plan(worker)
    return worker


def _load_drone(worker: Worker, drone: int, sorties: Sequence[Draft]) -> None:
    """Fly a drone's sorties one after another; those that do not fit are skipped."""
    views, inst = worker.views, worker.inst
    home = place = int(inst.drone_home[drone])
    filled = worker.journal.filled
    filled[0] = 0
    at_home, away = 0, home
    for draft in sorties:
        before = int(filled[0])
        if draft.start != place:
            continue
        if load_sortie(worker, drone, draft):
            place = draft.end
            if place == home or draft.flown is not None:
                at_home, away = int(filled[0]), place
        else:
            undo(views.inst, views.state, views.journal, views.res, before)
            refresh_chain(views.inst, views.state, drone)
    if place != home and inst.must_return_home:
        undo(views.inst, views.state, views.journal, views.res, at_home)
        if away != home:
            # What was flown has left it elsewhere, and that stands: it comes home empty.
            load_sortie(worker, drone, Draft(away, home, (), (), (), ()))
    refresh_chain(views.inst, views.state, drone)


def load_sortie(worker: Worker, drone: int, draft: Draft) -> bool:
    """Fly a draft at the end of a drone's chain; the journal has the change, also a failed one."""
    views = worker.views
    flown = draft.flown
    if flown is not None:
        return bool(
            append_flown(
                views.inst,
                views.state,
                views.journal,
                views.res,
                drone,
                draft.start,
                draft.end,
                _whole(draft.tasks),
                len(draft.tasks),
                _whole(draft.orders),
                len(draft.orders),
                _whole(draft.modes),
                _whole(draft.drops),
                np.array([flown.depart, flown.land, flown.flight, flown.late]),
                np.array(flown.handover or (0.0,)),
            )
        )
    return bool(
        append_sortie(
            views.inst,
            views.scratch,
            views.state,
            views.journal,
            views.res,
            drone,
            draft.start,
            draft.end,
            _whole(draft.tasks),
            len(draft.tasks),
            _whole(draft.orders),
            len(draft.orders),
            _whole(draft.modes),
            _whole(draft.drops),
            draft.not_before,
        )
    )


def _whole(values: Sequence[int]) -> IntArray:
    return np.array(values or (0,), dtype=np.int64)


@kernel
def _fill_row(
    inst: Instance,
    state: State,
    journal: Journal,
    res: Resources,
    d: int,
    start: int,
    end: int,
    tasks: IntArray,
    n: int,
    orders: IntArray,
    m: int,
    modes: IntArray,
    drops: IntArray,
) -> int:
    """A new row with a sortie that has no times yet; -1 when there is no room or none to carry."""
    s = free_row(state)
    if s < 0 or state.chain_len[d] + 1 >= state.chain.shape[1]:
        return -1
    for o in range(m):
        if state.sortie_of[orders[o]] >= 0:
            return -1
    touch(inst, state, journal, res, s)
    open_row(state, s, d, inst.drone_type[d], start, end)
    for o in range(m):
        assign(inst, state, journal, orders[o], s)
        state.mode[orders[o]] = modes[o]
        state.drop[orders[o]] = drops[o]
        state.orders[s, o] = orders[o]
    for p in range(n):
        state.tasks[s, p] = tasks[p]
    state.ints[s, I_ORDERS] = m
    state.ints[s, I_TASKS] = n
    return s


@kernel
def append_flown(
    inst: Instance,
    state: State,
    journal: Journal,
    res: Resources,
    d: int,
    start: int,
    end: int,
    tasks: IntArray,
    n: int,
    orders: IntArray,
    m: int,
    modes: IntArray,
    drops: IntArray,
    times: FloatArray,
    handover: FloatArray,
) -> bool:
    """Put a sortie at the end of a drone's chain as it was flown; nothing is asked of it.

    ``times`` are take-off, landing, seconds in the air and weighted lateness.
    """
    s = _fill_row(inst, state, journal, res, d, start, end, tasks, n, orders, m, modes, drops)
    if s < 0:
        return False
    state.ints[s, I_FIXED] = 1
    state.floats[s, F_DEPART] = times[0]
    state.floats[s, F_LAND] = times[1]
    state.floats[s, F_FLIGHT] = times[2]
    state.floats[s, F_LATE] = times[3]
    state.handover[s, :n] = handover[:n]
    settle(inst, state, res, s)
    link(state, journal, d, state.chain_len[d], s)
    return True


@kernel
def append_sortie(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    d: int,
    start: int,
    end: int,
    tasks: IntArray,
    n: int,
    orders: IntArray,
    m: int,
    modes: IntArray,
    drops: IntArray,
    earliest: float,
) -> bool:
    """Fly one more sortie at the end of a drone's chain, as early as it can."""
    s = _fill_row(inst, state, journal, res, d, start, end, tasks, n, orders, m, modes, drops)
    if s < 0:
        return False
    # A draft may come from where bands and groups are not looked at (``family``).
    k = inst.drone_type[d]
    if not is_loadable(inst, scratch, k, state.tasks[s], n, state.orders[s], m, state.mode):
        return False
    place = state.chain_len[d]
    not_before = max(earliest, ready_before(inst, state, d, place))
    if not place_sortie(inst, scratch, state, journal, res, s, not_before, inst.drone_end[d]):
        return False
    link(state, journal, d, place, s)
    return True
