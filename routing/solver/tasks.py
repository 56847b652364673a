"""The two ends of each order as tasks, with the windows in which their handovers may start.

Owns the intersection of ready time, order windows, opening hours and deadline. Does not know
drones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from routing.network import Network, Site, Window
from routing.orders import Order
from routing.solver.instance import BoolArray, FloatArray, IntArray

LATEST_S = 4 * 86_400
"""End of the windows that nothing else ends."""


class Task(NamedTuple):
    """One end of an order at one site."""

    order_idx: int
    site_id: str
    is_pickup: bool
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class TaskTable:
    """All tasks of a day as arrays (see ``Instance``)."""

    tasks: tuple[Task, ...]
    site: IntArray
    order: IntArray
    is_pickup: BoolArray
    early: FloatArray
    late: FloatArray
    window_ptr: IntArray
    window_start: FloatArray
    window_end: FloatArray
    pickup: IntArray
    drop_ptr: IntArray


def collect_tasks(
    network: Network, orders: Sequence[Order], site_index: Mapping[str, int]
) -> TaskTable:
    """Pickup tasks first, then each order's delivery tasks together.

    A task without any window keeps an impossible one, so that its order stays unserved.
    """
    sites = {site.id: site for site in network.sites}
    tasks = [
        Task(i, order.origin, True, pickup_windows(order, sites[order.origin]))
        for i, order in enumerate(orders)
    ]
    drop_ptr = [len(tasks)]
    for i, order in enumerate(orders):
        tasks.extend(
            Task(i, goal, False, delivery_windows(order, sites[goal]))
            for goal in order.destinations
        )
        drop_ptr.append(len(tasks))
    spans = [task.windows or (Window(LATEST_S, -LATEST_S),) for task in tasks]
    counts = [len(span) for span in spans]
    return TaskTable(
        tasks=tuple(tasks),
        site=np.array([site_index[task.site_id] for task in tasks], dtype=np.int64),
        order=np.array([task.order_idx for task in tasks], dtype=np.int64),
        is_pickup=np.array([task.is_pickup for task in tasks], dtype=np.bool_),
        early=np.array([float(span[0].start_s) for span in spans]),
        late=np.array([float(span[-1].end_s) for span in spans]),
        window_ptr=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        window_start=np.array([float(w.start_s) for span in spans for w in span]),
        window_end=np.array([float(w.end_s) for span in spans for w in span]),
        pickup=np.arange(len(orders), dtype=np.int64),
        drop_ptr=np.array(drop_ptr, dtype=np.int64),
    )


def pickup_windows(order: Order, site: Site) -> tuple[Window, ...]:
    """When the pickup handover may start: ready, in the order's windows, in opening hours."""
    asked = order.pickup_windows or (Window(order.ready_s, LATEST_S),)
    return _meet(asked, site, Window(order.ready_s, order.deadline_s))


def delivery_windows(order: Order, site: Site) -> tuple[Window, ...]:
    """When the unloading handover may start so that it ends by the deadline."""
    asked = order.delivery_windows or (Window(order.ready_s, LATEST_S),)
    return _meet(asked, site, Window(order.ready_s, order.deadline_s - site.handover_s))


def _meet(asked: Sequence[Window], site: Site, limit: Window) -> tuple[Window, ...]:
    found = []
    for window in asked:
        for hours in site.hours:
            start = max(window.start_s, hours.start_s, limit.start_s)
            end = min(window.end_s, hours.end_s - site.handover_s, limit.end_s)
            if start <= end:
                found.append(Window(start, end))
    return tuple(sorted(found))
