"""Starting from a plan: nothing is lost where all still fits, and what is gone is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.checker import check_plan
from routing.legs import build_legs
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.solver.day import build_day
from routing.solver.resume import drafts_of_plan
from routing.solver.solve import solve
from tests.days import three_site_orders, three_sites


def _plan(
    network: Network, orders: tuple[Order, ...], iterations: int, start: Plan | None = None
) -> Plan:
    legs = build_legs(network)
    return solve(network, orders, legs, iterations=iterations, threads=1, proves=False, start=start)


def _left(plan: Plan) -> set[str]:
    return {one.order_id for one in plan.unserved}


@pytest.fixture(scope="module")
def planned() -> tuple[Network, tuple[Order, ...], Plan]:
    network, orders = three_sites(), three_site_orders()
    return network, orders, _plan(network, orders, 200)


def test_a_plan_of_the_same_day_is_kept(
    planned: tuple[Network, tuple[Order, ...], Plan],
) -> None:
    network, orders, plan = planned
    drafts = drafts_of_plan(build_day(network, orders, build_legs(network)), plan)
    assert sum(map(len, drafts.values())) == len(plan.sorties)
    again = _plan(network, orders, 1, start=plan)
    assert check_plan(network, orders, again) == ()
    assert again.objective.cost_s <= plan.objective.cost_s
    assert _left(again) == _left(plan)


def test_orders_that_are_gone_leave_their_sorties(
    planned: tuple[Network, tuple[Order, ...], Plan],
) -> None:
    network, orders, plan = planned
    for gone in orders:
        rest = tuple(order for order in orders if order is not gone)
        drafts = drafts_of_plan(build_day(network, rest, build_legs(network)), plan)
        kept = [rest[i].id for row in drafts.values() for draft in row for i in draft.orders]
        assert sorted(kept) == sorted({order.id for order in rest} - _left(plan))
        again = _plan(network, rest, 1, start=plan)
        assert check_plan(network, rest, again) == ()
        assert _left(again) <= _left(plan)


def test_a_drone_that_is_gone_leaves_its_orders_to_others(
    planned: tuple[Network, tuple[Order, ...], Plan],
) -> None:
    network, orders, plan = planned
    flown = plan.sorties[0].drone_id
    left = tuple(drone for drone in network.drones if drone.id != flown)
    fewer = replace(network, drones=left)
    again = _plan(fewer, orders, 1, start=plan)
    assert check_plan(fewer, orders, again) == ()
    assert flown not in {sortie.drone_id for sortie in again.sorties}
