"""How long it takes to rank village clinics around the Pingdu network, and how far it is off.

    python -m benchmarks.rank --candidates 238 --choose 10

Candidates are the real village points of ``configs/pingdu/scenarios/villages.csv`` and, to make up
the number, synthetic ones scattered round the network's sites (seeded), clear of all zones. Orders
are synthetic: the shipped township day and the demand model's for each candidate. Prints what
``magpie whatif --rank`` prints, the quick plans' error against full ones among it, then wall and
processor time.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from geo.geodesy import LocalPlane
from routing.choose.clinics import choose_clinics
from routing.choose.value import FULL_ITERATIONS, QUICK_ITERATIONS
from routing.choose.words import choice_lines
from routing.demand_file import read_demand
from routing.errors import InputError
from routing.network import Network
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.whatif.candidates import read_candidates
from routing.whatif.changes import AddDrones, AddSite
from routing.whatif.scenario import Scenario, change_network
from routing.whatif.sweep import Day

PINGDU = Path(__file__).resolve().parent.parent / "configs" / "pingdu"
SPREAD_M = 3_000.0
LONG_RANGE = "wingcopter-198"


def main(argv: Sequence[str] | None = None) -> int:
    """Rank and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--candidates", type=int, default=238)
    parser.add_argument("--choose", type=int, default=10)
    parser.add_argument("--orders", type=Path, default=PINGDU / "orders" / "towns.csv")
    parser.add_argument("--quick", type=int, default=QUICK_ITERATIONS)
    parser.add_argument("--full", type=int, default=FULL_ITERATIONS)
    parser.add_argument("--fewer", type=int, default=0, help="long-range drones away, hub's first")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(argv)
    network = read_network(PINGDU)
    if given.fewer:
        network = take_away(network, given.fewer)
    candidates = scatter_candidates(network, given.candidates)
    days = [Day("towns", read_orders(given.orders, network))]
    load, began = os.getloadavg()[0], time.perf_counter()
    (choice,) = choose_clinics(
        network,
        days,
        candidates,
        given.choose,
        read_demand(PINGDU / "demand.yaml", network),
        quick=given.quick,
        full=given.full,
        workers=given.workers,
    )
    wall_s = time.perf_counter() - began
    print("\n".join(choice_lines([choice], candidates, "en")))
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(one.ru_utime + one.ru_stime for one in used)
    print(
        f"{len(candidates)} candidates, {len(network.sites)} sites, {choice.plans} days planned, "
        f"{given.workers} workers: {wall_s:.0f} s, processor time {cpu_s:.0f} s, "
        f"load before {load:.1f}"
    )
    return 0


def take_away(network: Network, count: int) -> Network:
    """The network without so many of its long-range drones, the hub's first."""
    homes = [drone.home_site_id for drone in network.drones if drone.type_id == LONG_RANGE]
    first = sorted(homes, key=lambda home: home != network.hub_id)[:count]
    away = [AddDrones(-first.count(home), home, LONG_RANGE) for home in dict.fromkeys(first)]
    return change_network(network, Scenario("fewer", tuple(away)))


def scatter_candidates(network: Network, count: int, seed: int = 1) -> tuple[AddSite, ...]:
    """The real points, then synthetic ones round the sites, none of them inside a zone."""
    real = read_candidates(PINGDU / "scenarios" / "villages.csv", network)[:count]
    rng = np.random.default_rng(seed)
    plane = LocalPlane.around([(site.lon_deg, site.lat_deg) for site in network.sites])
    towns = plane.to_plane(np.array([(site.lon_deg, site.lat_deg) for site in network.sites]))
    found = list(real)
    while len(found) < count:
        town = towns[rng.integers(len(towns))]
        ((lon, lat),) = plane.to_lonlat([town + rng.normal(0.0, SPREAD_M, 2)])
        name = f"synthetic-{len(found) + 1:03d}"
        site = replace(
            real[0].site,
            id=name,
            name_zh=f"合成村 {len(found) + 1}",
            name_en=name,
            lon_deg=float(lon),
            lat_deg=float(lat),
            source="synthetic",
        )
        if _is_clear(network, AddSite(site)):
            found.append(AddSite(site))
    return tuple(found)


def _is_clear(network: Network, candidate: AddSite) -> bool:
    try:
        change_network(network, Scenario("try", (candidate,)))
    except InputError:
        return False
    return True


if __name__ == "__main__":
    raise SystemExit(main())
