"""Tables as people save them: CSV in any usual dress, or the first sheet of a workbook.

Owns encodings, separators, header aliases, merged cells and row numbers. Does not know what the
columns mean.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from routing.reading.faults import FaultList, Phrase, did_you_mean
from routing.reading.text import decode, read_bytes

Cell = (
    str
    | int
    | float
    | bool
    | datetime.datetime
    | datetime.date
    | datetime.time
    | datetime.timedelta
)
_WORKBOOK_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns a table may have.

    Attributes:
        required, optional: names in our words.
        aliases: other heading -> our word; headings are compared in lower case without spaces.
        personal: headings that are refused because they hold persons' data.
    """

    required: tuple[str, ...]
    optional: tuple[str, ...]
    aliases: Mapping[str, str]
    personal: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file (the heading is usually row 1) and its cells by column."""

    number: int
    cells: Mapping[str, Cell]

    @property
    def place(self) -> str:
        """``row 7``."""
        return f"row {self.number}"

    def text(self, column: str) -> str:
        """A cell as trimmed text; whole numbers without a decimal point; empty when absent."""
        cell = self.cells.get(column, "")
        if isinstance(cell, float) and cell.is_integer():
            return str(int(cell))
        return str(cell).strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A table file: its name, its rows, and the comment lines (``#``) above its heading."""

    file: str
    rows: tuple[Row, ...]
    columns: frozenset[str]
    comments: tuple[str, ...] = ()


def read_table(path: Path, columns: Columns, faults: FaultList) -> Table | None:
    """Rows of a CSV, XLSX, XLS or ODS file, told apart by content; None when it has no heading."""
    content = read_bytes(path, faults)
    if content is None:
        return None
    return parse_table(content, str(path), columns, faults)


def parse_table(content: bytes, file: str, columns: Columns, faults: FaultList) -> Table | None:
    """The table in a file's bytes; None when it has no usable heading."""
    if content.startswith(_WORKBOOK_STARTS):
        lines, comments = _workbook_lines(content, file, faults), _NO_COMMENTS
    else:
        lines, comments = _csv_lines(content, file, faults)
    if lines is None:
        return None
    filled = [(number, cells) for number, cells in lines if any(_is_filled(c) for c in cells)]
    if not filled:
        faults.add(
            "table.no-heading",
            file,
            rule="the first row must name the columns",
            found=Phrase("no filled row"),
            action=f"start with {', '.join(columns.required)}",
        )
        return None
    names = _columns_of(filled[0], file, columns, faults)
    if names is None:
        return None
    if len(filled) == 1:
        faults.add(
            "table.no-rows",
            file,
            rule="there must be rows under the heading",
            found=Phrase("a heading only"),
            action="fill in at least one row",
        )
    rows = tuple(_row(number, cells, names, file, faults) for number, cells in filled[1:])
    return Table(file, rows, frozenset(name for name in names if name), comments)


Line = tuple[int, Sequence[Cell]]
_NO_COMMENTS: tuple[str, ...] = ()


