"""The best K of many: greedy and swaps beside brute force, on made-up values."""

from __future__ import annotations

import math
import random
from itertools import combinations

import pytest

from routing.choose.sets import BestSet, Value, find_best_set, rank_correlation
from routing.choose.value import Worth


def covering(seed: int, count: int) -> Value:
    """Each thing covers some of twenty points of unequal weight; a set is worth what it covers."""
    rng = random.Random(seed)
    weights = [rng.uniform(0.5, 3.0) for _ in range(20)]
    covers = [frozenset(rng.sample(range(20), rng.randrange(2, 7))) for _ in range(count)]

    def value(chosen: frozenset[int]) -> Worth:
        points = frozenset[int]().union(*(covers[one] for one in chosen))
        return Worth(round(sum(weights[point] for point in points), 9), 0.0)

    return value


def brute(count: int, size: int, value: Value) -> Worth:
    return max(value(frozenset(one)) for one in combinations(range(count), size))


@pytest.mark.parametrize("seed", range(12))
def test_greedy_and_swaps_find_what_brute_force_finds(seed: int) -> None:
    value = covering(seed, 9)
    found = find_best_set(9, 3, value, most_sets=0)
    assert not found.is_exhaustive
    assert value(frozenset(found.order)) == brute(9, 3, value)


def test_few_sets_are_all_tried() -> None:
    value = covering(3, 6)
    found = find_best_set(6, 2, value)
    assert found.is_exhaustive
    assert value(frozenset(found.order)) == brute(6, 2, value)


def test_the_best_set_is_not_the_best_alone() -> None:
    """0 and 1 are best alone but the same; 2 adds to either."""
    alone = {0: 5.0, 1: 4.9, 2: 3.0}

    def value(chosen: frozenset[int]) -> Worth:
        twins = chosen & {0, 1}
        return Worth(max((alone[one] for one in twins), default=0.0) + 3.0 * (2 in chosen), 0.0)

    found = find_best_set(3, 2, value, most_sets=0)
    assert set(found.order) == {0, 2}
    assert found.order[0] == 0
    assert found.worths == (Worth(5.0, 0.0), Worth(8.0, 0.0))


def test_swaps_mend_a_greedy_start() -> None:
    """Greedy takes 0 first; the best pair is 1 and 2."""
    pairs = {frozenset({1, 2}): 10.0, frozenset({0, 1}): 6.0, frozenset({0, 2}): 6.0}
    singles = {0: 5.0, 1: 4.0, 2: 4.0, 3: 0.0}

    def value(chosen: frozenset[int]) -> Worth:
        known = pairs.get(chosen)
        return Worth(sum(singles[one] for one in chosen) if known is None else known, 0.0)

    found = find_best_set(4, 2, value, most_sets=0)
    assert set(found.order) == {1, 2}


def test_equal_scores_are_settled_by_thrift_and_more_than_all_is_all() -> None:
    def value(chosen: frozenset[int]) -> Worth:
        return Worth(1.0, -float(sum(chosen)))

    assert find_best_set(3, 1, value).order == (0,)
    assert isinstance(found := find_best_set(3, 9, value), BestSet)
    assert sorted(found.order) == [0, 1, 2]


def test_rank_correlation() -> None:
    assert rank_correlation([1, 2, 3], [10, 20, 30]) == pytest.approx(1.0)
    assert rank_correlation([1, 2, 3], [3, 2, 1]) == pytest.approx(-1.0)
    # Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 x 5).
    assert rank_correlation([1, 2, 2, 3], [1, 2, 3, 4]) == pytest.approx(math.sqrt(0.9))
    assert math.isnan(rank_correlation([1], [1]))
