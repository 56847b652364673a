"""Own benchmark days: seeded, synthetic, built around real town seats of Pingdu and Qingdao.

Owns the registry (name -> size -> build) and the generator. Does not know solvers or peers. Days
are synthetic: places of villages, orders and their times are drawn from a seeded generator; only
the seats are real (``benchmarks.places``).

Names: ``P28-1`` is the day of 28 sites with seed 1 and its loose fleet, ``P28t-1`` the tight one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from benchmarks.fleet import PRODUCTS, RULES, TR9S, WEATHER, WEIGHTS, WINGCOPTER
from benchmarks.places import COUNTIES, PINGDU, Seat
from routing.network import Base, Drone, DroneType, Network, Site, Tier, Window
from routing.orders import Order

ALL_DAY = (Window(0, 86_400),)
VILLAGE_HOURS = (Window(6 * 3_600, 20 * 3_600),)
DUTY = Window(6 * 3_600, 21 * 3_600)
LAB = "lab"
SEEDS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Size:
    """One size of day.

    Attributes:
        num_sites: all sites with the hubs; num_orders: orders of the day.
        num_drones: loose fleet; num_drones_tight: tight fleet.
        drone: the one drone type flown.
        reach_m: villages lie within this straight line of their hub.
        is_prefecture: one hub for each county instead of Pingdu's alone.
    """

    num_sites: int
    num_orders: int
    num_drones: int
    num_drones_tight: int
    drone: DroneType
    reach_m: float
    is_prefecture: bool = False


SIZES: dict[str, Size] = {
    "P4": Size(4, 12, 2, 1, WINGCOPTER, 30_000.0),
    "P28": Size(28, 160, 6, 4, TR9S, 11_000.0),
    "P60": Size(60, 400, 14, 9, TR9S, 11_000.0),
    "P120": Size(120, 600, 20, 13, TR9S, 11_000.0),
    "P238": Size(238, 1_000, 30, 20, TR9S, 11_000.0),
    "P767": Size(767, 2_500, 60, 52, WINGCOPTER, 25_000.0),
    "Q1500": Size(1_500, 6_000, 150, 110, WINGCOPTER, 20_000.0, is_prefecture=True),
}


@dataclass(frozen=True, slots=True)
class Day:
    """A benchmark day: domain values that the planner, the peers and the checker all read."""

    name: str
    network: Network
    orders: tuple[Order, ...]


def names(size: str) -> tuple[str, ...]:
    """Names of all days of a size: three seeds, loose then tight."""
    return tuple(f"{size}{fleet}-{seed}" for fleet in ("", "t") for seed in SEEDS)


def build_day(name: str) -> Day:
    """The day of a name such as ``P28-1`` (loose) or ``P238t-3`` (tight).

    Raises:
        KeyError: no such size.
    """
    label, seed = name.rsplit("-", 1)
    is_tight = label.endswith("t")
    size_name = label.removesuffix("t")
    return grow_day(name, SIZES[size_name], int(seed), is_tight=is_tight)


def grow_day(name: str, size: Size, seed: int, *, is_tight: bool = False) -> Day:
    """A day of any size; equal arguments give the equal day."""
    rng = np.random.default_rng([seed, size.num_sites, size.num_orders])
    hubs = COUNTIES if size.is_prefecture else PINGDU[:1]
    sites, hub_of = _place_sites(size, hubs, rng)
    orders = _draw_orders(size, sites, hub_of, rng)
    return Day(name, _network(name, size, hubs, sites, is_tight), orders)


# --- places ------------------------------------------------------------------------------------


def _place_sites(
    size: Size, hubs: tuple[Seat, ...], rng: np.random.Generator
) -> tuple[list[Site], dict[str, str]]:
    """Hubs, real seats in reach and villages scattered round them; and each site's hub."""
    if size.num_sites == 4:
        seats = [seat for seat in PINGDU if seat.id in FLOWN_TODAY]
        return [_site(s, size) for s in seats], {s.id: hubs[0].id for s in seats}
    seats = list(hubs)
    hub_of = {hub.id: hub.id for hub in hubs}
    if not size.is_prefecture:
        near = [s for s in PINGDU[1:] if _distance_m(hubs[0], s) <= size.reach_m]
        seats += near
        hub_of |= {s.id: hubs[0].id for s in near}
    towns = list(seats)
    while len(seats) < size.num_sites:
        town = towns[int(rng.integers(len(towns)))]
        hub = next(h for h in hubs if h.id == hub_of[town.id])
        village = _scatter(f"v{len(seats):04d}", town, 0.25 * size.reach_m, rng)
        crowd = min(_distance_m(village, other) for other in seats)
        if _distance_m(hub, village) <= size.reach_m and crowd > 300.0:
            seats.append(village)
            hub_of[village.id] = hub.id
    return [_site(s, size) for s in seats], hub_of


FLOWN_TODAY = frozenset(
    {"pingdu-people-hospital", "pingdu-2nd-hospital", "cuijia-central-hc", "wanjia-hc"}
)


def _scatter(id_: str, town: Seat, spread_m: float, rng: np.random.Generator) -> Seat:
    east_m, north_m = rng.normal(0.0, spread_m, 2)
    lat_deg = town.lat_deg + north_m / 111_195.0
    lon_deg = town.lon_deg + east_m / (111_195.0 * math.cos(math.radians(town.lat_deg)))
    number = id_[1:]
    return Seat(id_, f"合成村{number}", f"Synthetic village {number}", "village", lon_deg, lat_deg)


def _distance_m(a: Seat, b: Seat) -> float:
    """Straight line on a local plane: good to a few metres here, and only for scattering."""
    mean_lat = math.radians(0.5 * (a.lat_deg + b.lat_deg))
    east = (b.lon_deg - a.lon_deg) * math.cos(mean_lat)
    return 111_195.0 * math.hypot(east, b.lat_deg - a.lat_deg)


