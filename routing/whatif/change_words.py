"""Changes in a few words, Chinese and English: what a scenario, or a remedy, is called.

Owns the words. Does not know where a change came from, or what it does.
"""

from __future__ import annotations

from collections.abc import Sequence

from routing.network import Network, Window
from routing.report.clock import Lang, clock
from routing.report.naming import Names
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
    ScaleDemand,
    SetDeadline,
    SetWeather,
    SetWind,
    ShiftOrder,
)

MOST_NEW_SITES = 3
"""More new sites than these are counted, not named."""


def name_changes(network: Network, changes: Sequence[Change], lang: Lang) -> str:
    """All changes of a scenario, short enough to be its name."""
    new_sites = sum(isinstance(change, AddSite) for change in changes)
    parts = [
        name_change(network, change, lang)
        for change in changes
        if not isinstance(change, AddSite) or new_sites <= MOST_NEW_SITES
    ]
    if new_sites > MOST_NEW_SITES:
        parts.insert(0, f"新增 {new_sites} 个站点" if lang == "zh" else f"{new_sites} new sites")
    return ("，" if lang == "zh" else ", ").join(dict.fromkeys(parts))


def name_change(network: Network, change: Change, lang: Lang) -> str:
    """One change: ``+1 Example VTOL at Hub, 08:30-10:00``; ids the network does not know stay."""
    names = Names(network, lang)
    return (
        _word_more(names, change, lang)
        or _word_place(network, names, change, lang)
        or _word_day(names, change, lang)
    )


def _word_more(names: Names, change: Change, lang: Lang) -> str:
    """More or fewer drones, packs, pads, chargers, pilots; empty for another change."""
    zh = lang == "zh"
    match change:
        case AddDrones(count=count, base_id=base_id, type_id=type_id, duty=duty):
            kind, at = names.type_name(type_id), names.site(base_id)
            text = f"{at} {kind} {count:+d} 架" if zh else f"{count:+d} {kind} at {at}"
            if duty is not None:
                text += f"，{_span(duty, lang)}" if zh else f", {_span(duty, lang)}"
            return text
        case AddPilots(count=count, window=window):
            span = _span(window, lang)
            return f"飞手 {count:+d} 名，{span}" if zh else f"{_counted(count, 'pilot')}, {span}"
        case AddPacks(count=count, base_id=base_id, type_id=type_id):
            kind, at = names.type_name(type_id), names.site(base_id)
            packs = _counted(count, "pack")
            return f"{at} {kind} 电池 {count:+d} 块" if zh else f"{packs} of {kind} at {at}"
        case AddPads(count=count, site_id=site_id):
            at = names.site(site_id)
            return f"{at}起降坪 {count:+d}" if zh else f"{_counted(count, 'pad')} at {at}"
        case AddChargers(count=count, base_id=base_id):
            at = names.site(base_id)
            return f"{at}充电位 {count:+d}" if zh else f"{_counted(count, 'charger')} at {at}"
    return ""


def _counted(count: int, noun: str) -> str:
    return f"{count:+d} {noun}" if abs(count) == 1 else f"{count:+d} {noun}s"


def _word_place(network: Network, names: Names, change: Change, lang: Lang) -> str:
    """Sites, bases and zones; empty for another change."""
    zh = lang == "zh"
    zones = {zone.id: names.pick(zone.name_zh, zone.name_en) for zone in network.zones}
    match change:
        case AddSite(site=site):
            name = names.pick(site.name_zh, site.name_en) or site.id
            text = f"新增{name}" if zh else f"new site {name}"
        case RemoveSite(site_id=site_id):
            text = f"撤销{names.site(site_id)}" if zh else f"without {names.site(site_id)}"
        case AddBase(site_id=site_id):
            text = f"{names.site(site_id)}设起降基地" if zh else f"base at {names.site(site_id)}"
        case AddZone(zone=zone):
            name = names.pick(zone.name_zh, zone.name_en)
            text = f"新空域 {name}" if zh else f"new zone {name}"
        case CloseZone(zone_id=zone_id):
            name = zones.get(zone_id, zone_id)
            text = f"{name}全天禁飞" if zh else f"{name} closed"
        case OpenZone(zone_id=zone_id):
            name = zones.get(zone_id, zone_id)
            text = f"{name}放开" if zh else f"{name} open"
        case Outage(site_id=site_id, window=window):
            at, span = names.site(site_id), _span(window, lang)
            text = f"{at}停止交接 {span}" if zh else f"no handover at {at} {span}"
        case _:
            text = ""
    return text


def _word_day(names: Names, change: Change, lang: Lang) -> str:
    """Weather, demand, orders and failures."""
    zh = lang == "zh"
    match change:
        case SetWind():
            text = _wind(change, lang)
        case SetWeather():
            text = "另一天的天气" if zh else "another day's weather"
        case ScaleDemand(factor=factor):
            text = f"订单 ×{factor:g}" if zh else f"orders x{factor:g}"
        case SetDeadline(product_id=product_id, limit_s=limit_s):
            name, minutes = names.product(product_id), f"{limit_s / 60:g}"
            text = f"{name} {minutes} 分钟内送达" if zh else f"{name} within {minutes} min"
        case ShiftOrder(order_id=order_id, ready_s=ready_s, deadline_s=deadline_s):
            minutes = f"{(ready_s or deadline_s) / 60:+g}"
            what = ("备好" if zh else "ready") if ready_s else ("截止" if zh else "deadline")
            text = f"{order_id} {what} {minutes} 分钟" if zh else f"{order_id} {what} {minutes} min"
        case DroneFailure(drone_id=drone_id, from_s=from_s):
            at = clock(from_s, lang)
            text = f"{drone_id} {at} 起停飞" if zh else f"{drone_id} fails at {at}"
            if not from_s:
                text = f"{drone_id} 停飞" if zh else f"{drone_id} does not fly"
        case _:
            text = ""
    return text


def _wind(change: SetWind, lang: Lang) -> str:
    zh = lang == "zh"
    if change.factor is not None:
        return f"风力 ×{change.factor:g}" if zh else f"wind x{change.factor:g}"
    text = f"风 {change.wind_mps:g} 米/秒" if zh else f"wind {change.wind_mps:g} m/s"
    if change.from_deg is not None:
        text += f"，来自 {change.from_deg:g}°" if zh else f" from {change.from_deg:g}°"
    if change.gust_mps is not None:
        text += f"，阵风 {change.gust_mps:g}" if zh else f", gusts {change.gust_mps:g}"
    return text


def _span(window: Window, lang: Lang) -> str:
    dash = "–" if lang == "zh" else "-"
    return f"{clock(window.start_s, lang)}{dash}{clock(window.end_s, lang)}"
