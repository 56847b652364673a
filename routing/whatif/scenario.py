"""A scenario: a name and small differences, applied to a network and its orders.

Owns how each change acts. Does not know files, plans or figures. What each change means is in
``routing.whatif.changes``; new clinics' orders are drawn by ``routing.whatif.demand``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import singledispatch

from geo.weather import Weather, WeatherPeriod
from routing.demand_file import DemandModel
from routing.network import Base, Drone, Network, PilotShift, Site, Window
from routing.orders import Order
from routing.reading.clock import LATEST_S
from routing.reading.faults import FaultList
from routing.whatif.changes import (
    APPLIED_IN,
    AddBase,
    AddChargers,
    AddDrones,
    AddPacks,
    AddPads,
    AddPilots,
    AddSite,
    AddZone,
    Change,
    CloseZone,
    DroneFailure,
    OpenZone,
    Outage,
    RemoveSite,
    SetWeather,
    SetWind,
)
from routing.whatif.checks import (
    check_change,
    check_contradictions,
    check_fleet,
    check_orders_known,
)
from routing.whatif.content import digest_of
from routing.whatif.demand import change_orders
from routing.whatif.reach import check_reach


@dataclass(frozen=True, slots=True)
class Scenario:
    """Small differences to a network and its orders; none of them is the base.

    Attributes:
        name: short and unique among the scenarios that are compared; name_zh: in Chinese, the
            name when empty.
        changes: the differences, in any order.
    """

    name: str
    changes: tuple[Change, ...] = ()
    name_zh: str = ""

    @property
    def new_sites(self) -> tuple[AddSite, ...]:
        """The sites it adds."""
        return tuple(change for change in self.changes if isinstance(change, AddSite))


BASE = Scenario("base", name_zh="现状")
_BaseChange = Callable[[Base], Base]
_SiteChange = Callable[[Site], Site]


def combine(*scenarios: Scenario) -> Scenario:
    """All differences of some scenarios in one; a change asked for twice is made once."""
    parts = [scenario for scenario in scenarios if scenario.changes] or [*scenarios[:1]]
    return Scenario(
        " + ".join(part.name for part in parts),
        tuple(change for part in parts for change in part.changes),
        " + ".join(part.name_zh or part.name for part in parts),
    )


def apply_scenario(
    network: Network,
    orders: Sequence[Order],
    scenario: Scenario,
    demand: DemandModel | None = None,
    *,
    seed: int = 1,
) -> tuple[Network, tuple[Order, ...]]:
    """The network and the orders as they would be.

    Args:
        network, orders: as they are.
        scenario: the differences.
        demand: the demand model that new sites' orders are drawn from; may be None when the
            scenario adds no site.
        seed: of what is drawn: new sites' orders, and which orders a change of demand repeats or
            leaves out. The orders of the other sites do not depend on it.

    Raises:
        InputError: everything in the scenario that contradicts itself or names what is not there.
    """
    changed = change_network(network, scenario, orders)
    return changed, change_orders(network, changed, orders, scenario.changes, demand, seed)


def change_network(
    network: Network, scenario: Scenario, orders: Sequence[Order] | None = None
) -> Network:
    """The network as it would be; shifted orders are looked for in ``orders`` when given.

    Raises:
        InputError: as in ``apply_scenario``.
    """
    faults = FaultList()
    changes = _in_turn(scenario.changes)
    check_contradictions(scenario.changes, faults)
    if orders is not None:
        check_orders_known(changes, orders, faults)
    changed = network
    for change in changes:
        num_before = len(faults)
        check_change(change, changed, faults)
        if len(faults) == num_before:
            changed = apply_change(change, changed)
    check_fleet(scenario.changes, changed, faults)
    check_reach(scenario.changes, changed, faults)
    faults.raise_any()
    return (
        changed if not changes else replace(changed, digest=digest_of(replace(changed, digest="")))
    )


def _in_turn(changes: Sequence[Change]) -> tuple[Change, ...]:
    """The changes in the order in which they act; one site or zone closed twice is closed once."""
    ordered = sorted(changes, key=lambda change: APPLIED_IN.index(type(change)))
    counted = (AddDrones, AddPacks, AddChargers, AddPads, AddPilots)
    kept: list[Change] = []
    for change in ordered:
        if isinstance(change, counted) or change not in kept:
            kept.append(change)
    return tuple(kept)


@singledispatch
def apply_change(change: object, network: Network) -> Network:
    """The network after one change that passed its check; changes of orders leave it as it is."""
    del change
    return network


@apply_change.register
def _(change: AddSite, network: Network) -> Network:
    return replace(network, sites=(*network.sites, change.site))


@apply_change.register
def _(change: RemoveSite, network: Network) -> Network:
    gone = change.site_id
    return replace(
        network,
        sites=tuple(site for site in network.sites if site.id != gone),
        bases=tuple(base for base in network.bases if base.site_id != gone),
        drones=tuple(drone for drone in network.drones if drone.home_site_id != gone),
    )


@apply_change.register
def _(change: AddBase, network: Network) -> Network:
    base = Base(change.site_id, dict(change.packs), change.chargers)
    return replace(network, bases=(*network.bases, base))


@apply_change.register
def _(change: AddDrones, network: Network) -> Network:
    at_home = [
        drone.id
        for drone in network.drones
        if drone.home_site_id == change.base_id and drone.type_id == change.type_id
    ]
    gone = set(at_home[change.count :] if change.count < 0 else ())
    duty = change.duty or _usual_duty(change, network)
    added = tuple(
        Drone(drone_id, change.type_id, change.base_id, duty)
        for drone_id in _free_ids(network, change.count)
    )
    stay = tuple(drone for drone in network.drones if drone.id not in gone)
    return replace(network, drones=(*stay, *added))


def _usual_duty(change: AddDrones, network: Network) -> Window:
    """The longest duty of the type, the base's own drones first; the whole day without one."""
    alike = [drone for drone in network.drones if drone.type_id == change.type_id]
    near = [drone for drone in alike if drone.home_site_id == change.base_id]
    spans = [drone.duty for drone in near or alike]
    return max(spans, key=lambda duty: duty.end_s - duty.start_s, default=Window(0, LATEST_S))


