"""The flights of a plan with their passes and layers, kept in step while sorties move.

Owns what is too close to what at the layers chosen. Does not know how a sortie is moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from geo.geodesy import Floats
from routing.network import Network
from routing.plan import Sortie
from routing.separation.clashes import is_level, is_too_close, judge_heights
from routing.separation.layers import Colouring, prefer_layers
from routing.separation.passes import Passes, find_passes
from routing.separation.room import LayerRoom
from routing.separation.tracks import Flags, Indices, Track, TrackMaker, cut_track


class Sky:
    """Flights of sorties, each with a layer.

    Attributes:
        tracks: the flights; layer: [n] index of the layer of each.
    """

    def __init__(self, network: Network, sorties: Sequence[Sortie]) -> None:
        rules = network.rules
        self.separation_s = float(rules.separation_s)
        self.layers_m = np.array(rules.flown_layers_m_agl)
        self._maker = TrackMaker(network)
        self._room = LayerRoom(network, self._maker.plane)
        self._span_m = (float(self.layers_m.min()), float(self.layers_m.max()))
        self.tracks: list[Track] = []
        self._flights: dict[int, list[int]] = {}
        allowed: list[Flags] = []
        for idx, sortie in enumerate(sorties):
            made = self._maker.of_sortie(sortie, idx)
            self._flights[idx] = list(range(len(self.tracks), len(self.tracks) + len(made)))
            self.tracks += made
            allowed += self._allowed_of(sortie)
        self._allowed = np.array(allowed, dtype=np.bool_).reshape(-1, len(self.layers_m))
        self._pieces = [cut_track(track, self._span_m) for track in self.tracks]
        self._wanted = prefer_layers(self.tracks, len(self.layers_m))
        self._is_gone = np.zeros(len(self.tracks), dtype=np.bool_)
        self._passes = self._find(None)
        self.layer = np.full(len(self.tracks), -1, dtype=np.int64)
        self._choose(range(len(self.tracks)))

    def _allowed_of(self, sortie: Sortie) -> list[Flags]:
        """The layers that each flight may take; a fixed one has its own."""
        if not sortie.is_fixed:
            return [self._room.of(flight) for flight in sortie.flights]
        layers = np.arange(len(self.layers_m))
        return [layers == flight.layer for flight in sortie.flights]

    def close_pairs(self) -> list[tuple[int, int]]:
        """Pairs of flights that are too close at their layers, in order of time."""
        pairs = self._colouring.left()
        return sorted(pairs, key=lambda pair: (self.tracks[pair[0]].takeoff_s, pair))

    def heights_of(self, sortie: int) -> list[tuple[int, float]]:
        """Layer and height above ground of each flight of a sortie."""
        layers = [int(self.layer[flight]) for flight in self._flights[sortie]]
        return [(layer, float(self.layers_m[layer])) for layer in layers]

    def snapshot(self) -> tuple[object, ...]:
        """Everything that ``change`` changes, for ``restore``."""
        return (
            list(self.tracks),
            list(self._pieces),
            self._allowed.copy(),
            self._passes,
            self.layer.copy(),
            self._is_gone.copy(),
            self._colouring,
        )

    def restore(self, kept: tuple[Any, ...]) -> None:
        """Take back every change since a snapshot."""
        self.tracks, self._pieces, self._allowed, self._passes, *kept_arrays = kept
        self.layer, self._is_gone, colouring = kept_arrays
        self._colouring = replace(colouring, allowed=self._allowed, layer=self.layer)

    def change(self, moved: Mapping[int, Sortie | None]) -> None:
        """Sorties fly at other times, or (None) no more; their layers are chosen anew."""
        changed = np.zeros(len(self.tracks), dtype=np.bool_)
        gone = np.zeros(len(self.tracks), dtype=np.bool_)
        for idx, sortie in moved.items():
            flights = self._flights[idx]
            if sortie is None:
                gone[flights] = True
                continue
            changed[flights] = True
            allowed = self._allowed_of(sortie)
            for flight, track in zip(flights, self._maker.of_sortie(sortie, idx), strict=True):
                self.tracks[flight] = track
                self._pieces[flight] = cut_track(track, self._span_m)
                self._allowed[flight] = allowed[track.leg]
        old = self._passes
        is_kept = ~(changed | gone)[old.one] & ~(changed | gone)[old.other]
        self._passes = old.keep(is_kept)
        if changed.any():
            found = self._find(changed)
            is_there = ~self._is_gone[found.one] & ~self._is_gone[found.other]
            self._passes = self._passes.join(found.keep(is_there & ~gone[found.one]))
        self._is_gone |= gone
        self.layer[gone] = -1
        self._choose(np.flatnonzero(changed))

    def least_moves(self, one: int, other: int) -> list[tuple[int, float]]:
        """Ways to part two flights that are too close: (sortie, seconds later; negative: sooner).

        The least moves of either, both ways, that clear every pass of the two at their layers.
        """
        passes = self._passes
        is_pair = (passes.one == one) & (passes.other == other)
        is_pair |= (passes.one == other) & (passes.other == one)
        found = passes.keep(is_pair & self._is_level(passes))
        sign = np.where(found.one == one, 1.0, -1.0)
        lag_s = self._lag(found)
        kept_s = self.separation_s + 2.0
        ends = np.concatenate(
            [kept_s - (found.low_s + lag_s), -kept_s - (found.high_s + lag_s)]
        ) * np.tile(sign, 2)
        moves = []
        for is_later in (True, False):
            for by_s in sorted((float(np.ceil(abs(end))) * np.sign(end) for end in ends), key=abs):
                if (by_s > 0) != is_later or by_s == 0:
                    continue
                if not is_too_close(found, lag_s + sign * by_s, self.separation_s).any():
                    moves += [(self.tracks[one].sortie, by_s), (self.tracks[other].sortie, -by_s)]
                    break
        return sorted(moves, key=lambda move: abs(move[1]))

    def _is_level(self, passes: Passes) -> Flags:
        """Whether passes are at one height, as the layers are."""
        apart_m = self.layers_m[self.layer[passes.one]] - self.layers_m[self.layer[passes.other]]
        return is_level(passes, apart_m)

    def _lag(self, passes: Passes) -> Floats:
        """Seconds that ``one`` passes later than stated, for the climbs of both."""
        climb_mps = np.array([track.climb_mps for track in self.tracks])
        lag_s = self.layers_m[self.layer] / climb_mps
        return np.where(passes.is_upright, 0.0, lag_s[passes.one] - lag_s[passes.other])

    def _find(self, changed: Flags | None) -> Passes:
        count = len(self.tracks)
        heights = (np.full(count, self._span_m[0]), np.full(count, self._span_m[1]))
        return find_passes(self.tracks, self._pieces, heights, self.separation_s + 5.0, changed)

    def _choose(self, flights: Sequence[int] | Indices | range) -> None:
        clashes = judge_heights(self._passes, self.tracks, self.layers_m, self.separation_s)
        self._colouring = Colouring(self._allowed, self._wanted, clashes, self.layer)
        self._colouring.choose(int(flight) for flight in flights)
