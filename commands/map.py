"""``magpie map``: draw a plan file as one HTML page that needs no network."""

from __future__ import annotations

import argparse
from pathlib import Path

from commands import Exit
from commands.given import is_synthetic, open_folder, planned
from routing.report.scene import write_map


def run(arguments: argparse.Namespace) -> Exit:
    """Draw the plan as it stands, proven or not."""
    given = planned(arguments.network, arguments.plan, arguments.orders)
    out: Path = arguments.out or arguments.plan.with_name("map.html")
    open_folder(out.parent)
    write_map(
        out,
        given.network,
        given.orders,
        given.plan,
        lang=arguments.lang,
        is_synthetic=is_synthetic(given.orders_file),
    )
    print(out)
    return Exit.DONE
