"""Prices sorties: those of negative reduced cost at given duals, of every type and pair of bases.

A sortie may be landed as late as the first limit of what it brings. So there is one problem for
each order that may set that limit, its *critical* order, and in each the landing time is known; a
last one has the sorties that nothing they bring limits. Every sortie belongs to one problem, and
every order is critical in at most one sortie of a plan.

Owns the problems, and the room they are solved in. Does not know the covering problem.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from routing.solver.bundle import bundle
from routing.solver.covering import kinds_of
from routing.solver.family import Family, Legs, make_family, make_legs, mirror, tighten_mirror
from routing.solver.fronts import SLICE_S, Tails, new_tails
from routing.solver.growing import grow_tails, trace_tail
from routing.solver.instance import BoolArray, FloatArray, Instance, IntArray
from routing.solver.joins import Found, close_tails, fill_reach, join, new_found
from routing.solver.picks import EPS, Picks, fill_picks, new_picks, open_ends

ROOM = 60_000
"""Tails of one problem; a problem that needs more is cut short."""
MOST_PICKS = 20_000
MOST_FOUND = 400
ALL = slice(None)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sortie by its ends: of each stop in turn what is done there.

    Attributes:
        reduced: reduced cost; takeoff: about the earliest.
        orders, is_out, sites: of each end; the site of an order from base to base is -1.
    """

    kind: int
    start: int
    end: int
    reduced: float
    orders: tuple[int, ...]
    is_out: tuple[bool, ...]
    sites: tuple[int, ...]
    takeoff: float


@dataclass(frozen=True, slots=True)
class Priced:
    """What one problem gave: its critical order (-1: none), least reduced cost, its sorties.

    ``least`` is nan when it was cut short.
    """

    critical: int
    least: float
    found: list[Sequence]


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


@dataclass(frozen=True, slots=True)
class Pricing:
    """The problems of a day; one thread at a time."""

    inst: Instance
    pairs: list[_Pair]
    tails: _Side
    heads: _Side
    found: Found
    found_view: Found

    @property
    def most_unlimited(self) -> int:
        """How many sorties there can be that nothing they bring limits: none without an order."""
        orders: set[int] = set()
        for pair in self.pairs:
            family = pair.family
            orders.update(family.order[~(family.land <= family.finish)].tolist())
        return len(orders)

    def solve(
        self,
        duals: FloatArray,
        flow: FloatArray,
        until_s: float,
        beam: int,
        part: slice = ALL,
    ) -> Iterator[Priced]:
        """One after another all problems that may give a sortie, earliest landing first.

        Args:
            duals: of the orders [N]; flow: of the bases [K, S].
            beam: 0 to lose no sortie; else how many tails are kept at a site, compared roughly.
            part: of the problems in order of landing, those to solve.
        """
        for pair in self.pairs:
            family = pair.family
            self._tighten(pair, duals)
            fixed = float(
                self.inst.cost_sortie - flow[pair.kind, family.start] + flow[pair.kind, family.end]
            )
            for land, critical in _criticals(family, duals)[part]:
                if time.perf_counter() > until_s:
                    order = -1 if critical < 0 else int(family.order[critical])
                    yield Priced(order, np.nan, [])
                    return
                yield self._solve_one(pair, duals, fixed, land, critical, beam)

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

    def _solve_one(
        self,
        pair: _Pair,
        duals: FloatArray,
        fixed: float,
        land: float,
        critical: int,
        beam: int,
    ) -> Priced:
        family, num_ends = pair.family, pair.is_open.shape[0]
        order = -1 if critical < 0 else int(family.order[critical])
        open_ends(pair.view, duals, land, num_ends if critical < 0 else critical, pair.is_open)
        if critical >= 0 and not pair.is_open[critical]:
            return Priced(order, 0.0, [])
        cut = Priced(order, np.nan, [])
        begin = family.begin
        is_direct = critical >= family.ptr[-2]
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
            -1 if is_direct else critical, -begin, -land, 0.0, True, True, beam,
        )  # fmt: skip
        if num < 0:
            return cut
        fill_reach(pair.view, self.heads.picks_view, self.heads.tails_view, self.tails.tails_view)
        if not fill_picks(
            pair.view, self.tails.picks_view, duals, pair.is_open, begin, land, True, True
        ):
            return cut
        num = grow_tails(
            pair.view, self.tails.picks_view, self.tails.tails_view, critical, land, begin, fixed,
            True, False, beam,
        )  # fmt: skip
        if num < 0:
            return cut
        count = close_tails(pair.view, self.tails.tails_view, num, self.found_view)
        count = join(
            pair.view, self.tails.tails_view, self.heads.tails_view, self.found_view, count
        )
        least = float(self.found.cost[:count].min(initial=0.0))
        return Priced(order, least, [self._read(pair, n) for n in range(count)])

    def _read(self, pair: _Pair, n: int) -> Sequence:
        """A sortie that was found."""
        family, room = pair.family, np.zeros(self.inst.num_orders + 64, dtype=np.int64)
        count, head = 0, int(self.found.head[n])
        if head >= 0:
            count = trace_tail(self.heads.picks_view, self.heads.tails_view, head, room, 0)
            room[:count] = room[:count][::-1].copy()
        tail = int(self.found.tail[n])
        count = trace_tail(self.tails.picks_view, self.tails.tails_view, tail, room, count)
        items = room[:count]
        return Sequence(
            kind=pair.kind,
            start=family.start,
            end=family.end,
            reduced=float(self.found.cost[n]),
            orders=tuple(int(i) for i in family.order[items]),
            is_out=tuple(bool(out) for out in family.is_out[items]),
            sites=tuple(int(site) for site in pair.sites[items]),
            takeoff=_takeoff(family, items, pair.sites[items]),
        )


def _takeoff(family: Family, items: IntArray, sites: IntArray) -> float:
    """Earliest take-off after which a sortie waits for nothing."""
    earliest, span, last = family.begin, 0.0, family.start
    for item, site in zip(items, sites, strict=True):
        if site >= 0 and site != last:
            before = family.handover[last] if last != family.start else 0.0
            span += before + family.travel[last, site]
            last = int(site)
        earliest = max(earliest, family.ready[item], family.early[item] - span)
    return float(earliest)


def _criticals(family: Family, duals: FloatArray) -> list[tuple[float, int]]:
    """Landing times and critical ends; at last the end of duty and none."""
    limited = np.flatnonzero((family.land <= family.finish) & (duals[family.order] > EPS))
    ranked = sorted((float(family.land[item]), int(item)) for item in limited)
    return [*ranked, (family.finish, -1)]


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
    most_ends = max((len(pair.family.order) for pair in pairs), default=0)
    found = new_found(MOST_FOUND)
    tails, heads = _side(inst, most_ends), _side(inst, most_ends)
    return Pricing(inst, pairs, tails, heads, found, bundle(found))


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
    )


def _side(inst: Instance, most_ends: int) -> _Side:
    num_sites = inst.is_base.shape[0]
    day_s = float(inst.drone_end.max(initial=0.0) - inst.drone_start.min(initial=0.0))
    width = max(256, min(20_000, 4_000_000 // num_sites))
    picks = new_picks(num_sites, MOST_PICKS, most_ends)
    tails = new_tails(num_sites, ROOM, int(day_s / SLICE_S) + 2, width)
    return _Side(picks, tails, bundle(picks), bundle(tails))
