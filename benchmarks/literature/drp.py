"""Multi-trip drone routing with load-dependent energy (Cheng, Adulyasak & Rousseau 2020).

Owns the format, the objectives R, E and R+E, and a judge. Deliveries from a depot; travel time =
travel cost = Euclidean distance, not rounded; no service time; a pack of 0.27 kWh a trip, with
P(q) = 101.0438 (3 + q)^1.5 W for q kg on board; any number of trips a drone, swap in no time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.literature.plain import Plain, Request, build
from benchmarks.literature.verdict import Known, Routes, Verdict, missing_faults, read_rows
from routing.solver.instance import Instance

Objective = Literal["R", "E", "R+E"]
OBJECTIVES: tuple[Objective, ...] = ("R", "E", "R+E")
CAPACITY_HECTOGRAMS = 15
PACK_KWH = 0.27
COST_PER_KWH = 360.0
POWER_W = 101.0438
FRAME_KG = 3.0
JOULES_PER_KWH = 3.6e6
TIME_EPS = 1e-6


@dataclass(frozen=True, slots=True)
class Node:
    x: float
    y: float
    demand_hectograms: int
    ready: float
    due: float


@dataclass(frozen=True, slots=True)
class Raw:
    """One file: ``nodes[0]`` is the depot, its copy at the end is dropped."""

    name: str
    drones: int
    nodes: tuple[Node, ...]


def read(path: Path) -> Raw:
    """Read ``Set_A*_Cust_*.txt``."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    customers, drones = int(lines[0][1]), int(lines[1][1])
    rows = [row for row in lines[2:] if row[0].isdigit()]
    nodes = tuple(
        Node(float(r[1]), float(r[2]), round(10 * float(r[3])), float(r[4]), float(r[5]))
        for r in rows
        if int(r[0]) <= customers
    )
    return Raw(path.stem, drones, nodes)


def instance(raw: Raw, objective: Objective) -> Instance:
    """The numeric instance: mass in tenths of a kilogram, energy in kWh."""
    x = np.array([node.x for node in raw.nodes])
    y = np.array([node.y for node in raw.nodes])
    depot = raw.nodes[0]
    load_kg = np.arange(CAPACITY_HECTOGRAMS + 1) / 10
    requests = tuple(
        Request(
            0, i, node.demand_hectograms, (depot.ready, depot.due), (node.ready, node.due)
        )
        for i, node in enumerate(raw.nodes)
        if i > 0
    )  # fmt: skip
    return build(
        Plain(
            travel=np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]),
            handover=np.zeros(len(raw.nodes)),
            bases=(0,),
            requests=requests,
            capacity=CAPACITY_HECTOGRAMS,
            homes=(0,) * raw.drones,
            day=(depot.ready, depot.due),
            cruise_power=POWER_W * (FRAME_KG + load_kg) ** 1.5 / JOULES_PER_KWH,
            usable=PACK_KWH,
            cost_flight=0.0 if objective == "E" else 1.0,
            cost_energy=0.0 if objective == "R" else COST_PER_KWH,
        )
    )


def judge(raw: Raw, objective: Objective, routes: Routes) -> Verdict:
    """Recompute an answer: each drone flies its trips in the order given, as early as it can."""
    faults = missing_faults(routes, range(1, len(raw.nodes)))
    distance = energy_kwh = 0.0
    flown = [tuple(trip for trip in trips if trip) for trips in routes]
    for drone, trips in enumerate(flown):
        time = raw.nodes[0].ready
        for trip in trips:
            time, trip_distance, trip_kwh = _fly(raw, drone, trip, time, faults)
            distance += trip_distance
            energy_kwh += trip_kwh
    used = sum(1 for trips in flown if trips)
    if used > raw.drones:
        faults.append(f"{used} drones of {raw.drones}")
    cost = (distance if objective != "E" else 0.0) + (
        COST_PER_KWH * energy_kwh if objective != "R" else 0.0
    )
    return Verdict(cost, used, sum(len(trips) for trips in flown), tuple(faults))


def _fly(
    raw: Raw, drone: int, trip: tuple[int, ...], time: float, faults: list[str]
) -> tuple[float, float, float]:
    load = sum(raw.nodes[i].demand_hectograms for i in trip)
    if load > CAPACITY_HECTOGRAMS:
        faults.append(f"drone {drone}, trip {trip}: {load / 10} kg on board")
    distance = energy_kwh = 0.0
    here = 0
    for there in (*trip, 0):
        leg = math.hypot(
            raw.nodes[here].x - raw.nodes[there].x, raw.nodes[here].y - raw.nodes[there].y
        )
        distance += leg
        energy_kwh += leg * POWER_W * (FRAME_KG + load / 10) ** 1.5 / JOULES_PER_KWH
        node = raw.nodes[there]
        time += leg
        if time > node.due + TIME_EPS:
            faults.append(f"drone {drone}, trip {trip}: node {there} reached at {time}")
        if there:
            time = max(time, node.ready)
            load -= node.demand_hectograms
        here = there
    if energy_kwh > PACK_KWH + 1e-9:
        faults.append(f"drone {drone}, trip {trip}: {energy_kwh} kWh of {PACK_KWH}")
    return time, distance, energy_kwh


def known(folder: Path) -> dict[tuple[str, Objective], Known]:
    """Published bounds of a folder, by instance and objective."""
    found: dict[tuple[str, Objective], Known] = {}
    for row in read_rows(folder / "bks.csv"):
        objective = row["objective"].split(":")[0]
        for name in OBJECTIVES:
            if name == objective:
                found[row["instance"], name] = Known(float(row["UB"]), float(row["LB"]))
    return found
