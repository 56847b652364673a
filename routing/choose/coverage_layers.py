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
    "changes": Text("差异", "difference"),
    "compare": Text("覆盖", "coverage"),
    "new": Text("新增", "new"),
    "gone": Text("取消", "gone"),
    "more": Text("更多", "more"),
    "fewer": Text("更少", "fewer"),
    "same": Text("不变", "same"),
    "new_site": Text("新站点", "new site"),
    "gone_site": Text("取消的站点", "site gone"),
    "flights": Text("航段", "flights"),
}
_NOTICES = (
    Text(
        "覆盖按真实航路、风、周转与电量计算，假定无人机均空闲；不得据此飞行。",
        "Reach with real paths, wind, turnaround and energy, every drone free; never fly by it.",
    ),
    Text("色块：15、30、60 分钟，越深越近。", "Areas: 15, 30, 60 minutes; the deeper the nearer."),
)


def draw_coverage(network: Network, coverage: Coverage, lang: Lang) -> str:
    """The map page: one drawing for each kind, areas of 15, 30 and 60 minutes over one another."""
    zh, en = (coverage_lines(coverage, one) for one in ("zh", "en"))
    name = Text(f"{network.name_zh} · 覆盖", f"{network.name_en} · coverage")
    note = Text("；".join(line.strip() for line in zh), "; ".join(line.strip() for line in en))
    plans = [_plan(network, coverage, kind, note) for kind in ("bring", "fetch")]
    return draw_comparison(
        name,
        plans,
        _WORDS,
        outline_lonlat=network.outline_lonlat,
        notices=_NOTICES,
        lang=lang,
    )


def _plan(network: Network, coverage: Coverage, kind: Kind, note: Text) -> ComparedPlan:
    index = KINDS.index(kind) * len(MINUTES)
    areas = [
        ComparedZone(
            f"{kind}-{minutes}",
            Text(f"{minutes} 分钟内", f"within {minutes} min"),
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
    return ComparedPlan(_TITLES[kind], note, sites, (), (*areas, *zones))


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
