"""Airspace files: what each format says, and that nothing is dropped in silence."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.active_times import ActiveTime, DailyPeriod, TimeOfDay
from geo.airspace.openair import PRESSURE_SLACK_M
from geo.airspace.read import read_airspace, save_ed318
from geo.geodesy import measure_geodesics
from geo.zones import Zone

SQUARE = [[119.9, 36.7], [120.0, 36.7], [120.0, 36.8], [119.9, 36.8], [119.9, 36.7]]
RING = tuple((x, y) for x, y in SQUARE)
PINGDU = Path(__file__).parents[2] / "configs" / "pingdu" / "zones.geojson"


def read(content: Any) -> tuple[tuple[Zone, ...], list[tuple[str, str]]]:
    """Zones, and (weight, code) of the findings."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    zones, findings = read_airspace(raw, "zones.file")
    for finding in findings:
        assert str(finding).startswith("zones.file: ")
        assert finding.rule
        assert finding.found
        assert finding.action
    return zones, [(finding.weight, finding.code) for finding in findings]


def ed318(geometry: Any = None, **properties: Any) -> Any:
    layer = {"lower": 0, "lowerReference": "AGL", "upper": 400, "upperReference": "AMSL",
             "uom": "ft"}  # fmt: skip
    named = {
        "identifier": "PD1", "country": "CHN", "type": "REQ_AUTHORIZATION", "variant": "COMMON",
        "name": [{"text": "水库", "lang": "zh-CN"}, {"text": "Reservoir", "lang": "en-GB"}],
        "zoneAuthority": [{"purpose": "AUTHORIZATION"}],
    }  # fmt: skip
    shape = {"type": "Polygon", "coordinates": [SQUARE], "layer": layer}
    feature = {
        "type": "Feature",
        "properties": named | properties,
        "geometry": geometry or shape,
    }
    return {"type": "FeatureCollection", "features": [feature]}


def test_ed318_polygon() -> None:
    (zone,), findings = read(ed318())
    assert findings == []
    assert (zone.id, zone.name_zh, zone.name_en) == ("PD1", "水库", "Reservoir")
    assert zone.rule == "authorisation"
    assert zone.rings_lonlat == ((RING,),)
    assert (zone.lower_m, zone.lower_datum) == (0.0, "AGL")
    assert (zone.upper_m, zone.upper_datum) == (121.92, "AMSL")  # 400 ft


def test_ed318_circle_holds_the_circle() -> None:
    point = {"type": "Point", "coordinates": [120.0, 36.8], "layer": {"uom": "m"},
             "extent": {"subType": "Circle", "radius": 1000}}  # fmt: skip
    (zone,), findings = read(ed318(point))
    assert findings == []
    ring = np.array(zone.rings_lonlat[0][0])
    reach_m = measure_geodesics(np.tile([120.0, 36.8], (len(ring), 1)), ring)[0]
    middle_m = measure_geodesics(
        np.tile([120.0, 36.8], (len(ring) - 1, 1)), (ring[1:] + ring[:-1]) / 2
    )[0]
    assert reach_m.max() < 1001.0
    assert middle_m.min() >= 1000.0 - 1e-3


def test_ed318_layers_become_zones() -> None:
    def part(upper: int) -> Any:
        layer = {"lower": 0, "lowerReference": "AGL", "upper": upper, "upperReference": "AGL"}
        return {"type": "Polygon", "coordinates": [SQUARE], "layer": layer | {"uom": "m"}}

    both = {"type": "GeometryCollection", "geometries": [part(50), part(150), part(50)]}
    zones, findings = read(ed318(both))
    assert findings == []
    assert [(z.id, z.upper_m, len(z.rings_lonlat)) for z in zones] == [
        ("PD1/1", 50.0, 2),
        ("PD1/2", 150.0, 1),
    ]


