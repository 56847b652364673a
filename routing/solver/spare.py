"""What a sortie's pack can spare: the least energy of its legs, and of one order more. Compiled.

Owns a lower bound that only prunes: a place in a sortie is not simulated when it takes more energy
than the pack has left in the best weather of the day. Knows no times and no diversion (``timing``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from routing.solver.compiling import inlined, kernel
from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.scratch import ENERGY_EPS, INWARD
from routing.solver.state import F_LEAST, I_END, I_OUT, I_START, I_TASKS, I_TYPE, State


def least_fields(
    work: FloatArray,
    lift: FloatArray,
    cruise_power: FloatArray,
    hover_power: FloatArray,
    capacity: IntArray,
) -> dict[str, Any]:
    """The fields of an ``Instance`` that say what a leg takes at least (see there for shapes)."""
    return {
        "least_work": work.min(axis=1),
        "least_lift": lift.min(axis=1),
        "cruise_step": _least_step(cruise_power, capacity),
        "hover_step": _least_step(hover_power, capacity),
    }


def _least_step(power: FloatArray, capacity: IntArray) -> FloatArray:
    """The least that one mass unit more adds to a power, by type."""
    steps = [
        np.diff(row[: int(most) + 1]).min(initial=np.inf)
        for row, most in zip(power, capacity, strict=True)
    ]
    return np.array([max(0.0, step) if np.isfinite(step) else 0.0 for step in steps])


@inlined
def _leg(inst: Instance, k: int, a: int, b: int, mass: int) -> float:
    """Least energy of a leg with a mass on board."""
    if a == b:
        return 0.0
    return (
        inst.least_work[k, a, b] * inst.cruise_power[k, mass]
        + inst.least_lift[k] * inst.hover_power[k, mass]
    )


@kernel
def weigh_legs(inst: Instance, state: State, s: int) -> None:
    """Note the load of each leg of a row, what one mass unit more would take, and its energy."""
    k, n = state.ints[s, I_TYPE], state.ints[s, I_TASKS]
    mass, site = state.ints[s, I_OUT], state.ints[s, I_START]
    least, haul = 0.0, 0.0
    for p in range(n + 1):
        here = inst.task_site[state.tasks[s, p]] if p < n else state.ints[s, I_END]
        state.load[s, p] = mass
        if here != site:
            least += _leg(inst, k, site, here, mass)
            haul += (
                inst.least_work[k, site, here] * inst.cruise_step[k]
                + inst.least_lift[k] * inst.hover_step[k]
            )
        state.haul[s, p] = haul
        if p < n:
            task = state.tasks[s, p]
            more = inst.mass[inst.task_order[task]]
            mass += more if inst.task_pickup[task] else -more
        site = here
    state.floats[s, F_LEAST] = least


@inlined
def is_within_pack(
    inst: Instance, state: State, s: int, p: int, a: int, x: int, b: int, mass: int, mode: int
) -> bool:
    """Whether the pack may suffice with a stop at ``x`` between ``a`` and ``b`` at position ``p``.

    The order of ``mass`` is picked up there when its mode is inward, else handed over. Also holds
    the mass on board against the capacity.
    """
    k, n = state.ints[s, I_TYPE], state.ints[s, I_TASKS]
    load = state.load[s, p]
    before, after, carried = load + mass, load, 0.0
    if mode == INWARD:
        before, after = load, load + mass
        carried = state.haul[s, n] - state.haul[s, p]
    elif p > 0:
        carried = state.haul[s, p - 1]
    if load + mass > inst.capacity[k]:
        return False
    if not inst.has_energy:
        return True
    more = _leg(inst, k, a, x, before) + _leg(inst, k, x, b, after) - _leg(inst, k, a, b, load)
    spare = inst.usable[k] - state.floats[s, F_LEAST]
    return more + mass * carried <= spare + ENERGY_EPS