def _free_ids(network: Network, count: int) -> list[str]:
    """``N1``, ``N2``, ... that no drone bears."""
    taken = {drone.id for drone in network.drones}
    numbers = range(1, len(taken) + max(count, 0) + 1)
    return [name for name in (f"N{n}" for n in numbers) if name not in taken][: max(count, 0)]


@apply_change.register
def _(change: AddPacks, network: Network) -> Network:
    def more(base: Base) -> Base:
        packs = dict(base.packs)
        packs[change.type_id] = packs.get(change.type_id, 0) + change.count
        return replace(base, packs=packs)

    return _with_base(network, change.base_id, more)


@apply_change.register
def _(change: AddChargers, network: Network) -> Network:
    return _with_base(
        network, change.base_id, lambda base: replace(base, chargers=base.chargers + change.count)
    )


@apply_change.register
def _(change: AddPads, network: Network) -> Network:
    return _with_site(
        network, change.site_id, lambda site: replace(site, pads=site.pads + change.count)
    )


@apply_change.register
def _(change: AddPilots, network: Network) -> Network:
    shifts = (*network.rules.pilot_shifts, PilotShift(change.window, change.count))
    return replace(network, rules=replace(network.rules, pilot_shifts=shifts))


@apply_change.register
def _(change: AddZone, network: Network) -> Network:
    return replace(network, zones=(*network.zones, change.zone))


@apply_change.register
def _(change: CloseZone, network: Network) -> Network:
    return replace(
        network,
        zones=tuple(
            replace(zone, rule="prohibited", active=(), active_times=(), approval="")
            if zone.id == change.zone_id
            else zone
            for zone in network.zones
        ),
    )


@apply_change.register
def _(change: OpenZone, network: Network) -> Network:
    return replace(
        network,
        zones=tuple(
            replace(zone, rule="advisory") if zone.id == change.zone_id else zone
            for zone in network.zones
        ),
    )


@apply_change.register
def _(change: SetWeather, network: Network) -> Network:
    return replace(network, weather=change.weather)


@apply_change.register
def _(change: SetWind, network: Network) -> Network:
    def blown(period: WeatherPeriod) -> WeatherPeriod:
        factor = 1.0 if change.factor is None else change.factor
        wind = period.wind_mps * factor if change.wind_mps is None else change.wind_mps
        gust = period.gust_mps * factor
        if change.wind_mps is not None:
            gust = wind + period.gust_mps - period.wind_mps
        return replace(
            period,
            wind_mps=wind,
            gust_mps=gust if change.gust_mps is None else change.gust_mps,
            wind_from_deg=period.wind_from_deg if change.from_deg is None else change.from_deg,
        )

    weather = network.weather
    periods = tuple(blown(period) for period in weather.periods)
    return replace(network, weather=Weather(periods, f"what if; before: {weather.source}"))


@apply_change.register
def _(change: Outage, network: Network) -> Network:
    def shut(site: Site) -> Site:
        hours = [part for span in site.hours for part in _without(span, change.window)]
        return replace(site, hours=tuple(hours))

    return _with_site(network, change.site_id, shut)


def _without(span: Window, hole: Window) -> list[Window]:
    """A span without a hole: none, one or two spans."""
    if hole.end_s <= span.start_s or hole.start_s >= span.end_s:
        return [span]
    parts = [Window(span.start_s, hole.start_s), Window(hole.end_s, span.end_s)]
    return [part for part in parts if part.end_s > part.start_s]


@apply_change.register
def _(change: DroneFailure, network: Network) -> Network:
    drones = []
    for drone in network.drones:
        failed = drone
        if drone.id == change.drone_id:
            end_s = min(drone.duty.end_s, change.from_s)
            failed = replace(drone, duty=Window(drone.duty.start_s, end_s))
        if failed.duty.end_s > failed.duty.start_s:
            drones.append(failed)
    return replace(network, drones=tuple(drones))


def _with_base(network: Network, site_id: str, change: _BaseChange) -> Network:
    bases = tuple(change(base) if base.site_id == site_id else base for base in network.bases)
    return replace(network, bases=bases)


def _with_site(network: Network, site_id: str, change: _SiteChange) -> Network:
    sites = tuple(change(site) if site.id == site_id else site for site in network.sites)
    return replace(network, sites=sites)
