"""R6 ``drones``: what one drone does in a day."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from routing.checker.case import Case
from routing.checker.violation import RULES, Place, Violation, clock
from routing.network import Drone
from routing.plan import Sortie

RULE = RULES["R6"]


def check_drones(case: Case) -> Iterator[Violation]:
    """Sorties that overlap, follow too soon, start elsewhere, leave the duty or last too long."""
    for drone_id, sorties in case.sorties_by_drone().items():
        drone = case.drones[drone_id]
        turnaround_s = case.network.drone_types[drone.type_id].turnaround_s
        for before, after in pairwise(sorties):
            yield from _check_gap(before, after, turnaround_s)
            yield from _check_start(after, before.stops[-1].site_id)
        yield from _check_start(sorties[0], drone.home_site_id)
        if case.network.rules.must_return_home and not _is_out(case, drone, sorties[-1]):
            yield from _check_home(drone, sorties[-1])
        for sortie in sorties:
            yield from _check_duty(drone, sortie)
            yield from _check_duration(case, sortie)


def _is_out(case: Case, drone: Drone, last: Sortie) -> bool:
    """Whether its last sortie is fixed and its duty is over before anything else takes off.

    Such a drone dropped out during the day where it stood: no plan can bring it home. Where nothing
    else takes off, its duty must be over before it could.
    """
    ready_s = last.end_s + case.network.drone_types[drone.type_id].turnaround_s
    later = min((one.start_s for one in case.sorties if not one.is_fixed), default=ready_s)
    return last.is_fixed and drone.duty.end_s <= later


def _check_gap(before: Sortie, after: Sortie, turnaround_s: int) -> Iterator[Violation]:
    gap_s = after.start_s - before.end_s
    place = Place(after.id, before.id, drone_id=after.drone_id)
    if gap_s < 0:
        yield RULE.broken(
            "overlap", place, limit=before.end_s, actual=after.start_s, unit="s",
            en=f"Takes off at {clock(after.start_s)} while sortie {before.id} lasts until "
            f"{clock(before.end_s)}.",
            zh=f"{clock(after.start_s)} 起飞，而架次 {before.id} 到 {clock(before.end_s)} 才结束。",
        )  # fmt: skip
    elif gap_s < turnaround_s:
        yield RULE.broken(
            "turnaround", place, limit=turnaround_s, actual=gap_s, unit="s",
            en=f"{gap_s} s after the landing of sortie {before.id}; the turnaround takes "
            f"{turnaround_s} s.",
            zh=f"距架次 {before.id} 降落仅 {gap_s} 秒，周转需要 {turnaround_s} 秒。",
        )  # fmt: skip


def _check_start(sortie: Sortie, where: str) -> Iterator[Violation]:
    site_id = sortie.stops[0].site_id
    if site_id != where:
        place = Place(sortie.id, stop=0, site_id=site_id, drone_id=sortie.drone_id)
        yield RULE.broken(
            "start", place, limit=where, actual=site_id, unit="",
            en=f"Starts at {site_id}; the drone is at {where}.",
            zh=f"从 {site_id} 起飞，而无人机在 {where}。",
        )  # fmt: skip


def _check_home(drone: Drone, sortie: Sortie) -> Iterator[Violation]:
    site_id = sortie.stops[-1].site_id
    if site_id != drone.home_site_id:
        yield RULE.broken(
            "home", Place(sortie.id, site_id=site_id, drone_id=drone.id), limit=drone.home_site_id,
            actual=site_id, unit="",
            en=f"Ends the day at {site_id}; it must return to {drone.home_site_id}.",
            zh=f"当日结束于 {site_id}，应返回 {drone.home_site_id}。",
        )  # fmt: skip


def _check_duty(drone: Drone, sortie: Sortie) -> Iterator[Violation]:
    place = Place(sortie.id, drone_id=drone.id)
    if sortie.start_s < drone.duty.start_s:
        yield RULE.broken(
            "duty-start", place, limit=drone.duty.start_s, actual=sortie.start_s, unit="s",
            en=f"Takes off at {clock(sortie.start_s)}; duty starts at "
            f"{clock(drone.duty.start_s)}.",
            zh=f"{clock(sortie.start_s)} 起飞，早于值勤开始 {clock(drone.duty.start_s)}。",
        )  # fmt: skip
    if sortie.end_s > drone.duty.end_s:
        yield RULE.broken(
            "duty-end", place, limit=drone.duty.end_s, actual=sortie.end_s, unit="s",
            en=f"Lands at {clock(sortie.end_s)}; duty ends at {clock(drone.duty.end_s)}.",
            zh=f"{clock(sortie.end_s)} 降落，晚于值勤结束 {clock(drone.duty.end_s)}。",
        )  # fmt: skip


def _check_duration(case: Case, sortie: Sortie) -> Iterator[Violation]:
    limit_s = case.network.rules.sortie_max_s
    lasts_s = sortie.end_s - sortie.start_s
    if limit_s is not None and lasts_s > limit_s:
        yield RULE.broken(
            "duration", Place(sortie.id), limit=limit_s, actual=lasts_s, unit="s",
            en=f"The sortie lasts {lasts_s} s; at most {limit_s} s are allowed.",
            zh=f"架次历时 {lasts_s} 秒，最多允许 {limit_s} 秒。",
        )  # fmt: skip
