"""Windows of handovers on the hand-made triangle: clinic is open 25,200-68,400 s and takes 180 s,
the hub is always open and takes 120 s. S1 goes from clinic to hub, ready 29,000, due 36,000."""

from __future__ import annotations

from dataclasses import replace

from routing.network import Site, Window
from routing.solver.tasks import LATEST_S, collect_tasks, delivery_windows, pickup_windows
from tests.days import three_site_orders, three_sites

NETWORK = three_sites()
INDEX = {site.id: n for n, site in enumerate(NETWORK.sites)}
CLINIC, HUB = NETWORK.site("clinic"), NETWORK.site("hub")
S1 = next(order for order in three_site_orders() if order.id == "S1")


def open_in(site: Site, *hours: Window) -> Site:
    return replace(site, hours=hours)


def test_a_pickup_starts_when_ready_and_by_the_deadline() -> None:
    assert pickup_windows(S1, CLINIC) == (Window(29_000, 36_000),)


def test_a_delivery_ends_by_the_deadline() -> None:
    assert delivery_windows(S1, HUB) == (Window(29_000, 36_000 - 120),)


def test_a_handover_ends_before_the_site_closes() -> None:
    shut = open_in(CLINIC, Window(25_200, 30_000))
    assert pickup_windows(S1, shut) == (Window(29_000, 30_000 - 180),)
    # A site that closes before the handover could end is as good as shut.
    assert pickup_windows(S1, open_in(CLINIC, Window(25_200, 29_179))) == ()
    assert pickup_windows(S1, open_in(CLINIC, Window(25_200, 29_180))) == (Window(29_000, 29_000),)


def test_windows_of_order_and_site_meet_in_order_of_time() -> None:
    asked = replace(S1, pickup_windows=(Window(33_000, 40_000), Window(28_000, 31_000)))
    split = open_in(CLINIC, Window(25_200, 30_180), Window(30_500, 34_180))
    assert pickup_windows(asked, split) == (
        Window(29_000, 30_000),
        Window(30_500, 31_000),
        Window(33_000, 34_000),
    )


def test_delivery_windows_count_too() -> None:
    asked = replace(S1, delivery_windows=(Window(35_000, 99_000),))
    assert delivery_windows(asked, HUB) == (Window(35_000, 35_880),)


def test_pickups_come_first_then_each_orders_deliveries() -> None:
    either = replace(S1, id="either", destinations=("hub", "second"))
    table = collect_tasks(NETWORK, (S1, either), INDEX)
    assert [(t.order_idx, t.site_id, t.is_pickup) for t in table.tasks] == [
        (0, "clinic", True), (1, "clinic", True),
        (0, "hub", False), (1, "hub", False), (1, "second", False),
    ]  # fmt: skip
    assert table.pickup.tolist() == [0, 1]
    assert table.drop_ptr.tolist() == [2, 3, 5]
    assert table.site.tolist() == [INDEX[task.site_id] for task in table.tasks]
    assert table.is_pickup.tolist() == [True, True, False, False, False]


def test_every_window_of_a_task_is_in_the_table() -> None:
    asked = replace(S1, pickup_windows=(Window(29_500, 30_000), Window(32_000, 33_000)))
    table = collect_tasks(NETWORK, (asked,), INDEX)
    assert table.window_ptr.tolist() == [0, 2, 3]
    assert table.window_start.tolist() == [29_500.0, 32_000.0, 29_000.0]
    assert table.window_end.tolist() == [30_000.0, 33_000.0, 35_880.0]
    assert (table.early[0], table.late[0]) == (29_500.0, 33_000.0)


def test_a_task_without_a_window_can_never_start() -> None:
    never = replace(S1, pickup_windows=(Window(70_000, 80_000),))
    table = collect_tasks(NETWORK, (never,), INDEX)
    assert table.tasks[0].windows == ()
    assert (table.early[0], table.late[0]) == (LATEST_S, -LATEST_S)
