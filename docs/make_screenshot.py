"""Makes ``docs/images/map.png``: plans the township day, draws its map, photographs it.

Run from the repository's root: ``.venv/bin/python docs/make_screenshot.py``. Needs Chromium and a
Chinese font (Debian: ``apt-get install chromium fonts-noto-cjk``). The search stops by iterations,
so that the same inputs give the same picture.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

from playwright.sync_api import sync_playwright
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from routing.planning import plan_day  # noqa: E402 - found only after the line above
from routing.reading.network import read_network  # noqa: E402
from routing.reading.orders import read_orders  # noqa: E402
from routing.report.scene import write_map  # noqa: E402


def main() -> None:
    """Plans, draws and photographs; each step can be left out by giving a finished map."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--map", type=Path, help="a finished map.html; default: plan the day")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/images/map.png")
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    parser.add_argument("--time", type=int, help="seconds since midnight; default: the busiest")
    parser.add_argument("--iterations", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page = given.map or draw_day(Path(folder) / "map.html", given.seed, given.iterations)
        photograph(page, given.out, given.lang, given.time)
    print(f"{given.out} ({given.out.stat().st_size / 1000:.0f} kB)")


def draw_day(path: Path, seed: int, iterations: int) -> Path:
    """Plans the synthetic day of all 24 sites and writes its map."""
    network = read_network(ROOT / "configs/pingdu")
    orders = read_orders(ROOT / "configs/pingdu/orders/towns.csv", network)
    day = plan_day(network, orders, seed=seed, iterations=iterations)
    if day.violations:
        sys.exit(f"the plan breaks {len(day.violations)} rules: no picture of it")
    write_map(path, network, orders, day.plan, is_synthetic=True)
    return path


def photograph(page_file: Path, out: Path, lang: str, time_s: int | None) -> None:
    """Opens a map with the network off and writes what it shows as PNG."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("no chromium found: apt-get install chromium fonts-noto-cjk")
    out.parent.mkdir(parents=True, exist_ok=True)
    moment = "" if time_s is None else f"&t={time_s}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        context = browser.new_context(viewport={"width": 1400, "height": 860})
        context.set_offline(True)
        page = context.new_page()
        page.goto(f"{page_file.resolve().as_uri()}#lang={lang}{moment}")
        page.wait_for_selector("body.is-ready")
        # The wind arrow and the light of the day settle within this time.
        page.wait_for_timeout(900)
        out.write_bytes(pack_tightly(page.screenshot()))
        browser.close()


def pack_tightly(png: bytes) -> bytes:
    """The same picture with 64 shades a channel instead of 256: fewer bytes, no visible change."""
    warnings.simplefilter("ignore", NotGeoreferencedWarning)
    with MemoryFile(png) as given, given.open() as picture:
        shades = picture.read()[:3] & 0xFC
    with MemoryFile() as packed:
        _, height, width = shades.shape
        with packed.open(
            driver="PNG", width=width, height=height, count=3, dtype="uint8", ZLEVEL=9
        ) as picture:
            picture.write(shades | shades >> 6)
        return bytes(packed.read())


if __name__ == "__main__":
    main()
