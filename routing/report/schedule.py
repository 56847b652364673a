"""The schedule as files: one workbook and one CSV a table.

Owns how cells are written. What comes from an input is always text: a cell that begins with
``= + - @`` is never a formula.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from routing.report.clock import DAY_S, Lang, day_prefix, moment
from routing.report.tables import Cell, Column, Table
from routing.report.words import word

# OWASP "CSV Injection": a spreadsheet may run a cell that begins with one of these.
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
_FONT = {"zh": "微软雅黑", "en": "Calibri"}


def write_csv(table: Table, path: Path, service_date: str, lang: Lang) -> None:
    """Write a table as UTF-8 CSV with BOM; times as ``2026-11-23 08:05:00``, spans ``0:08:30``."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_names(table, lang))
        for row in table.rows:
            writer.writerow(
                _csv_text(cell, column, service_date)
                for cell, column in zip(row, table.columns, strict=True)
            )


def write_workbook(
    tables: Sequence[Table], path: Path, *, title: str, service_date: str, lang: Lang
) -> None:
    """Write the tables as one workbook, a sheet each, ready to read, filter and print."""
    with xlsxwriter.Workbook(path, {"default_date_format": "hh:mm:ss"}) as book:
        book.set_properties({"title": title, "subject": service_date})
        styles = _Styles(book, lang)
        for table in tables:
            sheet = book.add_worksheet(word(f"table.{table.key}", lang))
            _fill_sheet(sheet, table, styles, service_date, lang)
            _set_up_print(sheet, table, title, lang)


class _Styles:
    """The formats of one workbook."""

    def __init__(self, book: Workbook, lang: Lang) -> None:
        self._book = book
        self._lang: Lang = lang
        self._known: dict[tuple[str, bool], Format] = {}
        self.head = self._make(
            {"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "text_wrap": True}
        )

    def cell(self, num_format: str, *, is_text: bool) -> Format:
        """Format of a body cell."""
        key = (num_format, is_text)
        if key not in self._known:
            shape = {"num_format": num_format, "bottom": 1, "bottom_color": "#D9DEE6"}
            self._known[key] = self._make({**shape, "text_wrap": is_text})
        return self._known[key]

    def _make(self, shape: dict[str, object]) -> Format:
        font = {"font_name": _FONT[self._lang], "font_size": 10, "valign": "vcenter"}
        return self._book.add_format({**font, **shape})


def _fill_sheet(
    sheet: Worksheet, table: Table, styles: _Styles, service_date: str, lang: Lang
) -> None:
    for idx, column in enumerate(table.columns):
        sheet.set_column(idx, idx, column.width)
    sheet.set_row(0, 30)
    for idx, name in enumerate(_names(table, lang)):
        sheet.write_string(0, idx, name, styles.head)
    for row_idx, row in enumerate(table.rows, start=1):
        for idx, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            _write_cell(sheet, row_idx, idx, cell, column, styles, service_date, lang)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(1, len(table.rows)), len(table.columns) - 1)


def _write_cell(
    sheet: Worksheet,
    row: int,
    idx: int,
    cell: Cell,
    column: Column,
    styles: _Styles,
    service_date: str,
    lang: Lang,
) -> None:
    style = styles.cell(_number_format(cell, column, lang), is_text=column.kind == "text")
    if cell is None:
        sheet.write_blank(row, idx, None, style)
    elif isinstance(cell, str):
        sheet.write_string(row, idx, cell, style)
    elif column.kind == "time":
        sheet.write_datetime(row, idx, moment(service_date, cell), style)
    elif column.kind == "span" and cell >= 0:
        sheet.write_number(row, idx, cell / DAY_S, style)
    elif column.kind == "span":
        # Excel cannot show a negative duration: it fills the cell with #.
        sheet.write_string(row, idx, _span_text(cell), style)
    else:
        sheet.write_number(row, idx, cell, style)


def _number_format(cell: Cell, column: Column, lang: Lang) -> str:
    if column.kind == "time" and cell is not None and not isinstance(cell, str):
        prefix = day_prefix(int(cell // DAY_S), lang)
        return f'"{prefix}"hh:mm:ss' if prefix else "hh:mm:ss"
    decimals = "." + "0" * column.decimals if column.decimals else ""
    return {"span": "[h]:mm:ss", "share": "0%", "number": "0" + decimals}.get(column.kind, "@")


def _set_up_print(sheet: Worksheet, table: Table, title: str, lang: Lang) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    # An ampersand starts a code in headers; doubled it is itself.
    safe_title = title.replace("&", "&&")
    sheet.set_header(f"&L{safe_title}&R{word(f'table.{table.key}', lang)}")
    sheet.set_footer(f"&C{word('table.page', lang)}")


def _names(table: Table, lang: Lang) -> list[str]:
    return [word(f"column.{column.key}", lang) for column in table.columns]


def _csv_text(cell: Cell, column: Column, service_date: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA_MARKS) else cell
    if column.kind == "time":
        return moment(service_date, cell).strftime("%Y-%m-%d %H:%M:%S")
    if column.kind == "span":
        return _span_text(cell)
    if column.kind == "share":
        return f"{cell:.3f}"
    return f"{cell:.{column.decimals}f}"


def _span_text(span_s: float) -> str:
    whole_s = round(abs(span_s))
    sign = "-" if span_s < 0 and whole_s else ""
    return f"{sign}{whole_s // 3600}:{whole_s % 3600 // 60:02d}:{whole_s % 60:02d}"
