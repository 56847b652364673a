"""Everything a comparison writes: page, map, table as CSV and workbook, finding as text.

Owns which files there are and that a folder holds a whole comparison or the one before: all are
written aside and then renamed one by one.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from routing.network import Network
from routing.report.clock import Lang
from routing.whatif.comparison import Comparison
from routing.whatif.costs import CostModel
from routing.whatif.finding import write_finding
from routing.whatif.map_scene import render_map
from routing.whatif.page import render_page
from routing.whatif.scenario import Scenario
from routing.whatif.sheets import write_table_csv, write_table_workbook
from routing.whatif.sweep import Run
from routing.whatif.table import cells_of

FILES = ("whatif.html", "map.html", "whatif.xlsx", "whatif.csv", "finding.txt", "whatif.json")
"""Written files in the order in which one reads them; without a second scenario there is no map."""


def write_comparison(
    out_dir: Path,
    network: Network,
    runs: Sequence[Run],
    scenarios: Sequence[Scenario],
    comparison: Comparison,
    costs: CostModel | None,
    lang: Lang,
    *,
    is_synthetic: bool,
) -> tuple[Path, ...]:
    """Write a comparison's files into a folder.

    Args:
        out_dir: made when missing; files of the same names are replaced, others stay.
        network: the base's.
        runs, scenarios, comparison, costs: what was compared.
        lang: language of page and tables; the finding is in both.
        is_synthetic: the orders are made up; the files say so.

    Returns:
        The written files.

    Raises:
        OSError: the folder cannot be written.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    pages = {
        "whatif.html": render_page(network, comparison, costs, lang, is_synthetic=is_synthetic),
        "finding.txt": finding_text(comparison, is_synthetic=is_synthetic),
        "whatif.json": json.dumps(facts_of(comparison), ensure_ascii=False, indent=2) + "\n",
    }
    if len(scenarios) > 1:
        pages["map.html"] = render_map(
            network, runs, scenarios, comparison, lang, is_synthetic=is_synthetic
        )
    with tempfile.TemporaryDirectory(dir=out_dir, prefix=".", ignore_cleanup_errors=True) as name:
        aside = Path(name)
        for file, text in pages.items():
            (aside / file).write_text(text, encoding="utf-8", newline="\n")
        write_table_csv(comparison, aside / "whatif.csv", lang)
        write_table_workbook(comparison, aside / "whatif.xlsx", lang)
        written = [
            (aside / file).replace(out_dir / file) for file in FILES if (aside / file).exists()
        ]
    return tuple(written)


def finding_text(comparison: Comparison, *, is_synthetic: bool) -> str:
    """The finding in Chinese, then in English."""
    parts = [
        "\n".join(write_finding(comparison, lang, is_synthetic=is_synthetic))
        for lang in ("zh", "en")
    ]
    return "\n\n".join(parts) + "\n"


def facts_of(comparison: Comparison) -> dict[str, Any]:
    """The table for machines: columns by their keys, times in minutes, shares as parts of 1."""
    return {
        "rows": [
            {**cells_of(row, "en"), "scenario": row.scenario.name, "way": row.way}
            for row in comparison.rows
        ],
        "days": [
            {**cells_of(row, "en"), "scenario": row.scenario.name, "way": row.way}
            for row in comparison.by_day
        ],
        "new_sites": [
            {
                "scenario": new.scenario,
                "site": new.site_id,
                "orders_mean": new.mean,
                "orders_least": new.least,
                "orders_most": new.most,
                "orders_low": new.low,
                "orders_high": new.high,
                "is_modelled": new.is_modelled,
            }
            for new in comparison.new_sites
        ],
    }
