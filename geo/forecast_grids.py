"""Forecasts from GRIB2 and NetCDF grids, at the grid point nearest a place.

Owns the element names and units of both (NCEP's and ECMWF's), read through GDAL. Does not know
the service day or drones.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.warp import transform as reproject

from geo.findings import Findings
from geo.forecast import Forecast
from geo.geodesy import Floats, LonLat

_GRIB = {"UGRD": "east", "VGRD": "north", "GUST": "gust", "TMP": "temperature",
         "PRATE": "rain", "VIS": "visibility"}  # fmt: skip
_NETCDF = re.compile(r"(u|v)(\d+)m?$|(gust|fg10|i10fg)$|(t2m)$|(prate|tprate)$|(vis)$")
_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}
_NEEDED = ("east", "north", "gust", "temperature")
ZERO_C_K = 273.15


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of one band at the place."""

    element: str
    height_m: float
    time: datetime
    member: str
    value: float


def read_grid(path: Path, place: LonLat) -> tuple[Forecast | None, Findings]:
    """A forecast from a GRIB2 or NetCDF file at the grid point nearest a place.

    Wanted: wind components at one height above ground or more, gust and temperature for every
    time; rain rate and visibility where the file has them. Bands that are none of these are
    passed over: such files hold hundreds.

    Returns:
        The forecast, or None with findings where the file cannot be read, does not hold the
        place, or lacks an element at some time.
    """
    findings = Findings(path.name)
    try:
        values = list(_values_in(path, place))
    except (RasterioError, ValueError, KeyError, IndexError) as error:
        _refuse(findings, "", "a GRIB2 or NetCDF forecast that holds the place", str(error))
        return None, findings
    members = sorted({value.member for value in values})
    times = sorted({value.time for value in values if value.element == "east"})
    heights = sorted({value.height_m for value in values if value.element == "east"})
    table = {(v.element, v.height_m, v.time, v.member): v.value for v in values}
    lacking = [name for name in _NEEDED if not any(v.element == name for v in values)]
    if lacking:
        _refuse(findings, ", ".join(lacking), "bands of wind, gust and temperature", "none")
        return None, findings

    def winds(element: str) -> Floats:
        return np.array(
            [
                [[table.get((element, h, t, m), math.nan) for h in heights] for t in times]
                for m in members
            ]
        )

    def surface(element: str, absent: float) -> Floats:
        found = {(v.time, v.member): v.value for v in values if v.element == element}
        default = math.nan if found else absent
        return np.array([[found.get((t, m), default) for t in times] for m in members])

    forecast = Forecast(
        times=tuple(times),
        heights_m_agl=tuple(heights),
        east_mps=winds("east"),
        north_mps=winds("north"),
        gust_mps=surface("gust", math.nan),
        temperature_c=surface("temperature", math.nan),
        rain_mm_h=surface("rain", 0.0),
        visibility_m=surface("visibility", math.inf),
        wind_spread_mps=np.zeros(len(times)),
        source=path.name,
    )
    _check_whole(forecast, findings)
    return (None if findings.found else forecast), findings


def _check_whole(forecast: Forecast, findings: Findings) -> None:
    """Name every element that some time lacks."""
    for name in ("east_mps", "north_mps", "gust_mps", "temperature_c", "rain_mm_h"):
        gaps = np.isnan(getattr(forecast, name))
        if gaps.any():
            first = forecast.times[int(np.argwhere(gaps)[0][1])]
            _refuse(findings, name, "a value at every time", f"none at {first.isoformat()}")


def _values_in(path: Path, place: LonLat) -> Iterator[_Value]:
    with warnings.catch_warnings():
        # A NetCDF of several variables is a folder of grids and has no place of its own.
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path) as whole:
            names = list(whole.subdatasets) or [str(path)]
    for name in names:
        with rasterio.open(name) as grid:
            row, column = _pixel_of(grid, place)
            for band in grid.indexes:
                labelled = _label(grid.tags(), grid.tags(band))
                if labelled is None:
                    continue
                element, height_m, time, member = labelled
                window = ((row, row + 1), (column, column + 1))
                raw = float(grid.read(band, window=window, masked=True).filled(np.nan)[0, 0])
                value = raw * grid.scales[band - 1] + grid.offsets[band - 1]
                yield _Value(element, height_m, time, member, _in_si(element, value, grid, band))


