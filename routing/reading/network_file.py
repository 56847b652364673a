"""``network.yaml``: the model of a network's main file.

Owns the format: names, hub, bases, fleet, pilots, weather, weights. Does not open files and does
not check one file against another (see ``routing.reading.network``).

An example in full::

    name_zh: 平度镇街无人机送检网
    name_en: Pingdu township network
    time_zone: Asia/Shanghai
    date: 2026-11-23            # service day when none is asked for
    hub: pingdu-people-hospital
    catalogue: ../catalogue     # folder of drones.yaml, products.yaml, rules.yaml
    sites: sites.csv            # default
    zones: zones.geojson        # default; may be absent; or ED-318, ED-269, KML, OpenAir
    outline: {file: outline.geojson, credit: "OpenStreetMap contributors"}   # may be absent
    sun: {sunrise: "06:48", sunset: "16:47"}   # computed when absent
    terrain: {file: dem.tif, source: "Copernicus GLO-30"}   # flat ground when absent
    ground_risk: {population: people.tif, weight: 0.5, source: "WorldPop"}   # may be absent
    obstacles: obstacles.geojson    # masts and power lines; may be absent
    weather:
      source: made up for the demonstration
      periods:                  # or csv: weather.csv, the same columns; or file: a forecast
        - {from: "00:00", wind_mps: 3, wind_from_deg: 315, gust_mps: 5, temperature_c: 6}
    bases:
      - {site: pingdu-people-hospital, chargers: 4, packs: {ark-40: 6}}
    fleet:
      - {id: A1, type: ark-40, home: pingdu-people-hospital, duty: "06:00-22:00"}
      - {prefix: W, count: 2, type: w198, home: pingdu-people-hospital, duty: "00:00-24:00"}
    pilots:                     # absent: no limit
      - {hours: "06:00-22:00", pilots: 3}
    pack_soh: {ark-40: 0.95}    # absent: 1.0
    rules:                      # restates keys of rules.yaml for this network
      reserve_frac: {value: 0.25, source: "flight department, 2026"}
    weights: {lateness_per_min: {stat: 10, urgent: 3, routine: 1}}
"""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from routing.network import Tier
from routing.reading.model import (
    Clock,
    ClockWindow,
    FileModel,
    Id,
    Share,
    Text,
    number,
    whole,
)


def _iso_date(value: object) -> str:
    """A date as ISO text."""
    if not isinstance(value, str):
        raise ValueError("must be a date such as 2026-11-23")
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except ValueError:
        raise ValueError("must be a date such as 2026-11-23") from None


IsoDate = Annotated[str, BeforeValidator(_iso_date)]
_UNSERVED: dict[Tier, float] = {"stat": 1_000_000.0, "urgent": 1_000.0, "routine": 1.0}
_LATENESS: dict[Tier, float] = {"stat": 10.0, "urgent": 3.0, "routine": 1.0}
Weight = Annotated[float, number(0, 1e9)]


class OutlineEntry(FileModel):
    """The county's outline for offline maps, and whom to credit for it."""

    file: Text = "outline.geojson"
    credit: Text


class TerrainEntry(FileModel):
    """The ground: a GeoTIFF of heights above mean sea level, and where it comes from."""

    file: Text
    source: Text


class GroundRiskEntry(FileModel):
    """People and roads below, which paths rather avoid where two ways are nearly as long.

    Attributes:
        population: GeoTIFF of people per square kilometre, or GeoJSON polygons with
            ``people_per_km2``; roads: GeoJSON lines with a ``price``; at least one of the two.
        weight: metres of detour that a metre over 1,000 people per square kilometre (or over a
            road of price 1) is worth; 0 leaves paths as they are.
    """

    source: Text
    population: Text | None = None
    roads: Text | None = None
    weight: Annotated[float, number(0, 100)] = 0.0

    @model_validator(mode="after")
    def _something(self) -> GroundRiskEntry:
        if self.population is None and self.roads is None:
            raise ValueError("must name population, roads or both")
        return self


class SunEntry(FileModel):
    """Sunrise and sunset of the service day, when they are not to be computed."""

    sunrise: Clock
    sunset: Clock


class WeatherEntry(FileModel):
    """Weather from a time until the next entry."""

    start: Annotated[Clock, Field(alias="from")]
    wind_mps: Annotated[float, number(0, 60)]
    wind_from_deg: Annotated[float, number(0, 360)]
    gust_mps: Annotated[float, number(0, 80)]
    temperature_c: Annotated[float, number(-50, 55)]
    rain_mm_h: Annotated[float, number(0, 500)] = 0.0
    visibility_m: Annotated[float, number(0, 100_000)] | None = None


