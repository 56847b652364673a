"""OR-Tools routing: clients and reload nodes, guided local search or iterated local search.

A node is an order at its site; every drone owns a chain of reload nodes at its hub which it
always visits (an empty sortie costs nothing), so that insertion heuristics see the sorties.
Dimensions, all kept by transits in C++ matrices (a Python callback that raises or returns a float
would give objective 0 and status OPTIMAL without a word):

- ``time``: start of the handover; at a reload node the landing.
- ``due``: the tightest deadline of the sortie's inward orders, as ``H - due``: it only rises along
  a sortie and falls at a reload; landing + due <= H there. Deadlines at the hub are exact so.
- ``loading``: start of the sortie's handover at the hub, constant along a sortie: ready times and
  ride limits of outward orders. (Ride limits of inward orders are not given.)
- ``load`` and ``picked``: all mass on board, and the mass picked up since the hub.
- ``energy``: of every leg with ``safe_capacity`` on board, a safe bound (transits that depend on
  the load are not reachable from Python). The well-known refuelling pattern lets a sortie fly
  past its pack; here ``CumulVar + SlackVar == capacity`` at every reload closes it.

Not given: slots, segregation, bands, pads, packs. One thread: routing has no more.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2, routing_ils_pb2

from benchmarks.peers.places import one_trip_each, split_trips
from benchmarks.peers.sheet import NO_LEG_S, NO_LIMIT, UNSERVED_COST, Answer, Sheet, Trip

REMARK = "energy at {load} kg on every leg (safe); no slots, segregation, bands, pads, packs"
REMARK_COMMON = "faithful"
STARTS = (
    "PARALLEL_CHEAPEST_INSERTION",
    "LOCAL_CHEAPEST_INSERTION",
    "PATH_CHEAPEST_ARC",
    "SAVINGS",
)
START_SHARE = 0.3
"""Share of the time limit the chain of start strategies may use."""
ORDERS_PER_SORTIE = 2.5
MAX_NODES = 5_000


@dataclass(slots=True)
class Layout:
    """Nodes: clients ``0 .. N - 1``, then reload nodes, then one depot for each hub."""

    clients: int
    reload_vehicle: list[int]
    homes: list[int]
    site: np.ndarray
    is_hub: np.ndarray
    depot: dict[int, int]


@dataclass(slots=True)
class Trace:
    """Better plans as they come."""

    began: float
    found: list[tuple[float, float]] = field(default_factory=list)


def solve(sheet: Sheet, seed: int, seconds: float, options: dict[str, str]) -> Answer:
    """Solve; ``mode`` is ``gls`` or ``ils``. Routing takes no seed."""
    del seed
    trace = Trace(time.perf_counter())
    layout = _layout(sheet)
    if layout.site.size > MAX_NODES:
        return Answer((), 0.0, remark=f"not tried: over {MAX_NODES} nodes")
    manager, routing = _model(sheet, layout)

    def note() -> None:
        value = float(routing.CostVar().Max())
        if not trace.found or value < trace.found[-1][1]:
            trace.found.append((time.perf_counter() - trace.began, value))

    routing.AddAtSolutionCallback(note)
    start, name = _start(routing, trace.began + START_SHARE * seconds)
    left = seconds - (time.perf_counter() - trace.began)
    best = _improve(routing, start, name, options.get("mode", "gls"), left) if left > 0.2 else start
    wall_s = time.perf_counter() - trace.began
    routes = _read(sheet, layout, manager, routing, best) if best is not None else ()
    first_s = next((t for t, cost in trace.found if cost < min(UNSERVED_COST)), None)
    remark = REMARK.format(load=sheet.safe_capacity / 1000) if sheet.energy_max else REMARK_COMMON
    return Answer(
        routes, wall_s, first_s, tuple(trace.found), remark,
        {"start": name, "cost": best.ObjectiveValue() if best is not None else None},
    )  # fmt: skip


def _layout(sheet: Sheet) -> Layout:
    count = sheet.num_orders
    if sheet.is_sortie_a_vehicle:
        homes, reloads = [sheet.hubs[0]] * count, []
    else:
        homes = [int(home) for home in sheet.home]
        each = 2 + int(np.ceil(count / ORDERS_PER_SORTIE / len(homes)))
        reloads = [vehicle for vehicle in range(len(homes)) for _ in range(each)]
    hubs = sheet.hubs
    site = np.concatenate((sheet.site, [homes[v] for v in reloads], hubs)).astype(np.int64)
    is_hub = np.arange(site.size) >= count
    depot = {hub: count + len(reloads) + k for k, hub in enumerate(hubs)}
    return Layout(count, reloads, homes, site, is_hub, depot)


def _model(
    sheet: Sheet, layout: Layout
) -> tuple[pywrapcp.RoutingIndexManager, pywrapcp.RoutingModel]:
    ends = [layout.depot[home] for home in layout.homes]
    manager = pywrapcp.RoutingIndexManager(layout.site.size, len(ends), ends, ends)
    routing = pywrapcp.RoutingModel(manager)
    flight = sheet.travel[np.ix_(layout.site, layout.site)]
    cost = flight + np.where(layout.is_hub[:, None] & ~layout.is_hub[None, :], sheet.sortie_cost, 0)
    routing.SetArcCostEvaluatorOfAllVehicles(_register(routing, cost))
    for i in range(layout.clients):
        routing.AddDisjunction([manager.NodeToIndex(i)], UNSERVED_COST[int(sheet.tier[i])])
        if len(sheet.hubs) > 1:
            own = [v for v, home in enumerate(layout.homes) if home == sheet.hub[i]]
            routing.VehicleVar(manager.NodeToIndex(i)).SetValues([-1, *own])
    for k, vehicle in enumerate(layout.reload_vehicle):
        index = manager.NodeToIndex(layout.clients + k)
        routing.VehicleVar(index).SetValue(vehicle)
    _add_time(sheet, layout, manager, routing, flight)
    _add_due(sheet, layout, manager, routing)
    if not sheet.is_inward.all():
        _add_loading(sheet, layout, manager, routing)
    _add_loads(sheet, layout, manager, routing)
    _add_energy(sheet, layout, manager, routing)
    return manager, routing


def _register(routing: pywrapcp.RoutingModel, matrix: np.ndarray) -> int:
    whole = np.minimum(matrix, NO_LEG_S).astype(np.int64)
    return int(routing.RegisterTransitMatrix(whole.tolist()))


def _hub_indices(
    layout: Layout, manager: pywrapcp.RoutingIndexManager, routing: pywrapcp.RoutingModel
) -> tuple[list[int], list[int], list[int]]:
    """Indices of reload nodes, of routes' starts and of their ends."""
    vehicles = range(len(layout.homes))
    reloads = [manager.NodeToIndex(layout.clients + k) for k in range(len(layout.reload_vehicle))]
    return reloads, [routing.Start(v) for v in vehicles], [routing.End(v) for v in vehicles]


