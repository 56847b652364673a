"""The desk's day as a plan: flights, stops, charges, objective.

Owns the writing only; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from routing.baseline.errand import Errand
from routing.network import TIERS, Network
from routing.orders import Order
from routing.plan import Charge, Flight, Objective, Plan, Sortie, Stop, Unserved


def write_plan(
    network: Network,
    orders: Sequence[Order],
    errands: Sequence[Errand],
    unreachable: Collection[str],
) -> Plan:
    """The plan of booked sorties; orders in none of them are unserved."""
    in_order = sorted(errands, key=lambda errand: (errand.start_s, errand.drone.id))
    sorties = tuple(
        _sortie(network, f"F{number}", errand) for number, errand in enumerate(in_order, start=1)
    )
    received_s = {order.id: one.received_s for one in errands for order in one.orders}
    left = [order for order in orders if order.id not in received_s]
    return Plan(
        network=network.name_en,
        date=network.date,
        digest=network.digest,
        sorties=sorties,
        unserved=tuple(_unserved(order, order.id in unreachable) for order in left),
        objective=_objective(network, orders, received_s, sorties),
        bound=None,
        gap=None,
        made_with={"method": "first come, first served"},
    )


def _unserved(order: Order, is_unreachable: bool) -> Unserved:
    if is_unreachable:
        return Unserved(
            order.id,
            "out-of-reach",
            "No drone of the fleet flies it there and reaches home again.",
            "没有无人机能送达并返回驻地。",
        )
    return Unserved(
        order.id,
        "no-drone-in-time",
        "First come, first served, no drone was there in time.",
        "按先到先送，没有无人机能及时送达。",
    )


def _sortie(network: Network, sortie_id: str, errand: Errand) -> Sortie:
    rules, outline = network.rules, errand.outline
    ids = tuple(order.id for order in errand.orders)
    stops = tuple(
        Stop(
            site_id=site_id,
            pad=errand.pads[idx],
            landing_s=times.landing_s,
            handover_start_s=times.handover_s[0] if times.handover_s else None,
            handover_end_s=times.handover_s[1] if times.handover_s else None,
            takeoff_s=times.takeoff_s,
            loaded=ids if idx == outline.load_at else (),
            unloaded=ids if idx == outline.unload_at else (),
        )
        for idx, (site_id, times) in enumerate(zip(outline.site_ids, errand.times, strict=True))
    )
    flights = tuple(
        _flight(errand, idx, rules.cruise_height_m_agl) for idx in range(len(stops) - 1)
    )
    charge = errand.charge
    return Sortie(
        id=sortie_id,
        drone_id=errand.drone.id,
        pack_id=errand.pack_id,
        stops=stops,
        flights=flights,
        energy_pack=sum(flight.energy_pack for flight in flights),
        usable_pack=min(table.usable_pack for table in errand.tables),
        charge=Charge(charge.charger, charge.start_s, charge.end_s) if charge else None,
    )


def _flight(errand: Errand, idx: int, height_m_agl: float) -> Flight:
    outline, table = errand.outline, errand.tables[idx]
    origin_id, destination_id = outline.site_ids[idx : idx + 2]
    origin, destination = table.site_index[origin_id], table.site_index[destination_id]
    takeoff_s, landing_s = errand.times[idx].takeoff_s, errand.times[idx + 1].landing_s
    assert takeoff_s is not None
    assert landing_s is not None
    is_loaded = outline.load_at <= idx < outline.unload_at
    load_kg = sum(order.mass_kg for order in errand.orders) if is_loaded else 0.0
    return Flight(
        origin=origin_id,
        destination=destination_id,
        takeoff_s=takeoff_s,
        landing_s=landing_s,
        path_lonlat=table.path(origin, destination),
        length_m=float(table.length_m[origin, destination]),
        payload_kg=load_kg,
        energy_pack=table.energy_pack(origin, destination, load_kg),
        height_m_agl=height_m_agl,
        profile=table.profile(origin, destination),
    )


def _objective(
    network: Network,
    orders: Sequence[Order],
    received_s: dict[str, int],
    sorties: tuple[Sortie, ...],
) -> Objective:
    left = dict.fromkeys(TIERS, 0)
    lateness_min = 0.0
    per_min = network.weights.lateness_per_min
    for order in orders:
        if order.id not in received_s:
            left[order.tier] += 1
        elif order.target_s is not None:
            late_min = max(0, received_s[order.id] - order.target_s) / 60.0
            lateness_min += late_min * per_min[order.tier] / per_min["routine"]
    flight_s = float(
        sum(flight.landing_s - flight.takeoff_s for one in sorties for flight in one.flights)
    )
    drones = len({sortie.drone_id for sortie in sorties})
    weights = network.weights
    fixed_s = weights.sortie * len(sorties) + weights.drone * drones
    return Objective(
        unserved_stat=left["stat"],
        unserved_urgent=left["urgent"],
        unserved_routine=left["routine"],
        lateness_min=lateness_min,
        cost_s=weights.flight_s * flight_s + fixed_s,
        flight_s=flight_s,
        sorties=len(sorties),
        drones=drones,
    )
