"""Whether a new site lies where a drone could ever fly: an error of writing, found before planning.

Owns the rule and its fault. Which orders of a site in reach can be flown is the planner's matter.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo.geodesy import measure_geodesics
from routing.energy import density_factor, power_in_cruise
from routing.network import DroneType, Network
from routing.reading.faults import FaultList, Phrase
from routing.whatif.changes import AddSite, Change


def check_reach(changes: Sequence[Change], network: Network, faults: FaultList) -> None:
    """A fault for each new site farther from every base than any drone of the fleet could fly.

    Args:
        changes: of a scenario; network: with all of them made, so that its bases are all there.
    """
    added = [change for change in changes if isinstance(change, AddSite)]
    kinds = {drone.type_id for drone in network.drones}
    if not added or not kinds or not network.bases:
        return
    farthest_m = max(farthest_flight_m(network.drone_types[kind], network) for kind in kinds)
    bases = [network.site(base.site_id) for base in network.bases]
    for change in added:
        lengths_m, _ = measure_geodesics(
            [(change.site.lon_deg, change.site.lat_deg)] * len(bases),
            [(base.lon_deg, base.lat_deg) for base in bases],
        )
        if min(lengths_m) > farthest_m:
            nearest = bases[int(lengths_m.argmin())]
            faults.add(
                "scenario.site-too-far",
                change.said.file,
                place=change.said.place,
                name=change.said.key,
                rule="a new site must be within the farthest flight of the fleet from some base, "
                f"{farthest_m / 1000:.0f} km one way with the wind on one full pack",
                found=Phrase(
                    f"{change.site.id} at {change.site.lon_deg:.5f},{change.site.lat_deg:.5f}, "
                    f"{min(lengths_m) / 1000:,.0f} km from {nearest.id}"
                ),
                action="check lon, lat (in this order) and the datum",
            )


def farthest_flight_m(drone: DroneType, network: Network) -> float:
    """How far a drone with an empty box could ever get: one full new pack, no reserve, the wind of
    the day's windiest period behind it, hover not counted."""
    pack_per_s = float(power_in_cruise(drone, drone.box_tare_kg))
    return max(
        (drone.cruise_mps + period.wind_mps) / (pack_per_s * density_factor(period.temperature_c))
        for period in network.weather.periods
    )
