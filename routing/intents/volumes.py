"""Volumes of space and time that wholly contain a plan's flights.

Owns the value and how wide, high and long a flight's volumes are. Does not know the standard's
types (``routing.intents.f3548``).

A flight becomes a circle about each pad, from the ground to its layer, while it climbs or descends
there, and a strip about each straight piece of its path while it cruises along it; over terrain
the strips are cut, each between the heights that the profile has there.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from geo.geodesy import Floats, LocalPlane, LonLat
from geo.heights import Geoid, GroundRange, OutsideGeoidError, egm96_shandong
from routing.errors import Fault, InputError
from routing.network import Network
from routing.plan import Flight, Plan, Sortie
from routing.separation.tracks import Track, TrackMaker

ERRORS_WIDE = 2.0
"""Half the width of a strip, and the radius of a circle, in navigation errors of the drone: the
standard asks that 95 % of the flying lies inside. A design choice."""
TIME_MARGIN_S = 60
"""Added before and after every volume; a design choice."""
HEIGHT_MARGIN_M = 15.0
"""Added above and below every volume; a design choice."""


PART_M = 2_000.0
"""Over terrain a strip is no longer, so that it holds little height the drone does not fly at."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Volume:
    """A block of airspace for a span of time.

    Attributes:
        ring_lonlat: outline, not closed, WGS-84; empty for a circle.
        centre_lonlat, radius_m: the circle; the radius is 0 for an outline.
        lower_m_w84, upper_m_w84: heights above the WGS-84 ellipsoid.
        start_s, end_s: seconds since the service day's local midnight.
    """

    ring_lonlat: tuple[LonLat, ...]
    centre_lonlat: LonLat
    radius_m: float
    lower_m_w84: float
    upper_m_w84: float
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Intent:
    """A flight plan as others see it: who, what for, and its volumes.

    Attributes:
        id: unique; manager: who flies it; priority: higher goes first, 0 for ordinary.
    """

    id: str
    manager: str
    volumes: tuple[Volume, ...]
    priority: int = 0


def volumes_of(
    network: Network, plan: Plan, ground: GroundRange | None = None
) -> dict[str, tuple[Volume, ...]]:
    """The volumes of each sortie of a plan.

    Heights above ground become heights above the ellipsoid through the ground (the flight's own
    profile where the network has terrain, else ``ground``, else the heights stated for both pads)
    and the geoid EGM96.

    Args:
        network, plan: the day.
        ground: between which heights all ground flown over lies, for networks without terrain.

    Raises:
        InputError: pads whose ground nobody knows, or that lie where the geoid is not at hand.
    """
    geoid = egm96_shandong()
    _check_ground(network, plan, ground, geoid)
    maker = TrackMaker(network)
    heights = {site.id: site.ground_m_amsl for site in network.sites}
    found = {}
    for idx, sortie in enumerate(plan.sorties):
        volumes: list[Volume] = []
        for flight, track in zip(sortie.flights, maker.of_sortie(sortie, idx), strict=True):
            if network.terrain is not None and flight.profile:
                pads_m = network.terrain.at([flight.path_lonlat[0], flight.path_lonlat[-1]])
                rise = _Rise.of_profile(flight, track, (float(pads_m[0]), float(pads_m[1])))
            else:
                rise = _Rise.of_ground(flight, track, _ground_under(flight, heights, ground))
            volumes += _volumes(flight, track, maker.plane, rise, geoid)
        found[sortie.id] = tuple(volumes)
    return found


def _check_ground(network: Network, plan: Plan, ground: GroundRange | None, geoid: Geoid) -> None:
    sites = {site.id: site for site in network.sites}
    flown = {end for one in plan.sorties for end in _pads(one)}
    faults = []
    for site_id in sorted(flown):
        site = sites[site_id]
        if network.terrain is None and ground is None and site.ground_m_amsl is None:
            faults.append(
                Fault(
                    "intents.no-ground", "sites.csv", f"site {site_id}", "ground_m_amsl",
                    "a height above the ellipsoid needs the height of the ground", "nothing",
                    "state it, name a DEM under terrain:, or say --ground LOW,HIGH",
                )
            )  # fmt: skip
        try:
            geoid.at([(site.lon_deg, site.lat_deg)])
        except OutsideGeoidError as error:
            faults.append(
                Fault(
                    "intents.no-geoid", "sites.csv", f"site {site_id}", "lon, lat",
                    "must lie where the geoid is at hand", str(error),
                    "intents can be written for Shandong only",
                )
            )  # fmt: skip
    if faults:
        raise InputError(faults)


def _pads(sortie: Sortie) -> set[str]:
    return {stop.site_id for stop in sortie.stops}


