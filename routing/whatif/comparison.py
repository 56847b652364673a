"""Scenarios side by side: runs added up over days, one row for each scenario and way to carry.

Owns the sums and means and the order of merit. Does not word or draw anything. Counts, hours,
packs, energy and money are means a day; receipt times are those of all days' orders together, with
the nearest-rank 90th percentile; the gap is the worst day's.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from routing.demand_file import DemandModel
from routing.network import TIERS, Network, Tier
from routing.report.figures import Spread, spread
from routing.whatif.costs import COST_ITEMS
from routing.whatif.demand import count_model_orders
from routing.whatif.measures import WAYS, Measures, Way
from routing.whatif.scenario import Scenario
from routing.whatif.sweep import Run

MODEL_DAYS = 50
"""Days drawn of the demand model to tell the spread of a new site's orders."""


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario carried one way, over all days.

    Attributes:
        days: number of days.
        orders, served: a day, by tier.
        receipt: of all served orders, None when there are none.
        lateness_min: weighted order-minutes past targets, a day.
        on_target: share of the orders with a target that met it, None when none has one.
        sorties, flights, drone_h, packs, energy_kwh: a day.
        cost_cny: a day, by item; None without a cost model.
        gap: the worst day's, None when any day has none.
        broken: days whose plan the checker refused; their figures must not be used.
        day: the one day it is of; empty for all days together.
    """

    scenario: Scenario
    way: Way
    days: int
    orders: Mapping[Tier, float]
    served: Mapping[Tier, float]
    receipt: Spread | None
    lateness_min: float
    on_target: float | None
    sorties: float
    flights: float
    drone_h: float
    packs: float
    energy_kwh: float
    cost_cny: Mapping[str, float] | None
    gap: float | None
    broken: int
    day: str = ""

    @property
    def left(self) -> float:
        """Orders left behind, a day."""
        return sum(self.orders.values()) - sum(self.served.values())

    @property
    def merit(self) -> tuple[float, ...]:
        """Smaller is better: left behind by tier, lateness, cost (by hundredths)."""
        left = [round(self.orders[tier] - self.served[tier], 2) for tier in TIERS]
        cost = sum(self.cost_cny.values()) if self.cost_cny else 0.0
        return (*left, round(self.lateness_min, 2), round(cost, 2))


@dataclass(frozen=True, slots=True)
class NewSiteDemand:
    """Orders that a new site brings a day, over the days compared.

    Attributes:
        is_modelled: nobody gave a figure, the demand model's was drawn.
        low, high: the model's spread, 10th and 90th percentile of ``MODEL_DAYS`` of its days; None
            where a figure was given or the model is not at hand.
    """

    scenario: str
    site_id: str
    name_zh: str
    name_en: str
    mean: float
    least: int
    most: int
    is_modelled: bool
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class DaySpread:
    """How a figure differs from day to day: the least, median and most of all days."""

    least: float
    median: float
    most: float


SPREAD_OVER: Mapping[str, Callable[[Row], float | None]] = {
    "left": lambda row: row.left,
    "on_target": lambda row: row.on_target,
    "lateness_min": lambda row: row.lateness_min,
    "cost_cny": lambda row: None if row.cost_cny is None else sum(row.cost_cny.values()),
}
"""The figures whose spread over the days is told."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows, scenario by scenario in the order asked for, and what new sites bring.

    Attributes:
        by_day: the same for each day alone; empty where there is one day only.
    """

    rows: tuple[Row, ...]
    new_sites: tuple[NewSiteDemand, ...]
    by_day: tuple[Row, ...] = ()

    def spread_of(self, row: Row) -> dict[str, DaySpread | None]:
        """Spread over the days of each figure of ``SPREAD_OVER``; None where a day has none."""
        days = [one for one in self.by_day if (one.scenario, one.way) == (row.scenario, row.way)]
        return {key: _spread_over(of(one) for one in days) for key, of in SPREAD_OVER.items()}

    def row(self, scenario: str, way: Way = "plan") -> Row:
        """The row of a scenario; raises KeyError when there is none."""
        for row in self.rows:
            if row.scenario.name == scenario and row.way == way:
                return row
        raise KeyError(scenario)

    def best(self) -> Row:
        """The plan of the scenario with the best merit, the first of equals."""
        plans = [row for row in self.rows if row.way == "plan" and not row.broken]
        return min(plans or self.rows, key=lambda row: row.merit)


def compare(
    runs: Iterable[Run],
    scenarios: Sequence[Scenario],
    network: Network | None = None,
    demand: DemandModel | None = None,
) -> Comparison:
    """Compare runs.

    Args:
        runs: of every scenario on every day, in any order.
        scenarios: in the order of the table, the base first.
        network, demand: the base's; with them the spread of modelled new sites is told.
    """
    by_name: dict[str, list[Run]] = {scenario.name: [] for scenario in scenarios}
    for run in runs:
        by_name[run.scenario.name].append(run)
    rows = [
        _row(scenario, way, by_name[scenario.name])
        for scenario in scenarios
        if by_name[scenario.name]
        for way in WAYS
    ]
    spreads = {} if network is None or demand is None else _spreads(network, demand, scenarios)
    new = [
        brought
        for scenario in scenarios
        for brought in _new(scenario, by_name[scenario.name], spreads)
    ]
    return Comparison(tuple(rows), tuple(new), tuple(_by_day(scenarios, by_name)))


def _spread_over(values: Iterable[float | None]) -> DaySpread | None:
    listed = list(values)
    known = [value for value in listed if value is not None]
    if not known or len(known) < len(listed):
        return None
    return DaySpread(min(known), statistics.median(known), max(known))


def _by_day(scenarios: Sequence[Scenario], runs: Mapping[str, Sequence[Run]]) -> Iterator[Row]:
    """Every day alone; nothing where there is one day only."""
    for scenario in scenarios:
        own = sorted(runs[scenario.name], key=lambda run: run.day.name)
        for way in WAYS if len(own) > 1 else ():
            for run in own:
                yield replace(_row(scenario, way, [run]), day=run.day.name)


def _row(scenario: Scenario, way: Way, runs: Sequence[Run]) -> Row:
    # Days in a fixed order: sums of floating-point numbers depend on it.
    ranked = sorted(runs, key=lambda run: run.day.name)
    days = [run.outcome.measures[WAYS.index(way)] for run in ranked]
    with_target = sum(day.with_target for day in days)
    gaps = [day.gap for day in days if day.gap is not None]
    broken = sum(1 for run in runs if run.outcome.violations) if way == "plan" else 0
    return Row(
        scenario=scenario,
        way=way,
        days=len(days),
        orders={tier: _mean(day.orders[tier] for day in days) for tier in TIERS},
        served={tier: _mean(day.served[tier] for day in days) for tier in TIERS},
        receipt=spread(time_s for day in days for time_s in day.receipt_s),
        lateness_min=_mean(day.lateness_min for day in days),
        on_target=sum(day.on_target for day in days) / with_target if with_target else None,
        sorties=_mean(day.sorties for day in days),
        flights=_mean(day.flights for day in days),
        drone_h=_mean(day.airborne_s for day in days) / 3600,
        packs=_mean(day.packs for day in days),
        energy_kwh=_mean(day.energy_kwh for day in days),
        cost_cny=_costs(days),
        gap=max(gaps) if len(gaps) == len(days) else None,
        broken=broken,
    )


def _costs(days: Sequence[Measures]) -> dict[str, float] | None:
    known = [day.cost_cny for day in days if day.cost_cny is not None]
    if len(known) < len(days):
        return None
    return {item: _mean(cost.get(item, 0.0) for cost in known) for item in COST_ITEMS}


def _spreads(
    network: Network, demand: DemandModel, scenarios: Sequence[Scenario]
) -> dict[str, tuple[int, int]]:
    """Site id -> the model's spread, for the new sites without a figure."""
    modelled = {
        new.site.id: new
        for scenario in scenarios
        for new in scenario.new_sites
        if new.orders_a_day is None
    }
    counts = {
        site_id: count_model_orders(network, new, demand, MODEL_DAYS)
        for site_id, new in modelled.items()
    }
    return {
        site_id: (days[MODEL_DAYS // 10 - 1], days[MODEL_DAYS * 9 // 10 - 1])
        for site_id, days in counts.items()
    }


def _new(
    scenario: Scenario, runs: Sequence[Run], spreads: Mapping[str, tuple[int, int]]
) -> list[NewSiteDemand]:
    found = []
    for new in scenario.new_sites:
        site = new.site
        counts = [
            sum(site.id == order.origin or site.id in order.destinations for order in run.orders)
            for run in runs
        ]
        if counts:
            found.append(
                NewSiteDemand(
                    scenario.name,
                    site.id,
                    site.name_zh,
                    site.name_en,
                    _mean(counts),
                    min(counts),
                    max(counts),
                    new.orders_a_day is None,
                    *spreads.get(site.id, (None, None)),
                )
            )
    return found


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)
