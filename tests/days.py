"""Tiny hand-made days that many tests share: a three-site network, its orders and a valid plan.

Everything here is synthetic and solved by hand; the arithmetic stands beside the numbers. Knows
no file, solver or checker.

The triangle, in geodesic metres (each within 0.6 m below the round figure used by hand):
hub -> clinic 10,000 m due north, hub -> second 8,000 m, second -> clinic 6,000 m.

The air is calm at 15 C, so density factor ``d = 1`` and cold share = 1; cruise height is 100 m.

``hex`` (multirotor): 20 m/s; vertical 100/4 + 100/2.5 + 35 = 100 s a leg; R(Q) = 40 km, so with
full load p_c = 20/40,000 = 0.0005 pack/s and p_h = 2 x 0.0005 = 0.001 pack/s. Flight times:
10 km 500 + 100 = 600 s, 8 km 400 + 100 = 500 s, 6 km 300 + 100 = 400 s. Energy with full load:
10 km 0.25 + 0.1 = 0.35, 8 km 0.2 + 0.1 = 0.3, 6 km 0.15 + 0.1 = 0.25 pack. All of it times
((15 + q)/25)^1.5: q = 5.25 kg (4.25 kg of orders + 1 kg box): 0.81^1.5 = 0.729; box only:
0.64^1.5 = 0.512.

``wing`` (vtol): 25 m/s; vertical 100/5 + 100/2.5 + 40 = 100 s; f = 1/100 km with the box alone,
1/50 km with 10 kg, so 1.5e-5 per m with 5.5 kg: p_c = 25 x 1.5e-5 = 0.000375 pack/s;
p_h = 2 x 25 x 2e-5 x 0.82^1.5 = 0.001 x 0.742542 pack/s with 5.5 kg. 10 km: 400 + 100 = 500 s,
0.15 + 0.0742542 = 0.2242542 pack.

Usable: 1 x 1 x (1 - 0.2) = 0.8 pack a sortie.
"""

from __future__ import annotations

from dataclasses import replace

from geo.weather import CALM
from geo.zones import Zone
from routing.network import (
    Base,
    Drone,
    DroneType,
    Network,
    PilotShift,
    Product,
    Rules,
    Site,
    Weights,
    Window,
)
from routing.orders import Order
from routing.plan import Charge, Flight, Objective, Plan, Sortie, Stop, Unserved

ALL_DAY = (Window(0, 86_400),)
HUB_LONLAT = (119.96, 36.78)
CLINIC_LONLAT = (119.96, 36.870106)
SECOND_LONLAT = (120.013806, 36.837656)
LONLAT = {"hub": HUB_LONLAT, "clinic": CLINIC_LONLAT, "second": SECOND_LONLAT}
LENGTH_M = {
    frozenset({"hub", "clinic"}): 9_999.46,
    frozenset({"hub", "second"}): 7_999.45,
    frozenset({"clinic", "second"}): 5_999.49,
}

