"""The times of an order row: ready, collected, deadline, target and windows, defaults filled in.

Owns how these follow from each other and from the product. Does not know sites or masses.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from routing.network import Product, Window
from routing.reading.cells import RowReader
from routing.reading.clock import DAY_S, LATEST_S, format_clock
from routing.reading.faults import Phrase
from routing.reading.moments import parse_moment


@dataclass(frozen=True, slots=True)
class OrderTimes:
    """Times of one order, seconds since local midnight; meanings as in ``routing.orders.Order``."""

    ready_s: int
    collected_s: int | None
    deadline_s: int
    target_s: int | None
    pickup_windows: tuple[Window, ...]
    delivery_windows: tuple[Window, ...]


def order_times(cells: RowReader, product: Product | None, day: datetime.date) -> OrderTimes | None:
    """The times of a row, or None with faults; an unknown product counts as one without limits."""
    num_before = len(cells.faults)
    ready_s, collected_s = _moment(cells, "ready", day), _moment(cells, "collected", day)
    if len(cells.faults) == num_before and ready_s is None and collected_s is None:
        cells.fault(
            "orders.no-ready",
            "ready",
            rule="ready or collected must be filled",
            found="",
            action="write when the order can be picked up",
        )
    given_s, target_s = _moment(cells, "deadline", day), _moment(cells, "target", day)
    pickup, delivery = _windows(cells, "pickup", day), _windows(cells, "delivery", day)
    if len(cells.faults) > num_before:
        return None
    ready_s = ready_s if ready_s is not None else collected_s
    assert ready_s is not None
    stability_s = product.stability_s if product is not None else None
    if collected_s is None and stability_s is not None:
        collected_s = ready_s
    if collected_s is not None and ready_s < collected_s:
        cells.fault(
            "orders.ready-before-collected",
            "ready",
            rule=f"must not be before collected, {format_clock(collected_s)}",
            found=format_clock(ready_s),
            action="check the two times",
        )
    deadline_s = _deadline(cells, given_s, ready_s, collected_s, stability_s)
    target_s = _target(cells, target_s, ready_s, collected_s, deadline_s, product)
    _check_windows(cells, ready_s, deadline_s, pickup, delivery)
    if len(cells.faults) > num_before:
        return None
    return OrderTimes(ready_s, collected_s, deadline_s, target_s, pickup, delivery)


def _moment(cells: RowReader, column: str, day: datetime.date) -> int | None:
    """A time cell; None when empty or, with a fault, when it is no time."""
    if not cells.text(column):
        return None
    try:
        return parse_moment(cells.row.cells[column], day)
    except ValueError as error:
        cells.fault(
            "orders.bad-time",
            column,
            rule=str(error),
            found=cells.text(column),
            action="rewrite the time",
        )
        return None


def _deadline(
    cells: RowReader,
    given_s: int | None,
    ready_s: int,
    collected_s: int | None,
    stability_s: int | None,
) -> int:
    """Given, else collected + stability, else a day after ready; never past the stability."""
    limit_s = None
    if stability_s is not None and collected_s is not None:
        limit_s = collected_s + stability_s
    deadline_s = given_s
    if deadline_s is None:
        deadline_s = limit_s if limit_s is not None else ready_s + DAY_S
    elif limit_s is not None and deadline_s > limit_s:
        cells.fault(
            "orders.deadline-past-stability",
            "deadline",
            rule=f"must be at most collected + the product's stability, {format_clock(limit_s)}",
            found=format_clock(deadline_s),
            action="leave it empty or write an earlier time",
        )
    if deadline_s <= ready_s:
        cells.fault(
            "orders.deadline-before-ready",
            "deadline",
            rule=f"must be after ready, {format_clock(ready_s)}",
            found=Phrase(
                format_clock(deadline_s) + ("" if given_s is not None else " (from the product)")
            ),
            action="check the two times; past midnight write 26:10 or the next date",
        )
    return deadline_s


def _target(
    cells: RowReader,
    given_s: int | None,
    ready_s: int,
    collected_s: int | None,
    deadline_s: int,
    product: Product | None,
) -> int | None:
    """Given, else the product's target from collected (or ready), no later than the deadline."""
    if given_s is None:
        if product is None or product.target_s is None:
            return None
        start_s = collected_s if collected_s is not None else ready_s
        return min(start_s + product.target_s, deadline_s)
    if given_s < ready_s:
        cells.fault(
            "orders.target-before-ready",
            "target",
            rule=f"must not be before ready, {format_clock(ready_s)}",
            found=format_clock(given_s),
            action="check the two times",
        )
    if given_s > deadline_s:
        cells.fault(
            "orders.target-past-deadline",
            "target",
            rule=f"must not be after the deadline, {format_clock(deadline_s)}",
            found=format_clock(given_s),
            action="check the two times",
        )
    return given_s


def _windows(cells: RowReader, end: str, day: datetime.date) -> tuple[Window, ...]:
    """The window at one end of the order, open where one of its cells is empty."""
    start_s, until_s = _moment(cells, f"{end}_from", day), _moment(cells, f"{end}_until", day)
    if start_s is None and until_s is None:
        return ()
    window = Window(
        start_s if start_s is not None else -DAY_S, until_s if until_s is not None else LATEST_S
    )
    if window.end_s <= window.start_s:
        cells.fault(
            "orders.window-backwards",
            f"{end}_until",
            rule=f"must be after {end}_from, {format_clock(window.start_s)}",
            found=format_clock(window.end_s),
            action="swap the two, or write past midnight as 26:10",
        )
    return (window,)


def _check_windows(
    cells: RowReader,
    ready_s: int,
    deadline_s: int,
    pickup: tuple[Window, ...],
    delivery: tuple[Window, ...],
) -> None:
    """A pickup window is still open at ready, a delivery window opens before the deadline."""
    if pickup and pickup[-1].end_s < ready_s:
        cells.fault(
            "orders.window-before-ready",
            "pickup_until",
            rule=f"must not be before ready, {format_clock(ready_s)}",
            found=format_clock(pickup[-1].end_s),
            action="check the two times",
        )
    if delivery and delivery[0].start_s >= deadline_s:
        cells.fault(
            "orders.window-after-deadline",
            "delivery_from",
            rule=f"must be before the deadline, {format_clock(deadline_s)}",
            found=format_clock(delivery[0].start_s),
            action="check the two times",
        )
