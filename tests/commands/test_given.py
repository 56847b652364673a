"""What a command is given: dates, folders, labels."""

from __future__ import annotations

import datetime
import zoneinfo
from pathlib import Path

import pytest

from cli import build_parser
from commands.given import cache_folder, is_synthetic, network_on, open_folder
from routing.errors import InputError
from tests.conftest import ROOT

PINGDU = ROOT / "configs" / "pingdu"


def _tomorrow() -> str:
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Asia/Shanghai")).date()
    return (today + datetime.timedelta(days=1)).isoformat()


def test_without_a_date_the_day_is_tomorrow_where_the_network_is() -> None:
    before = _tomorrow()
    date = network_on(PINGDU, None).date
    assert date in {before, _tomorrow()}  # midnight may pass between the two


def test_a_date_is_taken_as_it_is() -> None:
    assert network_on(PINGDU, "2027-02-28").date == "2027-02-28"


def test_a_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    open_folder(tmp_path / "a" / "b")
    open_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()


@pytest.mark.parametrize("inside", [".", "deeper"])
def test_a_file_in_the_way_is_a_fault(tmp_path: Path, inside: str) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InputError) as caught:
        open_folder(tmp_path / "out" / inside)
    (fault,) = caught.value.faults
    assert fault.code == "cli.out"
    assert fault.action == "name another one with --out"


@pytest.mark.parametrize(
    ("first_line", "expected"),
    [
        (b"# Synthetic: drawn", True),
        (b"\xef\xbb\xbf# synthetic", True),
        (b"# real orders", False),
        (b"id,origin,synthetic", False),
        (b"", False),
    ],
)
def test_an_orders_file_says_itself_that_it_is_synthetic(
    tmp_path: Path, first_line: bytes, expected: bool
) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(first_line + b"\nid,origin\n")
    assert is_synthetic(file) is expected


@pytest.mark.parametrize("name", ["lines.csv", "towns.csv"])
def test_the_shipped_days_say_so(name: str) -> None:
    assert is_synthetic(PINGDU / "orders" / name)


@pytest.mark.parametrize("command", ["plan", "why", "whatif"])
def test_paths_are_kept_where_asked(command: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path))
    words = {
        "plan": ["plan", "net", "--orders", "o.csv"],
        "why": ["why", "net", "plan.json"],
        "whatif": ["whatif", "net", "--orders", "o.csv"],
    }[command]
    parse = build_parser().parse_args
    assert cache_folder(parse(words)) == tmp_path / "paths"
    assert cache_folder(parse([*words, "--cache", "here"])) == Path("here")
    assert cache_folder(parse([*words, "--no-cache"])) is None
