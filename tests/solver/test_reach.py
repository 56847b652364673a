"""What a head costs at least: never more than any head that a tail is joined with."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver.day import build_day
from routing.solver.fronts import TF_COST, TF_ENERGY, TF_TIME, TI_PEAK_MASS
from routing.solver.joins import join_cost
from routing.solver.pricing import new_pricing
from routing.solver.reach import least_at, least_head


@pytest.mark.parametrize("every", [3, 7])
def test_no_head_costs_less_than_the_tables_say(every: int) -> None:
    day = build_benchmark_day("P28-2")
    inst = build_day(day.network, day.orders, build_legs(day.network)).instance
    pricing, rng = new_pricing(inst), np.random.default_rng(every)
    duals = rng.uniform(60.0, 240.0, inst.num_orders)
    flow = np.zeros((inst.turnaround.shape[0], inst.is_base.shape[0]))
    family, joined, tight = pricing.pairs[0].family, 0, 0
    for window in pricing.windows(duals)[::every]:
        pricing.solve_one(window, duals, flow)
        tails, heads, reach = pricing.tails.tails, pricing.heads.tails, pricing.reach
        picks = pricing.tails.picks
        for x in picks.stops[: picks.num_stops[0]]:
            first, last = reach.ptr[x, 0], reach.ptr[x, -1]
            ends = heads.front[x, : heads.front_size[x]]
            assert sorted(reach.heads[first:last]) == sorted(ends)
            for y in picks.stops[: picks.num_stops[0]]:
                for t in tails.front[y, : min(5, tails.front_size[y])]:
                    used, peak = tails.floats[t, TF_ENERGY], tails.ints[t, TI_PEAK_MASS]
                    time, cost = tails.floats[t, TF_TIME], tails.floats[t, TF_COST]
                    hop = family.travel[x, y]
                    at = least_at(family, reach, x, used + family.energy[x, y], peak, time - hop)
                    before = least_head(family, reach, y, used, peak, time)
                    line = reach.before_cost[y][reach.before[y] == x]
                    for h in ends[rng.integers(0, max(1, len(ends)), 3)] if len(ends) else ():
                        whole = join_cost(family, picks, tails, heads, t, h, x, y)
                        if x == y or whole == np.inf:
                            continue
                        joined += 1
                        flown = cost + inst.cost_flight * hop + at
                        assert flown <= whole + 1e-6
                        assert cost + before <= whole + 1e-6
                        assert cost + line.min() <= whole + 1e-6
                        tight += flown > whole - 100.0
    assert joined > 500
    assert tight > 50
