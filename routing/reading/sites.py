"""``sites.csv``: the places of a network, one a row, positions converted to WGS-84.

Owns the format::

    # datum: GCJ-02                 (or a column ``datum``; a file that says neither is refused)
    id,name_zh,name_en,kind,lon,lat,services,pads,hours,handover_min,source,confidence,note

``kind`` is hub, hospital, township or village; ``datum`` WGS-84, CGCS2000, GCJ-02 or BD-09;
``services`` are joined with ``;`` (``lab:chemistry;blood_bank``); ``pads`` is 1 when empty;
``hours`` is ``00:00-24:00`` when empty, several windows are joined with ``;``; ``handover_min``
is the rules' for the kind when empty; ``ground_m_amsl`` may be added.

Does not know zones, bases or drones.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast, get_args

from geo.datum import Datum, to_wgs84
from routing.network import Site, SiteKind, Window
from routing.reading.cells import RowReader
from routing.reading.clock import DAY_S, parse_windows
from routing.reading.faults import FaultList, Phrase
from routing.reading.model import seconds
from routing.reading.tables import Columns, Table

SITE_COLUMNS = Columns(
    required=("id", "name_zh", "name_en", "kind", "lon", "lat"),
    optional=(
        "datum",
        "services",
        "pads",
        "hours",
        "handover_min",
        "ground_m_amsl",
        "source",
        "confidence",
        "note",
    ),
    aliases={},
)
DATUMS: Mapping[str, Datum] = {
    "wgs84": "WGS84",
    "cgcs2000": "CGCS2000",
    "gcj02": "GCJ02",
    "bd09": "BD09",
}
SERVICE = re.compile(r"[a-z][a-z0-9_]*(:[a-z0-9_-]+)?")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FAR_DEG = 5.0


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site and the row it stands in, so that later checks can name the place."""

    site: Site
    place: str


@dataclass(frozen=True, slots=True)
class SiteRows:
    """The rows of ``sites.csv``: those without faults, and every id that is named at all."""

    good: tuple[SiteRow, ...]
    named: frozenset[str]


def sites_of(table: Table, handover_min: Mapping[SiteKind, float], faults: FaultList) -> SiteRows:
    """The sites of a table.

    Args:
        table: rows read with ``SITE_COLUMNS``.
        handover_min: handover by kind of site, for empty cells.
        faults: where faults go.
    """
    datum = _datum_above(table, faults)
    rows: list[SiteRow] = []
    seen: dict[str, str] = {}
    for row in table.rows:
        reader = RowReader(row, table.file, faults)
        site = _site(reader, datum, handover_min)
        _check_id(reader, seen)
        if site is not None:
            rows.append(SiteRow(site, row.place))
    _check_distance(rows, table.file, faults)
    named = frozenset(row.text("id") for row in table.rows)
    return SiteRows(tuple(rows), named)


def datum_of(name: str) -> Datum | None:
    """The datum a file means by a name such as ``GCJ-02``; None when it is not one."""
    return DATUMS.get(re.sub(r"[\s_-]", "", name).lower())


def _datum_above(table: Table, faults: FaultList) -> Datum | None:
    """The datum of the comment above the heading; a fault when nothing says it at all."""
    for comment in table.comments:
        match = re.search(r"datum\s*[:=：]\s*([\w-]+)", comment, re.IGNORECASE)
        if match:
            datum = datum_of(match[1])
            if datum is None:
                faults.add(
                    "sites.unknown-datum",
                    table.file,
                    name="# datum",
                    rule="the datum must be WGS-84, CGCS2000, GCJ-02 or BD-09",
                    found=match[1],
                    action="ask whoever gave the coordinates",
                )
            return datum
    if "datum" not in table.columns:
        faults.add(
            "sites.no-datum",
            table.file,
            name="datum",
            rule="the file must say the datum of its coordinates",
            found=Phrase("no datum column and no '# datum: ...' line"),
            action="ask whoever gave them: WGS-84, CGCS2000, GCJ-02 (Amap, Tencent) or BD-09 "
            "(Baidu); a wrong one moves every landing by 0.5 to 1.3 km",
        )
    return None


def _check_id(reader: RowReader, seen: dict[str, str]) -> None:
    site_id = reader.text("id", required=True)
    if site_id and not _ID.fullmatch(site_id):
        reader.fault(
            "sites.bad-id",
            "id",
            rule="must be letters, digits, dot, dash and underscore",
            found=site_id,
            action="rename it",
        )
    if site_id in seen:
        reader.fault(
            "sites.duplicate-id",
            "id",
            rule="an id must stand once",
            found=Phrase(f"'{site_id}' again, first in {seen[site_id]}"),
            action="rename one",
        )
    elif site_id:
        seen[site_id] = reader.row.place


