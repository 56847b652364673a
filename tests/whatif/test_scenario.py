"""Each change does what it says and nothing else; nonsense is named with its place."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.zones import Zone
from routing.demand_file import DemandModel, read_demand
from routing.errors import InputError
from routing.network import Network, Site, Window
from routing.orders import Order
from routing.reading.network import read_network
from routing.whatif.changes import (
    AddBase,
    AddChargers,
    AddDrones,
    AddPacks,
    AddPads,
    AddPilots,
    AddSite,
    AddZone,
    Change,
    CloseZone,
    DroneFailure,
    OpenZone,
    Outage,
    RemoveSite,
    Said,
    ScaleDemand,
    SetDeadline,
    SetWind,
    ShiftOrder,
)
from routing.whatif.demand import sample_orders
from routing.whatif.reach import farthest_flight_m
from routing.whatif.scenario import BASE, Scenario, apply_scenario, change_network, combine
from tests.conftest import ROOT
from tests.days import WEST_ZONE, three_site_orders, three_sites, three_sites_with_zone

PINGDU = ROOT / "configs" / "pingdu"
HERE, THERE = Said("a.yaml", "line 3, column 1", "wind"), Said("b.yaml", "line 9, column 1", "wind")


@functools.cache
def pingdu() -> Network:
    return read_network(PINGDU)


@functools.cache
def model() -> DemandModel:
    return read_demand(PINGDU / "demand.yaml", pingdu())


def village(id_: str = "village", lon: float = 119.9, lat: float = 36.7) -> Site:
    hours = (Window(0, 86_400),)
    return Site(id_, "示例村", "Example village", "village", lon, lat, frozenset(), 1, hours, 180)


def changed(*changes: Change, network: Network | None = None) -> tuple[Network, tuple[Order, ...]]:
    return apply_scenario(network or three_sites(), three_site_orders(), Scenario("x", changes))


def refused(*changes: Change, network: Network | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        changed(*changes, network=network)
    return [fault.code for fault in caught.value.faults]


def test_no_difference_is_the_base_itself() -> None:
    network, orders = apply_scenario(three_sites(), three_site_orders(), BASE)
    assert (network, orders) == (three_sites(), three_site_orders())


def test_a_scenario_says_in_its_digest_that_its_network_is_another() -> None:
    one, _ = changed(AddPads(1, "clinic"))
    two, _ = changed(AddPads(2, "clinic"))
    assert len({three_sites().digest, one.digest, two.digest}) == 3


def test_more_and_fewer_drones() -> None:
    more, _ = changed(AddDrones(2, "hub", "hex"))
    assert [drone.id for drone in more.drones] == ["D1", "D2", "N1", "N2"]
    assert {drone.duty for drone in more.drones if drone.type_id == "hex"} == {
        Window(21_600, 72_000)
    }
    fewer, _ = changed(AddDrones(-1, "hub", "hex"))
    assert [drone.id for drone in fewer.drones] == ["D2"]
    assert refused(AddDrones(-2, "hub", "hex")) == ["scenario.too-few"]
    assert refused(AddDrones(1, "second", "wing")) == ["scenario.no-packs"]
    assert refused(AddDrones(1, "clinic", "hex")) == ["scenario.unknown-base"]
    assert refused(AddDrones(-1, "hub", "hex"), DroneFailure("D2")) == ["scenario.no-drones"]


def test_packs_chargers_and_pads_count_up_and_down() -> None:
    network, _ = changed(AddPacks(-1, "hub", "hex"), AddChargers(3, "hub"), AddPads(1, "clinic"))
    hub = network.base("hub")
    assert hub is not None
    assert (hub.packs["hex"], hub.chargers, network.site("clinic").pads) == (1, 5, 2)
    assert refused(AddPacks(-3, "hub", "hex")) == ["scenario.too-few"]
    assert refused(AddChargers(-3, "hub")) == ["scenario.too-few"]
    assert refused(AddPads(-1, "clinic")) == ["scenario.too-few"]


def test_a_new_base_can_have_drones_at_once_whatever_the_order_of_asking() -> None:
    network, _ = changed(AddDrones(1, "clinic", "hex"), AddBase("clinic", {"hex": 2}, 1))
    assert network.drones[-1].home_site_id == "clinic"


def test_a_removed_site_takes_its_orders_base_and_drones_along() -> None:
    network, orders = changed(RemoveSite("second"))
    assert [site.id for site in network.sites] == ["hub", "clinic"]
    assert network.base("second") is None
    assert {order.id for order in orders} == {"B1", "S1", "M2", "S3", "X1"}
    assert refused(RemoveSite("hub")) == ["scenario.hub-removed"]


def test_zones_close_and_open() -> None:
    permitted = replace(WEST_ZONE, rule="authorisation", approval="No. 7", active=((0, 3_600),))
    network = replace(three_sites(), zones=(permitted,))
    closed, _ = changed(CloseZone("west"), network=network)
    assert (closed.zones[0].is_blocking, closed.zones[0].active) == (True, ())
    opened, _ = changed(OpenZone("west"), network=three_sites_with_zone())
    assert not opened.zones[0].is_blocking
    more, _ = changed(AddZone(WEST_ZONE))
    assert [zone.id for zone in more.zones] == ["west"]
    assert refused(CloseZone("wets"), network=three_sites_with_zone()) == ["scenario.unknown-zone"]


def test_the_wind_is_set_or_scaled_and_keeps_its_gusts() -> None:
    base = pingdu()
    period = base.weather.periods[0]
    assert (period.wind_mps, period.gust_mps) == (3.0, 6.0)
    network, _ = apply_scenario(base, (), Scenario("x", (SetWind(wind_mps=8.0, from_deg=0.0),)))
    blown = network.weather.periods[0]
    assert (blown.wind_mps, blown.wind_from_deg, blown.gust_mps) == (8.0, 0.0, 11.0)
    network, _ = apply_scenario(base, (), Scenario("x", (SetWind(factor=2.0),)))
    blown = network.weather.periods[0]
    assert (blown.wind_mps, blown.wind_from_deg, blown.gust_mps) == (6.0, 315.0, 12.0)


def test_an_outage_cuts_the_hours_and_a_failure_the_duty() -> None:
    network, _ = changed(Outage("hub", Window(50_400, 54_000)), DroneFailure("D1", 36_000))
    assert network.site("hub").hours == (Window(0, 50_400), Window(54_000, 86_400))
    assert network.drones[0].duty == Window(21_600, 36_000)
    gone, _ = changed(DroneFailure("D1", 21_600))
    assert [drone.id for drone in gone.drones] == ["D2"]


def test_pilots_come_and_go_for_a_span() -> None:
    """One pilot is on duty all day: one more for an hour, or none for it."""
    hour = Window(28_800, 32_400)
    for count in (1, -1):
        shifts = changed(AddPilots(count, hour))[0].rules.pilot_shifts
        assert [shift.pilots for shift in shifts] == [1, count]
        assert shifts[-1].window == hour
    assert refused(AddPilots(-2, hour)) == ["scenario.too-few"]
    nobody = three_sites()
    nobody = replace(nobody, rules=replace(nobody.rules, pilot_shifts=()))
    assert refused(AddPilots(1, hour), network=nobody) == ["scenario.pilots-not-counted"]


def test_deadlines_tighten_a_product_and_pull_the_target_along() -> None:
    before = {order.id: order for order in three_site_orders()}
    _, orders = changed(SetDeadline("serum", 900))
    after = {order.id: order for order in orders}
    # S1 was collected at 28,800; 900 s later is before its target of 30,000.
    assert (after["S1"].deadline_s, after["S1"].target_s) == (29_700, 29_700)
    assert after["M1"] == before["M1"]
    assert refused(SetDeadline("serum", 7_201)) == ["scenario.deadline-past-stability"]
    assert changed(SetDeadline("serum", 7_200))


def test_one_order_is_moved() -> None:
    _, orders = changed(ShiftOrder("M1", ready_s=-600, deadline_s=420))
    moved = next(order for order in orders if order.id == "M1")
    assert (moved.ready_s, moved.deadline_s) == (27_400, 43_620)
    assert refused(ShiftOrder("M9")) == ["scenario.unknown-order"]


def test_ready_before_collection_moves_collection_and_its_stability_clock() -> None:
    serum = next(order for order in three_site_orders() if order.id == "S1")
    assert serum.collected_s == 28_800
    clock = replace(serum, deadline_s=28_800 + 7_200)
    change = Scenario("x", (ShiftOrder("S1", ready_s=-500),))
    _, (moved,) = apply_scenario(three_sites(), (clock,), change)
    assert (moved.ready_s, moved.collected_s, moved.deadline_s) == (28_500, 28_500, 35_700)


@given(st.floats(0, 4), st.integers(0, 50))
def test_demand_scales_to_the_nearest_order_and_keeps_ids_unique(factor: float, seed: int) -> None:
    _, orders = apply_scenario(
        three_sites(), three_site_orders(), Scenario("x", (ScaleDemand(factor),)), seed=seed
    )
    assert abs(len(orders) - factor * 7) <= 0.5 + 1e-9
    assert len({order.id for order in orders}) == len(orders)


def test_a_little_more_demand_is_part_of_still_more() -> None:
    few = {order.id for order in changed(ScaleDemand(1.3))[1]}
    many = {order.id for order in changed(ScaleDemand(1.6))[1]}
    assert few < many


def test_a_candidate_without_figures_gets_the_models_and_leaves_others_alone() -> None:
    base = sample_orders(pingdu(), model(), 4)
    added = Scenario("x", (AddSite(village()),))
    network, orders = apply_scenario(pingdu(), base, added, model(), seed=4)
    assert network.sites[-1].id == "village"
    assert orders[: len(base)] == base
    new = orders[len(base) :]
    assert new
    assert all("village" in (order.origin, *order.destinations) for order in new)
    assert apply_scenario(pingdu(), base, added, model(), seed=4)[1] == orders
    assert apply_scenario(pingdu(), base, added, model(), seed=5)[1][len(base) :] != new


@pytest.mark.parametrize(("wanted", "found"), [(0.0, {0}), (6.0, {6}), (2.5, {2, 3})])
def test_a_candidate_with_figures_brings_that_many(wanted: float, found: set[int]) -> None:
    added = Scenario("x", (AddSite(village(), wanted),))
    days = [apply_scenario(pingdu(), (), added, model(), seed=seed)[1] for seed in range(12)]
    assert {len(orders) for orders in days} == found


def test_a_candidate_needs_a_demand_model() -> None:
    assert refused(AddSite(village())) == ["scenario.no-demand"]


def test_a_candidate_in_a_prohibited_zone_is_named_with_its_place() -> None:
    zone = replace(WEST_ZONE, name_zh="军用")
    inside = village(lon=119.953, lat=36.825)
    said = Said("plan.yaml", "line 7, column 5", "add_sites[1]")
    with pytest.raises(InputError) as caught:
        changed(AddSite(inside, said=said), network=replace(three_sites(), zones=(zone,)))
    (fault,) = caught.value.faults
    assert (fault.code, fault.file) == ("network.site-in-zone", "plan.yaml")
    assert fault.place == "line 7, column 5: add_sites[1]"
    assert "west" in fault.rule
    outside = village(lon=119.957, lat=36.825)
    network = replace(three_sites(), zones=(zone,))
    scenario = Scenario("x", (AddSite(outside, 0.0),))
    grown, _ = apply_scenario(network, (), scenario, model())
    assert grown.sites[-1].id == "village"


def test_a_candidate_no_drone_could_ever_fly_to_is_refused() -> None:
    """So far north of the only base, where a degree is 111.0 km."""
    network = replace(three_sites(), bases=three_sites().bases[:1])
    far = max(farthest_flight_m(kind, network) for kind in network.drone_types.values())
    hub = network.site(network.hub_id)
    north = hub.lat_deg + far / 111_000
    assert refused(AddSite(village("far", hub.lon_deg, north + 0.05)), network=network) == [
        "scenario.site-too-far"
    ]
    near = AddSite(village("near", hub.lon_deg, north - 0.05))
    assert change_network(network, Scenario("x", (near,))).sites[-1].id == "near"


def test_every_far_candidate_is_told_with_its_row() -> None:
    """A slip of a key: 19.99 for 119.99."""
    rows = [Said("candidates.csv", f"row {n}", "") for n in (3, 4)]
    with pytest.raises(InputError) as caught:
        changed(*(AddSite(replace(village(lon=19.99), id=f"v{n}"), said=rows[n]) for n in (0, 1)))
    assert [fault.place for fault in caught.value.faults] == ["row 3", "row 4"]
    assert "km from" in caught.value.faults[0].found


@pytest.mark.parametrize(
    "pair",
    [
        (SetWind(factor=2.0), SetWind(factor=3.0)),
        (ScaleDemand(1.5), ScaleDemand(1.6)),
        (RemoveSite("clinic"), AddPads(1, "clinic")),
        (RemoveSite("second"), AddPacks(1, "second", "hex")),
        (AddSite(village()), AddSite(village(lon=119.91))),
        (CloseZone("west"), OpenZone("west")),
        (SetDeadline("serum", 900), SetDeadline("serum", 800)),
        (DroneFailure("D1"), DroneFailure("D1", 7_200)),
    ],
)
def test_two_changes_that_contradict_name_each_other(pair: tuple[Change, Change]) -> None:
    one, two = replace(pair[0], said=HERE), replace(pair[1], said=THERE)
    both = combine(Scenario("a", (one,)), Scenario("b", (two,)))
    with pytest.raises(InputError) as caught:
        apply_scenario(three_sites_with_zone(), three_site_orders(), both, model())
    fault = next(one for one in caught.value.faults if one.code == "scenario.contradiction")
    assert (fault.file, fault.place, fault.field) == ("b.yaml", "line 9, column 1", "wind")
    assert "a.yaml: line 3, column 1" in fault.rule


def test_the_same_change_asked_for_twice_is_made_once() -> None:
    twice = combine(
        Scenario("a", (replace(SetWind(factor=2.0), said=HERE),)),
        Scenario("b", (replace(SetWind(factor=2.0), said=THERE),)),
    )
    network, _ = apply_scenario(pingdu(), (), twice)
    assert network.weather.periods[0].wind_mps == 6.0


def test_all_faults_come_at_once() -> None:
    codes = refused(RemoveSite("wanjia"), AddDrones(1, "hub", "zeppelin"), DroneFailure("D9"))
    assert Counter(codes) == {
        "scenario.unknown-site": 1,
        "scenario.unknown-drone-type": 1,
        "scenario.unknown-drone": 1,
    }


def test_a_zone_that_is_there_cannot_be_added_again() -> None:
    zone: Zone = WEST_ZONE
    assert refused(AddZone(zone), network=three_sites_with_zone()) == ["scenario.zone-exists"]
