"""The step between solve and check: no plan leaves with own drones too close to each other (R10).

Owns the order of the means: layers by heading, other layers, another take-off, and at last leaving
a sortie out. Layers cost nothing: every flight is timed and powered as if it climbed to the top
one, and hovers what it saves below. Where ``separation_s`` is 0 nothing changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from routing.legs import LegTables
from routing.network import TIERS, Network
from routing.orders import Order
from routing.plan import Plan, Sortie, Unserved
from routing.separation.board import Board
from routing.separation.sky import Sky
from routing.solver.day import Day, build_day
from routing.solver.naming import name_objective
from routing.solver.proven import gap_of, prove_terms, weigh_day

REASON = "separation"
EXTRA_S = (0, 60, 180, 420, 900, 1_800)
"""Moves are tried this much longer too."""
MOST_ROUNDS = 400
MOST_REFILLS = 3
"""So often what was left out is given to other sorties and times, and those kept apart again."""


def separate(
    network: Network,
    orders: Sequence[Order],
    legs: LegTables,
    plan: Plan,
    since_s: int | None = None,
) -> Plan:
    """The plan with its drones kept apart; fixed sorties stay as they are.

    Args:
        network, orders, legs: the input of the plan.
        plan: valid but for R10.
        since_s: on a day under way, from when on sorties may take off.

    Returns:
        The plan with a layer for each flight. Where layers do not suffice sorties take off at
        other times; what could in no way be flown apart is unserved with the reason
        ``separation``. Objective and gap are those of what is left.
    """
    if network.rules.separation_s <= 0 or not plan.sorties:
        return plan
    sky = Sky(network, plan.sorties)
    if not sky.close_pairs():
        return replace(plan, sorties=_give_layers(plan.sorties, sky))
    day = build_day(network, orders, legs, since_s)
    repair = _Repair(day, plan, sky)
    best = repair.run()
    for _ in range(MOST_REFILLS):
        if len(best.unserved) == len(plan.unserved):
            break
        refilled = repair.refill()
        repair = _Repair(day, refilled, Sky(network, refilled.sorties))
        again = repair.run()
        if again.objective.ranking >= best.objective.ranking:
            break
        best = again
    return best


def give_layers(network: Network, plan: Plan) -> Plan | None:
    """The plan with a layer for each flight and no other change; None where that cannot be."""
    if network.rules.separation_s <= 0 or not plan.sorties:
        return plan
    sky = Sky(network, plan.sorties)
    return None if sky.close_pairs() else replace(plan, sorties=_give_layers(plan.sorties, sky))


def _give_layers(sorties: Sequence[Sortie], sky: Sky) -> tuple[Sortie, ...]:
    return tuple(_at_heights(sortie, sky.heights_of(idx)) for idx, sortie in enumerate(sorties))


def _at_heights(sortie: Sortie, heights: Sequence[tuple[int, float]]) -> Sortie:
    if sortie.is_fixed:
        return sortie
    return replace(
        sortie,
        flights=tuple(
            replace(
                flight,
                layer=layer,
                height_m_agl=height_m,
                profile=_lifted(flight.profile, height_m - flight.height_m_agl),
            )
            for flight, (layer, height_m) in zip(sortie.flights, heights, strict=True)
        ),
    )


def _lifted(
    profile: tuple[tuple[float, float], ...], by_m: float
) -> tuple[tuple[float, float], ...]:
    """Over terrain, a layer is the same profile so much higher or lower."""
    return tuple((at_m, round(height_m + by_m, 3)) for at_m, height_m in profile)


@dataclass(frozen=True, slots=True)
class _Move:
    """A move that was tried: how many pairs stay too close, the plan's value, what was moved."""

    num_close: int
    value: float
    sortie: int
    not_before_s: float


