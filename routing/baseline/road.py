"""The road courier: when a courier by car would hand every order over.

Owns the estimate. Does not know roads: the way is the straight line times ``road_circuity``,
driven at ``road_mps`` (both in the rules, with their sources).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from geo.geodesy import measure_geodesics
from routing.network import Network, Site
from routing.orders import Order


def road_courier(network: Network, orders: Sequence[Order]) -> Mapping[str, float]:
    """Receipt of every order by a courier who waits at its origin and drives it alone.

    He takes the order over when it is ready (one handover), drives to the nearest destination and
    hands it over there. Hours, windows and deadlines do not hold him: an estimate in his favour.

    Returns:
        Order id -> end of the unloading handover, seconds since local midnight.
    """
    sites = {site.id: site for site in network.sites}
    return {order.id: _receipt_s(network, sites, order) for order in orders}


def _receipt_s(network: Network, sites: Mapping[str, Site], order: Order) -> float:
    origin = sites[order.origin]
    arrivals = []
    for site_id in order.destinations:
        there = sites[site_id]
        length_m, _ = measure_geodesics(
            [(origin.lon_deg, origin.lat_deg)], [(there.lon_deg, there.lat_deg)]
        )
        drive_s = float(length_m[0]) * network.rules.road_circuity / network.rules.road_mps
        arrivals.append(order.ready_s + origin.handover_s + drive_s + there.handover_s)
    return min(arrivals)