class WeatherSection(FileModel):
    """The day's weather: ``periods`` here, ``csv`` with the same columns, or ``file`` with a
    forecast by hour and height; exactly one.

    Attributes:
        file: CSV (``time``, ``height_m``, ...), Open-Meteo JSON, GRIB2 or NetCDF; taken at cruise
            height and, of a grid, at the point nearest the hub. ``docs/sky.md`` has the columns.
        percentile: how bad the day is taken where a forecast has members or a spread: 50 for the
            middle, 90 for winds that 9 of 10 such days stay below. ``--wind-percentile`` wins.
    """

    source: Text
    periods: Annotated[list[WeatherEntry], Field(min_length=1)] | None = None
    csv: Text | None = None
    file: Text | None = None
    percentile: Annotated[float, number(1, 99)] = 50.0

    @model_validator(mode="after")
    def _one_of_three(self) -> WeatherSection:
        if sum(given is not None for given in (self.periods, self.csv, self.file)) != 1:
            raise ValueError("must have exactly one of periods, csv and file")
        return self


class BaseEntry(FileModel):
    """A base: full packs at the start of the day by drone type, packs that can charge at once."""

    site: Id
    chargers: Annotated[int, whole(0, 1000)]
    packs: dict[Id, Annotated[int, whole(0, 1000)]]


class FleetEntry(FileModel):
    """One drone with ``id``, or ``count`` drones called ``prefix`` + 1, 2, ...; exactly one."""

    type: Id
    home: Id
    duty: ClockWindow
    id: Id | None = None
    prefix: Id | None = None
    count: Annotated[int, whole(1, 500)] | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> FleetEntry:
        has_group = self.prefix is not None and self.count is not None
        is_half_group = (self.prefix is None) != (self.count is None)
        if is_half_group or (self.id is not None) == has_group:
            raise ValueError("must have either id, or prefix and count")
        return self

    @property
    def drone_ids(self) -> tuple[str, ...]:
        """The ids of the drones of this entry."""
        if self.id is not None:
            return (self.id,)
        return tuple(f"{self.prefix}{number}" for number in range(1, (self.count or 0) + 1))


class PilotEntry(FileModel):
    """Pilots on duty in a window."""

    hours: ClockWindow
    pilots: Annotated[int, whole(0, 1000)]


class WeightsEntry(FileModel):
    """Weights of the objective; the defaults are design choices.

    ``unserved`` is 1,000 apart, so that up to 999 orders of one tier never outweigh one of the
    tier above; lateness counts a stat minute as ten routine minutes. A sortie costs two minutes
    of flight and a drone ten.
    """

    unserved: dict[Tier, Weight] = Field(default_factory=lambda: dict(_UNSERVED))
    lateness_per_min: dict[Tier, Weight] = Field(default_factory=lambda: dict(_LATENESS))
    flight_s: Weight = 1.0
    sortie: Weight = 120.0
    drone: Weight = 600.0

    @model_validator(mode="after")
    def _all_tiers(self) -> WeightsEntry:
        for name, weights in (("unserved", self.unserved), ("lateness", self.lateness_per_min)):
            if len(weights) != 3:
                raise ValueError(f"{name} must name stat, urgent and routine")
        return self


class NetworkFile(FileModel):
    """The main file of a network.

    Attributes:
        name_zh, name_en: the network's name in reports and on the map.
        time_zone: of every clock time, e.g. ``Asia/Shanghai``.
        date: service day when none is asked for.
        hub: site id of the hub hospital.
        catalogue: folder of drones.yaml, products.yaml and rules.yaml, from this folder.
        sites, zones: file names in this folder; the zones' may be absent.
        terrain: the ground flown over; flat when absent.
        obstacles: GeoJSON of masts (Point) and power lines (LineString) with ``id``, ``top_m`` and
            ``top_datum`` (AGL, AMSL, W84); needs terrain.
        ground_risk: people and roads that paths rather avoid; none when absent.
        sun: sunrise and sunset; computed for the hub and the date when absent.
        pilots: who is on duty; without any there is no limit.
        pack_soh: state of health by drone type, as a share of a new pack; 1 when absent.
        rules: keys of rules.yaml restated for this network, each with its source.
    """

    name_zh: Text
    name_en: Text
    time_zone: Text
    date: IsoDate | None = None
    hub: Id
    catalogue: Text
    sites: Text = "sites.csv"
    zones: Text = "zones.geojson"
    outline: OutlineEntry | None = None
    terrain: TerrainEntry | None = None
    obstacles: Text | None = None
    ground_risk: GroundRiskEntry | None = None
    sun: SunEntry | None = None
    weather: WeatherSection
    bases: Annotated[list[BaseEntry], Field(min_length=1)]
    fleet: Annotated[list[FleetEntry], Field(min_length=1)]
    pilots: list[PilotEntry] = Field(default_factory=list)
    pack_soh: dict[Id, Share] = Field(default_factory=dict)
    rules: dict[str, object] = Field(default_factory=dict)
    weights: WeightsEntry = Field(default_factory=WeightsEntry)
