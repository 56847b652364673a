"""The options of ``magpie whatif`` that ask which change to make, instead of naming one.

Owns their names and help. ``cli`` calls it for every command, so it imports nothing but the
standard library.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def describe_choice(whatif: argparse.ArgumentParser) -> None:
    """The options of the question behind: which clinics, fleet, base; who is near."""
    asked = whatif.add_argument_group("the question behind: choose, instead of comparing scenarios")
    asked.add_argument(
        "--rank",
        type=Path,
        metavar="FILE",
        help="candidate clinics, a table: which next? --iterations are "
        "those of quick plans (default 200); shown plans take 7.5 times as many",
    )
    asked.add_argument("--choose", type=int, default=1, metavar="K", help="how many; default 1")
    asked.add_argument(
        "--more-drones",
        type=int,
        default=2,
        metavar="N",
        help="also with 1..N drones more; default 2",
    )
    asked.add_argument(
        "--size-fleet", action="store_true", help="the smallest fleet that meets the service level"
    )
    asked.add_argument(
        "--level",
        type=float,
        default=95.0,
        metavar="PERCENT",
        help="of routine orders on target, beside all stat orders; default 95",
    )
    asked.add_argument("--site-base", action="store_true", help="where one more base pays")
    asked.add_argument(
        "--coverage", action="store_true", help="who is within 15, 30, 60 minutes, as map layers"
    )


def asks_choice(arguments: argparse.Namespace) -> bool:
    """Whether any of these options was given."""
    return bool(arguments.rank or arguments.size_fleet or arguments.site_base or arguments.coverage)
