"""What a day costs in CNY: the cost model, its file, and the cost of one day.

Owns ``costs.yaml`` and every formula in money; docs/whatif.md repeats them in words. Does not
know scenarios. All values are the file's, each with its source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator

from geo.geodesy import measure_geodesics
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.reading.faults import FaultList
from routing.reading.keys import fit
from routing.reading.model import FileModel, Sourced, number, whole
from routing.reading.text import read_bytes
from routing.reading.yaml_text import parse_yaml
from routing.report.figures import airborne_s

Money = Annotated[float, number(0, 1e9)]
DAYS_A_YEAR = 365.0
COST_ITEMS = ("energy", "pack_wear", "maintenance", "drones", "pilots", "ground", "road")
"""The items of a day's cost, in the order of reports."""


def _has_default(values: dict[str, float]) -> dict[str, float]:
    if "default" not in values:
        raise ValueError("must have a value for default")
    return values


ByType = Annotated[dict[str, Money], AfterValidator(_has_default)]
"""A value by drone type id, ``default`` for all others."""


class CostsFile(FileModel):
    """``costs.yaml``; docs/whatif.md says how each value is used."""

    electricity_cny_per_kwh: Sourced[Money]
    charging_efficiency: Sourced[Annotated[float, number(0, 1, above=True)]]
    pack_kwh: Sourced[ByType]
    pack_cny: Sourced[ByType]
    pack_life_cycles: Sourced[Annotated[int, whole(1, 100_000)]]
    drone_cny: Sourced[ByType]
    drone_life_years: Sourced[Annotated[float, number(0, 100, above=True)]]
    drone_insurance_cny_per_year: Sourced[Money]
    maintenance_cny_per_flight_h: Sourced[Money]
    pilot_cny_per_h: Sourced[Money]
    pad_cny: Sourced[Money]
    charger_cny: Sourced[Money]
    ground_life_years: Sourced[Annotated[float, number(0, 100, above=True)]]
    courier_cny_per_h: Sourced[Money]
    vehicle_cny_per_km: Sourced[Money]


@dataclass(frozen=True, slots=True)
class CostModel:
    """The values of ``costs.yaml`` by the same names; by drone type with ``default``.

    Attributes:
        sources: key -> source and how sure it is.
    """

    electricity_cny_per_kwh: float
    charging_efficiency: float
    pack_kwh: Mapping[str, float]
    pack_cny: Mapping[str, float]
    pack_life_cycles: int
    drone_cny: Mapping[str, float]
    drone_life_years: float
    drone_insurance_cny_per_year: float
    maintenance_cny_per_flight_h: float
    pilot_cny_per_h: float
    pad_cny: float
    charger_cny: float
    ground_life_years: float
    courier_cny_per_h: float
    vehicle_cny_per_km: float
    sources: Mapping[str, str]


def read_costs(path: Path) -> CostModel:
    """The cost model of a file.

    Raises:
        InputError: everything that is wrong in the file.
    """
    faults = FaultList()
    content = read_bytes(path, faults)
    source = None if content is None else parse_yaml(content, str(path), faults)
    entries = None if source is None else fit(CostsFile, source.values, source.locate, faults)
    faults.raise_any()
    assert entries is not None  # without a fault there is a model
    sourced = {name: getattr(entries, name) for name in CostsFile.model_fields}
    values: dict[str, Any] = {name: entry.value for name, entry in sourced.items()}
    return CostModel(**values, sources={name: entry.credit for name, entry in sourced.items()})


def energy_kwh(network: Network, costs: CostModel | None, packs: Mapping[str, float]) -> float:
    """Energy in kWh of packs used by type: the catalogue's ``pack_wh``, else the cost model's."""
    total = 0.0
    for type_id, used in packs.items():
        known_wh = network.drone_types[type_id].pack_wh
        assumed = _of(costs.pack_kwh, type_id) if costs else 0.0
        total += used * (known_wh / 1000 if known_wh else assumed)
    return total


