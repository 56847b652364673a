"""The list of sorties that may matter: complete, priced and timed right."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from routing.solver.engine import solve_instance
from routing.solver.enumeration import is_listable, list_wanted
from routing.solver.instance import Instance
from routing.solver.solution import Trip
from tests.networks import RandomDay, days
from tests.solver.plans import day_of


def _cost(inst: Instance, trip: Trip) -> float:
    return inst.cost_flight * trip.flight + inst.cost_energy * trip.energy + inst.cost_sortie


def _prices(inst: Instance) -> tuple[np.ndarray, np.ndarray]:
    flow = np.zeros((inst.turnaround.shape[0], inst.is_base.shape[0]))
    return np.zeros(inst.num_orders), flow


@given(days(max_orders=6))
@settings(max_examples=15)
def test_whatever_is_flown_on_time_is_in_the_list(random_day: RandomDay) -> None:
    inst = day_of(random_day).instance
    if not is_listable(inst):
        return
    found = solve_instance(inst, iterations=40, threads=1, proves=False).solution
    duals, flow = _prices(inst)
    choices = list_wanted(inst, duals, flow, 1e9)
    assert choices is not None
    for trip in found.trips:
        if not trip.orders or trip.late > 0.0:
            continue
        same = [
            one
            for one in choices
            if one.orders == tuple(sorted(trip.orders))
            and (one.kind, one.start, one.end)
            == (inst.drone_type[trip.drone], trip.start, trip.end)
        ]
        assert any(
            one.cost <= _cost(inst, trip) + 1e-6
            and one.soonest <= trip.depart + 1e-6
            and trip.depart <= one.latest + 1e-6
            and one.soonest_land <= trip.land + 1e-6
            and one.least_s <= trip.land - trip.depart + 1e-6
            for one in same
        ), trip


@given(days(max_orders=5))
@settings(max_examples=10)
def test_a_smaller_room_leaves_out_only_what_costs_more(random_day: RandomDay) -> None:
    inst = day_of(random_day).instance
    if not is_listable(inst):
        return
    duals, flow = _prices(inst)
    everything, near = (list_wanted(inst, duals, flow, room) for room in (1e9, 1_500.0))
    assert everything is not None
    assert near is not None
    cheap = {(c.kind, c.start, c.end, c.orders) for c in everything if c.cost <= 1_500.0}
    assert cheap <= {(c.kind, c.start, c.end, c.orders) for c in near}
