"""A day under way: what was started stays as it is, the rest is planned anew (R12).

Owns which sorties are fixed at a time, and their way into the search with the times they have.
Does not search and does not name (``loading``, ``naming``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routing.errors import Fault, InputError
from routing.plan import Plan, Sortie
from routing.solver.day import Day, fleet_order
from routing.solver.loading import Draft, Flown
from routing.solver.resume import Drafts, draft_of, drafts_of_plan


def fix_started(plan: Plan, since_s: int) -> Plan:
    """The plan with every sortie fixed that was being loaded, in the air or flown at ``since_s``.

    Raises:
        InputError: a sortie is locked that would start later; only what has started can be kept.
    """
    locked = [one for one in plan.sorties if one.is_fixed and not _is_started(one, since_s)]
    if locked:
        raise InputError(
            [
                Fault(
                    "underway.locked", "", one.id, "is_fixed",
                    "only sorties that have started can be kept", f"a start at {one.start_s} s",
                    "continue from a later time, or unlock it",
                )
                for one in locked
            ]
        )  # fmt: skip
    sorties = (replace(one, is_fixed=_is_started(one, since_s)) for one in plan.sorties)
    return replace(plan, sorties=tuple(sorties))


def _is_started(sortie: Sortie, since_s: int) -> bool:
    loading_s = sortie.stops[0].handover_start_s
    return min(sortie.start_s, sortie.start_s if loading_s is None else loading_s) < since_s


def fixed_of(plan: Plan) -> tuple[Sortie, ...]:
    """The fixed sorties of a plan, by time."""
    return tuple(sorted((s for s in plan.sorties if s.is_fixed), key=lambda s: s.start_s))


def drafts_under_way(day: Day, plan: Plan) -> Drafts:
    """The fixed sorties as they are, and the others to start the search from, by drone.

    Raises:
        InputError: a fixed sortie's drone, base or orders are not part of this day.
    """
    flown = drafts_of_flown(day, fixed_of(plan))
    rest = replace(plan, sorties=tuple(one for one in plan.sorties if not one.is_fixed))
    later = drafts_of_plan(day, rest)
    return {d: [*flown.get(d, []), *later.get(d, [])] for d in sorted({*flown, *later})}


def drafts_of_flown(day: Day, fixed: Sequence[Sortie]) -> Drafts:
    """Fixed sorties with their times, by drone."""
    drones = {drone_id: d for d, drone_id in enumerate(fleet_order(day.network))}
    orders = {order.id: i for i, order in enumerate(day.orders)}
    drafts: Drafts = {}
    places: dict[int, int] = {}
    faults = []
    for sortie in fixed:
        draft = draft_of(day, sortie, orders, set())
        d = drones.get(sortie.drone_id, -1)
        loaded = sum(len(stop.loaded) for stop in sortie.stops)
        if d < 0:
            faults.append(_fault(sortie, "drone_id", "a drone of the network", sortie.drone_id))
        elif draft is None or len(draft.orders) != loaded:
            faults.append(_fault(sortie, "stops", "bases and orders of this day", "others"))
        elif draft.start != places.get(d, int(day.instance.drone_home[d])):
            faults.append(_fault(sortie, "stops[0]", "the base where its drone stands", "another"))
        else:
            places[d] = draft.end
            drafts.setdefault(d, []).append(replace(draft, flown=flown_times(day, sortie, draft)))
    if faults:
        raise InputError(faults)
    return drafts


def flown_times(day: Day, sortie: Sortie, draft: Draft) -> Flown:
    """A sortie's times as the search counts them."""
    inst = day.instance
    begins = {stop.site_id: stop.handover_start_s for stop in sortie.stops[1:-1]}
    numbers = {order.id: i for i, order in enumerate(day.orders)}
    received = {
        numbers[order_id]: stop.handover_end_s
        for stop in sortie.stops
        for order_id in stop.unloaded
    }
    late = sum(
        float(inst.late_weight[i]) * max(0.0, float(end_s or 0) - float(inst.target[i]))
        for i, end_s in received.items()
        if inst.late_weight[i] > 0
    )
    sites = (day.network.sites[int(inst.task_site[task])].id for task in draft.tasks)
    return Flown(
        float(sortie.start_s),
        float(sortie.end_s),
        tuple(float(begins[site] or 0) for site in sites),
        float(sum(flight.landing_s - flight.takeoff_s for flight in sortie.flights)),
        late,
    )


def _fault(sortie: Sortie, field: str, rule: str, found: str) -> Fault:
    action = "give network and orders as they were, with what is new added"
    return Fault(
        "underway.sortie", "", sortie.id, field, f"must be {rule}: it is fixed", found, action
    )
