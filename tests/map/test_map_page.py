"""The page as text: one file, nothing to fetch, equal for equal scenes, small enough."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from geo.map.page import draw_map
from geo.map.scene import Text
from tests.map.drawn_days import drawn_day

SMALL = drawn_day(3, 2, 3)


def test_nothing_is_fetched() -> None:
    page = draw_map(SMALL)
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=", page)
    assert not re.findall(r"url\(['\"]?(?!data:|#|['\"])[^)]*\)", page.split("</style>")[0])
    assert "cdn" not in page
    assert "sourceMappingURL" not in page


def test_only_leaflet_is_left_of_what_folium_fetches() -> None:
    page = draw_map(SMALL)
    assert "L.map(" in page
    assert "data:image/png;base64," in page
    assert not re.search(r"bootstrap|fontawesome|jquery", page, re.IGNORECASE)


def test_equal_scenes_make_equal_files() -> None:
    assert draw_map(SMALL) == draw_map(drawn_day(3, 2, 3))


@pytest.mark.parametrize(("lang", "tag"), [("zh", "zh-CN"), ("en", "en")])
def test_the_page_starts_in_its_language_and_holds_both(lang: str, tag: str) -> None:
    page = draw_map(SMALL, lang)  # type: ignore[arg-type]
    assert f'<html lang="{tag}">' in page
    assert "测试县送检网" in page
    assert "Test county network" in page


def test_another_language_is_refused() -> None:
    with pytest.raises(ValueError, match="zh or en"):
        draw_map(SMALL, "fr")  # type: ignore[arg-type]


def test_a_title_with_markup_stays_text() -> None:
    page = draw_map(replace(SMALL, title=Text("<b>县</b>", "<b>x</b>")), "en")
    assert "<title>&lt;b&gt;x&lt;/b&gt; · 2026-11-23</title>" in page


def test_a_county_day_is_below_one_megabyte() -> None:
    assert len(draw_map(drawn_day(24, 70, 160)).encode()) < 1_000_000


def test_a_large_day_is_below_two_megabytes() -> None:
    assert len(draw_map(drawn_day(238, 400, 1_000, 40)).encode()) < 2_000_000
