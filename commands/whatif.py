"""``magpie whatif``: change something, plan again, see both side by side."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands import Exit
from commands.choose_options import asks_choice
from commands.given import network_on
from commands.whatif_options import CHANGES
from routing.demand_file import DemandModel, read_demand
from routing.errors import Fault, InputError
from routing.network import Network
from routing.orders import Order
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.whatif.demand import sample_orders
from routing.whatif.one_liners import read_one_liners
from routing.whatif.scenario import BASE, Scenario, apply_scenario, change_network, combine
from routing.whatif.scenario_file import read_scenarios
from routing.whatif.words import word

if TYPE_CHECKING:
    from routing.whatif.sweep import Day


def run(arguments: argparse.Namespace) -> Exit:
    """Compare the scenarios that the options name with the base."""
    network = network_on(arguments.network, arguments.date, arguments.wind_percentile)
    is_choice = asks_choice(arguments)
    scenarios = () if is_choice else (BASE, *_scenarios(arguments, network))
    under = _typed(arguments, network) if is_choice else None
    demand = _demand(arguments, network)
    given = _given(arguments, network, demand)
    # All that pulls in the planner, which takes seconds to import; faults in the input come before.
    from commands.compared import compare_and_write, out_folder
    from routing.whatif.files import facts_of, finding_text
    from routing.whatif.sweep import Day
    from routing.whatif.task import Effort

    days = [Day(*one) for one in given]
    if is_choice:
        # As above, and the choices need more of it.
        from commands.choose import answer

        return answer(arguments, *_changed(network, days, under, demand), demand)
    effort = Effort(
        arguments.seed, arguments.iterations, arguments.time_limit, proves=arguments.bound
    )
    done = compare_and_write(arguments, network, days, scenarios, demand, effort)
    if arguments.json:
        facts = {"files": [str(file) for file in done.files], **facts_of(done.comparison)}
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        names = ", ".join(file.name for file in done.files)
        zh, en = finding_text(done.comparison, is_synthetic=done.is_synthetic).split("\n\n")
        print((zh if arguments.lang == "zh" else en).strip())
        print(word("console.wrote", arguments.lang, folder=out_folder(arguments), files=names))
    broken = any(row.broken for row in done.comparison.rows)
    return Exit.REJECTED if broken else Exit.DONE


Given = tuple[str, tuple[Order, ...], int, Network | None]
"""What a ``Day`` is made of: name, orders, seed, and the network of its date."""


def _given(
    arguments: argparse.Namespace, network: Network, demand: DemandModel | None
) -> list[Given]:
    """A day for each orders file, or for each seed of the demand model, on its date where given."""
    sources = arguments.seeds or tuple(dict.fromkeys(arguments.orders))
    dates: Sequence[str] = arguments.dates or ()
    if dates and len(dates) != len(sources):
        found = f"{len(dates)} dates for {len(sources)} days"
        raise InputError([_nothing("--dates", "a date for each day", found)])
    days: list[Given] = []
    for source, date in zip(sources, dates or ("",) * len(sources), strict=True):
        then = read_network(arguments.network, date) if date else None
        if arguments.seeds:
            assert demand is not None  # _demand refuses seeds without a model
            seed, name = source, f"seed {source:04d}"
            orders = sample_orders(then or network, demand, seed)
        else:
            seed, name = arguments.seed, str(source)
            orders = read_orders(source, then or network)
        days.append((f"{name} {date}".strip(), orders, seed, then))
    return days


def _scenarios(arguments: argparse.Namespace, network: Network) -> tuple[Scenario, ...]:
    """The files' scenarios, each with the one-liners on top; or the one-liners alone."""
    typed = _typed(arguments, network)
    files = read_scenarios(arguments.scenario, network)
    if typed is None:
        if not files:
            raise InputError([_nothing("--scenario", "a scenario or a change", "none")])
        return files
    return tuple(combine(one, typed) for one in files) if files else (typed,)


def _typed(arguments: argparse.Namespace, network: Network) -> Scenario | None:
    """The changes on the command line, None without any; a choice is made under them alone."""
    if asks_choice(arguments) and arguments.scenario:
        rule, found = "changes on the command line: a choice has one starting point", "files"
        raise InputError([_nothing("--scenario", rule, found)])
    given = {
        option: getattr(arguments, option.removeprefix("--").replace("-", "_"))
        for option, _, _ in CHANGES
    }
    return read_one_liners(given, network, arguments.name)


def _changed(
    network: Network, days: list[Day], under: Scenario | None, demand: DemandModel | None
) -> tuple[Network, list[Day]]:
    """Network and days with the changes that a choice is made under."""
    if under is None:
        return network, days
    changed = []
    for day in days:
        before = day.network or network
        after, orders = apply_scenario(before, day.orders, under, demand, seed=day.seed)
        then = after if day.network else None
        changed.append(dataclasses.replace(day, orders=orders, network=then))
    return change_network(network, under), changed


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


def _nothing(option: str, rule: str, found: str) -> Fault:
    return Fault("whatif.nothing", option, "", "", f"there must be {rule}", found, "name one")
