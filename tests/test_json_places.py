"""Lines of JSON values."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from routing.json_places import JsonPath, find_lines, path_text

TEXT = """{
  "a": [
    1,
    {"b": "x, y: [{", "c": []}
  ],
  "q\\"uote": null
}"""


def test_every_value_has_its_line() -> None:
    assert find_lines(TEXT) == {
        (): 1,
        ("a",): 2,
        ("a", 0): 3,
        ("a", 1): 4,
        ("a", 1, "b"): 4,
        ("a", 1, "c"): 4,
        ('q"uote',): 6,
    }


def test_a_path_reads_as_people_write_it() -> None:
    assert path_text(("sorties", 3, "stops", 0, "pad")) == "sorties[3].stops[0].pad"


def paths(value: object, path: JsonPath = ()) -> list[JsonPath]:
    if isinstance(value, dict):
        return [path, *(one for key, part in value.items() for one in paths(part, (*path, key)))]
    if isinstance(value, list):
        return [path, *(one for idx, part in enumerate(value) for one in paths(part, (*path, idx)))]
    return [path]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(), part, max_size=4),
        max_leaves=20,
    ),
    st.sampled_from([None, 2]),
)
def test_exactly_the_paths_of_the_value_are_found(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert set(find_lines(text)) == set(paths(value))
