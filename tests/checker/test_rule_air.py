"""R4 energy, R9 airspace and R10 separation, with the checker's own physics by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from geo.weather import Weather, WeatherPeriod
from geo.zones import Zone
from routing.checker import physics
from routing.checker.clearance import meets_heights
from routing.network import Network
from tests.checker.edits import (
    broken,
    violations,
    with_flight,
    with_rules,
    with_shift,
    with_site,
    with_type,
)
from tests.days import (
    CLINIC_LONLAT,
    HEX,
    HUB_LONLAT,
    SECOND_LONLAT,
    WEST_ZONE,
    WING,
    three_sites,
    three_sites_with_zone,
)


def rules_broken(**day: object) -> set[str]:
    return {one.rule for one in violations(**day)}  # type: ignore[arg-type]


# Physics -----------------------------------------------------------------------------------------


def test_power_of_both_airframes_by_hand() -> None:
    """The figures at the top of ``tests/days.py``."""
    assert physics.cruise_power(HEX, 10.0) == pytest.approx(0.0005)
    assert physics.cruise_power(HEX, 5.25) == pytest.approx(0.0005 * 0.729)
    assert physics.hover_power(HEX, 1.0) == pytest.approx(0.001 * 0.512)
    assert physics.cruise_power(WING, 5.5) == pytest.approx(0.000375)
    assert physics.cruise_power(WING, 0.5) == pytest.approx(0.00025)
    assert physics.cruise_power(WING, 12.0) == pytest.approx(0.0005)
    assert physics.hover_power(WING, 5.5) == pytest.approx(0.001 * 0.742542, rel=1e-6)


def test_wind_triangle_by_hand() -> None:
    """Airspeed 5, wind 3 across: sqrt(25 - 9) = 4; along: 5 + 3 and 5 - 3."""

    def wind(mps: float, from_deg: float) -> WeatherPeriod:
        return WeatherPeriod(0, mps, from_deg, mps, 15.0)

    assert physics.ground_mps(5.0, wind(3.0, 90.0), 0.0) == pytest.approx(4.0)
    assert physics.ground_mps(5.0, wind(3.0, 180.0), 0.0) == pytest.approx(8.0)
    assert physics.ground_mps(5.0, wind(3.0, 0.0), 0.0) == pytest.approx(2.0)
    assert physics.ground_mps(5.0, wind(5.0, 90.0), 0.0) == 0.0
    assert physics.ground_mps(5.0, wind(4.0, 0.0), 0.0) == pytest.approx(1.0)
    assert physics.ground_mps(5.0, wind(4.001, 0.0), 0.0) == 0.0


def test_cold_share_is_linear_in_the_table_and_flat_outside_it() -> None:
    table = ((-20.0, 0.6), (0.0, 0.9), (15.0, 1.0))
    assert physics.cold_share(table, -30.0) == 0.6
    assert physics.cold_share(table, -10.0) == pytest.approx(0.75)
    assert physics.cold_share(table, 0.0) == pytest.approx(0.9)
    assert physics.cold_share(table, 30.0) == 1.0
    assert physics.cold_share((), 0.0) == 1.0


def test_thin_air_costs_the_root_of_the_density() -> None:
    assert physics.air_factor(15.0) == 1.0
    assert physics.air_factor(35.0) == pytest.approx(math.sqrt(308.15 / 288.15))


# R4 ----------------------------------------------------------------------------------------------


def test_a_sortie_stays_within_its_usable_energy() -> None:
    # T1 uses 0.5103 packs (0.51028 over the true metres): reserves of 0.4897 and 0.4898.
    assert "R4" not in rules_broken(network=with_rules(reserve_frac=0.4897))
    found = [one for one in violations(network=with_rules(reserve_frac=0.4898)) if one.rule == "R4"]
    assert [(one.check, one.place.sortie_id) for one in found] == [("usable", "T1")]
    assert found[0].limit == pytest.approx(0.5102)
    assert found[0].actual == pytest.approx(0.5103, rel=1e-4)


def test_health_and_cold_shrink_the_pack() -> None:
    # 0.6379 x 0.8 = 0.51032 usable packs, 0.6377 x 0.8 = 0.51016; without diversions.
    for soh, is_broken in ((0.6379, False), (0.6377, True)):
        network = with_rules(pack_soh={"hex": soh}, has_diversion_reserve=False)
        assert ("R4 usable" in broken(network=network)) is is_broken
    cold = Weather((WeatherPeriod(0, 0.0, 0.0, 0.0, -30.0),))
    freezing = replace(with_rules(has_diversion_reserve=False), weather=cold)
    # At -30 C 0.6 x 0.8 = 0.48 packs are usable, T1 uses 0.5103 x sqrt(243.15/288.15) = 0.46876.
    assert "R4 usable" not in broken(network=freezing)
    colder = replace(freezing, rules=replace(freezing.rules, reserve_frac=0.22))
    assert "R4 usable" in broken(network=colder)  # 0.6 x 0.78 = 0.468


def test_every_landing_keeps_the_reserve_to_divert() -> None:
    # T1 landing at the hub: 0.5103 + 0.3 x 0.729 + h x 0.000729 = 1 at h = 371.7 s.
    assert broken(network=with_rules(diversion_hover_s=371.0)) == set()
    (found,) = violations(network=with_rules(diversion_hover_s=372.5))
    assert (found.rule, found.check, found.place.sortie_id, found.place.leg) == (
        "R4",
        "diversion",
        "T1",
        1,
    )
    relaxed = with_rules(diversion_hover_s=372.5, has_diversion_reserve=False)
    assert broken(network=relaxed) == set()


# R9 ----------------------------------------------------------------------------------------------


def zone_east_of(lon_deg: float, **fields: object) -> Network:
    """The west zone moved so that its east edge has this longitude."""
    ((ring,),) = WEST_ZONE.rings_lonlat
    moved = tuple((lon - 119.956 + lon_deg, lat) for lon, lat in ring)
    zone = replace(WEST_ZONE, rings_lonlat=((moved,),), **fields)  # type: ignore[arg-type]
    return replace(three_sites(), zones=(zone,))


# The line hub - clinic runs along 119.96 E. At 36.835 N, where the zone comes nearest, a degree of
# longitude has 111,412.84 cos(36.835) - 93.5 cos(3 x 36.835) = 89,206 m: 200 m are 0.002242 deg.


def test_a_path_keeps_the_buffer_of_every_zone() -> None:
    assert broken(network=zone_east_of(119.96 - 0.00225)) == set()  # 200.7 m
    found = violations(network=zone_east_of(119.96 - 0.00222))  # 198.0 m
    assert {one.check for one in found} == {"buffer"}
    assert {(one.rule, one.place.zone_id) for one in found} == {("R9", "west")}
    assert {one.place.sortie_id for one in found} == {"T1", "T4"}
    assert found[0].actual == pytest.approx(198.0, abs=0.3)
    assert found[0].limit == 200.0


def test_a_path_through_a_zone_is_named_with_the_length_inside() -> None:
    found = violations(network=zone_east_of(119.961))
    assert {one.check for one in found} == {"zone"}
    # 0.02 degrees of latitude at 36.825 N: 0.02 x 110,971 m.
    assert found[0].actual == pytest.approx(2_219.4, abs=1.0)


def test_an_inactive_open_or_advisory_zone_does_not_block() -> None:
    # T1 and T4 fly to and from the clinic between 28,800 and 31,180 s.
    inside = 119.961
    assert broken(network=zone_east_of(inside, active=((0, 28_800), (31_180, 90_000)))) == set()
    assert broken(network=zone_east_of(inside, active=((0, 28_801),))) == {"R9 zone"}
    assert broken(network=zone_east_of(inside, active=((31_179, 90_000),))) == {"R9 zone"}
    assert broken(network=zone_east_of(inside, rule="advisory")) == set()
    assert broken(network=zone_east_of(inside, rule="authorisation")) == {"R9 zone"}
    assert broken(network=zone_east_of(inside, rule="authorisation", approval="A1")) == set()


def test_a_zone_blocks_only_its_altitude_band() -> None:
    # Cruise at 100 m above ground.
    inside = 119.961
    assert broken(network=zone_east_of(inside, lower_m=101.0, upper_m=None)) == set()
    assert broken(network=zone_east_of(inside, lower_m=100.0, upper_m=None)) == {"R9 zone"}
    assert broken(network=zone_east_of(inside, upper_m=99.0)) == set()
    assert broken(network=zone_east_of(inside, upper_m=100.0)) == {"R9 zone"}


def test_sea_level_bands_need_the_ground_height() -> None:
    zone = Zone("z", "", "", "prohibited", (), lower_m=160.0, lower_datum="AMSL")
    assert meets_heights(zone, (100.0, 100.0), None)
    assert not meets_heights(zone, (100.0, 100.0), 59.0)
    assert meets_heights(zone, (100.0, 100.0), 60.0)
    ellipsoid = replace(zone, lower_datum="W84")
    assert meets_heights(ellipsoid, (100.0, 100.0), 59.0)


def test_the_buffer_but_not_the_zone_is_left_out_near_the_pads() -> None:
    """A zone beside the hub: its corner 0.0005 deg (45 m) west of the path, up to 36.7822 N."""

    def corner(north_lat: float, east_lon: float) -> Network:
        ring = (
            (119.95, 36.77),
            (east_lon, 36.77),
            (east_lon, north_lat),
            (119.95, north_lat),
            (119.95, 36.77),
        )
        zone = replace(WEST_ZONE, rings_lonlat=((ring,),))
        return replace(three_sites(), zones=(zone,))

    # 500 m north of the hub lie at 36.784505 N; from there 200 m south-south-west to the corner:
    # sqrt(200^2 - 44.6^2) = 195.0 m, so the corner may reach 36.78275 N (305 m).
    assert broken(network=corner(36.78273, 119.9595)) == set()
    assert broken(network=corner(36.78285, 119.9595)) == {"R9 buffer"}
    assert "R9 zone" in broken(network=corner(36.7822, 119.9601))


def test_a_climb_or_descent_does_not_meet_a_zone_below_the_cruise() -> None:
    """A zone from 0 to 60 m over the clinic: flown over at 100 m, but nobody lands through it."""
    around = ((119.95, 36.86), (119.97, 36.86), (119.97, 36.88), (119.95, 36.88), (119.95, 36.86))
    low = replace(WEST_ZONE, rings_lonlat=((around,),), upper_m=60.0)
    found = violations(network=replace(three_sites(), zones=(low,)))
    assert {(one.rule, one.check, one.place.site_id) for one in found} == {
        ("R9", "climb", "clinic")
    }
    above = replace(low, lower_m=101.0, upper_m=None)
    assert broken(network=replace(three_sites(), zones=(above,))) == set()
    off = replace(low, active=((0, 28_800), (31_180, 86_400)))
    assert broken(network=replace(three_sites(), zones=(off,))) == set()
    beside = tuple((lon, lat - 0.011) for lon, lat in around)
    flown_over = replace(low, rings_lonlat=((beside,),))
    assert broken(network=replace(three_sites(), zones=(flown_over,))) == set()


def test_edges_of_zones_are_straight_in_degrees() -> None:
    """An edge along a parallel, 1 degree of longitude (89.2 km) to either side of the clinic.

    The geodesic between its ends bows north by 89,200^2 x tan(36.87) / (2 x 6,371,000) = 468 m, so
    read that way an edge 11 m south of the clinic would leave it free.
    """

    def edge_at(lat_deg: float) -> Network:
        ring = (
            (118.96, lat_deg),
            (120.96, lat_deg),
            (120.96, lat_deg + 0.5),
            (118.96, lat_deg + 0.5),
            (118.96, lat_deg),
        )
        return replace(three_sites(), zones=(replace(WEST_ZONE, rings_lonlat=((ring,),)),))

    # The buffer is not counted at the pad itself; the zone is, wherever its edge runs.
    assert broken(network=edge_at(CLINIC_LONLAT[1] + 0.0001)) == set()
    assert "R9 zone" in broken(network=edge_at(CLINIC_LONLAT[1] - 0.0001))


def test_holes_of_a_zone_are_free() -> None:
    outer = ((119.8, 36.7), (120.2, 36.7), (120.2, 36.95), (119.8, 36.95), (119.8, 36.7))
    hole = ((119.9, 36.75), (119.9, 36.9), (120.1, 36.9), (120.1, 36.75), (119.9, 36.75))
    zone = replace(WEST_ZONE, rings_lonlat=((outer, hole),))
    assert broken(network=replace(three_sites(), zones=(zone,))) == set()
    solid = replace(WEST_ZONE, rings_lonlat=((outer,),))
    assert broken(network=replace(three_sites(), zones=(solid,))) == {"R9 zone"}


def test_a_path_moved_through_a_zone_is_named() -> None:
    bent = (HUB_LONLAT, (119.953, 36.825), CLINIC_LONLAT)
    names = broken(network=three_sites_with_zone(), plan=with_flight("T1", 0, path_lonlat=bent))
    assert "R9 zone" in names


def test_a_path_starts_and_ends_at_the_pads() -> None:
    # 0.00001 degrees of latitude are 1.11 m, 0.000008 are 0.89 m.
    for shift_deg, names in ((0.000008, set()), (0.00001, {"R9 path-start"})):
        start = (HUB_LONLAT[0], HUB_LONLAT[1] - shift_deg)
        plan = with_flight("T1", 0, path_lonlat=(start, CLINIC_LONLAT))
        assert {name for name in broken(plan=plan) if name.startswith("R9")} == names
    end = (CLINIC_LONLAT[0], CLINIC_LONLAT[1] - 0.0001)
    assert "R9 path-end" in broken(plan=with_flight("T1", 0, path_lonlat=(HUB_LONLAT, end)))


def test_wind_gust_and_temperature_stay_within_the_drones_limits() -> None:
    for fields, check in (
        ({"max_wind_mps": 0.0}, "wind"),
        ({"max_gust_mps": 4.0}, "gust"),
        ({"max_temp_c": 15.0}, "temperature"),
        ({"min_temp_c": 15.0}, "temperature"),
    ):
        calm = replace(
            with_type("wing", **fields),
            weather=Weather((WeatherPeriod(0, 0.0, 0.0, 4.0, 15.0),)),
        )
        assert broken(network=calm) == set()
        step = -0.1 if check != "temperature" or "max_temp_c" in fields else 0.1
        ((name, value),) = fields.items()
        tighter = replace(calm, drone_types={"hex": HEX, "wing": replace(
            calm.drone_types["wing"], **{name: value + step})})  # fmt: skip
        found = violations(network=tighter)
        assert {(one.rule, one.check, one.place.sortie_id) for one in found} == {
            ("R9", check, "T4")
        }


def test_weather_that_begins_during_a_flight_counts() -> None:
    # T4 flies 30,000-30,500 and 30,680-31,180; a storm begins.
    def storm(from_s: int) -> Network:
        periods = (
            WeatherPeriod(0, 0.0, 0.0, 0.0, 15.0),
            WeatherPeriod(from_s, 0.0, 0.0, 30.0, 15.0),
        )
        network = with_type("hex", max_gust_mps=99.0)
        return replace(network, weather=Weather(periods))

    assert broken(network=storm(31_180)) == set()
    found = violations(network=storm(31_179))
    assert [(one.check, one.place.sortie_id, one.place.leg) for one in found] == [("gust", "T4", 1)]


def test_wind_that_no_drone_can_hold_is_named_once() -> None:
    gale = Weather((WeatherPeriod(0, 20.0, 90.0, 20.0, 15.0),))
    network = replace(with_type("hex", max_wind_mps=99.0, max_gust_mps=99.0), weather=gale)
    found = [one for one in violations(network=network) if one.place.sortie_id == "T1"]
    # Both legs of T1 run north and south, across the wind of the hex's own airspeed.
    assert [(one.rule, one.check) for one in found] == [("R9", "head-wind")] * 2


def test_night_flights_need_a_drone_that_may() -> None:
    # D1 (not at night) flies 28,800-32,020; D2 may.
    assert broken(network=with_rules(sunrise_s=28_800, sunset_s=32_020)) == set()
    late = violations(network=with_rules(sunrise_s=28_801, sunset_s=61_200))
    assert [(one.rule, one.check, one.place.sortie_id) for one in late] == [("R9", "sunrise", "T1")]
    early = violations(network=with_rules(sunset_s=32_019))
    assert [(one.rule, one.check, one.place.sortie_id) for one in early] == [("R9", "sunset", "T3")]


def test_the_next_day_has_its_own_sunrise() -> None:
    """The whole of T2 moved by a day: 30,600 is after sunrise then, 23,000 is before it."""
    assert "R9 sunrise" not in broken(plan=with_shift("T2", 86_400))
    assert "R9 sunrise" in broken(plan=with_shift("T2", 86_400 - 7_600))


# R10 ---------------------------------------------------------------------------------------------


def passes(network: Network, by_s: int) -> list[float | str]:
    """Gaps named between T1's way out and T4 moved by some seconds."""
    return [
        one.actual
        for one in violations(network=network, plan=with_shift("T4", by_s))
        if one.rule == "R10" and one.place.sortie_id == "T1" and one.place.leg == 0
    ]


