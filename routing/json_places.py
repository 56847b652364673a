"""Where in a JSON text each value stands: path -> line, for messages about a file.

Owns one small scanner. Does not judge values; the text must already have parsed as JSON.
"""

from __future__ import annotations

import json
import re

JsonPath = tuple[str | int, ...]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def find_lines(text: str) -> dict[JsonPath, int]:
    """Line number (from 1) of every value in a JSON text, by its path of keys and indices."""
    lines: dict[JsonPath, int] = {(): 1}
    path: list[str | int] = []
    is_object: list[bool] = []
    line, scanned = 1, 0
    expects_key = False
    for token in _TOKEN.finditer(text):
        line += text.count("\n", scanned, token.start())
        scanned = token.start()
        mark = token.group()
        if mark in "{[":
            lines.setdefault(tuple(path), line)
            is_object.append(mark == "{")
            path.append("" if mark == "{" else 0)
            expects_key = mark == "{"
        elif mark in "}]":
            is_object.pop()
            path.pop()
            expects_key = False
        elif mark == ",":
            last = path[-1]
            if isinstance(last, int):
                path[-1] = last + 1
            expects_key = is_object[-1]
        elif mark == ":":
            expects_key = False
        elif expects_key:
            path[-1] = str(json.loads(mark))
            lines[tuple(path)] = line
        else:
            lines.setdefault(tuple(path), line)
    return lines


def path_text(path: JsonPath) -> str:
    """A path as people write it: ``sorties[3].stops[0].pad``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text
