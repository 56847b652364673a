"""From a plan to its scene: what goes on the map is what the plan says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from geo.map.scene import Text
from routing.report.scene import build_scene, write_map
from tests.days import three_site_orders, three_site_plan, three_sites, three_sites_with_zone

NETWORK, ORDERS, PLAN = three_sites(), three_site_orders(), three_site_plan()
SCENE = build_scene(NETWORK, ORDERS, PLAN)


def test_every_site_and_drone_is_drawn() -> None:
    assert [site.id for site in SCENE.sites] == [site.id for site in NETWORK.sites]
    assert {site.id for site in SCENE.sites if site.is_base} == {
        base.site_id for base in NETWORK.bases
    }
    assert len({drone.colour for drone in SCENE.drones}) == len(NETWORK.drones)


def test_sorties_keep_their_times_paths_and_loads() -> None:
    drawn = {sortie.id: sortie for sortie in SCENE.sorties}
    assert drawn.keys() == {sortie.id for sortie in PLAN.sorties}
    for sortie in PLAN.sorties:
        legs = drawn[sortie.id].legs
        assert [(leg.takeoff_s, leg.landing_s) for leg in legs] == [
            (flight.takeoff_s, flight.landing_s) for flight in sortie.flights
        ]
        assert [leg.path_lonlat for leg in legs] == [f.path_lonlat for f in sortie.flights]
        assert [stop.loaded for stop in drawn[sortie.id].stops] == [
            stop.loaded for stop in sortie.stops
        ]


def test_a_carried_order_shows_its_receipt_and_sortie() -> None:
    carried = {order.id: order for order in SCENE.orders if order.sortie_id}
    for sortie in PLAN.sorties:
        for stop in sortie.stops:
            for order_id in stop.unloaded:
                assert carried[order_id].sortie_id == sortie.id
                assert carried[order_id].received_s == stop.handover_end_s
                assert carried[order_id].destination_id == stop.site_id


def test_an_unserved_order_shows_its_reason_in_both_languages() -> None:
    left = {order.id: order for order in SCENE.orders if order.sortie_id is None}
    assert left.keys() == {item.order_id for item in PLAN.unserved}
    for item in PLAN.unserved:
        assert left[item.order_id].reason == Text(item.text_zh, item.text_en)


def test_an_order_that_the_plan_forgot_says_so() -> None:
    forgotten = build_scene(NETWORK, ORDERS, replace(PLAN, sorties=(), unserved=()))
    assert {order.reason for order in forgotten.orders} == {
        Text("计划中没有此订单", "not in the plan")
    }


def test_the_tightest_slack_is_the_least_of_the_sortie() -> None:
    deadline_s = {order.id: order.deadline_s for order in ORDERS}
    for sortie, drawn in ((s, d) for s in PLAN.sorties for d in SCENE.sorties if d.id == s.id):
        spare_s = [
            deadline_s[order_id] - stop.handover_end_s
            for stop in sortie.stops
            for order_id in stop.unloaded
            if stop.handover_end_s is not None
        ]
        fact = next(fact for fact in drawn.facts if fact.label.en == "Tightest slack")
        assert fact.value.en.startswith(f"{min(spare_s) // 60} min")


def test_a_zone_keeps_its_hours_and_its_rule() -> None:
    network = three_sites_with_zone()
    drawn = build_scene(network, ORDERS, PLAN).zones
    assert [(zone.rule, zone.active, zone.is_illustrative) for zone in drawn] == [
        (zone.rule, zone.active, zone.is_illustrative) for zone in network.zones
    ]


def test_a_drone_outside_the_fleet_is_drawn_and_said() -> None:
    stray = replace(PLAN.sorties[0], drone_id="stray")
    scene = build_scene(NETWORK, ORDERS, replace(PLAN, sorties=(stray,)))
    assert scene.drones[-1].id == "stray"
    assert scene.drones[-1].type_name == Text("不在机队", "not in the fleet")


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_the_footer_says_what_the_map_is(is_synthetic: bool) -> None:
    scene = build_scene(NETWORK, ORDERS, PLAN, is_synthetic=is_synthetic)
    footer = " ".join(notice.en for notice in scene.notices)
    assert ("synthetic" in footer) is is_synthetic
    assert (scene.badge is not None) is is_synthetic
    assert "Not for navigation: planning positions, pads must be surveyed." in footer


def test_a_profile_of_the_ground_goes_with_its_leg() -> None:
    first = PLAN.sorties[0].flights[0]
    flown = (first.path_lonlat, first.height_m_agl)
    profile = ((0.0, 12.0, 112.0), (9_999.0, 40.0, 140.0))
    scene = build_scene(NETWORK, ORDERS, PLAN, profiles={flown: profile})
    drawn = next(sortie for sortie in scene.sorties if sortie.id == PLAN.sorties[0].id)
    assert drawn.legs[0].profile == profile


def test_the_map_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    write_map(target, NETWORK, ORDERS, PLAN, lang="en")
    assert target.read_text("utf-8").rstrip().endswith("</html>")
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "map.html").mkdir()
    with pytest.raises(OSError, match=r"map\.html"):
        write_map(tmp_path / "map.html", NETWORK, ORDERS, PLAN)
    assert [path.name for path in tmp_path.iterdir()] == ["map.html"]
