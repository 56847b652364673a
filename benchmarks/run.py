"""The benchmark: ``python -m benchmarks.run --suite own`` prints one table and writes results.

Owns the command line. What a suite is stands in ``suite_own``, ``suite_shared``,
``suite_literature`` and ``suite_growth``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from rich.console import Console

from benchmarks import days, suite_growth, suite_literature, suite_own, suite_shared
from benchmarks.launch import ROOT, prepare_environment
from benchmarks.record import (
    RESULTS,
    Done,
    Row,
    gather_facts,
    print_table,
    read_results,
    write_results,
)

OWN = tuple(name for size in days.SIZES for name in days.names(size))
COMMON = tuple(
    f"{rule}-{size}-{seed}" for size in ("P28", "P238") for rule in ("C1", "C2", "C3")
    for seed in days.SEEDS
)  # fmt: skip


def main() -> None:
    """Run one suite."""
    given = _parse()
    prepare_environment()
    names = _choose(given)
    if not names:
        raise SystemExit(f"no instance of suite {given.suite} matches {given.instances}")
    console = Console(stderr=True)
    name = given.name or given.suite
    rows: list[Row] = read_results(name, given.results) if given.resume else []
    if {row.suite for row in rows} - {given.suite}:
        raise SystemExit(f"{name} holds results of another suite: choose another --name")
    facts = gather_facts() | {"seconds": str(given.seconds)}
    done = frozenset(row.key for row in rows)
    console.print(f"{len(rows)} rows are kept", style="dim")
    for row in _rows(given, names, done):
        row.facts = facts
        rows.append(row)
        cost = f"{row.cost:,.1f}" if row.cost is not None else "-"
        console.print(
            f"{row.instance} {row.solver} seed {row.seed}: {row.served}/{row.orders} served, "
            f"cost {cost}, first {row.first_s}, broken [{row.broken}] {row.remark}",
            markup=False,
        )
        write_results(rows, name, folder=given.results, has_picture=False)
    print_table(rows, f"{given.suite}, {given.seconds:g} s, commit {facts['commit']}")
    for path in write_results(rows, name, folder=given.results):
        console.print(f"wrote {path}", markup=False)


def _rows(given: argparse.Namespace, names: list[str], done: Done) -> Iterator[Row]:
    seeds, seconds = given.seeds, given.seconds
    if given.suite == "own":
        chosen = given.solvers or list(suite_own.SOLVERS)
        return suite_own.run_own(names, seeds, seconds, chosen, done)
    if given.suite == "common":
        chosen = given.solvers or list(suite_shared.SOLVERS)
        return suite_shared.run_common(names, seeds, seconds, chosen, done)
    if given.suite == "literature":
        return suite_literature.run_literature(given.folder, names, seeds, seconds, done)
    return suite_growth.run_growth(names, seeds, seconds, done)


def _choose(given: argparse.Namespace) -> list[str]:
    """Instances of the suite that match one of the patterns given, all when none is given."""
    listed: dict[str, tuple[str, ...]] = {
        "own": OWN,
        "common": COMMON,
        "growth": tuple(str(orders) for orders in suite_growth.ORDERS),
        "literature": (),
    }
    known = listed[given.suite]
    if given.suite == "literature":
        if not given.folder.is_dir():
            raise SystemExit(f"--folder {given.folder}: no such folder")
        known = tuple(suite_literature.list_instances(given.folder))
    if not given.instances:
        return list(known)
    return [name for name in known if any(fnmatch(name, word) for word in given.instances)]


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--suite", required=True, choices=["own", "common", "literature", "growth"])
    parser.add_argument("--instances", type=_words, default=[], metavar="NAME,…",
                        help="names or patterns, e.g. P28-*,P60t-1 or drp/*_10_*/R")  # fmt: skip
    parser.add_argument("--solvers", type=_words, default=[], metavar="NAME,…",
                        help=f"own: {', '.join(suite_own.SOLVERS)}; "
                        f"common: {', '.join(suite_shared.SOLVERS)}")  # fmt: skip
    parser.add_argument("--seeds", type=_numbers, default=[1], metavar="1,2,3",
                        help="seeds of the solvers (a day has its own in its name)")  # fmt: skip
    parser.add_argument("--seconds", type=float, default=60.0, help="wall time of each solve")
    parser.add_argument("--folder", type=Path, default=ROOT.parent / "shared" / "benchmarks",
                        help="public instances: drp/, mtvrptwr/, lilim/")  # fmt: skip
    parser.add_argument("--name", help="name of the result files; the suite's by default")
    parser.add_argument("--results", type=Path, default=RESULTS, metavar="DIR",
                        help="folder of the result files")  # fmt: skip
    parser.add_argument("--resume", action="store_true",
                        help="keep the rows that the result files have, run those that are missing "
                        "and add them: goes on with a stopped run, or runs day by day")  # fmt: skip
    return parser.parse_args()


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _numbers(text: str) -> list[int]:
    return [int(word) for word in _words(text)]


if __name__ == "__main__":
    main()