def _is_filled(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _csv_lines(
    content: bytes, file: str, faults: FaultList
) -> tuple[list[Line] | None, tuple[str, ...]]:
    text = decode(content, file, faults)
    if text is None:
        return None, ()
    stream = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    comments: list[str] = []
    skipped, start = 0, 0
    separator = ""
    for line in stream:
        if line.startswith("#") or line.lower().startswith("sep=") or not line.strip(" ,;\t\n"):
            comments.append(line.strip().strip(",;\t"))
            skipped += 1
            start += len(line)
            separator = line.strip()[4:5] if line.lower().startswith("sep=") else separator
            continue
        separator = separator or max(",;\t，", key=line.count)
        break
    stream.seek(start)
    reader = csv.reader(stream, delimiter=separator or ",", strict=True, skipinitialspace=True)
    lines: list[Line] = []
    first = 1
    try:
        for cells in reader:
            lines.append((skipped + first, cells))
            first = reader.line_num + 1
    except csv.Error as error:
        faults.add(
            "table.syntax",
            file,
            place=f"row {skipped + first}",
            rule="quotes must come in pairs around a whole cell",
            found=Phrase(str(error)),
            action="fix the quotes in that row or save the sheet as CSV again",
        )
        return None, ()
    return lines, tuple(comments)


def _workbook_lines(content: bytes, file: str, faults: FaultList) -> list[Line] | None:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = workbook.get_sheet_by_index(0)
        lines: list[Line] = [
            (number, list(cells))
            for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1)
        ]
    except (CalamineError, IndexError) as error:
        faults.add(
            "table.broken-workbook",
            file,
            rule="a workbook must open",
            found=Phrase(str(error)),
            action="open it in Excel and save it again as .xlsx",
        )
        return None
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        faults.add(
            "table.merged-cells",
            file,
            place=f"row {top + 1}",
            rule="cells must not be merged: each row stands alone",
            found=Phrase(f"{_a1(top, left)}:{_a1(bottom, right)} merged on sheet {sheet.name!r}"),
            action="unmerge and fill every cell",
        )
    return lines


def _a1(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _heading(cell: Cell) -> str:
    """A heading as it is compared: lower case, no spaces, no unit in brackets, half width."""
    text = str(cell).replace("（", "(").replace("）", ")").replace("*", "").lower()
    return re.sub(r"\s+", "", re.sub(r"\([^)]*\)\s*$", "", text.strip()))


def _columns_of(
    line: Line, file: str, columns: Columns, faults: FaultList
) -> tuple[str, ...] | None:
    """Our word for each heading, empty for a blank one; None when a required one is missing."""
    number, cells = line
    known = (*columns.required, *columns.optional)
    names: list[str] = []
    num_before = len(faults)
    for cell in cells:
        heading = _heading(cell)
        name = columns.aliases.get(heading, heading)
        if heading in columns.personal:
            _add_personal(number, cell, file, faults)
            name = ""
        elif name and name not in known:
            faults.add(
                "table.unknown-column",
                file,
                place=f"row {number}",
                name=str(cell).strip(),
                rule="must be a known column",
                found=str(cell).strip(),
                action=did_you_mean(heading, known, "remove it or call it note"),
            )
        elif name and name in names:
            faults.add(
                "table.duplicate-column",
                file,
                place=f"row {number}",
                name=str(cell).strip(),
                rule="a column must stand once",
                found=Phrase(f"a second column '{name}'"),
                action="remove one of the two",
            )
        names.append(name)
    missing = [name for name in columns.required if name not in names]
    if missing:
        faults.add(
            "table.missing-column",
            file,
            place=f"row {number}",
            name=", ".join(missing),
            rule="the column must be there" if len(missing) == 1 else "the columns must be there",
            found=Phrase("no such heading" if len(faults) == num_before else "other headings"),
            action=f"add them; a full heading is {', '.join(known)}",
        )
    return None if missing else tuple(names)


def _add_personal(number: int, cell: Cell, file: str, faults: FaultList) -> None:
    faults.add(
        "table.personal-column",
        file,
        place=f"row {number}",
        name=str(cell).strip(),
        rule="no column may hold a person's name, number or address",
        found=str(cell).strip(),
        action="delete the column; orders carry ids only",
    )


def _row(
    number: int, cells: Sequence[Cell], names: Sequence[str], file: str, faults: FaultList
) -> Row:
    extra = [cell for cell in cells[len(names) :] if _is_filled(cell)]
    extra += [
        cell for cell, name in zip(cells, names, strict=False) if not name and _is_filled(cell)
    ]
    if extra and "" not in names:
        faults.add(
            "table.extra-cells",
            file,
            place=f"row {number}",
            rule=f"a row must have at most {len(names)} cells, as the heading",
            found=Phrase(f"{len(cells)} cells"),
            action="put text that holds a separator in quotes",
        )
    return Row(number, {name: cell for name, cell in zip(names, cells, strict=False) if name})
