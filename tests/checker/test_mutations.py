"""A valid plan with one thing changed is always caught; no edit whatever makes the checker fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.checker import Violation, check_plan
from routing.plan import Flight, Plan, Sortie, Stop
from tests.days import LONLAT, three_site_orders, three_site_plan, three_sites_with_zone

PLAN = three_site_plan()
NETWORK = three_sites_with_zone()
ORDERS = three_site_orders()
Draw = Callable[[st.SearchStrategy[Any]], Any]


def replace_at(items: tuple[Any, ...], idx: int, item: Any) -> tuple[Any, ...]:
    return (*items[:idx], item, *items[idx + 1 :])


def drop_at(items: tuple[Any, ...], idx: int) -> tuple[Any, ...]:
    return (*items[:idx], *items[idx + 1 :])


def with_sortie(idx: int, **changes: Any) -> Plan:
    return replace(
        PLAN, sorties=replace_at(PLAN.sorties, idx, replace(PLAN.sorties[idx], **changes))
    )


def any_sortie(draw: Draw) -> tuple[int, Sortie]:
    idx = draw(st.integers(0, len(PLAN.sorties) - 1))
    return idx, PLAN.sorties[idx]


def any_stop(draw: Draw) -> tuple[int, Sortie, int, Stop]:
    idx, sortie = any_sortie(draw)
    stop_idx = draw(st.integers(0, len(sortie.stops) - 1))
    return idx, sortie, stop_idx, sortie.stops[stop_idx]


def any_flight(draw: Draw) -> tuple[int, Sortie, int, Flight]:
    idx, sortie = any_sortie(draw)
    leg = draw(st.integers(0, len(sortie.flights) - 1))
    return idx, sortie, leg, sortie.flights[leg]


def with_stop(idx: int, stop_idx: int, stop: Stop) -> Plan:
    return with_sortie(idx, stops=replace_at(PLAN.sorties[idx].stops, stop_idx, stop))


def with_flight(idx: int, leg: int, flight: Flight) -> Plan:
    return with_sortie(idx, flights=replace_at(PLAN.sorties[idx].flights, leg, flight))


nonzero = st.integers(-5_000, 5_000).filter(bool)


def drop_stop(draw: Draw) -> Plan:
    idx, sortie, stop_idx, _ = any_stop(draw)
    flights = drop_at(sortie.flights, draw(st.integers(0, len(sortie.flights) - 1)))
    kept = draw(st.sampled_from((sortie.flights, flights)))
    return with_sortie(idx, stops=drop_at(sortie.stops, stop_idx), flights=kept)


def drop_sortie(draw: Draw) -> Plan:
    idx, _ = any_sortie(draw)
    return replace(PLAN, sorties=drop_at(PLAN.sorties, idx))


def repeat_sortie(draw: Draw) -> Plan:
    _, sortie = any_sortie(draw)
    return replace(PLAN, sorties=(*PLAN.sorties, replace(sortie, id="again")))


def drop_order(draw: Draw) -> Plan:
    idx, _, stop_idx, stop = any_stop(draw)
    return with_stop(idx, stop_idx, replace(stop, loaded=(), unloaded=stop.unloaded[1:]))


def move_takeoff(draw: Draw) -> Plan:
    idx, _, leg, flight = any_flight(draw)
    return with_flight(idx, leg, replace(flight, takeoff_s=flight.takeoff_s + draw(nonzero)))


def move_landing(draw: Draw) -> Plan:
    idx, _, leg, flight = any_flight(draw)
    return with_flight(idx, leg, replace(flight, landing_s=flight.landing_s + draw(nonzero)))


def shorten_flight(draw: Draw) -> Plan:
    """A landing moved in flight and stop alike."""
    idx, sortie, leg, flight = any_flight(draw)
    landing_s = flight.landing_s - draw(st.integers(1, 600))
    stop = replace(sortie.stops[leg + 1], landing_s=landing_s)
    flights = replace_at(sortie.flights, leg, replace(flight, landing_s=landing_s))
    return with_sortie(idx, flights=flights, stops=replace_at(sortie.stops, leg + 1, stop))


def shorten_turnaround(draw: Draw) -> Plan:
    """T2, or T3, a little earlier as a whole: D1's turnarounds have no slack."""
    sortie_id = draw(st.sampled_from(("T2", "T3")))
    idx = next(idx for idx, one in enumerate(PLAN.sorties) if one.id == sortie_id)
    by_s = draw(st.integers(1, 400))
    sortie = PLAN.sorties[idx]
    (flight,) = sortie.flights

    def earlier(time_s: int | None) -> int | None:
        return None if time_s is None else time_s - by_s

    stops = tuple(
        replace(
            stop,
            landing_s=earlier(stop.landing_s),
            handover_start_s=earlier(stop.handover_start_s),
            handover_end_s=earlier(stop.handover_end_s),
            takeoff_s=earlier(stop.takeoff_s),
        )
        for stop in sortie.stops
    )
    moved = replace(flight, takeoff_s=flight.takeoff_s - by_s, landing_s=flight.landing_s - by_s)
    return with_sortie(idx, stops=stops, flights=(moved,))


def shorten_handover(draw: Draw) -> Plan:
    idx, _, stop_idx, stop = any_stop(draw)
    assert stop.handover_end_s is not None
    end_s = stop.handover_end_s - draw(st.integers(1, 180))
    return with_stop(idx, stop_idx, replace(stop, handover_end_s=end_s))


def add_kilogram(draw: Draw) -> Plan:
    idx, _, leg, flight = any_flight(draw)
    more_kg = draw(st.sampled_from((-1.0, 0.001, 1.0)))
    return with_flight(idx, leg, replace(flight, payload_kg=flight.payload_kg + more_kg))


