"""Reads and drives a plan under search, for tests of what changes it.

Owns a comparable picture of a state with its resources, random changes to it, and the totals
counted from scratch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.legs import build_legs
from routing.solver.bundle import Bundle
from routing.solver.chain import refresh_chain
from routing.solver.day import Day, build_day
from routing.solver.insertion import insert_order
from routing.solver.resources import Resources, add_footprint
from routing.solver.ruin import ruin
from routing.solver.search import Worker, new_worker
from routing.solver.state import (
    C_DRONES,
    C_SORTIES,
    F_DEPART,
    F_LAND,
    I_END,
    I_ORDERS,
    I_START,
    I_TASKS,
    I_TYPE,
    State,
    resources_for,
    undo,
)
from tests.networks import RandomDay


def day_of(random_day: RandomDay) -> Day:
    return build_day(random_day.network, random_day.orders, build_legs(random_day.network))


def worker_of(day: Day, seed: int = 1) -> Worker:
    """A worker with an empty plan that passes over no place."""
    worker = new_worker(day.instance, seed)
    worker.search.blink[0] = 0.0
    return worker


def insert(worker: Worker, i: int) -> bool:
    """Insert an unserved order; False when there is no place or it is served."""
    if worker.state.sortie_of[i] >= 0:
        return False
    views = worker.views
    return bool(
        insert_order(
            views.inst, views.scratch, views.state, views.journal, views.res, views.search, i
        )
    )


def tear_down(worker: Worker, size: float = 6.0) -> int:
    """Ruin a part of the plan; returns how many orders it took out."""
    views = worker.views
    before = int((worker.state.sortie_of < 0).sum())
    return int(
        ruin(
            views.inst, views.scratch, views.state, views.journal, views.res, views.search, size,
            worker.absent, before,
        )
    ) - before  # fmt: skip


def take_back(worker: Worker, mark: int) -> None:
    """Undo to a mark, as the search does."""
    views = worker.views
    undo(views.inst, views.state, views.journal, views.res, mark)
    for d in np.flatnonzero(worker.search.dirty):
        refresh_chain(views.inst, views.state, int(d))


def picture(worker: Worker) -> dict[str, object]:
    """Everything of a plan that matters, comparable with ``==`` (totals apart: they round)."""
    state = worker.state
    rows = {}
    for s in np.flatnonzero(state.used):
        n, m = int(state.ints[s, I_TASKS]), int(state.ints[s, I_ORDERS])
        rows[int(s)] = (
            state.ints[s].tolist(),
            state.floats[s].tolist(),
            state.tasks[s, :n].tolist(),
            state.orders[s, :m].tolist(),
            state.handover[s, :n].tolist(),
            state.soonest[s, :n].tolist(),
            state.latest[s, :n].tolist(),
        )
    chains = [state.chain[d, : state.chain_len[d]].tolist() for d in range(len(state.chain_len))]
    return {
        "rows": rows,
        "chains": chains,
        "sortie_of": state.sortie_of.tolist(),
        "mode": state.mode.tolist(),
        "drop": state.drop.tolist(),
        "counts": (int(state.counts[C_SORTIES]), int(state.counts[C_DRONES])),
        "resources": held(worker.res),
    }


def held(res: Resources) -> dict[str, object]:
    """What is held, as multisets by place."""
    pads = {}
    for site, count in enumerate(res.pad_count):
        span = slice(res.pad_ptr[site], res.pad_ptr[site] + count)
        pads[site] = sorted(
            zip(res.pad_start[span], res.pad_end[span], res.pad_owner[span], strict=True)
        )
    moves = {}
    for site, row in enumerate(res.base_row):
        if row >= 0:
            come, leave = res.come_count[site], res.leave_count[site]
            moves[site] = (
                _events(res.come_time[row], res.come_type[row], res.come_owner[row], come),
                _events(res.leave_time[row], res.leave_type[row], res.leave_owner[row], leave),
            )
    return {
        "pads": pads,
        "moves": moves,
        "air": _events(res.air_time, res.air_step, res.air_owner, res.air_count[0]),
    }


def _events(times, kinds, owners, count):  # type: ignore[no-untyped-def]
    events = list(zip(times[:count], kinds[:count], owners[:count], strict=True))
    assert [event[0] for event in events] == sorted(event[0] for event in events)
    return sorted(events)


def held_from_scratch(worker: Worker) -> dict[str, object]:
    """What the plan's sorties hold, written anew on empty resources."""
    state, inst = worker.state, worker.views.inst
    res = resources_for(worker.inst, state)
    for s in np.flatnonzero(state.used):
        ints, floats = state.ints[s], state.floats[s]
        add_footprint(
            inst, Bundle(res), int(s), int(ints[I_TYPE]), int(ints[I_START]), int(ints[I_END]),
            state.tasks[s], int(ints[I_TASKS]), state.handover[s], floats[F_DEPART], floats[F_LAND],
        )  # fmt: skip
    return held(res)


def copied(state: State) -> State:
    """A copy of a plan's arrays."""
    return State(*(array.copy() for array in state))


def lands_once(sites: Sequence[int]) -> bool:
    """Whether a sequence of tasks' sites has one landing at each: equal ones are neighbours."""
    landings = [site for at, site in enumerate(sites) if at == 0 or sites[at - 1] != site]
    return len(landings) == len(set(landings))
