"""A name for a value by what is in it: equal values, equal names, in every process and on any day.

Owns the canonical text and its digest. Does not know what the values mean. Python's own ``hash``
and pickles differ from process to process (sets, text hashing), so they cannot name a file.

Dataclasses and long tuples stand in the text by digests of their own, which are remembered:
scenarios of one network share most of it, and naming a run must cost next to nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np

_PLAIN = (str, int, float, bool, type(None))
_LONG = 8
"""Tuples above this length get a digest of their own."""
_MOST_KNOWN = 50_000
_known: dict[int, tuple[object, str]] = {}
"""By identity, beside the value itself, so that no other one can take its place in memory."""


def digest_of(*values: object) -> str:
    """sha256 of the canonical text of some values.

    Args:
        values: plain values, numpy numbers, and tuples, lists, sets, mappings and frozen
            dataclasses of them, which nobody changes afterwards; a dataclass field that is not
            compared is not part of the content.

    Raises:
        TypeError: a value of another type, whose text might not be its content.
    """
    total = hashlib.sha256()
    for value in values:
        total.update(_text(value).encode())
        total.update(b"\0")
    return total.hexdigest()


def _text(value: object) -> str:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, tuple | list):
        return _remembered(value) if _is_long(value) else _row(value)
    if isinstance(value, Mapping):
        pairs = sorted(f"{_text(key)}:{_text(part)}" for key, part in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, frozenset | set):
        return "<" + ",".join(sorted(map(_text, value))) + ">"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _remembered(value)
    raise TypeError(f"no canonical text of a {type(value).__name__}")


def _is_long(value: tuple[object, ...] | list[object]) -> bool:
    return isinstance(value, tuple) and len(value) > _LONG


def _row(values: Iterable[object]) -> str:
    return "(" + "".join(f"{_text(part)}," for part in values) + ")"


def _remembered(value: object) -> str:
    """The digest of a tuple or dataclass in place of its text."""
    known = _known.get(id(value))
    if known is None:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        text = _row(value) if isinstance(value, tuple) else _fields(value)
        known = (value, "#" + hashlib.sha256(text.encode()).hexdigest())
        _known[id(value)] = known
    return known[1]


def _fields(value: object) -> str:
    kind: Any = type(value)
    parts = (f"{name}={_text(getattr(value, name))}," for name in _compared(kind))
    return f"{kind.__name__}({''.join(parts)})"


@cache
def _compared(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(kind) if item.compare)
