"""A bundle reads in compiled code as the tuple it was made from."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pytest

from routing.solver.bundle import Bundle, bundle


class Sample(NamedTuple):
    """One field of each kind."""

    counts: np.ndarray
    cube: np.ndarray
    flags: np.ndarray
    factor: float
    number: int
    has_it: bool


def sample(size: int = 3) -> Sample:
    cube = np.arange(2.0 * size * 4).reshape(2, size, 4)
    flags = np.array([False] * (size - 1) + [True])
    return Sample(np.arange(size) - 7, cube, flags, 2.5, -(2**40), True)


@numba.njit
def read(given, i, j, k):  # type: ignore[no-untyped-def]
    shape = given.cube.shape
    return (
        given.counts[i], given.cube[i, j, k], given.flags[j], given.factor, given.number,
        given.has_it, shape[0] * 100 + shape[1] * 10 + shape[2], given.counts[-1],
    )  # fmt: skip


@numba.njit
def write(given):  # type: ignore[no-untyped-def]
    given.cube[1, 2, 3] = given.cube[0, 0, 1] - 9.0
    given.flags[0] = True


def test_every_field_reads_like_the_tuples() -> None:
    source = sample()
    expected = (-6, float(source.cube[1, 2, 3]), True, 2.5, -(2**40), True, 234, -5)
    assert read(bundle(source), 1, 2, 3) == expected


def test_what_a_kernel_writes_is_in_the_source() -> None:
    source = sample()
    write(bundle(source))
    assert source.cube[1, 2, 3] == -8.0
    assert source.flags.tolist() == [True, False, True]


def test_equal_layouts_share_one_type_whatever_their_sizes() -> None:
    assert Bundle(sample())._numba_type_ == Bundle(sample(5))._numba_type_
    other = sample()._replace(counts=np.zeros(3))
    assert Bundle(other)._numba_type_ != Bundle(sample())._numba_type_


def test_an_array_with_gaps_is_refused() -> None:
    with pytest.raises(ValueError, match="contiguous"):
        bundle(sample()._replace(cube=np.zeros((2, 3, 8))[:, :, ::2]))
