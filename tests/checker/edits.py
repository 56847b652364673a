"""Edits of the shared three-site day, the way a hand would make them. Knows no rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from routing.checker import Violation, check_plan
from routing.network import DroneType, Network
from routing.orders import Order
from routing.plan import Flight, Plan, Sortie, Stop
from tests.days import three_site_orders, three_site_plan, three_sites


def violations(
    *,
    network: Network | None = None,
    orders: tuple[Order, ...] | None = None,
    plan: Plan | None = None,
) -> tuple[Violation, ...]:
    """What the checker says of the day with some of its parts changed."""
    return check_plan(
        three_sites() if network is None else network,
        three_site_orders() if orders is None else orders,
        three_site_plan() if plan is None else plan,
    )


def broken(**day: Any) -> set[str]:
    """Rules and checks broken, e.g. ``{"R2 deadline"}``."""
    return {f"{violation.rule} {violation.check}" for violation in violations(**day)}


def sortie(plan: Plan, sortie_id: str) -> Sortie:
    return next(one for one in plan.sorties if one.id == sortie_id)


def edit_sortie(plan: Plan, sortie_id: str, edit: Callable[[Sortie], Sortie]) -> Plan:
    sorties = tuple(edit(one) if one.id == sortie_id else one for one in plan.sorties)
    return replace(plan, sorties=sorties)


def with_sortie(sortie_id: str, **fields: Any) -> Plan:
    return edit_sortie(three_site_plan(), sortie_id, lambda one: replace(one, **fields))


def with_stop(sortie_id: str, idx: int, **fields: Any) -> Plan:
    def edit(one: Sortie) -> Sortie:
        stops = list(one.stops)
        stops[idx] = replace(stops[idx], **fields)
        return replace(one, stops=tuple(stops))

    return edit_sortie(three_site_plan(), sortie_id, edit)


def with_flight(sortie_id: str, idx: int, **fields: Any) -> Plan:
    def edit(one: Sortie) -> Sortie:
        flights = list(one.flights)
        flights[idx] = replace(flights[idx], **fields)
        return replace(one, flights=tuple(flights))

    return edit_sortie(three_site_plan(), sortie_id, edit)


def shifted(one: Sortie, by_s: int) -> Sortie:
    """A sortie moved in time as a whole, its pack's charging too."""

    def move(time_s: int | None) -> int | None:
        return None if time_s is None else time_s + by_s

    def move_stop(stop: Stop) -> Stop:
        return replace(
            stop,
            landing_s=move(stop.landing_s),
            handover_start_s=move(stop.handover_start_s),
            handover_end_s=move(stop.handover_end_s),
            takeoff_s=move(stop.takeoff_s),
        )

    def move_flight(flight: Flight) -> Flight:
        return replace(flight, takeoff_s=flight.takeoff_s + by_s, landing_s=flight.landing_s + by_s)

    charge = one.charge
    if charge is not None:
        charge = replace(charge, start_s=charge.start_s + by_s, end_s=charge.end_s + by_s)
    return replace(
        one,
        stops=tuple(map(move_stop, one.stops)),
        flights=tuple(map(move_flight, one.flights)),
        charge=charge,
    )


def with_shift(sortie_id: str, by_s: int) -> Plan:
    return edit_sortie(three_site_plan(), sortie_id, lambda one: shifted(one, by_s))


def with_order(order_id: str, **fields: Any) -> tuple[Order, ...]:
    return tuple(
        replace(order, **fields) if order.id == order_id else order for order in three_site_orders()
    )


def with_rules(**fields: Any) -> Network:
    network = three_sites()
    return replace(network, rules=replace(network.rules, **fields))


def with_site(site_id: str, **fields: Any) -> Network:
    network = three_sites()
    sites = tuple(replace(site, **fields) if site.id == site_id else site for site in network.sites)
    return replace(network, sites=sites)


def with_type(type_id: str, **fields: Any) -> Network:
    network = three_sites()
    types: dict[str, DroneType] = dict(network.drone_types)
    types[type_id] = replace(types[type_id], **fields)
    return replace(network, drone_types=types)


def with_base(site_id: str, **fields: Any) -> Network:
    network = three_sites()
    bases = tuple(
        replace(base, **fields) if base.site_id == site_id else base for base in network.bases
    )
    return replace(network, bases=bases)


def with_drone(drone_id: str, **fields: Any) -> Network:
    network = three_sites()
    drones = tuple(
        replace(drone, **fields) if drone.id == drone_id else drone for drone in network.drones
    )
    return replace(network, drones=drones)
