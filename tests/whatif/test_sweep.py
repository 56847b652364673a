"""Sweeps: each run once, nothing lost to a killed worker or to Ctrl-C, the same on a cluster."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from routing.errors import Fault, InputError
from routing.whatif import pools
from routing.whatif.changes import (
    AddChargers,
    AddDrones,
    AddPacks,
    AddPads,
    RemoveSite,
    ScaleDemand,
    SetWind,
)
from routing.whatif.pools import WorkerDiedError, run_in_processes, run_on_cluster
from routing.whatif.scenario import BASE, Scenario
from routing.whatif.store import Store
from routing.whatif.sweep import Day, Run, run_scenarios
from routing.whatif.task import Effort, Outcome, Task, make_task, run_task
from tests.days import three_site_orders, three_sites

EFFORT = Effort(seed=1, iterations=20)
DAYS = (Day("one", three_site_orders()),)
SCENARIOS = (
    BASE,
    Scenario("pad", (AddPads(1, "clinic"),)),
    Scenario("drone", (AddDrones(1, "hub", "hex"), AddPacks(1, "hub", "hex"))),
    Scenario("wind", (SetWind(wind_mps=6.0, from_deg=90.0),)),
    Scenario("charger", (AddChargers(1, "hub"),)),
    Scenario("double", (ScaleDemand(2.0),)),
    Scenario("second", (RemoveSite("second"),)),
    Scenario("pads", (AddPads(2, "hub"),)),
)


def sweep(
    folder: Path | None = None,
    scenarios: Sequence[Scenario] = SCENARIOS,
    workers: int = 1,
    days: Sequence[Day] = DAYS,
) -> list[Run]:
    return list(
        run_scenarios(three_sites(), days, scenarios, effort=EFFORT, folder=folder, workers=workers)
    )


@pytest.fixture(scope="module")
def alone() -> dict[str, Outcome]:
    """What every scenario gives, planned one after the other in this process."""
    return outcomes(sweep())


def outcomes(runs: Sequence[Run]) -> dict[str, Outcome]:
    return {run.scenario.name: run.outcome for run in runs}


def stamps(folder: Path) -> dict[str, int]:
    return {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}


def test_every_scenario_is_planned_and_proven(alone: dict[str, Outcome]) -> None:
    assert set(alone) == {scenario.name for scenario in SCENARIOS}
    assert all(outcome.violations == () for outcome in alone.values())
    assert sum(alone["double"].measures[0].orders.values()) == 14


def test_a_plan_is_for_its_scenarios_network(alone: dict[str, Outcome]) -> None:
    for run in sweep():
        assert run.outcome.plan.digest == run.network.digest
        assert run.outcome == alone[run.scenario.name]


def test_a_finished_sweep_is_read_from_disk(tmp_path: Path, alone: dict[str, Outcome]) -> None:
    assert outcomes(sweep(tmp_path)) == alone
    before = stamps(tmp_path)
    assert len(before) == len(SCENARIOS)
    assert outcomes(sweep(tmp_path)) == alone
    assert stamps(tmp_path) == before


def test_identical_scenarios_are_computed_once(tmp_path: Path) -> None:
    same = (
        BASE,
        Scenario("nothing", (ScaleDemand(1.0),)),
        Scenario("pad", (AddPads(1, "clinic"),)),
        Scenario("pad again", (AddPads(2, "clinic"), AddPads(-1, "clinic"))),
    )
    runs = sweep(tmp_path, same)
    assert sorted(run.scenario.name for run in runs) == ["base", "nothing", "pad", "pad again"]
    assert len(stamps(tmp_path)) == 2


def test_a_day_more_plans_that_day_only(tmp_path: Path) -> None:
    sweep(tmp_path, SCENARIOS[:2])
    before = stamps(tmp_path)
    later = tuple(replace(o, ready_s=o.ready_s + 60) for o in three_site_orders()[:3])
    runs = sweep(tmp_path, SCENARIOS[:2], days=(*DAYS, Day("two", later)))
    assert len(runs) == 4
    after = stamps(tmp_path)
    assert len(after) == 4
    assert {name: after[name] for name in before} == before


def test_another_effort_or_network_is_another_run() -> None:
    orders = three_site_orders()
    keys = {
        make_task(three_sites(), orders, EFFORT, None).key,
        make_task(three_sites(), orders, replace(EFFORT, seed=2), None).key,
        make_task(three_sites(), orders[:-1], EFFORT, None).key,
        make_task(replace(three_sites(), date="2026-11-24"), orders, EFFORT, None).key,
    }
    assert len(keys) == 4


@pytest.mark.parametrize("damage", [b"", b"{", b'{"key": 1}'])
def test_a_damaged_file_is_computed_again(
    tmp_path: Path, damage: bytes, alone: dict[str, Outcome]
) -> None:
    sweep(tmp_path, SCENARIOS[:2])
    broken = next(iter(tmp_path.iterdir()))
    whole = broken.read_bytes()
    broken.write_bytes(damage)
    assert outcomes(sweep(tmp_path, SCENARIOS[:2])) == {k: alone[k] for k in ("base", "pad")}
    assert broken.read_bytes() == whole


def test_what_is_stored_comes_back_as_it_was(tmp_path: Path, alone: dict[str, Outcome]) -> None:
    store = Store(tmp_path)
    for outcome in alone.values():
        store.save(outcome)
        assert store.load(outcome.key) == outcome
    assert store.load("0" * 64) is None


def test_faults_of_all_scenarios_come_before_anything_is_planned(tmp_path: Path) -> None:
    broken = (Scenario("a", (RemoveSite("x"),)), Scenario("b", (AddPads(1, "y"),)))
    with pytest.raises(InputError) as caught:
        sweep(tmp_path, (BASE, *broken))
    assert len(caught.value.faults) == 2
    assert stamps(tmp_path) == {}


def test_a_killed_worker_loses_nothing(tmp_path: Path, alone: dict[str, Outcome]) -> None:
    before = {child.pid for child in multiprocessing.active_children()}
    runs: list[Run] = []
    killed = 0
    for run in run_scenarios(
        three_sites(), DAYS, SCENARIOS, effort=EFFORT, folder=tmp_path, workers=2
    ):
        runs.append(run)
        ours = [c for c in multiprocessing.active_children() if c.pid not in before]
        if not killed and ours:  # The base is planned first, by itself and here.
            killed = ours[0].pid or 0
            os.kill(killed, signal.SIGKILL)
    assert killed
    assert outcomes(runs) == alone
    assert len(runs) == len(SCENARIOS)


def test_an_interrupted_sweep_goes_on_where_it_stopped(
    tmp_path: Path, alone: dict[str, Outcome]
) -> None:
    before = {child.pid for child in multiprocessing.active_children()}
    running = run_scenarios(
        three_sites(), DAYS, SCENARIOS, effort=EFFORT, folder=tmp_path, workers=2
    )
    assert next(running)
    with pytest.raises(KeyboardInterrupt):
        _press_ctrl_c(running)
    running.close()  # type: ignore[attr-defined]
    for child in multiprocessing.active_children():
        if child.pid not in before:
            child.join()
    kept = stamps(tmp_path)
    assert 1 <= len(kept) < len(SCENARIOS)
    assert outcomes(sweep(tmp_path)) == alone
    after = stamps(tmp_path)
    assert {name: after[name] for name in kept} == kept
    assert len(after) == len(SCENARIOS)


def _press_ctrl_c(running: Iterator[Run]) -> None:
    # Python's own handler, whatever a library of another test left behind: without one the
    # signal would end the whole test run.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        for _ in running:
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)


def _die(task: Task) -> tuple[Fault, ...]:
    os.kill(os.getpid(), signal.SIGKILL)
    return ()


def test_a_task_that_kills_every_worker_is_given_up() -> None:
    task = make_task(three_sites(), three_site_orders(), EFFORT, None)
    with pytest.raises(WorkerDiedError, match=task.key[:12]):
        list(run_in_processes([task], 1, _die))


def test_beside_a_thread_workers_are_spawned() -> None:
    """A fork would copy the thread's locks, locked for ever in the child."""
    is_done = threading.Event()
    waiting = threading.Thread(target=is_done.wait)
    waiting.start()
    try:
        assert pools._start_method() == "spawn"
    finally:
        is_done.set()
        waiting.join()
    if sys.platform == "linux" and threading.active_count() == 1:
        assert pools._start_method() == "fork"


