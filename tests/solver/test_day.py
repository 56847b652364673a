"""The numbers of the hand-made triangle: rounding, weights, spans, fleet and neighbours."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.weather import Weather
from routing.legs import build_legs
from routing.network import Drone, Network, PilotShift, Window
from routing.orders import Order
from routing.solver.day import (
    LATENESS_PER_MIN,
    Day,
    build_day,
    fleet_order,
    lateness_weight,
    nearest_orders,
)
from tests.days import HEX, three_site_orders, three_sites

HEX_KIND, WING_KIND = 0, 1


def day_of(network: Network | None = None, orders: tuple[Order, ...] | None = None) -> Day:
    network = network or three_sites()
    given = three_site_orders() if orders is None else orders
    return build_day(network, given, build_legs(network))


def with_rules(**fields: object) -> Network:
    network = three_sites()
    return replace(network, rules=replace(network.rules, **fields))  # type: ignore[arg-type]


def masses(*masses_kg: float) -> tuple[Order, ...]:
    return tuple(
        replace(three_site_orders()[0], id=f"o{n}", mass_kg=mass_kg)
        for n, mass_kg in enumerate(masses_kg)
    )


def test_masses_round_up_and_capacities_down() -> None:
    day = day_of(orders=masses(4.25, 4.251, 0.001, 0.07))
    # 0.07 / 0.01 is 7.000000000000001 in floating point, and still 7 steps.
    assert day.instance.mass.tolist() == [425, 426, 1, 7]
    types = {**three_sites().drone_types, "hex": replace(HEX, payload_max_kg=10.009)}
    assert day.instance.capacity.tolist() == [900, 900]
    less = day_of(replace(three_sites(), drone_types=types))
    assert less.instance.capacity.tolist() == [900, 900]


def test_flight_times_are_those_of_the_legs() -> None:
    day = day_of()
    hub, second, clinic = (day.legs.site_index[name] for name in ("hub", "second", "clinic"))
    assert day.type_ids == ("hex", "wing")
    travel = day.instance.travel[HEX_KIND, 0]
    assert (travel[hub, clinic], travel[hub, second], travel[second, clinic]) == (600, 500, 400)
    assert day.instance.quickest[WING_KIND, hub, clinic] == 500


def test_a_lower_tier_never_outweighs_a_higher_one() -> None:
    day = day_of()
    weight, tier, late = (
        day.instance.unserved_weight, day.instance.tier, day.instance.late_weight,
    )  # fmt: skip
    for level in (0, 1):
        assert weight[tier == level].min() > weight[tier > level].sum()
    # One routine order more than the lateness that three orders could come to.
    worst = max(
        late[i] * (order.deadline_s - order.target_s)
        for i, order in enumerate(day.orders)
        if order.target_s is not None
    )
    assert weight[tier == 2].min() > 3 * worst


def test_lateness_counts_by_tier_with_routine_one() -> None:
    day = day_of()
    weights = {order.tier: lateness_weight(day.network, order) for order in day.orders}
    assert weights == {"stat": 10.0, "urgent": 2.0, "routine": 1.0}
    ids = [order.id for order in day.orders]
    late = day.instance.late_weight[[ids.index("S2"), ids.index("M1")]]
    assert late == pytest.approx([10.0 * LATENESS_PER_MIN / 60.0, 0.0])  # M1 has no target
    assert day.instance.target[ids.index("M1")] == np.inf


def test_only_other_groups_of_an_exclusive_pair_conflict() -> None:
    orders = tuple(
        replace(three_site_orders()[0], id=group, group=group)
        for group in ("blood", "formalin", "specimen")
    )
    inst = day_of(orders=orders).instance
    pairs = inst.conflict[np.ix_(inst.group, inst.group)]
    assert pairs.tolist() == [[False, True, False], [True, False, False], [False] * 3]


def test_a_drone_without_lights_flies_by_day() -> None:
    inst = day_of().instance
    assert inst.air_start[HEX_KIND].tolist() == [24_000.0, 24_000.0 + 86_400.0]
    assert inst.air_end[HEX_KIND].tolist() == [61_200.0, 61_200.0 + 86_400.0]
    assert (inst.air_start[WING_KIND, 0], inst.air_end[WING_KIND, 0]) == (-np.inf, np.inf)


def test_nobody_is_in_the_air_in_weather_past_the_limits() -> None:
    calm = three_sites().weather.periods[0]
    gale = replace(calm, start_s=36_000, wind_mps=12.1, gust_mps=12.1)
    after = replace(calm, start_s=40_000)
    inst = day_of(replace(three_sites(), weather=Weather((calm, gale, after), "made up"))).instance
    spans = [*zip(inst.air_start[WING_KIND], inst.air_end[WING_KIND], strict=True)]
    assert spans[:2] == [(-np.inf, 36_000.0), (40_000.0, np.inf)]
    assert all(start > end for start, end in spans[2:])


def test_pilots_supervise_in_their_shifts() -> None:
    shifts = (PilotShift(Window(20_000, 40_000), 2), PilotShift(Window(30_000, 50_000), 1))
    inst = day_of(with_rules(pilot_shifts=shifts)).instance
    steps = dict(zip(inst.pilot_time.tolist(), inst.pilot_limit.tolist(), strict=True))
    assert steps == {-86_400: 0, 20_000: 4, 30_000: 6, 40_000: 2, 50_000: 0}
    assert inst.has_pilots
    assert not day_of(with_rules(pilot_shifts=())).instance.has_pilots


def test_alike_drones_stand_together() -> None:
    duty = Window(21_600, 72_000)
    drones = (
        Drone("Z", "hex", "hub", duty), Drone("W", "wing", "hub", duty),
        Drone("Y", "hex", "second", duty), Drone("A", "hex", "hub", duty),
    )  # fmt: skip
    network = replace(three_sites(), drones=drones)
    inst = day_of(network).instance
    assert fleet_order(network) == ("A", "Z", "Y", "W")
    assert inst.drone_type.tolist() == [HEX_KIND] * 3 + [WING_KIND]
    assert inst.drone_home.tolist() == [0, 0, 1, 0]


def test_packs_and_chargers_stand_at_their_base() -> None:
    inst = day_of().instance
    assert inst.packs.tolist() == [[2, 1], [1, 0], [0, 0]]
    assert inst.chargers.tolist() == [2, 1, 0]
    assert inst.is_base.tolist() == [True, True, False]


def test_neighbours_are_near_at_both_ends_and_in_time() -> None:
    apart = np.array([[0.0, 500.0, 600.0], [500.0, 0.0, 400.0], [600.0, 400.0, 0.0]])
    # 0: 2 -> 0 at 0 s; 1: the same way 4,000 s later, 600 s apart; 2: the way back at once, as good
    # as the same way; 3: from 1 at once, 400 s apart.
    origin, goal = np.array([2, 2, 0, 1]), np.array([0, 0, 2, 0])
    near = nearest_orders(apart, origin, goal, np.array([0.0, 4_000.0, 0.0, 0.0]))
    assert near[0].tolist() == [2, 3, 1]
    assert all(i not in row for i, row in enumerate(near.tolist()))
