"""First-come-first-served dispatch and the road courier, by hand and on random small days."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.weather import Weather, WeatherPeriod
from routing.baseline import dispatch_first_come, road_courier
from routing.baseline.bookings import Bookings, Visit
from routing.checker import check_plan
from routing.legs import LegTables, build_legs
from routing.network import Network, PilotShift, Window
from routing.orders import Order
from routing.plan import Plan, Sortie
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from tests.days import three_site_orders, three_sites, three_sites_with_zone

CONFIGS = Path(__file__).resolve().parent.parent / "configs"
B1, S1, M1, S2, M2, S3, X1 = three_site_orders()


@pytest.fixture(scope="module")
def legs() -> LegTables:
    return build_legs(three_sites())


def dispatched(legs: LegTables, *orders: Order, network: Network | None = None) -> Plan:
    """The desk's plan, proven before it is looked at."""
    network = three_sites() if network is None else network
    plan = dispatch_first_come(network, orders, legs)
    assert check_plan(network, orders, plan) == ()
    return plan


def carrying(plan: Plan, order_id: str) -> Sortie:
    return next(one for one in plan.sorties if any(order_id in stop.loaded for stop in one.stops))


def received_s(plan: Plan, order_id: str) -> int | None:
    for sortie in plan.sorties:
        for stop in sortie.stops:
            if order_id in stop.unloaded:
                return stop.handover_end_s
    return None


# The desk ----------------------------------------------------------------------------------------


def test_an_order_goes_to_the_drone_that_hands_it_over_first(legs: LegTables) -> None:
    """B1 is ready at 28,000: loaded until 28,120, the wing takes 500 s, the hex 600 s."""
    plan = dispatched(legs, B1)
    assert [one.drone_id for one in plan.sorties] == ["D2"]
    assert received_s(plan, "B1") == 28_000 + 120 + 500 + 180
    assert plan.sorties[0].stops[-1].site_id == "hub"


def test_a_drone_flies_out_for_an_order_at_a_clinic(legs: LegTables) -> None:
    """S1, ready 29,000: off at 29,000 without load, at the clinic 29,500, back 30,180 + 120."""
    plan = dispatched(legs, S1)
    assert plan.sorties[0].start_s == 29_000
    assert plan.sorties[0].stops[0].handover_start_s is None
    assert received_s(plan, "S1") == 29_000 + 500 + 180 + 500 + 120


def test_an_order_from_another_base_takes_a_ferry_first(legs: LegTables) -> None:
    """S2 waits at a base: a landing there ends the sortie, a turnaround and a new pack follow.

    The hex has a pack there, the wing has none: hex off at 31,000, there at 31,500, off again
    at 31,920, at the hub 32,420.
    """
    plan = dispatched(legs, S2)
    assert [(one.drone_id, one.stops[0].site_id) for one in plan.sorties] == [
        ("D1", "hub"),
        ("D1", "second"),
    ]
    assert received_s(plan, "S2") == 31_000 + 500 + 420 + 500 + 120


def test_orders_that_wait_for_one_way_ride_together(legs: LegTables) -> None:
    other = replace(M2, ready_s=28_000)
    plan = dispatched(legs, B1, other)
    assert len(plan.sorties) == 1
    assert plan.sorties[0].stops[0].loaded == ("B1", "M2")


def test_an_order_that_comes_a_second_later_is_not_waited_for(legs: LegTables) -> None:
    plan = dispatched(legs, B1, replace(M2, ready_s=28_001))
    assert len(plan.sorties) == 2


@pytest.mark.parametrize(
    ("change", "is_shared"),
    [
        # The box carries 9 kg of orders; B1 weighs 4.25.
        ({"mass_kg": 4.75}, True),
        ({"mass_kg": 4.76}, False),
        # The wing has 8 slots, B1 takes one.
        ({"slots": 7}, True),
        ({"slots": 8}, False),
        ({"group": "formalin"}, False),
        ({"destinations": ("second",)}, False),
        ({"pickup_windows": (Window(28_000, 28_000),)}, True),
        ({"pickup_windows": (Window(28_001, 40_000),)}, False),
        # Unloading 28,620-28,800, on board since 28,000.
        ({"deadline_s": 28_800}, True),
        ({"deadline_s": 28_799}, False),
        ({"ride_limit_s": 800}, True),
        ({"ride_limit_s": 799}, False),
        ({"delivery_windows": (Window(28_620, 28_620),)}, True),
        ({"delivery_windows": (Window(28_621, 40_000),)}, False),
    ],
)
def test_only_orders_that_fit_ride_along(
    legs: LegTables, change: dict[str, object], is_shared: bool
) -> None:
    other = replace(M2, ready_s=28_000, **change)  # type: ignore[arg-type]
    plan = dispatched(legs, B1, other)
    assert ("M2" in carrying(plan, "B1").stops[0].loaded) is is_shared


