"""A day under way: what was started stays to the last second, all rules hold, the rest is new."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some

from routing.checker import check_plan
from routing.errors import InputError
from routing.legs import build_legs
from routing.network import Network, Window
from routing.orders import Order
from routing.plan import Plan, Sortie
from routing.planning import plan_day
from routing.separation.separate import separate
from routing.solver.solve import solve
from routing.solver.underway import fix_started, fixed_of
from tests.days import three_site_orders, three_site_plan, three_sites
from tests.networks import RandomDay, days
from tests.separation.crowds import crowds

NOON_S = 31_000
"""While T2 of the hand-made plan is in the air, after T1 and T4, before T3."""


def plan_on(
    network: Network, orders: tuple[Order, ...], before: Plan | None = None, since_s: int = 0
) -> Plan:
    """A short search, kept apart (R10); from ``before`` on where that is given."""
    legs = build_legs(network)
    since = None if before is None else since_s
    plan = solve(network, orders, legs, iterations=40, threads=1, start=before, since_s=since)
    return separate(network, orders, legs, plan, since)


def without_charge(sorties: tuple[Sortie, ...]) -> list[Sortie]:
    return sorted((replace(one, charge=None) for one in sorties), key=lambda one: one.id)


def prove_continued(
    network: Network, orders: tuple[Order, ...], before: Plan, since_s: int
) -> Plan:
    """Continue a plan; everything that R1-R12 and this module promise holds."""
    fixed = fix_started(before, since_s)
    after = plan_on(network, orders, fixed, since_s)
    assert check_plan(network, orders, after, fixed=fixed) == ()
    assert without_charge(fixed_of(after)) == without_charge(fixed_of(fixed))
    for sortie in after.sorties:
        begin_s = sortie.stops[0].handover_start_s or sortie.start_s
        assert sortie.is_fixed or begin_s >= since_s
    assert after.bound is None
    return after


def test_the_hand_made_day_goes_on_from_the_air() -> None:
    after = prove_continued(three_sites(), three_site_orders(), three_site_plan(), NOON_S)
    assert {one.id for one in fixed_of(after)} == {"T1", "T2", "T4"}
    # T2 left its drone at the second base: it comes home, with S2 as before or without.
    rest = [one for one in after.sorties if not one.is_fixed]
    assert any(one.stops[0].site_id == "second" for one in rest if one.drone_id == "D1")
    assert len({one.id for one in after.sorties}) == len(after.sorties)


def test_a_drone_left_elsewhere_comes_home_with_nothing_to_carry() -> None:
    plan = three_site_plan()
    orders = tuple(order for order in three_site_orders() if order.id not in ("S2", "X1"))
    gone = replace(plan, sorties=plan.sorties[:3], unserved=())
    after = prove_continued(three_sites(), orders, gone, NOON_S)
    (home,) = (one for one in after.sorties if not one.is_fixed)
    assert (home.stops[0].site_id, home.stops[-1].site_id) == ("second", "hub")


def test_an_urgent_order_that_came_in_is_flown() -> None:
    orders = three_site_orders()
    like = next(order for order in orders if order.id == "B1")
    late_s = 36_000
    new = replace(like, id="NEW", ready_s=late_s, deadline_s=late_s + 7_200, target_s=None)
    after = prove_continued(three_sites(), (*orders, new), three_site_plan(), NOON_S)
    assert "NEW" not in {left.order_id for left in after.unserved}


def test_packs_named_by_somebody_else_keep_their_names() -> None:
    after = prove_continued(three_sites(), three_site_orders(), three_site_plan(), NOON_S)
    packs = {one.id: one.pack_id for one in fixed_of(after)}
    assert packs == {"T1": "hub-hex-1", "T2": "hub-hex-2", "T4": "hub-wing-1"}


def test_a_drone_that_drops_out_stays_where_it_is() -> None:
    network, plan = three_sites(), three_site_plan()
    drone = network.drones[0]
    out = replace(drone, duty=Window(drone.duty.start_s, NOON_S + 100))
    network = replace(network, drones=(out, *network.drones[1:]))
    after = prove_continued(network, three_site_orders(), plan, NOON_S)
    assert [one.id for one in after.sorties if one.drone_id == "D1"] == ["T1", "T2"]
    # A healthy drone is still asked for at home, fixed or not.
    found = check_plan(three_sites(), three_site_orders(), after)
    assert "home" in {violation.check for violation in found}


def continue_somewhere(random_day: RandomDay, data: some.DataObject) -> None:
    """Continue a random day from about one of its sorties on; its last order comes in then."""
    network, orders = random_day.network, random_day.orders
    before = plan_on(network, orders[:-1])
    assume(before.sorties)
    when = data.draw(some.sampled_from(before.sorties))
    since_s = data.draw(some.integers(when.start_s - 200, when.end_s + 600))
    prove_continued(network, orders, before, since_s)


@given(days(max_orders=8), some.data())
@settings(max_examples=25)
def test_random_days_go_on(random_day: RandomDay, data: some.DataObject) -> None:
    continue_somewhere(random_day, data)


@given(crowds(layers_m_agl=(80.0, 100.0)), some.data())
@settings(max_examples=4)
def test_crowded_days_go_on_apart(random_day: RandomDay, data: some.DataObject) -> None:
    continue_somewhere(random_day, data)


def test_the_recipe_proves_r12() -> None:
    day = plan_day(
        three_sites(),
        three_site_orders(),
        iterations=20,
        start=three_site_plan(),
        since_s=NOON_S,
        allows_impossible=True,
    )
    assert day.violations == ()
    assert len(fixed_of(day.plan)) == 3


def test_what_is_locked_for_later_is_refused() -> None:
    plan = three_site_plan()
    locked = tuple(replace(one, is_fixed=one.id == "T3") for one in plan.sorties)
    with pytest.raises(InputError, match="only sorties that have started"):
        fix_started(replace(plan, sorties=locked), NOON_S)


@pytest.mark.parametrize("gone", ["drone", "order", "home"])
def test_what_was_flown_must_be_part_of_the_day(gone: str) -> None:
    network, orders = three_sites(), three_site_orders()
    if gone == "drone":
        network = replace(network, drones=network.drones[1:])
    elif gone == "order":
        orders = tuple(order for order in orders if order.id != "B1")
    else:
        away = replace(network.drones[0], home_site_id="second", duty=Window(0, 86_400))
        network = replace(network, drones=(away, *network.drones[1:]))
    with pytest.raises(InputError, match="it is fixed") as told:
        plan_on(network, orders, fix_started(three_site_plan(), NOON_S), NOON_S)
    assert "T1" in str(told.value)
