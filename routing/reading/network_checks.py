"""The parts of a network against each other: ids that must exist, sites outside the zones.

Owns the rules between ``network.yaml``, ``sites.csv``, ``zones.geojson`` and the catalogue. Does
not open files.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shapely.geometry import Point, Polygon

from geo.zones import Zone
from routing.network import Site
from routing.reading.faults import FaultList, Phrase, did_you_mean
from routing.reading.keys import Loc, dotted
from routing.reading.network_file import NetworkFile
from routing.reading.sites import SiteRow
from routing.reading.yaml_text import YamlText


def check_network(
    entries: NetworkFile,
    source: YamlText,
    site_ids: Collection[str] | None,
    type_ids: Collection[str] | None,
    faults: FaultList,
) -> None:
    """Every id that ``network.yaml`` names exists and stands once, every drone can take off.

    Args:
        entries: the file; source: the same with places.
        site_ids, type_ids: known ids; None when their file could not be read.
        faults: where faults go.
    """
    _NetworkCheck(entries, source, site_ids, type_ids, faults).run()


@dataclass(frozen=True, slots=True)
class _NetworkCheck:
    """The checks of one ``network.yaml``."""

    _entries: NetworkFile
    _source: YamlText
    _site_ids: Collection[str] | None
    _type_ids: Collection[str] | None
    _faults: FaultList

    def run(self) -> None:
        """All checks."""
        self._check_site(self._entries.hub, ("hub",))
        self._check_bases()
        self._check_fleet()
        for type_id in self._entries.pack_soh:
            self._check_type(type_id, ("pack_soh", type_id))
        self._check_sun()

    def _add(self, code: str, loc: Loc, rule: str, found: object, action: str) -> None:
        self._faults.add(
            code,
            self._source.file,
            place=self._source.place(loc),
            name=dotted(loc),
            rule=rule,
            found=found,
            action=action,
        )

    def _check_site(self, site_id: str, loc: Loc) -> None:
        if self._site_ids is not None and site_id not in self._site_ids:
            hint = did_you_mean(site_id, self._site_ids, "add it to sites.csv")
            self._add("network.unknown-site", loc, "must be the id of a site", site_id, hint)

    def _is_type(self, type_id: str) -> bool:
        return self._type_ids is None or type_id in self._type_ids

    def _base_hint(self, home: str, bases: Collection[str]) -> str:
        if self._site_ids is not None and home in self._site_ids:
            return f"add {home} under bases, or choose one of {', '.join(sorted(bases))}"
        return did_you_mean(home, bases, "add it under bases")

    def _check_type(self, type_id: str, loc: Loc) -> None:
        if self._type_ids is not None and type_id not in self._type_ids:
            hint = did_you_mean(type_id, self._type_ids, "add it to drones.yaml")
            self._add("network.unknown-type", loc, "must be a drone type", type_id, hint)

    def _check_bases(self) -> None:
        seen: set[str] = set()
        for idx, base in enumerate(self._entries.bases):
            self._check_site(base.site, ("bases", idx, "site"))
            if base.site in seen:
                self._add(
                    "network.duplicate-base",
                    ("bases", idx, "site"),
                    "a site must be one base only",
                    base.site,
                    "join the two entries",
                )
            seen.add(base.site)
            for type_id in base.packs:
                self._check_type(type_id, ("bases", idx, "packs", type_id))

    def _check_fleet(self) -> None:
        packs = {base.site: base.packs for base in self._entries.bases}
        seen: set[str] = set()
        for idx, entry in enumerate(self._entries.fleet):
            self._check_type(entry.type, ("fleet", idx, "type"))
            for drone_id in sorted(seen.intersection(entry.drone_ids)):
                self._add(
                    "network.duplicate-drone",
                    ("fleet", idx),
                    "a drone id must stand once",
                    drone_id,
                    "rename it or its prefix",
                )
            seen.update(entry.drone_ids)
            if entry.home not in packs:
                self._add(
                    "network.home-not-base",
                    ("fleet", idx, "home"),
                    "must be a base",
                    entry.home,
                    self._base_hint(entry.home, packs),
                )
            elif self._is_type(entry.type) and not packs[entry.home].get(entry.type):
                self._add(
                    "network.no-packs",
                    ("fleet", idx, "home"),
                    f"its base must have packs of type {entry.type}: a sortie starts on one",
                    Phrase("none"),
                    f"add packs: {{{entry.type}: ...}} to the base {entry.home}",
                )

    def _check_sun(self) -> None:
        sun = self._entries.sun
        if sun is not None and sun.sunset <= sun.sunrise:
            self._add(
                "network.sun",
                ("sun", "sunset"),
                "must be after sunrise",
                Phrase("an earlier time"),
                "check the two",
            )


def check_sites_clear(
    rows: Sequence[SiteRow],
    file: str,
    zones: Sequence[Zone],
    cruise_height_m_agl: float,
    faults: FaultList,
) -> None:
    """No site lies inside a zone that blocks all day: nobody could ever land there."""
    blocking = [
        (zone, Polygon(rings[0], rings[1:]))
        for zone in zones
        if zone.is_blocking and not zone.active
        for rings in zone.rings_lonlat
    ]
    for row in rows:
        point = Point(row.site.lon_deg, row.site.lat_deg)
        for zone, polygon in blocking:
            if _is_low(zone, row.site, cruise_height_m_agl) and polygon.intersects(point):
                faults.add(
                    "network.site-in-zone",
                    file,
                    place=row.place,
                    name="lon, lat",
                    rule=f"must be outside the {zone.rule} zone {zone.id} ({zone.name_zh})",
                    found=Phrase(f"site {row.site.id} inside it"),
                    action="move the pad, or give the zone its approval number",
                )


def _is_low(zone: Zone, site: Site, cruise_height_m_agl: float) -> bool:
    """Whether the zone starts below cruise height over the site (its ground counts as 0 m AMSL
    when unknown, which can only find more)."""
    ground_m = 0.0 if zone.lower_datum == "AGL" else site.ground_m_amsl or 0.0
    return zone.lower_m is None or zone.lower_m <= ground_m + cruise_height_m_agl
