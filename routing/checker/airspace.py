"""R9 ``airspace``: ends of paths, zones, wind, temperature, rain, visibility and night.

A leg is judged by every weather period in force between its take-off and landing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from geo.weather import Weather, WeatherPeriod
from routing.checker.case import Case, Leg
from routing.checker.clearance import Clearances
from routing.checker.physics import distance_m
from routing.checker.violation import RULES, Place, Violation, clock

RULE = RULES["R9"]
PAD_TOLERANCE_M = 1.0
"""A path ends at its pad within the accuracy of the stated positions."""
DAY_S = 86_400


def check_airspace(case: Case) -> Iterator[Violation]:
    """Legs that leave from elsewhere, come near a zone, or fly in weather or dark not allowed."""
    clearances = Clearances(case.network, case.sites, case.relief)
    for leg in case.all_legs():
        yield from _check_ends(case, leg)
        yield from _check_zones(case, leg, clearances)
        yield from _check_weather(case.network.weather, leg)
        if not leg.drone.night_ok:
            yield from _check_night(case, leg)


def _check_ends(case: Case, leg: Leg) -> Iterator[Violation]:
    stops = leg.sortie.stops[leg.idx : leg.idx + 2]
    path = leg.flight.path_lonlat
    for check, stop, point in (
        ("path-start", stops[0], path[0]),
        ("path-end", stops[1], path[-1]),
    ):
        site = case.sites[stop.site_id]
        off_m = distance_m((site.lon_deg, site.lat_deg), (point[0], point[1]))
        if off_m > PAD_TOLERANCE_M:
            yield RULE.broken(
                check, Place(leg.sortie.id, leg=leg.idx, site_id=site.id), limit=PAD_TOLERANCE_M,
                actual=off_m, unit="m",
                en=f"The path {'starts' if check == 'path-start' else 'ends'} {off_m:.1f} m from "
                "the pad.",
                zh=f"航线{'起点' if check == 'path-start' else '终点'}距起降坪 {off_m:.1f} 米。",
            )  # fmt: skip


def _check_zones(case: Case, leg: Leg, clearances: Clearances) -> Iterator[Violation]:
    buffer_m = case.network.rules.zone_buffer_m
    for zone, clearance in clearances.near(leg):
        place = Place(leg.sortie.id, leg=leg.idx, zone_id=zone.id)
        span_en = f"{clock(leg.flight.takeoff_s)}-{clock(leg.flight.landing_s)}"
        if clearance.inside_m > 0.0:
            yield RULE.broken(
                "zone", place, limit=0.0, actual=clearance.inside_m, unit="m",
                en=f"{clearance.inside_m:.0f} m of the path lie inside zone {zone.name_en}, "
                f"active during the flight {span_en}.",
                zh=f"航线有 {clearance.inside_m:.0f} 米位于空域“{zone.name_zh}”内，"
                f"飞行时段 {span_en} 该空域有效。",
            )  # fmt: skip
        else:
            yield RULE.broken(
                "buffer", place, limit=buffer_m, actual=clearance.distance_m, unit="m",
                en=f"The path passes zone {zone.name_en} at {clearance.distance_m:.0f} m; "
                f"{buffer_m:.0f} m are kept.",
                zh=f"航线距空域“{zone.name_zh}” {clearance.distance_m:.0f} 米，"
                f"应保持 {buffer_m:.0f} 米。",
            )  # fmt: skip
    for zone, site in clearances.over_pads(leg):
        yield RULE.broken(
            "climb", Place(leg.sortie.id, leg=leg.idx, site_id=site.id, zone_id=zone.id),
            limit="clear", actual="inside", unit="",
            en=f"The climb or descent at {site.name_en} meets zone {zone.name_en}, active during "
            "the flight.",
            zh=f"在{site.name_zh}的爬升或下降穿过空域“{zone.name_zh}”，飞行时段该空域有效。",
        )  # fmt: skip


def _check_weather(weather: Weather, leg: Leg) -> Iterator[Violation]:
    drone = leg.drone
    if math.isinf(leg.cruise_s):
        yield RULE.broken(
            "head-wind", leg.place, limit=drone.cruise_mps, actual=leg.period.wind_mps, unit="mps",
            en=f"{drone.id} cannot hold this path at {drone.cruise_mps:.1f} m/s in a wind of "
            f"{leg.period.wind_mps:.1f} m/s from {leg.period.wind_from_deg:.0f} degrees.",
            zh=f"{leg.period.wind_from_deg:.0f} 度来风 {leg.period.wind_mps:.1f} 米/秒，"
            f"{drone.id} 以 {drone.cruise_mps:.1f} 米/秒无法飞行该航线。",
        )  # fmt: skip
    for period in _periods(weather, leg.flight.takeoff_s, leg.flight.landing_s):
        since = clock(period.start_s)
        for check, actual, limit, en, zh in (
            ("wind", period.wind_mps, drone.max_wind_mps, "The mean wind", "平均风速"),
            ("gust", period.gust_mps, drone.max_gust_mps, "The gust", "阵风"),
        ):
            if actual > limit:
                yield RULE.broken(
                    check, leg.place, limit=limit, actual=actual, unit="mps",
                    en=f"{en} of the period from {since} is {actual:.1f} m/s; {drone.id} flies up "
                    f"to {limit:.1f} m/s.",
                    zh=f"{since} 起的{zh}为 {actual:.1f} 米/秒，{drone.id} 限 {limit:.1f} 米/秒。",
                )  # fmt: skip
        low_c, high_c, air_c = drone.min_temp_c, drone.max_temp_c, period.temperature_c
        if not low_c <= air_c <= high_c:
            yield RULE.broken(
                "temperature", leg.place, limit=low_c if air_c < low_c else high_c, actual=air_c,
                unit="C",
                en=f"The air of the period from {since} has {air_c:.1f} C; {drone.id} flies from "
                f"{low_c:.1f} to {high_c:.1f} C.",
                zh=f"{since} 起气温 {air_c:.1f} ℃，{drone.id} 限 {low_c:.1f} 至 {high_c:.1f} ℃。",
            )  # fmt: skip
        yield from _check_wet_and_dim(period, leg)


def _check_wet_and_dim(period: WeatherPeriod, leg: Leg) -> Iterator[Violation]:
    drone, since = leg.drone, clock(period.start_s)
    if period.rain_mm_h > drone.max_rain_mm_h:
        yield RULE.broken(
            "rain", leg.place, limit=drone.max_rain_mm_h, actual=period.rain_mm_h, unit="mm/h",
            en=f"The rain of the period from {since} is {period.rain_mm_h:.1f} mm/h; {drone.id} "
            f"flies up to {drone.max_rain_mm_h:.1f} mm/h.",
            zh=f"{since} 起降雨 {period.rain_mm_h:.1f} 毫米/小时，{drone.id} 限 "
            f"{drone.max_rain_mm_h:.1f} 毫米/小时。",
        )  # fmt: skip
    if period.visibility_m < drone.min_visibility_m:
        yield RULE.broken(
            "visibility", leg.place, limit=drone.min_visibility_m, actual=period.visibility_m,
            unit="m",
            en=f"Visibility of the period from {since} is {period.visibility_m:.0f} m; {drone.id} "
            f"needs {drone.min_visibility_m:.0f} m.",
            zh=f"{since} 起能见度 {period.visibility_m:.0f} 米，{drone.id} 至少需 "
            f"{drone.min_visibility_m:.0f} 米。",
        )  # fmt: skip


def _periods(weather: Weather, start_s: float, end_s: float) -> list[WeatherPeriod]:
    """The periods in force at some time of a flight."""
    later = [period for period in weather.periods if start_s < period.start_s < end_s]
    return [weather.at(start_s), *later]


def _check_night(case: Case, leg: Leg) -> Iterator[Violation]:
    rules, flight = case.network.rules, leg.flight
    midnight_s = flight.takeoff_s // DAY_S * DAY_S
    sunrise_s, sunset_s = midnight_s + rules.sunrise_s, midnight_s + rules.sunset_s
    if flight.takeoff_s < sunrise_s:
        check, limit_s, actual_s = "sunrise", sunrise_s, flight.takeoff_s
        en = f"Takes off at {clock(actual_s)}, before sunrise at {clock(limit_s)}"
        zh = f"{clock(actual_s)} 起飞，早于日出 {clock(limit_s)}"
    elif flight.landing_s > sunset_s:
        check, limit_s, actual_s = "sunset", sunset_s, flight.landing_s
        en = f"Lands at {clock(actual_s)}, after sunset at {clock(limit_s)}"
        zh = f"{clock(actual_s)} 降落，晚于日落 {clock(limit_s)}"
    else:
        return
    yield RULE.broken(
        check, leg.place, limit=limit_s, actual=actual_s, unit="s",
        en=f"{en}; {leg.drone.id} may not fly at night.",
        zh=f"{zh}，{leg.drone.id} 不得夜间飞行。",
    )  # fmt: skip
