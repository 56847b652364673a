"""Many scenarios on many days, each planned once: on all cores, resumable, as they finish.

Owns how scenarios and days become tasks and how outcomes find their way back. Pools are in
``routing.whatif.pools``, files in ``routing.whatif.store``. Does not compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from routing.demand_file import DemandModel
from routing.errors import Fault, InputError
from routing.network import Network
from routing.orders import Order
from routing.whatif.costs import CostModel
from routing.whatif.pools import (
    Runner,
    count_cores,
    run_here,
    run_in_processes,
    run_on_cluster,
)
from routing.whatif.scenario import Scenario, apply_scenario
from routing.whatif.store import Store
from routing.whatif.task import Effort, Outcome, Task, make_task, run_task


@dataclass(frozen=True, slots=True)
class Day:
    """One day of orders as they are.

    Attributes:
        name: unique among the days of a sweep.
        seed: what scenarios draw on this day (new sites' orders) they draw with it.
        network: as it is on this day's date, None where all days share one.
    """

    name: str
    orders: tuple[Order, ...]
    seed: int = 1
    network: Network | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario on one day with its outcome, whose plan is for ``network`` and ``orders``."""

    scenario: Scenario
    day: Day
    network: Network
    orders: tuple[Order, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Asked:
    """A scenario on a day, before it is planned."""

    scenario: Scenario
    day: Day
    network: Network
    orders: tuple[Order, ...]

    def with_outcome(self, outcome: Outcome) -> Run:
        plan = replace(outcome.plan, digest=self.network.digest)
        return Run(self.scenario, self.day, self.network, self.orders, replace(outcome, plan=plan))


def run_scenarios(
    network: Network,
    days: Sequence[Day],
    scenarios: Sequence[Scenario],
    demand: DemandModel | None = None,
    *,
    effort: Effort | None = None,
    starts_from_base: bool = True,
    costs: CostModel | None = None,
    folder: Path | None = None,
    workers: int | None = None,
    cluster: str | None = None,
    cache_dir: Path | None = None,
    run: Runner = run_task,
) -> Iterator[Run]:
    """Plan every scenario on every day; runs come as they finish, those on disk first.

    Args:
        network: as it is, on every day that has none of its own.
        days: days of orders; scenarios: names unique.
        demand: the model of new sites' orders.
        effort: of each run; default seed 1 and the planner's own time limit.
        starts_from_base: each search starts from the plan of the scenario without changes on the
            same day, where there is one: those are planned first.
        costs: the cost model; without one no run has a cost.
        folder: where outcomes are kept; a sweep stopped half-way goes on from there.
        workers: local processes; 1 plans in this process; default one a core.
        cluster: address of a Dask scheduler to run on instead.
        cache_dir: where paths are kept from run to run; not used on a cluster.
        run: plans one task; another one than ours must be importable by the workers.

    Raises:
        InputError: everything wrong in any scenario, before anything is planned.
    """
    store = Store(folder)
    asked = _all_asked(network, days, scenarios, demand)
    place = None if cluster else cache_dir
    keyed = [
        (
            replace(make_task(one.network, one.orders, effort or Effort(), costs), cache_dir=place),
            one,
        )
        for one in asked
    ]
    bases = {one.day.name: task.key for task, one in keyed if not one.scenario.changes}
    bases = bases if starts_from_base else {}
    first = [pair for pair in keyed if pair[0].key in bases.values()]
    planned: dict[str, Outcome] = {}
    for one in _run_all(first, store, workers, cluster, run):
        planned[one.outcome.key] = one.outcome
        yield one
    rest = [
        (task.started_from(planned[bases[one.day.name]]) if one.day.name in bases else task, one)
        for task, one in keyed
        if task.key not in bases.values()
    ]
    yield from _run_all(rest, store, workers, cluster, run)


def _run_all(
    keyed: Sequence[tuple[Task, _Asked]],
    store: Store,
    workers: int | None,
    cluster: str | None,
    run: Runner,
) -> Iterator[Run]:
    """Each task once, whoever asked for it; what is on disk first."""
    asked: dict[str, list[_Asked]] = {}
    for task, one in keyed:
        asked.setdefault(task.key, []).append(one)
    missing: list[Task] = []
    for key, task in {task.key: task for task, _ in keyed}.items():
        outcome = store.load(key)
        if outcome is None:
            missing.append(task)
        else:
            yield from (item.with_outcome(outcome) for item in asked[key])
    for answer in _answers(missing, workers, cluster, run):
        if not isinstance(answer, Outcome):
            raise InputError(answer)
        store.save(answer)
        yield from (item.with_outcome(answer) for item in asked[answer.key])


def _all_asked(
    network: Network,
    days: Sequence[Day],
    scenarios: Sequence[Scenario],
    demand: DemandModel | None,
) -> list[_Asked]:
    """Every scenario on every day, or the faults of all scenarios."""
    asked: list[_Asked] = []
    faults: list[Fault] = []
    for scenario in scenarios:
        try:
            for day in days:
                changed, orders = apply_scenario(
                    day.network or network, day.orders, scenario, demand, seed=day.seed
                )
                asked.append(_Asked(scenario, day, changed, orders))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return asked


def _answers(
    tasks: Sequence[Task], workers: int | None, cluster: str | None, run: Runner
) -> Iterator[Outcome | tuple[Fault, ...]]:
    if not tasks:
        return iter(())
    if cluster is not None:
        return run_on_cluster(tasks, cluster, run)
    count = min(workers or count_cores(), len(tasks))
    return run_here(tasks, run) if count <= 1 else run_in_processes(tasks, count, run)
