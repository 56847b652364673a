"""Leg tables through a day: zones that open and close, weather that changes, both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from geo.geodesy import measure_geodesics
from geo.paths import plan_paths
from geo.weather import Weather, WeatherPeriod
from geo.zones import Zone
from routing.closures import why_no_path
from routing.explain import explain_unserved
from routing.leg_segments import Straight, measure_segments, seconds_along
from routing.legs import LegTables, build_legs
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.planning import plan_day
from routing.reading.servable import find_unservable
from tests.days import three_site_orders, three_sites
from tests.networks import RandomDay, days

H = 3600
NOON = 12 * H
HUB, CLINIC = 0, 2


def box(zone_id: str, west: float, south: float, *spans: tuple[int, int]) -> Zone:
    """A square of 0.02 degrees: 1.8 km wide, 2.2 km high."""
    east, north = west + 0.02, south + 0.02
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Zone(zone_id, zone_id, zone_id, "prohibited", ((ring,),), active=spans)


# The line hub - clinic runs at 119.96 E from 36.78 to 36.87 N and takes 600 s (tests.days).
ON_THE_WAY = box("market", 119.95, 36.82, (NOON, 14 * H))
OVER_THE_CLINIC = box("lid", 119.95, 36.86, (NOON, 14 * H))


def legs_around(*zones: Zone, weather: Weather | None = None) -> LegTables:
    network = replace(three_sites(), zones=zones)
    return build_legs(network if weather is None else replace(network, weather=weather))


def test_a_leg_bends_while_a_zone_is_active_and_shortly_before() -> None:
    legs = legs_around(ON_THE_WAY)
    lengths = {
        at_s: len(legs.for_type("hex", at_s).path(HUB, CLINIC))
        for at_s in (9 * H, NOON - 601, NOON - 600, NOON - 1, NOON, 14 * H - 1, 14 * H)
    }
    # Straight until the last landing of a 10 min period is after the opening: 11:50.
    assert lengths[9 * H] == lengths[NOON - 601] == lengths[14 * H] == 2
    assert min(lengths[s] for s in (NOON - 600, NOON - 1, NOON, 14 * H - 1)) > 2


def test_a_path_that_hardly_bends_is_timed_along_its_bend() -> None:
    """Half a metre aside on 10 km is 0.1 mm longer, and in a cross wind takes other seconds."""
    network = three_sites()
    period = replace(network.weather.periods[0], wind_mps=8.0, wind_from_deg=60.0)
    sites = ((119.96, 36.78), (119.96, 36.87))
    direct = plan_paths(sites, (), height_m_agl=100.0, buffer_m=100.0)
    assert not direct.turning().any()
    aside = np.array([[119.96 + 0.5 / 89_200.0, 36.80]])  # a degree of longitude is 89.2 km here
    first_corner, from_site = np.array([[-1, 0], [-1, -1]]), np.array([[-2], [-2]])
    bent = replace(direct, corner_lonlat=aside, last_corner=first_corner, corner_before=from_site)
    assert bent.turning().tolist() == [[False, True], [True, False]]
    path = np.array(bent.path(0, 1))
    assert len(path) == 3
    drone, straight = network.drone_types["hex"], Straight.between(sites)
    for there in (path, path[::-1]):
        way = (0, 1) if there is path else (1, 0)
        taken_s = seconds_along(drone, period, *measure_geodesics(there[:-1], there[1:])).sum()
        flown_s = measure_segments(bent, straight).cruise_s(drone, period)[way]
        direct_s = measure_segments(direct, straight).cruise_s(drone, period)[way]
        assert flown_s == pytest.approx(taken_s, abs=1e-9)
        assert abs(flown_s - direct_s) > 1e-7


def test_a_flight_is_timed_along_the_path_it_takes() -> None:
    legs = legs_around(ON_THE_WAY)
    before, during = legs.for_type("hex", 9 * H), legs.for_type("hex", NOON)
    assert before.flight_s[HUB, CLINIC] == 600
    assert during.length_m[HUB, CLINIC] > before.length_m[HUB, CLINIC]
    more_s = (during.length_m[HUB, CLINIC] - before.length_m[HUB, CLINIC]) / 20.0
    assert during.flight_s[HUB, CLINIC] == np.ceil(before.cruise_s[HUB, CLINIC] + more_s + 100.0)
    assert during.energy_pack(HUB, CLINIC, 1.0) > before.energy_pack(HUB, CLINIC, 1.0)


def test_a_pad_that_a_zone_shuts_is_flown_to_until_it_opens() -> None:
    legs = legs_around(OVER_THE_CLINIC)
    assert legs.flight_s("hex", HUB, CLINIC, NOON - 600) == 600
    assert legs.flight_s("hex", HUB, CLINIC, NOON - 599) == np.inf
    assert legs.flight_s("hex", HUB, CLINIC, 14 * H - 1) == np.inf
    assert legs.flight_s("hex", HUB, CLINIC, 14 * H) == 600
    assert legs.best("hex").flight_s[HUB, CLINIC] == 600


def test_zones_that_open_one_after_another_are_all_kept_clear_of() -> None:
    east = box("east", 119.97, 36.82, (NOON + 300, NOON + 400))
    west = box("west", 119.93, 36.82, (NOON + 200, NOON + 300))
    legs = legs_around(ON_THE_WAY, east, west)
    turns = shapely.LineString(legs.for_type("hex", NOON - 60).path(HUB, CLINIC))
    for zone in (ON_THE_WAY, east, west):
        assert turns.distance(shapely.Polygon(zone.rings_lonlat[0][0])) > 0


def test_periods_without_a_difference_are_one() -> None:
    calm = WeatherPeriod(0, 0.0, 0.0, 0.0, 15.0)
    same = Weather(tuple(replace(calm, start_s=hour * H) for hour in range(24)))
    far = box("far", 119.2, 36.2, (NOON, 14 * H))
    shown = replace(ON_THE_WAY, rule="advisory")
    high = replace(ON_THE_WAY, lower_m=500.0)
    assert len(legs_around(shown, high, weather=same).tables["hex"]) == 1
    assert len(legs_around(far).tables["hex"]) <= 4


def test_an_order_that_flies_only_before_a_zone_opens_is_servable_and_flown() -> None:
    network = replace(three_sites(), zones=(replace(OVER_THE_CLINIC, active=((9 * H, 30 * H),)),))
    early = [order for order in three_site_orders() if order.id != "X1"]
    soon = [order for order in early if "clinic" in (order.origin, *order.destinations)][:1]
    soon = [replace(soon[0], ready_s=8 * H, deadline_s=10 * H, target_s=None)]
    assert find_unservable(network, soon, build_legs(network)) == {}
    day = plan_day(network, soon, iterations=50)
    assert day.violations == ()
    assert day.plan.unserved == ()
    assert all(one.end_s <= 9 * H for one in day.plan.sorties if "clinic" in _sites(one))


def _sites(sortie: object) -> set[str]:
    return {stop.site_id for stop in sortie.stops}  # type: ignore[attr-defined]


@given(days(max_periods=2, max_timed_zones=3), st.integers(22_000, 64_000))
@settings(max_examples=25)
def test_no_flight_meets_an_active_zone(random_day: RandomDay, takeoff_s: int) -> None:
    network = random_day.network
    legs = build_legs(network)
    for type_id in legs.tables:
        for i in range(len(network.sites)):
            for j in range(len(network.sites)):
                seconds = legs.flight_s(type_id, i, j, takeoff_s)
                if i != j and np.isfinite(seconds):
                    path = legs.for_type(type_id, takeoff_s).path(i, j)
                    _keeps_clear(network, path, takeoff_s, takeoff_s + seconds)


def _keeps_clear(
    network: Network, path: tuple[tuple[float, float], ...], start_s: float, end_s: float
) -> None:
    """In UTM, where neither the planner nor the checker measures."""
    to_utm = Transformer.from_crs("EPSG:4326", "EPSG:32651", always_xy=True)
    line = shapely.transform(
        shapely.segmentize(shapely.LineString(path), 0.001),
        lambda xy: np.column_stack(to_utm.transform(xy[:, 0], xy[:, 1])),
    )
    pads = shapely.union_all([shapely.Point(line.coords[at]).buffer(500.0) for at in (0, -1)])
    for zone in network.zones:
        if zone.active and not any(a < end_s and b > start_s for a, b in zone.active):
            continue
        ring = np.array(zone.rings_lonlat[0][0])
        area = shapely.Polygon(np.column_stack(to_utm.transform(ring[:, 0], ring[:, 1])))
        assert line.distance(area) > 0.0
        away = line.difference(pads)
        assert away.is_empty or away.distance(area) > network.rules.zone_buffer_m - 2.0


def test_the_fleet_must_be_known() -> None:
    network = three_sites()
    with pytest.raises(KeyError):
        build_legs(replace(network, drone_types={}))


def test_no_path_names_the_zone_and_its_times() -> None:
    network = replace(three_sites(), zones=(replace(OVER_THE_CLINIC, active=((0, 4 * 86_400),)),))
    legs = build_legs(network)
    assert why_no_path(network, legs, "hub", "clinic")[0] == "zone lid (00:00-96:00)"
    assert why_no_path(network, legs, "hub", "second") == ("", "")
    order = next(one for one in three_site_orders() if one.origin == "clinic")
    fault = find_unservable(network, [order], legs)[order.id]
    assert "zone lid (00:00-96:00)" in fault.found
    left = explain_unserved(network, [order], legs, plan_without(network, order))
    assert "zone lid (00:00-96:00)" in left[0].text_en
    assert "空域“lid”（00:00-96:00）" in left[0].text_zh


def plan_without(network: Network, order: Order) -> Plan:
    return plan_day(network, [order], iterations=1, proves=False, allows_impossible=True).plan
