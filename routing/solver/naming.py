"""Turns a solution's indices into a plan: names, pads, packs, chargers, paths and energies.

Owns the naming of what the search only counts: pads and packs are given out in order of time,
which always works because the search kept the counts. Does not decide anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from routing.legs import LegTable
from routing.network import TIERS
from routing.orders import Order
from routing.plan import Charge, Flight, Objective, Plan, Sortie, Stop, Unserved
from routing.solver.bundle import bundle
from routing.solver.day import Day, fleet_order, lateness_weight
from routing.solver.flight import fly
from routing.solver.instance import Instance
from routing.solver.scratch import DIRECT, INWARD, OUTWARD
from routing.solver.solution import Solution, Trip


def name_sorties(day: Day, solution: Solution, fixed: Sequence[Sortie] = ()) -> tuple[Sortie, ...]:
    """The sorties of a solution, by drone and time, with pads, packs and chargers given out.

    ``fixed`` ones among them stay as they are, but for the charging after them.
    """
    drones = fleet_order(day.network)
    view = bundle(day.instance)
    sorties: list[Sortie] = []
    numbers: defaultdict[str, int] = defaultdict(int)
    kept = {(one.drone_id, one.start_s): one for one in fixed}
    taken = {one.id for one in fixed}
    for trip in solution.trips:
        drone_id = drones[trip.drone]
        numbers[drone_id] += 1
        one = kept.get((drone_id, round(trip.depart)))
        if one is not None:
            sorties.append(replace(one, charge=None))
            continue
        while f"{drone_id}-{numbers[drone_id]:02d}" in taken:
            numbers[drone_id] += 1
        sorties.append(
            _Draft(day, view, trip, f"{drone_id}-{numbers[drone_id]:02d}", drone_id).sortie()
        )
    return _give_pads(day, _give_packs(day, sorties))


def name_trip(day: Day, view: Instance, trip: Trip, sortie_id: str) -> Sortie:
    """One sortie of a solution, without pack, charger and pads; ``view`` is the day's bundle."""
    drone_id = fleet_order(day.network)[trip.drone]
    return _Draft(day, view, trip, sortie_id, drone_id).sortie()


@dataclass(frozen=True, slots=True)
class _Draft:
    """One trip on its way to becoming a sortie."""

    day: Day
    view: Instance
    trip: Trip
    sortie_id: str
    drone_id: str

    def sortie(self) -> Sortie:
        stops = self._stops()
        flights = self._flights(stops)
        return Sortie(
            id=self.sortie_id,
            drone_id=self.drone_id,
            pack_id="",
            stops=tuple(stops),
            flights=flights,
            energy_pack=sum(flight.energy_pack for flight in flights),
            usable_pack=min(self._table(one.takeoff_s).usable_pack for one in flights),
        )

    def _table(self, time_s: float) -> LegTable:
        kind = int(self.day.instance.drone_type[self.trip.drone])
        return self.day.legs.for_type(self.day.type_ids[kind], time_s)

    def _site_id(self, site: int) -> str:
        return self.day.network.sites[site].id

    def _ids(self, orders: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.day.orders[i].id for i in orders)

    def _stops(self) -> list[Stop]:
        trip, inst = self.trip, self.day.instance
        out = [i for i, mode in zip(trip.orders, trip.modes, strict=True) if _is_out(mode)]
        home = [i for i, mode in zip(trip.orders, trip.modes, strict=True) if _is_in(mode)]
        depart, land = round(trip.depart), round(trip.land)
        stops = [_base_start(self._site_id(trip.start), depart, inst, trip, self._ids(out))]
        site, time, at = trip.start, depart, 0
        while at < len(trip.tasks):
            here = int(inst.task_site[trip.tasks[at]])
            group = at
            while group < len(trip.tasks) and inst.task_site[trip.tasks[group]] == here:
                group += 1
            tasks = trip.tasks[at:group]
            begin = round(trip.handover[at])
            done = begin + round(float(inst.handover[here]))
            landing = time + self._flight_s(site, here, time)
            stops.append(
                Stop(
                    site_id=self._site_id(here),
                    pad=0,
                    landing_s=landing,
                    handover_start_s=begin,
                    handover_end_s=done,
                    takeoff_s=done,
                    loaded=self._ids(
                        [int(inst.task_order[t]) for t in tasks if inst.task_pickup[t]]
                    ),
                    unloaded=self._ids(
                        [int(inst.task_order[t]) for t in tasks if not inst.task_pickup[t]]
                    ),
                )
            )
            site, time, at = here, done, group
        stops.append(_base_end(self._site_id(trip.end), land, inst, trip, self._ids(home)))
        return stops

    def _flight_s(self, origin: int, goal: int, time_s: int) -> int:
        kind = int(self.day.instance.drone_type[self.trip.drone])
        return round(fly(self.view, kind, origin, goal, float(time_s)))

    def _flights(self, stops: Sequence[Stop]) -> tuple[Flight, ...]:
        orders = {order.id: order for order in self.day.orders}
        index, flights, mass_kg = self.day.legs.site_index, [], 0.0
        for before, after in pairwise(stops):
            mass_kg += sum(orders[i].mass_kg for i in before.loaded)
            mass_kg -= sum(orders[i].mass_kg for i in before.unloaded)
            takeoff_s, landing_s = before.takeoff_s, after.landing_s
            assert takeoff_s is not None
            assert landing_s is not None
            table = self._table(takeoff_s)
            i, j = index[before.site_id], index[after.site_id]
            payload_kg = max(0.0, round(mass_kg, 9))
            flights.append(
                Flight(
                    origin=before.site_id,
                    destination=after.site_id,
                    takeoff_s=takeoff_s,
                    landing_s=landing_s,
                    path_lonlat=table.path(i, j),
                    length_m=float(table.length_m[i, j]),
                    payload_kg=payload_kg,
                    energy_pack=table.energy_pack(i, j, payload_kg),
                    height_m_agl=self.day.network.rules.cruise_height_m_agl,
                    profile=table.profile(i, j),
                )
            )
        return tuple(flights)


