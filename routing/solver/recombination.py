"""Recombination: the best choice of whole sorties from those that the bound makes likely.

Once a proof has come near, its prices tell good sorties from others far better than the search can.
Those that cost little more are listed between two rounds; whole ones are chosen beside the next
rounds, and the search goes on from the choice. Owns when that is worth it, and how near is near.
The choice is ``selection``'s.
"""

from __future__ import annotations

import time
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Event

from routing.solver.bound import LowerBound
from routing.solver.columns import Cover, column_of_sequence
from routing.solver.pricing import Sequence
from routing.solver.running import Run
from routing.solver.searching import search_alone
from routing.solver.selection import choose_whole, hand_out, pick_columns
from routing.solver.sharing import share_out
from routing.solver.stopping import stopping_at
from routing.solver.trial import Trial

FROM, UNTIL = 0.6, 0.85
"""Shares of the time limit before and after which no choice is begun."""
PROMISING = 0.05
"""A gap of a larger share of the plan is more than a choice could close."""
NEAR = 0.0025
"""Sorties are wanted whose reduced cost is less than this share of the bound."""
BEAM = 300
"""Tails at a site where they are looked for."""
NEAREST = 15
"""Sorties for each order that the choice is made from, at most."""
SECONDS_SHARE = 0.9
"""Of the time that is left, what the choice may take."""


@dataclass(slots=True)
class Recombination:
    """One choice of whole sorties in a run; to be asked between two rounds of the proof."""

    run: Run
    cover: Cover
    choice: Future[None] | None = None

    def ask(self, bound: LowerBound) -> None:
        """Begin the choice when it is due."""
        if self.choice is None and self._is_due(bound):
            self._begin(bound)

    def end(self) -> None:
        """Wait for a choice that is under way; there will be none from now on."""
        if self.choice is not None:
            self.choice.result()
        self.run.has_chosen.set()

    def _is_due(self, bound: LowerBound) -> bool:
        best = self.run.best
        assert best is not None
        is_near = best.value - bound.value < PROMISING * best.value
        return is_near and bound.duals is not None and FROM <= self.run.share <= UNTIL

    def _begin(self, bound: LowerBound) -> None:
        run, cover = self.run, self.cover
        limit_s = run.limits.time_limit_s
        assert limit_s is not None
        assert run.best is not None
        run.sorties.pour(cover)
        _add_near(cover, bound, NEAR * bound.value, run.began + UNTIL * limit_s, run.is_free)
        plan = run.best
        trial = Trial(run.inst)
        # The family that a bound is taken over leaves out some rules; a choice cannot.
        picked = [
            one
            for one in pick_columns(cover, plan, NEAREST * run.inst.num_orders)
            if one.is_flown or trial.cost(one.column.kind, one.column.draft) is not None
        ]
        # The choice takes the second thread of the proof.
        run.is_free.clear()

        def choose() -> None:
            seconds = SECONDS_SHARE * (limit_s - run.spent)
            drafts = hand_out(run.inst, choose_whole(run.inst, picked, plan, seconds))
            search_alone(run, drafts, seconds)
            run.has_chosen.set()

        self.choice = run.pool.submit(choose)


def _add_near(
    cover: Cover, bound: LowerBound, room: float, until_s: float, is_free: Event | None = None
) -> int:
    """Add what costs less than ``room`` more than the duals of a bound say; returns how many.

    Not all of it: of sorties with the same last stops the best, and none that others are always
    better than.
    """
    assert bound.duals is not None
    assert bound.flow is not None
    duals, flow, windows = bound.duals, bound.flow, cover.pricing.windows(bound.duals)
    found: list[Sequence] = []

    def work(thread: int, n: int) -> bool:
        pricing = cover.room(thread)
        priced = pricing.solve_one(windows[n], duals, flow, BEAM, bound.cuts, room=room)
        found.extend(one for one in priced.found if one.is_true and one.orders)
        return time.perf_counter() < until_s

    with stopping_at(cover.pricing.stop, until_s):
        share_out(range(len(windows)), is_free, work)
    return sum(cover.add(column_of_sequence(cover.inst, one)) for one in found)