def _name_numbers(task: Task) -> tuple[Fault, ...]:
    fault = Fault("test", task.key, "", f"{gc.get_freeze_count()}", "", "", "")
    return (fault,)


def test_a_forked_worker_is_born_with_its_tasks() -> None:
    """And leaves what it was born with alone when it collects garbage."""
    if pools._start_method() != "fork":
        pytest.skip("workers are forked on Linux only, and not beside threads")
    tasks = [make_task(three_sites(), three_site_orders()[:n], EFFORT, None) for n in (3, 2, 1)]
    found = list(run_in_processes(tasks, 2, _name_numbers))
    faults = [fault for answer in found if isinstance(answer, tuple) for fault in answer]
    assert {fault.file for fault in faults} == {task.key for task in tasks}
    assert all(int(fault.field) > 100_000 for fault in faults)


def test_a_cluster_gives_the_same(tmp_path: Path, alone: dict[str, Outcome]) -> None:
    distributed = pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        # In this process, to be quick; what goes to and fro goes over TCP all the same.
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=str(tmp_path / "dask"),
    ) as cluster:
        address = cluster.scheduler_address
        assert address.startswith("tcp://127.0.0.1:")
        runs = list(
            run_scenarios(
                three_sites(),
                DAYS,
                SCENARIOS[:4],
                effort=EFFORT,
                folder=tmp_path / "results",
                cluster=address,
            )
        )
    assert outcomes(runs) == {name: alone[name] for name in ("base", "pad", "drone", "wind")}
    assert len(stamps(tmp_path / "results")) == 4


def test_a_cluster_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    monkeypatch.setattr(pools, "ANSWERS_S", 0.2)
    with pytest.raises(InputError, match="no-cluster"):
        list(run_on_cluster([], "tcp://127.0.0.1:1"))


def test_scenarios_start_from_the_base_plan() -> None:
    """After one step of search it is at least as good as the base: it began there."""
    still = replace(EFFORT, iterations=1)
    runs = run_scenarios(three_sites(), DAYS, SCENARIOS[:2], effort=EFFORT, workers=1)
    base = next(iter(runs)).outcome
    task = make_task(three_sites(), three_site_orders(), still, None).started_from(base)
    outcome = run_task(task)
    assert isinstance(outcome, Outcome)
    assert outcome.key != make_task(three_sites(), three_site_orders(), still, None).key
    assert outcome.plan.objective.ranking <= base.plan.objective.ranking


def test_a_refused_plan_is_no_start() -> None:
    runs = run_scenarios(three_sites(), DAYS, SCENARIOS[:1], effort=EFFORT, workers=1)
    refused = replace(next(iter(runs)).outcome, violations=("R4",))
    task = make_task(three_sites(), three_site_orders(), EFFORT, None)
    assert task.started_from(refused) == task