def energy_by_type(network: Network, plan: Plan) -> dict[str, float]:
    """Packs' worth of energy by drone type."""
    type_of = {drone.id: drone.type_id for drone in network.drones}
    used: dict[str, float] = {}
    for sortie in plan.sorties:
        type_id = type_of[sortie.drone_id]
        used[type_id] = used.get(type_id, 0.0) + sortie.energy_pack
    return used


def flying_cost(
    network: Network, orders: Sequence[Order], plan: Plan, costs: CostModel
) -> dict[str, float]:
    """Cost of a day's flying by item, CNY; what stays behind goes by road.

    - energy: kWh flown / charging efficiency x tariff;
    - pack_wear: packs' worth of energy x price of a pack / its life in full cycles;
    - maintenance: flight hours x rate;
    - drones: of the whole fleet, price / life + insurance, a day;
    - pilots: hours on duty x wage; ground: pads and chargers, price / life, a day;
    - road: ``road_cost`` of the orders left behind.
    """
    packs = energy_by_type(network, plan)
    flight_h = sum(airborne_s(sortie) for sortie in plan.sorties) / 3600
    fleet_cny = sum(
        _of(costs.drone_cny, drone.type_id) / costs.drone_life_years
        + costs.drone_insurance_cny_per_year
        for drone in network.drones
    )
    pilot_h = sum(
        shift.pilots * (shift.window.end_s - shift.window.start_s) / 3600
        for shift in network.rules.pilot_shifts
    )
    pads = sum(site.pads for site in network.sites)
    chargers = sum(base.chargers for base in network.bases)
    ground_cny = pads * costs.pad_cny + chargers * costs.charger_cny
    left = {item.order_id for item in plan.unserved}
    behind = [order for order in orders if order.id in left]
    drawn_kwh = energy_kwh(network, costs, packs) / costs.charging_efficiency
    return {
        "energy": drawn_kwh * costs.electricity_cny_per_kwh,
        "pack_wear": sum(
            used * _of(costs.pack_cny, type_id) / costs.pack_life_cycles
            for type_id, used in packs.items()
        ),
        "maintenance": flight_h * costs.maintenance_cny_per_flight_h,
        "drones": fleet_cny / DAYS_A_YEAR,
        "pilots": pilot_h * costs.pilot_cny_per_h,
        "ground": ground_cny / costs.ground_life_years / DAYS_A_YEAR,
        "road": road_cost(network, behind, costs),
    }


def road_cost(network: Network, orders: Sequence[Order], costs: CostModel) -> float:
    """Cost of carrying orders by car, CNY: one drive there and back for each collection.

    Orders with one origin, one destination (the nearest that will do) and one ready time are one
    collection. The way is the straight line times ``road_circuity``, driven at ``road_mps``; the
    courier is paid for the drive and one handover at each end.
    """
    sites = {site.id: site for site in network.sites}
    drives: dict[tuple[str, str, int], float] = {}
    for order in orders:
        origin = sites[order.origin]
        ends = [sites[site_id] for site_id in order.destinations]
        lengths_m, _ = measure_geodesics(
            [(origin.lon_deg, origin.lat_deg)] * len(ends),
            [(end.lon_deg, end.lat_deg) for end in ends],
        )
        length_m, goal = min((float(m), end.id) for m, end in zip(lengths_m, ends, strict=True))
        drives[order.origin, goal, order.ready_s] = length_m * network.rules.road_circuity
    total = 0.0
    for (start, goal, _), length_m in drives.items():
        drive_s = 2 * length_m / network.rules.road_mps
        paid_s = drive_s + sites[start].handover_s + sites[goal].handover_s
        total += 2 * length_m / 1000 * costs.vehicle_cny_per_km
        total += paid_s / 3600 * costs.courier_cny_per_h
    return total


def _of(values: Mapping[str, float], type_id: str) -> float:
    return values.get(type_id, values["default"])
