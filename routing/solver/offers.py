"""What sites offer to sorties between two bases, room for labels, and the best of each offer.

Owns the tables that pricing reads and writes, and the choice of the most profitable orders at one
stop. Does not grow labels (``labels``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import kernel
from routing.solver.instance import FloatArray, IntArray

LB_COST, LB_TIME, LB_ENERGY, LB_SPAN, LB_LAND, LB_LEAVE = range(6)
LI_SITE, LI_PARENT, LI_PEAK, LI_HELD, LI_DEAD, LI_NUM_OUT, LI_NUM_IN = range(7)
EPS = 1e-6


class Offers(NamedTuple):
    """What can be done at each site on sorties between two given bases.

    ``in_*``: orders picked up there for the end base (or for another stop); ``out_*``: orders from
    the start base delivered there; ``direct_*``: orders from base to base. CSR by site.
    """

    in_ptr: IntArray
    in_order: IntArray
    in_early: FloatArray
    in_late: FloatArray
    in_land: FloatArray  # latest landing at the end base
    out_ptr: IntArray
    out_order: IntArray
    out_ready: FloatArray  # earliest take-off at the start base
    out_early: FloatArray
    out_late: FloatArray
    direct_order: IntArray
    direct_ready: FloatArray
    direct_land: FloatArray
    stops: IntArray  # sites with any offer
    travel: FloatArray  # [S, S] least seconds
    energy: FloatArray  # [S, S] least energy of a leg
    least_slots: int  # fewest slots an order takes


class Labels(NamedTuple):
    """Room for labels; ``words`` of visited sites each."""

    floats: FloatArray  # [X, 6]; LB_LEAVE is the latest take-off that what was taken allows
    ints: IntArray  # [X, 7]
    next: IntArray  # [X] next label at the same site
    head: IntArray  # [S]
    visited: IntArray  # [X, words]
    limit: FloatArray  # [X] landing limit chosen at the last stop
    best: FloatArray  # [B] reduced costs of the columns found
    best_label: IntArray  # [B]
    best_land: FloatArray  # [B]


def new_labels(num_sites: int, capacity: int, columns: int) -> Labels:
    """Empty room."""
    words = num_sites // 62 + 1
    return Labels(
        floats=np.zeros((capacity, 6)),
        ints=np.zeros((capacity, 7), dtype=np.int64),
        next=np.zeros(capacity, dtype=np.int64),
        head=np.zeros(num_sites, dtype=np.int64),
        visited=np.zeros((capacity, words), dtype=np.int64),
        limit=np.zeros(capacity),
        best=np.zeros(columns),
        best_label=np.zeros(columns, dtype=np.int64),
        best_land=np.zeros(columns),
    )


@kernel
def top_out(
    offers: Offers,
    first: int,
    last: int,
    time: float,
    span: float,
    leave: float,
    num: int,
    profit: FloatArray,
) -> tuple[float, int, int]:
    """Gain, slots and number of the ``num`` most profitable deliveries that can be made."""
    gain, slots, taken = 0.0, 0, 0
    for o in range(first, last):
        i = offers.out_order[o]
        if profit[i] <= EPS or taken == num:
            break
        if (
            offers.out_ready[o] + span <= time + EPS
            and offers.out_ready[o] <= leave + EPS
            and offers.out_early[o] <= time + EPS
            and time <= offers.out_late[o] + EPS
        ):
            gain += profit[i]
            slots += offers.least_slots
            taken += 1
    return gain, slots, taken


@kernel
def leave_after_out(
    offers: Offers,
    first: int,
    last: int,
    time: float,
    span: float,
    leave: float,
    num: int,
    profit: FloatArray,
) -> float:
    """Latest take-off with any ``num`` of the deliveries: the num-th largest of their limits.

    Not the limit of the chosen ones: others would allow a later take-off, and the family must not
    lose them.
    """
    limit = np.inf
    for _ in range(num):
        best = -np.inf
        ties = 0
        for o in range(first, last):
            if (
                profit[offers.out_order[o]] > EPS
                and offers.out_ready[o] + span <= time + EPS
                and offers.out_ready[o] <= leave + EPS
                and offers.out_early[o] <= time + EPS
                and time <= offers.out_late[o] + EPS
            ):
                mine = offers.out_late[o] - span
                if mine < limit:
                    best = max(best, mine)
                elif mine == limit:
                    ties += 1
        if ties > 1:
            # Equal limits count one by one; staying on the largest is on the safe side.
            return limit
        limit = best
    return limit


@kernel
def top_in(
    offers: Offers,
    first: int,
    last: int,
    time: float,
    limit: float,
    num: int,
    profit: FloatArray,
) -> tuple[float, int, int, float]:
    """Gain, slots, number and earliest landing limit of the ``num`` best pickups."""
    gain, slots, taken, least = 0.0, 0, 0, np.inf
    for u in range(first, last):
        i = offers.in_order[u]
        if profit[i] <= EPS or taken == num:
            break
        if (
            offers.in_early[u] <= time + EPS
            and time <= offers.in_late[u] + EPS
            and offers.in_land[u] >= limit
        ):
            gain += profit[i]
            slots += offers.least_slots
            taken += 1
            least = min(least, offers.in_land[u])
    return gain, slots, taken, least
