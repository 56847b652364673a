"""Run one peer on one sheet: ``python -m benchmarks.peers.main PEER SHEET ANSWER SEED SECONDS``.

Runs in a process and an environment of its own. Options follow as ``name=value``.
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.peers.memory import peak_mb
from benchmarks.peers.sheet import load_sheet, save_answer


def main(arguments: list[str]) -> None:
    peer, sheet_path, answer_path, seed, seconds, *rest = arguments
    options = dict(word.split("=", 1) for word in rest)
    module = importlib.import_module(f"benchmarks.peers.{peer}_peer")
    answer = module.solve(load_sheet(Path(sheet_path)), int(seed), float(seconds), options)
    save_answer(replace(answer, extra={**answer.extra, "peak_mb": peak_mb()}), Path(answer_path))


if __name__ == "__main__":
    main(sys.argv[1:])
