"""A plan's flights as lines in place and time, and as pieces to compare with each other.

Owns the drone's position in time while it flies: a climb above one pad, a cruise along the path,
a hover and a descent above the other pad. Does not know layers' choice or what is too close.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from geo.geodesy import Floats, LocalPlane, LonLat, measure_path
from geo.wind import segment_seconds
from routing.network import DroneType, Network
from routing.plan import Flight, Sortie

Indices = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


CUT_M = 300.0
"""Over terrain, pieces are no longer, so that each has about one height above the sea;"""
CUT_MARGIN_M = 250.0
"""and their heights are those of this much more to both ends: others cut elsewhere."""


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One flight in a metric plane.

    Attributes:
        sortie, leg: which flight: index of the sortie in the plan, index of the leg.
        drone: number of who flies it; climb_mps, error_m: of its type.
        takeoff_s, landing_s: as planned.
        xy_m: points of the path [n, 2]; after_s: seconds in cruise at each of them [n].
        pads_m: plane positions of both pads [2, 2]; pads: numbers of their sites.
        along_m: metres flown at each point of the path [n].
        base: over terrain, distances [p] and what the flight's height above the ground is counted
            from there [p]: its height above the sea less its height above ground. None over flat
            ground.
    """

    sortie: int
    leg: int
    drone: int
    climb_mps: float
    error_m: float
    takeoff_s: float
    landing_s: float
    xy_m: Floats
    after_s: Floats
    pads_m: Floats
    pads: tuple[int, int]
    along_m: Floats
    base: tuple[Floats, Floats] | None = None


class TrackMaker:
    """Tracks of one network's flights, each path measured once a drone type and weather period."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._types: Mapping[str, DroneType] = {
            drone.id: network.drone_types[drone.type_id] for drone in network.drones
        }
        self._drones = {drone.id: number for number, drone in enumerate(network.drones)}
        self._sites = {site.id: number for number, site in enumerate(network.sites)}
        lonlat = [(site.lon_deg, site.lat_deg) for site in network.sites]
        self.plane = LocalPlane.around(lonlat)
        self._pads_m = self.plane.to_plane(lonlat)
        self._flown: dict[tuple[tuple[LonLat, ...], str, int], tuple[Floats, Floats, Floats]] = {}

    def of_sortie(self, sortie: Sortie, idx: int) -> list[Track]:
        """The tracks of a sortie's flights."""
        drone = self._types[sortie.drone_id]
        tracks = []
        for leg, flight in enumerate(sortie.flights):
            xy_m, after_s, along_m = self._fly(flight, drone)
            pads = (self._sites[flight.origin], self._sites[flight.destination])
            tracks.append(
                Track(
                    sortie=idx,
                    leg=leg,
                    drone=self._drones[sortie.drone_id],
                    climb_mps=drone.climb_mps,
                    error_m=drone.navigation_error_m,
                    takeoff_s=float(flight.takeoff_s),
                    landing_s=float(flight.landing_s),
                    xy_m=xy_m,
                    after_s=after_s,
                    pads_m=self._pads_m[list(pads)],
                    pads=pads,
                    along_m=along_m,
                    base=_base_of(flight),
                )
            )
        return tracks

    def _fly(self, flight: Flight, drone: DroneType) -> tuple[Floats, Floats, Floats]:
        period = self._network.weather.at(flight.takeoff_s)
        key = (flight.path_lonlat, drone.id, period.start_s)
        if key not in self._flown:
            length_m, track_deg = measure_path(flight.path_lonlat)
            seconds = segment_seconds(
                length_m,
                track_deg,
                airspeed_mps=drone.cruise_mps,
                wind_mps=period.wind_mps,
                wind_from_deg=period.wind_from_deg,
            )
            xy_m = self.plane.to_plane(np.asarray(flight.path_lonlat))
            after_s, along_m = (np.append(0.0, np.cumsum(part)) for part in (seconds, length_m))
            self._flown[key] = (xy_m, after_s, along_m)
        return self._flown[key]


def _base_of(flight: Flight) -> tuple[Floats, Floats] | None:
    if not flight.profile:
        return None
    at_m, height_m = np.asarray(flight.profile).T
    return at_m, height_m - flight.height_m_agl


def cut_track(track: Track, heights_m: tuple[float, float]) -> Floats:
    """The straight pieces of a track: climb, cruise, descent.

    Args:
        track: any.
        heights_m: least and greatest height it may fly at; a climb or descent holds its place for
            as long as any of them takes.

    Returns:
        [k, 9]: start x and y, extent x and y in metres; start and end in seconds, with the cruise
        beginning at take-off (the climb to a layer comes on top); 1 where it climbs or descends;
        the least and greatest base of its height (see ``Track``), 0 over flat ground.
    """
    low_s, high_s = (height_m / track.climb_mps for height_m in heights_m)
    times_s = track.takeoff_s + track.after_s
    steps_m = np.diff(track.xy_m, axis=0)
    upright = np.zeros(len(steps_m))
    cruise = np.column_stack([track.xy_m[:-1], steps_m, times_s[:-1], times_s[1:], upright])
    hover_s = min(float(times_s[-1]) + low_s, track.landing_s)
    first, last = track.xy_m[0], track.xy_m[-1]
    ends = (0.0, 0.0) if track.base is None else (track.base[1][0], track.base[1][-1])
    climb = [*first, 0.0, 0.0, track.takeoff_s, track.takeoff_s + high_s, 1.0, ends[0], ends[0]]
    descent = [*last, 0.0, 0.0, hover_s, track.landing_s, 1.0, ends[1], ends[1]]
    level = _cut_by_height(track, cruise)
    return np.vstack([climb, level[(level[:, 2:4] != 0.0).any(axis=1)], descent])


def _cut_by_height(track: Track, cruise: Floats) -> Floats:
    """Cruising pieces with the range of their bases; over terrain cut short to keep it small."""
    if track.base is None:
        return np.column_stack([cruise, np.zeros((len(cruise), 2))])
    at_m, base_m = track.base
    counts = np.maximum(1, np.ceil(np.diff(track.along_m) / CUT_M).astype(np.int64))
    row = np.repeat(np.arange(len(cruise)), counts)
    share = np.concatenate([np.arange(count) / count for count in counts])
    part = (1.0 / counts)[row]
    length_m, whole = np.diff(track.along_m)[row], cruise[row]
    cut = whole.copy()
    cut[:, :2] += share[:, None] * whole[:, 2:4]
    cut[:, 2:4] *= part[:, None]
    lasts_s = whole[:, 5] - whole[:, 4]
    cut[:, 4] += share * lasts_s
    cut[:, 5] = cut[:, 4] + part * lasts_s
    start_m = track.along_m[row] + share * length_m - CUT_MARGIN_M
    end_m = start_m + part * length_m + 2 * CUT_MARGIN_M
    edges = np.interp(np.stack([start_m, end_m]), at_m, base_m)
    inside = (at_m[None, :] > start_m[:, None]) & (at_m[None, :] < end_m[:, None])
    low_m = np.minimum(edges.min(axis=0), np.where(inside, base_m, np.inf).min(axis=1))
    high_m = np.maximum(edges.max(axis=0), np.where(inside, base_m, -np.inf).max(axis=1))
    return np.column_stack([cut, low_m, high_m])
