"""The page as a person uses it: Chromium, the network off, no error, no request leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from geo.map.page import draw_map
from routing.report.scene import build_scene
from tests.days import three_site_orders, three_site_plan, three_sites
from tests.map.drawn_days import drawn_day

MORNING_S = 25_500
AFTERNOON_S = 50_000


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def day_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county day: 24 sites, 70 sorties, 160 orders, one of them unserved."""
    path = tmp_path_factory.mktemp("map") / "map.html"
    path.write_text(draw_map(drawn_day(24, 70, 160), "zh"), "utf-8")
    return path


@pytest.fixture
def opened(browser: Browser, day_file: Path) -> Iterator[Page]:
    yield from open_page(browser, day_file.as_uri())


def open_page(browser: Browser, address: str, **context_options: object) -> Iterator[Page]:
    """The page with the network off; ends with a failure when anything went wrong on it."""
    context = browser.new_context(
        **{"viewport": {"width": 1400, "height": 900}, **context_options}  # type: ignore[arg-type]
    )
    context.set_offline(True)
    page = context.new_page()
    wrong: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            wrong.append(request.url)

    page.on("console", on_console)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", on_request)
    page.goto(address)
    page.wait_for_selector("body.is-ready")
    yield page
    context.close()
    assert wrong == []


def positions(page: Page) -> dict[str, list[float]]:
    found: dict[str, list[float]] = page.evaluate("flightMap.positions()")
    return found


def slide_to(page: Page, time_s: int) -> None:
    page.locator("#slider").evaluate(
        "(slider, time) => { slider.value = time;"
        " slider.dispatchEvent(new Event('input', { bubbles: true })); }",
        time_s,
    )


def test_the_slider_moves_a_drone_along_its_path(opened: Page) -> None:
    slide_to(opened, MORNING_S)
    first = positions(opened)["S001"]
    slide_to(opened, MORNING_S + 300)
    second = positions(opened)["S001"]
    # S001 flies east at first: its second place lies east of the first one, both off the hub.
    assert 119.96 < first[0] < second[0]
    assert opened.locator("#clock").inner_text() == "07:10"


def test_a_drone_is_where_its_times_say(opened: Page) -> None:
    # S003 flies straight from the hub to the third site from 25,680 s to 26,580 s; half-way in
    # time is half-way on the ground, but for the lane: at most 11 pixels (0.01 degrees) aside.
    slide_to(opened, 26_130)
    lon_deg, lat_deg = positions(opened)["S003"]
    assert lon_deg == pytest.approx(119.96, abs=0.01)
    assert lat_deg == pytest.approx(36.78 + 0.06, abs=0.004)


def test_drones_are_painted(opened: Page) -> None:
    painted = """() => { const canvas = document.querySelectorAll('canvas.glued')[1];
      const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
      let count = 0; for (let i = 3; i < pixels.length; i += 4) count += pixels[i] > 0;
      return count; }"""
    slide_to(opened, MORNING_S)
    assert opened.evaluate(painted) > 200
    slide_to(opened, 25_190)
    assert opened.evaluate(painted) == 0


