"""What a sweep costs beside the planning itself, and what a second core gives.

    python -m benchmarks.sweep --scenarios 200

Plans as many different scenarios of the Pingdu lines twice: one after the other in one process on
one core, and on ``--workers`` processes. Prints

- overhead: wall time of the sweep in one process minus the time inside the planner, a scenario;
- efficiency: time on one core over workers times time on the workers, and steady, that is between
  the first and the last outcome;
- machine: the same for processes that share nothing and tell nobody: each plans its part of the
  scenarios alone. What it falls short of 1 is the machine's (cores that share a cache, or half a
  core each), not the sweep's;
- work: processor time of all on one core over that of parent and workers;
- quiet: what efficiency would be were every core free: processor time on one core over workers
  times (the parent's own processor time, none of it overlapped, and the workers' share each).

No claim is made about machines that others use at the same time: the load before the run stands in
the table.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from routing.network import Network
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.whatif import pools
from routing.whatif.changes import AddPads, ScaleDemand, SetWind
from routing.whatif.costs import CostModel, read_costs
from routing.whatif.scenario import Scenario
from routing.whatif.sweep import Day, run_scenarios
from routing.whatif.task import Effort, Task, run_task

CONFIGS = Path(__file__).resolve().parent.parent / "configs"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print one table row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scenarios", type=int, default=40)
    parser.add_argument("--iterations", type=int, default=200)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(argv)
    scenarios = list(_scenarios(given.scenarios))
    sweep = _read_sweep(given.iterations)
    load = os.getloadavg()[0]
    # Once before, so that no side pays for compiling or for the path table.
    sweep.run(scenarios[:1], 1)
    inside: list[float] = []
    before = _processor_s()
    with _on_one_core():
        one = sweep.run(scenarios, 1, inside)
    one_s = _processor_s()[0] - before[0]
    before = _processor_s()
    many = sweep.run(scenarios, given.workers)
    parent_s, workers_s = (now - then for now, then in zip(_processor_s(), before, strict=True))
    apart_s = _run_apart(sweep, scenarios, given.workers)
    overhead_ms = (one[-1] - sum(inside)) / len(scenarios) * 1000
    whole = one[-1] / (given.workers * many[-1])
    steady = (one[-1] - one[0]) / (given.workers * (many[-1] - many[0]))
    machine = one[-1] / (given.workers * apart_s)
    work = one_s / (parent_s + workers_s)
    quiet = one_s / (given.workers * (parent_s + workers_s / given.workers))
    print("| scenarios | planning s each | overhead ms each | workers | one core s | workers s |"
          " efficiency | steady | machine | work | quiet | load before |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    print(
        f"| {len(scenarios)} | {sum(inside) / len(scenarios):.3f} | {overhead_ms:.0f} "
        f"| {given.workers} | {one[-1]:.1f} | {many[-1]:.1f} | {whole:.2f} | {steady:.2f} "
        f"| {machine:.2f} | {work:.2f} | {quiet:.2f} | {load:.1f} |"
    )
    return 0


@contextmanager
def _on_one_core() -> Iterator[None]:
    """Keep this process on one core for a while."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _run_apart(sweep: _Sweep, scenarios: Sequence[Scenario], count: int) -> float:
    """Seconds until as many forked processes have each planned their part of the scenarios."""
    fork = multiprocessing.get_context("fork")
    parts = [scenarios[first::count] for first in range(count)]
    apart = [fork.Process(target=sweep.run, args=(part, 1)) for part in parts]
    began = time.perf_counter()
    for process in apart:
        process.start()
    for process in apart:
        process.join()
    return time.perf_counter() - began


def _processor_s() -> tuple[float, float]:
    """Processor time of this process, and of its children that have ended."""
    mine, theirs = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime, theirs.ru_utime + theirs.ru_stime


def _scenarios(count: int) -> Iterator[Scenario]:
    """Different scenarios of about the same work; legs are new where the wind is."""
    for number in range(count):
        yield Scenario(
            f"scenario {number}",
            (
                SetWind(wind_mps=2.0 + 0.02 * number),
                AddPads(1 + number % 3, "cuijia-central-hc"),
                ScaleDemand(1.0 + 0.1 * (number % 2)),
            ),
        )


@dataclass(frozen=True, slots=True)
class _Sweep:
    """What is planned in every scenario."""

    network: Network
    days: tuple[Day, ...]
    costs: CostModel
    effort: Effort

    def run(
        self, scenarios: Sequence[Scenario], workers: int, inside: list[float] | None = None
    ) -> list[float]:
        """Seconds from the start at which each outcome arrived; time planning into ``inside``."""

        def timed(task: Task) -> pools.Answer:
            began = time.perf_counter()
            answer = run_task(task)
            if inside is not None:
                inside.append(time.perf_counter() - began)
            return answer

        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as folder:
            runs = run_scenarios(
                self.network,
                self.days,
                scenarios,
                effort=self.effort,
                costs=self.costs,
                folder=Path(folder),
                workers=workers,
                run=timed if workers == 1 else run_task,
            )
            return [time.perf_counter() - began for _ in runs]


def _read_sweep(iterations: int) -> _Sweep:
    network = read_network(CONFIGS / "pingdu")
    day = Day("lines", read_orders(CONFIGS / "pingdu" / "orders" / "lines.csv", network))
    costs = read_costs(CONFIGS / "catalogue" / "costs.yaml")
    return _Sweep(network, (day,), costs, Effort(iterations=iterations))


if __name__ == "__main__":
    raise SystemExit(main())
