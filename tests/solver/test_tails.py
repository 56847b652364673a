"""An exchange of tails costs nothing, moves no sortie, and leaves a plan that can be flown."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.solver.search import Worker
from routing.solver.solution import read_solution
from routing.solver.state import value_of
from routing.solver.tails import exchange_tails
from tests.networks import RandomDay, days
from tests.solver.plans import day_of, insert, picture, take_back, tear_down, worker_of


def _exchange(worker: Worker, times: int) -> int:
    views = worker.views
    return sum(bool(exchange_tails(views.inst, views.state, views.search)) for _ in range(times))


def _full(random_day: RandomDay, seed: int) -> Worker:
    worker = worker_of(day_of(random_day), seed)
    for i in range(worker.inst.num_orders):
        insert(worker, i)
    worker.journal.filled[0] = 0
    return worker


@given(days(max_orders=8), st.integers(0, 99))
@settings(max_examples=30)
def test_an_exchange_moves_no_sortie_and_keeps_each_drone_in_time(
    random_day: RandomDay, seed: int
) -> None:
    worker = _full(random_day, seed)
    inst, value = worker.inst, value_of(worker.views.inst, worker.views.state)
    before = read_solution(worker.state, value)
    _exchange(worker, 40)
    after = read_solution(worker.state, value_of(worker.views.inst, worker.views.state))
    assert after.value <= before.value + 1e-6
    assert {(t.orders, t.depart, t.land) for t in after.trips} == {
        (t.orders, t.depart, t.land) for t in before.trips
    }
    for d in range(inst.num_drones):
        ready, place = float(inst.drone_start[d]), int(inst.drone_home[d])
        for trip in (t for t in after.trips if t.drone == d):
            assert trip.depart >= ready - 1e-6
            assert trip.start == place
            assert trip.land <= inst.drone_end[d] + 1e-6
            ready, place = trip.land + float(inst.turnaround[inst.drone_type[d]]), trip.end
        if inst.must_return_home:
            assert place == inst.drone_home[d]


@given(days(max_orders=8), st.integers(0, 99))
@settings(max_examples=20)
def test_changes_after_an_exchange_are_taken_back_to_it(random_day: RandomDay, seed: int) -> None:
    worker = _full(random_day, seed)
    _exchange(worker, 10)
    before = picture(worker)
    tear_down(worker)
    take_back(worker, 0)
    assert picture(worker) == before
