"""Writes the result tables of ``benchmarks/README.md``: ``python -m benchmarks.table``.

Owns what is shown of the result files, between two marks in the page; a test holds page and files
together. Knows only the CSV of ``benchmarks.record``. Several seeds become their median; of broken
rules the worst run is told, so that none is hidden.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import mean, median

from benchmarks.launch import ROOT
from benchmarks.record import RESULTS

PAGE = ROOT / "benchmarks" / "README.md"
START = "<!-- results: written by python -m benchmarks.table -->"
END = "<!-- end of results -->"
REACHED = 1e-6
"""A plan this near a published or proven value, as a share, has reached it."""

Record = dict[str, str]
Group = Sequence[Record]


def main() -> None:
    """Write the tables into the page."""
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(insert_tables(text, render_tables(RESULTS)), encoding="utf-8")


def insert_tables(page: str, tables: str) -> str:
    """The page with the tables between its marks.

    Raises:
        ValueError: the page has no marks.
    """
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        raise ValueError(f"there must be {START} and {END} in the page")
    return f"{before}{START}\n\n{tables}\n{END}{after}"


def render_tables(folder: Path) -> str:
    """All tables of the result files in a folder, as markdown."""
    files = {path.stem: _read(path) for path in sorted(folder.glob("*.csv"))}
    parts = []
    for suite, head, render in SUITES:
        mine = {name: rows for name, rows in files.items() if rows and rows[0]["suite"] == suite}
        if mine:
            notes = "; ".join(_note(name, rows) for name, rows in mine.items())
            rows = [row for found in mine.values() for row in found]
            parts.append(f"### {head}\n\n{notes}.\n\n{render(rows)}")
    return "\n".join(parts)


def _read(path: Path) -> list[Record]:
    """The rows of a result file; none where the file is no suite's."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if "suite" in row]


