"""The pages about written formats say what the code does today."""

from __future__ import annotations

from pathlib import Path

import pytest

from routing.report.formats import describe_formats, render_schema


@pytest.mark.parametrize(
    ("name", "render"),
    [("formats-output.md", describe_formats), ("plan.schema.json", render_schema)],
)
def test_the_page_is_current(root: Path, name: str, render: object) -> None:
    assert callable(render)
    assert (root / "docs" / name).read_text("utf-8") == render(), (
        "run: python -m routing.report.formats"
    )


def test_every_field_of_a_plan_is_described() -> None:
    page = describe_formats()
    assert "| `path_lonlat` | tuple[tuple[float, float], ...] | WGS-84 polyline" in page
    assert "| `usable_pack` | float | what R4 allows |" in page
    assert "| 余量 | Slack | duration | deadline minus receipt |" in page
