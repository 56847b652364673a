"""A network folder and its catalogue to one frozen ``Network``, or all faults at once.

Owns which files belong together and in what order they are read. Does not know orders.
"""

from __future__ import annotations

import datetime
import zoneinfo
from pathlib import Path
from typing import TYPE_CHECKING

from geo.schedule import ServiceDay
from geo.zones import Zone
from routing.errors import InputError
from routing.network import Network, Site
from routing.reading.airspace import read_zones
from routing.reading.catalogue import DronesFile, ProductsFile, RulesFile
from routing.reading.catalogue_checks import check_drones, check_products
from routing.reading.day import parse_day
from routing.reading.faults import FaultList, Phrase
from routing.reading.folder import Folder
from routing.reading.network_checks import check_network, check_sites_clear
from routing.reading.network_file import NetworkFile
from routing.reading.network_values import (
    bases_of,
    drone_types_of,
    drones_of,
    products_of,
    rules_of,
    sun_of,
    weights_of,
)
from routing.reading.rules import RestatedRules
from routing.reading.sites import SITE_COLUMNS, SiteRows, sites_of
from routing.reading.terrain import read_ground
from routing.reading.weather_section import read_weather
from routing.reading.yaml_text import YamlText
from routing.reading.zones import outline_of

if TYPE_CHECKING:
    from geo.groundrisk import RiskArea

MAIN_FILE = "network.yaml"


def read_network(
    folder: Path, date: str | None = None, *, wind_percentile: float | None = None
) -> Network:
    """The network of a folder on a service day.

    Args:
        folder: holds ``network.yaml`` and the files it names.
        date: ISO service date; ``date:`` of ``network.yaml`` when None.
        wind_percentile: how bad a forecast is taken; ``weather.percentile`` when None.

    Raises:
        InputError: everything that is wrong in any of the files.
    """
    opened = Folder(Path(folder), FaultList())
    source = opened.yaml(MAIN_FILE)
    entries = opened.fit(NetworkFile, source)
    # The other files are read even when the main file is broken, so that all faults are told.
    named = source.values if source is not None else {}
    drones, products, rules = _read_catalogue(opened, source)
    sites_name = str(named.get("sites", "sites.csv"))
    rows = _read_sites(opened, sites_name, rules)
    day = zone = here = None
    if entries is not None and source is not None:
        day = _day(date, entries, source, opened.faults)
        zone = _time_zone(entries, source, opened.faults)
        here = _service_day(entries, rows, day, zone)
    zones_name = str(named.get("zones", "zones.geojson"))
    zones = _read_zones(opened, zones_name, here, must="zones" in named)
    if rows is not None and rules is not None:
        height_m = rules.cruise_height_m_agl.value
        check_sites_clear(rows.good, opened.name(sites_name), zones, height_m, opened.faults)
    if entries is not None and source is not None:
        site_ids = None if rows is None else rows.named
        type_ids = None if drones is None else set(drones.drones)
        check_network(entries, source, site_ids, type_ids, opened.faults)
        outline = _read_outline(opened, entries)
        terrain, obstacles = read_ground(opened, entries, rows.good if rows is not None else ())
        risk = _read_risk(opened, entries)
        cruise_m = None if rules is None else rules.cruise_height_m_agl.value
        section = entries.weather
        weather = read_weather(
            opened, section, source, ("weather",), here, cruise_m, wind_percentile
        )
        if section.file is None:
            _refuse_percentile(wind_percentile, source, opened.faults)
    opened.faults.raise_any()
    # Whatever is None has a fault, so from here on everything is there.
    assert entries is not None
    assert source is not None
    assert rows is not None
    assert drones is not None
    assert products is not None
    assert rules is not None
    assert weather is not None
    assert day is not None
    assert zone is not None
    sites = tuple(row.site for row in rows.good)
    return Network(
        name_zh=entries.name_zh,
        name_en=entries.name_en,
        time_zone=entries.time_zone,
        date=day.isoformat(),
        hub_id=entries.hub,
        sites=sites,
        bases=bases_of(entries),
        drone_types=drone_types_of(drones),
        drones=drones_of(entries),
        products=products_of(products, rules),
        rules=rules_of(rules, entries, _sun(entries, source, sites, day, zone)),
        weights=weights_of(entries),
        zones=zones,
        weather=weather,
        outline_lonlat=outline,
        outline_credit=entries.outline.credit if entries.outline else "",
        terrain=terrain,
        obstacles=obstacles,
        risk=risk,
        digest=opened.digest(),
    )