class _Repair:
    """Moves and drops sorties of one plan until nothing is too close."""

    def __init__(self, day: Day, plan: Plan, sky: Sky) -> None:
        self.plan = plan
        self.day = day
        self.board = Board(day, plan.sorties)
        self.sky = sky
        self._aside: set[int] = set()
        self._tier = {order.id: TIERS.index(order.tier) for order in day.orders}

    def run(self) -> Plan:
        """Part one pair after the other, the earliest first."""
        self._match()
        for _ in range(MOST_ROUNDS):
            close = self.sky.close_pairs()
            if not close:
                break
            self._part(*close[0], len(close))
        while close := self.sky.close_pairs():
            self._drop(*close[0])
        return self._written()

    def refill(self) -> Plan:
        """The plan kept apart, with orders left out wherever the solver finds room for them."""
        sorties = self.board.refill()
        carried = _carried(sorties)
        left = tuple(one for one in self.plan.unserved if one.order_id not in carried)
        return replace(self.plan, sorties=sorties, unserved=left)

    def _match(self) -> None:
        """The sky follows the board, where a sortie may be timed otherwise than in the plan."""
        moved: dict[int, Sortie | None] = {
            idx: now
            for idx, (was, now) in enumerate(
                zip(self.plan.sorties, self.board.sorties, strict=True)
            )
            if now is None or _times(now) != _times(was)
        }
        if moved:
            self.sky.change(moved)

    def _part(self, one: int, other: int, num_close: int) -> None:
        """Move one of two sorties as little as helps, or leave one out."""
        tried: list[_Move] = []
        for sortie, by_s in self.sky.least_moves(one, other):
            for extra_s in EXTRA_S:
                move = self._try(sortie, by_s + (extra_s if by_s > 0 else -extra_s))
                if move is not None:
                    tried.append(move)
                    if move.num_close < num_close:
                        break
        better = [move for move in tried if move.num_close < num_close]
        if not better:
            # No worse than before is tried once for each sortie: it may make room.
            better = [
                move
                for move in tried
                if move.num_close == num_close and move.sortie not in self._aside
            ]
            if not better:
                self._drop(one, other)
                return
        best = min(better, key=lambda move: (move.value, move.num_close))
        if best.num_close == num_close:
            self._aside.add(best.sortie)
        moved = self.board.shift(best.sortie, best.not_before_s)
        assert moved is not None
        self.board.keep(moved)
        self.sky.change(dict(moved))

    def _try(self, sortie: int, by_s: float) -> _Move | None:
        now = self.board.sorties[sortie]
        assert now is not None
        not_before_s = now.start_s + by_s
        if now.is_fixed:
            return None
        moved = self.board.shift(sortie, not_before_s)
        if moved is None:
            return None
        kept = self.sky.snapshot()
        self.sky.change(dict(moved))
        num_close = len(self.sky.close_pairs())
        move = _Move(num_close, self.board.value, sortie, not_before_s)
        self.sky.restore(kept)
        self.board.take_back(sortie)
        return move

    def _drop(self, one: int, other: int) -> None:
        """Leave out the sortie whose orders weigh less."""
        sorties = sorted(
            (self.sky.tracks[one].sortie, self.sky.tracks[other].sortie), key=self._weight
        )
        before = list(self.board.sorties)
        self.board.drop(sorties[0])
        self.sky.change(
            {
                idx: now
                for idx, (was, now) in enumerate(zip(before, self.board.sorties, strict=True))
                if was is not None and (now is None or _times(now) != _times(was))
            }
        )

    def _weight(self, sortie: int) -> tuple[bool, list[int], int]:
        """Fixed sorties last, then by the orders of each tier, then the later one first."""
        now = self.board.sorties[sortie]
        assert now is not None
        tiers = [self._tier[order] for stop in now.stops for order in stop.loaded]
        return now.is_fixed, [tiers.count(tier) for tier in range(len(TIERS))], -now.start_s

    def _written(self) -> Plan:
        heights = {
            (sortie.drone_id, sortie.start_s): self.sky.heights_of(idx)
            for idx, sortie in enumerate(self.board.sorties)
            if sortie is not None
        }
        sorties = tuple(
            _at_heights(sortie, heights[sortie.drone_id, sortie.start_s])
            for sortie in self.board.name()
        )
        objective = name_objective(self.day, sorties)
        bound = self.plan.bound
        if bound is not None:
            bound = prove_terms(weigh_day(self.day.network, self.day.orders), objective, bound)
        return replace(
            self.plan,
            sorties=sorties,
            unserved=(*self.plan.unserved, *self._left_out(sorties)),
            objective=objective,
            bound=bound,
            gap=None if bound is None else gap_of(objective, bound),
        )

    def _left_out(self, sorties: Sequence[Sortie]) -> list[Unserved]:
        known = _carried(sorties) | {left.order_id for left in self.plan.unserved}
        return [name_left_out(order.id) for order in self.day.orders if order.id not in known]


def name_left_out(order_id: str) -> Unserved:
    """An order whose sortie could not be flown apart from others."""
    return Unserved(
        order_id,
        REASON,
        "No altitude layer and none of the take-offs tried kept its sortie apart from other "
        "drones.",
        "所有高度层和试过的起飞时刻，都无法使其架次与其他无人机保持间隔。",
    )


def _carried(sorties: Sequence[Sortie]) -> set[str]:
    return {one for sortie in sorties for stop in sortie.stops for one in stop.loaded}


def _times(sortie: Sortie) -> list[tuple[int, int]]:
    return [(flight.takeoff_s, flight.landing_s) for flight in sortie.flights]
