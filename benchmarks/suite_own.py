"""Own days: our plan beside every peer's, all proven by our checker.

Owns which peers run on a full day and how their plans become rows. Peers without a battery run
twice: as they are (several sorties a drone, battery ignored) and with one sortie a vehicle (battery
as a safe limit, drones given by the neutral scheduler).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.days import Day, build_day
from benchmarks.launch import run_peer
from benchmarks.ours import plan_day
from benchmarks.peers.sheet import Answer, Sheet, as_sorties
from benchmarks.record import Done, Row
from benchmarks.schedule import onto_drones, schedule
from benchmarks.sheets import day_sheet
from routing.baseline import dispatch_first_come
from routing.checker.check import check_plan
from routing.legs import LegTables, build_legs
from routing.plan import Plan


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer on full days: its module, its options, whether sorties are cut beforehand."""

    module: str
    options: dict[str, str]
    is_cut: bool = False


PEERS: dict[str, Peer] = {
    "ortools-gls": Peer("ortools", {"mode": "gls"}),
    "ortools-ils": Peer("ortools", {"mode": "ils"}),
    "ortools-sorties": Peer("ortools", {"mode": "ils"}, is_cut=True),
    "pyvrp": Peer("pyvrp", {}),
    "pyvrp-sorties": Peer("pyvrp", {}, is_cut=True),
    "vroom": Peer("vroom", {}),
    "vroom-sorties": Peer("vroom", {}, is_cut=True),
    "vrp-cli": Peer("vrpcli", {}),
    "vrp-cli-sorties": Peer("vrpcli", {}, is_cut=True),
}
SOLVERS = ("magpie", "first-come", *PEERS)


def run_own(
    names: list[str],
    seeds: list[int],
    seconds: float,
    solvers: list[str],
    done: Done = frozenset(),
) -> Iterator[Row]:
    """Rows of every day and solver but those done; days carry their own seed in their name."""
    for name in names:
        runs = [
            (solver, seed)
            for solver in solvers
            for seed in (seeds[:1] if solver == "first-come" else seeds)
            if (name, solver, seed, seconds) not in done
        ]
        if not runs:
            continue
        day = build_day(name)
        began = time.perf_counter()
        legs = build_legs(day.network)
        legs_s = time.perf_counter() - began
        sheet = day_sheet(day, legs)
        for solver, seed in runs:
            yield _row(day, legs, sheet, solver, seed, seconds, legs_s)


def _row(
    day: Day, legs: LegTables, sheet: Sheet, solver: str, seed: int, seconds: float, legs_s: float
) -> Row:
    row = Row("own", day.name, solver, seed, seconds, orders=len(day.orders))
    if solver == "magpie":
        plan = _solve_ourselves(row, day, legs, seed, seconds)
        row.remark = f"all rules; leg table {legs_s:.1f} s, shared by all"
    elif solver == "first-come":
        began = time.perf_counter()
        plan = dispatch_first_come(day.network, day.orders, legs)
        row.wall_s = row.first_s = time.perf_counter() - began
        row.remark = "all rules"
    else:
        peer = PEERS[solver]
        given = as_sorties(sheet) if peer.is_cut else sheet
        answer = run_peer(peer.module, given, seed, seconds, peer.options)
        if isinstance(answer, str):
            row.remark = answer
            return row
        plan = schedule(day, legs, sheet, onto_drones(sheet, answer) if peer.is_cut else answer)
        _note_answer(row, answer)
    _note_plan(row, day, plan)
    return row


def _solve_ourselves(row: Row, day: Day, legs: LegTables, seed: int, seconds: float) -> Plan:
    found = plan_day(day, legs, seed, seconds)
    row.wall_s, row.first_s, row.progress = found.wall_s, found.first_s, found.progress
    if found.plan.bound is not None:
        row.bound, row.gap = found.plan.bound.cost_s, found.plan.gap
    return found.plan


def _note_answer(row: Row, answer: Answer) -> None:
    row.wall_s, row.first_s, row.remark = answer.wall_s, answer.first_s, answer.remark
    row.progress = list(answer.progress)
    row.peak_mb = answer.extra.get("peak_mb")


def _note_plan(row: Row, day: Day, plan: Plan) -> None:
    """Terms of a plan, and what the checker says of it."""
    violations = check_plan(day.network, day.orders, plan)
    broken = Counter(v.rule for v in violations)
    flat = {v.place.sortie_id for v in violations if v.rule == "R4"}
    terms = plan.objective
    row.served = len(day.orders) - len(plan.unserved)
    row.stat, row.urgent, row.routine = (
        terms.unserved_stat, terms.unserved_urgent, terms.unserved_routine,
    )  # fmt: skip
    row.lateness_min, row.cost, row.flight = terms.lateness_min, terms.cost_s, terms.flight_s
    row.sorties, row.drones = terms.sorties, terms.drones
    row.broken = " ".join(f"{rule}:{count}" for rule, count in sorted(broken.items()))
    row.over_battery = len(flat) / max(1, len(plan.sorties))
