"""A proven lower bound: the linear relaxation over all sorties that can be flown.

Owns the rounds of exact pricing on top of the columns so far, and what they prove. Duals that no
sortie beats are worth no more than any plan. A round goes through the problems of pricing one by
one: where sorties pay, they become columns, and the covering problem lowers the duals, but raises
none, until nothing pays any more; so what was proven for earlier problems still holds. What a
problem gains all the same is paid for: each of its sorties is counted for an order of its own.

The bound rises from round to round, and holds wherever it is stopped; a round that was not
finished proves nothing. What sorties know of the sites they have been at is learned on the way
(``recall``). Cuts (``cuts``) lift the bound past the relaxation.

The family of sorties and what it leaves out is said in ``family``. Drones, packs, pads and pilots
are not counted, but one drone at least is paid for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from routing.solver.columns import Cover, Growth, add_sequences, generate
from routing.solver.cuts import Cuts
from routing.solver.fronts import PAYS
from routing.solver.instance import FloatArray
from routing.solver.pricing import Priced, Sequence, Window
from routing.solver.stopping import stopping_at

RELAXED = "fleet size, packs, pads, pilots, bands, ride limits, diversion reserve"
SMOOTHING = 0.5
"""Duals to begin a round at lie this far from the best so far towards those of the covering
problem."""
STEP = 0.002
"""A round that gains less than this share of the bound may be the last."""
MOST_ROUNDS = 1_000
CUT_FROM, CUTS_A_ROUND = 0.003, 12
"""When the bound is nearer than this share of the relaxation, the cuts that it breaks most are
added, so many at most."""
MOST_LESSONS = 12
"""How often a problem is solved again in a round."""
BEAM = 100
"""Tails at a site while columns are grown for one problem, before it is priced exactly."""
FINE, GROWTH_ROUNDS = Growth(beams=(BEAM,), settled=0.005, smoothing=0.3), 60
"""How columns are grown before the first round: what beams find is found much sooner than by exact
problems."""
WORTH = 0.2
"""A problem that gains less is left at that."""
CLOSE = 1e-4
"""The bound is taken for the relaxation's value when it is nearer than this share of it."""


@dataclass(frozen=True, slots=True)
class LowerBound:
    """A bound of the objective's value, and how it was proven: no plan is below ``value``.

    ``duals`` of the orders [N], ``flow`` of the bases [K, S] and ``cuts`` with their prices are
    those that prove it, None where it was proven otherwise.
    """

    value: float
    method: str
    columns: int
    seconds: float
    duals: FloatArray | None = None
    flow: FloatArray | None = None
    cuts: Cuts | None = None


class Prices(NamedTuple):
    """Of the orders, of the bases, and of the cuts so far."""

    orders: FloatArray  # [N]
    flow: FloatArray  # [K, S]
    cuts: FloatArray  # [C]


@dataclass(slots=True)
class _Round:
    """One round: the prices so far, and the least reduced cost of each problem."""

    cover: Cover
    until_s: float
    prices: Prices
    least: list[tuple[Window, float]]


@dataclass(slots=True)
class _Proof:
    """What rounds have proven, and where the next one begins.

    Attributes:
        steady: prices of the best bound; centre: prices to begin at.
        value: of the covering problem; proven: the best bound without its drone.
    """

    cover: Cover
    steady: Prices
    centre: Prices
    value: float
    proven: float = -np.inf
    best: LowerBound | None = None

    def keep(self, one: _Round, seconds: float) -> float:
        """Keep what a round proved if it is better; returns the gain, negative when it is not."""
        priced, share = _value(one)
        gain = priced - self.proven
        if gain > 0.0:
            self.proven, self.steady = priced, one.prices
            self.best = LowerBound(
                _with_a_drone(self.cover, priced),
                "column generation",
                len(self.cover.columns),
                seconds,
                share * one.prices.orders,
                share * one.prices.flow,
                self.cover.cuts._replace(prices=share * one.prices.cuts),
            )
        return gain

    def move_on(self, gain: float, has_cuts: bool) -> bool:
        """Cuts near the relaxation; false when it is all proven."""
        cover = self.cover
        self.value, prices = _solve_cover(cover)
        left = self.value - self.proven
        is_near = left <= CUT_FROM * abs(self.value)
        if has_cuts and is_near and cover.cut(CUTS_A_ROUND):
            self.value, prices = _solve_cover(cover)
        elif gain < STEP * abs(self.proven) and left <= CLOSE * abs(self.value):
            return False
        self.centre = _between(self.steady, prices)
        return not np.isnan(self.value)


def prove_bound(
    cover: Cover,
    until_s: float,
    on_bound: Callable[[LowerBound], bool] | None = None,
    most_rounds: int = MOST_ROUNDS,
    *,
    has_cuts: bool = False,
) -> LowerBound | None:
    """The best bound, or None when not one round of pricing was complete.

    Args:
        until_s: ``time.perf_counter()`` at which to give up.
        on_bound: told of each better bound; true when it is good enough.
        has_cuts: whether to go on past the relaxation with cuts.
    """
    began = time.perf_counter()
    generate(cover, until_s, GROWTH_ROUNDS, FINE)
    value, prices = _solve_cover(cover)
    if np.isnan(value):
        return None
    # More even than those of a covering problem that lacks columns.
    prices = prices._replace(orders=cover.steady.copy())
    proof = _Proof(cover, prices, prices, value)
    for _ in range(most_rounds):
        one = _Round(cover, until_s, _payable(cover, proof.centre), [])
        with stopping_at(cover.pricing.stop, until_s):
            is_whole = _go_through(one)
        cover.rows.thaw(cover.inst.unserved_weight)
        if not is_whole:
            break
        gain = proof.keep(one, time.perf_counter() - began)
        if gain > 0.0 and proof.best is not None and on_bound is not None and on_bound(proof.best):
            break
        if not proof.move_on(gain, has_cuts):
            break
    return proof.best


