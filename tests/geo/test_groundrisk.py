"""Ground risk: a price moves a path only where the detour is worth it, and says so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
from rasterio import Affine

from geo.geodesy import FlatPlane, LocalPlane, measure_path
from geo.groundrisk import RiskArea, RiskMap, read_population, read_risk_areas
from geo.paths import plan_paths
from geo.zones import Zone

PLANE = LocalPlane(119.96, 36.78)


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.transform(shapely.box(x0, y0, x1, y1), PLANE.to_lonlat)


def sites(*xy: tuple[float, float]) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in PLANE.to_lonlat(xy).tolist()]


def plan(risk: list[RiskArea], zones: list[Zone] | None = None) -> Any:
    pads = sites((-5000, 0), (5000, 0))
    return plan_paths(pads, zones or [], height_m_agl=100.0, buffer_m=50.0, risk=risk)


def test_price_of_a_line_by_hand() -> None:
    areas = [RiskArea("a", 0.5, shapely.box(0, 0, 100, 100)),
             RiskArea("b", 2.0, shapely.box(50, 0, 100, 100)),
             RiskArea("none", 0.0, shapely.box(-500, -500, 500, 500))]  # fmt: skip
    risk = RiskMap.of(areas, FlatPlane())
    a, b = np.array([[-50.0, 50.0], [-50.0, 200.0]]), np.array([[150.0, 50.0], [150.0, 200.0]])
    # 100 m over a and 50 m over b: 0.5 * 100 + 2 * 50 = 150 m; the other line passes beside.
    assert risk.price_m(a, b) == pytest.approx([150.0, 0.0])


@pytest.mark.parametrize(("price", "goes_round"), [(0.044, False), (0.046, True), (0.5, True)])
def test_a_village_is_flown_round_when_that_is_worth_it(price: float, goes_round: bool) -> None:
    # 2 km wide, its rim 600 m off the line: round it 2 * hypot(4000, 600) + 2000 = 10,089.6 m,
    # 89.6 m more. Over it costs 2000 * price: 88 m at 0.044, 92 m at 0.046.
    village = RiskArea("v", price, box(-1000, -1200, 1000, 600))
    table = plan([village])
    round_m = 2 * np.hypot(4000, 600) + 2000
    assert (table.length_m[0, 1] > 10_001) == goes_round
    assert table.worth_m[0, 1] == pytest.approx(min(round_m, 10_000 + 2000 * price), abs=0.1)
    assert table.length_m[0, 1] == pytest.approx(measure_path(table.path(0, 1))[0].sum())


def test_a_cheap_village_is_flown_over() -> None:
    table = plan([RiskArea("v", 0.04, box(-1000, -1200, 1000, 600))])
    assert table.path(0, 1) == tuple(sites((-5000, 0), (5000, 0)))
    assert table.worth_m[0, 1] - table.length_m[0, 1] == pytest.approx(80.0, abs=0.1)


def test_of_two_nearly_equal_ways_the_emptier_one() -> None:
    corners = [(-500, -1000), (500, -1000), (500, 1010), (-500, 1010)]
    ring = tuple(sites(*corners, corners[0]))
    wall = Zone("wall", "wall", "wall", "prohibited", ((ring,),))
    (south,) = {lat < 36.78 for _, lat in plan([], [wall]).path(0, 1)[1:-1]}
    assert south  # 10 m shorter
    people = RiskArea("people", 0.5, box(-600, -3000, 600, -900))
    path = plan([people], [wall]).path(0, 1)
    assert all(lat > 36.78 for _, lat in path[1:-1])


def test_no_price_no_difference() -> None:
    without, zero = plan([]), plan([RiskArea("v", 0.0, box(-1000, -1200, 1000, 600))])
    assert np.array_equal(without.length_m, zero.length_m)
    assert without.worth_m is without.length_m


def test_layer_of_polygons_and_roads() -> None:
    def feature(geometry: Any, **properties: Any) -> Any:
        return {"type": "Feature", "properties": properties, "geometry": geometry}

    town = shapely.geometry.mapping(box(0, 0, 1000, 1000))
    road = shapely.geometry.mapping(
        shapely.transform(shapely.LineString([(0, 0), (1000, 0)]), PLANE.to_lonlat)
    )
    features = [
        feature(town, id="town", people_per_km2=3000),
        feature(road, id="road", price=2.0, width_m=40),
        feature(town, id="silent"),
        feature({"type": "Point", "coordinates": [119.9, 36.7]}, price=1.0),
        feature(town, price=-1.0),
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    areas, findings = read_risk_areas(content, "people.geojson", weight=0.5)
    assert [(area.id, area.price) for area in areas] == [("town", 1.5), ("road", 1.0)]
    assert shapely.transform(areas[1].shape_lonlat, PLANE.to_plane).area == pytest.approx(
        40_000.0, rel=1e-3
    )
    assert [finding.place for finding in findings.found] == ["feature 3", "feature 4", "feature 5"]
    assert read_risk_areas(b"[]", "people.geojson")[0] == ()


def test_population_raster(tmp_path: Path) -> None:
    people = np.zeros((60, 60), dtype="float32")
    people[20:40, 20:40] = 2000.0
    path = tmp_path / "people.tif"
    step = 0.001
    with rasterio.open(
        path, "w", driver="GTiff", width=60, height=60, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(step, 0, 119.9, 0, -step, 36.8),
    ) as raster:  # fmt: skip
        raster.write(people, 1)
    areas = read_population(path, weight=2.0)
    assert {area.price for area in areas} <= {1.0, 3.0}  # 2 * 500 / 1000 and 2 * 1500 / 1000
    dense = shapely.union_all([area.shape_lonlat for area in areas if area.price == 3.0])
    assert dense.bounds == pytest.approx((119.92, 36.76, 119.94, 36.78), abs=0.006)
    (tmp_path / "text.tif").write_text("no raster")
    with pytest.raises(ValueError, match=r"text\.tif"):
        read_population(tmp_path / "text.tif")
