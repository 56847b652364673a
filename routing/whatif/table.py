"""The comparison as a table: which columns, what each holds, and how a cell is written.

Owns columns and formats, for CSV, workbook, page and finding alike: a number reads the same
wherever it stands. Does not write files.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from routing.network import TIERS
from routing.report.clock import Lang
from routing.whatif.comparison import SPREAD_OVER, Comparison, NewSiteDemand, Row
from routing.whatif.costs import COST_ITEMS
from routing.whatif.words import word

Kind = Literal["text", "number", "share"]
Cell = str | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its label is ``column.<key>``; decimals of a number or of a share in per cent."""

    key: str
    kind: Kind
    decimals: int = 0
    width: int = 12


COLUMNS: tuple[Column, ...] = (
    Column("scenario", "text", width=30),
    Column("way", "text", width=22),
    Column("days", "number"),
    Column("orders", "number", 1),
    Column("served", "number", 1),
    *(Column(f"{what}_{tier}", "number", 1) for tier in TIERS for what in ("orders", "served")),
    Column("receipt_median", "number", 1),
    Column("receipt_p90", "number", 1),
    Column("receipt_worst", "number", 1),
    Column("lateness_min", "number", 1),
    Column("on_target", "share", 1),
    Column("sorties", "number", 1),
    Column("flights", "number", 1),
    Column("drone_h", "number", 1),
    Column("packs", "number", 1),
    Column("energy_kwh", "number", 1),
    Column("cost_cny", "number"),
    Column("gap", "share", 1),
    Column("broken", "number"),
)
NEW_SITE_COLUMNS: tuple[Column, ...] = (
    Column("scenario", "text", width=30),
    Column("site", "text", width=30),
    Column("orders_mean", "number", 1),
    Column("orders_least", "number"),
    Column("orders_most", "number"),
    Column("orders_low", "number"),
    Column("orders_high", "number"),
    Column("source", "text", width=60),
)
DAY_COLUMNS: tuple[Column, ...] = (
    *COLUMNS[:2],
    Column("day", "text", width=24),
    *(column for column in COLUMNS if column.key not in ("scenario", "way", "days")),
)
_SPREAD_KINDS: dict[str, tuple[Kind, int]] = {
    "left": ("number", 0),
    "on_target": ("share", 1),
    "lateness_min": ("number", 1),
    "cost_cny": ("number", 0),
}
SPREAD_COLUMNS: tuple[Column, ...] = (
    *COLUMNS[:3],
    *(
        Column(f"{key}_{part}", *_SPREAD_KINDS[key])
        for key in SPREAD_OVER
        for part in ("least", "median", "most")
    ),
)
COST_COLUMNS: tuple[Column, ...] = (
    Column("scenario", "text", width=30),
    Column("way", "text", width=22),
    *(Column(item, "number", width=16) for item in COST_ITEMS),
    Column("total", "number"),
)


def scenario_name(row: Row, lang: Lang) -> str:
    """The scenario's name in a language."""
    scenario = row.scenario
    return (scenario.name_zh or scenario.name) if lang == "zh" else scenario.name


def cells_of(row: Row, lang: Lang) -> dict[str, Cell]:
    """The cells of a row by column, unformatted: times in minutes, shares as parts of 1."""
    cells: dict[str, Cell] = {
        "scenario": scenario_name(row, lang),
        "way": word(f"way.{row.way}", lang),
        "days": row.days,
        "day": row.day,
        "orders": sum(row.orders.values()),
        "served": sum(row.served.values()),
        "lateness_min": row.lateness_min,
        "on_target": row.on_target,
        "cost_cny": None if row.cost_cny is None else sum(row.cost_cny.values()),
        "gap": row.gap,
        "broken": row.broken,
    }
    for tier in TIERS:
        cells[f"orders_{tier}"] = row.orders[tier]
        cells[f"served_{tier}"] = row.served[tier]
    receipt = row.receipt
    cells["receipt_median"] = None if receipt is None else receipt.median_s / 60
    cells["receipt_p90"] = None if receipt is None else receipt.p90_s / 60
    cells["receipt_worst"] = None if receipt is None else receipt.worst_s / 60
    for key in ("sorties", "flights", "drone_h", "packs", "energy_kwh"):
        # By road nothing is flown.
        cells[key] = None if row.way == "road" else getattr(row, key)
    return cells


def cost_cells(row: Row, lang: Lang) -> dict[str, Cell]:
    """The cost of a row by item."""
    cost = row.cost_cny or {}
    cells: dict[str, Cell] = {item: cost.get(item) for item in COST_ITEMS}
    cells["scenario"] = scenario_name(row, lang)
    cells["way"] = word(f"way.{row.way}", lang)
    cells["total"] = sum(cost.values()) if cost else None
    return cells


def spread_cells(row: Row, comparison: Comparison, lang: Lang) -> dict[str, Cell]:
    """How the days of a row differ."""
    cells: dict[str, Cell] = {
        "scenario": scenario_name(row, lang),
        "way": word(f"way.{row.way}", lang),
        "days": row.days,
    }
    for key, spread in comparison.spread_of(row).items():
        for part in ("least", "median", "most"):
            cells[f"{key}_{part}"] = None if spread is None else getattr(spread, part)
    return cells


def new_site_cells(new: NewSiteDemand, comparison: Comparison, lang: Lang) -> dict[str, Cell]:
    """The cells of a new site."""
    return {
        "scenario": scenario_name(comparison.row(new.scenario), lang),
        "site": new.name_zh if lang == "zh" else new.name_en,
        "orders_mean": new.mean,
        "orders_least": new.least,
        "orders_most": new.most,
        "orders_low": new.low,
        "orders_high": new.high,
        "source": word("source.modelled" if new.is_modelled else "source.given", lang),
    }


def label(column: Column, lang: Lang) -> str:
    """A column's heading."""
    key, _, part = column.key.rpartition("_")
    if key in SPREAD_OVER and part in ("least", "median", "most"):
        return f"{word(f'column.{key}', lang)} · {word(f'spread.{part}', lang)}"
    key = column.key
    return word(f"cost.{key}" if key in (*COST_ITEMS, "total") else f"column.{key}", lang)


def shown(cell: Cell, column: Column) -> str:
    """A cell as people read it; an en dash when it is empty."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if column.kind == "share":
        return f"{cell * 100:.{column.decimals}f} %"
    decimals = 0 if float(cell).is_integer() else column.decimals
    return f"{cell:,.{decimals}f}"


def shown_cells(row: Row, lang: Lang) -> dict[str, str]:
    """A row as people read it, by column."""
    cells = cells_of(row, lang)
    return {column.key: shown(cells[column.key], column) for column in COLUMNS}
