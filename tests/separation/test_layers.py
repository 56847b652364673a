"""Colouring by hand: who gets which layer, and when no layers are enough."""

from __future__ import annotations

import numpy as np

from routing.separation.clashes import Clashes
from routing.separation.layers import Colouring


def colouring(edges: list[tuple[int, int]], flights: int, layers: int) -> Colouring:
    """Flights that may not share a layer with those they have an edge to."""
    clashes = Clashes(
        np.array(edges, dtype=np.int64).reshape(-1, 2),
        np.repeat(np.eye(layers, dtype=np.bool_)[None], len(edges), axis=0),
    )
    return Colouring(
        allowed=np.ones((flights, layers), dtype=np.bool_),
        wanted=np.tile(np.arange(layers), (flights, 1)),
        clashes=clashes,
        layer=np.full(flights, -1, dtype=np.int64),
    )


def test_flights_that_meet_nobody_take_what_they_want_most() -> None:
    found = colouring([], 3, 2)
    found.choose(range(3))
    assert found.layer.tolist() == [0, 0, 0]
    assert found.left() == []


def test_three_that_all_meet_need_three_layers() -> None:
    triangle = [(0, 1), (0, 2), (1, 2)]
    enough = colouring(triangle, 3, 3)
    enough.choose(range(3))
    assert sorted(enough.layer.tolist()) == [0, 1, 2]
    short = colouring(triangle, 3, 2)
    short.choose(range(3))
    assert len(short.left()) == 1


def test_a_forbidden_layer_is_not_taken() -> None:
    found = colouring([(0, 1)], 2, 2)
    found.allowed[0] = [False, True]
    found.choose(range(2))
    assert found.layer.tolist() == [1, 0]


def test_what_stands_may_be_changed_around_a_newcomer() -> None:
    """A path 0 - 1 - 2 - 3 on two layers: with 0 and 3 standing badly only a search mends it."""
    found = colouring([(0, 1), (1, 2), (2, 3)], 4, 2)
    found.layer[:] = [0, -1, -1, 0]
    found.choose([1, 2])
    assert found.left() == []


def test_a_climb_may_pass_below_but_not_through() -> None:
    """Flight 0 climbs where 1 cruises: 1 must be above it, whatever it wants."""
    is_bad = np.array([[[True, False], [True, True]]])
    found = colouring([(0, 1)], 2, 2)
    found = Colouring(
        found.allowed, found.wanted, Clashes(found.clashes.pairs, is_bad), found.layer
    )
    found.choose(range(2))
    assert found.layer.tolist() == [0, 1]
