"""P2 ``stated``: the numbers a plan states about itself are those that follow from it.

Flight times, lengths, loads and energies of every leg, energies of every sortie, the objective's
terms, and a bound that no plan may beat.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from routing.checker.case import Case, Leg
from routing.checker.violation import RULES, Place, Violation, clock
from routing.network import TIERS, Tier
from routing.plan import Bound, Objective, Sortie

RULE = RULES["P2"]
TIME_TOLERANCE_S = 1e-6
LONGER_S = 2.0
"""A planned flight is less than this longer than computed: rounding up (below 1 s) and one second
for a planner that rounds in between. Waiting is done on the ground, never in a flight; only what
the climb to the cruise height would have taken may be hovered on a lower layer."""
LENGTH_TOLERANCE_M = 1.0
MASS_TOLERANCE_KG = 1e-6
PACK_TOLERANCE = 1e-9
PACK_SHARE = 0.01
"""Energies may be stated up to 1 % above what is computed, never below."""
TERM_TOLERANCE = 1e-6


def check_stated(case: Case) -> Iterator[Violation]:
    """Stated numbers that do not follow from the plan and the input."""
    for sortie, legs in zip(case.sorties, case.legs, strict=True):
        for leg in legs:
            yield from _check_leg(leg)
        yield from _check_sortie(case, sortie, legs)
    if len(case.sorties) == len(case.plan.sorties):
        yield from _check_objective(case)
    yield from _check_bound(case)


def _is_close(stated: float, computed: float, tolerance: float) -> bool:
    """Whether they agree; never when one is no number."""
    return abs(stated - computed) <= tolerance


def _check_leg(leg: Leg) -> Iterator[Violation]:
    flight = leg.flight
    if not _is_close(flight.length_m, leg.track.length_m, LENGTH_TOLERANCE_M):
        yield RULE.broken(
            "length", leg.place, limit=leg.track.length_m, actual=flight.length_m, unit="m",
            en=f"States a length of {flight.length_m:.1f} m; the path is "
            f"{leg.track.length_m:.1f} m long.",
            zh=f"自报航程 {flight.length_m:.1f} 米，航线实长 {leg.track.length_m:.1f} 米。",
        )  # fmt: skip
    mass_kg = leg.load_kg - leg.drone.box_tare_kg
    if not _is_close(flight.payload_kg, mass_kg, MASS_TOLERANCE_KG):
        yield RULE.broken(
            "payload", leg.place, limit=mass_kg, actual=flight.payload_kg, unit="kg",
            en=f"States {flight.payload_kg:.3f} kg of orders; {mass_kg:.3f} kg are on board.",
            zh=f"自报货重 {flight.payload_kg:.3f} 千克，实载 {mass_kg:.3f} 千克。",
        )  # fmt: skip
    if math.isinf(leg.cruise_s):
        return
    yield from _check_flight_time(leg)
    yield from _check_pack("leg-energy", leg.place, flight.energy_pack, leg.energy_pack)


def _check_flight_time(leg: Leg) -> Iterator[Violation]:
    planned_s = leg.flight.landing_s - leg.flight.takeoff_s
    needed_s = math.ceil(leg.flight_s - TIME_TOLERANCE_S)
    if planned_s < leg.flight_s - TIME_TOLERANCE_S:
        yield RULE.broken(
            "flight-time", leg.place, limit=needed_s, actual=planned_s, unit="s",
            en=f"Planned to fly {planned_s} s ({clock(leg.flight.takeoff_s)}-"
            f"{clock(leg.flight.landing_s)}); the leg takes {needed_s} s.",
            zh=f"计划飞行 {planned_s} 秒（{clock(leg.flight.takeoff_s)}-"
            f"{clock(leg.flight.landing_s)}），实际需要 {needed_s} 秒。",
        )  # fmt: skip
    elif planned_s >= leg.flight_s + leg.spare_s + LONGER_S:
        longest_s = math.ceil(leg.flight_s + leg.spare_s - TIME_TOLERANCE_S)
        yield RULE.broken(
            "flight-time", leg.place, limit=longest_s, actual=planned_s, unit="s",
            en=f"Planned to fly {planned_s} s; the leg takes {longest_s} s at the most, and a "
            "drone waits on the ground.",
            zh=f"计划飞行 {planned_s} 秒，最多需要 {longest_s} 秒；等待应在地面进行。",
        )  # fmt: skip


def _check_pack(check: str, place: Place, stated: float, computed: float) -> Iterator[Violation]:
    is_enough = stated >= computed - PACK_TOLERANCE
    is_near = stated <= computed * (1.0 + PACK_SHARE) + PACK_TOLERANCE
    if not (is_enough and is_near):
        yield RULE.broken(
            check, place, limit=computed, actual=stated, unit="pack",
            en=f"States {stated:.6f} packs; {computed:.6f} are used.",
            zh=f"自报用电 {stated:.6f} 组，实际 {computed:.6f} 组。",
        )  # fmt: skip


def _check_sortie(case: Case, sortie: Sortie, legs: tuple[Leg, ...]) -> Iterator[Violation]:
    place = Place(sortie.id, pack_id=sortie.pack_id)
    if not any(math.isinf(leg.cruise_s) for leg in legs):
        used = math.fsum(leg.energy_pack for leg in legs)
        yield from _check_pack("sortie-energy", place, sortie.energy_pack, used)
    usable = case.available_pack(sortie) * (1.0 - case.network.rules.reserve_frac)
    is_safe = sortie.usable_pack <= usable + PACK_TOLERANCE
    if not (is_safe and sortie.usable_pack >= usable * (1.0 - PACK_SHARE) - PACK_TOLERANCE):
        yield RULE.broken(
            "usable", place, limit=usable, actual=sortie.usable_pack, unit="pack",
            en=f"States {sortie.usable_pack:.6f} usable packs; {usable:.6f} may be planned.",
            zh=f"自报可用电量 {sortie.usable_pack:.6f} 组，实际可用 {usable:.6f} 组。",
        )  # fmt: skip


def recompute_objective(case: Case) -> Objective:
    """The objective's terms from the plan's sorties and the input alone."""
    received_s = {
        order_id: float(stop.handover_end_s)
        for sortie in case.sorties
        for stop in sortie.stops
        for order_id in stop.unloaded
        if stop.handover_end_s is not None
    }
    left = dict.fromkeys(TIERS, 0)
    for order in case.orders.values():
        if order.id not in received_s:
            left[order.tier] += 1
    lateness_min = math.fsum(
        _scaled(case, order.tier) * max(0.0, received_s[order.id] - order.target_s) / 60.0
        for order in case.orders.values()
        if order.id in received_s and order.target_s is not None
    )
    weights = case.network.weights
    flight_s = float(
        sum(flight.landing_s - flight.takeoff_s for one in case.sorties for flight in one.flights)
    )
    sorties, drones = len(case.sorties), len({sortie.drone_id for sortie in case.sorties})
    return Objective(
        unserved_stat=left["stat"],
        unserved_urgent=left["urgent"],
        unserved_routine=left["routine"],
        lateness_min=lateness_min,
        cost_s=flight_s * weights.flight_s + sorties * weights.sortie + drones * weights.drone,
        flight_s=flight_s,
        sorties=sorties,
        drones=drones,
    )


def _scaled(case: Case, tier: Tier) -> float:
    """Weight of a minute of lateness, scaled so that routine is 1."""
    per_min = case.network.weights.lateness_per_min
    routine = per_min.get("routine", 1.0)
    return per_min.get(tier, 1.0) / routine if routine else per_min.get(tier, 1.0)


TERMS = (
    ("unserved_stat", "count", "stat orders left out", "未配送的特急订单数"),
    ("unserved_urgent", "count", "urgent orders left out", "未配送的紧急订单数"),
    ("unserved_routine", "count", "routine orders left out", "未配送的常规订单数"),
    ("lateness_min", "min", "weighted lateness", "加权延误"),
    ("cost_s", "s", "cost", "成本"),
    ("flight_s", "s", "flight time", "飞行时间"),
    ("sorties", "count", "sorties", "架次数"),
    ("drones", "count", "drones", "无人机数"),
)


def _check_objective(case: Case) -> Iterator[Violation]:
    computed = recompute_objective(case)
    for name, unit, en, zh in TERMS:
        stated, true = getattr(case.plan.objective, name), getattr(computed, name)
        if not _is_close(stated, true, TERM_TOLERANCE * max(1.0, abs(true))):
            yield RULE.broken(
                f"objective-{name}", Place(), limit=true, actual=stated, unit=unit,
                en=f"The objective states {stated} for {en}; the plan gives {true}.",
                zh=f"目标值中{zh}为 {stated}，按计划应为 {true}。",
            )  # fmt: skip


def _check_bound(case: Case) -> Iterator[Violation]:
    """A plan better than its lower bound proves the bound wrong."""
    bound = case.plan.bound
    if bound is None or len(case.sorties) != len(case.plan.sorties):
        return
    for (_, unit, en, zh), plan_value, bound_value in _compared(recompute_objective(case), bound):
        if not (math.isfinite(bound_value) and bound_value <= plan_value + TERM_TOLERANCE):
            yield RULE.broken(
                "bound", Place(), limit=plan_value, actual=bound_value, unit=unit,
                en=f"The lower bound of {en} is {bound_value}, above the plan's {plan_value}.",
                zh=f"{zh}的下界为 {bound_value}，高于计划值 {plan_value}。",
            )  # fmt: skip
            return
        if bound_value < plan_value - TERM_TOLERANCE:
            return


def _compared(
    objective: Objective, bound: Bound
) -> Iterator[tuple[tuple[str, str, str, str], float, float]]:
    for term in TERMS[:5]:
        yield term, float(getattr(objective, term[0])), float(getattr(bound, term[0]))
