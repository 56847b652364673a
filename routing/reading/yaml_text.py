"""YAML with a place for every key: text to plain values, syntax faults with lines.

Owns the YAML loader. Does not know any one file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from routing.reading.faults import FaultList, Phrase
from routing.reading.keys import Loc, dotted
from routing.reading.text import decode


@dataclass(frozen=True, slots=True)
class YamlText:
    """A parsed YAML file.

    Attributes:
        file: its name as the user gave it.
        values: the top mapping as plain values.
        marks: where each key path stands, as (line, column) from 1.
    """

    file: str
    values: Mapping[str, Any]
    marks: Mapping[Loc, tuple[int, int]]

    def place(self, loc: Loc) -> str:
        """``line 12, column 3`` of a key path, or of its nearest parent that stands in the file."""
        for end in range(len(loc), -1, -1):
            if loc[:end] in self.marks:
                line, column = self.marks[loc[:end]]
                return f"line {line}, column {column}"
        return ""

    def locate(self, loc: Loc) -> tuple[str, str, Loc]:
        """File, place and key path of a key path, for ``routing.reading.keys``."""
        return self.file, self.place(loc), loc


def parse_yaml(content: bytes, file: str, faults: FaultList) -> YamlText | None:
    """A YAML file's top mapping with places; None when it cannot be parsed.

    Duplicate keys are faults, all of them; anchors and aliases are refused, since two places
    that silently share a value are how a hospital edits the wrong one.
    """
    text = decode(content, file, faults)
    if text is None:
        return None
    marks: dict[Loc, tuple[int, int]] = {}
    try:
        loader = _loader()
        root = loader.compose(text)
        if not _walk(root, (), marks, set(), file, faults):
            return None
        values = loader.constructor.construct_document(root) if root is not None else None
    except (YAMLError, ValueError, RecursionError) as error:
        # ValueError: a number of thousands of digits; RecursionError: brackets without end.
        _add_syntax_fault(error, file, faults)
        return None
    if not isinstance(values, dict):
        faults.add(
            "yaml.not-a-mapping",
            file,
            rule="the file must be keys with values, such as 'hub: clinic-a'",
            found=values if values is not None else Phrase("no keys"),
            action="start from a shipped file",
        )
        return None
    return YamlText(file, values, marks)


class _Constructor(SafeConstructor):
    """Dates stay text, so that one that does not exist is told with its place."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def _loader() -> YAML:
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    yaml.allow_duplicate_keys = True  # they are reported by _walk, all at once
    return yaml


def _walk(
    node: Node | None,
    loc: Loc,
    marks: dict[Loc, tuple[int, int]],
    seen: set[int],
    file: str,
    faults: FaultList,
) -> bool:
    """Note the place of every key and item; False when an alias makes the tree not a tree."""
    if node is None:
        return True
    mark = node.start_mark
    if id(node) in seen:
        faults.add(
            "yaml.alias",
            file,
            place=f"line {mark.line + 1}, column {mark.column + 1}",
            rule="values must be written out; anchors (&) and aliases (*) are not read",
            found=Phrase("an anchor that an alias repeats"),
            action="write the value at each place",
        )
        return False
    seen.add(id(node))
    marks.setdefault(loc, (mark.line + 1, mark.column + 1))
    if isinstance(node, SequenceNode):
        items = [
            _walk(item, (*loc, idx), marks, seen, file, faults)
            for idx, item in enumerate(node.value)
        ]
        return all(items)
    if not isinstance(node, MappingNode):
        return True
    is_tree = True
    for key, value in node.value:
        inner = (*loc, str(key.value))
        place = (key.start_mark.line + 1, key.start_mark.column + 1)
        if inner in marks:
            faults.add(
                "yaml.duplicate-key",
                file,
                place=f"line {place[0]}, column {place[1]}",
                name=dotted(inner),
                rule="a key must stand once",
                found=Phrase(f"it again, first at line {marks[inner][0]}"),
                action="remove one of the two",
            )
            continue  # what stands below it is the same mistake
        marks[inner] = place
        is_tree &= _walk(value, inner, marks, seen, file, faults)
    return is_tree


def _add_syntax_fault(error: Exception, file: str, faults: FaultList) -> None:
    place, problem = "", str(error).splitlines()[0]
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        if mark is not None:
            place = f"line {mark.line + 1}, column {mark.column + 1}"
    faults.add(
        "yaml.syntax",
        file,
        place=place,
        rule="the file must be YAML",
        found=Phrase(problem),
        action="check indentation (spaces, no tabs), colons, quotes and brackets near there",
    )
