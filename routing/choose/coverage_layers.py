"""Areas within reach as layers: a map page that works offline, and polygons for QGIS.

Owns what is drawn of a coverage. Does not know how it is drawn or measured.
"""

from __future__ import annotations

from typing import Any

from geo.layers import Layer, Rings
from geo.map.compare import ComparedPlan, ComparedSite, ComparedZone, draw_comparison
from geo.map.scene import Text
from routing.choose.coverage import KINDS, MINUTES, Coverage, Kind
from routing.choose.words import coverage_lines
from routing.network import Network
from routing.report.clock import Lang

_TITLES: dict[Kind, Text] = {
    "bring": Text("从起降点送达", "goods brought from a base"),
    "fetch": Text("取样送达检验科", "specimens fetched to a laboratory"),
}
_WORDS = {
    "before": _TITLES["bring"],
    "after": _TITLES["fetch"],
    "compare": Text("覆盖", "coverage"),
}
_NOTICES = (
    Text(
        "覆盖按真实航路、风、周转与电量计算，假定无人机均空闲；不得据此飞行。",
        "Reach with real paths, wind, turnaround and energy, every drone free; never fly by it.",
    ),
)
AREA_OPACITY = 0.12
"""Of one area; the map lays 15 minutes over 30 over 60."""


def draw_coverage(network: Network, coverage: Coverage, lang: Lang) -> str:
    """The map page: one drawing for each kind, areas of 15, 30 and 60 minutes over one another."""
    name = Text(f"{network.name_zh} · 覆盖", f"{network.name_en} · coverage")
    plans = [_plan(network, coverage, kind) for kind in ("bring", "fetch")]
    return draw_comparison(
        name,
        plans,
        _WORDS,
        outline_lonlat=network.outline_lonlat,
        notices=_NOTICES,
        areas=[
            (
                Text(f"{minutes} 分钟内", f"within {minutes} min"),
                round(1 - (1 - AREA_OPACITY) ** n, 2),
            )
            for n, minutes in zip(range(len(MINUTES), 0, -1), MINUTES, strict=True)
        ],
        lang=lang,
    )


def _within(minutes: int) -> Text:
    return Text(f"{minutes} 分钟内", f"within {minutes} min")


def _note(coverage: Coverage, kind: Kind) -> Text:
    """The lines about one kind as a sentence."""
    zh, en = (
        [line.strip() for line in coverage_lines(coverage, lang, (kind,))] for lang in ("zh", "en")
    )
    return Text(f"{zh[0]}：{'；'.join(zh[1:])}", f"{en[0]}: {'; '.join(en[1:])}")


def _plan(network: Network, coverage: Coverage, kind: Kind) -> ComparedPlan:
    index = KINDS.index(kind) * len(MINUTES)
    areas = [
        ComparedZone(
            f"{kind}-{minutes}",
            _within(minutes),
            "advisory",
            rings_of(coverage.areas[index + at]),
        )
        for at, minutes in reversed(list(enumerate(MINUTES)))
    ]
    zones = [
        ComparedZone(zone.id, Text(zone.name_zh, zone.name_en), zone.rule, zone.rings_lonlat)
        for zone in network.zones
    ]
    seconds = coverage.sites.seconds[kind]
    sites = tuple(
        ComparedSite(
            site.id,
            Text(site.name_zh, site.name_en),
            site.kind,
            site.lon_deg,
            site.lat_deg,
            network.base(site.id) is not None,
            _minutes(float(seconds[n])),
        )
        for n, site in enumerate(network.sites)
    )
    return ComparedPlan(_TITLES[kind], _note(coverage, kind), sites, (), (*areas, *zones))


def _minutes(seconds: float) -> Text:
    if seconds == float("inf"):
        return Text("无法到达", "out of reach")
    return Text(f"{seconds / 60:.0f} 分钟", f"{seconds / 60:.0f} min")


def coverage_layer(coverage: Coverage) -> Layer:
    """The areas as one polygon layer; one without any cell is left out."""
    found = [(area, rings_of(area)) for area in coverage.areas]
    kept = [(area, rings) for area, rings in found if rings]
    properties: list[Any] = [area["properties"] for area, _ in kept]
    return Layer(
        name="coverage",
        kind="polygon",
        columns=("kind", "minutes", "share"),
        shapes=tuple(rings for _, rings in kept),
        rows=tuple((one["kind"], one["minutes"], one["share"]) for one in properties),
    )


def rings_of(area: Any) -> tuple[Rings, ...]:
    """The polygons of a GeoJSON feature as rings, outer first; none when it is empty."""
    geometry = area["geometry"]
    if geometry["type"] == "Polygon":
        parts = [geometry["coordinates"]]
    elif geometry["type"] == "MultiPolygon":
        parts = list(geometry["coordinates"])
    else:
        return ()
    return tuple(
        tuple(tuple((float(lon), float(lat)) for lon, lat in ring) for ring in part)
        for part in parts
    )
