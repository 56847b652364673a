"""Legs over terrain: climbs by hand, masts over and around, plans that the checker agrees with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.terrain import Obstacle
from geo.zones import Zone
from routing.checker import check_plan
from routing.closures import why_no_path
from routing.leg_heights import LegHeights
from routing.legs import build_legs
from routing.network import Network
from routing.planning import PlannedDay, plan_day
from tests.days import HEX, WEST_ZONE, three_site_orders, three_sites
from tests.relief import east_west_ridge, ground, hilly

HUB, SECOND, CLINIC = 0, 1, 2
SERVABLE = tuple(order for order in three_site_orders() if order.id != "X1")
ON_THE_WAY = (119.96, 36.84)
FLAT = ground(lambda lon, lat: 20.0 + 0.0 * lon * lat)


def planned(network: Network, iterations: int = 60) -> PlannedDay:
    return plan_day(network, SERVABLE, iterations=iterations, proves=False, allows_impossible=True)


def test_a_ridge_costs_the_seconds_and_packs_of_its_climb() -> None:
    flat, hill = build_legs(three_sites()), build_legs(hilly(east_west_ridge(60.0)))
    before, after = (legs.for_type("hex") for legs in (flat, hill))
    # 60 m up the ridge (less what the raster's 222 m pixels cut off its crest and what the tube of
    # 20 m lets go) and as much down: 60 / 4 + 60 / 2.5 = 39 s, and 2 m + 2 m to spare: 1.3 s.
    added_s = float(after.added_s[HUB, CLINIC])
    assert added_s == pytest.approx(39.0 + 1.3, abs=5.0)
    assert after.flight_s[HUB, CLINIC] == np.ceil(before.cruise_s[HUB, CLINIC] + 100 + added_s)
    more = after.energy_pack(HUB, CLINIC, 9.0) - before.energy_pack(HUB, CLINIC, 9.0)
    # Full, hover takes 0.001 pack a second (tests.days).
    assert more == pytest.approx(0.001 * added_s)
    assert after.added_s[HUB, CLINIC] == after.added_s[CLINIC, HUB]


def test_what_the_search_counts_is_never_less_than_the_leg_takes() -> None:
    legs = build_legs(hilly(east_west_ridge(60.0)))
    for type_id in ("hex", "wing"):
        table = legs.for_type(type_id)
        for net_kg in (0.0, 3.3, 9.0):
            load = net_kg + table.drone.box_tare_kg
            from routing.energy import power_in_cruise, power_in_hover

            counted = table.work_s()[HUB, CLINIC] * power_in_cruise(table.drone, load)
            counted += table.air_factor * table.vertical_s * power_in_hover(table.drone, load)
            taken = table.energy_pack(HUB, CLINIC, net_kg)
            assert taken - 1e-12 <= counted
            if type_id == "hex":
                assert counted == pytest.approx(taken)


def test_a_mast_is_flown_over_or_around() -> None:
    def path_and_profile(top_m: float) -> tuple[int, tuple[tuple[float, float], ...]]:
        table = build_legs(hilly(FLAT, Obstacle("mast", "塔", "Mast", (ON_THE_WAY,), top_m)))
        leg = table.for_type("hex")
        return len(leg.path(HUB, CLINIC)), leg.profile(HUB, CLINIC)

    points, profile = path_and_profile(79.0)
    assert (points, {height_m for _, height_m in profile}) == (2, {122.0})
    points, profile = path_and_profile(90.0)
    assert points == 2
    assert max(height_m for _, height_m in profile) == pytest.approx(20 + 90 + 20 + 2, abs=0.2)
    points, profile = path_and_profile(130.0)
    assert points > 2
    assert {height_m for _, height_m in profile} == {122.0}


def test_ground_too_steep_for_the_ceiling_bars_a_leg_and_names_it() -> None:
    cliff = east_west_ridge(300.0, half_width_m=450.0)
    network = hilly(cliff)
    legs = build_legs(network)
    table = legs.for_type("hex")
    assert np.isinf(table.flight_s[HUB, CLINIC])
    lonlat = [(site.lon_deg, site.lat_deg) for site in network.sites]
    found = LegHeights(network, lonlat).too_high(table.paths.tables[0])
    assert {(one.origin, one.destination) for one in found} >= {("hub", "clinic")}
    assert all(one.highest_m_agl > 120.0 for one in found)


def test_limits_above_the_sea_are_read_with_the_ground() -> None:
    around = ((119.95, 36.82), (119.97, 36.82), (119.97, 36.85), (119.95, 36.85), (119.95, 36.82))
    for datum, limit_m, is_met in (
        # Flights keep 100 to 120 m above ground of 20 m; the geoid lies about 4.2 m up.
        ("AMSL", 119.0, False),
        ("AMSL", 125.0, True),
        ("W84", 122.0, False),
        ("W84", 130.0, True),
    ):
        zone = replace(
            WEST_ZONE, rings_lonlat=((around,),), upper_m=limit_m, upper_datum=datum, lower_m=None
        )
        network = replace(hilly(FLAT), zones=(zone,))
        path = build_legs(network).for_type("hex").path(HUB, CLINIC)
        assert (len(path) > 2) == is_met, (datum, limit_m)
        assert planned(network, 20).violations == ()
    # Without terrain nothing tells: the zone counts.
    assert len(build_legs(replace(three_sites(), zones=(zone,))).for_type("hex").path(0, 2)) > 2


def test_a_plan_over_hills_passes_the_checker() -> None:
    mast = Obstacle("mast", "塔", "Mast", ((119.975, 36.80),), 90.0)
    network = hilly(east_west_ridge(45.0), mast)
    rules = replace(network.rules, separation_s=120, layers_m_agl=(80.0, 90.0, 100.0))
    network = replace(network, rules=rules)
    day = planned(network)
    assert day.violations == ()
    assert day.plan.sorties
    assert all(len(one.profile) >= 2 for sortie in day.plan.sorties for one in sortie.flights)
    assert {one.layer for sortie in day.plan.sorties for one in sortie.flights} <= {0, 1, 2}
    assert check_plan(network, SERVABLE, day.baseline) == ()


@given(st.integers(0, 2**31), st.floats(5.0, 40.0))
@settings(max_examples=8)
def test_every_plan_over_random_ground_passes_the_checker(seed: int, relief_m: float) -> None:
    waves = np.random.default_rng(seed).uniform(-1, 1, (4, 3))

    def height_m(lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
        total = sum(
            np.sin(80 * a * (lon - 119.96) + 80 * b * (lat - 36.8) + 3 * c) for a, b, c in waves
        )
        return np.asarray(100.0 + relief_m * total)

    high = Zone("high", "高", "High", "prohibited", WEST_ZONE.rings_lonlat, 260.0, "AMSL")
    network = replace(hilly(ground(height_m)), zones=(high,))
    assert planned(network, 20).violations == ()


def test_equal_ground_is_equal() -> None:
    assert ground(lambda lon, lat: 20.0 + 0.0 * lon * lat) == FLAT
    assert east_west_ridge(1.0) != FLAT
    assert hilly(FLAT).drone_types["hex"] == HEX


def test_a_leg_past_the_ceiling_is_named_with_what_lifts_it() -> None:
    network = hilly(east_west_ridge(300.0, half_width_m=450.0))
    found = why_no_path(network, build_legs(network), "hub", "clinic")
    assert found[0].startswith("the ground would lift it to 1")
    assert "上限 120 米" in found[1]
