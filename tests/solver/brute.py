"""Solves a tiny day whole by trying everything: the reference of the search and of the bound.

Owns the enumeration of one drone's round trips from home: which orders fly, how they are shared out
to sorties, in which sequence sorties and stops come. Pads, packs and pilots are left out. Each
sortie is timed by the solver's own ``time_sortie``, which ``test_timing`` checks by hand.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import numpy as np

from routing.solver.day import Day
from routing.solver.scratch import BETWEEN, DIRECT, INWARD, OUTWARD
from tests.networks import RandomDay
from tests.solver.plans import day_of, lands_once
from tests.solver.sorties import Sheet


def tiny_day(random_day: RandomDay) -> Day:
    """A random day cut to one base, one drone, one destination an order, nothing shared."""
    network = random_day.network
    home = network.bases[0].site_id
    drone = replace(network.drones[0], home_site_id=home)
    tiny = RandomDay(
        replace(network, bases=network.bases[:1], drones=(drone,)),
        tuple(replace(o, destinations=o.destinations[:1]) for o in random_day.orders),
    )
    day = day_of(tiny)
    unshared = {"has_pads": False, "has_packs": False, "has_pilots": False}
    return replace(day, instance=day.instance._replace(**unshared))


def _partitions(items: tuple[int, ...]):  # type: ignore[no-untyped-def]
    """Every way to share orders out to sorties, in every sequence of the sorties."""
    if not items:
        yield ()
        return
    first, rest = items[0], items[1:]
    for others in _partitions(rest):
        yield ((first,), *others)
        for at, group in enumerate(others):
            yield (*others[:at], (first, *group), *others[at + 1 :])


def least_value(day: Day) -> float:
    """Least value of one drone's round trips from home, without pads, packs and pilots."""
    inst = day.instance
    best = float(inst.unserved_weight.sum())
    for served in product((False, True), repeat=inst.num_orders):
        chosen = tuple(int(i) for i in np.flatnonzero(served))
        left = float(
            inst.unserved_weight[[i for i in range(inst.num_orders) if not served[i]]].sum()
        )
        for groups in _partitions(chosen):
            for sequence in permutations(groups):
                best = min(best, left + _fly_in_turn(day, sequence))
    return best


def _fly_in_turn(day: Day, sequence: tuple[tuple[int, ...], ...]) -> float:
    inst = day.instance
    ways = [_stop_sequences(day, group) for group in sequence]
    least = np.inf
    for choice in product(*ways):
        ready, value = float(inst.drone_start[0]), inst.cost_drone if sequence else 0.0
        for group, stops in zip(sequence, choice, strict=True):
            ids = tuple(day.orders[i].id for i in group)
            home = day.network.sites[int(inst.drone_home[0])].id
            case = Sheet(day, day.type_ids[0], home, home, stops, ids)
            flown = case.time(ready, float(inst.drone_end[0])) if case.is_loadable() else None
            if flown is None or not flown.ok:
                value = np.inf
                break
            value += inst.cost_sortie + inst.cost_flight * flown.flight + flown.late
            ready = flown.land + float(inst.turnaround[0])
        least = min(least, value)
    return least


def _stop_sequences(day: Day, group: tuple[int, ...]) -> list[tuple[str, ...]]:
    """Every sequence of the stops that a group of orders needs, with one landing at each site."""
    inst, stops = day.instance, []
    for i in group:
        origin, goal = inst.task_site[inst.pickup[i]], inst.task_site[inst.drop_ptr[i]]
        at_base = (bool(inst.is_base[origin]), bool(inst.is_base[goal]))
        mode = {
            (True, True): DIRECT,
            (True, False): OUTWARD,
            (False, True): INWARD,
            (False, False): BETWEEN,
        }[at_base]
        order_id = day.orders[i].id
        stops += [f"+{order_id}"] if mode in (INWARD, BETWEEN) else []
        stops += [f"-{order_id}"] if mode in (OUTWARD, BETWEEN) else []
    return [
        way
        for way in set(permutations(stops))
        if lands_once(_sites(day, way))
        and all(
            f"+{stop[1:]}" not in way or way.index(f"+{stop[1:]}") < way.index(stop)
            for stop in way
            if stop[0] == "-"
        )
    ]


def _sites(day: Day, way: tuple[str, ...]) -> list[int]:
    """Where each stop of a sequence is."""
    inst, index = day.instance, {order.id: i for i, order in enumerate(day.orders)}
    return [
        int(inst.task_site[(inst.pickup if stop[0] == "+" else inst.drop_ptr)[index[stop[1:]]]])
        for stop in way
    ]
