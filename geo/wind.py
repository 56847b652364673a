"""The wind triangle: ground speed and cruise time under a wind.

Owns the formula of docs/design.md. Does not know drones' limits, energy or weather files.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from geo.geodesy import Floats, LonLat, measure_path

MIN_GROUND_SPEED_MPS = 1.0
"""Slower than this over ground a leg cannot be flown (docs/design.md)."""


def ground_speed_mps(
    airspeed_mps: npt.ArrayLike,
    wind_mps: npt.ArrayLike,
    wind_from_deg: npt.ArrayLike,
    track_deg: npt.ArrayLike,
) -> Floats:
    """Ground speed along a track, ``sqrt(va^2 - w_x^2) + w_a``; 0 where it cannot be flown.

    Args:
        airspeed_mps: true airspeed held, > 0.
        wind_mps, wind_from_deg: wind speed and the direction it blows FROM, true north.
        track_deg: track over ground, clockwise from true north.

    Returns:
        Ground speed, of the arguments' common shape; 0.0 where the cross wind reaches the
        airspeed or the ground speed stays under ``MIN_GROUND_SPEED_MPS``.
    """
    airspeed = np.asarray(airspeed_mps, dtype=np.float64)
    wind = np.asarray(wind_mps, dtype=np.float64)
    # The wind blows towards wind_from + 180: a wind from ahead (same angle as the track) slows.
    angle = np.radians(np.asarray(wind_from_deg, dtype=np.float64) + 180.0 - np.asarray(track_deg))
    along, across = wind * np.cos(angle), wind * np.sin(angle)
    forward = np.sqrt(np.maximum(airspeed**2 - across**2, 0.0))
    speed = forward + along
    is_flyable = (np.abs(across) < airspeed) & (speed >= MIN_GROUND_SPEED_MPS)
    return np.where(is_flyable, speed, 0.0)


def segment_seconds(
    length_m: npt.ArrayLike,
    track_deg: npt.ArrayLike,
    *,
    airspeed_mps: npt.ArrayLike,
    wind_mps: npt.ArrayLike,
    wind_from_deg: npt.ArrayLike,
) -> Floats:
    """Seconds to fly segments of a length along a track; inf where they cannot be flown.

    All arguments broadcast; the result has their common shape. A segment of no length takes
    0 s whatever the wind.
    """
    length = np.asarray(length_m, dtype=np.float64)
    speed = ground_speed_mps(airspeed_mps, wind_mps, wind_from_deg, track_deg)
    length, speed = np.broadcast_arrays(length, speed)
    seconds = np.full(length.shape, np.inf)
    np.divide(length, speed, out=seconds, where=speed > 0.0)
    return np.where(length == 0.0, 0.0, seconds)


def cruise_seconds(
    path: Sequence[LonLat], airspeed_mps: float, wind_mps: float, wind_from_deg: float
) -> float:
    """Seconds to fly a WGS-84 polyline at an airspeed in a wind; inf where a segment cannot."""
    length_m, track_deg = measure_path(path)
    seconds = segment_seconds(
        length_m,
        track_deg,
        airspeed_mps=airspeed_mps,
        wind_mps=wind_mps,
        wind_from_deg=wind_from_deg,
    )
    return float(seconds.sum())
