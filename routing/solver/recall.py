"""Which sites a sortie still knows that it has been at, while it is priced.

A sortie that forgets may come back to a site, which no sortie does, so its prices lower the bound;
but sorties that know less of their past are compared sooner, and far fewer are kept. So all begin
with the site they are at, and each return that pays teaches the sites in between to remember: the
neighbourhoods of Baldacci, Mingozzi & Roberti (2011), grown as by Roberti & Mingozzi (2014). After
a few lessons no return pays any more, with about two sites remembered at each.

Owns the tables and the lessons. Does not know prices.
"""

from __future__ import annotations

from itertools import groupby

import numpy as np

from routing.solver.fronts import BITS
from routing.solver.instance import IntArray

PARTS = 24
"""Parts of a day, each with a table of its own: where much is to be had differs from hour to
hour."""


def new_recall(num_sites: int) -> IntArray:
    """Tables of all parts [PARTS, S, words]: bits of the sites that are known at a site, itself."""
    recall = np.zeros((PARTS, num_sites, num_sites // BITS + 1), dtype=np.int64)
    for y in range(num_sites):
        recall[:, y, y // BITS] = np.int64(1) << (y % BITS)
    return recall


def part_of(share: float) -> int:
    """The part in which a share of the day is over."""
    return max(0, min(PARTS - 1, int(PARTS * share)))


def does_return(sites: tuple[int, ...]) -> bool:
    """Whether a sortie stops twice at a site; ``sites`` are those of its orders in turn."""
    stops = [site for site, _ in groupby(sites)]
    return len(set(stops)) < len(stops)


def teach(table: IntArray, sites: tuple[int, ...]) -> bool:
    """Let sites between two stops at one remember it [S, words]; whether one did not before."""
    stops = [site for site, _ in groupby(sites)]
    seen: dict[int, int] = {}
    is_new = False
    for n, site in enumerate(stops):
        word, bit = site // BITS, np.int64(1) << (site % BITS)
        for between in stops[seen.get(site, n) + 1 : n]:
            is_new = is_new or not table[between, word] & bit
            table[between, word] |= bit
        seen[site] = n
    return is_new
