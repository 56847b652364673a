"""Seeded small days with more orders than the three-site fleet can fly. Synthetic.

What is scarce goes round with the seed, so that every kind of reason and remedy turns up.
"""

from __future__ import annotations

import random
from dataclasses import replace

from routing.network import Base, Drone, Network, PilotShift, Window
from routing.orders import Order
from tests.days import three_site_orders, three_sites

NUM_ORDERS = 12
NUM_BY_SCARCE = {"packs": 12, "pilots": 12, "chargers": 18, "drones": 20, "pads": 24}
SCARCE = ("packs", "pilots", "chargers", "drones", "pads")


def overloaded_day(seed: int) -> tuple[Network, tuple[Order, ...]]:
    """A network short of ``SCARCE[seed % 5]``, and its orders."""
    scarce = SCARCE[seed % len(SCARCE)]
    wide_s = 1_800 if scarce == "chargers" else 0
    orders = overloaded_orders(seed, NUM_BY_SCARCE[scarce], wide_s=wide_s)
    return overloaded_network(scarce), orders


def overloaded_network(scarce: str) -> Network:
    """The three sites with plenty of everything but one thing; packs alone are as they are."""
    network = three_sites()
    if scarce == "packs":
        return network
    counts = {"hex": 8, "wing": 8}
    bases = (Base("hub", counts, 8), Base("second", counts, 8))
    if scarce == "chargers":
        bases = (Base("hub", {"hex": 1, "wing": 1}, 1), Base("second", {"hex": 1}, 0))
    duty = Window(0, 86_400)
    more: tuple[Drone, ...] = () if scarce == "drones" else (Drone("D3", "wing", "hub", duty),)
    if scarce == "pads":
        more += (Drone("D4", "wing", "second", duty), Drone("D5", "hex", "second", duty))
    pilots = 1 if scarce == "pilots" else 4
    shifts = (PilotShift(Window(0, 86_400), pilots),)
    rules = replace(network.rules, pilot_shifts=shifts, supervised_per_pilot=1)
    pads = 1 if scarce == "pads" else 6
    quick = {key: replace(kind, charge_s=1_500) for key, kind in network.drone_types.items()}
    return replace(
        network,
        sites=tuple(replace(site, pads=pads) for site in network.sites),
        bases=bases,
        drones=(*network.drones, *more),
        drone_types=quick if scarce == "chargers" else network.drone_types,
        rules=rules,
    )


def overloaded_orders(
    seed: int, num_orders: int = NUM_ORDERS, *, wide_s: int = 0
) -> tuple[Order, ...]:
    """Orders between the three sites, all ready within an hour and due within 40-80 min, or
    ``wide_s`` later."""
    rng = random.Random(seed)
    kinds = three_site_orders()[:6]
    orders = []
    for number in range(num_orders):
        ready_s = 28_000 + 60 * rng.randrange(60)
        orders.append(
            replace(
                rng.choice(kinds),
                id=f"E{number:02d}",
                tier="routine",
                mass_kg=round(rng.uniform(3.0, 8.5), 2),
                ready_s=ready_s,
                collected_s=None,
                target_s=ready_s + 2_000 + wide_s,
                deadline_s=ready_s + wide_s + rng.randrange(2_400, 4_800, 60),
            )
        )
    return tuple(orders)
