"""Tearing down a part of a plan leaves what stays with everything it needs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from routing.network import Base, Drone, Network, Window
from routing.orders import Order
from routing.solver.enough import are_packs_kept
from routing.solver.loading import Draft, _load_drone
from routing.solver.scratch import DIRECT, INWARD
from routing.solver.search import Worker
from tests.days import three_site_orders, three_sites
from tests.networks import RandomDay
from tests.solver.plans import day_of, tear_down, worker_of

HUB, SECOND = 0, 1
ALL_DAY = Window(21_600, 72_000)


def _one_pack_at_second() -> Network:
    """D1 lives at the hub, D2 and D3 at second, which has one pack and one charger."""
    network = three_sites()
    rules = replace(network.rules, pilot_shifts=(), has_diversion_reserve=False)
    bases = (Base("hub", {"hex": 3}, 3), Base("second", {"hex": 1}, 1))
    homes = {"D1": "hub", "D2": "second", "D3": "second"}
    drones = tuple(Drone(id_, "hex", home, ALL_DAY) for id_, home in homes.items())
    return replace(network, rules=rules, bases=bases, drones=drones)


def _order(id_: str, origin: str, destination: str, ready_s: int) -> Order:
    return replace(
        three_site_orders()[2],
        id=id_,
        origin=origin,
        destinations=(destination,),
        ready_s=ready_s,
        deadline_s=ready_s + 5_000,
        target_s=None,
        mass_kg=0.5,
    )


def _loaded(seed: int) -> Worker:
    """D1 brings a pack to second (31,000, full at 34,600) that D3 takes at 35,000.

    D2 took the only other one at 33,200; D1 flies home at 45,120 with the pack that D2 brought
    back at 34,180 (on the charger from 34,600 to 38,200).
    """
    orders = (
        _order("O1", "hub", "second", 30_380),
        _order("O2", "second", "hub", 45_000),
        _order("O3", "clinic", "second", 33_600),
        _order("O4", "clinic", "second", 35_400),
    )
    day = day_of(RandomDay(_one_pack_at_second(), orders))
    inst, worker = day.instance, worker_of(day, seed)
    drops = [int(drop) for drop in inst.drop_ptr[:-1]]
    out = Draft(HUB, SECOND, (), (0,), (DIRECT,), (drops[0],))
    home = Draft(SECOND, HUB, (), (1,), (DIRECT,), (drops[1],))
    _load_drone(worker, 0, [out, home])
    for d, i in ((1, 2), (2, 3)):
        there = Draft(SECOND, SECOND, (int(inst.pickup[i]),), (i,), (INWARD,), (drops[i],))
        _load_drone(worker, d, [there])
    assert (worker.state.sortie_of >= 0).all()
    return worker


def test_no_ferry_is_dropped_whose_pack_another_sortie_takes() -> None:
    removed = 0
    for seed in range(60):
        worker = _loaded(seed)
        removed += tear_down(worker, 2.0)
        for base in np.flatnonzero(worker.inst.is_base):
            assert are_packs_kept(worker.views.inst, worker.views.res, int(base), 0)
    assert removed > 0
