"""The day's orders: one consignment each, ready to plan.

Owns the frozen value with every default already filled in from product and network. Does not
know files (see ``routing.reading``) or plans.
"""

from __future__ import annotations

from dataclasses import dataclass

from routing.network import Tier, Window


@dataclass(frozen=True, slots=True)
class Order:
    """One consignment to carry whole, once.

    Times are seconds since the service day's local midnight.

    Attributes:
        id: the order's id; never a person's name.
        origin: site id where it is picked up.
        destinations: site ids where it may be received; one, or all that offer ``wanted``.
        wanted: what the order asked for: a site id or a service such as ``lab:pathology``.
        product_id, quantity: what and how many units.
        mass_kg: gross mass of the whole order; slots: box places it takes.
        band: temperature band; group: segregation group.
        tier: stat, urgent or routine.
        ready_s: earliest start of the pickup handover.
        collected_s: when the specimen's clock began, None when it does not run.
        deadline_s: hard latest receipt (end of the unloading handover).
        target_s: soft latest receipt, None for none.
        ride_limit_s: longest time on board, None for none.
        pickup_windows, delivery_windows: spans in which the handover may start; empty: any time.
        lab_s: laboratory time from receipt to result, 0 for goods.
    """

    id: str
    origin: str
    destinations: tuple[str, ...]
    wanted: str
    product_id: str
    quantity: int
    mass_kg: float
    slots: int
    band: str
    group: str
    tier: Tier
    ready_s: int
    collected_s: int | None
    deadline_s: int
    target_s: int | None
    ride_limit_s: int | None
    pickup_windows: tuple[Window, ...] = ()
    delivery_windows: tuple[Window, ...] = ()
    lab_s: int = 0
