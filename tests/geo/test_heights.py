"""Heights: the geoid's published value, both directions, and a refusal outside it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.heights import GroundRange, OutsideGeoidError, egm96_shandong

GEOID = egm96_shandong()


def test_nodes_and_middle() -> None:
    # Nodes of the 15-minute grid: 36.75 N 120.00 E 4.41 m, 120.25 E 5.43 m; half way 4.92 m.
    assert GEOID.at([(120.0, 36.75)]) == pytest.approx([4.41], abs=1e-9)
    assert GEOID.at([(120.125, 36.75)]) == pytest.approx([4.92], abs=1e-9)


def test_pingdu_lies_four_metres_above_the_ellipsoid() -> None:
    assert 3.5 < GEOID.at([(119.9597, 36.7868)])[0] < 5.0


@given(st.floats(114, 123), st.floats(34, 39), st.floats(-100, 9000))
def test_there_and_back(lon: float, lat: float, height: float) -> None:
    w84 = GEOID.to_w84([(lon, lat)], height)
    assert GEOID.to_amsl([(lon, lat)], w84) == pytest.approx([height], abs=1e-9)
    assert -20.0 < w84[0] - height < 20.0


@pytest.mark.parametrize("place", [(113.99, 36.0), (123.01, 36.0), (120.0, 33.99), (120.0, 39.01)])
def test_outside_is_refused(place: tuple[float, float]) -> None:
    with pytest.raises(OutsideGeoidError, match="EGM96"):
        GEOID.at([(120.0, 36.0), place])


def test_ground_range_spans_ground_and_geoid() -> None:
    places = [(119.5, 36.75), (120.0, 36.75)]
    span = GroundRange.of([12.0, 80.0, 30.0], places, GEOID)
    assert (span.lowest_m_amsl, span.highest_m_amsl) == (12.0, 80.0)
    assert span.undulation_m == pytest.approx((2.40, 4.41))
    assert np.all(np.diff(span.undulation_m) > 0)
