"""A proven lower bound: the linear relaxation over all sorties that can be flown.

Owns the rounds of exact pricing (``rounds``) on top of the columns so far, and what they prove.
Duals that no sortie beats are worth no more than any plan. The bound rises from round to round,
and holds wherever it is stopped. Cuts (``cuts``) lift it past the relaxation.

The family of sorties and what it leaves out is said in ``family``. Drones, packs, pads and pilots
are not counted, but one drone at least is paid for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import numpy as np

from routing.solver.columns import Cover, Growth, generate
from routing.solver.cuts import Cuts
from routing.solver.instance import FloatArray
from routing.solver.rounds import Prices, Round, Worth, solve_cover
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
FINE = (
    Growth(12, 0.03, 0.3),
    Growth(40, 0.01, 0.3),
    Growth(100, 0.01, 0.3),
    Growth(300, 0.01, 0.3),
    Growth(1_000, 0.004, 0.3),
)
GROWTH_ROUNDS = 60
"""How columns are grown before the first round: what beams find is found much sooner than by exact
problems, and prices that are nearly right are worth more than exact problems at others. While they
are far from right, a narrow beam does as well as a wide one."""
AGAIN = (Growth(300, 0.004, 0.3),)
"""How columns are grown between two rounds."""
GROWTH_SHARE = 0.4
"""Columns are grown for no more than this share of the time."""
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


@dataclass(slots=True)
class _Proof:
    """What rounds have proven, and where the next one begins.

    Attributes:
        steady: prices of the best bound; centre: prices to begin at.
        value: of the covering problem; worth: what the best round proved, without its drone.
    """

    cover: Cover
    steady: Prices
    centre: Prices
    value: float
    worth: Worth | None = None
    best: LowerBound | None = None

    @property
    def proven(self) -> float:
        """The best bound so far, without its drone."""
        return -np.inf if self.worth is None else self.worth.value

    def keep(self, worth: Worth, steady: Prices, seconds: float) -> float:
        """Keep what a round proved if it is better; returns the gain, negative when it is not."""
        gain = worth.value - self.proven
        if gain > 0.0:
            self.worth, self.steady = worth, steady
            orders, flow, charges = worth.prices
            self.best = LowerBound(
                _with_a_drone(self.cover, worth.value),
                "column generation",
                len(self.cover.columns),
                seconds,
                orders,
                flow,
                self.cover.cuts._replace(prices=charges),
            )
        return gain

    def keep_part(self, one: Round, seconds: float) -> LowerBound | None:
        """Keep what a round that was not finished proved; None unless it is better."""
        worth = None if self.worth is None else one.part_worth(self.worth)
        if worth is None or self.keep(worth, worth.prices, seconds) <= 0.0:
            return None
        return self.best

    def move_on(self, gain: float, has_cuts: bool, grow: Callable[[], None]) -> bool:
        """Cuts near the relaxation; false when it is all proven.

        Columns grow for the prices without cuts, and with them.
        """
        cover = self.cover
        grow()
        self.value, prices = solve_cover(cover)
        left = self.value - self.proven
        is_near = left <= CUT_FROM * abs(self.value)
        if has_cuts and is_near and gain > 0.0 and cover.cut(CUTS_A_ROUND):
            grow()
            self.value, prices = solve_cover(cover)
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
    is_free: Event | None = None,
    first_share: float = 1.0,
    on_round: Callable[[LowerBound], bool] | None = None,
    on_growth: Callable[[], None] | None = None,
) -> LowerBound | None:
    """The best bound, or None when not one round of pricing was complete.

    Args:
        until_s: ``time.perf_counter()`` at which to give up.
        on_bound: told of each better bound; true when it is good enough.
        has_cuts: whether to go on past the relaxation with cuts.
        is_free: set when a second thread may work; what is proven then differs from run to run.
        first_share: what the first prices are worth, of the relaxation over the columns; problems
            at lower prices are much smaller.
        on_round: told of the best bound so far between two rounds; true when it is good enough.
        on_growth: told when columns have been grown, before the first round.
    """
    began = time.perf_counter()
    generate(cover, began + GROWTH_SHARE * (until_s - began), GROWTH_ROUNDS, FINE, is_free)
    if on_growth is not None:
        on_growth()
    value, prices = solve_cover(cover)
    if np.isnan(value):
        return None
    # More even than those of a covering problem that lacks columns.
    orders = cover.steady.copy()
    if first_share < 1.0:
        orders *= min(1.0, first_share * value / float(orders.sum()))
    prices = prices._replace(orders=orders)
    proof = _Proof(cover, prices, prices, value)

    def grow() -> None:
        generate(cover, until_s, GROWTH_ROUNDS, AGAIN, is_free)

    for _ in range(most_rounds):
        one = Round(cover, until_s, _payable(cover, proof.centre), is_free)
        with stopping_at(cover.pricing.stop, until_s):
            is_whole = one.go_through()
        cover.rows.thaw(cover.inst.unserved_weight)
        if not is_whole:
            part = proof.keep_part(one, time.perf_counter() - began)
            if part is not None and on_bound is not None:
                on_bound(part)
            break
        gain = proof.keep(one.worth(), one.prices, time.perf_counter() - began)
        if gain > 0.0 and proof.best is not None and on_bound is not None and on_bound(proof.best):
            break
        if on_round is not None and proof.best is not None and on_round(proof.best):
            break
        if not proof.move_on(gain, has_cuts, grow):
            break
    return proof.best


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
