"""VROOM (pyvroom): every order a shipment, so that a drone passes its hub many times.

Given: drones, duty, ready, deadlines, handovers, turnaround, capacity, slots, flight + sortie
cost. Not given (VROOM has none): battery, ride limits, segregation, bands, pads, packs.
"""

from __future__ import annotations

import time
from datetime import timedelta

import numpy as np
import vroom

from benchmarks.peers.places import build_places, one_trip_each, split_trips
from benchmarks.peers.sheet import NO_LIMIT, Answer, Sheet, Stop

REMARK = "no battery, ride limits, segregation, bands, pads, packs"
REMARK_C2 = "one sortie a vehicle, at most air_max travel"


def solve(sheet: Sheet, seed: int, seconds: float, options: dict[str, str]) -> Answer:
    """Solve; ``exploration`` 0-5 is the option. VROOM has no seed."""
    del seed
    began = time.perf_counter()
    places = build_places(sheet)
    problem = vroom.Input()
    problem.set_durations_matrix("car", places.time)
    cost = np.minimum(places.cost, 1_000_000)
    problem.set_costs_matrix("car", cost)
    problem.set_distances_matrix("car", np.minimum(sheet.travel[np.ix_(places.site, places.site)],
                                                   1_000_000))  # fmt: skip
    for order in range(sheet.num_orders):
        problem.add_job(_shipment(sheet, places.pickup(sheet, order), places.delivery(sheet, order),
                                  order))  # fmt: skip
    for vehicle, hub in enumerate(_homes(sheet)):
        limit = {"max_distance": sheet.air_max} if sheet.is_sortie_a_vehicle else {}
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
    solution = problem.solve(
        exploration_level=int(options.get("exploration", "5")),
        nb_threads=2,
        timeout=timedelta(seconds=seconds),
    )
    wall_s = time.perf_counter() - began
    return Answer(
        _routes(sheet, solution), wall_s, first_s=wall_s,
        remark=REMARK_C2 if sheet.is_sortie_a_vehicle else REMARK,
    )  # fmt: skip


def _homes(sheet: Sheet) -> list[int]:
    if sheet.is_sortie_a_vehicle:
        return [int(sheet.home[0])] * sheet.num_orders
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
