"""Pricing loses no sortie: whatever a search flies is found at duals that pay for it alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings

from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver.day import build_day
from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.pricing import Pricing, new_pricing
from routing.solver.solution import Solution, Trip
from tests.networks import RandomDay, days
from tests.solver.plans import day_of

GAIN = 3.0


def _least(pricing: Pricing, duals: np.ndarray, beam: int = 0) -> float:
    inst = pricing.inst
    flow = np.zeros((inst.turnaround.shape[0], inst.is_base.shape[0]))
    return min(priced.least for priced in pricing.solve(duals, flow, np.inf, beam))


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
    flow = np.zeros((1, instance.is_base.shape[0]))
    found = [one for priced in pricing.solve(duals, flow, np.inf, 0) for one in priced.found]
    assert found
    for one in found:
        stops = [one.start, *dict.fromkeys(site for site in one.sites if site >= 0), one.end]
        flight = sum(instance.quickest[one.kind, a, b] for a, b in pairwise(stops))
        cost = instance.cost_sortie + instance.cost_flight * flight
        assert one.reduced == pytest.approx(cost - duals[list(one.orders)].sum(), abs=1e-6)
        assert len(set(one.orders)) == len(one.orders)
        assert instance.mass[list(one.orders)].max() <= instance.capacity[one.kind]


def test_nothing_pays_at_no_duals(instance: Instance) -> None:
    assert _least(new_pricing(instance), np.zeros(instance.num_orders)) == 0.0


def test_a_narrow_beam_finds_no_more_than_all_tails(instance: Instance, plan: Solution) -> None:
    duals, _ = _duals(instance, plan.trips[0])
    pricing = new_pricing(instance)
    assert _least(pricing, duals, beam=12) >= _least(pricing, duals) - 1e-9
