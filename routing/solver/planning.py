"""Plans from the relaxation, beside its proof: dives, and pieces of them chosen again.

Owns on which days that is done, when, and on how many threads. Both threads dive, each by chance of
its own, and the proof waits. On days of fewer orders both then work at pieces together: there a
proof needs little time to come near. On days of many orders one thread does, and the other one
proves. Where there is no time to prove anything, but enough to grow columns, both do.
"""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np

from routing.solver.bound import FINE, GROWTH_ROUNDS
from routing.solver.closing import MOST_ORDERS as FEW_ORDERS
from routing.solver.columns import Cover, generate
from routing.solver.diving import dive
from routing.solver.pieces import renew
from routing.solver.running import Run
from routing.solver.searching import COLDEST, MANY_ORDERS, search, search_alone
from routing.solver.selection import hand_out

MOST_PAIRS = 4
"""Types times pairs of bases of a day that is dived for: columns of more take long."""
GROWN_SHARE, TURN_SHARE = 0.25, 0.05
"""So much of the limit is waited for columns at most; then the search goes on in such turns."""
LONG_S = 20.0
"""A shorter run has no recombination."""
DIVES_UNTIL, DIVE_UNTIL = 0.7, 0.55
"""Of the time limit: when no dive is begun any more; when one of many orders ends to grow columns
of its own."""
AGAIN_UNTIL, AGAIN_S = 0.3, 3.0
"""Where both threads dive, when no further dive is begun: of the time limit, or in seconds."""
PAIRED_UNTIL, LONG_UNTIL, LONG_UNTIL_S = 0.97, 0.2, 10.0
"""Where both threads choose pieces again, when that ends: of the time limit; and in a run with a
recombination, of the limit, or in seconds."""
UNPROVEN_GROWN, UNPROVEN_UNTIL = 0.5, 0.85
"""Without a proof: when columns and dives end, of the time limit."""
GROWN_ORDERS, GROWN_S, GROWN_POWER = 1_000, 20.0, 2.0
"""Columns of a day of so many orders are worth a dive after about so long on two processors; that
grows with this power of them."""
PIECES_UNTIL = 0.65
"""Of the time limit: when pieces of a day of many orders end. Then both threads prove."""
SETTLED = 0.02
"""Of the time limit, what the search has to settle a plan from a dive, or from pieces."""


def dives(run: Run) -> bool:
    """Whether a plan is dived for: not on small days, nor where columns of many bases take long."""
    inst = run.inst
    pairs = np.unique(inst.drone_type).size * int(inst.is_base.sum()) ** 2
    return run.proves and inst.num_orders > FEW_ORDERS and pairs <= MOST_PAIRS


def grows_alone(run: Run) -> bool:
    """Whether there is time to grow columns for a dive, where there is none for a proof."""
    limit_s, size = run.limits.time_limit_s, run.inst.num_orders
    if limit_s is None or run.is_provable or not run.is_new or not dives(run):
        return False
    grown_s = GROWN_S * (size / GROWN_ORDERS) ** GROWN_POWER
    return size >= MANY_ORDERS and run.share + grown_s / limit_s < UNPROVEN_GROWN


def is_paired(run: Run) -> bool:
    """Whether both threads plan, once columns have been grown."""
    return dives(run) and run.inst.num_orders < MANY_ORDERS


def recombines(run: Run) -> bool:
    """Whether the choice of whole sorties waits for what the proof knows; see ``recombination``."""
    limit_s, size = run.limits.time_limit_s, run.inst.num_orders
    is_long = limit_s is not None and limit_s >= LONG_S
    return run.proves and is_long and FEW_ORDERS < size < MANY_ORDERS


def plan_beside(run: Run, limit_s: float, proof: Future[None]) -> None:
    """Plan when columns have been grown, and search on from there."""
    try:
        if not run.has_grown.wait(GROWN_SHARE * limit_s):
            # Columns of many bases take long: the search goes on beside them.
            run.is_free.clear()
        while not run.has_grown.is_set() and run.share < DIVES_UNTIL and not run.is_proven:
            search(run, min(DIVES_UNTIL, run.share + TURN_SHARE), limit_s, proof)
        # From now on nobody waits for columns.
        run.has_grown.set()
        if run.cover is None or run.is_proven:
            return
        if is_paired(run):
            _plan_paired(run, limit_s)
        else:
            _plan_alone(run, limit_s, proof)
    finally:
        run.has_planned.set()


def plan_without_proof(run: Run, limit_s: float, cover: Cover) -> None:
    """Grow columns, dive, search a little and choose pieces again, all on both threads."""
    run.is_free.set()
    generate(cover, run.began + UNPROVEN_GROWN * limit_s, GROWTH_ROUNDS, FINE, run.is_free)
    run.cover = cover
    _dive_on_both(run, UNPROVEN_UNTIL * limit_s)
    _settle(run, limit_s, None)
    renew(run, cover, run.began + PAIRED_UNTIL * limit_s, threads=2)


def _plan_paired(run: Run, limit_s: float) -> None:
    """On both threads: dives, a little search, pieces."""
    assert run.cover is not None
    list(run.pool.map(lambda chance: _dive_often(run, limit_s, chance), _chances()))
    _settle(run, limit_s, None)
    until = PAIRED_UNTIL * limit_s
    if recombines(run):
        until = max(LONG_UNTIL * limit_s, LONG_UNTIL_S)
    renew(run, run.cover, run.began + until, threads=2)


def _plan_alone(run: Run, limit_s: float, proof: Future[None]) -> None:
    """A dive on each thread; then on one of them a little search, pieces, a little search."""
    assert run.cover is not None
    _dive_on_both(run, DIVE_UNTIL * limit_s)
    run.has_planned.set()
    _settle(run, limit_s, proof)
    renew(run, run.cover, run.began + PIECES_UNTIL * limit_s)
    _settle(run, limit_s, proof)


def _dive_on_both(run: Run, until: float) -> None:
    """A dive on each thread; the better one is searched on."""
    list(run.pool.map(lambda chance: _dive_once(run, until, chance), _chances()))
    # The last one to come is first.
    run.incoming.sort(key=lambda worker: -worker.best_value)


def _chances() -> tuple[np.random.Generator | None, ...]:
    """What dives on both threads leave to chance, so that they differ."""
    return None, np.random.default_rng(1)


def _settle(run: Run, limit_s: float, proof: Future[None] | None) -> None:
    """Search on from what came in, as cold as can be."""
    search(run, min(1.0, run.share + SETTLED), limit_s, proof, COLDEST)


def _dive_often(run: Run, limit_s: float, rng: np.random.Generator | None) -> None:
    """Dive again and again: by chance one is better than another, and each takes little."""
    until = DIVES_UNTIL * limit_s
    while run.spent < until and not run.is_proven:
        _dive_once(run, DIVES_UNTIL * limit_s, rng)
        until = min(AGAIN_UNTIL * limit_s, AGAIN_S)


def _dive_once(run: Run, until: float, rng: np.random.Generator | None) -> None:
    """Dive for a plan, and let the search go on from it where it is worth it."""
    assert run.cover is not None
    columns = dive(run.cover, run.began + until, rng)
    search_alone(run, hand_out(run.inst, columns), None)
