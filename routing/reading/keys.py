"""Plain values of a file to a pydantic model, every misfit as a fault in our own words.

Owns the wording of pydantic's complaints. Does not know YAML, JSON or any one file.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from routing.reading.faults import FaultList, Phrase, did_you_mean

Loc = tuple[str | int, ...]
Locate = Callable[[Loc], tuple[str, str, Loc]]
"""Key path -> file, place in it, and the path as the user should see it."""
M = TypeVar("M", bound=BaseModel)


def dotted(loc: Loc) -> str:
    """A key path as people write it: ``fleet[2].duty``."""
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def add_at(
    faults: FaultList,
    locate: Locate,
    code: str,
    loc: Loc,
    rule: str,
    found: object,
    action: str,
) -> None:
    """Add a fault about a key path."""
    file, place, shown = locate(loc)
    faults.add(code, file, place=place, name=dotted(shown), rule=rule, found=found, action=action)


def fit(model: type[M], values: Any, locate: Locate, faults: FaultList) -> M | None:
    """Values as their model, or None with a fault for everything that does not fit.

    Args:
        model: what the values should be.
        values: plain values from a file.
        locate: where a key path of the values stands.
        faults: where faults go.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            loc: Loc = tuple(part for part in detail["loc"] if part != "[key]")
            code, rule, action = _word(model, detail, loc)
            is_missing = detail["type"] == "missing"
            found = Phrase("nothing") if is_missing else _found(detail["input"])
            add_at(faults, locate, code, loc, rule=rule, found=found, action=action)
        return None


def _found(value: object) -> object:
    if isinstance(value, dict):
        return Phrase("a mapping")
    return Phrase("a list") if isinstance(value, list) else value


_BOUNDS = {
    "greater_than_equal": "must be at least {ge:g}",
    "greater_than": "must be more than {gt:g}",
    "less_than_equal": "must be at most {le:g}",
    "too_short": "must have at least {min_length} entries",
    "too_long": "must have at most {max_length} entries",
}
_TYPES = {
    "float_type": "must be a number without quotes",
    "int_type": "must be a whole number without quotes",
    "int_from_float": "must be a whole number",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be keys with values",
    "model_type": "must be keys with values",
}
_TEXTS = {
    "finite_number": ("keys.not-finite", "must be a finite number", "write a number"),
    "string_pattern_mismatch": (
        "keys.bad-id",
        "must be an id of letters, digits, dot, dash and underscore",
        "rename it",
    ),
    "string_too_short": ("keys.empty-text", "must be text, not empty", "write it"),
    "string_too_long": ("keys.empty-text", "must be a short text", "shorten it"),
}


def _word(model: type[BaseModel], detail: Any, loc: Loc) -> tuple[str, str, str]:
    """Code, rule and action for one pydantic complaint."""
    kind, context = detail["type"], detail.get("ctx", {})
    last = str(loc[-1]) if loc else ""
    text = ("keys.bad-value", detail["msg"].removeprefix("Value error, "), "rewrite the value")
    if kind == "extra_forbidden":
        hint = did_you_mean(last, _keys_at(model, loc[:-1]), "remove it")
        text = ("keys.unknown", "must be a known key", hint)
    elif kind == "missing" and last == "source":
        text = ("keys.no-source", "every value must say its source", "add source: where from")
    elif kind == "missing":
        text = ("keys.missing", "the key must be there", "add it")
    elif kind in _BOUNDS:
        rule = _BOUNDS[kind].format(**context)
        text = ("keys.out-of-range", rule, "check the value and its unit")
    elif kind == "model_type" and "value" in _keys_at(model, loc):
        shape = "must be {value: ..., source: ...}"
        text = ("keys.no-source", shape, "say where the value comes from")
    elif kind in _TYPES:
        text = ("keys.wrong-type", _TYPES[kind], "rewrite the value")
    elif kind == "literal_error":
        text = ("keys.bad-choice", f"must be one of {context['expected']}", "choose one")
    return _TEXTS.get(kind, text)


def _keys_at(annotation: Any, loc: Loc) -> Sequence[str]:
    """The keys a model knows at a key path; empty where there is no model."""
    for argument in _options(annotation):
        if isinstance(argument, type) and issubclass(argument, BaseModel):
            fields = {info.alias or name: info for name, info in argument.model_fields.items()}
            if not loc:
                return list(fields)
            if loc[0] in fields:
                return _keys_at(fields[str(loc[0])].annotation, loc[1:])
        elif loc and typing.get_origin(argument) in (dict, list):
            return _keys_at(typing.get_args(argument)[-1], loc[1:])
    return []


def _options(annotation: Any) -> list[Any]:
    """The types of a union, without ``Annotated`` wrappings."""
    if typing.get_origin(annotation) is typing.Annotated:
        return _options(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [inner for part in typing.get_args(annotation) for inner in _options(part)]
    return [annotation]
