"""``magpie orders``: a day's orders from a timetable, or drawn from a demand model."""

from __future__ import annotations

import argparse
from pathlib import Path

from commands import Exit
from commands.given import network_on, open_folder
from routing.demand import orders_csv, sample_day
from routing.demand_file import read_demand
from routing.network import Network
from routing.reading.timetable import timetable_rows, write_orders
from routing.whole_file import write_whole


def run(arguments: argparse.Namespace) -> Exit:
    """Write the orders file and say how many orders are in it."""
    network = network_on(arguments.network, arguments.date)
    out: Path = arguments.out
    if arguments.sample:
        num_orders = _sample(network, arguments, out)
    else:
        rows = timetable_rows(arguments.timetable, network, network.date)
        open_folder(out.parent)
        write_orders(rows, out)
        num_orders = len(rows)
    print(f"{out}: {num_orders} orders for {network.date}")
    return Exit.DONE


def _sample(network: Network, arguments: argparse.Namespace, out: Path) -> int:
    """Draw a day and write it with a heading that says it is made up."""
    demand: Path = arguments.demand or arguments.network / "demand.yaml"
    rows = sample_day(network, read_demand(demand, network), arguments.seed)
    heading = f"synthetic: drawn from {demand.name} with seed {arguments.seed}"
    open_folder(out.parent)
    write_whole(out, orders_csv(rows, (heading,)))
    return len(rows)
