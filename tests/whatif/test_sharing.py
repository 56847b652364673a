"""A better plan of another scenario is taken over where it proves valid, and nowhere else."""

from __future__ import annotations

import functools
from dataclasses import replace

from routing.checker import check_plan
from routing.network import Network
from routing.plan import Plan
from routing.planning import PlannedDay, plan_day
from routing.whatif.changes import AddDrones, AddPacks, AddPads, Change, RemoveSite
from routing.whatif.measures import measure_day
from routing.whatif.scenario import BASE, Scenario, change_network
from routing.whatif.sharing import share_plans
from routing.whatif.sweep import Day, Run
from routing.whatif.task import Outcome
from tests.days import three_site_orders, three_sites

ORDERS = tuple(order for order in three_site_orders() if order.id != "X1")
DAY = Day("one", ORDERS)


@functools.cache
def planned() -> PlannedDay:
    """A searched plan of the base beside first come, first served, which is worse."""
    day = plan_day(three_sites(), ORDERS, seed=1, iterations=300, proves=False)
    assert day.plan.objective.ranking < day.baseline.objective.ranking
    return day


def run(name: str, plan: Plan, *changes: Change) -> Run:
    scenario = Scenario(name, changes) if changes else replace(BASE, name=name)
    network: Network = change_network(three_sites(), scenario)
    mine = replace(plan, digest=network.digest)
    measures = measure_day(network, ORDERS, replace(planned(), plan=mine), None)
    return Run(scenario, DAY, network, ORDERS, Outcome(name, measures, mine, ()))


def test_what_only_restricts_never_looks_better_than_the_base() -> None:
    unlucky = run("base", planned().baseline)
    lucky = run("pads", planned().plan, AddPads(-1, "hub"))
    base, other = share_plans([unlucky, lucky], "base", None)
    assert base.outcome.plan.sorties == planned().plan.sorties
    assert base.outcome.plan.digest == unlucky.network.digest
    assert base.outcome.plan.made_with["scenario"] == "pads"
    assert check_plan(base.network, ORDERS, base.outcome.plan) == ()
    assert base.outcome.measures[0].flights == lucky.outcome.measures[0].flights
    assert base.outcome.measures[1:] == unlucky.outcome.measures[1:]
    assert other == lucky


def test_what_only_relaxes_is_never_worse_than_the_base() -> None:
    lucky = run("base", planned().plan)
    unlucky = run("pads", planned().baseline, AddPads(1, "clinic"))
    base, other = share_plans([lucky, unlucky], "base", None)
    assert base == lucky
    assert other.outcome.plan.sorties == planned().plan.sorties


def test_a_plan_that_needs_what_the_other_lacks_is_not_taken() -> None:
    first = planned().plan.sorties[0].drone_id
    type_id = next(drone.type_id for drone in three_sites().drones if drone.id == first)
    flown_by_new = replace(
        planned().plan,
        sorties=tuple(
            replace(one, drone_id="N1" if one.drone_id == first else one.drone_id)
            for one in planned().plan.sorties
        ),
    )
    more = (AddDrones(1, "hub", type_id), AddPacks(1, "hub", type_id))
    old = run("base", planned().baseline)
    base, _ = share_plans([old, run("drone", flown_by_new, *more)], "base", None)
    assert base == old


def test_other_orders_or_a_refused_plan_are_left_alone() -> None:
    old = run("base", planned().baseline)
    other_orders = replace(run("fewer", planned().plan, RemoveSite("second")), orders=ORDERS[:1])
    refused = run("refused", planned().plan, AddPads(1, "clinic"))
    refused = replace(refused, outcome=replace(refused.outcome, violations=("R1 ...",)))
    assert share_plans([old, other_orders, refused], "base", None)[0] == old
