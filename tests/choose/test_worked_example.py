"""docs/worked-example.md: its command runs at a smaller size, its figures are the command's."""

from __future__ import annotations

import re
from pathlib import Path

from docs.make_worked_example import PAGE, PICTURE, command_of, fill_page, run_command
from tests.choose.places import PINGDU

TEXT = PAGE.read_text("utf-8")


def section(page: str, name: str) -> list[str]:
    """The lines between a mark and its end."""
    (found,) = re.findall(rf"<!-- {name} -->\n(.*?)<!-- end -->", page, re.DOTALL)
    return str(found).strip().splitlines()


def test_the_command_chooses_and_fills_the_page(tmp_path: Path) -> None:
    villages = (PINGDU / "scenarios" / "villages.csv").read_text("utf-8").splitlines()
    few = tmp_path / "few.csv"
    few.write_text("\n".join([*villages[:3], *villages[20:23]]) + "\n", "utf-8")
    smaller = [
        *("--rank", str(few), "--choose", "2", "--more-drones", "0"),
        *("--orders", str(PINGDU / "orders" / "lines.csv")),
        *("--iterations", "4", "--workers", "1"),
    ]
    out = tmp_path / "out"
    told = run_command(TEXT, out, smaller)
    assert str(out) not in told
    page = fill_page(TEXT, told, out)
    assert section(page, "printed")[1].startswith("the fleet there is: add ")
    assert len(section(page, "chosen")) == 2 + 2
    # Base and choice, each planned, first come first served, and by road.
    assert len(section(page, "compared")) == 2 + 2 * 3
    assert (out / "map.html").exists()


def test_the_page_shows_ten_of_the_villages_and_its_picture() -> None:
    assert command_of(TEXT)[0] == "whatif"
    chosen = section(TEXT, "chosen")[2:]
    villages = (PINGDU / "scenarios" / "villages.csv").read_text("utf-8")
    assert len(chosen) == 10
    assert all(f",{row.split(' | ')[1]}," in villages for row in chosen)
    assert len(section(TEXT, "compared")) == 2 + 3 * 3
    assert PICTURE.exists()
    assert f"images/{PICTURE.name}" in TEXT
