"""What a command is given: networks, orders, plan files, folders to write to.

Owns the defaults that depend on more than one of them. Does not parse options or print.
"""

from __future__ import annotations

import argparse
import datetime
import math
import os
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geo.pathcache import user_cache_dir
from routing.demand_file import read_demand
from routing.errors import Fault, InputError
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.plan_file import read_plan
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.whatif.content import digest_of
from routing.whatif.scenario import apply_scenario
from routing.whatif.scenario_file import read_scenarios

WIND_PERCENTILE = "wind_percentile"
SCENARIO = "scenario_file"
OTHER_INTENTS = "other_intents"
"""Keys of a plan's ``made_with`` that change the network it was made for."""


def network_on(folder: Path, date: str | None, wind_percentile: float | None = None) -> Network:
    """The network on a date; without one, on tomorrow's date where the network is."""
    if date is None:
        zone = zoneinfo.ZoneInfo(read_network(folder).time_zone)
        tomorrow = datetime.datetime.now(zone).date() + datetime.timedelta(days=1)
        date = tomorrow.isoformat()
    return read_network(folder, date, wind_percentile=wind_percentile)


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan file with what it was made from: the network on its day, and its orders."""

    network: Network
    orders: tuple[Order, ...]
    plan: Plan
    orders_file: Path


def among_others(network: Network, intents_file: Path | None) -> Network:
    """The network with the volumes of other operators' intents as zones; as it is without a file.

    Raises:
        InputError: what is wrong in the file.
    """
    if intents_file is None:
        return network
    # The types of the standard take half a second to import; only who names a file needs them.
    from routing.intents.avoid import avoid_intents
    from routing.intents.f3548 import Calendar, read_intents

    calendar = Calendar(network.date, network.time_zone)
    return avoid_intents(network, read_intents(intents_file, calendar), intents_file.name)


def planned(
    folder: Path, plan_file: Path, orders_file: Path | None, intents_file: Path | None = None
) -> Planned:
    """A plan file with its input; without an orders file, the one that the plan names.

    So too with the file of other operators' intents.
    """
    plan = read_plan(plan_file)
    network = read_network(folder, plan.date, wind_percentile=_percentile_of(plan, plan_file))
    named = orders_file or plan.made_with.get("orders")
    if not named:
        raise InputError(
            [
                Fault(
                    code="cli.no-orders",
                    file=str(plan_file),
                    place="",
                    field="made_with.orders",
                    rule="a plan is judged against its orders",
                    found="no orders file named",
                    action="name it with --orders FILE",
                )
            ]
        )
    orders = read_orders(Path(named), network)
    scenario = plan.made_with.get(SCENARIO)
    if scenario is not None:
        network, orders = in_scenario(folder, network, orders, Path(scenario))
    known = plan.made_with.get(OTHER_INTENTS)
    network = among_others(network, intents_file or (Path(known) if known else None))
    return Planned(network, orders, plan, Path(named))


def in_scenario(
    folder: Path, network: Network, orders: Sequence[Order], file: Path
) -> tuple[Network, tuple[Order, ...]]:
    """A network and its orders as a scenario file would have them; the digest tells them apart."""
    scenarios = read_scenarios([file], network)
    if len(scenarios) != 1:
        rule, action = "a day is planned in one scenario", "name a file without a grid"
        found = f"{len(scenarios)} scenarios"
        raise InputError([Fault("cli.scenario", str(file), "", "grid", rule, found, action)])
    (scenario,) = scenarios
    model = folder / "demand.yaml"
    demand = read_demand(model, network) if scenario.new_sites and model.exists() else None
    changed, orders = apply_scenario(network, orders, scenario, demand)
    digest = digest_of(network.digest, scenario.changes)
    return replace(changed, digest=digest), orders


def _percentile_of(plan: Plan, plan_file: Path) -> float | None:
    """The wind percentile that a plan was made for, None for the network's own."""
    text = plan.made_with.get(WIND_PERCENTILE)
    if text is None:
        return None
    try:
        percentile = float(text)
    except ValueError:
        percentile = math.nan
    if not 1 <= percentile <= 99:
        rule, action = "must be a number from 1 to 99", "write the percentile it was planned for"
        field = f"made_with.{WIND_PERCENTILE}"
        raise InputError(
            [Fault("cli.percentile", str(plan_file), "", field, rule, repr(text), action)]
        )
    return percentile


def cache_folder(arguments: argparse.Namespace) -> Path | None:
    """Where paths are kept from run to run, None for nowhere."""
    named: Path | None = arguments.cache
    return None if arguments.no_cache else named or user_cache_dir()


def open_folder(folder: Path) -> None:
    """Make a folder, so that an output that cannot be written is told before any work is done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        found = "" if os.access(folder, os.W_OK | os.X_OK) else "no permission to write"
    except OSError as error:
        found = error.strerror or str(error)
    if found:
        rule, action = "must be a folder that can be written", "name another one with --out"
        raise InputError([Fault("cli.out", str(folder), "", "", rule, found, action)])


def is_synthetic(orders_file: Path) -> bool:
    """Whether an orders file opens with a comment that calls it synthetic."""
    with orders_file.open("rb") as stream:
        first = stream.readline(400).removeprefix(b"\xef\xbb\xbf")
    return first.startswith(b"#") and b"synthetic" in first.lower()