def swap_pack(draw: Draw) -> Plan:
    """The pack of another sortie, unless both stand full at the same base."""
    idx, sortie = any_sortie(draw)
    others = [one.pack_id for one in PLAN.sorties if one.pack_id != sortie.pack_id]
    return with_sortie(idx, pack_id=draw(st.sampled_from(others)))


def swap_drone(draw: Draw) -> Plan:
    idx, sortie = any_sortie(draw)
    return with_sortie(idx, drone_id="D2" if sortie.drone_id == "D1" else "D1")


def take_missing_pad(draw: Draw) -> Plan:
    idx, _, stop_idx, stop = any_stop(draw)
    pads = NETWORK.site(stop.site_id).pads
    pad = draw(st.one_of(st.integers(pads, 9), st.integers(-9, -1)))
    return with_stop(idx, stop_idx, replace(stop, pad=pad))


def bend_path(draw: Draw) -> Plan:
    idx, _, leg, flight = any_flight(draw)
    lon_deg = draw(st.floats(119.9505, 119.9555))
    lat_deg = draw(st.floats(36.8155, 36.8345))
    bent = (flight.path_lonlat[0], (lon_deg, lat_deg), flight.path_lonlat[-1])
    return with_flight(idx, leg, replace(flight, path_lonlat=bent))


def fly_elsewhere(draw: Draw) -> Plan:
    idx, _, stop_idx, stop = any_stop(draw)
    other = draw(st.sampled_from([site_id for site_id in LONLAT if site_id != stop.site_id]))
    return with_stop(idx, stop_idx, replace(stop, site_id=other))


def spare_energy(draw: Draw) -> Plan:
    idx, sortie = any_sortie(draw)
    less = draw(st.floats(0.0, 0.999))
    return with_sortie(idx, energy_pack=sortie.energy_pack * less)


def shorten_charge(draw: Draw) -> Plan:
    idx, sortie = any_sortie(draw)
    assert sortie.charge is not None
    end_s = sortie.charge.end_s - draw(st.integers(1, 3_600))
    return with_sortie(idx, charge=replace(sortie.charge, end_s=end_s))


def flatter(draw: Draw) -> Plan:
    name = draw(st.sampled_from([one.name for one in fields(PLAN.objective)]))
    value = getattr(PLAN.objective, name) - draw(st.integers(1, 1_000))
    return replace(PLAN, objective=replace(PLAN.objective, **{name: value}))


MUTATIONS = (
    drop_stop,
    drop_sortie,
    repeat_sortie,
    move_takeoff,
    move_landing,
    shorten_flight,
    shorten_turnaround,
    shorten_handover,
    add_kilogram,
    swap_pack,
    swap_drone,
    take_missing_pad,
    bend_path,
    fly_elsewhere,
    spare_energy,
    shorten_charge,
    flatter,
    drop_order,
)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(mutate=st.sampled_from(MUTATIONS), source=st.data())
def test_a_mutated_plan_is_caught(mutate: Callable[[Draw], Plan], source: st.DataObject) -> None:
    assert check_plan(NETWORK, ORDERS, mutate(source.draw))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(source=st.data())
def test_input_that_moved_away_under_the_plan_is_caught(source: st.DataObject) -> None:
    """An order removed, a kilogram heavier, ready a little too late: the plan no longer fits."""
    idx = source.draw(st.integers(0, len(ORDERS) - 2))
    order = ORDERS[idx]
    changes = (
        drop_at(ORDERS, idx),
        replace_at(ORDERS, idx, replace(order, mass_kg=order.mass_kg + 1.0)),
        replace_at(ORDERS, idx, replace(order, ready_s=order.deadline_s)),
        replace_at(ORDERS, idx, replace(order, tier="stat", target_s=0)),
        (*ORDERS, replace(order, id="new")),
    )
    assert check_plan(NETWORK, source.draw(st.sampled_from(changes)), PLAN)


def broken_values(value: Any) -> st.SearchStrategy[Any]:
    """Values a hand could leave in a field: of its kind, but nonsense."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, (int, float)) or value is None:
        return st.sampled_from((None, float("nan"), float("inf"), -1, 0, 7, 1e300, 86_399))
    if isinstance(value, str):
        return st.sampled_from(("", "hub", "B1", "D2", "T1", "没有"))
    if isinstance(value, tuple):
        return st.sampled_from(((), value[:1], value * 2, tuple(reversed(value))))
    return st.sampled_from((value, None))


def edit_anywhere(value: Any, draw: Draw) -> Any:
    """The value with one field somewhere inside it made nonsense."""
    inner = [one.name for one in fields(value)] if is_dataclass(value) else []
    if inner:
        name = draw(st.sampled_from(inner))
        part = getattr(value, name)
        if name in {"objective", "bound", "gap", "made_with", "baselines", "schema_version"}:
            return value
        return replace(value, **{name: edit_anywhere(part, draw)})  # type: ignore[type-var]
    if isinstance(value, tuple) and value and draw(st.integers(0, 3)):
        idx = draw(st.integers(0, len(value) - 1))
        return replace_at(value, idx, edit_anywhere(value[idx], draw))
    return draw(broken_values(value))


@settings(max_examples=500, deadline=None, derandomize=True)
@given(source=st.data())
def test_no_edit_makes_the_checker_fail(source: st.DataObject) -> None:
    plan = PLAN
    for _ in range(source.draw(st.integers(1, 3))):
        plan = edit_anywhere(plan, source.draw)
    found = check_plan(NETWORK, ORDERS, plan, fixed=PLAN)
    assert all(isinstance(one, Violation) and one.text("zh") and str(one) for one in found)
