"""Seeded small days with more orders than the three-site fleet can fly. Synthetic."""

from __future__ import annotations

import random
from dataclasses import replace

from routing.orders import Order
from tests.days import three_site_orders

NUM_ORDERS = 12


def overloaded_orders(seed: int, num_orders: int = NUM_ORDERS) -> tuple[Order, ...]:
    """Orders between the three sites, all ready within an hour and due within 40-80 min."""
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
                target_s=ready_s + 2_000,
                deadline_s=ready_s + rng.randrange(2_400, 4_800, 60),
            )
        )
    return tuple(orders)
