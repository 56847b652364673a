"""Multi-trip VRP with time windows and release dates (Yang 2023), as VRPLIB text.

Owns the format, the solution format and a judge. All distances and times are tenths:
``d = floor(10 x Euclid)``, windows, service and release dates x 10. A trip leaves the depot not
before the latest release date of its customers; cost is the sum of ``d`` over all trips.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.literature.plain import Plain, Request, build
from benchmarks.literature.verdict import Known, Routes, Verdict, missing_faults
from routing.solver.instance import Instance


@dataclass(frozen=True, slots=True)
class Raw:
    """One file in tenths; index 0 is the depot, customers keep the numbers of the ``.sol``."""

    name: str
    vehicles: int
    capacity: int
    service: int
    xy: tuple[tuple[float, float], ...]
    demand: tuple[int, ...]
    window: tuple[tuple[int, int], ...]
    release: tuple[int, ...]


def read(path: Path) -> Raw:
    """Read a ``.vrp`` file."""
    head: dict[str, str] = {}
    sections: dict[str, list[list[str]]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip().endswith("_SECTION"):
            section = line.strip().removesuffix("_SECTION")
            sections[section] = []
        elif ":" in line:
            key, _, value = line.partition(":")
            head[key.strip()] = value.strip()
        elif section and line.strip() and line.strip() != "EOF":
            sections[section].append(line.split())
    return Raw(
        name=path.stem,
        vehicles=int(head["VEHICLES"]),
        capacity=int(head["CAPACITY"]),
        service=10 * int(head["SERVICE_TIME"]),
        xy=tuple((float(row[1]), float(row[2])) for row in sections["NODE_COORD"]),
        demand=tuple(int(row[1]) for row in sections["DEMAND"]),
        window=tuple((10 * int(row[1]), 10 * int(row[2])) for row in sections["TIME_WINDOW"]),
        release=tuple(10 * int(row[1]) for row in sections["RELEASE_TIME"]),
    )


def instance(raw: Raw) -> Instance:
    """The numeric instance: a release date is the start of the pickup window at the depot."""
    xy = np.array(raw.xy)
    apart = np.sqrt(((xy[:, None] - xy[None, :]) ** 2).sum(axis=2))
    handover = np.full(len(raw.xy), float(raw.service))
    handover[0] = 0.0
    first, last = raw.window[0]
    requests = tuple(
        Request(0, i, raw.demand[i], (float(raw.release[i]), float(last)), _floats(raw.window[i]))
        for i in range(1, len(raw.xy))
    )
    return build(
        Plain(
            travel=np.floor(10 * apart + 1e-9),
            handover=handover,
            bases=(0,),
            requests=requests,
            capacity=raw.capacity,
            homes=(0,) * raw.vehicles,
            day=(float(first), float(last)),
        )
    )


def _floats(window: tuple[int, int]) -> tuple[float, float]:
    return float(window[0]), float(window[1])


def judge(raw: Raw, routes: Routes) -> Verdict:
    """Recompute an answer in whole tenths; each vehicle drives its trips in the order given."""
    faults = missing_faults(routes, range(1, len(raw.xy)))
    cost, trips_used, vehicles = 0, 0, 0
    for vehicle, trips in enumerate(routes):
        time = raw.window[0][0]
        vehicles += any(trips)
        for trip in trips:
            if trip:
                time, driven = _drive(raw, vehicle, trip, time, faults)
                cost += driven
                trips_used += 1
    if vehicles > raw.vehicles:
        faults.append(f"{vehicles} vehicles of {raw.vehicles}")
    return Verdict(float(cost), vehicles, trips_used, tuple(faults))


def _drive(
    raw: Raw, vehicle: int, trip: tuple[int, ...], time: int, faults: list[str]
) -> tuple[int, int]:
    if sum(raw.demand[i] for i in trip) > raw.capacity:
        faults.append(f"vehicle {vehicle}, trip {trip}: over capacity")
    time = max([time, *(raw.release[i] for i in trip)])
    driven, here = 0, 0
    for there in (*trip, 0):
        leg = math.floor(10 * math.dist(raw.xy[here], raw.xy[there]) + 1e-9)
        driven += leg
        early, late = raw.window[there]
        time = max(time + leg, early)
        if time > late:
            faults.append(f"vehicle {vehicle}, trip {trip}: node {there} reached at {time}")
        time += raw.service if there else 0
        here = there
    return time, driven


def read_solution(path: Path) -> tuple[Routes, Known]:
    """Read a ``.sol`` file: 0 inside a route is a return to the depot."""
    routes: list[tuple[tuple[int, ...], ...]] = []
    cost, is_optimal = math.inf, False
    for line in path.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(":")
        if key.startswith("Route"):
            routes.append(_split([int(word) for word in value.split()]))
        elif key == "Cost":
            cost = float(value)
        elif key == "Optimal":
            is_optimal = value.strip() == "True"
    return tuple(routes), Known(cost, cost if is_optimal else None)


def _split(nodes: list[int]) -> tuple[tuple[int, ...], ...]:
    trips: list[tuple[int, ...]] = []
    trip: list[int] = []
    for node in [*nodes, 0]:
        if node:
            trip.append(node)
        elif trip:
            trips.append(tuple(trip))
            trip = []
    return tuple(trips)
