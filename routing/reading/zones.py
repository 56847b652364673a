"""``zones.geojson`` and ``outline.geojson``: airspace zones and the county's outline.

Both are a FeatureCollection with a member ``"datum": "WGS-84"`` (or CGCS2000, GCJ-02, BD-09; a
file that does not say is refused) and Polygon or MultiPolygon features. An outline needs no
properties; those of a zone are, as in ``geo.zones.Zone``::

    {"id": "tao-inner", "name_zh": "...", "name_en": "...", "rule": "prohibited",
     "lower_m": 0, "lower_datum": "AGL", "upper_m": 120, "upper_datum": "AMSL",
     "active": "07:30-18:00;20:00-26:00", "approval": "", "illustrative": false, "source": "..."}

Only ``id``, names, ``rule`` and ``source`` must be there; no ``lower_m`` or ``upper_m`` means
unbounded, no ``active`` means always.

Owns this format. Does not know sites or drones.
"""

from __future__ import annotations

import json
import math
from typing import Annotated, Any, Literal

from pydantic import ConfigDict
from shapely.geometry import Polygon
from shapely.validation import explain_validity

from geo.datum import Datum, to_wgs84
from geo.zones import AltitudeDatum, Zone, ZoneRule
from routing.reading.faults import FaultList, Phrase
from routing.reading.keys import Locate, fit
from routing.reading.model import ClockWindows, FileModel, Id, Text, number
from routing.reading.sites import datum_of
from routing.reading.text import decode

LonLat = tuple[float, float]
Ring = tuple[LonLat, ...]
Polygons = tuple[tuple[Ring, ...], ...]
Altitude = Annotated[float, number(-500, 30_000)]


class ZoneProperties(FileModel):
    """The ``properties`` of a zone."""

    id: Id
    name_zh: Text
    name_en: Text
    rule: ZoneRule
    source: Text
    lower_m: Altitude | None = None
    lower_datum: AltitudeDatum = "AGL"
    upper_m: Altitude | None = None
    upper_datum: AltitudeDatum = "AGL"
    active: ClockWindows | None = None
    approval: str = ""
    illustrative: bool = False
    note: str = ""


class Geometry(FileModel):
    """A GeoJSON Polygon or MultiPolygon of ``[lon, lat]``; a third number is dropped."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)
    type: Literal["Polygon", "MultiPolygon"]
    coordinates: list[Any]


class Feature(FileModel):
    """One GeoJSON feature."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False)
    type: Literal["Feature"]
    geometry: Geometry
    properties: dict[str, Any]


def zones_of(content: bytes, file: str, faults: FaultList) -> tuple[Zone, ...]:
    """The zones of a file; those with faults are left out."""
    collection = _collection(content, file, faults)
    if collection is None:
        return ()
    features, datum = collection
    zones: list[Zone] = []
    seen: dict[str, str] = {}
    for idx, raw in enumerate(features, start=1):
        zone = _zone(raw, idx, datum, file, faults)
        if zone is None:
            continue
        if zone.id in seen:
            faults.add(
                "zones.duplicate-id",
                file,
                place=f"feature {idx}",
                name="id",
                rule="an id must stand once",
                found=Phrase(f"'{zone.id}' again, first in {seen[zone.id]}"),
                action="rename one",
            )
        seen.setdefault(zone.id, f"feature {idx}")
        zones.append(zone)
    return tuple(zones)


def outline_of(content: bytes, file: str, faults: FaultList) -> Ring:
    """The outer ring of the largest polygon of an outline file; empty with faults."""
    collection = _collection(content, file, faults)
    if collection is None:
        return ()
    features, datum = collection
    rings: list[Ring] = []
    for idx, raw in enumerate(features, start=1):
        feature = fit(Feature, raw, _at(file, idx), faults)
        if feature is not None:
            polygons = _polygons(feature.geometry, f"feature {idx}", datum, file, faults)
            rings.extend(polygon[0] for polygon in polygons)
    return max(rings, key=lambda ring: float(Polygon(ring).area), default=())


