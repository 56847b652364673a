"""Which clinics next, on the four-site day: brute force, bound, proxy and more drones."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
from dataclasses import replace
from itertools import combinations

import pytest

from routing.choose.clinics import SETTLING, Choice, choose_clinics, settle
from routing.choose.crew import hire
from routing.choose.value import Evaluator
from routing.errors import InputError
from routing.whatif.sweep import Day
from tests.choose.places import VILLAGES, lines, model, pingdu, village

QUICK, FULL = 20, 60


@pytest.fixture(scope="module")
def choices() -> tuple[Choice, ...]:
    days = [Day("monday", lines(), 3)]
    return choose_clinics(
        pingdu(), days, VILLAGES, 2, model(), more_drones=(0, 1), quick=QUICK, full=FULL,
        people={"near": 900.0},
    )  # fmt: skip


def test_the_set_is_the_best_of_all_pairs(choices: tuple[Choice, ...]) -> None:
    (choice, _) = choices
    days = [Day("monday", lines(), 3)]
    start = settle(Evaluator(pingdu(), days, model(), FULL), ())
    evaluator = Evaluator(pingdu(), days, model(), QUICK, start=start)
    pairs = {
        frozenset(one.site.id for one in pair): evaluator.gain(pair)
        for pair in combinations(VILLAGES, 2)
    }
    assert choice.is_exhaustive
    assert pairs[frozenset(choice.order)] == max(pairs.values()) == choice.gains[-1]


def test_the_start_is_no_worse_than_any_search_on_the_way() -> None:
    """Two orders of a day whose first plan a short search leaves bad."""
    days = [Day("monday", lines(), 3)]
    evaluator = Evaluator(pingdu(), days, model(), 2)
    (start,) = settle(evaluator, ())
    assert evaluator.num_plans == SETTLING
    ((*_, first),) = Evaluator(pingdu(), days, model(), 2).plans(())
    assert start.objective.ranking < first.objective.ranking


def test_two_processes_give_the_same(choices: tuple[Choice, ...]) -> None:
    days = [Day("monday", lines(), 3)]
    (again,) = choose_clinics(
        pingdu(), days, VILLAGES, 2, model(), quick=QUICK, full=FULL,
        people={"near": 900.0}, workers=2,
    )  # fmt: skip
    assert replace(again, plans=choices[0].plans) == choices[0]


def test_what_workers_are_given_can_be_sent_to_them() -> None:
    """A spawned worker gets it through a pipe; a forked one would not notice."""
    given = (pingdu(), lines(), model(), VILLAGES)
    assert pickle.loads(pickle.dumps(given)) == given


def test_a_killed_worker_loses_nothing() -> None:
    days = [Day("monday", lines(), 3)]
    here = Evaluator(pingdu(), days, model(), QUICK)
    there = Evaluator(pingdu(), days, model(), QUICK)
    before = {child.pid for child in multiprocessing.active_children()}
    with hire(there, workers=2):
        there.prepare([(VILLAGES[0],)])
        ours = [c for c in multiprocessing.active_children() if c.pid not in before]
        os.kill(ours[0].pid or 0, signal.SIGKILL)
        there.prepare([(one,) for one in VILLAGES])
        assert [there.worth((one,)) for one in VILLAGES] == [here.worth((v,)) for v in VILLAGES]


def test_the_order_starts_with_the_one_worth_most_of_the_set(choices: tuple[Choice, ...]) -> None:
    for choice in choices:
        alone = {one.site_id: one.gain for one in choice.candidates}
        assert choice.gains[0] == alone[choice.order[0]] == max(alone[one] for one in choice.order)
        ranked = [one.gain for one in choice.candidates]
        assert ranked == sorted(ranked, reverse=True)


def test_no_set_is_above_the_bound(choices: tuple[Choice, ...]) -> None:
    for choice in choices:
        assert choice.full_gain.score <= choice.bound + 1e-9
        assert choice.most_better == pytest.approx(choice.bound - choice.full_gain.score)
        evaluator = Evaluator(pingdu(), [Day("monday", lines(), 3)], model(), FULL)
        if choice.extra_drones == 0:
            for pair in combinations(VILLAGES, 2):
                assert evaluator.gain(pair).score <= choice.bound + 1e-9


def test_what_a_member_adds_is_said_and_people_are_carried(choices: tuple[Choice, ...]) -> None:
    (choice, _) = choices
    by_id = {one.site_id: one for one in choice.candidates}
    assert {one for one, of in by_id.items() if of.marginal is not None} == set(choice.order)
    assert by_id["near"].people == 900.0
    assert by_id["north"].people is None


def test_the_error_of_quick_plans_is_measured(choices: tuple[Choice, ...]) -> None:
    for choice in choices:
        assert choice.proxy.num == len(VILLAGES) + 1
        assert choice.proxy.worst_abs >= choice.proxy.mean_abs >= abs(choice.proxy.bias) - 1e-9


def test_more_drones_are_counted(choices: tuple[Choice, ...]) -> None:
    assert [choice.extra_drones for choice in choices] == [0, 1]


def test_a_candidate_inside_a_prohibited_zone_is_refused() -> None:
    zone = next(one for one in pingdu().zones if one.rule == "prohibited")
    ring = zone.rings_lonlat[0][0]
    lon = sum(point[0] for point in ring[:-1]) / len(ring[:-1])
    lat = sum(point[1] for point in ring[:-1]) / len(ring[:-1])
    with pytest.raises(InputError) as caught:
        choose_clinics(
            pingdu(), [Day("monday", lines())], (village("inside", lon, lat),), 1, model()
        )
    assert zone.id in str(caught.value)


def test_nothing_to_choose_from_is_an_error() -> None:
    with pytest.raises(ValueError, match="candidates"):
        choose_clinics(pingdu(), [Day("monday", lines())], (), 1, model())
