"""The large-neighbourhood search over whole plans: ruin, recreate, accept or take back.

Owns the main loop and its settings. Deterministic for a seed and a number of iterations.
Reference: Christiaens & Vanden Berghe 2020 (see ``ruin``), with simulated annealing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from routing.solver.bundle import bundle
from routing.solver.chain import refresh_chain
from routing.solver.compiling import kernel
from routing.solver.insertion import insert_order
from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.memory import Search, draw, new_search
from routing.solver.resources import Resources
from routing.solver.ruin import ruin, sort_absent
from routing.solver.scratch import Scratch, new_scratch
from routing.solver.shortcut import shorten_chain
from routing.solver.state import (
    I_ORDERS,
    I_TASKS,
    Journal,
    State,
    copy_state,
    new_journal,
    new_state,
    resources_for,
    undo,
    value_of,
)
from routing.solver.tails import exchange_tails

JOURNAL_ROWS = 4096
LONGEST_SORTIE = 256
EXCHANGES = 0.3
"""Chance of an exchange between two drones before an iteration."""


class Views(NamedTuple):
    """The worker's tuples as compiled code takes them (see ``bundle.bundle``)."""

    inst: Instance
    scratch: Scratch
    state: State
    best: State
    journal: Journal
    res: Resources
    search: Search


@dataclass(slots=True)
class Worker:
    """One thread of the search: its plan, the best plan it has seen, and its memory."""

    inst: Instance
    state: State
    best: State
    journal: Journal
    res: Resources
    search: Search
    scratch: Scratch
    views: Views
    absent: IntArray
    distance: IntArray
    marks: FloatArray
    iterations: int = 0

    @property
    def best_value(self) -> float:
        """Objective of the best plan as one number."""
        return float(self.marks[1])

    @property
    def value(self) -> float:
        """Objective of the plan under search as one number."""
        return float(self.marks[0])


