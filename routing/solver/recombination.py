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
from routing.solver.cuts import Cuts
from routing.solver.instance import FloatArray
from routing.solver.pricing import Sequence
from routing.solver.running import Run
from routing.solver.searching import search_alone
from routing.solver.selection import choose_whole, hand_out, pick_columns
from routing.solver.sharing import share_out
from routing.solver.solution import Solution
from routing.solver.stopping import stopping_at

FROM, UNTIL, AGAIN_UNTIL = 0.5, 0.85, 0.7
"""Shares of the time limit before and after which no choice is begun, and no further one."""
PROMISING = 0.05
"""A gap of a larger share of the plan is more than a choice could close."""
NEAR, WIDER = 0.005, 2.0
"""Sorties are wanted whose reduced cost is less than this share of the bound; for a further choice,
so many times more."""
BEAM, SECONDS_NEAR = 300, 0.1
"""Tails at a site where they are looked for at first; later on all, for a share of the limit."""
NEAREST = 30
"""Sorties for each order that the choice is made from, at most."""
SECONDS_SHARE = 0.9
"""Of the time that is left, what the choice may take."""


@dataclass(slots=True)
class Recombination:
    """The choices of whole sorties in a run; to be asked between two rounds of the proof.

    Attributes:
        promising: no choice is begun at a larger gap.
        near: how near the sorties of the next choice are.
    """

    run: Run
    cover: Cover
    promising: float = PROMISING
    near: float = NEAR
    choice: Future[None] | None = None

    def ask(self, bound: LowerBound) -> None:
        """Begin a choice when one is due."""
        run = self.run
        assert run.best is not None
        if run.has_chosen.is_set() or (self.choice is not None and not self.choice.done()):
            return
        if run.share > UNTIL or run.is_proven:
            run.has_chosen.set()
        elif run.share >= FROM and run.is_within(self.promising):
            self._begin(bound, run.best)

    def end(self) -> None:
        """Wait for a choice that is under way; there will be none from now on."""
        if self.choice is not None:
            self.choice.result()
        self.run.has_chosen.set()

    def _begin(self, bound: LowerBound, plan: Solution) -> None:
        run, cover = self.run, self.cover
        limit_s = run.limits.time_limit_s
        assert limit_s is not None
        assert bound.duals is not None
        assert bound.flow is not None
        run.sorties.pour(cover)
        is_first, room = self.choice is None, self.near * bound.value
        until_s = time.perf_counter() + SECONDS_NEAR * limit_s
        beam = BEAM if is_first else 0
        add_near(cover, bound.duals, bound.flow, bound.cuts, room, beam, until_s, run.is_free)
        picked = pick_columns(cover, plan, NEAREST * run.inst.num_orders)
        self.near *= WIDER
        # The choice takes the second thread of the proof.
        run.is_free.clear()

        def choose() -> None:
            seconds = SECONDS_SHARE * (limit_s - run.spent)
            chosen = choose_whole(run.inst, picked, plan, seconds, has_doubles=not is_first)
            search_alone(run, hand_out(run.inst, chosen), seconds)
            if run.share > AGAIN_UNTIL or run.is_proven:
                run.has_chosen.set()
            else:
                run.is_free.set()

        self.choice = run.pool.submit(choose)


def add_near(
    cover: Cover,
    duals: FloatArray,
    flow: FloatArray,
    cuts: Cuts | None,
    room: float,
    beam: int,
    until_s: float,
    is_free: Event | None = None,
) -> int:
    """Add what costs less than ``room`` more than duals and cuts say; returns how many.

    Not all of it: of sorties with the same last stops the best, and none that others are always
    better than.
    """
    found: list[Sequence] = []
    windows = cover.pricing.windows(duals)

    def work(thread: int, n: int) -> bool:
        priced = cover.room(thread).solve_one(windows[n], duals, flow, beam, cuts, room=room)
        found.extend(one for one in priced.found if one.is_true and one.orders)
        return time.perf_counter() < until_s

    with stopping_at(cover.pricing.stop, until_s):
        share_out(range(len(windows)), is_free, work)
    return sum(cover.add(column_of_sequence(cover.inst, one)) for one in found)
