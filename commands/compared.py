"""Scenarios planned, compared and written: what ``magpie whatif`` does with them, chosen or named.

Reads the cost model, calls, tells progress. No domain logic; imports the planner, which takes
seconds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commands.given import cache_folder, is_synthetic, open_folder
from routing.demand_file import DemandModel
from routing.network import Network
from routing.reading.faults import FaultList
from routing.reading.network import MAIN_FILE
from routing.reading.yaml_text import parse_yaml
from routing.whatif.comparison import Comparison, compare
from routing.whatif.costs import read_costs
from routing.whatif.files import write_comparison
from routing.whatif.scenario import BASE, Scenario
from routing.whatif.sharing import share_plans
from routing.whatif.sweep import Day, run_scenarios
from routing.whatif.task import Effort
from routing.whatif.words import word


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison, the files it was written to, and whether its orders are made up."""

    comparison: Comparison
    files: tuple[Path, ...]
    is_synthetic: bool


def compare_and_write(
    arguments: argparse.Namespace,
    network: Network,
    days: Sequence[Day],
    scenarios: Sequence[Scenario],
    demand: DemandModel | None,
    effort: Effort,
) -> Compared:
    """Plan every scenario on every day, compare, write; the base comes first among them."""
    costs_file = _costs_file(arguments)
    costs = None if costs_file is None else read_costs(costs_file)
    out = out_folder(arguments)
    runs = []
    for done in run_scenarios(
        network,
        days,
        scenarios,
        demand,
        effort=effort,
        costs=costs,
        folder=out / "results",
        workers=arguments.workers,
        cluster=arguments.cluster,
        cache_dir=cache_folder(arguments),
    ):
        runs.append(done)
        _tell(len(runs), len(days) * len(scenarios), done.scenario.name, arguments)
    runs = share_plans(runs, BASE.name, costs)
    comparison = compare(runs, scenarios, network, demand)
    synthetic = bool(arguments.seeds) or any(is_synthetic(path) for path in arguments.orders)
    files = write_comparison(
        out, network, runs, scenarios, comparison, costs, arguments.lang, is_synthetic=synthetic
    )
    return Compared(comparison, files, synthetic)


def out_folder(arguments: argparse.Namespace) -> Path:
    """Where to write, made when missing; a folder that cannot be written is told at once."""
    out: Path = arguments.out or Path("out") / f"{arguments.network.resolve().name}-whatif"
    open_folder(out)
    return out


def _costs_file(arguments: argparse.Namespace) -> Path | None:
    """The cost model asked for, else the catalogue's, else none."""
    if arguments.costs is not None:
        return Path(arguments.costs)
    main = arguments.network / MAIN_FILE
    source = parse_yaml(main.read_bytes(), str(main), FaultList())
    catalogue = str(source.values.get("catalogue", "../catalogue")) if source else "../catalogue"
    path = arguments.network / catalogue / "costs.yaml"
    return path if path.exists() else None


def _tell(done: int, total: int, name: str, arguments: argparse.Namespace) -> None:
    """Progress as a line on standard error; nothing when piped or told to be quiet."""
    if sys.stderr.isatty() and not arguments.json:
        text = word("console.done", arguments.lang, done=done, total=total)
        print(f"{text}: {name}", file=sys.stderr)