HEX = DroneType(
    id="hex",
    name_zh="示例六旋翼",
    name_en="Example hexacopter",
    airframe="multirotor",
    empty_kg=15.0,
    payload_max_kg=10.0,
    box_tare_kg=1.0,
    slots=4,
    compartments=1,
    cruise_mps=20.0,
    climb_mps=4.0,
    descent_mps=2.5,
    approach_s=35.0,
    range_points=((10.0, 40_000.0),),
    hover_ratio=2.0,
    max_wind_mps=12.0,
    max_gust_mps=15.0,
    min_temp_c=-20.0,
    max_temp_c=45.0,
    night_ok=False,
    charge_s=3_600,
    turnaround_s=420,
)
WING = DroneType(
    id="wing",
    name_zh="示例垂起固定翼",
    name_en="Example VTOL",
    airframe="vtol",
    empty_kg=15.0,
    payload_max_kg=10.0,
    box_tare_kg=1.0,
    slots=8,
    compartments=2,
    cruise_mps=25.0,
    climb_mps=5.0,
    descent_mps=2.5,
    approach_s=40.0,
    range_points=((1.0, 100_000.0), (10.0, 50_000.0)),
    hover_ratio=2.0,
    max_wind_mps=12.0,
    max_gust_mps=15.0,
    min_temp_c=-20.0,
    max_temp_c=45.0,
    night_ok=True,
    charge_s=5_400,
    turnaround_s=600,
)
RULES = Rules(
    reserve_frac=0.2,
    has_diversion_reserve=True,
    diversion_hover_s=60.0,
    pack_soh={},
    cold_capacity=((-20.0, 0.6), (0.0, 0.9), (15.0, 1.0)),
    headway_s=60,
    pad_clear_s=120,
    pad_prepare_s=180,
    sortie_max_s=3_600,
    must_return_home=True,
    supervised_per_pilot=2,
    pilot_shifts=(PilotShift(Window(0, 86_400), 1),),
    exclusive_groups=frozenset({frozenset({"blood", "formalin"})}),
    cruise_height_m_agl=100.0,
    zone_buffer_m=200.0,
    sunrise_s=24_000,
    sunset_s=61_200,
    separation_s=0,
    road_circuity=1.4,
    road_mps=10.0,
)


def _product(id_: str, zh: str, en: str, band: str, group: str, service: str) -> Product:
    return Product(
        id=id_,
        name_zh=zh,
        name_en=en,
        stability_s=7_200,
        target_s=None,
        ride_limit_s=None,
        band=band,
        group=group,
        is_eligible=True,
        why_not="",
        unit_kg=0.5,
        slots_per_order=1,
        service=service,
        lab_s=1_800 if group == "specimen" else 0,
    )


PRODUCTS = {
    product.id: product
    for product in (
        _product("serum", "血清", "Serum", "15-25", "specimen", "lab:chemistry"),
        _product("red_cells", "红细胞", "Red cells", "2-6", "blood", ""),
        _product("medicine", "药品", "Medicine", "any", "medicine", ""),
        _product("tissue", "福尔马林组织", "Formalin tissue", "any", "formalin", "lab:pathology"),
    )
}


def three_sites() -> Network:
    """Hub (base, two pads, laboratory), second (base, one pad) and clinic (one pad); no zones."""
    services = frozenset({"lab:chemistry", "lab:pathology", "blood_bank"})
    # Words of every row: id, names, kind, position, services, pads, hours, handover.
    hub = Site("hub", "中心医院", "Hub", "hub", *HUB_LONLAT, services, 2, ALL_DAY, 120)
    second = Site(
        "second", "第二医院", "Second", "hospital", *SECOND_LONLAT, frozenset(), 1, ALL_DAY, 120
    )
    clinic_hours = (Window(25_200, 68_400),)
    clinic = Site(
        "clinic", "卫生院", "Clinic", "township", *CLINIC_LONLAT, frozenset(), 1, clinic_hours, 180
    )
    return Network(
        name_zh="三站示例",
        name_en="Three sites",
        time_zone="Asia/Shanghai",
        date="2026-11-23",
        hub_id="hub",
        sites=(hub, second, clinic),
        bases=(Base("hub", {"hex": 2, "wing": 1}, 2), Base("second", {"hex": 1}, 1)),
        drone_types={"hex": HEX, "wing": WING},
        drones=(
            Drone("D1", "hex", "hub", Window(21_600, 72_000)),
            Drone("D2", "wing", "hub", Window(0, 86_400)),
        ),
        products=PRODUCTS,
        rules=RULES,
        weights=Weights(
            unserved={"stat": 100.0, "urgent": 10.0, "routine": 1.0},
            # Scaled so that routine is 1: stat 10, urgent 2, routine 1.
            lateness_per_min={"stat": 20.0, "urgent": 4.0, "routine": 2.0},
        ),
        zones=(),
        weather=CALM,
    )


