"""Write ``docs/formats.md`` from the models that read the files.

``python -m docs.make_formats`` rewrites what stands between the two marks; the rest of the page
is left as it is. Owns the layout of the tables; what a key means stands in the models and in the
frozen values they fill.
"""

from __future__ import annotations

import importlib
import inspect
import re
import types
import typing
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from geo.weather import WeatherPeriod
from geo.zones import Zone
from routing import demand_file
from routing.network import Base, DroneType, Product, Rules, Weights, Window
from routing.reading import catalogue, network_file, order_file, sites, weather, zones
from routing.reading.model import Sourced
from routing.reading.tables import Columns

PAGE = Path(__file__).with_name("formats.md")
START = "<!-- input formats: written by docs/make_formats.py, do not edit -->"
END = "<!-- end of the input formats -->"
_RENAMED = {
    "ranges": "range_points",
    "charge_min": "charge_s",
    "turnaround_min": "turnaround_s",
    "stability_min": "stability_s",
    "target_min": "target_s",
    "ride_limit_min": "ride_limit_s",
    "eligible": "is_eligible",
    "lab_min": "lab_s",
    "sortie_max_min": "sortie_max_s",
    "road_kmh": "road_mps",
    "illustrative": "is_illustrative",
}
_NAMES = {float: "number", int: "whole number", str: "text", bool: "true or false"}


def input_formats() -> str:
    """What stands between the marks."""
    parts = [
        START,
        "# Files that are read",
        "The files that are written have [a page of their own](formats-output.md); scenarios and "
        "the cost model stand in [whatif.md](whatif.md). This page is made from the code "
        "(`python -m docs.make_formats`); a test keeps it current.",
        "YAML, CSV and GeoJSON are UTF-8; any of them may also be GB18030 (GBK) or UTF-16 with a "
        "mark. A CSV may be separated by `,` `;` or tab, and any table may be a workbook (XLSX, "
        "XLS, ODS: its first sheet, no merged cells). Unknown keys and columns are faults, so a "
        "misspelt one is never skipped. Clock times are `07:30`, past midnight `26:10`; windows "
        "are `07:30-18:00`. All faults of all files are told at once.",
        "## network.yaml",
        _prose(network_file),
        _model("network.yaml", network_file.NetworkFile),
        _model("outline", network_file.OutlineEntry),
        _model("terrain", network_file.TerrainEntry),
        _model("ground_risk", network_file.GroundRiskEntry),
        _model("sun", network_file.SunEntry),
        _model("weather", network_file.WeatherSection),
        _model("weather.periods[]", network_file.WeatherEntry, WeatherPeriod),
        _model("bases[]", network_file.BaseEntry, Base),
        _model("fleet[]", network_file.FleetEntry),
        _model("pilots[]", network_file.PilotEntry),
        _model("weights", network_file.WeightsEntry, Weights),
        "## drones.yaml, products.yaml, rules.yaml",
        _prose(catalogue),
        _model("drones.yaml: drones.<id>", catalogue.DroneEntry, DroneType),
        _model("ranges.value[]", catalogue.RangePoint),
        _model("products.yaml: products.<id>", catalogue.ProductEntry, Product),
        _model("rules.yaml", catalogue.RulesFile, Rules),
        "## sites.csv",
        _prose(sites),
        _columns(sites.SITE_COLUMNS),
        "## zones.geojson and outline.geojson",
        _prose(zones),
        _model("properties of a zone", zones.ZoneProperties, Zone),
        "## Weather as CSV",
        _prose(weather),
        _columns(weather.WEATHER_COLUMNS),
        "## Orders",
        _prose(order_file),
        _columns(order_file.ORDER_COLUMNS),
        "## Timetable",
        _prose(importlib.import_module("routing.reading.timetable")),
        _columns(order_file.TIMETABLE_COLUMNS),
        "## demand.yaml",
        _prose(demand_file),
        _model("demand.yaml", demand_file.DemandModel),
        _model("tubes_a_day.value.<kind>", demand_file.TubesEntry),
        _model("waves.value[]", demand_file.WaveEntry),
        _model("night.value", demand_file.NightEntry),
        _model("deliveries.value[]", demand_file.DeliveryEntry),
        _model("sites.<id>", demand_file.SiteEntry),
        END,
    ]
    return "\n\n".join(parts) + "\n"


def _prose(module: types.ModuleType) -> str:
    """A module's docstring as Markdown, without its lines on ownership."""
    paragraphs: list[str] = []
    for paragraph in inspect.cleandoc(module.__doc__ or "").split("\n\n"):
        if paragraph.startswith("    "):
            block = re.sub(r"^    ", "", paragraph, flags=re.MULTILINE)
            paragraphs.append(f"```\n{block}\n```")
            continue
        text = re.sub(r"\s+", " ", paragraph).replace("``", "`")
        text = re.sub(r"(Owns|Does not|Does neither)[^.]*(`[^`]*`[^.]*)*[.:]+(?=\s|$)", "", text)
        if text.strip(" :"):
            paragraphs.append(text.strip().removesuffix("::").removesuffix(":") + "")
    return "\n\n".join(paragraphs)


