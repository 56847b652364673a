"""Scenario files: YAML of differences and grids of them, to scenarios, or all faults at once.

Owns the format. An example with every key::

    name: two-more-drones              # the file's name when left out
    name_zh: 加两架无人机
    add_sites: ["北大田,120.096,36.960,WGS-84,6"]   # name,lon,lat,datum[,orders/day[,kind]]
    candidates: candidates.csv         # a table of new sites, beside this file
    remove_sites: [wanjia-hc]
    bases: [{site: datian-hc, chargers: 2, packs: {wingcopter-198: 2}}]
    drones: ["+2@pingdu-people-hospital:wingcopter-198"]
    packs: ["+2@pingdu-people-hospital:wingcopter-198"]
    chargers: ["+1@pingdu-people-hospital"]
    pads: ["+1@cuijia-central-hc"]
    pilots: ["+1@08:30-10:00"]
    close_zones: [airport-zsqd]
    open_zones: [some-zone]
    zones: more-zones.geojson          # further zones, beside this file
    weather: {source: made up, file: windy.csv}   # as in network.yaml: periods, csv or file
    wind: "8@315"                      # m/s @ degrees it blows from [/gust], or x1.5
    demand: "x1.5"
    deadlines: {serum-routine: 120}    # minutes from collection
    hub_outage: "14:00-15:00"
    outages: ["pingdu-2nd-hospital=14:00-15:00"]
    drone_failures: ["T1@10:00"]
    grid:                              # every combination of one entry of each axis
      fleet: [{name: as it is}, {name: one more, drones: ["+1@huibu-hc:wingcopter-198"]}]
      clinics: [{name: today's}, {name: north, candidates: north.csv}]

Keys beside ``grid`` hold for all its combinations. Does not apply a scenario.
"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from geo.schedule import ServiceDay
from routing.network import Network
from routing.reading.faults import FaultList, Phrase
from routing.reading.folder import Folder
from routing.reading.keys import Loc, dotted, fit
from routing.reading.model import ClockWindow, FileModel, Id, Text, number, whole
from routing.reading.network_file import WeatherSection
from routing.reading.text import read_bytes
from routing.reading.weather_section import read_weather
from routing.reading.yaml_text import YamlText, parse_yaml
from routing.reading.zones import zones_of
from routing.whatif import phrases
from routing.whatif.candidates import candidate_of, candidates_in
from routing.whatif.changes import (
    AddBase,
    AddChargers,
    AddDrones,
    AddPacks,
    AddPads,
    AddPilots,
    AddZone,
    Change,
    CloseZone,
    DroneFailure,
    OpenZone,
    Outage,
    RemoveSite,
    Said,
    ScaleDemand,
    SetDeadline,
    SetWeather,
    SetWind,
)
from routing.whatif.scenario import Scenario, combine

MOST_SCENARIOS = 10_000


def _texted(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be text in quotes")
    return str(value)


TypedCount = Annotated[
    phrases.Counted, BeforeValidator(lambda value: phrases.parse_typed_count(_texted(value)))
]
Count = Annotated[
    phrases.Counted, BeforeValidator(lambda value: phrases.parse_count(_texted(value)))
]
Crew = Annotated[phrases.Crewed, BeforeValidator(lambda value: phrases.parse_crew(_texted(value)))]
WindText = Annotated[
    phrases.Wind, BeforeValidator(lambda value: phrases.parse_wind(_texted(value)))
]
Factor = Annotated[float, BeforeValidator(lambda value: phrases.parse_factor(_texted(value)))]
OutageText = Annotated[
    phrases.Shut, BeforeValidator(lambda value: phrases.parse_outage(_texted(value)))
]
FailureText = Annotated[
    phrases.Failed, BeforeValidator(lambda value: phrases.parse_failure(_texted(value)))
]


class NewBase(FileModel):
    """A site that becomes a base."""

    site: Id
    chargers: Annotated[int, whole(0, 1000)]
    packs: dict[Id, Annotated[int, whole(0, 1000)]]


class Differences(FileModel):
    """The differences of a scenario, or of one entry of a grid's axis."""

    name: Text | None = None
    name_zh: Text | None = None
    add_sites: list[Text] = Field(default_factory=list)
    candidates: Text | None = None
    remove_sites: list[Id] = Field(default_factory=list)
    bases: list[NewBase] = Field(default_factory=list)
    drones: list[TypedCount] = Field(default_factory=list)
    packs: list[TypedCount] = Field(default_factory=list)
    chargers: list[Count] = Field(default_factory=list)
    pads: list[Count] = Field(default_factory=list)
    pilots: list[Crew] = Field(default_factory=list)
    close_zones: list[str] = Field(default_factory=list)
    open_zones: list[str] = Field(default_factory=list)
    zones: Text | None = None
    weather: WeatherSection | None = None
    wind: WindText | None = None
    demand: Factor | None = None
    deadlines: dict[Id, Annotated[float, number(1, 86_400)]] = Field(default_factory=dict)
    hub_outage: ClockWindow | None = None
    outages: list[OutageText] = Field(default_factory=list)
    drone_failures: list[FailureText] = Field(default_factory=list)


