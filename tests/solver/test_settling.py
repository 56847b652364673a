"""Choices among all sorties are as good as trying everything."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from routing.solver.bound import LowerBound, prove_bound
from routing.solver.closing import close_gap
from routing.solver.columns import generate, new_cover
from routing.solver.engine import solve_instance
from routing.solver.enumeration import is_listable
from routing.solver.loading import load_worker
from routing.solver.settling import TOLERANCE, drafts_in_turn
from tests.networks import RandomDay, days
from tests.solver.brute import least_value, tiny_day


@given(days(max_orders=4))
@settings(max_examples=12)
def test_the_gap_of_a_tiny_day_closes_to_the_best_there_is(random_day: RandomDay) -> None:
    day = tiny_day(random_day)
    inst = day.instance
    found = solve_instance(inst, iterations=20, threads=1, proves=False).solution
    if not is_listable(inst) or found.unserved or found.late > 0.0 or not found.trips:
        return
    cover = new_cover(inst, found)
    generate(cover, np.inf, 40)
    bound = prove_bound(cover, np.inf)
    assert isinstance(bound, LowerBound)
    settled = close_gap(
        inst, bound, lambda: found, np.inf, lambda value: False, lambda choice: None
    )
    assert settled is not None
    least = least_value(day)
    assert settled.value <= least + 1e-6
    if settled.choices and inst.period_start.shape[0] == 1:
        flown = load_worker(
            inst, drafts_in_turn(inst, settled.choices, settled.takeoffs), 1
        ).best_value
        assert min(flown, found.value) <= least + 2.0 * TOLERANCE
        assert settled.value >= least - 2.0 * TOLERANCE
