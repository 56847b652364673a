"""The written formats, described from what writes them: ``docs/formats-output.md``.

Owns the page's wording and order. Fields and their meanings come from the dataclasses and the
columns, so the page cannot fall behind them. ``python -m routing.report.formats`` writes it and
``docs/plan.schema.json``.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from routing import plan as plans
from routing.plan_file import plan_schema
from routing.report import figures, risk, wind
from routing.report.plan_layers import FLIGHT_COLUMNS, SITE_COLUMNS, STOP_COLUMNS, ZONE_COLUMNS
from routing.report.tables import DRONE_COLUMNS, ORDER_COLUMNS, Column
from routing.report.tables import SITE_COLUMNS as VISIT_COLUMNS
from routing.report.words import word
from routing.separation import tightest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, SCHEMA = "formats-output.md", "plan.schema.json"

_PLAN_TYPES = (
    plans.Plan,
    plans.Sortie,
    plans.Stop,
    plans.Flight,
    plans.Charge,
    plans.Unserved,
    plans.Objective,
    plans.Bound,
)
_FIGURE_TYPES = (
    figures.DayFigures,
    figures.LeftBehind,
    figures.ProductTimes,
    figures.Spread,
    figures.DroneUse,
    figures.PackUse,
    figures.Slack,
    wind.WindCost,
    risk.RiskCost,
    tightest.TightestPass,
)
_KINDS = {
    "text": "text",
    "time": "date and time",
    "span": "duration",
    "number": "number",
    "share": "percentage",
}


def describe_formats() -> str:
    """The whole page as Markdown."""
    return "\n".join([*_opening(), *_plan(), *_schedule(), *_layers(), *_summary(), ""])


def render_schema() -> str:
    """The plan's JSON Schema as the text of its file."""
    return json.dumps(plan_schema(), ensure_ascii=False, indent=2) + "\n"


def _opening() -> Iterable[str]:
    yield from (
        "# Files that are written",
        "",
        "The files that are read have [a page of their own](formats.md). This page is generated "
        "from the code (`python -m routing.report.formats`); a test keeps it current. "
        "Times are seconds since the service day's local midnight in JSON and real local times in "
        "tables; they run past midnight. A folder never holds half a day: all files are written "
        "aside and renamed.",
        "",
        "| file | for whom | what |",
        "|---|---|---|",
        "| `summary.html`, `summary.json` | everybody | the day on one page, and its figures |",
        "| `intents.json` (`magpie intents`) | other operators | the sorties as operational "
        "intents of ASTM F3548-21 |",
        "| `map.html` | everybody | the map with drones in motion, one file, offline |",
        "| `schedule.xlsx` | dispatcher | the schedule by drone, by site and by order |",
        "| `schedule-by-drone.csv`, `-site`, `-order` | machines, spreadsheets | the same tables |",
        "| `sheets-bases.html` | base crew | departures, arrivals, packs, goods; prints |",
        "| `sheets-drones.html` | pilot | sorties, legs, loads, limits, release; prints |",
        "| `sheets-sites.html` | clinics | visits, handovers, chain of custody; prints |",
        "| `timeline.svg` | dispatcher | drones, busy pads and packs over the day |",
        "| `profiles.html` | pilot | ground and flight height of every leg over terrain |",
        "| `plan.json` | machines, `check` | the plan itself |",
        "| `plan.gpkg` | QGIS | sites, zones, outline, flights and stops |",
        "",
    )


def _plan() -> Iterable[str]:
    yield from (
        "## plan.json",
        "",
        f"UTF-8 JSON, schema version {plans.SCHEMA_VERSION}; JSON Schema in "
        f"[{SCHEMA}]({SCHEMA}). Reading is strict: an unknown, missing or doubled key and a "
        "value of another type are faults, named with their line. Numbers round-trip exactly.",
        "",
    )
    yield from _types(_PLAN_TYPES)


