"""Zones as plain key-value features: GeoJSON properties and KML's extended data.

Owns which keys are understood and the GeoJSON reader. Does not know KML's XML or paths.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from geo.active_times import ActiveTime, DailyPeriod, TimeOfDay
from geo.airspace.parts import Band, Rings, features_of, limit_of, names_of, rings_of, rule_of
from geo.datum import Datum
from geo.findings import Findings
from geo.zones import Zone

_SPAN = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")
_DATUM_NAMES: dict[str, Datum] = {
    "WGS84": "WGS84",
    "CGCS2000": "CGCS2000",
    "GCJ02": "GCJ02",
    "BD09": "BD09",
}


def read_geojson(content: Any, findings: Findings) -> list[Zone]:
    """The zones of a parsed GeoJSON collection.

    Properties as in ``configs``: ``id``, ``name_zh``, ``name_en`` (or ``name``), ``rule`` (or
    ``type``, ``restriction``), ``lower_m``, ``lower_datum``, ``upper_m``, ``upper_datum``,
    ``active`` (``07:30-18:00;20:00-02:00``), ``approval``, ``illustrative``, ``source``.
    """
    is_single = isinstance(content, dict) and content.get("type") == "Feature"
    features = [content] if is_single else features_of(content, "a FeatureCollection", findings)
    if features is None:
        return []
    datum = _datum_of(content, findings)
    if datum is None:
        return []
    zones = []
    for number, feature in enumerate(features, start=1):
        zone = _read_feature(feature, f"feature {number}", datum, findings)
        if zone is not None:
            zones.append(zone)
    return zones


def _datum_of(content: Mapping[str, Any], findings: Findings) -> Datum | None:
    stated = content.get("datum")
    if stated is None:
        findings.warn(
            "airspace.datum", "", "datum",
            rule="a stated datum; Chinese web maps are GCJ-02 or BD-09, 480 to 1,270 m off",
            found="none", action="read as WGS-84, as RFC 7946 says",
        )  # fmt: skip
        return "WGS84"
    datum = _DATUM_NAMES.get(re.sub(r"[-_ ]", "", str(stated)).upper())
    if datum is None:
        findings.error(
            "airspace.datum", "", "datum",
            rule="WGS-84, CGCS2000, GCJ-02 or BD-09", found=stated, action="file left out",
        )  # fmt: skip
    return datum


def _read_feature(feature: object, place: str, datum: Datum, findings: Findings) -> Zone | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    named = dict(properties) if isinstance(properties, dict) else {}
    zone_id = str(named.get("id") or named.get("identifier") or "")
    if not zone_id and isinstance(feature, dict) and feature.get("id") is not None:
        zone_id = str(feature["id"])
    zone_id = zone_id or place
    place = f"{place} ({zone_id})"
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or kind not in ("Polygon", "MultiPolygon"):
        findings.error(
            "airspace.geometry", place, "geometry",
            rule="a Polygon or a MultiPolygon", found=kind, action="left out",
        )  # fmt: skip
        return None
    raw = geometry.get("coordinates") or []
    found = [rings_of(one, place, findings, datum) for one in ([raw] if kind == "Polygon" else raw)]
    polygons = tuple(rings for rings in found if rings is not None)
    return zone_of(zone_id, named, polygons, place, findings) if polygons else None


def zone_of(
    zone_id: str,
    named: Mapping[str, Any],
    polygons: tuple[Rings, ...],
    place: str,
    findings: Findings,
    *,
    band: Band | None = None,
    source: str = "GeoJSON",
) -> Zone:
    """A zone of key-value pairs; ``band`` stands in where the pairs name no limits."""
    fallback_zh, fallback_en = names_of(named.get("name") or named.get("title"), zone_id)
    word = named.get("rule") or named.get("restriction") or named.get("type")
    limits = _band_of(named, place, findings)
    if limits == Band() and band is not None:
        limits = band
    return Zone(
        id=zone_id,
        name_zh=str(named.get("name_zh") or fallback_zh),
        name_en=str(named.get("name_en") or fallback_en),
        rule=rule_of(word, place, "rule", findings),
        rings_lonlat=polygons,
        lower_m=limits.lower_m,
        lower_datum=limits.lower_datum,
        upper_m=limits.upper_m,
        upper_datum=limits.upper_datum,
        approval=str(named.get("approval") or ""),
        is_illustrative=str(named.get("illustrative", False)).lower() in ("true", "1", "yes"),
        source=str(named.get("source") or source),
        active_times=_times_of(named.get("active"), place, findings),
    )


def _band_of(named: Mapping[str, Any], place: str, findings: Findings) -> Band:
    lower = limit_of(
        named.get("lower_m"), "m", named.get("lower_datum", "AGL"), place, "lower_m", findings
    )
    upper = limit_of(
        named.get("upper_m"), "m", named.get("upper_datum", "AGL"), place, "upper_m", findings
    )
    return Band(*lower, *upper)


def _times_of(raw: object, place: str, findings: Findings) -> tuple[ActiveTime, ...]:
    """Daily spans ``HH:MM-HH:MM;...`` of the place's own time; hours past 24 run into the next."""
    if raw in (None, ""):
        return ()
    spans = [_SPAN.fullmatch(part.strip()) for part in str(raw).split(";")]
    if any(span is None for span in spans):
        findings.warn(
            "airspace.times", place, "active",
            rule="spans HH:MM-HH:MM; ...", found=raw, action="read as always active",
        )  # fmt: skip
        return ()
    periods = tuple(
        DailyPeriod(
            start=TimeOfDay(int(span[1]) * 3600 + int(span[2]) * 60),
            end=TimeOfDay(int(span[3]) * 3600 + int(span[4]) * 60),
        )
        for span in spans
        if span is not None
    )
    return (ActiveTime(daily=periods),)
