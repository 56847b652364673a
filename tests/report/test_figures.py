"""The figures of the three-site day, against the arithmetic of tests/days.py done by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.weather import Weather, WeatherPeriod
from routing.report.figures import (
    DayFigures,
    DroneUse,
    LeftBehind,
    PackUse,
    Slack,
    Spread,
    charging_peak,
    compute_figures,
    receipts,
    spread,
)
from routing.report.wind import wind_cost
from tests.days import three_site_orders, three_site_plan, three_sites


@pytest.fixture(scope="module")
def figures() -> DayFigures:
    return compute_figures(three_sites(), three_site_orders(), three_site_plan())


def test_receipts_are_the_ends_of_the_unloading_handovers() -> None:
    assert receipts(three_site_plan()) == {
        "B1": 29_580,
        "S1": 30_300,
        "M2": 30_680,
        "S3": 31_300,
        "M1": 31_220,
        "S2": 32_140,
    }


def test_orders_are_counted_by_tier_and_reason(figures: DayFigures) -> None:
    assert figures.flown == {"stat": 1, "urgent": 1, "routine": 4}
    assert figures.left == {"stat": 0, "urgent": 0, "routine": 1}
    (item,) = figures.left_behind
    assert (item.reason, item.order_ids) == ("deadline", ("X1",))


def test_reasons_come_with_the_most_frequent_first() -> None:
    plan = three_site_plan()
    one = plan.unserved[0]
    unserved = (replace(one, order_id="A", reason="range", text_en="R", text_zh="航"), one)
    both = replace(plan, unserved=(*unserved, replace(one, order_id="X2")))
    left = compute_figures(three_sites(), three_site_orders(), both).left_behind
    assert [(item.reason, item.order_ids) for item in left] == [
        ("deadline", ("X1", "X2")),
        ("range", ("A",)),
    ]
    assert isinstance(left[1], LeftBehind)


def test_receipt_times_count_from_collection_or_ready(figures: DayFigures) -> None:
    times = {row.product_id: row for row in figures.products}
    assert list(times) == ["serum", "red_cells", "medicine"]
    # S1 30,300 - 28,800 = 1,500; S2 32,140 - 30,800 = 1,340; S3 31,300 - 29,300 = 2,000.
    assert times["serum"].receipt_plan == Spread(3, 1_500.0, 2_000.0, 2_000.0)
    # B1 has no clock: 29,580 - ready 28,000.
    assert times["red_cells"].receipt_plan == Spread(1, 1_580.0, 1_580.0, 1_580.0)
    # M1 31,220 - 28,000 = 3,220; M2 30,680 - 29,000 = 1,680; the median lies between.
    assert times["medicine"].receipt_plan == Spread(2, 2_450.0, 3_220.0, 3_220.0)
    assert times["serum"].orders == 4


def test_result_times_add_the_laboratory(figures: DayFigures) -> None:
    times = {row.product_id: row for row in figures.products}
    # 30 minutes of laboratory on top of each receipt time.
    assert times["serum"].result_plan == Spread(3, 3_300.0, 3_800.0, 3_800.0)
    assert times["serum"].is_tested
    assert times["medicine"].result_plan is None
    assert not times["medicine"].is_tested


def test_all_orders_have_their_times(figures: DayFigures) -> None:
    # 1,340, 1,500, 1,580, 1,680, 2,000, 3,220 s: median 1,630; the 6th of 6 covers 90 %.
    assert figures.all_products.receipt_plan == Spread(6, 1_630.0, 3_220.0, 3_220.0)
    assert figures.all_products.result_plan == Spread(3, 3_300.0, 3_800.0, 3_800.0)


def test_the_baselines_stand_beside_the_plan() -> None:
    plan = three_site_plan()
    first_come = replace(plan, sorties=plan.sorties[:1])
    figures = compute_figures(
        three_sites(),
        three_site_orders(),
        plan,
        baseline_plan=first_come,
        road={"S1": 33_000.0, "X1": 30_800.0},
    )
    serum = figures.products[0]
    assert serum.receipt_fcfs == Spread(1, 1_500.0, 1_500.0, 1_500.0)
    # 33,000 - 28,800 = 4,200 and 30,800 - 28,800 = 2,000.
    assert serum.receipt_road == Spread(2, 3_100.0, 4_200.0, 4_200.0)
    assert figures.fcfs == first_come.objective
    # T1 delivers B1 and S1.
    assert figures.fcfs_flown == 2


def test_work_is_added_up(figures: DayFigures) -> None:
    assert (figures.sorties, figures.flights, figures.airborne_s) == (4, 6, 3_200)
    # 4 x 9,999.46 + 2 x 7,999.45.
    assert figures.length_m == pytest.approx(55_996.74)


def test_each_drone_has_its_use(figures: DayFigures) -> None:
    first, second = figures.drones
    # 2 x 9,999.46 + 2 x 7,999.45 = 35,997.82; 2 x 600 + 2 x 500 = 2,200.
    assert replace(first, length_m=round(first.length_m, 2)) == DroneUse(
        "D1", 3, 4, 4, 35_997.82, 2_200, 3, 28_800, 32_020
    )
    assert (second.drone_id, second.sorties, second.packs) == ("D2", 1, 1)


def test_a_drone_that_stays_home_is_shown() -> None:
    plan = replace(three_site_plan(), sorties=three_site_plan().sorties[:1])
    idle = compute_figures(three_sites(), three_site_orders(), plan).drones[1]
    assert idle == DroneUse("D2", 0, 0, 0, 0, 0, 0, None, None)


def test_packs_are_counted_by_base_and_type(figures: DayFigures) -> None:
    assert figures.packs == (
        PackUse("hub", "hex", 2, 2, 2, 2, 2),
        PackUse("hub", "wing", 1, 1, 1, 2, 2),
        PackUse("second", "hex", 1, 1, 1, 1, 1),
    )


def test_a_charger_freed_is_free_at_once() -> None:
    # At the hub T3's pack starts at 33,780 when T1's ends: with T4's never more than two.
    assert charging_peak(three_site_plan(), "hub") == 2


def test_margins_are_shares_of_the_usable_energy(figures: DayFigures) -> None:
    # T1: 1 - 0.5103 / 0.8. Median of 0.362125, 0.43936450, 0.726625 twice.
    assert figures.margin_worst == pytest.approx(0.362125)
    assert figures.margin_worst_sortie == "T1"
    assert figures.margin_median == pytest.approx((0.4393645 + 0.726625) / 2)


def test_targets_and_deadlines(figures: DayFigures) -> None:
    # B1 and S3 are on target, S1 is 300 s and S2 60 s late; M1 and M2 have none.
    assert (figures.on_target, figures.with_target) == (2, 4)
    # S2: 34,600 - 32,140 is the least.
    assert figures.tightest == Slack("S2", 2_460)


def test_receipt_at_the_target_is_on_target() -> None:
    orders = [
        replace(order, target_s=30_300) if order.id == "S1" else order
        for order in three_site_orders()
    ]
    assert compute_figures(three_sites(), orders, three_site_plan()).on_target == 3


def test_an_empty_plan_has_figures() -> None:
    plan = replace(three_site_plan(), sorties=(), unserved=())
    figures = compute_figures(three_sites(), three_site_orders(), plan)
    assert figures.tightest is None
    assert figures.margin_worst is None
    assert figures.products[0].receipt_plan is None


def test_no_times_have_no_spread() -> None:
    assert spread([]) is None


def test_p90_is_the_nearest_rank() -> None:
    # Of 1..10 the 9th covers 90 %; of 1..11 it takes the 10th.
    assert spread(range(1, 11)) == Spread(10, 5.5, 9.0, 10.0)
    assert spread(range(1, 12)) == Spread(11, 6.0, 10.0, 11.0)


@given(st.lists(st.integers(0, 100_000), min_size=1))
def test_p90_is_reached_by_nine_in_ten(times_s: list[int]) -> None:
    found = spread(times_s)
    assert found is not None
    assert sum(time <= found.p90_s for time in times_s) >= 0.9 * len(times_s)
    assert sum(time < found.p90_s for time in times_s) < 0.9 * len(times_s)
    assert found.median_s <= found.p90_s <= found.worst_s or len(times_s) == 1


def test_the_wind_costs_what_a_hand_computes() -> None:
    # T1 flies hub - clinic - hub, 10 km each way (tests.days), along the wind: at 20 m/s in 5 m/s
    # from the north out 10,000/15 = 666.7 s and back 10,000/25 = 400 s, together 66.7 s more than
    # in still air.
    north = Weather((WeatherPeriod(0, 5.0, 0.0, 5.0, 15.0),))
    plan = three_site_plan()
    there_and_back = replace(plan, sorties=tuple(one for one in plan.sorties if one.id == "T1"))
    cost = wind_cost(replace(three_sites(), weather=north), there_and_back)
    assert cost is not None
    assert cost.flight_s == pytest.approx(66.7, abs=0.1)
    assert cost.energy_pack > 0
    calm = wind_cost(three_sites(), plan)
    assert calm is not None
    assert (calm.flight_s, calm.energy_pack) == pytest.approx((0.0, 0.0), abs=0.05)
