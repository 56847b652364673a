"""What is said about drones and sorties in time: never false, and not nothing."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.solver.occupancy import Jobs, clash_row, find_clash, find_crowded, find_takeoffs


def jobs(*rows: tuple[float, float, float]) -> Jobs:
    """Jobs of one type by soonest and latest take-off and busy time, an order each."""
    soonest, latest, busy = (np.array(column) for column in zip(*rows, strict=True))
    kind = np.zeros(len(rows), dtype=np.int64)
    return Jobs(soonest, latest, busy, kind, np.eye(len(rows), dtype=np.bool_))


def test_three_at_one_time_are_one_too_many_for_two() -> None:
    # Each surely flies from 100 to 200: it takes off from 0 to 100 and is busy for 200 s.
    same = jobs(*[(0.0, 100.0, 200.0)] * 3)
    crowded = find_crowded(same, np.ones(3), np.array([2.0]))
    assert any(row.use.sum() > 2.0 * row.span for row in crowded)
    assert find_crowded(same, np.ones(3), np.array([3.0])) == []
    assert find_takeoffs(same, 2) is None
    assert find_takeoffs(same, 3) is not None


def test_one_drone_flies_one_after_the_other() -> None:
    starts = find_takeoffs(jobs((0.0, 50.0, 100.0), (0.0, 150.0, 100.0)), 1)
    assert starts is not None
    assert starts[1] >= starts[0] + 100.0


def test_a_clash_leaves_out_who_has_time() -> None:
    # The last one flies hours later.
    some = jobs((0.0, 50.0, 100.0), (0.0, 60.0, 100.0), (9_000.0, 9_100.0, 100.0))
    clash = find_clash(some, np.arange(3), 1, np.random.default_rng(1))
    assert clash.tolist() == [0, 1]
    row = clash_row(some, clash, 1)
    assert (row.use.tolist(), row.span, row.most) == ([1.0, 1.0, 0.0], 0.0, 1.0)


def test_with_no_time_left_a_clash_is_all_that_was_chosen() -> None:
    some = jobs((0.0, 50.0, 100.0), (0.0, 60.0, 100.0), (9_000.0, 9_100.0, 100.0))
    clash = find_clash(some, np.arange(3), 1, np.random.default_rng(1), until_s=0.0)
    assert clash.tolist() == [0, 1, 2]
    assert clash_row(some, clash, 1, until_s=0.0).use.tolist() == [1.0, 1.0, 1.0]


spans = st.tuples(st.integers(0, 20), st.integers(0, 10), st.integers(1, 12))


@given(st.lists(spans, min_size=2, max_size=7), st.integers(1, 3), st.data())
@settings(max_examples=60)
def test_no_row_forbids_what_can_be_flown(
    rows: list[tuple[int, int, int]], drones: int, picks: st.DataObject
) -> None:
    some = jobs(*[(float(a), float(a + wide), float(busy)) for a, wide, busy in rows])
    # Some jobs carry the same order as the first: never two of those.
    shared = picks.draw(st.sets(st.integers(1, len(rows) - 1)))
    some.orders[list(shared)] = False
    some.orders[list(shared), 0] = True
    rng = np.random.default_rng(1)
    everything = np.arange(len(rows))
    found = find_crowded(some, np.ones(len(rows)), np.array([float(drones)]))
    if find_takeoffs(some, drones) is None:
        for until_s in (np.inf, 0.0):
            clash = find_clash(some, everything, drones, rng, until_s)
            found.append(clash_row(some, clash, drones, until_s))
    for mask in range(1, 2 ** len(rows)):
        chosen = np.array([n for n in everything if mask >> n & 1])
        if some.orders[chosen].sum(axis=0).max() > 1:
            continue
        if find_takeoffs(some.part(chosen), drones) is not None:
            for row in found:
                assert row.use[chosen].sum() <= drones * row.span + row.most + 1e-6
