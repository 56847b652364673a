"""OR-Tools routing: guided local search, or iterated local search with SISR.

The model is ``ortools_shipments``: every node of a hub is a reload node. Of the formulations tried
it is the one that finds plans; reload nodes in chains, with the sortie's tightest deadline carried
in a dimension, had no first plan of a day of 160 orders within 10 s. Transits are C++ matrices: a
Python callback that raises or returns a float gives objective 0 and status OPTIMAL without a word.
One thread: routing has no more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2, routing_ils_pb2

from benchmarks.peers.ortools_shipments import ShipmentModel, build_shipments
from benchmarks.peers.places import one_trip_each, split_trips
from benchmarks.peers.sheet import UNSERVED_COST, Answer, Sheet, Trip

REMARK = "battery at {load} kg on every leg (safe); no segregation, bands, pads, packs"
REMARK_SORTIES = "one sortie a vehicle, drones by the scheduler; battery at {load} kg (safe)"
REMARK_COMMON = "faithful"
STARTS = (
    "LOCAL_CHEAPEST_INSERTION",
    "PARALLEL_CHEAPEST_INSERTION",
    "PATH_CHEAPEST_ARC",
    "SAVINGS",
)
START_SHARE = 0.3
"""Share of the time limit the chain of start strategies may use."""
MAX_ORDERS = 3_000


@dataclass(slots=True)
class Trace:
    """Better plans as they come."""

    began: float
    found: list[tuple[float, float]] = field(default_factory=list)


def solve(sheet: Sheet, seed: int, seconds: float, options: dict[str, str]) -> Answer:
    """Solve; ``mode`` is ``gls`` or ``ils``. Routing takes no seed."""
    del seed
    if sheet.num_orders > MAX_ORDERS:
        return Answer((), 0.0, remark=f"not tried: its matrices hold {MAX_ORDERS} orders at most")
    trace = Trace(time.perf_counter())
    model = build_shipments(sheet)
    routing = model.routing

    def note() -> None:
        value = float(routing.CostVar().Max())
        if not trace.found or value < trace.found[-1][1]:
            trace.found.append((time.perf_counter() - trace.began, value))

    routing.AddAtSolutionCallback(note)
    start, name = _start(routing, trace.began + START_SHARE * seconds)
    left = seconds - (time.perf_counter() - trace.began)
    best = _improve(routing, start, name, options.get("mode", "gls"), left) if left > 0.2 else start
    wall_s = time.perf_counter() - trace.began
    routes = _read(sheet, model, best) if best is not None else ()
    first_s = next((t for t, cost in trace.found if cost < min(UNSERVED_COST) / 2), None)
    return Answer(
        routes, wall_s, first_s, tuple(trace.found), _remark(sheet),
        {"start": name, "cost": best.ObjectiveValue() if best is not None else None},
    )  # fmt: skip


def _remark(sheet: Sheet) -> str:
    if not sheet.energy_max:
        return REMARK_COMMON
    text = REMARK_SORTIES if sheet.is_sortie_a_vehicle else REMARK
    return text.format(load=sheet.safe_capacity / 1_000)


def _start(routing: pywrapcp.RoutingModel, until: float) -> tuple[Any, str]:
    """Best plan of a chain of start strategies, and its strategy."""
    best, name = None, STARTS[0]
    for strategy in STARTS:
        left = until - time.perf_counter()
        if left <= 0.05 and best is not None:
            break
        found = routing.SolveWithParameters(_parameters(strategy, max(left, 0.5), first_only=True))
        better = _better(routing, best, found)
        if better is not best:
            best, name = better, strategy
    return best, name


def _parameters(strategy: str, seconds: float, *, first_only: bool = False) -> Any:
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    value = getattr(routing_enums_pb2.FirstSolutionStrategy, strategy)
    parameters.first_solution_strategy = value
    parameters.time_limit.FromMilliseconds(max(50, int(1_000 * seconds)))
    if first_only:
        parameters.solution_limit = 1
    return parameters


def _improve(
    routing: pywrapcp.RoutingModel, start: Any, strategy: str, mode: str, seconds: float
) -> Any:
    """Improve a plan; guided local search takes over what is left when the iterated one ends."""
    until = time.perf_counter() + seconds
    best = start
    if mode == "ils":
        parameters = _parameters(strategy, seconds)
        _set_sisr(parameters.iterated_local_search_parameters)
        best = _better(routing, best, routing.SolveWithIteratedLocalSearch(parameters))
    left = until - time.perf_counter()
    if left > max(0.2, 0.05 * seconds):
        parameters = _parameters(strategy, left)
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        found = (
            routing.SolveFromAssignmentWithParameters(best, parameters)
            if best is not None
            else routing.SolveWithParameters(parameters)
        )
        best = _better(routing, best, found)
    return best


def _better(routing: pywrapcp.RoutingModel, best: Any, found: Any) -> Any:
    """The better of two plans; what is found is copied, as the next search overwrites it."""
    if found is None or (best is not None and best.ObjectiveValue() <= found.ObjectiveValue()):
        return best
    return routing.solver().Assignment(found)


def _set_sisr(parameters: Any) -> None:
    """Ruin by strings and recreate (Christiaens & Vanden Berghe 2020), simulated annealing."""
    sisr = parameters.ruin_recreate_parameters.ruin_strategies.add().sisr
    sisr.max_removed_sequence_size = 10
    sisr.avg_num_removed_visits = 10
    sisr.bypass_factor = 0.5
    heuristic = routing_enums_pb2.FirstSolutionStrategy.LOCAL_CHEAPEST_INSERTION
    parameters.ruin_recreate_parameters.recreate_strategy.heuristic = heuristic
    accept = parameters.reference_solution_acceptance_strategy.simulated_annealing
    accept.cooling_schedule_strategy = routing_ils_pb2.CoolingScheduleStrategy.EXPONENTIAL
    accept.automatic_temperatures = True


def _read(sheet: Sheet, model: ShipmentModel, best: Any) -> tuple[tuple[Trip, ...], ...]:
    routes = tuple(
        split_trips(sheet, home, model.events(best, vehicle))
        for vehicle, home in enumerate(model.homes)
    )
    return one_trip_each(routes) if sheet.is_sortie_a_vehicle else routes
