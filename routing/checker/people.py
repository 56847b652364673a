"""R11 ``people``: no more sorties under way than the pilots on duty may supervise."""

from __future__ import annotations

from collections.abc import Iterator

from routing.checker.case import Case
from routing.checker.violation import RULES, Place, Violation, clock
from routing.plan import Sortie

RULE = RULES["R11"]


def check_people(case: Case) -> Iterator[Violation]:
    """Spans with more sorties under way than may be supervised, each named once.

    A sortie is under way from its first take-off until its last landing; at the second of the
    landing another one may take off. A shift ends likewise at its last second.
    """
    rules = case.network.rules
    if not rules.pilot_shifts:
        return
    shifts = [shift.window for shift in rules.pilot_shifts]
    times = {time_s for span in shifts for time_s in (span.start_s, span.end_s)}
    times |= {time_s for sortie in case.sorties for time_s in (sortie.start_s, sortie.end_s)}
    starts = sorted(case.sorties, key=lambda sortie: sortie.start_s)
    under_way: list[Sortie] = []
    worst: tuple[int, int, float, list[Sortie]] | None = None
    upcoming = 0
    for time_s in sorted(times):
        under_way = [sortie for sortie in under_way if sortie.end_s > time_s]
        while upcoming < len(starts) and starts[upcoming].start_s <= time_s:
            under_way.append(starts[upcoming])
            upcoming += 1
        pilots = sum(
            shift.pilots
            for shift in rules.pilot_shifts
            if shift.window.start_s <= time_s < shift.window.end_s
        )
        limit = pilots * rules.supervised_per_pilot
        excess = len(under_way) - limit
        if excess > 0 and (worst is None or excess > worst[0]):
            worst = (excess, limit, time_s, list(under_way))
        elif excess <= 0 and worst is not None:
            yield _too_many(*worst[1:])
            worst = None
    if worst is not None:
        yield _too_many(*worst[1:])


def _too_many(limit: int, time_s: float, under_way: list[Sortie]) -> Violation:
    ids = ", ".join(sortie.id for sortie in under_way)
    count = len(under_way)
    return RULE.broken(
        "supervised", Place(ids), limit=limit, actual=count, unit="count",
        en=f"{count} sorties are under way at {clock(time_s)}; the pilots on duty may supervise "
        f"{limit}.",
        zh=f"{clock(time_s)} 有 {count} 个架次在飞，值班飞手最多监管 {limit} 个。",
    )  # fmt: skip