def new_worker(inst: Instance, seed: int) -> Worker:
    """A worker with an empty plan."""
    num_orders, num_drones = inst.num_orders, inst.num_drones
    length = min(2 * num_orders + 2, LONGEST_SORTIE)
    num_sorties = int(num_orders * 1.3) + num_drones + 16
    chain_length = min(num_sorties, max(64, 4 * num_sorties // max(1, num_drones))) + 4
    state = new_state(inst, length, num_sorties, chain_length)
    hub = int(np.argmax(np.bincount(inst.drone_home, minlength=inst.is_base.shape[0])))
    reach = inst.quickest[:, hub, :].min(axis=0)
    sites = inst.task_site
    ends = np.maximum(reach[sites[inst.pickup]], reach[sites[inst.drop_ptr[:-1]]])
    distance = np.where(np.isfinite(ends), ends * 1000, 1e9).astype(np.int64)
    best = new_state(inst, length, num_sorties, chain_length)
    journal = new_journal(state, min(JOURNAL_ROWS, 40_000_000 // (length * 48)))
    res = resources_for(inst, state)
    search = new_search(num_sorties, num_drones, seed)
    scratch = new_scratch(inst, length)
    views = Views(
        inst=bundle(inst),
        scratch=bundle(scratch),
        state=bundle(state),
        best=bundle(best),
        journal=bundle(journal),
        res=bundle(res),
        search=bundle(search),
    )
    worker = Worker(
        inst=inst,
        state=state,
        best=best,
        journal=journal,
        res=res,
        search=search,
        scratch=scratch,
        views=views,
        absent=np.arange(2 * num_orders, dtype=np.int64),
        distance=distance,
        marks=np.zeros(2),
    )
    worker.marks[:] = value_of(views.inst, views.state)
    return worker


@kernel
def construct(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    search: Search,
    absent: IntArray,
    count: int,
    distance: IntArray,
) -> int:
    """Insert every absent order once; returns how many are still absent."""
    sort_absent(inst, search, absent, count, distance)
    left = 0
    for a in range(count):
        i = absent[a]
        journal.filled[0] = 0
        if not insert_order(inst, scratch, state, journal, res, search, i):
            absent[left] = i
            left += 1
    search.dirty[:] = 0
    journal.filled[0] = 0
    return left


@kernel
def run_iterations(
    inst: Instance,
    scratch: Scratch,
    state: State,
    best: State,
    journal: Journal,
    res: Resources,
    search: Search,
    absent: IntArray,
    distance: IntArray,
    marks: FloatArray,
    iterations: int,
    warm: float,
    cool: float,
    size: float,
) -> int:
    """Run iterations at temperatures falling from ``warm`` to ``cool``; returns improvements.

    ``marks`` holds the value of the current and of the best plan.
    """
    improvements = 0
    for n in range(iterations):
        heat = warm * (cool / warm) ** (n / iterations)
        journal.filled[0] = 0
        search.dirty[:] = 0
        if draw(search) < EXCHANGES and exchange_tails(inst, state, search):
            marks[0] = value_of(inst, state)
        count = 0
        for i in range(inst.pickup.shape[0]):
            if state.sortie_of[i] < 0:
                absent[count] = i
                count += 1
        count = ruin(inst, scratch, state, journal, res, search, size, absent, count)
        sort_absent(inst, search, absent, count, distance)
        for a in range(count):
            insert_order(inst, scratch, state, journal, res, search, absent[a])
        for d in range(inst.drone_type.shape[0]):
            if search.dirty[d] == 1:
                shorten_chain(inst, scratch, state, journal, res, d)
        value = value_of(inst, state)
        if value < marks[0] - heat * np.log(max(draw(search), 1e-300)):
            marks[0] = value
            if value < marks[1] - 1e-6:
                marks[1] = value
                improvements += 1
                _copy(state, best)
        else:
            undo(inst, state, journal, res, 0)
            for d in range(inst.drone_type.shape[0]):
                if search.dirty[d] == 1:
                    refresh_chain(inst, state, d)
    return improvements


@kernel
def _copy(source: State, target: State) -> None:
    """Copy a plan, of its rows only what is in use."""
    target.used[:] = source.used
    for s in range(source.used.shape[0]):
        if source.used[s]:
            n, m = source.ints[s, I_TASKS], source.ints[s, I_ORDERS]
            target.ints[s] = source.ints[s]
            target.floats[s] = source.floats[s]
            target.tasks[s, :n] = source.tasks[s, :n]
            target.orders[s, :m] = source.orders[s, :m]
            target.handover[s, :n] = source.handover[s, :n]
            target.soonest[s, :n] = source.soonest[s, :n]
            target.latest[s, :n] = source.latest[s, :n]
            target.load[s, : n + 1] = source.load[s, : n + 1]
            target.haul[s, : n + 1] = source.haul[s, : n + 1]
    target.chain_len[:] = source.chain_len
    for d in range(source.chain_len.shape[0]):
        target.chain[d, : source.chain_len[d]] = source.chain[d, : source.chain_len[d]]
    target.sortie_of[:] = source.sortie_of
    target.mode[:] = source.mode
    target.drop[:] = source.drop
    target.counts[:] = source.counts
    target.totals[:] = source.totals


def finish_plan(worker: Worker) -> None:
    """Insert every order left out, where it can be; what comes of it is the best plan so far."""
    absent = np.flatnonzero(worker.state.sortie_of < 0)
    worker.absent[: absent.shape[0]] = absent
    kept = float(worker.search.blink[0])
    worker.search.blink[0] = 0.0
    views = worker.views
    construct(
        views.inst,
        views.scratch,
        views.state,
        views.journal,
        views.res,
        views.search,
        worker.absent,
        int(absent.shape[0]),
        worker.distance,
    )
    worker.search.blink[0] = kept
    worker.marks[:] = value_of(views.inst, views.state)
    copy_state(worker.state, worker.best)


def follow(worker: Worker, leader: Worker) -> None:
    """Take over the plan of another worker on the same day, and the best that it has seen."""
    copy_state(leader.state, worker.state)
    copy_state(leader.best, worker.best)
    for read, write in zip(leader.res, worker.res, strict=True):
        np.copyto(write, read)
    worker.marks[:] = leader.marks


def advance(worker: Worker, iterations: int, warm: float, cool: float, size: float = 10.0) -> int:
    """Run iterations; returns the number of improvements of the best plan."""
    worker.iterations += iterations
    views = worker.views
    return int(
        run_iterations(
            views.inst,
            views.scratch,
            views.state,
            views.best,
            views.journal,
            views.res,
            views.search,
            worker.absent,
            worker.distance,
            worker.marks,
            iterations,
            warm,
            cool,
            size,
        )
    )