def _is_out(mode: int) -> bool:
    return mode in (OUTWARD, DIRECT)


def _is_in(mode: int) -> bool:
    return mode in (INWARD, DIRECT)


def _base_start(
    site_id: str, depart: int, inst: Instance, trip: Trip, loaded: tuple[str, ...]
) -> Stop:
    start = depart - round(float(inst.handover[trip.start])) if loaded else None
    return Stop(site_id, 0, None, start, depart if loaded else None, depart, loaded, ())


def _base_end(
    site_id: str, land: int, inst: Instance, trip: Trip, unloaded: tuple[str, ...]
) -> Stop:
    end = land + round(float(inst.handover[trip.end])) if unloaded else None
    return Stop(site_id, 0, land, land if unloaded else None, end, None, (), unloaded)


def _give_packs(day: Day, sorties: Sequence[Sortie]) -> list[Sortie]:
    """Give every take-off the pack that has been full longest, every landing the next charger."""
    types = {drone.id: day.network.drone_types[drone.type_id] for drone in day.network.drones}
    full: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    chargers: dict[str, list[int]] = {}
    for base in day.network.bases:
        chargers[base.site_id] = [-(10**9)] * base.chargers
        for type_id, count in base.packs.items():
            full[base.site_id, type_id] = [
                (-(10**9), f"{base.site_id}/{type_id}/{n + 1:02d}") for n in range(count)
            ]
    kinds = {type_id: kind for kind, type_id in enumerate(day.type_ids)}
    events = []
    for n, sortie in enumerate(sorties):
        rank = kinds[types[sortie.drone_id].id]
        events += [(sortie.start_s, 1, rank, n), (sortie.end_s, 0, rank, n)]
    named = list(sorties)
    for time_s, is_start, _, n in sorted(events):
        sortie, kind = named[n], types[named[n].drone_id]
        if is_start:
            waiting = full[sortie.stops[0].site_id, kind.id]
            waiting.sort()
            ready = [pack for pack in waiting if pack[0] <= time_s]
            if sortie.is_fixed:
                # It has its pack; where that was named otherwise, another one stands for it here.
                own = [pack for pack in waiting if pack[1] == sortie.pack_id]
                waiting.remove((own or ready or waiting)[0])
                continue
            if not ready:
                raise RuntimeError(f"no charged pack for {sortie.id}: the search lost count")
            waiting.remove(ready[0])
            named[n] = replace(sortie, pack_id=ready[0][1])
        else:
            free = chargers[sortie.stops[-1].site_id]
            if not free:
                continue
            charger = min(range(len(free)), key=lambda c: (free[c], c))
            start_s = max(time_s, free[charger])
            free[charger] = start_s + kind.charge_s
            full[sortie.stops[-1].site_id, kind.id].append((free[charger], sortie.pack_id))
            named[n] = replace(sortie, charge=Charge(charger, start_s, free[charger]))
    return named


