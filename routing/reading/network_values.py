"""File models to the frozen values of ``routing.network``.

Owns the conversion and the sun. Does not open files and finds no faults.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Mapping
from dataclasses import replace

from astral import Observer
from astral.sun import sunrise, sunset

from routing.network import (
    Base,
    Drone,
    DroneType,
    PilotShift,
    Product,
    Rules,
    Site,
    Weights,
)
from routing.reading.catalogue import DronesFile, ProductsFile, RulesFile
from routing.reading.model import seconds
from routing.reading.network_file import NetworkFile

ANY_BAND = "any"
"""The band of goods that need no compartment."""


def sun_of(site: Site, day: datetime.date, zone: zoneinfo.ZoneInfo) -> tuple[int, int]:
    """Sunrise and sunset at a site in seconds since its local midnight.

    Upper limb on the horizon with refraction, as almanacs print it (astral's default).

    Raises:
        ValueError: the sun does not rise or does not set there on that day.
    """
    observer = Observer(site.lat_deg, site.lon_deg)
    midnight = datetime.datetime.combine(day, datetime.time(), zone)
    return (
        round((sunrise(observer, day, tzinfo=zone) - midnight).total_seconds()),
        round((sunset(observer, day, tzinfo=zone) - midnight).total_seconds()),
    )


def bases_of(entries: NetworkFile) -> tuple[Base, ...]:
    """The bases in the order of the file."""
    return tuple(Base(base.site, dict(base.packs), base.chargers) for base in entries.bases)


def drones_of(entries: NetworkFile) -> tuple[Drone, ...]:
    """Every drone of the fleet, groups counted out."""
    return tuple(
        Drone(drone_id, entry.type, entry.home, entry.duty)
        for entry in entries.fleet
        for drone_id in entry.drone_ids
    )


def drone_types_of(drones: DronesFile) -> Mapping[str, DroneType]:
    """Drone types by id."""
    return {type_id: entry.to_drone_type(type_id) for type_id, entry in drones.drones.items()}


def products_of(products: ProductsFile, rules: RulesFile) -> Mapping[str, Product]:
    """Products by id; one whose band no box of the network holds is not eligible."""
    held = (ANY_BAND, *rules.bands_held.value)
    values: dict[str, Product] = {}
    for product_id, entry in products.products.items():
        product = entry.to_product(product_id)
        if product.is_eligible and product.band not in held:
            why = f"needs band {product.band}; the boxes hold {', '.join(rules.bands_held.value)}"
            product = replace(product, is_eligible=False, why_not=why)
        values[product_id] = product
    return values


def rules_of(rules: RulesFile, entries: NetworkFile, sun_s: tuple[int, int]) -> Rules:
    """The rules with the network's pilots, packs and sun."""
    longest = rules.sortie_max_min.value if rules.sortie_max_min else None
    return Rules(
        reserve_frac=rules.reserve_frac.value,
        has_diversion_reserve=rules.has_diversion_reserve.value,
        diversion_hover_s=rules.diversion_hover_s.value,
        pack_soh=dict(entries.pack_soh),
        cold_capacity=tuple(
            (point.temperature_c, point.share) for point in rules.cold_capacity.value
        ),
        headway_s=rules.headway_s.value,
        pad_clear_s=rules.pad_clear_s.value,
        pad_prepare_s=rules.pad_prepare_s.value,
        sortie_max_s=None if longest is None else seconds(longest),
        must_return_home=rules.must_return_home.value,
        supervised_per_pilot=rules.supervised_per_pilot.value,
        pilot_shifts=tuple(PilotShift(entry.hours, entry.pilots) for entry in entries.pilots),
        exclusive_groups=frozenset(frozenset(pair) for pair in rules.exclusive_groups.value),
        cruise_height_m_agl=rules.cruise_height_m_agl.value,
        zone_buffer_m=rules.zone_buffer_m.value,
        sunrise_s=sun_s[0],
        sunset_s=sun_s[1],
        separation_s=rules.separation_s.value,
        road_circuity=rules.road_circuity.value,
        road_mps=rules.road_kmh.value / 3.6,
        layers_m_agl=tuple(rules.layers_m_agl.value) if rules.layers_m_agl else (),
        **{
            name: given.value
            for name in ("ceiling_m_agl", "obstacle_lateral_m", "obstacle_vertical_m")
            if (given := getattr(rules, name)) is not None
        },
    )


def weights_of(entries: NetworkFile) -> Weights:
    """The weights of the objective."""
    given = entries.weights
    return Weights(
        unserved=dict(given.unserved),
        lateness_per_min=dict(given.lateness_per_min),
        flight_s=given.flight_s,
        sortie=given.sortie,
        drone=given.drone,
    )
