"""Problems shared out to two threads: the second one helps from when it is free.

Owns the threads while problems are worked off. Which of two threads takes a problem differs from
run to run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

WAIT_S = 0.05
"""A second thread asks so often whether it may work."""


def share_out(
    numbers: Iterable[int], is_free: Event | None, work: Callable[[int, int], bool]
) -> None:
    """Work off numbers in turn: ``work(thread, number)``, until one gives false.

    Args:
        is_free: set when a second thread may work; None for one thread alone.
    """
    todo = deque(numbers)

    def work_off(thread: int) -> None:
        while True:
            try:
                n = todo.popleft()
            except IndexError:
                # Asked first, the other thread might take the last one in between.
                return
            if not work(thread, n):
                todo.clear()

    def help_out(is_free: Event) -> None:
        while todo and not is_free.wait(WAIT_S):
            pass
        work_off(1)

    if is_free is None:
        work_off(0)
        return
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(help_out, is_free)
        work_off(0)
        second.result()
