"""People and roads below: what a metre flown over them is worth in metres of detour.

Owns risk areas, their readers and the price of a line. Does not know zones or how paths are
found. A price is a preference, never a permission: zones stay closed whatever it says.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.findings import Findings
from geo.geodesy import Floats, LocalPlane, Plane

PEOPLE_PER_PRICE = 1000.0
"""With weight 1, a metre over 1,000 people per square kilometre is worth a metre of detour.
A design choice: no published exchange rate was found; the weight belongs in the config."""
CELL_M = 500.0
DENSITIES = (500.0, 1500.0, 5000.0)
"""Classes of people per square kilometre into which a raster is cut."""
ROAD_WIDTH_M = 60.0


@dataclass(frozen=True, slots=True)
class RiskArea:
    """Ground that a path rather does not fly over.

    Attributes:
        id: as in its file; price: metres of detour that a metre over it is worth, >= 0.
        shape_lonlat: polygons in WGS-84.
    """

    id: str
    price: float
    shape_lonlat: BaseGeometry


@dataclass(frozen=True, slots=True, eq=False)
class RiskMap:
    """Risk areas of a plane; where several overlap their prices add up.

    Attributes:
        shapes: polygons in plane metres; prices: one each.
    """

    shapes: tuple[BaseGeometry, ...]
    prices: Floats

    @classmethod
    def of(cls, areas: Sequence[RiskArea], plane: Plane) -> RiskMap:
        """The areas with a price above nothing, laid into a plane."""
        priced = [area for area in areas if area.price > 0.0]
        laid = tuple(
            shapely.make_valid(shapely.transform(area.shape_lonlat, plane.to_plane))
            for area in priced
        )
        return cls(laid, np.array([area.price for area in priced]))

    def price_m(self, a_xy: Floats, b_xy: Floats) -> Floats:
        """What the lines a-b are worth on top of their length, in metres [n]."""
        price_m = np.zeros(len(a_xy))
        if len(a_xy) == 0 or not self.shapes:
            return price_m
        lines = shapely.linestrings(np.stack([a_xy, b_xy], axis=1))
        line, area = shapely.STRtree(list(self.shapes)).query(lines, predicate="intersects")
        over_m = shapely.length(shapely.intersection(lines[line], np.array(self.shapes)[area]))
        np.add.at(price_m, line, over_m * self.prices[area])
        return price_m


def read_risk_areas(
    content: bytes, file: str, *, weight: float = 1.0
) -> tuple[tuple[RiskArea, ...], Findings]:
    """Risk areas of a GeoJSON layer in WGS-84.

    Polygons say ``people_per_km2`` or a ``price`` of their own; lines are roads, ``width_m`` wide
    (``ROAD_WIDTH_M`` where they do not say), with a ``price``. All prices are multiplied by the
    weight.
    """
    findings = Findings(file)
    try:
        features = json.loads(content.decode("utf-8-sig"))["features"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        findings.error(
            "risk.collection", "", "features",
            rule="a GeoJSON FeatureCollection", found=repr(error), action="export it again",
        )  # fmt: skip
        return (), findings
    areas = [
        _read_feature(feature, number, weight, findings)
        for number, feature in enumerate(features, start=1)
    ]
    return tuple(area for area in areas if area is not None), findings


def _read_feature(feature: Any, number: int, weight: float, findings: Findings) -> RiskArea | None:
    place = f"feature {number}"
    try:
        properties = feature["properties"] or {}
        form = shapely.make_valid(shape(feature["geometry"]))
        people = properties.get("people_per_km2")
        price = float(properties["price"] if people is None else people / PEOPLE_PER_PRICE)
        if "Line" in form.geom_type:
            form = _widen(form, float(properties.get("width_m", ROAD_WIDTH_M)))
        if "Polygon" not in form.geom_type or not 0.0 <= price < float("inf"):
            raise ValueError(f"{form.geom_type} with price {price}")
    except (KeyError, TypeError, ValueError, AttributeError, shapely.GEOSException) as error:
        findings.error(
            "risk.feature", place, "",
            rule="a polygon with people_per_km2 or price >= 0, or a line with a price",
            found=repr(error), action="left out",
        )  # fmt: skip
        return None
    return RiskArea(str(properties.get("id", place)), price * weight, form)


def _widen(line: BaseGeometry, width_m: float) -> BaseGeometry:
    """A road as the ground it covers."""
    plane = LocalPlane.around([tuple(p) for p in shapely.get_coordinates(line).tolist()])
    wide = shapely.buffer(shapely.transform(line, plane.to_plane), width_m / 2.0, cap_style="flat")
    return shapely.transform(wide, plane.to_lonlat)


def read_population(path: Path, *, weight: float = 1.0) -> tuple[RiskArea, ...]:
    """Risk areas of a population raster (people per square kilometre, band 1).

    The raster is averaged to cells of about ``CELL_M`` and cut at ``DENSITIES``; ground between
    two of them is priced by the lower one.

    Raises:
        ValueError: no raster, or one without a coordinate system.
    """
    # Rasterio takes a quarter of a second to import; only a network with such a raster needs it.
    import rasterio
    from rasterio.enums import Resampling
    from rasterio.errors import RasterioError
    from rasterio.features import shapes

    try:
        with rasterio.open(path) as raster:
            if raster.crs is None:
                raise ValueError(f"{path.name}: a raster must name its coordinate system")
            metres = 111_320.0 if raster.crs.is_geographic else 1.0
            factor = max(1.0, CELL_M / (raster.res[1] * metres))
            rows, columns = (max(1, round(size / factor)) for size in raster.shape)
            people = raster.read(
                1, out_shape=(rows, columns), resampling=Resampling.average, masked=True
            ).filled(0.0)
            a, b, c, d, e, f = tuple(raster.transform)[:6]
            wide, tall = raster.width / columns, raster.height / rows
            cells = rasterio.Affine(a * wide, b * tall, c, d * wide, e * tall, f)
            crs = raster.crs
    except RasterioError as error:
        raise ValueError(f"{path.name}: not a raster: {error}") from None
    to_wgs84 = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    classes = np.digitize(people, DENSITIES).astype(np.int16)
    found = shapes(classes, mask=classes > 0, transform=cells)
    return tuple(
        RiskArea(
            f"{path.name}#{number}",
            weight * DENSITIES[int(value) - 1] / PEOPLE_PER_PRICE,
            shapely.transform(
                shape(form), lambda xy: np.column_stack(to_wgs84.transform(xy[:, 0], xy[:, 1]))
            ),
        )
        for number, (form, value) in enumerate(found, start=1)
    )