def _add_time(
    sheet: Sheet,
    layout: Layout,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
    flight: np.ndarray,
) -> None:
    """From a reload: turnaround + flight; from a depot: flight; from a client: handover + flight,
    nothing between orders of one site (they share the handover)."""
    handover = sheet.handover[layout.site]
    is_depot = np.arange(layout.site.size) >= layout.clients + len(layout.reload_vehicle)
    leave = np.where(layout.is_hub, np.where(is_depot, 0, sheet.turnaround), handover)
    seconds = flight + leave[:, None]
    seconds[layout.site[:, None] == layout.site[None, :]] = 0
    horizon = int(sheet.end.max())
    routing.AddDimension(_register(routing, seconds), horizon, horizon, False, "time")
    dimension = routing.GetDimensionOrDie("time")
    for i in range(layout.clients):
        h = int(sheet.handover[sheet.site[i]])
        late = int(sheet.due[i]) - (
            h + int(sheet.travel[sheet.site[i], sheet.hub[i]]) if sheet.is_inward[i] else 0
        )
        dimension.CumulVar(manager.NodeToIndex(i)).SetRange(int(sheet.ready[i]), late)
    for vehicle in range(len(layout.homes)):
        for index in (routing.Start(vehicle), routing.End(vehicle)):
            dimension.CumulVar(index).SetRange(int(sheet.start.min()), horizon)


def _add_due(
    sheet: Sheet,
    layout: Layout,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
) -> None:
    horizon = int(sheet.end.max())
    reloads, starts, ends = _hub_indices(layout, manager, routing)
    fall = np.where(layout.is_hub[:, None], -horizon, 0) + np.zeros_like(layout.site)[None, :]
    routing.AddDimension(_register(routing, fall), 2 * horizon, horizon, False, "due")
    dimension = routing.GetDimensionOrDie("due")
    clock = routing.GetDimensionOrDie("time")
    for i in range(layout.clients):
        if sheet.is_inward[i]:
            low = max(0, horizon - int(sheet.due[i]))
            dimension.CumulVar(manager.NodeToIndex(i)).SetMin(low)
    for index in starts:
        dimension.CumulVar(index).SetValue(0)
    for index in (*reloads, *ends):
        routing.solver().Add(dimension.CumulVar(index) + clock.CumulVar(index) <= horizon)


def _add_loading(
    sheet: Sheet,
    layout: Layout,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
) -> None:
    horizon = int(sheet.end.max())
    reloads, starts, _ = _hub_indices(layout, manager, routing)
    zero = np.zeros((layout.site.size, layout.site.size), dtype=np.int64)
    routing.AddDimension(_register(routing, zero), horizon, horizon, False, "loading")
    loading = routing.GetDimensionOrDie("loading")
    clock = routing.GetDimensionOrDie("time")
    solver = routing.solver()
    for i in range(layout.clients):
        index = manager.NodeToIndex(i)
        loading.SlackVar(index).SetValue(0)
        if not sheet.is_inward[i]:
            loading.CumulVar(index).SetMin(int(sheet.ready[i]))
            if sheet.ride[i] < NO_LIMIT:
                received = clock.CumulVar(index) + int(sheet.handover[sheet.site[i]])
                solver.Add(received - loading.CumulVar(index) <= int(sheet.ride[i]))
    h = int(sheet.handover[sheet.hubs[0]])
    for indices, ground_s in ((reloads, sheet.turnaround), (starts, 0)):
        for index in indices:
            begin = loading.CumulVar(index) + loading.SlackVar(index) + h
            solver.Add(begin <= clock.CumulVar(index) + clock.SlackVar(index) + ground_s)


