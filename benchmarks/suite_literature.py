"""Literature: our engine on public instances, judged from the raw file beside published values.

Instances are named ``drp/Set_A1_Cust_10_1/R``, ``mtvrptwr/C201R0.25``, ``lilim/lc101``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.literature import drp, lilim, mtvrptwr
from benchmarks.literature.verdict import Known, Routes, Verdict
from benchmarks.ours import solve_plain
from benchmarks.record import Done, Row
from routing.solver.instance import Instance


@dataclass(frozen=True, slots=True)
class Problem:
    """A public instance ready to solve and to judge."""

    instance: Instance
    judge: Callable[[Routes], Verdict]
    known: Known | None


def list_instances(folder: Path) -> list[str]:
    """Names of all instances in a folder laid out as the public sets are."""
    drp_names = [
        f"drp/{path.stem}/{objective}"
        for path in sorted((folder / "drp").glob("Set_*.txt"))
        for objective in drp.OBJECTIVES
    ]
    trips = [f"mtvrptwr/{path.stem}" for path in sorted((folder / "mtvrptwr").glob("*.vrp"))]
    pairs = [f"lilim/{path.stem}" for path in sorted((folder / "lilim").glob("l*.txt"))]
    return drp_names + trips + pairs


def load(folder: Path, name: str) -> Problem:
    """One instance by its name.

    Raises:
        KeyError: the name's set is unknown.
    """
    kind, _, rest = name.partition("/")
    if kind == "drp":
        stem, _, wanted = rest.partition("/")
        objective = next(o for o in drp.OBJECTIVES if o == wanted)
        raw = drp.read(folder / "drp" / f"{stem}.txt")
        return Problem(
            drp.instance(raw, objective),
            lambda routes: drp.judge(raw, objective, routes),
            drp.known(folder / "drp").get((stem, objective)),
        )
    if kind == "mtvrptwr":
        path = folder / "mtvrptwr" / f"{rest}.vrp"
        trips = mtvrptwr.read(path)
        solution = path.with_suffix(".sol")
        known = mtvrptwr.read_solution(solution)[1] if solution.exists() else None
        return Problem(
            mtvrptwr.instance(trips), lambda routes: mtvrptwr.judge(trips, routes), known
        )
    if kind == "lilim":
        pairs = lilim.read(folder / "lilim" / f"{rest}.txt")
        return Problem(
            lilim.instance(pairs),
            lambda routes: lilim.judge(pairs, routes),
            lilim.known(folder / "lilim").get(rest),
        )
    raise KeyError(name)


def run_literature(
    folder: Path, names: list[str], seeds: list[int], seconds: float, done: Done = frozenset()
) -> Iterator[Row]:
    """Rows of every instance and seed but those done."""
    for name in names:
        missing = [seed for seed in seeds if (name, "magpie", seed, seconds) not in done]
        if not missing:
            continue
        problem = load(folder, name)
        for seed in missing:
            yield _row(name, problem, seed, seconds)


def _row(name: str, problem: Problem, seed: int, seconds: float) -> Row:
    known = problem.known
    row = Row("literature", name, "magpie", seed, seconds, orders=problem.instance.num_orders)
    found = solve_plain(problem.instance, seed, seconds)
    verdict = problem.judge(found.routes)
    row.served = found.served
    row.cost, row.drones, row.sorties = verdict.cost, verdict.vehicles, verdict.trips
    row.broken = "; ".join(verdict.faults[:3])
    row.wall_s, row.first_s, row.progress = found.wall_s, found.first_s, found.progress
    # Where vehicles come first the bound is of both together, and says nothing of the distance.
    if problem.instance.cost_drone == 0.0:
        row.bound = found.bound
    if row.bound is not None and not verdict.faults and verdict.cost:
        row.gap = max(0.0, (verdict.cost - row.bound) / verdict.cost)
    if known is not None:
        row.known = known.upper
        row.known_gap = (verdict.cost - known.upper) / known.upper
        row.remark = _compare(known, verdict)
    return row


def _compare(known: Known, verdict: Verdict) -> str:
    words = []
    if known.lower is not None:
        is_closed = known.lower >= known.upper - 1e-9
        words.append("published optimum" if is_closed else f"published bound {known.lower:,.1f}")
    if known.vehicles is not None:
        words.append(f"{verdict.vehicles} vehicles, best known {known.vehicles}")
    return "; ".join(words)
