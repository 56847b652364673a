"""The tightest pass of a day, by hand and beside the checker's own arithmetic."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from pyproj import Proj

from routing.checker.case import build_case
from routing.checker.separation import find_tight
from routing.legs import build_legs
from routing.separation.tightest import find_tightest
from routing.solver.solve import solve
from tests.checker.test_rule_layers import flown, kept_apart, on_top
from tests.days import HUB_LONLAT, three_site_plan, three_sites
from tests.networks import RandomDay
from tests.separation.crowds import crowds


def test_nothing_is_told_where_no_separation_is_asked_for() -> None:
    assert find_tightest(three_sites(), three_site_plan()) is None


def test_two_that_meet_head_on() -> None:
    """T1 comes back, T4 goes out: outside the 500 m of the hub they share a line.

    T4 is 500 m from the hub at 30,000 + 20 + 20 s, T1 at 29,580 + 25 + 475 s: they meet between.
    The way they have left then is flown at 45 m/s together: 40 s x 20 m/s = 800 m, 17.8 s later.
    """
    found = find_tightest(kept_apart(60), on_top())
    assert found is not None
    assert {found.sortie_id, found.other_sortie_id} == {"T1", "T4"}
    assert (found.gap_s, found.apart_m, found.site_id) == (0.0, 0.0, "hub")
    assert found.time_s == pytest.approx(30_057.8, abs=0.2)
    assert found.distance_m == pytest.approx(500 + 25 * 17.8, abs=5)
    assert found.lon_deg == pytest.approx(HUB_LONLAT[0], abs=1e-5)


def test_height_counts_as_well_as_time() -> None:
    """At 80 m and 100 m the two stand 20 m apart: twice a layer, as tight as 120 of 60 s."""
    plan = flown(on_top(), "T4", 0, 80.0)
    found = find_tightest(kept_apart(60), plan)
    assert found is not None
    # T1 out at 28,800 and T4 back at 30,680 and T4 out pass one layer by more than 120 s, so the
    # meeting is still the tightest.
    assert (found.gap_s, found.apart_m) == (0.0, 20.0)


@given(crowds((90.0, 100.0)))
@settings(max_examples=8)
def test_it_is_the_tightest_by_the_checkers_arithmetic(random_day: RandomDay) -> None:
    network, orders = random_day.network, random_day.orders
    plan = solve(network, orders, build_legs(network), iterations=5, threads=1, proves=False)
    layers = network.rules.layers_m_agl
    plan = replace(
        plan,
        sorties=tuple(
            replace(
                one,
                flights=tuple(
                    replace(f, layer=n % 2, height_m_agl=layers[n % 2]) for f in one.flights
                ),
            )
            for n, one in enumerate(plan.sorties)
        ),
    )
    found = find_tightest(network, plan)
    case = build_case(network, orders, plan, plan.sorties)
    hub = network.sites[0]
    plane = Proj(proj="aeqd", lon_0=hub.lon_deg, lat_0=hub.lat_deg, ellps="WGS84")
    near = find_tight(case, plane, 900.0, 1_000.0)
    passes = [one for one, _, _ in near if one.gap_s < 890.0]
    assume(passes)
    assert found is not None
    separation_s = network.rules.separation_s
    tightness = max(found.gap_s / separation_s, found.apart_m / 10.0)
    theirs = min(max(one.gap_s / separation_s, one.apart_m / 10.0) for one in passes)
    # The checker looks along one of two crossing paths, we along both: some seconds.
    assert tightness <= theirs + 1e-3
    assert tightness >= theirs - 8.0 / separation_s
