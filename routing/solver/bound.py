"""A proven lower bound: the linear relaxation over all sorties that can be flown.

Owns the rounds of exact pricing on top of the columns so far, and what they prove. Duals that no
sortie beats are worth no more than any plan. A round goes through the problems of pricing one by
one: where sorties pay, they become columns, and the covering problem lowers the duals, but raises
none, until nothing pays any more; so what was proven for earlier problems still holds. What a
problem gains all the same is paid for: each of its sorties is counted for an order of its own.

The bound rises from round to round, and holds wherever it is stopped; a round that was not
finished proves nothing. On days of many orders early rounds let sorties come back to sites that
they have forgotten, and columns are grown for these first. Cuts (``cuts``) lift the bound past the
relaxation.

The family of sorties and what it leaves out is said in ``family``. Drones, packs, pads and pilots
are not counted, but one drone at least is paid for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from routing.solver.columns import Cover, Growth, add_sequences, generate
from routing.solver.cuts import Cuts
from routing.solver.fronts import PAYS
from routing.solver.instance import FloatArray
from routing.solver.pricing import ALL_SITES, Priced, Window
from routing.solver.stopping import stopping_at

RELAXED = "fleet size, packs, pads, pilots, bands, ride limits, diversion reserve"
SMOOTHING = 0.5
"""Duals to begin a round at lie this far from the best so far towards those of the covering
problem."""
MEMORIES = (1, 4, 10, ALL_SITES)
"""How many nearest sites a sortie remembers. Rounds of a day of many orders begin with the first,
others with the last; and what has no room takes less."""
MANY_ORDERS = 200
FORGETFUL = Growth(beams=(12, 40, 120), settled=0.03, smoothing=0.5, memory=MEMORIES[0])
"""How columns of a day of many orders are grown before its first round: the relaxation with the
least memory is much lower than that of the columns so far, and beams come near it much sooner than
exact problems."""
STEP = 0.002
"""When a round gains less than this share of the bound, the next has more memory."""
MOST_ROUNDS, GROWTH_ROUNDS = 1_000, 60
CUT_FROM, CUTS_A_ROUND = 0.003, 12
"""When the bound is nearer than this share of the relaxation, the cuts that it breaks most are
added, so many at most."""
MOST_REPAIRS = 6
BEAM = 100
"""Tails at a site while columns are grown for one problem, before it is priced exactly."""
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


@dataclass(slots=True)
class _Round:
    """One round: the duals so far, and what each order may have to pay for."""

    cover: Cover
    until_s: float
    memory: int
    caps: FloatArray
    flow: FloatArray
    charges: FloatArray
    least: list[tuple[Window, float]]


def prove_bound(
    cover: Cover,
    until_s: float,
    on_bound: Callable[[LowerBound], bool] | None = None,
    most_rounds: int = MOST_ROUNDS,
    *,
    has_cuts: bool = False,
    many_orders: int = MANY_ORDERS,
) -> LowerBound | None:
    """The best bound, or None when not one round of pricing was complete.

    Args:
        until_s: ``time.perf_counter()`` at which to give up.
        on_bound: told of each better bound; true when it is good enough.
        has_cuts: whether to go on past the relaxation with cuts.
        many_orders: days of more begin with the least memory, for which columns are grown first.
    """
    began = time.perf_counter()
    best, proven = None, -np.inf
    memory = 0 if cover.inst.num_orders > many_orders else len(MEMORIES) - 1
    if memory == 0:
        generate(cover, until_s, GROWTH_ROUNDS, FORGETFUL)
    value, centre, flow = cover.solve()
    if memory == 0:
        # More even than those of a covering problem that lacks columns.
        centre = cover.steady.copy()
    steady, steady_flow = centre, flow
    charges = steady_charges = cover.cuts.prices
    for _ in range(most_rounds):
        if np.isnan(value):
            break
        weight = cover.inst.unserved_weight
        one = _Round(cover, until_s, memory, np.minimum(centre, weight), flow, charges, [])
        with stopping_at(cover.pricing.stop, until_s):
            is_whole = _go_through(one)
        cover.rows.thaw(weight)
        if not is_whole:
            break
        priced, share = _value(one)
        gain = priced - proven
        if gain > 0.0:
            proven, steady, steady_flow = priced, one.caps, one.flow
            steady_charges = one.charges
            best = LowerBound(
                _with_a_drone(cover, proven),
                "column generation",
                len(cover.columns),
                time.perf_counter() - began,
                share * one.caps,
                share * one.flow,
                cover.cuts._replace(prices=share * one.charges),
            )
            if on_bound is not None and on_bound(best):
                break
        value, duals, last_flow = cover.solve()
        is_done = False
        if gain < STEP * abs(proven):
            is_done = memory == len(MEMORIES) - 1 and value - proven <= CLOSE * abs(value)
            memory = min(memory + 1, len(MEMORIES) - 1)
            if memory == len(MEMORIES) - 1:
                cover.keep_true()
                value, duals, last_flow = cover.solve()
        if has_cuts and value - proven <= CUT_FROM * abs(value) and cover.cut(CUTS_A_ROUND):
            value, duals, last_flow = cover.solve()
        elif is_done:
            break
        # Half way between the best duals and the last ones, so that they do not leap.
        centre = steady + SMOOTHING * (duals - steady)
        flow = steady_flow + SMOOTHING * (last_flow - steady_flow)
        steady_charges = np.pad(steady_charges, (0, len(cover.cuts.prices) - len(steady_charges)))
        charges = steady_charges + SMOOTHING * (cover.cuts.prices - steady_charges)
    return best


def _with_a_drone(cover: Cover, bound: float) -> float:
    """Either nothing is flown or one drone at least."""
    inst = cover.inst
    return min(bound + inst.cost_drone, float(inst.unserved_weight.sum()))


def _go_through(one: _Round) -> bool:
    """Price all problems, lowering the duals; whether it was finished."""
    for window in one.cover.pricing.windows(one.caps):
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
    for repair in range(MOST_REPAIRS + 1):
        if time.perf_counter() > one.until_s:
            break
        if repair < MOST_REPAIRS and _lower(one, _solve(one, window, BEAM)):
            continue
        priced = _solve(one, window, 0)
        if np.isnan(priced.least) or repair == MOST_REPAIRS or not _lower(one, priced):
            return priced.least
    return np.nan


def _solve(one: _Round, window: Window, beam: int) -> Priced:
    """One problem, with less memory where there is no room for more."""
    pricing, cuts = one.cover.pricing, one.cover.cuts._replace(prices=one.charges)
    if beam > 0:
        memory = ALL_SITES if one.memory > 0 else MEMORIES[0]
        return pricing.solve_one(window, one.caps, one.flow, beam, memory, cuts)
    for memory in range(one.memory, -1, -1):
        priced = pricing.solve_one(window, one.caps, one.flow, 0, MEMORIES[memory], cuts)
        if not np.isnan(priced.least) or time.perf_counter() > one.until_s:
            break
    return priced


def _lower(one: _Round, priced: Priced) -> bool:
    """Lower the duals until what was found pays no more; false when it is not worth it."""
    if not priced.least < -WORTH:
        return False
    cover = one.cover
    if add_sequences(cover, priced.found) == 0:
        return False
    cover.rows.freeze(one.caps, one.flow, one.charges)
    value, duals, _ = cover.solve()
    if np.isnan(value):
        return False
    one.caps = np.minimum(one.caps, duals)
    one.charges = np.maximum(one.charges, cover.cuts.prices)
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
    return share * float(one.caps.sum() - one.charges.sum()) - float(lost.sum())
