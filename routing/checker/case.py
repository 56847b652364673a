"""The case the rules judge: network, orders and plan, looked up and measured once.

Owns the look-ups and the checker's own figures of every leg. Sorties whose form is broken
(``form.py``) stay out of it, since times or sites they lack cannot be judged. Does not know rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from geo.weather import WeatherPeriod
from routing.checker.physics import (
    Track,
    cold_share,
    flight_energy,
    measure_track,
    segment_seconds,
    vertical_seconds,
)
from routing.checker.relief import Relief
from routing.checker.violation import Place
from routing.network import Base, Drone, DroneType, Network, Site
from routing.orders import Order
from routing.plan import Flight, Plan, Sortie


@dataclass(frozen=True, slots=True)
class Leg:
    """One flight with what it carries and what the checker measured.

    Attributes:
        idx: index in the sortie; on_board: orders carried; load_kg: their mass and the box.
        track: measured path; period: weather in force at take-off.
        segments_s: seconds in cruise on each segment (inf where it cannot be flown).
        cruise_s, vertical_s: unrounded flight time; energy_pack: packs used.
        spare_s: what a flight to the cruise height would take longer: time that may be hovered.
    """

    sortie: Sortie
    idx: int
    flight: Flight
    drone: DroneType
    on_board: tuple[Order, ...]
    load_kg: float
    track: Track
    period: WeatherPeriod
    segments_s: tuple[float, ...]
    cruise_s: float
    vertical_s: float
    spare_s: float
    energy_pack: float

    @property
    def place(self) -> Place:
        """Where this leg is in the plan."""
        return Place(sortie_id=self.sortie.id, leg=self.idx)

    @property
    def flight_s(self) -> float:
        """Unrounded flight time; inf when the leg cannot be flown."""
        return self.cruise_s + self.vertical_s


@dataclass(frozen=True, slots=True)
class Case:
    """What every rule is given.

    Attributes:
        orders, sites, bases, drones: by id.
        sorties: the sorties that are sound, in plan order; legs: their legs, by sortie index.
        relief: the ground where the network gives terrain.
    """

    network: Network
    plan: Plan
    orders: Mapping[str, Order]
    sites: Mapping[str, Site]
    bases: Mapping[str, Base]
    drones: Mapping[str, Drone]
    sorties: tuple[Sortie, ...]
    legs: tuple[tuple[Leg, ...], ...]
    relief: Relief | None = None

    def drone_type(self, sortie: Sortie) -> DroneType:
        """The type of the drone that flies a sound sortie."""
        return self.network.drone_types[self.drones[sortie.drone_id].type_id]

    def all_legs(self) -> tuple[Leg, ...]:
        """Every leg of every sound sortie."""
        return tuple(leg for legs in self.legs for leg in legs)

    def available_pack(self, sortie: Sortie) -> float:
        """What a full pack holds on this sortie: health x cold share.

        A sortie that crosses weather periods is judged by the least its pack holds at the
        take-off of any of its legs.
        """
        rules = self.network.rules
        drone = self.drone_type(sortie)
        share = min(
            cold_share(rules.cold_capacity, self.network.weather.at(flight.takeoff_s).temperature_c)
            for flight in sortie.flights
        )
        return rules.pack_soh.get(drone.id, 1.0) * share

    def sorties_by_drone(self) -> dict[str, list[Sortie]]:
        """Sorties of each drone in order of take-off."""
        return _grouped(self.sorties, lambda sortie: sortie.drone_id)

    def sorties_by_pack(self) -> dict[str, list[Sortie]]:
        """Sorties of each pack in order of take-off."""
        return _grouped(self.sorties, lambda sortie: sortie.pack_id)


def _grouped(sorties: tuple[Sortie, ...], key: Callable[[Sortie], str]) -> dict[str, list[Sortie]]:
    groups: defaultdict[str, list[Sortie]] = defaultdict(list)
    for sortie in sorted(sorties, key=lambda one: (one.start_s, one.end_s)):
        groups[key(sortie)].append(sortie)
    return dict(groups)


def build_case(
    network: Network, orders: Sequence[Order], plan: Plan, sorties: tuple[Sortie, ...]
) -> Case:
    """Look up and measure everything once; ``sorties`` are the sound ones of the plan."""
    by_id = {order.id: order for order in orders}
    drones = {drone.id: drone for drone in network.drones}
    tracks: dict[tuple[tuple[float, float], ...], Track] = {}
    relief = None if network.terrain is None else Relief(network.terrain)
    legs = []
    for sortie in sorties:
        drone = network.drone_types[drones[sortie.drone_id].type_id]
        legs.append(_measure_legs(sortie, drone, by_id, network, tracks, relief))
    return Case(
        network=network,
        plan=plan,
        orders=by_id,
        sites={site.id: site for site in network.sites},
        bases={base.site_id: base for base in network.bases},
        drones=drones,
        sorties=sorties,
        legs=tuple(legs),
        relief=relief,
    )


def _measure_legs(
    sortie: Sortie,
    drone: DroneType,
    orders: Mapping[str, Order],
    network: Network,
    tracks: dict[tuple[tuple[float, float], ...], Track],
    relief: Relief | None,
) -> tuple[Leg, ...]:
    legs = []
    carried: dict[str, Order] = {}
    for idx, flight in enumerate(sortie.flights):
        stop = sortie.stops[idx]
        for order_id in stop.unloaded:
            carried.pop(order_id, None)
        carried |= {order_id: orders[order_id] for order_id in stop.loaded if order_id in orders}
        path = flight.path_lonlat
        if path not in tracks:
            tracks[path] = measure_track(path)
        legs.append(
            _measure_leg(sortie, idx, drone, tuple(carried.values()), tracks[path], network, relief)
        )
    return tuple(legs)


def _measure_leg(
    sortie: Sortie,
    idx: int,
    drone: DroneType,
    on_board: tuple[Order, ...],
    track: Track,
    network: Network,
    relief: Relief | None,
) -> Leg:
    flight = sortie.flights[idx]
    period = network.weather.at(flight.takeoff_s)
    load_kg = drone.box_tare_kg + sum(order.mass_kg for order in on_board)
    segments_s = segment_seconds(track, drone.cruise_mps, period)
    cruise_s = sum(segments_s)
    climb_m = descent_m = flight.height_m_agl
    if relief is not None:
        climb_m, descent_m = relief.climbs_m(flight.path_lonlat, flight.profile)
    vertical_s = vertical_seconds(drone, climb_m, descent_m)
    top_m = network.rules.cruise_height_m_agl
    lower_m = top_m - flight.height_m_agl
    to_the_top_s = vertical_seconds(drone, climb_m + lower_m, descent_m + lower_m)
    spare_s = max(0.0, to_the_top_s - vertical_s)
    # Seconds planned beyond the flight are hovered, as far as a layer below the top allows.
    longer_s = flight.landing_s - flight.takeoff_s - cruise_s - vertical_s
    hover_s = vertical_s + min(max(longer_s, 0.0), spare_s)
    return Leg(
        sortie=sortie,
        idx=idx,
        flight=flight,
        drone=drone,
        on_board=on_board,
        load_kg=load_kg,
        track=track,
        period=period,
        segments_s=segments_s,
        cruise_s=cruise_s,
        vertical_s=vertical_s,
        spare_s=spare_s,
        energy_pack=flight_energy(drone, load_kg, cruise_s, hover_s, period.temperature_c),
    )
