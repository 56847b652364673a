"""``check_plan``: every rule of docs/design.md on one plan, all violations at once.

Owns the order of the rules. Each rule has its own file.
"""

from __future__ import annotations

from collections.abc import Sequence

from routing.checker.airspace import check_airspace
from routing.checker.case import build_case
from routing.checker.drones import check_drones
from routing.checker.energy import check_energy
from routing.checker.fixed import check_fixed
from routing.checker.form import check_form
from routing.checker.heights import check_heights
from routing.checker.load import check_load
from routing.checker.packs import check_packs
from routing.checker.pads import check_pads
from routing.checker.people import check_people
from routing.checker.segregation import check_segregation
from routing.checker.separation import check_separation
from routing.checker.stated import check_stated
from routing.checker.times import check_times
from routing.checker.violation import Violation
from routing.checker.whole import check_whole
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan

RULES_OF_A_CASE = (
    check_times,
    check_load,
    check_energy,
    check_segregation,
    check_drones,
    check_packs,
    check_pads,
    check_airspace,
    check_heights,
    check_separation,
    check_people,
)


def check_plan(
    network: Network, orders: Sequence[Order], plan: Plan, *, fixed: Plan | None = None
) -> tuple[Violation, ...]:
    """Prove a plan from the input, without any of the planner's arithmetic.

    Args:
        network, orders: the input, as read.
        plan: any plan of it, also one that somebody edited.
        fixed: the plan that this one continues; its fixed sorties must be unchanged (R12).

    Returns:
        All violations, in order of form (P1), stated numbers (P2) and R1-R12; empty for a valid
        plan. A sortie whose form is broken is named under P1 and left out of P2 and R2-R11.
    """
    by_id = {order.id: order for order in orders}
    found, sound = check_form(network, by_id.keys(), plan)
    case = build_case(network, orders, plan, sound)
    found += check_stated(case)
    found += check_whole(by_id, plan)
    for check in RULES_OF_A_CASE:
        found += check(case)
    found += check_fixed(plan, fixed)
    return tuple(found)
