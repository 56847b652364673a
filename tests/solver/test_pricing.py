"""Pricing loses no sortie: whatever a search flies is found at duals that pay for it alone."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver.columns import column_of_sequence
from routing.solver.day import build_day
from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.pricing import Pricing, Sequence, Window, new_pricing
from routing.solver.recall import does_return, new_recall, part_of, teach
from routing.solver.solution import Solution, Trip
from routing.solver.stopping import stopping_at
from routing.solver.trial import Trial
from tests.networks import RandomDay, days
from tests.solver.plans import day_of

GAIN = 3.0


def _no_flow(inst: Instance) -> np.ndarray:
    return np.zeros((inst.turnaround.shape[0], inst.is_base.shape[0]))


def _learned(pricing: Pricing, window: Window, duals: np.ndarray) -> list[float]:
    """Least reduced costs of a problem from lesson to lesson, until nothing is learned."""
    flow, leasts, has_learned = _no_flow(pricing.inst), [], True
    while has_learned:
        priced = pricing.solve_one(window, duals, flow, forgets=True)
        leasts.append(priced.least)
        has_learned = pricing.learn(window, priced.found)
    return leasts


def _least(pricing: Pricing, duals: np.ndarray, beam: int = 0) -> float:
    flow = _no_flow(pricing.inst)
    windows = pricing.windows(duals)
    return min(pricing.solve_one(window, duals, flow, beam).least for window in windows)


def _duals(inst: Instance, trip: Trip) -> tuple[np.ndarray, float]:
    """Duals that pay for one sortie and a little more, and its reduced cost at them."""
    cost = inst.cost_flight * trip.flight + inst.cost_energy * trip.energy + inst.cost_sortie
    cost += trip.late
    duals = np.zeros(inst.num_orders)
    duals[list(trip.orders)] = cost / len(trip.orders) + GAIN
    return duals, cost - float(duals.sum())


def _all_found(inst: Instance, solution: Solution) -> None:
    pricing = new_pricing(inst)
    for trip in solution.trips:
        if not trip.orders:
            # A drone flown to another base.
            continue
        duals, reduced = _duals(inst, trip)
        assert _least(pricing, duals) <= reduced + 1e-6, trip


@given(days(max_orders=8))
@settings(max_examples=10)
def test_sorties_of_random_days_are_found(random_day: RandomDay) -> None:
    inst = day_of(random_day).instance
    _all_found(inst, solve_instance(inst, iterations=40, threads=1, proves=False).solution)


@pytest.fixture(scope="module")
def instance() -> Instance:
    day = build_benchmark_day("P28-2")
    return build_day(day.network, day.orders, build_legs(day.network)).instance


@pytest.fixture(scope="module")
def plan(instance: Instance) -> Solution:
    return solve_instance(instance, iterations=500, threads=1, proves=False).solution


def test_long_sorties_of_many_orders_are_found(instance: Instance, plan: Solution) -> None:
    assert max(len(trip.orders) for trip in plan.trips) > 6
    _all_found(instance, plan)


def test_what_is_found_costs_what_it_says(instance: Instance, plan: Solution) -> None:
    trip = max(plan.trips, key=lambda trip: len(trip.orders))
    duals, _ = _duals(instance, trip)
    pricing = new_pricing(instance)
    flow = _no_flow(instance)
    windows = pricing.windows(duals)
    found = [one for w in windows for one in pricing.solve_one(w, duals, flow).found]
    assert found
    for one in found:
        stops = [one.start, *dict.fromkeys(site for site in one.sites if site >= 0), one.end]
        flight = sum(instance.quickest[one.kind, a, b] for a, b in pairwise(stops))
        cost = instance.cost_sortie + instance.cost_flight * flight
        assert one.reduced == pytest.approx(cost - duals[list(one.orders)].sum(), abs=1e-6)
        assert len(set(one.orders)) == len(one.orders)
        assert instance.mass[list(one.orders)].max() <= instance.capacity[one.kind]


def _is_in_time(inst: Instance, one: Sequence) -> bool:
    """Whether a sortie that takes off as soon as what it brings out is there keeps all limits."""
    start = [inst.pickup[i] for i, is_out in zip(one.orders, one.is_out, strict=True) if is_out]
    time = max(
        [inst.drone_start.min(), *(inst.task_early[t] + inst.handover[one.start] for t in start)]
    )
    last, landing = one.start, inst.drone_end.max()
    for n, (i, is_out, site) in enumerate(zip(one.orders, one.is_out, one.sites, strict=True)):
        tasks = range(int(inst.drop_ptr[i]), int(inst.drop_ptr[i + 1]))
        drop = next(t for t in tasks if inst.task_site[t] == (site if is_out else one.end))
        task = drop if is_out else int(inst.pickup[i])
        if site != last:
            leave = time + (inst.handover[last] if n else 0.0)
            time, last = leave + inst.quickest[one.kind, last, site], site
        time = max(time, inst.task_early[task])
        if time > inst.task_late[task] + 1e-6:
            return False
        landing = landing if is_out else min(landing, inst.task_late[drop])
    return bool(
        time + inst.handover[last] + inst.quickest[one.kind, last, one.end] <= landing + 1e-6
    )


def test_what_is_found_keeps_its_times(instance: Instance) -> None:
    rng = np.random.default_rng(1)
    duals = rng.uniform(60.0, 340.0, instance.num_orders)
    pricing = new_pricing(instance)
    found = [
        one
        for window in pricing.windows(duals)[::4]
        for one in pricing.solve_one(window, duals, _no_flow(instance)).found
    ]
    assert len(found) > 50
    assert all(_is_in_time(instance, one) for one in found)


@given(days(max_orders=8))
@settings(max_examples=10)
def test_lessons_end_where_sorties_know_all(random_day: RandomDay) -> None:
    inst = day_of(random_day).instance
    pricing, duals = new_pricing(inst), np.full(inst.num_orders, 900.0)
    for window in pricing.windows(duals):
        true = pricing.solve_one(window, duals, _no_flow(inst)).least
        *before, last = _learned(pricing, window, duals)
        assert all(least <= true + 1e-6 for least in before)
        assert last == pytest.approx(true)


def test_fewer_problems_find_the_same_least(instance: Instance) -> None:
    pricing, flow = new_pricing(instance), _no_flow(instance)
    duals = np.random.default_rng(2).uniform(40.0, 140.0, instance.num_orders)
    few, many = (
        [pricing.solve_one(window, duals, flow) for window in pricing.windows(duals, most)]
        for most in (2, None)
    )
    assert len(few) == 3 < len(many)
    least = min(priced.least for priced in few)
    assert least == pytest.approx(min(priced.least for priced in many))
    assert least < 0.0


def test_sorties_that_forget_come_back_until_they_have_learned(instance: Instance) -> None:
    pricing = new_pricing(instance)
    duals = np.full(instance.num_orders, 240.0)
    window = pricing.windows(duals)[0]
    true = pricing.solve_one(window, duals, _no_flow(instance)).least
    leasts = _learned(pricing, window, duals)
    assert leasts == sorted(leasts)
    assert leasts[0] < leasts[-1] == pytest.approx(true)
    assert true < 0.0
    assert pricing.solve_one(window, duals, _no_flow(instance)).found[0].is_true


def test_what_lies_between_two_stops_at_a_site_is_taught_to_remember_it() -> None:
    table = new_recall(70)[part_of(0.5)]
    sites = (3, 3, 65, 4, 3)
    assert does_return(sites)
    assert not does_return((3, 3, 65, 4))
    assert teach(table, sites)
    assert not teach(table, sites)
    known = [[site for site in range(70) if table[y, site // 62] >> (site % 62) & 1] for y in sites]
    assert known == [[3], [3], [3, 65], [3, 4], [3]]


def test_lower_duals_may_be_priced_in_the_same_windows(instance: Instance) -> None:
    pricing = new_pricing(instance)
    duals, flow = np.full(instance.num_orders, 240.0), _no_flow(instance)
    window = pricing.windows(duals)[3]
    before = pricing.solve_one(window, duals, flow).least
    after = pricing.solve_one(window, 0.9 * duals, flow).least
    assert before < after <= 0.0


def test_a_problem_whose_time_is_up_proves_nothing(instance: Instance) -> None:
    pricing, flow = new_pricing(instance), _no_flow(instance)
    duals = np.full(instance.num_orders, 300.0)
    window = pricing.windows(duals)[0]
    pricing.stop[0] = 1
    assert np.isnan(pricing.solve_one(window, duals, flow).least)
    with stopping_at(pricing.stop, np.inf):
        assert pricing.solve_one(window, duals, flow).least <= 0.0


def test_the_flag_is_raised_at_its_time_and_lowered_afterwards() -> None:
    stop = np.zeros(1, dtype=np.int64)
    with stopping_at(stop, time.perf_counter() - 1.0):
        while stop[0] == 0:
            time.sleep(0.001)
    assert stop[0] == 0


def test_nothing_pays_at_no_duals(instance: Instance) -> None:
    assert _least(new_pricing(instance), np.zeros(instance.num_orders)) == 0.0


def test_a_narrow_beam_finds_no_more_than_all_tails(instance: Instance, plan: Solution) -> None:
    duals, _ = _duals(instance, plan.trips[0])
    pricing = new_pricing(instance)
    assert _least(pricing, duals, beam=12) >= _least(pricing, duals) - 1e-9


def test_what_is_found_can_be_flown_but_for_the_line_of_energy() -> None:
    # Ready times at take-off and limits at landing meet where heads and tails are joined.
    day = build_benchmark_day("P28-3")
    inst = build_day(day.network, day.orders, build_legs(day.network)).instance
    pricing, duals = new_pricing(inst), np.full(inst.num_orders, 250.0)
    trial, count = Trial(inst._replace(has_energy=False)), 0
    for window in pricing.windows(duals)[::3]:
        priced = pricing.solve_one(window, duals, _no_flow(inst), 100, room=100.0)
        for one in priced.found:
            if one.is_true and one.orders:
                count += 1
                draft = column_of_sequence(inst, one).draft
                assert trial.cost(one.kind, draft) is not None
    assert count > 500


def test_the_line_of_energy_is_never_above_the_curve() -> None:
    day = build_benchmark_day("P28-1")
    inst = build_day(day.network, day.orders, build_legs(day.network)).instance
    family = new_pricing(inst).pairs[0].family
    gaps = []
    for mass in range(0, int(inst.capacity[0]) + 1, 50):
        true = (
            inst.work[0, 0] * inst.cruise_power[0, mass]
            + inst.lift[0, 0] * (inst.hover_power[0, mass])
        )
        line = family.energy + mass * family.per_mass
        away = np.isfinite(true) & ~np.eye(len(true), dtype=np.bool_)
        assert (line <= true + 1e-12)[away].all()
        gaps.append(1.0 - line[away] / true[away])
    # Each touches its curve somewhere, but where a way over other sites is cheaper.
    assert float(np.quantile(np.min(gaps, axis=0), 0.9)) < 1e-3