def _site(seat: Seat, size: Size) -> Site:
    is_hub, is_village = seat.kind == "hub", seat.kind == "village"
    hub_pads = max(2, math.ceil(size.num_drones / 4))
    return Site(
        id=seat.id,
        name_zh=seat.name_zh,
        name_en=seat.name_en,
        kind=seat.kind,
        lon_deg=round(seat.lon_deg, 6),
        lat_deg=round(seat.lat_deg, 6),
        services=frozenset({LAB, "blood_bank"}) if is_hub else frozenset(),
        pads=hub_pads if is_hub else 1 if is_village else 2,
        hours=VILLAGE_HOURS if is_village else ALL_DAY,
        handover_s=90 if is_village else 120,
        source="synthetic" if is_village else "benchmarks.places",
    )


# --- orders ------------------------------------------------------------------------------------

# Share, product, tier and mass in kg; specimens dominate, as on the lines flown today.
MIX: tuple[tuple[float, str, Tier, tuple[float, float]], ...] = (
    (0.30, "serum", "routine", (0.3, 1.6)),
    (0.20, "cbc", "routine", (0.3, 1.6)),
    (0.08, "coagulation", "routine", (0.2, 0.8)),
    (0.10, "urine", "routine", (0.4, 1.8)),
    (0.05, "swab", "routine", (0.2, 0.8)),
    (0.09, "serum", "urgent", (0.2, 0.8)),
    (0.03, "serum", "stat", (0.1, 0.4)),
    (0.04, "red-cells", "urgent", (0.4, 1.2)),
    (0.11, "medicine", "routine", (0.3, 2.4)),
)
LIMIT_BY_TIER_S = {"stat": 60 * 60, "urgent": 90 * 60, "routine": 24 * 3_600}


def _draw_orders(
    size: Size, sites: list[Site], hub_of: dict[str, str], rng: np.random.Generator
) -> tuple[Order, ...]:
    clinics = [site for site in sites if site.id not in hub_of.values()]
    # Health centres send more than villages do.
    weight = np.array([1.0 if site.kind == "village" else 2.5 for site in clinics])
    shares = np.array([row[0] for row in MIX])
    orders = []
    for k in range(size.num_orders):
        clinic = clinics[int(rng.choice(len(clinics), p=weight / weight.sum()))]
        row = MIX[int(rng.choice(len(MIX), p=shares / shares.sum()))]
        orders.append(_draw_order(f"O{k:05d}", clinic, hub_of[clinic.id], row, rng))
    return tuple(orders)


def _draw_order(
    id_: str,
    clinic: Site,
    hub_id: str,
    row: tuple[float, str, Tier, tuple[float, float]],
    rng: np.random.Generator,
) -> Order:
    _, product_id, tier, (low_kg, high_kg) = row
    product = PRODUCTS[product_id]
    is_specimen = product.group == "specimen"
    ready_s = _draw_ready(rng)
    collected_s = ready_s - int(rng.integers(3, 11)) * 60
    assert product.stability_s is not None  # every benchmark product has one
    limit_s = min(product.stability_s, LIMIT_BY_TIER_S[tier])
    return Order(
        id=id_,
        origin=clinic.id if is_specimen else hub_id,
        destinations=(hub_id,) if is_specimen else (clinic.id,),
        wanted=hub_id if is_specimen else clinic.id,
        product_id=product_id,
        quantity=1,
        mass_kg=round(float(rng.uniform(low_kg, high_kg)), 2),
        slots=1,
        band=product.band,
        group=product.group,
        tier=tier,
        ready_s=ready_s,
        collected_s=collected_s if is_specimen else None,
        deadline_s=(collected_s if is_specimen else ready_s) + limit_s,
        target_s=None,
        ride_limit_s=product.ride_limit_s,
        lab_s=product.lab_s,
    )


def _draw_ready(rng: np.random.Generator) -> int:
    """Ready in whole minutes: morning wave 07:30-11:30, afternoon wave 13:30-17:00, the rest."""
    wave = float(rng.random())
    low_h, high_h = (7.5, 11.5) if wave < 0.5 else (13.5, 17.0) if wave < 0.85 else (7.0, 18.0)
    return 60 * int(rng.integers(int(low_h * 60), int(high_h * 60)))


# --- network -----------------------------------------------------------------------------------


def _network(
    name: str, size: Size, hubs: tuple[Seat, ...], sites: list[Site], is_tight: bool
) -> Network:
    num_drones = size.num_drones_tight if is_tight else size.num_drones
    homes = [hubs[k % len(hubs)].id for k in range(num_drones)]
    drones = tuple(
        Drone(f"D{k + 1:03d}", size.drone.id, home, DUTY) for k, home in enumerate(homes)
    )
    packs_per_drone, chargers_per_drone = (2.5, 1.5) if is_tight else (3.0, 2.0)
    bases = tuple(
        Base(
            hub.id,
            {size.drone.id: math.ceil(packs_per_drone * homes.count(hub.id))},
            math.ceil(chargers_per_drone * homes.count(hub.id)),
        )
        for hub in hubs
    )
    return Network(
        name_zh=f"合成测试日 {name}",
        name_en=f"Synthetic benchmark day {name}",
        time_zone="Asia/Shanghai",
        date="2026-11-23",
        hub_id=hubs[0].id,
        sites=tuple(sites),
        bases=bases,
        drone_types={size.drone.id: size.drone},
        drones=drones,
        products=PRODUCTS,
        rules=RULES,
        weights=WEIGHTS,
        zones=(),
        weather=WEATHER,
        digest=name,
    )
