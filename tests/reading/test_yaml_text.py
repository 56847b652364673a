import pytest

from routing.reading.faults import FaultList
from routing.reading.yaml_text import parse_yaml


def parse(text):
    faults = FaultList()
    return parse_yaml(text.encode(), "f.yaml", faults), faults.faults


def test_every_key_and_item_has_a_place():
    source, faults = parse("a: 1\nb:\n  - c: 2\n  - {d: 3, e: [4, 5]}\n")
    assert not faults
    assert source.place(("a",)) == "line 1, column 1"
    assert source.place(("b", 0, "c")) == "line 3, column 5"
    assert source.place(("b", 1, "e", 1)) == "line 4, column 19"
    assert source.place(("b", 1, "missing", 7)) == "line 4, column 5"


def test_clock_times_and_dates_stay_text():
    source, _ = parse("a: 07:30\nb: 26:10\nc: 2026-11-23\nd: yes\n")
    assert dict(source.values) == {"a": "07:30", "b": "26:10", "c": "2026-11-23", "d": "yes"}


def test_all_duplicate_keys_are_told_with_both_places():
    _, faults = parse("a: 1\nb: {c: 1, c: 2}\na: 2\n")
    assert [(fault.field, fault.place, fault.found) for fault in faults] == [
        ("b.c", "line 2, column 11", "it again, first at line 2"),
        ("a", "line 3, column 1", "it again, first at line 1"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: [1,\n", "yaml.syntax"),
        ("a: *b\n", "yaml.syntax"),
        ("a: !!python/name:os.system x\n", "yaml.syntax"),
        ("a: 1\n---\nb: 2\n", "yaml.syntax"),
        ("a: " + "[" * 3000 + "\n", "yaml.syntax"),
        ("a: " + "9" * 5000 + "\n", "yaml.syntax"),
        ("a: &x {b: 1}\nc: *x\n", "yaml.alias"),
        ("- 1\n", "yaml.not-a-mapping"),
        ("# only a comment\n", "yaml.not-a-mapping"),
    ],
)
def test_what_is_no_plain_mapping_is_one_fault(text, code):
    source, faults = parse(text)
    assert source is None
    assert [fault.code for fault in faults] == [code]