def test_a_stat_order_is_taken_before_routine_ones_that_wait_longer(legs: LegTables) -> None:
    """One drone, three orders: the first is under way when the others come; stat goes next."""
    network = three_sites()
    alone = replace(network, drones=network.drones[:1])
    routine = replace(S1, id="routine", ready_s=28_100)
    stat = replace(M1, id="stat", tier="stat", ready_s=28_200)
    plan = dispatched(legs, B1, routine, stat, network=alone)
    assert carrying(plan, "B1").start_s < carrying(plan, "stat").start_s
    assert carrying(plan, "stat").start_s < carrying(plan, "routine").start_s


def test_an_order_nobody_can_carry_in_time_is_left_with_a_reason(legs: LegTables) -> None:
    plan = dispatched(legs, X1)
    assert [(left.order_id, left.reason) for left in plan.unserved] == [("X1", "no-drone-in-time")]
    assert plan.objective.unserved_routine == 1
    assert plan.sorties == ()


def test_an_order_too_heavy_for_every_drone_is_out_of_reach(legs: LegTables) -> None:
    plan = dispatched(legs, replace(B1, mass_kg=9.01))
    assert [left.reason for left in plan.unserved] == ["out-of-reach"]


def test_the_desk_waits_for_opening_hours(legs: LegTables) -> None:
    """The clinic opens at 25,200; an order for it is ready at night, the wing may fly at night."""
    plan = dispatched(legs, replace(B1, ready_s=20_000))
    (sortie,) = plan.sorties
    assert sortie.stops[1].handover_start_s == 25_200


def test_the_desk_waits_for_daylight_where_it_must(legs: LegTables) -> None:
    """The hex alone, sunrise at 24,000: it takes off then and not before."""
    network = three_sites()
    alone = replace(network, drones=network.drones[:1])
    plan = dispatched(legs, replace(M1, ready_s=22_000), network=alone)
    assert plan.sorties[0].start_s == 24_000


def test_the_desk_waits_out_a_storm() -> None:
    """Gusts above both drones' 15 m/s from 27,900 to 30,000 s."""
    periods = (
        WeatherPeriod(0, 0.0, 0.0, 0.0, 15.0),
        WeatherPeriod(27_900, 0.0, 0.0, 20.0, 15.0),
        WeatherPeriod(30_000, 0.0, 0.0, 0.0, 15.0),
    )
    stormy = replace(three_sites(), weather=Weather(periods))
    plan = dispatched(build_legs(stormy), B1, network=stormy)
    assert plan.sorties[0].start_s == 30_000


def test_pilots_hold_the_desk_back(legs: LegTables) -> None:
    """One sortie under way at a time: the second order takes off when the first has landed."""
    network = three_sites()
    shift = (PilotShift(Window(0, 86_400), 1),)
    rules = replace(network.rules, supervised_per_pilot=1, pilot_shifts=shift)
    plan = dispatched(legs, B1, replace(M1, ready_s=28_000), network=replace(network, rules=rules))
    spans = sorted((one.start_s, one.end_s) for one in plan.sorties)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_the_desk_leaves_a_stat_order_that_a_plan_would_carry(legs: LegTables) -> None:
    """What the hand-made plan flies whole, the desk does not.

    By 31,000, when S2 (stat, at the second base) is ready, D1 has flown M1 and M2 on both packs
    of the hub; the one it came back on is full at 33,140. Ferry 500 s, turnaround 420 s, back
    500 s, unloading 120 s: 34,680, past the deadline of 34,600.
    """
    plan = dispatched(legs, *three_site_orders())
    assert [left.order_id for left in plan.unserved] == ["S2", "X1"]
    assert plan.objective.unserved_stat == 1


@pytest.mark.parametrize("day", ["lines", "towns"])
def test_the_shipped_days_are_dispatched_within_every_rule(day: str) -> None:
    network = read_network(CONFIGS / "pingdu")
    # A desk cannot judge how drones pass each other (R10).
    network = replace(network, rules=replace(network.rules, separation_s=0))
    orders = read_orders(CONFIGS / "pingdu" / "orders" / f"{day}.csv", network)
    plan = dispatch_first_come(network, orders, build_legs(network))
    assert check_plan(network, orders, plan) == ()
    assert len(plan.unserved) <= len(orders) // 10


