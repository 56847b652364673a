"""Scenario files: the shipped ones apply, grids multiply, every fault names file, line and key."""

from __future__ import annotations

import functools
import inspect
import re
from pathlib import Path

import pytest

from routing.demand_file import DemandModel, read_demand
from routing.errors import Fault, InputError
from routing.network import Network, Window
from routing.reading.network import read_network
from routing.whatif import scenario_file
from routing.whatif.candidates import read_candidates
from routing.whatif.changes import AddDrones, AddSite, Outage, SetDeadline, SetWeather, SetWind
from routing.whatif.one_liners import read_one_liners
from routing.whatif.scenario import apply_scenario
from routing.whatif.scenario_file import read_scenarios
from tests.conftest import ROOT

PINGDU = ROOT / "configs" / "pingdu"
SHIPPED = sorted((PINGDU / "scenarios").glob("*.yaml"))


@functools.cache
def pingdu() -> Network:
    return read_network(PINGDU)


@functools.cache
def model() -> DemandModel:
    return read_demand(PINGDU / "demand.yaml", pingdu())


def read(folder: Path, text: str, name: str = "case.yaml") -> tuple[scenario_file.Scenario, ...]:
    path = folder / name
    path.write_text(text, "utf-8")
    return read_scenarios([path], pingdu())


def faults_of(folder: Path, text: str) -> list[Fault]:
    """What is wrong with a file, when it is read or at the latest when it is applied."""
    with pytest.raises(InputError) as caught:
        apply_all(folder, text)
    return list(caught.value.faults)


def apply_all(folder: Path, text: str) -> None:
    for scenario in read(folder, text):
        apply_scenario(pingdu(), (), scenario, model())


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_a_shipped_scenario_applies(path: Path) -> None:
    for scenario in read_scenarios([path], pingdu()):
        assert apply_scenario(pingdu(), (), scenario, model())


def test_the_shipped_villages_can_all_be_connected() -> None:
    villages = read_candidates(PINGDU / "scenarios" / "villages.csv", pingdu())
    assert len(villages) == 57
    scenario = scenario_file.Scenario("all", villages)
    network, orders = apply_scenario(pingdu(), (), scenario, model())
    assert len(network.sites) == len(pingdu().sites) + 57
    assert {order.origin for order in orders} >= {villages[0].site.id, villages[-1].site.id}


def test_the_example_of_the_page_is_read_as_it_says(tmp_path: Path) -> None:
    page = inspect.getdoc(scenario_file) or ""
    text = page.split("::\n")[1].split("\nKeys beside")[0]
    for name in ("candidates.csv", "north.csv"):
        (tmp_path / name).write_text(
            f"name,lon,lat,datum\n{name[:5]},119.9,36.9,WGS-84\n", encoding="utf-8"
        )
    (tmp_path / "more-zones.geojson").write_text(
        '{"type": "FeatureCollection", "datum": "WGS-84", "features": []}', "utf-8"
    )
    (tmp_path / "windy.csv").write_text(
        "time,height_m,wind_mps,wind_from_deg,gust_mps,temperature_c\n00:00,100,7,0,9,5\n", "utf-8"
    )
    scenarios = read(tmp_path, inspect.cleandoc(text))
    names = [one.name for one in scenarios]
    assert names == [
        "as it is / today's",
        "as it is / north",
        "one more / today's",
        "one more / north",
    ]
    changes = scenarios[3].changes
    assert Outage("pingdu-people-hospital", Window(50_400, 54_000)) in changes
    assert SetWind(wind_mps=8.0, from_deg=315.0) in changes
    (weather,) = (change.weather for change in changes if isinstance(change, SetWeather))
    assert (weather.periods[0].start_s, weather.periods[0].wind_mps) == (0, 7.0)
    assert SetDeadline("serum-routine", 7_200) in changes
    assert sum(isinstance(change, AddSite) for change in changes) == 3
    assert [c.count for c in changes if isinstance(c, AddDrones)] == [2, 1]


