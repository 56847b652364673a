"""Problems are worked off once each, by one thread or two, until one says no."""

from __future__ import annotations

from threading import Barrier, Event

from routing.solver.sharing import share_out

HANGS_S = 30.0


def test_one_thread_works_in_turn_until_one_says_no() -> None:
    done: list[tuple[int, int]] = []

    def work(thread: int, n: int) -> bool:
        done.append((thread, n))
        return n < 3

    share_out(range(10), None, work)
    assert done == [(0, 0), (0, 1), (0, 2), (0, 3)]


def test_two_threads_work_off_each_number_once() -> None:
    is_free, both, done = Event(), Barrier(2, timeout=HANGS_S), list[tuple[int, int]]()
    is_free.set()

    def work(thread: int, n: int) -> bool:
        if n < 2:
            # Neither goes on before the other one has come.
            both.wait()
        done.append((thread, n))
        return True

    share_out(range(50), is_free, work)
    assert sorted(n for _, n in done) == list(range(50))
    assert {thread for thread, _ in done} == {0, 1}


def test_a_thread_that_never_comes_free_does_no_work() -> None:
    done: list[tuple[int, int]] = []

    def work(thread: int, n: int) -> bool:
        done.append((thread, n))
        return True

    share_out(range(5), Event(), work)
    assert done == [(0, n) for n in range(5)]
