"""ED-269 UAS zones (JSON): read.

Owns the format of EUROCAE ED-269, also where a country wraps it in GeoJSON features. Does not
know paths.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from geo.airspace.times import read_times
from geo.findings import Findings
from geo.zones import Zone


def is_ed269(content: object) -> bool:
    """Whether a parsed JSON file looks like ED-269: features with a list of airspace volumes."""
    features = content.get("features") if isinstance(content, dict) else None
    return isinstance(features, list) and any(
        isinstance(one, dict) and (isinstance(one.get("geometry"), list) or "restriction" in one)
        for one in features
    )


def read_ed269(content: Any, findings: Findings) -> list[Zone]:
    """The zones of a parsed ED-269 file, one for each volume of a feature."""
    features = features_of(content, "a list of features", findings)
    zones: list[Zone] = []
    for number, feature in enumerate(features or (), start=1):
        zones += _read_feature(feature, f"feature {number}", findings)
    return zones


def _read_feature(feature: object, place: str, findings: Findings) -> Iterator[Zone]:
    if not isinstance(feature, dict):
        findings.error(
            "airspace.feature", place, "", rule="a feature", found=feature, action="left out"
        )
        return
    zone_id = str(feature.get("identifier") or place)
    place = f"{place} ({zone_id})"
    name_zh, name_en = names_of(feature.get("name"), zone_id)
    rule = rule_of(feature.get("restriction"), place, "restriction", findings)
    times = read_times(feature.get("applicability"), place, findings)
    layers: dict[Band, list[Rings]] = {}
    volumes = feature.get("geometry")
    for volume in volumes if isinstance(volumes, list) else [volumes]:
        rings = _read_footprint(volume, place, findings)
        if rings is not None:
            layers.setdefault(_read_band(volume, place, findings), []).append(rings)
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
            source="ED-269",
            active_times=times,
        )


def _read_footprint(volume: object, place: str, findings: Findings) -> Rings | None:
    shape = volume.get("horizontalProjection") if isinstance(volume, dict) else None
    kind = str(shape.get("type")) if isinstance(shape, dict) else ""
    if isinstance(shape, dict) and kind.lower() == "polygon":
        return rings_of(shape.get("coordinates"), place, findings)
    if isinstance(shape, dict) and kind.lower() == "circle":
        centre = point_of(shape.get("center"))
        radius = shape.get("radius")
        if centre is not None and isinstance(radius, (int, float)) and radius > 0:
            return circle_of(centre, float(radius))
    findings.error(
        "airspace.geometry", place, "horizontalProjection",
        rule="a Polygon, or a Circle with center and radius in metres", found=shape,
        action="left out",
    )  # fmt: skip
    return None


def _read_band(volume: Any, place: str, findings: Findings) -> Band:
    unit = volume.get("uomDimensions", "M")
    lower = limit_of(
        volume.get("lowerLimit"), unit, volume.get("lowerVerticalReference"), place,
        "lowerLimit", findings,
    )  # fmt: skip
    upper = limit_of(
        volume.get("upperLimit"), unit, volume.get("upperVerticalReference"), place,
        "upperLimit", findings,
    )  # fmt: skip
    return Band(*lower, *upper)
