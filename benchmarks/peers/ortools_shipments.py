"""OR-Tools model: every order a pickup and a delivery node, hubs visited many times.

Windows, handovers, turnaround, ride limits and loads are plain dimensions, which the filters of
the local search see. Energy is kept with ``safe_capacity`` on board of every leg (transits that
depend on the load are not reachable from Python); at every node of a hub
``CumulVar + SlackVar == capacity``, without which the well-known refuelling pattern flies past its
pack. Not given: segregation, bands, pads, packs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp

from benchmarks.peers.places import Places, build_places
from benchmarks.peers.sheet import NO_LEG_S, NO_LIMIT, UNSERVED_COST, Sheet, sortie_limit

Event = tuple[int, bool]


@dataclass(slots=True)
class ShipmentModel:
    """A model and how to read it.

    Nodes ``0 .. N - 1`` are pickups, ``N .. 2 N - 1`` deliveries, then one depot a hub.
    """

    manager: pywrapcp.RoutingIndexManager
    routing: pywrapcp.RoutingModel
    homes: list[int]
    num_orders: int

    def events(self, assignment: Any, vehicle: int) -> list[Event]:
        """Events of a route in order."""
        found: list[Event] = []
        index = self.routing.Start(vehicle)
        while not self.routing.IsEnd(index):
            node = self.manager.IndexToNode(index)
            if node < 2 * self.num_orders:
                found.append((node % self.num_orders, node < self.num_orders))
            index = assignment.Value(self.routing.NextVar(index))
        return found


def build_shipments(sheet: Sheet) -> ShipmentModel:
    """The model of a sheet."""
    places = build_places(sheet)
    count = sheet.num_orders
    hubs = sheet.hubs
    owners = sheet.hub if sheet.is_sortie_a_vehicle else sheet.home
    homes = [int(home) for home in owners]
    place = np.array(
        [places.pickup(sheet, i) for i in range(count)]
        + [places.delivery(sheet, i) for i in range(count)]
        + [places.depot[hub] for hub in hubs]
    )
    ends = [2 * count + hubs.index(home) for home in homes]
    manager = pywrapcp.RoutingIndexManager(place.size, len(homes), ends, ends)
    routing = pywrapcp.RoutingModel(manager)
    cost = places.limit if sheet.is_sortie_a_vehicle else places.cost
    routing.SetArcCostEvaluatorOfAllVehicles(_register(routing, cost[np.ix_(place, place)]))
    if sheet.is_sortie_a_vehicle:
        routing.SetFixedCostOfAllVehicles(sheet.sortie_cost)
    model = ShipmentModel(manager, routing, homes, count)
    _add_time(sheet, model, places, place)
    _add_loads(sheet, model)
    _add_limit(sheet, model, places, place)
    _add_orders(sheet, model)
    return model


def _register(routing: pywrapcp.RoutingModel, matrix: np.ndarray) -> int:
    return int(
        routing.RegisterTransitMatrix(np.minimum(matrix, NO_LEG_S).astype(np.int64).tolist())
    )


def _add_time(sheet: Sheet, model: ShipmentModel, places: Places, place: np.ndarray) -> None:
    horizon = int(sheet.end.max())
    routing = model.routing
    times = _register(routing, places.time[np.ix_(place, place)])
    routing.AddDimension(times, horizon, horizon, False, "time")
    clock = routing.GetDimensionOrDie("time")
    for i in range(model.num_orders):
        for node in (i, model.num_orders + i):
            index = model.manager.NodeToIndex(node)
            clock.CumulVar(index).SetRange(int(sheet.ready[i]), int(sheet.due[i]))
    for vehicle in range(len(model.homes)):
        for index in (routing.Start(vehicle), routing.End(vehicle)):
            clock.CumulVar(index).SetRange(int(sheet.start.min()), horizon)


def _add_orders(sheet: Sheet, model: ShipmentModel) -> None:
    routing, manager, count = model.routing, model.manager, model.num_orders
    clock = routing.GetDimensionOrDie("time")
    solver = routing.solver()
    for i in range(count):
        pickup, delivery = manager.NodeToIndex(i), manager.NodeToIndex(count + i)
        routing.AddPickupAndDelivery(pickup, delivery)
        solver.Add(routing.VehicleVar(pickup) == routing.VehicleVar(delivery))
        solver.Add(clock.CumulVar(pickup) <= clock.CumulVar(delivery))
        if sheet.ride[i] < NO_LIMIT:
            end = sheet.hub[i] if sheet.is_inward[i] else sheet.site[i]
            ride = int(sheet.ride[i]) - int(sheet.handover[end])
            solver.Add(clock.CumulVar(delivery) - clock.CumulVar(pickup) <= ride)
        routing.AddDisjunction([pickup], UNSERVED_COST[int(sheet.tier[i])] // 2)
        routing.AddDisjunction([delivery], UNSERVED_COST[int(sheet.tier[i])] // 2)
        if len(sheet.hubs) > 1:
            own = [v for v, home in enumerate(model.homes) if home == sheet.hub[i]]
            for index in (pickup, delivery):
                routing.VehicleVar(index).SetValues([-1, *own])


def _add_loads(sheet: Sheet, model: ShipmentModel) -> None:
    routing = model.routing
    rest = [0] * len(sheet.hubs)
    is_safe = bool(sheet.energy_max)
    capacity = sheet.safe_capacity if is_safe else sheet.capacity
    for name, change, limit in (
        ("mass", sheet.mass, capacity),
        ("slots", sheet.order_slots, sheet.slots),
    ):
        values = [*change.tolist(), *(-change).tolist(), *rest]
        callback = routing.RegisterUnaryTransitVector(values)
        routing.AddDimension(callback, 0, int(limit), True, name)


def _add_limit(sheet: Sheet, model: ShipmentModel, places: Places, place: np.ndarray) -> None:
    """What a sortie may use: all of a route when it is one sortie, else reset at the hub."""
    _, limit = sortie_limit(sheet)
    if not limit:
        return
    routing, solver = model.routing, model.routing.solver()
    legs = np.minimum(places.limit[np.ix_(place, place)], 10 * limit)
    if sheet.is_sortie_a_vehicle:
        routing.AddDimension(_register(routing, legs), 0, limit, True, "limit")
        return
    is_hub = np.isin(place, [*places.load.values(), *places.unload.values()])
    leaves = is_hub[:, None] & ~np.isin(places.site[place], sheet.hubs)[None, :]
    routing.AddDimension(_register(routing, legs - limit * leaves), limit, limit, True, "limit")
    dimension = routing.GetDimensionOrDie("limit")
    for node in range(2 * model.num_orders):
        index = model.manager.NodeToIndex(node)
        slack = dimension.SlackVar(index)
        if is_hub[node]:
            # Exactly full after every swap: without this a sortie flies past its pack.
            solver.Add(dimension.CumulVar(index) + slack == limit)
        else:
            slack.SetValue(0)
    for vehicle in range(len(model.homes)):
        dimension.SlackVar(routing.Start(vehicle)).SetValue(0)
