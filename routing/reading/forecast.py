"""The weather of the service day out of a forecast file: CSV by hour and height, JSON, grids.

Owns the choice of the reader and what a forecast must cover. The formats are those of
``geo.forecast_files`` and ``geo.forecast_grids``. Does not know drones.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from geo.findings import Findings
from geo.forecast import Forecast, weather_of
from geo.forecast_files import read_csv, read_open_meteo
from geo.schedule import DAY_S, ServiceDay
from geo.weather import Weather
from routing.reading.faults import FaultList, Phrase


def forecast_weather(
    content: bytes,
    file: str,
    day: ServiceDay,
    *,
    height_m_agl: float,
    percentile: float,
    source: str,
    faults: FaultList,
) -> Weather | None:
    """The day's weather at a height, as bad as a percentile says; None with faults.

    Args:
        content: of the file, whose name says the format: ``.csv``, ``.json``, else a grid.
        day: the service day; its place is the point asked for in a grid.
        source: where the forecast comes from, as the network says.
    """
    forecast, findings = _read(content, file, day)
    for found in findings.found:
        faults.add_finding("weather.forecast", file, found)
    if forecast is None or findings.found:
        return None
    since_s = [time.timestamp() - day.midnight.timestamp() for time in forecast.times]
    if not any(0 <= time_s < DAY_S for time_s in since_s):
        faults.add(
            "weather.other-day",
            file,
            name="time",
            rule=f"the forecast must hold the service day {day.date.isoformat()}",
            found=Phrase(f"{forecast.times[0].isoformat()} to {forecast.times[-1].isoformat()}"),
            action="fetch the forecast of that day, or plan another one with --date",
        )
        return None
    weather = weather_of(forecast, day, height_m_agl=height_m_agl, percentile=percentile)
    return Weather(weather.periods, f"{source} ({weather.source})")


def _read(content: bytes, file: str, day: ServiceDay) -> tuple[Forecast | None, Findings]:
    ending = Path(file).suffix.lower()
    if ending == ".csv":
        return read_csv(content, Path(file).name, day.zone, day.date)
    if ending == ".json":
        return read_open_meteo(content, Path(file).name)
    # Rasterio takes 0.2 s to import; only grids need it.
    from geo.forecast_grids import read_grid

    with tempfile.TemporaryDirectory() as folder:
        # GDAL opens files by name; what was read, and digested, is what it gets.
        copy = Path(folder) / Path(file).name
        copy.write_bytes(content)
        return read_grid(copy, (day.lon_deg, day.lat_deg))
