"""A sieve for tails at a site: which may make a new one useless, or be made so by it. Compiled.

Owns four keys of each tail in single precision, in blocks that the processor compares at once.
Rounding keeps their order, so what the sieve holds back is no matter; what it lets through is to be
compared exactly (``fronts``).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.solver.compiling import inlined

KEY_COST, KEY_ENERGY, KEY_PEAK, KEY_OUT = range(4)
BLOCK = 32
STEP_COST, STEP_ENERGY = 1e-9, 1e-12
"""Costs and energies that differ by less are equal."""

Sieve = npt.NDArray[np.float32]
"""Keys by site, block, key and place in the block [S, F / BLOCK, 4, BLOCK]."""


def new_sieve(num_sites: int, width: int) -> Sieve:
    """Room for ``width`` tails at each site, a multiple of ``BLOCK``."""
    return np.zeros((num_sites, width // BLOCK, 4, BLOCK), dtype=np.float32)


@inlined
def put_key(
    sieve: Sieve, site: int, f: int, cost: float, energy: float, peak: float, out: float
) -> None:
    """Put a tail's keys at a place of a site."""
    block = sieve[site, f // BLOCK]
    block[KEY_COST, f % BLOCK] = cost
    block[KEY_ENERGY, f % BLOCK] = energy
    block[KEY_PEAK, f % BLOCK] = peak
    block[KEY_OUT, f % BLOCK] = out


@inlined
def swap_keys(sieve: Sieve, site: int, a: int, b: int) -> None:
    """Let two places of a site change their keys."""
    one, other = sieve[site, a // BLOCK], sieve[site, b // BLOCK]
    for k in range(4):
        kept = one[k, a % BLOCK]
        one[k, a % BLOCK] = other[k, b % BLOCK]
        other[k, b % BLOCK] = kept


@inlined
def may_beat(
    sieve: Sieve, site: int, b: int, cost: float, energy: float, peak: float, out: float
) -> np.uint32:
    """A bit for each tail of a block that may be as good as one with these keys."""
    block = sieve[site, b]
    costs, energies, peaks, outs = block[0], block[1], block[2], block[3]
    most = (
        np.float32(cost + STEP_COST),
        np.float32(energy + STEP_ENERGY),
        np.float32(peak),
        np.float32(out),
    )
    hits = np.uint32(0)
    # Bitwise, without a jump: so the loop becomes a few instructions on whole blocks.
    for f in range(BLOCK):
        hits |= np.uint32(
            (costs[f] <= most[0])
            & (energies[f] <= most[1])
            & (peaks[f] <= most[2])
            & (outs[f] <= most[3])
        ) << np.uint32(f)
    return hits


@inlined
def may_fall(
    sieve: Sieve, site: int, b: int, cost: float, energy: float, peak: float, out: float
) -> np.uint32:
    """A bit for each tail of a block that one with these keys may be as good as."""
    block = sieve[site, b]
    costs, energies, peaks, outs = block[0], block[1], block[2], block[3]
    least = (
        np.float32(cost - STEP_COST),
        np.float32(energy - STEP_ENERGY),
        np.float32(peak),
        np.float32(out),
    )
    hits = np.uint32(0)
    for f in range(BLOCK):
        hits |= np.uint32(
            (costs[f] >= least[0])
            & (energies[f] >= least[1])
            & (peaks[f] >= least[2])
            & (outs[f] >= least[3])
        ) << np.uint32(f)
    return hits


@inlined
def dearest(sieve: Sieve, site: int, size: int) -> int:
    """The place of the dearest of the first tails of a site."""
    place, most = 0, sieve[site, 0, KEY_COST, 0]
    for f in range(1, size):
        cost = sieve[site, f // BLOCK, KEY_COST, f % BLOCK]
        if cost > most:
            place, most = f, cost
    return place
