"""The comparison: sums and means by hand; a finding whose every number stands in the table."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

import openpyxl
import pytest

from routing.network import Site, Tier, Window
from routing.orders import Order
from routing.plan import Plan
from routing.report.clock import Lang
from routing.whatif.changes import AddSite
from routing.whatif.comparison import Comparison, DaySpread, compare
from routing.whatif.costs import CostModel
from routing.whatif.finding import write_finding
from routing.whatif.measures import WAYS, Measures, Way
from routing.whatif.page import render_page
from routing.whatif.scenario import BASE, Scenario
from routing.whatif.sheets import write_table_csv, write_table_workbook
from routing.whatif.sweep import Day, Run
from routing.whatif.table import (
    COLUMNS,
    NEW_SITE_COLUMNS,
    SPREAD_COLUMNS,
    new_site_cells,
    shown,
    shown_cells,
    spread_cells,
)
from routing.whatif.task import Outcome
from tests.days import three_site_orders, three_site_plan, three_sites
from tests.whatif.test_costs import COSTS

ALL_DAY = (Window(0, 86_400),)
SITE = Site("new", "新村", "=New", "village", 119.9, 36.7, frozenset(), 1, ALL_DAY, 180)
MORE = Scenario("more & <more>", (AddSite(SITE),), "更多")


def measures(way: Way, scale: int) -> Measures:
    """A day whose every figure is a small multiple of ``scale``."""
    return Measures(
        way=way,
        orders={"stat": 1, "urgent": 2, "routine": 3 * scale},
        served={"stat": 1, "urgent": 2, "routine": 2 * scale},
        receipt_s=tuple(600.0 * n * scale for n in range(1, 11)),
        lateness_min=10.0 * scale,
        on_target=scale,
        with_target=4,
        sorties=2 * scale,
        flights=3 * scale,
        airborne_s=1_800.0 * scale,
        packs=scale,
        energy_pack=0.5 * scale,
        energy_kwh=0.7 * scale,
        cost_cny={"energy": 100.0 * scale, "road": 11.0},
        gap=0.01 * scale,
    )


def run(scenario: Scenario, day: str, scale: int, violations: tuple[str, ...] = ()) -> Run:
    plan: Plan = three_site_plan()
    outcome = Outcome(day, tuple(measures(way, scale) for way in WAYS), plan, violations)
    orders = three_site_orders()[: scale + 1]
    if scenario is MORE:
        orders = tuple(
            order if n else _from_new(order.id, orders) for n, order in enumerate(orders)
        )
    return Run(scenario, Day(day, orders), three_sites(), orders, outcome)


def _from_new(order_id: str, orders: Sequence[Order]) -> Order:
    return replace(next(one for one in orders if one.id == order_id), origin="new")


@pytest.fixture
def comparison() -> Comparison:
    runs = [run(MORE, "b", 3), run(BASE, "a", 1), run(MORE, "a", 1), run(BASE, "b", 2)]
    return compare(runs, (BASE, MORE))


def test_rows_come_by_scenario_and_way(comparison: Comparison) -> None:
    assert [(row.scenario.name, row.way) for row in comparison.rows] == [
        (name, way) for name in ("base", MORE.name) for way in get_args(Way)
    ]


def test_counts_are_means_a_day_and_times_pool_the_days(comparison: Comparison) -> None:
    base = comparison.row("base")
    assert base.days == 2
    assert base.orders == {"stat": 1.0, "urgent": 2.0, "routine": 4.5}
    assert base.served["routine"] == 3.0
    assert (base.sorties, base.flights, base.drone_h, base.packs) == (3.0, 4.5, 0.75, 1.5)
    assert base.energy_kwh == pytest.approx(1.05)
    assert base.on_target == 3 / 8
    assert base.lateness_min == 15.0
    assert base.gap == 0.02
    assert base.cost_cny is not None
    assert (base.cost_cny["energy"], base.cost_cny["road"]) == (150.0, 11.0)
    # 600..6000 and 1200..12000 together: the 18th of 20 is 9,600 s.
    assert base.receipt is not None
    assert (base.receipt.count, base.receipt.p90_s, base.receipt.worst_s) == (20, 9_600, 12_000)


def test_the_spread_over_the_days_is_told(comparison: Comparison) -> None:
    """Scales 1 and 3: 1 and 3 routine orders left of 3 and 9; 1 and 3 of 4 on target."""
    row = comparison.row(MORE.name)
    spread = comparison.spread_of(row)
    assert spread["left"] == DaySpread(1, 2, 3)
    assert spread["on_target"] == DaySpread(0.25, 0.5, 0.75)
    assert spread["cost_cny"] == DaySpread(111, 211, 311)
    assert [one.day for one in comparison.by_day if one.scenario is MORE] == ["a", "b"] * 3
    told = "\n".join(write_finding(comparison, "en", is_synthetic=True))
    assert "Over the 2 days" in told
    assert "on target from 25.0 % to 75.0 % (base 25.0 % to 50.0 %)" in told


def test_one_day_has_no_spread() -> None:
    alone = compare([run(BASE, "a", 1)], (BASE,))
    assert alone.by_day == ()
    assert "Over the" not in "\n".join(write_finding(alone, "en", is_synthetic=True))


def test_a_gap_or_a_cost_that_one_day_lacks_is_not_told() -> None:
    whole, other = run(BASE, "a", 1), run(BASE, "b", 1)
    lacking = tuple(replace(one, gap=None, cost_cny=None) for one in other.outcome.measures)
    part = replace(other, outcome=replace(other.outcome, measures=lacking))
    row = compare([whole, part], (BASE,)).row("base")
    assert (row.gap, row.cost_cny) == (None, None)


def test_the_best_serves_most_by_tier_and_is_never_one_the_checker_refused() -> None:
    runs = [run(BASE, "a", 3), run(MORE, "a", 1)]
    # One routine order is left with 1, three with 3.
    assert compare(runs, (BASE, MORE)).best().scenario is MORE
    refused = [run(BASE, "a", 3), run(MORE, "a", 1, ("R4 ...",))]
    compared = compare(refused, (BASE, MORE))
    assert compared.best().scenario is BASE
    assert compared.row(MORE.name).broken == 1
    told = "\n".join(write_finding(compared, "en", is_synthetic=False))
    assert "the checker refused the plans of 1 day(s)" in told


def test_what_a_new_site_brings_is_labelled_modelled(comparison: Comparison) -> None:
    (new,) = comparison.new_sites
    assert (new.mean, new.least, new.most, new.is_modelled) == (1.0, 1, 1, True)
    given = Scenario("given", (AddSite(SITE, 4.0),))
    (told,) = compare([run(BASE, "a", 1), run(given, "a", 1)], (BASE, given)).new_sites
    assert not told.is_modelled


@pytest.mark.parametrize("lang", get_args(Lang))
def test_every_number_of_the_finding_stands_in_the_table(
    comparison: Comparison, lang: Lang
) -> None:
    cells = {text for row in comparison.rows for text in shown_cells(row, lang).values()}
    for new in comparison.new_sites:
        row = new_site_cells(new, comparison, lang)
        cells |= {shown(row[column.key], column) for column in NEW_SITE_COLUMNS}
    for compared in comparison.rows:
        row = spread_cells(compared, comparison, lang)
        cells |= {shown(row[column.key], column) for column in SPREAD_COLUMNS}
    sentences = write_finding(comparison, lang, is_synthetic=True)
    numbers = [
        number
        for sentence in sentences
        # "90 %" is the name of a column, not a number of this comparison.
        for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?(?: %)?", re.sub(r"90 ?%", "", sentence))
    ]
    assert len(numbers) > 20
    assert [number for number in numbers if number not in cells] == []


@pytest.mark.parametrize("lang", get_args(Lang))
def test_the_finding_says_what_to_doubt(comparison: Comparison, lang: Lang) -> None:
    told = "\n".join(write_finding(comparison, lang, is_synthetic=True))
    words = {
        "zh": ("合成", "未核实", "需求模型"),
        "en": ("synthetic", "unverified", "demand model"),
    }
    assert all(word in told for word in words[lang])
    plain = "\n".join(write_finding(comparison, lang, is_synthetic=False))
    assert words[lang][0] not in plain


def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing(
    comparison: Comparison, tmp_path: Path
) -> None:
    path = tmp_path / "whatif.csv"
    write_table_csv(comparison, path, "zh")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == 1 + len(comparison.rows)
    assert rows[0][0] == "方案"
    assert rows[1][[c.key for c in COLUMNS].index("on_target")] == "0.3750"


def test_the_workbook_has_the_table_new_sites_and_costs(
    comparison: Comparison, tmp_path: Path
) -> None:
    path = tmp_path / "whatif.xlsx"
    write_table_workbook(comparison, path, "en")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "Comparison",
        "New sites",
        "Spread over the days",
        "Day by day",
        "Cost model",
    ]
    head = [cell.value for cell in book["Comparison"][1]]
    first = [cell.value for cell in book["Comparison"][2]]
    assert dict(zip(head, first, strict=True))["Cost (CNY)"] == 161
    cell = book["New sites"]["B2"]
    assert (cell.value, cell.data_type) == ("=New", "s")


def test_the_page_escapes_names_and_shows_each_source(comparison: Comparison) -> None:
    costs = CostModel(
        **{
            name: getattr(COSTS, name)
            for name in CostModel.__dataclass_fields__
            if name != "sources"
        },
        sources={"pad_cny": "a <b>source</b>"},
    )
    page = render_page(three_sites(), comparison, costs, "en", is_synthetic=True)
    assert "more &amp; &lt;more&gt;" in page
    assert "<more>" not in page
    assert "a &lt;b&gt;source" in page
    assert "pad_cny</code> = 7300" in page
    assert page.count('<tr class="base') == 3
    assert "http" not in page


def test_tiers_are_all_there(comparison: Comparison) -> None:
    assert set(comparison.rows[0].orders) == set(get_args(Tier))
