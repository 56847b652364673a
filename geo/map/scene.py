"""What a map of one day shows, as plain frozen values in both languages.

Owns the values between those who know the day and those who draw it. Does not know orders or
plans as types, files, or how anything is drawn. Positions are WGS-84 (lon, lat) in degrees; times
are seconds since the service day's local midnight and may run past 86,400.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

LonLat = tuple[float, float]
Language = Literal["zh", "en"]


class Text(NamedTuple):
    """Something to read, in Chinese and in English."""

    zh: str
    en: str


def same(text: str) -> Text:
    """A text that reads the same in both languages: an id, a number with its unit."""
    return Text(text, text)


class Fact(NamedTuple):
    """One row of a popup or of a panel."""

    label: Text
    value: Text


@dataclass(frozen=True, slots=True)
class DrawnSite:
    """A marker: ``kind`` is hub, hospital, township or village; a base has its own mark."""

    id: str
    name: Text
    kind: str
    lon_deg: float
    lat_deg: float
    is_base: bool
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnZone:
    """An airspace zone, shown while it is active.

    Attributes:
        rule: prohibited, authorisation, conditional or advisory: its colour and hatch.
        rings_lonlat: polygons, each a tuple of rings, the outer one first.
        active: (start_s, end_s) spans; empty means always.
        is_illustrative: made up, not published by any authority; labelled so on the map.
    """

    id: str
    name: Text
    rule: str
    rings_lonlat: tuple[tuple[tuple[LonLat, ...], ...], ...]
    active: tuple[tuple[int, int], ...]
    is_illustrative: bool
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnDrone:
    """A drone: its colour (``#rrggbb``) is the colour of everything it flies."""

    id: str
    type_name: Text
    colour: str
    home_site_id: str


@dataclass(frozen=True, slots=True)
class DrawnLeg:
    """One timed polyline from pad to pad.

    Attributes:
        layer: altitude layer id.
        profile: (distance along the path, ground, flight height), metres, the last two in one
            datum; empty when the ground is not known.
    """

    takeoff_s: int
    landing_s: int
    path_lonlat: tuple[LonLat, ...]
    length_m: float
    payload_kg: float
    energy_pack: float
    height_m_agl: float
    layer: int = 0
    profile: tuple[tuple[float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnStop:
    """One place of a sortie with what is handed over there (order ids)."""

    site_id: str
    landing_s: int | None
    handover_start_s: int | None
    handover_end_s: int | None
    takeoff_s: int | None
    loaded: tuple[str, ...] = ()
    unloaded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnSortie:
    """What moves: take-off at a base until the landing at a base.

    Attributes:
        stops: one more than ``legs``.
        energy_pack, usable_pack: energy planned and allowed, in packs of one full charge.
        facts: further rows of its panel.
    """

    id: str
    drone_id: str
    stops: tuple[DrawnStop, ...]
    legs: tuple[DrawnLeg, ...]
    energy_pack: float
    usable_pack: float
    is_fixed: bool = False
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnOrder:
    """One row of the orders table.

    Attributes:
        destination_id: the site that receives it, or would.
        sortie_id: the sortie that carries it; None when it stays behind, ``reason`` says why.
        picked_s, received_s: end of the pickup handover, end of the unloading handover.
    """

    id: str
    product: Text
    tier: str
    origin_id: str
    destination_id: str
    sortie_id: str | None
    ready_s: int
    deadline_s: int
    target_s: int | None
    picked_s: int | None
    received_s: int | None
    reason: Text | None = None
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class DrawnWeather:
    """Weather from ``start_s`` until the next row; the wind blows FROM ``wind_from_deg``.

    Attributes:
        rain_mm_h, visibility_m: None where nothing is known of them.
    """

    start_s: int
    wind_mps: float
    wind_from_deg: float
    gust_mps: float
    temperature_c: float
    rain_mm_h: float | None = None
    visibility_m: float | None = None


@dataclass(frozen=True, slots=True)
class DrawnGrounding:
    """A span in which the weather keeps drones of one type on the ground, and why."""

    start_s: int
    end_s: int
    type_name: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class MapScene:
    """Everything on the map of one day.

    Attributes:
        headline: the few numbers at the top of the page.
        outline_lonlat: county outline, may be empty.
        notices: lines of the footer: synthetic data, credits, what the map is not for.
        badge: short label beside the title, e.g. that the orders are synthetic; None for none.
        groundings: when the weather lets a drone type not fly.
    """

    title: Text
    date: str
    hub_id: str
    sites: tuple[DrawnSite, ...]
    zones: tuple[DrawnZone, ...]
    drones: tuple[DrawnDrone, ...]
    sorties: tuple[DrawnSortie, ...]
    orders: tuple[DrawnOrder, ...]
    weather: tuple[DrawnWeather, ...]
    sunrise_s: int
    sunset_s: int
    outline_lonlat: tuple[LonLat, ...] = ()
    headline: tuple[Fact, ...] = ()
    notices: tuple[Text, ...] = ()
    badge: Text | None = None
    groundings: tuple[DrawnGrounding, ...] = ()
