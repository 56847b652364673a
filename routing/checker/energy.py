"""R4 ``energy``: usable energy of a sortie, and the reserve to divert from every landing."""

from __future__ import annotations

import math
from collections.abc import Iterator

from routing.checker.case import Case, Leg
from routing.checker.physics import (
    EARTH,
    flight_energy,
    measure_track,
    segment_seconds,
    vertical_seconds,
)
from routing.checker.violation import RULES, Place, Violation
from routing.plan import Sortie

RULE = RULES["R4"]
PACK_TOLERANCE = 1e-9
"""Rounding of floating-point sums, in packs."""

LonLat = tuple[float, float]


def check_energy(case: Case) -> Iterator[Violation]:
    """Sorties that use more than they may plan, or could not divert from a landing.

    Legs that no drone can fly in the wind are named by R9 and left out here.
    """
    nearest: dict[str, LonLat | None] = {}
    for sortie, legs in zip(case.sorties, case.legs, strict=True):
        if any(math.isinf(leg.cruise_s) for leg in legs):
            continue
        available = case.available_pack(sortie)
        yield from _check_sum(case, sortie, legs, available)
        if case.network.rules.has_diversion_reserve:
            yield from _check_diversions(case, legs, available, nearest)


def _check_sum(
    case: Case, sortie: Sortie, legs: tuple[Leg, ...], available: float
) -> Iterator[Violation]:
    used = math.fsum(leg.energy_pack for leg in legs)
    usable = available * (1.0 - case.network.rules.reserve_frac)
    if used > usable + PACK_TOLERANCE:
        yield RULE.broken(
            "usable", Place(sortie.id, pack_id=sortie.pack_id), limit=usable, actual=used,
            unit="pack",
            en=f"The sortie uses {used:.4f} packs; {usable:.4f} may be planned after the reserve.",
            zh=f"架次用电 {used:.4f} 组，扣除备用后可用 {usable:.4f} 组。",
        )  # fmt: skip


def _check_diversions(
    case: Case, legs: tuple[Leg, ...], available: float, nearest: dict[str, LonLat | None]
) -> Iterator[Violation]:
    used = 0.0
    for leg in legs:
        used += leg.energy_pack
        site_id = leg.sortie.stops[leg.idx + 1].site_id
        if site_id not in nearest:
            nearest[site_id] = _nearest_other(case, site_id)
        needed = used + _diversion(case, leg, site_id, nearest[site_id])
        if needed > available + PACK_TOLERANCE:
            place = Place(leg.sortie.id, leg=leg.idx, site_id=site_id)
            yield RULE.broken(
                "diversion", place, limit=available, actual=needed, unit="pack",
                en=f"Landing here and diverting to the nearest other site takes {needed:.4f} "
                f"packs; the pack holds {available:.4f}.",
                zh=f"飞抵此站后再备降到最近的其他站点需 {needed:.4f} 组电，"
                f"电池仅有 {available:.4f} 组。",
            )  # fmt: skip


def _nearest_other(case: Case, site_id: str) -> LonLat | None:
    here = case.sites[site_id]
    others = [site for site in case.sites.values() if site.id != site_id]
    if not others:
        return None
    lons, lats = [site.lon_deg for site in others], [site.lat_deg for site in others]
    count = len(others)
    lengths = EARTH.inv([here.lon_deg] * count, [here.lat_deg] * count, lons, lats)[2]
    best = min(range(count), key=lambda idx: float(lengths[idx]))
    return lons[best], lats[best]


def _diversion(case: Case, leg: Leg, site_id: str, refuge: LonLat | None) -> float:
    """Packs to fly on straight to the refuge, land and hover, with the load then on board."""
    if refuge is None:
        return math.inf
    here = case.sites[site_id]
    track = measure_track(((here.lon_deg, here.lat_deg), refuge))
    cruise_s = sum(segment_seconds(track, leg.drone.cruise_mps, leg.period))
    vertical_s = leg.vertical_s
    if case.relief is not None:
        ground_m = case.relief.along(((here.lon_deg, here.lat_deg), refuge))[2]
        top_m = float(ground_m.max()) + leg.flight.height_m_agl
        vertical_s = vertical_seconds(leg.drone, top_m - ground_m[0], top_m - ground_m[-1])
    hover_s = vertical_s + case.network.rules.diversion_hover_s
    return flight_energy(leg.drone, leg.load_kg, cruise_s, hover_s, leg.period.temperature_c)
