"""Which heights two flights may not have together, and which flights no height keeps apart.

Owns the judgement of passes: layers, the separation, and the time a climb takes. Does not choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.geodesy import Floats
from routing.separation.passes import Passes
from routing.separation.tracks import Flags, Indices, Track

LAYER_GAP_M = 10.0
"""Heights nearer than this are one layer (docs/design.md, R10)."""
MARGIN_S = 1.0
"""Kept on top of the separation: the checker computes flight times another way."""


@dataclass(frozen=True, slots=True, eq=False)
class Clashes:
    """Pairs of flights that need different heights.

    Attributes:
        pairs: [p, 2] indices of tracks, the first below the second.
        is_bad: [p, layer of the first, layer of the second]: too close at these heights.
    """

    pairs: Indices
    is_bad: Flags


def judge_heights(
    passes: Passes, tracks: Sequence[Track], layers_m: Floats, separation_s: float
) -> Clashes:
    """For every pair of tracks that pass, the pairs of layers at which they are too close."""
    num = len(layers_m)
    climb_mps = np.array([track.climb_mps for track in tracks])
    lag_s = layers_m[None, :] / climb_mps[:, None] if len(tracks) else np.zeros((0, num))
    own, others = lag_s[passes.one], lag_s[passes.other]
    later_s = np.where(passes.is_upright[:, None, None], 0.0, own[:, :, None] - others[:, None, :])
    bad = is_too_close(passes, later_s, separation_s)
    bad &= is_level(passes, (layers_m[:, None] - layers_m[None, :])[None, :, :])
    swapped = passes.one > passes.other
    bad[swapped] = bad[swapped].transpose(0, 2, 1)
    ends = np.sort(np.stack([passes.one, passes.other], axis=1), axis=1)
    is_any = bad.any(axis=(1, 2))
    pairs, place = np.unique(ends[is_any], axis=0, return_inverse=True)
    joined = np.zeros((len(pairs), num, num), dtype=np.bool_)
    np.logical_or.at(joined, place.reshape(-1), bad[is_any])
    return Clashes(pairs.reshape(-1, 2), joined)


def is_level(passes: Passes, apart_m: Floats) -> Flags:
    """Whether the two of each pass may be within a layer of each other in height.

    Args:
        passes: n of them.
        apart_m: layer of ``one`` less layer of the other, [n, ...] or [1, ...].
    """
    shape = (len(passes),) + (1,) * (apart_m.ndim - 1)
    least = apart_m + passes.rise_m[:, 0].reshape(shape)
    most = apart_m + passes.rise_m[:, 1].reshape(shape)
    gap_m = LAYER_GAP_M - 1e-9
    # A climb or descent holds every height up to its own.
    return np.asarray((least < gap_m) & (passes.is_upright.reshape(shape) | (most > -gap_m)))


def is_too_close(passes: Passes, later_s: Floats, separation_s: float) -> Flags:
    """Whether passes are less than the separation apart when ``one`` comes so much later.

    Args:
        passes: n of them.
        later_s: seconds that ``one`` passes later than stated, [n, ...].
        separation_s: kept, and a margin.
    """
    shape = (len(passes),) + (1,) * (later_s.ndim - 1)
    kept_s = separation_s + MARGIN_S
    low, high = passes.low_s.reshape(shape), passes.high_s.reshape(shape)
    return np.asarray((low + later_s < kept_s) & (high + later_s > -kept_s))
