"""Layers read back from the GeoPackage."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas
import pytest
from shapely.geometry import LineString, MultiPolygon, Point

from geo.layers import Layer, write_layers

SQUARE = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0), (0.0, 0.0))
HOLE = ((1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0))
POINTS = Layer("sites", "point", ("name", "pads"), ((119.96, 36.78),), (("中心医院", 2),))


def test_points_lines_and_polygons_come_back(tmp_path: Path) -> None:
    lines = Layer("flights", "line", ("id",), (((0.0, 1.0), (2.0, 3.0)),), (("T1",),))
    polygons = Layer("zones", "polygon", ("id",), (((SQUARE, HOLE),),), (("Z",),))
    write_layers((POINTS, lines, polygons), tmp_path / "a.gpkg")
    sites = geopandas.read_file(tmp_path / "a.gpkg", layer="sites")
    assert sites.crs == "EPSG:4326"
    assert sites.geometry[0] == Point(119.96, 36.78)
    assert (sites["name"][0], sites["pads"][0]) == ("中心医院", 2)
    flights = geopandas.read_file(tmp_path / "a.gpkg", layer="flights")
    assert flights.geometry[0] == LineString([(0, 1), (2, 3)])
    zones = geopandas.read_file(tmp_path / "a.gpkg", layer="zones")
    assert isinstance(zones.geometry[0], MultiPolygon)
    assert zones.geometry[0].area == 15.0


def test_a_moment_keeps_its_instant(tmp_path: Path) -> None:
    takeoff = datetime(2026, 11, 23, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    layer = Layer("stops", "point", ("takeoff",), ((0.0, 0.0), (0.0, 0.0)), ((takeoff,), (None,)))
    write_layers((layer,), tmp_path / "a.gpkg")
    stops = geopandas.read_file(tmp_path / "a.gpkg", layer="stops")
    assert stops["takeoff"][0] == takeoff
    assert stops["takeoff"].isna().tolist() == [False, True]


def test_a_layer_may_be_empty(tmp_path: Path) -> None:
    write_layers((Layer("zones", "polygon", ("id",), (), ()),), tmp_path / "a.gpkg")
    assert len(geopandas.read_file(tmp_path / "a.gpkg", layer="zones")) == 0


def test_writing_again_replaces_the_file(tmp_path: Path) -> None:
    write_layers((POINTS,), tmp_path / "a.gpkg")
    write_layers((POINTS,), tmp_path / "a.gpkg")
    assert len(geopandas.read_file(tmp_path / "a.gpkg", layer="sites")) == 1


@pytest.mark.parametrize(
    "layer",
    [
        Layer("sites", "point", ("a",), ((0.0, 0.0),), ()),
        Layer("sites", "point", ("a",), ((0.0, 0.0),), (("x", "y"),)),
    ],
)
def test_rows_that_do_not_fit_are_refused(layer: Layer, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="layer sites"):
        write_layers((layer,), tmp_path / "a.gpkg")
