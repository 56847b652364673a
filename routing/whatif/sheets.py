"""The comparison as CSV and as a workbook.

Owns how these files are written. Names come from inputs, so a cell that begins with ``= + - @``
is never a formula.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from routing.report.clock import Lang
from routing.whatif.comparison import Comparison
from routing.whatif.table import (
    COLUMNS,
    COST_COLUMNS,
    DAY_COLUMNS,
    NEW_SITE_COLUMNS,
    SPREAD_COLUMNS,
    Cell,
    Column,
    cells_of,
    cost_cells,
    label,
    new_site_cells,
    spread_cells,
)
from routing.whatif.words import word

_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""OWASP "CSV Injection": a spreadsheet may run a cell that begins with one of these."""
_FONT = {"zh": "微软雅黑", "en": "Calibri"}


def write_table_csv(comparison: Comparison, path: Path, lang: Lang) -> None:
    """The table as UTF-8 CSV with BOM; shares as parts of 1, empty where there is nothing."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(label(column, lang) for column in COLUMNS)
        for row in comparison.rows:
            cells = cells_of(row, lang)
            writer.writerow(_csv_text(cells[column.key], column) for column in COLUMNS)


def write_table_workbook(comparison: Comparison, path: Path, lang: Lang) -> None:
    """The table, the new sites, the days and the costs as one workbook."""
    sheets: list[tuple[str, Sequence[Column], list[Mapping[str, Cell]]]] = [
        ("sheet", COLUMNS, [cells_of(row, lang) for row in comparison.rows]),
        (
            "sheet.new",
            NEW_SITE_COLUMNS,
            [new_site_cells(new, comparison, lang) for new in comparison.new_sites],
        ),
        (
            "spread",
            SPREAD_COLUMNS,
            [
                spread_cells(row, comparison, lang)
                for row in comparison.rows
                if comparison.by_day and row.way == "plan"
            ],
        ),
        ("by_day", DAY_COLUMNS, [cells_of(row, lang) for row in comparison.by_day]),
        ("costs", COST_COLUMNS, [cost_cells(row, lang) for row in comparison.rows if row.cost_cny]),
    ]
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": word("title", lang)})
        for key, columns, rows in sheets:
            if rows:
                _fill(book, word(key, lang), columns, rows, lang)


def _fill(
    book: Workbook,
    name: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Cell]],
    lang: Lang,
) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format(
        {"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "text_wrap": True,
         "font_name": _FONT[lang]}
    )  # fmt: skip
    sheet.set_row(0, 32)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, label(column, lang), head)
    styles = [_style(book, column, lang) for column in columns]
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            cell = row[column.key]
            if cell is None:
                sheet.write_blank(number, at, None, styles[at])
            elif isinstance(cell, str):
                sheet.write_string(number, at, cell, styles[at])
            else:
                sheet.write_number(number, at, cell, styles[at])
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _style(book: Workbook, column: Column, lang: Lang) -> Format:
    digits = "." + "0" * column.decimals if column.decimals else ""
    formats = {"share": f"0{digits}%", "number": f"#,##0{digits}", "text": "@"}
    return book.add_format({"num_format": formats[column.kind], "font_name": _FONT[lang]})


def _csv_text(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA_MARKS) else cell
    return f"{cell:.4f}" if column.kind == "share" else f"{cell:.{column.decimals}f}"
