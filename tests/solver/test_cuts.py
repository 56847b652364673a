"""Subset-row cuts charge what they say, lose no sortie, and lift the bound past the relaxation."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings

from routing.solver.bound import prove_bound
from routing.solver.columns import generate, new_cover
from routing.solver.cuts import Cuts, count_twos, find_broken
from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.pricing import new_pricing
from routing.solver.solution import Solution
from tests.days import HEX, three_site_orders, three_sites
from tests.networks import RandomDay, days
from tests.solver.plans import day_of

GAIN = 3.0


def _random_cuts(inst: Instance, most: int, seed: int) -> Cuts:
    rng = np.random.default_rng(seed)
    triples = list(combinations(range(inst.num_orders), 3))
    chosen = rng.permutation(len(triples))[:most]
    orders = np.array([triples[n] for n in chosen], dtype=np.int64).reshape(-1, 3)
    return Cuts(orders, rng.uniform(0.0, 400.0, len(orders)))


def _all_found(inst: Instance, solution: Solution, seed: int) -> None:
    """Each sortie is found at duals that pay for it and for what cuts charge it."""
    pricing, cuts = new_pricing(inst), _random_cuts(inst, 40, seed)
    flow = np.zeros((inst.turnaround.shape[0], inst.is_base.shape[0]))
    for trip in solution.trips:
        if not trip.orders:
            continue
        cost = inst.cost_flight * trip.flight + inst.cost_energy * trip.energy + inst.cost_sortie
        charge = float(cuts.prices @ count_twos(cuts.orders, trip.orders, inst.num_orders))
        cost += trip.late + charge
        duals = np.zeros(inst.num_orders)
        duals[list(trip.orders)] = cost / len(trip.orders) + GAIN
        least = min(
            pricing.solve_one(window, duals, flow, cuts=cuts).least
            for window in pricing.windows(duals)
        )
        assert least <= cost - float(duals.sum()) + 1e-6, trip


@given(days(max_orders=8))
@settings(max_examples=10)
def test_sorties_of_random_days_are_found_with_cuts(random_day: RandomDay) -> None:
    inst = day_of(random_day).instance
    solution = solve_instance(inst, iterations=40, threads=1, proves=False).solution
    for seed in range(3):
        _all_found(inst, solution, seed)


@given(days(max_orders=8))
@settings(max_examples=10)
def test_reduced_costs_have_what_cuts_charge(random_day: RandomDay) -> None:
    inst = day_of(random_day).instance
    pricing, cuts = new_pricing(inst), _random_cuts(inst, 40, 1)
    flow = np.zeros((inst.turnaround.shape[0], inst.is_base.shape[0]))
    duals = np.full(inst.num_orders, 900.0)
    for window in pricing.windows(duals):
        for one in pricing.solve_one(window, duals, flow, cuts=cuts).found:
            charge = float(cuts.prices @ count_twos(cuts.orders, one.orders, inst.num_orders))
            gained = float(duals[list(one.orders)].sum())
            assert one.reduced == pytest.approx(one.cost - gained + charge, abs=1e-6)


@given(days(max_orders=8))
@settings(max_examples=15)
def test_a_bound_with_cuts_is_not_above_a_plan(random_day: RandomDay) -> None:
    inst = day_of(random_day).instance
    solution = solve_instance(inst, iterations=300, threads=1, proves=False).solution
    cover = new_cover(inst, solution)
    bounds: list[float] = []
    prove_bound(
        cover, np.inf, lambda bound: bounds.append(bound.value) is not None, 12, has_cuts=True
    )
    assert bounds == sorted(bounds)
    assert all(bound <= solution.value + 1e-4 for bound in bounds)


def test_of_three_pairs_no_plan_flies_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("routing.solver.bound.CLOSE", 1e-6)
    # Any two of three orders share a sortie, for slots: the relaxation flies one and a half.
    one = next(order for order in three_site_orders() if order.id == "M2")
    orders = tuple(replace(one, id=f"M{n}", mass_kg=1.0) for n in (2, 3, 4))
    network = three_sites()
    drones = tuple(drone for drone in network.drones if drone.type_id == "hex")
    network = replace(
        network, drones=drones, drone_types=network.drone_types | {"hex": replace(HEX, slots=2)}
    )
    inst = day_of(RandomDay(network, orders)).instance
    solution = solve_instance(inst, iterations=40, threads=1, proves=False).solution
    values = []
    for has_cuts in (False, True):
        cover = new_cover(inst, solution)
        generate(cover, np.inf, 4)
        bound = prove_bound(cover, np.inf, has_cuts=has_cuts)
        assert bound is not None
        values.append(bound.value)
    sortie = (solution.value - inst.cost_drone) / 2.0
    assert values[0] == pytest.approx(1.5 * sortie + inst.cost_drone, abs=0.1)
    assert values[1] == pytest.approx(solution.value, abs=1.0)


def test_the_most_broken_cuts_are_found() -> None:
    halves = np.full(4, 0.5)
    assert find_broken([(0, 1), (1, 2), (0, 2), (0, 1, 3)], halves, 4, 1) == [(0, 1, 2)]
    # Whole sorties break none; nor does a sortie that has all three count twice.
    assert find_broken([(0, 1, 2), (3,)], np.ones(2), 4, 9) == []
    assert find_broken([(0, 1, 2), (0, 1)], np.full(2, 0.5), 4, 9) == []
