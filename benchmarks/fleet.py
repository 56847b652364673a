"""Drones, products and rules of the benchmark days, frozen as literals.

Literal copies, so that a benchmark day never changes when the catalogue is edited; the values and
their sources are those of ``configs/catalogue`` (each figure's source stands there; several are
design choices that nobody has checked against a maker's document). Knows no places and no orders.
"""

from __future__ import annotations

from geo.weather import Weather, WeatherPeriod
from routing.network import DroneType, Product, Rules, Weights

TR9S = DroneType(
    id="antwork-tr9s",
    name_zh="迅蚁TR9S",
    name_en="Antwork TR9S",
    airframe="multirotor",
    empty_kg=22.0,
    payload_max_kg=9.0,
    box_tare_kg=1.5,
    slots=10,
    compartments=2,
    cruise_mps=15.0,
    climb_mps=3.0,
    descent_mps=2.0,
    approach_s=20.0,
    range_points=((9.0, 30_000.0),),
    hover_ratio=1.0,
    max_wind_mps=12.0,
    max_gust_mps=15.0,
    min_temp_c=-15.0,
    max_temp_c=45.0,
    night_ok=True,
    charge_s=2_700,
    turnaround_s=420,
)

WINGCOPTER = DroneType(
    id="wingcopter-198",
    name_zh="Wingcopter 198",
    name_en="Wingcopter 198",
    airframe="vtol",
    empty_kg=20.0,
    payload_max_kg=5.0,
    box_tare_kg=1.0,
    slots=8,
    compartments=2,
    cruise_mps=27.8,
    climb_mps=6.0,
    descent_mps=5.0,
    approach_s=20.0,
    range_points=((0.0, 110_000.0), (1.0, 95_000.0), (3.0, 85_000.0), (5.0, 75_000.0)),
    hover_ratio=3.0,
    max_wind_mps=15.0,
    max_gust_mps=18.0,
    min_temp_c=-20.0,
    max_temp_c=45.0,
    night_ok=True,
    charge_s=3_600,
    turnaround_s=480,
)


def _product(
    id_: str, names: tuple[str, str], kept: tuple[str, str], limit_min: int, ride_min: int | None
) -> Product:
    band, group = kept
    is_specimen = group == "specimen"
    return Product(
        id=id_,
        name_zh=names[0],
        name_en=names[1],
        stability_s=limit_min * 60,
        target_s=None,
        ride_limit_s=None if ride_min is None else ride_min * 60,
        band=band,
        group=group,
        is_eligible=True,
        why_not="",
        unit_kg=0.3,
        slots_per_order=1,
        service="lab" if is_specimen else "",
        lab_s=1_800 if is_specimen else 0,
    )


PRODUCTS = {
    product.id: product
    for product in (
        _product("serum", ("血清", "Serum"), ("15-25", "specimen"), 120, None),
        _product("cbc", ("血常规", "Blood count"), ("15-25", "specimen"), 240, None),
        _product("coagulation", ("凝血", "Coagulation"), ("15-25", "specimen"), 240, None),
        _product("urine", ("尿液", "Urine"), ("15-25", "specimen"), 120, None),
        _product("swab", ("拭子", "Swab"), ("2-8", "specimen"), 240, None),
        _product("red-cells", ("红细胞", "Red cells"), ("2-8", "blood"), 90, 60),
        _product("medicine", ("药品", "Medicine"), ("any", "medicine"), 240, None),
    )
}
"""Limits in minutes from collection (specimens) or from ready (goods)."""

RULES = Rules(
    reserve_frac=0.2,
    has_diversion_reserve=True,
    diversion_hover_s=60.0,
    pack_soh={},
    cold_capacity=((-20.0, 0.6), (0.0, 0.9), (15.0, 1.0)),
    headway_s=30,
    pad_clear_s=60,
    pad_prepare_s=60,
    sortie_max_s=None,
    must_return_home=True,
    supervised_per_pilot=3,
    pilot_shifts=(),
    exclusive_groups=frozenset({frozenset({"blood", "specimen"})}),
    cruise_height_m_agl=100.0,
    zone_buffer_m=200.0,
    sunrise_s=24_400,
    sunset_s=60_600,
    separation_s=0,
    road_circuity=1.4,
    road_mps=10.0,
)
"""Separation in the air (R10) and pilots (R11) are off: no peer can state them."""

WEIGHTS = Weights(
    unserved={"stat": 100.0, "urgent": 10.0, "routine": 1.0},
    lateness_per_min={"stat": 10.0, "urgent": 3.0, "routine": 1.0},
    flight_s=1.0,
    sortie=120.0,
    drone=0.0,
)
"""Flight seconds and 120 a sortie, drones free of charge."""

WEATHER = Weather(
    (WeatherPeriod(0, 4.0, 340.0, 7.0, 12.0),),
    "synthetic: one steady north-north-westerly, so that legs differ by direction",
)