def _ground_under(
    flight: Flight, heights: dict[str, float | None], ground: GroundRange | None
) -> tuple[float, float]:
    """Least and greatest height of the ground under a flight, above mean sea level."""
    if ground is not None:
        return ground.lowest_m_amsl, ground.highest_m_amsl
    ends = [heights[flight.origin], heights[flight.destination]]
    known = [height_m for height_m in ends if height_m is not None]
    return min(known), max(known)


@dataclass(frozen=True, slots=True)
class _Rise:
    """Heights above mean sea level of a flight.

    Attributes:
        pads_m: from the ground up to the flight above it, at either pad.
        parts: of each straight piece, (start share, end share, lowest, highest) of its parts.
    """

    pads_m: tuple[Span, Span]
    parts: tuple[tuple[tuple[float, float, float, float], ...], ...]

    @classmethod
    def of_ground(cls, flight: Flight, track: Track, ground: Span) -> _Rise:
        """Over ground between two heights."""
        pad = (ground[0], ground[1] + flight.height_m_agl)
        level = (0.0, 1.0, ground[0] + flight.height_m_agl, pad[1])
        return cls((pad, pad), ((level,),) * (len(track.xy_m) - 1))

    @classmethod
    def of_profile(cls, flight: Flight, track: Track, ground_m: Span) -> _Rise:
        """In a stated profile, in parts no longer than ``PART_M``."""
        at_m, height_m = np.asarray(flight.profile).T
        parts = []
        for start_m, end_m in itertools.pairwise(track.along_m):
            count = max(1, int(np.ceil((end_m - start_m) / PART_M)))
            edges = start_m + (end_m - start_m) * np.arange(count + 1) / count
            at_edges = np.interp(edges, at_m, height_m)
            part = []
            for k in range(count):
                inner = height_m[(at_m > edges[k]) & (at_m < edges[k + 1])]
                met = np.concatenate([at_edges[k : k + 2], inner])
                part.append((k / count, (k + 1) / count, float(met.min()), float(met.max())))
            parts.append(tuple(part))
        ends = (float(height_m[0]), float(height_m[-1]))
        return cls(((ground_m[0], ends[0]), (ground_m[1], ends[1])), tuple(parts))


def _volumes(
    flight: Flight, track: Track, plane: LocalPlane, rise: _Rise, geoid: Geoid
) -> Iterator[Volume]:
    wide_m = ERRORS_WIDE * track.error_m
    above = geoid.at(np.asarray(flight.path_lonlat))
    lift_m = (float(above.min()) - HEIGHT_MARGIN_M, float(above.max()) + HEIGHT_MARGIN_M)

    def w84(low_m: float, high_m: float) -> Span:
        return low_m + lift_m[0], high_m + lift_m[1]

    times_s = track.takeoff_s + flight.height_m_agl / track.climb_mps + track.after_s
    first, last = flight.path_lonlat[0], flight.path_lonlat[-1]
    yield _circle(first, wide_m, w84(*rise.pads_m[0]), track.takeoff_s, times_s[0])
    for n, (start_s, end_s) in enumerate(itertools.pairwise(times_s)):
        start, step = track.xy_m[n], track.xy_m[n + 1] - track.xy_m[n]
        for low, high, least_m, most_m in rise.parts[n]:
            ring = _strip(start + low * step, start + high * step, wide_m)
            if ring is None:
                continue
            corners = tuple((float(lon), float(lat)) for lon, lat in plane.to_lonlat(ring))
            times = _with_margin(
                start_s + low * (end_s - start_s), start_s + high * (end_s - start_s)
            )
            yield Volume(corners, corners[0], 0.0, *w84(least_m, most_m), *times)
    yield _circle(last, wide_m, w84(*rise.pads_m[1]), times_s[-1], track.landing_s)


def _circle(
    centre: LonLat, radius_m: float, span_m: tuple[float, float], start_s: float, end_s: float
) -> Volume:
    return Volume((), centre, radius_m, *span_m, *_with_margin(start_s, end_s))


def _with_margin(start_s: float, end_s: float) -> tuple[float, float]:
    return float(np.floor(start_s)) - TIME_MARGIN_S, float(np.ceil(end_s)) + TIME_MARGIN_S


def _strip(start_m: Floats, end_m: Floats, wide_m: float) -> Floats | None:
    """The corners about a straight piece, as far past its ends as beside it; None for a point."""
    along = end_m - start_m
    length_m = float(np.hypot(*along))
    if length_m == 0.0:
        return None
    ahead = along / length_m * wide_m
    aside = np.array([-ahead[1], ahead[0]])
    return np.array(
        [
            start_m - ahead - aside,
            end_m + ahead - aside,
            end_m + ahead + aside,
            start_m - ahead + aside,
        ]
    )


def span_of(volumes: Sequence[Volume]) -> tuple[float, float]:
    """First and last second of some volumes."""
    return min(one.start_s for one in volumes), max(one.end_s for one in volumes)