# A square of 0.006 x 0.02 degrees; its east edge lies 0.004 degrees = 357 m west of the line
# hub - clinic, beyond the buffer of 200 m.
WEST_ZONE = Zone(
    id="west",
    name_zh="西侧示例区",
    name_en="West example zone",
    rule="prohibited",
    rings_lonlat=(
        (
            (
                (119.950, 36.815),
                (119.956, 36.815),
                (119.956, 36.835),
                (119.950, 36.835),
                (119.950, 36.815),
            ),
        ),
    ),
    upper_m=120.0,
    is_illustrative=True,
    source="made up for tests",
)


def three_sites_with_zone() -> Network:
    """The same network with one prohibited zone just west of the line hub - clinic.

    ``three_site_plan`` stays valid here: its paths pass the zone at 357 m.
    """
    return replace(three_sites(), zones=(WEST_ZONE,))


def three_site_orders() -> tuple[Order, ...]:
    """Seven orders: six that the plan carries and ``X1``, whose deadline nobody can meet."""
    serum = ("serum", "15-25", "specimen")
    cells = ("red_cells", "2-6", "blood")
    medicine = ("medicine", "any", "medicine")

    def order(
        id_: str, origin: str, destination: str, what: tuple[str, str, str], mass_kg: float,
        ready_s: int, deadline_s: int, target_s: int | None,
    ) -> Order:  # fmt: skip
        product_id, band, group = what
        return Order(
            id=id_,
            origin=origin,
            destinations=(destination,),
            wanted="lab:chemistry" if product_id == "serum" else destination,
            product_id=product_id,
            quantity=1,
            mass_kg=mass_kg,
            slots=1,
            band=band,
            group=group,
            tier={"S2": "stat", "B1": "urgent"}.get(id_, "routine"),  # type: ignore[arg-type]
            ready_s=ready_s,
            collected_s=ready_s - 200 if product_id == "serum" else None,
            deadline_s=deadline_s,
            target_s=target_s,
            ride_limit_s=1_800 if product_id == "red_cells" else None,
            lab_s=1_800 if product_id == "serum" else 0,
        )

    return (
        order("B1", "hub", "clinic", cells, 4.25, 28_000, 32_400, 30_000),
        order("S1", "clinic", "hub", serum, 4.25, 29_000, 36_000, 30_000),
        order("M1", "hub", "second", medicine, 4.25, 28_000, 43_200, None),
        order("S2", "second", "hub", serum, 4.25, 31_000, 34_600, 32_080),
        order("M2", "hub", "clinic", medicine, 4.5, 29_000, 43_200, None),
        order("S3", "clinic", "hub", serum, 4.5, 29_500, 36_700, 32_400),
        # Earliest receipt: load 180 s, fly at least 500 s, unload 120 s = 29,800 s at the best.
        order("X1", "clinic", "hub", serum, 0.5, 29_000, 29_700, None),
    )


def _flight(
    origin: str, destination: str, takeoff_s: int, flight_s: int, load_kg: float, pack: float
) -> Flight:
    return Flight(
        origin=origin,
        destination=destination,
        takeoff_s=takeoff_s,
        landing_s=takeoff_s + flight_s,
        path_lonlat=(LONLAT[origin], LONLAT[destination]),
        length_m=LENGTH_M[frozenset({origin, destination})],
        payload_kg=load_kg,
        energy_pack=pack,
        height_m_agl=100.0,
    )


def _blood_out_specimen_back() -> Sortie:
    """08:00 hub -> clinic -> hub. Each leg 0.35 x 0.729 = 0.25515 pack, 0.5103 in all.

    Diversion on landing at the hub, 8 km to second: 0.5103 + (0.2 + 0.1 + 60 x 0.001) x 0.729 =
    0.5103 + 0.26244 = 0.77274 pack, within 1.
    """
    return Sortie(
        id="T1",
        drone_id="D1",
        pack_id="hub-hex-1",
        stops=(
            Stop("hub", 0, None, 28_680, 28_800, 28_800, loaded=("B1",)),
            Stop("clinic", 0, 29_400, 29_400, 29_580, 29_580, loaded=("S1",), unloaded=("B1",)),
            Stop("hub", 0, 30_180, 30_180, 30_300, None, unloaded=("S1",)),
        ),
        flights=(
            _flight("hub", "clinic", 28_800, 600, 4.25, 0.25515),
            _flight("clinic", "hub", 29_580, 600, 4.25, 0.25515),
        ),
        energy_pack=0.5103,
        usable_pack=0.8,
        charge=Charge(0, 30_180, 33_780),
    )


