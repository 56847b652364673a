"""R10 ``separation``: own sorties keep apart in the air, proven in place and time.

A drone is in its cruise layer from the end of its climb, ``height / climb_mps`` after take-off,
for the cruise time of its path, each segment at its own ground speed. Wherever the paths of two
drones of one layer come within the width of a corridor, they pass ``separation_s`` apart. Within
500 m of a pad that both use, R8 keeps them apart instead. ``separation_s`` 0 switches the rule
off.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from pyproj import Proj

from routing.checker.case import Case, Leg
from routing.checker.violation import RULES, Place, Violation, clock

RULE = RULES["R10"]
CORRIDOR_M = 50.0
"""Paths nearer than this share a corridor: two navigation errors of 25 m."""
LAYER_GAP_M = 10.0
"""Cruise heights nearer than this are one layer, whatever their layer ids say."""
SHARED_PAD_M = 500.0

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece of a leg's cruise in a metric plane, flown from ``start_s`` to ``end_s``."""

    leg: Leg
    x_m: float
    y_m: float
    dx_m: float
    dy_m: float
    start_s: float
    end_s: float


class Pass(NamedTuple):
    """The tightest pass of two legs: seconds between them, when and where."""

    gap_s: float
    time_s: float
    x_m: float
    y_m: float


def check_separation(case: Case) -> Iterator[Violation]:
    """Pairs of legs whose tightest pass is closer in time than the separation."""
    separation_s = case.network.rules.separation_s
    if separation_s <= 0:
        return
    plane = _plane(case)
    pads = {site.id: plane(site.lon_deg, site.lat_deg) for site in case.sites.values()}
    tightest: dict[tuple[str, int, str, int], tuple[Pass, Leg, Leg]] = {}
    for one, other in _candidates(_segments(case, plane), separation_s):
        passing = _closest_pass(one, other, _shared_pads(pads, one.leg, other.leg))
        if passing is None or passing.gap_s >= separation_s:
            continue
        key = (one.leg.sortie.id, one.leg.idx, other.leg.sortie.id, other.leg.idx)
        if key not in tightest or passing.gap_s < tightest[key][0].gap_s:
            tightest[key] = (passing, one.leg, other.leg)
    for passing, leg, other_leg in tightest.values():
        yield _too_close(plane, passing, leg, other_leg, separation_s)


def _too_close(plane: Proj, passing: Pass, leg: Leg, other: Leg, separation_s: int) -> Violation:
    lon_deg, lat_deg = plane(passing.x_m, passing.y_m, inverse=True)
    place = Place(leg.sortie.id, other.sortie.id, leg=leg.idx)
    where = f"{lon_deg:.5f}, {lat_deg:.5f}"
    return RULE.broken(
        "passing", place, limit=separation_s, actual=passing.gap_s, unit="s",
        en=f"{leg.sortie.drone_id} and {other.sortie.drone_id} pass {where} about "
        f"{clock(passing.time_s)}, {passing.gap_s:.0f} s apart on one layer; {separation_s} s are "
        "kept.",
        zh=f"{leg.sortie.drone_id} 与 {other.sortie.drone_id} 约 {clock(passing.time_s)} "
        f"在同一高度层经过 {where}，相隔 {passing.gap_s:.0f} 秒，应相隔 {separation_s} 秒。",
    )  # fmt: skip


def _plane(case: Case) -> Proj:
    sites = list(case.sites.values())
    return Proj(
        proj="aeqd",
        lon_0=sum(site.lon_deg for site in sites) / len(sites),
        lat_0=sum(site.lat_deg for site in sites) / len(sites),
        ellps="WGS84",
    )


def _segments(case: Case, plane: Proj) -> list[Segment]:
    segments = []
    for leg in case.all_legs():
        if math.isinf(leg.cruise_s):
            continue
        lonlat = np.asarray(leg.flight.path_lonlat, dtype=np.float64)
        x_m, y_m = plane(lonlat[:, 0], lonlat[:, 1])
        time_s = leg.flight.takeoff_s + leg.flight.height_m_agl / leg.drone.climb_mps
        for idx, lasts_s in enumerate(leg.segments_s):
            if lasts_s <= 0.0:
                continue
            dx_m, dy_m = float(x_m[idx + 1] - x_m[idx]), float(y_m[idx + 1] - y_m[idx])
            segments.append(
                Segment(leg, float(x_m[idx]), float(y_m[idx]), dx_m, dy_m, time_s, time_s + lasts_s)
            )
            time_s += lasts_s
    return sorted(segments, key=lambda segment: segment.start_s)


def _candidates(segments: list[Segment], separation_s: float) -> Iterator[tuple[Segment, Segment]]:
    """Pairs of different drones on one layer that are near in time and whose boxes are near."""
    starts_s = np.array([segment.start_s for segment in segments])
    ends = np.array(
        [(one.x_m, one.y_m, one.x_m + one.dx_m, one.y_m + one.dy_m) for one in segments]
    )
    if not len(ends):
        return
    low = np.minimum(ends[:, :2], ends[:, 2:]) - CORRIDOR_M
    high = np.maximum(ends[:, :2], ends[:, 2:]) + CORRIDOR_M
    for idx, segment in enumerate(segments):
        until = int(np.searchsorted(starts_s, segment.end_s + separation_s, side="left"))
        after = slice(idx + 1, until)
        is_near = ((low[after] <= high[idx]) & (high[after] >= low[idx])).all(axis=1)
        for offset in np.flatnonzero(is_near):
            other = segments[idx + 1 + int(offset)]
            if _must_keep_apart(segment.leg, other.leg):
                yield segment, other


