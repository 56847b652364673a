"""PyVRP: time run backwards with release dates, or every order a shipment.

``backwards`` (inward orders only, exact): reversed in time, "at the hub by the deadline" becomes
"a trip leaves the hub not before its latest release date", which PyVRP has. An event is the
moment a handover starts; its duration lies on the leg into the site, so that orders of one site
share it. ``shipments`` (outward orders too): drones pass their hub as in ``vroom_peer``.

Not given (PyVRP 0.14.1 has none a trip): battery, ride limits, segregation, bands, pads, packs.
In C2 a vehicle is one sortie and ``max_distance`` its time in the air.
"""

from __future__ import annotations

import time

import numpy as np
import pyvrp
from pyvrp import (
    Client,
    Depot,
    Location,
    ProblemData,
    Result,
    Shipment,
    SolveParams,
    VehicleType,
)
from pyvrp.search import NeighbourhoodParams
from pyvrp.stop import MaxRuntime

from benchmarks.peers.places import Places, build_places, one_trip_each, split_trips
from benchmarks.peers.sheet import (
    NO_LIMIT,
    UNSERVED_COST,
    Answer,
    Sheet,
    Stop,
    Trip,
    sortie_limit,
)

REMARK = "no battery, ride limits, segregation, bands, pads, packs"
REMARK_SORTIES = "one sortie a vehicle, drones by the scheduler; battery at {load} kg (safe)"
REMARK_COMMON = "faithful"


def solve(sheet: Sheet, seed: int, seconds: float, options: dict[str, str]) -> Answer:
    """Solve; ``num_neighbours`` and ``formulation`` are the options."""
    began = time.perf_counter()
    is_backwards = bool(sheet.is_inward.all()) and options.get("formulation") != "shipments"
    places = build_places(sheet)
    model = _backwards(sheet) if is_backwards else _shipments(sheet, places)
    params = SolveParams(
        neighbourhood=NeighbourhoodParams(num_neighbours=int(options.get("num_neighbours", "200")))
    )
    left = max(0.1, seconds - (time.perf_counter() - began))
    result = pyvrp.solve(model, MaxRuntime(left), seed=seed, display=False, params=params)
    wall_s = time.perf_counter() - began
    progress = _progress(result, wall_s - result.runtime)
    routes = _read_backwards(sheet, result) if is_backwards else _read_shipments(sheet, result)
    return Answer(
        routes, wall_s, progress[0][0] if progress else None, progress,
        _remark(sheet),
        {"feasible": result.is_feasible(), "cost": _finite(result.cost())},
    )  # fmt: skip


def _remark(sheet: Sheet) -> str:
    if sheet.energy_max:
        is_cut = sheet.is_sortie_a_vehicle
        return REMARK_SORTIES.format(load=sheet.safe_capacity / 1_000) if is_cut else REMARK
    return REMARK_COMMON


def _finite(cost: float) -> float | None:
    return float(cost) if np.isfinite(cost) else None


def _progress(result: Result, offset_s: float) -> tuple[tuple[float, float], ...]:
    """Each better feasible plan as PyVRP's own statistics tell it."""
    found: list[tuple[float, float]] = []
    clock = offset_s
    for runtime, datum in zip(result.stats.runtimes, result.stats.data, strict=False):
        clock += runtime
        if datum.best_feas and (not found or datum.best_cost < found[-1][1]):
            found.append((clock, float(datum.best_cost)))
    return tuple(found)


# --- backwards ---------------------------------------------------------------------------------


def _horizon(sheet: Sheet) -> int:
    return int(sheet.end.max())


