"""The plan file: exact round trips, strict reading, every fault with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.errors import InputError
from routing.plan import Bound, Flight, Plan
from routing.plan_file import plan_schema, read_plan, render_plan, write_plan
from tests.days import three_site_plan

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "plan.json"


def faults_of(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        read_plan(path)
    assert all(fault.file == str(path) for fault in caught.value.faults)
    return [f"{fault.code} {fault.field}".strip() for fault in caught.value.faults]


def changed(path: Path, change: Change) -> Path:
    raw = json.loads(render_plan(three_site_plan()))
    change(raw)
    path.write_text(json.dumps(raw), encoding="utf-8")
    return path


def full_plan() -> Plan:
    plan = three_site_plan()
    bound = Bound(0, 0, 1, 15.0, 4_880.0, "enumeration", "", True)
    baselines = {"first_come": replace(plan.objective, cost_s=9_999.5)}
    return replace(
        plan, bound=bound, gap=0.0, made_with={"seed": "1", "种子": "一"}, baselines=baselines
    )


@pytest.mark.parametrize("plan", [three_site_plan(), full_plan()])
def test_a_plan_comes_back_as_it_was(plan: Plan, file: Path) -> None:
    write_plan(plan, file)
    assert read_plan(file) == plan
    assert [other.name for other in file.parent.iterdir()] == ["plan.json"]


FINITE = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=30)
@given(length_m=FINITE, energy=FINITE, points=st.lists(st.tuples(FINITE, FINITE), min_size=2))
def test_every_finite_number_round_trips(
    tmp_path_factory: pytest.TempPathFactory,
    length_m: float,
    energy: float,
    points: list[tuple[float, float]],
) -> None:
    plan = three_site_plan()
    first = plan.sorties[0]
    flight = replace(
        first.flights[0], length_m=length_m, energy_pack=energy, path_lonlat=tuple(points)
    )
    sortie = replace(first, flights=(flight, *first.flights[1:]))
    plan = replace(plan, sorties=(sortie, *plan.sorties[1:]))
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    write_plan(plan, path)
    assert read_plan(path) == plan


def test_the_file_is_readable_by_a_person() -> None:
    text = render_plan(full_plan())
    assert text.startswith('{\n  "schema_version": 1,\n  "network": "Three sites",\n')
    # Text stays Chinese, and a path stays on its line.
    assert "最快的架次" in text
    assert '"path_lonlat": [[119.96, 36.78], [119.96, 36.870106]]' in text


def test_a_number_that_is_no_number_is_never_written(file: Path) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        write_plan(replace(three_site_plan(), gap=float("nan")), file)
    assert list(file.parent.iterdir()) == []


def test_all_faults_are_named_at_once_with_their_lines(file: Path) -> None:
    text = render_plan(three_site_plan())
    text = text.replace('"pad": 0', '"pad": "zero"', 1)
    text = text.replace('"date": "2026-11-23",\n', "", 1)
    text = text.replace('"energy_pack": 0.5103', '"energy_pack": null, "speed": 3', 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_plan(file)
    pad_line = text[: text.index('"pad": "zero"')].count("\n") + 1
    assert {(fault.code, fault.place, fault.field) for fault in caught.value.faults} >= {
        ("plan.type", f"line {pad_line}", "sorties[0].stops[0].pad"),
        ("plan.missing", "line 1", "date"),
    }
    assert {fault.field for fault in caught.value.faults} >= {
        "sorties[0].energy_pack",
        "sorties[0].speed",
    }


def unserved(raw: dict[str, Any]) -> dict[str, Any]:
    item = raw["unserved"][0]
    assert isinstance(item, dict)
    return item


def cut_flight(raw: dict[str, Any]) -> None:
    raw["sorties"][0]["flights"].pop()


def cut_stops(raw: dict[str, Any]) -> None:
    del raw["sorties"][0]["stops"][1:]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda raw: raw.pop("sorties"), "plan.missing sorties"),
        (lambda raw: raw.update(colour="red"), "plan.unknown-key colour"),
        (lambda raw: unserved(raw).update(note="x"), "plan.unknown-key unserved[0].note"),
        (lambda raw: raw.update(gap="0.1"), "plan.type gap"),
        (lambda raw: raw["objective"].update(sorties=4.0), "plan.type objective.sorties"),
        (lambda raw: raw["sorties"][0].update(is_fixed=0), "plan.type sorties[0].is_fixed"),
        (lambda raw: raw.update(schema_version=2), "plan.version schema_version"),
        (lambda raw: raw.update(schema_version=True), "plan.version schema_version"),
        (lambda raw: raw.pop("schema_version"), "plan.version schema_version"),
        (lambda raw: raw.update(date="tomorrow"), "plan.shape date"),
        (cut_flight, "plan.shape sorties[0].flights"),
        (cut_stops, "plan.shape sorties[0].stops"),
        (lambda raw: raw["sorties"][1].update(id="T1"), "plan.shape sorties[0].id"),
        (
            lambda raw: raw["sorties"][0]["stops"][0].update(landing_s=1),
            "plan.shape sorties[0].stops[0].landing_s",
        ),
        (
            lambda raw: raw["sorties"][0]["stops"][1].update(takeoff_s=None),
            "plan.shape sorties[0].stops[1].takeoff_s",
        ),
        (
            lambda raw: raw["sorties"][0]["stops"][1].update(handover_end_s=None),
            "plan.shape sorties[0].stops[1].handover_end_s",
        ),
        (
            lambda raw: raw["sorties"][0]["flights"][0].update(path_lonlat=[]),
            "plan.shape sorties[0].flights[0].path_lonlat",
        ),
    ],
)
def test_each_fault_has_its_name(change: Change, fault: str, file: Path) -> None:
    assert fault in faults_of(changed(file, change))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "plan.syntax"),
        (b"{", "plan.syntax"),
        (b"[" * 100_000, "plan.syntax"),
        (b"[]", "plan.version schema_version"),
        (b"null", "plan.version schema_version"),
        ("{}".encode("utf-16"), "plan.encoding"),
        (b'{"schema_version": 1, "gap": 1, "gap": 2}', "plan.double-key gap"),
    ],
)
def test_what_is_no_plan_at_all_is_said(content: bytes, fault: str, file: Path) -> None:
    file.write_bytes(content)
    assert faults_of(file) == [fault]


def test_not_a_number_is_refused(file: Path) -> None:
    text = render_plan(three_site_plan()).replace('"gap": null', '"gap": NaN')
    file.write_text(text, encoding="utf-8")
    assert faults_of(file) == ["plan.type gap"]


def test_a_file_that_is_not_there_is_a_fault(file: Path) -> None:
    assert faults_of(file) == ["plan.unreadable"]


def test_a_byte_order_mark_is_no_fault(file: Path) -> None:
    file.write_text(render_plan(three_site_plan()), encoding="utf-8-sig")
    assert read_plan(file) == three_site_plan()


def test_the_schema_names_every_field_and_forbids_others() -> None:
    schema = plan_schema()
    assert set(schema["$defs"]["Flight"]["properties"]) == set(Flight.__dataclass_fields__)
    assert schema["additionalProperties"] is False
    assert "schema_version" in schema["required"]