class ScenarioFile(Differences):
    """A scenario file."""

    grid: dict[str, Annotated[list[Differences], Field(min_length=1)]] = Field(default_factory=dict)


def read_scenarios(paths: Sequence[Path], network: Network) -> tuple[Scenario, ...]:
    """The scenarios of some files; a grid gives one for each combination.

    Raises:
        InputError: everything that is wrong in any of the files, two scenarios of one name among
            it. Whether what they name exists is checked when they are applied.
    """
    faults = FaultList()
    scenarios: list[Scenario] = []
    origin: dict[str, Path] = {}
    for path in paths:
        for scenario in _scenarios_of(path, network, faults):
            if scenario.name in origin:
                faults.add(
                    "scenario.duplicate-name",
                    str(path),
                    name="name",
                    rule=f"must be another name than a scenario of {origin[scenario.name]}",
                    found=scenario.name,
                    action="rename one of the two",
                )
            origin[scenario.name] = path
            scenarios.append(scenario)
    faults.raise_any()
    return tuple(scenarios)


def _scenarios_of(path: Path, network: Network, faults: FaultList) -> list[Scenario]:
    content = read_bytes(path, faults)
    source = None if content is None else parse_yaml(content, str(path), faults)
    if source is None:
        return []
    entries = fit(ScenarioFile, source.values, source.locate, faults)
    if entries is None:
        return []
    reader = _Reader(source, path.parent, network, faults)
    whole_file = reader.scenario(entries, (), entries.name or path.stem)
    if not entries.grid:
        return [whole_file]
    axes = [
        [
            reader.scenario(cell, ("grid", axis, at), cell.name or f"{axis} {at + 1}")
            for at, cell in enumerate(cells)
        ]
        for axis, cells in entries.grid.items()
    ]
    num_cells = 1
    for axis_cells in axes:
        num_cells *= len(axis_cells)
    if num_cells > MOST_SCENARIOS:
        faults.add(
            "scenario.grid-too-large",
            str(path),
            place=source.place(("grid",)),
            name="grid",
            rule=f"must have at most {MOST_SCENARIOS} combinations",
            found=Phrase(f"{num_cells}"),
            action="split it",
        )
        return []
    return [_cell(whole_file, cells) for cells in product(*axes)]


