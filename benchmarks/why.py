"""Thirty overloaded days: every smallest change verified true, one step less verified false.

Run: ``python -m benchmarks.why [--days 30] [--iterations 60]``. The days are synthetic, on the
hand-made network of the tests. Prints a line a day and the sums; exits 1 when one is not verified.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import replace

from routing.checker import check_plan
from routing.explain import explain_unserved
from routing.explain.again import Effort, plan_again
from routing.explain.remedies import Remedies, find_remedies
from routing.legs import LegTables, build_legs
from routing.network import Network
from routing.whatif.scenario import Scenario, apply_scenario
from tests.days import three_sites
from tests.explain.overloaded import overloaded_orders


def main() -> int:
    """Run the corpus."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--iterations", type=int, default=60)
    arguments = parser.parse_args()
    network = three_sites()
    legs, total = build_legs(network), Counter[str]()
    for seed in range(arguments.days):
        began = time.perf_counter()
        counts = run_day(network, legs, seed, Effort(arguments.iterations))
        total += counts
        print(f"day {seed:2d}: {dict(counts)}, {time.perf_counter() - began:.1f} s", flush=True)
    print(f"all: {dict(total)}")
    return 0 if total["true"] == total["changes"] and total["false"] == total["less"] else 1


def run_day(network: Network, legs: LegTables, seed: int, effort: Effort) -> Counter[str]:
    """Counts of one day: orders left, reasons, changes found and verified."""
    orders = overloaded_orders(seed)
    plan = plan_again(network, orders, legs, 300, 1)
    plan = replace(plan, unserved=explain_unserved(network, orders, legs, plan))
    left = {one.order_id for one in plan.unserved}
    counts = Counter({"left": len(left)})
    counts.update(f"reason {one.reason}" for one in plan.unserved)
    finder = Remedies(network, orders, legs, plan, effort)
    by_id = {order.id: order for order in orders}
    for order_id, remedies in find_remedies(network, orders, legs, plan, effort).items():
        counts["without change"] += order_id in left and not remedies
        for remedy in remedies:
            changed = (network, orders)
            if remedy.change is not None:
                changed = apply_scenario(*changed, Scenario("try", (remedy.change,)))
            served = order_id not in {one.order_id for one in remedy.plan.unserved}
            counts["changes"] += 1
            counts["true"] += served and check_plan(*changed, remedy.plan) == ()
            for less in remedy.less if order_id in left else ():
                counts["less"] += 1
                counts["false"] += finder.carries(by_id[order_id], less) is None
    return counts


if __name__ == "__main__":
    sys.exit(main())
