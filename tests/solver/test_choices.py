"""All sorties of a small day, counted by hand on the triangle (hub and second are bases)."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from routing.legs import build_legs
from routing.orders import Order
from routing.solver import choices as module
from routing.solver.choices import be_on_time, list_choices
from routing.solver.day import Day, build_day
from routing.solver.trial import Choice
from tests.days import three_site_orders, three_sites

HUB, SECOND = 0, 1
HEX = 0
BETWEEN_BASES = {(HUB, HUB), (HUB, SECOND), (SECOND, HUB), (SECOND, SECOND)}


def order(order_id: str, **fields: object) -> Order:
    found = next(one for one in three_site_orders() if one.id == order_id)
    return replace(found, **fields)  # type: ignore[arg-type]


def day_of(*orders: Order) -> Day:
    network = three_sites()
    return build_day(network, orders, build_legs(network))


def all_choices(*orders: Order) -> list[Choice]:
    found = list_choices(day_of(*orders).instance, time.perf_counter() + 60.0)
    assert found is not None
    return found


def carrying(choices: list[Choice], *orders: int, kind: int = HEX) -> set[tuple[int, int]]:
    return {(c.start, c.end) for c in choices if c.orders == orders and c.kind == kind}


def test_an_order_from_a_base_starts_there() -> None:
    # M1 hub -> second, both bases: it is carried from the one to the other, and nowhere else.
    found = all_choices(order("M1"))
    assert carrying(found, 0) == {(HUB, SECOND)}
    assert carrying(found) == {(HUB, SECOND), (SECOND, HUB)}  # empty, between the bases


def test_an_order_to_a_base_ends_there_whatever_the_start() -> None:
    assert carrying(all_choices(order("S1")), 0) == {(HUB, HUB), (SECOND, HUB)}


def test_orders_together_are_found_with_each_alone() -> None:
    # B1 out and S1 back with one hex: 4.25 kg each way.
    found = all_choices(order("B1"), order("S1"))
    assert carrying(found, 0, 1) == {(HUB, HUB)}
    # Too heavy to be together on the way back: 4.25 + 4.8 > 9.
    heavy = all_choices(order("S1"), order("S3", mass_kg=4.8))
    assert carrying(heavy, 0, 1) == set()
    assert carrying(heavy, 1) == {(HUB, HUB), (SECOND, HUB)}


def test_a_sorties_cost_and_times() -> None:
    (there,) = (c for c in all_choices(order("M1")) if c.orders and c.kind == HEX)
    # Ready 28,000 + 120 s of loading; deadline 43,200 less 120 s of unloading and 500 s flown.
    assert there.cost == 500.0 + 120.0
    assert (there.soonest, there.soonest_land, there.least_s) == (28_120.0, 28_620.0, 500.0)
    assert there.latest == 43_200.0 - 120.0 - 500.0
    assert (there.draft.start, there.draft.end, there.draft.orders) == (HUB, SECOND, (0,))


def test_on_time_means_by_the_target() -> None:
    # S1: received by 30,000 instead of 36,000, so unloading starts by 29,880.
    day = day_of(order("S1"), order("M1"))
    strict = be_on_time(day.instance)
    drops = day.instance.drop_ptr[:-1]
    assert strict.task_late[drops].tolist() == [29_880.0, 43_080.0]
    assert strict.window_end[strict.window_ptr[drops]].tolist() == [29_880.0, 43_080.0]
    assert day.instance.task_late[drops].tolist() == [35_880.0, 43_080.0]


def test_a_list_that_would_be_too_long_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    inst = day_of(order("B1"), order("S1"), order("M2"), order("S3")).instance
    assert list_choices(inst, time.perf_counter() + 60.0)
    monkeypatch.setattr(module, "MOST_SETS", 3)
    assert list_choices(inst, time.perf_counter() + 60.0) is None
    monkeypatch.undo()
    assert list_choices(inst, time.perf_counter() - 1.0) is None
