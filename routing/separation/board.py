"""A finished plan in the solver's own terms, so that single sorties can be moved or taken out.

Owns the way from a plan to a solver's state and back; the solver keeps every rule but R10 while
sorties move. Does not know tracks or layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from routing.plan import Sortie
from routing.solver.chain import refresh_chain
from routing.solver.changes import place_of
from routing.solver.day import Day, fleet_order
from routing.solver.loading import load_sortie
from routing.solver.naming import name_sorties, name_trip
from routing.solver.resume import draft_of
from routing.solver.search import Worker, finish_plan, new_worker
from routing.solver.shifting import shift, take_back
from routing.solver.solution import read_solution, read_trip
from routing.solver.state import I_DRONE, I_END, I_FIXED, undo, value_of
from routing.solver.underway import flown_times

NONE = -1


class Board:
    """The sorties of a plan, movable.

    Sorties keep the index they have in the plan. Those that cannot be loaded - because others of
    the plan are gone, whose packs or places they need - are out from the start.
    """

    def __init__(self, day: Day, sorties: Sequence[Sortie]) -> None:
        self.day = day
        self.sorties: list[Sortie | None] = list(sorties)
        self._row = [NONE] * len(sorties)
        self._drones = {drone_id: n for n, drone_id in enumerate(fleet_order(day.network))}
        self._load()

    @property
    def value(self) -> float:
        """The solver's objective as one number, orders left out included."""
        return float(value_of(self._worker.views.inst, self._worker.views.state))

    def shift(self, idx: int, not_before_s: float) -> dict[int, Sortie] | None:
        """Let a sortie take off no earlier than this.

        Returns:
            The sorties that move, as they would be flown; None when it cannot be. The move stands
            until ``take_back`` or the next move.
        """
        before = self._departures(idx)
        if not shift(self._worker, self._row[idx], not_before_s):
            return None
        return {
            moved: self._named(moved)
            for moved, depart in self._departures(idx).items()
            if depart != before[moved]
        }

    def take_back(self, idx: int) -> None:
        """Undo the last move."""
        take_back(self._worker, self._row[idx])

    def keep(self, moved: dict[int, Sortie]) -> None:
        """The last move stands."""
        for idx, sortie in moved.items():
            self.sorties[idx] = sortie

    def drop(self, idx: int) -> tuple[str, ...]:
        """Take a sortie out, with the fewest neighbours whose drone it brought to their base.

        Returns:
            Orders that are not carried any more.
        """
        carried = self._carried()
        chain = self._chain(idx)
        place = chain.index(idx)
        bases = [self._bases(one) for one in chain]
        runs = [
            (last - first, first, last)
            for first in range(place + 1)
            for last in range(place, len(chain))
            if bases[first][0] == bases[last][1]
        ]
        # Without a run that ends where it began the drone flies none of the rest of its day.
        _, first, last = min(runs, default=(0, place, len(chain) - 1))
        for gone in chain[first : last + 1]:
            self.sorties[gone] = None
        self._load()
        left = self._carried()
        return tuple(order_id for order_id in carried if order_id not in left)

    def refill(self) -> tuple[Sortie, ...]:
        """All sorties with the orders left out inserted where they fit; the board is used up."""
        finish_plan(self._worker)
        return self.name()

    def name(self) -> tuple[Sortie, ...]:
        """All sorties by drone and time, with packs, chargers and pads given out anew."""
        fixed = [one for one in self.sorties if one is not None and one.is_fixed]
        return name_sorties(self.day, read_solution(self._worker.state, self.value), fixed)

    def _load(self) -> None:
        self._worker: Worker = new_worker(self.day.instance, 1)
        self._row = [NONE] * len(self.sorties)
        numbers = {order.id: n for n, order in enumerate(self.day.orders)}
        there = [(one.start_s, idx) for idx, one in enumerate(self.sorties) if one is not None]
        for _, idx in sorted(there):
            self._load_sortie(idx, numbers)
        views = self._worker.views
        for drone in range(len(self._drones)):
            refresh_chain(views.inst, views.state, drone)
        if self._strand():
            self._load()
        for idx, row in enumerate(self._row):
            if row != NONE:
                self.sorties[idx] = self._named(idx)

    def _load_sortie(self, idx: int, numbers: dict[str, int]) -> None:
        """Fly a sortie as planned at the end of its drone's chain, or leave it out."""
        sortie, worker = self.sorties[idx], self._worker
        assert sortie is not None
        state, drone = worker.state, self._drones[sortie.drone_id]
        count = int(state.chain_len[drone])
        base = int(self.day.instance.drone_home[drone])
        if count:
            base = int(state.ints[state.chain[drone, count - 1], I_END])
        draft = draft_of(self.day, sortie, numbers, set())
        worker.journal.filled[0] = 0
        if draft is not None and sortie.is_fixed:
            draft = replace(draft, flown=flown_times(self.day, sortie, draft))
        if draft is None or draft.start != base:
            self.sorties[idx] = None
        elif load_sortie(worker, drone, replace(draft, not_before=float(sortie.start_s))):
            self._row[idx] = int(state.chain[drone, count])
        else:
            undo(worker.views.inst, worker.views.state, worker.views.journal,
                 worker.views.res, 0)  # fmt: skip
            self.sorties[idx] = None

    def _strand(self) -> bool:
        """Leave out what would not bring a drone home; whether there was any."""
        if not self.day.instance.must_return_home:
            return False
        state, index = self._worker.state, self._index()
        stranded: list[int] = []
        for drone, home in enumerate(self.day.instance.drone_home.tolist()):
            for row in state.chain[drone, : int(state.chain_len[drone])][::-1].tolist():
                # What was flown stands, also where the drone dropped out away from home.
                if int(state.ints[row, I_END]) == home or int(state.ints[row, I_FIXED]) == 1:
                    break
                stranded.append(index[row])
        for idx in stranded:
            self.sorties[idx] = None
        return bool(stranded)

    def _index(self) -> dict[int, int]:
        """Row of the state -> index of the sortie."""
        return {row: idx for idx, row in enumerate(self._row) if row != NONE}

    def _named(self, idx: int) -> Sortie:
        sortie = self.sorties[idx]
        assert sortie is not None
        if sortie.is_fixed:
            return sortie
        trip = read_trip(self._worker.state, self._row[idx])
        return name_trip(self.day, self._worker.views.inst, trip, sortie.id)

    def _chain(self, idx: int) -> list[int]:
        """The sorties of a sortie's drone in order of time."""
        state = self._worker.state
        drone = int(state.ints[self._row[idx], I_DRONE])
        index = self._index()
        return [index[int(row)] for row in state.chain[drone, : int(state.chain_len[drone])]]

    def _departures(self, idx: int) -> dict[int, tuple[float, ...]]:
        """Times of a sortie and of those of its drone after it, by which moves are told."""
        place = int(place_of(self._worker.views.state, self._row[idx]))
        times = {}
        for one in self._chain(idx)[place:]:
            trip = read_trip(self._worker.state, self._row[one])
            times[one] = (trip.depart, trip.land, *trip.handover)
        return times

    def _bases(self, idx: int) -> tuple[str, str]:
        sortie = self.sorties[idx]
        assert sortie is not None
        return sortie.stops[0].site_id, sortie.stops[-1].site_id

    def _carried(self) -> list[str]:
        rows = np.flatnonzero(self._worker.state.sortie_of >= 0)
        return [self.day.orders[int(row)].id for row in rows]
