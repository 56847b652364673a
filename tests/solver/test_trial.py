"""A sortie on trial: what a search flies can be flown, at the same cost, at the same time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver.day import build_day
from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.loading import Draft
from routing.solver.solution import Solution, Trip
from routing.solver.trial import Trial

EPS = 1e-6


@pytest.fixture(scope="module")
def instance() -> Instance:
    day = build_benchmark_day("P28-3")
    return build_day(day.network, day.orders[:70], build_legs(day.network)).instance


@pytest.fixture(scope="module")
def plan(instance: Instance) -> Solution:
    return solve_instance(instance, iterations=300, threads=1, proves=False).solution


def _draft(trip: Trip) -> Draft:
    return Draft(trip.start, trip.end, trip.tasks, trip.orders, trip.modes, trip.drops)


def test_what_a_plan_flies_is_flown_at_its_cost_and_in_its_time(
    instance: Instance, plan: Solution
) -> None:
    trial = Trial(instance)
    assert len(plan.trips) > 5
    for trip in plan.trips:
        kind = int(instance.drone_type[trip.drone])
        flown = trial.fly(kind, _draft(trip))
        cost = instance.cost_flight * trip.flight + instance.cost_sortie
        assert flown is not None
        assert flown.cost == trial.cost(kind, _draft(trip)) == pytest.approx(cost)
        assert flown.soonest - EPS <= trip.depart <= flown.latest + EPS
        assert trip.land >= max(flown.soonest_land, trip.depart + flown.least_s) - EPS


def test_two_sorties_in_one_are_too_heavy_or_too_far(instance: Instance, plan: Solution) -> None:
    trial, first = Trial(instance), max(plan.trips, key=lambda trip: trip.energy)
    kind = int(instance.drone_type[first.drone])
    for second in plan.trips:
        if second is first:
            continue
        both = replace(
            _draft(first),
            tasks=first.tasks + second.tasks,
            orders=first.orders + second.orders,
            modes=first.modes + second.modes,
            drops=first.drops + second.drops,
        )
        assert trial.cost(kind, both) is None
        assert trial.fly(kind, both) is None
