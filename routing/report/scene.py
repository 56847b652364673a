"""A plan as a map scene: network, orders and plan in, neutral values of ``geo.map`` out.

Owns what of a day goes on the map. Does not know how a map is drawn and recomputes nothing of
the plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from geo.map.scene import (
    DrawnDrone,
    DrawnGrounding,
    DrawnLeg,
    DrawnOrder,
    DrawnSite,
    DrawnSortie,
    DrawnStop,
    DrawnWeather,
    DrawnZone,
    MapScene,
    Text,
)
from routing.network import Network
from routing.orders import Order
from routing.plan import Flight, Plan, Sortie, Stop
from routing.report.clock import Lang
from routing.report.colours import UNKNOWN, colour_drones
from routing.report.grounded import find_groundings
from routing.report.profiles import Flown, Samples, ground_profiles
from routing.report.scene_facts import (
    BothNames,
    headline,
    order_facts,
    site_facts,
    sortie_facts,
    tightest_fact,
    zone_facts,
)
from routing.report.tables import Carriage, find_carriages, in_fleet_order
from routing.whole_file import write_whole

SYNTHETIC_BADGE = Text("合成数据", "Synthetic orders")
_SYNTHETIC = Text(
    "订单为合成数据，不是真实送检记录。",
    "The orders are synthetic, not records of real consignments.",
)
_NOT_FOR_NAVIGATION = Text(
    "不得用于导航：位置仅供规划，起降坪须实地测量。",
    "Not for navigation: planning positions, pads must be surveyed.",
)

GroundProfiles = Mapping[Flown, Samples]


def build_scene(
    network: Network,
    orders: Sequence[Order],
    plan: Plan,
    *,
    is_synthetic: bool = False,
    profiles: GroundProfiles | None = None,
) -> MapScene:
    """What the map of a plan shows.

    Args:
        network, orders, plan: the day; the plan is drawn as it stands, checked or not.
        is_synthetic: the orders are made up; the map says so.
        profiles: path and height of a flight -> (distance, ground, flight height) in metres along
            it; the network's terrain and the plan's heights when None.
    """
    names = BothNames(network)
    laid = ground_profiles(network, plan) if profiles is None else profiles
    carriages = find_carriages(plan)
    deadlines = {order.id: order.deadline_s for order in orders}
    return MapScene(
        title=Text(network.name_zh or network.name_en, network.name_en or network.name_zh),
        date=plan.date,
        hub_id=network.hub_id,
        sites=tuple(_draw_sites(network, names)),
        zones=tuple(_draw_zones(network)),
        drones=tuple(_draw_drones(network, plan, names)),
        sorties=tuple(
            _draw_sortie(sortie, deadlines, laid) for sortie in in_fleet_order(network, plan)
        ),
        orders=tuple(_draw_orders(orders, plan, carriages, names)),
        weather=tuple(
            DrawnWeather(
                period.start_s,
                period.wind_mps,
                period.wind_from_deg,
                period.gust_mps,
                period.temperature_c,
                period.rain_mm_h or None,
                None if math.isinf(period.visibility_m) else period.visibility_m,
            )
            for period in network.weather.periods
        ),
        sunrise_s=network.rules.sunrise_s,
        sunset_s=network.rules.sunset_s,
        outline_lonlat=network.outline_lonlat,
        headline=headline(plan, len(orders), sum(order.id in carriages for order in orders)),
        notices=tuple(_notices(network, is_synthetic)),
        badge=SYNTHETIC_BADGE if is_synthetic else None,
        groundings=tuple(
            DrawnGrounding(
                one.start_s,
                one.end_s,
                names.type_name(one.type_id),
                Text(one.reasons("zh"), one.reasons("en")),
            )
            for one in find_groundings(network)
        ),
    )


def write_map(
    path: Path,
    network: Network,
    orders: Sequence[Order],
    plan: Plan,
    *,
    lang: Lang = "zh",
    is_synthetic: bool = False,
    profiles: GroundProfiles | None = None,
) -> None:
    """Writes the map as one HTML file, aside and then renamed: it is whole or not there.

    Args:
        path: file to write.
        lang: language the page starts in; the other arguments are those of ``build_scene``.

    Raises:
        OSError: the file cannot be written.
    """
    # Folium takes about two seconds to import, and only a run that writes a map needs it.
    from geo.map.page import draw_map

    scene = build_scene(network, orders, plan, is_synthetic=is_synthetic, profiles=profiles)
    write_whole(path, draw_map(scene, lang))


def _draw_sites(network: Network, names: BothNames) -> Iterable[DrawnSite]:
    for site in network.sites:
        base = network.base(site.id)
        yield DrawnSite(
            id=site.id,
            name=Text(site.name_zh or site.name_en, site.name_en or site.name_zh),
            kind=site.kind,
            lon_deg=site.lon_deg,
            lat_deg=site.lat_deg,
            is_base=base is not None,
            facts=site_facts(site, base, names),
        )


def _draw_zones(network: Network) -> Iterable[DrawnZone]:
    for zone in network.zones:
        yield DrawnZone(
            id=zone.id,
            name=Text(zone.name_zh or zone.name_en, zone.name_en or zone.name_zh),
            rule=zone.rule,
            rings_lonlat=zone.rings_lonlat,
            active=zone.active,
            is_illustrative=zone.is_illustrative,
            facts=zone_facts(zone),
        )


def _draw_drones(network: Network, plan: Plan, names: BothNames) -> Iterable[DrawnDrone]:
    """The fleet in its order, then what an edited plan flies although the fleet lacks it."""
    colours = colour_drones(drone.id for drone in network.drones)
    for drone in network.drones:
        yield DrawnDrone(
            drone.id, names.type_name(drone.type_id), colours[drone.id], drone.home_site_id
        )
    for drone_id in dict.fromkeys(sortie.drone_id for sortie in plan.sorties):
        if drone_id not in colours:
            yield DrawnDrone(drone_id, Text("不在机队", "not in the fleet"), UNKNOWN, "")


def _draw_sortie(
    sortie: Sortie, deadlines: dict[str, int], profiles: GroundProfiles
) -> DrawnSortie:
    return DrawnSortie(
        id=sortie.id,
        drone_id=sortie.drone_id,
        stops=tuple(_draw_stop(stop) for stop in sortie.stops),
        legs=tuple(_draw_leg(flight, profiles) for flight in sortie.flights),
        energy_pack=sortie.energy_pack,
        usable_pack=sortie.usable_pack,
        is_fixed=sortie.is_fixed,
        facts=(*sortie_facts(sortie), *tightest_fact(sortie, deadlines)),
    )


def _draw_stop(stop: Stop) -> DrawnStop:
    return DrawnStop(
        site_id=stop.site_id,
        landing_s=stop.landing_s,
        handover_start_s=stop.handover_start_s,
        handover_end_s=stop.handover_end_s,
        takeoff_s=stop.takeoff_s,
        loaded=stop.loaded,
        unloaded=stop.unloaded,
    )


def _draw_leg(flight: Flight, profiles: GroundProfiles) -> DrawnLeg:
    return DrawnLeg(
        takeoff_s=flight.takeoff_s,
        landing_s=flight.landing_s,
        path_lonlat=flight.path_lonlat,
        length_m=flight.length_m,
        payload_kg=flight.payload_kg,
        energy_pack=flight.energy_pack,
        height_m_agl=flight.height_m_agl,
        layer=flight.layer,
        profile=profiles.get((flight.path_lonlat, flight.height_m_agl), ()),
    )


def _draw_orders(
    orders: Sequence[Order],
    plan: Plan,
    carriages: Mapping[str, Carriage],
    names: BothNames,
) -> Iterable[DrawnOrder]:
    reasons = {item.order_id: Text(item.text_zh, item.text_en) for item in plan.unserved}
    missing = Text("计划中没有此订单", "not in the plan")
    for order in orders:
        carriage = carriages.get(order.id)
        yield DrawnOrder(
            id=order.id,
            product=names.product(order.product_id),
            tier=order.tier,
            origin_id=order.origin,
            destination_id=carriage.delivery.site_id if carriage else order.destinations[0],
            sortie_id=carriage.sortie.id if carriage else None,
            ready_s=order.ready_s,
            deadline_s=order.deadline_s,
            target_s=order.target_s,
            picked_s=carriage.pickup.handover_end_s if carriage else None,
            received_s=carriage.delivery.handover_end_s if carriage else None,
            reason=None if carriage else reasons.get(order.id, missing),
            facts=order_facts(order, names),
        )


def _notices(network: Network, is_synthetic: bool) -> Iterable[Text]:
    if is_synthetic:
        yield _SYNTHETIC
    yield _NOT_FOR_NAVIGATION
    if network.outline_credit:
        credit = network.outline_credit
        yield Text(f"边界：{credit}", f"Boundary: {credit}")
    if network.weather.source:
        yield Text(f"天气：{network.weather.source}", f"Weather: {network.weather.source}")
