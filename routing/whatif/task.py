"""One run of a sweep: a network and orders to plan, under a name that is its content.

Owns what is computed in a worker and what comes back. Everything here can be sent to another
process or another machine. Does not know scenarios, pools or files.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from routing.errors import Fault, InputError
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.planning import plan_day
from routing.solver.engine import solve_instance
from routing.solver.sample import sample_instance
from routing.whatif.content import digest_of
from routing.whatif.costs import CostModel
from routing.whatif.measures import Measures, measure_day

_PROGRAM = Path(__file__).resolve().parents[2]
_SILENT_PARTS = ("routing/report/", "geo/map/", "geo/layers")
"""Parts of the program that no plan depends on (figures aside, which are hashed)."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long each run is planned; with iterations and no time limit runs repeat exactly.

    Attributes:
        seed, iterations, time_limit_s, gap: as in ``routing.planning.plan_day``.
        proves: also prove a bound, so that the plan has a gap; takes several times as long.
        threads: of one run; the runs themselves share the cores.
    """

    seed: int = 1
    iterations: int | None = None
    time_limit_s: float | None = None
    gap: float = 0.0
    proves: bool = False
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Task:
    """One day to plan.

    Attributes:
        key: digest of everything the outcome depends on, the program's own text included.
        start: a plan that the search starts from, None for none.
        cache_dir: where paths are kept, on the machine that plans; no outcome depends on it.
    """

    key: str
    network: Network
    orders: tuple[Order, ...]
    effort: Effort
    costs: CostModel | None
    start: Plan | None = None
    cache_dir: Path | None = None

    def started_from(self, base: Outcome) -> Task:
        """The same task, its search started from another outcome's plan, where that was proven."""
        if base.violations:
            return self
        return replace(self, key=digest_of(self.key, base.key), start=base.plan)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What planning a task gave.

    Attributes:
        key: of the task.
        measures: the plan, first come first served, the road.
        plan: the plan itself.
        violations: what the checker found, a line each; empty for a plan that may be flown.
    """

    key: str
    measures: tuple[Measures, ...]
    plan: Plan
    violations: tuple[str, ...]


def make_task(
    network: Network, orders: tuple[Order, ...], effort: Effort, costs: CostModel | None
) -> Task:
    """A task under its key: equal content, equal key, whatever scenario led to it."""
    content = replace(network, digest="")
    key = digest_of(content, orders, effort, costs, program_digest())
    return Task(key, network, orders, effort, costs)


def run_task(task: Task) -> Outcome | tuple[Fault, ...]:
    """Plan a task; faults are returned, since an exception of ours does not travel well."""
    effort = task.effort
    try:
        day = plan_day(
            task.network,
            task.orders,
            seed=effort.seed,
            iterations=effort.iterations,
            time_limit_s=effort.time_limit_s,
            gap=effort.gap,
            proves=effort.proves,
            threads=effort.threads,
            allows_impossible=True,
            start=task.start,
            cache_dir=task.cache_dir,
        )
    except InputError as error:
        return error.faults
    return Outcome(
        key=task.key,
        measures=measure_day(task.network, task.orders, day, task.costs),
        plan=day.plan,
        violations=tuple(violation.text("en") for violation in day.violations),
    )


@cache
def load_kernels() -> None:
    """Load the search's compiled code into this process; workers forked from it have it too."""
    solve_instance(sample_instance(), seed=1, iterations=1, threads=1, proves=False)


@cache
def program_digest() -> str:
    """Digest of the source text that plans and measures: another program, other results."""
    total = hashlib.sha256()
    for folder in ("geo", "routing"):
        for path in sorted((_PROGRAM / folder).rglob("*.py")):
            name = path.relative_to(_PROGRAM).as_posix()
            if name != "routing/report/figures.py" and name.startswith(_SILENT_PARTS):
                continue
            total.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
