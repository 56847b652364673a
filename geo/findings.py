"""What a reader of geographic files could not take as it stood.

Owns one value, shaped like ``routing.errors.Fault`` so that a reader there can map it. Does not
know any file format.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Weight = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a file that was not understood or not taken as it stood.

    Attributes:
        weight: ``error`` when the feature was left out, ``warning`` when it was read on the safe
            side (always active, unbounded, prohibited).
        code: stable name of what is wrong, e.g. ``airspace.limit``.
        file: the file as the user named it.
        place: where in the file: ``feature 3 (EDR-12)``, ``line 40``.
        field: the key, empty when the finding is not about one.
        rule: what is required; found: what was found; action: what was done or is to be done.
    """

    weight: Weight
    code: str
    file: str
    place: str
    field: str
    rule: str
    found: str
    action: str

    def __str__(self) -> str:
        """The finding as one line: file: place: field: rule; found; action."""
        where = ": ".join(part for part in (self.file, self.place, self.field) if part)
        return f"{where}: {self.rule}; found {self.found}; {self.action} [{self.code}]"


class Findings:
    """Findings of one file, gathered while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Finding] = []

    def error(
        self, code: str, place: str, field: str, *, rule: str, found: object, action: str
    ) -> None:
        """Note something for which a feature is left out."""
        self._add("error", code, place, field, rule, found, action)

    def warn(
        self, code: str, place: str, field: str, *, rule: str, found: object, action: str
    ) -> None:
        """Note something that was read on the safe side."""
        self._add("warning", code, place, field, rule, found, action)

    def _add(
        self, weight: Weight, code: str, place: str, field: str, rule: str, found: object,
        action: str,
    ) -> None:  # fmt: skip
        text = found if isinstance(found, str) else repr(found)
        shown = text if len(text) <= 80 else text[:77] + "..."
        self.found.append(Finding(weight, code, self.file, place, field, rule, shown, action))
