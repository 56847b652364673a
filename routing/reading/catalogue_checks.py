"""Catalogue entries against themselves and each other: what one field's bounds cannot say.

Owns the rules between the fields of ``drones.yaml`` and ``products.yaml`` (``rules.yaml`` has
``routing.reading.rules``). Does not open files.
"""

from __future__ import annotations

import itertools

from routing.reading.catalogue import DroneEntry, DronesFile, ProductsFile
from routing.reading.faults import FaultList, Phrase
from routing.reading.keys import Loc, Locate, add_at


def check_drones(drones: DronesFile, locate: Locate, faults: FaultList) -> None:
    """Masses, ranges, temperatures and winds of every drone type agree."""
    for type_id, drone in drones.drones.items():
        loc: Loc = ("drones", type_id)
        _check_ranges(drone, loc, locate, faults)
        loaded_kg = drone.empty_kg.value + drone.payload_max_kg.value
        if drone.mtom_kg is not None and loaded_kg > drone.mtom_kg.value + 1e-9:
            add_at(
                faults,
                locate,
                "catalogue.too-heavy-loaded",
                (*loc, "mtom_kg"),
                f"must be at least empty_kg + payload_max_kg = {loaded_kg:g} kg",
                Phrase(f"{drone.mtom_kg.value:g} kg"),
                "check the three masses",
            )
        if drone.box_tare_kg.value >= drone.payload_max_kg.value:
            add_at(
                faults,
                locate,
                "catalogue.box-too-heavy",
                (*loc, "box_tare_kg"),
                f"must be below payload_max_kg, {drone.payload_max_kg.value:g} kg",
                Phrase(f"{drone.box_tare_kg.value:g} kg"),
                "check the two masses",
            )
        if drone.min_temp_c.value >= drone.max_temp_c.value:
            add_at(
                faults,
                locate,
                "catalogue.temperature-limits",
                (*loc, "min_temp_c"),
                f"must be below max_temp_c, {drone.max_temp_c.value:g} C",
                Phrase(f"{drone.min_temp_c.value:g} C"),
                "swap the two",
            )


def _check_ranges(drone: DroneEntry, loc: Loc, locate: Locate, faults: FaultList) -> None:
    """A multirotor has one point, its full payload; a vtol two or more, falling with payload."""
    points = sorted(drone.ranges.value, key=lambda point: point.payload_kg)
    loc = (*loc, "ranges")
    payload_kg = drone.payload_max_kg.value
    if drone.airframe == "multirotor":
        if len(points) != 1 or points[0].payload_kg != payload_kg:
            add_at(
                faults,
                locate,
                "catalogue.multirotor-range",
                loc,
                f"a multirotor has one range, at its full payload of {payload_kg:g} kg",
                Phrase("payloads " + ", ".join(f"{point.payload_kg:g}" for point in points)),
                "keep that one; the power law gives the others",
            )
        return
    if len(points) < 2:
        add_at(
            faults,
            locate,
            "catalogue.vtol-range",
            loc,
            "a vtol has ranges at two payloads or more",
            Phrase("one"),
            "add another payload",
        )
    for light, heavy in itertools.pairwise(points):
        if heavy.payload_kg == light.payload_kg or heavy.range_km > light.range_km:
            add_at(
                faults,
                locate,
                "catalogue.range-rises",
                loc,
                "range must not grow with payload and a payload must stand once",
                Phrase(
                    f"{light.range_km:g} km at {light.payload_kg:g} kg, "
                    f"{heavy.range_km:g} km at {heavy.payload_kg:g} kg"
                ),
                "check the table",
            )


def check_products(products: ProductsFile, locate: Locate, faults: FaultList) -> None:
    """A product that may not fly says why; a target lies within the stability limit."""
    for product_id, product in products.products.items():
        loc: Loc = ("products", product_id)
        if not product.eligible.value and not product.why_not:
            add_at(
                faults,
                locate,
                "catalogue.no-reason",
                (*loc, "why_not"),
                "a product that may not fly must say why",
                "",
                "add why_not",
            )
        stability = product.stability_min.value if product.stability_min else None
        target = product.target_min.value if product.target_min else None
        if stability is not None and target is not None and target > stability:
            add_at(
                faults,
                locate,
                "catalogue.target-past-stability",
                (*loc, "target_min"),
                f"must be at most stability_min, {stability:g} min",
                Phrase(f"{target:g} min"),
                "check the two",
            )
