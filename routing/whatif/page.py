"""The comparison as one HTML page that needs no network.

Owns the page's template and what goes into it, every value escaped. Numbers are written by
``routing.whatif.table``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from routing.network import Network
from routing.report.clock import Lang
from routing.whatif.comparison import Comparison, Row
from routing.whatif.costs import CostModel
from routing.whatif.finding import write_finding
from routing.whatif.table import (
    COLUMNS,
    COST_COLUMNS,
    DAY_COLUMNS,
    NEW_SITE_COLUMNS,
    SPREAD_COLUMNS,
    Cell,
    Column,
    cells_of,
    cost_cells,
    label,
    new_site_cells,
    shown,
    spread_cells,
)
from routing.whatif.words import word

_TEMPLATES = Path(__file__).parent / "templates"


def render_page(
    network: Network,
    comparison: Comparison,
    costs: CostModel | None,
    lang: Lang,
    *,
    is_synthetic: bool,
) -> str:
    """The page: finding in both languages, table, new sites, costs with their sources."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    name = network.name_zh if lang == "zh" else network.name_en
    other: Lang = "en" if lang == "zh" else "zh"
    return environment.get_template("whatif.html.j2").render(
        lang=lang,
        w=lambda key: word(key, lang),
        title=f"{name} · {word('title', lang)} · {network.date}",
        is_synthetic=is_synthetic,
        findings=[
            {
                "lang": one,
                "sentences": write_finding(comparison, one, is_synthetic=is_synthetic),
            }
            for one in (lang, other)
        ],
        columns=_headings(COLUMNS, lang),
        rows=list(_rows(comparison, lang)),
        new_sites=_table(
            NEW_SITE_COLUMNS,
            [new_site_cells(new, comparison, lang) for new in comparison.new_sites],
            lang,
        ),
        spread=_table(
            SPREAD_COLUMNS,
            [
                spread_cells(row, comparison, lang)
                for row in comparison.rows
                if comparison.by_day and row.way == "plan"
            ],
            lang,
        ),
        by_day=_table(
            DAY_COLUMNS,
            [cells_of(row, lang) for row in comparison.by_day if row.way == "plan"],
            lang,
        ),
        costs=_table(COST_COLUMNS, map(partial(cost_cells, lang=lang), _priced(comparison)), lang),
        assumptions=list(_assumptions(costs)),
    )


def _headings(columns: Sequence[Column], lang: Lang) -> list[Mapping[str, str]]:
    return [{"label": label(column, lang), "kind": column.kind} for column in columns]


def _table(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Cell]], lang: Lang
) -> Mapping[str, object]:
    return {"columns": _headings(columns, lang), "rows": [_cells(columns, row) for row in rows]}


def _cells(columns: Sequence[Column], row: Mapping[str, Cell]) -> list[Mapping[str, str]]:
    return [{"text": shown(row[column.key], column), "kind": column.kind} for column in columns]


def _rows(comparison: Comparison, lang: Lang) -> Iterable[Mapping[str, object]]:
    best = comparison.best()
    base_name = comparison.rows[0].scenario.name
    for row in comparison.rows:
        is_base = row.scenario.name == base_name
        classes = ["base"] if is_base else []
        if row.way != "plan":
            classes += ["reference"] if is_base else ["reference", "hidden"]
        if row is best:
            classes.append("best")
        if row.broken:
            classes.append("broken")
        yield {"classes": " ".join(classes), "cells": _cells(COLUMNS, cells_of(row, lang))}


def _priced(comparison: Comparison) -> Iterable[Row]:
    return (row for row in comparison.rows if row.cost_cny is not None and row.way != "first_come")


def _assumptions(costs: CostModel | None) -> Iterable[Mapping[str, str]]:
    if costs is None:
        return
    for key, source in costs.sources.items():
        value = getattr(costs, key)
        text = f"{value:g}" if isinstance(value, int | float) else _by_type(value)
        yield {"key": key, "value": text, "source": source}


def _by_type(values: Mapping[str, float]) -> str:
    return ", ".join(f"{type_id}: {value:g}" for type_id, value in values.items())
