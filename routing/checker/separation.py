"""R10 ``separation``: own sorties keep apart in the air, proven in place, height and time.

A drone climbs above its pad, is in its cruise layer from ``height / climb_mps`` after take-off for
the cruise time of its path, each segment at its own ground speed, then hovers and descends above
the other pad until it lands. Climb and descent hold every height up to the layer. Wherever two
drones come nearer than their two navigation errors and less than a layer apart in height, they
pass ``separation_s`` apart. Within 500 m of a pad that both use, R8 keeps them apart instead, and
so it does where neither cruises. ``separation_s`` 0 switches the rule off.

Heights are above the ground; over terrain they are above the sea: there a segment is cut into
pieces, each between the least and greatest height of its profile.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import accumulate, pairwise

import numpy as np
from pyproj import Proj

from routing.checker.case import Case, Leg
from routing.checker.passing import Pass, Segment, Span, closest_pass
from routing.checker.relief import Relief
from routing.checker.violation import RULES, Place, Violation, clock

RULE = RULES["R10"]
LAYER_GAP_M = 10.0
"""Heights nearer than this are one layer, whatever their layer ids say."""
HEIGHT_TOLERANCE_M = 1e-6
"""Rounding: 131.7 m is 10 m above 121.7 m."""
PIECE_M = 200.0
"""Over terrain, a piece of a flight has the heights of no more of its profile."""

LegPair = tuple[str, int, str, int]


def check_separation(case: Case) -> Iterator[Violation]:
    """Flights on no layer, and pairs of legs whose tightest pass is closer than the separation."""
    separation_s = case.network.rules.separation_s
    if separation_s <= 0:
        return
    yield from _check_layers(case)
    plane = _plane(case)
    for passing, leg, other in find_tight(case, plane, separation_s):
        if passing.gap_s < separation_s:
            yield _too_close(plane, passing, leg, other, separation_s)


def _check_layers(case: Case) -> Iterator[Violation]:
    layers = case.network.rules.layers_m_agl
    if not layers:
        return
    words = ", ".join(f"{height_m:g}" for height_m in layers)
    for leg in case.all_legs():
        flight = leg.flight
        is_known = 0 <= flight.layer < len(layers)
        if is_known and abs(flight.height_m_agl - layers[flight.layer]) <= HEIGHT_TOLERANCE_M:
            continue
        yield RULE.broken(
            "layer", leg.place, limit=f"{words} m",
            actual=f"layer {flight.layer}, {flight.height_m_agl:g} m", unit="",
            en=f"Flies at {flight.height_m_agl:g} m as layer {flight.layer}; the layers, counted "
            f"from 0, are {words} m.",
            zh=f"以 {flight.height_m_agl:g} 米、{flight.layer} 号层飞行；高度层（从0起）为 "
            f"{words} 米。",
        )  # fmt: skip


def find_tight(
    case: Case,
    plane: Proj,
    within_s: float,
    least_height_m: float = LAYER_GAP_M - HEIGHT_TOLERANCE_M,
) -> list[tuple[Pass, Leg, Leg]]:
    """The tightest pass of every two legs that pass within some seconds and metres of height."""
    pads = {site.id: plane(site.lon_deg, site.lat_deg) for site in case.sites.values()}
    tightest: dict[LegPair, tuple[Pass, Leg, Leg]] = {}
    for one, other in _candidates(_segments(case, plane), within_s, least_height_m):
        passing = closest_pass(one, other, _shared_pads(pads, one.leg, other.leg))
        if passing is None:
            continue
        key = (one.leg.sortie.id, one.leg.idx, other.leg.sortie.id, other.leg.idx)
        if key not in tightest or passing.gap_s < tightest[key][0].gap_s:
            tightest[key] = (passing, one.leg, other.leg)
    return list(tightest.values())


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
    segments = [
        segment
        for leg in case.all_legs()
        if not math.isinf(leg.cruise_s)
        for segment in _segments_of(leg, plane, case.relief)
    ]
    return sorted(segments, key=lambda segment: segment.start_s)


def _segments_of(leg: Leg, plane: Proj, relief: Relief | None) -> Iterator[Segment]:
    """Climb, cruise and descent of a leg, in order."""
    lonlat = np.asarray(leg.flight.path_lonlat, dtype=np.float64)
    x_m, y_m = (part.tolist() for part in plane(lonlat[:, 0], lonlat[:, 1]))
    height_m = leg.flight.height_m_agl
    takeoff_s, landing_s = leg.flight.takeoff_s, leg.flight.landing_s
    time_s = takeoff_s + height_m / leg.drone.climb_mps
    rise = _Rise(leg, relief)
    yield Segment(leg, x_m[0], y_m[0], 0.0, 0.0, takeoff_s, time_s, *rise.over_pad(0))
    for idx, lasts_s in enumerate(leg.segments_s):
        if lasts_s <= 0.0:
            continue
        dx_m, dy_m = x_m[idx + 1] - x_m[idx], y_m[idx + 1] - y_m[idx]
        pieces = rise.over_segment(idx)
        for k, (low_m, high_m) in enumerate(pieces):
            part, share = 1.0 / len(pieces), k / len(pieces)
            yield Segment(
                leg, x_m[idx] + share * dx_m, y_m[idx] + share * dy_m, part * dx_m, part * dy_m,
                time_s + share * lasts_s, time_s + (share + part) * lasts_s, low_m, high_m,
            )  # fmt: skip
        time_s += lasts_s
    yield Segment(leg, x_m[-1], y_m[-1], 0.0, 0.0, time_s, landing_s, *rise.over_pad(-1))


class _Rise:
    """Heights of a leg: above the ground, or over terrain above the sea, from its profile."""

    def __init__(self, leg: Leg, relief: Relief | None) -> None:
        self._height_m = leg.flight.height_m_agl
        self._profile = leg.flight.profile if relief is not None else ()
        lengths_m = [0.0] if relief is None else [0.0, *leg.track.lengths_m]
        self._along_m = list(accumulate(lengths_m))
        self._ground_m = [0.0, 0.0]
        if relief is not None:
            path = leg.flight.path_lonlat
            self._ground_m = relief.ground_m([path[0], path[-1]]).tolist()

    def over_pad(self, end: int) -> Span:
        """From the ground of the first (0) or last (-1) pad up to the flight above it."""
        if not self._profile:
            return 0.0, self._height_m
        return self._ground_m[end], self._profile[end][1]

    def over_segment(self, idx: int) -> list[Span]:
        """Least and greatest height of each of the equal pieces of a segment of the path."""
        if not self._profile:
            return [(self._height_m, self._height_m)]
        start_m, end_m = self._along_m[idx], self._along_m[idx + 1]
        count = max(1, math.ceil((end_m - start_m) / PIECE_M))
        edges = [start_m + (end_m - start_m) * k / count for k in range(count + 1)]
        at_m, heights_m = zip(*self._profile, strict=True)
        at_edges = np.interp(edges, at_m, heights_m).tolist()
        spans = []
        for k, (low, high) in enumerate(pairwise(edges)):
            inner = [height for at, height in self._profile if low < at < high]
            met = (at_edges[k], at_edges[k + 1], *inner)
            spans.append((min(met), max(met)))
        return spans


def _candidates(
    segments: list[Segment], within_s: float, least_height_m: float
) -> Iterator[tuple[Segment, Segment]]:
    """Pairs of different drones that are near in time and height and whose boxes are near."""
    starts_s = np.array([segment.start_s for segment in segments])
    ends = np.array(
        [(one.x_m, one.y_m, one.x_m + one.dx_m, one.y_m + one.dy_m) for one in segments]
    )
    if not len(ends):
        return
    errors_m = np.array([[one.leg.drone.navigation_error_m] for one in segments])
    heights_m = np.array([(one.low_m, one.high_m) for one in segments])
    low = np.minimum(ends[:, :2], ends[:, 2:]) - errors_m
    high = np.maximum(ends[:, :2], ends[:, 2:]) + errors_m
    for idx, segment in enumerate(segments):
        until = int(np.searchsorted(starts_s, segment.end_s + within_s, side="left"))
        after = slice(idx + 1, until)
        is_near = ((low[after] <= high[idx]) & (high[after] >= low[idx])).all(axis=1)
        is_near &= heights_m[after, 0] - segment.high_m < least_height_m
        is_near &= segment.low_m - heights_m[after, 1] < least_height_m
        for offset in np.flatnonzero(is_near):
            other = segments[idx + 1 + int(offset)]
            if segment.leg.sortie.drone_id != other.leg.sortie.drone_id:
                yield segment, other


def _shared_pads(
    pads: dict[str, tuple[float, float]], leg: Leg, other: Leg
) -> list[tuple[float, float]]:
    here = {stop.site_id for stop in leg.sortie.stops[leg.idx : leg.idx + 2]}
    there = {stop.site_id for stop in other.sortie.stops[other.idx : other.idx + 2]}
    return [pads[site_id] for site_id in here & there]
