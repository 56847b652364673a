"""Why an order cannot be flown even on an empty day, with every drone waiting for it.

Owns the proof: one limit at a time is lifted, and the one without which the order flies is the
binding one. Knows the leg tables; does not know other orders or the plan.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from geo.weather import Weather, WeatherPeriod
from routing.baseline.errand import Outline
from routing.closures import why_no_path
from routing.explain.chains import carrying_outlines
from routing.explain.trial import Fit, Trials, can_hold
from routing.legs import LegTable, LegTables, build_legs
from routing.network import Network, Window
from routing.orders import Order
from routing.plan import Plan
from routing.reading.clock import DAY_S

NO_DEADLINE_S = 3 * DAY_S
_ALL_DAY = (Window(-DAY_S, 4 * DAY_S),)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How far an order is out of range of the best drone.

    Attributes:
        short_m: how much shorter the sortie would have to be, at the energy a metre of its own.
        sortie_m: length of the least sortie that carries it; site_ids: its stops.
    """

    type_id: str
    short_m: float
    sortie_m: float
    site_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit without which an order could be flown on an empty day.

    Attributes:
        name: ``range``, ``ride``, ``night``, ``wind``, ``hours``, ``packs``, ``pilots``,
            ``duty``, ``deadline``; ``carriage`` and ``path`` where no flight is possible at all;
            ``several`` when no single one is enough.
        fit: the sorties that fly once the limit is lifted, None where none do.
        shortfall: for ``range``.
        shut: for ``path``: what stands in the way and when, in English and Chinese.
    """

    name: str
    fit: Fit | None = None
    shortfall: Shortfall | None = None
    shut: tuple[str, str] = ("", "")


@dataclass(slots=True)
class EmptyDay:
    """A network with nothing planned; trials are kept, because many orders ask the same."""

    network: Network
    legs: LegTables
    plan: Plan
    _trials: dict[str, Trials] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.plan = replace(self.plan, sorties=())

    def fit(self, order: Order) -> Fit | None:
        """The soonest receipt with every drone free."""
        return self._bench("plain").find_fit(order)

    def find_limit(self, order: Order) -> Limit:
        """The first limit, in the order of ``Limit.name``, that keeps an order from flying."""
        kinds = {drone.type_id for drone in self.network.drones}
        able = [kind for kind in kinds if can_hold(self.network.drone_types[kind], order)]
        if not able:
            return Limit("carriage")
        if not self._has_path(order, able):
            fit = self._bench("wind").find_fit(order) if self._is_windy() else None
            if fit:
                return Limit("wind", fit)
            ways = (
                why_no_path(self.network, self.legs, order.origin, goal)
                for goal in order.destinations
            )
            return Limit("path", shut=next((way for way in ways if way[0]), ("", "")))
        shortfall = find_shortfall(self.network, order, self.legs, tuple(sorted(able)))
        if shortfall is not None and shortfall.short_m > 0:
            return Limit("range", self._bench("range").find_fit(order), shortfall)
        for name, trial in self._lifts(order):
            fit = trial()
            if fit is not None:
                return Limit(name, fit)
        return Limit("several")

    def _lifts(self, order: Order) -> list[tuple[str, Callable[[], Fit | None]]]:
        late = replace(order, deadline_s=NO_DEADLINE_S)
        free = replace(order, pickup_windows=(), delivery_windows=())
        lifts: list[tuple[str, Callable[[], Fit | None]]] = [
            (
                "ride",
                lambda: self._bench("plain").find_fit(replace(order, ride_limit_s=None)),
            ),
            ("night", lambda: self._bench("night").find_fit(order)),
            ("wind", lambda: self._bench("wind").find_fit(order) if self._is_windy() else None),
            ("hours", lambda: self._bench("hours").find_fit(free)),
            (
                "packs",
                lambda: self._bench("plain").find_fit(order, ignored=frozenset({"packs"})),
            ),
            (
                "pilots",
                lambda: self._bench("plain").find_fit(order, ignored=frozenset({"pilots"})),
            ),
            ("duty", lambda: self._bench("duty").find_fit(order)),
            ("deadline", lambda: self._bench("plain").find_fit(late)),
        ]
        return lifts if order.ride_limit_s is not None else lifts[1:]

    def _bench(self, name: str) -> Trials:
        if name not in self._trials:
            network = _lifted(self.network, name)
            legs = build_legs(network) if name == "wind" else self.legs
            self._trials[name] = Trials(network, legs, self.plan, is_tireless=name == "range")
        return self._trials[name]

    def _is_windy(self) -> bool:
        return any(
            one.wind_mps > 0 or one.gust_mps > 0 or one.rain_mm_h > 0
            or not math.isinf(one.visibility_m)
            for one in self.network.weather.periods
        )  # fmt: skip

    def _has_path(self, order: Order, able: list[str]) -> bool:
        index = self.legs.site_index
        return any(
            math.isfinite(table.flight_s[index[order.origin], index[destination]])
            for table in map(self.legs.best, able)
            for destination in order.destinations
        )


def _lifted(network: Network, name: str) -> Network:
    """The network without one limit."""
    if name == "night":
        kinds = {key: replace(kind, night_ok=True) for key, kind in network.drone_types.items()}
        return replace(network, drone_types=kinds)
    if name == "wind":
        calm = tuple(
            WeatherPeriod(one.start_s, 0.0, 0.0, 0.0, one.temperature_c)
            for one in network.weather.periods
        )
        return replace(network, weather=Weather(calm, "calm"))
    if name == "hours":
        return replace(network, sites=tuple(replace(one, hours=_ALL_DAY) for one in network.sites))
    if name == "duty":
        duty = Window(0, 2 * DAY_S)
        return replace(network, drones=tuple(replace(one, duty=duty) for one in network.drones))
    return network


def find_shortfall(
    network: Network, order: Order, legs: LegTables, type_ids: tuple[str, ...]
) -> Shortfall | None:
    """How far the best drone is from carrying an order on one pack; None when no leg is flown.

    ``short_m`` is the missing energy over the sortie's own energy a metre in cruise and hover; 0
    or less when the order is in range (R4, both parts).
    """
    found = [
        one
        for table in map(legs.best, type_ids)
        for outline in carrying_outlines(network, order)
        if (one := _shortfall(network, order, table, outline)) is not None
    ]
    return min(found, key=lambda one: (one.short_m, one.type_id, one.site_ids), default=None)


def _shortfall(
    network: Network, order: Order, table: LegTable, outline: Outline
) -> Shortfall | None:
    rules = network.rules
    sites = [table.site_index[site_id] for site_id in outline.site_ids]
    used, length_m, missing = 0.0, 0.0, -math.inf
    for leg in range(len(sites) - 1):
        load_kg = order.mass_kg if outline.load_at <= leg < outline.unload_at else 0.0
        used += table.energy_pack(sites[leg], sites[leg + 1], load_kg)
        length_m += float(table.length_m[sites[leg], sites[leg + 1]])
        if rules.has_diversion_reserve:
            spare = table.diversion_pack(sites[leg + 1], load_kg, rules.diversion_hover_s)
            missing = max(missing, used + spare - table.available_pack)
    missing = max(missing, used - table.usable_pack)
    if not math.isfinite(used) or length_m <= 0:
        return None
    return Shortfall(table.drone.id, missing * length_m / used, length_m, outline.site_ids)
