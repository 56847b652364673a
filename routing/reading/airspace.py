"""Zones as authorities publish them: ED-318, ED-269, KML or OpenAir named under ``zones:``.

Owns the choice between these and the network's own GeoJSON, and their active times on the service
day. The formats are those of ``geo.airspace``. Does not know sites or drones.
"""

from __future__ import annotations

import json

from geo.airspace.ed269 import is_ed269
from geo.airspace.ed318 import is_ed318
from geo.airspace.read import read_airspace
from geo.schedule import ServiceDay, resolve_zones
from geo.zones import Zone
from routing.reading.faults import FaultList
from routing.reading.zones import zones_of


def read_zones(
    content: bytes, file: str, here: ServiceDay | None, faults: FaultList
) -> tuple[Zone, ...]:
    """The zones of a file in any format known, with their spans of the service day.

    What was read on the safe side (``magpie airspace`` prints it) is no fault; a feature that
    cannot be read is one.

    Args:
        here: the service day; None where it has faults of its own.
    """
    if not _is_published(content):
        return zones_of(content, file, faults)
    zones, findings = read_airspace(content, file)
    for found in findings:
        if found.weight == "error":
            faults.add_finding("zones.feature", file, found)
    return () if here is None else resolve_zones(zones, here)


def _is_published(content: bytes) -> bool:
    """Whether a file is in one of the published formats rather than the network's own."""
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if start not in (b"{", b"["):
        # Our own GeoJSON may be GB18030 or UTF-16, which begin otherwise only with a mark.
        return not content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        parsed = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return is_ed318(parsed) or is_ed269(parsed)