def _solve_cover(cover: Cover) -> tuple[float, Prices]:
    value, duals, flow = cover.solve()
    return value, Prices(duals, flow, cover.cuts.prices)


def _payable(cover: Cover, prices: Prices) -> Prices:
    """No order is worth more than leaving it behind costs."""
    return prices._replace(orders=np.minimum(prices.orders, cover.inst.unserved_weight))


def _between(steady: Prices, last: Prices) -> Prices:
    """Part of the way from the best prices to the last ones, so that they do not leap."""
    cuts = np.pad(steady.cuts, (0, len(last.cuts) - len(steady.cuts)))
    before = steady._replace(cuts=cuts)
    return Prices(*(a + SMOOTHING * (b - a) for a, b in zip(before, last, strict=True)))


def _with_a_drone(cover: Cover, bound: float) -> float:
    """Either nothing is flown or one drone at least."""
    inst = cover.inst
    return min(bound + inst.cost_drone, float(inst.unserved_weight.sum()))


def _go_through(one: _Round) -> bool:
    """Price all problems, lowering the duals; whether it was finished."""
    for window in one.cover.pricing.windows(one.prices.orders):
        least = _price(one, window)
        if np.isnan(least):
            return False
        one.least.append((window, least))
    for n, (window, least) in enumerate(one.least):
        # Duals have fallen since, and the least has not: what was left at that may be nothing now.
        if least < -WORTH:
            again = _price(one, window)
            if np.isnan(again):
                break
            one.least[n] = (window, max(least, again))
    return True


def _price(one: _Round, window: Window) -> float:
    """Lower the duals until a problem gains nothing; its least, nan when time or room ran out."""
    while _lower(one, _solve(one, window, BEAM).found):
        pass
    _go_on(one, window, BEAM)
    return _go_on(one, window, 0)


def _go_on(one: _Round, window: Window, beam: int) -> float:
    """Learn what comes back to a site and lower the duals until neither is left to do; the least.

    A beam shows most of it, sooner than exact problems.
    """
    pricing, least = one.cover.pricing, np.nan
    for _ in range(MOST_LESSONS):
        priced = _solve(one, window, beam, forgets=True)
        if time.perf_counter() > one.until_s:
            break
        if np.isnan(priced.least):
            # No room: what was proven with fewer lessons has to do.
            pricing.forget(window)
            return float(np.fmax(least, _solve(one, window, beam, forgets=True).least))
        # The duals have not risen, and what came back may be forbidden since.
        least = np.fmax(least, priced.least)
        paying = _paying(priced)
        has_learned = pricing.learn(window, paying)
        if not _lower(one, [q for q in paying if q.is_true]) and not has_learned:
            break
    return float(least)


def _paying(priced: Priced) -> list[Sequence]:
    return [sequence for sequence in priced.found if sequence.reduced < -WORTH]


def _solve(one: _Round, window: Window, beam: int, *, forgets: bool = False) -> Priced:
    """One problem at the prices so far."""
    duals, flow, charges = one.prices
    cuts = one.cover.cuts._replace(prices=charges)
    return one.cover.pricing.solve_one(window, duals, flow, beam, cuts, forgets=forgets)


def _lower(one: _Round, found: list[Sequence]) -> bool:
    """Lower the duals until what was found pays no more; false when it is not worth it."""
    cover, least = one.cover, min((sequence.reduced for sequence in found), default=0.0)
    if least >= -WORTH or add_sequences(cover, found) == 0:
        return False
    cover.rows.freeze(*one.prices)
    value, prices = _solve_cover(cover)
    if np.isnan(value):
        return False
    orders = np.minimum(one.prices.orders, prices.orders)
    one.prices = one.prices._replace(orders=orders, cuts=np.maximum(one.prices.cuts, prices.cuts))
    return True


def _value(one: _Round) -> tuple[float, float]:
    """What the duals are worth, less what sorties gain at them; and the share that is worth most.

    At a share f of the duals a sortie of reduced cost r and cost c has f r + (1 - f) c.
    """
    shares = {1.0}
    for window, least in one.least:
        shares.add(window.cost / (window.cost - least + PAYS))
    return max((_value_at(one, share), share) for share in shares)


def _value_at(one: _Round, share: float) -> float:
    lost = np.zeros(one.cover.inst.num_orders)
    for window, least in one.least:
        # Reduced costs just below zero were taken for none.
        gained = share * (PAYS - least) - (1.0 - share) * window.cost
        lost[window.orders] = np.maximum(lost[window.orders], gained)
    return share * float(one.prices.orders.sum() - one.prices.cuts.sum()) - float(lost.sum())
