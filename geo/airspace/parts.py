"""What all airspace readers share: rules, limits, names, rings and circles into zone values.

Owns the conversion of published words to ``geo.zones``. Does not know any one format.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely.geometry import Polygon

from geo.datum import Datum, to_wgs84
from geo.findings import Findings
from geo.geodesy import WGS84, LonLat
from geo.zones import AltitudeDatum, ZoneRule

Ring = tuple[LonLat, ...]
Rings = tuple[Ring, ...]

FOOT_M = 0.3048
CIRCLE_CORNERS = 96
"""A circle becomes a polygon around it: 0.05 % larger at the corners, nowhere smaller."""
ARC_STEP_DEG = 1.0
"""Arcs become chords this far apart: within 0.004 % of the radius, 0.4 m at 10 km."""

RULES: dict[str, ZoneRule] = {
    "PROHIBITED": "prohibited",
    "REQ_AUTHORISATION": "authorisation",
    "REQ_AUTHORIZATION": "authorisation",
    "AUTHORISATION": "authorisation",
    "AUTHORIZATION": "authorisation",
    "CONDITIONAL": "conditional",
    # U-space is flown under its services' conditions (Regulation (EU) 2021/664).
    "USPACE": "conditional",
    "NO_RESTRICTION": "advisory",
    "ADVISORY": "advisory",
}
DATUMS: dict[str, AltitudeDatum] = {
    "AGL": "AGL",
    "GND": "AGL",
    "SFC": "AGL",
    "AMSL": "AMSL",
    "MSL": "AMSL",
    "WGS84": "W84",
    "W84": "W84",
}


@dataclass(frozen=True, slots=True)
class Band:
    """An altitude band; None for unbounded."""

    lower_m: float | None = None
    lower_datum: AltitudeDatum = "AGL"
    upper_m: float | None = None
    upper_datum: AltitudeDatum = "AGL"


def features_of(content: object, rule: str, findings: Findings) -> list[object] | None:
    """The features of a parsed collection; None, and an error, where there is no list of them."""
    features = content.get("features") if isinstance(content, dict) else None
    if isinstance(features, list):
        return features
    findings.error(
        "airspace.collection", "", "features",
        rule=rule, found=type(content).__name__, action="export it again",
    )  # fmt: skip
    return None


def rule_of(word: object, place: str, field: str, findings: Findings) -> ZoneRule:
    """The rule a word names; prohibited, and a warning, for one that is not known."""
    rule = RULES.get(str(word).strip().upper().replace("-", "_").replace(" ", "_"))
    if rule is None:
        findings.warn(
            "airspace.rule", place, field,
            rule=f"one of {', '.join(sorted(RULES))}", found=word, action="read as prohibited",
        )  # fmt: skip
        return "prohibited"
    return rule


def limit_of(
    value: object, unit: object, reference: object, place: str, field: str, findings: Findings
) -> tuple[float | None, AltitudeDatum]:
    """Metres and datum of a limit; unbounded, and a warning, for one that is not understood."""
    if value is None or value == "":
        return None, "AGL"
    datum = DATUMS.get(str(reference).strip().upper())
    factor = {"M": 1.0, "FT": FOOT_M}.get(str(unit).strip().upper())
    try:
        metres = float(str(value))
    except ValueError:
        metres = math.nan
    if datum is None or factor is None or not math.isfinite(metres):
        findings.warn(
            "airspace.limit", place, field,
            rule="a number, m or ft, above AGL, AMSL or WGS84",
            found=f"{value} {unit} {reference}", action="read as unbounded",
        )  # fmt: skip
        return None, "AGL"
    return metres if factor == 1.0 else round(metres * factor, 3), datum


def rings_of(raw: object, place: str, findings: Findings, datum: Datum = "WGS84") -> Rings | None:
    """The rings of a polygon ``[[[lon, lat], ...], ...]``; None, and an error, if it is none."""
    if not isinstance(raw, (list, tuple)) or not raw:
        _refuse(place, findings, "a list of rings", raw)
        return None
    rings = [_ring(ring, place, findings, datum) for ring in raw]
    if any(ring is None for ring in rings):
        return None
    whole = tuple(ring for ring in rings if ring is not None)
    if not Polygon(whole[0], whole[1:]).is_valid:
        findings.warn(
            "airspace.outline", place, "coordinates",
            rule="an outline that does not cross itself", found="one that does",
            action="read as the area between its lines; have it redrawn",
        )  # fmt: skip
    return whole


def _ring(raw: object, place: str, findings: Findings, datum: Datum) -> Ring | None:
    points: list[LonLat] = []
    for position in raw if isinstance(raw, (list, tuple)) else ():
        point = point_of(position)
        if point is None:
            _refuse(place, findings, "positions [lon, lat] in degrees", position)
            return None
        points.append(to_wgs84(*point, datum))
    if points and points[0] != points[-1]:
        points.append(points[0])
    if len(set(points)) < 3:
        _refuse(place, findings, "a ring of at least 3 corners", f"{len(set(points))} corners")
        return None
    return tuple(points)


def point_of(position: object) -> LonLat | None:
    """A position ``[lon, lat, ...]`` in degrees, None for anything else."""
    if not isinstance(position, (list, tuple)) or len(position) < 2:
        return None
    try:
        lon, lat = float(position[0]), float(position[1])
    except (TypeError, ValueError):
        return None
    return (lon, lat) if abs(lon) <= 180.0 and abs(lat) <= 90.0 else None


def circle_of(centre: LonLat, radius_m: float) -> Rings:
    """A polygon around a circle, no side of it nearer than the radius."""
    reach_m = radius_m / math.cos(math.pi / CIRCLE_CORNERS)
    track_deg = np.arange(CIRCLE_CORNERS) * -360.0 / CIRCLE_CORNERS
    lon, lat, _ = WGS84.fwd(
        np.full(CIRCLE_CORNERS, centre[0]), np.full(CIRCLE_CORNERS, centre[1]), track_deg,
        np.full(CIRCLE_CORNERS, reach_m),
    )  # fmt: skip
    ring = tuple((float(x), float(y)) for x, y in zip(lon, lat, strict=True))
    return ((*ring, ring[0]),)


def arc_of(
    centre: LonLat, radius_m: float, from_deg: float, to_deg: float, *, is_clockwise: bool
) -> list[LonLat]:
    """Points of an arc about a centre between two tracks, both ends included."""
    sweep = (to_deg - from_deg) % 360.0 if is_clockwise else -((from_deg - to_deg) % 360.0)
    if sweep == 0.0:
        sweep = 360.0
    steps = max(1, math.ceil(abs(sweep) / ARC_STEP_DEG))
    points = []
    for step in range(steps + 1):
        lon, lat, _ = WGS84.fwd(*centre, from_deg + sweep * step / steps, radius_m)
        points.append((float(lon), float(lat)))
    return points


def names_of(raw: object, fallback: str) -> tuple[str, str]:
    """Chinese and English names of a text or of ``[{text, lang}]``; one may stand for both."""
    if isinstance(raw, str):
        return (raw.strip() or fallback,) * 2
    texts = _texts(raw)
    chinese = next((text for lang, text in texts if lang.startswith("zh")), "")
    other = next((text for lang, text in texts if lang.startswith("en")), "")
    first = other or next((text for _, text in texts), "") or fallback
    return chinese or first, first


def _texts(raw: object) -> list[tuple[str, str]]:
    items: Iterable[Any] = raw if isinstance(raw, list) else ()
    return [
        (str(item.get("lang") or "").lower(), str(item["text"]))
        for item in items
        if isinstance(item, dict) and item.get("text")
    ]


def _refuse(place: str, findings: Findings, rule: str, found: object) -> None:
    findings.error(
        "airspace.outline", place, "geometry",
        rule=rule, found=found, action="left out; draw the outline anew",
    )  # fmt: skip


def unique_ids(ids: Sequence[str]) -> list[str]:
    """Ids made unique: a later one that stands already gets ``#2``, ``#3``."""
    seen: dict[str, int] = {}
    unique = []
    for one in ids:
        seen[one] = seen.get(one, 0) + 1
        unique.append(one if seen[one] == 1 else f"{one}#{seen[one]}")
    return unique
