"""Gives flights their altitude layers: a graph is coloured, the heading decides where it may.

Owns the choice. Eastbound flights rather take every other layer from the top one down, westbound
ones those between (the semicircular rule of visual flight). First greedily, the flight with the
fewest layers left before the others (DSATUR; Brelaz 1979); what that leaves too close is searched
exactly, with the flights around it. Does not know times or places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from routing.separation.clashes import Clashes
from routing.separation.tracks import Flags, Indices, Track

AROUND = 16
"""Flights that are searched together."""
MOST_NODES = 4_000
"""Steps of one such search."""


def prefer_layers(tracks: Sequence[Track], num_layers: int) -> Indices:
    """Layers of each flight from the most to the least wanted [n, layers]."""
    downwards = list(range(num_layers - 1, -1, -1))
    east = downwards[::2] + downwards[1::2]
    west = downwards[1::2] + downwards[::2]
    heads_east = [bool(track.pads_m[1, 0] >= track.pads_m[0, 0]) for track in tracks]
    return np.array([east if is_east else west for is_east in heads_east], dtype=np.int64).reshape(
        -1, num_layers
    )


@dataclass(slots=True)
class Colouring:
    """Layers of flights under choice.

    Attributes:
        allowed: [n, layers] which a flight may take at all; wanted: see ``prefer_layers``.
        layer: [n] the choice, -1 before there is one.
    """

    allowed: Flags
    wanted: Indices
    clashes: Clashes
    layer: Indices
    _beside: dict[int, list[tuple[int, Flags]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._beside = {}
        for (one, other), bad in zip(self.clashes.pairs.tolist(), self.clashes.is_bad, strict=True):
            self._beside.setdefault(one, []).append((other, bad))
            self._beside.setdefault(other, []).append((one, bad.T))

    def choose(self, flights: Iterable[int]) -> None:
        """Give layers to flights, those of all others standing; then mend what is too close."""
        self._choose_greedily(flights)
        if self.allowed.shape[1] == 1:
            return
        for one, other in self.left():
            if self.is_close(one, other):
                self._search(self._ball((one, other)))

    def left(self) -> list[tuple[int, int]]:
        """Pairs of flights that are too close at the layers chosen."""
        pairs, bad = self.clashes.pairs, self.clashes.is_bad
        if not len(pairs):
            return []
        one, other = self.layer[pairs[:, 0]], self.layer[pairs[:, 1]]
        is_close = bad[np.arange(len(pairs)), one, other] & (one >= 0) & (other >= 0)
        return [(int(a), int(b)) for a, b in pairs[is_close]]

    def is_close(self, one: int, other: int) -> bool:
        """Whether two flights are too close at the layers chosen."""
        return any(
            beside == other and bad[self.layer[one], self.layer[other]]
            for beside, bad in self._beside.get(one, ())
        )

    def _choose_greedily(self, flights: Iterable[int]) -> None:
        chosen = np.fromiter(flights, dtype=np.int64)
        self.layer[chosen] = -1
        taken = np.array([self._taken(int(flight)) for flight in chosen]).reshape(
            -1, self.allowed.shape[1]
        )
        allowed = self.allowed[chosen]
        place = {int(flight): n for n, flight in enumerate(chosen)}
        degree = np.array([len(self._beside.get(int(flight), ())) for flight in chosen])
        is_waiting = np.ones(len(chosen), dtype=np.bool_)
        most = int(degree.max(initial=0)) + 1
        for _ in range(len(chosen)):
            options = ((taken == 0) & allowed).sum(axis=1)
            rank = np.where(is_waiting, options * most - degree, np.iinfo(np.int64).max)
            n = int(np.argmin(rank))
            is_waiting[n] = False
            flight = int(chosen[n])
            cost = np.where(allowed[n], taken[n], np.iinfo(np.int64).max)
            self.layer[flight] = min(self.wanted[flight], key=lambda layer: int(cost[layer]))
            for other, bad in self._beside.get(flight, ()):
                if other in place:
                    taken[place[other]] += bad[self.layer[flight]]

    def _taken(self, flight: int) -> Indices:
        """How many flights beside it stand in the way of each layer of a flight."""
        taken = np.zeros(self.allowed.shape[1], dtype=np.int64)
        for other, bad in self._beside.get(flight, ()):
            if self.layer[other] >= 0:
                taken += bad[:, self.layer[other]]
        return taken

    def _ball(self, flights: tuple[int, ...]) -> list[int]:
        """Some flights and those nearest to them in the graph."""
        found = dict.fromkeys(flights)
        queue = list(flights)
        for flight in queue:
            for other, _ in self._beside.get(flight, ()):
                if other not in found and len(found) < AROUND:
                    found[other] = None
                    queue.append(other)
        return list(found)

    def _search(self, flights: list[int]) -> None:
        """Find layers of some flights at which nothing is too close, if there are any."""
        before = self.layer[flights].copy()
        self.layer[flights] = -1
        options = {}
        for flight in flights:
            is_free = (self._taken(flight) == 0) & self.allowed[flight]
            options[flight] = [int(layer) for layer in self.wanted[flight] if is_free[layer]]
        found = _Search(self._beside).run(options)
        self.layer[flights] = before if found is None else [found[flight] for flight in flights]


class _Search:
    """Depth first with a look ahead, the flight with the fewest options next."""

    def __init__(self, beside: Mapping[int, Sequence[tuple[int, Flags]]]) -> None:
        self._beside = beside
        self._nodes = 0

    def run(self, options: Mapping[int, list[int]]) -> dict[int, int] | None:
        """One layer for each flight out of its options, None where none or no time is left."""
        if not options:
            return {}
        flight = min(options, key=lambda one: (len(options[one]), one))
        for layer in options[flight]:
            self._nodes += 1
            if self._nodes > MOST_NODES:
                return None
            rest = {one: left for one, left in options.items() if one != flight}
            for other, bad in self._beside.get(flight, ()):
                if other in rest:
                    rest[other] = [one for one in rest[other] if not bad[layer, one]]
            if all(rest.values()):
                found = self.run(rest)
                if found is not None:
                    return {flight: layer, **found}
        return None
