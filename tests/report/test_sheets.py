"""Day sheets: who reads what, in both languages, with nothing unescaped."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from routing.plan import Plan
from routing.report.clock import Lang
from routing.report.sheets import render_sheets
from tests.days import three_site_orders, three_site_plan, three_sites


class _Text(HTMLParser):
    """Sections and articles of a page as plain text."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, list[str]] = {"section": [], "article": [], "tr": []}
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_data(" ")
        if tag in self.parts:
            self.parts[tag].append("")
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.parts:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.parts[tag][-1] += data


def parts(page: str, tag: str) -> list[str]:
    reader = _Text()
    reader.feed(page)
    return [" ".join(part.split()) for part in reader.parts[tag]]


def sheets(lang: Lang = "en", plan: Plan | None = None) -> dict[str, str]:
    day = render_sheets(three_sites(), three_site_orders(), plan or three_site_plan(), lang)
    return dict(day)


def test_there_is_a_sheet_for_every_base_drone_and_visited_site() -> None:
    pages = sheets()
    assert len(parts(pages["sheets-bases.html"], "section")) == 2
    assert len(parts(pages["sheets-drones.html"], "section")) == 2
    (clinic,) = parts(pages["sheets-sites.html"], "section")
    assert "Clinic visits: 2" in clinic


def test_a_drone_that_stays_home_has_no_sheet() -> None:
    plan = three_site_plan()
    pages = sheets(plan=replace(plan, sorties=plan.sorties[:1]))
    assert len(parts(pages["sheets-drones.html"], "section")) == 1


def test_the_pilot_reads_sortie_pack_legs_and_charge() -> None:
    first = parts(sheets()["sheets-drones.html"], "article")[0]
    assert "Sortie T1 08:00 – 08:23" in first
    assert "Pack hub-hex-1" in first
    assert "Load B1 Red cells × 1, 4.25 kg 2–6 °C urgent · to Clinic" in first
    assert "10.0 km · 0:10 · 100 m AGL · 4.25 kg" in first
    # 1 - 0.25515 and 1 - 0.5103 of a full pack.
    assert "74 %" in first
    assert "49 %" in first
    # Charger 1 of the hub from 30,180 to 33,780; ready again 420 s after 30,180.
    assert "charger 1, 08:23–09:23" in first
    assert "Next take-off not before 08:30" in first
    assert "Aircraft serviceable" in first


def test_the_clinic_reads_what_to_hand_over_and_signs_for_it() -> None:
    first, second = parts(sheets()["sheets-sites.html"], "article")
    assert "08:10 – 08:13 pad 1" in first
    assert "Unload B1 Red cells" in first
    assert "from Hub · due 09:00" in first
    assert "Load S1 Serum × 1, 4.25 kg 15–25 °C · to Hub · ready 08:03 · due 10:00" in first
    for blank in ("Box", "Seal", "Logger", "Handed over by", "Seal intact", "Temp min/max"):
        assert blank in first
    # Only the blood needs a second person.
    assert "Second check (blood)" in first
    assert "Second check (blood)" not in second


def test_the_base_reads_movements_in_time_order_with_packs() -> None:
    rows = parts(sheets()["sheets-bases.html"], "tr")
    hub = [row for row in rows if re.match(r"\d\d:\d\d ", row)][:6]
    assert [row[:5] for row in hub] == ["08:00", "08:20", "08:23", "08:30", "08:39", "08:53"]
    assert "Departs D1 Sortie T1 · pad 1 Start loading 07:58" in hub[0]
    assert "Fit pack hub-hex-1 → Clinic" in hub[0]
    assert "Arrives D1" in hub[2]
    assert "Take out pack hub-hex-1: charger 1, 08:23–09:23" in hub[2]


def test_a_wait_on_the_ground_is_said() -> None:
    plan = three_site_plan()
    first = plan.sorties[0]
    stop = replace(first.stops[1], handover_start_s=29_460)
    waiting = replace(first, stops=(first.stops[0], stop, first.stops[2]))
    pages = sheets(plan=replace(plan, sorties=(waiting, *plan.sorties[1:])))
    assert "the handover starts at 08:11" in parts(pages["sheets-sites.html"], "article")[0]
    assert "wait until 08:11" in parts(pages["sheets-drones.html"], "article")[0]


def test_chinese_sheets_speak_chinese() -> None:
    pages = sheets("zh")
    assert 'lang="zh-CN"' in pages["sheets-sites.html"]
    first = parts(pages["sheets-sites.html"], "article")[0]
    assert "装 S1 血清 1 件, 4.25 kg 15–25 °C · 送往 中心医院 · 08:03 备好 · 10:00 前送达" in first
    assert "双人核对" in first


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sheet_carries_version_digest_limits_and_sun(lang: Lang) -> None:
    plan = replace(three_site_plan(), digest="abcdef0123456789")
    for page in sheets(lang, plan).values():
        for section in parts(page, "section"):
            assert "abcdef012345" in section
            # Sunrise 24,000 s, sunset 61,200 s.
            assert "06:40" in section
            assert "17:00" in section


def test_names_from_the_input_are_escaped() -> None:
    network = three_sites()
    sites = tuple(replace(site, name_en="<script>alert(1)</script>") for site in network.sites)
    pages = render_sheets(
        replace(network, sites=sites), three_site_orders(), three_site_plan(), "en"
    )
    for page in pages.values():
        assert "<script" not in page
        assert "&lt;script&gt;" in page
