"""People and roads below, as a network names them.

Owns the faults. The formats are those of ``geo.groundrisk``. Does not know paths.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from geo.groundrisk import RiskArea, read_population, read_risk_areas
from routing.reading.faults import Phrase
from routing.reading.folder import Folder
from routing.reading.network_file import GroundRiskEntry


def read_ground_risk(opened: Folder, entry: GroundRiskEntry | None) -> tuple[RiskArea, ...]:
    """The risk areas of a network; none where the weight is 0 or a file has faults."""
    if entry is None:
        return ()
    named = [name for name in (entry.population, entry.roads) if name is not None]
    areas = [area for name in named for area in _areas(opened, name, entry.weight)]
    return tuple(areas) if entry.weight > 0.0 else ()


def _areas(opened: Folder, name: str, weight: float) -> tuple[RiskArea, ...]:
    content = opened.read(name)
    if content is None:
        return ()
    file = opened.name(name)
    if not name.lower().endswith((".tif", ".tiff")):
        areas, findings = read_risk_areas(content, file, weight=weight)
        for found in findings.found:
            opened.faults.add_finding("network.bad-risk-area", file, found)
        return areas
    with tempfile.TemporaryDirectory() as folder:
        # GDAL opens files by name; what was read, and digested, is what it gets.
        copy = Path(folder) / Path(name).name
        copy.write_bytes(content)
        try:
            return read_population(copy, weight=weight)
        except ValueError as error:
            opened.faults.add(
                "network.bad-population", file,
                rule="population must be a GeoTIFF that names its coordinate system",
                found=Phrase(str(error).replace(f"{copy.parent}/", "").partition(": ")[2]),
                action="export it as GeoTIFF, in EPSG:4326 or UTM",
            )  # fmt: skip
    return ()
