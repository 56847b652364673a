"""Columns and cover: what is grown can be flown, what is chosen covers, and the search gains."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver.columns import (
    Cover,
    add_plan,
    generate,
    new_cover,
)
from routing.solver.day import build_day
from routing.solver.engine import solve_instance
from routing.solver.instance import Instance
from routing.solver.loading import drafts_of, load_worker
from routing.solver.selection import choose_whole, hand_out, load_well, pick_columns
from routing.solver.solution import Solution
from tests.days import three_site_orders, three_sites

FIRST_ROUNDS = 25


@pytest.fixture(scope="module")
def instance() -> Instance:
    day = build_benchmark_day("P28-1")
    return build_day(day.network, day.orders[:60], build_legs(day.network)).instance


@pytest.fixture(scope="module")
def plan(instance: Instance) -> Solution:
    return solve_instance(instance, iterations=5, threads=1, proves=False).solution


@pytest.fixture(scope="module")
def cover(instance: Instance, plan: Solution) -> Cover:
    made = new_cover(instance, plan)
    generate(made, np.inf, FIRST_ROUNDS)
    return made


def test_the_relaxation_starts_at_the_plan_and_falls(
    instance: Instance, plan: Solution, cover: Cover
) -> None:
    before = new_cover(instance, plan)
    assert generate(before, 0.0, 1) <= plan.value + 1e-6
    assert generate(cover, np.inf, 1) < 0.99 * plan.value


def test_a_plan_adds_no_column_twice(plan: Solution, cover: Cover) -> None:
    count = len(cover.columns)
    add_plan(cover, plan)
    assert len(cover.columns) == count


def test_whole_sorties_cover_every_order_and_most_can_be_flown(
    instance: Instance, plan: Solution, cover: Cover
) -> None:
    chosen = choose_whole(instance, pick_columns(cover, plan), plan, None)
    taken = {i for column in chosen for i in column.draft.orders}
    assert taken == set(range(instance.num_orders))
    assert sum(column.cost for column in chosen) <= plan.value + 1e-6
    drafts = hand_out(instance, chosen)
    flown = [i for row in drafts.values() for draft in row for i in draft.orders]
    assert len(flown) == len(set(flown))
    worker = load_worker(instance, drafts, 1)
    assert not (worker.best.sortie_of < 0).any()
    assert worker.best_value < 1.1 * plan.value


def test_columns_of_several_bases_and_types_keep_their_ends() -> None:
    network, orders = three_sites(), three_site_orders()
    inst = build_day(network, orders, build_legs(network)).instance
    solution = solve_instance(inst, iterations=5, threads=1, proves=False).solution
    made = new_cover(inst, solution)
    generate(made, np.inf, 10)
    for column in made.columns:
        draft = column.draft
        assert inst.is_base[draft.start]
        assert inst.is_base[draft.end]
        assert all(not inst.is_base[inst.task_site[task]] for task in draft.tasks)
        assert len(draft.orders) == len(draft.modes) == len(draft.drops)


def test_half_way_through_many_iterations_a_choice_is_made_and_repeats(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("routing.solver.engine.COVER_FROM", 200)
    first, second = (
        solve_instance(instance, seed=3, iterations=200, threads=1, proves=False) for _ in range(2)
    )
    alone = solve_instance(instance, seed=3, iterations=199, threads=1, proves=False)
    assert first.solution == second.solution
    assert first.solution.value < alone.solution.value


def test_who_is_loaded_first_is_changed_where_others_take_what_it_needs(
    instance: Instance,
) -> None:
    # Three packs for six drones: who is loaded late may find none in time.
    scarce = instance._replace(packs=np.minimum(instance.packs, 3))
    found = solve_instance(scarce, iterations=40, threads=1, proves=False).solution
    chains = list(drafts_of(found).values())
    rng, cheaper = np.random.default_rng(1), 0
    for _ in range(10):
        mixed = dict(enumerate(chains[n] for n in rng.permutation(len(chains))))
        loaded = load_worker(scarce, mixed, 1).best_value
        well = load_well(scarce, mixed)
        flown = load_worker(scarce, well, 1).best_value
        assert sorted(map(repr, well.values())) == sorted(map(repr, mixed.values()))
        assert flown <= loaded + 1e-6
        cheaper += flown < loaded - 1e-6
    assert cheaper > 5
