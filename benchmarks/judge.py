"""A neutral judge of answers on common ground: cost and broken rules from the sheet alone.

Shares nothing with the engine, the checker or any peer. Every drone flies its sorties in the
order given, each as soon as it can, and waits only on the ground.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.peers.sheet import Answer, Sheet, Trip


@dataclass(frozen=True, slots=True)
class CommonVerdict:
    """What an answer is worth.

    Attributes:
        served: orders delivered; cost_s: seconds in the air + sortie cost.
        flight_s, sorties: what the cost is made of.
        broken: rule -> how often it is broken.
    """

    served: int
    cost_s: int
    flight_s: int
    sorties: int
    broken: dict[str, int]


def judge_common(sheet: Sheet, answer: Answer) -> CommonVerdict:
    """Recompute an answer on common ground."""
    broken: dict[str, int] = {}
    picked: list[int] = []
    flight_s = sorties = used = 0
    for route in answer.routes:
        clock = int(sheet.start.min())
        used += bool(route)
        if sheet.is_sortie_a_vehicle and len(route) > 1:
            _count(broken, "one sortie a vehicle")
        for trip in route:
            clock, air_s = _fly(sheet, trip, clock, broken)
            clock += sheet.turnaround
            flight_s += air_s
            sorties += 1
            picked += [order for stop in trip for order in stop.loaded]
            if sheet.air_max and air_s > sheet.air_max:
                _count(broken, "time in the air")
    if not sheet.is_sortie_a_vehicle and used > len(sheet.home):
        _count(broken, "drones")
    if len(picked) != len(set(picked)):
        _count(broken, "served twice")
    cost_s = flight_s + sheet.sortie_cost * sorties
    return CommonVerdict(len(set(picked)), cost_s, flight_s, sorties, broken)


def _fly(sheet: Sheet, trip: Trip, clock: int, broken: dict[str, int]) -> tuple[int, int]:
    """Landing time and seconds in the air of one sortie that may start at ``clock``."""
    load = air_s = 0
    here = trip[0].site
    on_board: list[int] = []
    for stop in trip[1:]:
        leg_s = int(sheet.travel[here, stop.site])
        air_s += leg_s
        clock += leg_s
        begin = max([clock, *(int(sheet.ready[i]) for i in stop.loaded)])
        on_board += stop.loaded
        load += sum(int(sheet.mass[i]) for i in stop.loaded)
        if load > sheet.capacity:
            _count(broken, "capacity")
        for order in stop.unloaded:
            if order not in on_board:
                _count(broken, "unloaded before loaded")
            if begin > sheet.due[order]:
                _count(broken, "deadline")
        load -= sum(int(sheet.mass[i]) for i in stop.unloaded)
        is_last = stop is trip[-1]
        clock = begin if is_last else begin + int(sheet.handover[stop.site])
        here = stop.site
    unloaded = {order for stop in trip for order in stop.unloaded}
    if set(on_board) != unloaded:
        _count(broken, "not delivered")
    if clock > sheet.end.max():
        _count(broken, "duty")
    return clock, air_s


def _count(broken: dict[str, int], rule: str) -> None:
    broken[rule] = broken.get(rule, 0) + 1
