"""Sheets, answers, the neutral judge and the neutral scheduler; no peer runs here."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.days import Day, build_day
from benchmarks.judge import judge_common
from benchmarks.ours import solve_common
from benchmarks.peers.places import build_places, split_trips
from benchmarks.peers.sheet import (
    Answer,
    Sheet,
    Stop,
    as_sorties,
    load_answer,
    load_sheet,
    save_answer,
    save_sheet,
    sortie_limit,
)
from benchmarks.schedule import onto_drones, schedule
from benchmarks.sheets import common_sheet, day_sheet
from routing.checker.check import check_plan
from routing.legs import LegTables, build_legs


@pytest.fixture(scope="module")
def day() -> Day:
    return build_day("P4-1")


@pytest.fixture(scope="module")
def legs(day: Day) -> LegTables:
    return build_legs(day.network)


@pytest.fixture(scope="module")
def sheet(day: Day, legs: LegTables) -> Sheet:
    return day_sheet(day, legs)


def _alone(sheet: Sheet) -> Answer:
    """Every order a sortie of its own, in order of readiness, drones in turn."""
    routes: list[list[tuple[Stop, ...]]] = [[] for _ in sheet.home]
    for turn, i in enumerate(np.argsort(sheet.ready, kind="stable")):
        order, hub, site = int(i), int(sheet.hub[i]), int(sheet.site[i])
        trip = (
            (Stop(hub), Stop(site, (order,)), Stop(hub, (), (order,)))
            if sheet.is_inward[order]
            else (Stop(hub, (order,)), Stop(site, (), (order,)), Stop(hub))
        )
        routes[turn % len(routes)].append(trip)
    return Answer(tuple(tuple(route) for route in routes), 0.0)


def test_files_give_back_what_was_written(sheet: Sheet, tmp_path: Path) -> None:
    save_sheet(sheet, tmp_path / "sheet.npz")
    again = load_sheet(tmp_path / "sheet.npz")
    for f in fields(Sheet):
        assert np.array_equal(getattr(again, f.name), getattr(sheet, f.name)), f.name
    answer = replace(_alone(sheet), progress=((1.0, 2.0),), remark="r")
    save_answer(answer, tmp_path / "answer.json")
    assert load_answer(tmp_path / "answer.json") == answer


def test_places_charge_the_turnaround_once(sheet: Sheet) -> None:
    places = build_places(sheet)
    hub = sheet.hubs[0]
    depot, load, unload = places.depot[hub], places.load[hub], places.unload[hub]
    h = int(sheet.handover[hub])
    site = next(s for s in range(sheet.travel.shape[0]) if s != hub)
    out = int(sheet.travel[hub, site])
    assert places.time[depot, site] == out
    assert places.time[load, site] == h + out
    assert places.time[unload, site] == sheet.turnaround + out
    # Unload, load again, leave: the same turnaround from landing to take-off.
    assert places.time[unload, load] + places.time[load, site] == sheet.turnaround + out
    assert places.cost[unload, site] == sheet.sortie_cost + out
    assert places.cost[site, unload] == sheet.travel[site, hub]


def test_an_order_kept_on_board_over_a_landing_is_unloaded_there(sheet: Sheet) -> None:
    inward = [i for i in range(sheet.num_orders) if sheet.is_inward[i]][:3]
    a, b, c = inward
    events = [(a, True), (b, True), (a, False), (c, True), (b, False), (c, False)]
    first, second = split_trips(sheet, sheet.hubs[0], events)
    assert set(first[-1].unloaded) == {a, b}
    assert second[-1].unloaded == (c,)


def test_a_common_answer_costs_what_it_flies(day: Day, legs: LegTables) -> None:
    common = common_sheet(day, legs, "C1")
    answer = _alone(common)
    verdict = judge_common(common, answer)
    hub = common.hubs[0]
    flown = sum(int(common.travel[hub, s] + common.travel[s, hub]) for s in common.site)
    assert verdict.flight_s == flown
    assert verdict.cost_s == flown + 120 * common.num_orders
    assert verdict.served == common.num_orders


def test_the_judge_names_what_is_broken(day: Day, legs: LegTables) -> None:
    common = common_sheet(day, legs, "C3")
    answer = _alone(common)
    assert "capacity" in judge_common(replace(common, capacity=1), answer).broken
    assert "time in the air" in judge_common(replace(common, air_max=1), answer).broken
    late = replace(common, due=common.ready + 1)
    assert judge_common(late, answer).broken["deadline"] == common.num_orders
    twice = replace(answer, routes=(*answer.routes, answer.routes[0][:1]))
    assert {"drones", "served twice"} <= judge_common(common, twice).broken.keys()
    lost = replace(answer, routes=((answer.routes[0][0][:-1],),))
    assert "not delivered" in judge_common(common, lost).broken


def test_a_scheduled_answer_passes_our_checker(day: Day, legs: LegTables, sheet: Sheet) -> None:
    answer = onto_drones(sheet, _alone(sheet))
    plan = schedule(day, legs, sheet, answer)
    broken = [v for v in check_plan(day.network, day.orders, plan) if v.rule != "R1"]
    assert broken == []
    flown = {order for s in plan.sorties for stop in s.stops for order in stop.loaded}
    assert len(flown) + len(plan.unserved) == len(day.orders)
    assert plan.objective.sorties == len(flown)


def test_the_checker_sees_what_an_answer_breaks(day: Day, legs: LegTables, sheet: Sheet) -> None:
    """All orders of the day in one sortie: too heavy, too far, and late."""
    hub = sheet.hubs[0]
    inward = [i for i in range(sheet.num_orders) if sheet.is_inward[i]]
    stops = tuple(Stop(int(sheet.site[i]), (i,)) for i in inward)
    trip = (Stop(hub), *stops, Stop(hub, (), tuple(inward)))
    plan = schedule(day, legs, sheet, Answer(((trip,), ()), 0.0))
    rules = {v.rule for v in check_plan(day.network, day.orders, plan)}
    assert {"R2", "R3", "R4"} <= rules


def test_the_safe_limit_is_safe(day: Day, legs: LegTables, sheet: Sheet) -> None:
    """A leg counted at the safe load uses no less energy than with any smaller load."""
    counted, limit = sortie_limit(as_sorties(sheet))
    table = legs.for_type(day.network.drones[0].type_id)
    share = counted[0, 1:] / limit
    for load_kg in (0.0, sheet.safe_capacity / 2_000, sheet.safe_capacity / 1_000):
        for j in range(1, counted.shape[0]):
            assert table.energy_pack(0, j, load_kg) / table.usable_pack <= share[j - 1] + 1e-3


def test_our_engine_solves_common_ground_lawfully(day: Day, legs: LegTables) -> None:
    for rule in ("C1", "C2", "C3"):
        common = common_sheet(day, legs, rule)
        found = solve_common(common, seed=1, iterations=200)
        verdict = judge_common(common, found.answer)
        assert verdict.broken == {}, rule
        assert verdict.served == common.num_orders
        assert verdict.cost_s <= judge_common(common, _alone(common)).cost_s
