"""Rows of the schedule's three tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.report.clock import Lang
from routing.report.tables import (
    Cell,
    Table,
    build_tables,
    charge_left,
    find_carriages,
    visits_at,
)
from tests.days import three_site_orders, three_site_plan, three_sites


def tables(lang: Lang = "en") -> tuple[Table, Table, Table]:
    return build_tables(three_sites(), three_site_orders(), three_site_plan(), lang)


def row_as_dict(table: Table, row: int) -> dict[str, Cell]:
    return {column.key: cell for column, cell in zip(table.columns, table.rows[row], strict=True)}


def test_by_drone_has_a_row_a_leg_in_fleet_order() -> None:
    by_drone, _, _ = tables()
    assert [row[1:3] for row in by_drone.rows] == [
        ("T1", 1),
        ("T1", 2),
        ("T2", 1),
        ("T3", 1),
        ("T4", 1),
        ("T4", 2),
    ]
    first = row_as_dict(by_drone, 0)
    assert first["origin"] == "Hub"
    assert first["takeoff"] == 28_800
    assert first["flight_time"] == 600
    assert first["length"] == pytest.approx(9.99946)
    assert (first["loaded"], first["unloaded"]) == ("B1", "B1")
    assert (first["pack"], first["payload"]) == ("hub-hex-1", 4.25)


def test_charge_left_counts_from_the_full_pack() -> None:
    # 0.8 usable / (1 - 0.2 reserve) = a full pack; T1 takes 0.25515 a leg.
    first = three_site_plan().sorties[0]
    assert charge_left(first, three_sites()) == pytest.approx((0.74485, 0.4897))


def test_by_site_has_every_stop_in_time_order() -> None:
    _, by_site, _ = tables()
    # Hub: T1 out, T4 out, T1 back, T2 out, T4 back, T3 back; second: two; clinic: two.
    assert len(by_site.rows) == 10
    hub = [row[7] for row in by_site.rows if row[0] == "Hub"]
    assert hub == ["T1", "T4", "T1", "T2", "T4", "T3"]
    clinic = row_as_dict(by_site, 8)
    assert (clinic["site"], clinic["pad"], clinic["landing"]) == ("Clinic", 1, 29_400)
    assert (clinic["unloaded"], clinic["loaded"]) == ("B1", "S1")


def test_by_order_has_every_order_flown_or_left() -> None:
    _, _, by_order = tables()
    rows = {row[0]: row_as_dict(by_order, idx) for idx, row in enumerate(by_order.rows)}
    assert list(rows) == ["B1", "S1", "M1", "S2", "M2", "S3", "X1"]
    late = rows["S1"]
    assert (late["received"], late["late"], late["slack"]) == (30_300, 300, 5_700)
    assert late["receipt_time"] == 1_500
    assert (late["drone"], late["outcome"]) == ("D1", "flown")
    assert rows["S3"]["late"] == 0
    assert rows["M1"]["late"] is None
    left = rows["X1"]
    assert left["outcome"] == "The fastest sortie delivers 1 min 40 s after the deadline."
    assert (left["received"], left["drone"], left["deadline"]) == (None, None, 29_700)


def test_chinese_tables_speak_chinese() -> None:
    by_drone, _, by_order = tables("zh")
    assert by_drone.rows[0][4] == "中心医院"
    assert by_order.rows[0][5] == "紧急"
    assert by_order.rows[6][-1] == "最快的架次也要比截止时间晚1分40秒送达。"


def test_an_order_that_the_plan_forgot_is_said() -> None:
    plan = replace(three_site_plan(), unserved=())
    _, _, by_order = build_tables(three_sites(), three_site_orders(), plan, "en")
    assert by_order.rows[6][-1] == "not in the plan"


def test_carriages_pair_loading_and_unloading() -> None:
    carriages = find_carriages(three_site_plan())
    assert carriages["S1"].pickup.site_id == "clinic"
    assert carriages["S1"].delivery.site_id == "hub"
    assert "X1" not in carriages


def test_visits_begin_with_the_earliest() -> None:
    visits = visits_at(three_site_plan(), "second")
    assert [sortie.id for sortie, _ in visits] == ["T2", "T3"]
