"""Pickup and delivery with time windows (Li & Lim 2001).

Owns the format and a judge. Euclidean, not rounded; windows bound the start of service; one depot,
one route a vehicle. Fewest vehicles first, then least distance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.literature.plain import Plain, Request, build
from benchmarks.literature.verdict import Known, Routes, Verdict, missing_faults, read_rows
from routing.solver.instance import Instance

VEHICLE_COST = 1.0e5
"""Above any distance of these instances, so that fewer vehicles always win."""
TIME_EPS = 1e-6


@dataclass(frozen=True, slots=True)
class Node:
    x: float
    y: float
    demand: int
    ready: float
    due: float
    service: float
    pickup: int
    delivery: int


@dataclass(frozen=True, slots=True)
class Raw:
    """One file: ``nodes[0]`` is the depot; ``delivery`` of a pickup is its partner."""

    name: str
    vehicles: int
    capacity: int
    nodes: tuple[Node, ...]


def read(path: Path) -> Raw:
    """Read a Li & Lim text file."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    vehicles, capacity = int(rows[0][0]), int(rows[0][1])
    nodes = tuple(
        Node(
            float(r[1]), float(r[2]), int(r[3]), float(r[4]), float(r[5]), float(r[6]),
            int(r[7]), int(r[8]),
        )
        for r in rows[1:]
    )  # fmt: skip
    return Raw(path.stem, vehicles, capacity, nodes)


def instance(raw: Raw) -> Instance:
    """The numeric instance: every task its own site, one sortie a drone, drones dear."""
    x = np.array([node.x for node in raw.nodes])
    y = np.array([node.y for node in raw.nodes])
    depot = raw.nodes[0]
    requests = tuple(
        Request(i, node.delivery, node.demand, (node.ready, node.due), _window(raw, node.delivery))
        for i, node in enumerate(raw.nodes)
        if node.delivery
    )
    return build(
        Plain(
            travel=np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]),
            handover=np.array([node.service for node in raw.nodes]),
            bases=(0,),
            requests=requests,
            capacity=raw.capacity,
            homes=(0,) * raw.vehicles,
            day=(depot.ready, depot.due),
            cost_drone=VEHICLE_COST,
            sorties_per_drone=1,
        )
    )


def _window(raw: Raw, node: int) -> tuple[float, float]:
    return raw.nodes[node].ready, raw.nodes[node].due


def judge(raw: Raw, routes: Routes) -> Verdict:
    """Recompute an answer; ``cost`` is the distance, vehicles stand beside it."""
    faults = missing_faults(routes, range(1, len(raw.nodes)))
    distance, vehicles = 0.0, 0
    for vehicle, trips in enumerate(routes):
        used = [trip for trip in trips if trip]
        if len(used) > 1:
            faults.append(f"vehicle {vehicle} drives {len(used)} routes")
        for trip in used:
            vehicles += 1
            distance += _drive(raw, vehicle, trip, faults)
    if vehicles > raw.vehicles:
        faults.append(f"{vehicles} vehicles of {raw.vehicles}")
    return Verdict(distance, vehicles, vehicles, tuple(faults))


def _drive(raw: Raw, vehicle: int, trip: tuple[int, ...], faults: list[str]) -> float:
    time, load, distance, here = raw.nodes[0].ready, 0, 0.0, 0
    for place, there in enumerate((*trip, 0)):
        node = raw.nodes[there]
        leg = math.hypot(raw.nodes[here].x - node.x, raw.nodes[here].y - node.y)
        distance += leg
        time = max(time + leg, node.ready)
        if time > node.due + TIME_EPS:
            faults.append(f"vehicle {vehicle}: node {there} reached at {time}, due {node.due}")
        time += node.service
        load += node.demand
        if load > raw.capacity:
            faults.append(f"vehicle {vehicle}: {load} on board after node {there}")
        if there and node.pickup and node.pickup not in trip[:place]:
            faults.append(f"vehicle {vehicle}: node {there} before its pickup {node.pickup}")
        here = there
    return distance


def known(folder: Path) -> dict[str, Known]:
    """Best known vehicles and distance of a folder, by instance."""
    return {
        row["instance"]: Known(float(row["distance"]), None, int(row["vehicles"]))
        for row in read_rows(folder / "bks.csv")
    }
