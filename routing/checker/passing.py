"""How two drones pass each other: the least time between them where their corridors meet.

Owns the geometry of R10 in a metric plane. Does not know which pairs must be judged, nor what is
too close.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from routing.checker.case import Leg

SHARED_PAD_M = 500.0
"""Nearer than this to a pad that both use, R8 keeps drones apart."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece of a leg in a metric plane, flown from ``start_s`` to ``end_s``.

    A climb or descent has no length: it holds its place, from ``low_m`` to ``high_m``, all
    that time. Heights are above the ground, over terrain above the sea.
    """

    leg: Leg
    x_m: float
    y_m: float
    dx_m: float
    dy_m: float
    start_s: float
    end_s: float
    low_m: float
    high_m: float

    @property
    def is_upright(self) -> bool:
        """Whether it is a climb or descent."""
        return self.dx_m == 0.0 and self.dy_m == 0.0


class Pass(NamedTuple):
    """The tightest pass of two legs: seconds between them, when and where, metres of height."""

    gap_s: float
    time_s: float
    x_m: float
    y_m: float
    apart_m: float


def closest_pass(
    one: Segment, other: Segment, shared_pads: list[tuple[float, float]]
) -> Pass | None:
    """The tightest pass on two segments; None where they share no corridor."""
    if one.is_upright:
        one, other = other, one
    if one.is_upright:
        return None
    apart_m = max(0.0, one.low_m - other.high_m, other.low_m - one.high_m)
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
                time_s = one.start_s + share * (one.end_s - one.start_s)
                best = Pass(gap_s, time_s, x_m, y_m, apart_m)
    return best


def _along(one: Segment, other: Segment, share: float) -> float:
    """Where on ``other`` (0-1 of its length, unclamped) a point of ``one`` stands opposite."""
    x_m = one.x_m + share * one.dx_m - other.x_m
    y_m = one.y_m + share * one.dy_m - other.y_m
    return (x_m * other.dx_m + y_m * other.dy_m) / (other.dx_m**2 + other.dy_m**2)


def _gap_s(one: Segment, other: Segment, share: float) -> float:
    """Seconds from the other's pass to that of ``one``; 0 while the other climbs or descends."""
    passes_s = one.start_s + share * (one.end_s - one.start_s)
    if other.is_upright:
        return min(0.0, passes_s - other.start_s) + max(0.0, passes_s - other.end_s)
    opposite = min(1.0, max(0.0, _along(one, other, share)))
    return passes_s - other.start_s - opposite * (other.end_s - other.start_s)


def _corridor_spans(one: Segment, other: Segment) -> Iterator[Span]:
    """Spans of ``one`` (0-1 of its length) within the corridor of ``other``.

    Between the points opposite the other's ends the squared distance is quadratic in the share
    flown, so each span follows from one square root.
    """
    corridor_m = one.leg.drone.navigation_error_m + other.leg.drone.navigation_error_m
    if other.is_upright:
        span = _near_point(one, (other.x_m, other.y_m), corridor_m)
        if span is not None and max(0.0, span[0]) < min(1.0, span[1]):
            yield max(0.0, span[0]), min(1.0, span[1])
        return
    first, last = _along(one, other, 0.0), _along(one, other, 1.0)
    cuts = [0.0, 1.0]
    if first != last:
        cuts += [share for end in (0.0, 1.0) if 0.0 < (share := (end - first) / (last - first)) < 1]
    cuts.sort()
    for low, high in pairwise(cuts):
        middle = _along(one, other, (low + high) / 2.0)
        if 0.0 <= middle <= 1.0:
            span = _near_line(one, other, corridor_m)
        else:
            end = 0.0 if middle < 0.0 else 1.0
            point = (other.x_m + end * other.dx_m, other.y_m + end * other.dy_m)
            span = _near_point(one, point, corridor_m)
        if span is not None and max(low, span[0]) < min(high, span[1]):
            yield max(low, span[0]), min(high, span[1])


def _near_line(one: Segment, other: Segment, corridor_m: float) -> Span | None:
    """Shares of ``one`` within the corridor of the endless line through ``other``."""
    length_m = math.hypot(other.dx_m, other.dy_m)
    x_m, y_m = one.x_m - other.x_m, one.y_m - other.y_m
    off_m = (x_m * other.dy_m - y_m * other.dx_m) / length_m
    slope_m = (one.dx_m * other.dy_m - one.dy_m * other.dx_m) / length_m
    if abs(slope_m) < 1e-9:
        return (0.0, 1.0) if abs(off_m) <= corridor_m else None
    shares = sorted(((-corridor_m - off_m) / slope_m, (corridor_m - off_m) / slope_m))
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