def _site(
    reader: RowReader, datum: Datum | None, handover_min: Mapping[SiteKind, float]
) -> Site | None:
    num_before = len(reader.faults)
    kinds = get_args(SiteKind)
    kind = cast(
        SiteKind, reader.choice("kind", kinds, reader.text("kind", required=True)) or "village"
    )
    lonlat = _position(reader, datum)
    pads = reader.whole("pads", 1, 200, required=False)
    handover = reader.number("handover_min", 0.1, 120, unit="min", required=False)
    ground = reader.number("ground_m_amsl", -200, 6000, unit="m", required=False)
    services, hours = _services(reader), _hours(reader)
    names = [reader.text(column, required=True) for column in ("name_zh", "name_en")]
    if len(reader.faults) > num_before or lonlat is None:
        return None
    return Site(
        id=reader.text("id"),
        name_zh=names[0],
        name_en=names[1],
        kind=kind,
        lon_deg=lonlat[0],
        lat_deg=lonlat[1],
        services=services,
        pads=pads or 1,
        hours=hours,
        handover_s=seconds(handover if handover is not None else handover_min.get(kind, 0.0)),
        ground_m_amsl=ground,
        source=reader.text("source"),
        confidence=reader.text("confidence"),
        note=reader.text("note"),
    )


def _position(reader: RowReader, datum: Datum | None) -> tuple[float, float] | None:
    text = reader.text("datum")
    if text:
        own = datum_of(text)
        if own is None:
            reader.fault(
                "sites.unknown-datum",
                "datum",
                rule="must be WGS-84, CGCS2000, GCJ-02 or BD-09",
                found=text,
                action="ask whoever gave the coordinates",
            )
        datum = own
    elif datum is None and "datum" in reader.row.cells:
        reader.text("datum", required=True)
    lon = reader.number("lon", -180, 180, unit="degrees")
    num_before = len(reader.faults)
    lat = reader.number("lat", -180, 180, unit="degrees")
    if lon is None or lat is None or len(reader.faults) > num_before:
        return None
    if abs(lat) > 90:
        _add_swapped(reader, lon, lat)
        return None
    return to_wgs84(lon, lat, datum) if datum is not None else None


def _add_swapped(reader: RowReader, lon: float, lat: float) -> None:
    reader.fault(
        "sites.swapped",
        "lat",
        rule="latitude must be from -90 to 90 degrees",
        found=Phrase(f"lon {lon:g}, lat {lat:g}"),
        action="swap lon and lat",
    )


def _services(reader: RowReader) -> frozenset[str]:
    words = [word.strip() for word in re.split(r"[;；]", reader.text("services")) if word.strip()]
    for word in words:
        if not SERVICE.fullmatch(word):
            reader.fault(
                "sites.bad-service",
                "services",
                rule="services must be words such as lab:chemistry, joined with ;",
                found=word,
                action="write it in small letters without spaces",
            )
    return frozenset(words)


def _hours(reader: RowReader) -> tuple[Window, ...]:
    text = reader.text("hours")
    if not text:
        return (Window(0, DAY_S),)
    try:
        return parse_windows(text)
    except ValueError as error:
        reader.fault(
            "sites.bad-hours", "hours", rule=str(error), found=text, action="rewrite the hours"
        )
        return ()


def _check_distance(rows: list[SiteRow], file: str, faults: FaultList) -> None:
    """A county is small: a site 5 degrees from the middle one is a typing error."""
    if len(rows) < 3:
        return
    middle_lon = statistics.median(row.site.lon_deg for row in rows)
    middle_lat = statistics.median(row.site.lat_deg for row in rows)
    for row in rows:
        lon, lat = row.site.lon_deg, row.site.lat_deg
        if max(abs(lon - middle_lon), abs(lat - middle_lat)) <= _FAR_DEG:
            continue
        is_swapped = max(abs(lat - middle_lon), abs(lon - middle_lat)) <= _FAR_DEG
        faults.add(
            "sites.far-away",
            file,
            place=row.place,
            name="lon, lat",
            rule=f"must be within {_FAR_DEG:g} degrees of the middle of the sites",
            found=Phrase(f"lon {lon:.4f}, lat {lat:.4f}"),
            action="swap lon and lat" if is_swapped else "check the position",
        )
