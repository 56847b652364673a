"""Whether a scenario makes sense: what it names exists, and no two of its changes contradict.

Owns these checks and their faults, each naming file and key of the change. Does not apply
anything and does not read files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch

from routing.network import Network
from routing.orders import Order
from routing.reading.faults import FaultList, Phrase, did_you_mean
from routing.reading.network_checks import check_sites_clear
from routing.reading.sites import SiteRow
from routing.whatif.changes import (
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
    Said,
    ScaleDemand,
    SetDeadline,
    SetWeather,
    SetWind,
    ShiftOrder,
)

Claim = tuple[str, object]
"""What a change is about and what it says of it; two claims about one thing must be equal."""


def check_contradictions(changes: Sequence[Change], faults: FaultList) -> None:
    """A fault for each change that contradicts an earlier one, naming both."""
    said: dict[str, tuple[object, Said]] = {}
    for change in changes:
        for subject, claim in claims(change):
            first, where = said.setdefault(subject, (claim, change.said))
            if first != claim:
                fault(
                    faults,
                    change.said,
                    "scenario.contradiction",
                    rule=f"must not contradict {where} about {subject}",
                    found=Phrase(f"{_word(claim)}, there {_word(first)}"),
                    action="take one of the two away",
                )


def check_orders_known(
    changes: Sequence[Change], orders: Sequence[Order], faults: FaultList
) -> None:
    """Orders that are shifted must be there."""
    ids = {order.id for order in orders}
    for change in changes:
        if isinstance(change, ShiftOrder):
            _must_know(faults, change.said, "order", change.order_id, ids)


def check_fleet(changes: Sequence[Change], network: Network, faults: FaultList) -> None:
    """A drone must be left; the last change that took one away is named."""
    takers = (AddDrones, RemoveSite, DroneFailure)
    guilty = [change for change in changes if isinstance(change, takers)]
    if not network.drones and guilty:
        fault(
            faults,
            guilty[-1].said,
            "scenario.no-drones",
            rule="must leave at least one drone that flies",
            found=Phrase("none"),
            action="take fewer away",
        )


def fault(
    faults: FaultList, said: Said, code: str, *, rule: str, found: object, action: str
) -> None:
    """Add a fault at the place where a change was asked for."""
    faults.add(
        code, said.file, place=said.place, name=said.key, rule=rule, found=found, action=action
    )


def claims(change: Change) -> Iterator[Claim]:
    """What a change says about what."""
    match change:
        case AddSite():
            yield f"the new site {change.site.id}", (change.site, change.orders_a_day)
            yield f"site {change.site.id}", "stays"
        case RemoveSite():
            yield f"site {change.site_id}", "is removed"
        case AddBase():
            yield f"the new base {change.site_id}", (dict(change.packs), change.chargers)
            yield f"site {change.site_id}", "stays"
        case AddDrones() | AddPacks() | AddChargers():
            yield f"site {change.base_id}", "stays"
        case AddPads() | Outage():
            yield f"site {change.site_id}", "stays"
        case _:
            yield from _claims_about_the_day(change)


def _claims_about_the_day(change: Change) -> Iterator[Claim]:
    """What a change says of the air, the orders and single drones."""
    match change:
        case CloseZone():
            yield f"zone {change.zone_id}", "is closed"
        case OpenZone():
            yield f"zone {change.zone_id}", "is open"
        case AddZone():
            yield f"the new zone {change.zone.id}", change.zone
        case SetWeather():
            yield "the weather", change.weather.source
        case SetWind():
            wind = (change.factor, change.wind_mps, change.from_deg, change.gust_mps)
            yield "the wind", wind
        case ScaleDemand():
            yield "the demand", change.factor
        case SetDeadline():
            yield f"the deadline of {change.product_id}", f"{change.limit_s / 60:g} min"
        case DroneFailure():
            yield f"the failure of {change.drone_id}", change.from_s
        case ShiftOrder():
            yield f"order {change.order_id}", (change.ready_s, change.deadline_s)


def _word(claim: object) -> str:
    if isinstance(claim, str):
        return claim
    parts: Iterable[object] = claim if isinstance(claim, tuple) else (claim,)
    return "/".join(_short(part) for part in parts if part is not None)


def _short(part: object) -> str:
    named = getattr(part, "id", None)
    return f"another {named}" if named is not None else f"{part}"


@singledispatch
def check_change(change: object, network: Network, faults: FaultList) -> None:
    """Check one change against the network as the changes before it left it.

    Orders' shifts are checked by ``check_orders_known``, the demand's factor when it is read.
    """


@check_change.register
def _(change: AddSite, network: Network, faults: FaultList) -> None:
    said, site = change.said, change.site
    if any(site.id == other.id for other in network.sites):
        fault(
            faults,
            said,
            "scenario.site-exists",
            rule="a new site must have an id of its own",
            found=site.id,
            action="rename it",
        )
    height_m = network.rules.cruise_height_m_agl
    where = ": ".join(part for part in (said.place, said.key) if part)
    check_sites_clear([SiteRow(site, where)], said.file, network.zones, height_m, faults)


@check_change.register
def _(change: RemoveSite, network: Network, faults: FaultList) -> None:
    _must_know_site(faults, change.said, network, change.site_id)
    if change.site_id == network.hub_id:
        fault(
            faults,
            change.said,
            "scenario.hub-removed",
            rule="the hub must stay",
            found=change.site_id,
            action="to close it for a while, say hub outage",
        )


@check_change.register
def _(change: AddBase, network: Network, faults: FaultList) -> None:
    _must_know_site(faults, change.said, network, change.site_id)
    for type_id in change.packs:
        _must_know(faults, change.said, "drone type", type_id, network.drone_types)
    if network.base(change.site_id) is not None:
        fault(
            faults,
            change.said,
            "scenario.base-exists",
            rule="must not be a base yet",
            found=change.site_id,
            action="add packs or chargers to it instead",
        )


@check_change.register
def _(change: AddDrones, network: Network, faults: FaultList) -> None:
    _must_know_base(faults, change.said, network, change.base_id)
    _must_know(faults, change.said, "drone type", change.type_id, network.drone_types)
    base = network.base(change.base_id)
    if base is None or change.type_id not in network.drone_types:
        return
    if change.count > 0 and not base.packs.get(change.type_id):
        fault(
            faults,
            change.said,
            "scenario.no-packs",
            rule=f"its base must have packs of type {change.type_id}: a sortie starts on one",
            found=Phrase(f"none at {change.base_id}"),
            action="add packs there too",
        )
    there = sum(
        drone.home_site_id == change.base_id and drone.type_id == change.type_id
        for drone in network.drones
    )
    _must_leave(faults, change.said, there, change.count, 0, f"{change.type_id} drones")


@check_change.register
def _(change: AddPacks, network: Network, faults: FaultList) -> None:
    _must_know_base(faults, change.said, network, change.base_id)
    _must_know(faults, change.said, "drone type", change.type_id, network.drone_types)
    base = network.base(change.base_id)
    there = base.packs.get(change.type_id, 0) if base else max(0, -change.count)
    _must_leave(faults, change.said, there, change.count, 0, f"{change.type_id} packs")


@check_change.register
def _(change: AddChargers, network: Network, faults: FaultList) -> None:
    _must_know_base(faults, change.said, network, change.base_id)
    base = network.base(change.base_id)
    if base is not None:
        _must_leave(faults, change.said, base.chargers, change.count, 0, "chargers")


@check_change.register
def _(change: AddPads, network: Network, faults: FaultList) -> None:
    if _must_know_site(faults, change.said, network, change.site_id):
        pads = network.site(change.site_id).pads
        _must_leave(faults, change.said, pads, change.count, 1, "pads")


@check_change.register
def _(change: AddPilots, network: Network, faults: FaultList) -> None:
    shifts = network.rules.pilot_shifts
    if not shifts:
        fault(
            faults,
            change.said,
            "scenario.pilots-not-counted",
            rule="the network must say its pilots' shifts: without any, nobody counts them",
            found=Phrase("none"),
            action="write pilots into network.yaml first",
        )
        return
    # The number on duty changes only where a shift begins.
    times = [change.window.start_s, *(shift.window.start_s for shift in shifts)]
    there = min(
        sum(one.pilots for one in shifts if one.window.start_s <= time_s < one.window.end_s)
        for time_s in times
        if change.window.start_s <= time_s < change.window.end_s
    )
    _must_leave(faults, change.said, there, change.count, 0, "pilots")


@check_change.register(CloseZone)
@check_change.register(OpenZone)
def _(change: CloseZone | OpenZone, network: Network, faults: FaultList) -> None:
    _must_know(faults, change.said, "zone", change.zone_id, [zone.id for zone in network.zones])


@check_change.register
def _(change: AddZone, network: Network, faults: FaultList) -> None:
    if any(change.zone.id == zone.id for zone in network.zones):
        fault(
            faults,
            change.said,
            "scenario.zone-exists",
            rule="a new zone must have an id of its own",
            found=change.zone.id,
            action="rename it, or close the zone that is there",
        )


@check_change.register
def _(change: SetDeadline, network: Network, faults: FaultList) -> None:
    _must_know(faults, change.said, "product", change.product_id, network.products)
    product = network.products.get(change.product_id)
    stability_s = product.stability_s if product else None
    if stability_s is not None and change.limit_s > stability_s:
        fault(
            faults,
            change.said,
            "scenario.deadline-past-stability",
            rule=f"must be at most the product's stability, {stability_s / 60:g} min",
            found=Phrase(f"{change.limit_s / 60:g} min"),
            action="write an earlier deadline",
        )


@check_change.register
def _(change: Outage, network: Network, faults: FaultList) -> None:
    _must_know_site(faults, change.said, network, change.site_id)


@check_change.register
def _(change: DroneFailure, network: Network, faults: FaultList) -> None:
    drones = [drone.id for drone in network.drones]
    _must_know(faults, change.said, "drone", change.drone_id, drones)


def _must_know(faults: FaultList, said: Said, kind: str, word: str, known: Iterable[str]) -> bool:
    words = list(known)
    if word in words:
        return True
    fault(
        faults,
        said,
        f"scenario.unknown-{kind.replace(' ', '-')}",
        rule=f"must be a {kind} of the network",
        found=word,
        action=did_you_mean(word, words, "see the network's files"),
    )
    return False


def _must_know_site(faults: FaultList, said: Said, network: Network, site_id: str) -> bool:
    return _must_know(faults, said, "site", site_id, [site.id for site in network.sites])


def _must_know_base(faults: FaultList, said: Said, network: Network, site_id: str) -> bool:
    return _must_know(faults, said, "base", site_id, [base.site_id for base in network.bases])


def _must_leave(
    faults: FaultList, said: Said, there: int, change: int, least: int, what: str
) -> None:
    """Something taken away must be there."""
    if change < 0 and there + change < least:
        fault(
            faults,
            said,
            "scenario.too-few",
            rule=f"must leave at least {least} {what}",
            found=Phrase(f"{there} there, {-change} taken away"),
            action="take fewer away",
        )
