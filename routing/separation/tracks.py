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


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One flight in a metric plane.

    Attributes:
        sortie, leg: which flight: index of the sortie in the plan, index of the leg.
        drone: number of who flies it; climb_mps, error_m: of its type.
        takeoff_s, landing_s: as planned.
        xy_m: points of the path [n, 2]; after_s: seconds in cruise at each of them [n].
        pads_m: plane positions of both pads [2, 2]; pads: numbers of their sites.
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
        self._flown: dict[tuple[tuple[LonLat, ...], str, int], tuple[Floats, Floats]] = {}

    def of_sortie(self, sortie: Sortie, idx: int) -> list[Track]:
        """The tracks of a sortie's flights."""
        drone = self._types[sortie.drone_id]
        tracks = []
        for leg, flight in enumerate(sortie.flights):
            xy_m, after_s = self._fly(flight, drone)
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
                )
            )
        return tracks

    def _fly(self, flight: Flight, drone: DroneType) -> tuple[Floats, Floats]:
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
            self._flown[key] = (xy_m, np.concatenate(([0.0], np.cumsum(seconds))))
        return self._flown[key]


def cut_track(track: Track, heights_m: tuple[float, float]) -> Floats:
    """The straight pieces of a track: climb, cruise, descent.

    Args:
        track: any.
        heights_m: least and greatest height it may fly at; a climb or descent holds its place for
            as long as any of them takes.

    Returns:
        [k, 7]: start x and y, extent x and y in metres; start and end in seconds, with the cruise
        beginning at take-off (the climb to a layer comes on top); 1 where it climbs or descends.
    """
    low_s, high_s = (height_m / track.climb_mps for height_m in heights_m)
    times_s = track.takeoff_s + track.after_s
    steps_m = np.diff(track.xy_m, axis=0)
    upright = np.zeros(len(steps_m))
    cruise = np.column_stack([track.xy_m[:-1], steps_m, times_s[:-1], times_s[1:], upright])
    hover_s = min(float(times_s[-1]) + low_s, track.landing_s)
    first, last = track.xy_m[0], track.xy_m[-1]
    climb = [*first, 0.0, 0.0, track.takeoff_s, track.takeoff_s + high_s, 1.0]
    descent = [*last, 0.0, 0.0, hover_s, track.landing_s, 1.0]
    return np.vstack([climb, cruise[(steps_m != 0.0).any(axis=1)], descent])
