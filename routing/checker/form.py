"""P1 ``form``: the plan is whole as a document, so that the rules can be judged.

Owns the structural checks, for plans that somebody edited by hand: unknown ids, missing stops,
flights that do not match their stops, times that are no numbers. A sortie that cannot be judged
is reported here and left out of the other rules.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from numbers import Real

from routing.checker.violation import RULES, Place, Violation
from routing.network import Network
from routing.plan import Flight, Plan, Sortie, Stop

RULE = RULES["P1"]
LARGEST = 1e9
"""Beyond any time, length, mass or energy of a day; larger numbers are slips."""


@dataclass(frozen=True, slots=True)
class Known:
    """Ids of the network and orders, and the type of each drone."""

    sites: Collection[str]
    bases: Collection[str]
    orders: Collection[str]
    drone_types: dict[str, str]
    types: Collection[str]
    has_terrain: bool


def check_form(
    network: Network, order_ids: Collection[str], plan: Plan
) -> tuple[list[Violation], tuple[Sortie, ...]]:
    """Structural faults of a plan, and the sorties that are sound enough to be judged."""
    known = Known(
        sites={site.id for site in network.sites},
        bases={base.site_id for base in network.bases},
        orders=order_ids,
        drone_types={drone.id: drone.type_id for drone in network.drones},
        types=network.drone_types.keys(),
        has_terrain=network.terrain is not None,
    )
    found: list[Violation] = []
    sound: list[Sortie] = []
    seen: set[str] = set()
    for sortie in plan.sorties:
        blocking = list(_blocking_faults(sortie, known))
        found += blocking
        if sortie.id in seen:
            found.append(_repeated(sortie))
        seen.add(sortie.id)
        if not blocking:
            sound.append(sortie)
            found += _mismatches(sortie, known)
    return found, tuple(sound)


def _fault(check: str, place: Place, limit: str, actual: str, en: str, zh: str) -> Violation:
    return RULE.broken(check, place, limit=limit, actual=actual, unit="", en=en, zh=zh)


def _repeated(sortie: Sortie) -> Violation:
    return _fault(
        "sortie-id", Place(sortie_id=sortie.id), "unique", sortie.id,
        f"The id {sortie.id} is used by more than one sortie.",
        f"架次编号 {sortie.id} 重复使用。",
    )  # fmt: skip


def _blocking_faults(sortie: Sortie, known: Known) -> Iterator[Violation]:
    """Faults that leave nothing to judge."""
    place = Place(sortie_id=sortie.id)
    type_id = known.drone_types.get(sortie.drone_id)
    if type_id is None or type_id not in known.types:
        yield _unknown("drone", "无人机", Place(sortie.id, drone_id=sortie.drone_id))
    if not sortie.pack_id:
        yield _fault(
            "pack-id", place, "an id", "empty", "The sortie names no pack.", "架次没有指定电池。"
        )
    stops, flights = sortie.stops, sortie.flights
    if len(stops) < 2 or len(flights) != len(stops) - 1:
        yield RULE.broken(
            "stops", place, limit=max(len(flights) + 1, 2), actual=len(stops), unit="count",
            en=f"{len(stops)} stops and {len(flights)} flights: a sortie has at least two stops "
            "and one flight between each two.",
            zh=f"有 {len(stops)} 个停靠点、{len(flights)} 个航段："
            "架次至少两个停靠点，每两个之间一个航段。",
        )  # fmt: skip
        return
    for idx, stop in enumerate(stops):
        yield from _stop_faults(sortie, idx, stop, known)
    for idx, flight in enumerate(flights):
        yield from _flight_faults(Place(sortie.id, leg=idx), flight)
        yield from _profile_faults(Place(sortie.id, leg=idx), flight, known)
    numbers = {"energy_pack": sortie.energy_pack, "usable_pack": sortie.usable_pack}
    if sortie.charge is not None:
        charge = sortie.charge
        numbers |= {"charge.start_s": charge.start_s, "charge.end_s": charge.end_s}
        if not _is_index(charge.charger):
            yield _not_a_number(place, "charge.charger", charge.charger)
    yield from _number_faults(place, numbers)


def _unknown(what_en: str, what_zh: str, place: Place) -> Violation:
    ids = (place.order_id, place.drone_id, place.site_id)
    name = next((part for part in ids if part), "")
    return _fault(
        f"unknown-{what_en}", place, f"a {what_en} of the input", name or "empty",
        f"The {what_en} '{name}' is not in the input.",
        f"输入中没有{what_zh}“{name}”。",
    )  # fmt: skip


def _stop_faults(sortie: Sortie, idx: int, stop: Stop, known: Known) -> Iterator[Violation]:
    place = Place(sortie.id, stop=idx, site_id=stop.site_id)
    if stop.site_id not in known.sites:
        yield _unknown("site", "站点", place)
    if not _is_index(stop.pad):
        yield _not_a_number(place, "pad", stop.pad)
    is_first, is_last = idx == 0, idx == len(sortie.stops) - 1
    needed: dict[str, object] = {}
    if not is_first:
        needed["landing_s"] = stop.landing_s
    if not is_last:
        needed["takeoff_s"] = stop.takeoff_s
    is_served = bool(stop.loaded or stop.unloaded)
    if is_served or stop.handover_start_s is not None or stop.handover_end_s is not None:
        needed["handover_start_s"] = stop.handover_start_s
        needed["handover_end_s"] = stop.handover_end_s
    yield from _number_faults(place, needed)
    for field, value in (
        ("landing_s", stop.landing_s if is_first else None),
        ("takeoff_s", stop.takeoff_s if is_last else None),
    ):
        if value is not None:
            yield _fault(
                "stop-times", place, "none", f"{field} {value}",
                f"The {'first stop has a landing' if is_first else 'last stop has a take-off'}.",
                "第一个停靠点不应有降落时刻。" if is_first else "最后一个停靠点不应有起飞时刻。",
            )  # fmt: skip


def _flight_faults(place: Place, flight: Flight) -> Iterator[Violation]:
    numbers: dict[str, object] = {
        "takeoff_s": flight.takeoff_s,
        "landing_s": flight.landing_s,
        "length_m": flight.length_m,
        "payload_kg": flight.payload_kg,
        "energy_pack": flight.energy_pack,
        "height_m_agl": flight.height_m_agl,
    }
    faults = list(_number_faults(place, numbers))
    yield from faults
    if not faults and flight.landing_s <= flight.takeoff_s:
        yield RULE.broken(
            "flight-order", place, limit=flight.takeoff_s, actual=flight.landing_s, unit="s",
            en="The flight lands no later than it takes off.",
            zh="航段的降落时刻不晚于起飞时刻。",
        )  # fmt: skip
    if not faults and flight.height_m_agl <= 0:
        yield RULE.broken(
            "height", place, limit=0.0, actual=flight.height_m_agl, unit="m",
            en=f"The cruise height {flight.height_m_agl} m is not above the ground.",
            zh=f"巡航高度 {flight.height_m_agl} 米不在地面以上。",
        )  # fmt: skip
    if not _is_path(flight.path_lonlat):
        yield _fault(
            "path", place, "at least two WGS-84 points", f"{len(flight.path_lonlat)} points",
            "The path is not a line of at least two WGS-84 points (longitude, latitude).",
            "航线不是由至少两个WGS-84点（经度，纬度）组成的折线。",
        )  # fmt: skip


def _profile_faults(place: Place, flight: Flight, known: Known) -> Iterator[Violation]:
    """Over terrain a flight states its heights from its first pad to its last; else none."""
    points = flight.profile
    if known.has_terrain:
        is_form = len(points) >= 2 and all(
            len(point) == 2 and all(_is_number(part) for part in point) for point in points
        )
        ats = [point[0] for point in points] if is_form else []
        is_form = is_form and ats[0] == 0.0 and ats == sorted(ats)
        if is_form and abs(ats[-1] - flight.length_m) <= 1.0:
            return
        limit, en = "heights from 0 m to the path's length", "does not state its heights"
        zh = "未完整给出飞行高度剖面"
    elif points:
        limit, en, zh = "none", "states heights over terrain that is not given", "给出了多余的剖面"
    else:
        return
    yield _fault(
        "profile", place, limit, f"{len(points)} points", f"The flight {en}.", f"航段{zh}。"
    )


def _number_faults(place: Place, numbers: Mapping[str, object]) -> Iterator[Violation]:
    for field, value in numbers.items():
        if not _is_number(value):
            yield _not_a_number(place, field, value)


def _not_a_number(place: Place, field: str, value: object) -> Violation:
    return _fault(
        "number", place, "a number", f"{field} = {value}",
        f"{field} is '{value}'; a number is needed.",
        f"{field} 为“{value}”，应为数字。",
    )  # fmt: skip


def _mismatches(sortie: Sortie, known: Known) -> Iterator[Violation]:
    """Faults of a sortie that the rules can still judge."""
    last = len(sortie.stops) - 1
    for idx, stop in enumerate(sortie.stops):
        place = Place(sortie.id, stop=idx, site_id=stop.site_id)
        is_base, is_end = stop.site_id in known.bases, idx in (0, last)
        if is_base != is_end:
            yield _fault(
                "base", place, "a base" if is_end else "not a base", stop.site_id,
                "A sortie starts and ends at a base." if is_end
                else "Every landing at a base ends the sortie.",
                "架次必须在基地起飞和结束。" if is_end else "降落在基地时架次即结束。",
            )  # fmt: skip
        if not is_end and any(other.site_id == stop.site_id for other in sortie.stops[1:idx]):
            yield _fault(
                "site-once", place, "one landing at a site", stop.site_id,
                f"The sortie lands at {stop.site_id} again; all it hands over there is one stop.",
                f"架次再次降落在 {stop.site_id}；同一站点的交接应在一次停靠中完成。",
            )  # fmt: skip
        for order_id in (*stop.loaded, *stop.unloaded):
            if order_id not in known.orders:
                yield _unknown("order", "订单", Place(sortie.id, stop=idx, order_id=order_id))
    for idx, flight in enumerate(sortie.flights):
        start, end = sortie.stops[idx], sortie.stops[idx + 1]
        planned = (flight.origin, flight.takeoff_s, flight.destination, flight.landing_s)
        stopped = (start.site_id, start.takeoff_s, end.site_id, end.landing_s)
        if planned != stopped:
            yield _fault(
                "flight-match", Place(sortie.id, leg=idx), _leg_words(stopped), _leg_words(planned),
                f"The flight {_leg_words(planned)} does not match its stops {_leg_words(stopped)}.",
                f"航段 {_leg_words(planned)} 与停靠点 {_leg_words(stopped)} 不一致。",
            )  # fmt: skip


def _leg_words(leg: tuple[object, object, object, object]) -> str:
    return f"{leg[0]} @ {leg[1]} s > {leg[2]} @ {leg[3]} s"


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    return math.isfinite(value) and abs(float(value)) <= LARGEST


def _is_index(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST


def _is_path(path: tuple[tuple[float, float], ...]) -> bool:
    return len(path) >= 2 and all(
        len(point) == 2
        and all(_is_number(part) for part in point)
        and abs(point[0]) <= 180.0
        and abs(point[1]) <= 90.0
        for point in path
    )
