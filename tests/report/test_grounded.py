"""Hours without flying: spans, reasons, and that sheets and map tell them in both languages."""

from __future__ import annotations

from dataclasses import replace

from geo.weather import Weather, WeatherPeriod
from routing.report.grounded import find_groundings
from routing.report.scene import build_scene
from routing.report.sheets import render_sheets
from tests.days import three_site_orders, three_site_plan, three_sites

FAIR = WeatherPeriod(0, 3.0, 0.0, 5.0, 15.0)
SHOWER = replace(FAIR, start_s=36_000, rain_mm_h=4.0)
CLOUDBURST = replace(FAIR, start_s=39_600, rain_mm_h=9.0, visibility_m=800.0)


def _network(*periods: WeatherPeriod):  # type: ignore[no-untyped-def]
    network = three_sites()
    hex_ = replace(network.drone_types["hex"], max_rain_mm_h=2.1, min_visibility_m=1_000.0)
    types = {**network.drone_types, "hex": hex_}
    return replace(network, drone_types=types, weather=Weather(periods))


def test_fair_weather_grounds_nobody() -> None:
    assert find_groundings(_network(FAIR)) == ()


def test_neighbouring_periods_are_one_span_with_the_worst_of_each_limit() -> None:
    (found,) = find_groundings(_network(FAIR, SHOWER, CLOUDBURST, replace(FAIR, start_s=43_200)))
    assert (found.type_id, found.hours("en")) == ("hex", "10:00–12:00")
    assert found.reasons("en") == "rain 9 mm/h (limit 2.1), visibility 0.8 km (limit 1)"
    assert found.reasons("zh") == "雨 9 mm/h（限 2.1）、能见度 0.8 km（限 1）"


def test_a_limit_that_is_just_kept_grounds_nobody() -> None:
    kind = _network(FAIR).drone_types["hex"]
    edge = WeatherPeriod(
        0, kind.max_wind_mps, 0.0, kind.max_gust_mps, kind.min_temp_c, 2.1, 1_000.0
    )
    assert not [one for one in find_groundings(_network(edge)) if one.type_id == "hex"]
    for past, kinds in (
        (replace(edge, gust_mps=edge.gust_mps + 0.1), ["gust"]),
        (replace(edge, temperature_c=edge.temperature_c - 0.1), ["cold"]),
        (replace(edge, temperature_c=kind.max_temp_c + 0.1), ["heat"]),
        (replace(edge, visibility_m=999.0), ["visibility"]),
    ):
        found = [one for one in find_groundings(_network(past)) if one.type_id == "hex"]
        assert [limit.kind for limit in found[0].limits] == kinds
        assert (found[0].hours("zh"), found[0].hours("en")) == ("全天", "all day")


def test_sheets_and_map_tell_when_and_why() -> None:
    network = _network(FAIR, SHOWER)
    day = (network, three_site_orders(), three_site_plan())
    for lang, text in (
        ("en", "No flying 10:00–24:00: rain 4 mm/h (limit 2.1)"),
        ("zh", "天气停飞 10:00–24:00：雨 4 mm/h（限 2.1）"),
    ):
        sheets = render_sheets(*day, lang)
        assert text in sheets["sheets-drones.html"]
        assert text in sheets["sheets-bases.html"]
    scene = build_scene(*day)
    (drawn,) = scene.groundings
    assert (drawn.start_s, drawn.end_s) == (36_000, 86_400)
    assert drawn.reason.zh == "雨 4 mm/h（限 2.1）"
    assert [row.rain_mm_h for row in scene.weather] == [None, 4.0]
