"""Sets of changes worked out in several processes at once.

Owns the processes and what each of them keeps. Does not know what is asked for, or why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from routing.choose.value import Evaluator, LegsKept, Value
from routing.demand_file import DemandModel
from routing.network import Network
from routing.plan import Plan
from routing.whatif.changes import Change
from routing.whatif.pools import count_cores, open_pool
from routing.whatif.sweep import Day


@dataclass(slots=True)
class _Bench:
    """What a worker keeps: the days as they are, and an evaluator for each effort."""

    network: Network
    days: Sequence[Day]
    demand: DemandModel | None
    start: tuple[Plan, ...]
    legs: LegsKept
    evaluators: dict[tuple[int, int], Evaluator] = field(default_factory=dict)

    def value(self, iterations: int, seed: int, changes: Sequence[Change]) -> Value:
        evaluator = self.evaluators.setdefault(
            (iterations, seed),
            Evaluator(
                self.network, self.days, self.demand, iterations, seed, self.legs, self.start
            ),
        )
        return evaluator.value(changes)


_benches: list[_Bench] = []
"""In a worker: its one bench."""


@contextmanager
def hire(*evaluators: Evaluator, workers: int | None = None) -> Iterator[None]:
    """Let evaluators of the same days work out what they prepare in processes, while this lasts.

    A worker that is killed loses nothing: what is missing is worked out here.

    Args:
        evaluators: of one network, its days and plans to start from.
        workers: processes; default one a core; 1 works everything out here.
    """
    count = workers or count_cores()
    if count <= 1:
        yield
        return
    first = evaluators[0]
    given = (first.network, first.days, first.demand, first.start)
    cache_dir = first.legs.cache_dir
    with open_pool(count, _take_bench, *given, cache_dir) as pool:

        def elsewhere(
            iterations: int, seed: int, batch: Sequence[Sequence[Change]]
        ) -> Sequence[Value]:
            try:
                futures = [pool.submit(_value, iterations, seed, changes) for changes in batch]
                return [future.result() for future in futures]
            except BrokenProcessPool:
                bench = _Bench(*given, LegsKept(cache_dir))
                return [bench.value(iterations, seed, changes) for changes in batch]

        try:
            for evaluator in evaluators:
                evaluator.elsewhere = elsewhere
            yield
        finally:
            for evaluator in evaluators:
                evaluator.elsewhere = None


def _take_bench(
    network: Network,
    days: Sequence[Day],
    demand: DemandModel | None,
    start: tuple[Plan, ...],
    cache_dir: Path | None,
) -> None:
    _benches[:] = [_Bench(network, days, demand, start, LegsKept(cache_dir))]


def _value(iterations: int, seed: int, changes: Sequence[Change]) -> Value:
    return _benches[0].value(iterations, seed, changes)
