"""The end of a proof: all sorties that may still matter, and the best choice among them.

Owns how far from the bound sorties are looked for: near it at first, farther when there is no plan
that near. Does not list sorties (``enumeration``) and does not choose (``settling``).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from routing.solver.bound import LowerBound
from routing.solver.enumeration import is_listable, list_wanted
from routing.solver.instance import Instance
from routing.solver.settling import Settled, settle
from routing.solver.solution import Solution

ROOM, WIDER = 0.02, 2.0
"""Of the bound, how far from it plans are looked for at first; and how many times farther then."""
MOST_ORDERS = 80
"""On larger days the list is too long, and finding that out takes half a minute."""
STEP = 1e-6


def close_gap(
    inst: Instance,
    bound: LowerBound,
    best: Callable[[], Solution],
    until_s: float,
    on_bound: Callable[[float], bool],
    on_choice: Callable[[Settled], None],
) -> Settled | None:
    """The best choice of sorties and what it proves; None where the day is not one to list.

    Args:
        bound: with the duals that prove it.
        best: the best plan so far; it serves all orders, on time.
        until_s: ``time.perf_counter()`` at which to give up.
        on_bound: told of rising bounds; true when it is good enough.
        on_choice: told of choices that the drones cannot fly as they are.
    """
    plan = best()
    if bound.duals is None or bound.flow is None or not is_listable(inst):
        return None
    if inst.num_orders > MOST_ORDERS or plan.unserved or plan.late > STEP:
        return None
    room, settled = ROOM * bound.value, None
    while time.perf_counter() < until_s:
        value = best().value
        limit = min(value, bound.value + room)
        room_left = limit - bound.value
        choices = list_wanted(inst, bound.duals, bound.flow, room_left, until_s, bound.cuts)
        if choices is None:
            break
        found = settle(inst, choices, limit, until_s, on_bound, on_choice)
        if found is None:
            break
        settled = found
        is_enough = on_bound(settled.value)
        if is_enough or settled.choices or settled.value < limit or limit >= value:
            break
        room *= WIDER
    return settled
