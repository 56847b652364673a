"""When a leg is flown along which path: take-off periods, and the zones met until landing.

Owns the cut of the day into periods and the choice of a path for every leg in each of them. Does
not know energy. A flight keeps clear of every zone active at any time between its take-off and
its landing, so the zones that open while it is still in the air count too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from geo.geodesy import LonLat
from geo.pathtable import PathTable
from geo.timedpaths import TimedPaths
from geo.weather import Weather

FloatArray = npt.NDArray[np.float64]

LOOK_AHEAD_STEP_S = 600
"""Before a zone opens, take-off periods are this short: each leg is judged by the last landing of
its period, so a leg may be held clear of a zone this much too early, and never too late."""
LOOK_AHEAD_S = 3600
"""How long before an opening such periods begin: a longer flight is judged by a longer one."""
LATEST_S = 4 * 86_400
"""End of the last period."""


@dataclass(frozen=True, slots=True, eq=False)
class LegPaths:
    """The path of every leg in one take-off period.

    Attributes:
        tables: path tables; choice: which of them each leg takes [from, to], None for the first.
    """

    tables: tuple[PathTable, ...]
    choice: npt.NDArray[np.int64] | None = None

    def path(self, i: int, j: int) -> tuple[LonLat, ...]:
        """WGS-84 polyline from site i to site j, both pads included; empty without a path."""
        return self.tables[0 if self.choice is None else int(self.choice[i, j])].path(i, j)

    def is_like(self, other: LegPaths) -> bool:
        """Whether every leg takes the same path of the same table."""
        if len(self.tables) != len(other.tables) or any(
            one is not two for one, two in zip(self.tables, other.tables, strict=True)
        ):
            return False
        if self.choice is None or other.choice is None:
            return self.choice is other.choice
        return bool(np.array_equal(self.choice, other.choice))


@dataclass(frozen=True, slots=True, eq=False)
class FlownLegs:
    """Legs of one drone type in one take-off period.

    Attributes:
        cruise_s: seconds in cruise [from, to], inf where no leg is flown; added_s: seconds that
            the ground adds to climb and descent; length_m: of the path.
    """

    cruise_s: FloatArray
    added_s: FloatArray
    length_m: FloatArray
    paths: LegPaths


LegsOf = Callable[[PathTable], tuple[FloatArray, FloatArray]]
FlightOf = Callable[[FloatArray, FloatArray], FloatArray]


def cut_periods(weather: Weather, timed: TimedPaths) -> tuple[tuple[int, int], ...]:
    """Take-off periods: cut where the weather or a zone changes, and finely before an opening."""
    first_s = weather.periods[0].start_s
    cuts = {period.start_s for period in weather.periods} | set(timed.changes_s)
    for opens_s in timed.openings_s:
        steps = range(LOOK_AHEAD_STEP_S, LOOK_AHEAD_S + 1, LOOK_AHEAD_STEP_S)
        cuts |= {opens_s - step_s for step_s in steps}
    starts = sorted({first_s} | {cut for cut in cuts if first_s < cut < LATEST_S})
    return tuple(zip(starts, [*starts[1:], LATEST_S], strict=True))


def choose_paths(
    span: tuple[int, int],
    timed: TimedPaths,
    legs_of: LegsOf,
    flight_of: FlightOf,
    after: Callable[[int], FloatArray],
) -> FlownLegs:
    """The path of every leg for take-offs in a span: around all zones met until landing.

    A leg whose flight from the end of the span would land after a zone opens is led around that
    zone as well. Where that leaves no path, and none is left either once the zone is open, the
    leg keeps the path it has until then: whoever flies it lands before.

    Args:
        span: (start_s, end_s) of take-offs.
        legs_of: seconds in cruise and added by the ground along the paths of a table; flight_of:
            flight times of those.
        after: seconds in cruise of the period that starts at an opening.
    """
    start_s, end_s = span
    limits = [float(s) for s in timed.openings_s if end_s <= s < LATEST_S] + [np.inf]
    tables = [timed.between(start_s, end_s)]
    first, first_added = legs_of(tables[0])
    cruise_s, added_s, length_m = first, first_added, tables[0].length_m
    choice = np.zeros(first.shape, dtype=np.int64)
    is_open = ~(end_s + flight_of(first, first_added) <= limits[0]) & np.isfinite(first)
    for opens_s, until_s in pairwise(limits):
        if not is_open.any():
            break
        table = timed.between(start_s, int(opens_s) + 1)
        around, around_added = legs_of(table)
        if table is not tables[-1]:
            tables.append(table)
        cruise_s = np.where(is_open, around, cruise_s)
        added_s = np.where(is_open, around_added, added_s)
        length_m = np.where(is_open, table.length_m, length_m)
        choice[is_open] = len(tables) - 1
        is_open &= ~(end_s + flight_of(around, around_added) <= until_s) & np.isfinite(around)
    if len(tables) == 1:
        return FlownLegs(first, first_added, length_m, LegPaths((tables[0],)))
    shut = np.isinf(cruise_s) & np.isfinite(first) & np.isinf(after(int(limits[0])))
    cruise_s = np.where(shut, first, cruise_s)
    added_s = np.where(shut, first_added, added_s)
    length_m = np.where(shut, tables[0].length_m, length_m)
    choice[shut] = 0
    return FlownLegs(cruise_s, added_s, length_m, LegPaths(tuple(tables), choice))


def drop_like(starts: Sequence[int], is_like: Callable[[int, int], bool]) -> list[int]:
    """Indices of the periods that differ from the last one kept."""
    kept = [0]
    for idx in range(1, len(starts)):
        if not is_like(kept[-1], idx):
            kept.append(idx)
    return kept
