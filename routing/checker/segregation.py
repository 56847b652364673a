"""R5 ``segregation``: goods that exclude each other, and temperature bands on board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from routing.checker.case import Case
from routing.checker.violation import RULES, Place, Violation
from routing.plan import Sortie

RULE = RULES["R5"]
NO_BAND = "any"


def check_segregation(case: Case) -> Iterator[Violation]:
    """Exclusive groups in one sortie; more temperature bands on a leg than compartments."""
    for sortie in case.sorties:
        yield from _check_groups(case, sortie)
    for leg in case.all_legs():
        bands = sorted({order.band for order in leg.on_board} - {NO_BAND})
        if len(bands) > leg.drone.compartments:
            names = ", ".join(bands)
            yield RULE.broken(
                "bands", leg.place, limit=leg.drone.compartments, actual=len(bands), unit="count",
                en=f"Temperature bands {names} on board; {leg.drone.id} keeps "
                f"{leg.drone.compartments} apart.",
                zh=f"同时装载温区 {names}，"
                f"{leg.drone.id} 只能分隔 {leg.drone.compartments} 个温区。",
            )  # fmt: skip


def _check_groups(case: Case, sortie: Sortie) -> Iterator[Violation]:
    by_group: defaultdict[str, list[str]] = defaultdict(list)
    for stop in sortie.stops:
        for order_id in stop.loaded:
            if order_id in case.orders:
                by_group[case.orders[order_id].group].append(order_id)
    for pair in sorted(case.network.rules.exclusive_groups, key=sorted):
        held = [group for group in sorted(pair) if by_group[group]]
        if len(held) < len(pair) or (len(pair) == 1 and len(by_group[held[0]]) < 2):
            continue
        ids = ", ".join(order_id for group in held for order_id in by_group[group])
        names = " + ".join(held)
        yield RULE.broken(
            "groups", Place(sortie.id, order_id=ids), limit="apart", actual=names, unit="",
            en=f"Goods of groups that exclude each other share the sortie: {names}.",
            zh=f"互斥货类同在一个架次：{names}。",
        )  # fmt: skip
