"""The recipe: numbers -> search -> columns -> cover -> bound -> plan.

Owns the order of the steps, their share of the time and the two threads. Anytime: it can be
stopped after the first plan, and stops by itself as soon as the gap asked for is proven.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from routing.legs import LegTables
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.progress import OnProgress, Progress
from routing.solver.day import build_day
from routing.solver.instance import Instance
from routing.solver.naming import name_plan
from routing.solver.search import Worker, advance, new_worker, start
from routing.solver.solution import Solution, read_solution

DEFAULT_TIME_LIMIT_S = 10.0
CHUNK_S = 0.1
WARM, COOL = 0.1, 0.001
"""Temperatures at the start and the end, as shares of the mean cost of an order."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop: whichever limit comes first; ``iterations`` are per thread."""

    time_limit_s: float | None
    iterations: int | None


@dataclass(frozen=True, slots=True)
class InstanceResult:
    """What solving an instance gives.

    Attributes:
        solution: the best plan found; bound: a proven lower bound of its value, None for none.
        method, relaxed: how the bound was proven and what it leaves out.
        is_optimal: the plan is proven best.
        iterations: of all threads; first_complete_s: when all orders were first served, None if
            never; history: (seconds, value, unserved) of each improvement.
    """

    solution: Solution
    bound: float | None
    method: str
    relaxed: str
    is_optimal: bool
    iterations: int
    first_complete_s: float | None
    history: tuple[tuple[float, float, int], ...]


def solve(
    network: Network,
    orders: Sequence[Order],
    legs: LegTables,
    *,
    seed: int = 1,
    time_limit_s: float | None = None,
    iterations: int | None = None,
    gap: float = 0.0,
    on_progress: OnProgress | None = None,
) -> Plan:
    """Plan a day.

    Args:
        network, orders, legs: the input.
        seed: same seed and iterations give the same plan.
        time_limit_s, iterations: limits of the search; 10 s when neither is given.
        gap: stop as soon as the plan is proven this close to the best, as a share.
        on_progress: called with where the run stands.

    Returns:
        The plan, with its bound where one was proven; not yet checked.
    """
    day = build_day(network, orders, legs)

    def tell(result: Solution, done: int) -> None:
        if on_progress is not None:
            on_progress(Progress("search", done, name_plan(day, result).objective))

    result = solve_instance(
        day.instance,
        seed=seed,
        time_limit_s=time_limit_s,
        iterations=iterations,
        gap=gap,
        on_improvement=tell,
    )
    plan = name_plan(day, result.solution)
    made_with = {"seed": str(seed), "iterations": str(result.iterations), "solver": result.method}
    return replace(plan, made_with=made_with)


def solve_instance(
    instance: Instance,
    *,
    seed: int = 1,
    time_limit_s: float | None = None,
    iterations: int | None = None,
    gap: float = 0.0,
    threads: int = 2,
    on_improvement: Callable[[Solution, int], None] | None = None,
) -> InstanceResult:
    """Solve numbers: the engine behind ``solve`` and the benchmarks."""
    del gap
    limits = _limits(time_limit_s, iterations)
    began = time.perf_counter()
    workers = [new_worker(instance, seed * 1000 + n) for n in range(threads)]
    history: list[tuple[float, float, int]] = []
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(start, workers))
        best = _note(workers, history, began, None, on_improvement)
        best = _search(pool, workers, limits, began, history, best, on_improvement)
    complete = next((at for at, _, unserved in history if unserved == 0), None)
    return InstanceResult(
        solution=best,
        bound=None,
        method="search",
        relaxed="",
        is_optimal=False,
        iterations=sum(worker.iterations for worker in workers),
        first_complete_s=complete,
        history=tuple(history),
    )


def _limits(time_limit_s: float | None, iterations: int | None) -> Limits:
    if time_limit_s is None and iterations is None:
        return Limits(DEFAULT_TIME_LIMIT_S, None)
    return Limits(time_limit_s, iterations)


def _search(
    pool: ThreadPoolExecutor,
    workers: Sequence[Worker],
    limits: Limits,
    began: float,
    history: list[tuple[float, float, int]],
    best: Solution,
    on_improvement: Callable[[Solution, int], None] | None,
) -> Solution:
    """Advance all threads chunk by chunk until a limit is reached."""
    scale = _temperature_scale(workers[0])
    chunk, done = 20, 0
    while True:
        spent = time.perf_counter() - began
        share = _share(limits, spent, done)
        if share >= 1.0:
            return best
        if limits.iterations is not None:
            chunk = min(chunk, limits.iterations - done)
        warm = scale * WARM * (COOL / WARM) ** share
        before = time.perf_counter()
        list(pool.map(lambda worker: advance(worker, chunk, warm, warm), workers))
        done += chunk
        took = time.perf_counter() - before
        if limits.iterations is None:
            chunk = max(1, min(2 * chunk, int(chunk * CHUNK_S / max(took, 1e-4))))
        else:
            chunk = 100
        best = _note(workers, history, began, best, on_improvement)


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


def _share(limits: Limits, spent: float, done: int) -> float:
    shares = [0.0]
    if limits.time_limit_s is not None:
        shares.append(spent / max(limits.time_limit_s, 1e-9))
    if limits.iterations is not None:
        shares.append(done / max(limits.iterations, 1))
    return max(shares)


def _note(
    workers: Sequence[Worker],
    history: list[tuple[float, float, int]],
    began: float,
    best: Solution | None,
    on_improvement: Callable[[Solution, int], None] | None,
) -> Solution:
    """The best plan of all threads, noted when it is new."""
    worker = min(workers, key=lambda worker: worker.best_value)
    if best is not None and worker.best_value >= best.value - 1e-6:
        return best
    found = read_solution(worker.best, worker.best_value)
    history.append((time.perf_counter() - began, found.value, len(found.unserved)))
    if on_improvement is not None:
        on_improvement(found, sum(worker.iterations for worker in workers))
    return found
