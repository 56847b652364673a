"""R1 ``whole``: every order is carried once, whole, in one sortie, or listed as left out.

Looks at every sortie of the plan, also those whose times cannot be judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from routing.checker.violation import RULES, Place, Violation
from routing.orders import Order
from routing.plan import Plan

RULE = RULES["R1"]


class Handling(NamedTuple):
    """One loading or unloading of an order."""

    sortie_idx: int
    sortie_id: str
    stop: int
    site_id: str


def check_whole(orders: Mapping[str, Order], plan: Plan) -> Iterator[Violation]:
    """Orders lost, doubled, split, taken to the wrong place, or left out without a reason."""
    loaded, unloaded = _handlings(plan)
    reasons: defaultdict[str, list[str]] = defaultdict(list)
    for left in plan.unserved:
        reasons[left.order_id].append(left.reason)
    for order_id, order in orders.items():
        listed = reasons.get(order_id, [])
        yield from _check_listing(order_id, listed, bool(loaded[order_id] or unloaded[order_id]))
        if loaded[order_id] or unloaded[order_id]:
            yield from _check_carried(order, loaded[order_id], unloaded[order_id])
    for order_id in reasons.keys() - orders.keys():
        yield RULE.broken(
            "unserved-unknown", Place(order_id=order_id), limit="an order of the input",
            actual=order_id, unit="",
            en=f"The plan leaves out '{order_id}', which is not in the input.",
            zh=f"未配送清单中的“{order_id}”不在输入订单中。",
        )  # fmt: skip


def _handlings(plan: Plan) -> tuple[dict[str, list[Handling]], dict[str, list[Handling]]]:
    loaded: defaultdict[str, list[Handling]] = defaultdict(list)
    unloaded: defaultdict[str, list[Handling]] = defaultdict(list)
    for sortie_idx, sortie in enumerate(plan.sorties):
        for idx, stop in enumerate(sortie.stops):
            here = Handling(sortie_idx, sortie.id, idx, stop.site_id)
            for order_id in stop.loaded:
                loaded[order_id].append(here)
            for order_id in stop.unloaded:
                unloaded[order_id].append(here)
    return loaded, unloaded


def _check_listing(order_id: str, reasons: list[str], is_carried: bool) -> Iterator[Violation]:
    place = Place(order_id=order_id)
    if is_carried and reasons:
        yield RULE.broken(
            "both", place, limit="carried or left out", actual="both", unit="",
            en="The order is carried and also listed as left out.",
            zh="订单既已安排配送，又列为未配送。",
        )  # fmt: skip
    if not is_carried and not reasons:
        yield RULE.broken(
            "neither", place, limit="carried or left out", actual="neither", unit="",
            en="The order is neither carried nor listed as left out with a reason.",
            zh="订单既未安排配送，也未列明未配送原因。",
        )  # fmt: skip
    if len(reasons) > 1:
        yield RULE.broken(
            "listed-twice", place, limit=1, actual=len(reasons), unit="count",
            en=f"The order is listed as left out {len(reasons)} times.",
            zh=f"订单在未配送清单中出现 {len(reasons)} 次。",
        )  # fmt: skip
    if any(not reason.strip() for reason in reasons):
        yield RULE.broken(
            "no-reason", place, limit="a reason", actual="none", unit="",
            en="The order is left out without a reason.",
            zh="订单未配送但没有原因。",
        )  # fmt: skip


def _check_carried(
    order: Order, loaded: list[Handling], unloaded: list[Handling]
) -> Iterator[Violation]:
    for check, handlings, en, zh in (
        ("loaded-once", loaded, "loaded", "装载"),
        ("unloaded-once", unloaded, "unloaded", "卸载"),
    ):
        if len(handlings) != 1:
            sortie_id = handlings[-1].sortie_id if handlings else (loaded or unloaded)[0].sortie_id
            yield RULE.broken(
                check, Place(sortie_id, order_id=order.id), limit=1, actual=len(handlings),
                unit="count",
                en=f"The order is {en} {len(handlings)} times; it must be {en} once.",
                zh=f"订单{zh} {len(handlings)} 次，应为一次。",
            )  # fmt: skip
    yield from _check_places(order, loaded, unloaded)
    if len(loaded) == len(unloaded) == 1:
        yield from _check_sequence(order, loaded[0], unloaded[0])


def _check_places(
    order: Order, loaded: list[Handling], unloaded: list[Handling]
) -> Iterator[Violation]:
    for handling in loaded:
        if handling.site_id != order.origin:
            yield RULE.broken(
                "origin", _place(order, handling), limit=order.origin, actual=handling.site_id,
                unit="",
                en=f"Loaded at {handling.site_id}; the order waits at {order.origin}.",
                zh=f"在 {handling.site_id} 装载，而订单在 {order.origin} 等待。",
            )  # fmt: skip
    for handling in unloaded:
        if handling.site_id not in order.destinations:
            allowed = ", ".join(order.destinations)
            yield RULE.broken(
                "destination", _place(order, handling), limit=allowed, actual=handling.site_id,
                unit="",
                en=f"Unloaded at {handling.site_id}; the order goes to {allowed}.",
                zh=f"在 {handling.site_id} 卸载，而订单应送往 {allowed}。",
            )  # fmt: skip


def _check_sequence(order: Order, loaded: Handling, unloaded: Handling) -> Iterator[Violation]:
    if loaded.sortie_idx != unloaded.sortie_idx:
        place = Place(loaded.sortie_id, unloaded.sortie_id, order_id=order.id)
        yield RULE.broken(
            "one-sortie", place, limit=loaded.sortie_id, actual=unloaded.sortie_id, unit="",
            en="Loaded in one sortie and unloaded in another.",
            zh="在一个架次装载，却在另一个架次卸载。",
        )  # fmt: skip
    elif unloaded.stop <= loaded.stop:
        yield RULE.broken(
            "sequence", _place(order, unloaded), limit=loaded.stop + 2, actual=unloaded.stop + 1,
            unit="stop",
            en=f"Unloaded at stop {unloaded.stop + 1}, loaded at stop {loaded.stop + 1}: "
            "it must be loaded first.",
            zh=f"在第 {unloaded.stop + 1} 站卸载，却在第 {loaded.stop + 1} 站装载：应先装后卸。",
        )  # fmt: skip


def _place(order: Order, handling: Handling) -> Place:
    return Place(
        handling.sortie_id, stop=handling.stop, site_id=handling.site_id, order_id=order.id
    )