def _cell(shared: Scenario, cells: Sequence[Scenario]) -> Scenario:
    """One combination: the file's own changes and one entry of each axis, named by all."""
    changes = combine(shared, *cells).changes
    name = " / ".join(cell.name for cell in cells)
    name_zh = " / ".join(cell.name_zh or cell.name for cell in cells)
    return Scenario(name, changes, name_zh)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns the differences of one file into changes that know where they were asked for."""

    source: YamlText
    folder: Path
    network: Network
    faults: FaultList

    def scenario(self, entries: Differences, loc: Loc, name: str) -> Scenario:
        """One set of differences as a scenario."""
        changes = (*self._sites(entries, loc), *self._fleet(entries, loc), *self._day(entries, loc))
        return Scenario(name, changes, entries.name_zh or "")

    def _said(self, loc: Loc) -> Said:
        return Said(self.source.file, self.source.place(loc), dotted(loc))

    def _sites(self, entries: Differences, loc: Loc) -> Iterator[Change]:
        for at, line in enumerate(entries.add_sites):
            said = self._said((*loc, "add_sites", at))
            added = candidate_of(line, self.network, str(said), self.faults)
            if added is not None:
                yield replace(added, said=said)
        if entries.candidates is not None:
            yield from candidates_in(self.folder / entries.candidates, self.network, self.faults)
        for at, site_id in enumerate(entries.remove_sites):
            yield RemoveSite(site_id, self._said((*loc, "remove_sites", at)))
        for at, base in enumerate(entries.bases):
            said = self._said((*loc, "bases", at))
            yield AddBase(base.site, dict(base.packs), base.chargers, said)

    def _fleet(self, entries: Differences, loc: Loc) -> Iterator[Change]:
        for at, counted in enumerate(entries.drones):
            said = self._said((*loc, "drones", at))
            yield AddDrones(counted.more, counted.place, counted.type_id, said=said)
        for at, counted in enumerate(entries.packs):
            said = self._said((*loc, "packs", at))
            yield AddPacks(counted.more, counted.place, counted.type_id, said)
        for at, counted in enumerate(entries.chargers):
            yield AddChargers(counted.more, counted.place, self._said((*loc, "chargers", at)))
        for at, counted in enumerate(entries.pads):
            yield AddPads(counted.more, counted.place, self._said((*loc, "pads", at)))
        for at, crew in enumerate(entries.pilots):
            yield AddPilots(crew.more, crew.window, self._said((*loc, "pilots", at)))
        for at, failed in enumerate(entries.drone_failures):
            said = self._said((*loc, "drone_failures", at))
            yield DroneFailure(failed.drone_id, failed.from_s, said)

    def _day(self, entries: Differences, loc: Loc) -> Iterator[Change]:
        for at, zone_id in enumerate(entries.close_zones):
            yield CloseZone(zone_id, self._said((*loc, "close_zones", at)))
        for at, zone_id in enumerate(entries.open_zones):
            yield OpenZone(zone_id, self._said((*loc, "open_zones", at)))
        if entries.zones is not None:
            yield from self._zones(entries.zones, self._said((*loc, "zones")))
        if entries.weather is not None:
            yield from self._weather(entries.weather, (*loc, "weather"))
        if entries.wind is not None:
            yield SetWind(*entries.wind, said=self._said((*loc, "wind")))
        if entries.demand is not None:
            yield ScaleDemand(entries.demand, self._said((*loc, "demand")))
        for product_id, minutes in entries.deadlines.items():
            said = self._said((*loc, "deadlines", product_id))
            yield SetDeadline(product_id, round(minutes * 60), said)
        if entries.hub_outage is not None:
            hub, said = self.network.hub_id, self._said((*loc, "hub_outage"))
            yield Outage(hub, entries.hub_outage, said)
        for at, shut in enumerate(entries.outages):
            yield Outage(shut.site_id, shut.window, self._said((*loc, "outages", at)))

    def _weather(self, section: WeatherSection, loc: Loc) -> Iterator[Change]:
        network = self.network
        hub, zone = network.site(network.hub_id), zoneinfo.ZoneInfo(network.time_zone)
        day = datetime.date.fromisoformat(network.date)
        here = ServiceDay(day, zone, hub.lon_deg, hub.lat_deg)
        opened = Folder(self.folder, self.faults)
        height_m = network.rules.cruise_height_m_agl
        weather = read_weather(opened, section, self.source, loc, here, height_m)
        if weather is not None:
            yield SetWeather(weather, self._said(loc))

    def _zones(self, name: str, said: Said) -> Iterator[Change]:
        content = read_bytes(self.folder / name, self.faults)
        if content is not None:
            for zone in zones_of(content, str(self.folder / name), self.faults):
                yield AddZone(zone, said)
