"""Printable day sheets: one page or more per base, per drone, per site.

Owns what each reader needs in which order. The blanks (box, seal, logger, signatures, release)
are those of a chain of custody and a dispatch release; they are filled in by hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing.network import DroneType, Network, Site
from routing.orders import Order
from routing.plan import SCHEMA_VERSION, Flight, Plan, Sortie, Stop
from routing.report.clock import Lang, date_text
from routing.report.colours import UNKNOWN, colour_drones
from routing.report.figures import airborne_s
from routing.report.grounded import find_groundings
from routing.report.naming import Names
from routing.report.pages import render
from routing.report.summary import DIGEST_SIGNS
from routing.report.tables import charge_left, find_carriages, visits_at


@dataclass(frozen=True, slots=True)
class Item:
    """One order as a load list shows it; ``other_end`` is where it goes to or comes from."""

    order_id: str
    product: str
    quantity: int
    mass_kg: float
    band: str
    tier: str
    is_blood: bool
    ready_s: int
    deadline_s: int
    other_end: str


@dataclass(frozen=True, slots=True)
class Call:
    """One stop as its site sees it.

    Attributes:
        sortie, stop: the stop and its sortie.
        time_s: its landing; its take-off at the start of a sortie.
        waits_until_s: the handover starts this much after landing, None when at once.
        loaded, unloaded: what is handed over.
    """

    sortie: Sortie
    stop: Stop
    time_s: int
    waits_until_s: int | None
    loaded: tuple[Item, ...]
    unloaded: tuple[Item, ...]

    @property
    def has_blood(self) -> bool:
        """Blood needs a second person at the handover."""
        return any(item.is_blood for item in (*self.loaded, *self.unloaded))


@dataclass(frozen=True, slots=True)
class LegLine:
    """One leg as the pilot sees it, with the planned charge at its landing."""

    flight: Flight
    charge_left: float


@dataclass(frozen=True, slots=True)
class SortieCard:
    """One sortie on a drone sheet; ``ready_again_s`` ends the turnaround."""

    sortie: Sortie
    calls: tuple[Call, ...]
    legs: tuple[LegLine, ...]
    length_m: float
    airborne_s: int
    ready_again_s: int


class SheetWriter:
    """Writes the three books of sheets of one plan in one language."""

    def __init__(self, network: Network, orders: Sequence[Order], plan: Plan, lang: Lang) -> None:
        self._network, self._plan, self._lang = network, plan, lang
        self._names = Names(network, lang)
        self._orders = {order.id: order for order in orders}
        self._carriages = find_carriages(plan)
        self._types = {drone.id: network.drone_types[drone.type_id] for drone in network.drones}
        self._groundings = find_groundings(network)
        self._colours = colour_drones(drone.id for drone in network.drones)

    def bases(self) -> str:
        """Base sheets: departures and arrivals in time order, packs, chargers, goods."""
        pages = []
        for base in self._network.bases:
            site = self._network.site(base.site_id)
            stationed = [
                drone for drone in self._network.drones if drone.home_site_id == base.site_id
            ]
            pages.append((site, base, stationed, self._calls_at(site)))
        return self._render("sheets_bases.html.j2", pages=pages, types=self._flown_types())

    def drones(self) -> str:
        """Drone sheets: every sortie with legs, loads, pack, limits and release blanks."""
        pages = []
        for drone in self._network.drones:
            sorties = [item for item in self._plan.sorties if item.drone_id == drone.id]
            if sorties:
                sorties.sort(key=lambda item: item.start_s)
                cards = [self._card(sortie, self._types[drone.id]) for sortie in sorties]
                pages.append((drone, self._types[drone.id], cards))
        return self._render("sheets_drones.html.j2", pages=pages)

    def sites(self) -> str:
        """Site sheets: who lands when on which pad, what to hand over, custody blanks."""
        pages = [
            (site, calls)
            for site in self._network.sites
            if self._network.base(site.id) is None and (calls := self._calls_at(site))
        ]
        return self._render("sheets_sites.html.j2", pages=pages)

    def _render(self, template: str, **values: object) -> str:
        return render(
            template,
            self._lang,
            network=self._network,
            names=self._names,
            network_name=self._names.pick(self._network.name_zh, self._network.name_en),
            date=date_text(self._plan.date, self._lang),
            # It also stands in the style sheet, where a quotation mark would end a string.
            digest="".join(filter(str.isalnum, self._plan.digest))[:DIGEST_SIGNS] or "–",
            version=SCHEMA_VERSION,
            rules=self._network.rules,
            groundings=self._groundings,
            infinity=math.inf,
            colour_of=self._colour,
            **values,
        )

    def _colour(self, drone_id: str) -> str:
        return self._colours.get(drone_id, UNKNOWN)

    def _flown_types(self) -> list[DroneType]:
        flown = {self._types[item.drone_id].id for item in self._plan.sorties}
        return [kind for kind in self._network.drone_types.values() if kind.id in flown]

    def _calls_at(self, site: Site) -> list[Call]:
        """The stops at a site by landing, or take-off where a sortie starts."""
        calls = [self._call(sortie, stop) for sortie, stop in visits_at(self._plan, site.id)]
        return sorted(calls, key=lambda call: (call.time_s, call.sortie.id))

    def _call(self, sortie: Sortie, stop: Stop) -> Call:
        waits = None
        if stop.landing_s is not None and stop.handover_start_s is not None:
            waits = stop.handover_start_s if stop.handover_start_s > stop.landing_s else None
        return Call(
            sortie=sortie,
            stop=stop,
            time_s=_movement_s(stop),
            waits_until_s=waits,
            loaded=tuple(self._item(order_id, is_loaded=True) for order_id in stop.loaded),
            unloaded=tuple(self._item(order_id, is_loaded=False) for order_id in stop.unloaded),
        )

    def _item(self, order_id: str, *, is_loaded: bool) -> Item:
        order = self._orders[order_id]
        other_end = order.origin
        if is_loaded:
            carriage = self._carriages.get(order_id)
            other_end = carriage.delivery.site_id if carriage else order.destinations[0]
        return Item(
            order_id=order_id,
            product=self._names.product(order.product_id),
            quantity=order.quantity,
            mass_kg=order.mass_kg,
            band=self._names.band(order.band),
            tier=order.tier,
            is_blood=order.group.startswith("blood"),
            ready_s=order.ready_s,
            deadline_s=order.deadline_s,
            other_end=self._names.site(other_end),
        )

    def _card(self, sortie: Sortie, kind: DroneType) -> SortieCard:
        left = charge_left(sortie, self._network)
        return SortieCard(
            sortie=sortie,
            calls=tuple(self._call(sortie, stop) for stop in sortie.stops),
            legs=tuple(map(LegLine, sortie.flights, left)),
            length_m=sum(flight.length_m for flight in sortie.flights),
            airborne_s=airborne_s(sortie),
            ready_again_s=sortie.end_s + kind.turnaround_s,
        )


def _movement_s(stop: Stop) -> int:
    moment_s = stop.takeoff_s if stop.landing_s is None else stop.landing_s
    if moment_s is None:
        raise ValueError(f"a stop at {stop.site_id} has neither landing nor take-off")
    return moment_s


def render_sheets(
    network: Network, orders: Sequence[Order], plan: Plan, lang: Lang
) -> Mapping[str, str]:
    """File name -> page, for the three books.

    Raises:
        KeyError: the plan names an order, drone or site that is not in the input.
    """
    writer = SheetWriter(network, orders, plan, lang)
    return {
        "sheets-bases.html": writer.bases(),
        "sheets-drones.html": writer.drones(),
        "sheets-sites.html": writer.sites(),
    }
