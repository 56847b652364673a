"""The tightest pass of a day: where two drones of a plan come nearest to what R10 allows.

Owns the comparison of passes at the heights that a plan states. Judges nothing: that is the
checker's business, which computes the same another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.geodesy import Floats
from routing.network import Network
from routing.plan import Flight, Plan
from routing.separation.clashes import LAYER_GAP_M
from routing.separation.passes import Passes, find_passes
from routing.separation.tracks import TrackMaker, cut_track

WITHIN_S = 900.0
"""Drones that come by more than this apart do not pass each other."""


@dataclass(frozen=True, slots=True)
class TightestPass:
    """Two drones in one corridor, away from the pads that both use.

    Attributes:
        sortie_id, leg: the one that cruises there; other_sortie_id, other_leg: the other one.
        time_s: when the first is there; lon_deg, lat_deg: where, WGS-84.
        site_id, distance_m: the nearest site and how far away it is.
        gap_s: seconds between the two; apart_m: metres of height between them.
    """

    sortie_id: str
    leg: int
    other_sortie_id: str
    other_leg: int
    time_s: float
    lon_deg: float
    lat_deg: float
    site_id: str
    distance_m: float
    gap_s: float
    apart_m: float


def find_tightest(network: Network, plan: Plan) -> TightestPass | None:
    """The pass nearest to the limits: in time to ``separation_s``, or in height to a layer.

    Either keeps drones apart, so a pass is as tight as the better of the two; of equally tight
    ones the one with the fewest seconds is told. None where no drones pass within a quarter of an
    hour, the network asks for no separation, or a drone is not of its fleet.
    """
    separation_s = network.rules.separation_s
    fleet = {drone.id for drone in network.drones}
    if separation_s <= 0 or any(sortie.drone_id not in fleet for sortie in plan.sorties):
        return None
    maker = TrackMaker(network)
    flights: list[tuple[str, int, Flight]] = []
    tracks = []
    for idx, sortie in enumerate(plan.sorties):
        tracks += maker.of_sortie(sortie, idx)
        flights += [(sortie.id, leg, flight) for leg, flight in enumerate(sortie.flights)]
    pieces = [
        _at_height(cut_track(track, (flight.height_m_agl,) * 2), flight, track.climb_mps)
        for track, (_, _, flight) in zip(tracks, flights, strict=True)
    ]
    level = np.zeros(len(tracks))
    passes = find_passes(tracks, pieces, (level, level), WITHIN_S, margin_m=0.0)
    if not len(passes):
        return None
    gap_s = np.maximum(np.maximum(passes.low_s, -passes.high_s), 0.0)
    apart_m = _heights_apart(passes, [flight.height_m_agl for _, _, flight in flights])
    slack = np.maximum(gap_s / separation_s, apart_m / LAYER_GAP_M)
    n = int(np.lexsort((gap_s, np.round(slack, 6)))[0])
    lon_deg, lat_deg = maker.plane.to_lonlat(passes.xy_m[n : n + 1])[0]
    spots = maker.plane.to_plane([(site.lon_deg, site.lat_deg) for site in network.sites])
    away_m = np.hypot(*(spots - passes.xy_m[n]).T)
    one, other = flights[passes.one[n]], flights[passes.other[n]]
    return TightestPass(
        sortie_id=one[0],
        leg=one[1],
        other_sortie_id=other[0],
        other_leg=other[1],
        time_s=float(passes.time_s[n]),
        lon_deg=float(lon_deg),
        lat_deg=float(lat_deg),
        site_id=network.sites[int(away_m.argmin())].id,
        distance_m=float(away_m.min()),
        gap_s=float(gap_s[n]),
        apart_m=float(apart_m[n]),
    )


def _at_height(pieces: Floats, flight: Flight, climb_mps: float) -> Floats:
    """Pieces whose cruise begins after the climb to the flight's own height."""
    later = pieces.copy()
    later[pieces[:, 6] == 0.0, 4:6] += flight.height_m_agl / climb_mps
    return later


def _heights_apart(passes: Passes, heights_m: Sequence[float]) -> Floats:
    """Metres between the two: to the layer of one that cruises, or the top of a climb."""
    heights = np.asarray(heights_m)
    apart_m = heights[passes.one] - heights[passes.other]
    least_m, most_m = apart_m + passes.rise_m[:, 0], apart_m + passes.rise_m[:, 1]
    below_m = np.where(passes.is_upright, -np.inf, -most_m)
    return np.asarray(np.maximum(np.maximum(least_m, below_m), 0.0), dtype=np.float64)