def test_ed318_times() -> None:
    period = {
        "startDateTime": "2026-11-01T00:00:00Z",
        "endDateTime": "2026-12-01T00:00:00+08:00",
        "schedule": [
            {"day": ["MON", "SUN"], "startTime": "08:00:00+08:00", "endTime": "16:30:00+08:00"},
            {"day": ["ANY"], "startEvent": "SS", "endEvent": "SR"},
        ],
    }
    (zone,), findings = read(ed318(limitedApplicability=[period]))
    assert findings == []
    assert zone.active_times == (
        ActiveTime(
            datetime(2026, 11, 1, tzinfo=UTC),
            datetime(2026, 11, 30, 16, tzinfo=UTC),
            (
                DailyPeriod(
                    frozenset({0, 6}),
                    TimeOfDay(28_800, utc_offset_s=28_800),
                    TimeOfDay(59_400, utc_offset_s=28_800),
                ),
                DailyPeriod(frozenset(), TimeOfDay(event="SS"), TimeOfDay(event="SR")),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("content", "code", "holds"),
    [
        (ed318(type="VERBOTEN"), "airspace.rule", lambda z: z.rule == "prohibited"),
        (ed318(limitedApplicability=[{"schedule": [{"day": ["FOO"]}]}]), "airspace.times",
         lambda z: z.active_times == ()),
        (ed318({"type": "Polygon", "coordinates": [SQUARE], "layer": {"upper": 60, "uom": "m",
         "upperReference": "FL"}}), "airspace.limit", lambda z: z.upper_m is None),
        (ed318({"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3],
         SQUARE[0]]], "layer": {}}), "airspace.outline", lambda z: len(z.rings_lonlat[0][0]) == 5),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_read_on_the_safe_side(
    content: Any, code: str, holds: Any
) -> None:
    (zone,), findings = read(content)
    assert findings == [("warning", code)]
    assert holds(zone)


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "LineString", "coordinates": SQUARE, "layer": {}}, "airspace.geometry"),
        ({"type": "Point", "coordinates": [120.0, 36.8], "layer": {}}, "airspace.circle"),
        ({"type": "Polygon", "coordinates": [SQUARE[:2]], "layer": {}}, "airspace.outline"),
        ({"type": "Polygon", "coordinates": [[[36.7, 119.9], *SQUARE]], "layer": {}},
         "airspace.outline"),
        ({"type": "Polygon", "coordinates": [], "layer": {}}, "airspace.outline"),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_read_is_named(geometry: Any, code: str) -> None:
    zones, findings = read(ed318(geometry))
    assert zones == ()
    assert findings == [("error", code)]


def test_ed269() -> None:
    def volume(shape: Any, upper: float) -> Any:
        return {"uomDimensions": "M", "lowerLimit": 0, "lowerVerticalReference": "AGL",
                "upperLimit": upper, "upperVerticalReference": "AGL",
                "horizontalProjection": shape}  # fmt: skip

    feature = {
        "identifier": "EDR12", "country": "CHN", "name": "Depot", "type": "COMMON",
        "restriction": "REQ_AUTHORISATION",
        "applicability": [{"permanent": "NO", "schedule": [
            {"day": ["SAT"], "startTime": "08:00:00.00Z", "endTime": "10:00Z"}]}],
        "geometry": [
            volume({"type": "Polygon", "coordinates": [SQUARE]}, 120),
            volume({"type": "Circle", "center": [120.0, 36.8], "radius": 500}, 60),
        ],
    }  # fmt: skip
    zones, findings = read({"title": "t", "features": [feature, "nonsense"]})
    assert findings == [("error", "airspace.feature")]
    assert [(z.id, z.upper_m, z.rule) for z in zones] == [
        ("EDR12/1", 120.0, "authorisation"),
        ("EDR12/2", 60.0, "authorisation"),
    ]
    (daily,) = zones[0].active_times[0].daily
    assert (daily.start, daily.end) == (
        TimeOfDay(28_800, utc_offset_s=0),
        TimeOfDay(36_000, utc_offset_s=0),
    )
    always = feature | {"applicability": [{"permanent": "YES"}]}
    (first, _), findings = read({"features": [always]})
    assert findings == []
    assert first.active_times == ()


