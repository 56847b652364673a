"""ED-318 geographical zones (GeoJSON with ``layer``): read, and written so that reading gives back.

Owns the format of EUROCAE ED-318 (schemas: github UASGeoZones/ED-318). What ED-318 has no key
for travels in ``extendedProperties.magpie``. Does not know paths.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from geo.airspace.parts import (
    Band,
    Rings,
    circle_of,
    features_of,
    limit_of,
    names_of,
    point_of,
    rings_of,
    rule_of,
)
from geo.airspace.times import read_times, write_times
from geo.findings import Findings
from geo.zones import Zone

_OWN = "magpie"
_ID_LENGTH = 7
_TYPES = {
    "prohibited": "PROHIBITED",
    "authorisation": "REQ_AUTHORIZATION",
    "conditional": "CONDITIONAL",
    "advisory": "NO_RESTRICTION",
}
_REFERENCES = {"AGL": "AGL", "AMSL": "AMSL", "W84": "WGS84"}


def is_ed318(content: object) -> bool:
    """Whether a parsed JSON file looks like ED-318: features whose geometry carries a layer."""
    features = content.get("features") if isinstance(content, dict) else None
    for feature in features if isinstance(features, list) else ():
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if isinstance(geometry, dict):
            parts = geometry.get("geometries") or [geometry]
            if any(isinstance(part, dict) and "layer" in part for part in parts):
                return True
    return False


def read_ed318(content: Any, findings: Findings) -> list[Zone]:
    """The zones of a parsed ED-318 collection, one for each altitude layer of a feature."""
    features = features_of(content, "a FeatureCollection", findings)
    zones: list[Zone] = []
    for number, feature in enumerate(features or (), start=1):
        zones += _read_feature(feature, f"feature {number}", findings)
    return zones


def _read_feature(feature: object, place: str, findings: Findings) -> Iterator[Zone]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(feature, dict) or not isinstance(properties, dict):
        findings.error(
            "airspace.feature", place, "",
            rule="a Feature with properties", found=feature, action="left out",
        )  # fmt: skip
        return
    extended = properties.get("extendedProperties")
    own = extended.get(_OWN, {}) if isinstance(extended, dict) else {}
    zone_id = str(own.get("id") or properties.get("identifier") or place)
    place = f"{place} ({zone_id})"
    name_zh, name_en = names_of(properties.get("name"), zone_id)
    rule = rule_of(properties.get("type"), place, "type", findings)
    times = read_times(properties.get("limitedApplicability"), place, findings)
    layers = _read_layers(feature.get("geometry"), place, findings)
    for number, (band, polygons) in enumerate(layers.items(), start=1):
        yield Zone(
            id=zone_id if len(layers) == 1 else f"{zone_id}/{number}",
            name_zh=name_zh,
            name_en=name_en,
            rule=rule,
            rings_lonlat=tuple(polygons),
            lower_m=band.lower_m,
            lower_datum=band.lower_datum,
            upper_m=band.upper_m,
            upper_datum=band.upper_datum,
            active=tuple((int(start), int(end)) for start, end in own.get("active", ())),
            approval=str(own.get("approval", "")),
            is_illustrative=bool(own.get("is_illustrative", False)),
            source=str(own.get("source", properties.get("dataSource") or "ED-318")),
            active_times=times,
        )


def _read_layers(geometry: object, place: str, findings: Findings) -> dict[Band, list[Rings]]:
    """Polygons by altitude band, in the order of the file."""
    layers: dict[Band, list[Rings]] = {}
    parts = [geometry]
    if isinstance(geometry, dict) and geometry.get("type") == "GeometryCollection":
        parts = list(geometry.get("geometries") or [])
    for part in parts:
        polygons = _read_polygons(part, place, findings)
        if polygons and isinstance(part, dict):
            layers.setdefault(_read_band(part.get("layer"), place, findings), []).extend(polygons)
    return layers


def _read_polygons(part: object, place: str, findings: Findings) -> list[Rings]:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(part, dict) or kind not in ("Polygon", "MultiPolygon", "Point"):
        findings.error(
            "airspace.geometry", place, "geometry",
            rule="a Polygon, a MultiPolygon or a Point with a circle's extent", found=kind,
            action="left out",
        )  # fmt: skip
        return []
    if kind == "Point":
        return _read_circle(part, place, findings)
    raw = part.get("coordinates") or []
    found = [rings_of(one, place, findings) for one in ([raw] if kind == "Polygon" else raw)]
    return [rings for rings in found if rings is not None]


def _read_circle(part: dict[str, Any], place: str, findings: Findings) -> list[Rings]:
    extent = part.get("extent")
    radius = extent.get("radius") if isinstance(extent, dict) else None
    centre = point_of(part.get("coordinates"))
    if centre is None or not isinstance(radius, (int, float)) or not radius > 0:
        findings.error(
            "airspace.circle", place, "geometry",
            rule="a Point with extent.radius in metres", found=part, action="left out",
        )  # fmt: skip
        return []
    return [circle_of(centre, float(radius))]


def _read_band(layer: object, place: str, findings: Findings) -> Band:
    if not isinstance(layer, dict):
        findings.warn(
            "airspace.layer", place, "layer",
            rule="an altitude layer", found=layer, action="read as unbounded",
        )  # fmt: skip
        return Band()
    unit = layer.get("uom", "m")
    lower = limit_of(
        layer.get("lower"), unit, layer.get("lowerReference"), place, "lower", findings
    )
    upper = limit_of(
        layer.get("upper"), unit, layer.get("upperReference"), place, "upper", findings
    )
    return Band(*lower, *upper)


def write_ed318(zones: Sequence[Zone], *, country: str = "CHN", authority: str = "") -> Any:
    """An ED-318 collection of zones, ready for ``json.dumps``.

    Reading it again gives the same zones. Identifiers are cut to ED-318's 7 characters and made
    unique; the whole id travels in ``extendedProperties``.
    """
    identifiers = _shorten([zone.id for zone in zones])
    return {
        "type": "FeatureCollection",
        "features": [
            _write_zone(zone, identifier, country, authority)
            for zone, identifier in zip(zones, identifiers, strict=True)
        ],
    }


def _shorten(ids: Sequence[str]) -> list[str]:
    """Identifiers of at most 7 characters, unique in the file."""
    taken: set[str] = set()
    shortened: list[str] = []
    for one in ids:
        short, number = one[:_ID_LENGTH], 1
        while short in taken:
            number += 1
            short = f"{one[: _ID_LENGTH - len(str(number))]}{number}"
        taken.add(short)
        shortened.append(short)
    return shortened


def _write_zone(zone: Zone, identifier: str, country: str, authority: str) -> dict[str, Any]:
    own: dict[str, Any] = {
        "id": zone.id,
        "approval": zone.approval,
        "is_illustrative": zone.is_illustrative,
        "source": zone.source,
        "active": [list(span) for span in zone.active],
    }
    return {
        "type": "Feature",
        "id": zone.id,
        "properties": {
            "identifier": identifier,
            "country": country,
            "name": [
                {"text": zone.name_zh, "lang": "zh-CN"},
                {"text": zone.name_en, "lang": "en-GB"},
            ],
            "type": _TYPES[zone.rule],
            "variant": "COMMON",
            "zoneAuthority": [
                {
                    "name": [{"text": authority or "unknown", "lang": "en-GB"}],
                    "purpose": "INFORMATION",
                }
            ],
            **(
                {"limitedApplicability": write_times(zone.active_times)}
                if zone.active_times
                else {}
            ),
            "extendedProperties": {_OWN: own},
        },
        "geometry": _write_geometry(zone),
    }


def _write_geometry(zone: Zone) -> dict[str, Any]:
    layer: dict[str, Any] = {"uom": "m"}
    if zone.lower_m is not None:
        layer |= {"lower": zone.lower_m, "lowerReference": _REFERENCES[zone.lower_datum]}
    if zone.upper_m is not None:
        layer |= {"upper": zone.upper_m, "upperReference": _REFERENCES[zone.upper_datum]}
    polygons = [
        {
            "type": "Polygon",
            "coordinates": [[list(point) for point in ring] for ring in rings],
            "layer": layer,
        }
        for rings in zone.rings_lonlat
    ]
    if len(polygons) == 1:
        return polygons[0]
    return {"type": "GeometryCollection", "geometries": polygons}
