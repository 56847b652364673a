"""What one proven number says of each term of the objective.

The engine compares plans by one number, their value: ``unserved`` (a weight for each order left
behind, by tier) + ``late`` (cost seconds of the weighted lateness) + cost. It proves a bound ``B``:
every plan has ``unserved + late + cost >= B``, within what the proof leaves out. Term by term, of
a plan with the terms ``U``, ``L`` and ``C`` and no assumption about the weights, that says:

- **cost**: a plan that leaves no more behind (in no tier) and is no later costs at least
  ``B - U - L``. On time it costs at least ``B - U``, which is more where ``L`` is above 0: a plan
  may save cost by being late.
- **lateness**: no plan costs more than the whole fleet flying all its duty (``C_max``), so one that
  leaves no more behind has ``late >= B - U - C_max``.
- **unserved**: nor is any plan later than all orders at their deadlines (``L_max``), so
  ``unserved >= B - L_max - C_max``, and so many orders at least, tier by tier, stay behind.

Where these are below the plan's own terms, nothing is claimed of the difference: a term of the
bound then is what is proven, often 0, not what can be had. The gap is what the cost could fall by
at most, ``(C - (B - U - L)) / C``: as ``U + L + C`` is the plan's value, the same as how far its
value is above the bound, as a share of its cost.

Owns that reading. Does not prove (``bound``, ``exact``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.network import TIERS, Network
from routing.orders import Order
from routing.plan import Bound, Objective
from routing.solver.day import LATENESS_PER_MIN, late_weights, lateness_weight, unserved_weights

EPS = 1e-6
ROUNDING = 1e-12
"""Share of a value that sums of its terms may be off by."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """A day's weights, and the most that lateness and cost of any plan can come to.

    Attributes:
        weights, counts: value of an order left behind, and orders, by tier from stat down.
        most_late: late value of all orders received at their deadlines.
        most_cost: cost of all drones in the air, or turning around, all their duty.
    """

    weights: tuple[float, ...]
    counts: tuple[int, ...]
    most_late: float
    most_cost: float

    def unserved_value(self, objective: Objective) -> float:
        """What the orders left behind count."""
        return math.fsum(w * n for w, n in zip(self.weights, _left(objective), strict=True))

    def fewest(self, least: float) -> tuple[int, ...]:
        """The fewest orders left behind, compared from stat down, that weigh ``least`` at least."""
        found = []
        for level, (weight, count) in enumerate(zip(self.weights, self.counts, strict=True)):
            below = zip(self.weights[level + 1 :], self.counts[level + 1 :], strict=True)
            rest = least - math.fsum(w * n for w, n in below)
            needed = math.ceil(rest / weight - EPS) if weight > 0 else 0
            found.append(min(max(0, needed), count))
            least -= found[-1] * weight
        return tuple(found)


def weigh_day(network: Network, orders: Sequence[Order]) -> Weighing:
    """The weights of a day, as its ``Instance`` has them."""
    tier = np.array([TIERS.index(order.tier) for order in orders], dtype=np.int64)
    each = unserved_weights(orders, np.array(late_weights(network, orders)), tier)
    weights = [each[tier == level].max(initial=0.0) for level in range(len(TIERS))]
    late_min = math.fsum(
        lateness_weight(network, order) * max(0, order.deadline_s - order.target_s) / 60.0
        for order in orders
        if order.target_s is not None
    )
    return Weighing(
        tuple(float(weight) for weight in weights),
        tuple(int((tier == level).sum()) for level in range(len(TIERS))),
        LATENESS_PER_MIN * late_min,
        math.fsum(_most_cost(network, drone_idx) for drone_idx in range(len(network.drones))),
    )


def _most_cost(network: Network, drone_idx: int) -> float:
    """What a drone can cost at most: a sortie lasts a second at least and its turnaround."""
    drone, weights = network.drones[drone_idx], network.weights
    duty_s = max(0.0, float(drone.duty.end_s - drone.duty.start_s))
    turnaround_s = float(network.drone_types[drone.type_id].turnaround_s)
    sorties = math.floor((duty_s + turnaround_s) / (1.0 + turnaround_s))
    return weights.flight_s * duty_s + weights.sortie * sorties + weights.drone


def prove_terms(weighing: Weighing, objective: Objective, bound: Bound) -> Bound:
    """The bound with its terms as ``bound.value_s`` proves them beside a plan's objective."""
    unserved = weighing.unserved_value(objective)
    late = LATENESS_PER_MIN * objective.lateness_min
    # What the floating sums may be off is given away, so that nothing false is claimed.
    slack = ROUNDING * abs(bound.value_s) + EPS
    value = bound.value_s - slack
    fewest = weighing.fewest(value - weighing.most_late - weighing.most_cost)
    least_late = (value - unserved - weighing.most_cost) / LATENESS_PER_MIN
    terms = replace(
        bound,
        unserved_stat=fewest[0],
        unserved_urgent=fewest[1],
        unserved_routine=fewest[2],
        lateness_min=min(max(0.0, least_late), objective.lateness_min),
        cost_s=min(max(0.0, bound.value_s - unserved - late), objective.cost_s),
        on_time_cost_s=max(0.0, bound.value_s - unserved),
    )
    if not bound.is_optimal or unserved + late + objective.cost_s > bound.value_s + slack:
        return replace(terms, is_optimal=False)
    stat, urgent, routine = _left(objective)
    return replace(
        terms,
        unserved_stat=stat,
        unserved_urgent=urgent,
        unserved_routine=routine,
        lateness_min=objective.lateness_min,
        cost_s=objective.cost_s,
    )


def gap_of(objective: Objective, bound: Bound) -> float:
    """The share of its cost that a plan could save while leaving no more behind and no later."""
    if objective.cost_s <= bound.cost_s + EPS:
        return 0.0
    return (objective.cost_s - bound.cost_s) / objective.cost_s


def _left(objective: Objective) -> tuple[int, int, int]:
    return (objective.unserved_stat, objective.unserved_urgent, objective.unserved_routine)
