"""Others' intents as zones of the day: the planner flies around them, the checker proves it (R9).

Owns how much larger a zone is than the volume: by the size and the margins of our own volumes, so
that a plan that keeps clear of the zones conflicts with none of the volumes. Does not plan.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import shapely

from geo.geodesy import LocalPlane
from geo.zones import Zone
from routing.intents.conflicts import lay_out
from routing.intents.volumes import (
    ERRORS_WIDE,
    HEIGHT_MARGIN_M,
    TIME_MARGIN_S,
    Intent,
    Volume,
)
from routing.network import Network
from routing.reading.clock import DAY_S

SPARE_M = 2.0
"""Strips are square at their ends and planes differ: a little more than is needed."""


def plane_of(network: Network) -> LocalPlane:
    """The plane about a network's sites."""
    return LocalPlane.around([(site.lon_deg, site.lat_deg) for site in network.sites])


def avoid_intents(network: Network, intents: Sequence[Intent], source: str) -> Network:
    """The network with a prohibited zone, active in its time, for each volume of others.

    A volume's heights are above the ellipsoid; where they cannot be compared with a flight's
    height above ground the zone counts at every height. Volumes outside the service day and the
    night after it are left out.
    """
    plane = plane_of(network)
    errors_m = [drone.navigation_error_m for drone in network.drone_types.values()]
    # The corner of a strip is the square root of two farther out than its side.
    reach_m = ERRORS_WIDE * max(errors_m, default=0.0) * math.sqrt(2.0) + SPARE_M
    zones = [
        _zone(intent, n, volume, plane, reach_m, source)
        for intent in intents
        for n, volume in enumerate(intent.volumes, 1)
        if volume.end_s + TIME_MARGIN_S > 0 and volume.start_s - TIME_MARGIN_S < 2 * DAY_S
    ]
    return replace(network, zones=(*network.zones, *zones))


def _zone(
    intent: Intent, number: int, volume: Volume, plane: LocalPlane, reach_m: float, source: str
) -> Zone:
    outline = lay_out(volume, plane).buffer(reach_m, join_style="mitre", mitre_limit=2.0)
    parts = shapely.get_parts(outline)
    rings = tuple(
        (_ring(shapely.get_coordinates(part.exterior), plane),)
        for part in parts
        if part.geom_type == "Polygon"
    )
    start_s = math.floor(volume.start_s) - TIME_MARGIN_S - 1
    end_s = math.ceil(volume.end_s) + TIME_MARGIN_S + 1
    owner = intent.manager or intent.id
    return Zone(
        id=f"{intent.id}/{number}",
        name_zh=f"{owner} 的飞行意图",
        name_en=f"operational intent of {owner}",
        rule="prohibited",
        rings_lonlat=rings,
        lower_m=_finite(volume.lower_m_w84 - HEIGHT_MARGIN_M),
        lower_datum="W84",
        upper_m=_finite(volume.upper_m_w84 + HEIGHT_MARGIN_M),
        upper_datum="W84",
        active=((max(0, start_s), max(1, end_s)),),
        source=source,
    )


def _ring(xy_m: object, plane: LocalPlane) -> tuple[tuple[float, float], ...]:
    return tuple((float(lon), float(lat)) for lon, lat in plane.to_lonlat(xy_m))  # type: ignore[arg-type]


def _finite(height_m: float) -> float | None:
    return height_m if math.isfinite(height_m) else None
