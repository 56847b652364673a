"""Turns a peer's answer into a ``Plan``: times, pads, packs and chargers, for our checker.

A small neutral list scheduler. It keeps the peer's sorties, their stops and each drone's order of
sorties; it gives every sortie the earliest times, leaves later instead of waiting on the way, and
delays a sortie by up to ``DELAY_MAX_S`` when a pad is taken and no deadline breaks by it. What
still breaks a rule stays as it is: the checker counts it. Shares nothing with the engine.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field, replace

from benchmarks.days import Day
from benchmarks.peers.sheet import Answer, Sheet, Trip
from routing.legs import LegTable, LegTables
from routing.network import Base, DroneType, Rules
from routing.plan import Charge, Flight, Objective, Plan, Sortie, Stop, Unserved

DELAY_STEP_S = 30
DELAY_MAX_S = 1_800


@dataclass(slots=True)
class Timed:
    """A sortie with its times; ``lands[k]``, ``begins[k]`` and ``leaves[k]`` are of stop ``k``."""

    drone: int
    trip: Trip
    lands: list[int]
    begins: list[int]
    leaves: list[int]
    num_late: int
    pads: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Desk:
    """What the scheduler looks things up in."""

    sheet: Sheet
    rules: Rules
    pads: list[int]
    held: dict[tuple[int, int], list[tuple[int, int]]]


def schedule(day: Day, legs: LegTables, sheet: Sheet, answer: Answer) -> Plan:
    """The answer as a plan of the day; orders the peer left out are unserved."""
    timed = _give_times(day, sheet, answer)
    table = legs.for_type(day.network.drones[0].type_id)
    packs = _give_packs(day, timed)
    sorties = tuple(
        _sortie(day, table, sheet, n, sortie, *packs[n]) for n, sortie in enumerate(timed)
    )
    served = {i for sortie in timed for stop in sortie.trip for i in stop.loaded}
    left = [i for i in range(sheet.num_orders) if i not in served]
    unserved = tuple(
        Unserved(day.orders[i].id, "peer", "Left out by the peer.", "对照求解器未安排。")
        for i in left
    )
    network = day.network
    return Plan(
        network=network.name_en,
        date=network.date,
        digest=network.digest,
        sorties=sorties,
        unserved=unserved,
        objective=_objective(day, sheet, timed, left),
        bound=None,
        gap=None,
    )


def onto_drones(sheet: Sheet, answer: Answer) -> Answer:
    """Put sorties that have no drone on the real ones; a sortie that fits none is left out.

    Sorties in order of their latest take-off; each goes to the drone of its hub that is free last
    before its earliest take-off, else to the one free first.
    """
    sorties = []
    for trip in (trip for route in answer.routes for trip in route):
        plain = _fly(sheet, 0, trip, int(sheet.start.min()))
        if not plain.num_late:
            sorties.append((_latest_takeoff(sheet, plain), plain))
    sorties.sort(key=lambda pair: pair[0])
    free = [int(start) for start in sheet.start]
    routes: list[list[Trip]] = [[] for _ in free]
    for _, plain in sorties:
        drones = [d for d in range(len(free)) if sheet.home[d] == plain.trip[0].site]
        waiting = [d for d in drones if free[d] <= plain.leaves[0]]
        drone = max(waiting, key=free.__getitem__) if waiting else min(drones, key=free.__getitem__)
        flown = _fly(sheet, drone, plain.trip, free[drone])
        if not flown.num_late and flown.lands[-1] <= sheet.end[drone]:
            routes[drone].append(plain.trip)
            free[drone] = flown.lands[-1] + sheet.turnaround
    return replace(answer, routes=tuple(tuple(route) for route in routes))


def _latest_takeoff(sheet: Sheet, timed: Timed) -> int:
    """Take-off as late as the deadlines allow, waiting on the way used up first."""
    slack, waited = 1_000_000, 0
    for k, stop in enumerate(timed.trip[1:], start=1):
        waited += timed.begins[k] - timed.lands[k]
        for order in stop.unloaded:
            slack = min(slack, waited + int(sheet.due[order]) - timed.begins[k])
    return timed.leaves[0] + slack


# --- times and pads ----------------------------------------------------------------------------


def _give_times(day: Day, sheet: Sheet, answer: Answer) -> list[Timed]:
    """Sorties in order of their earliest take-off, each drone's in the order it gave them."""
    desk = Desk(
        sheet, day.network.rules, [site.pads for site in day.network.sites], defaultdict(list)
    )
    queue: list[tuple[int, int, int]] = []
    routes = [list(route) for route in answer.routes]
    for drone, route in enumerate(routes):
        if route:
            first = _fly(sheet, drone, route[0], int(sheet.start[drone]))
            heapq.heappush(queue, (first.leaves[0], drone, 0))
    timed: list[Timed] = []
    free = {drone: int(sheet.start[drone]) for drone in range(len(routes))}
    while queue:
        _, drone, number = heapq.heappop(queue)
        sortie = _place(desk, drone, routes[drone][number], free[drone])
        timed.append(sortie)
        free[drone] = sortie.lands[-1] + sheet.turnaround
        if number + 1 < len(routes[drone]):
            following = _fly(sheet, drone, routes[drone][number + 1], free[drone])
            heapq.heappush(queue, (following.leaves[0], drone, number + 1))
    return timed


