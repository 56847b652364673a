"""Paths around zones: hand-made cases, and the properties no path may break."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely.geometry import LineString, Point, Polygon

from geo.heights import GroundRange
from geo.paths import PAD_CLEARANCE_M, PathTable, plan_paths
from geo.zones import Zone

CENTRE = (119.96, 36.78)
GEOD = Geod(ellps="WGS84")
# The check's own plane: transverse Mercator, where the planner's is azimuthal equidistant.
TM = Transformer.from_crs(
    "EPSG:4326",
    f"+proj=tmerc +lon_0={CENTRE[0]} +lat_0={CENTRE[1]} +k_0=1 +ellps=WGS84 +units=m",
    always_xy=True,
)
BUFFER_M = 200.0


def at(east_m: float, north_m: float) -> tuple[float, float]:
    lon, lat = TM.transform(east_m, north_m, direction="INVERSE")
    return (lon, lat)


def in_metres(lonlat: Sequence[tuple[float, float]]) -> np.ndarray:
    return np.column_stack(TM.transform(*np.asarray(lonlat).T))


def zone(zone_id: str, *rings: list[tuple[float, float]], **more: object) -> Zone:
    closed = tuple(tuple(at(*p) for p in [*ring, ring[0]]) for ring in rings)
    return Zone(zone_id, zone_id, zone_id, "prohibited", (closed,), **more)  # type: ignore[arg-type]


def square(x: float, y: float, half: float) -> list[tuple[float, float]]:
    return [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]


def plan(
    sites: list[tuple[float, float]], zones: list[Zone], buffer_m: float = BUFFER_M, **more: object
) -> PathTable:
    options = {"height_m_agl": 100.0, "buffer_m": buffer_m, **more}
    return plan_paths([at(*s) for s in sites], zones, **options)  # type: ignore[arg-type]


def flown_line(path: tuple[tuple[float, float], ...]) -> LineString:
    """The path as flown, geodesic by geodesic, in the check's plane."""
    points = [path[0]]
    for (lon1, lat1), (lon2, lat2) in itertools.pairwise(path):
        points += [*GEOD.npts(lon1, lat1, lon2, lat2, 20), (lon2, lat2)]
    return LineString(in_metres(points))


def shape(one: Zone) -> Polygon:
    rings = one.rings_lonlat[0]
    return Polygon(in_metres(rings[0]), [in_metres(ring) for ring in rings[1:]])


def clearance_m(table: PathTable, i: int, j: int, one: Zone) -> float:
    """Least distance from a path to a zone, outside the surroundings of its own pads."""
    line = flown_line(table.path(i, j))
    for site in (i, j):
        pad = Point(TM.transform(*table.site_lonlat[site]))
        if pad.distance(shape(one)) < BUFFER_M + 0.02:
            line = line.difference(pad.buffer(PAD_CLEARANCE_M, quad_segs=256))
    return math.inf if line.is_empty else float(line.distance(shape(one)))


def test_open_air_is_the_geodesic() -> None:
    table = plan([(0, 0), (20_000, 5_000)], [])
    lon_lat = table.site_lonlat
    assert table.length_m[0, 1] == GEOD.inv(*lon_lat[0], *lon_lat[1])[2]
    assert table.path(0, 1) == lon_lat
    assert table.blocked_by(0, 1) == ()


def test_path_rounds_a_square_by_hand() -> None:
    # Buffered square: half side 1,000 + 200 m. From (-5000, 0) to (5000, 0): to the corner's
    # surroundings and past. With exact 90 degree corners at (-1200, 1200), (1200, 1200) the way
    # is 2 * hypot(3800, 1200) + 2400 = 10,369.9 m; round corners (radius 200) make it shorter,
    # 2 * hypot(3800 + 200 * ..., ...), never below the zone's own 2 * hypot(4000, 1000) + 2000.
    table = plan([(-5000, 0), (5000, 0)], [zone("a", square(0, 0, 1000))])
    assert 2 * math.hypot(4000, 1000) + 2000 < table.length_m[0, 1] < 10_370.0
    assert clearance_m(table, 0, 1, zone("a", square(0, 0, 1000))) >= BUFFER_M


