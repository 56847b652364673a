"""Thirty overloaded days: every smallest change verified true, one step less verified false.

    python -m benchmarks.why [--days 30] [--iterations 60] [--harder 300]

The days are synthetic, on the hand-made network of the tests, each short of packs, pilots,
chargers, drones or pads. Prints a row a day and the sums, the reasons and the kinds of change.

- true: the plan with the change passes the checker, carries the order and leaves nobody behind who
  flew before; false: with one step less (one pack, charger or pad less is the day as it stands)
  the same procedure finds no such plan.
- harder: of those, how many a search of another seed and more iterations does carry: a search may
  miss a plan, and this says how often.

Exits 1 when a change is not verified.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from routing.checker import check_plan
from routing.explain import explain_unserved
from routing.explain.again import Effort, plan_again
from routing.explain.remedies import Remedies, Remedy, find_remedies
from routing.legs import build_legs
from routing.whatif.scenario import Scenario, apply_scenario
from tests.explain.overloaded import SCARCE, overloaded_day

PLAN_ITERATIONS = 1500
"""Of the plan that leaves orders behind: what a few seconds of search find on so small a day."""
COLUMNS = ("left", "late", "changes", "true", "less", "false", "harder")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the corpus."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--iterations", type=int, default=60)
    parser.add_argument("--harder", type=int, default=300, help="iterations; 0 leaves it out")
    given = parser.parse_args(argv)
    total = Counter[str]()
    print(f"| day | short of | {' | '.join(COLUMNS)} | s |")
    print("|---|---|" + "---|" * (len(COLUMNS) + 1))
    for seed in range(given.days):
        began = time.perf_counter()
        counts = run_day(seed, Effort(given.iterations), given.harder)
        total += counts
        row = _row(f"{seed} | {SCARCE[seed % len(SCARCE)]}", counts)
        print(f"{row} {time.perf_counter() - began:.1f} |", flush=True)
    print(f"{_row('all | ', total)} |")
    for kind in ("reason", "change"):
        found = [(key, n) for key, n in total.most_common() if key.startswith(f"{kind} ")]
        print(f"\n{kind}s: " + ", ".join(f"`{key.split()[1]}` {n}" for key, n in found))
    return 0 if total["true"] == total["changes"] and total["false"] == total["less"] else 1


def _row(name: str, counts: Counter[str]) -> str:
    return f"| {name} | {' | '.join(str(counts[column]) for column in COLUMNS)} |"


def run_day(seed: int, effort: Effort, harder: int = 0) -> Counter[str]:
    """Counts of one day: orders left, reasons, changes found and verified."""
    network, orders = overloaded_day(seed)
    legs = build_legs(network)
    plans = [plan_again(network, orders, legs, PLAN_ITERATIONS, seed) for seed in (1, 2)]
    plan = min(plans, key=lambda one: one.objective.ranking)
    plan = replace(plan, unserved=explain_unserved(network, orders, legs, plan))
    left = {one.order_id for one in plan.unserved}
    finder = Remedies(network, orders, legs, plan, effort)
    hard = Remedies(network, orders, legs, plan, Effort(harder, (2,)))
    found = find_remedies(network, orders, legs, plan, effort)
    counts = Counter({"left": len(left), "late": len(found.keys() - left)})
    counts.update(f"reason {one.reason}" for one in plan.unserved)
    by_id = {order.id: order for order in orders}
    for order_id, remedies in found.items():
        asked = finder.asked(by_id[order_id])
        for remedy in remedies:
            kind = "none" if remedy.change is None else type(remedy.change).__name__
            counts.update(["changes", f"change {kind}"])
            counts["true"] += is_true(finder, remedy)
            # A change of one step has nothing between it and the day as it stands.
            for less in (remedy.less or (None,)) if remedy.change is not None else ():
                counts["less"] += 1
                counts["false"] += finder.carries(asked, less, patiently=True) is None
                counts["harder"] += bool(harder) and hard.carries(asked, less) is not None
    return counts


def is_true(finder: Remedies, remedy: Remedy) -> bool:
    """Whether the remedy's plan passes the checker on the changed day and carries the order (a
    late one by its target), and nobody who flew before stays behind."""
    asked = {order.id: finder.asked(order) for order in finder.orders}
    moved = tuple(asked[one.id] if one.id == remedy.order_id else one for one in finder.orders)
    day = (finder.network, moved)
    if remedy.change is not None:
        day = apply_scenario(*day, Scenario("try", (remedy.change,)))
    before = {one.order_id for one in finder.plan.unserved}
    still = {one.order_id for one in remedy.plan.unserved}
    return remedy.order_id not in still and still <= before and not check_plan(*day, remedy.plan)


if __name__ == "__main__":
    sys.exit(main())
