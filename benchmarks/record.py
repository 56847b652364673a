"""What a run leaves behind: one table on the screen, a CSV, a picture, with versions and commit.

Owns ``Row`` and the files in ``benchmarks/results``. Does not know suites or solvers.
"""

from __future__ import annotations

import csv
import importlib.metadata
import io
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.launch import ENVIRONMENT, PINNED, ROOT
from routing.whole_file import write_whole

RESULTS = ROOT / "benchmarks" / "results"


@dataclass(slots=True)
class Row:
    """One solver on one instance with one seed.

    Attributes:
        served, orders: orders flown of all; stat, urgent, routine: left out by tier.
        lateness_min, cost, flight, sorties, drones: the objective's terms (cost in the suite's
            unit: seconds for own days and common ground, the published unit for literature).
        bound: proven lower bound of the cost, or of what ``bound_of`` says; gap: as a share.
        known: published value; known_gap: cost over it, as a share.
        first_s: seconds until the first whole plan; wall_s: of the solve; limit_s: allowed.
        broken: rules broken, counted; over_battery: share of sorties that break R4.
        remark: what this solver was not given, or why there is no answer.
        progress: (seconds, cost) of better plans.
        facts: commit, machine, versions and limits it was measured with.
    """

    suite: str
    instance: str
    solver: str
    seed: int
    limit_s: float
    served: int | None = None
    orders: int | None = None
    stat: int | None = None
    urgent: int | None = None
    routine: int | None = None
    lateness_min: float | None = None
    cost: float | None = None
    flight: float | None = None
    sorties: int | None = None
    drones: int | None = None
    bound: float | None = None
    gap: float | None = None
    known: float | None = None
    known_gap: float | None = None
    first_s: float | None = None
    wall_s: float | None = None
    broken: str = ""
    over_battery: float | None = None
    peak_mb: float | None = None
    remark: str = ""
    progress: list[tuple[float, float]] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, int, float]:
        """What tells the runs of a suite apart."""
        return (self.instance, self.solver, self.seed, self.limit_s)


Done = frozenset[tuple[str, str, int, float]]
"""Keys of rows that are there already."""

COLUMNS: tuple[tuple[str, str], ...] = (
    ("instance", "instance"),
    ("solver", "solver"),
    ("seed", "seed"),
    ("served", "served"),
    ("lateness_min", "late min"),
    ("cost", "cost"),
    ("sorties", "sorties"),
    ("drones", "drones"),
    ("bound", "bound"),
    ("gap", "gap %"),
    ("known_gap", "to known %"),
    ("first_s", "first s"),
    ("wall_s", "wall s"),
    ("peak_mb", "MB"),
    ("broken", "broken rules"),
    ("over_battery", "over battery %"),
    ("remark", "remark"),
)
SHARES = frozenset({"gap", "known_gap", "over_battery"})


def _text(row: Row, name: str) -> str:
    value = getattr(row, name)
    if value is None:
        return ""
    if name == "served" and row.orders is not None:
        return f"{value}/{row.orders}"
    if name in SHARES:
        return f"{100 * value:.2f}"
    return f"{value:,.1f}" if isinstance(value, float) else str(value)


def print_table(rows: Sequence[Row], title: str) -> None:
    """One table; columns that no row fills are left out."""
    table = Table(title=title, header_style="bold")
    shown = [(name, head) for name, head in COLUMNS if any(_text(row, name) for row in rows)]
    for name, head in shown:
        is_word = name in ("instance", "solver", "broken", "remark")
        table.add_column(head, justify="left" if is_word else "right", overflow="fold")
    for row in rows:
        table.add_row(*(_text(row, name) for name, _ in shown))
    Console(width=None if Console().is_terminal else 220).print(table)


def read_results(name: str, folder: Path = RESULTS) -> list[Row]:
    """The rows of an earlier run of that name; none when there was none."""
    path = folder / f"{name}.json"
    if not path.exists():
        return []
    record = json.loads(path.read_text(encoding="utf-8"))
    # Files from before rows had facts of their own have them once for all.
    return [Row(**{"facts": record["facts"], **row}) for row in record["rows"]]


def write_results(
    rows: Sequence[Row], name: str, *, folder: Path = RESULTS, has_picture: bool = True
) -> tuple[Path, ...]:
    """Write ``name.csv``, ``name.json`` (with progress, versions, commit) and the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = [f.name for f in fields(Row) if f.name not in ("progress", "facts")]
    named = tuple(dict.fromkeys(fact for row in rows for fact in row.facts))
    csv_path, json_path = folder / f"{name}.csv", folder / f"{name}.json"
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*plain, *named])
    for row in rows:
        writer.writerow(
            [*(getattr(row, f) for f in plain), *(row.facts.get(fact, "") for fact in named)]
        )
    # Whole or not at all: a run that is stopped keeps what it has measured.
    write_whole(csv_path, text.getvalue())
    facts = {
        fact: ", ".join(dict.fromkeys(row.facts.get(fact, "") for row in rows)) for fact in named
    }
    record = {"facts": facts, "rows": [asdict(row) for row in rows]}
    write_whole(json_path, json.dumps(record, indent=1, ensure_ascii=False))
    if not has_picture or not (ENVIRONMENT / "bin" / "python").exists():
        return csv_path, json_path
    pictures = (folder / f"{name}.svg", folder / f"{name}.png")
    # The peers' environment has matplotlib (PyVRP needs it); the program's has not.
    drawn = subprocess.run(
        [ENVIRONMENT / "bin" / "python", "-m", "benchmarks.draw", json_path, *pictures],
        cwd=ROOT, check=False,
    )  # fmt: skip
    return (csv_path, json_path, *(pictures if drawn.returncode == 0 else ()))


def gather_facts() -> dict[str, str]:
    """Commit, machine and versions of a run."""

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, text=True, check=False
        )
        return done.stdout.strip()

    commit = git("rev-parse", "--short", "HEAD") or "unknown"
    is_dirty = bool(git("status", "--porcelain", "--", "routing", "geo", "benchmarks"))
    ours = {name: importlib.metadata.version(name) for name in ("numba", "numpy", "ortools")}
    return {
        "commit": commit + ("+changes" if is_dirty else ""),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {_cpu_count()} cores",
        "ours": " ".join(f"{name}=={version}" for name, version in ours.items()),
        "peers": " ".join(PINNED),
    }


def _cpu_count() -> int:

    return os.cpu_count() or 1
