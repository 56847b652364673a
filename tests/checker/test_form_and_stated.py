"""P1 ``form`` and P2 ``stated``: what a hand that edits a plan file may leave behind."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.plan import Bound, Plan
from tests.checker.edits import (
    broken,
    edit_sortie,
    shifted,
    sortie,
    violations,
    with_flight,
    with_sortie,
    with_stop,
)
from tests.days import three_site_plan

NAN = float("nan")


@pytest.mark.parametrize(
    ("plan", "check"),
    [
        (with_sortie("T1", drone_id="D9"), "unknown-drone"),
        (with_sortie("T1", pack_id=""), "pack-id"),
        (with_sortie("T1", stops=()), "stops"),
        (with_sortie("T1", flights=()), "stops"),
        (with_sortie("T1", energy_pack=NAN), "number"),
        (with_sortie("T1", usable_pack=float("inf")), "number"),
        (with_stop("T1", 1, site_id="nowhere"), "unknown-site"),
        (with_stop("T1", 1, landing_s=None), "number"),
        (with_stop("T1", 1, takeoff_s=None), "number"),
        (with_stop("T1", 1, handover_start_s=None), "number"),
        (with_stop("T1", 0, landing_s=28_000), "stop-times"),
        (with_stop("T1", 2, takeoff_s=31_000), "stop-times"),
        (with_flight("T1", 0, height_m_agl=0.0), "height"),
        (with_flight("T1", 0, landing_s=28_800), "flight-order"),
        (with_flight("T1", 0, length_m=NAN), "number"),
        (with_flight("T1", 0, path_lonlat=()), "path"),
        (with_flight("T1", 0, path_lonlat=((36.78, 119.96), (36.87, 119.96))), "path"),
        (with_flight("T1", 0, path_lonlat=((119.96, 36.78), (119.96, NAN))), "path"),
    ],
)
def test_a_sortie_that_cannot_be_judged_is_named(plan: Plan, check: str) -> None:
    found = violations(plan=plan)
    assert ("P1", check, "T1") in {(one.rule, one.check, one.place.sortie_id) for one in found}
    # Its orders still count as carried: nothing says that they were left out.
    assert "R1 neither" not in broken(plan=plan) or check in {"stops"}


@pytest.mark.parametrize(
    ("plan", "check"),
    [
        (with_flight("T1", 0, takeoff_s=28_799), "flight-match"),
        (with_flight("T1", 0, destination="second"), "flight-match"),
        (with_stop("T2", 1, unloaded=("M1", "ghost")), "unknown-order"),
        (with_sortie("T2", id="T1"), "sortie-id"),
    ],
)
def test_a_sortie_that_contradicts_itself_is_named(plan: Plan, check: str) -> None:
    assert f"P1 {check}" in broken(plan=plan)


def test_a_sortie_starts_and_ends_at_a_base_and_nowhere_between() -> None:
    plan = three_site_plan()
    first = sortie(plan, "T1")
    end = replace(first.stops[1], takeoff_s=None, loaded=())
    cut = replace(first, stops=(first.stops[0], end), flights=first.flights[:1])
    assert "P1 base" in broken(plan=edit_sortie(plan, "T1", lambda _: cut))
    assert "P1 base" in broken(plan=with_stop("T1", 1, site_id="second"))


def test_a_sortie_lands_at_a_site_between_at_most_once() -> None:
    """T1 calls at the clinic once; calling there again, even at once, is a second landing."""
    plan = three_site_plan()
    first = sortie(plan, "T1")
    again = replace(
        first,
        stops=(*first.stops[:2], *first.stops[1:]),
        flights=(first.flights[0], *first.flights),
    )
    assert "P1 site-once" not in broken(plan=plan)
    found = violations(plan=edit_sortie(plan, "T1", lambda _: again))
    assert [one.place.stop for one in found if one.check == "site-once"] == [2]


# P2 ----------------------------------------------------------------------------------------------


def test_a_flight_is_planned_as_long_as_it_takes() -> None:
    """T1's legs take 599.97 s: 600 as planned, 601 within the tolerance, 599 and 602 not."""
    assert broken(plan=_second_leg_lands(30_181)) == set()
    for landing_s in (30_179, 30_182):
        names = [one for one in violations(plan=_second_leg_lands(landing_s)) if one.rule == "P2"]
        assert ("flight-time", landing_s - 29_580) in [(one.check, one.actual) for one in names]


