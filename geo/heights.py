"""Heights and what they are above: the ground, mean sea level (a named geoid), the ellipsoid.

Owns the geoid and the conversions. Does not know terrain files, zones or paths. An altitude
without its datum is not a number here: names end in ``_m_agl``, ``_m_amsl`` or ``_m_w84``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geo.geodesy import Floats, LonLat

_SHANDONG = Path(__file__).with_name("egm96_shandong.csv")


class OutsideGeoidError(ValueError):
    """A place the geoid at hand does not cover."""


@dataclass(frozen=True, slots=True, eq=False)
class Geoid:
    """A geoid model on a regular grid.

    Attributes:
        name: the model; west_deg, north_deg: the first node; step_deg: the mesh.
        undulation_m: height of the geoid above the WGS-84 ellipsoid [from north, from west].
    """

    name: str
    west_deg: float
    north_deg: float
    step_deg: float
    undulation_m: Floats

    def at(self, lonlat: npt.ArrayLike) -> Floats:
        """Undulation in metres at WGS-84 points [n, 2], bilinear between nodes, [n].

        Raises:
            OutsideGeoidError: a point lies outside the grid; no height is guessed.
        """
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        column = (points[:, 0] - self.west_deg) / self.step_deg
        row = (self.north_deg - points[:, 1]) / self.step_deg
        rows, columns = self.undulation_m.shape
        inside = (column >= 0) & (column <= columns - 1) & (row >= 0) & (row <= rows - 1)
        if not inside.all():
            lon, lat = points[~inside][0]
            raise OutsideGeoidError(
                f"{self.name} covers {self.west_deg:g} to "
                f"{self.west_deg + (columns - 1) * self.step_deg:g} E and "
                f"{self.north_deg - (rows - 1) * self.step_deg:g} to {self.north_deg:g} N; "
                f"found {lon:.4f} E {lat:.4f} N; give a geoid for that place"
            )
        i = np.minimum(row.astype(int), rows - 2)
        j = np.minimum(column.astype(int), columns - 2)
        v, u = row - i, column - j
        z = self.undulation_m
        top = z[i, j] * (1 - u) + z[i, j + 1] * u
        bottom = z[i + 1, j] * (1 - u) + z[i + 1, j + 1] * u
        return np.asarray(top * (1 - v) + bottom * v)

    def to_w84(self, lonlat: npt.ArrayLike, height_m_amsl: npt.ArrayLike) -> Floats:
        """Heights above the ellipsoid of heights above mean sea level, [n]."""
        return np.asarray(height_m_amsl, dtype=np.float64) + self.at(lonlat)

    def to_amsl(self, lonlat: npt.ArrayLike, height_m_w84: npt.ArrayLike) -> Floats:
        """Heights above mean sea level of heights above the ellipsoid, [n]."""
        return np.asarray(height_m_w84, dtype=np.float64) - self.at(lonlat)


@cache
def egm96_shandong() -> Geoid:
    """EGM96 over Shandong and the sea around it (114 to 123 E, 34 to 39 N).

    China's own heights (1985 datum, Qingdao) differ from it by some decimetres; take that as part
    of the vertical error.
    """
    lines = [
        line.split(",")
        for line in _SHANDONG.read_text("ascii").splitlines()
        if not line.startswith("#")
    ]
    west, step = float(lines[0][1]), float(lines[0][2]) - float(lines[0][1])
    undulation_m = np.array([[float(value) for value in line[1:]] for line in lines[1:]])
    return Geoid("EGM96 (15 minutes, Shandong)", west, float(lines[1][0]), step, undulation_m)


@dataclass(frozen=True, slots=True)
class GroundRange:
    """Between which heights the ground of a network lies: enough to compare zones' limits safely.

    Attributes:
        lowest_m_amsl, highest_m_amsl: of all ground that is flown over.
        undulation_m: least and greatest undulation there; None when no geoid is at hand.
    """

    lowest_m_amsl: float
    highest_m_amsl: float
    undulation_m: tuple[float, float] | None = None

    @classmethod
    def of(cls, ground_m_amsl: npt.ArrayLike, lonlat: list[LonLat], geoid: Geoid) -> GroundRange:
        """The range of some ground heights, with the geoid at some places."""
        heights, above_m = np.asarray(ground_m_amsl, dtype=np.float64), geoid.at(lonlat)
        return cls(
            float(heights.min()),
            float(heights.max()),
            (float(above_m.min()), float(above_m.max())),
        )
