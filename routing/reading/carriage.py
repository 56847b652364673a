"""Whether any drone of the fleet could carry an order at all, before a single flight is planned.

Owns the checks that need no legs: eligibility, mass, box places, temperature band. What needs
legs is in ``routing.reading.servable``.
"""

from __future__ import annotations

from routing.network import DroneType, Network
from routing.orders import Order
from routing.reading.cells import RowReader
from routing.reading.faults import Phrase
from routing.reading.network_values import ANY_BAND


def fleet_types(network: Network) -> tuple[DroneType, ...]:
    """The drone types that the fleet has, in order of their ids."""
    return tuple(
        network.drone_types[type_id]
        for type_id in sorted({drone.type_id for drone in network.drones})
    )


def check_carriage(order: Order, network: Network, cells: RowReader) -> None:
    """A fault for each reason why no drone of the fleet could carry the order, by how much."""
    product = network.products[order.product_id]
    types = fleet_types(network)
    if not product.is_eligible:
        cells.fault(
            "orders.not-eligible",
            "product",
            rule=f"{product.id} ({product.name_zh}) may not fly: {product.why_not}",
            found=product.id,
            action=f"take order {order.id} off the list and send it by road",
        )
    strongest = max(types, key=lambda drone: drone.payload_max_kg - drone.box_tare_kg)
    room_kg = strongest.payload_max_kg - strongest.box_tare_kg
    if order.mass_kg > room_kg + 1e-9:
        cells.fault(
            "orders.too-heavy",
            "mass_kg",
            rule=f"order {order.id} must weigh at most {room_kg:g} kg: the strongest drone, "
            f"{strongest.id}, lifts {strongest.payload_max_kg:g} kg with a box of "
            f"{strongest.box_tare_kg:g} kg",
            found=Phrase(f"{order.mass_kg:g} kg, {order.mass_kg - room_kg:.3g} kg too much"),
            action="split the order",
        )
    most_slots = max(drone.slots for drone in types)
    if order.slots > most_slots:
        cells.fault(
            "orders.too-bulky",
            "slots",
            rule=f"order {order.id} must take at most {most_slots} places, the largest box",
            found=Phrase(f"{order.slots} places, {order.slots - most_slots} too many"),
            action="split the order",
        )
    if order.band != ANY_BAND and all(drone.compartments == 0 for drone in types):
        cells.fault(
            "orders.band-not-held",
            "product",
            rule="some drone must have a compartment that keeps a temperature",
            found=Phrase(f"band {order.band} and no compartment in the fleet"),
            action="send it by road, or give the drones qualified boxes",
        )