def _place(desk: Desk, drone: int, trip: Trip, not_before: int) -> Timed:
    """Earliest times with a free pad everywhere, unless the delay would break a deadline."""
    plain = _fly(desk.sheet, drone, trip, not_before)
    for delay in range(0, DELAY_MAX_S + 1, DELAY_STEP_S):
        sortie = _fly(desk.sheet, drone, trip, plain.leaves[0] + delay) if delay else plain
        if sortie.num_late > plain.num_late:
            break
        if _take_pads(desk, sortie):
            return sortie
    plain.pads = [0] * len(trip)
    for k in range(len(trip)):
        desk.held[trip[k].site, 0].append(_hold(desk, plain, k))
    return plain


def _fly(sheet: Sheet, drone: int, trip: Trip, not_before: int) -> Timed:
    """Earliest times of a sortie, then leaving as late as keeps its landing."""
    first = _simulate(sheet, drone, trip, not_before)
    waits = [begin - land for begin, land in zip(first.begins, first.lands, strict=True)]
    shift, waited = sum(waits[1:-1]), 0
    for k, stop in enumerate(trip[1:-1], start=1):
        waited += waits[k]
        for order in stop.unloaded:
            shift = min(shift, waited + int(sheet.due[order]) - first.begins[k])
    if shift <= 0:
        return first
    later = _simulate(sheet, drone, trip, first.leaves[0] + shift)
    return later if later.num_late <= first.num_late else first


def _simulate(sheet: Sheet, drone: int, trip: Trip, not_before: int) -> Timed:
    base = trip[0]
    h = int(sheet.handover[base.site])
    takeoff = max([not_before, *(int(sheet.ready[i]) + h for i in base.loaded)])
    lands, begins, leaves = [takeoff - h], [takeoff - h], [takeoff]
    late, clock, here = 0, takeoff, base.site
    for stop in trip[1:]:
        land = clock + int(sheet.travel[here, stop.site])
        begin = max([land, *(int(sheet.ready[i]) for i in stop.loaded)])
        late += sum(begin > sheet.due[i] for i in stop.unloaded)
        clock = begin + int(sheet.handover[stop.site])
        lands.append(land)
        begins.append(begin)
        leaves.append(clock)
        here = stop.site
    return Timed(drone, trip, lands, begins, leaves, int(late))


def _hold(desk: Desk, sortie: Timed, k: int) -> tuple[int, int]:
    """Span in which stop ``k`` holds a pad."""
    if k == 0:
        return sortie.leaves[0] - desk.rules.pad_prepare_s, sortie.leaves[0]
    if k == len(sortie.trip) - 1:
        return sortie.lands[k], sortie.lands[k] + desk.rules.pad_clear_s
    return sortie.lands[k], sortie.leaves[k]


def _take_pads(desk: Desk, sortie: Timed) -> bool:
    """Hold a pad at every stop, the headway kept round it; nothing is held when one is missing."""
    gap = desk.rules.headway_s
    taken: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for k, stop in enumerate(sortie.trip):
        start, end = _hold(desk, sortie, k)
        for pad in range(desk.pads[stop.site]):
            key = (stop.site, pad)
            holds = [*desk.held[key], *(span for other, span in taken if other == key)]
            if all(end + gap <= s or e + gap <= start for s, e in holds):
                taken.append((key, (start, end)))
                break
        else:
            return False
    for key, span in taken:
        desk.held[key].append(span)
    sortie.pads = [pad for (_, pad), _ in taken]
    return True


# --- packs and chargers ------------------------------------------------------------------------


