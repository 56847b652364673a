"""Datums: published vectors, round trips, and an independent library as the oracle."""

from __future__ import annotations

import geocoordinates_ffi as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.datum import Datum, from_wgs84, to_wgs84
from geo.geodesy import measure_geodesics

china = st.tuples(st.floats(75.0, 134.0), st.floats(19.0, 53.0))


def apart_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(measure_geodesics([a], [b])[0][0])


@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        # Test vectors of eviltransform (facts, section 7).
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_published_vectors(wgs84: tuple[float, float], gcj02: tuple[float, float]) -> None:
    assert from_wgs84(*wgs84, "GCJ02") == pytest.approx(gcj02, abs=1e-12)
    assert apart_m(to_wgs84(*gcj02, "GCJ02"), wgs84) < 1e-3


@pytest.mark.parametrize("datum", ["GCJ02", "BD09", "CGCS2000", "WGS84"])
@given(point=china)
def test_round_trip_within_a_decimetre(datum: Datum, point: tuple[float, float]) -> None:
    assert apart_m(to_wgs84(*from_wgs84(*point, datum), datum), point) < 0.1
    assert apart_m(from_wgs84(*to_wgs84(*point, datum), datum), point) < 0.1


@given(point=china)
def test_agrees_with_an_independent_library(point: tuple[float, float]) -> None:
    theirs = oracle.wgs84_to_gcj02(oracle.Wgs84(lat=point[1], lon=point[0]))
    assert apart_m(from_wgs84(*point, "GCJ02"), (theirs.lon, theirs.lat)) < 0.01
    back = oracle.gcj02_to_wgs84_refined(theirs)
    assert apart_m(to_wgs84(theirs.lon, theirs.lat, "GCJ02"), (back.lon, back.lat)) < 0.05
    theirs = oracle.wgs84_to_bd09(oracle.Wgs84(lat=point[1], lon=point[0]))
    assert apart_m(from_wgs84(*point, "BD09"), (theirs.lon, theirs.lat)) < 0.01


def test_offset_at_pingdu() -> None:
    # Facts, section 7: 451-514 m to GCJ-02, 1,229-1,327 m to BD-09 around Pingdu.
    pingdu = (119.9597, 36.7868)
    assert 451 < apart_m(from_wgs84(*pingdu, "GCJ02"), pingdu) < 514
    assert 1229 < apart_m(from_wgs84(*pingdu, "BD09"), pingdu) < 1327


def test_unknown_datum_is_refused() -> None:
    with pytest.raises(ValueError, match="MARS"):
        to_wgs84(120.0, 36.0, "MARS")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="MARS"):
        from_wgs84(120.0, 36.0, "MARS")  # type: ignore[arg-type]
