"""A proven lower bound: the linear relaxation over all sorties that can be flown.

Owns the rounds of exact pricing on top of the columns so far, and what they prove. At any duals
the relaxation is worth at least what the duals pay for the orders, less what the best sortie of
each pricing problem gains: an order is critical in one sortie at most, so a problem counts once.
The bound rises from round to round, and holds wherever it is stopped; a round that was cut short
proves nothing.

The family of sorties and what it leaves out is said in ``family``. Drones, packs, pads and pilots
are not counted, but one drone at least is paid for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from routing.solver.columns import Cover, add_sequences
from routing.solver.fronts import PAYS
from routing.solver.instance import FloatArray
from routing.solver.pricing import Sequence

RELAXED = "fleet size, packs, pads, pilots, bands, ride limits, diversion reserve"
SMOOTHING = 0.5
"""Duals to price at lie this far from the best so far towards those of the covering problem."""
MOST_ROUNDS = 1_000
CLOSE = 1e-4
"""The bound is taken for the relaxation's value when it is nearer than this share of it."""


@dataclass(frozen=True, slots=True)
class LowerBound:
    """A bound of the objective's value, and how it was proven: no plan is below ``value``.

    ``duals`` of the orders [N] and ``flow`` of the bases [K, S] are those that prove it, None where
    it was proven otherwise.
    """

    value: float
    method: str
    columns: int
    seconds: float
    duals: FloatArray | None = None
    flow: FloatArray | None = None


def prove_bound(
    cover: Cover,
    until_s: float,
    on_bound: Callable[[LowerBound], bool] | None = None,
    most_rounds: int = MOST_ROUNDS,
) -> LowerBound | None:
    """The best bound, or None when not one round of pricing was complete.

    Args:
        until_s: ``time.perf_counter()`` at which to give up.
        on_bound: told of each better bound; true when it is good enough.
    """
    began = time.perf_counter()
    best, proven = None, -np.inf
    value, duals, flow = cover.solve()
    centre = cover.steady
    for _ in range(most_rounds):
        if np.isnan(value):
            break
        priced, found = _price(cover, centre, flow, until_s)
        if np.isnan(priced):
            break
        if priced > proven:
            proven, steady = priced, centre
            best = LowerBound(
                _with_a_drone(cover, proven),
                "column generation",
                len(cover.columns),
                time.perf_counter() - began,
                centre,
                flow,
            )
            if on_bound is not None and on_bound(best):
                break
        add_sequences(cover, found, centre, flow)
        value, duals, flow = cover.solve()
        if value - proven <= CLOSE * value:
            break
        # Half way between the best duals and the last ones, so that they do not leap.
        centre = steady + SMOOTHING * (duals - steady)
    return best


def _with_a_drone(cover: Cover, bound: float) -> float:
    """Either nothing is flown or one drone at least."""
    inst = cover.inst
    return min(bound + inst.cost_drone, float(inst.unserved_weight.sum()))


def _price(
    cover: Cover, duals: FloatArray, flow: FloatArray, until_s: float
) -> tuple[float, list[Sequence]]:
    """The bound that some duals prove, nan when cut short, and the sorties that pay at them."""
    least: dict[int, float] = {}
    found: list[Sequence] = []
    for priced in cover.pricing.solve(duals, flow, until_s, 0):
        if np.isnan(priced.least):
            return np.nan, found
        least[priced.critical] = min(least.get(priced.critical, 0.0), priced.least)
        found.extend(priced.found)
    unlimited = least.pop(-1, 0.0) * cover.pricing.most_unlimited
    paid = float(np.minimum(duals, cover.inst.unserved_weight).sum())
    # Reduced costs just below zero were taken for none.
    missed = PAYS * (len(least) + cover.pricing.most_unlimited)
    return paid + sum(least.values()) + unlimited - missed, found
