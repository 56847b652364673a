"""Everything a day writes: the files a dispatcher, a planner and a crew open.

Owns which files there are and that a folder never holds half a day: all are written aside and
then renamed one by one. Knows what each writer needs and no file format itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from geo.layers import write_layers
from routing.network import Network
from routing.orders import Order
from routing.plan import Plan
from routing.plan_file import write_plan
from routing.report.clock import Lang
from routing.report.figures import compute_figures
from routing.report.plan_layers import plan_layers
from routing.report.profiles import render_profiles
from routing.report.schedule import write_csv, write_workbook
from routing.report.sheets import render_sheets
from routing.report.summary import render_summary, render_summary_json
from routing.report.tables import build_tables
from routing.report.timeline import draw_pages, draw_timeline
from routing.report.words import word

MapWriter = Callable[[Path], object]


def write_day(
    network: Network,
    orders: Sequence[Order],
    plan: Plan,
    out_dir: Path,
    lang: Lang,
    *,
    baseline_plan: Plan | None = None,
    road: Mapping[str, float] | None = None,
    map_writer: MapWriter | None = None,
) -> tuple[Path, ...]:
    """Write a day's files into a folder, whole or not at all.

    Args:
        network, orders, plan: the day.
        out_dir: made when missing; files of the same names are replaced, others stay.
        lang: language of sheets, tables and pictures.
        baseline_plan: first-come-first-served plan to stand beside it.
        road: order id -> receipt by road courier, seconds since local midnight.
        map_writer: writes ``map.html`` to the path it is given.

    Returns:
        The written files, the summary first.

    Raises:
        OSError: the folder cannot be written.
    """
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=out_dir.parent, prefix=f".{out_dir.name}.", ignore_cleanup_errors=True
    ) as name:
        aside = Path(name)
        _write_all(network, orders, plan, aside, lang, baseline_plan, road)
        if map_writer is not None:
            map_writer(aside / "map.html")
        out_dir.mkdir(exist_ok=True)
        written = [
            file.replace(out_dir / file.name)
            for file in sorted(aside.iterdir(), key=_reading_order)
        ]
    return tuple(written)


def _write_all(
    network: Network,
    orders: Sequence[Order],
    plan: Plan,
    folder: Path,
    lang: Lang,
    baseline_plan: Plan | None,
    road: Mapping[str, float] | None,
) -> None:
    figures = compute_figures(network, orders, plan, baseline_plan=baseline_plan, road=road)
    tables = build_tables(network, orders, plan, lang)
    network_name = network.name_zh if lang == "zh" else network.name_en
    pages = {
        "summary.html": render_summary(
            network, plan, figures, draw_pages(network, plan, lang), lang
        ),
        "summary.json": render_summary_json(network, plan, figures),
        "timeline.svg": draw_timeline(network, plan, lang),
        **render_sheets(network, orders, plan, lang),
    }
    profiles = render_profiles(network, plan, lang)
    if profiles is not None:
        pages["profiles.html"] = profiles
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    write_plan(plan, folder / "plan.json")
    write_workbook(
        tables,
        folder / "schedule.xlsx",
        title=f"{network_name} · {plan.date} · {word('title.product', lang)}",
        service_date=plan.date,
        lang=lang,
    )
    for table in tables:
        write_csv(table, folder / f"schedule-{table.key}.csv", plan.date, lang)
    write_layers(plan_layers(network, plan), folder / "plan.gpkg")


READING_ORDER = (
    "summary.html",
    "map.html",
    "schedule.xlsx",
    "sheets-bases.html",
    "sheets-drones.html",
    "sheets-sites.html",
    "timeline.svg",
    "profiles.html",
    "plan.json",
)


def _reading_order(file: Path) -> tuple[int, str]:
    known = file.name in READING_ORDER
    return (READING_ORDER.index(file.name) if known else len(READING_ORDER), file.name)
