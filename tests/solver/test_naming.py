"""The hand-made plan in numbers and back in words: names, times, packs, chargers, pads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.checker import check_plan
from routing.legs import build_legs
from routing.plan import Charge, Plan, Sortie
from routing.solver.day import Day, build_day
from routing.solver.loading import load_sortie
from routing.solver.naming import name_objective, name_plan, name_unserved
from routing.solver.resume import drafts_of_plan
from routing.solver.solution import Solution, read_solution
from tests.days import three_site_orders, three_site_plan, three_sites
from tests.solver.plans import worker_of


@pytest.fixture(scope="module")
def day() -> Day:
    network = three_sites()
    return build_day(network, three_site_orders(), build_legs(network))


@pytest.fixture(scope="module")
def solution(day: Day) -> Solution:
    """What the hand-made plan is in numbers: each drone's sorties, each as soon as it can."""
    worker = worker_of(day)
    for drone, drafts in drafts_of_plan(day, three_site_plan()).items():
        for draft in drafts:
            assert load_sortie(worker, drone, draft)
    return read_solution(worker.state, 0.0)


@pytest.fixture(scope="module")
def plan(day: Day, solution: Solution) -> Plan:
    return name_plan(day, solution)


def test_the_named_plan_passes_the_checker(plan: Plan) -> None:
    assert check_plan(three_sites(), three_site_orders(), plan) == ()
    assert [one.id for one in plan.sorties] == ["D1-01", "D1-02", "D1-03", "D2-01"]
    assert [one.order_id for one in plan.unserved] == ["X1"]


def test_stops_say_what_is_loaded_and_unloaded_where(plan: Plan) -> None:
    first, *_ = plan.sorties
    assert [stop.site_id for stop in first.stops] == ["hub", "clinic", "hub"]
    assert [stop.loaded for stop in first.stops] == [("B1",), ("S1",), ()]
    assert [stop.unloaded for stop in first.stops] == [(), ("B1",), ("S1",)]
    # S1 is ready at 29,000; the hub's handover ends at take-off, the clinic's takes 180 s.
    assert first.stops[1].handover_start_s == 29_000
    assert first.stops[1].takeoff_s == 29_180
    assert first.stops[0].handover_end_s == first.stops[0].takeoff_s == 28_400
    assert [flight.payload_kg for flight in first.flights] == [4.25, 4.25]
    # An order that is not handed over at a base leaves no handover there.
    empty = next(one for one in plan.sorties if one.id == "D1-02").stops[-1]
    assert (empty.unloaded, empty.handover_end_s) == (("M1",), (empty.landing_s or 0) + 120)


def test_energy_is_that_of_the_hand_made_plan(plan: Plan) -> None:
    by_hand = {(s.drone_id, len(s.stops), s.stops[0].site_id): s for s in three_site_plan().sorties}
    for sortie in plan.sorties:
        other = by_hand[sortie.drone_id, len(sortie.stops), sortie.stops[0].site_id]
        assert sortie.energy_pack == pytest.approx(other.energy_pack, abs=1e-4)
        assert sortie.usable_pack == pytest.approx(0.8)


def test_a_pack_flies_again_only_when_it_is_full(plan: Plan) -> None:
    takeoffs: dict[str, list[Sortie]] = {}
    for sortie in sorted(plan.sorties, key=lambda one: one.start_s):
        for before in takeoffs.setdefault(sortie.pack_id, []):
            assert before.charge is not None
            assert before.charge.end_s <= sortie.start_s
        takeoffs[sortie.pack_id].append(sortie)


def test_the_first_landed_is_the_first_charged(plan: Plan) -> None:
    landed = sorted(
        (s for s in plan.sorties if s.stops[-1].site_id == "hub"), key=lambda s: s.end_s
    )
    charges = [one.charge for one in landed]
    assert all(isinstance(charge, Charge) for charge in charges)
    starts = [charge.start_s for charge in charges if charge]
    assert starts == sorted(starts)
    # Two chargers for three packs: the third one waits for the first charger that is free.
    first_free = min(charge.end_s for charge in charges[:2] if charge)
    assert starts[2] == max(first_free, landed[2].end_s)


def test_the_terms_are_those_of_the_hand_made_plan(day: Day) -> None:
    assert name_objective(day, three_site_plan().sorties) == three_site_plan().objective


def test_a_lost_count_of_packs_is_an_error(day: Day, solution: Solution) -> None:
    bases = tuple(replace(base, packs={}) for base in day.network.bases)
    without = replace(day, network=replace(day.network, bases=bases))
    with pytest.raises(RuntimeError, match="no charged pack for D"):
        name_plan(without, solution)


def test_a_pack_that_still_charges_is_no_pack(day: Day, solution: Solution) -> None:
    # D1 leaves the hub twice within half an hour; its only pack charges for an hour.
    bases = tuple(replace(base, packs={"hex": 1, "wing": 1}) for base in day.network.bases)
    short = replace(day, network=replace(day.network, bases=bases))
    with pytest.raises(RuntimeError, match="no charged pack for D1-02"):
        name_plan(short, solution)


def test_two_drones_at_one_time_stand_on_two_pads(day: Day, solution: Solution) -> None:
    sites = tuple(replace(site, pads=2) for site in day.network.sites)
    first, *others, wing = solution.trips
    later_s = first.depart - wing.depart
    moved = replace(
        wing,
        depart=wing.depart + later_s,
        land=wing.land + later_s,
        handover=tuple(at + later_s for at in wing.handover),
    )
    wide = replace(day, network=replace(day.network, sites=sites))
    sorties = name_plan(wide, replace(solution, trips=(first, *others, moved))).sorties
    assert sorties[0].stops[0].takeoff_s == sorties[-1].stops[0].takeoff_s
    assert {sorties[0].stops[0].pad, sorties[-1].stops[0].pad} == {0, 1}


def test_a_lost_count_of_pads_is_an_error(day: Day, solution: Solution) -> None:
    sites = tuple(replace(site, pads=0) for site in day.network.sites)
    without = replace(day, network=replace(day.network, sites=sites))
    with pytest.raises(RuntimeError, match="no pad for D"):
        name_plan(without, solution)


def test_an_order_left_behind_has_the_weakest_reason() -> None:
    left = name_unserved(three_site_orders()[0])
    assert (left.order_id, left.reason) == ("B1", "no_room")
