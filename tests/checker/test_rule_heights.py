"""R9 over terrain: profiles too low, too high, too near an obstacle, or not stated at all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from geo.terrain import Obstacle
from routing.checker import check_plan
from routing.checker.relief import Relief
from routing.network import Network
from routing.plan import Flight, Plan
from routing.planning import plan_day
from tests.days import three_site_orders
from tests.relief import NORTH, STEP_DEG, WEST, east_west_ridge, ground, hilly

SERVABLE = tuple(order for order in three_site_orders() if order.id != "X1")


@cache
def network() -> Network:
    return hilly(east_west_ridge(45.0))


@cache
def plan() -> Plan:
    day = plan_day(network(), SERVABLE, iterations=40, proves=False, allows_impossible=True)
    assert day.violations == ()
    return day.plan


def broken(changed: Plan, on: Network | None = None) -> set[str]:
    found = check_plan(on or network(), SERVABLE, changed)
    return {f"{one.rule} {one.check}" for one in found}


def with_profile(points: tuple[tuple[float, float], ...]) -> Plan:
    first = plan().sorties[0]
    flight = replace(first.flights[0], profile=points)
    sortie = replace(first, flights=(flight, *first.flights[1:]))
    return replace(plan(), sorties=(sortie, *plan().sorties[1:]))


def first_flight() -> Flight:
    return plan().sorties[0].flights[0]


def test_a_profile_keeps_its_height_and_ceiling() -> None:
    points = first_flight().profile
    assert "R9 height" in broken(with_profile(tuple((at, h - 4.0) for at, h in points)))
    assert "R9 ceiling" in broken(with_profile(tuple((at, h + 25.0) for at, h in points)))
    # As high but flown longer than the climb of the stated profile takes: the times tell.
    assert broken(with_profile(tuple((at, h + 0.2) for at, h in points))) <= {
        "P2 leg-energy", "P2 sortie-energy", "P2 flight-time"
    }  # fmt: skip


def test_a_profile_is_stated_where_there_is_ground_and_only_there() -> None:
    points = first_flight().profile
    for wrong in ((), points[:-1], points[1:], points[::-1], ((0.0, float("nan")), points[-1])):
        assert broken(with_profile(wrong)) >= {"P1 profile"}
    flat = replace(network(), terrain=None)
    assert "P1 profile" in broken(plan(), flat)


def test_an_obstacle_that_the_planner_did_not_know_is_named() -> None:
    path = first_flight().path_lonlat
    middle = ((path[0][0] + path[-1][0]) / 2, (path[0][1] + path[-1][1]) / 2)
    for top_m, is_named in ((95.0, True), (60.0, False)):
        mast = Obstacle("mast", "塔", "Mast", (middle,), top_m)
        found = broken(plan(), hilly(east_west_ridge(45.0), mast))
        assert ("R9 obstacle" in found) == is_named
    line = Obstacle("line", "线", "Line", ((119.9, middle[1]), (120.0, middle[1])), 900.0, "W84")
    assert "R9 obstacle" in broken(plan(), hilly(east_west_ridge(45.0), line))


def test_ground_between_nodes_by_hand() -> None:
    # 1 m a column east, 10 m a row south; 0.25 and 0.5 of the way from node (3, 5).
    relief = Relief(
        ground(lambda lon, lat: (lon - WEST) / STEP_DEG + 10.0 * (NORTH - lat) / STEP_DEG)
    )
    lon, lat = WEST + (5.5 + 0.25) * STEP_DEG, NORTH - (3.5 + 0.5) * STEP_DEG
    assert abs(relief.ground_m([(lon, lat)])[0] - (5.75 + 40.0)) < 1e-6
    assert relief.ground_m([(WEST - 0.1, lat)])[0] != relief.ground_m([(WEST - 0.1, lat)])[0]
