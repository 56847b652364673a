"""What a preference for emptier ground costs a plan: metres and seconds of detour.

Owns the comparison with the paths that the same network would fly without it. Does not judge it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from routing.legs import build_legs
from routing.network import Network
from routing.plan import Plan


@dataclass(frozen=True, slots=True)
class RiskCost:
    """What ground risk adds over all flights of a plan.

    Attributes:
        length_m: metres flown more than on the shortest paths; flight_s: seconds.
        flights: how many flights take another path for it.
    """

    length_m: float
    flight_s: float
    flights: int


def risk_cost(network: Network, plan: Plan) -> RiskCost | None:
    """The price of the preference; None where the network has none."""
    if not network.risk:
        return None
    shortest = build_legs(replace(network, risk=()))
    types = {drone.id: drone.type_id for drone in network.drones}
    length_m, seconds, flights = 0.0, 0.0, 0
    for sortie in plan.sorties:
        type_id = types.get(sortie.drone_id, "")
        for flight in sortie.flights if type_id in shortest.tables else ():
            table = shortest.for_type(type_id, flight.takeoff_s)
            i, j = (table.site_index[one] for one in (flight.origin, flight.destination))
            more_m = flight.length_m - float(table.length_m[i, j])
            if more_m > 1.0:
                length_m += more_m
                seconds += flight.landing_s - flight.takeoff_s - float(table.flight_s[i, j])
                flights += 1
    return RiskCost(length_m, seconds, flights)
