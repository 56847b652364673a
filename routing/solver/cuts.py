"""Subset-row cuts: of any three orders at most one sortie of a plan flies two or all.

The linear relaxation may fly halves of three sorties that have two of them each; no plan can. A
cut's price is what every sortie is charged that has two. Owns which cuts a solution of the
relaxation breaks; ``picks`` counts them while tails grow.

Source: Jepsen et al., "Subset-row inequalities applied to the vehicle-routing problem with time
windows", Operations Research 56(2), 2008.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from routing.solver.instance import FloatArray, IntArray

BROKEN = 0.02
"""A cut is broken when it is exceeded by more than this."""
TIMES_AN_ORDER = 6
"""New cuts of one round that an order may be in."""


class Cuts(NamedTuple):
    """Cuts with their prices, none below zero."""

    orders: IntArray  # [C, 3]
    prices: FloatArray  # [C]


def no_cuts() -> Cuts:
    """None yet."""
    return Cuts(np.zeros((0, 3), dtype=np.int64), np.zeros(0))


def count_twos(cuts: IntArray, orders: Sequence[int], num_orders: int) -> IntArray:
    """How often a sortie of these orders is charged for each cut [C]."""
    times = np.bincount(np.array(orders, dtype=np.int64), minlength=num_orders)
    return np.asarray(times[cuts].sum(axis=1) // 2, dtype=np.int64)


def find_broken(
    sorties: Sequence[Sequence[int]], flown: FloatArray, num_orders: int, most: int
) -> list[tuple[int, int, int]]:
    """The most broken cuts, each order in a few of them only.

    Args:
        sorties: orders of each sortie; flown: how much of it is flown.
    """
    has = np.zeros((len(sorties), num_orders))
    for n, orders in enumerate(sorties):
        has[n, list(orders)] = 1.0
    pairs = has.T @ (flown[:, None] * has)
    found: list[tuple[float, int, int, int]] = []
    for i in range(num_orders):
        mine = flown * has[:, i]
        # Of pairs i, j, all third orders k at once.
        triple = (has * mine[:, None]).T @ has
        over = pairs[i][:, None] + pairs[i][None, :] + pairs - 2.0 * triple - 1.0
        rows, columns = np.nonzero(np.triu(over > BROKEN, 1))
        later = rows > i
        found.extend(
            (float(over[j, k]), i, int(j), int(k))
            for j, k in zip(rows[later], columns[later], strict=True)
        )
    return _spread(sorted(found, reverse=True), num_orders, most)


def _spread(
    ranked: list[tuple[float, int, int, int]], num_orders: int, most: int
) -> list[tuple[int, int, int]]:
    times = np.zeros(num_orders, dtype=np.int64)
    chosen: list[tuple[int, int, int]] = []
    for _, i, j, k in ranked:
        if len(chosen) == most:
            break
        if times[[i, j, k]].max() < TIMES_AN_ORDER:
            times[[i, j, k]] += 1
            chosen.append((i, j, k))
    return chosen


def strongest(cuts: Cuts, times: IntArray, most: int) -> IntArray:
    """The dearest cuts that a sortie with each order ``times`` [N] at most may be charged for."""
    felt = np.flatnonzero((times[cuts.orders].sum(axis=1) > 1) & (cuts.prices > 0.0))
    return felt[np.argsort(-cuts.prices[felt], kind="stable")][:most]
