"""A tiny day in numbers: two bases, two clinics, five orders; synthetic.

Owns the instance on which the kernels are compiled at set-up. Every rule is switched on, so that
nothing is left to compile on a user's first plan.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.spare import least_fields

DAY_S = 86_400.0
APART_S = np.array([[0, 6, 8, 9], [6, 0, 7, 5], [8, 7, 0, 4], [9, 5, 4, 0]]) * 60.0


def sample_instance(*, is_listable: bool = False) -> Instance:
    """Two bases (0 and 1), clinics (2 and 3), every mode of order, every shared resource.

    ``is_listable``: no order is flown from stop to stop, so that all sorties can be listed.
    """
    # order: origin, destination, ready
    third = (2, 0, 1200) if is_listable else (2, 3, 1200)
    wants = [(2, 0, 600), (0, 3, 900), third, (0, 1, 1500), (3, 1, 1800)]
    count = len(wants)
    early = np.array([float(want[2]) for want in wants] * 2)
    late = early + 7200.0
    row = np.arange(count, dtype=np.int64)
    near = np.array([[j for j in row if j != i] for i in row], dtype=np.int64)
    travel = APART_S[None, None]
    return Instance(
        is_base=np.array([True, True, False, False]),
        handover=np.full(4, 120.0),
        pads=_whole([2, 1, 1, 1]),
        period_start=np.zeros(1),
        **_flights(travel),
        divert_work=np.full((1, 1, 4), 240.0),
        divert_lift=np.full((1, 1), 205.0),
        usable=np.array([0.8]),
        available=np.array([1.0]),
        cold=np.ones((1, 1)),
        capacity=_whole([10]),
        slots=_whole([4]),
        compartments=_whole([2]),
        turnaround=np.array([420.0]),
        charge=np.array([2400.0]),
        air_start=np.array([[-np.inf]]),
        air_end=np.array([[np.inf]]),
        task_site=_whole([want[0] for want in wants] + [want[1] for want in wants]),
        task_order=np.concatenate((row, row)),
        task_pickup=np.array([True] * count + [False] * count),
        task_early=early,
        task_late=late,
        window_ptr=np.arange(2 * count + 1, dtype=np.int64),
        window_start=early.copy(),
        window_end=late.copy(),
        pickup=row,
        drop_ptr=np.arange(count, 2 * count + 1, dtype=np.int64),
        mass=_whole([1, 2, 3, 1, 2]),
        order_slots=_whole([1] * count),
        band=_whole([0, 1, 0, -1, 1]),
        group=_whole([0, 1, 0, 0, 0]),
        conflict=np.array([[False, False], [False, False]]),
        target=np.full(count, 5400.0),
        late_weight=np.full(count, 60.0),
        ride=np.array([np.inf, 3600.0, np.inf, np.inf, np.inf]),
        unserved_weight=np.full(count, 1e5),
        tier=_whole([2, 0, 1, 2, 2]),
        near=near,
        drone_type=_whole([0, 0]),
        drone_home=_whole([0, 1]),
        drone_start=np.zeros(2),
        drone_end=np.full(2, DAY_S),
        packs=_whole([[3], [2], [0], [0]]),
        chargers=_whole([2, 1, 0, 0]),
        pilot_time=np.array([-DAY_S, 0.0]),
        pilot_limit=_whole([0, 2]),
        cost_flight=1.0,
        cost_energy=0.0,
        cost_sortie=120.0,
        cost_drone=600.0,
        sortie_max=np.inf,
        sorties_per_drone=1_000_000,
        must_return_home=True,
        headway=60.0,
        pad_clear=120.0,
        pad_prepare=120.0,
        has_energy=True,
        has_divert=True,
        has_pads=True,
        has_packs=True,
        has_pilots=True,
    )


def _flights(travel: FloatArray) -> dict[str, Any]:
    """The legs in the one period there is, and what they take of a pack."""
    lift, power = np.full((1, 1), 85.0), np.full((1, 11), 2e-4)
    return {
        "travel": travel,
        "quickest": travel[0].copy(),
        "work": travel.copy(),
        "lift": lift,
        "cruise_power": power,
        "hover_power": 1.5 * power,
        **least_fields(travel, lift, power, 1.5 * power, _whole([10])),
    }


def _whole(values: list[int] | list[list[int]]) -> IntArray:
    return np.array(values, dtype=np.int64)