def test_a_grid_has_every_combination_and_each_knows_where_it_was_asked_for(
    tmp_path: Path,
) -> None:
    text = """\
demand: x1.2
grid:
  fleet: [{name: a}, {name: b, drones: ["+1@huibu-hc:wingcopter-198"]}, {name: c}]
  wind: [{name: calm, wind: "0"}, {name: blow, wind: "9"}]
"""
    scenarios = read(tmp_path, text)
    assert [one.name for one in scenarios] == [
        f"{fleet} / {wind}" for fleet in "abc" for wind in ("calm", "blow")
    ]
    drones = next(c for c in scenarios[2].changes if isinstance(c, AddDrones))
    assert drones.said.key == "grid.fleet[2].drones[1]"
    assert drones.said.place.startswith("line 3, column ")


BROKEN = [
    ("drnoes: []", "keys.unknown", "drnoes", "line 1"),
    ('drones: ["2@a:b"]', "keys.bad-value", "drones[1]", "line 1"),
    ("wind: strong", "keys.bad-value", "wind", "line 1"),
    ("name: x\nremove_sites: [wanjia]", "scenario.unknown-site", "remove_sites[1]", "line 2"),
    ("close_zones: [nowhere]", "scenario.unknown-zone", "close_zones[1]", "line 1"),
    ("deadlines: {serum: 60}", "scenario.unknown-product", "deadlines.serum", "line 1"),
    ("deadlines: {cbc: 99999}", "keys.out-of-range", "deadlines.cbc", "line 1"),
    ("drone_failures: [T9]", "scenario.unknown-drone", "drone_failures[1]", "line 1"),
    ('add_sites: ["a,119.9,36.9"]', "scenario.bad-site", "", ""),
    ('add_sites: ["a,119.9,36.9,WGS-48"]', "sites.unknown-datum", "datum", ""),
    ("candidates: none.csv", "file.missing", "", ""),
    ('hub_outage: "15:00-14:00"', "keys.bad-value", "hub_outage", "line 1"),
    ("name: x\nname: y", "yaml.duplicate-key", "name", "line 2"),
    (
        'demand: x2\ngrid: {a: [{name: q, demand: "x3"}]}',
        "scenario.contradiction",
        "grid.a[1].demand",
        "line 2",
    ),
    (
        'drones: ["+1@huibu-hc:wingcopter-198"]\ngrid: {a: [{name: q, remove_sites: [huibu-hc]}]}',
        "scenario.contradiction",
        "grid.a[1].remove_sites[1]",
        "line 2",
    ),
]


@pytest.mark.parametrize(("text", "code", "key", "line"), BROKEN, ids=[b[1] for b in BROKEN])
def test_a_fault_names_file_line_and_key(
    tmp_path: Path, text: str, code: str, key: str, line: str
) -> None:
    fault = next(one for one in faults_of(tmp_path, text) if one.code == code)
    assert str(tmp_path) in fault.file
    assert fault.field == key
    assert fault.place.startswith(line)


def test_a_candidate_inside_a_prohibited_zone_is_named_with_file_and_line(tmp_path: Path) -> None:
    zone = next(zone for zone in pingdu().zones if zone.rule == "prohibited" and not zone.active)
    ring = zone.rings_lonlat[0][0]
    lon = sum(point[0] for point in ring[:-1]) / (len(ring) - 1)
    lat = sum(point[1] for point in ring[:-1]) / (len(ring) - 1)
    (fault,) = faults_of(tmp_path, f'name: x\nadd_sites: ["inside,{lon:.5f},{lat:.5f},WGS-84"]')
    assert fault.code == "network.site-in-zone"
    assert fault.file == str(tmp_path / "case.yaml")
    assert fault.place.startswith("line 2, column ")
    assert "add_sites[1]" in fault.place
    assert zone.id in fault.rule


