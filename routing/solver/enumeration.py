"""All sorties that a plan better than the best may fly, found at the duals of the bound.

A plan is worth the bound at least, and more by what each of its sorties costs past its duals. So a
sortie whose reduced cost is more than the best plan's distance from the bound is in no better plan.
Owns the list of the others, with their times. Does not choose among them (``settling``).

Only for plans that serve all orders on time, of orders that are not flown from stop to stop.
"""

from __future__ import annotations

import time

import numpy as np

from routing.solver.bundle import bundle
from routing.solver.choices import be_on_time, worth_having
from routing.solver.cuts import Cuts, no_cuts
from routing.solver.fronts import new_tails
from routing.solver.growing import grow_tails
from routing.solver.instance import FloatArray, Instance
from routing.solver.listing import (
    LF_LAND,
    LF_READY,
    LF_SPAN,
    LF_TIME,
    LI_SITE,
    Listed,
    list_sorties,
    new_listed,
    trace_sortie,
)
from routing.solver.loading import draft_of_ends
from routing.solver.picks import EPS, fill_picks
from routing.solver.pricing import Pricing, new_pricing
from routing.solver.reach import fill_reach
from routing.solver.stopping import stopping_at
from routing.solver.trial import Choice, Trial

MOST_HEADS, MOST_TAILS, MOST_SORTIES = 80_000, 400_000, 50_000
SLACK = 1e-6


def is_listable(inst: Instance) -> bool:
    """Whether no order is flown from one stop to another."""
    at_base = inst.is_base[inst.task_site]
    from_base = at_base[inst.pickup]
    to_base = np.array(
        [at_base[inst.drop_ptr[i] : inst.drop_ptr[i + 1]].all() for i in range(inst.num_orders)],
        dtype=np.bool_,
    )
    return bool((from_base | to_base).all())


def list_wanted(
    inst: Instance,
    duals: FloatArray,
    flow: FloatArray,
    room: float,
    until_s: float = np.inf,
    cuts: Cuts | None = None,
) -> list[Choice] | None:
    """Every sortie whose reduced cost is ``room`` at most; None when there are too many.

    Args:
        until_s: ``time.perf_counter()`` at which to give up.
        cuts: what they charge is in the reduced costs, but for those there is no room for.
    """
    timely = be_on_time(inst)._replace(target=np.full(inst.num_orders, np.inf))
    lister = _Lister(timely)
    lister.pricing.count(cuts or no_cuts(), np.arange(inst.num_orders))
    choices: list[Choice] = []
    for n in range(len(lister.pricing.pairs)):
        with stopping_at(lister.pricing.stop, until_s):
            found = lister.list_pair(n, duals, flow, room, until_s)
        if found is None or len(choices) + len(found) > MOST_SORTIES:
            return None
        choices.extend(found)
    return choices


class _Lister:
    """Room for the list of a day."""

    def __init__(self, inst: Instance) -> None:
        self.inst = inst
        self.pricing: Pricing = new_pricing(inst)
        most_ends = max((len(pair.family.order) for pair in self.pricing.pairs), default=0)
        num_sites, stop = inst.is_base.shape[0], self.pricing.stop
        self.listed: Listed = new_listed(num_sites, most_ends, MOST_TAILS, MOST_SORTIES, stop)
        self.listed_view = bundle(self.listed)
        slices, width = (
            self.pricing.heads.tails.due.shape[0],
            self.pricing.heads.tails.front.shape[1],
        )
        self.heads_view = bundle(new_tails(num_sites, MOST_HEADS, slices, width, stop))
        self.trial = Trial(inst)

    def list_pair(
        self, n: int, duals: FloatArray, flow: FloatArray, room: float, until_s: float
    ) -> list[Choice] | None:
        """The sorties of one type between two bases."""
        pricing, pair = self.pricing, self.pricing.pairs[n]
        family, heads, tails = pair.family, pricing.heads, pricing.tails
        pays = duals[family.order] > EPS
        if not fill_picks(
            pair.mirrored_view, heads.picks_view, duals, pays, -family.finish, -family.begin,
            False, True,
        ):  # fmt: skip
            return None
        num = grow_tails(
            pair.mirrored_view, heads.picks_view, self.heads_view, -family.begin, -family.finish,
            0.0, False, True, 0, self.heads_view, pricing.reach_view, pricing.found_view,
        )  # fmt: skip
        if num < 0:
            return None
        # Stops that pay nothing are in the list, though in no head.
        everything = np.ones(len(family.order), dtype=np.bool_)
        if not fill_picks(
            pair.view, tails.picks_view, duals, everything, family.begin, family.finish, True, False
        ):
            return None
        fill_reach(
            pair.view, tails.picks_view, self.heads_view, family.begin, family.finish,
            pricing.reach_view,
        )  # fmt: skip
        fixed = float(
            self.inst.cost_sortie - flow[pair.kind, family.start] + flow[pair.kind, family.end]
        )
        count = list_sorties(
            pair.view, tails.picks_view, self.listed_view, pricing.reach_view, family.begin,
            family.finish, fixed, room + SLACK,
        )  # fmt: skip
        if count < 0:
            return None
        found: dict[tuple[int, ...], list[Choice]] = {}
        for number in range(count):
            if time.perf_counter() > until_s:
                return None
            choice = self._read(n, number, duals, flow)
            if choice is not None:
                found.setdefault(choice.orders, []).append(choice)
        return [one for same in found.values() for one in worth_having(same)]

    def _read(self, n: int, number: int, duals: FloatArray, flow: FloatArray) -> Choice | None:
        """A listed sortie with its times; None when it cannot be flown after all."""
        pair, inst, listed = self.pricing.pairs[n], self.inst, self.listed
        family, one = pair.family, int(listed.found[number])
        room = np.zeros(inst.num_orders + 64, dtype=np.int64)
        items = room[: trace_sortie(self.pricing.tails.picks_view, self.listed_view, one, room)]
        orders, sites = family.order[items], pair.sites[items]
        if len(set(orders.tolist())) < len(orders):
            return None
        ends = (orders.tolist(), family.is_out[items].tolist(), sites.tolist())
        draft = draft_of_ends(inst, family.start, family.end, *ends)
        site = int(listed.ints[one, LI_SITE])
        first = family.end if site == len(inst.is_base) else site
        hop = float(family.travel[family.start, first])
        fixed = float(flow[pair.kind, family.start] - flow[pair.kind, family.end])
        prices = float(duals[orders].sum()) - self.pricing.charge(orders)
        cost = float(listed.found_cost[number]) + prices + fixed
        if inst.period_start.shape[0] == 1:
            flown = self.trial.cost(pair.kind, draft)
            if flown is None:
                return None
            cost = flown
        soonest = float(listed.floats[one, LF_READY])
        least = float(listed.floats[one, LF_SPAN]) + hop
        return Choice(
            pair.kind,
            family.start,
            family.end,
            tuple(sorted(draft.orders)),
            cost,
            soonest,
            float(listed.floats[one, LF_TIME]) - hop,
            max(float(listed.floats[one, LF_LAND]), soonest + least),
            least,
            draft,
        )
