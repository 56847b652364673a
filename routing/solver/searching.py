"""The search in turns: threads advance chunk by chunk until a share of the limits is used up.

Owns the temperature over a run, where threads meet, and when a newcomer takes a thread's place.
What a thread does in a chunk is ``search``'s; what runs beside it, the ``engine``'s.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import partial

from routing.solver.loading import Draft, load_worker
from routing.solver.running import Run
from routing.solver.search import Worker, advance, follow

CHUNK_S = 0.1
WARM, COOL = 1.0, 0.003
"""Temperatures at the start and the end, as shares of the mean cost of an order."""
WARM_ORDERS, MANY_COOL = 500, 0.01
"""A day of more orders starts colder in proportion, as there is less time for each; one of many
orders does not get as cold: below, next to nothing is gained any more."""
MANY_ORDERS = 300
SETTLE_SHARE, SETTLE_AN_ORDER, SETTLE_ITERATIONS = 0.3, 16, 50
"""A chosen plan is searched alone for this share of the choice's time, and so many iterations for
each order; the clock is asked each time that some are done."""
COLDEST = 1e-9
"""Past this share of the limit a search is coldest."""
WORTH = 1.02
"""A chosen plan that costs more than this many times the best is not searched on."""


def meet(run: Run) -> None:
    """Let all threads go on from the best of their plans."""
    leader = min(run.workers, key=lambda worker: worker.value)
    for worker in run.workers:
        if worker is not leader:
            follow(worker, leader)


def search_alone(run: Run, drafts: Mapping[int, Sequence[Draft]], seconds: float | None) -> None:
    """Search a little from a choice that counts no drones; what is worth it goes to the threads."""
    assert run.best is not None
    worker = load_worker(run.inst, drafts, 1 + run.iterations % 1_000)
    cold = _temperature_scale(worker) * COOL
    until = None if seconds is None else time.perf_counter() + SETTLE_SHARE * seconds
    for _ in range(0, SETTLE_AN_ORDER * run.inst.num_orders, SETTLE_ITERATIONS):
        if until is not None and time.perf_counter() > until:
            break
        advance(worker, SETTLE_ITERATIONS, cold, cold)
    # Noted while no other thread searches on from it.
    run.note([worker])
    if worker.best_value < WORTH * run.best.value:
        run.incoming.append(worker)


def search(
    run: Run,
    share: float,
    until_s: float | None,
    proof: Future[None] | None,
    cold_by: float = 1.0,
    gap: float = 0.0,
) -> None:
    """Advance all threads chunk by chunk until a share of the limits is used up.

    It is coldest from the share ``cold_by`` on. It ends sooner when the plan is proven to be within
    ``gap``, a share of its value.
    """
    scale, size = _temperature_scale(run.workers[0]), max(1, run.inst.num_orders)
    cool = MANY_COOL if size >= MANY_ORDERS else COOL
    start = max(cool, WARM * min(1.0, WARM_ORDERS / size))
    chunk, is_alone = 20, False
    while run.share < share and not run.is_proven and (until_s is None or run.spent < until_s):
        if gap > 0.0 and run.is_within(gap):
            break
        if run.limits.iterations is not None:
            chunk = max(1, min(100, int(share * run.limits.iterations) - run.done))
        if run.incoming:
            # The newcomer is searched first; whoever was last leaves.
            run.retired += run.workers[-1].iterations
            run.workers[:] = [run.incoming.pop(0), *run.workers[:-1]]
        warm = scale * start * (cool / start) ** min(1.0, run.share / cold_by)
        before = time.perf_counter()
        # While the proof runs it has a core to itself.
        was_alone, is_alone = is_alone, proof is not None and not proof.done()
        if was_alone and not is_alone:
            for waiting in run.workers[1:]:
                follow(waiting, run.workers[0])
        active = run.workers[:1] if is_alone else run.workers
        list(run.pool.map(partial(advance, iterations=chunk, warm=warm, cool=warm), active))
        run.done += chunk
        if run.grows:
            for worker in active:
                run.sorties.collect(worker.state)
        took = time.perf_counter() - before
        if run.limits.iterations is None:
            chunk = max(1, min(2 * chunk, int(chunk * CHUNK_S / max(took, 1e-4))))
        run.note(run.workers)


def _temperature_scale(worker: Worker) -> float:
    """Mean cost of an order in the first plan: what a temperature is measured by."""
    inst, state = worker.inst, worker.state
    served = max(1, int((state.sortie_of >= 0).sum()))
    cost = (
        inst.cost_flight * float(state.totals[0])
        + inst.cost_energy * float(state.totals[1])
        + inst.cost_sortie * float(state.counts[1])
    )
    return max(cost / served, 1e-6)
