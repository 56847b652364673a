"""A section ``weather:`` of a network or a scenario: its periods, or the file it names.

Owns the choice between the three. Does not know drones.
"""

from __future__ import annotations

from geo.schedule import ServiceDay
from geo.weather import Weather
from routing.reading.folder import Folder
from routing.reading.forecast import forecast_weather
from routing.reading.keys import Loc
from routing.reading.network_file import WeatherSection
from routing.reading.weather import WEATHER_COLUMNS, periods_in, periods_of, weather_of
from routing.reading.yaml_text import YamlText


def read_weather(
    opened: Folder,
    section: WeatherSection,
    source: YamlText,
    loc: Loc,
    here: ServiceDay | None,
    height_m_agl: float | None,
    percentile: float | None = None,
) -> Weather | None:
    """The day's weather, None with faults.

    Args:
        opened: the folder that its files lie in.
        section: what is given; ``source`` and ``loc``: where it stands.
        here: the service day; height_m_agl: cruise height; a forecast needs both, and None means
            that they have faults of their own.
        percentile: how bad a forecast is taken; the section's own when None.
    """
    if section.periods is not None:
        places = [source.place((*loc, "periods", idx)) for idx in range(len(section.periods))]
        periods = periods_of(section.periods, places)
        return weather_of(periods, section.source, source.file, opened.faults)
    if section.csv is not None:
        table = opened.table(section.csv, WEATHER_COLUMNS)
        if table is None:
            return None
        periods = periods_in(table, opened.faults)
        return weather_of(periods, section.source, opened.name(section.csv), opened.faults)
    name = section.file or ""
    content = opened.read(name)
    if content is None or here is None or height_m_agl is None:
        return None
    return forecast_weather(
        content,
        opened.name(name),
        here,
        height_m_agl=height_m_agl,
        percentile=percentile or section.percentile,
        source=section.source,
        faults=opened.faults,
    )
