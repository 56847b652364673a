"""A plan that was made before, as sorties to start from.

Owns the way from a plan's names back to indices. The plan may be of another day or another
network: what this day does not have (orders, sites, drones) is left out, and what is left of a
sortie is kept where a drone can still fly it. Does not time anything (``loading`` does).
"""

from __future__ import annotations

from collections.abc import Mapping

from routing.plan import Plan, Sortie
from routing.solver.day import Day, fleet_order
from routing.solver.loading import Draft
from routing.solver.scratch import BETWEEN, DIRECT, INWARD, OUTWARD

Drafts = dict[int, list[Draft]]


def drafts_of_plan(day: Day, plan: Plan) -> Drafts:
    """The sorties of a plan that this day's drones could fly, by drone, in order of time."""
    drones = {drone_id: d for d, drone_id in enumerate(fleet_order(day.network))}
    orders = {order.id: i for i, order in enumerate(day.orders)}
    drafts: Drafts = {}
    taken: set[int] = set()
    for sortie in sorted(plan.sorties, key=lambda sortie: sortie.start_s):
        if sortie.drone_id not in drones:
            continue
        draft = draft_of(day, sortie, orders, taken)
        if draft is not None:
            taken.update(draft.orders)
            drafts.setdefault(drones[sortie.drone_id], []).append(draft)
    return drafts


def draft_of(day: Day, sortie: Sortie, orders: Mapping[str, int], taken: set[int]) -> Draft | None:
    """What is left of a sortie on this day; None when nothing is worth flying.

    Args:
        day: its numbers; orders: id -> index of each order in them.
        sortie: of a plan; taken: orders that others carry already.
    """
    index, is_base = day.legs.site_index, day.instance.is_base
    ends = [index.get(sortie.stops[0].site_id, -1), index.get(sortie.stops[-1].site_id, -1)]
    if min(ends) < 0 or not (is_base[ends[0]] and is_base[ends[1]]):
        return None
    last = len(sortie.stops) - 1
    loaded = {
        orders[name]: at
        for at, stop in enumerate(sortie.stops)
        for name in stop.loaded
        if name in orders
    }
    kept: list[tuple[int, int, int]] = []
    tasks: list[list[int]] = [[] for _ in sortie.stops]
    for at, stop in enumerate(sortie.stops):
        for i in (orders[name] for name in stop.unloaded if name in orders):
            drop = _drop_at(day, i, index.get(stop.site_id, -1))
            if i not in loaded or i in taken or drop < 0:
                continue
            origin = int(day.instance.task_site[day.instance.pickup[i]])
            if origin != index.get(sortie.stops[loaded[i]].site_id, -1):
                continue
            if _is_base_between(day, sortie, at) or _is_base_between(day, sortie, loaded[i]):
                continue
            kept.append((i, _mode(loaded[i] == 0, at == last), drop))
            if at < last:
                tasks[at].insert(0, drop)
            if loaded[i] > 0:
                tasks[loaded[i]].append(int(day.instance.pickup[i]))
    if not kept and ends[0] == ends[1]:
        return None
    return Draft(
        start=ends[0],
        end=ends[1],
        tasks=tuple(task for stop in tasks for task in stop),
        orders=tuple(i for i, _, _ in kept),
        modes=tuple(mode for _, mode, _ in kept),
        drops=tuple(drop for _, _, drop in kept),
    )


def _is_base_between(day: Day, sortie: Sortie, at: int) -> bool:
    """Whether a stop between the ends has become a base, where a sortie must end."""
    site = day.legs.site_index.get(sortie.stops[at].site_id, -1)
    return 0 < at < len(sortie.stops) - 1 and bool(day.instance.is_base[site])


def _drop_at(day: Day, i: int, site: int) -> int:
    """The delivery task of an order at a site, -1 for none."""
    inst = day.instance
    for drop in range(int(inst.drop_ptr[i]), int(inst.drop_ptr[i + 1])):
        if int(inst.task_site[drop]) == site:
            return drop
    return -1


def _mode(starts_at_base: bool, ends_at_base: bool) -> int:
    if starts_at_base:
        return DIRECT if ends_at_base else OUTWARD
    return INWARD if ends_at_base else BETWEEN
