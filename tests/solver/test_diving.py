"""The dive: whole sorties near the relaxation; and pieces: no plan gets worse by them."""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver.columns import Column, Cover, column_of_trip, generate, new_cover, part_of_cover
from routing.solver.day import build_day
from routing.solver.diving import MOST_SHARE, STEP_SHARE, dive, pace
from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.loading import Draft, load_worker
from routing.solver.pieces import IDLE, Piece, Pieces, Size, renew
from routing.solver.pool import Pool
from routing.solver.running import Limits, Run
from routing.solver.selection import hand_out, net_moves
from routing.solver.solution import Solution
from routing.solver.trial import Trial
from tests.days import three_site_orders, three_sites


@pytest.fixture(scope="module")
def instance() -> Instance:
    day = build_benchmark_day("P28-1")
    return build_day(day.network, day.orders[:70], build_legs(day.network)).instance


@pytest.fixture(scope="module")
def plan(instance: Instance) -> Solution:
    return solve_instance(instance, iterations=30, threads=1, proves=False).solution


@pytest.fixture
def cover(instance: Instance, plan: Solution) -> Cover:
    made = new_cover(instance, plan)
    generate(made, np.inf, 25)
    return made


def test_a_dive_carries_all_orders_near_the_relaxation(
    instance: Instance, plan: Solution, cover: Cover
) -> None:
    value, _, _ = cover.solve()
    count = len(cover.columns)
    kept = dive(cover, np.inf)
    assert len(cover.columns) == count
    assert {i for one in kept for i in one.orders} == set(range(instance.num_orders))
    assert value - 1e-6 <= sum(one.cost for one in kept) < min(plan.value, 1.06 * value)
    trial = Trial(instance)
    assert all(trial.cost(one.kind, one.draft) is not None for one in kept)
    worker = load_worker(instance, hand_out(instance, kept), 1)
    assert not (worker.best.sortie_of < 0).any()


def test_out_of_time_a_dive_ends_with_the_columns_that_there_are(
    instance: Instance, cover: Cover
) -> None:
    known = [(one.kind, set(one.orders)) for one in cover.columns]
    kept = dive(cover, 0.0, np.random.default_rng(1))
    assert {i for one in kept for i in one.orders} == set(range(instance.num_orders))
    # What is carried already is left out of those that are kept later.
    assert all(
        any(one.kind == kind and orders >= set(one.orders) for kind, orders in known)
        for one in kept
    )


def test_a_dive_takes_larger_steps_where_small_ones_would_not_end_in_time() -> None:
    assert pace(2.0, np.inf) == STEP_SHARE
    assert pace(2.0, 20.0) == 0.1
    assert pace(2.0, 0.1) == pace(2.0, 0.0) == pace(2.0, -1.0) == MOST_SHARE
    # Steps that keep a share of what is left take as much less each time.
    step_s, spent = 2.0, 0.0
    while step_s > 1e-6:
        share = pace(step_s, 20.0 - spent)
        spent += step_s
        step_s *= 1.0 - share
    assert spent == pytest.approx(20.0, rel=0.1)


def test_a_dive_between_several_bases_leaves_as_many_drones_at_each() -> None:
    network, orders = three_sites(), three_site_orders()
    inst = build_day(network, orders, build_legs(network)).instance
    solution = solve_instance(inst, iterations=5, threads=1, proves=False).solution
    made = new_cover(inst, solution)
    generate(made, np.inf, 10)
    kept = dive(made, np.inf)
    carried = {i for one in kept for i in one.orders}
    assert carried >= set(range(inst.num_orders)) - set(solution.unserved)
    worker = load_worker(inst, hand_out(inst, kept), 1)
    assert worker.best_value <= 1.5 * solution.value


def test_a_part_of_a_cover_knows_no_other_orders(instance: Instance, plan: Solution) -> None:
    part = plan.trips[:2]
    wanted = {i for trip in part for i in trip.orders}
    made = new_cover(instance, plan)
    columns = [column_of_trip(instance, trip) for trip in plan.trips]
    own = part_of_cover(instance, made.pricing.apart(), columns, wanted, {})
    assert len(own.columns) == 2
    value, duals, _ = own.solve()
    assert value == pytest.approx(sum(column_of_trip(instance, trip).cost for trip in part))
    assert set(np.flatnonzero(duals > 0.0)) <= wanted


def test_what_leaves_a_base_and_what_comes_is_counted(plan: Solution, instance: Instance) -> None:
    assert all(moves == 0 for moves in net_moves(instance, plan).values())


def new_run(instance: Instance, pool: ThreadPoolExecutor) -> Run:
    run = Run(
        inst=instance,
        limits=Limits(30.0, None),
        gap=0.0,
        proves=True,
        is_new=True,
        on_improvement=None,
        pool=pool,
        workers=[load_worker(instance, {}, 1)],
        sorties=Pool(instance),
    )
    run.note(run.workers)
    return run