def _read_catalogue(
    opened: Folder, main: YamlText | None
) -> tuple[DronesFile | None, ProductsFile | None, RulesFile | None]:
    """The three catalogue files; rules as the network restates them."""
    folder = str(main.values.get("catalogue", "../catalogue")) if main else "../catalogue"
    drones_text = opened.yaml(f"{folder}/drones.yaml")
    products_text = opened.yaml(f"{folder}/products.yaml")
    rules_text = opened.yaml(f"{folder}/rules.yaml")
    drones = opened.fit(DronesFile, drones_text)
    products = opened.fit(ProductsFile, products_text)
    if drones is not None and drones_text is not None:
        check_drones(drones, drones_text.locate, opened.faults)
    if products is not None and products_text is not None:
        check_products(products, products_text.locate, opened.faults)
    if rules_text is None:
        return drones, products, None
    return drones, products, RestatedRules(rules_text, main).read(products, opened.faults)


def _read_sites(opened: Folder, name: str, rules: RulesFile | None) -> SiteRows | None:
    table = opened.table(name, SITE_COLUMNS)
    if table is None:
        return None
    return sites_of(table, rules.handover_min.value if rules else {}, opened.faults)


def _read_zones(
    opened: Folder, name: str, here: ServiceDay | None, *, must: bool
) -> tuple[Zone, ...]:
    if not must and not opened.has(name):
        return ()
    content = opened.read(name)
    return () if content is None else read_zones(content, opened.name(name), here, opened.faults)


def _read_risk(opened: Folder, entries: NetworkFile) -> tuple[RiskArea, ...]:
    if entries.ground_risk is None:
        return ()
    # Rasterio takes most of a second to import; few networks name people and roads.
    from routing.reading.ground_risk import read_ground_risk

    return read_ground_risk(opened, entries.ground_risk)


def _read_outline(opened: Folder, entries: NetworkFile) -> tuple[tuple[float, float], ...]:
    if entries.outline is None:
        return ()
    content = opened.read(entries.outline.file)
    if content is None:
        return ()
    return outline_of(content, opened.name(entries.outline.file), opened.faults)


def _service_day(
    entries: NetworkFile,
    rows: SiteRows | None,
    day: datetime.date | None,
    zone: zoneinfo.ZoneInfo | None,
) -> ServiceDay | None:
    """The service day at the hub; None where any of it has a fault."""
    sites = (row.site for row in rows.good) if rows is not None else ()
    hub = next((site for site in sites if site.id == entries.hub), None)
    if hub is None or day is None or zone is None:
        return None
    return ServiceDay(day, zone, hub.lon_deg, hub.lat_deg)


def _refuse_percentile(percentile: float | None, source: YamlText, faults: FaultList) -> None:
    """Weather without members or a spread has no percentiles."""
    if percentile is not None:
        faults.add(
            "weather.no-forecast",
            source.file,
            place=source.place(("weather",)),
            name="weather",
            rule="a wind percentile needs a forecast",
            found=Phrase("periods of one value each"),
            action="name a forecast with file:, or leave --wind-percentile out",
        )


def _day(
    date: str | None, entries: NetworkFile, source: YamlText, faults: FaultList
) -> datetime.date | None:
    """The service day asked for, or the network's own."""
    text = date or entries.date
    if text is None:
        faults.add(
            "network.no-date",
            source.file,
            name="date",
            rule="the service day must be known",
            found=Phrase("no date in the file and none asked for"),
            action="ask for one with --date 2026-11-23 or add date: to the file",
        )
        return None
    return parse_day(text, faults)


def _time_zone(
    entries: NetworkFile, source: YamlText, faults: FaultList
) -> zoneinfo.ZoneInfo | None:
    try:
        return zoneinfo.ZoneInfo(entries.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        faults.add(
            "network.unknown-time-zone",
            source.file,
            place=source.place(("time_zone",)),
            name="time_zone",
            rule="must be an IANA time zone",
            found=entries.time_zone,
            action="write one such as Asia/Shanghai",
        )
        return None


def _sun(
    entries: NetworkFile,
    source: YamlText,
    sites: tuple[Site, ...],
    day: datetime.date,
    zone: zoneinfo.ZoneInfo,
) -> tuple[int, int]:
    """Sunrise and sunset as given, else at the hub."""
    if entries.sun is not None:
        return entries.sun.sunrise, entries.sun.sunset
    hub = next(site for site in sites if site.id == entries.hub)
    try:
        return sun_of(hub, day, zone)
    except ValueError as error:
        faults = FaultList()
        faults.add(
            "network.no-sun",
            source.file,
            name="sun",
            rule="the sun must rise and set at the hub, or sun: must say when",
            found=Phrase(str(error)),
            action='add sun: {sunrise: "08:00", sunset: "16:00"}',
        )
        raise InputError(faults.faults) from None
