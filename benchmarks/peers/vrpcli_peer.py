"""vrp-cli (reinterpretcat/vrp), in two formulations.

``shipments``: every order a pickup-and-delivery job, so that a drone passes its hub many times;
exact for common ground C1 and C2, but its battery (``recharges``) hardly lets such jobs in: it is
left out. ``reloads``: inward orders are pickups and outward ones deliveries, with reloads and
recharges at the hub. The battery is then kept as a flight time since the last recharge, with
``safe_capacity`` on board (safe); "at the hub by the deadline" becomes a window at the site that
leaves ``MARGIN_S`` for the rest of the sortie (neither safe nor exact).

Not given in either: ride limits, segregation, bands, pads, packs.
"""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np
import vrp_cli

from benchmarks.peers.places import Places, build_places, one_trip_each, split_trips
from benchmarks.peers.sheet import NO_LEG_S, Answer, Sheet, Stop, sortie_limit

REMARKS = {
    "shipments": "no battery, ride limits, segregation, bands, pads, packs",
    "reloads": "battery as flight time at a safe load; deadlines approximated at the site; "
    "no ride limits, segregation, bands, pads, packs",
    "sorties": "one sortie a vehicle, drones by the scheduler; battery at a safe load",
}
REMARK_COMMON = "faithful"
MARGIN_S = 600
TASKS = ("pickup", "delivery")


def solve(sheet: Sheet, seed: int, seconds: float, options: dict[str, str]) -> Answer:
    """Solve; ``formulation`` is the option. It takes no seed."""
    del seed
    began = time.perf_counter()
    places = build_places(sheet)
    formulation = options.get("formulation", "shipments")
    has_reloads = formulation == "reloads"
    problem = _reloads(sheet, places) if has_reloads else _shipments(sheet, places)
    config = {
        "termination": {"maxTime": max(1, round(seconds))},
        "environment": {
            "parallelism": {"numThreadPools": 1, "threadsPerPool": 2},
            "logging": {"enabled": False},
        },
    }
    solution = json.loads(
        vrp_cli.solve_pragmatic(
            problem=json.dumps(problem),
            matrices=[json.dumps(_matrix(sheet, places, _num_places(problem)))],
            config=json.dumps(config),
        )
    )
    wall_s = time.perf_counter() - began
    routes = _read_reloads(sheet, solution) if has_reloads else _read_shipments(sheet, solution)
    remark = REMARKS["sorties" if sheet.is_sortie_a_vehicle else formulation]
    remark = remark if sheet.energy_max else REMARK_COMMON
    return Answer(routes, wall_s, None, (), remark, {"cost": solution["statistic"]["cost"]})


def flight_limit(sheet: Sheet) -> int:
    """Seconds in the air that any sortie's energy allows, 0 for no battery.

    Energy of a leg is a line in its flight time; the steepest leg bounds them all.
    """
    if not sheet.energy_max:
        return sheet.air_max
    flown = (sheet.travel > 0) & (sheet.travel < NO_LEG_S)
    per_second = (sheet.energy[flown] / sheet.travel[flown]).max()
    return int(sheet.energy_max / per_second)


def _matrix(sheet: Sheet, places: Places, size: int) -> dict[str, Any]:
    """The first ``size`` places: vrp-cli wants no row that no job or depot uses at the end."""
    far = 1_000_000
    # A vehicle of one sortie pays for it as a vehicle, so that its distance is its limit alone.
    distance = places.limit if sheet.is_sortie_a_vehicle else places.cost
    return {
        "profile": "drone",
        "travelTimes": np.minimum(places.time[:size, :size], far).ravel().tolist(),
        "distances": np.minimum(distance[:size, :size], far).ravel().tolist(),
    }


def _num_places(problem: dict[str, Any]) -> int:
    """One more than the largest place a problem names."""
    tasks = [
        place["location"]["index"]
        for job in problem["plan"]["jobs"]
        for task in (*job.get("pickups", ()), *job.get("deliveries", ()))
        for place in task["places"]
    ]
    depots = [
        vehicle["shifts"][0]["start"]["location"]["index"]
        for vehicle in problem["fleet"]["vehicles"]
    ]
    return int(max(tasks + depots)) + 1


def _problem(jobs: list[dict[str, Any]], vehicles: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "plan": {"jobs": jobs},
        "fleet": {"vehicles": vehicles, "profiles": [{"name": "drone"}]},
        "objectives": [[{"type": "minimize-unassigned"}], [{"type": "minimize-cost"}]],
    }


def _task(sheet: Sheet, i: int, place: int, early: int, late: int) -> list[dict[str, Any]]:
    window = [_clock(early), _clock(max(early, late))]
    return [
        {
            "places": [{"location": {"index": place}, "duration": 0, "times": [window]}],
            "demand": [int(sheet.mass[i]), int(sheet.order_slots[i])],
        }
    ]


