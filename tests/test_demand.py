"""The demand model: seeded, in the shape it documents, and the shipped day drawn from it."""

from __future__ import annotations

import collections
import functools
import statistics
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.demand import COLUMNS, OrderRow, orders_csv, sample_day
from routing.demand_file import DemandModel, read_demand
from routing.errors import InputError
from routing.network import Network, Site, Window
from routing.reading.network import read_network
from routing.reading.orders import read_orders

PINGDU = Path(__file__).resolve().parent.parent / "configs" / "pingdu"
TOWNS_SEED = 2028
HOUR_S = 3600


@functools.cache
def pingdu() -> Network:
    return read_network(PINGDU)


@functools.cache
def model() -> DemandModel:
    return read_demand(PINGDU / "demand.yaml", pingdu())


@functools.cache
def days() -> tuple[tuple[OrderRow, ...], ...]:
    return tuple(sample_day(pingdu(), model(), seed) for seed in range(30))


def test_the_shipped_towns_day_is_what_the_model_draws() -> None:
    text = (PINGDU / "orders" / "towns.csv").read_text(encoding="utf-8")
    drawn = orders_csv(sample_day(pingdu(), model(), TOWNS_SEED))
    comment, _, rows = text.partition("\n")
    assert comment.startswith("# Synthetic")
    assert f"seed {TOWNS_SEED}" in comment
    assert rows == drawn


def test_the_shipped_towns_day_has_the_promised_size_and_mix() -> None:
    rows = sample_day(pingdu(), model(), TOWNS_SEED)
    tiers = collections.Counter(row.tier for row in rows)
    outward = [row for row in rows if row.collected_s is None]
    senders = {row.origin for row in rows if row.collected_s is not None}
    assert 150 <= len(rows) <= 170
    assert len(senders) == 23
    assert 0.04 <= tiers["stat"] / len(rows) <= 0.08
    assert 0.05 <= tiers["urgent"] / len(rows) <= 0.10
    assert {"rbc", "medicine", "vaccine"} <= {row.product_id for row in outward}
    assert any(row.ready_s < 6 * HOUR_S for row in rows)
    assert any(row.ready_s > 21 * HOUR_S for row in rows)


def test_the_reader_takes_a_drawn_day_as_it_is(tmp_path: Path) -> None:
    rows = sample_day(pingdu(), model(), 7)
    path = tmp_path / "orders.csv"
    path.write_text(orders_csv(rows, ("Synthetic",)), encoding="utf-8")
    orders = read_orders(path, pingdu())
    assert [order.id for order in orders] == [row.id for row in rows]
    assert [order.ready_s for order in orders] == [row.ready_s for row in rows]
    assert [order.collected_s for order in orders] == [row.collected_s for row in rows]
    assert [order.quantity for order in orders] == [row.quantity for row in rows]


def test_the_same_seed_draws_the_same_day_and_another_seed_another() -> None:
    assert sample_day(pingdu(), model(), 3) == days()[3]
    assert days()[3] != days()[4]


def test_tubes_of_a_centre_have_the_median_of_the_file() -> None:
    townships = {site.id for site in pingdu().sites if site.kind == "township"}
    special = set(model().sites)
    tubes = [
        sum(row.quantity for row in day if row.origin == site_id and _is_by_day(row))
        for day in days()
        for site_id in townships - special
    ]
    assert statistics.median(tubes) == pytest.approx(15, abs=1.5)
    assert min(tubes) >= 5
    assert max(tubes) <= 40


def _is_by_day(row: OrderRow) -> bool:
    return row.collected_s is not None and 6 * HOUR_S <= row.collected_s < 21 * HOUR_S


def test_most_tubes_are_collected_in_the_morning_wave() -> None:
    rows = [row for day in days() for row in day if _is_by_day(row)]
    morning = sum(r.quantity for r in rows if 8 <= (r.collected_s or 0) / HOUR_S <= 11)
    share = morning / sum(row.quantity for row in rows)
    assert 0.6 <= share <= 0.75


