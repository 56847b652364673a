"""How soon a place could be served: minutes from labs and bases, over a grid, as areas and shares.

Owns the two times and the grid. Paths, wind and flight times are the leg table's, as if each grid
point were a site for a moment. Does not know orders or plans; every drone is free.

- ``bring``: a drone that has just landed at a base is turned round, loads there, flies to the
  place and hands over.
- ``fetch``: it flies there empty instead, loads, flies to the nearest laboratory and hands over.

Both within the energy of a sortie that ends at a base (R4.1, with ``LOAD_KG`` on board).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import Polygon, box, mapping

from geo.geodesy import LocalPlane
from geo.obstacles import is_active
from routing.legs import LegTable, build_legs
from routing.network import Network, Site, Window
from routing.reading.clock import DAY_S

Kind = Literal["fetch", "bring"]
KINDS: tuple[Kind, ...] = ("fetch", "bring")
MINUTES = (15, 30, 60)
LOAD_KG = 1.0
"""A consignment of a few racks of tubes, as the shipped orders have them."""
STEP_M = 2_000.0
MARGIN_M = 5_000.0
_CHUNK = 24
"""Places flown to at once: a table of all pairs grows with the square."""
_HANDOVER_S = 180


@dataclass(frozen=True, slots=True)
class Place:
    """A place to reach: a grid point, a site or a village; people where known."""

    id: str
    lon_deg: float
    lat_deg: float
    people: float | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """Least seconds to serve each place, inf where no drone can; in the order of the places."""

    places: tuple[Place, ...]
    seconds: Mapping[Kind, npt.NDArray[np.float64]]

    def share(self, kind: Kind, minutes: float) -> float:
        """Share of the places within so many minutes; NaN without places."""
        if not self.places:
            return math.nan
        return float((self.seconds[kind] <= 60 * minutes).mean())

    def people_share(self, kind: Kind, minutes: float) -> float | None:
        """Share of the people, None where no place says how many."""
        people = np.array([place.people or 0.0 for place in self.places])
        if not people.sum():
            return None
        return float(people[self.seconds[kind] <= 60 * minutes].sum() / people.sum())


@dataclass(frozen=True, slots=True)
class Coverage:
    """The reach of sites, of further places and of a grid, with the areas of the grid.

    Attributes:
        areas: GeoJSON features, one for each kind and number of minutes: the grid's cells within
            them (WGS-84), with properties ``kind``, ``minutes`` and ``share`` (of the cells).
        step_m: side of a grid cell; time_s: the time of day the wind is taken at.
    """

    sites: Reach
    places: Reach
    grid: Reach
    areas: tuple[Mapping[str, object], ...]
    step_m: float
    time_s: float

    def collection(self) -> dict[str, object]:
        """The areas as one GeoJSON feature collection."""
        return {"type": "FeatureCollection", "features": list(self.areas)}


def cover(
    network: Network,
    places: Sequence[Place] = (),
    *,
    step_m: float = STEP_M,
    time_s: float = 10 * 3600.0,
    minutes: Sequence[int] = MINUTES,
    cache_dir: Path | None = None,
) -> Coverage:
    """Who is how near, by the best drone type of the fleet.

    Args:
        network: its sites are measured too; labs are sites with a ``lab:`` service.
        places: further places, e.g. villages with their people.
        step_m: side of the grid's cells inside the outline (or around the sites without one).
        time_s: time of day; its weather and the zones active then count, and the terrain.
        minutes: of the areas.
        cache_dir: where paths are kept from run to run (``routing.legs.build_legs``).
    """
    sites = tuple(Place(site.id, site.lon_deg, site.lat_deg) for site in network.sites)
    grid, cells = lay_grid(network, step_m)
    everyone = measure_reach(network, [*sites, *places, *grid], time_s, cache_dir)
    first, second = len(sites), len(sites) + len(places)
    near_grid = _part(everyone, second, len(everyone.places))
    return Coverage(
        sites=_part(everyone, 0, first),
        places=_part(everyone, first, second),
        grid=near_grid,
        areas=tuple(
            _area(near_grid, cells, kind, number) for kind, number in product(KINDS, minutes)
        ),
        step_m=step_m,
        time_s=time_s,
    )


def _part(reach: Reach, start: int, end: int) -> Reach:
    seconds = {kind: reach.seconds[kind][start:end] for kind in KINDS}
    return Reach(reach.places[start:end], seconds)


def measure_reach(
    network: Network, places: Sequence[Place], time_s: float, cache_dir: Path | None = None
) -> Reach:
    """The two times of each place, from every base of the network."""
    rows: list[tuple[float, float]] = []
    for start in range(0, len(places), _CHUNK):
        chunk = tuple(places[start : start + _CHUNK])
        rows += _Chunk(network, chunk, time_s, cache_dir).times()
    table = np.array(rows, dtype=np.float64).reshape(-1, 2)
    return Reach(tuple(places), {"fetch": table[:, 0], "bring": table[:, 1]})


@dataclass(slots=True)
class _Chunk:
    """Some places, for a moment sites beside the bases and labs."""

    network: Network
    places: tuple[Place, ...]
    time_s: float
    cache_dir: Path | None = None
    anchors: tuple[Site, ...] = field(init=False)

    def __post_init__(self) -> None:
        bases = {base.site_id for base in self.network.bases}
        self.anchors = tuple(
            site for site in self.network.sites if site.id in bases or _is_lab(site)
        )

    def times(self) -> Iterator[tuple[float, float]]:
        points = tuple(_as_site(n, place) for n, place in enumerate(self.places))
        period = replace(self.network.weather.at(self.time_s), start_s=0)
        weather = replace(self.network.weather, periods=(period,))
        at_s = round(self.time_s)
        zones = tuple(
            replace(zone, active=())
            for zone in self.network.zones
            if is_active(zone, (at_s, at_s + 1))
        )
        there = replace(self.network, sites=(*self.anchors, *points), weather=weather, zones=zones)
        hubs = {site.id for site in self.anchors}
        tables = [rows[0] for rows in build_legs(there, self.cache_dir, hubs).tables.values()]
        for number in range(len(points)):
            at = len(self.anchors) + number
            options = [self._of_type(table, at) for table in tables]
            yield min(one[0] for one in options), min(one[1] for one in options)

    def _of_type(self, table: LegTable, at: int) -> tuple[float, float]:
        """Least ``fetch`` and ``bring`` of one drone type to the place with this index."""
        homes = [
            idx
            for idx, site in enumerate(self.anchors)
            if (base := self.network.base(site.id)) and base.packs.get(table.drone.id)
        ]
        ends = [idx for idx, site in enumerate(self.anchors) if self.network.base(site.id)]
        labs = [idx for idx, site in enumerate(self.anchors) if _is_lab(site)]
        back = min((table.energy_pack(at, end, 0.0) for end in ends), default=math.inf)
        bring = fetch = math.inf
        for home in homes:
            out_s = table.drone.turnaround_s + float(table.flight_s[home, at]) + _HANDOVER_S
            if table.energy_pack(home, at, LOAD_KG) + back <= table.usable_pack:
                bring = min(bring, out_s + self.anchors[home].handover_s)
            empty = table.energy_pack(home, at, 0.0)
            for lab in labs:
                onward = 0.0 if lab in ends else min(
                    (table.energy_pack(lab, end, 0.0) for end in ends), default=math.inf
                )  # fmt: skip
                if empty + table.energy_pack(at, lab, LOAD_KG) + onward <= table.usable_pack:
                    onto_s = float(table.flight_s[at, lab]) + self.anchors[lab].handover_s
                    fetch = min(fetch, out_s + onto_s)
        return fetch, bring


def _is_lab(site: Site) -> bool:
    return any(service.startswith("lab:") for service in site.services)


def _as_site(number: int, place: Place) -> Site:
    hours = (Window(0, 2 * DAY_S),)
    name = f"~{number}"
    return Site(
        name, "", "", "village", place.lon_deg, place.lat_deg, frozenset(), 1, hours, _HANDOVER_S
    )


def lay_grid(network: Network, step_m: float) -> tuple[list[Place], list[Polygon]]:
    """Centres and cells of a square grid inside the outline, or around the sites without one."""
    lonlat = [(site.lon_deg, site.lat_deg) for site in network.sites]
    plane = LocalPlane.around(lonlat)
    if network.outline_lonlat:
        inside = Polygon(plane.to_plane(np.asarray(network.outline_lonlat)))
    else:
        xy = plane.to_plane(np.asarray(lonlat))
        inside = box(*(xy.min(axis=0) - MARGIN_M), *(xy.max(axis=0) + MARGIN_M))
    inside = shapely.make_valid(inside)
    west, south, east, north = inside.bounds
    xs = np.arange(west + step_m / 2, east, step_m)
    ys = np.arange(south + step_m / 2, north, step_m)
    centres = np.array([xy for xy in product(xs, ys) if inside.contains(shapely.Point(xy))])
    centres = centres.reshape(-1, 2)
    half = step_m / 2
    places, cells = [], []
    for number, ((lon, lat), (x, y)) in enumerate(
        zip(plane.to_lonlat(centres), centres, strict=True)
    ):
        places.append(Place(f"cell-{number}", float(lon), float(lat)))
        corners = np.array([(x - half, y - half), (x + half, y - half),
                            (x + half, y + half), (x - half, y + half)])  # fmt: skip
        # Corners shared by neighbours must be equal to the last digit to melt into one area.
        cells.append(Polygon(np.round(plane.to_lonlat(corners), 7)))
    return places, cells


def _area(reach: Reach, cells: Sequence[Polygon], kind: Kind, minutes: int) -> dict[str, object]:
    near = reach.seconds[kind] <= 60 * minutes
    shape = shapely.union_all([cell for cell, is_near in zip(cells, near, strict=True) if is_near])
    return {
        "type": "Feature",
        "properties": {"kind": kind, "minutes": minutes, "share": reach.share(kind, minutes)},
        "geometry": mapping(shape),
    }
