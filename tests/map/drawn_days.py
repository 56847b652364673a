"""Map scenes made for tests: any number of sites on rings around a hub, sorties out and back.

Everything is synthetic and follows from the numbers asked for; no random draw.
"""

from __future__ import annotations

import math

from geo.map.scene import (
    DrawnDrone,
    DrawnLeg,
    DrawnOrder,
    DrawnSite,
    DrawnSortie,
    DrawnStop,
    DrawnWeather,
    DrawnZone,
    Fact,
    LonLat,
    MapScene,
    Text,
    same,
)
from geo.palette import drone_colour

HUB: LonLat = (119.96, 36.78)
TIERS = ("routine", "urgent", "routine", "stat")


def place_on_ring(idx: int) -> LonLat:
    """The idx-th site: eight to a ring, 0.08 degrees further out each ring."""
    angle = idx * math.tau / 8 + (idx // 8) * 0.35
    radius = 0.12 + 0.08 * (idx // 8 % 4) + 0.002 * (idx // 32)
    return (HUB[0] + radius * 1.25 * math.cos(angle), HUB[1] + radius * math.sin(angle))


def drawn_day(num_sites: int, num_sorties: int, num_orders: int, num_drones: int = 9) -> MapScene:
    """A day with every kind of thing: a detour, a zone that closes at noon, an unserved order."""
    sites = (
        DrawnSite("hub", Text("中心医院", "Hub Hospital"), "hub", *HUB, is_base=True),
        *(_draw_site(idx) for idx in range(num_sites - 1)),
    )
    orders_of: list[list[str]] = [[] for _ in range(num_sorties)]
    for number in range(num_orders - 1):
        orders_of[number % num_sorties].append(f"P{number + 1:03d}")
    sorties = tuple(
        _draw_sortie(number, num_sites, num_drones, tuple(orders_of[number]))
        for number in range(num_sorties)
    )
    carried = [
        _draw_order(order_id, sortie)
        for sortie, ids in zip(sorties, orders_of, strict=True)
        for order_id in ids
    ]
    return MapScene(
        title=Text("测试县送检网", "Test county network"),
        date="2026-11-23",
        hub_id="hub",
        sites=sites,
        zones=(_draw_zone(),),
        drones=tuple(
            DrawnDrone(f"D{place + 1}", Text("六旋翼", "Hexacopter"), drone_colour(place), "hub")
            for place in range(num_drones)
        ),
        sorties=sorties,
        orders=(*carried, _unserved_order(num_orders)),
        weather=(DrawnWeather(0, 3.0, 315.0, 6.0, 8.0), DrawnWeather(43_200, 9.0, 90.0, 14.0, 9.0)),
        sunrise_s=24_000,
        sunset_s=61_200,
        outline_lonlat=((119.4, 36.4), (120.5, 36.4), (120.5, 37.1), (119.4, 37.1), (119.4, 36.4)),
        headline=(Fact(Text("架次", "sorties"), same(str(num_sorties))),),
        notices=(Text("合成数据", "Synthetic orders"), Text("不得用于导航", "Not for navigation")),
        badge=Text("合成数据", "Synthetic orders"),
    )


def _draw_site(idx: int) -> DrawnSite:
    name = Text(f"第{idx + 1}卫生院", f"Clinic {idx + 1}")
    kind = "hospital" if idx == 0 else "township" if idx < 24 else "village"
    lon_deg, lat_deg = place_on_ring(idx)
    facts = (Fact(Text("起降坪", "Pads"), same("1")), Fact(Text("开放时间", "Hours"), same("8–18")))
    return DrawnSite(f"c{idx + 1}", name, kind, lon_deg, lat_deg, is_base=idx == 0, facts=facts)


def _draw_zone() -> DrawnZone:
    """A square east of the hub, active until noon: the first site's paths go around it."""
    west, east, south, north = HUB[0] + 0.05, HUB[0] + 0.09, HUB[1] - 0.02, HUB[1] + 0.02
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    name = Text("水厂", "Waterworks")
    return DrawnZone("z1", name, "prohibited", ((ring,),), ((0, 43_200),), is_illustrative=True)


def _draw_sortie(
    number: int, num_sites: int, num_drones: int, order_ids: tuple[str, ...]
) -> DrawnSortie:
    site_idx = number % (num_sites - 1)
    turn, site = (HUB[0] + 0.07, HUB[1] + 0.03), place_on_ring(site_idx)
    out = (HUB, turn, site) if site_idx == 0 else (HUB, site)
    start_s = 25_200 + number // num_drones * 3_600 + number % num_drones * 240
    land_s, leave_s, end_s = start_s + 900, start_s + 1_140, start_s + 2_040
    # The ground is known only under the first leg of the first sortie.
    ground = ((0.0, 10.0, 130.0), (14_000.0, 60.0, 180.0)) if number == 0 else ()
    legs = (
        DrawnLeg(start_s, land_s, out, 14_000.0, 1.5, 0.2, 120.0, profile=ground),
        DrawnLeg(leave_s, end_s, out[::-1], 14_000.0, 2.5, 0.22, 120.0),
    )
    stops = (
        DrawnStop("hub", None, None, None, start_s),
        DrawnStop(f"c{site_idx + 1}", land_s, land_s, leave_s, leave_s, loaded=order_ids),
        DrawnStop("hub", end_s, end_s, end_s + 240, None, unloaded=order_ids),
    )
    return DrawnSortie(f"S{number + 1:03d}", f"D{number % num_drones + 1}", stops, legs, 0.42, 0.76)


def _draw_order(order_id: str, sortie: DrawnSortie) -> DrawnOrder:
    pickup, receipt = sortie.stops[1], sortie.stops[2]
    assert pickup.handover_end_s is not None
    assert receipt.handover_end_s is not None
    return DrawnOrder(
        id=order_id,
        product=Text("血常规", "Full blood count"),
        tier=TIERS[int(order_id[1:]) % len(TIERS)],
        origin_id=pickup.site_id,
        destination_id="hub",
        sortie_id=sortie.id,
        ready_s=pickup.handover_end_s - 1_200,
        deadline_s=receipt.handover_end_s + 5_400,
        target_s=receipt.handover_end_s + 600,
        picked_s=pickup.handover_end_s,
        received_s=receipt.handover_end_s,
        facts=(Fact(Text("质量", "Mass"), same("0.40 kg")),),
    )


def _unserved_order(number: int) -> DrawnOrder:
    return DrawnOrder(
        id=f"P{number:03d}",
        product=Text("血培养", "Blood culture"),
        tier="urgent",
        origin_id="c1",
        destination_id="hub",
        sortie_id=None,
        ready_s=80_000,
        deadline_s=82_000,
        target_s=None,
        picked_s=None,
        received_s=None,
        reason=Text("时限前飞不到", "No drone arrives before the deadline"),
    )