def test_a_site_sends_nothing_it_tests_itself_and_nothing_that_may_not_fly() -> None:
    for day in days():
        for row in day:
            product = pingdu().products[row.product_id]
            assert product.is_eligible
            if row.collected_s is not None:
                assert product.service == row.destination
                assert product.service not in pingdu().site(row.origin).services


def test_goods_come_from_where_they_are_kept_and_carry_a_deadline() -> None:
    outward = [row for day in days() for row in day if row.collected_s is None]
    assert outward
    for row in outward:
        assert {"blood_bank", "pharmacy"} & pingdu().site(row.origin).services
        assert row.deadline_s is not None
        assert row.target_s is not None
        assert row.ready_s < row.target_s <= row.deadline_s


def test_orders_wait_only_where_somebody_is_there() -> None:
    for day in days():
        for row in day:
            hours = pingdu().site(row.origin).hours
            assert any(start <= row.ready_s <= end for start, end in hours)


def test_stat_orders_get_the_tighter_target() -> None:
    stat = [row for day in days() for row in day if row.tier == "stat" and row.collected_s]
    limit_s = model().target_min.value["stat"] * 60
    assert stat
    assert all((row.target_s or 0) - (row.collected_s or 0) <= limit_s for row in stat)


def test_scale_scales_the_tubes() -> None:
    def num_tubes(scale: float) -> int:
        rows = sample_day(pingdu(), model(), 5, scale)
        return sum(row.quantity for row in rows if _is_by_day(row))

    assert num_tubes(2.0) == pytest.approx(2 * num_tubes(1.0), rel=0.05)
    assert sample_day(pingdu(), model(), 5, 0.0) == ()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), scale=st.floats(0.0, 5.0))
def test_every_day_is_well_formed(seed: int, scale: float) -> None:
    rows = sample_day(pingdu(), model(), seed, scale)
    assert len({row.id for row in rows}) == len(rows)
    assert [row.ready_s for row in rows] == sorted(row.ready_s for row in rows)
    for row in rows:
        assert row.quantity >= 1
        assert 0 <= row.ready_s < 25 * HOUR_S
        assert row.origin != row.destination
        assert len(row.cells()) == len(COLUMNS)
        assert "synthetic" in row.note


def test_a_new_village_takes_its_kinds_rates_and_leaves_the_others_alone() -> None:
    before = sample_day(pingdu(), model(), 11)
    hub = pingdu().site(pingdu().hub_id)
    village = Site(
        "new-village", "新村", "New village", "village", hub.lon_deg + 0.1, hub.lat_deg,
        frozenset(), 1, (Window(8 * HOUR_S, 17 * HOUR_S),), 180,
    )  # fmt: skip
    network = replace(pingdu(), sites=(*pingdu().sites, village))
    after = sample_day(network, model(), 11)
    added = [row for row in after if "new-village" in (row.origin, row.destination)]
    assert 1 <= sum(row.quantity for row in added if row.collected_s) <= 14
    assert tuple(row for row in after if row not in added) == before


def test_a_model_with_unknown_words_names_them_all(tmp_path: Path) -> None:
    text = (PINGDU / "demand.yaml").read_text(encoding="utf-8")
    broken = text.replace("      cbc: 3", "      cbcx: 3").replace("  wanjia-hc:", "  wanja-hc:")
    broken = broken.replace("product: rbc", "product: rcb")
    path = tmp_path / "demand.yaml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_demand(path, pingdu())
    found = {fault.found for fault in caught.value.faults}
    assert {"'cbcx'", "'wanja-hc'", "'rcb'"} <= found
    assert all(fault.place.startswith("line ") for fault in caught.value.faults)


def test_a_model_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    text = (PINGDU / "demand.yaml").read_text(encoding="utf-8")
    path = tmp_path / "demand.yaml"
    path.write_text(text.replace("share: 0.70", "share: 1.7"), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_demand(path, pingdu())
    assert "share" in str(caught.value)
