"""``magpie airspace``: airspace files of any known format, made one ED-318 file."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

from commands import Exit
from commands.given import open_folder
from geo.airspace.parts import unique_ids
from geo.airspace.read import read_airspace, save_ed318
from geo.findings import Finding
from geo.zones import Zone

_WROTE = {
    "en": "{file}: {count} zones ({rules}), {left} features left out, {safe} read on the safe side",
    "zh": "{file}：{count} 个空域（{rules}），{left} 个要素未能读入，{safe} 处按安全侧读入",
}


def run(arguments: argparse.Namespace) -> Exit:
    """Read, tell what was not understood, write what was."""
    zones: list[Zone] = []
    findings: list[Finding] = []
    for file in arguments.files:
        read, found = read_airspace(file.read_bytes(), str(file))
        zones += read
        findings += found
    ids = unique_ids([zone.id for zone in zones])
    whole = tuple(replace(zone, id=zone_id) for zone, zone_id in zip(zones, ids, strict=True))
    out: Path = arguments.out
    open_folder(out.parent)
    save_ed318(whole, out, country=arguments.country)
    for finding in findings:
        print(finding, file=sys.stderr)
    left = sum(finding.weight == "error" for finding in findings)
    rules = Counter(zone.rule for zone in whole)
    if arguments.json:
        told = [asdict(finding) for finding in findings]
        facts = {"file": str(out), "zones": len(whole), "rules": rules, "findings": told}
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        words = ", ".join(f"{count} {rule}" for rule, count in sorted(rules.items())) or "-"
        line = _WROTE[arguments.lang].format(
            file=out, count=len(whole), rules=words, left=left, safe=len(findings) - left
        )
        print(line)
    return Exit.NOT_WHOLE if left else Exit.DONE