def _give_packs(day: Day, timed: list[Timed]) -> list[tuple[str, Charge]]:
    """Pack and charge of each sortie: the pack ready first leaves first, first landed first
    charged. A pack that is not ready is taken all the same when there is no other."""
    network = day.network
    drone = network.drone_types[network.drones[0].type_id]
    stores = {
        sheet_site: _Store(base, drone)
        for sheet_site, base in ((k, network.base(site.id)) for k, site in enumerate(network.sites))
        if base is not None
    }
    events = sorted(
        [(s.lands[-1], 0, n) for n, s in enumerate(timed)]
        + [(s.leaves[0], 1, n) for n, s in enumerate(timed)]
    )
    packs: dict[int, str] = {}
    charges: dict[int, Charge] = {}
    for time_s, is_takeoff, n in events:
        trip = timed[n].trip
        if is_takeoff:
            packs[n] = stores[trip[0].site].take(time_s)
        else:
            charges[n] = stores[trip[-1].site].charge(packs[n], time_s)
    return [(packs[n], charges[n]) for n in range(len(timed))]


class _Store:
    """Packs and chargers of a base."""

    def __init__(self, base: Base, drone: DroneType) -> None:
        count = base.packs.get(drone.id, 0)
        self.packs = [(0, f"{base.site_id}-{drone.id}-{k + 1}") for k in range(count)]
        self.chargers = [(0, k) for k in range(base.chargers)]
        self.charge_s = drone.charge_s
        heapq.heapify(self.packs)

    def take(self, time_s: int) -> str:
        """The pack that is or will be ready first."""
        if not self.packs:
            return f"none-{time_s}"
        return heapq.heappop(self.packs)[1]

    def charge(self, pack: str, landing_s: int) -> Charge:
        free_s, charger = heapq.heappop(self.chargers)
        start_s = max(free_s, landing_s)
        end_s = start_s + self.charge_s
        heapq.heappush(self.chargers, (end_s, charger))
        heapq.heappush(self.packs, (end_s, pack))
        return Charge(charger, start_s, end_s)


# --- the plan ----------------------------------------------------------------------------------


def _sortie(
    day: Day, table: LegTable, sheet: Sheet, number: int, timed: Timed, pack: str, charge: Charge
) -> Sortie:
    sites = day.network.sites
    trip, last = timed.trip, len(timed.trip) - 1
    load_g = sum(int(sheet.mass[i]) for i in trip[0].loaded)
    flights: list[Flight] = []
    stops: list[Stop] = []
    for k, stop in enumerate(trip):
        is_handing = bool(stop.loaded or stop.unloaded)
        stops.append(
            Stop(
                site_id=sites[stop.site].id,
                pad=timed.pads[k],
                landing_s=timed.lands[k] if k else None,
                handover_start_s=timed.begins[k] if is_handing else None,
                handover_end_s=timed.leaves[k] if is_handing else None,
                takeoff_s=timed.leaves[k] if k < last else None,
                loaded=tuple(day.orders[i].id for i in stop.loaded),
                unloaded=tuple(day.orders[i].id for i in stop.unloaded),
            )
        )
        if k < last:
            if k:
                load_g += sum(int(sheet.mass[i]) for i in stop.loaded)
                load_g -= sum(int(sheet.mass[i]) for i in stop.unloaded)
            flights.append(_flight(day, table, timed, k, load_g / 1_000))
    return Sortie(
        id=f"S{number + 1:04d}",
        drone_id=day.network.drones[timed.drone].id,
        pack_id=pack,
        stops=tuple(stops),
        flights=tuple(flights),
        energy_pack=sum(flight.energy_pack for flight in flights),
        usable_pack=table.usable_pack,
        charge=charge,
    )


def _flight(day: Day, table: LegTable, timed: Timed, k: int, load_kg: float) -> Flight:
    sites = day.network.sites
    here, there = timed.trip[k].site, timed.trip[k + 1].site
    return Flight(
        origin=sites[here].id,
        destination=sites[there].id,
        takeoff_s=timed.leaves[k],
        landing_s=timed.lands[k + 1],
        path_lonlat=table.path(here, there),
        length_m=float(table.length_m[here, there]),
        payload_kg=load_kg,
        energy_pack=table.energy_pack(here, there, load_kg),
        height_m_agl=day.network.rules.cruise_height_m_agl,
    )


def _objective(day: Day, sheet: Sheet, timed: list[Timed], left: list[int]) -> Objective:
    weights = day.network.weights
    flight_s = sum(s.lands[k + 1] - s.leaves[k] for s in timed for k in range(len(s.trip) - 1))
    drones = len({s.drone for s in timed})
    cost_s = (
        weights.flight_s * flight_s + weights.sortie * len(timed) + weights.drone * drones
    )  # fmt: skip
    tiers = [int(sheet.tier[i]) for i in left]
    return Objective(
        unserved_stat=tiers.count(0),
        unserved_urgent=tiers.count(1),
        unserved_routine=tiers.count(2),
        # Benchmark days have no targets, so nothing is late.
        lateness_min=0.0,
        cost_s=float(cost_s),
        flight_s=float(flight_s),
        sorties=len(timed),
        drones=drones,
    )
