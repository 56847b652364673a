"""What the wind costs a plan: flight time and energy beside the same paths in still air.

Owns the comparison. The figures are those of ``routing.legs``; temperature and air density stay as
they are, only the wind is taken away.
"""

from __future__ import annotations

from dataclasses import dataclass

from geo.geodesy import measure_path
from geo.wind import cruise_seconds
from routing.energy import density_factor, power_in_cruise
from routing.network import Network
from routing.plan import Plan


@dataclass(frozen=True, slots=True)
class WindCost:
    """What the wind of the day adds, over all flights of a plan; negative when it helps.

    Attributes:
        flight_s: seconds in the air, energy_pack: energy in packs, more than in still air.
        still_flight_s, still_energy_pack: of the same paths in still air.
    """

    flight_s: float
    energy_pack: float
    still_flight_s: float
    still_energy_pack: float


def wind_cost(network: Network, plan: Plan) -> WindCost | None:
    """The cost of the wind; None where a flight cannot be flown or its drone is not known."""
    types = {drone.id: network.drone_types.get(drone.type_id) for drone in network.drones}
    flight_s = energy_pack = extra_s = extra_pack = 0.0
    for sortie in plan.sorties:
        kind = types.get(sortie.drone_id)
        if kind is None:
            return None
        for flight in sortie.flights:
            period = network.weather.at(flight.takeoff_s)
            length_m, _ = measure_path(flight.path_lonlat)
            blown_s = cruise_seconds(
                flight.path_lonlat, kind.cruise_mps, period.wind_mps, period.wind_from_deg
            )
            more_s = blown_s - float(length_m.sum()) / kind.cruise_mps
            load_kg = flight.payload_kg + kind.box_tare_kg
            power = density_factor(period.temperature_c) * float(power_in_cruise(kind, load_kg))
            flight_s += flight.landing_s - flight.takeoff_s
            energy_pack += flight.energy_pack
            extra_s += more_s
            extra_pack += more_s * power
    cost = WindCost(extra_s, extra_pack, flight_s - extra_s, energy_pack - extra_pack)
    return cost if abs(cost.flight_s) < float("inf") else None
