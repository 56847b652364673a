"""A name for a value by what is in it: equal values, equal names, in every process and on any day.

Owns the canonical text and its digest. Does not know what the values mean. Python's own ``hash``
and pickles differ from process to process (sets, text hashing), so they cannot name a file.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np

_PLAIN = (str, int, float, bool, type(None))


def digest_of(*values: object) -> str:
    """sha256 of the canonical text of some values.

    Args:
        values: plain values, numpy numbers, and tuples, lists, sets, mappings and dataclasses of
            them; a dataclass field that is not compared is not part of the content.

    Raises:
        TypeError: a value of another type, whose text might not be its content.
    """
    total = hashlib.sha256()
    for value in values:
        total.update("".join(_parts(value)).encode())
        total.update(b"\0")
    return total.hexdigest()


def _parts(value: object) -> Iterator[str]:
    if isinstance(value, _PLAIN):
        yield repr(value)
    elif isinstance(value, np.generic):
        yield repr(value.item())
    elif isinstance(value, tuple | list):
        yield "("
        for part in value:
            yield from _parts(part)
            yield ","
        yield ")"
    elif isinstance(value, Mapping):
        yield "{" + ",".join(sorted(_pairs(value))) + "}"
    elif isinstance(value, frozenset | set):
        yield "<" + ",".join(sorted("".join(_parts(part)) for part in value)) + ">"
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield type(value).__name__ + "("
        for name in _compared(type(value)):
            yield name + "="
            yield from _parts(getattr(value, name))
            yield ","
        yield ")"
    else:
        raise TypeError(f"no canonical text of a {type(value).__name__}")


def _pairs(mapping: Mapping[object, object]) -> Iterator[str]:
    for key, part in mapping.items():
        yield "".join(_parts(key)) + ":" + "".join(_parts(part))


@cache
def _compared(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(kind) if item.compare)
