"""The plan file: a plan as versioned JSON, written whole, read back exactly or with all faults.

Owns the file format (``docs/plan.schema.json`` is generated from the dataclasses). Does not
prove a plan: ``routing.checker`` does.
"""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from routing.errors import Fault, InputError
from routing.json_places import JsonPath, find_lines, path_text
from routing.plan import SCHEMA_VERSION, Plan
from routing.whole_file import write_whole

# The tuple around the plan lets the configuration reach the plain dataclasses inside it.
_READER = TypeAdapter(
    tuple[Plan], config=ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)
)
_WORDED: dict[str, tuple[str, str, str]] = {
    "missing": ("plan.missing", "the key is required", "add it, or plan the day again"),
    "unexpected_keyword_argument": (
        "plan.unknown-key",
        "the format has no such key",
        "remove it, or correct its spelling",
    ),
}


def write_plan(plan: Plan, path: Path) -> None:
    """Write a plan as JSON, aside and then renamed: the file is whole or it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, render_plan(plan))


def render_plan(plan: Plan) -> str:
    """The text of the plan file: indented, the version first, lists of numbers on one line."""
    fields = dataclasses.asdict(plan)
    version_first = {"schema_version": fields.pop("schema_version"), **fields}
    return _render(version_first, 0) + "\n"


def read_plan(path: Path) -> Plan:
    """Read a plan file.

    Raises:
        InputError: every fault with its line and JSON path: not UTF-8, not JSON, another schema
            version, a key that is missing, unknown or doubled, a value of another type, a sortie
            whose stops and legs do not fit together.
    """
    text = _read_text(path)
    raw = _parse(text, path)
    _check_version(raw, path)
    try:
        (plan,) = _READER.validate_json(f"[{text}]")
    except ValidationError as error:
        lines = find_lines(text)
        raise InputError(_word_error(item, path, lines) for item in error.errors()) from None
    broken = list(_check_shape(plan))
    if broken:
        lines = find_lines(text)
        raise InputError(
            _fault(path, lines, "plan.shape", place, rule, found, "correct it, or plan again")
            for place, rule, found in broken
        )
    return plan


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of the plan file, generated from the dataclasses of ``routing.plan``."""
    schema = TypeAdapter(Plan).json_schema()
    for kind in (schema, *schema["$defs"].values()):
        # What the reader refuses, the schema refuses.
        kind["additionalProperties"] = False
    schema["required"] = ["schema_version", *schema["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Magpie plan, version {SCHEMA_VERSION}",
        **{key: part for key, part in schema.items() if key != "title"},
    }


def _render(value: Any, depth: int) -> str:
    """JSON with two spaces of indent; a list without objects stays on one line."""
    if isinstance(value, dict) and value:
        items = [
            f"{json.dumps(str(key), ensure_ascii=False)}: {_render(part, depth + 1)}"
            for key, part in value.items()
        ]
        return _lines_between("{", items, "}", depth)
    if isinstance(value, (list, tuple)) and any(isinstance(part, dict) for part in value):
        return _lines_between("[", [_render(part, depth + 1) for part in value], "]", depth)
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _lines_between(start: str, items: list[str], end: str, depth: int) -> str:
    indent = "\n" + "  " * (depth + 1)
    return start + indent + ("," + indent).join(items) + "\n" + "  " * depth + end


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        found = error.strerror or "an error of the system"
        rule, action = "the plan file must be readable", "check the path"
        fault = Fault("plan.unreadable", str(path), "", "", rule, found, action)
    except UnicodeDecodeError as error:
        rule, action = "a plan file is UTF-8", "save it as UTF-8"
        found = f"byte 0x{error.object[error.start]:02x} at {error.start}"
        fault = Fault("plan.encoding", str(path), "", "", rule, found, action)
    raise InputError([fault])


def _parse(text: str, path: Path) -> object:
    doubled: Counter[str] = Counter()

    def note_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
        counts = Counter(key for key, _ in pairs)
        doubled.update({key: count for key, count in counts.items() if count > 1})
        return dict(pairs)

    try:
        raw: object = json.loads(text, object_pairs_hook=note_doubles)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        action = "correct the file, or plan the day again"
        rule, found = "a plan file is valid JSON", error.msg
        raise InputError(
            [Fault("plan.syntax", str(path), place, "", rule, found, action)]
        ) from None
    except RecursionError:
        rule, action = "a plan file is at most a few levels deep", "plan the day again"
        found = "endless nesting"
        raise InputError([Fault("plan.syntax", str(path), "", "", rule, found, action)]) from None
    if doubled:
        rule = "a key stands once in its object"
        raise InputError(
            Fault("plan.double-key", str(path), "", key, rule, f"{count} times", "keep one")
            for key, count in doubled.items()
        )
    return raw


def _check_version(raw: object, path: Path) -> None:
    version = raw.get("schema_version") if isinstance(raw, dict) else None
    if type(version) is int and version == SCHEMA_VERSION:
        return
    found = "no version" if version is None else f"version {version!r}"
    raise InputError(
        [
            Fault(
                "plan.version",
                str(path),
                "",
                "schema_version",
                f"this program reads plan files of version {SCHEMA_VERSION}",
                found,
                "plan the day again with this program",
            )
        ]
    )


def _word_error(item: ErrorDetails, path: Path, lines: dict[JsonPath, int]) -> Fault:
    place: JsonPath = item["loc"][1:]
    code, rule, action = _WORDED.get(
        item["type"], ("plan.type", item["msg"], "correct the value, or plan the day again")
    )
    found = "nothing" if item["type"] == "missing" else _shorten(item["input"])
    return _fault(path, lines, code, place, rule, found, action)


def _fault(
    path: Path,
    lines: dict[JsonPath, int],
    code: str,
    place: JsonPath,
    rule: str,
    found: str,
    action: str,
) -> Fault:
    """A fault at a JSON path; a key that is not there is placed at the object that lacks it."""
    known = place
    while known and known not in lines:
        known = known[:-1]
    line = f"line {lines.get(known, 1)}"
    return Fault(code, str(path), line, path_text(place), rule, found, action)


def _shorten(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def _check_shape(plan: Plan) -> Iterator[tuple[JsonPath, str, str]]:
    """What types cannot say but every reader of a plan relies on: (path, rule, found)."""
    try:
        date.fromisoformat(plan.date)
    except ValueError:
        yield ("date",), "the service date is written YYYY-MM-DD", repr(plan.date)
    ids = Counter(sortie.id for sortie in plan.sorties)
    for idx, sortie in enumerate(plan.sorties):
        place: JsonPath = ("sorties", idx)
        if ids[sortie.id] > 1:
            yield (*place, "id"), "a sortie id is unique in the plan", f"{sortie.id} twice or more"
        if len(sortie.stops) < 2:
            yield (*place, "stops"), "a sortie has at least 2 stops", f"{len(sortie.stops)}"
        elif len(sortie.flights) != len(sortie.stops) - 1:
            rule = f"{len(sortie.stops)} stops need {len(sortie.stops) - 1} flights between them"
            yield (*place, "flights"), rule, f"{len(sortie.flights)}"
        for leg_idx, flight in enumerate(sortie.flights):
            if len(flight.path_lonlat) < 2:
                path = (*place, "flights", leg_idx, "path_lonlat")
                yield path, "a path has at least 2 points", f"{len(flight.path_lonlat)}"
        for stop_idx, stop in enumerate(sortie.stops):
            is_first, is_last = stop_idx == 0, stop_idx == len(sortie.stops) - 1
            stop_place = (*place, "stops", stop_idx)
            if (stop.landing_s is None) != is_first:
                rule = "every stop but the first has a landing"
                yield (*stop_place, "landing_s"), rule, str(stop.landing_s)
            if (stop.takeoff_s is None) != is_last:
                rule = "every stop but the last has a take-off"
                yield (*stop_place, "takeoff_s"), rule, str(stop.takeoff_s)
            if (stop.handover_start_s is None) != (stop.handover_end_s is None):
                rule = "a handover has both a start and an end, or neither"
                yield (*stop_place, "handover_end_s"), rule, str(stop.handover_end_s)