def _one_way(id_: str, pack_id: str, places: tuple[str, str], takeoff_s: int, order_id: str,
             charge: Charge) -> Sortie:  # fmt: skip
    """One leg of 8 km between the bases with 4.25 kg: 0.3 x 0.729 = 0.2187 pack."""
    origin, destination = places
    landing_s = takeoff_s + 500
    return Sortie(
        id=id_,
        drone_id="D1",
        pack_id=pack_id,
        stops=(
            Stop(origin, 0, None, takeoff_s - 120, takeoff_s, takeoff_s, loaded=(order_id,)),
            Stop(destination, 0, landing_s, landing_s, landing_s + 120, None, unloaded=(order_id,)),
        ),
        flights=(_flight(origin, destination, takeoff_s, 500, 4.25, 0.2187),),
        energy_pack=0.2187,
        usable_pack=0.8,
        charge=charge,
    )


def _wing_round() -> Sortie:
    """08:20 hub -> clinic -> hub by the VTOL. Each leg 0.2242542 pack, 0.4485084 in all."""
    return Sortie(
        id="T4",
        drone_id="D2",
        pack_id="hub-wing-1",
        stops=(
            Stop("hub", 1, None, 29_880, 30_000, 30_000, loaded=("M2",)),
            Stop("clinic", 0, 30_500, 30_500, 30_680, 30_680, loaded=("S3",), unloaded=("M2",)),
            Stop("hub", 1, 31_180, 31_180, 31_300, None, unloaded=("S3",)),
        ),
        flights=(
            _flight("hub", "clinic", 30_000, 500, 4.5, 0.2242542),
            _flight("clinic", "hub", 30_680, 500, 4.5, 0.2242542),
        ),
        energy_pack=0.4485084,
        usable_pack=0.8,
        charge=Charge(1, 31_180, 36_580),
    )


def three_site_plan() -> Plan:
    """A valid plan of ``three_site_orders`` on ``three_sites``.

    - D1 takes T1 (08:00), T2 to the second base and T3 back. T2 starts at 30,600 = 30,180 + 420 s
      of turnaround, T3 at 31,520 = 31,100 + 420 s.
    - D2 takes T4. From 30,000 to 30,180 s both are under way: two sorties, one pilot x 2.
    - The hub's chargers hold the packs of T1 (until 33,780) and T4, so that of T3, landed at
      32,020, waits for charger 0 until 33,780.
    - Lateness: S1 received 30,300, target 30,000: 5 min x 1; S2 received 32,140, target 32,080:
      1 min x 10; in all 15.
    - Flight time 1,200 + 500 + 500 + 1,000 = 3,200 s; cost 3,200 + 4 x 120 + 2 x 600 = 4,880.
    """
    return Plan(
        network="Three sites",
        date="2026-11-23",
        digest="",
        sorties=(
            _blood_out_specimen_back(),
            _wing_round(),
            _one_way("T2", "hub-hex-2", ("hub", "second"), 30_600, "M1", Charge(0, 31_100, 34_700)),
            _one_way(
                "T3", "second-hex-1", ("second", "hub"), 31_520, "S2", Charge(0, 33_780, 37_380)
            ),
        ),
        unserved=(
            Unserved(
                "X1",
                "deadline",
                "The fastest sortie delivers 1 min 40 s after the deadline.",
                "最快的架次也要比截止时间晚1分40秒送达。",
            ),
        ),
        objective=Objective(
            unserved_stat=0,
            unserved_urgent=0,
            unserved_routine=1,
            lateness_min=15.0,
            cost_s=4_880.0,
            flight_s=3_200.0,
            sorties=4,
            drones=2,
        ),
        bound=None,
        gap=None,
    )
