"""A windy afternoon of the Pingdu network with zones that open and close, planned and proven."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import cli
from commands import Exit
from commands.given import in_scenario
from geo.weather import Weather
from routing.checker import check_plan
from routing.legs import build_legs
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.separation.separate import separate
from routing.solver.solve import solve
from tests.conftest import ROOT
from tests.corpus_table import CORPUS

PINGDU = ROOT / "configs" / "pingdu"
WINDY = PINGDU / "scenarios" / "windy-afternoon.yaml"
AT_THREE, AT_FOUR = 15 * 3600, 16 * 3600
NOON, HALF_PAST_THREE = 43_200, 55_800


@cache
def afternoon() -> tuple[Network, tuple[Order, ...]]:
    """The windy day and those of its orders that are flown in the afternoon."""
    calm = read_network(PINGDU, "2026-11-23")
    orders = read_orders(PINGDU / "orders" / "towns.csv", calm)
    network, orders = in_scenario(PINGDU, calm, orders, WINDY)
    return network, tuple(one for one in orders if NOON < one.ready_s < HALF_PAST_THREE)


def plan_of(network: Network, orders: tuple[Order, ...]) -> Plan:
    legs = build_legs(network)
    plan = solve(network, orders, legs, seed=1, iterations=40, threads=1, proves=False)
    return separate(network, orders, legs, plan)


def test_fourteen_metres_a_second_on_the_ground_stop_the_fleet_at_cruise_height() -> None:
    network, _ = afternoon()
    gust_mps = network.weather.at(AT_THREE).gust_mps
    assert gust_mps == 14.0 * 1.3
    for drone in network.drones:
        assert 14.0 < network.drone_types[drone.type_id].max_gust_mps < gust_mps


def test_the_plan_knows_the_wind_and_the_zones() -> None:
    network, orders = afternoon()
    plan = plan_of(network, orders)
    assert check_plan(network, orders, plan) == ()
    assert len(plan.unserved) <= 5
    flights = [flight for sortie in plan.sorties for flight in sortie.flights]
    in_the_air = [one for one in flights if one.takeoff_s < AT_FOUR and one.landing_s > AT_THREE]
    assert in_the_air == []
    assert any(len(flight.path_lonlat) > 2 for flight in flights)


def test_a_planner_that_does_not_know_of_the_windy_hour_is_caught() -> None:
    network, orders = afternoon()
    hours = network.weather.periods
    unaware = replace(
        network, weather=Weather(tuple(one for one in hours if one.start_s != AT_THREE))
    )
    plan = plan_of(unaware, orders)
    assert check_plan(unaware, orders, plan) == ()
    found = check_plan(network, orders, plan)
    assert {"R9 gust", "P2 flight-time"} <= {f"{one.rule} {one.check}" for one in found}
    assert {one.actual for one in found if one.check == "gust"} == {18.2}


def test_the_scenario_is_read_from_its_own_folder() -> None:
    network, _ = afternoon()
    assert {zone.id for zone in network.zones} >= {"demo-market", "demo-airshow", "demo-exercise"}
    assert all(zone.is_illustrative for zone in network.zones if zone.id.startswith("demo-"))
    assert network.digest != read_network(PINGDU, "2026-11-23").digest
    assert Path(WINDY).exists()


def test_a_plan_remembers_the_scenario_it_was_made_in(tmp_path: Path) -> None:
    shutil.copytree(CORPUS / "valid", tmp_path, dirs_exist_ok=True)
    gale = "time,height_m,wind_mps,wind_from_deg,gust_mps,temperature_c\n"
    gale += "00:00,100,3,0,5,8\n09:00,100,7,0,9,8\n"
    (tmp_path / "gale.csv").write_text(gale, encoding="utf-8")
    scenario = tmp_path / "gale.yaml"
    scenario.write_text("weather: {source: made up, file: gale.csv}\n", encoding="utf-8")
    network, orders = str(tmp_path / "network"), str(tmp_path / "orders.csv")
    options = ["--date", "2026-11-23", "--iterations", "20", "--scenario", str(scenario)]
    out = tmp_path / "out"
    code = cli.main(["plan", network, "--orders", orders, "--out", str(out), *options])
    assert code == Exit.DONE
    assert "made up" in (out / "map.html").read_text(encoding="utf-8")
    assert cli.main(["check", network, str(out / "plan.json")]) == Exit.DONE
    # In the network's own weather the same flights take another time.
    plan = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    del plan["made_with"]["scenario_file"]
    (out / "elsewhere.json").write_text(json.dumps(plan), encoding="utf-8")
    assert cli.main(["check", network, str(out / "elsewhere.json")]) == Exit.NOT_WHOLE
    scenario.write_text("grid: {a: [{name: one}, {name: two}]}\n", encoding="utf-8")
    assert cli.main(["check", network, str(out / "plan.json")]) == Exit.BAD_INPUT
