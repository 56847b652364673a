"""What a sortie carries, by hand on the triangle: mass, slots, bands, segregation, energy.

hex: 10 kg with a box of 1 kg, 4 slots, 1 compartment; wing: 8 slots, 2 compartments.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.network import Network
from tests.days import HEX, three_sites
from tests.solver.sorties import changed, one_base, sheet


def _with_hex(network: Network | None = None, **fields: object) -> Network:
    network = network or three_sites()
    types = {**network.drone_types, "hex": replace(HEX, **fields)}  # type: ignore[arg-type]
    return replace(network, drone_types=types)


def _with_rules(**fields: object) -> Network:
    network = three_sites()
    return replace(network, rules=replace(network.rules, **fields))  # type: ignore[arg-type]


def test_mass_counts_where_it_is_on_board() -> None:
    # M2 4.5 kg goes out before S3 4.5 kg comes in: never more than 4.5 kg at once.
    assert sheet("-M2", "+S3").is_loadable()
    # S1 4.25 + S3 4.5 = 8.75 kg, with S1 at 4.5 kg 9.0 kg: exactly the 10 - 1 kg.
    assert sheet("+S1", "+S3", orders=changed("S1", mass_kg=4.5)).is_loadable()
    assert not sheet("+S1", "+S3", orders=changed("S1", mass_kg=4.51)).is_loadable()


def test_slots_count_where_they_are_taken() -> None:
    for slots, ok in ((3, True), (4, False)):
        assert sheet("+S1", "+S3", orders=changed("S1", slots=slots)).is_loadable() is ok
    assert sheet("-M2", "+S3", orders=changed("M2", slots=4)).is_loadable()


def test_temperature_bands_need_a_compartment_each_while_on_board() -> None:
    # B1 (2-6 C) leaves at clinic where S1 (15-25 C) comes in: never together.
    assert sheet("-B1", "+S1").is_loadable()
    # S2 from second before B1 is delivered: two bands on the leg second -> clinic.
    together = ("+S2", "-B1")
    assert not sheet(*together, network=one_base()).is_loadable()
    assert sheet(*together, network=_with_hex(one_base(), compartments=2)).is_loadable()
    assert sheet(*together, network=one_base(), orders=changed("B1", band="any")).is_loadable()


def test_groups_that_exclude_each_other_never_share_a_sortie() -> None:
    # Blood and formalin; not even one after the other.
    orders = changed("S1", group="formalin")
    assert not sheet("-B1", "+S1", orders=orders).is_loadable()
    assert sheet("+S3", "+S1", orders=orders).is_loadable()


def test_energy_follows_the_load_leg_by_leg() -> None:
    # T1 of the hand-made plan: 2 x 0.35 x 0.729 with 4.25 kg out and back.
    assert sheet("-B1", "+S1").time().energy == pytest.approx(0.5103, abs=1e-4)
    # S1 alone: box only out, 4.25 kg back: 0.35 x (0.512 + 0.729).
    assert sheet("+S1").time(29_000).energy == pytest.approx(0.43435, abs=1e-4)
    # Stop to stop: 0.3 x 0.512 to second, 0.25 x 0.729 to clinic, 0.35 x 0.512 home = 0.51505.
    orders = changed("M1", origin="second", destinations=("clinic",))
    flown = sheet("+M1", "-M1", network=one_base(), orders=orders).time(29_000)
    assert flown.energy == pytest.approx(0.51505, abs=1e-4)


def test_wing_energy_follows_its_range_table() -> None:
    # T4: 2 x 0.2242542 with 4.5 kg out and back.
    flown = sheet("-M2", "+S3", type_id="wing").time()
    assert flown.energy == pytest.approx(0.4485084, abs=1e-4)


def test_the_usable_energy_is_the_limit() -> None:
    # The sortie needs 0.5103 packs (0.51028 with legs within 0.6 m below the round lengths).
    for reserve_frac, ok in ((0.4896, True), (0.4900, False)):
        network = _with_rules(reserve_frac=reserve_frac, has_diversion_reserve=False)
        assert sheet("-B1", "+S1", network=network).time().ok is ok


def test_a_diversion_from_every_landing_is_kept() -> None:
    # On landing at the hub 0.5103 + 0.26244 = 0.77274 packs (8 km on to second, 60 s of hover).
    for health, ok in ((0.7729, True), (0.7725, False)):
        network = _with_rules(pack_soh={"hex": health})
        assert sheet("-B1", "+S1", network=network).time().ok is ok
    without = _with_rules(pack_soh={"hex": 0.7725}, has_diversion_reserve=False)
    assert sheet("-B1", "+S1", network=without).time().ok
