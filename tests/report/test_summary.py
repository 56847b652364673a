"""The summary page: its figures, its proof, and that it is one printed page."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from routing.plan import Bound, Plan
from routing.report.clock import Lang
from routing.report.figures import compute_figures
from routing.report.summary import render_summary, render_summary_json
from routing.report.timeline import draw_pages
from tests.days import three_site_orders, three_site_plan, three_sites

BOUND = Bound(0, 0, 1, 15.0, 4_800.0, "column generation", "pads, wind", False)


def page(
    plan: Plan | None = None,
    lang: Lang = "en",
    baseline_plan: Plan | None = None,
    road: dict[str, float] | None = None,
) -> str:
    plan = plan or three_site_plan()
    figures = compute_figures(
        three_sites(), three_site_orders(), plan, baseline_plan=baseline_plan, road=road
    )
    timeline = draw_pages(three_sites(), plan, lang)
    return render_summary(three_sites(), plan, figures, timeline, lang)


def text_of(html: str) -> str:
    without_style = re.sub(r"<style>.*?</style>|<svg.*?</svg>", " ", html, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", without_style).split())


def test_the_tiles_show_the_day() -> None:
    text = text_of(page())
    assert "Orders flown 6 / 7 1 stay behind" in text
    assert "On target 50 % of 4 with a target" in text
    # S2 is received 2,460 s before its deadline.
    assert "Least deadline slack 0:41 S2" in text
    assert "Sorties / legs 4 / 6 56 km · 0.9 h airborne" in text
    assert "Least energy margin 36 %" in text
    assert "median 58 %; T1" in text


def test_receipt_and_result_times_stand_side_by_side() -> None:
    plan = three_site_plan()
    first_come = replace(plan, sorties=plan.sorties[:1])
    text = text_of(page(baseline_plan=first_come, road={"S1": 33_000.0}))
    # Serum 1,500 / 2,000 / 2,000 s; first come: S1 1,500 s; road 4,200 s.
    # Each result is 30 minutes of laboratory later.
    assert (
        "Serum 3 0:25 0:33 0:33 0:55 1:03 1:03 "
        "0:25 0:25 0:25 0:55 0:55 0:55 1:10 1:10 1:10 1:40 1:40 1:40" in text
    )
    assert "First come first served, 2 of 7" in text


def test_without_baselines_there_are_no_empty_columns() -> None:
    text = text_of(page())
    assert "Serum 3 0:25 0:33 0:33 0:55 1:03 1:03 Red cells" in text
    assert text.count("Road courier") == 0


def test_left_orders_have_their_reasons() -> None:
    text = text_of(page())
    assert "The fastest sortie delivers 1 min 40 s after the deadline. orders (1): X1" in text
    assert "最快的架次也要比截止时间晚1分40秒送达。 1 单：X1" in text_of(page(lang="zh"))


@pytest.mark.parametrize(
    ("bound", "gap", "sentence"),
    [
        (None, None, "No lower bound was proven for this plan."),
        (replace(BOUND, is_optimal=True), 0.0, "Proven optimal (column generation)."),
        (BOUND, 0.0164, "cost 4,880, at least 4,800 where no later: at most 1.6 % to gain;"),
        (BOUND, 0.0164, "The bound leaves out: pads, wind."),
        (BOUND, None, "No lower bound was proven for this plan."),
    ],
)
def test_the_page_says_what_is_proven(
    bound: Bound | None, gap: float | None, sentence: str
) -> None:
    assert sentence in text_of(page(replace(three_site_plan(), bound=bound, gap=gap)))


def test_terms_stand_beside_their_bound() -> None:
    text = text_of(page(replace(three_site_plan(), bound=BOUND, gap=0.0164)))
    assert "Lateness, weighted order-minutes 15.0 15.0 –" in text
    assert "Cost, weighted seconds 4,880 4,800 –" in text
    assert "The cost counts 3,200 s of flight, 4 sorties, 2 drones." in text


def test_json_has_the_same_figures() -> None:
    plan = three_site_plan()
    figures = compute_figures(three_sites(), three_site_orders(), plan)
    content = json.loads(render_summary_json(three_sites(), plan, figures))
    assert content["schema_version"] == 1
    assert content["figures"]["sorties"] == 4
    assert content["figures"]["tightest"] == {"order_id": "S2", "slack_s": 2_460}
    assert content["figures"]["flown"] == {"stat": 1, "urgent": 1, "routine": 4}
    assert content["network_zh"] == "三站示例"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_offline_without_a_complaint_and_prints_on_one_page(
    tmp_path: Path, chromium: str, lang: Lang
) -> None:
    file = tmp_path / "summary.html"
    first_come = three_site_plan()
    html = page(lang=lang, baseline_plan=first_come, road={"S1": 33_000.0})
    file.write_text(html, encoding="utf-8")
    complaints: list[str] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on(
            "request",
            lambda request: (
                None if request.url == file.as_uri() else complaints.append(request.url)
            ),
        )
        tab.goto(file.as_uri())
        printed = tab.pdf(prefer_css_page_size=True)
        browser.close()
    assert complaints == []
    # The figures on one A4 page, the timeline on one landscape page behind it.
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