def test_separation_is_off_at_zero() -> None:
    assert passes(with_rules(separation_s=0), -1_200) == []


def test_drones_that_follow_each_other_keep_the_separation() -> None:
    """T1 takes off 28,800, cruises from 28,825 at 20 m/s; T4, taking off at t, from t + 20 at 25.

    At y metres the gap is t + 20 + y/25 - 28,825 - y/20 = t - 28,805 - y/100, least 500 m before
    the clinic (both land there): y = 9,499.5 and 94.995 s. 120 s of gap need t = 29,019.995.
    """
    network = with_rules(separation_s=120)
    assert passes(network, 29_020 - 30_000) == []
    (gap_s,) = passes(network, 29_019 - 30_000)
    assert gap_s == pytest.approx(29_019 - 28_805 - 94.995, abs=0.02)


def test_drones_that_meet_head_on_are_named() -> None:
    """T1's way back and T4's way out use one line: they meet near the hub about 30,054 s."""
    found = [one for one in violations(network=with_rules(separation_s=30)) if one.rule == "R10"]
    assert [(one.place.sortie_id, one.place.other_sortie_id, one.actual) for one in found] == [
        ("T1", "T4", 0.0)
    ]


def test_another_layer_separates_only_at_another_height() -> None:
    network = with_rules(separation_s=30)
    one_height = with_flight("T4", 0, layer=1)
    assert "R10" in rules_broken(network=network, plan=one_height)
    other_height = with_flight("T4", 0, layer=1, height_m_agl=115.0)
    assert "R10" not in rules_broken(network=network, plan=other_height)