def test_symmetric_and_mirrored() -> None:
    table = plan([(-5000, 0), (5000, 300), (0, 4000)], [zone("a", square(0, 0, 1000))])
    assert np.array_equal(table.length_m, table.length_m.T)
    assert table.path(1, 0) == table.path(0, 1)[::-1]


def test_site_in_zone_has_no_path_and_the_zone_is_named() -> None:
    table = plan([(0, 0), (5000, 0)], [zone("a", square(0, 0, 1000)), zone("b", square(9e3, 0, 9))])
    assert math.isinf(table.length_m[0, 1])
    assert table.path(0, 1) == ()
    assert table.blocked_by(0, 1) == ("a",)


def test_site_in_hole_is_enclosed_and_the_zone_is_named() -> None:
    ring = zone("ring", square(0, 0, 4000), square(0, 0, 3000))
    table = plan([(0, 0), (9000, 0), (1000, 500)], [ring, zone("b", square(9e3, 9e3, 99))])
    assert math.isinf(table.length_m[0, 1])
    assert table.blocked_by(0, 1) == ("ring",)
    assert table.path(0, 2) == (table.site_lonlat[0], table.site_lonlat[2])


def test_ring_of_overlapping_zones_encloses() -> None:
    walls = [
        zone("w", [(-4e3, -4e3), (-3e3, -4e3), (-3e3, 4e3), (-4e3, 4e3)]),
        zone("e", [(3e3, -4e3), (4e3, -4e3), (4e3, 4e3), (3e3, 4e3)]),
        zone("s", [(-4e3, -4e3), (4e3, -4e3), (4e3, -3e3), (-4e3, -3e3)]),
        zone("n", [(-4e3, 3e3), (4e3, 3e3), (4e3, 4e3), (-4e3, 4e3)]),
    ]
    table = plan([(0, 0), (9000, 0)], walls)
    assert table.blocked_by(0, 1) == ("e", "n", "s", "w")
    assert plan([(0, 0), (9000, 0)], walls[1:]).has_path(0, 1)


@pytest.mark.parametrize(("gap_m", "goes_through"), [(410.0, True), (400.0, False)])
def test_narrow_gap(gap_m: float, goes_through: bool) -> None:
    half = gap_m / 2
    walls = [
        zone("n", [(-500, half), (500, half), (500, 30_000), (-500, 30_000)]),
        zone("s", [(-500, -30_000), (500, -30_000), (500, -half), (-500, -half)]),
    ]
    length = plan([(-5000, 0), (5000, 0)], walls).length_m[0, 1]
    assert (length < 10_001) == goes_through


def test_site_in_buffer_may_leave_and_reach() -> None:
    wall = zone("a", square(0, 0, 1000))
    table = plan([(-1100, 0), (-5000, 0), (1100, 0)], [wall])
    assert table.path(0, 1) == (table.site_lonlat[0], table.site_lonlat[1])
    assert table.has_path(0, 2)
    assert clearance_m(table, 0, 2, wall) >= BUFFER_M
    assert flown_line(table.path(0, 2)).distance(shape(wall)) > 0.0
    # Not a way for others: from site 1 to 2's far side nothing but site 2 may use its disc.
    assert clearance_m(table, 1, 2, wall) >= BUFFER_M


def test_pad_in_a_notch_of_the_zone_turns_inside_its_disc() -> None:
    # The pad lies in a slot 300 m wide, 250 m deep: in the buffer, and no straight way out west.
    slot = [
        (-1000, -1000),
        (1000, -1000),
        (1000, 1000),
        (150, 1000),
        (150, 750),
        (-150, 750),
        (-150, 1000),
        (-1000, 1000),
    ]
    wall = zone("a", slot)
    table = plan([(0, 800), (-6000, 0)], [wall])
    assert table.has_path(0, 1)
    line = flown_line(table.path(0, 1))
    assert not line.intersects(shape(wall))
    assert clearance_m(table, 0, 1, wall) >= BUFFER_M


