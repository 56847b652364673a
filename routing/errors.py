"""Faults in what a user gave us: one value a fault, one error for all of them.

Owns how a fault is worded and ordered. Does not know any file format.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in an input.

    Attributes:
        code: stable name of the rule that was broken, e.g. ``orders.unknown-site``.
        file: the file as the user named it.
        place: where in the file: ``row 7``, ``line 12, column 3``, or empty for the whole file.
        field: the column or key, empty when the fault is not about one.
        rule: what is required, with its limit and unit.
        found: the value that was found.
        action: what to do about it.
    """

    code: str
    file: str
    place: str
    field: str
    rule: str
    found: str
    action: str

    def __str__(self) -> str:
        """The fault as one line: file: place: field: rule; found; action."""
        where = ": ".join(part for part in (self.file, self.place, self.field) if part)
        return f"{where}: {self.rule}; found {self.found}; {self.action} [{self.code}]"


class InputError(Exception):
    """Everything that is wrong in the inputs of one run, all faults at once."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        if not self.faults:
            raise ValueError("an InputError needs at least one fault")
        super().__init__("\n".join(str(fault) for fault in self.faults))
