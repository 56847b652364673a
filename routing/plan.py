"""A plan: sorties, unserved orders, objective terms and bound. Data; it never recomputes itself.

Owns the frozen values and nothing else: ``routing.plan_file`` reads and writes them,
``routing.checker`` proves them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Flight:
    """One leg as planned.

    Attributes:
        origin, destination: site ids.
        takeoff_s, landing_s: whole seconds.
        path_lonlat: WGS-84 polyline from pad to pad, around the zones.
        length_m: its geodesic length.
        payload_kg: mass of the orders on board (without the box).
        energy_pack: energy used, in packs (1.0 = one new full pack).
        height_m_agl: cruise height above ground at take-off; layer: altitude layer id (R10).
        profile: where terrain is given (metres from the start of the path, height above mean sea
            level in metres) from over the first pad to over the last, straight between; else empty.
    """

    origin: str
    destination: str
    takeoff_s: int
    landing_s: int
    path_lonlat: tuple[tuple[float, float], ...]
    length_m: float
    payload_kg: float
    energy_pack: float
    height_m_agl: float
    layer: int = 0
    profile: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Stop:
    """One landing or take-off place of a sortie: the first stop has no landing, the last no
    take-off.

    Attributes:
        pad: index of the pad at the site, from 0.
        landing_s, takeoff_s: whole seconds, None where there is none.
        handover_start_s, handover_end_s: the handover; both None when nothing is handed over.
        loaded, unloaded: order ids.
    """

    site_id: str
    pad: int
    landing_s: int | None
    handover_start_s: int | None
    handover_end_s: int | None
    takeoff_s: int | None
    loaded: tuple[str, ...] = ()
    unloaded: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Charge:
    """Charging of the pack after the sortie: charger index at the end base and the span."""

    charger: int
    start_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Sortie:
    """Take-off at a base until the landing at a base, on one battery.

    Attributes:
        id: unique in the plan; drone_id, pack_id: which drone and which pack.
        stops: at least two; first and last are bases, those between are not.
        flights: one leg between each two neighbouring stops.
        energy_pack: energy of all legs; usable_pack: what R4 allows.
        charge: the pack's charging afterwards, None when it is not charged again.
        is_fixed: flown, in the air, or locked by the dispatcher (R12).
    """

    id: str
    drone_id: str
    pack_id: str
    stops: tuple[Stop, ...]
    flights: tuple[Flight, ...]
    energy_pack: float
    usable_pack: float
    charge: Charge | None = None
    is_fixed: bool = False

    @property
    def start_s(self) -> int:
        """Take-off of the first leg."""
        return self.flights[0].takeoff_s

    @property
    def end_s(self) -> int:
        """Landing of the last leg."""
        return self.flights[-1].landing_s


@dataclass(frozen=True, slots=True)
class Unserved:
    """An order left out: a reason code and its sentence in both languages."""

    order_id: str
    reason: str
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True)
class Objective:
    """The objective's terms, compared from the first to the last.

    Attributes:
        unserved_stat, unserved_urgent, unserved_routine: orders left out by tier.
        lateness_min: weighted order-minutes past targets.
        cost_s: weighted flight seconds + fixed seconds of sorties and drones.
        flight_s, sorties, drones: what the cost is made of.
    """

    unserved_stat: int
    unserved_urgent: int
    unserved_routine: int
    lateness_min: float
    cost_s: float
    flight_s: float
    sorties: int
    drones: int

    @property
    def ranking(self) -> tuple[float, ...]:
        """The terms in the order in which plans are compared; smaller is better."""
        return (
            self.unserved_stat,
            self.unserved_urgent,
            self.unserved_routine,
            round(self.lateness_min, 6),
            round(self.cost_s, 6),
        )


@dataclass(frozen=True, slots=True)
class Bound:
    """A proven lower bound, and what it says of each term of the plan beside it.

    Attributes:
        unserved_stat, unserved_urgent, unserved_routine: no plan leaves fewer, compared in this
            order.
        lateness_min: no plan that leaves no more behind than this one is less late.
        cost_s: no plan that leaves no more behind and is no later than this one costs less.
        method: how it was proven, e.g. ``enumeration``, ``column generation``, ``none``.
        relaxed: what the proof leaves out (e.g. ``pads, packs``), so that the bound is valid but
            may be below the best plan.
        is_optimal: the plan beside it is proven best.
        on_time_cost_s: no plan that leaves no more behind and is not late at all costs less.
        value_s: the one number that is proven: unserved orders, lateness and cost together, each
            with its weight (docs/design.md).
    """

    unserved_stat: int
    unserved_urgent: int
    unserved_routine: int
    lateness_min: float
    cost_s: float
    method: str
    relaxed: str = ""
    is_optimal: bool = False
    on_time_cost_s: float = 0.0
    value_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """A day's plan.

    Attributes:
        network, date, digest: what it was made for.
        gap: share of its cost that a plan could save at most while leaving no more behind and
            being no later, None when there is no bound.
        made_with: versions, seed, iterations and limits of the run.
        baselines: name -> objective of the plans it is compared with.
    """

    network: str
    date: str
    digest: str
    sorties: tuple[Sortie, ...]
    unserved: tuple[Unserved, ...]
    objective: Objective
    bound: Bound | None
    gap: float | None
    made_with: dict[str, str] = field(default_factory=dict)
    baselines: dict[str, Objective] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION
