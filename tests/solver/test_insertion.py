"""The place found for an order is the cheapest of all places, enumerated one by one.

Waits, windows and the chain's other sorties prune places; none that could be flown may be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from benchmarks.literature.plain import Plain, Request, build
from routing.network import Drone, Window
from routing.solver.chain import push_cost
from routing.solver.memory import IN_SORTIE, NEW_SORTIE, P_KIND
from routing.solver.payload import is_loadable
from routing.solver.places import find_place
from routing.solver.scratch import (
    BETWEEN,
    DIRECT,
    INWARD,
    OUT_ENERGY,
    OUT_FLIGHT,
    OUT_LAND,
    OUT_LATE,
    OUTWARD,
)
from routing.solver.search import Worker, new_worker
from routing.solver.state import (
    F_DEPART_MAX,
    F_ENERGY,
    F_FLIGHT,
    F_LAND,
    F_LAND_MAX,
    F_LATE,
    F_NOT_BEFORE,
    I_DRONE,
    I_END,
    I_ORDERS,
    I_START,
    I_TASKS,
)
from routing.solver.timing import time_sortie
from tests.days import three_site_orders, three_sites
from tests.networks import RandomDay, days
from tests.solver.plans import day_of, insert, lands_once, worker_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sortie with the order in it, and where it is in the drone's chain."""

    start: int
    end: int
    mode: int
    drop: int
    tasks: tuple[int, ...]


def _modes(worker: Worker, i: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """How an order could ride between two bases, for each place that may receive it."""
    inst = worker.inst
    origin = inst.task_site[inst.pickup[i]]
    for drop in range(inst.drop_ptr[i], inst.drop_ptr[i + 1]):
        goal = inst.task_site[drop]
        is_out, is_in = origin == start, goal == end
        if (is_out or not inst.is_base[origin]) and (is_in or not inst.is_base[goal]):
            yield (
                {
                    (True, True): DIRECT,
                    (True, False): OUTWARD,
                    (False, True): INWARD,
                    (False, False): BETWEEN,
                }[bool(is_out), bool(is_in)],
                int(drop),
            )


def _sequences(
    worker: Worker, i: int, mode: int, drop: int, before: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    new = {
        DIRECT: (),
        OUTWARD: (drop,),
        INWARD: (int(worker.inst.pickup[i]),),
        BETWEEN: (int(worker.inst.pickup[i]), drop),
    }[mode]
    if not new:
        yield before
    elif len(new) == 1:
        for p in range(len(before) + 1):
            yield (*before[:p], *new, *before[p:])
    else:
        for p in range(len(before) + 1):
            for q in range(p, len(before) + 1):
                yield (*before[:p], new[0], *before[p:q], new[1], *before[q:])


def _cost(
    worker: Worker, i: int, one: Candidate, others: tuple[int, ...], d: int, follow: int,
    not_before: float, land_max: float, old: tuple[float, float, float],
) -> float:  # fmt: skip
    """What the sortie adds, with what it does to the drone's sorties from ``follow`` on."""
    inst, views, state = worker.inst, worker.views, worker.state
    k = int(inst.drone_type[d])
    tasks = np.array([*one.tasks, *([0] * 4)], dtype=np.int64)
    orders = np.array([*others, i], dtype=np.int64)
    mode, drop = state.mode.copy(), state.drop.copy()
    mode[i], drop[i] = one.mode, one.drop
    if not is_loadable(
        views.inst, views.scratch, k, tasks, len(one.tasks), orders, len(orders), mode
    ):
        return np.inf
    if not time_sortie(
        views.inst, views.scratch, k, one.start, one.end, tasks, len(one.tasks), orders,
        len(orders), mode, drop, not_before, land_max,
    ):  # fmt: skip
        return np.inf
    out = worker.scratch.outcome.copy()
    cost = (
        inst.cost_flight * (out[OUT_FLIGHT] - old[0])
        + inst.cost_energy * (out[OUT_ENERGY] - old[1])
        + out[OUT_LATE]
        - old[2]
    )
    ready = float(out[OUT_LAND] + inst.turnaround[k])
    return float(cost + push_cost(views.inst, views.scratch, views.state, d, follow, ready))


def _in_sorties(worker: Worker, i: int) -> Iterator[tuple[float, Candidate]]:
    state = worker.state
    for s in np.flatnonzero(state.used):
        ints, floats = state.ints[s], state.floats[s]
        d = int(ints[I_DRONE])
        place = state.chain[d, : state.chain_len[d]].tolist().index(int(s))
        before = tuple(state.tasks[s, : ints[I_TASKS]].tolist())
        others = tuple(state.orders[s, : ints[I_ORDERS]].tolist())
        start, end = int(ints[I_START]), int(ints[I_END])
        old = (floats[F_FLIGHT], floats[F_ENERGY], floats[F_LATE])
        for mode, drop in _modes(worker, i, start, end):
            for tasks in _sequences(worker, i, mode, drop, before):
                if not lands_once([int(worker.inst.task_site[t]) for t in tasks]):
                    continue
                one = Candidate(start, end, mode, drop, tasks)
                yield _cost(
                    worker, i, one, others, d, place + 1, floats[F_NOT_BEFORE],
                    floats[F_LAND_MAX], old,
                ), one  # fmt: skip


def _in_gaps(worker: Worker, i: int) -> Iterator[tuple[float, Candidate]]:
    """A sortie of its own from a base back to the same base, in every gap of every drone."""
    inst, state = worker.inst, worker.state
    for d in range(inst.num_drones):
        turnaround = inst.turnaround[inst.drone_type[d]]
        base, ready = int(inst.drone_home[d]), inst.drone_start[d]
        chain = state.chain[d, : state.chain_len[d]].tolist()
        extra = inst.cost_sortie + (0.0 if chain else inst.cost_drone)
        for place in range(len(chain) + 1):
            land_max = inst.drone_end[d]
            if place < len(chain):
                land_max = state.floats[chain[place], F_DEPART_MAX] - turnaround
            for mode, drop in _modes(worker, i, base, base):
                for tasks in _sequences(worker, i, mode, drop, ()):
                    one = Candidate(base, base, mode, drop, tasks)
                    old = (0.0, 0.0, 0.0)
                    yield extra + _cost(
                        worker, i, one, (), d, place, float(ready), float(land_max), old
                    ), one  # fmt: skip
            if place < len(chain):
                base = int(state.ints[chain[place], I_END])
                ready = state.floats[chain[place], F_LAND] + turnaround


def _least(found: Iterator[tuple[float, Candidate]]) -> tuple[float, Candidate | None]:
    return min(found, key=lambda pair: pair[0], default=(np.inf, None))


@given(days(max_orders=8, max_drones=3), st.integers(0, 7), st.integers(0, 99))
@settings(max_examples=60)
def test_no_cheaper_place_is_pruned(random_day: RandomDay, i: int, seed: int) -> None:
    worker = worker_of(day_of(random_day), seed)
    _compare_with_all(worker, i % worker.inst.num_orders)


def _compare_with_all(worker: Worker, i: int) -> None:
    """Put all orders but one into the plan and look for the cheapest place of that one."""
    for other in range(worker.inst.num_orders):
        if other != i:
            insert(worker, other)
    worker.search.num_banned[0] = 0
    kept = (worker.state.mode.copy(), worker.state.drop.copy())
    views = worker.views
    is_found = find_place(views.inst, views.scratch, views.state, views.search, i)
    found = float(worker.search.cost[0]) if is_found else np.inf
    kind = int(worker.search.place[P_KIND])
    assert (worker.state.mode == kept[0]).all()
    assert (worker.state.drop == kept[1]).all()
    inside, by_hand = _least(_in_sorties(worker, i))
    alone, by_itself = _least(_in_gaps(worker, i))
    note(f"found {found} kind {kind}, inside {inside} {by_hand}, alone {alone} {by_itself}")
    assert found <= min(inside, alone) + 1e-4
    if kind == IN_SORTIE:
        assert found == pytest.approx(inside, abs=1e-4)
    if kind == NEW_SORTIE:
        assert found == pytest.approx(alone, abs=1e-4)


places = st.tuples(st.integers(0, 30), st.integers(0, 30))
pairs = st.tuples(places, places, st.integers(1, 6), st.integers(0, 120), st.integers(0, 120))


@given(st.lists(pairs, min_size=2, max_size=7), st.integers(0, 6), st.integers(0, 99))
@settings(max_examples=60)
def test_no_cheaper_pair_of_stops_is_pruned(
    rows: list[tuple[tuple[int, int], tuple[int, int], int, int, int]], i: int, seed: int
) -> None:
    """Orders from stop to stop, a drone that holds few of them, and windows that make it wait."""
    xy = np.array([(15, 15), *(row[0] for row in rows), *(row[1] for row in rows)], dtype=float)
    count = len(rows)
    requests = tuple(
        Request(n + 1, n + 1 + count, mass, (early, early + 60.0), (late, late + 90.0))
        for n, (_, _, mass, early, late) in enumerate(rows)
    )
    plain = Plain(
        travel=np.hypot(*(xy[:, None, axis] - xy[None, :, axis] for axis in range(2))),
        handover=np.full(2 * count + 1, 2.0),
        bases=(0,),
        requests=requests,
        capacity=8,
        homes=(0, 0),
        day=(0.0, 400.0),
    )
    worker = new_worker(build(plain), seed)
    worker.search.blink[0] = 0.0
    _compare_with_all(worker, i % count)


def test_drones_alike_but_for_their_duty_are_both_looked_at() -> None:
    # D1 flies in the morning, D9 in the afternoon; S1 can only be flown in the afternoon.
    network = three_sites()
    drones = (
        Drone("D1", "hex", "hub", Window(21_600, 40_000)),
        Drone("D9", "hex", "hub", Window(40_000, 72_000)),
    )
    order = replace(three_site_orders()[1], ready_s=45_000, deadline_s=50_000, target_s=None)
    day = day_of(RandomDay(replace(network, drones=drones), (order,)))
    for seed in range(8):
        assert insert(worker_of(day, seed), 0)
