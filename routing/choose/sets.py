"""The best K of many: greedy, then swaps, and brute force where that is few enough.

Owns the search over sets. Does not know what a set is worth or what is in it. A set's worth need
not be submodular; greedy looks first at what was worth most last time (lazy evaluation, Minoux
1978), which saves work and never proves anything: proof is the bound that the caller brings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from routing.choose.value import Worth

Value = Callable[[frozenset[int]], Worth]
Prepare = Callable[[Sequence[frozenset[int]]], None]
"""Told which sets will be asked for next, so that they can be worked out side by side."""
MOST_SETS = 120
"""Sets that are all tried, instead of greedy and swaps."""
SWAP_WIDTH = 6
"""Candidates outside that are tried for each one inside, the best alone first."""
LOOK_AHEAD = 8
"""Stale candidates looked at afresh in each greedy step, at least."""


@dataclass(frozen=True, slots=True)
class BestSet:
    """The best set found.

    Attributes:
        order: its members in the order in which to add them: each next one is worth most then.
        worths: of each prefix of that order.
        is_exhaustive: all sets were tried.
    """

    order: tuple[int, ...]
    worths: tuple[Worth, ...]
    is_exhaustive: bool


def find_best_set(
    count: int,
    size: int,
    value: Value,
    most_sets: int = MOST_SETS,
    prepare: Prepare | None = None,
) -> BestSet:
    """The best ``size`` of ``count`` things; all of them when there are no more.

    Args:
        value: what a set is worth; asked for the same set again it should remember.
        most_sets: try all sets when there are no more than this.
        prepare: as ``Prepare``; changes nothing but the time it takes.
    """
    size, prepare = min(size, count), prepare or _no_matter
    prepare([frozenset({one}) for one in range(count)])
    if math.comb(count, size) <= most_sets:
        sets = [frozenset(one) for one in combinations(range(count), size)]
        prepare(sets)
        best = max(sets, key=lambda one: (value(one), _reverse(one)))
        return _in_order(best, value, prepare, is_exhaustive=True)
    chosen = _greedy(count, size, value, prepare)
    chosen = _swap(count, chosen, value, prepare)
    return _in_order(chosen, value, prepare, is_exhaustive=False)


def _no_matter(sets: Sequence[frozenset[int]]) -> None:
    del sets


def _reverse(one: frozenset[int]) -> tuple[int, ...]:
    """Between equal sets the one with the first members."""
    return tuple(-member for member in sorted(one))


def _greedy(count: int, size: int, value: Value, prepare: Prepare) -> frozenset[int]:
    chosen: frozenset[int] = frozenset()
    stale = {one: value(frozenset({one})) for one in range(count)}
    while len(chosen) < size:
        now = value(chosen)
        best: tuple[Worth, int] | None = None
        ranked = sorted(stale, key=lambda one: (stale[one], -one), reverse=True)
        prepare([chosen | {one} for one in ranked[:LOOK_AHEAD]])
        for looked, one in enumerate(ranked):
            if best is not None and looked >= LOOK_AHEAD and best[0] >= stale[one]:
                break
            stale[one] = value(chosen | {one}).minus(now) if chosen else stale[one].minus(now)
            best = max(best or (stale[one], -one), (stale[one], -one))
        assert best is not None
        chosen |= {-best[1]}
        del stale[-best[1]]
    return chosen


def _swap(count: int, chosen: frozenset[int], value: Value, prepare: Prepare) -> frozenset[int]:
    """Exchange one inside for one outside while that is worth more."""
    singles = sorted(range(count), key=lambda one: (value(frozenset({one})), -one), reverse=True)
    is_better = True
    while is_better:
        is_better = False
        outside = [one for one in singles if one not in chosen][:SWAP_WIDTH]
        prepare([chosen - {one} for one in sorted(chosen)])
        weakest = sorted(chosen, key=lambda one: (value(chosen - {one}), one), reverse=True)
        for leaves in weakest:
            others = [(chosen - {leaves}) | {enters} for enters in outside]
            prepare(others)
            swapped = max(
                others,
                key=lambda one: (value(one), _reverse(one)),
                default=chosen,
            )
            if value(swapped) > value(chosen):
                chosen, is_better = swapped, True
                break
    return chosen


def _in_order(
    chosen: frozenset[int], value: Value, prepare: Prepare, *, is_exhaustive: bool
) -> BestSet:
    order: list[int] = []
    left = set(chosen)
    worths = []
    while left:
        so_far = frozenset(order)
        prepare([so_far | {one} for one in sorted(left)])
        member = max(left, key=lambda one: (value(so_far | {one}), -one))
        order.append(member)
        left.remove(member)
        worths.append(value(frozenset(order)))
    return BestSet(tuple(order), tuple(worths), is_exhaustive)


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's rank correlation, equal values sharing their mean rank; NaN for under two."""
    if len(one) < 2:
        return math.nan
    a, b = _ranks(one), _ranks(other)
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    across = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    spread = math.sqrt(sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b))
    return across / spread if spread else math.nan


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    places: dict[float, list[int]] = {}
    for place, value in enumerate(ordered):
        places.setdefault(value, []).append(place)
    return [sum(places[value]) / len(places[value]) for value in values]
