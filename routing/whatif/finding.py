"""The finding: a few sentences in both languages whose every number is a cell of the table.

Owns which sentences there are. The wording is in ``routing.whatif.words``, the numbers come out
of ``routing.whatif.table`` as they are shown there; nothing is computed here.
"""

from __future__ import annotations

from routing.report.clock import Lang
from routing.whatif.comparison import Comparison, Row
from routing.whatif.scenario import Scenario
from routing.whatif.table import (
    NEW_SITE_COLUMNS,
    SPREAD_COLUMNS,
    new_site_cells,
    scenario_name,
    shown,
    shown_cells,
    spread_cells,
)
from routing.whatif.words import word

MOST_SCENARIOS = 8
"""More scenarios than these are left to the table; the best is always told."""
MOST_NEW_SITES = 8


def write_finding(comparison: Comparison, lang: Lang, *, is_synthetic: bool) -> tuple[str, ...]:
    """The sentences, a paragraph each.

    Args:
        comparison: its first scenario is the base.
        lang: language.
        is_synthetic: the orders are made up, and the finding says so.
    """
    plans = [row for row in comparison.rows if row.way == "plan"]
    base, best = plans[0], comparison.best()
    told = plans[1 : MOST_SCENARIOS + 1]
    if best is not base and best not in told:
        told = [best, *told[:-1]]
    sentences = [_best(base, best, lang)]
    if any(row.orders != base.orders for row in plans):
        sentences.append(word("finding.other_orders", lang, name=scenario_name(base, lang)))
    sentences.append(_base(comparison, base, lang))
    sentences += [_scenario(row, base, lang) for row in told]
    if comparison.by_day:
        sentences += [_spread(comparison, row, base, lang) for row in told]
    sentences += [
        word("finding.broken", lang, name=scenario_name(row, lang), broken=row.broken)
        for row in plans
        if row.broken
    ]
    sentences += _modelled(comparison, lang)
    sentences.append(word("finding.search", lang))
    if is_synthetic:
        sentences.append(word("finding.synthetic", lang))
    if base.cost_cny is not None:
        sentences.append(word("finding.costs", lang))
    return tuple(sentences)


def tell_scenario(comparison: Comparison, scenario: Scenario, lang: Lang) -> str:
    """The sentence about one scenario, the base or another one beside it."""
    base = comparison.row(comparison.rows[0].scenario.name, "plan")
    row = comparison.row(scenario.name, "plan")
    return _base(comparison, base, lang) if row is base else _scenario(row, base, lang)


def _best(base: Row, best: Row, lang: Lang) -> str:
    key = "finding.base_best" if best is base else "finding.best"
    return word(key, lang, name=scenario_name(best, lang))


def _base(comparison: Comparison, base: Row, lang: Lang) -> str:
    first_come = shown_cells(comparison.row(base.scenario.name, "first_come"), lang)
    road = shown_cells(comparison.row(base.scenario.name, "road"), lang)
    return word(
        "finding.base",
        lang,
        name=scenario_name(base, lang),
        **shown_cells(base, lang),
        fc_served=first_come["served"],
        fc_on_target=first_come["on_target"],
        road_served=road["served"],
        road_on_target=road["on_target"],
    )


def _scenario(row: Row, base: Row, lang: Lang) -> str:
    before = {f"b_{key}": text for key, text in shown_cells(base, lang).items()}
    cells = shown_cells(row, lang)
    return word("finding.scenario", lang, name=scenario_name(row, lang), **cells, **before)


def _spread(comparison: Comparison, row: Row, base: Row, lang: Lang) -> str:
    """How a scenario's days differ, beside the base's."""
    mine, before = (
        {
            column.key: shown(cells[column.key], column)
            for column in SPREAD_COLUMNS
            for cells in [spread_cells(one, comparison, lang)]
        }
        for one in (row, base)
    )
    named = {f"b_{key}": text for key, text in before.items()}
    return word("finding.spread", lang, name=scenario_name(row, lang), **mine, **named)


def _modelled(comparison: Comparison, lang: Lang) -> list[str]:
    sentences: dict[str, str] = {}
    for new in comparison.new_sites:
        if new.is_modelled and new.site_id not in sentences:
            cells = new_site_cells(new, comparison, lang)
            texts = {column.key: shown(cells[column.key], column) for column in NEW_SITE_COLUMNS}
            sentences[new.site_id] = word(
                "finding.modelled",
                lang,
                name=texts["site"],
                mean=texts["orders_mean"],
                low=texts["orders_low"],
                high=texts["orders_high"],
            )
    return list(sentences.values())[:MOST_NEW_SITES]
