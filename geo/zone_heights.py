"""Which zones a flight over terrain meets: their limits against the ground below them.

Owns the comparison over a DEM and a geoid. Does not know paths. Limits above the ground are
compared as they are; limits above the sea or the ellipsoid through the ground and the geoid under
the zone. What cannot be compared counts as met, which is the safe side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from geo.heights import Geoid, GroundRange, OutsideGeoidError
from geo.obstacles import meets_heights
from geo.terrain import Terrain
from geo.zones import Zone

MARGIN_DEG = 0.02
"""Ground this far around a zone counts too: about 2 km, more than any buffer in use."""


def met_zones(
    zones: Iterable[Zone],
    terrain: Terrain,
    geoid: Geoid,
    *,
    height_m_agl: float,
    ceiling_m_agl: float,
) -> tuple[Zone, ...]:
    """The zones that flights between two heights above ground meet, without their limits.

    A zone that only the climb or descent meets keeps limits below the flights, so that it closes
    the pads inside it and nothing else. Zones that are not met are left out.
    """
    met = []
    for zone in zones:
        ground = ground_under(zone, terrain, geoid)
        if meets_heights(zone, height_m_agl, ceiling_m_agl, ground):
            met.append(replace(zone, lower_m=None, upper_m=None))
        elif meets_heights(zone, 0.0, height_m_agl, ground):
            upper_m = height_m_agl - 1.0
            met.append(replace(zone, lower_m=None, upper_m=upper_m, upper_datum="AGL"))
    return tuple(met)


def ground_under(zone: Zone, terrain: Terrain, geoid: Geoid) -> GroundRange | None:
    """Between which heights the ground lies under and around a zone; None where it is unknown."""
    lonlat = np.array([point for rings in zone.rings_lonlat for point in rings[0]])
    west, south = lonlat.min(axis=0) - MARGIN_DEG
    east, north = lonlat.max(axis=0) + MARGIN_DEG
    between = terrain.range_in(west, south, east, north)
    if between is None:
        return None
    corners = [(west, south), (east, south), (east, north), (west, north)]
    try:
        above_m = geoid.at(corners)
    except OutsideGeoidError:
        return GroundRange(*between)
    # The geoid is smooth: inside a county it stays within decimetres of its corners' range.
    return GroundRange(*between, (float(above_m.min()) - 0.5, float(above_m.max()) + 0.5))
