"""What one thread of the search remembers while it chooses: best place, bans, random numbers.

Owns the columns of a place and the generator. Does not know how a place is weighed. Compiled.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from routing.solver.compiling import inlined
from routing.solver.instance import FloatArray, IntArray

NOWHERE, IN_SORTIE, NEW_SORTIE, NEW_PAIR_FIRST, NEW_PAIR_SECOND, NEW_ONE_WAY = range(6)
P_KIND, P_SORTIE, P_PLACE, P_BASE, P_MODE, P_DROP, P_FIRST, P_SECOND = range(8)
"""Columns of a place: sortie or drone, place in the chain, other base, mode, delivery task, and
positions of the pickup and delivery in the sequence."""


class Search(NamedTuple):
    """What one thread of the search carries besides the plan."""

    place: IntArray  # [8] best place found
    cost: FloatArray  # [1] its cost
    random: IntArray  # [1] state of the generator
    mark: IntArray  # [Z] sortie last looked at for order stamp
    stamp: IntArray  # [1]
    banned: IntArray  # [16] sorties or gaps where the best place did not hold
    num_banned: IntArray  # [1]
    blink: FloatArray  # [1] chance to pass over a place
    wide: IntArray  # [1] number of sorties above which only neighbours are looked at
    dirty: IntArray  # [D] drones changed in this iteration (1)


def new_search(num_sorties: int, num_drones: int, seed: int) -> Search:
    """A fresh search for one thread."""
    return Search(
        place=np.zeros(8, dtype=np.int64),
        cost=np.zeros(1),
        random=np.array([(seed * 2654435761 + 88172645463325252) % (2**62) + 1], dtype=np.int64),
        mark=np.zeros(num_sorties, dtype=np.int64),
        stamp=np.zeros(1, dtype=np.int64),
        banned=np.zeros(16, dtype=np.int64),
        num_banned=np.zeros(1, dtype=np.int64),
        blink=np.array([0.01]),
        wide=np.array([150], dtype=np.int64),
        dirty=np.zeros(num_drones, dtype=np.int64),
    )


@inlined
def draw(search: Search) -> float:
    """A uniform number in [0, 1) from the thread's own generator (xorshift)."""
    x = np.uint64(search.random[0])
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    search.random[0] = np.int64(x & np.uint64(0x7FFFFFFFFFFFFFFF))
    return float((x >> np.uint64(11)) & np.uint64(0x1FFFFFFFFFFFFF)) / 9007199254740992.0


@inlined
def draw_below(search: Search, n: int) -> int:
    """A uniform index below ``n``."""
    return min(int(draw(search) * n), n - 1)


@inlined
def is_passed_over(search: Search) -> bool:
    """Whether to blink: pass over a place by chance, so that no two passes are alike."""
    return search.blink[0] > 0 and draw(search) < search.blink[0]


@inlined
def is_banned(search: Search, key: int) -> bool:
    """Whether a sortie or gap has been tried for this order and did not hold."""
    for b in range(search.num_banned[0]):  # noqa: SIM110 - no generators in compiled code
        if search.banned[b] == key:
            return True
    return False


@inlined
def keep_place(
    search: Search,
    cost: float,
    kind: int,
    row: int,
    place: int,
    base: int,
    mode: int,
    drop: int,
    first: int,
    second: int,
) -> None:
    """Remember a place as the best so far (see ``P_KIND`` and its neighbours)."""
    search.cost[0] = cost
    search.place[P_KIND] = kind
    search.place[P_SORTIE] = row
    search.place[P_PLACE] = place
    search.place[P_BASE] = base
    search.place[P_MODE] = mode
    search.place[P_DROP] = drop
    search.place[P_FIRST] = first
    search.place[P_SECOND] = second
