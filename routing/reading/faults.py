"""Collecting faults while reading on, and the wording they share.

Owns the list that readers add to and the "did you mean" hint. Does not know any format.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from geo.findings import Finding
from routing.errors import Fault, InputError

SHOWN_LETTERS = 60


@dataclass(slots=True)
class FaultList:
    """Faults found so far; reading goes on after a fault so that all are told at once."""

    faults: list[Fault] = field(default_factory=list)

    def add(
        self,
        code: str,
        file: str,
        *,
        place: str = "",
        name: str = "",
        rule: str,
        found: object,
        action: str,
    ) -> None:
        """Add one fault; ``name`` is the column or key, ``found`` is shown shortened."""
        self.faults.append(Fault(code, file, place, name, rule, show(found), action))

    def add_finding(self, code: str, file: str, finding: Finding) -> None:
        """Add what a reader of ``geo`` found wrong in a file; it is shown as it was found."""
        self.add(
            code,
            file,
            place=finding.place,
            name=finding.field,
            rule=finding.rule,
            found=Phrase(finding.found),
            action=finding.action,
        )

    def __len__(self) -> int:
        return len(self.faults)

    def raise_any(self) -> None:
        """Raise all faults as one ``InputError`` when there are any, each told once."""
        if self.faults:
            raise InputError(dict.fromkeys(self.faults))


def show(found: object) -> str:
    """A found value as a short, single-line text; text in quotes unless it is a phrase of ours."""
    text = found if isinstance(found, Phrase) else repr(found)
    if isinstance(found, str) and not isinstance(found, Phrase):
        text = f"'{found}'" if found else "nothing"
    text = " ".join(str(text).split())
    return text if len(text) <= SHOWN_LETTERS * 3 else text[: SHOWN_LETTERS * 3 - 3] + "..."


class Phrase(str):
    """A found value that is our own words, so it is shown without quotes."""

    __slots__ = ()


def did_you_mean(word: str, known: Iterable[str], otherwise: str, *, max_listed: int = 12) -> str:
    """A hint naming the closest known word, or else a short list of all, or ``otherwise``."""
    words = sorted(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{close[0]}'?"
    if 0 < len(words) <= max_listed:
        return f"use one of {', '.join(words)}"
    return otherwise
