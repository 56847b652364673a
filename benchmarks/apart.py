"""How near own drones come before and after the separation step, and what that costs.

    python -m benchmarks.apart [towns lines P238-1 ...] [--iterations 300] [--separation 120]

``towns`` and ``lines`` are the synthetic days of ``configs/pingdu``; the others are days of
``benchmarks.days``. Each is planned without regard to other drones, then kept apart with four,
two and one altitude layers. Prints a row for each: flights, pairs of legs nearer than the
separation at one height before (by the checker), how many pairs of flights then are the two ways
of one leg (what one-way lanes would part), orders flown, take-offs moved, cost, seconds of
the step, the tightest pass (seconds, metres of height), and violations left (by the checker).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.days import build_day
from routing.checker import check_plan
from routing.legs import build_legs
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.separation.separate import separate
from routing.separation.sky import Sky
from routing.separation.tightest import find_tightest
from routing.solver.solve import solve

PINGDU = Path(__file__).resolve().parent.parent / "configs" / "pingdu"
COLUMNS = (
    "layers",
    "flights",
    "near before",
    "same leg",
    "flown",
    "moved",
    "cost",
    "s",
    "tightest",
    "left",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the days."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("days", nargs="*", default=["towns", "lines"])
    parser.add_argument("--iterations", type=int, default=300)
    parser.add_argument("--separation", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(argv)
    print(f"| day | {' | '.join(COLUMNS)} |")
    print("|---|" + "---|" * len(COLUMNS))
    left = 0
    for name in given.days:
        network, orders = _day(name)
        legs = build_legs(network)
        plan = solve(
            network, orders, legs, seed=given.seed, iterations=given.iterations, proves=False
        )
        top_m = network.rules.cruise_height_m_agl
        for layers in ((top_m - 30, top_m - 20, top_m - 10, top_m), (top_m - 10, top_m), ()):
            rules = replace(network.rules, separation_s=given.separation, layers_m_agl=layers)
            there = replace(network, rules=rules)
            flat = replace(there, rules=replace(rules, layers_m_agl=()))
            near = sum(one.rule == "R10" for one in check_plan(flat, orders, plan))
            began = time.perf_counter()
            parted = separate(there, orders, legs, plan)
            took_s = time.perf_counter() - began
            violations = check_plan(there, orders, parted)
            left += len(violations)
            cells = (len(layers) or 1, _num_flights(plan), near, _both_ways(flat, plan),
                     len(orders) - len(parted.unserved), _moved(plan, parted),
                     round(parted.objective.cost_s), f"{took_s:.2f}", _tightest(there, parted),
                     len(violations))  # fmt: skip
            print(f"| {name} | {' | '.join(map(str, cells))} |", flush=True)
    return 1 if left else 0


def _day(name: str) -> tuple[Network, tuple[Order, ...]]:
    if name in ("towns", "lines"):
        network = read_network(PINGDU, "2026-11-23")
        return network, read_orders(PINGDU / "orders" / f"{name}.csv", network)
    day = build_day(name)
    return day.network, day.orders


def _num_flights(plan: Plan) -> int:
    return sum(len(sortie.flights) for sortie in plan.sorties)


def _moved(before: Plan, after: Plan) -> int:
    """Sorties of the plan after that take off at another time than any of that drone before."""
    known = {(sortie.drone_id, sortie.start_s) for sortie in before.sorties}
    return sum((sortie.drone_id, sortie.start_s) not in known for sortie in after.sorties)


def _both_ways(network: Network, plan: Plan) -> str:
    """Pairs of flights too close at one height: the two ways of one leg, of all."""
    sky = Sky(network, plan.sorties)
    pairs = [(sky.tracks[one].pads, sky.tracks[other].pads) for one, other in sky.close_pairs()]
    return f"{sum(one == other[::-1] for one, other in pairs)}/{len(pairs)}"


def _tightest(network: Network, plan: Plan) -> str:
    found = find_tightest(network, plan)
    return "none" if found is None else f"{found.gap_s:.0f} s, {found.apart_m:.0f} m"


if __name__ == "__main__":
    sys.exit(main())
