"""``magpie schema``: print the JSON schema of the plan file."""

from __future__ import annotations

import argparse
import json

from commands import Exit
from routing.plan_file import plan_schema


def run(_: argparse.Namespace) -> Exit:
    """Print the schema."""
    print(json.dumps(plan_schema(), ensure_ascii=False, indent=2))
    return Exit.DONE