def _pixel_of(grid: Any, place: LonLat) -> tuple[int, int]:
    """Row and column of the pixel that holds a place; longitudes may run from 0 to 360."""
    x, y = place
    if grid.crs is not None and not grid.crs.is_geographic:
        (x,), (y,) = reproject("EPSG:4326", grid.crs, [x], [y])
    elif x < grid.bounds.left:
        x += 360.0
    row, column = grid.index(x, y)
    if not (0 <= row < grid.height and 0 <= column < grid.width):
        raise ValueError(f"{place[0]:.4f} E {place[1]:.4f} N outside the grid {grid.bounds}")
    return int(row), int(column)


def _label(
    tags: dict[str, str], band_tags: dict[str, str]
) -> tuple[str, float, datetime, str] | None:
    """Element, height, time and member of a band, None where it is none that is wanted."""
    if "GRIB_ELEMENT" in band_tags:
        return _label_grib(band_tags)
    return _label_netcdf(tags, band_tags)


def _label_grib(tags: dict[str, str]) -> tuple[str, float, datetime, str] | None:
    element = _GRIB.get(tags["GRIB_ELEMENT"])
    level = re.fullmatch(r"(\d+)-(HTGL|SFC)", tags.get("GRIB_SHORT_NAME", ""))
    if element is None or level is None:
        return None
    if element in ("east", "north") and level[2] != "HTGL":
        return None
    time = datetime.fromtimestamp(int(tags["GRIB_VALID_TIME"]), UTC)
    return element, float(level[1]), time, _grib_member(tags)


def _grib_member(tags: dict[str, str]) -> str:
    """Perturbation number of an ensemble message (product template 4.1), empty for a single run."""
    if tags.get("GRIB_PDS_PDTN") not in ("1", "11"):
        return ""
    numbers = tags.get("GRIB_PDS_TEMPLATE_ASSEMBLED_VALUES", "").split()
    return numbers[-2] if len(numbers) >= 3 else ""


def _label_netcdf(
    tags: dict[str, str], band_tags: dict[str, str]
) -> tuple[str, float, datetime, str] | None:
    match = _NETCDF.fullmatch(band_tags.get("NETCDF_VARNAME", "").lower())
    if match is None:
        return None
    name = next((n for n in ("time", "valid_time") if f"NETCDF_DIM_{n}" in band_tags), None)
    if name is None:
        return None
    unit, _, since = tags[f"{name}#units"].partition(" since ")
    start = datetime.fromisoformat(since.strip())
    start = start if start.tzinfo is not None else start.replace(tzinfo=UTC)
    ticks = float(band_tags[f"NETCDF_DIM_{name}"])
    time = start + timedelta(seconds=ticks * _UNIT_SECONDS[unit.strip().lower()])
    member = band_tags.get("NETCDF_DIM_number", "")
    if match[1]:
        return ("east" if match[1] == "u" else "north"), float(match[2]), time, member
    elements = ("gust", "temperature", "rain", "visibility")
    element = next(e for e, found in zip(elements, match.group(3, 4, 5, 6), strict=True) if found)
    return element, 10.0, time, member


def _in_si(element: str, value: float, grid: Any, band: int) -> float:
    """Degrees Celsius of kelvins, millimetres an hour of kg/m2/s."""
    tags = grid.tags(band)
    unit = tags.get("GRIB_UNIT") or tags.get("units") or ""
    if element == "temperature" and unit.strip("[]") == "K":
        return value - ZERO_C_K
    if element == "rain":
        return value * 3600.0
    return value


def _refuse(findings: Findings, field: str, rule: str, found: str) -> None:
    findings.error(
        "forecast.grid", "", field, rule=rule, found=found, action="ask for these bands there"
    )
