"""The network that stands still during a day: sites, bases, drones, products, rules, weights.

Owns the frozen values every other part reads. Does not know files (see ``routing.reading``),
orders, flights or plans. Positions are WGS-84; times are seconds since the service day's local
midnight and may run past 86,400.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from geo.terrain import Obstacle, Terrain
from geo.weather import Weather
from geo.zones import Zone

if TYPE_CHECKING:
    # Rasterio comes with it and takes most of a second to import.
    from geo.groundrisk import RiskArea

Tier = Literal["stat", "urgent", "routine"]
TIERS: tuple[Tier, ...] = ("stat", "urgent", "routine")
SiteKind = Literal["hub", "hospital", "township", "village"]
Airframe = Literal["multirotor", "vtol"]


class Window(NamedTuple):
    """A closed span of time in seconds since local midnight."""

    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Site:
    """A place with people: hub, hospital, township health centre or village clinic.

    Attributes:
        id: unique id, used in orders and plans.
        name_zh, name_en: names shown to users.
        kind: hub, hospital, township or village.
        lon_deg, lat_deg: WGS-84.
        services: services offered, e.g. ``lab:chemistry`` or ``blood_bank``.
        pads: number of landing places, at least 1.
        hours: opening hours; a handover starts and ends inside one of them.
        handover_s: time of one handover at a stop here, however many orders it has.
        ground_m_amsl: terrain height, metres above mean sea level; None when unknown.
        source, confidence, note: where the position comes from and what to doubt.
    """

    id: str
    name_zh: str
    name_en: str
    kind: SiteKind
    lon_deg: float
    lat_deg: float
    services: frozenset[str]
    pads: int
    hours: tuple[Window, ...]
    handover_s: int
    ground_m_amsl: float | None = None
    source: str = ""
    confidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Base:
    """A site where packs are swapped and drones may be stationed.

    Attributes:
        site_id: the site.
        packs: full packs waiting here at the start of the day, by drone type id. Packs that sit
            in the drones are not extra: a sortie always starts on a pack taken from its base.
        chargers: number of packs that can charge here at the same time.
    """

    site_id: str
    packs: Mapping[str, int]
    chargers: int


@dataclass(frozen=True, slots=True)
class DroneType:
    """A type of drone as the catalogue describes it. ``1 pack`` is the energy of one new full pack.

    Attributes:
        airframe: ``multirotor`` (cruise power follows mass^1.5) or ``vtol`` (range table).
        empty_kg: take-off mass without load and box, with its pack (m0 of the power law).
        payload_max_kg: largest load with the box, kg.
        box_tare_kg: mass of the insulated box, always on board and part of the payload.
        slots: places in the box; an order takes one or more.
        compartments: number of temperature bands that can be kept apart on board.
        cruise_mps: airspeed in cruise.
        climb_mps, descent_mps: vertical speeds between pad and cruise height.
        approach_s: hover for take-off and landing manoeuvres, seconds a leg.
        navigation_error_m: how far beside its path the drone may be; two drones share a corridor
            where their paths are nearer than the sum of their errors (R10).
        range_points: (payload_kg, still-air range in m on one full pack, reserve not deducted);
            a multirotor needs one point, its full payload; a vtol at least two, by payload.
        hover_ratio: hover power over cruise power, both at full payload.
        max_wind_mps, max_gust_mps: limits of mean wind and gust.
        min_temp_c, max_temp_c: air temperature limits.
        max_rain_mm_h: heaviest rain; min_visibility_m: least visibility; no limit when absent.
        night_ok: may fly between sunset and sunrise.
        charge_s: time to charge one pack from reserve to full.
        turnaround_s: ground time between two sorties: unload, swap, load, checks.
        pack_wh: nominal energy of a pack in Wh, None when no figure is known (shown only).
        mtom_kg: maximum take-off mass, None when unknown.
        sources: field name -> source and how sure it is.
    """

    id: str
    name_zh: str
    name_en: str
    airframe: Airframe
    empty_kg: float
    payload_max_kg: float
    box_tare_kg: float
    slots: int
    compartments: int
    cruise_mps: float
    climb_mps: float
    descent_mps: float
    approach_s: float
    range_points: tuple[tuple[float, float], ...]
    hover_ratio: float
    max_wind_mps: float
    max_gust_mps: float
    min_temp_c: float
    max_temp_c: float
    night_ok: bool
    charge_s: int
    turnaround_s: int
    pack_wh: float | None = None
    mtom_kg: float | None = None
    max_rain_mm_h: float = math.inf
    min_visibility_m: float = 0.0
    navigation_error_m: float = 25.0
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Drone:
    """One drone of the fleet: it lives at ``home_site_id`` and flies inside ``duty``."""

    id: str
    type_id: str
    home_site_id: str
    duty: Window


@dataclass(frozen=True, slots=True)
class Product:
    """What an order carries.

    Attributes:
        stability_s: hard limit from collection to receipt, None when the clock does not run.
        target_s: planning target from collection (or ready) to receipt, None for none.
        ride_limit_s: longest time on board, None for none.
        band: temperature band, e.g. ``15-25`` or ``2-8``; ``any`` needs no compartment.
        group: segregation group, e.g. ``specimen``, ``blood``, ``medicine``, ``formalin``.
        is_eligible: may fly at all; ``why_not`` says why when it may not.
        unit_kg: default gross mass of one unit; slots_per_order: places one order takes.
        service: service that receives it by default (``lab:chemistry``), empty for none.
        lab_s: laboratory time from receipt to result, for the result turnaround.
        sources: field name -> source and how sure it is.
    """

    id: str
    name_zh: str
    name_en: str
    stability_s: int | None
    target_s: int | None
    ride_limit_s: int | None
    band: str
    group: str
    is_eligible: bool
    why_not: str
    unit_kg: float
    slots_per_order: int
    service: str
    lab_s: int
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PilotShift:
    """Pilots on duty in a span of time."""

    window: Window
    pilots: int


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits and times that hold for the whole network; docs/design.md says how each is used.

    Attributes:
        reserve_frac: share of the usable pack energy never planned (R4).
        has_diversion_reserve: also keep energy to divert to the nearest other pad (R4).
        diversion_hover_s: hover kept on top of the diversion flight.
        pack_soh: state of health by drone type id, 0-1 (missing: 1.0).
        cold_capacity: (temperature C, share of capacity), rising, linear between (R4).
        headway_s: least time between two movements at one pad (R8).
        pad_clear_s: time a landed drone holds a base's pad before it is rolled off (R8).
        pad_prepare_s: time a drone holds a base's pad before take-off (R8).
        sortie_max_s: longest sortie, None for none.
        must_return_home: every drone ends the day at its home base.
        supervised_per_pilot: sorties under way one pilot may supervise (R11).
        pilot_shifts: pilots on duty; empty means no limit.
        exclusive_groups: pairs of segregation groups that never share a sortie (R5).
        cruise_height_m_agl: cruise height above the pad.
        zone_buffer_m: distance kept from every zone's footprint (R9).
        sunrise_s, sunset_s: of the service day; night is outside them, each day (R9).
        separation_s: least time between own sorties in one corridor and layer (R10).
        road_circuity, road_mps: road distance over straight line, courier's mean speed.
        layers_m_agl: heights of the altitude layers above the pad, rising, the last one the cruise
            height (R10); empty for one layer at the cruise height.
        ceiling_m_agl: greatest height above ground; counts where terrain is given (R9).
        obstacle_lateral_m, obstacle_vertical_m: an obstacle no farther from a path than the first
            is flown over by the second (R9).
    """

    reserve_frac: float
    has_diversion_reserve: bool
    diversion_hover_s: float
    pack_soh: Mapping[str, float]
    cold_capacity: tuple[tuple[float, float], ...]
    headway_s: int
    pad_clear_s: int
    pad_prepare_s: int
    sortie_max_s: int | None
    must_return_home: bool
    supervised_per_pilot: int
    pilot_shifts: tuple[PilotShift, ...]
    exclusive_groups: frozenset[frozenset[str]]
    cruise_height_m_agl: float
    zone_buffer_m: float
    sunrise_s: int
    sunset_s: int
    separation_s: int
    road_circuity: float
    road_mps: float
    layers_m_agl: tuple[float, ...] = ()
    ceiling_m_agl: float = 120.0
    obstacle_lateral_m: float = 50.0
    obstacle_vertical_m: float = 20.0

    @property
    def flown_layers_m_agl(self) -> tuple[float, ...]:
        """The heights that flights may be given: the layers, or the cruise height alone."""
        return self.layers_m_agl or (self.cruise_height_m_agl,)


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the objective's terms (docs/design.md, "Objective").

    Attributes:
        unserved: weight of one unserved order by tier.
        lateness_per_min: weight of one order-minute past the target, by tier.
        flight_s: cost of one second in the air.
        sortie: fixed cost of a sortie, in seconds.
        drone: fixed cost of a drone used, in seconds.
    """

    unserved: Mapping[Tier, float]
    lateness_per_min: Mapping[Tier, float]
    flight_s: float = 1.0
    sortie: float = 120.0
    drone: float = 600.0


@dataclass(frozen=True, slots=True)
class Network:
    """Everything that stands still during the day.

    Attributes:
        time_zone: IANA name; date: ISO service date the sun times and weather are for.
        outline_lonlat: county outline for offline maps, with ``outline_credit``.
        risk: ground that paths rather avoid where the detour is worth it (``geo.groundrisk``).
        terrain: the ground; None where it counts as flat. obstacles: tall things on it.
        digest: sha256 of the files the network was read from.
    """

    name_zh: str
    name_en: str
    time_zone: str
    date: str
    hub_id: str
    sites: tuple[Site, ...]
    bases: tuple[Base, ...]
    drone_types: Mapping[str, DroneType]
    drones: tuple[Drone, ...]
    products: Mapping[str, Product]
    rules: Rules
    weights: Weights
    zones: tuple[Zone, ...]
    weather: Weather
    outline_lonlat: tuple[tuple[float, float], ...] = ()
    outline_credit: str = ""
    terrain: Terrain | None = None
    # Two networks of one digest have the same; the shapes themselves are not compared.
    risk: tuple[RiskArea, ...] = field(default=(), compare=False)
    obstacles: tuple[Obstacle, ...] = ()
    digest: str = ""

    def site(self, site_id: str) -> Site:
        """The site with this id; raises KeyError when there is none."""
        for site in self.sites:
            if site.id == site_id:
                return site
        raise KeyError(site_id)

    def base(self, site_id: str) -> Base | None:
        """The base at this site, None when the site is not a base."""
        return next((base for base in self.bases if base.site_id == site_id), None)

    def sites_with(self, service: str) -> tuple[str, ...]:
        """Ids of the sites that offer a service, in network order."""
        return tuple(site.id for site in self.sites if service in site.services)
