"""Whether a sortie that was put together without all of the rules can be flown, when, and its cost.

Owns the room for the trial. The rules of one sortie are those of the search's own kernels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from routing.solver.bundle import bundle
from routing.solver.instance import FloatArray, Instance, IntArray
from routing.solver.limits import earliest_departure, latest_pass
from routing.solver.loading import Draft
from routing.solver.payload import is_loadable
from routing.solver.scratch import OUT_DEPART, OUT_ENERGY, OUT_FLIGHT, OUT_LAND, new_scratch
from routing.solver.timing import simulate, time_sortie


@dataclass(frozen=True, slots=True)
class Choice:
    """A sortie that can be flown: bases, orders, cost, and when it may take off and land.

    It lands at ``max(soonest_land, take-off + least_s)`` or later.
    """

    kind: int
    start: int
    end: int
    orders: tuple[int, ...]
    cost: float
    soonest: float
    latest: float
    soonest_land: float
    least_s: float
    draft: Draft


class Trial:
    """Flies one sortie at a time, by any drone of its type."""

    def __init__(self, inst: Instance) -> None:
        self.inst = inst
        self.view = bundle(inst)
        self.scratch = new_scratch(inst, 4 * inst.num_orders + 4)
        self.scratch_view = bundle(self.scratch)
        self.mode = np.zeros(inst.num_orders, dtype=np.int64)
        self.drop = inst.drop_ptr[:-1].copy()
        begins, finishes = np.full((2, inst.turnaround.shape[0]), np.nan)
        for kind in np.unique(inst.drone_type):
            mine = inst.drone_type == kind
            begins[kind] = float(inst.drone_start[mine].min())
            finishes[kind] = float(inst.drone_end[mine].max())
        self.begins, self.finishes = begins, finishes

    def fly(self, kind: int, draft: Draft) -> Choice | None:
        """A sortie with its times; None when no drone of the type can fly it."""
        if not self._is_flown(kind, draft):
            return None
        out = self.scratch.outcome.copy()
        num, count, row, load = self._rows(draft)
        view, scratch, mode, drop = self.view, self.scratch_view, self.mode, self.drop
        begin, finish, passes = self.begins[kind], self.finishes[kind], np.zeros(num + 1)
        latest = latest_pass(
            view, kind, draft.start, draft.end, row, num, load, count, mode, drop, finish, passes
        )
        latest = max(float(latest), float(out[OUT_DEPART]))
        least = float(out[OUT_LAND] - out[OUT_DEPART])
        if (
            simulate(
                view, scratch, kind, draft.start, draft.end, row, num, load, count, mode, drop,
                latest, finish,
            )
            != 1
        ):  # fmt: skip
            least = min(least, float(self.scratch.outcome[OUT_LAND]) - latest)
        soonest = float(earliest_departure(view, kind, draft.start, load, count, mode, begin))
        return Choice(
            kind,
            draft.start,
            draft.end,
            draft.orders,
            self._cost(out),
            soonest,
            latest,
            float(out[OUT_LAND]),
            least,
            draft,
        )

    def cost(self, kind: int, draft: Draft) -> float | None:
        """What a sortie costs, its lateness aside; None when no drone of the type can fly it."""
        return self._cost(self.scratch.outcome) if self._is_flown(kind, draft) else None

    def _cost(self, out: FloatArray) -> float:
        inst = self.inst
        return float(
            inst.cost_flight * out[OUT_FLIGHT]
            + inst.cost_energy * out[OUT_ENERGY]
            + inst.cost_sortie
        )

    def _rows(self, draft: Draft) -> tuple[int, int, IntArray, IntArray]:
        """How many tasks and orders, and they themselves, as kernels take them."""
        row = np.array(draft.tasks or (0,), dtype=np.int64)
        load = np.array(draft.orders or (0,), dtype=np.int64)
        return len(draft.tasks), len(draft.orders), row, load

    def _is_flown(self, kind: int, draft: Draft) -> bool:
        """Fly a sortie as soon as it can be; its outcome is left in the scratch."""
        num, count, row, load = self._rows(draft)
        self.mode[list(draft.orders)], self.drop[list(draft.orders)] = draft.modes, draft.drops
        view, scratch, mode, drop = self.view, self.scratch_view, self.mode, self.drop
        return bool(
            is_loadable(view, scratch, kind, row, num, load, count, mode)
            and time_sortie(
                view, scratch, kind, draft.start, draft.end, row, num, load, count, mode, drop,
                self.begins[kind], self.finishes[kind],
            )
        )  # fmt: skip
