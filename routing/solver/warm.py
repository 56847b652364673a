"""Compiles the kernels once, so that a user's first plan starts warm.

Run by the set-up (``python -m routing.solver.warm``): numba keeps what it compiled beside the
sources. Old caches are dropped first, because numba looks at one file's age only, not its callees'.
"""

from __future__ import annotations

import time
from pathlib import Path

CACHE = Path(__file__).parent / "__pycache__"


def warm() -> float:
    """Drop stale caches, compile every kernel on a tiny day, and say how many seconds it took."""
    for path in (*CACHE.glob("*.nbi"), *CACHE.glob("*.nbc")):
        path.unlink(missing_ok=True)
    began = time.perf_counter()
    # After the caches are gone: importing the kernels opens their index files.
    from routing.solver.sample import sample_instance
    from routing.solver.solve import solve_instance

    solve_instance(sample_instance(), seed=1, iterations=5, threads=1)
    return time.perf_counter() - began


if __name__ == "__main__":
    print(f"compiled in {warm():.0f} s")
