"""``magpie check``: prove any plan file, also one that somebody edited."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from commands import Exit
from commands.given import planned
from routing.checker import check_plan
from routing.plan_file import read_plan

_HOLDS = {"zh": "规则 R1–R12 全部满足", "en": "rules R1-R12 all hold"}


def run(arguments: argparse.Namespace) -> Exit:
    """Print every violation of the plan."""
    given = planned(arguments.network, arguments.plan, arguments.orders, arguments.other_intents)
    fixed = read_plan(arguments.fixed) if arguments.fixed else None
    violations = check_plan(given.network, given.orders, given.plan, fixed=fixed)
    if given.plan.digest != given.network.digest:
        print(
            f"note: {arguments.plan} was made from another version of {arguments.network}",
            file=sys.stderr,
        )
    if arguments.json:
        facts = [dataclasses.asdict(violation) for violation in violations]
        print(json.dumps({"violations": facts}, ensure_ascii=False, indent=2))
    elif violations:
        print("\n".join(violation.text(arguments.lang) for violation in violations))
    else:
        print(f"{arguments.plan}: {_HOLDS[arguments.lang]}")
    return Exit.NOT_WHOLE if violations else Exit.DONE
