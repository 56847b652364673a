"""Profiles of a plan's legs: samples of ground and flight, the page of pictures, the map's."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from routing.plan import Plan
from routing.planning import plan_day
from routing.report.clock import Lang
from routing.report.profiles import ground_profiles, render_profiles
from routing.report.scene import build_scene
from tests.days import three_site_orders, three_site_plan, three_sites
from tests.relief import east_west_ridge, hilly

ORDERS = tuple(order for order in three_site_orders() if order.id != "X1")
NETWORK = hilly(east_west_ridge(60.0))


@cache
def plan() -> Plan:
    return plan_day(NETWORK, ORDERS, iterations=30, proves=False).plan


def test_samples_hold_the_ground_and_the_flight_above_it() -> None:
    laid = ground_profiles(NETWORK, plan())
    flights = [flight for sortie in plan().sorties for flight in sortie.flights]
    assert set(laid) == {(flight.path_lonlat, flight.height_m_agl) for flight in flights}
    for flight in flights:
        samples = laid[flight.path_lonlat, flight.height_m_agl]
        assert samples[0][0] == 0
        assert samples[-1][0] == pytest.approx(flight.length_m, abs=1.0)
        assert all(99.0 <= height_m - ground_m <= 121.0 for _, ground_m, height_m in samples)
    assert max(ground_m for samples in laid.values() for _, ground_m, _ in samples) > 60.0


@pytest.mark.parametrize(("lang", "words"), [("zh", "中心医院 → 卫生院"), ("en", "Hub → Clinic")])
def test_the_page_has_a_picture_of_every_leg(lang: Lang, words: str) -> None:
    page = render_profiles(NETWORK, plan(), lang)
    assert page is not None
    assert words in page
    legs = {
        (flight.origin, flight.destination, flight.path_lonlat, flight.height_m_agl)
        for sortie in plan().sorties
        for flight in sortie.flights
    }
    assert page.count('class="flight"') == len(legs)
    assert render_profiles(three_sites(), three_site_plan(), lang) is None


def test_the_map_shows_them() -> None:
    scene = build_scene(NETWORK, ORDERS, plan())
    assert all(leg.profile for sortie in scene.sorties for leg in sortie.legs)


def test_the_page_opens_offline_without_a_complaint(tmp_path: Path, chromium: str) -> None:
    # Playwright takes half a second to import; only this test needs it.
    from playwright.sync_api import sync_playwright

    page = render_profiles(NETWORK, plan(), "zh")
    assert page is not None
    (tmp_path / "profiles.html").write_text(page, encoding="utf-8")
    complaints: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium)
        opened = browser.new_context(offline=True).new_page()
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("requestfailed", lambda request: complaints.append(request.url))
        opened.goto((tmp_path / "profiles.html").as_uri())
        assert opened.locator("svg").count() > 0
        assert opened.locator("svg >> nth=0").bounding_box()["width"] > 300  # type: ignore[index]
        browser.close()
    assert complaints == []
