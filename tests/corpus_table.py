"""The corpus of broken inputs: what a user sees for each, as a table.

``python -m tests.corpus_table`` prints the table as Markdown; with ``--accept`` it stores the
messages as what the tests expect. Every file under ``corpus/broken/<target>/`` replaces the file
``<target>`` of the tiny valid network in ``corpus/valid``; a folder under
``corpus/broken/several/`` replaces the files it holds. A first line
``# --date X`` asks for that service day, ``# --wind-percentile P`` for that weather.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
import tempfile
from pathlib import Path

from routing.errors import InputError
from routing.legs import build_legs
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.reading.servable import find_unservable
from routing.reading.timetable import expand_timetable

CORPUS = Path(__file__).parent / "corpus"
MESSAGES = CORPUS / "messages.txt"
TARGETS = {
    "network": "network/network.yaml",
    "sites": "network/sites.csv",
    "zones": "network/zones.geojson",
    "outline": "network/outline.geojson",
    "weather": "network/weather.csv",
    "drones": "catalogue/drones.yaml",
    "products": "catalogue/products.yaml",
    "rules": "catalogue/rules.yaml",
    "orders": "orders.csv",
    "timetable": "timetable.csv",
    "several": "",
}


def broken_files() -> list[Path]:
    """Every broken input, sorted: files, and folders of files that only together are wrong."""
    return sorted((CORPUS / "broken").glob("*/*"))


def case_name(path: Path) -> str:
    """``orders/too-heavy.csv``."""
    return path.relative_to(CORPUS / "broken").as_posix()


def messages_of(path: Path) -> list[str]:
    """What a user sees when this file takes the place of a valid one; empty when nothing."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        shutil.copytree(CORPUS / "valid", ".", dirs_exist_ok=True)
        target = Path(TARGETS[path.parent.name])
        if path.is_dir():
            shutil.copytree(path, ".", dirs_exist_ok=True)
            target = Path(TARGETS["orders"])
        else:
            # A workbook is told apart by its content and keeps its own name.
            target = target.with_suffix(path.suffix)
            shutil.copyfile(path, target)
        try:
            date, percentile = _asked(path, "date"), _asked(path, "wind-percentile")
            _read(path.parent.name, target, date, None if percentile is None else float(percentile))
        except InputError as error:
            return str(error).splitlines()
    return []


def _read(kind: str, target: Path, date: str | None, percentile: float | None) -> None:
    network = read_network(Path("network"), date, wind_percentile=percentile)
    if kind in ("orders", "several"):
        orders = read_orders(target, network)
        unservable = find_unservable(network, orders, build_legs(network), str(target))
        if unservable:
            raise InputError(unservable.values())
    if kind == "timetable":
        expand_timetable(target, network, network.date)


def _asked(path: Path, option: str) -> str | None:
    if path.is_dir():
        return None
    match = re.match(rb"# --%s (\S+)" % option.encode(), path.read_bytes())
    return match[1].decode() if match else None


def stored_messages() -> dict[str, list[str]]:
    """The expected messages by case."""
    stored: dict[str, list[str]] = {}
    for block in MESSAGES.read_text(encoding="utf-8").strip().split("\n\n"):
        name, *lines = block.splitlines()
        stored[name] = [line.removeprefix("    ") for line in lines]
    return stored


def accept() -> None:
    """Store what users see now as what they should see."""
    blocks = []
    for path in broken_files():
        lines = [case_name(path), *(f"    {message}" for message in messages_of(path))]
        blocks.append("\n".join(lines))
    MESSAGES.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def print_table() -> None:
    """The table as Markdown, one row a file."""
    print("| broken input | what the user sees |\n|---|---|")
    for path in broken_files():
        seen = "<br>".join(messages_of(path)).replace("|", "\\|")
        print(f"| `{case_name(path)}` | {seen} |")


if __name__ == "__main__":
    if "--accept" in sys.argv[1:]:
        accept()
    else:
        print_table()