sites = st.sampled_from(("hub", "second", "clinic"))


@st.composite
def random_orders(draw: st.DrawFn) -> tuple[Order, ...]:
    orders = []
    for number in range(draw(st.integers(1, 10))):
        pattern = draw(st.sampled_from((B1, S1, M1, S2)))
        origin = draw(sites)
        others = tuple(site for site in ("hub", "second", "clinic") if site != origin)
        ready_s = draw(st.integers(10_000, 60_000))
        orders.append(
            replace(
                pattern,
                id=f"R{number}",
                origin=origin,
                destinations=draw(st.sampled_from((others, others[:1], others[1:]))),
                tier=draw(st.sampled_from(("stat", "urgent", "routine"))),
                mass_kg=draw(st.sampled_from((0.2, 2.0, 4.25, 9.0))),
                slots=draw(st.integers(1, 4)),
                group=draw(st.sampled_from(("blood", "formalin", "specimen"))),
                ready_s=ready_s,
                deadline_s=ready_s + draw(st.integers(600, 20_000)),
                target_s=draw(st.sampled_from((None, ready_s + 1_800))),
            )
        )
    return tuple(orders)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(orders=random_orders(), pilots=st.integers(1, 3), headway_s=st.sampled_from((60, 400)))
def test_every_day_of_the_desk_passes_the_checker(
    orders: tuple[Order, ...], pilots: int, headway_s: int
) -> None:
    network = three_sites_with_zone()
    rules = replace(network.rules, supervised_per_pilot=pilots, headway_s=headway_s)
    network = replace(network, rules=rules)
    plan = dispatch_first_come(network, orders, build_legs(network))
    assert check_plan(network, orders, plan) == ()


# Bookings ----------------------------------------------------------------------------------------


def test_a_pad_is_free_a_headway_after_the_last_movement() -> None:
    bookings = Bookings(three_sites())
    bookings.hold_pad("clinic", 0, Visit(1_000, 1_180, 1_000, 1_180, "D1"))
    for start_s, found in ((1_240, (0, 0)), (1_239, (-1, 1)), (760, (0, 0)), (761, (-1, 479))):
        visit = Visit(start_s, start_s + 180, start_s, start_s + 180, "D2")
        assert bookings.find_pad("clinic", visit, 1) == found
        assert bookings.find_pad("clinic", visit, 2)[0] == (0 if found[0] == 0 else 1)
        assert bookings.find_pad("clinic", visit._replace(drone_id="D1"), 1) == (0, 0)


def test_packs_charge_one_after_the_other_and_bookings_are_undone() -> None:
    bookings = Bookings(three_sites())
    mark = bookings.mark()
    first, _ = bookings.find_pack("hub", "hex", 0)
    assert first is not None
    slot = bookings.fly_pack(first, "second", 1_000, 3_600)
    assert slot is not None
    assert (slot.charger, slot.start_s, slot.end_s) == (0, 1_000, 4_600)
    other, _ = bookings.find_pack("second", "hex", 0)
    assert other is not None
    assert other.id == "second-hex-1"
    # One charger at the second base: a pack landing there at 2,000 waits until 4,600.
    slot = bookings.fly_pack(other, "second", 2_000, 3_600)
    assert slot is not None
    assert (slot.start_s, slot.end_s) == (4_600, 8_200)
    assert bookings.find_pack("second", "hex", 4_000) == (None, 600)
    bookings.undo(mark)
    assert bookings.find_pack("second", "hex", 0)[0] is not None
    assert sum(pack.site_id == "hub" for pack in bookings.packs["hex"]) == 2


# The road ----------------------------------------------------------------------------------------


def test_the_road_courier_drives_the_straight_line_times_circuity() -> None:
    """Hub -> clinic: 9,999.456 m x 1.4 at 10 m/s = 1,399.924 s, handovers of 120 s and 180 s."""
    assert road_courier(three_sites(), (B1,)) == {
        "B1": pytest.approx(28_000 + 120 + 1_399.924 + 180, abs=0.001)
    }


def test_the_road_courier_takes_the_destination_reached_first() -> None:
    """From the clinic the second hospital (6 km) is nearer than the hub (10 km)."""
    order = replace(S1, destinations=("hub", "second"))
    road = road_courier(three_sites(), (order,))
    assert road["S1"] == pytest.approx(29_000 + 180 + 5_999.490 * 0.14 + 120, abs=0.001)
