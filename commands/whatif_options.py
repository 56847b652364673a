"""The options of ``magpie whatif``, and changes written on the command line.

Owns their names and help. ``cli`` calls it for every command, so it imports nothing but the
standard library.
"""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path

CHANGES = (
    ("--add-site", "SITE", "'name,lon,lat,datum[,orders/day[,kind]]', or a table of candidates"),
    ("--remove-site", "ID", "a site is no longer served"),
    ("--drones", "+N@BASE:TYPE", "more drones; fewer as --drones=-1@base:type"),
    ("--packs", "+N@BASE:TYPE", "more packs at the start of the day"),
    ("--chargers", "+N@BASE", "more chargers"),
    ("--pads", "+N@SITE", "more pads"),
    ("--pilots", "+N@HH:MM-HH:MM", "more pilots on duty in a span of time"),
    ("--close-zone", "ID", "a zone is prohibited all day"),
    ("--open-zone", "ID", "a zone blocks nobody"),
    ("--wind", "MPS@DEG", "wind all day, from a direction: 8@315, 8@315/12 with gust, or x1.5"),
    ("--demand", "xF", "so many times the orders: x1.5"),
    ("--deadline", "PRODUCT=MIN", "received within so many minutes of collection"),
    ("--hub-outage", "HH:MM-HH:MM", "no handover at the hub; SITE=HH:MM-HH:MM at another site"),
    ("--drone-failure", "ID[@HH:MM]", "a drone does not fly, from a time on"),
)
"""Options that change the network or the orders: name, what follows it, help."""


def describe_whatif(whatif: argparse.ArgumentParser) -> None:
    """The options of scenarios, changes, days and workers."""
    whatif.add_argument(
        "--orders",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="CSV or XLSX, one file a day; or use --seeds",
    )
    whatif.add_argument(
        "--seeds",
        type=_seeds,
        metavar="1-5",
        help="days drawn from the demand model instead of --orders: 1-5, or 1,4,9",
    )
    whatif.add_argument(
        "--dates",
        type=_dates,
        metavar="FROM..TO",
        help="service dates of those days, one each in order: their zones, sun and weather; "
        "2026-11-23..2026-11-27, or with commas; instead of --date",
    )
    whatif.add_argument(
        "--scenario",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE",
        help="YAML of differences or a grid of them; each is compared with the base",
    )
    changes = whatif.add_argument_group("changes: one scenario of them, or on top of every file's")
    for option, metavar, text in CHANGES:
        changes.add_argument(option, action="append", default=[], metavar=metavar, help=text)
    whatif.add_argument("--name", default="", help="of the scenario made of the changes above")
    whatif.add_argument(
        "--demand-model", type=Path, metavar="FILE", help="default NETWORK/demand.yaml"
    )
    whatif.add_argument(
        "--costs", type=Path, metavar="FILE", help="default: costs.yaml of the catalogue"
    )
    whatif.add_argument(
        "--out", type=Path, metavar="DIR", help="folder to write; default out/NETWORK-whatif"
    )
    whatif.add_argument(
        "--bound", action="store_true", help="prove each plan's gap too; several times as long"
    )
    whatif.add_argument(
        "--workers", type=int, metavar="N", help="processes; default one a core, 1 plans here"
    )
    whatif.add_argument(
        "--cluster", metavar="ADDRESS", help="a Dask scheduler, such as tcp://10.0.0.5:8786"
    )


def _dates(text: str) -> tuple[str, ...]:
    """``2026-11-23..2026-11-27`` or ``2026-11-23,2026-11-30``."""
    first, dots, last = text.partition("..")
    try:
        if not dots:
            return tuple(datetime.date.fromisoformat(part).isoformat() for part in text.split(","))
        begin, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not like 2026-11-23..2026-11-27 or 2026-11-23,2026-11-30"
        ) from None
    days = (end - begin).days + 1
    if not 0 < days <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} must be 1 to 1000 days, the earlier first")
    return tuple((begin + datetime.timedelta(days=n)).isoformat() for n in range(days))


def _seeds(text: str) -> tuple[int, ...]:
    """``1-5`` or ``1,4,9``."""
    seeds: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not (first.isdecimal() and (last.isdecimal() if dash else not last)):
            raise argparse.ArgumentTypeError(f"{text!r} is not like 1-5 or 1,4,9")
        seeds += range(int(first), int(last or first) + 1)
    if not 0 < len(seeds) <= 1000 or len(set(seeds)) < len(seeds):
        raise argparse.ArgumentTypeError(f"{text!r} must name 1 to 1000 different days")
    return tuple(seeds)
