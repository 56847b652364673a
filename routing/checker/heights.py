"""R9 over terrain: least height, ceiling and obstacles, from each leg's stated profile."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyproj import Proj
from shapely import LineString, Point, points

from geo.terrain import Obstacle
from routing.checker.case import Case, Leg
from routing.checker.relief import Flown, Relief, undulation_m
from routing.checker.violation import RULES, Place, Violation

RULE = RULES["R9"]
HEIGHT_TOLERANCE_M = 0.5
"""Two looks at the same raster differ by this between their samples on ordinary ground."""


def check_heights(case: Case) -> Iterator[Violation]:
    """Legs over terrain that fly too low, too high, or too near an obstacle."""
    if case.relief is None:
        return
    tops = [(one, _top_m(one, case.relief)) for one in case.network.obstacles]
    for leg in case.all_legs():
        flown = case.relief.fly(leg.flight.path_lonlat, leg.flight.profile)
        yield from _check_band(case, leg, flown)
        for obstacle, top_m in tops:
            yield from _check_obstacle(case, leg, flown, obstacle, top_m)


def _check_band(case: Case, leg: Leg, flown: Flown) -> Iterator[Violation]:
    least_m, ceiling_m = leg.flight.height_m_agl, case.network.rules.ceiling_m_agl
    if np.isnan(flown.ground_m).any():
        yield RULE.broken(
            "ground", leg.place, limit="known", actual="unknown", unit="",
            en="The terrain holds no height below some of the path.",
            zh="航线部分区段没有地形高程。",
        )  # fmt: skip
        return
    low_m, high_m = float(flown.above_m.min()), float(flown.above_m.max())
    if low_m < least_m - HEIGHT_TOLERANCE_M:
        yield RULE.broken(
            "height", leg.place, limit=least_m, actual=low_m, unit="m",
            en=f"The flight comes down to {low_m:.1f} m above ground; {least_m:.0f} m are kept.",
            zh=f"飞行离地最低 {low_m:.1f} 米，应保持 {least_m:.0f} 米。",
        )  # fmt: skip
    if high_m > ceiling_m + HEIGHT_TOLERANCE_M:
        yield RULE.broken(
            "ceiling", leg.place, limit=ceiling_m, actual=high_m, unit="m",
            en=f"The flight rises to {high_m:.1f} m above ground, past the ceiling of "
            f"{ceiling_m:.0f} m.",
            zh=f"飞行离地最高 {high_m:.1f} 米，超过上限 {ceiling_m:.0f} 米。",
        )  # fmt: skip


def _check_obstacle(
    case: Case, leg: Leg, flown: Flown, obstacle: Obstacle, top_m: float
) -> Iterator[Violation]:
    rules = case.network.rules
    lons, lats = zip(*obstacle.lonlat, strict=True)
    reach_deg = rules.obstacle_lateral_m / 70_000.0
    lon, lat = flown.lonlat[:, 0], flown.lonlat[:, 1]
    around = (lon > min(lons) - reach_deg) & (lon < max(lons) + reach_deg)
    around &= (lat > min(lats) - reach_deg) & (lat < max(lats) + reach_deg)
    if not around.any():
        return
    plane = Proj(proj="aeqd", lon_0=lons[0], lat_0=lats[0], ellps="WGS84")
    laid = list(zip(*plane(lons, lats), strict=True))
    shape = Point(laid[0]) if len(laid) == 1 else LineString(laid)
    near = np.array([shape.distance(one) for one in points(np.column_stack(plane(lon, lat)))])
    beside = around & (near < rules.obstacle_lateral_m)
    if not beside.any():
        return
    over_m = float(flown.flight_m[beside].min()) - top_m
    if over_m < rules.obstacle_vertical_m - HEIGHT_TOLERANCE_M:
        yield RULE.broken(
            "obstacle", Place(leg.sortie.id, leg=leg.idx, zone_id=obstacle.id),
            limit=rules.obstacle_vertical_m, actual=over_m, unit="m",
            en=f"Passes obstacle {obstacle.name_en} {over_m:.1f} m above its top and within "
            f"{rules.obstacle_lateral_m:.0f} m; {rules.obstacle_vertical_m:.0f} m are kept.",
            zh=f"在障碍物“{obstacle.name_zh}” {rules.obstacle_lateral_m:.0f} 米内高出其顶端 "
            f"{over_m:.1f} 米，应保持 {rules.obstacle_vertical_m:.0f} 米。",
        )  # fmt: skip


def _top_m(obstacle: Obstacle, relief: Relief) -> float:
    """Top above mean sea level; infinite where it cannot be told, which no flight clears."""
    if obstacle.top_datum == "AMSL":
        return obstacle.top_m
    if obstacle.top_datum == "W84":
        above = [undulation_m(lon, lat) for lon, lat in obstacle.lonlat]
        known = [one for one in above if one is not None]
        return obstacle.top_m - min(known) if len(known) == len(above) else np.inf
    ground_m = (
        relief.along(obstacle.lonlat)[2]
        if len(obstacle.lonlat) > 1
        else relief.ground_m(obstacle.lonlat)
    )
    return float(ground_m.max()) + obstacle.top_m if not np.isnan(ground_m).any() else np.inf
