"""Two sorties become one where nothing needs the base between them, on the hand-made triangle:
hub - clinic 600 s, hub - second 500 s, second - clinic 400 s; a sortie costs 120 s."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from routing.legs import build_legs
from routing.orders import Order
from routing.solver.day import Day, build_day
from routing.solver.loading import Draft, load_sortie
from routing.solver.scratch import DIRECT, INWARD
from routing.solver.search import Worker
from routing.solver.shortcut import shorten_chain
from routing.solver.state import I_END, I_START, value_of
from tests.days import three_site_orders, three_sites
from tests.solver.plans import held, held_from_scratch, picture, worker_of

HUB, SECOND = 0, 1
D1 = 0
EMPTY_OUT, EMPTY_BACK = Draft(HUB, SECOND, (), (), (), ()), Draft(SECOND, HUB, (), (), (), ())


def order(order_id: str, **fields: object) -> Order:
    found = next(one for one in three_site_orders() if one.id == order_id)
    return replace(found, **fields)  # type: ignore[arg-type]


def fly(*drafts: Draft, orders: tuple[Order, ...] = ()) -> Worker:
    """D1 flies the drafts one after another."""
    network = three_sites()
    day: Day = build_day(network, orders, build_legs(network))
    worker = worker_of(day)
    for draft in drafts:
        assert load_sortie(worker, D1, draft)
    return worker


def shorten(worker: Worker) -> int:
    views = worker.views
    worker.journal.filled[0] = 0
    return int(shorten_chain(views.inst, views.scratch, views.state, views.journal, views.res, D1))


def rounds(worker: Worker) -> list[tuple[int, int]]:
    state = worker.state
    chain = state.chain[D1, : state.chain_len[D1]]
    return [(int(state.ints[s, I_START]), int(state.ints[s, I_END])) for s in chain]


def value(worker: Worker) -> float:
    return float(value_of(worker.views.inst, worker.views.state))


def test_two_empty_sorties_there_and_back_disappear() -> None:
    worker = fly(EMPTY_OUT, EMPTY_BACK, orders=(order("S1"),))
    assert shorten(worker) == 1
    assert rounds(worker) == []
    assert held(worker.res) == held_from_scratch(worker)


def test_an_empty_sortie_joins_the_next_that_picks_up_on_its_way() -> None:
    # Flown 500 + 400 + 600 in two sorties, then 600 + 600 in one.
    from_second = Draft(SECOND, HUB, (0,), (0,), (INWARD,), (1,))
    worker = fly(EMPTY_OUT, from_second, orders=(order("S1"),))
    before = value(worker)
    assert shorten(worker) == 1
    assert rounds(worker) == [(HUB, HUB)]
    assert value(worker) == before - 300.0 - 120.0
    assert worker.state.sortie_of[0] == worker.state.chain[D1, 0]
    assert held(worker.res) == held_from_scratch(worker)


def test_goods_for_either_base_are_flown_to_the_last() -> None:
    either = order("S1", destinations=("second", "hub"))
    to_second = Draft(HUB, SECOND, (0,), (0,), (INWARD,), (1,))
    worker = fly(to_second, EMPTY_BACK, orders=(either,))
    assert shorten(worker) == 1
    assert rounds(worker) == [(HUB, HUB)]
    assert worker.state.drop[0] == 2  # the task at the hub
    assert held(worker.res) == held_from_scratch(worker)


def is_left_alone(worker: Worker) -> bool:
    before = picture(worker)
    return shorten(worker) == 0 and picture(worker) == before


def test_goods_for_the_base_between_keep_it() -> None:
    there = Draft(HUB, SECOND, (), (0,), (DIRECT,), (1,))
    assert is_left_alone(fly(there, EMPTY_BACK, orders=(order("M1"),)))
    only_there = order("S1", destinations=("second",))
    to_second = Draft(HUB, SECOND, (0,), (0,), (INWARD,), (1,))
    assert is_left_alone(fly(to_second, EMPTY_BACK, orders=(only_there,)))


def test_goods_from_the_base_between_keep_it() -> None:
    back = Draft(SECOND, HUB, (), (0,), (DIRECT,), (1,))
    assert is_left_alone(fly(EMPTY_OUT, back, orders=(order("S2"),)))


def test_two_sorties_with_goods_stay_two() -> None:
    orders = (order("S1"), order("S3"))
    first = Draft(HUB, HUB, (0,), (0,), (INWARD,), (2,))
    second = Draft(HUB, HUB, (1,), (1,), (INWARD,), (3,))
    worker = fly(first, second, orders=orders)
    assert is_left_alone(worker)
    assert np.all(worker.state.sortie_of >= 0)
