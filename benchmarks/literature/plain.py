"""An ``Instance`` without the rules the literature does not have.

Owns the defaults (one drone type, one weather period, unlimited packs, pads and pilots) and the
shape of every array. Does not know any file format.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from routing.solver.instance import UNLIMITED, FloatArray, Instance, IntArray
from routing.solver.spare import least_fields

FAR_S = 1.0e9
"""A time later than any day."""
UNSERVED = 1.0e8
"""Objective of an order left behind: above any cost of the literature's instances."""
NUM_NEAR = 60


@dataclass(frozen=True, slots=True)
class Request:
    """One order: carried from a site to a site, with windows on the start of each handover."""

    origin: int
    destination: int
    mass: int
    pickup_window: tuple[float, float]
    delivery_window: tuple[float, float]
    unserved: float = UNSERVED
    ride: float = np.inf
    tier: int = 2


@dataclass(frozen=True, slots=True)
class Plain:
    """What a plain problem has; everything else of ``Instance`` is filled in by ``build``.

    Attributes:
        travel: [S, S] seconds; handover: [S] seconds; bases: sites where sorties start and end.
        capacity: mass units; homes: home site of each drone.
        day: when drones may take off first and land last.
        cruise_power: [capacity + 1] energy per second in the air by mass on board, empty for none.
        usable: energy of a sortie.
    """

    travel: FloatArray
    handover: FloatArray
    bases: tuple[int, ...]
    requests: tuple[Request, ...]
    capacity: int
    homes: tuple[int, ...]
    day: tuple[float, float]
    turnaround: float = 0.0
    cruise_power: FloatArray = field(default_factory=lambda: np.zeros(0))
    usable: float = np.inf
    cost_flight: float = 1.0
    cost_energy: float = 0.0
    cost_sortie: float = 0.0
    cost_drone: float = 0.0
    sorties_per_drone: int = UNLIMITED


def build(plain: Plain) -> Instance:
    """The numeric instance of a plain problem."""
    sites = plain.travel.shape[0]
    has_energy = plain.cruise_power.size > 0
    power = plain.cruise_power if has_energy else np.zeros(plain.capacity + 1)
    is_base = np.zeros(sites, dtype=np.bool_)
    is_base[list(plain.bases)] = True
    packs = np.where(is_base[:, None], UNLIMITED, 0).astype(np.int64)
    travel = plain.travel[None, None].astype(np.float64)
    lift, cruise, hover = (
        np.zeros((1, 1)),
        power[None].astype(np.float64),
        np.zeros((1, power.size)),
    )
    drones = len(plain.homes)
    return Instance(
        is_base=is_base,
        handover=plain.handover.astype(np.float64),
        pads=_whole([UNLIMITED] * sites),
        period_start=np.zeros(1),
        travel=travel,
        quickest=plain.travel[None].astype(np.float64),
        work=travel.copy(),
        lift=lift,
        cruise_power=cruise,
        hover_power=hover,
        **least_fields(travel, lift, cruise, hover, _whole([plain.capacity])),
        divert_work=np.zeros((1, 1, sites)),
        divert_lift=np.zeros((1, 1)),
        usable=np.array([plain.usable]),
        available=np.array([np.inf]),
        cold=np.ones((1, 1)),
        capacity=_whole([plain.capacity]),
        slots=_whole([UNLIMITED]),
        compartments=_whole([1]),
        turnaround=np.array([plain.turnaround]),
        charge=np.zeros(1),
        air_start=np.array([[plain.day[0]]]),
        air_end=np.array([[plain.day[1]]]),
        **_tasks(plain.requests),
        drone_type=_whole([0] * drones),
        drone_home=_whole(plain.homes),
        drone_start=np.full(drones, plain.day[0]),
        drone_end=np.full(drones, plain.day[1]),
        packs=packs,
        chargers=_whole(np.where(is_base, UNLIMITED, 0)),
        pilot_time=np.zeros(1),
        pilot_limit=_whole([UNLIMITED]),
        near=near_orders(plain),
        cost_flight=plain.cost_flight,
        cost_energy=plain.cost_energy,
        cost_sortie=plain.cost_sortie,
        cost_drone=plain.cost_drone,
        sortie_max=np.inf,
        sorties_per_drone=plain.sorties_per_drone,
        must_return_home=True,
        headway=0.0,
        pad_clear=0.0,
        pad_prepare=0.0,
        has_energy=has_energy,
        has_divert=False,
        has_pads=False,
        has_packs=False,
        has_pilots=False,
    )


def _tasks(requests: tuple[Request, ...]) -> dict[str, Any]:
    """Tasks ``0 .. N - 1`` are the pickups, ``N .. 2 N - 1`` the one delivery of each order."""
    count = len(requests)
    windows = [r.pickup_window for r in requests] + [r.delivery_window for r in requests]
    early = np.array([w[0] for w in windows], dtype=np.float64)
    late = np.array([w[1] for w in windows], dtype=np.float64)
    return {
        "task_site": _whole([r.origin for r in requests] + [r.destination for r in requests]),
        "task_order": np.tile(np.arange(count, dtype=np.int64), 2),
        "task_pickup": np.repeat(np.array([True, False]), count),
        "task_early": early,
        "task_late": late,
        "window_ptr": np.arange(2 * count + 1, dtype=np.int64),
        "window_start": early.copy(),
        "window_end": late.copy(),
        "pickup": np.arange(count, dtype=np.int64),
        "drop_ptr": count + np.arange(count + 1, dtype=np.int64),
        "mass": _whole([r.mass for r in requests]),
        "order_slots": _whole([1] * count),
        "band": _whole([-1] * count),
        "group": _whole([0] * count),
        "conflict": np.zeros((1, 1), dtype=np.bool_),
        "target": np.full(count, np.inf),
        "late_weight": np.zeros(count),
        "ride": np.array([r.ride for r in requests], dtype=np.float64),
        "unserved_weight": np.array([r.unserved for r in requests], dtype=np.float64),
        "tier": _whole([r.tier for r in requests]),
    }


def near_orders(plain: Plain) -> IntArray:
    """Orders nearest to each order, by the shortest leg between places that are no base."""
    both_ways = np.minimum(plain.travel, plain.travel.T)
    places = [
        [s for s in (r.origin, r.destination) if s not in plain.bases] or [r.destination]
        for r in plain.requests
    ]
    first = _whole([p[0] for p in places])
    last = _whole([p[-1] for p in places])
    apart = np.minimum.reduce(
        [both_ways[np.ix_(a, b)] for a in (first, last) for b in (first, last)]
    )
    middle = np.array([sum(r.pickup_window) + sum(r.delivery_window) for r in plain.requests])
    # Ties (orders of one site) go to the order nearest in time.
    apart = apart + 1e-9 * np.abs(middle[:, None] - middle[None, :])
    np.fill_diagonal(apart, np.inf)
    order = np.argsort(apart, axis=1, kind="stable")
    return _whole(order[:, : min(NUM_NEAR, max(0, len(places) - 1))])


def _whole(values: object) -> IntArray:
    return np.ascontiguousarray(values, dtype=np.int64)
