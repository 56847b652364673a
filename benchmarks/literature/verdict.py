"""What a judge says about an answer, and published values."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

Routes = tuple[tuple[tuple[int, ...], ...], ...]
"""Vehicle -> trips in order of time -> nodes in order of visit, the depot left out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Cost recomputed from the raw file, and every rule that the answer breaks.

    Attributes:
        cost: in the unit of the published values; vehicles, trips: used.
        faults: one sentence each, empty when the answer is feasible.
    """

    cost: float
    vehicles: int
    trips: int
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """Published values of one instance and objective; ``lower`` equals ``upper`` when proven."""

    upper: float
    lower: float | None
    vehicles: int | None = None


def read_rows(path: Path) -> list[dict[str, str]]:
    """Rows of a ``bks.csv``."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def missing_faults(routes: Routes, nodes: range) -> list[str]:
    """Nodes visited never or more than once."""
    visits = [node for trips in routes for trip in trips for node in trip]
    return [
        f"node {node} is visited {visits.count(node)} times"
        for node in nodes
        if visits.count(node) != 1
    ]
