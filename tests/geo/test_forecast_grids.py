"""GRIB2 and NetCDF forecasts, from small synthetic files written here."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio import Affine
from scipy.io import netcdf_file

from geo.forecast_grids import read_grid

PLACE = (119.97, 36.78)
FIRST = datetime(2026, 11, 21, 18, tzinfo=UTC)
# Discipline 0: parameter category and number of GRIB2 table 4.2.
UGRD, VGRD, GUST, TMP, PRATE, HUMIDITY = (2, 2), (2, 3), (2, 22), (0, 0), (1, 7), (1, 1)


def product(parameter: tuple[int, int], hour: int, height: int) -> str:
    """Template 4.0: a forecast at a point in time, at a height above ground."""
    octets = [*parameter, 2, 0, 0, 0, 0, 0, 1, *hour.to_bytes(4, "big"),
              103, 0, *height.to_bytes(4, "big"), 255, 0, 0, 0, 0, 0]  # fmt: skip
    return " ".join(map(str, octets))


def write_grib(path: Path, bands: list[tuple[tuple[int, int], int, int, float]]) -> Path:
    """Bands of (parameter, hour, height, value); the value grows by 1 a column to the east."""
    options: dict[str, object] = {}
    for number, (parameter, hour, height, _) in enumerate(bands, start=1):
        options[f"BAND_{number}_DISCIPLINE"] = "0"
        options[f"BAND_{number}_IDS"] = (
            "CENTER=7 SUBCENTER=0 MASTER_TABLE=2 SIGNF_REF_TIME=1(Start_of_Forecast) "
            "REF_TIME=2026-11-21T18:00:00Z PROD_STATUS=0(Operational) TYPE=1(Forecast)"
        )
        options[f"BAND_{number}_PDS_PDTN"] = "0"
        options[f"BAND_{number}_PDS_TEMPLATE_NUMBERS"] = product(parameter, hour, height)
    grid = {
        "driver": "GRIB",
        "width": 5,
        "height": 4,
        "count": len(bands),
        "dtype": "float64",
        "crs": "EPSG:4326",
        "transform": Affine(0.25, 0, 119.375, 0, -0.25, 37.375),
    }
    with rasterio.open(path, "w", **(grid | options)) as raster:
        for number, (_, _, _, value) in enumerate(bands, start=1):
            raster.write(np.tile(value + np.arange(5.0), (4, 1)), number)
    return path


def hours(*hours: int) -> list[tuple[tuple[int, int], int, int, float]]:
    return [
        band
        for hour in hours
        for band in (
            (UGRD, hour, 10, 3.0 + hour),
            (VGRD, hour, 10, -4.0),
            (UGRD, hour, 100, 6.0 + hour),
            (VGRD, hour, 100, -8.0),
            (GUST, hour, 10, 9.0),
            (TMP, hour, 2, 4.0),
            (HUMIDITY, hour, 2, 80.0),
        )
    ]


def test_grib2(tmp_path: Path) -> None:
    forecast, findings = read_grid(write_grib(tmp_path / "gfs.grib2", hours(0, 3)), PLACE)
    assert findings.found == []
    assert forecast is not None
    assert forecast.times == (FIRST, datetime(2026, 11, 21, 21, tzinfo=UTC))
    assert forecast.heights_m_agl == (10.0, 100.0)
    # 119.97 E lies in the third column (119.875 to 120.125 E): 2 more than the first one's value.
    assert forecast.east_mps[0] == pytest.approx(np.array([[5.0, 8.0], [8.0, 11.0]]), abs=1e-3)
    assert forecast.north_mps[0, 0] == pytest.approx([-2.0, -6.0], abs=1e-3)
    assert forecast.gust_mps[0] == pytest.approx([11.0, 11.0], abs=1e-3)
    # GDAL hands GRIB temperatures over in degrees Celsius, both ways.
    assert forecast.temperature_c[0] == pytest.approx([6.0, 6.0], abs=1e-3)
    assert forecast.rain_mm_h.max() == 0.0
    assert np.isinf(forecast.visibility_m).all()


def test_what_a_grib_lacks_is_named(tmp_path: Path) -> None:
    def fields(bands: list[tuple[tuple[int, int], int, int, float]]) -> list[str]:
        forecast, findings = read_grid(write_grib(tmp_path / "part.grib2", bands), PLACE)
        assert forecast is None
        return [finding.field for finding in findings.found]

    assert fields([band for band in hours(0) if band[0] != GUST]) == ["gust"]
    assert fields(hours(0) + [b for b in hours(3) if b[0] != TMP]) == ["temperature_c"]
    assert fields(hours(0) + [b for b in hours(3) if b[:3] != (VGRD, 3, 100)]) == ["north_mps"]


def test_a_place_off_the_grid_is_refused(tmp_path: Path) -> None:
    path = write_grib(tmp_path / "gfs.grib2", hours(0))
    assert read_grid(path, (119.38, 36.4))[0] is not None
    forecast, findings = read_grid(path, (119.37, 36.4))
    assert forecast is None
    assert "outside the grid" in findings.found[0].found
    (tmp_path / "no.grib2").write_text("no grid")
    assert read_grid(tmp_path / "no.grib2", PLACE)[0] is None


def test_netcdf(tmp_path: Path) -> None:
    path = tmp_path / "era.nc"
    with netcdf_file(path, "w") as file:
        axes = {
            "time": ("hours since 2026-11-21 18:00:00", [0.0, 1.0]),
            "latitude": ("degrees_north", [37.25, 37.0, 36.75, 36.5]),
            "longitude": ("degrees_east", [119.5, 119.75, 120.0, 120.25, 120.5]),
        }
        for name, (unit, values) in axes.items():
            file.createDimension(name, len(values))
            axis = file.createVariable(name, "f8", (name,))
            axis.units = unit
            axis[:] = values
        for name, unit, value in (
            ("u10", "m s**-1", 3.0), ("v10", "m s**-1", 4.0), ("u100", "m s**-1", 6.0),
            ("v100", "m s**-1", 8.0), ("fg10", "m s**-1", 12.0), ("t2m", "K", 278.15),
            ("prate", "kg m-2 s-1", 0.001), ("sp", "Pa", 101_325.0),
        ):  # fmt: skip
            variable = file.createVariable(name, "f4", tuple(axes))
            variable.units = unit
            variable[:] = np.full((2, 4, 5), value)
    forecast, findings = read_grid(path, PLACE)
    assert findings.found == []
    assert forecast is not None
    assert forecast.times == (FIRST, datetime(2026, 11, 21, 19, tzinfo=UTC))
    assert np.hypot(forecast.east_mps, forecast.north_mps)[0] == pytest.approx(
        np.array([[5.0, 10.0], [5.0, 10.0]])
    )
    assert forecast.temperature_c[0] == pytest.approx([5.0, 5.0], abs=1e-3)
    assert forecast.rain_mm_h[0] == pytest.approx([3.6, 3.6], rel=1e-5)
