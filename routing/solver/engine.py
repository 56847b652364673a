"""The engine: search, columns, cover and bound on numbers, within limits.

Owns the order of the steps, their share of the time and the threads. One thread searches; beside
it another grows columns, chooses among them, hands the choice to the search, and proves a bound.
On days of more orders both grow columns first, for plans that come from those (``planning``).
Where the search is over, or the proof is near, both prove; then whole sorties are chosen once more
(``recombination``).
Anytime: it can be stopped after the first plan, and stops by itself as soon as the gap asked for
is proven. Does not know names (``solve``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from routing.solver.bound import LowerBound, prove_bound
from routing.solver.choices import MOST_ORDERS
from routing.solver.closing import MOST_ORDERS as FEW_ORDERS
from routing.solver.closing import close_gap
from routing.solver.columns import Cover, generate, new_cover, settle
from routing.solver.exact import prove_small
from routing.solver.instance import Instance
from routing.solver.loading import Draft, load_worker
from routing.solver.planning import (
    LONG_S,
    dives,
    grows_alone,
    plan_beside,
    plan_without_proof,
    recombines,
)
from routing.solver.pool import Pool
from routing.solver.recombination import Recombination
from routing.solver.running import InstanceResult, Limits, Run
from routing.solver.searching import COLDEST, MANY_ORDERS, meet, search, search_alone
from routing.solver.selection import choose_whole, hand_out, pick_columns
from routing.solver.settling import TOLERANCE, Settled, drafts_in_turn
from routing.solver.solution import Solution

DEFAULT_TIME_LIMIT_S = 10.0
SMALL_DAY_SHARE = 0.3
SMALL_DAY_S = 1.0
"""Before the exact part a small day is searched for this share of its limit, at most so long."""
EXACT_S = 20.0
PROOF_EXTRA_S, PROOF_EXTRA_SHARE = 20.0, 2.0
"""A proof that is under way when the search ends may go on for this long, or share of the limit."""
EXACT_RELAXED = "packs, chargers, pads, pilots"
LISTED_RELAXED = "where drones stand, duty hours of single drones, " + EXACT_RELAXED
CHANGING_RELAXED = LISTED_RELAXED + ", bands, ride limits, diversion reserve"
"""Where the weather changes over the day."""
PROVABLE_ORDERS, FIRST_BOUND_S, FIRST_BOUND_POWER = 160, 4.6, 2.15
"""A first bound of a day of so many orders takes about so long on two processors, and grows with
this power of them: 400 took 58 seconds of both together, 600 took 126. Even one that comes late is
worth it: the columns that are grown for it give a better plan than a search does."""
FAR_ORDERS, FAR_SHARE = 500, 0.97
"""On days of more orders first prices are worth this share of the relaxation: problems are smaller
then, and columns are farther from complete."""
PATIENCE_S = 60.0
"""Where iterations are the limit, no bound is begun that would take longer."""
GROWN_FROM, GROWN_ORDER_S = 0.1, 0.02
"""When columns begin to grow, on both threads: of the time limit, or after so many seconds for each
order."""
MANY_UNTIL = 0.5
"""On days of many orders that are not dived for the search gives both threads to the proof from
this share of the limit on."""
COLUMNS_SHARE, COVER_SHARE, SHORT_COVER_SHARE = 0.35, 0.12, 0.3
"""Of the time limit, for columns, and for a choice among them; and for the one of a shorter run."""
ALONE_UNTIL, CLOSE = 0.2, 0.03
"""Where there is one, a thread searches for the first share of the limit at least, and then until
the plan is proven to be within the second of the best."""
COVER_FROM = 5_000
"""Where iterations are the limit, columns are grown half way from this many on."""
MOST_ROUNDS, ROUNDS_BY_COUNT, PROOF_ROUNDS = 10_000, 40, 12


def solve_instance(
    instance: Instance,
    *,
    seed: int = 1,
    time_limit_s: float | None = None,
    iterations: int | None = None,
    gap: float = 0.0,
    threads: int = 2,
    proves: bool = True,
    drafts: Mapping[int, Sequence[Draft]] | None = None,
    on_improvement: Callable[[Solution, int, float | None], None] | None = None,
) -> InstanceResult:
    """Solve numbers: the engine behind ``solve`` and the benchmarks.

    ``drafts`` are sorties to start from, by drone; without any a first plan is built.

    With a number of iterations the result does not depend on the machine: the bound is then proven
    after the search. With a time limit both run side by side.
    """
    with ThreadPoolExecutor(threads + 1) as pool:
        # Columns, choice and bound are those of whole days: what was flown already is not in them.
        is_new = all(draft.flown is None for row in (drafts or {}).values() for draft in row)
        run = Run(
            inst=instance,
            limits=_limits(time_limit_s, iterations),
            gap=gap,
            proves=proves and is_new and instance.num_orders > 0,
            is_new=is_new,
            on_improvement=on_improvement,
            pool=pool,
            workers=[],
            sorties=Pool(instance),
        )
        seeds = [seed * 1000 + n for n in range(threads)]
        run.workers.extend(pool.map(partial(load_worker, instance, drafts or {}), seeds))
        run.is_provable = is_new and _is_provable(run)
        run.grows = run.is_provable or grows_alone(run)
        run.note(run.workers)
        if run.proves and instance.num_orders <= MOST_ORDERS:
            _settle_small(run)
        if not run.is_proven:
            _search_and_prove(run)
        return run.result()


def _limits(time_limit_s: float | None, iterations: int | None) -> Limits:
    if time_limit_s is None and iterations is None:
        return Limits(DEFAULT_TIME_LIMIT_S, None)
    return Limits(time_limit_s, iterations)


def _settle_small(run: Run) -> None:
    """Search a little, then choose among all sorties there are, and fly what was chosen."""
    limit_s = run.limits.time_limit_s
    until = None if limit_s is None else min(SMALL_DAY_S, SMALL_DAY_SHARE * limit_s)
    search(run, SMALL_DAY_SHARE, until, None)
    assert run.best is not None
    left_s = EXACT_S if limit_s is None else max(0.1, min(EXACT_S, limit_s - run.spent))
    cover = _new_cover(run)
    generate(cover, np.inf, ROUNDS_BY_COUNT)
    proven = prove_bound(cover, np.inf, run.rise, PROOF_ROUNDS)
    _close(run, proven, time.perf_counter() + left_s)
    if run.incoming:
        run.note(run.incoming)
    if run.is_proven:
        return
    proof = prove_small(run.inst, run.best, left_s)
    if proof is None:
        return
    run.rise(LowerBound(proof.value, "enumeration", proof.choices, run.spent), EXACT_RELAXED)
    loaded = load_worker(run.inst, proof.drafts, 1)
    run.note([*run.workers, loaded])
    if loaded.best_value < run.workers[0].best_value:
        run.workers[0] = loaded


def _search_and_prove(run: Run) -> None:
    """Search until a limit; beside it, or in between, choose among columns and prove the bound."""
    limit_s = run.limits.time_limit_s
    if limit_s is None:
        _search_then_prove(run)
    elif run.is_provable:
        _search_beside(run, limit_s)
    elif run.grows:
        _search_first(run, limit_s)
        plan_without_proof(run, limit_s, _new_cover(run))
        search(run, 1.0, limit_s, None, COLDEST)
    else:
        search(run, 1.0, limit_s, None)


def _search_beside(run: Run, limit_s: float) -> None:
    """Search on one thread, or on none, while the other ones choose and prove."""
    is_many = run.proves and run.inst.num_orders >= MANY_ORDERS
    if is_many or dives(run):
        _search_first(run, limit_s)
    if dives(run):
        run.is_free.set()
        proof = run.pool.submit(_choose_and_prove, run)
        # Nobody waits for columns of a proof that has failed.
        proof.add_done_callback(lambda _: run.has_grown.set())
        plan_beside(run, limit_s, proof)
    else:
        proof = run.pool.submit(_choose_and_prove, run)
    if recombines(run):
        search(run, ALONE_UNTIL, limit_s, proof)
        # A proof that has come near makes more of the thread than the search.
        search(run, 1.0, limit_s, proof, gap=CLOSE)
        run.is_free.set()
        run.has_chosen.wait(max(0.0, limit_s - run.spent))
        run.is_free.clear()
    if run.cover is None or recombines(run):
        search(run, MANY_UNTIL if is_many else 1.0, limit_s, proof)
    run.is_free.set()
    proof.result()
    meet(run)
    search(run, 1.0, limit_s, None, COLDEST)
    if run.incoming:
        run.note(run.incoming)


def _search_first(run: Run, limit_s: float) -> None:
    """A short search on all threads, to grow columns from."""
    grown_s = min(GROWN_FROM * limit_s, GROWN_ORDER_S * run.inst.num_orders)
    search(run, grown_s / limit_s, limit_s, None, grown_s / limit_s)


def _search_then_prove(run: Run) -> None:
    """Search for a number of iterations, with a choice half way, and then prove the bound."""
    iterations = run.limits.iterations
    is_long = iterations is not None and iterations >= COVER_FROM
    if run.is_provable and is_long:
        search(run, 0.5, None, None)
        cover = _new_cover(run)
        generate(cover, np.inf, ROUNDS_BY_COUNT)
        _offer(run, cover, None)
    search(run, 1.0, None, None)
    if run.is_provable and run.proves and run.bound is None:
        cover = _new_cover(run)
        generate(cover, np.inf, ROUNDS_BY_COUNT)
        prove_bound(cover, np.inf, run.rise, PROOF_ROUNDS)


def _new_cover(run: Run) -> Cover:
    """A covering problem that knows what the search has flown so far."""
    assert run.best is not None
    cover = new_cover(run.inst, run.best)
    run.sorties.pour(cover)
    settle(cover)
    return cover


def _is_provable(run: Run) -> bool:
    """Whether a proof may give something in time; else all threads had better search."""
    limit_s, size = run.limits.time_limit_s, run.inst.num_orders
    # Less than a proof may go on for: where there is little time, a search gives the better plan.
    room_s = PATIENCE_S if limit_s is None else limit_s + min(PROOF_EXTRA_S, limit_s)
    return FIRST_BOUND_S * (size / PROVABLE_ORDERS) ** FIRST_BOUND_POWER < room_s


def _extra_s(limit_s: float) -> float:
    """How long a proof that is under way may go on past the limit."""
    return min(PROOF_EXTRA_S, PROOF_EXTRA_SHARE * limit_s)


def _choose_and_prove(run: Run) -> None:
    """What runs beside the search: columns and cover for a part of the time, then the bound."""
    limit_s = run.limits.time_limit_s
    assert limit_s is not None
    size, cover = run.inst.num_orders, _new_cover(run)
    until_s = run.began + limit_s + _extra_s(limit_s)
    later = Recombination(run, cover)

    def on_growth() -> None:
        if not dives(run) or run.has_grown.is_set():
            return
        run.cover = cover
        # Dives need both threads; on days of fewer orders, so does what comes after them.
        run.is_free.clear()
        run.has_grown.set()
        run.has_planned.wait(max(0.0, limit_s - run.spent))

    def between_rounds(bound: LowerBound) -> bool:
        if recombines(run):
            later.ask(bound)
        return run.is_proven

    if run.proves and not run.is_proven and size <= FEW_ORDERS:
        _prove_few(run, cover, COLUMNS_SHARE * limit_s, until_s)
    if not dives(run) and MOST_ORDERS < size < MANY_ORDERS and not run.is_proven:
        generate(cover, time.perf_counter() + COLUMNS_SHARE * limit_s, MOST_ROUNDS)
        share = COVER_SHARE if limit_s >= LONG_S else SHORT_COVER_SHARE
        _offer(run, cover, share * limit_s)
    if run.proves and run.bound is None:
        run.sorties.pour(cover)
        prove_bound(
            cover,
            until_s,
            run.rise,
            has_cuts=True,
            is_free=run.is_free,
            first_share=1.0 if size <= FAR_ORDERS else FAR_SHARE,
            on_round=between_rounds,
            on_growth=on_growth,
        )
    later.end()


def _prove_few(run: Run, cover: Cover, share_s: float, until_s: float) -> None:
    """Prove a bound, then list what may still matter; then again past cuts while they lift it.

    They take longer than a list that is short enough without them.
    """
    generate(cover, time.perf_counter() + share_s, MOST_ROUNDS)
    has_cuts, proven, is_free = False, -np.inf, run.is_free
    while time.perf_counter() < until_s and not run.is_proven:
        proof_s = min(until_s, time.perf_counter() + share_s)
        bound = prove_bound(cover, proof_s, run.rise, has_cuts=has_cuts, is_free=is_free)
        if not run.is_proven:
            # The columns are those of the best prices: a choice among them takes little.
            _offer(run, cover, COVER_SHARE * share_s)
        _close(run, bound, until_s)
        value = -np.inf if bound is None else bound.value
        if has_cuts and value <= proven:
            return
        has_cuts, proven = True, max(proven, value)


def _close(run: Run, proven: LowerBound | None, until_s: float) -> None:
    """List what may still matter and choose among it; the choice goes to the search."""
    if proven is None or run.is_proven:
        return
    is_steady = run.inst.period_start.shape[0] == 1
    relaxed = LISTED_RELAXED if is_steady else CHANGING_RELAXED

    def best() -> Solution:
        assert run.best is not None
        return run.best

    def rise(value: float) -> bool:
        return run.rise(LowerBound(value, "enumeration", proven.columns, run.spent), relaxed)

    def search_on(choice: Settled) -> None:
        search_alone(run, drafts_in_turn(run.inst, choice.choices, choice.takeoffs), None)

    settled = close_gap(run.inst, proven, best, until_s, rise, search_on)
    if settled is None:
        return
    values = [best().value]
    if settled.choices:
        worker = load_worker(
            run.inst, drafts_in_turn(run.inst, settled.choices, settled.takeoffs), 1
        )
        run.incoming.append(worker)
        values.append(worker.best_value)
    if min(values) <= settled.value + 2.0 * TOLERANCE:
        # As near as the solvers of the choice compute.
        rise(min(values))


def _offer(run: Run, cover: Cover, seconds: float | None) -> None:
    """Choose whole sorties, and let the search go on from them where they are worth it."""
    assert run.best is not None
    run.sorties.pour(cover)
    chosen = choose_whole(run.inst, pick_columns(cover, run.best), run.best, seconds)
    search_alone(run, hand_out(run.inst, chosen), seconds)
