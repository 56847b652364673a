"""What a peer reads and writes: a day as plain arrays, and its answer as lists of stops.

Owns ``Sheet``, ``Answer`` and their files. Needs numpy and nothing of the program, so that peers
can live in an environment of their own. Times are whole seconds, masses whole grams.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
NO_LEG_S = 10_000_000
"""Flight time of a leg that is not flown."""
NO_LIMIT = 100_000_000
UNSERVED_COST = (100_000_000, 10_000_000, 1_000_000)
"""What leaving an order behind costs a peer, by tier (stat, urgent, routine)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A day with one drone type and every order between its hub and a site.

    Attributes:
        name: the day's name.
        travel: [S, S] flight seconds; handover: [S] seconds.
        energy: [S, S] millionths of a pack with ``safe_capacity`` and the box on board;
            energy_max: what a sortie may use; 0 when the day has no battery rule.
        home: [D] hub of each drone; start, end: [D] duty.
        turnaround: seconds from landing to the next take-off.
        capacity: grams; safe_capacity: a smaller load for which ``energy`` is an upper bound.
        slots: places in the box.
        sortie_cost: seconds; air_max: seconds in the air a sortie may last, 0 for no limit.
        is_sortie_a_vehicle: drones are unlimited, each flies one sortie (common ground C2).
        hub, site: [N] the two ends of each order; is_inward: [N] site to hub.
        mass, order_slots, tier: [N]; tier 0 stat, 1 urgent, 2 routine.
        ready: [N] earliest start of the pickup handover.
        due: [N] latest start of the delivery handover (the deadline less that handover).
        ride: [N] longest time on board, ``NO_LIMIT`` for none.
    """

    name: str
    travel: IntArray
    handover: IntArray
    energy: IntArray
    energy_max: int
    home: IntArray
    start: IntArray
    end: IntArray
    turnaround: int
    capacity: int
    safe_capacity: int
    slots: int
    sortie_cost: int
    air_max: int
    is_sortie_a_vehicle: bool
    hub: IntArray
    site: IntArray
    is_inward: npt.NDArray[np.bool_]
    mass: IntArray
    order_slots: IntArray
    tier: IntArray
    ready: IntArray
    due: IntArray
    ride: IntArray

    @property
    def num_orders(self) -> int:
        return int(self.mass.shape[0])

    @property
    def hubs(self) -> list[int]:
        """Sites that are some drone's home, rising."""
        return sorted({int(site) for site in self.home})


def as_sorties(sheet: Sheet) -> Sheet:
    """The day with one sortie a vehicle, drones unlimited and the battery as a safe limit.

    For peers whose limits count over all trips of a vehicle: each vehicle flies one sortie with at
    most ``safe_capacity`` on board. Who puts the sorties on the real drones is
    ``benchmarks.schedule``.
    """
    return replace(sheet, is_sortie_a_vehicle=True, capacity=sheet.safe_capacity)


def sortie_limit(sheet: Sheet) -> tuple[IntArray, int]:
    """[S, S] what a leg counts towards a sortie's limit, and the limit; 0 for no limit.

    With a battery: energy, in the seconds an average leg takes for it, rounded up; without:
    flight seconds.
    """
    if not sheet.energy_max:
        return sheet.travel, sheet.air_max
    flown = (sheet.travel > 0) & (sheet.travel < NO_LEG_S)
    scale = sheet.travel[flown].sum() / sheet.energy[flown].sum()
    legs = np.where(sheet.travel < NO_LEG_S, np.ceil(scale * sheet.energy), NO_LEG_S)
    return legs.astype(np.int64), int(scale * sheet.energy_max)


@dataclass(frozen=True, slots=True)
class Stop:
    """One landing place of a sortie: order indices loaded and unloaded there."""

    site: int
    loaded: tuple[int, ...] = ()
    unloaded: tuple[int, ...] = ()


Trip = tuple[Stop, ...]
"""A sortie from hub to hub: the first stop only loads, the last only unloads."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a peer found.

    Attributes:
        routes: drone -> its sorties in order of time.
        wall_s: seconds of the solve alone; first_s: until the first whole plan, None if unknown.
        progress: (seconds, peer's own cost) of improving plans, where the peer tells.
        remark: which rules the peer was given and how.
    """

    routes: tuple[tuple[Trip, ...], ...]
    wall_s: float
    first_s: float | None = None
    progress: tuple[tuple[float, float], ...] = ()
    remark: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def save_sheet(sheet: Sheet, path: Path) -> None:
    np.savez_compressed(path, **{f.name: np.asarray(getattr(sheet, f.name)) for f in fields(sheet)})


def load_sheet(path: Path) -> Sheet:
    with np.load(path) as stored:
        values: dict[str, Any] = {}
        for f in fields(Sheet):
            array = stored[f.name]
            values[f.name] = array if array.ndim else array.item()
    return Sheet(**values)


def save_answer(answer: Answer, path: Path) -> None:
    routes = [
        [[[s.site, list(s.loaded), list(s.unloaded)] for s in trip] for trip in trips]
        for trips in answer.routes
    ]
    record = {
        "routes": routes,
        "wall_s": answer.wall_s,
        "first_s": answer.first_s,
        "progress": answer.progress,
        "remark": answer.remark,
        "extra": answer.extra,
    }
    path.write_text(json.dumps(record), encoding="utf-8")


def load_answer(path: Path) -> Answer:
    record = json.loads(path.read_text(encoding="utf-8"))
    return Answer(
        routes=tuple(
            tuple(
                tuple(Stop(site, tuple(loaded), tuple(unloaded)) for site, loaded, unloaded in trip)
                for trip in trips
            )
            for trips in record["routes"]
        ),
        wall_s=record["wall_s"],
        first_s=record["first_s"],
        progress=tuple((t, c) for t, c in record["progress"]),
        remark=record["remark"],
        extra=record["extra"],
    )
