"""A round of the proof: all problems of pricing one by one, while the duals fall.

Where sorties pay, they become columns, and the covering problem lowers the duals, but raises none,
until nothing pays any more; so what was proven for earlier problems still holds. What a problem
gains all the same is paid for: each of its sorties is counted for an order of its own.

Owns the prices during a round, the lessons (``recall``) on the way, and the two threads that may
work at one: they share the prices, and each has a room of its own to price in. A round that was not
finished proves nothing.
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
        self.least = [(window, np.nan) for window in windows]
        self._share_out(range(len(windows)))
        if any(np.isnan(least) for _, least in self.least):
            return False
        # Duals have fallen since, and the least has not: what was left at that may be nothing now.
        self._share_out([n for n, (_, least) in enumerate(self.least) if least < -WORTH])
        return True

    def value(self) -> tuple[float, float]:
        """What the duals are worth, less what sorties gain at them; and the share worth most.

        At a share f of the duals a sortie of reduced cost r and cost c has f r + (1 - f) c.
        """
        shares = {1.0}
        for window, least in self.least:
            shares.add(window.cost / (window.cost - least + PAYS))
        return max((self._value_at(share), share) for share in shares)

    def _value_at(self, share: float) -> float:
        lost = np.zeros(self.cover.inst.num_orders)
        for window, least in self.least:
            # Reduced costs just below zero were taken for none.
            gained = share * (PAYS - least) - (1.0 - share) * window.cost
            lost[window.orders] = np.maximum(lost[window.orders], gained)
        worth = float(self.prices.orders.sum() - self.prices.cuts.sum())
        return share * worth - float(lost.sum())

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
            if add_sequences(cover, found) == 0:
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
