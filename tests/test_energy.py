"""The energy model against arithmetic by hand for each class of drone, and what is published.

The published figures stand in the catalogue with their sources; ranges are still-air ranges on one
full, new, warm pack with nothing kept back.
"""

from __future__ import annotations

from functools import cache

import pytest

from routing.energy import density_factor, power_in_cruise, power_in_hover
from routing.legs import build_legs
from routing.network import DroneType, Network
from routing.reading.network import read_network
from tests.conftest import ROOT

WITHIN = 0.10


@cache
def network() -> Network:
    return read_network(ROOT / "configs" / "pingdu", "2026-11-23")


def drone(type_id: str) -> DroneType:
    return network().drone_types[type_id]


def range_m(kind: DroneType, payload_kg: float) -> float:
    """How far one pack reaches in still air at 15 C, box included in the payload."""
    return kind.cruise_mps / float(power_in_cruise(kind, payload_kg))


@pytest.mark.parametrize(
    ("type_id", "payload_kg", "published_km"),
    [
        ("antwork-ra3", 5.0, 15.0),
        ("antwork-tr9s", 9.0, 30.0),
        ("fengyi-ark40", 10.0, 20.0),
        ("dji-flycart30", 30.0, 16.0),
        ("dji-flycart30", 0.0, 28.0),  # not what the curve was drawn through
        ("meituan-gen4", 2.5, 10.0),
        ("matternet-m2", 2.0, 20.0),
        ("wingcopter-198", 5.0, 75.0),
        ("wingcopter-198", 3.0, 85.0),
        ("wingcopter-198", 1.0, 95.0),
        ("wingcopter-198", 0.0, 110.0),
    ],
)
def test_ranges_are_within_a_tenth_of_the_published(
    type_id: str, payload_kg: float, published_km: float
) -> None:
    assert range_m(drone(type_id), payload_kg) == pytest.approx(published_km * 1e3, rel=WITHIN)


@pytest.mark.parametrize(("km", "minutes"), [(14.6, 18.0), (13.2, 17.0)])
def test_block_times_of_the_tr9s_are_within_a_tenth_of_the_published(
    km: float, minutes: float
) -> None:
    kind = drone("antwork-tr9s")
    height_m = network().rules.cruise_height_m_agl
    vertical_s = height_m / kind.climb_mps + height_m / kind.descent_mps + kind.approach_s
    assert km * 1e3 / kind.cruise_mps + vertical_s == pytest.approx(minutes * 60, rel=WITHIN)


def test_a_multirotor_by_hand() -> None:
    # TR9S, 4.5 kg of orders and its 1.5 kg box: mass 22 + 6 = 28 kg of 31 kg when full.
    # (28 / 31)^1.5 = 0.85841; 30 km at full payload: 0.85841 / 30,000 = 2.86136e-5 pack a metre,
    # times 15 m/s = 4.29204e-4 pack a second; hover is as dear (ratio 1).
    # 15 km into 5 m/s of wind: 10 m/s over ground, 1,500 s; climb and descent of 100 m and 20 s:
    # 33.33 + 50 + 20 = 103.33 s. At 8 C: sqrt(281.15 / 288.15) = 0.987779.
    # 0.987779 x 1,603.33 x 4.29204e-4 = 0.679746 pack.
    kind = drone("antwork-tr9s")
    power = float(power_in_cruise(kind, 6.0))
    assert power == pytest.approx(4.29204e-4, rel=1e-4)
    assert float(power_in_hover(kind, 6.0)) == pytest.approx(power)
    seconds = 15_000 / 10.0 + 100 / 3.0 + 100 / 2.0 + 20.0
    assert density_factor(8.0) * seconds * power == pytest.approx(0.679746, rel=1e-4)


def test_a_vtol_by_hand() -> None:
    # Wingcopter 198, 1 kg of orders and its 1 kg box: half way between 95 km (1 kg) and 85 km
    # (3 kg) on 1/R: (1/95,000 + 1/85,000) / 2 = 1.114551e-5 pack a metre, x 27.8 = 3.09845e-4 a
    # second in cruise. Hover: 3 x 27.8 / 75,000 x (22 / 25)^1.5 = 1.112e-3 x 0.825512 = 9.1797e-4.
    # 40 km in still air: 1,438.85 s; 100 / 6 + 100 / 5 + 20 = 56.67 s of hover; at 15 C:
    # 1,438.85 x 3.09845e-4 + 56.67 x 9.1797e-4 = 0.445820 + 0.052018 = 0.497838 pack.
    kind = drone("wingcopter-198")
    cruise, hover = float(power_in_cruise(kind, 2.0)), float(power_in_hover(kind, 2.0))
    assert cruise == pytest.approx(3.09845e-4, rel=1e-4)
    assert hover == pytest.approx(9.1797e-4, rel=1e-4)
    vertical_s = 100 / 6.0 + 100 / 5.0 + 20.0
    energy = density_factor(15.0) * (40_000 / 27.8 * cruise + vertical_s * hover)
    assert energy == pytest.approx(0.497838, rel=1e-4)


def test_the_leg_table_says_the_same_as_the_hand() -> None:
    table = build_legs(network()).for_type("antwork-tr9s")
    i, j = (table.site_index[one] for one in ("pingdu-people-hospital", "pingdu-2nd-hospital"))
    seconds = float(table.cruise_s[i, j]) + 100 / 3.0 + 100 / 2.0 + 20.0
    by_hand = 0.987779 * seconds * 4.29204e-4
    assert table.energy_pack(i, j, 4.5) == pytest.approx(by_hand, rel=1e-4)