def _backwards(sheet: Sheet) -> ProblemData:
    horizon = _horizon(sheet)
    hub = sheet.hubs[0]
    handover = sheet.handover.copy()
    handover[hub] = 0
    # Backwards the leg i -> j was flown from j to i, and j's handover comes before its event.
    flown = sheet.travel.T
    duration = flown + handover[None, :]
    distance = flown.copy()
    distance[hub, :] += sheet.sortie_cost
    np.fill_diagonal(duration, 0)
    np.fill_diagonal(distance, 0)
    if sheet.is_sortie_a_vehicle:
        distance = flown.copy()
        np.fill_diagonal(distance, 0)
    clients = [
        Client(
            int(sheet.site[i]),
            delivery=[int(sheet.mass[i]), int(sheet.order_slots[i])],
            tw_late=horizon - int(sheet.ready[i]),
            release_time=max(0, horizon - int(sheet.due[i])),
            prize=UNSERVED_COST[int(sheet.tier[i])],
            required=False,
        )
        for i in range(sheet.num_orders)
    ]
    return ProblemData(
        [Location(0, 0) for _ in range(sheet.travel.shape[0])],
        clients,
        [Depot(hub), Depot(hub, service_duration=sheet.turnaround)],
        [_vehicles(sheet, horizon)],
        [distance.astype(np.int64)],
        [duration.astype(np.int64)],
    )


def _vehicles(sheet: Sheet, horizon: int) -> VehicleType:
    capacity = [sheet.capacity, sheet.slots]
    if sheet.is_sortie_a_vehicle:
        return VehicleType(
            sheet.num_orders, capacity, fixed_cost=sheet.sortie_cost, tw_late=horizon,
            max_distance=sheet.air_max,
        )  # fmt: skip
    return VehicleType(
        len(sheet.home), capacity, tw_late=horizon - int(sheet.start.min()), reload_depots=[1]
    )


def _read_backwards(sheet: Sheet, result: Result) -> tuple[tuple[Trip, ...], ...]:
    """Turn every trip and every vehicle's order of trips round again."""
    hub = sheet.hubs[0]
    routes = []
    for route in result.best.routes():
        trips: dict[int, list[int]] = {}
        for activity in route:
            if activity.is_client():
                trips.setdefault(activity.trip, []).append(activity.idx)
        events = [
            event
            for number in sorted(trips, reverse=True)
            for event in [
                *((order, True) for order in reversed(trips[number])),
                *((order, False) for order in trips[number]),
            ]
        ]
        routes.append(split_trips(sheet, hub, events))
    return one_trip_each(routes) if sheet.is_sortie_a_vehicle else tuple(routes)


# --- shipments ---------------------------------------------------------------------------------


def _shipments(sheet: Sheet, places: Places) -> ProblemData:
    shipments = [
        Shipment(
            places.pickup(sheet, i),
            places.delivery(sheet, i),
            pickup_tw_early=int(sheet.ready[i]),
            pickup_tw_late=min(NO_LIMIT, int(sheet.due[i])),
            delivery_tw_early=int(sheet.ready[i]),
            delivery_tw_late=min(NO_LIMIT, int(sheet.due[i])),
            amount=[int(sheet.mass[i]), int(sheet.order_slots[i])],
            prize=UNSERVED_COST[int(sheet.tier[i])],
            required=False,
        )
        for i in range(sheet.num_orders)
    ]
    hubs = sheet.hubs
    is_cut = sheet.is_sortie_a_vehicle
    owners = [int(hub) for hub in (sheet.hub if is_cut else sheet.home)]
    # A vehicle of one sortie pays for it as a vehicle, so that its distance is its limit alone.
    extra = (
        {"max_distance": sortie_limit(sheet)[1], "fixed_cost": sheet.sortie_cost} if is_cut else {}
    )
    types = [
        VehicleType(
            owners.count(hub),
            [sheet.capacity, sheet.slots],
            start_depot=k,
            end_depot=k,
            tw_early=int(sheet.start.min()),
            tw_late=int(sheet.end.max()),
            **extra,
        )
        for k, hub in enumerate(hubs)
    ]
    return ProblemData(
        [Location(0, 0) for _ in range(places.site.size)],
        [],
        [Depot(places.depot[hub]) for hub in hubs],
        types,
        [(places.limit if is_cut else places.cost).astype(np.int64)],
        [places.time.astype(np.int64)],
        shipments=shipments,
    )


def _read_shipments(sheet: Sheet, result: Result) -> tuple[tuple[tuple[Stop, ...], ...], ...]:
    routes = []
    for route in result.best.routes():
        hub = sheet.hubs[route.vehicle_type()]
        events = [(a.idx, a.is_pickup()) for a in route if a.is_shipment()]
        routes.append(split_trips(sheet, hub, events))
    return one_trip_each(routes) if sheet.is_sortie_a_vehicle else tuple(routes)