def _schedule() -> Iterable[str]:
    yield from (
        "## schedule.xlsx and schedule-by-*.csv",
        "",
        "The CSV is UTF-8 with BOM, comma-separated, headed in the chosen language. Times are "
        "`YYYY-MM-DD hh:mm:ss`, durations `h:mm:ss`, shares parts of 1. The workbook has the same "
        "tables with real times, durations and percentages. Text that begins with `=`, `+`, `-` "
        "or `@` is text in the workbook and stands behind an apostrophe in the CSV, so that no "
        "spreadsheet runs it.",
        "",
    )
    for name, columns in (
        ("by-drone: one row a leg", DRONE_COLUMNS),
        ("by-site: one row a stop", VISIT_COLUMNS),
        ("by-order: one row an order", ORDER_COLUMNS),
    ):
        yield from (f"### {name}", "", "| zh | en | kind | meaning |", "|---|---|---|---|")
        yield from (_column(column) for column in columns)
        yield ""


def _column(column: Column) -> str:
    key = f"column.{column.key}"
    return f"| {word(key, 'zh')} | {word(key, 'en')} | {_KINDS[column.kind]} | {column.meaning} |"


def _layers() -> Iterable[str]:
    yield from (
        "## plan.gpkg",
        "",
        "OGC GeoPackage, WGS-84 (EPSG:4326). Moments are date-times in UTC, as the format asks; "
        "`*_local` is the local time as text. "
        "Column names that are also fields of `plan.json` mean the same.",
        "",
        "| layer | geometry | columns |",
        "|---|---|---|",
        "| outline | polygons | `credit` |",
        f"| zones | polygons | {_names(ZONE_COLUMNS)} |",
        f"| flights | lines, one a leg | {_names(FLIGHT_COLUMNS)} |",
        f"| stops | points | {_names(STOP_COLUMNS)} |",
        f"| sites | points | {_names(SITE_COLUMNS)} |",
        "",
    )


def _summary() -> Iterable[str]:
    yield from (
        "## summary.json",
        "",
        "`schema_version`, `network_zh`, `network_en`, `date`, `digest`, `made_with` as in the "
        "plan, and `figures`:",
        "",
    )
    yield from _types(_FIGURE_TYPES)


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f"`{column}`" for column in columns)


def _types(types: Sequence[type]) -> Iterable[str]:
    for kind in types:
        sentence, meanings = _parse_docstring(kind)
        head, rule = ("| key | type | meaning |", "|---|---|---|")
        if not meanings:
            head, rule = "| key | type |", "|---|---|"
        yield from (f"### {kind.__name__}", "", _markdown(sentence), "", head, rule)
        for item in dataclasses.fields(kind):
            type_text = str(item.type).replace("|", "\\|")
            meaning = f" {_markdown(meanings.get(item.name, ''))} |" if meanings else ""
            yield f"| `{item.name}` | {type_text} |{meaning}"
        yield ""


def _markdown(text: str) -> str:
    return text.replace("``", "`").rstrip(".")


def _parse_docstring(kind: type) -> tuple[str, dict[str, str]]:
    """First paragraph(s) of a dataclass's docstring, and the meaning of each attribute in it."""
    text = kind.__doc__ or ""
    about, _, attributes = text.partition("Attributes:")
    names = {item.name for item in dataclasses.fields(kind)}
    meanings: dict[str, str] = {}
    for entry in re.split(r"\n {8}(?=\w)", attributes):
        heading, _, meaning = entry.strip().partition(":")
        told = [name.strip() for name in heading.split(",")]
        if meaning and names.issuperset(told):
            _tell(told, " ".join(meaning.split()), names, meanings)
    return " ".join(about.split()), meanings


def _tell(told: list[str], meaning: str, names: set[str], meanings: dict[str, str]) -> None:
    """Note a meaning; ``...; other_field: ...`` inside it begins the next field's."""
    for part in re.split(r"; (?=\w+(?:, \w+)*: )", meaning):
        heading, colon, rest = part.partition(": ")
        more = [name.strip() for name in heading.split(",")]
        is_heading = bool(colon) and names.issuperset(more)
        for name in more if is_heading else told:
            known = meanings.get(name)
            addition = rest if is_heading else part
            meanings[name] = f"{known}; {addition}" if known else addition


def main() -> None:
    """Write the page and the schema."""
    (DOCS / PAGE).write_text(describe_formats(), encoding="utf-8", newline="\n")
    (DOCS / SCHEMA).write_text(render_schema(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
