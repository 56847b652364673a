"""Working memory of one thread, and the small words all kernels share: modes, tolerances.

Owns the layout of what a simulation leaves behind. Does not compute anything.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined
from routing.solver.instance import FloatArray, Instance, IntArray

OUTWARD, INWARD, BETWEEN, DIRECT = 0, 1, 2, 3
"""Modes of an order on a sortie: loaded at the start base, unloaded at the end base, both ends
at stops, both ends at bases."""

EPS = 1e-6
"""Seconds that do not count."""

ENERGY_EPS = 1e-9
"""Packs that do not count."""

OUT_DEPART, OUT_LAND, OUT_LATE, OUT_FLIGHT, OUT_ENERGY, OUT_WAIT, OUT_SHIFT, OUT_CLOSED = range(8)
NUM_OUT = 8
"""Columns of an outcome; ``OUT_CLOSED`` is 1 when a leg was met that is flown in a later
period, or a pack too cold that a warmer period might make enough."""


class Scratch(NamedTuple):
    """Working memory of one thread."""

    pickup_time: FloatArray  # [N] start of the pickup handover
    bands: IntArray  # [number of bands] orders on board by band
    handover: FloatArray  # [L] start of the handover of each task of the last simulation
    outcome: FloatArray  # see OUT_*
    tasks: IntArray  # [L] candidate sequence
    orders: IntArray  # [L]
    bases: IntArray  # [B] sites that are bases


def new_scratch(instance: Instance, length: int) -> Scratch:
    """Working memory for sorties of up to ``length`` tasks."""
    num_bands = int(instance.band.max(initial=0)) + 1
    return Scratch(
        pickup_time=np.zeros(instance.num_orders),
        bands=np.zeros(num_bands, dtype=np.int64),
        handover=np.zeros(length + 1),
        outcome=np.zeros(NUM_OUT),
        tasks=np.zeros(length + 1, dtype=np.int64),
        orders=np.zeros(length + 1, dtype=np.int64),
        bases=np.flatnonzero(instance.is_base).astype(np.int64),
    )


@inlined
def starts_aboard(mode: int) -> bool:
    """Whether an order of this mode is loaded at the start base."""
    return mode in (OUTWARD, DIRECT)


@inlined
def ends_aboard(mode: int) -> bool:
    """Whether an order of this mode is unloaded at the end base."""
    return mode in (INWARD, DIRECT)
