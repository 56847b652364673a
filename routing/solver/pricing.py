"""Prices sorties: those of negative reduced cost at given duals, of every type and pair of bases.

A sortie may be landed as late as the first limit of what it brings, that of its *critical* order,
and every order is critical in at most one sortie of a plan. A few critical orders with limits
close together make one problem; a last one has the sorties that nothing they bring limits. A
problem may also find sorties that belong to later ones.

Owns the problems, and the room they are solved in. Does not know the covering problem.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from routing.solver.bundle import bundle
from routing.solver.covering import kinds_of
from routing.solver.cuts import Cuts, no_cuts, strongest
from routing.solver.family import Family, Legs, make_family, make_legs, mirror, tighten_mirror
from routing.solver.fronts import PAYS, SLICE_S, Tails, new_tails
from routing.solver.growing import find_takeoff, grow_tails, trace_tail
from routing.solver.instance import BoolArray, FloatArray, Instance, IntArray
from routing.solver.joins import Found, clear_found, close_tails, new_found
from routing.solver.picks import EPS, MOST_CUTS, Picks, fill_picks, new_picks, open_ends
from routing.solver.reach import Reach, fill_reach, new_reach
from routing.solver.recall import does_return, new_recall, part_of, teach
from routing.solver.sieve import BLOCK

ROOM = 200_000
"""Tails of one problem; a problem that needs more is cut short."""
MOST_PICKS = 20_000
TOGETHER = 10
"""So many critical orders make one problem: their sorties are much the same."""
MOST_FOUND, MOST_NEAR = 100, 2_000
"""Sorties that one problem gives: of those that pay, and where those near are wanted too."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sortie by its ends: of each stop in turn what is done there.

    Attributes:
        reduced: reduced cost; cost: without duals and cuts; takeoff: about the earliest.
        orders, is_out, sites: of each end; the site of an order from base to base is -1.
    """

    kind: int
    start: int
    end: int
    reduced: float
    cost: float
    orders: tuple[int, ...]
    is_out: tuple[bool, ...]
    sites: tuple[int, ...]
    takeoff: float

    @property
    def is_true(self) -> bool:
        """Whether it stops at no site twice, as every sortie."""
        return not does_return(self.sites)


@dataclass(frozen=True, slots=True)
class Priced:
    """What one problem gave: its least reduced cost, nan when cut short, and its sorties."""

    least: float
    found: list[Sequence]


@dataclass(frozen=True, slots=True)
class Window:
    """A problem: the sorties of one type between two bases that land at about the same time.

    Attributes:
        pair: number of type and bases.
        land: last landing; first, critical: what is limited before this end's limit stays behind.
        orders: every sortie of the problem has one of these, and is counted for it.
        cost: no sortie costs less.
        part: of the day, by its last landing.
    """

    pair: int
    land: float
    first: float
    critical: int
    orders: IntArray
    cost: float
    part: int


@dataclass(frozen=True, slots=True)
class _Side:
    """Room for tails, or for heads, and what kernels read of it."""

    picks: Picks
    tails: Tails
    picks_view: Picks
    tails_view: Tails


@dataclass(frozen=True, slots=True)
class _Pair:
    """One drone type between two bases."""

    kind: int
    family: Family
    mirrored: Family
    view: Family
    mirrored_view: Family
    is_open: BoolArray
    sites: IntArray
    hard: FloatArray
    target: FloatArray
    recall: IntArray

    def apart(self) -> _Pair:
        """With times of its own, which prices change."""
        family = self.family._replace(late=self.family.late.copy(), land=self.family.land.copy())
        mirrored = self.mirrored._replace(
            early=self.mirrored.early.copy(), ready=self.mirrored.ready.copy()
        )
        return replace(
            self,
            family=family,
            mirrored=mirrored,
            view=bundle(family),
            mirrored_view=bundle(mirrored),
            is_open=np.zeros_like(self.is_open),
            recall=self.recall.copy(),
        )


@dataclass(frozen=True, slots=True)
class Pricing:
    """The problems of a day; one thread at a time."""

    inst: Instance
    pairs: list[_Pair]
    tails: _Side
    heads: _Side
    reach: Reach
    reach_view: Reach
    found: Found
    found_view: Found
    stop: IntArray

    def beside(self) -> Pricing:
        """A room more to solve the same problems in; what either learns both know."""
        pairs = [replace(pair, is_open=np.zeros_like(pair.is_open)) for pair in self.pairs]
        return _room(self.inst, pairs, self.stop)

    def apart(self) -> Pricing:
        """The same problems at other prices, with what was learned so far."""
        return _room(self.inst, [pair.apart() for pair in self.pairs], np.zeros_like(self.stop))

    def windows(self, duals: FloatArray, most: int | None = None) -> list[Window]:
        """All problems that may give a sortie at these duals, or lower ones; earliest first.

        Every sortie is in one of them, but for what is later than its dual pays for.

        Args:
            most: problems of a type between two bases; fewer have more critical orders each.
        """
        found = []
        for n, pair in enumerate(self.pairs):
            self._tighten(pair, duals)
            found.extend(_windows(self.inst, n, pair, duals, most))
        return found

    def _tighten(self, pair: _Pair, duals: FloatArray) -> None:
        """Let no order be later than its dual pays for: past that it is better left out.

        What lateness costs within that little time is not charged, so less is never lost.
        """
        family, mirrored = pair.family, pair.mirrored
        weight = np.maximum(self.inst.late_weight[family.order], 1e-9)
        paid = pair.target + np.maximum(duals[family.order], 0.0) / weight
        is_there = family.is_out & (pair.sites >= 0)
        family.late[is_there] = np.minimum(pair.hard, paid)[is_there]
        family.land[~is_there] = np.minimum(pair.hard, paid)[~is_there]
        tighten_mirror(family, mirrored)

    def solve_one(
        self,
        window: Window,
        duals: FloatArray,
        flow: FloatArray,
        beam: int = 0,
        cuts: Cuts | None = None,
        *,
        forgets: bool = False,
        room: float = -PAYS,
    ) -> Priced:
        """The sorties of one problem; its duals may be lower than those it was made for.

        Args:
            forgets: sorties know only of the sites that ``learn`` has taught; some may come back to
                a site, which makes ``least`` lower.
            cuts: what they charge is in the reduced costs, but for those there is no room for.
            room: reduced costs of what is found are below.
        """
        pair = self.pairs[window.pair]
        family = pair.family
        known = pair.recall[window.part] if forgets else -1
        self.tails.tails.near[:] = known
        self.heads.tails.near[:] = known
        land = window.land
        fixed = float(
            self.inst.cost_sortie - flow[pair.kind, family.start] + flow[pair.kind, family.end]
        )
        self.count(cuts or no_cuts(), self.open_orders(window, duals))
        cut = Priced(np.nan, [])
        begin = pair.family.begin
        if not fill_picks(
            pair.mirrored_view,
            self.heads.picks_view,
            duals,
            pair.is_open,
            -land,
            -begin,
            False,
            True,
        ):
            return cut
        num = grow_tails(
            pair.mirrored_view, self.heads.picks_view, self.heads.tails_view,
            -begin, -land, 0.0, True, True, beam, self.heads.tails_view, self.reach_view,
            self.found_view,
        )  # fmt: skip
        if num < 0:
            return cut
        fill_reach(
            pair.view, self.heads.picks_view, self.heads.tails_view, begin, land, self.reach_view
        )
        clear_found(self.found, MOST_FOUND if room <= 0.0 else MOST_NEAR, room)
        if not fill_picks(
            pair.view, self.tails.picks_view, duals, pair.is_open, begin, land, True, True
        ):
            return cut
        num = grow_tails(
            pair.view, self.tails.picks_view, self.tails.tails_view, land, begin, fixed,
            True, False, beam, self.heads.tails_view, self.reach_view, self.found_view,
        )  # fmt: skip
        if num < 0:
            return cut
        close_tails(pair.view, self.tails.tails_view, num, self.found_view)
        count = int(self.found.size[0])
        least = float(self.found.cost[:count].min(initial=0.0))
        return Priced(least, [self._read(pair, n, duals, fixed) for n in range(count)])

    def open_orders(self, window: Window, duals: FloatArray) -> IntArray:
        """The orders that sorties of a problem may carry and be paid for, once for each end."""
        pair = self.pairs[window.pair]
        open_ends(pair.view, duals, window.land, window.first, window.critical, pair.is_open)
        return pair.family.order[pair.is_open]

    def count(self, cuts: Cuts, orders: IntArray) -> None:
        """Tell tails and heads what sorties are charged for that take ends of some orders."""
        times = np.bincount(orders, minlength=self.inst.num_orders)
        felt = strongest(cuts, times, MOST_CUTS)
        for picks in (self.tails.picks, self.heads.picks):
            picks.cuts[:] = 0
            for bit, n in enumerate(felt):
                picks.cuts[cuts.orders[n]] |= np.int64(1) << bit
                picks.charge[bit] = cuts.prices[n]

    def charge(self, orders: IntArray) -> float:
        """What the cuts that are counted charge a sortie for."""
        picks = self.tails.picks
        cuts = picks.cuts[orders]
        if not cuts.any():
            return 0.0
        times = (cuts[:, None] >> np.arange(MOST_CUTS) & 1).sum(axis=0)
        return float(times // 2 @ picks.charge)

    def learn(self, window: Window, found: Iterable[Sequence]) -> bool:
        """Forbid what came back to a site; whether something was that is known from now on."""
        table = self.pairs[window.pair].recall[window.part]
        taught = [teach(table, one.sites) for one in found]
        return any(taught)

    def forget(self, window: Window) -> None:
        """Unlearn all that problems of the same part of the day have been taught."""
        recall = self.pairs[window.pair].recall
        recall[window.part] = new_recall(recall.shape[1])[window.part]

    def _read(self, pair: _Pair, n: int, duals: FloatArray, fixed: float) -> Sequence:
        """A sortie that was found; an empty one costs ``fixed`` and its flight."""
        family, room = pair.family, np.zeros(self.inst.num_orders + 64, dtype=np.int64)
        count, head = 0, int(self.found.head[n])
        if head >= 0:
            count = trace_tail(self.heads.picks_view, self.heads.tails_view, head, room, 0)
            room[:count] = room[:count][::-1].copy()
        tail = int(self.found.tail[n])
        count = trace_tail(self.tails.picks_view, self.tails.tails_view, tail, room, count)
        items = room[:count]
        orders, sites, reduced = family.order[items], pair.sites[items], float(self.found.cost[n])
        prices = float(duals[orders].sum()) - self.charge(orders)
        return Sequence(
            kind=pair.kind,
            start=family.start,
            end=family.end,
            reduced=reduced,
            cost=reduced + prices + self.inst.cost_sortie - fixed,
            orders=tuple(orders.tolist()),
            is_out=tuple(family.is_out[items].tolist()),
            sites=tuple(sites.tolist()),
            takeoff=find_takeoff(pair.view, items, sites),
        )


def _windows(
    inst: Instance, number: int, pair: _Pair, duals: FloatArray, most: int | None
) -> list[Window]:
    """The problems of one type between two bases; the last has what nothing limits."""
    family = pair.family
    is_limited = family.land <= family.finish
    limited = np.flatnonzero(is_limited & (duals[family.order] > EPS))
    ranked = sorted((float(family.land[item]), int(item)) for item in limited)
    together = TOGETHER if most is None else max(TOGETHER, -(-len(ranked) // most))
    parts = [ranked[n : n + together] for n in range(0, len(ranked), together)]
    cost = inst.cost_sortie
    if family.start == family.end:
        away = family.travel[family.start] + family.travel[:, family.end]
        cost += inst.cost_flight * float(np.delete(away, family.start).min(initial=0.0))
    # What nothing limits lands by the end of the day.
    rest, end = np.unique(family.order[~is_limited]), (family.finish, len(family.order))
    limits = [(part[-1][0], part[0], family.order[[n for _, n in part]]) for part in parts]
    span = family.finish - family.begin
    return [
        Window(number, land, *first, orders, cost, part_of((land - family.begin) / span))
        for land, first, orders in [*limits, (family.finish, end, rest)]
    ]


def new_pricing(inst: Instance) -> Pricing:
    """Everything pricing needs that does not depend on duals."""
    bases = [int(base) for base in np.flatnonzero(inst.is_base)]
    legs = {kind: make_legs(inst, kind) for kind in kinds_of(inst)}
    pairs = [
        _pair(inst, kind, family, legs[kind])
        for kind, start, end in product(kinds_of(inst), bases, bases)
        if len((family := make_family(inst, legs[kind], kind, start, end)).order)
        or np.isfinite(family.travel[start, end])
    ]
    return _room(inst, pairs, np.zeros(1, dtype=np.int64))


def _room(inst: Instance, pairs: list[_Pair], stop: IntArray) -> Pricing:
    """Problems with room to solve them in."""
    reach, found = new_reach(inst.is_base.shape[0], ROOM), new_found(MOST_NEAR)
    views = bundle(reach), found, bundle(found)
    return Pricing(inst, pairs, _side(inst, stop), _side(inst, stop), reach, *views, stop)


def _pair(inst: Instance, kind: int, family: Family, legs: Legs) -> _Pair:
    mirrored = mirror(family, legs)
    sites = np.repeat(np.arange(family.ptr.shape[0] - 1), np.diff(family.ptr))
    sites = np.where(sites == family.ptr.shape[0] - 2, -1, sites)
    is_there = family.is_out & (sites >= 0)
    received = np.where(is_there, sites, family.end)
    return _Pair(
        kind,
        family,
        mirrored,
        bundle(family),
        bundle(mirrored),
        np.zeros(family.order.shape[0], dtype=np.bool_),
        sites,
        hard=np.where(is_there, family.late, family.land),
        # What may be unloaded before the landing is not late when the sortie is.
        target=np.where(
            np.isinf(family.land) & ~family.is_out,
            np.inf,
            inst.target[family.order] - inst.handover[received],
        ),
        recall=new_recall(inst.is_base.shape[0]),
    )


def _side(inst: Instance, stop: IntArray) -> _Side:
    num_sites = inst.is_base.shape[0]
    day_s = float(inst.drone_end.max(initial=0.0) - inst.drone_start.min(initial=0.0))
    width = max(256, min(2_048 * BLOCK, 4_000_000 // num_sites // BLOCK * BLOCK))
    picks = new_picks(num_sites, MOST_PICKS, inst.num_orders)
    tails = new_tails(num_sites, ROOM, int(day_s / SLICE_S) + 2, width, stop)
    return _Side(picks, tails, bundle(picks), bundle(tails))