def test_paths_that_only_cross_are_judged_at_the_crossing() -> None:
    """T3 (second -> hub) bent across the line hub - clinic, which T4 flies back along.

    The bend's first piece of 6,020 m crosses the line after 0.84328 of it: 31,520 + 25 + 253.8 =
    31,798.8 s. T4 is there, 5,253 m from the clinic, at 30,680 + 20 + 210.1 = 30,910.1 s. The
    gap of 888.7 s shrinks by some seconds towards the edges of the corridor.
    """
    bent = (SECOND_LONLAT, (119.95, 36.82), HUB_LONLAT)
    plan = with_flight("T3", 0, path_lonlat=bent)

    def gaps(separation_s: int) -> list[float]:
        return [
            float(one.actual)
            for one in violations(network=with_rules(separation_s=separation_s), plan=plan)
            if one.rule == "R10" and one.place.other_sortie_id == "T3" and one.place.leg == 1
        ]

    assert gaps(880) == []
    assert gaps(900) == [pytest.approx(886.0, abs=3.0)]


def test_a_site_without_ground_height_never_opens_a_zone() -> None:
    network = zone_east_of(119.961, lower_m=300.0, lower_datum="AMSL", upper_m=None)
    assert broken(network=network) == {"R9 zone"}
    low = with_site("hub", ground_m_amsl=20.0)
    clinic = replace(low, zones=network.zones)
    # Known at the hub, unknown at the clinic: only the ways back stay blocked.
    assert {one.place.leg for one in violations(network=clinic)} == {1}
