"""Any airspace file: its format found, its zones read, its ids made unique.

Owns which reader a file goes to. Does not know the formats themselves.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from geo.airspace.ed269 import is_ed269, read_ed269
from geo.airspace.ed318 import is_ed318, read_ed318, write_ed318
from geo.airspace.flat import read_geojson
from geo.airspace.kml import read_kml
from geo.airspace.openair import read_openair
from geo.airspace.parts import unique_ids
from geo.findings import Finding, Findings
from geo.zones import Zone


def read_airspace(content: bytes, file: str) -> tuple[tuple[Zone, ...], tuple[Finding, ...]]:
    """Zones and findings of an airspace file in any of the formats known.

    Args:
        content: the file's bytes, UTF-8 (OpenAir also Latin-1).
        file: its name as the user gave it, for the findings.

    Returns:
        The zones with unique ids, and everything that was not understood: a finding of weight
        ``error`` for each feature left out, ``warning`` for what was read on the safe side.
    """
    findings = Findings(file)
    zones = _read(content, findings)
    ids = unique_ids([zone.id for zone in zones])
    for zone, zone_id in zip(zones, ids, strict=True):
        if zone.id != zone_id:
            findings.warn(
                "airspace.duplicate-id", zone.id, "id",
                rule="an id that stands once", found=zone.id, action=f"renamed {zone_id}",
            )  # fmt: skip
    unique = tuple(replace(zone, id=zone_id) for zone, zone_id in zip(zones, ids, strict=True))
    return unique, tuple(findings.found)


def _read(content: bytes, findings: Findings) -> list[Zone]:
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:512]
    if start[:1] in (b"{", b"["):
        return _read_json(content, findings)
    if start[:1] == b"<" or content.startswith(b"PK"):
        return read_kml(content, findings)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    zones = read_openair(text, findings)
    if not zones and not findings.found:
        findings.error(
            "airspace.format", "", "",
            rule="ED-318, ED-269, GeoJSON, KML, KMZ or OpenAir", found="none of them",
            action="export it in one of these",
        )  # fmt: skip
    return zones


def _read_json(content: bytes, findings: Findings) -> list[Zone]:
    try:
        parsed = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        findings.error(
            "airspace.syntax", "", "",
            rule="JSON in UTF-8", found=str(error), action="export it again",
        )  # fmt: skip
        return []
    if is_ed318(parsed):
        return read_ed318(parsed, findings)
    if is_ed269(parsed):
        return read_ed269(parsed, findings)
    return read_geojson(parsed, findings)


def save_ed318(zones: tuple[Zone, ...], path: Path, *, country: str = "CHN") -> None:
    """Write zones as an ED-318 file, aside first, then renamed."""
    aside = path.with_name(path.name + ".tmp")
    written = json.dumps(write_ed318(zones, country=country), ensure_ascii=False, indent=1)
    aside.write_text(written + "\n", encoding="utf-8")
    aside.replace(path)