def _give_pads(day: Day, sorties: Sequence[Sortie]) -> tuple[Sortie, ...]:
    """Give every stop the first pad free for as long as it is held, in order of time.

    Fixed sorties have theirs, which are kept free for them.
    """
    rules = day.network.rules
    sites = {site.id: site for site in day.network.sites}
    holds = []
    for n, sortie in enumerate(sorties):
        for at, stop in enumerate(sortie.stops):
            if stop.landing_s is None:
                assert stop.takeoff_s is not None
                start_s, end_s = stop.takeoff_s - rules.pad_prepare_s, stop.takeoff_s
            elif stop.takeoff_s is None:
                start_s, end_s = stop.landing_s, stop.landing_s + rules.pad_clear_s
                end_s = max(end_s - rules.headway_s, start_s)
            else:
                start_s, end_s = stop.landing_s, stop.takeoff_s
            holds.append((start_s, end_s + rules.headway_s, n, at))
    free: dict[str, list[int]] = {site_id: [-(10**9)] * s.pads for site_id, s in sites.items()}
    pads: dict[tuple[int, int], int] = {}
    held: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for start_s, end_s, n, at in holds:
        if sorties[n].is_fixed:
            stop = sorties[n].stops[at]
            held[stop.site_id, stop.pad].append((start_s, end_s))
    for start_s, end_s, n, at in sorted(holds):
        site_id = sorties[n].stops[at].site_id
        row = free[site_id]
        pad = next(
            (
                p
                for p, until in enumerate(row)
                if until <= start_s and all(b <= start_s or end_s <= a for a, b in held[site_id, p])
            ),
            None,
        )
        if sorties[n].is_fixed:
            pad = sorties[n].stops[at].pad
        if pad is None:
            raise RuntimeError(f"no pad for {sorties[n].id}: the search lost count")
        row[pad], pads[n, at] = max(row[pad], end_s), pad
    return tuple(
        replace(
            sortie,
            stops=tuple(replace(stop, pad=pads[n, at]) for at, stop in enumerate(sortie.stops)),
        )
        for n, sortie in enumerate(sorties)
    )


def name_objective(day: Day, sorties: Sequence[Sortie]) -> Objective:
    """The objective's terms of named sorties, from the words of the plan and no kernel."""
    weights = day.network.weights
    received = {
        order_id: stop.handover_end_s
        for sortie in sorties
        for stop in sortie.stops
        for order_id in stop.unloaded
    }
    left = [order for order in day.orders if order.id not in received]
    late = 0.0
    for order in day.orders:
        end_s = received.get(order.id)
        if end_s is not None and order.target_s is not None:
            late += lateness_weight(day.network, order) * max(0, end_s - order.target_s) / 60.0
    flight_s = float(sum(f.landing_s - f.takeoff_s for s in sorties for f in s.flights))
    drones = len({sortie.drone_id for sortie in sorties})
    counts = [sum(order.tier == tier for order in left) for tier in TIERS]
    return Objective(
        unserved_stat=counts[0],
        unserved_urgent=counts[1],
        unserved_routine=counts[2],
        lateness_min=late,
        cost_s=weights.flight_s * flight_s + weights.sortie * len(sorties) + weights.drone * drones,
        flight_s=flight_s,
        sorties=len(sorties),
        drones=drones,
    )


def name_unserved(order: Order) -> Unserved:
    """An order left out because the plan found no room: the weakest reason there is."""
    return Unserved(
        order.id,
        "no_room",
        "Every drone that could carry it in time is busy with orders that weigh more.",
        "能按时承运的无人机均被更高优先级的订单占用。",
    )


def name_plan(day: Day, solution: Solution, fixed: Sequence[Sortie] = ()) -> Plan:
    """The whole plan of a solution, without bound; see ``name_sorties``."""
    sorties = name_sorties(day, solution, fixed)
    return Plan(
        network=day.network.name_en,
        date=day.network.date,
        digest=day.network.digest,
        sorties=sorties,
        unserved=tuple(name_unserved(day.orders[i]) for i in solution.unserved),
        objective=name_objective(day, sorties),
        bound=None,
        gap=None,
    )
