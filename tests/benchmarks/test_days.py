"""Benchmark days: the same from the same seed, in reach, servable."""

from __future__ import annotations

import pytest

from benchmarks.days import SIZES, build_day, names
from routing.energy import usable_pack
from routing.legs import build_legs


def test_equal_names_give_equal_days() -> None:
    assert build_day("P28-1") == build_day("P28-1")
    assert build_day("P28-1").orders != build_day("P28-2").orders


@pytest.mark.parametrize("size", ["P4", "P28", "P60"])
def test_sizes_are_as_registered(size: str) -> None:
    day = build_day(f"{size}-1")
    assert len(day.network.sites) == SIZES[size].num_sites
    assert len(day.orders) == SIZES[size].num_orders
    assert len(day.network.drones) == SIZES[size].num_drones
    assert len({site.id for site in day.network.sites}) == SIZES[size].num_sites


def test_tight_days_differ_in_their_fleet_alone() -> None:
    loose, tight = build_day("P28-1"), build_day("P28t-1")
    assert loose.orders == tight.orders
    assert loose.network.sites == tight.network.sites
    assert len(tight.network.drones) < len(loose.network.drones)


@pytest.mark.parametrize("name", ["P4-1", "P28-1", "P28-3"])
def test_every_order_can_fly_alone(name: str) -> None:
    """A drone waiting at the right place delivers each order in time on half a pack a way."""
    day = build_day(name)
    legs = build_legs(day.network)
    table = legs.for_type(day.network.drones[0].type_id)
    usable = usable_pack(table.drone, day.network.rules, day.network.weather.at(0).temperature_c)
    for order in day.orders:
        i, j = (legs.site_index[s] for s in (order.origin, order.destinations[0]))
        handovers = sum(day.network.sites[k].handover_s for k in (i, j))
        assert order.ready_s + handovers + table.flight_s[i, j] <= order.deadline_s, order.id
        assert order.mass_kg <= table.drone.payload_max_kg - table.drone.box_tare_kg
        there, back = table.energy_pack(i, j, order.mass_kg), table.energy_pack(j, i, 0.0)
        assert there + back <= usable, order.id


def test_names_are_three_seeds_of_each_fleet() -> None:
    assert names("P28") == ("P28-1", "P28-2", "P28-3", "P28t-1", "P28t-2", "P28t-3")
