"""The judges of the literature, on the published answers and on spoilt ones."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.literature import drp, lilim, mtvrptwr
from benchmarks.ours import solve_plain

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("MAGPIE_SHARED", ROOT.parent / "shared")) / "benchmarks"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the public instances (../shared/benchmarks) are not here"
)


@needs_shared
def test_published_solutions_cost_what_they_say() -> None:
    paths = sorted((SHARED / "mtvrptwr").glob("*.vrp"))
    assert paths
    for path in paths:
        routes, known = mtvrptwr.read_solution(path.with_suffix(".sol"))
        verdict = mtvrptwr.judge(mtvrptwr.read(path), routes)
        assert verdict.faults == (), path.name
        assert verdict.cost == known.upper, path.name


@needs_shared
def test_a_trip_before_its_release_or_too_full_is_named() -> None:
    path = SHARED / "mtvrptwr" / "C201R0.25.vrp"
    raw = mtvrptwr.read(path)
    routes, _ = mtvrptwr.read_solution(path.with_suffix(".sol"))
    late = replace(raw, release=(0, *[raw.window[0][1]] * (len(raw.release) - 1)))
    assert any("reached at" in fault for fault in mtvrptwr.judge(late, routes).faults)
    small = replace(raw, capacity=10)
    assert any("over capacity" in fault for fault in mtvrptwr.judge(small, routes).faults)
    gone = (*routes[:-1], routes[-1][1:])
    assert any("visited 0 times" in fault for fault in mtvrptwr.judge(raw, gone).faults)


@needs_shared
def test_mtvrptwr_instance_holds_the_file() -> None:
    raw = mtvrptwr.read(SHARED / "mtvrptwr" / "C201R0.25.vrp")
    instance = mtvrptwr.instance(raw)
    assert instance.num_orders == 100
    assert instance.num_drones == 8
    assert instance.capacity.tolist() == [100]
    assert instance.handover[0] == 0
    assert instance.handover[1] == 900
    # Customer 1 at (52, 75), depot (40, 50): 10 sqrt(12^2 + 25^2) = 277.3, floored.
    assert instance.travel[0, 0, 0, 1] == 277
    assert instance.task_early[instance.drop_ptr[0]] == 3110
    assert instance.task_late[instance.drop_ptr[0]] == 4710


# Table 5 of Cheng, Adulyasak & Rousseau (2020) gives 7995.39 for this instance; here a triangle
# by hand: depot (0, 0), 1.0 kg at (300, 0), 0.5 kg at (300, 400): legs 300, 400, 500 s with
# 1.5, 0.5 and 0 kg on board.
HAND = drp.Raw(
    "hand",
    1,
    (
        drp.Node(0, 0, 0, 0, 2_000),
        drp.Node(300, 0, 10, 0, 1_000),
        drp.Node(300, 400, 5, 0, 1_000),
    ),
)


def test_drp_judge_on_a_hand_made_trip() -> None:
    # P(1.5) = 101.0438 x 4.5^1.5 = 964.54 W, P(0.5) = 101.0438 x 3.5^1.5 = 661.63 W,
    # P(0) = 101.0438 x 3^1.5 = 525.04 W; 289,362 + 264,652 + 262,520 J = 0.22682 kWh.
    verdict = drp.judge(HAND, "R+E", (((1, 2),),))
    assert verdict.faults == ()
    assert verdict.cost == pytest.approx(1_200 + 360 * 0.226815, abs=0.01)
    assert drp.judge(HAND, "R", (((1, 2),),)).cost == 1_200
    assert drp.judge(HAND, "E", (((1, 2),),)).cost == pytest.approx(81.65, abs=0.01)


def test_drp_judge_names_a_flat_pack_and_a_late_stop() -> None:
    far = replace(HAND, nodes=(*HAND.nodes[:2], drp.Node(600, 800, 5, 0, 5_000)))
    faults = drp.judge(far, "R", (((1, 2),),)).faults
    assert any("kWh of 0.27" in fault for fault in faults)
    assert any("node 0 reached" in fault for fault in faults)
    assert any("kg on board" in f for f in drp.judge(HAND, "R", (((1, 2, 1),),)).faults)


@needs_shared
def test_drp_instances_and_bounds_are_read() -> None:
    known = drp.known(SHARED / "drp")
    paths = sorted((SHARED / "drp").glob("Set_*.txt"))
    assert len(known) == 3 * len(paths)
    for path in paths:
        raw = drp.read(path)
        instance = drp.instance(raw, "R")
        assert instance.num_orders == int(path.stem.split("_")[3])
        assert instance.mass.max() <= 15
        assert all((raw.name, objective) in known for objective in drp.OBJECTIVES)
    assert known["Set_A1_Cust_10_1", "R"].upper == 2930.4


def _brute_force_trip(raw: drp.Raw) -> float:
    """Distance of one trip to each customer, the plainest answer there is."""
    routes = (tuple((i,) for i in range(1, len(raw.nodes))),)
    return drp.judge(raw, "R", routes).cost


@needs_shared
def test_drp_single_trips_cost_twice_the_way_out() -> None:
    raw = drp.read(SHARED / "drp" / "Set_A1_Cust_10_1.txt")
    out = sum(np.hypot(node.x, node.y) for node in raw.nodes[1:])
    assert _brute_force_trip(raw) == pytest.approx(2 * out)


def test_lilim_judge_by_hand() -> None:
    raw = lilim.Raw(
        "hand",
        2,
        10,
        (
            lilim.Node(0, 0, 0, 0, 100, 0, 0, 0),
            lilim.Node(3, 4, 8, 0, 20, 10, 0, 2),
            lilim.Node(3, 0, -8, 0, 30, 10, 1, 0),
        ),
    )
    # 5 + 10 service + 4 + 10 service + 3: back at 32, 12 driven.
    verdict = lilim.judge(raw, (((1, 2),),))
    assert verdict == lilim.Verdict(12.0, 1, 1, ())
    assert any("before its pickup" in f for f in lilim.judge(raw, (((2, 1),),)).faults)
    tight = replace(raw, nodes=(*raw.nodes[:2], replace(raw.nodes[2], due=18)))
    assert any("reached at 19" in f for f in lilim.judge(tight, (((1, 2),),)).faults)
    assert any("on board" in f for f in lilim.judge(replace(raw, capacity=7), (((1, 2),),)).faults)


@needs_shared
def test_lilim_files_pair_up() -> None:
    known = lilim.known(SHARED / "lilim")
    for path in sorted((SHARED / "lilim").glob("l*.txt")):
        raw = lilim.read(path)
        for i, node in enumerate(raw.nodes):
            if node.delivery:
                assert raw.nodes[node.delivery].pickup == i
                assert raw.nodes[node.delivery].demand == -node.demand
        instance = lilim.instance(raw)
        assert 2 * instance.num_orders == len(raw.nodes) - 1
        assert raw.name in known


@needs_shared
@pytest.mark.parametrize("objective", drp.OBJECTIVES)
def test_our_engine_matches_a_published_optimum(objective: drp.Objective) -> None:
    name = "Set_A1_Cust_10_1"
    raw = drp.read(SHARED / "drp" / f"{name}.txt")
    found = solve_plain(drp.instance(raw, objective), seed=1, iterations=3_000)
    verdict = drp.judge(raw, objective, found.routes)
    assert verdict.faults == ()
    # Published with one decimal.
    assert verdict.cost == pytest.approx(
        drp.known(SHARED / "drp")[name, objective].upper, abs=0.051
    )


@needs_shared
def test_our_engine_answers_lawfully_with_releases_and_with_pairs() -> None:
    trips = mtvrptwr.read(SHARED / "mtvrptwr" / "C201R0.25.vrp")
    found = solve_plain(mtvrptwr.instance(trips), seed=1, iterations=300)
    assert mtvrptwr.judge(trips, found.routes).faults == ()
    pairs = lilim.read(SHARED / "lilim" / "lc101.txt")
    found = solve_plain(lilim.instance(pairs), seed=1, iterations=300)
    assert lilim.judge(pairs, found.routes).faults == ()