def test_playing_passes_the_time(opened: Page) -> None:
    slide_to(opened, MORNING_S)
    opened.keyboard.press("Space")
    opened.wait_for_function(f"flightMap.time() > {MORNING_S + 30}")
    opened.keyboard.press("Space")
    stopped = opened.evaluate("flightMap.time()")
    opened.evaluate(
        "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    assert opened.evaluate("flightMap.time()") == stopped


def test_a_popup_speaks_chinese_and_english(opened: Page) -> None:
    opened.fill("#search", "第5卫")
    opened.keyboard.press("Enter")
    popup = opened.locator(".leaflet-popup-content")
    assert "第5卫生院" in popup.inner_text()
    assert "Clinic 5" in popup.inner_text()
    assert "乡镇卫生院" in popup.inner_text()


def test_searching_an_order_shows_its_times(opened: Page) -> None:
    opened.fill("#search", "p001")
    opened.keyboard.press("Enter")
    card = opened.locator("#details").inner_text()
    # S001 lands at 27,240 s, unloading takes 240 s: received 07:38; deadline 90 minutes later.
    assert "P001" in card
    assert "07:38" in card
    assert "距时限还有 90 分钟" in card


def test_an_unserved_order_says_why(opened: Page) -> None:
    opened.click("#tab-orders")
    opened.click(".tier:has-text('未飞')")
    assert opened.locator("[data-order]").count() == 1
    opened.click("[data-order]")
    assert "时限前飞不到" in opened.locator("#details").inner_text()


def test_a_sortie_card_shows_load_times_and_energy(opened: Page) -> None:
    opened.click("[data-drone='D1'] .drone-main")
    opened.click("[data-drone='D1'] .sortie-button >> nth=0")
    card = opened.locator("#details").inner_text()
    for shown in ("S001", "07:00", "P001", "计划 42%，允许 76%", "1.5 kg"):
        assert shown in card
    # The ground rises from 10 m to 60 m and the flight 120 m above it.
    assert "10–180 m" in opened.locator(".profile figcaption").inner_text()
    opened.keyboard.press("Escape")
    assert opened.locator("#details").is_hidden()


def test_a_click_on_a_drone_selects_its_sortie(opened: Page) -> None:
    slide_to(opened, MORNING_S)
    x, y = opened.evaluate(
        """() => { const [lon, lat] = flightMap.positions().S001;
          const at = map_flights.latLngToContainerPoint([lat, lon]);
          const box = map_flights.getContainer().getBoundingClientRect();
          return [box.left + at.x, box.top + at.y]; }"""
    )
    opened.mouse.click(x, y)
    assert "S001" in opened.locator("#details h2").inner_text()


def test_the_language_changes_on_the_page(opened: Page) -> None:
    assert opened.locator("#title").inner_text() == "测试县送检网"
    opened.click("#lang-en")
    assert opened.locator("#title").inner_text() == "Test county network"
    assert opened.locator("html").get_attribute("lang") == "en"
    assert "Hub Hospital" in opened.locator(".site-hub").inner_text()
    assert opened.title() == "Test county network · 2026-11-23"


def test_a_zone_vanishes_when_it_is_no_longer_active(opened: Page) -> None:
    slide_to(opened, MORNING_S)
    zone = opened.locator(".zone-prohibited")
    assert "is-away" not in (zone.get_attribute("class") or "")
    assert "示意 illustrative" in (opened.locator(".zone-name").text_content() or "")
    slide_to(opened, AFTERNOON_S)
    assert "is-away" in (zone.get_attribute("class") or "")


def test_a_hidden_drone_is_not_drawn(opened: Page) -> None:
    slide_to(opened, MORNING_S)
    assert "S001" in positions(opened)
    opened.locator("[data-drone='D1'] input").uncheck(force=True)
    assert "S001" not in positions(opened)


def test_layers_go_and_come_back(opened: Page) -> None:
    zone, name = opened.locator(".zone-prohibited"), opened.locator(".site-township .site-name")
    opened.click("#tab-layers")
    opened.uncheck("[data-layer='zones']")
    opened.uncheck("[data-layer='labels']")
    assert "is-away" in (zone.get_attribute("class") or "")
    assert name.first.is_hidden()
    opened.check("[data-layer='zones']")
    opened.check("[data-layer='labels']")
    assert "is-away" not in (zone.get_attribute("class") or "")
    assert name.first.is_visible()


def test_the_wind_changes_with_the_time(opened: Page) -> None:
    slide_to(opened, MORNING_S)
    assert "西北风 3 m/s" in opened.locator("#wind-words").inner_text()
    slide_to(opened, AFTERNOON_S)
    assert "东风 9 m/s" in opened.locator("#wind-words").inner_text()
    assert opened.locator("#winds i").count() == 2


def test_paper_shows_no_controls(opened: Page) -> None:
    opened.emulate_media(media="print")
    opened.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for control in ("#play", "#search", ".map-tools", ".tabs", "#lang-en", "#slider"):
        assert opened.locator(control).is_hidden(), control
    for shown in ("#title", "#map_flights", "#notices", "#print-legend", "#clock"):
        assert opened.locator(shown).is_visible(), shown


def test_names_on_the_map_do_not_cover_each_other(opened: Page) -> None:
    covered = opened.evaluate(
        """() => { const boxes = [...document.querySelectorAll('.site-name:not(.is-hidden)')]
            .map((node) => node.getBoundingClientRect());
          let count = 0;
          boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
            count += a.left < b.right - 1 && b.left < a.right - 1
              && a.top < b.bottom - 1 && b.top < a.bottom - 1; }));
          return [boxes.length, count]; }"""
    )
    assert covered[0] > 12
    assert covered[1] == 0


def test_the_keyboard_reaches_a_site(opened: Page) -> None:
    opened.locator(".site-hub").focus()
    opened.keyboard.press("Enter")
    assert "中心医院" in opened.locator(".leaflet-popup-content").inner_text()


def test_a_phone_has_no_sideways_scroll(browser: Browser, day_file: Path) -> None:
    for page in open_page(browser, day_file.as_uri(), viewport={"width": 390, "height": 844}):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert page.locator("#search").is_hidden()
        page.click("#panel-toggle")
        assert page.locator("#search").is_visible()


def test_an_address_names_a_sortie(browser: Browser, day_file: Path) -> None:
    for page in open_page(browser, f"{day_file.as_uri()}#lang=en&sortie=S002"):
        assert page.locator("#details h2").inner_text() == "S002"
        assert page.locator("#title").inner_text() == "Test county network"


def test_a_real_plan_flies(browser: Browser, tmp_path: Path) -> None:
    scene = build_scene(three_sites(), three_site_orders(), three_site_plan())
    path = tmp_path / "map.html"
    path.write_text(draw_map(scene, "zh"), "utf-8")
    first = scene.sorties[0]
    for page in open_page(browser, path.as_uri()):
        slide_to(page, (first.legs[0].takeoff_s + first.legs[0].landing_s) // 20 * 10)
        assert first.id in positions(page)


def test_altitude_layers_are_shown_and_filtered(browser: Browser, tmp_path: Path) -> None:
    """T1 flies out at 08:00 on 100 m; T4 at 08:20 on 80 m, while T1 is on its way back."""
    plan = three_site_plan()
    lower = [replace(flight, layer=0, height_m_agl=80.0) for flight in plan.sorties[1].flights]
    fourth = replace(plan.sorties[1], flights=tuple(lower))
    plan = replace(plan, sorties=(plan.sorties[0], fourth, *plan.sorties[2:]))
    path = tmp_path / "map.html"
    path.write_text(draw_map(build_scene(three_sites(), three_site_orders(), plan), "en"), "utf-8")
    for page in open_page(browser, path.as_uri()):
        slide_to(page, 30_100)
        assert set(positions(page)) == {"T1", "T4"}
        page.click("#tab-layers")
        assert "80 m above ground · 2 flights" in page.locator("#tab-body").inner_text()
        page.uncheck("[data-height='80']")
        assert set(positions(page)) == {"T1"}
        page.check("[data-layer='heights']")
        page.check("[data-height='80']")
        assert set(positions(page)) == {"T1", "T4"}
        page.click("#lang-zh")
        assert "离地 80 m · 2 个航段" in page.locator("#tab-body").inner_text()


def test_a_day_without_flights_still_opens(browser: Browser, tmp_path: Path) -> None:
    scene = drawn_day(4, 1, 2)
    empty = replace(scene, sorties=(), orders=scene.orders[-1:], zones=(), outline_lonlat=())
    path = tmp_path / "map.html"
    path.write_text(draw_map(empty, "en"), "utf-8")
    for page in open_page(browser, path.as_uri()):
        assert page.locator("#airborne").inner_text() == "Nothing in the air"