def _add_loads(
    sheet: Sheet,
    layout: Layout,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
) -> None:
    capacity = sheet.safe_capacity if sheet.energy_max else sheet.capacity
    reloads, starts, ends = _hub_indices(layout, manager, routing)
    hubs = int(layout.is_hub.sum())
    picked = np.concatenate((np.where(sheet.is_inward, sheet.mass, 0), np.full(hubs, -capacity)))
    name = _add_mass(routing, layout, "picked", picked, capacity)
    for index in (*reloads, *starts):
        routing.solver().Add(name.CumulVar(index) + name.SlackVar(index) == capacity)
    if sheet.is_inward.all():
        return
    signed = np.where(sheet.is_inward, sheet.mass, -sheet.mass)
    load = _add_mass(
        routing, layout, "load", np.concatenate((signed, np.full(hubs, -capacity))), capacity
    )
    for index in (*reloads, *ends):
        routing.solver().Add(load.CumulVar(index) >= name.CumulVar(index))


def _add_mass(
    routing: pywrapcp.RoutingModel, layout: Layout, name: str, change: np.ndarray, capacity: int
) -> Any:
    matrix = np.repeat(change[:, None], layout.site.size, axis=1)
    routing.AddDimension(_register(routing, matrix), 2 * capacity, capacity, False, name)
    dimension = routing.GetDimensionOrDie(name)
    for node in range(layout.clients):
        # Clients come first in both numberings.
        dimension.SlackVar(node).SetValue(0)
    return dimension


def _add_energy(
    sheet: Sheet,
    layout: Layout,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
) -> None:
    table, limit = sheet.energy, sheet.energy_max
    if not limit:
        table, limit = sheet.travel, sheet.air_max
    if not limit:
        return
    legs = np.minimum(table[np.ix_(layout.site, layout.site)], 10 * limit)
    legs = legs - np.where(layout.is_hub[:, None], limit, 0)
    reloads, starts, _ = _hub_indices(layout, manager, routing)
    routing.AddDimension(_register(routing, legs), limit, limit, False, "energy")
    dimension = routing.GetDimensionOrDie("energy")
    for node in range(layout.clients):
        dimension.SlackVar(manager.NodeToIndex(node)).SetValue(0)
    for index in (*reloads, *starts):
        # Exactly full after every swap: without this a sortie flies past its pack.
        routing.solver().Add(dimension.CumulVar(index) + dimension.SlackVar(index) == limit)


def _start(routing: pywrapcp.RoutingModel, until: float) -> tuple[Any, str]:
    """Best plan of a chain of start strategies, and its strategy."""
    best, name = None, STARTS[0]
    for strategy in STARTS:
        left = until - time.perf_counter()
        if left <= 0.05 and best is not None:
            break
        found = routing.SolveWithParameters(_parameters(strategy, max(left, 0.5), first_only=True))
        if found is not None and (best is None or found.ObjectiveValue() < best.ObjectiveValue()):
            best, name = routing.solver().Assignment(found), strategy
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
    parameters = _parameters(strategy, seconds)
    if mode == "ils":
        _set_sisr(parameters.iterated_local_search_parameters)
        found = routing.SolveWithIteratedLocalSearch(parameters)
    else:
        parameters.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        found = (
            routing.SolveFromAssignmentWithParameters(start, parameters)
            if start is not None
            else routing.SolveWithParameters(parameters)
        )
    if found is None or (start is not None and start.ObjectiveValue() < found.ObjectiveValue()):
        return start
    return found


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


def _read(
    sheet: Sheet,
    layout: Layout,
    manager: pywrapcp.RoutingIndexManager,
    routing: pywrapcp.RoutingModel,
    best: Any,
) -> tuple[tuple[Trip, ...], ...]:
    routes = []
    for vehicle, home in enumerate(layout.homes):
        trips: list[Trip] = []
        events: list[tuple[int, bool]] = []
        index = routing.Start(vehicle)
        while not routing.IsEnd(index):
            index = best.Value(routing.NextVar(index))
            node = layout.clients if routing.IsEnd(index) else manager.IndexToNode(index)
            if node < layout.clients:
                events.append((node, bool(sheet.is_inward[node])))
            elif events:
                trips += split_trips(sheet, home, events)
                events = []
        routes.append(tuple(trips))
    return one_trip_each(routes) if sheet.is_sortie_a_vehicle else tuple(routes)
