"""OpenAir airspace text: read.

Owns the records of the OpenAir format with Naviter's and openAIP's extensions (AY, AI, AA).
Does not know paths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from geo.active_times import ActiveTime
from geo.airspace.parts import FOOT_M, Band, Rings, arc_of, circle_of, rings_of
from geo.findings import Findings
from geo.geodesy import LonLat, measure_geodesics
from geo.zones import AltitudeDatum, Zone, ZoneRule

NAUTICAL_MILE_M = 1852.0
PRESSURE_SLACK_M = 600.0
"""A flight level is a pressure: between 950 and 1,050 hPa it lies up to about 540 m from its
nominal height above sea level, so a band given in levels is widened by this much."""

_CLASSES: dict[str, ZoneRule] = {
    "P": "prohibited", "GP": "prohibited", "PROHIBITED": "prohibited",
    "R": "authorisation", "RESTRICTED": "authorisation", "CTR": "authorisation",
    "MCTR": "authorisation", "ATZ": "authorisation", "MATZ": "authorisation",
    "TRA": "authorisation", "TSA": "authorisation", "TFR": "authorisation",
    "A": "authorisation", "B": "authorisation", "C": "authorisation", "D": "authorisation",
    "CTA": "authorisation", "TMA": "authorisation",
    "Q": "conditional", "DANGER": "conditional", "RMZ": "conditional", "TMZ": "conditional",
    "E": "advisory", "F": "advisory", "G": "advisory", "W": "advisory", "FIR": "advisory",
}  # fmt: skip
"""What a class or type means for a drone: control zones and classes A to D need the unit's
permission (SERA.6001), danger areas are looked at, the rest is shown."""
_POSITION = re.compile(
    r"(\d+):(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?\s*([NS])[\s,]+"
    r"(\d+):(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?\s*([EW])",
    re.IGNORECASE,
)
_ALTITUDE = re.compile(
    r"(\d+(?:\.\d+)?)\s*(FT|F|M)?\s*(AGL|GND|SFC|ASFC|AMSL|MSL|ALT)?", re.IGNORECASE
)


class _UnreadError(ValueError):
    """A record that is not understood."""


@dataclass(slots=True)
class _Block:
    """One airspace while its records come in."""

    line: int
    klass: str
    kind: str = ""
    name: str = ""
    zone_id: str = ""
    lower: tuple[float | None, AltitudeDatum] = (None, "AGL")
    upper: tuple[float | None, AltitudeDatum] = (None, "AGL")
    points: list[LonLat] = field(default_factory=list)
    circles: list[Rings] = field(default_factory=list)
    centre: LonLat | None = None
    is_clockwise: bool = True
    times: list[ActiveTime] = field(default_factory=list)
    is_broken: bool = False


def read_openair(text: str, findings: Findings) -> list[Zone]:
    """The zones of an OpenAir text; a block with a geometry record not understood is left out."""
    blocks: list[_Block] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("*")[0].strip()
        if not line:
            continue
        record, _, rest = line.partition(" ")
        record = record.upper()
        if record == "AC":
            blocks.append(_Block(number, rest.strip().upper()))
        elif blocks:
            _take(blocks[-1], record, rest.strip(), number, findings)
        else:
            findings.warn(
                "airspace.record", f"line {number}", record,
                rule="records after an AC", found=line, action="passed over",
            )  # fmt: skip
    zones = [_zone_of(block, findings) for block in blocks]
    return [zone for zone in zones if zone is not None]


def _take(block: _Block, record: str, rest: str, number: int, findings: Findings) -> None:
    """One record of a block; a word in an unknown one is named, a broken outline spoils it."""
    place = f"line {number} ({block.name or block.klass})"
    try:
        if record in ("AN", "AY", "AI", "AL", "AH", "AA"):
            _take_words(block, record, rest)
        elif record in ("V", "DP", "DA", "DB", "DC"):
            _take_outline(block, record, rest)
        elif record not in ("AF", "AG", "AT", "AX", "TP", "SP", "SB", "TO", "TC", "AR", "AD"):
            raise _UnreadError(record)
    except _UnreadError as error:
        is_outline = record in ("V", "DP", "DA", "DB", "DC", "DY")
        block.is_broken |= is_outline
        findings.warn(
            "airspace.record", place, record,
            rule="an OpenAir record", found=str(error),
            action="zone left out" if is_outline else "read on the safe side",
        )  # fmt: skip


def _take_words(block: _Block, record: str, rest: str) -> None:
    if record == "AN":
        block.name = rest
    elif record == "AY":
        block.kind = rest.upper()
    elif record == "AI":
        block.zone_id = rest
    elif record == "AL":
        block.lower = _altitude(rest, -PRESSURE_SLACK_M)
    elif record == "AH":
        block.upper = _altitude(rest, PRESSURE_SLACK_M)
    elif rest.upper() != "NONE":
        block.times.append(_interval(rest))


def _take_outline(block: _Block, record: str, rest: str) -> None:
    if record == "V":
        _take_variable(block, rest)
    elif record == "DP":
        block.points.append(_position(rest))
    elif record == "DC":
        block.circles.append(circle_of(_centre(block), _number(rest) * NAUTICAL_MILE_M))
    elif record == "DA":
        radius, start, end = (_number(part) for part in _split(rest, 3))
        block.points += arc_of(
            _centre(block), radius * NAUTICAL_MILE_M, start, end, is_clockwise=block.is_clockwise
        )
    else:
        start_text, end_text = _split(rest, 2)
        block.points += _arc_between(block, _position(start_text), _position(end_text))


def _take_variable(block: _Block, rest: str) -> None:
    name, _, value = rest.replace(" ", "", 1).partition("=") if "=" in rest else (rest, "", "")
    if name.strip().upper() == "X":
        block.centre = _position(value)
    elif name.strip().upper() == "D" and value.strip() in ("+", "-"):
        block.is_clockwise = value.strip() == "+"
    else:
        raise _UnreadError(rest)


def _arc_between(block: _Block, start: LonLat, end: LonLat) -> list[LonLat]:
    centre = _centre(block)
    (radius_m, _), (from_deg, to_deg) = measure_geodesics([centre, centre], [start, end])
    arc = arc_of(
        centre, float(radius_m), float(from_deg), float(to_deg), is_clockwise=block.is_clockwise
    )
    return [start, *arc[1:-1], end]


def _centre(block: _Block) -> LonLat:
    if block.centre is None:
        raise _UnreadError("an arc or circle without V X=")
    return block.centre


def _split(text: str, count: int) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != count:
        raise _UnreadError(text)
    return parts


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _UnreadError(text) from None


def _position(text: str) -> LonLat:
    match = _POSITION.fullmatch(text.strip())
    if match is None:
        raise _UnreadError(text)
    values = [float(part) if part else 0.0 for part in match.group(1, 2, 3, 5, 6, 7)]
    lat = values[0] + values[1] / 60.0 + values[2] / 3600.0
    lon = values[3] + values[4] / 60.0 + values[5] / 3600.0
    south, west = match[4].upper() == "S", match[8].upper() == "W"
    return (-lon if west else lon, -lat if south else lat)


def _altitude(text: str, slack_m: float) -> tuple[float | None, AltitudeDatum]:
    word = text.upper().strip()
    if word in ("GND", "SFC", "0"):
        return 0.0, "AGL"
    if word.startswith("UNL"):
        return None, "AGL"
    level = re.fullmatch(r"FL\s*(\d+)", word)
    if level is not None:
        return round(float(level[1]) * 100.0 * FOOT_M + slack_m, 3), "AMSL"
    match = _ALTITUDE.fullmatch(word)
    if match is None:
        raise _UnreadError(text)
    metres = float(match[1]) * (1.0 if match[2] == "M" else FOOT_M)
    is_ground = (match[3] or "") in ("AGL", "GND", "SFC", "ASFC")
    return round(metres, 3), "AGL" if is_ground else "AMSL"


def _interval(text: str) -> ActiveTime:
    start, _, end = text.partition("/")
    try:
        moments = datetime.fromisoformat(start.strip()), datetime.fromisoformat(end.strip())
    except ValueError:
        raise _UnreadError(text) from None
    if any(moment.tzinfo is None for moment in moments):
        raise _UnreadError(text)
    return ActiveTime(*moments)


def _zone_of(block: _Block, findings: Findings) -> Zone | None:
    place = f"line {block.line} ({block.name or block.klass})"
    polygons = list(block.circles)
    if block.points and not block.is_broken:
        rings = rings_of([block.points], place, findings)
        polygons += [] if rings is None else [rings]
    if block.is_broken or not polygons:
        findings.error(
            "airspace.outline", place, "",
            rule="an outline of DP, DA, DB or DC records", found="a broken one" if block.is_broken
            else "none", action="left out",
        )  # fmt: skip
        return None
    rule = _CLASSES.get(block.kind) or _CLASSES.get(block.klass)
    if rule is None:
        findings.warn(
            "airspace.rule", place, "AC",
            rule=f"one of {', '.join(sorted(_CLASSES))}", found=block.kind or block.klass,
            action="read as prohibited",
        )  # fmt: skip
    band = Band(*block.lower, *block.upper)
    name = block.name or block.klass
    return Zone(
        id=block.zone_id or name,
        name_zh=name,
        name_en=name,
        rule=rule or "prohibited",
        rings_lonlat=tuple(polygons),
        lower_m=band.lower_m,
        lower_datum=band.lower_datum,
        upper_m=band.upper_m,
        upper_datum=band.upper_datum,
        source="OpenAir",
        active_times=tuple(block.times),
    )
