"""VROOM (pyvroom): every order a shipment, so that a drone passes its hub many times.

Given: drones, duty, ready, deadlines, handovers, turnaround, capacity, slots, flight + sortie
cost. Not given (VROOM has none): battery, ride limits, segregation, bands, pads, packs.
"""

from __future__ import annotations

import time
from datetime import timedelta

import numpy as np
import vroom

from benchmarks.peers.places import Places, build_places, one_trip_each, split_trips
from benchmarks.peers.sheet import NO_LIMIT, Answer, Sheet, Stop, sortie_limit

REMARK = "no battery, ride limits, segregation, bands, pads, packs"
REMARK_SORTIES = "one sortie a vehicle, drones by the scheduler; battery at {load} kg (safe)"
REMARK_COMMON = "faithful"
LEVELS = (0, 1, 3, 5)
FAR = 1_000_000


def solve(sheet: Sheet, seed: int, seconds: float, options: dict[str, str]) -> Answer:
    """Solve at rising exploration levels while time is left, keep the best. It takes no seed."""
    del seed, options
    began = time.perf_counter()
    places = build_places(sheet)
    best: vroom.Solution | None = None
    progress: list[tuple[float, float]] = []
    for level in LEVELS:
        left = seconds - (time.perf_counter() - began)
        if best is not None and left < 0.1 * seconds:
            break
        found = _problem(sheet, places).solve(
            exploration_level=level, nb_threads=2, timeout=timedelta(seconds=max(0.1, left))
        )
        if best is None or _rank(found) < _rank(best):
            best = found
            progress.append((time.perf_counter() - began, float(found.summary.cost)))
    assert best is not None  # the first level always runs
    wall_s = time.perf_counter() - began
    return Answer(_routes(sheet, best), wall_s, progress[0][0], tuple(progress), _remark(sheet))


def _rank(solution: vroom.Solution) -> tuple[int, int]:
    return solution.summary.unassigned, solution.summary.cost


def _remark(sheet: Sheet) -> str:
    if sheet.energy_max:
        is_cut = sheet.is_sortie_a_vehicle
        return REMARK_SORTIES.format(load=sheet.safe_capacity / 1_000) if is_cut else REMARK
    return REMARK_COMMON


def _problem(sheet: Sheet, places: Places) -> vroom.Input:
    problem = vroom.Input()
    problem.set_durations_matrix("car", places.time)
    problem.set_costs_matrix("car", np.minimum(places.cost, FAR))
    problem.set_distances_matrix("car", np.minimum(places.limit, FAR))
    for i in range(sheet.num_orders):
        problem.add_job(_shipment(sheet, places.pickup(sheet, i), places.delivery(sheet, i), i))
    limit = {"max_distance": sortie_limit(sheet)[1]} if sheet.is_sortie_a_vehicle else {}
    for vehicle, hub in enumerate(_homes(sheet)):
        problem.add_vehicle(
            vroom.Vehicle(
                vehicle,
                start=places.depot[hub],
                end=places.depot[hub],
                capacity=[sheet.capacity, sheet.slots],
                time_window=vroom.TimeWindow(int(sheet.start.min()), int(sheet.end.max())),
                **limit,
            )
        )
    return problem


def _homes(sheet: Sheet) -> list[int]:
    """Home of each vehicle; with one sortie each, as many of a hub as it has orders."""
    if sheet.is_sortie_a_vehicle:
        return [int(hub) for hub in sheet.hub]
    return [int(hub) for hub in sheet.home]


def _shipment(sheet: Sheet, pickup: int, delivery: int, order: int) -> vroom.Shipment:
    ready, due = int(sheet.ready[order]), int(sheet.due[order])
    last = min(NO_LIMIT, due)
    return vroom.Shipment(
        vroom.ShipmentStep(order, pickup, time_windows=[vroom.TimeWindow(ready, last)]),
        vroom.ShipmentStep(order, delivery, time_windows=[vroom.TimeWindow(ready, last)]),
        amount=[int(sheet.mass[order]), int(sheet.order_slots[order])],
        priority=(100, 60, 20)[int(sheet.tier[order])],
    )


def _routes(sheet: Sheet, solution: vroom.Solution) -> tuple[tuple[tuple[Stop, ...], ...], ...]:
    events: dict[int, list[tuple[int, bool]]] = {}
    for row in solution.routes.to_dict("records"):
        if row["type"] in ("pickup", "delivery"):
            events.setdefault(int(row["vehicle_id"]), []).append(
                (int(row["id"]), row["type"] == "pickup")
            )
    homes = _homes(sheet)
    routes = tuple(
        split_trips(sheet, homes[vehicle], events.get(vehicle, ())) for vehicle in range(len(homes))
    )
    return one_trip_each(routes) if sheet.is_sortie_a_vehicle else routes