def _second_leg_lands(landing_s: int) -> Plan:
    """T1 landing at another second, with everything that follows from it."""
    by_s = landing_s - 30_180

    plan = three_site_plan()
    objective = plan.objective
    first = sortie(plan, "T1")
    assert first.charge is not None
    last = replace(
        first.stops[2],
        landing_s=landing_s,
        handover_start_s=landing_s,
        handover_end_s=landing_s + 120,
    )
    moved = replace(
        first,
        stops=(*first.stops[:2], last),
        flights=(first.flights[0], replace(first.flights[1], landing_s=landing_s)),
        charge=replace(first.charge, start_s=landing_s, end_s=33_780 + by_s),
    )
    # The rest of D1's day has its turnaround only if it starts by as much later.
    plan = edit_sortie(plan, "T1", lambda _: moved)
    for sortie_id in ("T2", "T3"):
        plan = edit_sortie(plan, sortie_id, lambda one: shifted(one, max(by_s, 0)))
    late_s2_min = 1.0 + max(by_s, 0) / 60.0
    return replace(
        plan,
        objective=replace(
            objective,
            flight_s=3_200.0 + by_s,
            cost_s=4_880.0 + by_s,
            lateness_min=5.0 + by_s / 60.0 + 10.0 * late_s2_min,
        ),
    )


def test_lengths_and_loads_are_those_of_the_path_and_the_orders() -> None:
    # The path hub - clinic is 9,999.456 m long.
    assert broken(plan=with_flight("T1", 0, length_m=10_000.4)) == set()
    assert broken(plan=with_flight("T1", 0, length_m=10_000.5)) == {"P2 length"}
    assert broken(plan=with_flight("T1", 0, payload_kg=4.2500005)) == set()
    assert broken(plan=with_flight("T1", 0, payload_kg=4.250002)) == {"P2 payload"}


def test_energies_are_stated_no_lower_and_hardly_higher() -> None:
    # A leg of T1 uses 0.25514 packs, the sortie 0.51028; 1 % above are 0.25769 and 0.51538.
    assert broken(plan=with_flight("T1", 0, energy_pack=0.2576)) == set()
    assert broken(plan=with_flight("T1", 0, energy_pack=0.2578)) == {"P2 leg-energy"}
    assert broken(plan=with_flight("T1", 0, energy_pack=0.2551)) == {"P2 leg-energy"}
    assert broken(plan=with_sortie("T1", energy_pack=0.5153)) == set()
    assert broken(plan=with_sortie("T1", energy_pack=0.5155)) == {"P2 sortie-energy"}
    assert broken(plan=with_sortie("T1", energy_pack=0.5102)) == {"P2 sortie-energy"}
    assert broken(plan=with_sortie("T1", usable_pack=0.793)) == set()
    assert broken(plan=with_sortie("T1", usable_pack=0.80001)) == {"P2 usable"}
    assert broken(plan=with_sortie("T1", usable_pack=0.791)) == {"P2 usable"}


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("unserved_stat", 1),
        ("unserved_urgent", 1),
        ("unserved_routine", 0),
        ("lateness_min", 14.99),
        ("cost_s", 4_879.9),
        ("flight_s", 3_201.0),
        ("sorties", 3),
        ("drones", 1),
        ("lateness_min", NAN),
    ],
)
def test_every_term_of_the_objective_is_recomputed(term: str, value: float) -> None:
    plan = three_site_plan()
    changed = replace(plan, objective=replace(plan.objective, **{term: value}))
    assert broken(plan=changed) == {f"P2 objective-{term}"}


def test_a_bound_that_the_plan_beats_is_named() -> None:
    plan = three_site_plan()

    def with_bound(lateness_min: float, cost_s: float, routine: int = 1) -> Plan:
        bound = Bound(0, 0, routine, lateness_min, cost_s, "enumeration")
        return replace(plan, bound=bound, gap=0.0)

    assert broken(plan=with_bound(15.0, 4_880.0)) == set()
    assert broken(plan=with_bound(15.0, 4_880.1)) == {"P2 bound"}
    assert broken(plan=with_bound(15.1, 0.0)) == {"P2 bound"}
    # Terms are compared in order: a bound below in an earlier term proves nothing of later ones.
    assert broken(plan=with_bound(99.0, 9_999.0, routine=0)) == set()
    assert broken(plan=with_bound(NAN, 0.0)) == {"P2 bound"}
