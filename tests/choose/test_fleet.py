"""The smallest fleet for a level of service, and where a base pays, on small days."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.choose.bases import BaseSite, rank_bases
from routing.choose.fleet import (
    FleetSize,
    Level,
    change_count,
    count_fleet,
    service_curve,
    size_fleet,
)
from routing.choose.value import Evaluator, Served, most_score, score_of
from routing.choose.words import fleet_lines
from routing.legs import build_legs
from routing.network import Base, Drone, Network, Window
from routing.whatif.sweep import Day
from tests.days import three_site_orders, three_site_plan, three_sites

ORDERS = tuple(order for order in three_site_orders() if order.id != "X1")


def wide() -> Network:
    """The three sites with twice the drones and more packs than anybody needs."""
    network = three_sites()
    duty = Window(0, 86_400)
    more = (Drone("D3", "hex", "hub", duty), Drone("D4", "wing", "hub", duty))
    bases = (Base("hub", {"hex": 4, "wing": 4}, 6), network.bases[1])
    return replace(network, drones=(*network.drones, *more), bases=bases)


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    return Evaluator(wide(), [Day("monday", ORDERS)], iterations=60)


@pytest.fixture(scope="module")
def size(evaluator: Evaluator) -> FleetSize:
    return size_fleet(evaluator)


def test_the_smallest_fleet_meets_the_level(size: FleetSize) -> None:
    assert size.is_met
    assert Level().is_met(size.served)
    assert size.total("drones") < 4
    assert size.total("packs") < 9


def test_the_fleet_is_told_site_by_site(size: FleetSize) -> None:
    plain = {("pads", site.id): 1 for site in wide().sites}
    told = replace(size, counts={("drones", "hub", "hex"): 2, ("packs", "hub", "hex"): 0, **plain})
    network, lines = wide(), fleet_lines(wide(), told, "en")
    assert lines[1] == (
        f"  {network.site('hub').name_en}: 2 {network.drone_types['hex'].name_en} drones, 1 pad"
    )
    assert lines[2] == "  2 more sites: 1 pad each"
    assert len([line for line in lines if line.endswith("*")]) == sum(p.is_met for p in size.curve)
    assert "其余 2 个站点：各 1 个起降坪" in fleet_lines(network, told, "zh")[2]


def test_one_of_anything_less_does_not_meet_it(size: FleetSize, evaluator: Evaluator) -> None:
    base = count_fleet(wide())
    for key, count in size.counts.items():
        if key[0] in ("packs", "chargers") and count:
            less = {**size.counts, key: count - 1}
            changes = [
                change_count(one, less[one] - base[one]) for one in less if less[one] != base[one]
            ]
            assert not Level().is_met(evaluator.served(changes)), key


def test_the_curve_rises_with_the_drones(size: FleetSize) -> None:
    rows = service_curve(size.curve)
    assert [row[0] for row in rows] == [1, 2, 3, 4]
    assert [row[2] for row in rows] == sorted(row[2] for row in rows)


def test_a_level_out_of_reach_is_said() -> None:
    """X1 cannot be flown by anybody; as a stat order it must be."""
    late = replace(three_site_orders()[6], tier="stat")
    evaluator = Evaluator(three_sites(), [Day("monday", (late,))], iterations=2)
    size = size_fleet(evaluator)
    assert not size.is_met
    assert max(point.num_drones for point in size.curve) > len(three_sites().drones)


def test_a_level_counts_routine_on_target_and_stat_flown() -> None:
    assert Level().is_met(Served(0.95, 1.0, 3))
    assert not Level().is_met(Served(0.949, 1.0, 0))
    assert not Level().is_met(Served(1.0, 0.99, 1))


def test_the_score_of_the_plan_made_by_hand() -> None:
    """B1 urgent 2 on target, S1 routine late 0.5, M1, M2, S3 1 each, S2 stat late 10 x 0.5."""
    orders = three_site_orders()
    assert score_of(three_sites(), orders, three_site_plan()) == pytest.approx(10.5)
    most = most_score(three_sites(), orders, build_legs(three_sites()))
    assert most == pytest.approx(2 + 4 * 1 + 10)  # X1 never; all others on target alone.


def test_a_base_is_judged_by_what_the_days_gain() -> None:
    network = three_sites()
    no_second = replace(network, bases=network.bases[:1])
    ranked = rank_bases(Evaluator(no_second, [Day("monday", ORDERS)], iterations=30))
    assert {one.site_id for one in ranked} == {"second", "clinic"}
    assert [one.best for one in ranked] == sorted((one.best for one in ranked), reverse=True)
    assert all(isinstance(one, BaseSite) and one.best >= one.gain for one in ranked)
