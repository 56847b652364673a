"""Proofs on days so small that the best is found by hand: a sortie costs 120 s, a drone 600 s."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.legs import build_legs
from routing.orders import Order
from routing.solver.day import Day, build_day
from routing.solver.engine import solve_instance
from routing.solver.exact import Proof, prove_small
from routing.solver.loading import load_worker
from routing.solver.solution import Solution
from tests.days import three_site_orders, three_sites


def day_of(*orders: Order) -> Day:
    network = three_sites()
    return build_day(network, orders, build_legs(network))


def order(order_id: str, **fields: object) -> Order:
    found = next(one for one in three_site_orders() if one.id == order_id)
    return replace(found, target_s=None, **fields)  # type: ignore[arg-type]


def searched(day: Day) -> Solution:
    return solve_instance(day.instance, seed=1, iterations=30, threads=1, proves=False).solution


def prove(day: Day, value: float | None = None) -> Proof:
    found = searched(day)
    proof = prove_small(day.instance, found if value is None else replace(found, value=value), 20.0)
    assert proof is not None
    return proof


def test_one_order_to_the_other_base_and_home() -> None:
    # hub -> second -> hub by the quicker wing: the way there with M1, back empty, two sorties.
    day = day_of(order("M1"))
    flown = day.instance.quickest[1, 0, 1] + day.instance.quickest[1, 1, 0]
    assert flown < day.instance.quickest[0, 0, 1] * 2
    assert prove(day).value == flown + 2 * 120.0 + 600.0


def test_out_and_back_share_a_sortie() -> None:
    # M2 out and S3 back in one round of the wing: 500 + 500 s.
    proof = prove(day_of(order("M2"), order("S3")))
    assert proof.value == 1_000.0 + 120.0 + 600.0
    assert [len(drafts) for drafts in proof.drafts.values()] == [1]


def test_orders_far_apart_in_time_need_two_rounds_of_one_drone() -> None:
    # S3 in the morning; M2 is ready 5 h later: two rounds of 1,000 s, one drone.
    late = order("M2", ready_s=47_000, deadline_s=60_000)
    assert prove(day_of(order("S3"), late)).value == 2 * (1_000.0 + 120.0) + 600.0


def test_one_drone_flies_what_leaves_time_for_three_rounds() -> None:
    # Three boxes of 9 kg, never together; a round takes 500 + 180 + 500 s and 600 s on the ground,
    # and the deadline leaves time for all three.
    heavy = [order("S3", id=name, mass_kg=9.0, deadline_s=34_000) for name in "abc"]
    assert prove(day_of(*heavy)).value == 3 * (1_000.0 + 120.0) + 600.0


def test_orders_at_one_time_need_two_drones() -> None:
    # Both 9 kg, picked up within the same minutes: a second drone, 200 s slower, pays.
    heavy = [
        order("S3", id=name, mass_kg=9.0, ready_s=29_000, deadline_s=30_300)
        for name in ("one", "two")
    ]
    day = day_of(*heavy)
    # By hand: wing 500 + 500, hex 600 + 600, two sorties, two drones.
    proof = prove(day, 10_000.0)
    assert proof.value == 1_000.0 + 1_200.0 + 2 * 120.0 + 2 * 600.0
    assert sorted(proof.drafts) == [0, 1]


def test_no_plan_is_cheaper_than_the_proof_and_its_drafts_fly() -> None:
    orders = [order(name) for name in ("B1", "S1", "M1", "S2", "M2", "S3")]
    day = day_of(*orders)
    found = searched(day)
    proof = prove(day)
    assert 0 < proof.value <= found.value + 1e-6
    loaded = load_worker(day.instance, proof.drafts, 1)
    assert loaded.best_value >= proof.value - 1e-6


@pytest.mark.parametrize("change", [{"unserved": (0,)}, {"late": 1.0}])
def test_only_whole_plans_on_time_are_proven(change: dict[str, object]) -> None:
    day = day_of(order("M1"))
    found = replace(searched(day), **change)  # type: ignore[arg-type]
    assert prove_small(day.instance, found, 20.0) is None
