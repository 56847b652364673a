"""Orders that no drone could ever fly: each reason just inside passes, just outside is named."""

from dataclasses import replace

import pytest

from routing.legs import build_legs
from routing.orders import Order
from routing.reading.network import read_network
from routing.reading.servable import find_unservable
from tests.corpus_table import CORPUS


@pytest.fixture(scope="module")
def network():
    return read_network(CORPUS / "valid" / "network")


@pytest.fixture(scope="module")
def legs(network):
    return build_legs(network)


def order(**changes):
    plain = Order(
        id="A",
        origin="clinic-a",
        destinations=("hub",),
        wanted="hub",
        product_id="serum",
        quantity=1,
        mass_kg=0.5,
        slots=1,
        band="15-25",
        group="specimen",
        tier="routine",
        ready_s=9 * 3600,
        collected_s=9 * 3600,
        deadline_s=12 * 3600,
        target_s=None,
        ride_limit_s=None,
    )
    return replace(plain, **changes)


def code(network, legs, item):
    fault = find_unservable(network, [item], legs).get(item.id)
    return fault.code if fault else None


def fastest_flight_s(legs, origin, destination):
    return min(
        table.flight_s[table.site_index[origin], table.site_index[destination]]
        for tables in legs.tables.values()
        for table in tables
    )


def test_plain_order_is_servable(network, legs):
    assert find_unservable(network, [order()], legs) == {}


def test_deadline_at_the_earliest_receipt_passes_and_a_second_before_is_too_late(network, legs):
    # pickup handover 240 s at clinic-a, the fastest flight, handover 180 s at the hub
    earliest = 9 * 3600 + 240 + fastest_flight_s(legs, "clinic-a", "hub") + 180
    assert code(network, legs, order(deadline_s=int(earliest))) is None
    assert code(network, legs, order(deadline_s=int(earliest) - 1)) == "orders.too-late"


def test_ride_limit_at_the_shortest_ride_passes_and_a_second_less_does_not(network, legs):
    shortest = int(240 + fastest_flight_s(legs, "clinic-a", "hub") + 180)
    assert code(network, legs, order(ride_limit_s=shortest)) is None
    assert code(network, legs, order(ride_limit_s=shortest - 1)) == "orders.ride-too-long"


def test_opening_hours_of_the_origin_delay_the_earliest_receipt(network, legs):
    late = order(origin="clinic-b", ready_s=12 * 3600 + 60, deadline_s=13 * 3600)
    assert code(network, legs, late) == "orders.too-late"  # clinic-b opens again at 13:00
    assert code(network, legs, replace(late, deadline_s=14 * 3600)) is None


def test_night_is_the_reason_only_when_daylight_would_do(network, legs):
    dark = order(
        origin="hub",
        destinations=("clinic-b",),
        ready_s=network.rules.sunset_s + 60,
        deadline_s=network.rules.sunset_s + 3600,
    )
    assert code(network, legs, dark) == "orders.night"
    types = {key: replace(drone, night_ok=True) for key, drone in network.drone_types.items()}
    by_night = replace(network, drone_types=types)
    assert code(by_night, build_legs(by_night), dark) is None


def test_site_beyond_every_range_is_named_and_a_base_there_brings_it_near(network):
    far = replace(network.site("clinic-b"), lon_deg=120.25)
    wide = replace(network, sites=(*network.sites[:2], far))
    there_and_back = order(origin="clinic-b")
    legs = build_legs(wide)
    assert code(wide, legs, there_and_back) == "orders.out-of-range"
    bases = (*wide.bases, replace(wide.bases[1], site_id="clinic-b"))
    assert code(replace(wide, bases=bases), legs, there_and_back) is None


def test_wind_above_every_limit_leaves_no_path(network):
    gale = replace(network.weather.periods[0], wind_mps=13.0, gust_mps=13.0)
    stormy = replace(network, weather=replace(network.weather, periods=(gale,)))
    assert code(stormy, build_legs(stormy), order()) == "orders.no-path"


def test_any_of_several_destinations_is_enough(network, legs):
    # From clinic-a to clinic-b and on to a base is more than a pack of either type holds.
    assert code(network, legs, order(destinations=("clinic-b",))) == "orders.out-of-range"
    assert code(network, legs, order(destinations=("clinic-b", "hub"))) is None
