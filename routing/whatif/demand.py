"""What a scenario does to the orders: new sites' orders drawn, others repeated, dropped, moved.

Owns these draws. They take a stream of their own for every site, so that one candidate more or
less leaves all other orders as they are. What is drawn is synthetic.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from routing.demand import OrderRow, orders_csv, sample_day
from routing.demand_file import DemandModel
from routing.errors import Fault, InputError
from routing.network import Network
from routing.orders import Order
from routing.reading.faults import FaultList
from routing.reading.order_file import ORDER_COLUMNS
from routing.reading.orders import orders_in
from routing.reading.tables import parse_table
from routing.whatif.changes import (
    AddSite,
    Change,
    RemoveSite,
    ScaleDemand,
    SetDeadline,
    ShiftOrder,
)

_MOST_DAYS = 400
"""Model days that are drawn at most to gather the orders a day that a candidate was given."""


def sample_orders(network: Network, demand: DemandModel, seed: int) -> tuple[Order, ...]:
    """One synthetic day of orders of a network, read as an orders file is.

    Raises:
        InputError: the model draws what no drone of the fleet could carry.
    """
    return read_rows(sample_day(network, demand, seed), network)


def read_rows(rows: Sequence[OrderRow], network: Network) -> tuple[Order, ...]:
    """Drawn rows as orders, with the defaults and checks of an orders file."""
    if not rows:
        return ()
    faults = FaultList()
    text = orders_csv(tuple(rows)).encode()
    table = parse_table(text, "synthetic orders", ORDER_COLUMNS, faults)
    orders = orders_in(table, network, faults) if table is not None else ()
    faults.raise_any()
    return orders


def change_orders(
    before: Network,
    network: Network,
    orders: Sequence[Order],
    changes: Sequence[Change],
    demand: DemandModel | None,
    seed: int,
) -> tuple[Order, ...]:
    """The orders as they would be.

    Args:
        before, network: the network as it is and as it would be.
        orders: as they are.
        changes: of the scenario, checked.
        demand, seed: as in ``routing.whatif.scenario.apply_scenario``.
    """
    changed = _served(orders, {c.site_id for c in changes if isinstance(c, RemoveSite)})
    for change in changes:
        if isinstance(change, AddSite):
            changed += new_site_orders(before, change, demand, seed)
    for change in changes:
        match change:
            case ScaleDemand():
                changed = _scaled(changed, change.factor, seed)
            case SetDeadline():
                changed = tuple(_due_within(order, change) for order in changed)
            case ShiftOrder():
                changed = tuple(_shifted(order, change, network) for order in changed)
    known = {site.id for site in network.sites}
    return tuple(order for order in changed if order.origin in known)


def new_site_orders(
    network: Network, new: AddSite, demand: DemandModel | None, seed: int
) -> tuple[Order, ...]:
    """A day of a candidate's orders, both directions.

    Without a number of orders they are the demand model's day for a site of that kind. With one,
    that many (a part of one by chance) are picked from as many model days as it takes, so that
    products, times and tiers are the model's.

    Args:
        network: without the candidate.

    Raises:
        InputError: there is no demand model.
    """
    if demand is None:
        raise InputError([_no_model(new)])
    with_it = replace(network, sites=(*network.sites, new.site))
    if new.orders_a_day is None:
        return read_rows(_rows_of(with_it, demand, seed, new.site.id), with_it)
    rng = np.random.default_rng([seed, zlib.crc32(new.site.id.encode()), 1])
    wanted = math.floor(new.orders_a_day)
    wanted += int(rng.random() < new.orders_a_day - wanted)
    pool: list[OrderRow] = []
    for day in range(_MOST_DAYS):
        if len(pool) >= wanted:
            break
        pool += _rows_of(with_it, demand, seed + 10_007 * day, new.site.id)
    picked = sorted(rng.choice(len(pool), size=min(wanted, len(pool)), replace=False))
    rows = [replace(pool[at], id=f"{new.site.id}-{n:03d}") for n, at in enumerate(picked, 1)]
    return read_rows(rows, with_it)


def count_model_orders(
    network: Network, new: AddSite, demand: DemandModel, days: int
) -> tuple[int, ...]:
    """Orders that the demand model draws for a candidate on each of so many days, rising."""
    with_it = replace(network, sites=(*network.sites, new.site))
    return tuple(sorted(len(_rows_of(with_it, demand, seed, new.site.id)) for seed in range(days)))


def _rows_of(network: Network, demand: DemandModel, seed: int, site_id: str) -> list[OrderRow]:
    """The candidate's rows of a model day; of the others only those that offer services are
    drawn beside it, since goods come from them."""
    mine = f"{site_id}-"
    near = tuple(s for s in network.sites if s.services or s.id in (site_id, network.hub_id))
    return [
        row
        for row in sample_day(replace(network, sites=near), demand, seed)
        if site_id in (row.origin, row.destination) and row.id.startswith(mine)
    ]


def _no_model(new: AddSite) -> Fault:
    said = new.said
    return Fault(
        "scenario.no-demand",
        said.file,
        said.place,
        said.key,
        "a new site's orders are drawn from a demand model",
        f"none, for {new.site.id}",
        "put demand.yaml into the network's folder or name it with --demand FILE",
    )


def _served(orders: Sequence[Order], gone: set[str]) -> tuple[Order, ...]:
    """Orders without the sites that are gone, as origins or destinations."""
    left = (
        replace(order, destinations=tuple(d for d in order.destinations if d not in gone))
        if gone.intersection(order.destinations)
        else order
        for order in orders
        if order.origin not in gone
    )
    return tuple(order for order in left if order.destinations)


def _scaled(orders: tuple[Order, ...], factor: float, seed: int) -> tuple[Order, ...]:
    """``factor`` times the orders: whole copies of all, and a seeded part of them once more.

    Who is in the part with 1.2 is also in it with 1.3: one rank for every order.
    """
    ranks = np.random.default_rng([seed, 7]).permutation(len(orders))
    whole = math.floor(factor)
    part = round((factor - whole) * len(orders))
    scaled: list[Order] = []
    for order, rank in zip(orders, ranks, strict=True):
        copies = whole + int(rank < part)
        scaled += [
            order if n == 1 else replace(order, id=f"{order.id}#{n}") for n in range(1, copies + 1)
        ]
    return tuple(scaled)


def _due_within(order: Order, change: SetDeadline) -> Order:
    if order.product_id != change.product_id:
        return order
    start_s = order.ready_s if order.collected_s is None else order.collected_s
    deadline_s = start_s + change.limit_s
    target_s = None if order.target_s is None else min(order.target_s, deadline_s)
    return replace(order, deadline_s=deadline_s, target_s=target_s)


def _shifted(order: Order, change: ShiftOrder, network: Network) -> Order:
    """Ready before it was collected means collected earlier too; a stability clock then runs out
    earlier by as much."""
    if order.id != change.order_id:
        return order
    collected_s, deadline_s = order.collected_s, order.deadline_s
    ready_s = order.ready_s + change.ready_s
    if collected_s is not None and ready_s < collected_s:
        if deadline_s - collected_s == network.products[order.product_id].stability_s:
            deadline_s += ready_s - collected_s
        collected_s = ready_s
    return replace(
        order,
        ready_s=ready_s,
        collected_s=collected_s,
        deadline_s=deadline_s + change.deadline_s,
    )
