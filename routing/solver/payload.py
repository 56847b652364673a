"""Whether the orders of a sortie fit on board together. Compiled.

Owns capacity, slots, temperature bands and segregation along a sequence of stops (R3, R5). Knows
no times.
"""

from __future__ import annotations

from routing.solver.compiling import inlined, kernel
from routing.solver.instance import Instance, IntArray
from routing.solver.scratch import Scratch, starts_aboard


@inlined
def _is_segregated(inst: Instance, orders: IntArray, m: int) -> bool:
    """Whether no two orders belong to groups that exclude each other (R5)."""
    for o in range(m):
        for other in range(o):
            if inst.conflict[inst.group[orders[o]], inst.group[orders[other]]]:
                return False
    return True


@inlined
def _band_change(inst: Instance, scratch: Scratch, i: int, sign: int) -> int:
    """How many more temperature bands are on board once an order is loaded or unloaded."""
    band = inst.band[i]
    if band < 0:
        return 0
    if sign > 0:
        scratch.bands[band] += 1
        return 1 if scratch.bands[band] == 1 else 0
    scratch.bands[band] -= 1
    return -1 if scratch.bands[band] == 0 else 0


@inlined
def _fits(inst: Instance, k: int, mass: int, slots: int, held: int) -> bool:
    """Below nothing is what was handed over before it came on board."""
    return 0 <= mass <= inst.capacity[k] and slots <= inst.slots[k] and held <= inst.compartments[k]


@kernel
def is_loadable(
    inst: Instance,
    scratch: Scratch,
    k: int,
    tasks: IntArray,
    n: int,
    orders: IntArray,
    m: int,
    mode: IntArray,
) -> bool:
    """Capacity, slots, bands and segregation on every leg; no times (R3, R5)."""
    if not _is_segregated(inst, orders, m):
        return False
    mass, slots, held = 0, 0, 0
    scratch.bands[:] = 0
    for o in range(m):
        i = orders[o]
        if starts_aboard(mode[i]):
            mass += inst.mass[i]
            slots += inst.order_slots[i]
            held += _band_change(inst, scratch, i, 1)
    if not _fits(inst, k, mass, slots, held):
        return False
    p = 0
    while p < n:
        site = inst.task_site[tasks[p]]
        while p < n and inst.task_site[tasks[p]] == site:
            i = inst.task_order[tasks[p]]
            sign = 1 if inst.task_pickup[tasks[p]] else -1
            mass += sign * inst.mass[i]
            slots += sign * inst.order_slots[i]
            held += _band_change(inst, scratch, i, sign)
            p += 1
        if not _fits(inst, k, mass, slots, held):
            return False
    return True