def _model(title: str, model: type[BaseModel], value: type[Any] | None = None) -> str:
    """A model as a table of its keys."""
    meanings = _meanings(model) | _meanings(value)
    about = inspect.cleandoc(model.__doc__ or "").partition("Attributes:")[0]
    rows = [
        f"### {title}",
        "",
        re.sub(r"\s+", " ", about).strip().replace("``", "`"),
        "",
        "| key | value | when absent | meaning |",
        "|---|---|---|---|",
    ]
    for name, info in model.model_fields.items():
        meaning = meanings.get(_RENAMED.get(name, name)) or meanings.get(name, "")
        rows.append(
            f"| `{info.alias or name}` | {_kind(info.annotation, info.metadata)} "
            f"| {_absent(info)} | {meaning} |"
        )
    return "\n".join(rows)


def _absent(info: FieldInfo) -> str:
    if info.is_required():
        return "must be there"
    default = info.get_default(call_default_factory=True)
    if isinstance(default, BaseModel):
        return "its defaults"
    return "nothing" if default in (None, "", [], {}) else f"`{default}`"


def _kind(annotation: Any, metadata: list[Any]) -> str:
    """A type with its bounds in words."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _kind(arguments[0], [*arguments[1:], *metadata])
    if origin in (typing.Union, types.UnionType):
        inner = [part for part in arguments if part is not type(None)]
        return " or ".join(_kind(part, metadata) for part in inner)
    text = _plain(annotation, origin, arguments, metadata)
    bounds = _bounds(metadata)
    return f"{text} {bounds}".strip()


def _plain(annotation: Any, origin: Any, arguments: tuple[Any, ...], metadata: list[Any]) -> str:
    is_clock = any("json_schema_input_type" in repr(part) for part in metadata)
    text = _NAMES.get(annotation, "any")
    if origin is typing.Literal:
        text = ", ".join(f"`{word}`" for word in arguments)
    elif origin is list:
        text = f"list of {_kind(arguments[0], [])}"
    elif origin is dict:
        text = f"keys ({_kind(arguments[0], [])}) with {_kind(arguments[1], [])}"
    elif origin is tuple:
        text = "windows joined with `;`"
    elif annotation is Window:
        text = "window"
    elif isinstance(annotation, type) and issubclass(annotation, Sourced):
        value = annotation.model_fields["value"]
        text = f"sourced: {_kind(value.annotation, value.metadata)}"
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        text = "a mapping, see below"
    elif annotation is int and is_clock:
        text = "clock time"
    return text


def _bounds(metadata: list[Any]) -> str:
    found: dict[str, Any] = {}
    for part in metadata:
        for rule in (part, *getattr(part, "metadata", ())):
            for name in ("ge", "gt", "le", "lt"):
                value = getattr(rule, name, None)
                if value is not None:
                    found[name] = value
    words = [
        f"{word} {found[name]:g}"
        for name, word in (("ge", "from"), ("gt", "above"), ("le", "to"), ("lt", "below"))
        if name in found
    ]
    return " ".join(words)


def _meanings(value: type[Any] | None) -> dict[str, str]:
    """Attribute -> meaning, from the ``Attributes`` of a frozen value's docstring."""
    if value is None:
        return {}
    text = inspect.cleandoc(value.__doc__ or "").partition("Attributes:")[2]
    meanings: dict[str, str] = {}
    for entry in re.split(r"\n    (?=\S)", text):
        for part in re.split(r"; (?=``?[a-z_]+``?:|[a-z_]+: )", re.sub(r"\s+", " ", entry)):
            names, colon, meaning = part.strip().partition(": ")
            if colon:
                for name in re.findall(r"[a-z_]+", names):
                    meanings[name] = _tidy(meaning)
    return meanings


def _tidy(meaning: str) -> str:
    text = meaning.rstrip(".").replace("``", "`").replace("|", "\\|")
    return text.replace("None for none", "absent: none").replace("None when", "absent when")


def _columns(columns: Columns) -> str:
    """A table's columns with the other headings they may have."""
    rows = ["| column | must be there | other headings |", "|---|---|---|"]
    for name in (*columns.required, *columns.optional):
        others = [f"`{alias}`" for alias, word in columns.aliases.items() if word == name]
        is_required = "yes" if name in columns.required else ""
        rows.append(f"| `{name}` | {is_required} | {' '.join(others)} |")
    return "\n".join(rows)


def page() -> str:
    """The whole page with its input half made anew; the rest as it stands."""
    old = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    before, _, rest = old.partition(START)
    after = rest.partition(END)[2] if rest else ("\n" + before if before.strip() else "\n")
    head = before if rest else ""
    return head + input_formats().rstrip("\n") + after


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
