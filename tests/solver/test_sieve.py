"""The sieve lets through every tail that an exact comparison would."""

from __future__ import annotations

import numpy as np

from routing.solver.sieve import BLOCK, dearest, may_beat, may_fall, new_sieve, put_key, swap_keys


def test_a_bit_for_each_tail_that_is_as_good() -> None:
    rng = np.random.default_rng(5)
    keys = np.round(rng.uniform(-1_000.0, 1_000.0, (4 * BLOCK, 4)), 3)
    sieve = new_sieve(1, 4 * BLOCK)
    for f, (cost, energy, peak, out) in enumerate(keys):
        put_key(sieve, 0, f, cost, energy, peak, out)
    below, above = 0, 0
    for one in rng.permutation(keys)[:40]:
        for b in range(4):
            rows = keys[b * BLOCK : (b + 1) * BLOCK]
            beats = int(may_beat(sieve, 0, b, *one))
            falls = int(may_fall(sieve, 0, b, *one))
            for f, row in enumerate(rows):
                is_below, is_above = bool((row <= one).all()), bool((row >= one).all())
                # Rounded, a few more may seem as good; none that is may be missed.
                assert beats >> f & 1 or not is_below
                assert falls >> f & 1 or not is_above
                assert not beats >> f & 1 or (row <= one + 1e-3).all()
                assert not falls >> f & 1 or (row >= one - 1e-3).all()
                below, above = below + is_below, above + is_above
    assert below > 100
    assert above > 100


def test_keys_change_places() -> None:
    sieve = new_sieve(2, 2 * BLOCK)
    for f in range(2 * BLOCK):
        put_key(sieve, 1, f, float(f), 0.0, 0.0, 0.0)
    assert dearest(sieve, 1, 2 * BLOCK) == 2 * BLOCK - 1
    swap_keys(sieve, 1, 3, 2 * BLOCK - 1)
    assert dearest(sieve, 1, 2 * BLOCK) == 3
    assert dearest(sieve, 1, 3) == 2
