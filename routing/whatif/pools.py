"""Where tasks run: here, in local worker processes, or on a Dask cluster that is there already.

Owns the pools, each a generator that yields outcomes as they finish. Does not know scenarios or
files. The cluster is the only place that knows ``distributed``, an optional extra.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from routing.errors import Fault, InputError
from routing.legs import build_legs
from routing.whatif.task import Outcome, Task, load_kernels, run_task

Answer = Outcome | tuple[Fault, ...]
Runner = Callable[[Task], Answer]
ANSWERS_S = 5.0
"""How long a cluster's scheduler may take to answer."""
MOST_DEATHS = 3
"""Workers that may die over one task before it is given up: then the task kills them."""


_kept: list[Task] = []
"""In a forked worker: the tasks of its pool."""


class WorkerDiedError(RuntimeError):
    """A task whose workers died each time."""


def run_here(tasks: Iterable[Task], run: Runner = run_task) -> Iterator[Answer]:
    """One after the other in this process."""
    return (run(task) for task in tasks)


def run_in_processes(
    tasks: Sequence[Task], workers: int, run: Runner = run_task
) -> Iterator[Answer]:
    """On local worker processes; a task whose worker is killed is given to another one.

    Only as many tasks wait in the pool as keep it busy, so that stopping early costs little.

    Raises:
        WorkerDiedError: three workers died over one task.
    """
    queue = deque(range(len(tasks)))
    deaths: dict[str, int] = {}
    while True:
        running: dict[Future[Answer], int] = {}
        try:
            with _open_for(tasks, workers, run) as submit:
                while True:
                    while queue and len(running) < 2 * workers:
                        # Off the queue once submitted: submitting may find the pool dead.
                        running[submit(queue[0])] = queue[0]
                        queue.popleft()
                    if not running:
                        return
                    done, _ = wait(running, return_when=FIRST_COMPLETED)
                    for future in done:
                        answer = future.result()
                        del running[future]
                        yield answer
        except BrokenProcessPool:
            queue.extendleft(running.values())
            _count_deaths([tasks[number] for number in running.values()], deaths, workers)


@contextmanager
def _open_for(
    tasks: Sequence[Task], workers: int, run: Runner
) -> Iterator[Callable[[int], Future[Answer]]]:
    """A pool, as what gives it the task of a number.

    A forked worker has all tasks from its birth on, and only numbers travel; to another one the
    task itself is sent, which takes a few milliseconds.
    """
    if _start_method() == "fork":
        # Workers are born with the kernels this loads, and with paths that most tasks share.
        build_legs(tasks[0].network, tasks[0].cache_dir)
        with open_pool(workers, _take_tasks, tasks) as pool:
            yield lambda number: pool.submit(_run_kept, run, number)
    else:
        with open_pool(workers) as pool:
            yield lambda number: pool.submit(run, tasks[number])


def _take_tasks(tasks: Sequence[Task]) -> None:
    _kept[:] = tasks


def _run_kept(run: Runner, number: int) -> Answer:
    return run(_kept[number])


def _count_deaths(tasks: Iterable[Task], deaths: dict[str, int], workers: int) -> None:
    """Nobody knows which of the running tasks killed its worker: each may have, so each counts.

    A pool of ``workers`` may die once for each of them by other tasks' fault.
    """
    for task in tasks:
        deaths[task.key] = deaths.get(task.key, 0) + 1
        if deaths[task.key] >= MOST_DEATHS * workers:
            raise WorkerDiedError(f"workers died {deaths[task.key]} times over run {task.key[:12]}")


@contextmanager
def open_pool(
    workers: int, prepare: Callable[..., None] | None = None, *given: object
) -> Iterator[ProcessPoolExecutor]:
    """A pool whose processes are ended, not waited for, when it is left before its end.

    Args:
        workers: processes; prepare: called once in each of them, with what is ``given``.
    """
    others = {child.pid for child in multiprocessing.active_children()}
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context(_start_method()),
        initializer=_begin,
        initargs=(prepare, given),
    )
    try:
        yield pool
    except BaseException:
        for child in multiprocessing.active_children():
            if child.pid not in others:
                child.terminate()
        raise
    finally:
        # Waits for the pool's threads too: with one alive the next pool could not fork.
        pool.shutdown(wait=True, cancel_futures=True)


def _start_method() -> str:
    """How workers start: forked where that is safe, spawned elsewhere.

    A spawned worker imports the program and loads its compiled kernels anew, four processor
    seconds; a forked one has them at once. A process with threads must not be forked: another
    thread's locks would stay locked in the child.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return "spawn"
    load_kernels()
    return "fork"


def count_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _begin(prepare: Callable[..., None] | None, given: tuple[object, ...]) -> None:
    """Ctrl-C is the parent's to handle; it ends the workers.

    What a forked worker was born with stays: collecting garbage, it would look at all of it, and
    get its own copy of every page it looks at.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    if prepare is not None:
        prepare(*given)


def run_on_cluster(tasks: Iterable[Task], address: str, run: Runner = run_task) -> Iterator[Answer]:
    """On the workers of a Dask scheduler, for example ``tcp://10.0.0.5:8786``.

    The workers need this program installed, in this version. A task whose worker dies is given
    to another one by the scheduler.

    Raises:
        InputError: ``distributed`` is not installed, or nobody answers at the address.
    """
    try:
        # An optional extra without types: only a run on a cluster needs it.
        dask = importlib.import_module("distributed")
    except ImportError:
        raise InputError([_no_cluster(address, "it is not installed", "[cluster]")]) from None
    try:
        client = dask.Client(address, timeout=ANSWERS_S)
    except (OSError, TimeoutError, ValueError) as error:
        raise InputError([_no_cluster(address, str(error) or "no answer", "")]) from None
    with client:
        futures = [client.submit(run, task, key=f"magpie-{task.key}") for task in tasks]
        for future in dask.as_completed(futures):
            yield future.result()


def _no_cluster(address: str, found: str, extra: str) -> Fault:
    action = "install the extra 'cluster'" if extra else "check the address and that it is up"
    rule = "a Dask scheduler must answer, reached through the package distributed"
    return Fault("whatif.no-cluster", address, "", "--cluster", rule, found, action)
