"""R8 ``pads``: pads that exist, one drone on a pad at a time, and a headway between movements.

A drone's own landing and take-off at a stop are one visit: the headway stands between movements
of different drones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from routing.checker.case import Case
from routing.checker.violation import RULES, Place, Violation, clock

RULE = RULES["R8"]


class Hold(NamedTuple):
    """A span in which a drone holds a pad."""

    start_s: float
    end_s: float
    drone_id: str
    sortie_id: str
    stop: int


class Movement(NamedTuple):
    """A landing or take-off at a pad."""

    time_s: float
    drone_id: str
    sortie_id: str
    stop: int


PadKey = tuple[str, int]


def check_pads(case: Case) -> Iterator[Violation]:
    """Pads that are not there, held by two drones, or used in quick succession."""
    holds, movements = _uses(case)
    for key in sorted(holds):
        pads = case.sites[key[0]].pads
        if not 0 <= key[1] < pads:
            yield from (_no_such_pad(key, pads, hold) for hold in holds[key])
        else:
            yield from _check_holds(key, holds[key])
            yield from _check_headway(key, movements[key], case.network.rules.headway_s)


def _uses(case: Case) -> tuple[dict[PadKey, list[Hold]], dict[PadKey, list[Movement]]]:
    rules = case.network.rules
    holds: defaultdict[PadKey, list[Hold]] = defaultdict(list)
    movements: defaultdict[PadKey, list[Movement]] = defaultdict(list)
    for sortie in case.sorties:
        for idx, stop in enumerate(sortie.stops):
            key = (stop.site_id, stop.pad)
            who = (sortie.drone_id, sortie.id, idx)
            for time_s in (stop.landing_s, stop.takeoff_s):
                if time_s is not None:
                    movements[key].append(Movement(time_s, *who))
            if stop.landing_s is None:
                takeoff_s = sortie.start_s
                holds[key].append(Hold(takeoff_s - rules.pad_prepare_s, takeoff_s, *who))
            elif stop.takeoff_s is None:
                holds[key].append(Hold(stop.landing_s, stop.landing_s + rules.pad_clear_s, *who))
            else:
                holds[key].append(Hold(stop.landing_s, stop.takeoff_s, *who))
    return dict(holds), dict(movements)


def _no_such_pad(key: PadKey, pads: int, hold: Hold) -> Violation:
    return RULE.broken(
        "index", Place(hold.sortie_id, stop=hold.stop, site_id=key[0], pad=key[1]), limit=pads,
        actual=key[1] + 1, unit="count",
        en=f"Pad {key[1]} (counted from 0) is not there; the site has {pads}.",
        zh=f"没有 {key[1]} 号起降坪（从0起编号），该站共有 {pads} 个。",
    )  # fmt: skip


def _check_holds(key: PadKey, holds: list[Hold]) -> Iterator[Violation]:
    current: list[Hold] = []
    for hold in sorted(holds):
        current = [held for held in current if held.end_s > hold.start_s]
        for held in current:
            if held.drone_id != hold.drone_id:
                yield RULE.broken(
                    "held",
                    Place(hold.sortie_id, held.sortie_id, stop=hold.stop, site_id=key[0],
                          pad=key[1]),
                    limit=held.end_s, actual=hold.start_s, unit="s",
                    en=f"{hold.drone_id} needs the pad from {clock(hold.start_s)}; "
                    f"{held.drone_id} holds it until {clock(held.end_s)}.",
                    zh=f"{hold.drone_id} 从 {clock(hold.start_s)} 起需用该坪，而 {held.drone_id} "
                    f"占用到 {clock(held.end_s)}。",
                )  # fmt: skip
        current.append(hold)


def _check_headway(key: PadKey, movements: list[Movement], headway_s: int) -> Iterator[Violation]:
    movements = sorted(movements)
    for idx, before in enumerate(movements):
        for after in movements[idx + 1 :]:
            gap_s = after.time_s - before.time_s
            if gap_s >= headway_s:
                break
            if after.drone_id != before.drone_id:
                yield RULE.broken(
                    "headway",
                    Place(after.sortie_id, before.sortie_id, stop=after.stop, site_id=key[0],
                          pad=key[1]),
                    limit=headway_s, actual=gap_s, unit="s",
                    en=f"Movements of {before.drone_id} at {clock(before.time_s)} and "
                    f"{after.drone_id} at {clock(after.time_s)} are {gap_s} s apart; the headway "
                    f"is {headway_s} s.",
                    zh=f"{before.drone_id}（{clock(before.time_s)}）与 {after.drone_id}"
                    f"（{clock(after.time_s)}）起降相隔 {gap_s} 秒，间隔应为 {headway_s} 秒。",
                )  # fmt: skip