def _must_keep_apart(leg: Leg, other: Leg) -> bool:
    height_gap_m = abs(leg.flight.height_m_agl - other.flight.height_m_agl)
    is_one_layer = leg.flight.layer == other.flight.layer or height_gap_m < LAYER_GAP_M
    return is_one_layer and leg.sortie.drone_id != other.sortie.drone_id


def _shared_pads(
    pads: dict[str, tuple[float, float]], leg: Leg, other: Leg
) -> list[tuple[float, float]]:
    here = {stop.site_id for stop in leg.sortie.stops[leg.idx : leg.idx + 2]}
    there = {stop.site_id for stop in other.sortie.stops[other.idx : other.idx + 2]}
    return [pads[site_id] for site_id in here & there]


def _closest_pass(
    one: Segment, other: Segment, shared_pads: list[tuple[float, float]]
) -> Pass | None:
    """The tightest pass on two segments; None where they share no corridor."""
    best: Pass | None = None
    for start, end in _corridor_spans(one, other):
        for low, high in _outside(one, shared_pads, (start, end)):
            gaps = [_gap_s(one, other, share) for share in (low, high)]
            # The gap is linear between the ends: it is least at an end, or 0 where it changes sign.
            if gaps[0] * gaps[1] < 0.0:
                share, gap_s = low + (high - low) * gaps[0] / (gaps[0] - gaps[1]), 0.0
            else:
                gap_s, share = min((abs(gaps[0]), low), (abs(gaps[1]), high))
            if best is None or gap_s < best.gap_s:
                x_m, y_m = one.x_m + share * one.dx_m, one.y_m + share * one.dy_m
                best = Pass(gap_s, one.start_s + share * (one.end_s - one.start_s), x_m, y_m)
    return best


def _along(one: Segment, other: Segment, share: float) -> float:
    """Where on ``other`` (0-1 of its length, unclamped) a point of ``one`` stands opposite."""
    x_m = one.x_m + share * one.dx_m - other.x_m
    y_m = one.y_m + share * one.dy_m - other.y_m
    return (x_m * other.dx_m + y_m * other.dy_m) / (other.dx_m**2 + other.dy_m**2)


def _gap_s(one: Segment, other: Segment, share: float) -> float:
    opposite = min(1.0, max(0.0, _along(one, other, share)))
    passes_s = other.start_s + opposite * (other.end_s - other.start_s)
    return one.start_s + share * (one.end_s - one.start_s) - passes_s


def _corridor_spans(one: Segment, other: Segment) -> Iterator[Span]:
    """Spans of ``one`` (0-1 of its length) within the corridor of ``other``.

    Between the points opposite the other's ends the squared distance is quadratic in the share
    flown, so each span follows from one square root.
    """
    if other.dx_m**2 + other.dy_m**2 == 0.0 or one.dx_m**2 + one.dy_m**2 == 0.0:
        return
    first, last = _along(one, other, 0.0), _along(one, other, 1.0)
    cuts = [0.0, 1.0]
    if first != last:
        cuts += [share for end in (0.0, 1.0) if 0.0 < (share := (end - first) / (last - first)) < 1]
    cuts.sort()
    for low, high in pairwise(cuts):
        middle = _along(one, other, (low + high) / 2.0)
        if 0.0 <= middle <= 1.0:
            span = _near_line(one, other)
        else:
            end = 0.0 if middle < 0.0 else 1.0
            point = (other.x_m + end * other.dx_m, other.y_m + end * other.dy_m)
            span = _near_point(one, point, CORRIDOR_M)
        if span is not None and max(low, span[0]) < min(high, span[1]):
            yield max(low, span[0]), min(high, span[1])


def _near_line(one: Segment, other: Segment) -> Span | None:
    """Shares of ``one`` within the corridor of the endless line through ``other``."""
    length_m = math.hypot(other.dx_m, other.dy_m)
    x_m, y_m = one.x_m - other.x_m, one.y_m - other.y_m
    off_m = (x_m * other.dy_m - y_m * other.dx_m) / length_m
    slope_m = (one.dx_m * other.dy_m - one.dy_m * other.dx_m) / length_m
    if abs(slope_m) < 1e-9:
        return (0.0, 1.0) if abs(off_m) <= CORRIDOR_M else None
    shares = sorted(((-CORRIDOR_M - off_m) / slope_m, (CORRIDOR_M - off_m) / slope_m))
    return shares[0], shares[1]


def _near_point(one: Segment, point: tuple[float, float], radius_m: float) -> Span | None:
    """Shares of ``one`` within a radius of a point: the roots of a quadratic."""
    x_m, y_m = one.x_m - point[0], one.y_m - point[1]
    square = one.dx_m**2 + one.dy_m**2
    half = x_m * one.dx_m + y_m * one.dy_m
    root = half**2 - square * (x_m**2 + y_m**2 - radius_m**2)
    if root <= 0.0:
        return None
    return (-half - math.sqrt(root)) / square, (-half + math.sqrt(root)) / square


def _outside(one: Segment, pads: list[tuple[float, float]], span: Span) -> list[Span]:
    """What is left of a span outside the surroundings of shared pads."""
    spans = [span]
    for pad in pads:
        near = _near_point(one, pad, SHARED_PAD_M)
        if near is None:
            continue
        spans = [
            piece
            for low, high in spans
            for piece in ((low, min(high, near[0])), (max(low, near[1]), high))
            if piece[0] < piece[1]
        ]
    return spans
