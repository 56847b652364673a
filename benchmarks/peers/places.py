"""A sheet's sites split into the places a peer without sorties needs, and back again.

Owns the matrix of places: a hub becomes three (``depot``, where routes start and end; ``load``;
``unload``), because what a landing there costs in time depends on what is done. An *event* at a
place is the start of its handover. Knows no peer.

Times between events (``h`` handover, ``u`` turnaround, ``t`` flight):

- depot -> site: t; depot -> load: 0; load -> site: h(hub) + t;
- site -> site: h + t; site -> unload or depot: h + t; site -> load: h + t + u - h(hub);
- unload -> site: u + t; unload -> load: u - h(hub); unload -> depot: 0.

Leaving a hub for a site costs ``sortie_cost`` on top of the flight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from benchmarks.peers.sheet import NO_LEG_S, IntArray, Sheet, Stop, Trip, sortie_limit


@dataclass(frozen=True, slots=True)
class Places:
    """Places of a sheet.

    Attributes:
        site: [L] site of each place.
        time: [L, L] seconds between events; cost: [L, L] flight seconds + sortie cost.
        limit: [L, L] what a leg counts towards a sortie's limit (``sortie_limit``).
        depot, load, unload: hub -> its place; a plain site keeps its own index.
    """

    site: IntArray
    time: IntArray
    cost: IntArray
    limit: IntArray
    depot: dict[int, int]
    load: dict[int, int]
    unload: dict[int, int]

    def pickup(self, sheet: Sheet, order: int) -> int:
        """Place where an order is picked up."""
        return int(sheet.site[order]) if sheet.is_inward[order] else self.load[sheet.hub[order]]

    def delivery(self, sheet: Sheet, order: int) -> int:
        """Place where an order is delivered."""
        return self.unload[sheet.hub[order]] if sheet.is_inward[order] else int(sheet.site[order])


def build_places(sheet: Sheet) -> Places:
    """Split every hub of a sheet in three."""
    count = sheet.travel.shape[0]
    hubs = sheet.hubs
    depot = {hub: count + 3 * k for k, hub in enumerate(hubs)}
    load = {hub: place + 1 for hub, place in depot.items()}
    unload = {hub: place + 2 for hub, place in depot.items()}
    site = np.concatenate((np.arange(count), np.repeat(hubs, 3))).astype(np.int64)
    flight = sheet.travel[np.ix_(site, site)]
    is_load = np.isin(np.arange(site.size), list(load.values()))
    is_unload = np.isin(np.arange(site.size), list(unload.values()))
    is_depot = np.isin(np.arange(site.size), list(depot.values()))
    is_hub = is_load | is_unload | is_depot
    h, u = sheet.handover[site], sheet.turnaround
    leave = np.where(is_depot, 0, np.where(is_unload, u, h))
    arrive = np.where(is_load & ~is_depot, u - h, 0)
    time = leave[:, None] + flight + np.where(~is_hub[:, None], arrive[None, :], 0)
    cost = flight + np.where(is_hub[:, None] & ~is_hub[None, :], sheet.sortie_cost, 0)
    _join_hub_places(sheet, depot, load, unload, time, cost)
    # The plain place of a hub is never used: its three parts stand for it.
    np.fill_diagonal(time, 0)
    np.fill_diagonal(cost, 0)
    return Places(
        site,
        np.minimum(time, NO_LEG_S),
        np.minimum(cost, NO_LEG_S),
        sortie_limit(sheet)[0][np.ix_(site, site)],
        depot,
        load,
        unload,
    )


def _join_hub_places(
    sheet: Sheet,
    depot: dict[int, int],
    load: dict[int, int],
    unload: dict[int, int],
    time: IntArray,
    cost: IntArray,
) -> None:
    for hub, d in depot.items():
        o, i = load[hub], unload[hub]
        wait = sheet.turnaround - int(sheet.handover[hub])
        for a, b, seconds in (
            (d, o, 0), (d, i, 0), (i, d, 0), (i, o, wait), (o, i, NO_LEG_S), (o, d, NO_LEG_S),
        ):  # fmt: skip
            time[a, b] = seconds
            cost[a, b] = seconds if seconds == NO_LEG_S else 0


Event = tuple[int, bool]
"""(order, is it the pickup)."""


def split_trips(sheet: Sheet, hub: int, events: Iterable[Event]) -> tuple[Trip, ...]:
    """A route's events in order, cut into sorties at every landing at the hub.

    A peer without sorties may keep an order on board over a landing at the hub. Here it is
    unloaded at the first landing, or loaded at the last one before its delivery, which breaks
    nothing that the peer kept.
    """
    trips: list[Trip] = []
    stops: list[tuple[int, list[int], list[int]]] = []
    for order, is_pickup in events:
        if is_pickup != bool(sheet.is_inward[order]):
            if stops:
                trips.append(_trip(hub, stops))
                stops = []
            continue
        site = int(sheet.site[order])
        if not stops or stops[-1][0] != site:
            stops.append((site, [], []))
        stops[-1][1 if is_pickup else 2].append(order)
    if stops:
        trips.append(_trip(hub, stops))
    return tuple(trips)


def _trip(hub: int, stops: list[tuple[int, list[int], list[int]]]) -> Trip:
    inner = tuple(Stop(site, tuple(on), tuple(off)) for site, on, off in stops)
    outward = tuple(order for stop in inner for order in stop.unloaded)
    inward = tuple(order for stop in inner for order in stop.loaded)
    return (Stop(hub, outward), *inner, Stop(hub, (), inward))


def one_trip_each(routes: Iterable[tuple[Trip, ...]]) -> tuple[tuple[Trip, ...], ...]:
    """Every sortie a route of its own, for problems where drones are unlimited."""
    return tuple((trip,) for route in routes for trip in route)
