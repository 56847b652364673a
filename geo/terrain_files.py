"""Terrain and obstacles from files: a DEM as GeoTIFF, tall things as GeoJSON.

Owns both formats. Does not know paths, zones or energy.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.errors import RasterioIOError

from geo.findings import Findings
from geo.terrain import Obstacle, Terrain, TerrainError

DATUMS = ("AGL", "AMSL", "W84")


def read_terrain(path: Path) -> Terrain:
    """A DEM from a GeoTIFF (band 1, metres above mean sea level).

    Raises:
        TerrainError: no raster, no coordinate system, or less than 2 x 2 pixels.
    """
    try:
        with rasterio.open(path) as raster:
            band = raster.read(1, masked=True)
            transform, crs = raster.transform, raster.crs
    except RasterioIOError as error:
        raise TerrainError(f"{path.name}: not a raster: {error}") from None
    if crs is None:
        raise TerrainError(f"{path.name}: a DEM must name its coordinate system; found none")
    if min(band.shape) < 2:
        raise TerrainError(f"{path.name}: a DEM needs 2 x 2 pixels or more; found {band.shape}")
    inverse = ~transform
    heights = np.asarray(band.astype(np.float64).filled(np.nan))
    to_pixel = (inverse.a, inverse.b, inverse.c - 0.5, inverse.d, inverse.e, inverse.f - 0.5)
    content = hashlib.sha256(heights.tobytes()).hexdigest()
    return Terrain(heights, to_pixel, crs.to_wkt(), path.name, content)


def read_obstacles(content: bytes, file: str) -> tuple[tuple[Obstacle, ...], Findings]:
    """Obstacles of a GeoJSON FeatureCollection of Points and LineStrings, WGS-84.

    Properties: ``id``, ``top_m``, and where given ``top_datum`` (AGL, AMSL or W84; AGL when
    absent), ``name_zh``, ``name_en``. What is not understood is a finding, never left out.
    """
    findings = Findings(file)
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        _refuse(findings, "", "", "a GeoJSON FeatureCollection", repr(error))
        return (), findings
    found: dict[str, Obstacle] = {}
    for number, feature in enumerate(features if isinstance(features, list) else [], start=1):
        one = _obstacle(feature, f"feature {number}", findings)
        if one is not None and one.id in found:
            _refuse(findings, f"feature {number}", "id", "an id stands once", one.id)
        elif one is not None:
            found[one.id] = one
    return tuple(found.values()), findings


def _obstacle(feature: Any, place: str, findings: Findings) -> Obstacle | None:
    try:
        properties, geometry = dict(feature["properties"]), dict(feature["geometry"])
        kind, positions = geometry["type"], geometry["coordinates"]
    except (KeyError, TypeError, ValueError):
        _refuse(findings, place, "", "a feature with properties and a geometry", feature)
        return None
    if kind not in ("Point", "LineString"):
        _refuse(findings, place, "geometry.type", "Point or LineString", kind)
        return None
    try:
        points = tuple(
            (float(point[0]), float(point[1]))
            for point in ([positions] if kind == "Point" else positions)
        )
    except (TypeError, ValueError, IndexError):
        points = ()
    is_on_earth = all(abs(lon) <= 180 and abs(lat) <= 90 for lon, lat in points)
    if not points or not is_on_earth:
        _refuse(findings, place, "geometry.coordinates", "[lon, lat] in degrees", positions)
        return None
    obstacle_id, datum = str(properties.get("id") or ""), properties.get("top_datum", "AGL")
    top_m = properties.get("top_m")
    if not obstacle_id:
        _refuse(findings, place, "properties.id", "a text", properties.get("id"))
    if datum not in DATUMS:
        _refuse(findings, place, "properties.top_datum", "AGL, AMSL or W84", datum)
    if isinstance(top_m, bool) or not isinstance(top_m, int | float) or not -500 < top_m < 9000:
        _refuse(findings, place, "properties.top_m", "metres, from -500 to 9000", top_m)
        return None
    if not obstacle_id or datum not in DATUMS:
        return None
    name = str(properties.get("name") or obstacle_id)
    return Obstacle(
        obstacle_id,
        str(properties.get("name_zh") or name),
        str(properties.get("name_en") or name),
        points,
        float(top_m),
        datum,
    )


def _refuse(findings: Findings, place: str, field: str, rule: str, found: object) -> None:
    shown = "nothing" if found is None else found
    findings.error(
        "terrain.obstacle", place, field, rule=rule, found=shown, action="correct the feature"
    )
