"""The workbook and the CSVs, read back by the programs of other people."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from routing.network import Network
from routing.report.clock import Lang
from routing.report.schedule import write_csv, write_workbook
from routing.report.tables import Column, Table, build_tables
from tests.days import three_site_orders, three_site_plan, three_sites

DATE = "2026-11-23"
NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", "\tx", '=HYPERLINK("http://x")')


def write_book(path: Path, lang: Lang, network: Network | None = None) -> None:
    day = build_tables(network or three_sites(), three_site_orders(), three_site_plan(), lang)
    write_workbook(day, path, title="R&D", service_date=DATE, lang=lang)


@pytest.mark.parametrize(
    ("lang", "names", "head"),
    [
        ("zh", ["按无人机", "按站点", "按订单"], ["无人机", "架次", "航段", "电池", "起点"]),
        ("en", ["By drone", "By site", "By order"], ["Drone", "Sortie", "Leg", "Pack", "From"]),
    ],
)
def test_sheets_are_named_headed_and_frozen(
    tmp_path: Path, lang: Lang, names: list[str], head: list[str]
) -> None:
    write_book(tmp_path / "s.xlsx", lang)
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    assert book.sheetnames == names
    sheet = book[names[0]]
    assert [cell.value for cell in sheet[1]][:5] == head
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == "A1:P7"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.page_setup.fitToHeight == 0


def test_times_are_times_and_spans_are_spans(tmp_path: Path) -> None:
    write_book(tmp_path / "s.xlsx", "en")
    rows = CalamineWorkbook.from_path(tmp_path / "s.xlsx").get_sheet_by_name("By drone").to_python()
    # T1: take-off 28,800 s = 08:00, landing 08:10; 9,999.46 m; 74.485 % left.
    assert rows[1][5] == datetime(2026, 11, 23, 8, 0)
    assert rows[1][7] == datetime(2026, 11, 23, 8, 10)
    assert rows[1][8] == timedelta(minutes=10)
    assert rows[1][9] == pytest.approx(9.99946)
    assert rows[1][13] == pytest.approx(0.74485)


TIME = Column("takeoff", "time", 15, "")
SPAN = Column("slack", "span", 10, "")
TEXT = Column("order", "text", 16, "")


def one_cell(column: Column, cell: str | float | None) -> Table:
    return Table("by-order", (column,), ((cell,),))


@pytest.mark.parametrize(
    ("time_s", "lang", "shape"),
    [
        (86_399, "zh", "hh:mm:ss"),
        (86_400, "zh", '"次日 "hh:mm:ss'),
        (86_400, "en", '"+1d "hh:mm:ss'),
    ],
)
def test_a_time_past_midnight_says_so_and_stays_a_time(
    tmp_path: Path, time_s: int, lang: Lang, shape: str
) -> None:
    path = tmp_path / "s.xlsx"
    write_workbook([one_cell(TIME, time_s)], path, title="", service_date=DATE, lang=lang)
    cell = openpyxl.load_workbook(path).worksheets[0]["A2"]
    assert cell.value == datetime(2026, 11, 23) + timedelta(seconds=time_s)
    assert cell.number_format == shape


def test_a_negative_span_is_readable(tmp_path: Path) -> None:
    # Excel fills the cell of a negative duration with #.
    path = tmp_path / "s.xlsx"
    write_workbook([one_cell(SPAN, -90)], path, title="", service_date=DATE, lang="en")
    assert openpyxl.load_workbook(path).worksheets[0]["A2"].value == "-0:01:30"


@pytest.mark.parametrize("text", NASTY)
def test_no_text_becomes_a_formula(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.xlsx"
    write_workbook([one_cell(TEXT, text)], path, title="", service_date=DATE, lang="en")
    cell = openpyxl.load_workbook(path).worksheets[0]["A2"]
    assert (cell.data_type, cell.value) == ("s", text)
    write_csv(one_cell(TEXT, text), tmp_path / "s.csv", DATE, "en")
    assert read_rows(tmp_path / "s.csv")[1] == [f"'{text}"]


def test_a_site_named_like_a_formula_stays_text(tmp_path: Path) -> None:
    network = three_sites()
    sites = tuple(replace(site, name_zh="=cmd|' /C calc'!A0") for site in network.sites)
    write_book(tmp_path / "s.xlsx", "zh", replace(network, sites=sites))
    book = openpyxl.load_workbook(tmp_path / "s.xlsx")
    kinds = {cell.data_type for sheet in book for row in sheet for cell in row}
    assert "f" not in kinds


def read_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_csv_opens_right_in_chinese_excel(tmp_path: Path) -> None:
    _, _, by_order = build_tables(three_sites(), three_site_orders(), three_site_plan(), "zh")
    write_csv(by_order, tmp_path / "s.csv", DATE, "zh")
    assert (tmp_path / "s.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_rows(tmp_path / "s.csv")
    assert rows[0][:3] == ["订单", "品名", "数量"]
    serum = dict(zip(rows[0], rows[2], strict=True))
    # S1: received 30,300 s, target 30,000 s, deadline 36,000 s.
    assert serum["签收"] == "2026-11-23 08:25:00"
    assert serum["超目标"] == "0:05:00"
    assert serum["余量"] == "1:35:00"
    assert serum["质量 kg"] == "4.25"


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc"))))
def test_csv_keeps_every_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("csv") / "s.csv"
    write_csv(one_cell(TEXT, text), path, DATE, "en")
    rows = read_rows(path)
    assert (rows[1] if len(rows) > 1 else [""])[0].removeprefix("'") == text.removeprefix("'")
