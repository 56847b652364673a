"""Time limits for compiled code, which cannot look at a clock.

Owns the flag that a timer raises and that long kernels look at as they go.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

import numpy as np

from routing.solver.instance import IntArray


@contextmanager
def stopping_at(stop: IntArray, until_s: float) -> Iterator[None]:
    """Set ``stop[0]`` to 1 when ``time.perf_counter()`` is ``until_s``; 0 before and afterwards."""
    stop[0] = 0
    if until_s == np.inf:
        yield
        return
    timer = Timer(max(0.0, until_s - time.perf_counter()), stop.fill, (1,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        stop[0] = 0
