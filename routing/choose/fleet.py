"""The smallest fleet that meets a level of service, and the curve of service against drones.

Owns the search over sizes: drones are taken away (or added) one at a time, each time the one that
matters least (or helps most); then packs, chargers and pads are counted down. Each size is judged
by planning the days; a size is smallest in that one of anything less does not meet the level.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from routing.choose.value import Evaluator, Served
from routing.network import Network
from routing.whatif.changes import AddChargers, AddDrones, AddPacks, AddPads, Change

MOST_MORE = 8
"""Drones added at most above the fleet there is."""

Key = tuple[str, ...]
"""``(drones, base, type)``, ``(packs, base, type)``, ``(chargers, base)``, ``(pads, site)``."""


@dataclass(frozen=True, slots=True)
class Level:
    """A level of service: least share of routine orders on target, and of stat orders flown."""

    routine_on_target: float = 0.95
    stat_served: float = 1.0

    def is_met(self, served: Served) -> bool:
        """Whether days served like this meet it."""
        return (
            served.routine_on_target >= self.routine_on_target
            and served.stat_served >= self.stat_served
        )


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Service with a number of drones, the best fleet of that size that was found."""

    num_drones: int
    served: Served
    is_met: bool


@dataclass(frozen=True, slots=True)
class FleetSize:
    """The smallest fleet found.

    Attributes:
        level: what was asked for; is_met: whether any size met it.
        counts: how many of each: drones, packs, chargers, pads, by ``Key``.
        served: how the days fare with it.
        curve: service against drones, rising number.
        changes: from the network as it is to this fleet.
    """

    level: Level
    is_met: bool
    counts: Mapping[Key, int]
    served: Served
    curve: tuple[CurvePoint, ...]
    changes: tuple[Change, ...]

    def total(self, kind: str) -> int:
        """All ``drones``, ``packs``, ``chargers`` or ``pads``."""
        return sum(count for key, count in self.counts.items() if key[0] == kind)


def size_fleet(evaluator: Evaluator, level: Level | None = None) -> FleetSize:
    """The smallest fleet, packs, chargers and pads that meet a level of service.

    Args:
        evaluator: of the network and days; its iterations are the effort of each plan.
        level: default 95 % of routine orders on target and all stat orders.
    """
    return _Sizer(evaluator, level or Level()).size()


