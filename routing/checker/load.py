"""R3 ``load``: mass with the box and slots on every leg."""

from __future__ import annotations

from collections.abc import Iterator

from routing.checker.case import Case
from routing.checker.violation import RULES, Violation

RULE = RULES["R3"]
MASS_TOLERANCE_KG = 1e-6
"""Rounding of sums of decimal masses; a milligram."""


def check_load(case: Case) -> Iterator[Violation]:
    """Legs that carry more mass or fill more slots than the drone has."""
    for leg in case.all_legs():
        limit_kg = leg.drone.payload_max_kg
        if leg.load_kg > limit_kg + MASS_TOLERANCE_KG:
            yield RULE.broken(
                "payload", leg.place, limit=limit_kg, actual=leg.load_kg, unit="kg",
                en=f"Orders and box weigh {leg.load_kg:.3f} kg; {leg.drone.id} carries at most "
                f"{limit_kg:.3f} kg.",
                zh=f"货物与箱体共 {leg.load_kg:.3f} 千克，"
                f"{leg.drone.id} 最多载 {limit_kg:.3f} 千克。",
            )  # fmt: skip
        slots = sum(order.slots for order in leg.on_board)
        if slots > leg.drone.slots:
            yield RULE.broken(
                "slots", leg.place, limit=leg.drone.slots, actual=slots, unit="count",
                en=f"The orders take {slots} slots; {leg.drone.id} has {leg.drone.slots}.",
                zh=f"货物占 {slots} 个箱位，{leg.drone.id} 只有 {leg.drone.slots} 个。",
            )  # fmt: skip
