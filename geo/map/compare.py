"""Draws plans before and after a change as one HTML map that works with the network off.

Owns the values to draw, the page and its script. Does not know scenarios, orders or plans.
Positions are WGS-84 (lon, lat) in degrees.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from geo.map.page import leaflet_script, leaflet_style
from geo.map.scene import Language, LonLat, Text
from geo.palette import ZONE_COLOURS

_DEGREE_DIGITS = 5


@dataclass(frozen=True, slots=True)
class ComparedSite:
    """A site; ``facts`` is what its popup says."""

    id: str
    name: Text
    kind: str
    lon_deg: float
    lat_deg: float
    is_base: bool
    facts: Text


@dataclass(frozen=True, slots=True)
class ComparedRoute:
    """What is flown between two sites, both directions together: flights a day on one path."""

    ends: tuple[str, str]
    path_lonlat: tuple[LonLat, ...]
    flights: float


@dataclass(frozen=True, slots=True)
class ComparedZone:
    """A zone: its rule is its colour."""

    id: str
    name: Text
    rule: str
    rings_lonlat: tuple[tuple[tuple[LonLat, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class ComparedPlan:
    """All that one scenario draws; the first of a map is what the others are compared with."""

    name: Text
    note: Text
    sites: tuple[ComparedSite, ...]
    routes: tuple[ComparedRoute, ...]
    zones: tuple[ComparedZone, ...]


def draw_comparison(
    title: Text,
    plans: Sequence[ComparedPlan],
    words: Mapping[str, Text],
    *,
    outline_lonlat: Sequence[LonLat] = (),
    notices: Sequence[Text] = (),
    areas: Sequence[tuple[Text, float]] = (),
    lang: Language = "zh",
) -> str:
    """The map as a whole HTML page: choose a scenario, toggle before, after and changes.

    Args:
        title: heading of the page.
        plans: the base first, then at least one more.
        words: labels by key: before, after, changes, compare, new, gone, more, fewer, same,
            new_site, gone_site, flights; with ``areas``: before, after, compare.
        outline_lonlat: county outline.
        notices: lines of the footer.
        areas: names and opacities of areas, for the legend; with any, the two plans are two views
            that stand for themselves: there is nothing to choose and no change between them.
        lang: the language the page starts in; it has a switch.

    Raises:
        ValueError: there is nothing to compare.
    """
    if len(plans) < 2:
        raise ValueError("a comparison needs two plans")
    scene = {
        "title": title,
        "plans": [_plan(plan) for plan in plans],
        "words": dict(words),
        "outline": _line(outline_lonlat),
        "notices": list(notices),
        "areas": list(areas),
        "zoneColours": dict(ZONE_COLOURS),
        "lang": lang,
    }
    text = json.dumps(scene, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    safe = text.replace("<", "\\u003c").replace("\u2028", " ").replace("\u2029", " ")
    page = _asset("compare.html")
    parts = {
        "%LANG%": "zh-CN" if lang == "zh" else "en",
        "%TITLE%": html.escape(title.zh if lang == "zh" else title.en),
        "%LEAFLET_STYLE%": leaflet_style(),
        "%STYLE%": _asset("compare.css"),
        "%LEAFLET_SCRIPT%": leaflet_script(),
        "%SCRIPT%": _asset("compare.js").replace("/*SCENE*/", safe, 1),
    }
    for mark, part in parts.items():
        page = page.replace(mark, part, 1)
    return page


def _plan(plan: ComparedPlan) -> dict[str, object]:
    return {
        "name": plan.name,
        "note": plan.note,
        "sites": [
            [site.id, site.name, site.kind, *_line([(site.lon_deg, site.lat_deg)])[0],
             site.is_base, site.facts]
            for site in plan.sites
        ],
        "routes": [
            [route.ends, _line(route.path_lonlat), round(route.flights, 2)]
            for route in plan.routes
        ],
        "zones": [
            [zone.id, zone.name, zone.rule,
             [[_line(ring) for ring in polygon] for polygon in zone.rings_lonlat]]
            for zone in plan.zones
        ],
    }  # fmt: skip


def _line(lonlats: Sequence[LonLat]) -> list[list[float]]:
    return [[round(lon, _DEGREE_DIGITS), round(lat, _DEGREE_DIGITS)] for lon, lat in lonlats]


def _asset(name: str) -> str:
    return resources.files("geo.map").joinpath("assets", name).read_text(encoding="utf-8")
