"""The cost model by hand, on the three-site day: every item with its arithmetic."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from routing.baseline import road_courier
from routing.errors import InputError
from routing.planning import PlannedDay
from routing.whatif.costs import COST_ITEMS, CostModel, flying_cost, read_costs, road_cost
from routing.whatif.measures import measure_day
from tests.conftest import ROOT
from tests.days import three_site_orders, three_site_plan, three_sites

COSTS = CostModel(
    electricity_cny_per_kwh=0.5,
    charging_efficiency=0.8,
    pack_kwh={"default": 1.0, "wing": 2.0},
    pack_cny={"default": 5_000.0},
    pack_life_cycles=200,
    drone_cny={"default": 73_000.0, "wing": 146_000.0},
    drone_life_years=2.0,
    drone_insurance_cny_per_year=3_650.0,
    maintenance_cny_per_flight_h=90.0,
    pilot_cny_per_h=40.0,
    pad_cny=7_300.0,
    charger_cny=3_650.0,
    ground_life_years=10.0,
    courier_cny_per_h=36.0,
    vehicle_cny_per_km=1.0,
    sources={},
)
SHIPPED = ROOT / "configs" / "catalogue" / "costs.yaml"


def test_every_item_of_the_day_solved_by_hand() -> None:
    cost = flying_cost(three_sites(), three_site_orders(), three_site_plan(), COSTS)
    # Packs' worth: hex 0.5103 + 2 x 0.2187 = 0.9477, wing 0.4485084.
    # kWh: 0.9477 x 1 + 0.4485084 x 2 = 1.8447168; / 0.8 x 0.5 = 1.152948.
    assert cost["energy"] == pytest.approx(1.152948)
    # (0.9477 + 0.4485084) x 5,000 / 200.
    assert cost["pack_wear"] == pytest.approx(34.90521)
    # 3,200 s in the air.
    assert cost["maintenance"] == pytest.approx(80.0)
    # hex 73,000/2 + 3,650, wing 146,000/2 + 3,650 a year: 116,800 / 365.
    assert cost["drones"] == pytest.approx(320.0)
    # One pilot all day.
    assert cost["pilots"] == pytest.approx(960.0)
    # 4 pads x 7,300 + 3 chargers x 3,650 = 40,150 over 3,650 days.
    assert cost["ground"] == pytest.approx(11.0)
    # X1 stays behind: clinic to hub, 2 x 10 km x 1.4 = 28 km at 10 m/s, 2,800 s + 180 + 120.
    assert cost["road"] == pytest.approx(28 + 31.0, abs=0.01)
    assert tuple(cost) == COST_ITEMS


def test_orders_of_one_collection_share_the_drive() -> None:
    order = three_site_orders()[1]
    twin = replace(order, id="S9")
    later = replace(order, id="S8", ready_s=order.ready_s + 1)
    alone = road_cost(three_sites(), [order], COSTS)
    assert road_cost(three_sites(), [order, twin], COSTS) == alone
    assert road_cost(three_sites(), [order, later], COSTS) == pytest.approx(2 * alone)


def test_the_measures_of_the_day_solved_by_hand() -> None:
    network, orders, plan = three_sites(), three_site_orders(), three_site_plan()
    day = PlannedDay(plan, (), plan, road_courier(network, orders))
    flown, first_come, driven = measure_day(network, orders, day, COSTS)
    assert (flown.way, first_come.way, driven.way) == ("plan", "first_come", "road")
    assert flown.orders == {"stat": 1, "urgent": 1, "routine": 5}
    assert flown.served == {"stat": 1, "urgent": 1, "routine": 4}
    # B1 29,580 - 28,000; S1 30,300 - 28,800; M1 31,220 - 28,000; S2 32,140 - 30,800;
    # M2 30,680 - 29,000; S3 31,300 - 29,300.
    assert flown.receipt_s == (1340, 1500, 1580, 1680, 2000, 3220)
    # Targets: B1 30,000 and S3 32,400 are met, S1 30,000 and S2 32,080 missed.
    assert (flown.on_target, flown.with_target) == (2, 4)
    # As the plan itself states it: S1 5 min x 1 + S2 1 min x 10.
    assert flown.lateness_min == plan.objective.lateness_min == 15.0
    assert (flown.sorties, flown.flights, flown.airborne_s, flown.packs) == (4, 6, 3200.0, 4)
    # By road X1 is late: 29,000 + 180 + 1,400 + 120 = 30,700 > 29,700.
    assert sum(driven.served.values()) == 6
    assert (driven.flights, driven.gap) == (0, None)


def test_the_shipped_model_says_a_source_for_every_value() -> None:
    costs = read_costs(SHIPPED)
    for key in CostModel.__dataclass_fields__:
        if key != "sources":
            assert costs.sources[key], key
    assert costs.sources["drone_cny"] == "design value (unverified)"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("charging_efficiency: {value: 0.85", "charging_efficiency: {value: 1.85"), "efficiency"),
        (("pack_life_cycles:", "pack_lives:"), "pack_life_cycles"),
        (("{default: 8000.0}", "{wing: 8000.0}"), "pack_cny"),
        (('source: "design value", unverified', "unverified"), "source"),
    ],
)
def test_a_broken_model_is_named_with_its_key(
    tmp_path: Path, change: tuple[str, str], place: str
) -> None:
    text = SHIPPED.read_text("utf-8")
    assert change[0] in text
    path = tmp_path / "costs.yaml"
    path.write_text(text.replace(*change, 1), "utf-8")
    with pytest.raises(InputError, match=place) as caught:
        read_costs(path)
    assert all(fault.file == str(path) for fault in caught.value.faults)
