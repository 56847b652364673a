"""R2 ``times``: handovers, ready times, windows, opening hours, deadlines and ride limits."""

from __future__ import annotations

from collections.abc import Iterator

from routing.checker.case import Case
from routing.checker.violation import RULES, Place, Violation, clock
from routing.network import Window
from routing.orders import Order
from routing.plan import Sortie, Stop

RULE = RULES["R2"]


def check_times(case: Case) -> Iterator[Violation]:
    """Handovers out of order or too short, and orders handed over at a time not allowed."""
    for sortie in case.sorties:
        for idx, stop in enumerate(sortie.stops):
            place = Place(sortie.id, stop=idx, site_id=stop.site_id)
            yield from _check_handover(case, sortie, idx, stop, place)
            yield from _check_loading(case, sortie, stop, place)
        yield from _check_receipts(case, sortie)


def _check_handover(
    case: Case, sortie: Sortie, idx: int, stop: Stop, place: Place
) -> Iterator[Violation]:
    start_s, end_s = stop.handover_start_s, stop.handover_end_s
    if start_s is None or end_s is None:
        if stop.landing_s is not None and stop.takeoff_s is not None:
            yield from _not_before("takeoff", place, stop.landing_s, stop.takeoff_s, "s",
                                   "take-off", "起飞", "landing", "降落")  # fmt: skip
        return
    site = case.sites[stop.site_id]
    if end_s - start_s < site.handover_s:
        yield RULE.broken(
            "handover", place, limit=site.handover_s, actual=end_s - start_s, unit="s",
            en=f"The handover lasts {end_s - start_s} s; {site.handover_s} s are needed here.",
            zh=f"交接用时 {end_s - start_s} 秒，此站需要 {site.handover_s} 秒。",
        )  # fmt: skip
    is_last = idx == len(sortie.stops) - 1
    if stop.landing_s is not None and (
        start_s < stop.landing_s or (is_last and start_s != stop.landing_s)
    ):
        yield RULE.broken(
            "after-landing", place, limit=stop.landing_s, actual=start_s, unit="s",
            en=f"The handover starts at {clock(start_s)}, the landing is at "
            f"{clock(stop.landing_s)}; it starts "
            f"{'at' if is_last else 'not before'} the landing.",
            zh=f"交接 {clock(start_s)} 开始，降落时刻为 {clock(stop.landing_s)}，"
            f"交接应{'从降落时刻开始' if is_last else '不早于降落'}。",
        )  # fmt: skip
    if stop.takeoff_s is not None and end_s != stop.takeoff_s:
        yield RULE.broken(
            "before-takeoff", place, limit=stop.takeoff_s, actual=end_s, unit="s",
            en=f"The handover ends at {clock(end_s)}, the take-off is at "
            f"{clock(stop.takeoff_s)}; the drone takes off when the handover ends.",
            zh=f"交接 {clock(end_s)} 结束，起飞时刻为 {clock(stop.takeoff_s)}，"
            "交接结束时应即起飞。",
        )  # fmt: skip
    if not any(span.start_s <= start_s and end_s <= span.end_s for span in site.hours):
        yield RULE.broken(
            "hours", place, limit=_spans(site.hours), actual=f"{clock(start_s)}-{clock(end_s)}",
            unit="",
            en=f"The handover {clock(start_s)}-{clock(end_s)} is outside the opening hours "
            f"{_spans(site.hours)}.",
            zh=f"交接 {clock(start_s)}-{clock(end_s)} 不在开放时间 {_spans(site.hours)} 内。",
        )  # fmt: skip


def _not_before(
    check: str, place: Place, limit_s: float, actual_s: float, unit: str,
    en: str, zh: str, than_en: str, than_zh: str,
) -> Iterator[Violation]:  # fmt: skip
    if actual_s < limit_s:
        yield RULE.broken(
            check, place, limit=limit_s, actual=actual_s, unit=unit,
            en=f"The {en} at {clock(actual_s)} is before the {than_en} at {clock(limit_s)}.",
            zh=f"{zh}时刻 {clock(actual_s)} 早于{than_zh}时刻 {clock(limit_s)}。",
        )  # fmt: skip


def _check_loading(case: Case, sortie: Sortie, stop: Stop, place: Place) -> Iterator[Violation]:
    start_s = stop.handover_start_s
    if start_s is None:
        return
    for order in _known(case, stop.loaded):
        here = Place(sortie.id, stop=place.stop, site_id=stop.site_id, order_id=order.id)
        yield from _not_before("ready", here, order.ready_s, start_s, "s",
                               "pickup handover", "取件交接", "ready time", "备好")  # fmt: skip
        yield from _check_window("pickup-window", here, order.pickup_windows, start_s)
    for order in _known(case, stop.unloaded):
        here = Place(sortie.id, stop=place.stop, site_id=stop.site_id, order_id=order.id)
        yield from _check_window("delivery-window", here, order.delivery_windows, start_s)


def _check_window(
    check: str, place: Place, windows: tuple[Window, ...], start_s: float
) -> Iterator[Violation]:
    if windows and not any(span.start_s <= start_s <= span.end_s for span in windows):
        yield RULE.broken(
            check, place, limit=_spans(windows), actual=clock(start_s), unit="",
            en=f"The handover starts at {clock(start_s)}, outside the order's windows "
            f"{_spans(windows)}.",
            zh=f"交接 {clock(start_s)} 开始，不在订单时间窗 {_spans(windows)} 内。",
        )  # fmt: skip


def _check_receipts(case: Case, sortie: Sortie) -> Iterator[Violation]:
    loaded_s: dict[str, float] = {}
    for idx, stop in enumerate(sortie.stops):
        received_s = stop.handover_end_s
        for order in _known(case, stop.unloaded):
            if received_s is None:
                continue
            place = Place(sortie.id, stop=idx, site_id=stop.site_id, order_id=order.id)
            if received_s > order.deadline_s:
                yield RULE.broken(
                    "deadline", place, limit=order.deadline_s, actual=received_s, unit="s",
                    en=f"Received at {clock(received_s)}, after the deadline "
                    f"{clock(order.deadline_s)}.",
                    zh=f"送达时刻 {clock(received_s)} 晚于截止时刻 {clock(order.deadline_s)}。",
                )  # fmt: skip
            ride_s = received_s - loaded_s.get(order.id, received_s)
            if order.ride_limit_s is not None and ride_s > order.ride_limit_s:
                yield RULE.broken(
                    "ride", place, limit=order.ride_limit_s, actual=ride_s, unit="s",
                    en=f"{ride_s} s on board; at most {order.ride_limit_s} s are allowed.",
                    zh=f"在途 {ride_s} 秒，最多允许 {order.ride_limit_s} 秒。",
                )  # fmt: skip
        if stop.handover_start_s is not None:
            loaded_s |= dict.fromkeys(stop.loaded, float(stop.handover_start_s))


def _known(case: Case, order_ids: tuple[str, ...]) -> list[Order]:
    return [case.orders[order_id] for order_id in order_ids if order_id in case.orders]


def _spans(spans: tuple[Window, ...]) -> str:
    return ", ".join(f"{clock(span.start_s)}-{clock(span.end_s)}" for span in spans) or "none"
