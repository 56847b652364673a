"""Cells of a table row as numbers and words, with a fault for each that is not one.

Owns the wording of what is wrong with a cell. Does not know which table it is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from routing.reading.faults import FaultList, did_you_mean
from routing.reading.tables import Row


@dataclass(frozen=True, slots=True)
class RowReader:
    """Reads the cells of one row; every method returns None (or its default) after a fault.

    Attributes:
        row, file, faults: the row, where it stands, and where faults go.
    """

    row: Row
    file: str
    faults: FaultList

    def fault(self, code: str, column: str, *, rule: str, found: object, action: str) -> None:
        """Add a fault at this row; ``code`` is the full code."""
        self.faults.add(
            code,
            self.file,
            place=self.row.place,
            name=column,
            rule=rule,
            found=found,
            action=action,
        )

    def text(self, column: str, *, required: bool = False) -> str:
        """The cell as text."""
        text = self.row.text(column)
        if required and not text:
            self.fault(
                "table.empty-cell",
                column,
                rule="the cell must be filled",
                found="",
                action="fill it in",
            )
        return text

    def number(
        self, column: str, low: float, high: float, *, unit: str, required: bool = True
    ) -> float | None:
        """The cell as a finite number within bounds; None when empty and not required."""
        text = self.text(column, required=required)
        if not text:
            return None
        cell = self.row.cells[column]
        try:
            value = math.nan if isinstance(cell, bool) else float(text)
        except ValueError:
            value = math.nan
        rule = f"must be a number from {low:g} to {high:g}{' ' * bool(unit)}{unit}"
        if not math.isfinite(value):
            self.fault(
                "table.not-a-number",
                column,
                rule=rule,
                found=text,
                action="write digits with a point, without a unit",
            )
            return None
        if not low <= value <= high:
            self.fault(
                "table.out-of-range",
                column,
                rule=rule,
                found=text,
                action="check the value and its unit",
            )
            return None
        return value

    def whole(self, column: str, low: int, high: int, *, required: bool = True) -> int | None:
        """The cell as a whole number within bounds; None when empty and not required."""
        value = self.number(column, low, high, unit="", required=required)
        if value is None:
            return None
        if not value.is_integer():
            self.fault(
                "table.not-whole",
                column,
                rule="must be a whole number",
                found=self.text(column),
                action="round it",
            )
            return None
        return int(value)

    def choice(self, column: str, known: Iterable[str], text: str) -> str | None:
        """``text`` when it is one of the known words, else None with a fault."""
        words = tuple(known)
        if text in words:
            return text
        if text:
            self.fault(
                "table.bad-choice",
                column,
                rule=f"must be one of {', '.join(words)}",
                found=text,
                action=did_you_mean(text, words, "choose one", max_listed=0),
            )
        return None