def _collection(content: bytes, file: str, faults: FaultList) -> tuple[list[Any], Datum] | None:
    """The features of a GeoJSON file and its datum."""
    text = decode(content, file, faults)
    if text is None:
        return None
    try:
        parsed = json.loads(text)
    except json.JSONDecodeError as error:
        faults.add(
            "zones.syntax",
            file,
            place=f"line {error.lineno}, column {error.colno}",
            rule="the file must be JSON",
            found=Phrase(error.msg),
            action="check commas, quotes and brackets near there",
        )
        return None
    except RecursionError:
        parsed = None
    features = parsed.get("features") if isinstance(parsed, dict) else None
    if not isinstance(features, list):
        faults.add(
            "zones.not-a-collection",
            file,
            rule="the file must be a GeoJSON FeatureCollection",
            found=Phrase("something else"),
            action="export it as GeoJSON again",
        )
        return None
    stated = parsed.get("datum")
    datum = datum_of(stated) if isinstance(stated, str) else None
    if datum is None:
        faults.add(
            "zones.no-datum",
            file,
            name="datum",
            rule="the file must say its datum: WGS-84, CGCS2000, GCJ-02 or BD-09",
            found=stated if stated is not None else Phrase("nothing"),
            action='add "datum": "WGS-84" beside "type" when that is what it is',
        )
        return None
    return features, datum


def _at(file: str, idx: int, *below: str) -> Locate:
    return lambda loc: (file, f"feature {idx}", (*below, *loc))


def _zone(raw: Any, idx: int, datum: Datum, file: str, faults: FaultList) -> Zone | None:
    feature = fit(Feature, raw, _at(file, idx), faults)
    if feature is None:
        return None
    properties = fit(ZoneProperties, feature.properties, _at(file, idx, "properties"), faults)
    polygons = _polygons(feature.geometry, f"feature {idx}", datum, file, faults)
    if properties is None or not polygons:
        return None
    lower, upper = properties.lower_m, properties.upper_m
    is_same_datum = properties.lower_datum == properties.upper_datum
    if is_same_datum and lower is not None and upper is not None and lower >= upper:
        faults.add(
            "zones.upside-down",
            file,
            place=f"feature {idx}",
            name="properties.upper_m",
            rule=f"must be above lower_m, {lower:g} m",
            found=upper,
            action="swap the two",
        )
    return Zone(
        id=properties.id,
        name_zh=properties.name_zh,
        name_en=properties.name_en,
        rule=properties.rule,
        rings_lonlat=polygons,
        lower_m=lower,
        lower_datum=properties.lower_datum,
        upper_m=upper,
        upper_datum=properties.upper_datum,
        active=tuple((window.start_s, window.end_s) for window in properties.active or ()),
        approval=properties.approval,
        is_illustrative=properties.illustrative,
        source=properties.source,
    )


def _polygons(
    geometry: Geometry, place: str, datum: Datum, file: str, faults: FaultList
) -> Polygons:
    """Polygons of closed WGS-84 rings; empty after a fault."""
    raw_polygons = geometry.coordinates
    if geometry.type == "Polygon":
        raw_polygons = [raw_polygons]
    polygons: list[tuple[Ring, ...]] = []
    for raw_rings in raw_polygons:
        rings = [_ring(raw, datum) for raw in raw_rings] if isinstance(raw_rings, list) else []
        problems = [ring for ring in rings if isinstance(ring, str)]
        good = tuple(ring for ring in rings if not isinstance(ring, str))
        if not rings:
            problems = ["a polygon without rings"]
        elif not problems and not Polygon(good[0], good[1:]).is_valid:
            problems = [explain_validity(Polygon(good[0], good[1:]))]
        for problem in problems:
            faults.add(
                "zones.bad-polygon",
                file,
                place=place,
                name="geometry.coordinates",
                rule="rings must be closed, of 4 or more [lon, lat] points, and must not cross",
                found=Phrase(problem),
                action="mend the polygon in QGIS (Vector, Fix geometries)",
            )
        if problems:
            return ()
        polygons.append(good)
    return tuple(polygons)


def _ring(raw: Any, datum: Datum) -> Ring | str:
    """A ring in WGS-84, or what is wrong with it."""
    if not isinstance(raw, list) or len(raw) < 4:
        return "a ring of fewer than 4 points"
    points: list[LonLat] = []
    for position in raw:
        if not isinstance(position, list) or len(position) < 2:
            return f"{position!r} for a point"
        lon, lat = position[0], position[1]
        if not all(isinstance(part, int | float) and math.isfinite(part) for part in (lon, lat)):
            return f"{position!r} for a point"
        if abs(lon) > 180 or abs(lat) > 90:
            return f"lon {lon:g}, lat {lat:g} (swapped?)"
        points.append((float(lon), float(lat)))
    if points[0] != points[-1]:
        return f"a ring that starts at {points[0]} and ends at {points[-1]}"
    return tuple(to_wgs84(lon, lat, datum) for lon, lat in points)
