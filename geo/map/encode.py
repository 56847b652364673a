"""A map scene as JSON for the page: every text once, positions to the metre.

Owns the field names that the page's scripts read. Does not know HTML.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from geo.map.scene import (
    DrawnDrone,
    DrawnLeg,
    DrawnOrder,
    DrawnSite,
    DrawnSortie,
    DrawnStop,
    DrawnZone,
    Fact,
    LonLat,
    MapScene,
    Text,
)
from geo.palette import TIER_COLOURS, ZONE_COLOURS, height_colours

# 1e-5 degrees is about 1.1 m on the ground: finer than a screen shows at the closest zoom.
_DEGREE_DIGITS = 5

Json = object


def encode_scene(scene: MapScene) -> str:
    """The scene as one JSON text that is safe inside a ``<script>`` element.

    Texts are collected in ``texts`` as [zh, en] and referred to by their place in it.
    """
    texts = _Texts()
    value = {
        "title": texts.place(scene.title),
        "date": scene.date,
        "hub": scene.hub_id,
        "sunrise": scene.sunrise_s,
        "sunset": scene.sunset_s,
        "badge": texts.place_or_none(scene.badge),
        "headline": texts.places(scene.headline),
        "notices": [texts.place(notice) for notice in scene.notices],
        "outline": _line(scene.outline_lonlat),
        "sites": [_site(site, texts) for site in scene.sites],
        "zones": [_zone(zone, texts) for zone in scene.zones],
        "drones": [_drone(drone, texts) for drone in scene.drones],
        "sorties": [_sortie(sortie, texts) for sortie in scene.sorties],
        "orders": [_order(order, texts) for order in scene.orders],
        "weather": [
            [
                row.start_s,
                row.wind_mps,
                row.wind_from_deg,
                row.gust_mps,
                row.temperature_c,
                row.rain_mm_h,
                row.visibility_m,
            ]
            for row in scene.weather
        ],
        "groundings": [
            [one.start_s, one.end_s, texts.place(one.type_name), texts.place(one.reason)]
            for one in scene.groundings
        ],
        "tierColours": dict(TIER_COLOURS),
        "zoneColours": dict(ZONE_COLOURS),
        "heightColours": list(height_colours(_heights(scene)).items()),
        "texts": texts.pairs,
    }
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return written.replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")


class _Texts:
    """The distinct texts of a scene in the order of their first use."""

    def __init__(self) -> None:
        self.pairs: list[Text] = []
        self._place_of: dict[Text, int] = {}

    def place(self, text: Text) -> int:
        """The text's place in ``pairs``, adding it when it is new."""
        if text not in self._place_of:
            self._place_of[text] = len(self.pairs)
            self.pairs.append(text)
        return self._place_of[text]

    def place_or_none(self, text: Text | None) -> int | None:
        return None if text is None else self.place(text)

    def places(self, facts: Iterable[Fact]) -> list[list[int]]:
        """Rows as [label, value] places."""
        return [[self.place(fact.label), self.place(fact.value)] for fact in facts]


def _heights(scene: MapScene) -> set[int]:
    """The heights above ground, in whole metres, that are flown."""
    return {round(leg.height_m_agl) for sortie in scene.sorties for leg in sortie.legs}


def _line(lonlats: Sequence[LonLat]) -> list[list[float]]:
    return [[round(lon, _DEGREE_DIGITS), round(lat, _DEGREE_DIGITS)] for lon, lat in lonlats]


def _site(site: DrawnSite, texts: _Texts) -> Json:
    return {
        "id": site.id,
        "name": texts.place(site.name),
        "kind": site.kind,
        "at": _line([(site.lon_deg, site.lat_deg)])[0],
        "base": site.is_base,
        "facts": texts.places(site.facts),
    }


def _zone(zone: DrawnZone, texts: _Texts) -> Json:
    return {
        "id": zone.id,
        "name": texts.place(zone.name),
        "rule": zone.rule,
        "rings": [[_line(ring) for ring in polygon] for polygon in zone.rings_lonlat],
        "active": zone.active,
        "illustrative": zone.is_illustrative,
        "facts": texts.places(zone.facts),
    }


def _drone(drone: DrawnDrone, texts: _Texts) -> Json:
    return {
        "id": drone.id,
        "type": texts.place(drone.type_name),
        "colour": drone.colour,
        "home": drone.home_site_id,
    }


def _sortie(sortie: DrawnSortie, texts: _Texts) -> Json:
    return {
        "id": sortie.id,
        "drone": sortie.drone_id,
        "used": round(sortie.energy_pack, 4),
        "usable": round(sortie.usable_pack, 4),
        "fixed": sortie.is_fixed,
        "facts": texts.places(sortie.facts),
        "stops": [_stop(stop) for stop in sortie.stops],
        "legs": [_leg(leg) for leg in sortie.legs],
    }


def _stop(stop: DrawnStop) -> Json:
    return {
        "site": stop.site_id,
        "landing": stop.landing_s,
        "handover": [stop.handover_start_s, stop.handover_end_s],
        "takeoff": stop.takeoff_s,
        "loaded": stop.loaded,
        "unloaded": stop.unloaded,
    }


def _leg(leg: DrawnLeg) -> Json:
    encoded: dict[str, Json] = {
        "from": leg.takeoff_s,
        "to": leg.landing_s,
        "path": _line(leg.path_lonlat),
        "m": round(leg.length_m),
        "kg": round(leg.payload_kg, 2),
        "pack": round(leg.energy_pack, 4),
        "agl": round(leg.height_m_agl),
        "layer": leg.layer,
    }
    if leg.profile:
        encoded["profile"] = [[round(value) for value in point] for point in leg.profile]
    return encoded


def _order(order: DrawnOrder, texts: _Texts) -> Json:
    return {
        "id": order.id,
        "product": texts.place(order.product),
        "tier": order.tier,
        "origin": order.origin_id,
        "destination": order.destination_id,
        "sortie": order.sortie_id,
        "ready": order.ready_s,
        "deadline": order.deadline_s,
        "target": order.target_s,
        "picked": order.picked_s,
        "received": order.received_s,
        "reason": texts.place_or_none(order.reason),
        "facts": texts.places(order.facts),
    }
