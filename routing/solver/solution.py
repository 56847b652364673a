"""A found plan as plain values: what a state's arrays say, and back into a state.

Owns ``Trip``, the solver's own word-free sortie. Does not know names (``naming``) or networks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from routing.solver.state import (
    F_DEPART,
    F_ENERGY,
    F_FLIGHT,
    F_LAND,
    F_LATE,
    I_DRONE,
    I_END,
    I_ORDERS,
    I_START,
    I_TASKS,
    T_LATE,
    State,
)


@dataclass(frozen=True, slots=True)
class Trip:
    """One sortie of a solution, by indices of the instance.

    Attributes:
        drone, start, end: drone and bases.
        tasks: stops' tasks in order; handover: start of each one's handover.
        orders: orders carried; drops: delivery task of each; modes: see ``timing``.
        depart, land, flight, energy, late: seconds, seconds, seconds, energy, weighted lateness.
    """

    drone: int
    start: int
    end: int
    tasks: tuple[int, ...]
    handover: tuple[float, ...]
    orders: tuple[int, ...]
    drops: tuple[int, ...]
    modes: tuple[int, ...]
    depart: float
    land: float
    flight: float
    energy: float
    late: float


@dataclass(frozen=True, slots=True)
class Solution:
    """Trips by drone in order of time, orders left behind, and the value of the whole."""

    trips: tuple[Trip, ...]
    unserved: tuple[int, ...]
    value: float
    late: float


def read_solution(state: State, value: float) -> Solution:
    """The plan that a state holds."""
    trips: list[Trip] = []
    for d in range(state.chain_len.shape[0]):
        chain = state.chain[d, : int(state.chain_len[d])]
        trips.extend(read_trip(state, int(s)) for s in chain)
    unserved = tuple(int(i) for i in np.flatnonzero(state.sortie_of < 0))
    return Solution(tuple(trips), unserved, value, float(state.totals[T_LATE]))


def read_trip(state: State, s: int) -> Trip:
    """The sortie in a row of a state."""
    n, m = int(state.ints[s, I_TASKS]), int(state.ints[s, I_ORDERS])
    orders = tuple(int(i) for i in state.orders[s, :m])
    return Trip(
        drone=int(state.ints[s, I_DRONE]),
        start=int(state.ints[s, I_START]),
        end=int(state.ints[s, I_END]),
        tasks=tuple(int(t) for t in state.tasks[s, :n]),
        handover=tuple(float(h) for h in state.handover[s, :n]),
        orders=orders,
        drops=tuple(int(state.drop[i]) for i in orders),
        modes=tuple(int(state.mode[i]) for i in orders),
        depart=float(state.floats[s, F_DEPART]),
        land=float(state.floats[s, F_LAND]),
        flight=float(state.floats[s, F_FLIGHT]),
        energy=float(state.floats[s, F_ENERGY]),
        late=float(state.floats[s, F_LATE]),
    )
