"""KML and KMZ airspace: placemarks with polygons, extended data as properties.

Owns the XML. Positions are WGS-84 by definition of KML; ``absolute`` altitudes are above mean
sea level, ``relativeToGround`` above ground. Does not know paths.
"""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from geo.airspace.flat import zone_of
from geo.airspace.parts import Band, Rings, rings_of
from geo.findings import Findings
from geo.zones import AltitudeDatum, Zone

Element = ElementTree.Element
_LIMIT_BYTES = 100_000_000
_HEIGHTS: dict[str, AltitudeDatum] = {"relativeToGround": "AGL", "absolute": "AMSL"}


def read_kml(content: bytes, findings: Findings) -> list[Zone]:
    """The zones of a KML file, or of the first KML in a KMZ.

    Rule, limits and times come from extended data with the keys of plain GeoJSON. An extruded
    polygon without limits reaches from the ground to its highest corner.
    """
    try:
        root = ElementTree.fromstring(_unpack(content))
    except (ElementTree.ParseError, zipfile.BadZipFile, ValueError) as error:
        findings.error(
            "airspace.syntax", "", "",
            rule="a KML or KMZ file", found=str(error), action="export it again",
        )  # fmt: skip
        return []
    zones = []
    for number, placemark in enumerate(_all(root, "Placemark"), start=1):
        zone = _read_placemark(placemark, f"placemark {number}", findings)
        if zone is not None:
            zones.append(zone)
    if not zones and not findings.found:
        findings.warn(
            "airspace.empty", "", "", rule="placemarks", found="none", action="nothing was read"
        )
    return zones


def _unpack(content: bytes) -> bytes:
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for entry in packed.infolist():
            if entry.filename.lower().endswith(".kml"):
                if entry.file_size > _LIMIT_BYTES:
                    raise ValueError(f"{entry.filename} of {entry.file_size} bytes")
                return packed.read(entry)
    raise ValueError("a KMZ without a KML")


def _read_placemark(placemark: Element, place: str, findings: Findings) -> Zone | None:
    named = {key: value for key, value in _pairs(placemark) if value}
    named.setdefault("name", _text(placemark, "name") or place)
    zone_id = named.get("id") or named.get("identifier") or placemark.get("id") or named["name"]
    place = f"{place} ({zone_id})"
    shapes = _all(placemark, "Polygon")
    others = [
        kind for kind in ("Point", "LineString", "LinearRing", "Model", "Track")
        if any(True for _ in _all(placemark, kind))
        and (kind != "LinearRing" or not shapes)
    ]  # fmt: skip
    if others or not shapes:
        findings.error(
            "airspace.geometry", place, "",
            rule="a Polygon", found=", ".join(others) or "no geometry",
            action="left out; draw it as an area if it is airspace",
        )  # fmt: skip
    read = [(shape, _read_polygon(shape, place, findings)) for shape in shapes]
    polygons = tuple(rings for _, rings in read if rings is not None)
    if not polygons:
        return None
    band = _band_of([shape for shape, rings in read if rings is not None])
    return zone_of(zone_id, named, polygons, place, findings, band=band, source="KML")


def _read_polygon(shape: Element, place: str, findings: Findings) -> Rings | None:
    outer = _boundaries(shape, "outerBoundaryIs")
    inner = _boundaries(shape, "innerBoundaryIs")
    return rings_of([*outer[:1], *inner], place, findings)


def _boundaries(shape: Element, kind: str) -> list[list[list[str]]]:
    edges = _all(shape, kind)
    return [_positions(ring) for edge in edges for ring in _all(edge, "coordinates")]


def _positions(element: Element) -> list[list[str]]:
    return [position.split(",") for position in (element.text or "").split()]


def _band_of(shapes: list[Element]) -> Band | None:
    """From the ground to the highest corner of extruded polygons; None where none is."""
    highest: list[tuple[float, AltitudeDatum]] = []
    for shape in shapes:
        datum = _HEIGHTS.get(_text(shape, "altitudeMode"))
        if _text(shape, "extrude") != "1" or datum is None:
            return None
        corners = [p for ring in _boundaries(shape, "outerBoundaryIs") for p in ring]
        try:
            highest.append((max(float(corner[2]) for corner in corners), datum))
        except (IndexError, ValueError):
            return None
    if len({datum for _, datum in highest}) != 1:
        return None
    return Band(0.0, "AGL", max(height for height, _ in highest), highest[0][1])


def _pairs(placemark: Element) -> list[tuple[str, str]]:
    named = [(one.get("name", ""), _text(one, "value")) for one in _all(placemark, "Data")]
    simple = _all(placemark, "SimpleData")
    return named + [(one.get("name", ""), (one.text or "").strip()) for one in simple]


def _all(element: Element, name: str) -> list[Element]:
    """All descendants of a local name, whatever their namespace."""
    return [one for one in element.iter() if one.tag.rpartition("}")[2] == name]


def _text(element: Element, name: str) -> str:
    return next(((one.text or "").strip() for one in _all(element, name)), "")
