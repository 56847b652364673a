"""A network folder becomes one value in SI units; what is left out is filled in as documented."""

import shutil

import pytest

from geo.datum import to_wgs84
from routing.errors import InputError
from routing.network import Window
from routing.reading.network import read_network
from tests.corpus_table import CORPUS


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(CORPUS / "valid", tmp_path, dirs_exist_ok=True)
    return tmp_path / "network"


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_edge_units_become_si(folder):
    network = read_network(folder)
    quad = network.drone_types["quad"]
    assert (quad.charge_s, quad.turnaround_s) == (40 * 60, 6 * 60)
    assert quad.range_points == ((6.0, 25_000.0),)
    assert network.drone_types["wing"].range_points == ((0.0, 90_000.0), (5.0, 60_000.0))
    assert network.products["serum"].stability_s == 7_200
    assert network.rules.road_mps == pytest.approx(40 / 3.6)
    assert network.site("clinic-b").hours == (Window(25_200, 43_200), Window(46_800, 68_400))


def test_sources_travel_under_the_names_of_the_value(folder):
    network = read_network(folder)
    assert network.drone_types["wing"].sources["mtom_kg"] == "made up (unverified)"
    assert network.drone_types["quad"].sources["charge_s"] == "made up"
    assert network.products["serum"].sources["stability_s"] == "made up"


def test_handover_of_the_kind_fills_an_empty_cell(folder):
    network = read_network(folder)
    assert network.site("hub").handover_s == 180  # its own 3 min
    assert network.site("clinic-a").handover_s == 240  # township: 4 min


def test_groups_of_drones_are_counted_out(folder):
    drones = read_network(folder).drones
    assert [(drone.id, drone.type_id) for drone in drones] == [
        ("Q1", "quad"),
        ("W1", "wing"),
        ("W2", "wing"),
    ]


def test_restated_rule_wins_over_the_catalogue(folder):
    assert read_network(folder).rules.reserve_frac == 0.2
    change(
        folder / "network.yaml",
        "pilots:",
        "rules: {reserve_frac: {value: 0.3, source: hospital}}\npilots:",
    )
    assert read_network(folder).rules.reserve_frac == 0.3


def test_band_that_no_box_holds_is_not_eligible(folder):
    products = read_network(folder).products
    assert not products["frozen-plasma"].is_eligible
    assert "frozen" in products["frozen-plasma"].why_not
    change(folder.parent / "catalogue" / "rules.yaml", "[15-25, 2-8]", "[15-25, 2-8, frozen]")
    assert read_network(folder).products["frozen-plasma"].is_eligible


def test_sun_is_the_almanac_s_and_can_be_given(folder):
    rules = read_network(folder).rules
    # Qingdao's almanac for 23 November: sunrise 06:44, sunset 16:47; Pingdu lies a little west
    # and north of it, within 3 minutes.
    assert abs(rules.sunrise_s - (6 * 3600 + 44 * 60)) < 240
    assert abs(rules.sunset_s - (16 * 3600 + 47 * 60)) < 240
    change(folder / "network.yaml", "pilots:", 'sun: {sunrise: "05:00", sunset: "19:00"}\npilots:')
    rules = read_network(folder).rules
    assert (rules.sunrise_s, rules.sunset_s) == (18_000, 68_400)


def test_date_asked_for_wins_and_moves_the_sun(folder):
    winter, summer = read_network(folder), read_network(folder, "2026-06-21")
    assert (winter.date, summer.date) == ("2026-11-23", "2026-06-21")
    assert summer.rules.sunrise_s < winter.rules.sunrise_s - 3_600


@pytest.mark.parametrize(("stated", "datum"), [("GCJ-02", "GCJ02"), ("BD-09", "BD09")])
def test_positions_are_converted_from_the_stated_datum(folder, stated, datum):
    change(folder / "sites.csv", "WGS-84", stated)
    hub = read_network(folder).site("hub")
    assert (hub.lon_deg, hub.lat_deg) == to_wgs84(119.95, 36.78, datum)
    assert 0.004 < 119.95 - hub.lon_deg < 0.016  # 0.45 to 1.3 km east


def test_zones_are_converted_too(folder):
    change(folder / "zones.geojson", "WGS-84", "GCJ-02")
    ring = read_network(folder).zones[0].rings_lonlat[0][0]
    assert ring[0] == to_wgs84(119.90, 36.73, "GCJ02")
    assert ring[0] == ring[-1]


def test_site_in_a_zone_passes_when_the_zone_is_open_high_or_only_part_of_the_day(folder):
    change(folder / "sites.csv", "119.85,36.70", "119.905,36.735")
    with pytest.raises(InputError, match=r"network\.site-in-zone"):
        read_network(folder)
    zones = (folder / "zones.geojson").read_text(encoding="utf-8")
    for key in ('"lower_m": 101', '"active": "08:00-09:00"', '"approval": "7"'):
        rule = "authorisation" if "approval" in key else "prohibited"
        (folder / "zones.geojson").write_text(
            zones.replace('"prohibited"', f'"{rule}", {key}'), encoding="utf-8"
        )
        assert read_network(folder).zones
    (folder / "zones.geojson").write_text(
        zones.replace('"prohibited"', '"prohibited", "lower_m": 100'), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r"network\.site-in-zone"):
        read_network(folder)


def test_digest_follows_the_files_and_not_the_place(folder, tmp_path_factory):
    first = read_network(folder).digest
    other = tmp_path_factory.mktemp("other")
    shutil.copytree(folder.parent, other, dirs_exist_ok=True)
    assert read_network(other / "network").digest == first
    change(other / "network" / "weather.csv", "00:00,2", "00:00,3")
    assert read_network(other / "network").digest != first


def test_weather_may_stand_in_the_network_file(folder):
    from_csv = read_network(folder).weather
    change(
        folder / "network.yaml",
        "csv: weather.csv",
        "periods: [{from: '00:00', wind_mps: 2, wind_from_deg: 315, gust_mps: 4, temperature_c: 5},"
        " {from: '12:00', wind_mps: 4, wind_from_deg: 300, gust_mps: 6, temperature_c: 9}]",
    )
    assert read_network(folder).weather == from_csv


def test_network_without_zones_outline_and_pilots(folder):
    (folder / "zones.geojson").unlink()
    change(folder / "network.yaml", "outline: {credit: made up}\n", "")
    change(folder / "network.yaml", 'pilots:\n  - {hours: "06:00-22:00", pilots: 2}\n', "")
    network = read_network(folder)
    assert (network.zones, network.outline_lonlat, network.rules.pilot_shifts) == ((), (), ())


def test_faults_of_all_files_are_told_at_once(folder):
    change(folder / "network.yaml", "hub: hub", "hub: [")
    change(folder / "sites.csv", "township", "clinic")
    change(folder.parent / "catalogue" / "drones.yaml", "value: 20", "value: -20")
    with pytest.raises(InputError) as error:
        read_network(folder)
    assert [fault.code for fault in error.value.faults] == [
        "yaml.syntax",
        "keys.out-of-range",
        "table.bad-choice",
    ]
