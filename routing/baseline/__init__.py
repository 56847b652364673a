"""What a plan is compared with: first-come-first-served dispatch, and the road courier.

Owns both baselines. The dispatch is what a desk does by hand, without looking ahead; it obeys
every rule of docs/design.md but R10, which a desk cannot judge: ``routing.planning`` keeps its
flights apart afterwards, as it does with a plan. Does not know the solver.
"""

from routing.baseline.desk import dispatch_first_come
from routing.baseline.road import road_courier

__all__ = ["dispatch_first_come", "road_courier"]