def _note(name: str, rows: Group) -> str:
    """What a file was run with."""

    def all_of(key: str) -> str:
        return ", ".join(dict.fromkeys(row[key] for row in rows))

    limits = ", ".join(dict.fromkeys(f"{float(row['limit_s']):g} s" for row in rows))
    return f"`{name}`: {limits}, seeds {all_of('seed')}, commit {all_of('commit')}, " + all_of(
        "machine"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _grouped(rows: Group, *keys: str) -> dict[tuple[str, ...], list[Record]]:
    groups: dict[tuple[str, ...], list[Record]] = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def _numbers(rows: Group, key: str) -> list[float]:
    return [float(row[key]) for row in rows if row.get(key)]


def _middle(rows: Group, key: str, form: Callable[[float], str]) -> str:
    """The median of a column, a dash where no row fills it."""
    found = _numbers(rows, key)
    return form(median(found)) if found else "-"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _tenth(value: float) -> str:
    return f"{value:,.1f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f}"


def _days(rows: Group) -> str:
    """One line a day and solver: own days and common ground."""
    heads = (
        "day", "solver", "s", "runs", "served", "cost", "sorties", "first s", "bound", "gap %",
        "broken rules", "over battery %",
    )  # fmt: skip
    lines = []
    smallest_first = sorted(rows, key=lambda row: (int(row["orders"]), row["instance"]))
    for (day, solver, limit, orders), group in _grouped(
        smallest_first, "instance", "solver", "limit_s", "orders"
    ).items():
        solved = [row for row in group if row["cost"]]
        runs = str(len(group)) if len(solved) == len(group) else f"{len(solved)} of {len(group)}"
        lines.append([
            day, f"`{solver}`", f"{float(limit):g}", runs,
            f"{_middle(solved, 'served', _count)}/{orders}" if solved else f"0/{orders}",
            _middle(solved, "cost", _whole), _middle(solved, "sorties", _count),
            _middle(solved, "first_s", _tenth), _middle(solved, "bound", _whole),
            _middle(solved, "gap", _percent), _worst_broken(solved) if solved else "no answer",
            _middle(solved, "over_battery", _rounded_percent),
        ])  # fmt: skip
    return _table(heads, lines)


def _count(value: float) -> str:
    return f"{value:g}"


def _rounded_percent(value: float) -> str:
    return f"{100 * value:.0f}"


def _worst_broken(rows: Group) -> str:
    """Each rule with the most times that one run broke it."""
    most: dict[str, int] = {}
    for row in rows:
        for word in row["broken"].split():
            rule, _, count = word.partition(":")
            most[rule] = max(most.get(rule, 0), int(count))
    return " ".join(f"{rule}:{count}" for rule, count in sorted(most.items())) or "none"


def _literature(rows: Group) -> str:
    """One line a set (and objective): how near the best known and how much is proven."""
    heads = (
        "set", "s", "instances", "runs", "feasible", "mean to best known %", "worst %", "worst at",
        "best known reached", "proven optimal", "vehicles as best known",
    )  # fmt: skip
    sets: dict[tuple[str, str], list[list[Record]]] = defaultdict(list)
    for (name, limit), group in _grouped(rows, "instance", "limit_s").items():
        kind, _, rest = name.partition("/")
        objective = rest.partition("/")[2]
        sets[f"{kind} {objective}".strip(), limit].append(group)
    return _table(heads, [_set_line(*key, groups) for key, groups in sorted(sets.items())])


def _set_line(name: str, limit: str, groups: Sequence[Group]) -> list[str]:
    gaps = {
        group[0]["instance"]: median(found)
        for group in groups
        if (found := _numbers([row for row in group if not row["broken"]], "known_gap"))
    }
    known = {group[0]["instance"]: group[0]["known"] for group in groups}
    reached = [one for one, gap in gaps.items() if gap <= REACHED + _rounding(known[one])]
    proven = [group for group in groups if (gap := _numbers(group, "gap")) and min(gap) <= REACHED]
    rows = [row for group in groups for row in group]
    worst = max(gaps, key=lambda instance: gaps[instance], default="-")
    fleets = [fleet for group in groups if (fleet := _vehicles(group)) is not None]
    return [
        name, f"{float(limit):g}", str(len(groups)), str(len(rows)),
        str(sum(not row["broken"] for row in rows)),
        f"{100 * mean(gaps.values()):.2f}" if gaps else "-",
        f"{100 * gaps[worst]:.2f}" if gaps else "-", worst.partition("/")[2] or "-",
        f"{len(reached)} of {len(gaps)}",
        f"{len(proven)} of {len(groups)}",
        f"{sum(fleets)} of {len(fleets)}" if fleets else "-",
    ]  # fmt: skip


def _rounding(published: str) -> float:
    """What a published value may be off by, as a share of it: half a unit of its last digit."""
    return 0.5 * 10.0 ** -len(published.partition(".")[2]) / max(1.0, float(published))


def _vehicles(group: Group) -> bool | None:
    """Whether the median run uses the best known number of vehicles, None where none is known."""
    found = [re.search(r"(\d+) vehicles, best known (\d+)", row["remark"]) for row in group]
    pairs = [(int(one[1]), int(one[2])) for one in found if one is not None]
    return median(used - known for used, known in pairs) <= 0 if pairs else None


def _growth(rows: Group) -> str:
    heads = ("orders", "s", "runs", "served", "first whole plan s", "memory MB", "cost")
    groups = _grouped(rows, "orders", "limit_s")
    lines = [
        [f"{int(orders):,}", f"{float(limit):g}", str(len(group)),
         _middle(group, "served", _whole), _middle(group, "first_s", _tenth),
         _middle(group, "peak_mb", _whole), _middle(group, "cost", _whole)]
        for (orders, limit), group in sorted(groups.items(), key=lambda item: int(item[0][0]))
    ]  # fmt: skip
    return _table(heads, lines)


SUITES: tuple[tuple[str, str, Callable[[Group], str]], ...] = (
    ("own", "Own days", _days),
    ("common", "Common ground", _days),
    ("literature", "Literature", _literature),
    ("growth", "Growth", _growth),
)

if __name__ == "__main__":
    main()