def test_height_time_and_rule_decide_what_counts() -> None:
    sites = [(-5000.0, 0.0), (5000.0, 0.0)]
    geodesic = plan(sites, []).length_m[0, 1]

    def is_detour(one: Zone, **more: object) -> bool:
        return bool(plan(sites, [one], **more).length_m[0, 1] > geodesic)

    wall = square(0, 0, 1000)
    assert is_detour(zone("a", wall, lower_m=0.0, upper_m=100.0))
    assert not is_detour(zone("a", wall, lower_m=0.0, upper_m=99.0))
    assert not is_detour(zone("a", wall, lower_m=101.0))
    assert is_detour(zone("a", wall, upper_m=50.0, upper_datum="AMSL"))  # ground unknown: counts
    morning = zone("a", wall, active=((28_800, 36_000),))
    assert is_detour(morning, active_at=(35_999, 40_000))
    assert not is_detour(morning, active_at=(36_000, 40_000))
    assert is_detour(morning)
    closed = tuple(at(*p) for p in [*wall, wall[0]])
    assert not is_detour(Zone("a", "a", "a", "advisory", ((closed,),)))
    assert is_detour(Zone("a", "a", "a", "authorisation", ((closed,),)))
    assert not is_detour(Zone("a", "a", "a", "authorisation", ((closed,),), approval="no. 7"))


points = st.tuples(st.integers(-8000, 8000), st.integers(-8000, 8000))


@st.composite
def star(draw: st.DrawFn) -> list[tuple[float, float]]:
    """A star-shaped polygon, often far from convex."""
    x, y = draw(points)
    radii = draw(st.lists(st.integers(150, 3000), min_size=3, max_size=9))
    turn = 2 * math.pi / len(radii)
    return [(x + r * math.cos(k * turn), y + r * math.sin(k * turn)) for k, r in enumerate(radii)]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(star(), min_size=1, max_size=6), st.lists(points, min_size=2, max_size=6))
def test_no_path_ever_enters_a_buffered_zone(
    stars: list[list[tuple[float, float]]], sites: list[tuple[int, int]]
) -> None:
    zones = [zone(f"z{k}", ring) for k, ring in enumerate(stars)]
    table = plan([(float(x), float(y)) for x, y in sites], zones)
    assert np.array_equal(table.length_m, table.length_m.T)
    for i in range(len(sites)):
        for j in range(i + 1, len(sites)):
            a, b = table.site_lonlat[i], table.site_lonlat[j]
            if not table.has_path(i, j):
                assert table.blocked_by(i, j)
                continue
            path = table.path(i, j)
            assert table.length_m[i, j] >= GEOD.inv(*a, *b)[2] * (1 - 1e-12)
            lons, lats = zip(*path, strict=True)
            assert table.length_m[i, j] == pytest.approx(GEOD.line_length(lons, lats), rel=1e-9)
            for one in zones:
                assert clearance_m(table, i, j, one) >= BUFFER_M
                assert not shapely.intersects(flown_line(path), shape(one))


def test_limits_above_sea_level_are_compared_through_the_ground() -> None:
    sites = [(-5000.0, 0.0), (5000.0, 0.0)]
    geodesic = plan(sites, []).length_m[0, 1]
    ground = GroundRange(30.0, 80.0, (4.0, 5.0))  # cruise at 100 m AGL: 130 to 180 m AMSL

    def is_detour(**band: object) -> bool:
        one = zone("a", square(0, 0, 1000), **band)
        return bool(plan(sites, [one], ground=ground).length_m[0, 1] > geodesic)

    assert not is_detour(upper_m=129.0, upper_datum="AMSL")
    assert is_detour(upper_m=130.0, upper_datum="AMSL")
    assert not is_detour(lower_m=181.0, lower_datum="AMSL")
    assert is_detour(lower_m=180.0, lower_datum="AMSL")
    assert not is_detour(upper_m=133.0, upper_datum="W84")  # 130 + 4 m above the ellipsoid
    assert is_detour(upper_m=134.0, upper_datum="W84")


def test_a_low_zone_is_flown_over_but_its_pads_are_not_reached() -> None:
    low = zone("low", square(0, 0, 1000), upper_m=60.0)
    table = plan([(-5000, 0), (5000, 0), (500, 0), (1100, 0)], [low])
    assert table.path(0, 1) == (table.site_lonlat[0], table.site_lonlat[1])
    assert table.blocked_by(0, 2) == ("low",)
    assert table.has_path(0, 3)  # beside it
