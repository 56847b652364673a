"""What the timeline shows: rows, bars, and an SVG that parses."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from routing.report.clock import Lang
from routing.report.colours import colour_drones
from routing.report.timeline import (
    PAGE_ROWS,
    Bar,
    Group,
    Row,
    build_groups,
    cut_pages,
    draw_pages,
    draw_timeline,
    fit,
    text_px,
)
from tests.days import three_site_plan, three_sites

SVG = "{http://www.w3.org/2000/svg}"
COLOURS = colour_drones(["D1", "D2"])


def groups(lang: Lang = "en") -> tuple[Group, ...]:
    return build_groups(three_sites(), three_site_plan(), lang)


def spans(row: Row, kind: str) -> list[tuple[int, int]]:
    return [(bar.start_s, bar.end_s) for bar in row.bars if bar.kind == kind]


def test_there_are_rows_for_drones_pads_and_packs() -> None:
    assert [group.heading for group in groups()] == [
        "Drones",
        "Pads",
        "Packs · Hub",
        "Packs · Second",
    ]
    assert [group.heading for group in groups("zh")][2] == "电池 · 中心医院"


def test_a_drone_row_has_its_sorties_stops_and_turnarounds() -> None:
    row = groups()[0].rows[0]
    assert (row.label, row.swatch) == ("D1", COLOURS["D1"])
    assert spans(row, "air") == [(28_800, 30_180), (30_600, 31_100), (31_520, 32_020)]
    assert spans(row, "ground") == [(29_400, 29_580)]
    # 420 s after each landing.
    assert spans(row, "turnaround")[0] == (30_180, 30_600)


def test_a_pad_of_a_base_is_held_before_and_after_flight() -> None:
    pads = {row.label: row for row in groups()[1].rows}
    # T3 takes off from second at 31,520 (held 180 s before), T2 landed at 31,100 (120 s after).
    assert spans(pads["Second, pad 1"], "pad") == [(31_100, 31_220), (31_340, 31_520)]


def test_a_quiet_pad_is_counted_and_not_drawn() -> None:
    # The clinic sees two landings; four make a pad busy.
    pads = groups()[1]
    assert [row.label for row in pads.rows] == ["Hub, pad 1", "Hub, pad 2", "Second, pad 1"]
    assert pads.note == "not drawn: 1 pads with little use"


def test_a_pack_row_has_flight_and_charging() -> None:
    packs = {row.label: row for group in groups()[2:] for row in group.rows}
    assert list(packs) == ["hub-hex-1", "hub-hex-2", "hub-wing-1", "second-hex-1"]
    assert spans(packs["second-hex-1"], "air") == [(31_520, 32_020)]
    assert spans(packs["second-hex-1"], "charging") == [(33_780, 37_380)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_picture_is_xml_with_every_bar(lang: Lang) -> None:
    root = ElementTree.fromstring(draw_timeline(three_sites(), three_site_plan(), lang))
    hints = [title.text or "" for title in root.iter(f"{SVG}title")]
    bars = sum(len(row.bars) for group in groups() for row in group.rows)
    # A title for the picture and one for every bar.
    assert len(hints) == bars + 1
    assert any("T1" in hint and "08:00–08:23" in hint for hint in hints)


def test_names_from_the_input_are_escaped() -> None:
    network = three_sites()
    sites = tuple(replace(site, name_en="<script>&") for site in network.sites)
    svg = draw_timeline(replace(network, sites=sites), three_site_plan(), "en")
    assert "<script>" not in svg
    ElementTree.fromstring(svg)


def test_a_day_without_flights_has_a_picture() -> None:
    plan = replace(three_site_plan(), sorties=())
    root = ElementTree.fromstring(draw_timeline(three_sites(), plan, "en"))
    assert "08:00" in [text.text for text in root.iter(f"{SVG}text")]


def group_of(rows: int) -> Group:
    return Group("g", tuple(Row(str(idx), (Bar(0, 1, "air", "#000000"),)) for idx in range(rows)))


@pytest.mark.parametrize("sizes", [(1,), (PAGE_ROWS - 2,), (PAGE_ROWS - 1,), (30, 30), (3, 200, 4)])
def test_pages_hold_all_rows_and_no_page_overflows(sizes: tuple[int, ...]) -> None:
    pages = list(cut_pages([group_of(size) for size in sizes]))
    assert sum(len(group.rows) for page in pages for group in page) == sum(sizes)
    # A heading takes the room of two rows.
    assert max(sum(len(group.rows) + 2 for group in page) for page in pages) <= PAGE_ROWS


def test_a_small_day_is_one_page() -> None:
    assert len(draw_pages(three_sites(), three_site_plan(), "en")) == 1


def test_a_text_is_cut_where_it_is_too_wide() -> None:
    assert text_px("平度", 10) == 20
    assert fit("平度市人民医院", 200, 10) == "平度市人民医院"
    cut = fit("平度市人民医院", 45, 10)
    assert cut.endswith("…")
    assert text_px(cut, 10) <= 45
