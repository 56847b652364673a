"""Chinese map datums: GCJ-02 (Amap, Tencent) and BD-09 (Baidu) to WGS-84 and back.

Owns the two published approximations and their inverses. Does not know where points come from.
The official transforms are not public: against real maps expect about 1 m. CGCS2000 is treated
as WGS-84 (they agree to less than a metre).
"""

from __future__ import annotations

from math import atan2, cos, pi, radians, sin, sqrt
from typing import Literal

Datum = Literal["WGS84", "CGCS2000", "GCJ02", "BD09"]

# Krasovsky 1940 ellipsoid, on which GCJ-02 displaces.
_AXIS_M = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_BD_PI = pi * 3000.0 / 180.0
_INVERSE_STEPS = 12


def to_wgs84(lon_deg: float, lat_deg: float, datum: Datum) -> tuple[float, float]:
    """WGS-84 (lon, lat) of a point given in a datum.

    Raises:
        ValueError: the datum is not one of ``WGS84``, ``CGCS2000``, ``GCJ02``, ``BD09``.
    """
    if datum in ("WGS84", "CGCS2000"):
        return lon_deg, lat_deg
    if datum not in ("GCJ02", "BD09"):
        raise ValueError(f"unknown datum {datum!r}: use WGS84, CGCS2000, GCJ02 or BD09")
    # Fixed point: the displacement changes slowly, each step gains about three digits.
    lon, lat = lon_deg, lat_deg
    for _ in range(_INVERSE_STEPS):
        shown_lon, shown_lat = from_wgs84(lon, lat, datum)
        step_lon, step_lat = lon_deg - shown_lon, lat_deg - shown_lat
        lon, lat = lon + step_lon, lat + step_lat
        if abs(step_lon) < 1e-11 and abs(step_lat) < 1e-11:
            break
    return lon, lat


def from_wgs84(lon_deg: float, lat_deg: float, datum: Datum) -> tuple[float, float]:
    """A WGS-84 point as (lon, lat) in a datum; inverse of ``to_wgs84``, same errors."""
    if datum in ("WGS84", "CGCS2000"):
        return lon_deg, lat_deg
    if datum == "GCJ02":
        return _displace(lon_deg, lat_deg)
    if datum == "BD09":
        return _rotate(*_displace(lon_deg, lat_deg))
    raise ValueError(f"unknown datum {datum!r}: use WGS84, CGCS2000, GCJ02 or BD09")


def _displace(lon_deg: float, lat_deg: float) -> tuple[float, float]:
    """GCJ-02 of WGS-84: the published series of sines, in metres, scaled to degrees."""
    x, y = lon_deg - 105.0, lat_deg - 35.0
    root = sqrt(abs(x))
    ripple = 20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + 20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y / 30.0 * pi)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + 20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    phi = radians(lat_deg)
    w2 = 1.0 - _ECCENTRICITY2 * sin(phi) ** 2
    meridian_m = _AXIS_M * (1.0 - _ECCENTRICITY2) / (w2 * sqrt(w2))
    parallel_m = _AXIS_M / sqrt(w2) * cos(phi)
    return lon_deg + east * 180.0 / (parallel_m * pi), lat_deg + north * 180.0 / (meridian_m * pi)


def _rotate(lon_deg: float, lat_deg: float) -> tuple[float, float]:
    """BD-09 of GCJ-02."""
    radius = sqrt(lon_deg**2 + lat_deg**2) + 0.00002 * sin(lat_deg * _BD_PI)
    angle = atan2(lat_deg, lon_deg) + 0.000003 * cos(lon_deg * _BD_PI)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006
