"""A round of the proof: all problems of pricing one by one, while the duals fall.

Where sorties pay, they become columns, and the covering problem lowers the duals, but raises none,
until nothing pays any more; so what was proven for earlier problems still holds. What a problem
gains all the same is paid for: each of its sorties is counted for an order of its own.

Owns the prices during a round, the lessons (``recall``) on the way, and the two threads that may
work at one: they share the prices, and each has a room of its own to price in. A round that was not
finished proves something only with an earlier one.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import NamedTuple

import numpy as np

from routing.solver.columns import Cover, add_sequences
from routing.solver.fronts import PAYS
from routing.solver.instance import FloatArray
from routing.solver.pricing import Priced, Pricing, Sequence, Window
from routing.solver.sharing import share_out

MOST_LESSONS = 12
"""How often a problem is solved again in a round."""
BEAM = 40
"""Tails at a site while columns are grown for one problem, before it is priced exactly."""
WORTH = 0.2
"""A problem that gains less is left at that."""


class Prices(NamedTuple):
    """Of the orders, of the bases, and of the cuts so far."""

    orders: FloatArray  # [N]
    flow: FloatArray  # [K, S]
    cuts: FloatArray  # [C]


class Worth(NamedTuple):
    """Prices, and what a sortie gains at them all the same, by an order of its own [N]."""

    prices: Prices
    lost: FloatArray

    @property
    def value(self) -> float:
        """No choice of sorties costs less."""
        return float(self.prices.orders.sum() - self.prices.cuts.sum() - self.lost.sum())


@dataclass(slots=True)
class Round:
    """One round: the prices so far, and the least reduced cost of each problem, nan before.

    Attributes:
        until_s: ``time.perf_counter()`` at which to give up.
        is_free: set when a second thread may work.
    """

    cover: Cover
    until_s: float
    prices: Prices
    is_free: Event | None = None
    least: list[tuple[Window, float]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def go_through(self) -> bool:
        """Price all problems, lowering the duals; whether it was finished."""
        windows = self.cover.pricing.windows(self.prices.orders)
        # In turn over all types and bases: what a part of them proves is of the early orders.
        windows.sort(key=lambda window: window.first)
        self.least = [(window, np.nan) for window in windows]
        self._share_out(range(len(windows)))
        if any(np.isnan(least) for _, least in self.least):
            return False
        # Duals have fallen since, and the least has not: what was left at that may be nothing now.
        self._share_out([n for n, (_, least) in enumerate(self.least) if least < -WORTH])
        return True

    def worth(self) -> Worth:
        """What was proven: at the share of the prices that is worth most.

        At a share f of the duals a sortie of reduced cost r and cost c has f r + (1 - f) c.
        """
        shares = {1.0}
        for window, least in self.least:
            shares.add(window.cost / (window.cost - least + PAYS))
        return max((self._worth_at(share) for share in shares), key=lambda one: one.value)

    def part_worth(self, before: Worth) -> Worth | None:
        """What a round proves that was not finished, by an earlier one; None for nothing.

        No order that a problem may carry that was left over is worth more than it was then, and no
        other more than now: so a sortie of either gains no more than it did in its round.
        """
        cover = self.cover
        if cover.rows.flows and cover.inst.is_base.sum() > 1:
            # Between two bases a sortie may gain by what a drone is worth there, too.
            return None
        every = np.ones_like(before.lost)
        then, now = np.full((2, len(every)), np.inf)
        # A problem past one that was left over counts for left over, too: a sortie of it may carry
        # an order late that only the other may carry in time.
        is_left = False
        for window, least in self.least:
            is_left = is_left or bool(np.isnan(least))
            prices, here = (before.prices, then) if is_left else (self.prices, now)
            may_carry = cover.pricing.open_orders(window, every)
            here[may_carry] = prices.orders[may_carry]
        orders = np.minimum(then, now)
        # What no sortie may carry in time.
        least_of_both = np.minimum(before.prices.orders, self.prices.orders)
        orders = np.where(np.isinf(orders), least_of_both, orders)
        charges = np.pad(before.prices.cuts, (0, len(self.prices.cuts) - len(before.prices.cuts)))
        prices = self.prices._replace(orders=orders, cuts=np.maximum(self.prices.cuts, charges))
        return Worth(prices, np.maximum(self._worth_at(1.0).lost, before.lost))

    def _worth_at(self, share: float) -> Worth:
        lost = np.zeros(self.cover.inst.num_orders)
        for window, least in self.least:
            # Reduced costs just below zero were taken for none; what was not priced is nan.
            gained = share * (PAYS - least) - (1.0 - share) * window.cost
            lost[window.orders] = np.fmax(lost[window.orders], gained)
        return Worth(Prices(*(share * prices for prices in self.prices)), lost)

    def _share_out(self, numbers: Iterable[int]) -> None:
        """Price some problems, by number; when time ran out for one, the others are left."""

        def work(thread: int, n: int) -> bool:
            window, before = self.least[n]
            least = self._price(self.cover.room(thread), window)
            self.least[n] = (window, float(np.fmax(before, least)))
            return not np.isnan(least)

        share_out(numbers, self.is_free, work)

    def _price(self, room: Pricing, window: Window) -> float:
        """Lower the duals until a problem gains nothing; its least, nan when time ran out."""
        while self._lower(self._solve(room, window, BEAM).found):
            pass
        self._go_on(room, window, BEAM)
        return self._go_on(room, window, 0)

    def _go_on(self, room: Pricing, window: Window, beam: int) -> float:
        """Learn what comes back to a site and lower the duals until neither is left to do.

        A beam shows most of it, sooner than exact problems. Returns the least reduced cost.
        """
        least = np.nan
        for _ in range(MOST_LESSONS):
            priced = self._solve(room, window, beam, forgets=True)
            if time.perf_counter() > self.until_s:
                break
            if np.isnan(priced.least):
                # No room: what was proven with fewer lessons has to do.
                room.forget(window)
                return float(np.fmax(least, self._solve(room, window, beam, forgets=True).least))
            # The duals have not risen, and what came back may be forbidden since.
            least = np.fmax(least, priced.least)
            paying = _paying(priced)
            has_learned = room.learn(window, paying)
            if not self._lower([q for q in paying if q.is_true]) and not has_learned:
                break
        return float(least)

    def _solve(self, room: Pricing, window: Window, beam: int, *, forgets: bool = False) -> Priced:
        """One problem at the prices so far."""
        duals, flow, charges = self.prices
        cuts = self.cover.cuts._replace(prices=charges)
        return room.solve_one(window, duals, flow, beam, cuts, forgets=forgets)

    def _lower(self, found: list[Sequence]) -> bool:
        """Lower the duals until what was found pays no more; false when it is not worth it."""
        if min((sequence.reduced for sequence in found), default=0.0) >= -WORTH:
            return False
        with self.lock:
            cover = self.cover
            # While one thread waited for the other's linear program, time may have run out.
            if time.perf_counter() > self.until_s or add_sequences(cover, found) == 0:
                return False
            cover.rows.freeze(*self.prices)
            value, prices = solve_cover(cover)
            if np.isnan(value):
                return False
            orders = np.minimum(self.prices.orders, prices.orders)
            charges = np.maximum(self.prices.cuts, prices.cuts)
            self.prices = self.prices._replace(orders=orders, cuts=charges)
        return True


def solve_cover(cover: Cover) -> tuple[float, Prices]:
    """Value and prices of the covering problem over the columns so far; nan when it fails."""
    value, duals, flow = cover.solve()
    return value, Prices(duals, flow, cover.cuts.prices)


def _paying(priced: Priced) -> list[Sequence]:
    return [sequence for sequence in priced.found if sequence.reduced < -WORTH]