def test_pieces_are_what_the_relaxation_mixes_and_each_is_tried_once(
    instance: Instance, plan: Solution, cover: Cover
) -> None:
    trips = plan.trips
    far, costly = len(trips) - 1, 0
    mixed = [([trips[costly].orders[0], trips[far].orders[0]], 0.5)]
    mixed += [(list(trip.orders), 0.5) for trip in trips]
    # All orders of a sortie are worth what it costs, but for one sortie.
    duals = np.zeros(instance.num_orders)
    for n, trip in enumerate(trips):
        cost = column_of_trip(instance, trip).cost
        duals[list(trip.orders)] = cost / len(trip.orders) * (0.5 if n == costly else 1.0)
    with ThreadPoolExecutor(1) as pool:
        pieces = Pieces(replace(new_run(instance, pool), best=plan), duals, mixed)
    pieces.sizes = deque([Size(2, 1.0)])
    first = pieces.next_piece()
    assert first is not None
    assert first.trips == (trips[costly], trips[far])
    others = []
    while piece := pieces.next_piece():
        others.append(frozenset(trip.orders for trip in piece.trips))
    assert others
    assert frozenset(trip.orders for trip in first.trips) not in others
    assert len(set(others)) == len(others) < len(trips)


@pytest.mark.parametrize("threads", [1, 2])
def test_pieces_chosen_again_make_a_plan_better(
    instance: Instance, cover: Cover, threads: int
) -> None:
    with ThreadPoolExecutor(threads) as pool:
        run = new_run(instance, pool)
        assert run.best is not None
        before = run.best
        renew(run, cover, time.perf_counter() + 20.0, threads)
    assert run.best.value < 0.97 * before.value
    assert run.incoming
    assert not run.best.unserved


def test_where_small_pieces_gave_nothing_larger_ones_are_next(
    instance: Instance, plan: Solution
) -> None:
    with ThreadPoolExecutor(1) as pool:
        pieces = Pieces(replace(new_run(instance, pool), best=plan), np.zeros(70), [])
    pieces.sizes = deque([Size(2, 1.0), Size(3, 1.0)])
    sizes = []
    while piece := pieces.next_piece():
        sizes.append(len(piece.trips))
        pieces.hand_back(piece, [])
    assert sizes == [2] * IDLE + [3] * IDLE


def test_a_piece_joins_the_plan_that_another_thread_has_changed_since(
    instance: Instance, plan: Solution, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[list[tuple[int, ...]]] = []

    def hand_out_seen(inst: Instance, columns: list[Column]) -> dict[int, list[Draft]]:
        handed.append([one.orders for one in columns])
        return {}

    monkeypatch.setattr("routing.solver.pieces.hand_out", hand_out_seen)
    one, two, three, *rest = plan.trips
    with ThreadPoolExecutor(1) as pool:
        run = new_run(instance, pool)
    pieces = Pieces(run, np.zeros(instance.num_orders), [])
    piece = Piece(plan, (one, two), 1.0)
    chosen = [column_of_trip(instance, trip) for trip in piece.trips]
    every = sorted(i for trip in plan.trips for i in trip.orders)
    swapped = replace(three, orders=three.orders[:1]), replace(three, orders=three.orders[1:])
    run.best = replace(plan, trips=(one, two, *swapped, *rest))
    pieces.hand_back(piece, chosen)
    # What the other thread made of the third sortie is kept.
    assert set(handed[0]) > {trip.orders for trip in swapped}
    mixed = replace(one, orders=one.orders + three.orders[:1])
    run.best = replace(plan, trips=(mixed, two, swapped[1], *rest))
    pieces.hand_back(piece, chosen)
    # It has mixed the piece with others: the plan that the piece was of is flown.
    assert set(handed[1]) == {trip.orders for trip in plan.trips}
    assert [sorted(i for orders in row for i in orders) for row in handed] == [every, every]


def test_a_day_of_many_orders_is_dived_for_and_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    # A day of 110 orders counts as one of many here.
    for module in ("engine", "planning", "searching"):
        monkeypatch.setattr(f"routing.solver.{module}.MANY_ORDERS", 100)
    day = build_benchmark_day("P28-3")
    inst = build_day(day.network, day.orders[:110], build_legs(day.network)).instance
    seen: list[bool] = []
    monkeypatch.setattr(
        "routing.solver.planning.dive",
        lambda cover, until_s, rng: seen.append(rng is None) or dive(cover, until_s, rng),
    )
    result = solve_instance(inst, time_limit_s=10.0, gap=0.04)
    # One on each thread, and one of them by chance.
    assert sorted(seen) == [False, True]
    assert result.bound is not None
    assert result.bound > 0.9 * result.solution.value
    assert not result.solution.unserved


def test_where_there_is_no_time_for_a_proof_many_orders_are_dived_for_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in ("engine", "planning", "searching"):
        monkeypatch.setattr(f"routing.solver.{module}.MANY_ORDERS", 100)
    monkeypatch.setattr("routing.solver.engine.FIRST_BOUND_S", 1_000.0)
    day = build_benchmark_day("P28-3")
    inst = build_day(day.network, day.orders[:110], build_legs(day.network)).instance
    dived: list[float] = []

    def note(cover: Cover, until_s: float, rng: np.random.Generator | None) -> list[Column]:
        kept = dive(cover, until_s, rng)
        dived.append(sum(one.cost for one in kept))
        return kept

    monkeypatch.setattr("routing.solver.planning.dive", note)
    began = time.perf_counter()
    result = solve_instance(inst, time_limit_s=8.0)
    assert time.perf_counter() - began < 12.0
    assert len(dived) == 2
    assert result.bound is None
    assert not result.solution.unserved
    assert result.solution.value < 1.03 * min(dived)
    # A day of more orders than columns could be grown for in time is searched only.
    monkeypatch.setattr("routing.solver.planning.GROWN_S", 10_000.0)
    solve_instance(inst, time_limit_s=1.0)
    assert len(dived) == 2