@dataclass(slots=True)
class _Sizer:
    evaluator: Evaluator
    level: Level
    base: dict[Key, int] = field(init=False)

    def __post_init__(self) -> None:
        self.base = count_fleet(self.evaluator.network)

    def size(self) -> FleetSize:
        fleets = self._fewer(self.base)
        if not any(self._is_met(fleet) for fleet in fleets):
            fleets = [*self._more(self.base), *fleets]
        curve = {self._drones(fleet): fleet for fleet in fleets}
        met = [number for number, fleet in curve.items() if self._is_met(fleet)]
        fleet = dict(curve[min(met)] if met else curve[max(curve)])
        if met:
            for kind in ("packs", "chargers", "pads"):
                self._count_down(fleet, kind)
        points = self._curve([curve[number] for number in sorted(curve)])
        changes = self._changes(fleet)
        return FleetSize(self.level, bool(met), fleet, self._served(fleet), points, changes)

    def _curve(self, fleets: Sequence[Mapping[Key, int]]) -> tuple[CurvePoint, ...]:
        """Service of each fleet, rising; each holds the one before, whose plan it can fly too."""
        points: list[CurvePoint] = []
        for fleet in fleets:
            served = self._served(fleet)
            before = points[-1].served if points else served
            best = max((before, served), key=lambda one: (one.stat_served, one.routine_on_target))
            points.append(CurvePoint(self._drones(fleet), best, self.level.is_met(best)))
        return tuple(points)

    def _fewer(self, fleet: dict[Key, int]) -> list[dict[Key, int]]:
        """The fleet and its best smaller ones, down to one drone."""
        fleets = [fleet]
        while self._drones(fleet) > 1:
            fleet = self._best(fleet, -1)
            fleets.append(fleet)
        return fleets

    def _more(self, fleet: dict[Key, int]) -> list[dict[Key, int]]:
        """The best larger fleets until the level is met; a drone more brings two packs."""
        fleets = []
        for _ in range(MOST_MORE):
            fleet = self._best(fleet, 1)
            fleets.append(fleet)
            if self._is_met(fleet):
                break
        return fleets

    def _best(self, fleet: dict[Key, int], step: int) -> dict[Key, int]:
        options = []
        for key, count in fleet.items():
            if key[0] == "drones" and count + step >= 0:
                changed = {**fleet, key: count + step}
                if step > 0:
                    packs = ("packs", *key[1:])
                    changed[packs] = changed.get(packs, 0) + 2
                options.append(changed)
        self.evaluator.prepare([self._changes(one) for one in options])
        return max(options, key=lambda one: self.evaluator.worth(self._changes(one)))

    def _count_down(self, fleet: dict[Key, int], kind: str) -> None:
        """The fewest of each of a kind, one place after the other; one less is not enough."""
        for key in [key for key in fleet if key[0] == kind]:
            least = 1 if kind == "pads" else 0
            fleet[key] = _fewest(least, fleet[key], self._meets_with(fleet, key))

    def _meets_with(self, fleet: dict[Key, int], key: Key) -> Callable[[int], bool]:
        return lambda count: self._is_met({**fleet, key: count})

    def _changes(self, fleet: Mapping[Key, int]) -> tuple[Change, ...]:
        changes = []
        for key, count in fleet.items():
            more = count - self.base.get(key, 0)
            if more:
                changes.append(change_count(key, more))
        return tuple(changes)

    def _served(self, fleet: Mapping[Key, int]) -> Served:
        return self.evaluator.served(self._changes(fleet))

    def _is_met(self, fleet: Mapping[Key, int]) -> bool:
        return self.level.is_met(self._served(fleet))

    @staticmethod
    def _drones(fleet: Mapping[Key, int]) -> int:
        return sum(count for key, count in fleet.items() if key[0] == "drones")


def _fewest(least: int, most: int, meets: Callable[[int], bool]) -> int:
    """The least count that meets, by halving, then down while one less still meets."""
    low, high = least - 1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if meets(middle) else (middle, high)
    while high > least and meets(high - 1):
        high -= 1
    return high


def change_count(key: Key, more: int) -> Change:
    """The change that makes so many more of something, fewer when negative."""
    match key:
        case ("drones", base_id, type_id):
            return AddDrones(more, base_id, type_id)
        case ("packs", base_id, type_id):
            return AddPacks(more, base_id, type_id)
        case ("chargers", base_id):
            return AddChargers(more, base_id)
        case ("pads", site_id):
            return AddPads(more, site_id)
    raise ValueError(f"no such count: {key}")


def count_fleet(network: Network) -> dict[Key, int]:
    """How many drones, packs, chargers and pads a network has, and where."""
    counts: dict[Key, int] = {}
    for drone in network.drones:
        key = ("drones", drone.home_site_id, drone.type_id)
        counts[key] = counts.get(key, 0) + 1
    kinds = {drone.type_id for drone in network.drones}
    for base in network.bases:
        for type_id, number in base.packs.items():
            if type_id in kinds:
                counts["packs", base.site_id, type_id] = number
        counts["chargers", base.site_id] = base.chargers
    for site in network.sites:
        counts["pads", site.id] = site.pads
    return counts


def service_curve(points: Sequence[CurvePoint]) -> list[tuple[int, float, float, int]]:
    """Rows of the curve: drones, routine on target, stat flown (shares), orders left behind."""
    return [
        (one.num_drones, one.served.routine_on_target, one.served.stat_served, one.served.unserved)
        for one in points
    ]
