"""Makes the worked example's figures and picture: ten of Pingdu's village points, chosen.

Run from the repository's root: ``.venv/bin/python docs/make_worked_example.py``. It runs the
command that ``docs/worked-example.md`` shows, puts what that printed and the tables it wrote into
the page between the marks, and photographs the map it wrote (needs Chromium and a Chinese font).
The searches stop by iterations, so that the same inputs give the same page.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import re
import shlex
import shutil
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cli import main as magpie  # noqa: E402 - found only after the line above
from docs.make_screenshot import pack_tightly  # noqa: E402

PAGE = ROOT / "docs" / "worked-example.md"
PICTURE = ROOT / "docs" / "images" / "worked-example.png"
CHOSEN = ("add_as", "name_zh", "id", "gain_alone", "gain_with_it", "lost_without_it")
COMPARED = (
    "Scenario", "Way", "Orders", "Served", "Receipt, median (min)", "Receipt, 90 % (min)",
    "Lateness, weighted (min)", "On target", "Flights", "Cost (CNY)",
)  # fmt: skip


def main() -> None:
    """Runs the page's command and rewrites its figures and its picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "worked-example")
    parser.add_argument("--no-picture", action="store_true")
    given = parser.parse_args()
    text = PAGE.read_text("utf-8")
    PAGE.write_text(fill_page(text, run_command(text, given.out), given.out), "utf-8")
    if not given.no_picture:
        photograph(given.out / "map.html", PICTURE)


def command_of(page: str) -> list[str]:
    """The arguments of the page's first command, without the program's name."""
    (command,) = re.findall(r"```\nmagpie (whatif.*?)```", page, re.DOTALL)[:1]
    return shlex.split(command.replace("\\\n", " "))


def run_command(page: str, out: Path, smaller: Sequence[str] = ()) -> str:
    """What the page's command prints, without the paths of files.

    Args:
        out: where it writes; smaller: further options, the last of one kind counts.
    """
    told = io.StringIO()
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(told):
        code = magpie([*command_of(page), *smaller, "--out", str(out)])
    if code:
        sys.exit(f"the command ended with {code}")
    lines = told.getvalue().splitlines()
    return "\n".join(line for line in lines if str(out) not in line).strip()


def fill_page(page: str, told: str, out: Path) -> str:
    """The page with what was printed, the clinics chosen and the comparison between its marks."""
    with (out / "choice.csv").open(encoding="utf-8-sig") as stream:
        rows = [row for row in csv.DictReader(stream) if row["add_as"]]
    rows.sort(key=lambda row: (int(row["extra_drones"]), int(row["add_as"])))
    fleet = [row for row in rows if row["extra_drones"] == "0"]
    with (out / "whatif.csv").open(encoding="utf-8-sig") as stream:
        compared = list(csv.DictReader(stream))
    parts = {
        "printed": f"```\n{told}\n```",
        "chosen": as_table(CHOSEN, fleet),
        "compared": as_table(COMPARED, compared),
    }
    for name, part in parts.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        filled = partial(_filled, part=part)
        page, count = marks.subn(filled, page)
        if count != 1:
            sys.exit(f"{PAGE.name} has no place for {name}")
    return page


def _filled(found: re.Match[str], part: str) -> str:
    return f"{found[1]}{part}\n{found[2]}"


def as_table(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    """A table in Markdown."""
    lines = [" | ".join(columns), "|".join("---" for _ in columns)]
    lines += [" | ".join(row[column] or "–" for column in columns) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def photograph(page_file: Path, out: Path) -> None:
    """Opens the comparison's map with the network off and writes what the choice changes."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no chromium found: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        context = browser.new_context(viewport={"width": 1300, "height": 860})
        context.set_offline(True)
        page = context.new_page()
        page.goto(page_file.resolve().as_uri())
        page.wait_for_selector("body.is-ready")
        page.click("#changes")
        page.wait_for_timeout(500)
        out.write_bytes(pack_tightly(page.screenshot()))
        browser.close()


if __name__ == "__main__":
    main()