def test_plain_geojson_says_its_datum() -> None:
    feature = {
        "type": "Feature",
        "properties": {"id": "w", "name": "Works", "rule": "prohibited", "upper_m": 120,
                       "active": "07:30-18:00;20:00-26:00"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }  # fmt: skip
    collection = {"type": "FeatureCollection", "features": [feature]}
    (zone,), findings = read(collection)
    assert findings == [("warning", "airspace.datum")]
    assert zone.rings_lonlat == ((RING,),)
    assert zone.active_times[0].daily[1].end == TimeOfDay(26 * 3600)
    (shifted,), findings = read(collection | {"datum": "GCJ-02"})
    assert findings == []
    moved_m = measure_geodesics([shifted.rings_lonlat[0][0][0]], [RING[0]])[0][0]
    assert 400 < moved_m < 550
    assert read(collection | {"datum": "Mars"}) == ((), [("error", "airspace.datum")])


def test_the_pingdu_zones_read_without_findings() -> None:
    zones, findings = read(PINGDU.read_bytes())
    assert findings == []
    assert len(zones) == len(json.loads(PINGDU.read_text("utf-8"))["features"])


KML = b"""<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Placemark id="p1"><name>Prison</name>
 <ExtendedData><Data name="rule"><value>prohibited</value></Data></ExtendedData>
 <Polygon><extrude>1</extrude><altitudeMode>relativeToGround</altitudeMode>
  <outerBoundaryIs><LinearRing><coordinates>
   119.9,36.7,120 120.0,36.7,120 120.0,36.8,120 119.9,36.8,120 119.9,36.7,120
  </coordinates></LinearRing></outerBoundaryIs>
  <innerBoundaryIs><LinearRing><coordinates>
   119.94,36.74 119.96,36.74 119.96,36.76 119.94,36.74
  </coordinates></LinearRing></innerBoundaryIs></Polygon></Placemark>
<Placemark><name>Power line</name><LineString><coordinates>119.9,36.7 120,36.8</coordinates>
</LineString></Placemark>
</Document></kml>"""


def test_kml_and_kmz() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as kmz:
        kmz.writestr("doc.kml", KML)
    for content in (KML, packed.getvalue()):
        (zone,), findings = read(content)
        assert findings == [("error", "airspace.geometry")]  # the line is named
        assert (zone.id, zone.name_en, zone.rule) == ("p1", "Prison", "prohibited")
        assert (zone.lower_m, zone.upper_m, zone.upper_datum) == (0.0, 120.0, "AGL")
        assert zone.rings_lonlat[0][0] == RING
        assert len(zone.rings_lonlat[0][1]) == 4
    assert read(KML[:200]) == ((), [("error", "airspace.syntax")])


OPENAIR = """* a comment
AC R
AN Range West
AL 500ft AGL
AH FL65
AA 2026-11-22T08:00Z/2026-11-22T12:00Z
DP 36:42:00 N 119:54:00 E
DP 36:42:00N 120:00:00E   * another
DP 36:48.000N 120:00.000E
AC CTR
AN Round
AL SFC
AH 900m MSL
V X=36:48:00 N 120:00:00 E
DC 2
AC P
AN Sector
AL GND
AH UNLIM
V D=-
V X=36:48:00 N 120:00:00 E
DP 36:48:00 N 120:00:00 E
DA 1,90,0
AC ZZ
AN Strange
XX what
V X=36:48:00 N 120:00:00 E
DC 1
AC D
AN Airway
DY 36:48:00 N 120:00:00 E
"""


def test_openair() -> None:
    zones, findings = read(OPENAIR.encode())
    by_name = {zone.id: zone for zone in zones}
    assert list(by_name) == ["Range West", "Round", "Sector", "Strange"]
    west = by_name["Range West"]
    assert west.rule == "authorisation"
    assert (west.lower_m, west.lower_datum) == (152.4, "AGL")
    assert (west.upper_m, west.upper_datum) == (1981.2 + PRESSURE_SLACK_M, "AMSL")
    assert np.allclose(
        west.rings_lonlat[0][0], [(119.9, 36.7), (120.0, 36.7), (120.0, 36.8), (119.9, 36.7)]
    )
    assert west.active_times[0].end == datetime(2026, 11, 22, 12, tzinfo=UTC)
    reach_m = measure_geodesics([(120.0, 36.8)], [by_name["Round"].rings_lonlat[0][0][0]])[0][0]
    assert reach_m == pytest.approx(3704, rel=1e-3)
    assert by_name["Round"].upper_m == 900.0
    # Counter-clockwise from east to north: through the north-east quarter, not the other three.
    lons, lats = zip(*by_name["Sector"].rings_lonlat[0][0], strict=True)
    assert min(lons) == pytest.approx(120.0)
    assert min(lats) == pytest.approx(36.8, abs=1e-5)
    assert by_name["Sector"].upper_m is None
    assert by_name["Strange"].rule == "prohibited"
    assert findings == [
        ("warning", "airspace.record"),  # XX
        ("warning", "airspace.record"),  # DY
        ("warning", "airspace.rule"),  # ZZ
        ("error", "airspace.outline"),  # the airway has no outline that is understood
    ]


def test_a_file_of_no_known_format_is_an_error() -> None:
    assert read(b"hello\n") == ((), [("warning", "airspace.record")])
    assert read(b"") == ((), [("error", "airspace.format")])
    assert read(b"{") == ((), [("error", "airspace.syntax")])


def test_ids_are_made_unique_and_said_so() -> None:
    twice = ed318()
    twice["features"] *= 2
    zones, findings = read(twice)
    assert [zone.id for zone in zones] == ["PD1", "PD1#2"]
    assert findings == [("warning", "airspace.duplicate-id")]


clock = st.builds(
    TimeOfDay,
    st.integers(0, 86_400),
    st.just(""),
    st.sampled_from([None, 0, 28_800, -12_600]),
)
time_of_day = st.one_of(
    st.none(),
    clock,
    st.builds(TimeOfDay, st.just(0), st.sampled_from(["BMCT", "SR", "SS", "EECT"])),
)
moments = st.datetimes(
    datetime(2020, 1, 1), datetime(2030, 1, 1),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)  # fmt: skip
periods = st.builds(DailyPeriod, st.frozensets(st.integers(0, 6), max_size=6), time_of_day,
                    time_of_day)  # fmt: skip
times = st.builds(ActiveTime, st.none() | moments, st.none() | moments,
                  st.lists(periods, min_size=1, max_size=3).map(tuple))  # fmt: skip
degrees = st.tuples(st.floats(100, 130), st.floats(20, 50))
rings = st.lists(degrees, min_size=3, max_size=6, unique=True).map(lambda r: (*r, r[0]))
words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(
    lambda text: text == text.strip() and text != ""
)
limit = st.none() | st.floats(0, 5000)
datums = st.sampled_from(["AGL", "AMSL", "W84"])


@st.composite
def zone_values(draw: st.DrawFn, zone_id: str) -> Zone:
    lower, upper = draw(limit), draw(limit)
    return Zone(
        id=zone_id,
        name_zh=draw(words),
        name_en=draw(words),
        rule=draw(st.sampled_from(["prohibited", "authorisation", "conditional", "advisory"])),
        rings_lonlat=tuple(
            draw(
                st.lists(st.lists(rings, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3)
            )
        ),
        lower_m=lower,
        lower_datum=draw(datums) if lower is not None else "AGL",
        upper_m=upper,
        upper_datum=draw(datums) if upper is not None else "AGL",
        active=tuple(draw(st.lists(st.tuples(st.integers(0, 9), st.integers(10, 99)), max_size=2))),
        approval=draw(st.text(max_size=5)),
        is_illustrative=draw(st.booleans()),
        source=draw(st.text(max_size=9)),
        active_times=tuple(draw(st.lists(times, max_size=2))),
    )


@given(st.data())
def test_written_ed318_reads_back_the_same(tmp_path_factory: Any, data: st.DataObject) -> None:
    ids = ["a-very-long-identifier", "a-very-other-one", "b"]
    zones = tuple(data.draw(zone_values(zone_id)) for zone_id in ids)
    path = tmp_path_factory.mktemp("ed318") / "zones.json"
    save_ed318(zones, path)
    again, findings = read_airspace(path.read_bytes(), "zones.json")
    assert again == zones
    assert {finding.code for finding in findings} <= {"airspace.outline"}  # random rings cross
    assert [p.name for p in path.parent.iterdir()] == ["zones.json"]
    identifiers = [
        feature["properties"]["identifier"]
        for feature in json.loads(path.read_text("utf-8"))["features"]
    ]
    assert len(set(identifiers)) == 3
    assert all(len(one) <= 7 for one in identifiers)
