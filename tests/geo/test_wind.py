"""The wind triangle by hand, and what it must never do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.wind import cruise_seconds, ground_speed_mps, segment_seconds


@pytest.mark.parametrize(
    ("wind_from_deg", "track_deg", "speed"),
    [
        (180.0, 0.0, 20.0),  # 5 m/s from behind
        (0.0, 0.0, 10.0),  # from ahead
        (270.0, 0.0, math.sqrt(15.0**2 - 5.0**2)),  # across
        (90.0, 90.0, 10.0),  # an east wind slows a flight to the east
        (45.0, 180.0, math.sqrt(225 - 12.5) + 5 * math.cos(math.radians(45))),
    ],
)
def test_ground_speed_by_hand(wind_from_deg: float, track_deg: float, speed: float) -> None:
    assert ground_speed_mps(15.0, 5.0, wind_from_deg, track_deg) == pytest.approx(speed)


def test_limits_of_what_can_be_flown() -> None:
    # Cross wind just under the airspeed still leaves sqrt(15^2 - 14.96^2) = 1.095 m/s.
    assert ground_speed_mps(15.0, 14.96, 90.0, 0.0) == pytest.approx(1.0947, abs=1e-4)
    assert ground_speed_mps(15.0, 15.0, 90.0, 0.0) == 0.0
    # Head wind: 1.0 m/s over ground is flown, 0.99 is not.
    assert ground_speed_mps(15.0, 14.0, 0.0, 0.0) == 1.0
    assert ground_speed_mps(15.0, 14.01, 0.0, 0.0) == 0.0
    assert segment_seconds(100.0, 0.0, airspeed_mps=15, wind_mps=14.01, wind_from_deg=0) == math.inf


def test_cruise_seconds_broadcasts() -> None:
    seconds = segment_seconds(
        [[1500.0], [0.0]], [0.0, 180.0], airspeed_mps=15.0, wind_mps=5.0, wind_from_deg=0.0
    )
    assert np.allclose(seconds, [[150.0, 75.0], [0.0, 0.0]])


def test_path_out_and_back_costs_more_in_wind() -> None:
    path = [(120.0, 36.8), (120.1, 36.8), (120.1, 36.9)]
    calm = cruise_seconds(path, 15, 0, 0)
    there = cruise_seconds(path, 15, 6, 30)
    back = cruise_seconds(path[::-1], 15, 6, 30)
    assert there + back > 2 * calm
    assert cruise_seconds(path[:1], 15, 6, 30) == 0.0


@given(st.floats(0, 14), st.floats(0, 360), st.floats(0, 360))
def test_ground_speed_is_the_length_of_the_vector_sum(
    wind: float, wind_from: float, track: float
) -> None:
    speed = float(ground_speed_mps(15.0, wind, wind_from, track))
    if speed == 0.0:
        return
    to = math.radians(wind_from + 180.0)
    east = speed * math.sin(math.radians(track)) - wind * math.sin(to)
    north = speed * math.cos(math.radians(track)) - wind * math.cos(to)
    assert math.hypot(east, north) == pytest.approx(15.0)
