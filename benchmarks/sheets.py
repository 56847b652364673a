"""Days and common ground as sheets for the peers, and common ground as an instance for us.

Owns what is handed to every peer: all from the one leg table the planner flies by. Common ground
are the sub-problems that peers state faithfully:

- C1: K drones, many sorties; every order picked up from its ready time and at the hub by its
  deadline; 5 kg; turnaround; no other limit. Cost: seconds in the air + 120 a sortie.
- C2: drones unlimited, each flies one sortie of at most 3,600 s in the air.
- C3: C1 with at most 3,600 s in the air a sortie.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.days import Day
from benchmarks.literature.plain import Plain, Request, build
from benchmarks.peers.sheet import NO_LEG_S, NO_LIMIT, Sheet
from routing.legs import LegTable, LegTables
from routing.network import TIERS
from routing.orders import Order
from routing.solver.instance import Instance

COMMON = ("C1", "C2", "C3")
COMMON_CAPACITY_G = 5_000
COMMON_SLOTS = 1_000
COMMON_AIR_S = 3_600
GRAMS_PER_UNIT = 10
MICRO = 1_000_000
SAFE_SHARE = 0.6
"""Share of the free payload that peers with a battery may load: their energy is computed with it
on board on every leg, an upper bound for every smaller load."""


def day_sheet(day: Day, legs: LegTables) -> Sheet:
    """The day as peers see it: one drone type, one weather, so one pack for all hours.

    Raises:
        ValueError: the weather changes over the day, which no peer is told.
    """
    network = day.network
    if len(network.weather.periods) != 1:
        raise ValueError(f"{day.name}: peers are given one weather for the whole day")
    drone = network.drone_types[network.drones[0].type_id]
    table = legs.for_type(drone.id)
    index = table.site_index
    free_kg = drone.payload_max_kg - drone.box_tare_kg
    safe_kg = SAFE_SHARE * free_kg
    handover = np.array([site.handover_s for site in network.sites], dtype=np.int64)
    bases = {base.site_id for base in network.bases}
    ends = [_ends(order, bases) for order in day.orders]
    receipt = [order.destinations[0] for order in day.orders]
    return Sheet(
        name=day.name,
        travel=_whole_seconds(table),
        handover=handover,
        energy=_energy(table, safe_kg),
        energy_max=int(MICRO * _safe_pack(day, table, safe_kg)),
        home=np.array([index[d.home_site_id] for d in network.drones], dtype=np.int64),
        start=np.array([d.duty.start_s for d in network.drones], dtype=np.int64),
        end=np.array([d.duty.end_s for d in network.drones], dtype=np.int64),
        turnaround=drone.turnaround_s,
        capacity=int(1_000 * free_kg),
        safe_capacity=int(1_000 * safe_kg),
        slots=drone.slots,
        sortie_cost=int(network.weights.sortie),
        air_max=0,
        is_sortie_a_vehicle=False,
        hub=np.array([index[hub] for hub, _ in ends], dtype=np.int64),
        site=np.array([index[site] for _, site in ends], dtype=np.int64),
        is_inward=np.array([o.origin not in bases for o in day.orders]),
        mass=np.array([round(1_000 * o.mass_kg) for o in day.orders], dtype=np.int64),
        order_slots=np.array([o.slots for o in day.orders], dtype=np.int64),
        tier=np.array([TIERS.index(o.tier) for o in day.orders], dtype=np.int64),
        ready=np.array([o.ready_s for o in day.orders], dtype=np.int64),
        due=np.array(
            [o.deadline_s - handover[index[r]] for o, r in zip(day.orders, receipt, strict=True)],
            dtype=np.int64,
        ),
        ride=np.array([o.ride_limit_s or NO_LIMIT for o in day.orders], dtype=np.int64),
    )


def _ends(order: Order, bases: set[str]) -> tuple[str, str]:
    """(hub, site) of an order between a base and a site."""
    if order.origin in bases:
        return order.origin, order.destinations[0]
    return order.destinations[0], order.origin


def _whole_seconds(table: LegTable) -> np.ndarray:
    flight = np.where(np.isfinite(table.flight_s), table.flight_s, NO_LEG_S)
    return flight.astype(np.int64)


def _energy(table: LegTable, load_kg: float) -> np.ndarray:
    """Millionths of a pack, rounded up, with this load on every leg."""
    size = table.flight_s.shape[0]
    # Energy is linear in cruise seconds: two legs give the line, all others follow from it.
    flown = np.isfinite(table.cruise_s) & ~np.eye(size, dtype=bool)
    energy = np.full((size, size), 10 * MICRO, dtype=np.int64)
    pairs = np.argwhere(flown)
    pack = np.array([table.energy_pack(int(i), int(j), load_kg) for i, j in pairs])
    energy[flown] = np.ceil(MICRO * pack).astype(np.int64)
    np.fill_diagonal(energy, 0)
    return energy


def _safe_pack(day: Day, table: LegTable, load_kg: float) -> float:
    """Packs a sortie may use: R4.1, and R4.2 with the farthest diversion of the day."""
    rules = day.network.rules
    if not rules.has_diversion_reserve:
        return table.usable_pack
    sites = range(table.divert_s.shape[0])
    farthest = max(table.diversion_pack(k, load_kg, rules.diversion_hover_s) for k in sites)
    return min(table.usable_pack, table.available_pack - farthest)


def common_sheet(day: Day, legs: LegTables, rule: str) -> Sheet:
    """A common-ground problem on a day's places and times, all orders turned inward."""
    sheet = day_sheet(day, legs)
    handover = sheet.handover.copy()
    for hub in sheet.hubs:
        handover[hub] = 0
    count = sheet.num_orders
    return replace(
        sheet,
        name=f"{rule}-{day.name}",
        handover=handover,
        energy_max=0,
        capacity=COMMON_CAPACITY_G,
        safe_capacity=COMMON_CAPACITY_G,
        slots=COMMON_SLOTS,
        air_max=0 if rule == "C1" else COMMON_AIR_S,
        is_sortie_a_vehicle=rule == "C2",
        is_inward=np.ones(count, dtype=np.bool_),
        # Rounded up to the engine's unit, so that both sides see the same masses.
        mass=-(-sheet.mass // GRAMS_PER_UNIT) * GRAMS_PER_UNIT,
        ride=np.full(count, NO_LIMIT, dtype=np.int64),
        tier=np.full(count, 2, dtype=np.int64),
    )


def common_instance(sheet: Sheet) -> Instance:
    """The same problem for the engine, its other rules switched off.

    A limit on the time in the air is an energy of one unit a second.
    """
    capacity = sheet.capacity // GRAMS_PER_UNIT
    hub = sheet.hubs[0]
    drones = sheet.num_orders if sheet.is_sortie_a_vehicle else len(sheet.home)
    day = (float(sheet.start.min()), float(sheet.end.max()))
    requests = tuple(
        Request(
            origin=int(sheet.site[i]),
            destination=hub,
            mass=int(sheet.mass[i]) // GRAMS_PER_UNIT,
            pickup_window=(float(sheet.ready[i]), float(sheet.due[i])),
            delivery_window=(0.0, float(sheet.due[i])),
        )
        for i in range(sheet.num_orders)
    )
    has_limit = sheet.air_max > 0
    return build(
        Plain(
            travel=np.where(sheet.travel >= NO_LEG_S, np.inf, sheet.travel.astype(np.float64)),
            handover=sheet.handover.astype(np.float64),
            bases=(hub,),
            requests=requests,
            capacity=capacity,
            homes=(hub,) * drones,
            day=day,
            turnaround=float(sheet.turnaround),
            cruise_power=np.ones(capacity + 1) if has_limit else np.zeros(0),
            usable=float(sheet.air_max) if has_limit else np.inf,
            cost_sortie=float(sheet.sortie_cost),
            sorties_per_drone=1 if sheet.is_sortie_a_vehicle else 1_000_000,
        )
    )