def _vehicle(sheet: Sheet, places: Places, hub: int, capacity: int) -> dict[str, Any]:
    owners = sheet.hub if sheet.is_sortie_a_vehicle else sheet.home
    drones = int((owners == hub).sum())
    start, end = int(sheet.start.min()), int(sheet.end.max())
    depot = {"index": places.depot[hub]}
    return {
        "typeId": f"hub{hub}",
        "vehicleIds": [f"hub{hub}-{k}" for k in range(drones)],
        "profile": {"matrix": "drone"},
        "costs": {"fixed": 0, "distance": 1, "time": 0},
        "shifts": [
            {
                "start": {"earliest": _clock(start), "location": depot},
                "end": {"latest": _clock(end), "location": depot},
            }
        ],
        "capacity": [capacity, sheet.slots],
    }


def _shipments(sheet: Sheet, places: Places) -> dict[str, Any]:
    jobs = []
    for i in range(sheet.num_orders):
        ready, due = int(sheet.ready[i]), int(sheet.due[i])
        jobs.append(
            {
                "id": str(i),
                "pickups": _task(sheet, i, places.pickup(sheet, i), ready, due),
                "deliveries": _task(sheet, i, places.delivery(sheet, i), ready, due),
            }
        )
    vehicles = [_vehicle(sheet, places, hub, sheet.capacity) for hub in sheet.hubs]
    if sheet.is_sortie_a_vehicle:
        for vehicle in vehicles:
            vehicle["limits"] = {"maxDistance": sortie_limit(sheet)[1]}
            vehicle["costs"]["fixed"] = sheet.sortie_cost
    return _problem(jobs, vehicles)


def _reloads(sheet: Sheet, places: Places) -> dict[str, Any]:
    jobs = []
    for i in range(sheet.num_orders):
        site, hub = int(sheet.site[i]), int(sheet.hub[i])
        ready, due = int(sheet.ready[i]), int(sheet.due[i])
        if sheet.is_inward[i]:
            back_s = int(sheet.handover[site] + sheet.travel[site, hub])
            task = {"pickups": _task(sheet, i, site, ready, due - back_s - MARGIN_S)}
        else:
            out_s = int(sheet.handover[hub] + sheet.travel[hub, site])
            task = {"deliveries": _task(sheet, i, site, ready + out_s + MARGIN_S, due)}
        jobs.append({"id": str(i), **task})
    capacity = sheet.safe_capacity if sheet.energy_max else sheet.capacity
    vehicles = [_vehicle(sheet, places, hub, capacity) for hub in sheet.hubs]
    limit = flight_limit(sheet)
    for vehicle, hub in zip(vehicles, sheet.hubs, strict=True):
        stops = max(1, sheet.num_orders // len(vehicle["vehicleIds"]))
        depot = {"index": places.depot[hub]}
        shift = vehicle["shifts"][0]
        shift["reloads"] = [{"location": depot, "duration": sheet.turnaround}] * stops
        if limit:
            station = {"location": depot, "duration": 0}
            shift["recharges"] = {
                "maxDistance": limit + sheet.sortie_cost,
                "stations": [station] * stops,
            }
    return _problem(jobs, vehicles)


def _clock(seconds: int) -> str:
    day, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    return f"2026-11-{23 + day:02d}T{hours:02d}:{rest // 60:02d}:{rest % 60:02d}Z"


def _read_shipments(
    sheet: Sheet, solution: dict[str, Any]
) -> tuple[tuple[tuple[Stop, ...], ...], ...]:
    routes = []
    for hub, activities in _tours(solution):
        events = [(int(job), kind == "pickup") for job, kind in activities if kind in TASKS]
        routes.append(split_trips(sheet, hub, events))
    return one_trip_each(routes) if sheet.is_sortie_a_vehicle else tuple(routes)


def _read_reloads(
    sheet: Sheet, solution: dict[str, Any]
) -> tuple[tuple[tuple[Stop, ...], ...], ...]:
    """Cut at every reload and recharge; hub ends of the orders are put back in by the cut."""
    routes = []
    for hub, activities in _tours(solution):
        trips: list[tuple[Stop, ...]] = []
        events: list[tuple[int, bool]] = []
        for job, kind in [*activities, ("", "arrival")]:
            if kind in TASKS:
                events.append((int(job), kind == "pickup"))
            elif kind in ("reload", "recharge", "arrival") and events:
                trips += split_trips(sheet, hub, events)
                events = []
        routes.append(tuple(trips))
    return tuple(routes)


def _tours(solution: dict[str, Any]) -> list[tuple[int, list[tuple[str, str]]]]:
    return [
        (
            int(tour["typeId"].removeprefix("hub")),
            [(a["jobId"], a["type"]) for stop in tour["stops"] for a in stop["activities"]],
        )
        for tour in solution["tours"]
    ]
