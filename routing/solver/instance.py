"""The day as numbers: what the compiled kernels, the columns and the bound all read.

Owns the ``Instance`` layout and its documentation. Does not know where the numbers come from:
``routing.solver.day`` makes them from a network and its orders, ``benchmarks`` from literature.

Conventions: index letters are ``K`` drone types, ``P`` weather periods, ``S`` sites, ``N`` orders,
``T`` tasks, ``D`` drones, ``Q`` payload steps. Times are seconds; masses are whole units, rounded
up for orders and down for capacities, so that what is accepted here is truly allowed.

A *task* is one end of an order at one site: an order has one pickup task and one delivery task
for each destination it allows. A task's window bounds the start of its handover.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

UNLIMITED = 1_000_000
"""A count that never binds (pads, packs, chargers, pilots, slots)."""


class Instance(NamedTuple):
    """One day to solve; every array is read-only by convention."""

    # sites
    is_base: BoolArray  # [S]
    handover: FloatArray  # [S] seconds of one handover
    pads: IntArray  # [S]
    # flight, by drone type
    period_start: FloatArray  # [P] rising, the first at or before the day's start
    travel: FloatArray  # [K, P, S, S] seconds, inf where no leg is flown
    quickest: FloatArray  # [K, S, S] least of travel over the periods
    work: FloatArray  # [K, P, S, S] multiplies cruise_power
    lift: FloatArray  # [K, P] multiplies hover_power, once a leg
    cruise_power: FloatArray  # [K, Q] energy per unit of work, by mass on board
    hover_power: FloatArray  # [K, Q]
    least_work: FloatArray  # [K, S, S] least of work over the periods
    least_lift: FloatArray  # [K]
    cruise_step: FloatArray  # [K] least rise of cruise_power for one mass unit more
    hover_step: FloatArray  # [K]
    divert_work: FloatArray  # [K, P, S] as work, to the nearest other site
    divert_lift: FloatArray  # [K, P]
    usable: FloatArray  # [K] energy a sortie may use in the warmest period
    available: FloatArray  # [K] energy a full pack holds then (diversion included)
    cold: FloatArray  # [K, P] share of both that is left when a leg takes off in a period
    capacity: IntArray  # [K] mass units
    slots: IntArray  # [K]
    compartments: IntArray  # [K]
    turnaround: FloatArray  # [K]
    charge: FloatArray  # [K]
    air_start: FloatArray  # [K, A] spans in which the type may be airborne, padded with inf
    air_end: FloatArray  # [K, A]
    # tasks
    task_site: IntArray  # [T]
    task_order: IntArray  # [T]
    task_pickup: BoolArray  # [T]
    task_early: FloatArray  # [T] hull of the task's windows
    task_late: FloatArray  # [T]
    window_ptr: IntArray  # [T + 1] windows of task t are window_ptr[t] .. window_ptr[t + 1]
    window_start: FloatArray
    window_end: FloatArray
    # orders
    pickup: IntArray  # [N] pickup task
    drop_ptr: IntArray  # [N + 1] delivery tasks of order i are drop_ptr[i] .. drop_ptr[i + 1]
    mass: IntArray  # [N] mass units
    order_slots: IntArray  # [N]
    band: IntArray  # [N] temperature band, -1 for any
    group: IntArray  # [N]
    conflict: BoolArray  # [G, G] groups that never share a sortie
    target: FloatArray  # [N] inf for none
    late_weight: FloatArray  # [N] objective per second past the target
    ride: FloatArray  # [N] inf for none
    unserved_weight: FloatArray  # [N] objective of leaving the order behind
    tier: IntArray  # [N] 0 stat, 1 urgent, 2 routine
    near: IntArray  # [N, M] orders most like this one, nearest first
    # fleet
    drone_type: IntArray  # [D]
    drone_home: IntArray  # [D]
    drone_start: FloatArray  # [D] duty
    drone_end: FloatArray  # [D]
    packs: IntArray  # [S, K] full packs at the start
    chargers: IntArray  # [S]
    pilot_time: FloatArray  # [W] steps of the number of sorties that may be under way
    pilot_limit: IntArray  # [W]
    # costs and limits
    cost_flight: float
    cost_energy: float
    cost_sortie: float
    cost_drone: float
    sortie_max: float
    sorties_per_drone: int
    must_return_home: bool
    headway: float
    pad_clear: float
    pad_prepare: float
    has_energy: bool
    has_divert: bool
    has_pads: bool
    has_packs: bool
    has_pilots: bool

    @property
    def num_orders(self) -> int:
        """Number of orders."""
        return int(self.pickup.shape[0])

    @property
    def num_drones(self) -> int:
        """Number of drones."""
        return int(self.drone_type.shape[0])
