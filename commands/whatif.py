"""``magpie whatif``: change something, plan again, see both side by side."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands import Exit
from commands.choose_options import asks_choice
from commands.given import is_synthetic, network_on, open_folder
from commands.whatif_options import CHANGES
from routing.demand_file import DemandModel, read_demand
from routing.errors import Fault, InputError
from routing.network import Network
from routing.reading.faults import FaultList
from routing.reading.network import MAIN_FILE, read_network
from routing.reading.orders import read_orders
from routing.reading.yaml_text import parse_yaml
from routing.whatif.one_liners import read_one_liners
from routing.whatif.scenario import BASE, Scenario, combine
from routing.whatif.scenario_file import read_scenarios
from routing.whatif.words import word

if TYPE_CHECKING:
    from routing.whatif.sweep import Day


def run(arguments: argparse.Namespace) -> Exit:
    """Compare the scenarios that the options name with the base."""
    network = network_on(arguments.network, arguments.date, arguments.wind_percentile)
    is_choice = asks_choice(arguments)
    scenarios = () if is_choice else (BASE, *_scenarios(arguments, network))
    demand = _demand(arguments, network)
    # Pulls in the planner, which takes seconds to import; faults in the input come before that.
    from routing.whatif.comparison import compare
    from routing.whatif.costs import read_costs
    from routing.whatif.files import facts_of, finding_text, write_comparison
    from routing.whatif.sharing import share_plans
    from routing.whatif.sweep import run_scenarios
    from routing.whatif.task import Effort

    days = _days(arguments, network, demand)
    if is_choice:
        # Pulls in the planner too.
        from commands.choose import answer

        return answer(arguments, network, days, demand)
    costs_file = _costs_file(arguments)
    costs = None if costs_file is None else read_costs(costs_file)
    out: Path = arguments.out or Path("out") / f"{arguments.network.resolve().name}-whatif"
    open_folder(out)
    effort = Effort(
        arguments.seed, arguments.iterations, arguments.time_limit, proves=arguments.bound
    )
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
    ):
        runs.append(done)
        _tell(len(runs), len(days) * len(scenarios), done.scenario.name, arguments)
    runs = share_plans(runs, BASE.name, costs)
    comparison = compare(runs, scenarios, network, demand)
    synthetic = bool(arguments.seeds) or any(is_synthetic(path) for path in arguments.orders)
    files = write_comparison(
        out, network, runs, scenarios, comparison, costs, arguments.lang, is_synthetic=synthetic
    )
    if arguments.json:
        facts = {"files": [str(file) for file in files], **facts_of(comparison)}
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        names = ", ".join(file.name for file in files)
        zh, en = finding_text(comparison, is_synthetic=synthetic).split("\n\n")
        print((zh if arguments.lang == "zh" else en).strip())
        print(word("console.wrote", arguments.lang, folder=out, files=names))
    broken = any(row.broken for row in comparison.rows)
    return Exit.REJECTED if broken else Exit.DONE


def _days(arguments: argparse.Namespace, network: Network, demand: DemandModel | None) -> list[Day]:
    """A day for each orders file, or for each seed of the demand model, on its date where given."""
    # Both pull in the planner, which takes seconds to import.
    from routing.whatif.demand import sample_orders
    from routing.whatif.sweep import Day

    sources = arguments.seeds or tuple(dict.fromkeys(arguments.orders))
    dates: Sequence[str] = arguments.dates or ()
    if dates and len(dates) != len(sources):
        found = f"{len(dates)} dates for {len(sources)} days"
        raise InputError([_nothing("--dates", "a date for each day", found)])
    days = []
    for source, date in zip(sources, dates or ("",) * len(sources), strict=True):
        then = read_network(arguments.network, date) if date else None
        if arguments.seeds:
            assert demand is not None  # _demand refuses seeds without a model
            seed, name = source, f"seed {source:04d}"
            orders = sample_orders(then or network, demand, seed)
        else:
            seed, name = arguments.seed, str(source)
            orders = read_orders(source, then or network)
        days.append(Day(f"{name} {date}".strip(), orders, seed, then))
    return days


def _scenarios(arguments: argparse.Namespace, network: Network) -> tuple[Scenario, ...]:
    """The files' scenarios, each with the one-liners on top; or the one-liners alone."""
    given = {
        option: getattr(arguments, option.removeprefix("--").replace("-", "_"))
        for option, _, _ in CHANGES
    }
    typed = read_one_liners(given, network, arguments.name)
    files = read_scenarios(arguments.scenario, network)
    if typed is None:
        if not files:
            raise InputError([_nothing("--scenario", "a scenario or a change", "none")])
        return files
    return tuple(combine(one, typed) for one in files) if files else (typed,)


def _demand(arguments: argparse.Namespace, network: Network) -> DemandModel | None:
    if bool(arguments.orders) == bool(arguments.seeds):
        found = "both" if arguments.orders else "neither"
        raise InputError([_nothing("--orders", "either --orders or --seeds", found)])
    named: Path | None = arguments.demand_model
    path = named or arguments.network / "demand.yaml"
    if named is None and not path.exists():
        if arguments.seeds:
            raise InputError([_nothing("--seeds", "a demand model to draw days from", "none")])
        return None
    return read_demand(path, network)


def _costs_file(arguments: argparse.Namespace) -> Path | None:
    """The cost model asked for, else the catalogue's, else none."""
    if arguments.costs is not None:
        return Path(arguments.costs)
    main = arguments.network / MAIN_FILE
    source = parse_yaml(main.read_bytes(), str(main), FaultList())
    catalogue = str(source.values.get("catalogue", "../catalogue")) if source else "../catalogue"
    path = arguments.network / catalogue / "costs.yaml"
    return path if path.exists() else None


def _nothing(option: str, rule: str, found: str) -> Fault:
    return Fault("whatif.nothing", option, "", "", f"there must be {rule}", found, "name one")


def _tell(done: int, total: int, name: str, arguments: argparse.Namespace) -> None:
    """Progress as a line on standard error; nothing when piped or told to be quiet."""
    if sys.stderr.isatty() and not arguments.json:
        text = word("console.done", arguments.lang, done=done, total=total)
        print(f"{text}: {name}", file=sys.stderr)
