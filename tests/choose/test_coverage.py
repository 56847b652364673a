"""Minutes from labs and bases on the hand-made triangle; areas and shares on Pingdu."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from shapely.geometry import Point, shape

from routing.choose.coverage import Place, cover, measure_reach
from routing.choose.coverage_layers import coverage_layer, draw_coverage
from tests.choose.places import pingdu
from tests.days import CLINIC_LONLAT, HUB_LONLAT, WEST_ZONE, three_sites
from tests.relief import east_west_ridge, hilly

CLINIC = Place("clinic", *CLINIC_LONLAT, people=100.0)
FAR = Place("far", 121.5, 36.8, people=300.0)


def test_times_of_the_clinic_by_hand() -> None:
    """bring: hex 420 turned + 120 loaded + 600 flown + 180 handed over; from second 400 s flown,
    so 1,120. fetch: from second 420 + 400 + 180, then 600 to the hub's laboratory + 120 = 1,720;
    the wing from the hub 600 + 500 + 180 + 500 + 120 = 1,900."""
    reach = measure_reach(three_sites(), [CLINIC], 36_000.0)
    assert reach.seconds["bring"][0] == pytest.approx(1_120, abs=1)
    assert reach.seconds["fetch"][0] == pytest.approx(1_720, abs=1)


def test_a_zone_counts_at_the_time_asked_for() -> None:
    around = ((119.95, 36.86), (119.97, 36.86), (119.97, 36.88), (119.95, 36.88), (119.95, 36.86))
    lid = replace(WEST_ZONE, rings_lonlat=((around,),), active=((32_400, 39_600),))
    network = replace(three_sites(), zones=(lid,))
    assert math.isinf(measure_reach(network, [CLINIC], 36_000.0).seconds["bring"][0])
    later = measure_reach(network, [CLINIC], 39_600.0).seconds["bring"][0]
    assert later == pytest.approx(1_120, abs=1)


def test_ground_on_the_way_costs_its_climbs() -> None:
    """A ridge of 60 m across the line hub - clinic: ``fetch`` passes it on the way to the lab,
    60 m up at 4 m/s and down at 2.5 m/s, less what the raster and the 20 m to the ceiling take off;
    the way from the second base passes the ridge's foot."""
    flat = measure_reach(three_sites(), [CLINIC, FAR], 36_000.0).seconds
    hill = measure_reach(hilly(east_west_ridge(60.0)), [CLINIC, FAR], 36_000.0).seconds
    foot_s = hill["bring"][0] - flat["bring"][0]
    assert 0.0 < foot_s < 20.0
    assert 30.0 < hill["fetch"][0] - flat["fetch"][0] - foot_s < 45.0
    assert math.isinf(hill["bring"][1])  # past the raster
    at_hub = Place("at-hub", *HUB_LONLAT)
    there = measure_reach(hilly(east_west_ridge(60.0)), [at_hub], 36_000.0)
    assert math.isfinite(there.seconds["bring"][0])
    cliff = hilly(east_west_ridge(300.0, half_width_m=450.0))
    assert math.isinf(measure_reach(cliff, [CLINIC], 36_000.0).seconds["fetch"][0])


def test_out_of_range_is_never_and_shares_count_people() -> None:
    reach = measure_reach(three_sites(), [CLINIC, FAR], 36_000.0)
    assert math.isinf(reach.seconds["bring"][1])
    assert reach.share("bring", 30) == 0.5
    assert reach.people_share("bring", 30) == pytest.approx(0.25)
    assert reach.people_share("bring", 15) == 0.0


def test_nobody_known_has_no_share_of_people() -> None:
    reach = measure_reach(three_sites(), [replace(CLINIC, people=None)], 36_000.0)
    assert reach.people_share("fetch", 60) is None


def test_areas_grow_with_the_minutes_and_hold_their_bases() -> None:
    coverage = cover(pingdu(), step_m=6_000.0)
    areas = {
        (area["properties"]["kind"], area["properties"]["minutes"]): area  # type: ignore[index]
        for area in coverage.areas
    }
    for kind in ("fetch", "bring"):
        shapes = [shape(areas[kind, minutes]["geometry"]) for minutes in (15, 30, 60)]
        assert shapes[0].area <= shapes[1].area <= shapes[2].area
        assert shapes[1].difference(shapes[2]).area < 1e-12
        shares = [coverage.sites.share(kind, minutes) for minutes in (15, 30, 60)]
        assert shares == sorted(shares)
    hub = pingdu().site(pingdu().hub_id)
    # The hub's cell may end beside it: within one cell of the area.
    near = shape(areas["bring", 30]["geometry"])
    assert near.distance(Point(hub.lon_deg, hub.lat_deg)) < 0.06
    assert coverage.collection()["type"] == "FeatureCollection"
    layer = coverage_layer(coverage)
    assert (
        len(layer.shapes)
        == len(layer.rows)
        == sum(bool(shape(a["geometry"]).area) for a in areas.values())
    )
    page = draw_coverage(pingdu(), coverage, "zh")
    assert "30 分钟内" in page
    assert "within 30 min" in page
    assert '"areas":[[["15 分钟内","within 15 min"],0.32]' in page
    assert "http" not in page.split("<body", 1)[1].split("<script", 1)[0]
