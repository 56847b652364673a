"""The step between solve and check: layers first, then other take-offs, then leaving out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from geo.terrain import Obstacle, Terrain
from geo.zones import Zone
from routing.checker import check_plan
from routing.explain import explain_unserved
from routing.legs import build_legs
from routing.network import Network
from routing.orders import Order
from routing.plan import Flight, Plan, Sortie
from routing.separation.separate import REASON, give_layers, separate
from routing.solver.day import build_day
from routing.solver.naming import name_objective
from routing.solver.solve import solve
from tests.days import WEST_ZONE, three_site_orders, three_site_plan, three_sites
from tests.networks import RandomDay
from tests.relief import ground, hilly
from tests.separation.crowds import crowds

ORDERS = three_site_orders()
LEGS = build_legs(three_sites())
SERVABLE = tuple(order for order in ORDERS if order.id != "X1")


def kept_apart(separation_s: int, *layers_m_agl: float, network: Network | None = None) -> Network:
    network = network or three_sites()
    rules = replace(network.rules, separation_s=separation_s, layers_m_agl=layers_m_agl)
    return replace(network, rules=rules)


def takeoffs(plan: Plan) -> list[int]:
    return sorted(flight.takeoff_s for one in plan.sorties for flight in one.flights)


def served(plan: Plan) -> set[str]:
    return {order for one in plan.sorties for stop in one.stops for order in stop.loaded}


def rules_broken(network: Network, plan: Plan, orders: tuple[Order, ...] = ORDERS) -> set[str]:
    return {one.rule for one in check_plan(network, orders, plan)}


def _with_fixed(sortie_id: str) -> Plan:
    plan = three_site_plan()
    sorties = tuple(replace(one, is_fixed=one.id == sortie_id) for one in plan.sorties)
    return replace(plan, sorties=sorties)


def _of_drone(plan: Plan, drone_id: str) -> list[Sortie]:
    return [one for one in plan.sorties if one.drone_id == drone_id]


def test_without_a_separation_nothing_changes() -> None:
    network = kept_apart(0, 90.0, 100.0)
    plan = three_site_plan()
    assert separate(network, ORDERS, LEGS, plan) is plan
    assert give_layers(network, plan) is plan


def test_layers_alone_keep_drones_apart() -> None:
    """T1's way back meets T4's way out; T2 and T3 meet nobody."""
    network = kept_apart(30, 90.0, 100.0)
    plan = three_site_plan()
    assert rules_broken(network, plan) == {"R10"}
    parted = separate(network, ORDERS, LEGS, plan)
    assert check_plan(network, ORDERS, parted) == ()
    assert takeoffs(parted) == takeoffs(plan)
    assert parted.objective == plan.objective
    layers = {(one.id, n): f.layer for one in parted.sorties for n, f in enumerate(one.flights)}
    assert layers["T1", 1] != layers["T4", 0]
    assert give_layers(network, plan) == parted


def test_without_layers_a_take_off_moves_as_little_as_it_can() -> None:
    """T1 flies back 29,580-30,180 at 20 m/s, T4 out 30,000-30,500 at 25 m/s: they meet head on.

    T1 is 500 m from the hub 25 + 475 s after take-off, 30,080; T4 leaves that circle 20 + 20 s
    after its own. So T4 at t passes there at t + 40, and 30 s apart means t >= 30,070.
    """
    network = kept_apart(30)
    plan = _with_fixed("T1")
    assert give_layers(network, plan) is None
    parted = separate(network, ORDERS, LEGS, plan)
    assert check_plan(network, ORDERS, parted) == ()
    assert served(parted) == served(plan)
    assert 30_070 <= _of_drone(parted, "D2")[0].start_s <= 30_075
    day = build_day(network, ORDERS, LEGS)
    assert parted.objective == name_objective(day, parted.sorties)


def test_the_move_that_costs_least_is_taken() -> None:
    """T1 could leave sooner, and S1 on it is late: that is better than T4 later."""
    network = kept_apart(30)
    parted = separate(network, ORDERS, LEGS, three_site_plan())
    assert check_plan(network, ORDERS, parted) == ()
    assert _of_drone(parted, "D1")[0].start_s < 28_800
    assert _of_drone(parted, "D2")[0].start_s == 30_000
    assert parted.objective.lateness_min < three_site_plan().objective.lateness_min


def test_what_cannot_move_is_left_out_with_its_reason() -> None:
    """Every order of T4 and T1 due as it is flown: neither may move later, nor sooner."""
    tight = {"M2": 30_680, "S3": 31_300, "B1": 29_580, "S1": 30_300}
    early = {"M2": 29_880, "S3": 30_500, "B1": 28_680, "S1": 29_400}
    orders = tuple(
        replace(one, deadline_s=tight[one.id], ready_s=early[one.id], target_s=None)
        if one.id in tight
        else one
        for one in ORDERS
    )
    network = kept_apart(30)
    day = build_day(network, orders, LEGS)
    sorties = three_site_plan().sorties
    plan = replace(three_site_plan(), objective=name_objective(day, sorties))
    assert rules_broken(network, plan, orders) == {"R10"}
    parted = separate(network, orders, LEGS, plan)
    assert check_plan(network, orders, parted) == ()
    # T1 carries an urgent order, T4 routine ones only.
    left = {one.order_id for one in parted.unserved if one.reason == REASON}
    assert left == {"M2", "S3"}
    explained = explain_unserved(network, orders, LEGS, parted)
    assert {one.order_id for one in explained if one.reason == REASON} == left


def test_a_fixed_sortie_is_not_moved() -> None:
    network = kept_apart(30)
    parted = separate(network, ORDERS, LEGS, _with_fixed("T4"))
    assert check_plan(network, ORDERS, parted) == ()
    assert _of_drone(parted, "D2")[0].start_s == 30_000


def test_a_layer_through_a_zone_is_not_taken() -> None:
    """A zone from 0 to 85 m across the line hub - clinic is flown over at 100 m, not at 80 m."""
    ring = tuple((lon + 0.007, lat) for lon, lat in WEST_ZONE.rings_lonlat[0][0])
    low: Zone = replace(WEST_ZONE, rings_lonlat=((ring,),), upper_m=85.0)
    network = kept_apart(120, 80.0, 90.0, 100.0, network=replace(three_sites(), zones=(low,)))
    parted = give_layers(network, three_site_plan())
    assert parted is not None
    assert check_plan(network, ORDERS, parted) == ()
    lowest = replace(
        parted,
        sorties=tuple(
            replace(one, flights=tuple(replace(f, layer=0, height_m_agl=80.0) for f in one.flights))
            for one in parted.sorties
        ),
    )
    assert "R9" in rules_broken(network, lowest)
    # While the zone sleeps its heights may be flown.
    asleep = replace(network, zones=(replace(low, active=((0, 20_000),)),))
    assert "R9" not in rules_broken(asleep, lowest)


# -- over terrain ------------------------------------------------------------------------------


def _rolling(height_m: float) -> Terrain:
    """Hills 3 km apart, both ways."""
    return ground(lambda lon, lat: 40.7 + height_m * np.sin(lon * 2_100.0) * np.sin(lat * 2_100.0))


def _on_the_top(plan: Plan, heights_m: tuple[float, ...]) -> Plan:
    """Every flight lifted to the top layer, its profile with it."""

    def lifted(flight: Flight) -> Flight:
        by_m = heights_m[-1] - flight.height_m_agl
        profile = tuple((at_m, height_m + by_m) for at_m, height_m in flight.profile)
        return replace(
            flight, layer=len(heights_m) - 1, height_m_agl=heights_m[-1], profile=profile
        )

    sorties = tuple(replace(one, flights=tuple(map(lifted, one.flights))) for one in plan.sorties)
    return replace(plan, sorties=sorties)


@pytest.mark.parametrize("hills_m", [0.0, 15.0])
def test_layers_over_terrain_are_the_profile_lowered(hills_m: float) -> None:
    """T1's way back meets T4's way out over hills too: at 60 m one stays below the other at 100 m,
    whose profile rises no more than the 20 m to the ceiling."""
    heights_m = (60.0, 100.0)
    network = kept_apart(30, *heights_m, network=hilly(_rolling(hills_m)))
    legs = build_legs(network)
    flown = solve(network, SERVABLE, legs, iterations=60, threads=1, proves=False)
    parted = separate(network, SERVABLE, legs, flown)
    assert check_plan(network, SERVABLE, parted) == ()
    assert takeoffs(parted) == takeoffs(flown)
    layers = [flight.layer for one in parted.sorties for flight in one.flights]
    assert set(layers) == {0, 1}
    assert rules_broken(network, _on_the_top(parted, heights_m), SERVABLE) == {"R10"}


def test_a_flight_near_an_obstacle_keeps_the_layer_that_clears_it() -> None:
    heights_m = (60.0, 100.0)
    mast = Obstacle("mast", "塔", "Mast", ((119.96, 36.84),), 60.0)
    network = kept_apart(30, *heights_m, network=hilly(_rolling(0.0), mast))
    legs = build_legs(network)
    flown = solve(network, SERVABLE, legs, iterations=60, threads=1, proves=False)
    parted = separate(network, SERVABLE, legs, flown)
    assert check_plan(network, SERVABLE, parted) == ()
    past_it = {frozenset(("hub", "clinic"))}
    assert {
        flight.layer
        for one in parted.sorties
        for flight in one.flights
        if frozenset((flight.origin, flight.destination)) in past_it
    } == {1}


@given(crowds((70.0, 80.0, 90.0, 100.0)), st.sampled_from([0.0, 5.0, 12.0]))
@settings(max_examples=6)
def test_a_crowd_over_hills_passes_the_checker(random_day: RandomDay, hills_m: float) -> None:
    _prove(replace(random_day, network=replace(random_day.network, terrain=_rolling(hills_m))))


def _prove(random_day: RandomDay) -> None:
    network, orders = random_day.network, random_day.orders
    legs = build_legs(network)
    plan = solve(network, orders, legs, iterations=10, threads=1, proves=False)
    parted = separate(network, orders, legs, plan)
    note(str(parted.sorties))
    assert check_plan(network, orders, parted) == ()


@given(crowds())
@settings(max_examples=6)
def test_a_crowd_on_one_layer_passes_the_checker(random_day: RandomDay) -> None:
    _prove(random_day)


@given(crowds((85.0, 100.0)))
@settings(max_examples=10)
def test_a_crowd_on_two_layers_passes_the_checker(random_day: RandomDay) -> None:
    _prove(random_day)
