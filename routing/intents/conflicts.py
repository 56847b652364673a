"""Strategic conflict detection: which of our volumes share space and time with others'.

Owns the intersection of 4D volumes. Does not know files or plans. Volumes that only touch in time
do not conflict; outlines are laid into one plane, circles drawn from outside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.geodesy import LocalPlane
from routing.intents.volumes import Intent, Volume

QUAD_SEGMENTS = 32


@dataclass(frozen=True, slots=True)
class Conflict:
    """One of our sorties and another operator's intent in one place at one time.

    Attributes:
        sortie_id: ours; intent_id, manager: theirs.
        start_s, end_s: of the time that both volumes hold.
        lower_m_w84, upper_m_w84: of the heights that both hold.
        lon_deg, lat_deg: a point in both.
    """

    sortie_id: str
    intent_id: str
    manager: str
    start_s: float
    end_s: float
    lower_m_w84: float
    upper_m_w84: float
    lon_deg: float
    lat_deg: float


def lay_out(volume: Volume, plane: LocalPlane) -> BaseGeometry:
    """A volume's footprint in a plane; a circle is drawn around itself."""
    if volume.radius_m > 0.0:
        centre = shapely.Point(plane.to_plane([volume.centre_lonlat])[0])
        reach_m = volume.radius_m / math.cos(math.pi / (4 * QUAD_SEGMENTS))
        return centre.buffer(reach_m, quad_segs=QUAD_SEGMENTS)
    return shapely.make_valid(shapely.Polygon(plane.to_plane(volume.ring_lonlat)))


def find_conflicts(
    sorties: Mapping[str, Sequence[Volume]], others: Sequence[Intent], plane: LocalPlane
) -> tuple[Conflict, ...]:
    """The first conflict of every sortie with every intent, in order of time."""
    theirs = [
        (intent, volume, lay_out(volume, plane)) for intent in others for volume in intent.volumes
    ]
    if not theirs:
        return ()
    tree = shapely.STRtree([shape for _, _, shape in theirs])
    first: dict[tuple[str, str], Conflict] = {}
    for sortie_id, volumes in sorties.items():
        for volume in volumes:
            shape = lay_out(volume, plane)
            for n in np.sort(tree.query(shape, predicate="intersects")):
                intent, other, outline = theirs[int(n)]
                for found in _meet(sortie_id, volume, intent, other, plane, shape, outline):
                    key = (sortie_id, intent.id)
                    if key not in first or found.start_s < first[key].start_s:
                        first[key] = found
    return tuple(sorted(first.values(), key=lambda one: (one.start_s, one.sortie_id)))


def _meet(
    sortie_id: str,
    volume: Volume,
    intent: Intent,
    other: Volume,
    plane: LocalPlane,
    shape: BaseGeometry,
    outline: BaseGeometry,
) -> Iterator[Conflict]:
    start_s, end_s = max(volume.start_s, other.start_s), min(volume.end_s, other.end_s)
    low_m = max(volume.lower_m_w84, other.lower_m_w84)
    high_m = min(volume.upper_m_w84, other.upper_m_w84)
    if start_s >= end_s or low_m > high_m:
        return
    point = shape.intersection(outline).representative_point()
    lon_deg, lat_deg = plane.to_lonlat([(point.x, point.y)])[0]
    yield Conflict(
        sortie_id=sortie_id,
        intent_id=intent.id,
        manager=intent.manager,
        start_s=start_s,
        end_s=end_s,
        lower_m_w84=low_m,
        upper_m_w84=high_m,
        lon_deg=float(lon_deg),
        lat_deg=float(lat_deg),
    )
