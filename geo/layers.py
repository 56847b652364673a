"""Map layers as a GeoPackage, for QGIS and other desktop programs.

Owns how plain rows become a GeoPackage in WGS-84. Does not know what the rows mean.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import geopandas
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

GeometryKind = Literal["point", "line", "polygon"]
LonLat = tuple[float, float]
Rings = tuple[tuple[LonLat, ...], ...]
Value = str | int | float | bool | datetime | None
_TYPES = {"point": "Point", "line": "LineString", "polygon": "MultiPolygon"}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer.

    Attributes:
        name: of the layer in the file.
        kind: what its shapes are.
        columns: names of the attributes.
        shapes: WGS-84 positions, one entry a row: a (lon, lat) for ``point``, a sequence of them
            for ``line``, polygons of rings (outer first) for ``polygon``.
        rows: attribute values, one tuple a row in the order of ``columns``; times are datetimes
            with their time zone, stored as UTC.
    """

    name: str
    kind: GeometryKind
    columns: tuple[str, ...]
    shapes: tuple[LonLat | tuple[LonLat, ...] | tuple[Rings, ...], ...]
    rows: tuple[tuple[Value, ...], ...]


def write_layers(layers: Sequence[Layer], path: Path) -> None:
    """Write the layers as one GeoPackage; a file that is there is replaced.

    Raises:
        ValueError: a layer has not as many shapes as rows, or a row not as many values as columns.
    """
    path.unlink(missing_ok=True)
    for layer in layers:
        frame = _frame(layer)
        with warnings.catch_warnings():
            # A layer without rows has no geometry type of its own; the one given is right.
            warnings.simplefilter("ignore", UserWarning)
            frame.to_file(
                path,
                layer=layer.name,
                driver="GPKG",
                engine="pyogrio",
                geometry_type=_TYPES[layer.kind],
            )


def _frame(layer: Layer) -> geopandas.GeoDataFrame:
    columns = {
        name: [_conform(row[idx]) for row in layer.rows] for idx, name in enumerate(layer.columns)
    }
    if any(len(row) != len(layer.columns) for row in layer.rows):
        raise ValueError(f"layer {layer.name}: a row needs {len(layer.columns)} values")
    if len(layer.shapes) != len(layer.rows):
        raise ValueError(
            f"layer {layer.name}: {len(layer.shapes)} shapes for {len(layer.rows)} rows"
        )
    shapes = [_shape(layer.kind, shape) for shape in layer.shapes]
    return geopandas.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4326")


def _conform(value: Value) -> Value:
    """A GeoPackage holds date-times in UTC only (OGC 12-128r19, table 1)."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _shape(kind: GeometryKind, positions: Sequence[object]) -> BaseGeometry:
    if kind == "point":
        return Point(positions)
    if kind == "line":
        return LineString(positions)
    return MultiPolygon([Polygon(rings[0], rings[1:]) for rings in positions])  # type: ignore[index]
