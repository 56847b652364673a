"""Our own engine in the benchmark: one call for a day, one for an instance.

Owns how its results become answers. Knows the engine's interface and nothing of its inside.
"""

from __future__ import annotations

import time
from collections import defaultdict
from dataclasses import dataclass, field

from benchmarks.days import Day
from benchmarks.literature.verdict import Routes
from benchmarks.peers.places import one_trip_each
from benchmarks.peers.sheet import Answer, Sheet, Stop, Trip
from benchmarks.sheets import common_instance
from routing.legs import LegTables
from routing.plan import Plan
from routing.progress import Progress
from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.running import InstanceResult
from routing.solver.solution import Trip as Sequence
from routing.solver.solve import solve


@dataclass(frozen=True, slots=True)
class DayResult:
    """A day's plan; ``progress`` holds (seconds, cost) of plans that serve as many at the end."""

    plan: Plan
    wall_s: float
    first_s: float | None
    progress: list[tuple[float, float]]


@dataclass(slots=True)
class _Watch:
    """Notes better plans as the engine tells of them."""

    began: float
    plans: list[tuple[float, int, float]] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        terms = progress.objective
        if terms is not None:
            unserved = terms.unserved_stat + terms.unserved_urgent + terms.unserved_routine
            self.plans.append((time.perf_counter() - self.began, unserved, terms.cost_s))


def plan_day(day: Day, legs: LegTables, seed: int, seconds: float) -> DayResult:
    """Plan a day within a wall time; the leg table is given, as it is to every peer."""
    watch = _Watch(time.perf_counter())
    plan = solve(day.network, day.orders, legs, seed=seed, time_limit_s=seconds, on_progress=watch)
    wall_s = time.perf_counter() - watch.began
    first_s = next((at for at, unserved, _ in watch.plans if unserved == 0), None)
    fewest = min((unserved for _, unserved, _ in watch.plans), default=0)
    progress = [(at, cost) for at, unserved, cost in watch.plans if unserved == fewest]
    return DayResult(plan, wall_s, first_s, progress)


@dataclass(frozen=True, slots=True)
class PlainResult:
    """An instance's answer as nodes; ``bound`` is a proven lower bound of the value."""

    routes: Routes
    served: int
    bound: float | None
    first_s: float | None
    wall_s: float
    progress: list[tuple[float, float]]
    method: str


def solve_plain(
    instance: Instance, seed: int, seconds: float | None = None, iterations: int | None = None
) -> PlainResult:
    """Solve an instance of the literature; a trip is the sites of its tasks."""
    result, wall_s = _solve(instance, seed, seconds, iterations)
    routes: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for trip in result.solution.trips:
        sites = [int(instance.task_site[task]) for task in trip.tasks]
        routes[trip.drone].append(tuple(site for site in sites if not instance.is_base[site]))
    served = instance.num_orders - len(result.solution.unserved)
    return PlainResult(
        tuple(tuple(trips) for trips in routes.values()),
        served,
        result.bound,
        result.first_complete_s,
        wall_s,
        [(at, value) for at, value, unserved in result.history if unserved == 0],
        result.method,
    )


@dataclass(frozen=True, slots=True)
class CommonResult:
    """Common ground: an answer like any peer's, and the bound."""

    answer: Answer
    bound: float | None


def solve_common(
    sheet: Sheet, seed: int, seconds: float | None = None, iterations: int | None = None
) -> CommonResult:
    """Solve a common-ground sheet within a wall time or a number of iterations."""
    instance = common_instance(sheet)
    result, wall_s = _solve(instance, seed, seconds, iterations)
    routes: dict[int, list[Trip]] = defaultdict(list)
    hub = sheet.hubs[0]
    for trip in result.solution.trips:
        routes[trip.drone].append(_stops(instance, hub, trip))
    kept = tuple(tuple(trips) for trips in routes.values())
    progress = tuple((at, value) for at, value, unserved in result.history if unserved == 0)
    answer = Answer(
        one_trip_each(kept) if sheet.is_sortie_a_vehicle else kept,
        wall_s, result.first_complete_s, progress, "faithful",
    )  # fmt: skip
    return CommonResult(answer, result.bound)


def _stops(instance: Instance, hub: int, trip: Sequence) -> Trip:
    """A trip of pickups as stops; everything is unloaded at the hub."""
    stops: list[tuple[int, list[int]]] = []
    for task in trip.tasks:
        site = int(instance.task_site[task])
        if not stops or stops[-1][0] != site:
            stops.append((site, []))
        stops[-1][1].append(int(instance.task_order[task]))
    inner = tuple(Stop(site, tuple(loaded)) for site, loaded in stops)
    loaded = tuple(order for stop in inner for order in stop.loaded)
    return (Stop(hub), *inner, Stop(hub, (), loaded))


def _solve(
    instance: Instance, seed: int, seconds: float | None, iterations: int | None
) -> tuple[InstanceResult, float]:
    began = time.perf_counter()
    result = solve_instance(instance, seed=seed, time_limit_s=seconds, iterations=iterations)
    return result, time.perf_counter() - began
