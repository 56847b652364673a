"""One run of the engine: its limits, its threads' best plan so far, its bound, and its history.

Owns what a run is asked and what it gives. Does not know the order of the steps (``engine``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock

from routing.solver.bound import RELAXED, LowerBound
from routing.solver.columns import Cover
from routing.solver.instance import Instance
from routing.solver.pool import Pool
from routing.solver.search import Worker
from routing.solver.solution import Solution, read_solution

EPS = 1e-6


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


@dataclass(slots=True)
class Run:
    """One call of ``solve_instance``: its limits, threads, and the best so far.

    ``is_free`` is set when the search needs one thread no more; ``has_grown``, when columns have
    been grown, into ``cover``, or nobody waits for them; ``has_planned``, when no thread of the
    proof is needed for plans from those; ``has_chosen``, when no choice of whole sorties is to be
    waited for. ``is_provable``: a proof may give something in time; ``grows``: columns are to be
    grown, and what the search flies is kept for them.
    """

    inst: Instance
    limits: Limits
    gap: float
    proves: bool
    is_new: bool
    on_improvement: Callable[[Solution, int, float | None], None] | None
    pool: ThreadPoolExecutor
    workers: list[Worker]
    sorties: Pool
    began: float = field(default_factory=time.perf_counter)
    best: Solution | None = None
    bound: LowerBound | None = None
    relaxed: str = ""
    history: list[tuple[float, float, int]] = field(default_factory=list)
    done: int = 0
    incoming: list[Worker] = field(default_factory=list)
    retired: int = 0
    is_free: Event = field(default_factory=Event)
    has_grown: Event = field(default_factory=Event)
    has_planned: Event = field(default_factory=Event)
    has_chosen: Event = field(default_factory=Event)
    cover: Cover | None = None
    is_provable: bool = False
    grows: bool = False
    lock: Lock = field(default_factory=Lock)

    @property
    def spent(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self.began

    @property
    def share(self) -> float:
        """How much of the tightest limit is used up."""
        shares = [0.0]
        if self.limits.time_limit_s is not None:
            shares.append(self.spent / max(self.limits.time_limit_s, 1e-9))
        if self.limits.iterations is not None:
            shares.append(self.done / self.limits.iterations if self.limits.iterations else 1.0)
        return max(shares)

    @property
    def is_proven(self) -> bool:
        """Whether the best plan is within the gap asked for, a share of its cost."""
        if self.bound is None or self.best is None:
            return False
        left = float(self.inst.unserved_weight[list(self.best.unserved)].sum())
        cost = self.best.value - self.best.late - left
        return self.best.value - self.bound.value <= max(self.gap * cost, EPS)

    def is_within(self, share: float) -> bool:
        """Whether the best plan is proven this near to the best, as a share of its value."""
        if self.bound is None or self.best is None:
            return False
        return self.best.value - self.bound.value <= share * self.best.value

    def note(self, workers: Sequence[Worker]) -> None:
        """Keep the best plan of some workers when it is new."""
        worker = min(workers, key=lambda worker: worker.best_value)
        with self.lock:
            if self.best is not None and worker.best_value >= self.best.value - EPS:
                return
            self.best = read_solution(worker.best, worker.best_value)
            self.history.append((self.spent, self.best.value, len(self.best.unserved)))
            if self.on_improvement is not None:
                value = None if self.bound is None else self.bound.value
                self.on_improvement(self.best, self.iterations, value)

    def rise(self, bound: LowerBound, relaxed: str = RELAXED) -> bool:
        """Keep a better bound; whether it is as good as was asked for."""
        with self.lock:
            if self.bound is None or bound.value > self.bound.value:
                self.bound, self.relaxed = bound, relaxed
                if self.best is not None and self.on_improvement is not None:
                    self.on_improvement(self.best, self.iterations, bound.value)
        return self.is_proven

    @property
    def iterations(self) -> int:
        """Iterations of all threads."""
        return self.retired + sum(worker.iterations for worker in self.workers)

    def result(self) -> InstanceResult:
        """What the run gives."""
        assert self.best is not None
        complete = next((at for at, _, unserved in self.history if unserved == 0), None)
        bound = self.bound
        is_optimal = bound is not None and self.best.value <= bound.value + EPS
        return InstanceResult(
            solution=self.best,
            bound=None if bound is None else min(bound.value, self.best.value),
            method="search" if bound is None else bound.method,
            relaxed=self.relaxed,
            is_optimal=is_optimal,
            iterations=self.iterations,
            first_complete_s=complete,
            history=tuple(self.history),
        )
