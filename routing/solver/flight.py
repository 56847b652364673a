"""One leg: how long it takes and what energy it needs, in the weather at take-off. Compiled.

Owns the look-up in the leg tables. Knows no orders and no sorties.
"""

from __future__ import annotations

import numpy as np

from routing.solver.compiling import inlined
from routing.solver.instance import Instance
from routing.solver.scratch import ENERGY_EPS


@inlined
def period_at(inst: Instance, time: float) -> int:
    """Index of the weather period in force."""
    low, high = 0, inst.period_start.shape[0] - 1
    while low < high:
        middle = (low + high + 1) // 2
        if inst.period_start[middle] > time:
            high = middle - 1
        else:
            low = middle
    return low


@inlined
def fly(inst: Instance, k: int, i: int, j: int, time: float) -> float:
    """Seconds from take-off at ``time`` to landing, in the weather at take-off.

    A leg that would land in a period in which it cannot be flown is not flown at all.
    """
    if i == j:
        return 0.0
    p = period_at(inst, time)
    hop = inst.travel[k, p, i, j]
    p += 1
    while p < inst.period_start.shape[0] and inst.period_start[p] < time + hop:
        if inst.travel[k, p, i, j] == np.inf:
            return np.inf
        p += 1
    return hop


@inlined
def opens_later(inst: Instance, k: int, i: int, j: int, time: float) -> bool:
    """Whether a leg is flown in some period that begins after a time."""
    p = inst.period_start.shape[0] - 1
    while p >= 0 and inst.period_start[p] > time:
        if inst.travel[k, p, i, j] < np.inf:
            return True
        p -= 1
    return False


@inlined
def next_period(inst: Instance, time: float) -> float:
    """When the first period after a time begins; inf when there is none."""
    for p in range(inst.period_start.shape[0]):
        if inst.period_start[p] > time:
            return inst.period_start[p]
    return np.inf


@inlined
def draw_pack(
    inst: Instance,
    k: int,
    i: int,
    j: int,
    time: float,
    mass: int,
    drawn: tuple[float, float, float],
) -> tuple[float, float, float]:
    """What a sortie has drawn from its pack after one more leg, in the weather at take-off (R4).

    A pack holds what it holds at the coldest take-off of the sortie, also for the legs before.

    Args:
        drawn: energy of the legs so far; the most of them with a diversion, over all landings;
            the least share that the cold leaves of the pack.

    Returns:
        The same after the leg.
    """
    used, most, share = drawn
    p = period_at(inst, time)
    cruise, hover = inst.cruise_power[k, mass], inst.hover_power[k, mass]
    used += inst.work[k, p, i, j] * cruise + inst.lift[k, p] * hover
    if inst.has_divert:
        away = inst.divert_work[k, p, j] * cruise + inst.divert_lift[k, p] * hover
        most = max(most, used + away)
    return used, most, min(share, inst.cold[k, p])


@inlined
def is_pack_kept(inst: Instance, k: int, drawn: tuple[float, float, float], share: float) -> bool:
    """Whether a share of a pack and of its reserve suffices for what was drawn (R4)."""
    used, most, _ = drawn
    return used <= inst.usable[k] * share + ENERGY_EPS and (
        most <= inst.available[k] * share + ENERGY_EPS
    )
