"""Growth: seconds to the first whole plan and memory, from 100 to 10,000 orders.

Each size runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.days import Day, Size, grow_day
from benchmarks.fleet import WINGCOPTER
from benchmarks.launch import ROOT
from benchmarks.ours import plan_day
from benchmarks.peers.memory import peak_mb
from benchmarks.places import COUNTIES
from benchmarks.record import Done, Row
from routing.legs import build_legs

ORDERS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000)
ORDERS_PER_SITE, ORDERS_PER_DRONE = 5, 30
REACH_M = 20_000.0


def growth_day(orders: int, seed: int) -> Day:
    """A prefecture's day with a number of orders; sites and drones grow with them.

    Every hub has as many drones, so that none is left with a share of the orders it cannot fly.
    """
    sites = max(20, orders // ORDERS_PER_SITE)
    hubs = len(COUNTIES)
    drones = hubs * max(2, math.ceil(orders / ORDERS_PER_DRONE / hubs))
    size = Size(sites, orders, drones, drones, WINGCOPTER, REACH_M, is_prefecture=True)
    return grow_day(f"growth-{orders}", size, seed)


def run_growth(
    names: list[str], seeds: list[int], seconds: float, done: Done = frozenset()
) -> Iterator[Row]:
    """A row for each number of orders and seed but those done."""
    for name in names:
        for seed in seeds:
            if (f"growth-{name}", "magpie", seed, seconds) not in done:
                yield _row(int(name), seed, seconds)


def _row(orders: int, seed: int, seconds: float) -> Row:
    row = Row("growth", f"growth-{orders}", "magpie", seed, seconds, orders=orders)
    command = [
        sys.executable,
        "-m",
        "benchmarks.suite_growth",
        str(orders),
        str(seed),
        str(seconds),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        row.remark = f"failed: {done.stderr.strip().splitlines()[-1:]}"
        return row
    found = json.loads(done.stdout.strip().splitlines()[-1])
    for key in ("served", "cost", "sorties", "drones", "first_s", "wall_s", "peak_mb", "remark"):
        setattr(row, key, found[key])
    return row


def main(arguments: list[str]) -> None:
    """One size in this process; prints one line of JSON."""
    orders, seed, seconds = int(arguments[0]), int(arguments[1]), float(arguments[2])
    day = growth_day(orders, seed)
    began = time.perf_counter()
    legs = build_legs(day.network)
    legs_s = time.perf_counter() - began
    found = plan_day(day, legs, seed, seconds)
    terms = found.plan.objective
    print(
        json.dumps(
            {
                "served": orders - len(found.plan.unserved),
                "cost": terms.cost_s,
                "sorties": terms.sorties,
                "drones": terms.drones,
                "first_s": found.first_s,
                "wall_s": found.wall_s,
                "peak_mb": peak_mb(),
                "remark": f"leg table {legs_s:.1f} s",
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
