"""A timetable of standing collections, expanded to one day's orders file.

Owns the format, one standing collection a row::

    id,days,time,origin,destination,product,quantity,mass_kg,slots,tier,valid_from,valid_until,note

``days`` is ``daily``, ``Mon-Fri``, ``Mon;Wed;Sat``, ``1-5`` (1 is Monday) or 周一至周五; ``time`` a
clock time at which the goods are ready (and specimens collected); ``valid_from`` and
``valid_until`` are dates, both included. The other columns are those of an orders file. A row
becomes the order ``<id>-<MMDD>``; several times joined with ``;`` become ``<id>-<MMDD>-<n>``.

Does not know legs or plans.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from routing.network import Network
from routing.orders import Order
from routing.reading.cells import RowReader
from routing.reading.clock import format_clock
from routing.reading.day import parse_day
from routing.reading.faults import FaultList, Phrase
from routing.reading.moments import parse_moment
from routing.reading.order_file import ORDER_COLUMNS, TIMETABLE_COLUMNS
from routing.reading.orders import orders_in
from routing.reading.tables import Cell, Row, Table, read_table
from routing.whole_file import write_whole

OrderRow = Mapping[str, str]
_CARRIED = ("origin", "destination", "product", "quantity", "mass_kg", "slots", "tier", "note")
WRITTEN_COLUMNS = (
    "id", "origin", "destination", "product", "quantity", "mass_kg", "slots", "collected", "ready",
    "tier", "note",
)  # fmt: skip
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CHINESE = ("一", "二", "三", "四", "五", "六", "日")


def timetable_rows(path: Path, network: Network, date: str) -> tuple[OrderRow, ...]:
    """The rows of the orders file of one day, in order of time.

    Args:
        path: the timetable.
        network: its sites and products are what rows may name.
        date: ISO date to expand.

    Raises:
        InputError: everything that is wrong in the timetable, also on other days' rows.
    """
    return tuple(row for row, _ in _expand(path, network, date))


def expand_timetable(path: Path, network: Network, date: str) -> tuple[Order, ...]:
    """The orders of one day, as ``read_orders`` would read them from the expanded file.

    Raises:
        InputError: everything that is wrong in the timetable.
    """
    return tuple(order for _, order in _expand(path, network, date))


def write_orders(rows: Iterable[OrderRow], path: Path) -> None:
    """Write an orders file (CSV, UTF-8 with BOM for Excel), aside first and then renamed."""
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.DictWriter(text, WRITTEN_COLUMNS, restval="", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    write_whole(Path(path), text.getvalue())


def parse_days(text: str) -> frozenset[int]:
    """Weekdays (Monday is 0) of ``daily``, ``Mon-Fri``, ``Mon;Wed``, ``1-5``, 周一至周五.

    Raises:
        ValueError: a word is no weekday.
    """
    word = text.strip().lower()
    if word in ("daily", "每天", "每日"):
        return frozenset(range(7))
    days: set[int] = set()
    for part in re.split(r"[;,；，、\s]+", word):
        ends = [_weekday(end) for end in re.split(r"\s*[-–~～至到]\s*", part)]
        if len(ends) > 2:
            raise ValueError("must be days such as Mon-Fri, Mon;Wed or daily")
        first, last = ends[0], ends[-1]
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(days)


def _weekday(word: str) -> int:
    name = re.sub(r"^(周|星期|礼拜)", "", word.strip()).replace("天", "日")
    if name in _CHINESE:
        return _CHINESE.index(name)
    if re.fullmatch(r"[1-7]", name):
        return int(name) - 1
    if name[:3] in _ENGLISH and name.isalpha():
        return _ENGLISH.index(name[:3])
    raise ValueError("must be days such as Mon-Fri, Mon;Wed or daily")


def _expand(path: Path, network: Network, date: str) -> list[tuple[OrderRow, Order]]:
    """Rows and orders of the day; rows of other days are checked as well, then dropped."""
    faults = FaultList()
    table = read_table(Path(path), TIMETABLE_COLUMNS, faults)
    day = parse_day(date, faults)
    if day is None:
        faults.raise_any()
        raise AssertionError("a date that is none has a fault")
    network = replace(network, date=date)
    expanded: list[tuple[Row, bool]] = []
    seen: dict[str, str] = {}
    for row in table.rows if table is not None else ():
        expanded += _expand_row(RowReader(row, str(path), faults), day, seen)
    file = Table(str(path), tuple(row for row, _ in expanded), frozenset(ORDER_COLUMNS.optional))
    orders = orders_in(file, network, faults)
    faults.raise_any()
    # Without faults there is one order for each row.
    flown = [
        (_as_text(row), order)
        for (row, is_flown), order in zip(expanded, orders, strict=True)
        if is_flown
    ]
    return sorted(flown, key=lambda pair: (pair[1].ready_s, pair[1].id))


def _expand_row(
    cells: RowReader, day: datetime.date, seen: dict[str, str]
) -> list[tuple[Row, bool]]:
    """The order rows of one standing collection and whether they fly on the day."""
    row_id = cells.text("id", required=True)
    if row_id and row_id in seen:
        cells.fault(
            "timetable.duplicate-id",
            "id",
            rule="an id must stand once",
            found=Phrase(f"'{row_id}' again, first in {seen[row_id]}"),
            action="give one of them another id",
        )
        return []
    seen[row_id] = cells.row.place
    days = _days(cells)
    times = _times(cells, day)
    first = _date(cells, "valid_from", datetime.date.min)
    last = _date(cells, "valid_until", datetime.date.max)
    if first > last:
        cells.fault(
            "timetable.valid-backwards",
            "valid_until",
            rule=f"must not be before valid_from, {first}",
            found=Phrase(str(last)),
            action="swap the two",
        )
    is_flown = day.weekday() in days and first <= day <= last
    rows: list[tuple[Row, bool]] = []
    for idx, time_s in enumerate(times, start=1):
        suffix = f"-{idx}" if len(times) > 1 else ""
        carried = {name: cells.row.cells.get(name, "") for name in _CARRIED}
        order: dict[str, Cell] = {
            **carried,
            "id": f"{row_id}-{day:%m%d}{suffix}" if row_id else "",
            "collected": format_clock(time_s),
            "ready": format_clock(time_s),
        }
        rows.append((Row(cells.row.number, order), is_flown))
    return rows


def _days(cells: RowReader) -> frozenset[int]:
    text = cells.text("days", required=True)
    if not text:
        return frozenset()
    try:
        return parse_days(text)
    except ValueError as error:
        cells.fault(
            "timetable.bad-days", "days", rule=str(error), found=text, action="rewrite the days"
        )
        return frozenset()


def _times(cells: RowReader, day: datetime.date) -> Sequence[int]:
    text = cells.text("time", required=True)
    if not text:
        return ()
    cell = cells.row.cells["time"]
    parts: Sequence[Cell] = (
        [part for part in re.split(r"[;；]", cell) if part.strip()]
        if isinstance(cell, str)
        else [cell]
    )
    try:
        times = [parse_moment(part, day) for part in parts]
        if any(time_s < 0 for time_s in times):
            raise ValueError("must be a clock time such as 08:15")
    except ValueError as error:
        cells.fault(
            "timetable.bad-time", "time", rule=str(error), found=text, action="rewrite the time"
        )
        return ()
    return times


def _date(cells: RowReader, column: str, otherwise: datetime.date) -> datetime.date:
    text = cells.text(column)
    if not text:
        return otherwise
    cell = cells.row.cells[column]
    if isinstance(cell, datetime.datetime):
        return cell.date()
    if isinstance(cell, datetime.date):
        return cell
    try:
        return datetime.date.fromisoformat(text.replace("/", "-"))
    except ValueError:
        cells.fault(
            "timetable.bad-date",
            column,
            rule="must be a date such as 2026-11-23",
            found=text,
            action="rewrite the date",
        )
        return otherwise


def _as_text(row: Row) -> OrderRow:
    return {column: row.text(column) for column in WRITTEN_COLUMNS}
