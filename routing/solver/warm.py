"""Compiles the kernels once, so that a user's first plan starts warm.

Run by the set-up (``python -m routing.solver.warm``): what is compiled is kept beside the sources.
Old caches are dropped first: nothing else ever removes them.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

CACHE = Path(__file__).parent / "__pycache__"

PRICING_S, MOST_ROUNDS = 600.0, 3
"""More seconds than bound and columns of the sample day take, compiling included."""


def warm() -> float:
    """Drop stale caches, compile every kernel on a tiny day, and say how many seconds it took."""
    for path in (*CACHE.glob("*.nbi"), *CACHE.glob("*.nbc")):
        path.unlink(missing_ok=True)
    began = time.perf_counter()
    run_all()
    return time.perf_counter() - began


def run_all() -> None:
    """Run every kernel once, those with it that so small a day would not need."""
    # Late: importing the kernels opens their index files, and stale ones must be gone by then.
    from routing.solver.bound import prove_bound
    from routing.solver.columns import generate, new_cover
    from routing.solver.engine import solve_instance
    from routing.solver.enumeration import list_wanted
    from routing.solver.loading import Draft, Flown, drafts_of, load_worker
    from routing.solver.sample import sample_instance
    from routing.solver.shifting import shift

    sample = sample_instance()
    result = solve_instance(sample, seed=1, iterations=5, threads=1)
    # So small a day is settled without columns and bound, whose kernels are needed all the same.
    cover = new_cover(sample, result.solution)
    generate(cover, time.perf_counter() + PRICING_S, MOST_ROUNDS)
    prove_bound(cover, time.perf_counter() + PRICING_S)
    # What keeps drones apart moves sorties only on days that ask for it.
    worker = load_worker(sample, drafts_of(result.solution), 1)
    shift(worker, int(worker.state.chain[0, 0]), result.solution.trips[0].depart + 60.0)
    # A day without orders from stop to stop, with duals at which every sortie is worth listing.
    listable = sample_instance(is_listable=True)
    flow = np.zeros((listable.turnaround.shape[0], listable.is_base.shape[0]))
    list_wanted(listable, np.full(listable.num_orders, 1e4), flow, 1e5)
    # A day under way: the drone has flown to the other base already.
    flown = Draft(0, 1, (), (), (), (), flown=Flown(300.0, 660.0, (), 360.0, 0.0))
    load_worker(sample, {0: [flown]}, 1)


if __name__ == "__main__":
    print(f"compiled in {warm():.0f} s")
