"""Operational intents: volumes by hand, the standard's types, conflicts, plans that avoid them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from implicitdict import ImplicitDict
from uas_standards.astm.f3548.v21 import api

from geo.geodesy import WGS84
from geo.heights import egm96_shandong
from geo.profile import heights_at, sample_path
from routing.checker import check_plan
from routing.errors import InputError
from routing.intents.avoid import avoid_intents, plane_of
from routing.intents.conflicts import find_conflicts
from routing.intents.f3548 import Calendar, entity_id, read_intents, write_intent
from routing.intents.volumes import Intent, Volume, volumes_of
from routing.legs import build_legs
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.planning import plan_day
from routing.solver.solve import solve
from tests.days import CLINIC_LONLAT, HUB_LONLAT, three_site_orders, three_site_plan, three_sites
from tests.relief import east_west_ridge, hilly

ORDERS = tuple(one for one in three_site_orders() if one.id != "X1")
CALENDAR = Calendar("2026-11-23", "Asia/Shanghai")
# A box of 400 m by 400 m half-way between hub and clinic.
ACROSS = tuple(
    (119.96 + east * 0.0022, 36.825 + north * 0.0018)
    for east, north in ((-1, -1), (1, -1), (1, 1), (-1, 1))
)


def on_ground(*heights_m_amsl: float) -> Network:
    network = three_sites()
    sites = tuple(
        replace(site, ground_m_amsl=height)
        for site, height in zip(network.sites, heights_m_amsl, strict=True)
    )
    return replace(network, sites=sites)


def other(start_s: float, end_s: float, low_m: float = 0.0, high_m: float = 500.0) -> Intent:
    volume = Volume(ACROSS, ACROSS[0], 0.0, low_m, high_m, start_s, end_s)
    return Intent(entity_id("other"), "neighbour", (volume,))


def conflicts_of(network: Network, plan: Plan, intent: Intent) -> set[str]:
    volumes = volumes_of(network, plan)
    found = find_conflicts(volumes, (intent,), plane_of(network))
    return {one.sortie_id for one in found}


def test_a_flight_has_a_climb_a_strip_and_a_descent() -> None:
    """T1 out: 28,800, at 100 m by 28,825, over the clinic by 29,325, down 29,400; 60 s each side.

    Ground 30 m at the hub, 50 m at the clinic; circles from 30 to 50 + 100 m above the sea, strips
    from 130 m, 15 m more each way, and the geoid.
    """
    network = on_ground(30.0, 40.0, 50.0)
    climb, strip, descent = volumes_of(network, three_site_plan())["T1"][:3]
    assert (climb.centre_lonlat, climb.radius_m) == (HUB_LONLAT, 50.0)
    assert (climb.start_s, climb.end_s) == (28_740, 28_885)
    assert (strip.start_s, strip.end_s) == (28_765, 29_385)
    assert (descent.start_s, descent.end_s) == (29_264, 29_460)
    above = egm96_shandong().at([HUB_LONLAT, CLINIC_LONLAT])
    assert climb.lower_m_w84 == pytest.approx(30 - 15 + above.min(), abs=1e-6)
    assert climb.upper_m_w84 == pytest.approx(50 + 100 + 15 + above.max(), abs=1e-6)
    assert strip.lower_m_w84 == pytest.approx(130 - 15 + above.min(), abs=1e-6)
    # 50 m beside the line, and 50 m past its ends.
    lons, lats = zip(*strip.ring_lonlat, strict=True)
    west_m = WGS84.inv(min(lons), HUB_LONLAT[1], HUB_LONLAT[0], HUB_LONLAT[1])[2]
    assert west_m == pytest.approx(50.0, abs=0.5)
    past_m = WGS84.inv(HUB_LONLAT[0], min(lats), HUB_LONLAT[0], HUB_LONLAT[1])[2]
    assert past_m == pytest.approx(50.0, abs=0.5)


def test_volumes_over_hills_hold_the_profile_and_little_more() -> None:
    network = hilly(east_west_ridge(60.0))
    plan = plan_day(network, ORDERS, iterations=30, proves=False).plan
    volumes = volumes_of(network, plan)
    above_m = float(egm96_shandong().at([HUB_LONLAT]).mean())
    terrain = network.terrain
    assert terrain is not None
    for sortie in plan.sorties:
        strips = [one for one in volumes[sortie.id] if one.ring_lonlat]
        circles = [one for one in volumes[sortie.id] if not one.ring_lonlat]
        shapes = [shapely.Polygon(one.ring_lonlat) for one in strips]
        assert max(one.upper_m_w84 - one.lower_m_w84 for one in strips) < 30 + 60 + 2
        assert max(len(one.path_lonlat) for one in sortie.flights) - 1 < len(strips)
        for flight in sortie.flights:
            distance_m, lonlat = sample_path(flight.path_lonlat, 250.0)
            for place, height_m in zip(
                lonlat, heights_at(flight.profile, distance_m) + above_m, strict=True
            ):
                assert any(
                    shape.covers(shapely.Point(place))
                    and one.lower_m_w84 + 14 < height_m < one.upper_m_w84 - 14
                    for one, shape in zip(strips, shapes, strict=True)
                )
            for pad in (flight.path_lonlat[0], flight.path_lonlat[-1]):
                on_ground_m = float(terrain.at([pad])[0]) + above_m
                at_pad = [one for one in circles if one.centre_lonlat == pad]
                assert all(one.lower_m_w84 < on_ground_m - 14 for one in at_pad)
                assert at_pad


def test_unknown_ground_is_refused_pad_by_pad() -> None:
    with pytest.raises(InputError) as caught:
        volumes_of(on_ground(30.0, 40.0, None), three_site_plan())  # type: ignore[arg-type]
    assert [fault.place for fault in caught.value.faults] == ["site clinic"]
    assert "--ground" in str(caught.value)


def test_intents_have_the_standards_form_and_read_back(tmp_path: Path) -> None:
    volumes = volumes_of(on_ground(30.0, 40.0, 50.0), three_site_plan())
    intent = Intent(entity_id("a", "b"), "us", volumes["T1"])
    text = json.dumps(write_intent(intent, CALENDAR))
    parsed = ImplicitDict.parse(json.loads(text), api.OperationalIntent)
    assert json.dumps(parsed) == text
    assert UUID(parsed.reference.id).version == 4
    assert parsed.reference.state is api.OperationalIntentState.Accepted
    # 28,740 s after midnight in Shanghai, 8 h before UTC.
    starts = parsed.details.volumes[0].time_start.value.datetime
    assert starts == datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    file = tmp_path / "intents.json"
    file.write_text(json.dumps({"operational_intents": [json.loads(text)]}), encoding="utf-8")
    (again,) = read_intents(file, CALENDAR)
    assert (again.id, again.manager) == (intent.id, "us")
    for one, was in zip(again.volumes, intent.volumes, strict=True):
        assert (one.start_s, one.end_s) == (was.start_s, was.end_s)
        assert one.lower_m_w84 == pytest.approx(was.lower_m_w84, abs=0.01)
        assert one.radius_m == was.radius_m


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[", "must be a JSON file"),
        ("{}", "must hold operational intents"),
        ('[{"details": {"volumes": []}}]', "without volumes"),
        ('[{"details": {"volumes": [{"volume": {}}]}}, 7]', "operational_intents[1]"),
    ],
)
def test_a_file_that_is_not_of_the_standard_is_refused(
    tmp_path: Path, text: str, words: str
) -> None:
    file = tmp_path / "others.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=None) as caught:
        read_intents(file, CALENDAR)
    assert words in str(caught.value)


def test_volumes_conflict_only_where_space_height_and_time_meet() -> None:
    network, plan = on_ground(30.0, 30.0, 30.0), three_site_plan()
    # T1 uses the line 28,765-29,385 out and from 29,545 back; T4 from 29,960.
    assert conflicts_of(network, plan, other(28_000, 28_765)) == set()
    assert conflicts_of(network, plan, other(28_000, 28_766)) == {"T1"}
    assert conflicts_of(network, plan, other(29_300, 30_000)) == {"T1", "T4"}
    above_m = float(egm96_shandong().at([HUB_LONLAT, CLINIC_LONLAT]).max())
    high = 30 + 100 + 15 + above_m
    assert conflicts_of(network, plan, other(28_000, 40_000, high + 1, high + 50)) == set()
    assert "T1" in conflicts_of(network, plan, other(28_000, 40_000, high - 1, high + 50))
    assert conflicts_of(network, plan, replace(other(0, 1e6), volumes=())) == set()


def test_a_plan_that_knows_others_avoids_them_and_one_that_does_not_is_caught() -> None:
    network = on_ground(30.0, 30.0, 30.0)
    intent = other(28_500, 29_500)
    plan = plan_day(network, ORDERS, iterations=200, proves=False).plan
    blocked = avoid_intents(network, (intent,), "others.json")
    # S1 is ready at 29,000 and B1 waits at the hub: whoever knows nothing flies through.
    assert conflicts_of(network, plan, intent)
    found = check_plan(blocked, ORDERS, plan)
    assert {one.rule for one in found} == {"R9"}
    assert {one.place.zone_id for one in found} == {f"{intent.id}/1"}
    knowing = _planned(blocked, ORDERS)
    assert conflicts_of(network, knowing, intent) == set()
    assert knowing.unserved == ()


def test_where_there_is_no_way_around_a_plan_flies_at_another_time() -> None:
    """Others circle over the clinic from 28,000 to 30,000 s: nobody lands there until they left."""
    network = on_ground(30.0, 30.0, 30.0)
    circle = Volume((), CLINIC_LONLAT, 300.0, 0.0, 500.0, 28_000, 30_000)
    intent = Intent(entity_id("circling"), "neighbour", (circle,))
    unknowing = plan_day(network, ORDERS, iterations=200, proves=False).plan
    assert conflicts_of(network, unknowing, intent)
    knowing = _planned(avoid_intents(network, (intent,), "others.json"), ORDERS)
    assert conflicts_of(network, knowing, intent) == set()
    assert knowing.unserved == ()
    ends = [f for one in knowing.sorties for f in one.flights if "clinic" in f.destination]
    assert ends
    assert all(flight.takeoff_s >= 30_060 or flight.landing_s <= 27_940 for flight in ends)


def _planned(network: Network, orders: tuple[Order, ...]) -> Plan:
    day = plan_day(network, orders, iterations=200, proves=False)
    assert day.violations == ()
    return day.plan


@st.composite
def others(draw: st.DrawFn) -> Intent:
    """One to three boxes or discs among the three sites, each for some part of the morning."""
    volumes = []
    for _ in range(draw(st.integers(1, 3))):
        centre = (119.94 + draw(st.integers(0, 8)) * 0.01, 36.775 + draw(st.integers(0, 10)) * 0.01)
        start_s = draw(st.integers(27, 33)) * 1_000
        end_s = start_s + draw(st.sampled_from([300, 1_500, 4_000]))
        low_m = draw(st.sampled_from([-20.0, 60.0, 130.0, 250.0]))
        size = draw(st.sampled_from([0.0005, 0.003, 0.012]))
        corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        ring = tuple((centre[0] + x * size, centre[1] + y * size) for x, y in corners)
        radius_m = draw(st.sampled_from([0.0, 60.0, 900.0]))
        volumes.append(
            Volume((() if radius_m else ring), centre, radius_m, low_m, low_m + 100, start_s, end_s)
        )
    return Intent(entity_id("others"), "neighbour", tuple(volumes))


@given(others())
@settings(max_examples=12)
def test_whoever_keeps_clear_of_the_zones_conflicts_with_nobody(intent: Intent) -> None:
    network = on_ground(30.0, 45.0, 60.0)
    blocked = avoid_intents(network, (intent,), "others.json")
    legs = build_legs(blocked)
    plan = solve(blocked, ORDERS, legs, iterations=15, threads=1, proves=False)
    assert check_plan(blocked, ORDERS, plan) == ()
    assert conflicts_of(network, plan, intent) == set()
