"""Runs as the before-and-after map: what each scenario flies between which sites, a day.

Owns what goes on that map. Does not know how it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geo.map.compare import (
    ComparedPlan,
    ComparedRoute,
    ComparedSite,
    ComparedZone,
    draw_comparison,
)
from geo.map.scene import Text
from routing.network import Network, Site
from routing.report.clock import Lang
from routing.whatif.comparison import Comparison
from routing.whatif.finding import tell_scenario
from routing.whatif.scenario import Scenario
from routing.whatif.sweep import Run
from routing.whatif.words import both

_WORDS = (
    "before", "after", "changes", "compare", "new", "gone", "more", "fewer", "same", "new_site",
    "gone_site", "flights",
)  # fmt: skip


def render_map(
    network: Network,
    runs: Sequence[Run],
    scenarios: Sequence[Scenario],
    comparison: Comparison,
    lang: Lang,
    *,
    is_synthetic: bool,
) -> str:
    """The map page of all scenarios, the first of which is the base."""
    notices = [both("map.caution")]
    if is_synthetic:
        notices.append(both("finding.synthetic"))
    title_zh, title_en = both("map")
    return draw_comparison(
        Text(f"{network.name_zh} · {title_zh}", f"{network.name_en} · {title_en}"),
        [
            _plan(scenario, [run for run in runs if run.scenario.name == scenario.name], comparison)
            for scenario in scenarios
        ],
        {key: Text(*both(f"map.{key}")) for key in _WORDS},
        outline_lonlat=network.outline_lonlat,
        notices=[Text(*notice) for notice in notices],
        lang=lang,
    )


def _plan(scenario: Scenario, runs: Sequence[Run], comparison: Comparison) -> ComparedPlan:
    changed = runs[0].network
    note = Text(
        tell_scenario(comparison, scenario, "zh"), tell_scenario(comparison, scenario, "en")
    )
    return ComparedPlan(
        name=Text(scenario.name_zh or scenario.name, scenario.name),
        note=note,
        sites=tuple(_site(site, changed) for site in changed.sites),
        routes=tuple(_routes(runs)),
        zones=tuple(
            ComparedZone(
                zone.id,
                Text(zone.name_zh or zone.name_en, zone.name_en or zone.name_zh),
                zone.rule,
                zone.rings_lonlat,
            )
            for zone in changed.zones
        ),
    )


def _site(site: Site, network: Network) -> ComparedSite:
    name = Text(site.name_zh or site.name_en, site.name_en or site.name_zh)
    return ComparedSite(
        id=site.id,
        name=name,
        kind=site.kind,
        lon_deg=site.lon_deg,
        lat_deg=site.lat_deg,
        is_base=network.base(site.id) is not None,
        facts=Text(
            f"{site.id}，起降坪 {site.pads}，{_confidence(site)}",
            f"{site.id}, pads {site.pads}, {_confidence(site)}",
        ),
    )


def _confidence(site: Site) -> str:
    return site.confidence or site.source or "–"


def _routes(runs: Sequence[Run]) -> Iterable[ComparedRoute]:
    """One route for each pair of sites, with its mean flights a day in both directions."""
    counts: dict[tuple[str, str], int] = {}
    paths: dict[tuple[str, str], tuple[tuple[float, float], ...]] = {}
    for run in runs:
        for sortie in run.outcome.plan.sorties:
            for flight in sortie.flights:
                ends = (
                    min(flight.origin, flight.destination),
                    max(flight.origin, flight.destination),
                )
                counts[ends] = counts.get(ends, 0) + 1
                paths.setdefault(ends, flight.path_lonlat)
    for ends in sorted(counts):
        yield ComparedRoute(ends, paths[ends], counts[ends] / len(runs))
