"""Flies one sortie given in words through the compiled kernels.

Owns the translation of order ids and stops into the kernels' arrays. ``"+S1"`` picks S1 up at its
origin, ``"-B1"`` delivers B1 at its (first) destination. Orders that are carried without a stop at
one end are loaded at the start base or unloaded at the end base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.legs import build_legs
from routing.network import Base, Network
from routing.orders import Order
from routing.solver.bundle import Bundle
from routing.solver.day import Day, build_day
from routing.solver.limits import latest_pass
from routing.solver.payload import is_loadable
from routing.solver.scratch import (
    BETWEEN,
    DIRECT,
    INWARD,
    OUT_DEPART,
    OUT_ENERGY,
    OUT_FLIGHT,
    OUT_LAND,
    OUT_LATE,
    OUTWARD,
    new_scratch,
)
from routing.solver.timing import simulate, time_sortie
from tests.days import three_site_orders, three_sites

LENGTH = 40


@dataclass(frozen=True, slots=True)
class Flown:
    """What became of a sortie: whether it can be flown, and its times."""

    ok: bool
    verdict: int
    depart: float
    land: float
    late: float
    flight: float
    energy: float
    handovers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sortie in words, ready for the kernels."""

    day: Day
    type_id: str
    start: str
    end: str
    stops: tuple[str, ...]
    carried: tuple[str, ...]

    def _arrays(self):  # type: ignore[no-untyped-def]
        inst, day = self.day.instance, self.day
        index = {order.id: i for i, order in enumerate(day.orders)}
        tasks, orders = np.zeros(LENGTH, dtype=np.int64), np.zeros(LENGTH, dtype=np.int64)
        mode, drop = np.zeros(len(index), dtype=np.int64), inst.drop_ptr[:-1].copy()
        for at, stop in enumerate(self.stops):
            i = index[stop[1:]]
            tasks[at] = inst.pickup[i] if stop[0] == "+" else drop[i]
        for at, order_id in enumerate(self.carried):
            orders[at] = index[order_id]
            ends = (f"+{order_id}" in self.stops, f"-{order_id}" in self.stops)
            mode[index[order_id]] = {
                (False, False): DIRECT,
                (False, True): OUTWARD,
                (True, False): INWARD,
                (True, True): BETWEEN,
            }[ends]
        k = day.type_ids.index(self.type_id)
        start, end = day.legs.site_index[self.start], day.legs.site_index[self.end]
        return k, start, end, tasks, len(self.stops), orders, len(self.carried), mode, drop

    def is_loadable(self) -> bool:
        k, _, _, tasks, n, orders, m, mode, _ = self._arrays()
        scratch = Bundle(new_scratch(self.day.instance, LENGTH))
        return bool(is_loadable(Bundle(self.day.instance), scratch, k, tasks, n, orders, m, mode))

    def fly_at(self, depart: float, land_max: float = np.inf) -> Flown:
        """Exactly from a take-off time, without looking for a better one."""
        scratch = new_scratch(self.day.instance, LENGTH)
        verdict = simulate(
            Bundle(self.day.instance), Bundle(scratch), *self._arrays(), depart, land_max
        )
        return self._read(scratch, verdict == 0, int(verdict))

    def time(self, not_before: float = 0.0, land_max: float = np.inf) -> Flown:
        scratch = new_scratch(self.day.instance, LENGTH)
        ok = time_sortie(
            Bundle(self.day.instance), Bundle(scratch), *self._arrays(), not_before, land_max
        )
        return self._read(scratch, bool(ok), 0 if ok else 1)

    def latest(self, land_max: float) -> tuple[float, tuple[float, ...]]:
        """Latest take-off, and latest handover start of each task."""
        latest = np.zeros(LENGTH)
        depart = latest_pass(Bundle(self.day.instance), *self._arrays(), land_max, latest)
        return float(depart), tuple(latest[: len(self.stops)].tolist())

    def _read(self, scratch, ok: bool, verdict: int) -> Flown:  # type: ignore[no-untyped-def]
        out = scratch.outcome
        return Flown(
            ok=ok,
            verdict=verdict,
            depart=float(out[OUT_DEPART]),
            land=float(out[OUT_LAND]),
            late=float(out[OUT_LATE]),
            flight=float(out[OUT_FLIGHT]),
            energy=float(out[OUT_ENERGY]),
            handovers=tuple(scratch.handover[: len(self.stops)].tolist()),
        )


def sheet(
    *stops: str,
    carried: Sequence[str] = (),
    orders: Sequence[Order] | None = None,
    network: Network | None = None,
    type_id: str = "hex",
    start: str = "hub",
    end: str = "hub",
) -> Sheet:
    """A sortie of the three-site day; orders named in no stop are listed in ``carried``."""
    network = network or three_sites()
    orders = tuple(three_site_orders() if orders is None else orders)
    named = dict.fromkeys([stop[1:] for stop in stops])
    day = build_day(network, orders, build_legs(network))
    return Sheet(day, type_id, start, end, stops, (*named, *carried))


def one_base() -> Network:
    """The three sites with the hub as the only base, so that second is a stop like clinic."""
    return replace(three_sites(), bases=(Base("hub", {"hex": 2, "wing": 1}, 2),))


def changed(order_id: str, **fields: object) -> tuple[Order, ...]:
    """The orders of the three-site day with one of them changed."""
    return tuple(
        replace(order, **fields) if order.id == order_id else order  # type: ignore[arg-type]
        for order in three_site_orders()
    )
