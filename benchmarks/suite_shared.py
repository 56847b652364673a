"""Common ground C1, C2, C3: sub-problems that peers state faithfully, judged neutrally.

Instances are named ``C1-P28-1``: the rule and the day whose places and times it takes.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.days import build_day
from benchmarks.judge import judge_common
from benchmarks.launch import run_peer
from benchmarks.ours import solve_common
from benchmarks.peers.sheet import Answer, Sheet
from benchmarks.record import Done, Row
from benchmarks.sheets import common_sheet
from routing.legs import build_legs

PEERS: dict[str, tuple[str, dict[str, str]]] = {
    "ortools-gls": ("ortools", {"mode": "gls"}),
    "ortools-ils": ("ortools", {"mode": "ils"}),
    "pyvrp": ("pyvrp", {}),
    "pyvrp-shipments": ("pyvrp", {"formulation": "shipments"}),
    "vroom": ("vroom", {}),
    "vrp-cli": ("vrpcli", {}),
}
SOLVERS = ("magpie", *PEERS)
ONLY_ORTOOLS = frozenset({"C3"})


def run_common(
    names: list[str],
    seeds: list[int],
    seconds: float,
    solvers: list[str],
    done: Done = frozenset(),
) -> Iterator[Row]:
    """Rows of every common-ground instance and solver but those done."""
    for name in names:
        rule, _, day_name = name.partition("-")
        runs = [
            (solver, seed)
            for solver in solvers
            if rule not in ONLY_ORTOOLS or solver.startswith(("magpie", "ortools"))
            for seed in seeds
            if (name, solver, seed, seconds) not in done
        ]
        if not runs:
            continue
        day = build_day(day_name)
        sheet = common_sheet(day, build_legs(day.network), rule)
        for solver, seed in runs:
            yield _row(sheet, solver, seed, seconds)


def _row(sheet: Sheet, solver: str, seed: int, seconds: float) -> Row:
    row = Row("common", sheet.name, solver, seed, seconds, orders=sheet.num_orders)
    if solver == "magpie":
        found = solve_common(sheet, seed, seconds)
        answer: Answer | str = found.answer
        row.bound = found.bound
    else:
        module, options = PEERS[solver]
        answer = run_peer(module, sheet, seed, seconds, options)
    if isinstance(answer, str):
        row.remark = answer
        return row
    verdict = judge_common(sheet, answer)
    row.served, row.cost, row.flight = verdict.served, verdict.cost_s, verdict.flight_s
    row.sorties = verdict.sorties
    row.broken = " ".join(f"{rule}:{count}" for rule, count in sorted(verdict.broken.items()))
    row.wall_s, row.first_s, row.remark = answer.wall_s, answer.first_s, answer.remark
    row.progress = list(answer.progress)
    row.peak_mb = answer.extra.get("peak_mb")
    if row.bound is not None and row.served == row.orders and row.cost:
        row.gap = (row.cost - row.bound) / row.cost
    return row