def test_two_scenarios_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("name: same\nwind: '5'\n", "utf-8")
    with pytest.raises(InputError, match=r"b\.yaml: name: must be another name .*a\.yaml"):
        read_scenarios([tmp_path / "a.yaml", tmp_path / "b.yaml"], pingdu())


def test_a_grid_too_large_is_refused(tmp_path: Path) -> None:
    axis = "[" + ", ".join(f"{{name: n{n}}}" for n in range(101)) + "]"
    (fault,) = faults_of(tmp_path, f"grid: {{a: {axis}, b: {axis}}}")
    assert (fault.code, fault.found) == ("scenario.grid-too-large", "10201")


def test_one_liners_mean_the_same_as_a_file(tmp_path: Path) -> None:
    (from_file,) = read(
        tmp_path,
        """\
add_sites: ["北大田,120.096,36.960,GCJ-02,6"]
remove_sites: [wanjia-hc]
drones: ["+2@pingdu-people-hospital:wingcopter-198"]
packs: ["+2@pingdu-people-hospital:wingcopter-198"]
chargers: ["+1@huibu-hc"]
pads: ["-1@huibu-hc"]
pilots: ["+1@08:30-10:00"]
drone_failures: ["T1@10:00"]
close_zones: [airport-zsqd]
wind: "8@315"
demand: "x1.5"
deadlines: {cbc: 120}
hub_outage: "14:00-15:00"
""",
    )
    typed = read_one_liners(
        {
            "--add-site": ["北大田,120.096,36.960,GCJ-02,6"],
            "--remove-site": ["wanjia-hc"],
            "--drones": ["+2@pingdu-people-hospital:wingcopter-198"],
            "--packs": ["+2@pingdu-people-hospital:wingcopter-198"],
            "--chargers": ["+1@huibu-hc"],
            "--pads": ["-1@huibu-hc"],
            "--pilots": ["+1@08:30-10:00"],
            "--drone-failure": ["T1@10:00"],
            "--close-zone": ["airport-zsqd"],
            "--wind": ["8@315"],
            "--demand": ["x1.5"],
            "--deadline": ["cbc=120"],
            "--hub-outage": ["14:00-15:00"],
        },
        pingdu(),
    )
    assert typed is not None
    assert set(map(repr_without_place, typed.changes)) == set(
        map(repr_without_place, from_file.changes)
    )


def repr_without_place(change: object) -> str:
    return re.sub(r"Said\([^)]*\)", "", repr(change))


def test_every_bad_one_liner_is_told_by_its_option() -> None:
    with pytest.raises(InputError) as caught:
        read_one_liners({"--wind": ["gale"], "--pads": ["1@hub"], "--add-site": ["a,1"]}, pingdu())
    assert {fault.file for fault in caught.value.faults} == {"--wind", "--pads", "--add-site"}


def test_no_one_liners_are_no_scenario() -> None:
    assert read_one_liners({"--wind": []}, pingdu()) is None


def test_candidates_are_moved_to_wgs84_and_keep_what_they_bring(tmp_path: Path) -> None:
    table = tmp_path / "candidates.csv"
    table.write_text(
        "# datum: GCJ-02\nname,lon,lat,orders/day,人口\n石家东庄,120.09380,36.62360,6,1200\n",
        "utf-8",
    )
    (new,) = read_candidates(table, pingdu())
    assert (new.orders_a_day, new.population, new.site.kind) == (6.0, 1200.0, "village")
    # GCJ-02 lies about 463 m east and 32 m north of WGS-84 here.
    assert new.site.lon_deg == pytest.approx(120.09380 - 0.00521, abs=0.0004)
    assert new.site.id.startswith("new-")
    assert new.site.handover_s == 180


def test_a_second_hub_is_refused(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, 'add_sites: ["a,119.9,36.9,WGS-84,5,hub"]')
    assert fault.code == "scenario.second-hub"
