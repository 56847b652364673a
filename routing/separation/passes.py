"""Where and when any two tracks come near each other: all pairs at once, in numpy.

Owns the geometry of the planner's side of R10. Does not choose heights or times. Stricter than the
rule by small margins, so that what is clear here is clear for whoever computes it another way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from geo.geodesy import Floats
from routing.separation.tracks import Flags, Indices, Track

MARGIN_M = 1.0
"""Added to a corridor, and taken off the surroundings of shared pads: the checker's plane is
another one."""
SHARED_PAD_M = 500.0
"""Nearer than this to a pad that both use the rule leaves drones to R8."""
_CHUNK = 256


@dataclass(frozen=True, slots=True, eq=False)
class Passes:
    """Pairs of tracks whose paths share a corridor, one entry for each stretch of it.

    Attributes:
        one, other: indices of the tracks; ``one`` cruises there.
        is_upright: the other climbs or descends there, otherwise it cruises.
        low_s, high_s: least and greatest time from the other's pass to that of ``one``, signed;
            where both cruise, the time of their climbs is not yet in it.
        time_s, xy_m: when (of ``one``) and where the tightest pass is; its climb not yet in it.
        rise_m: least and greatest height of the base of ``one`` above that of the other (see
            ``Track``) [n, 2]; what their layers differ by comes on top.
    """

    one: Indices
    other: Indices
    is_upright: Flags
    low_s: Floats
    high_s: Floats
    time_s: Floats
    xy_m: Floats
    rise_m: Floats

    def __len__(self) -> int:
        return len(self.one)

    def keep(self, chosen: Flags) -> Passes:
        """The chosen entries."""
        return Passes(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def join(self, more: Passes) -> Passes:
        """These entries and more."""
        return Passes(
            *(
                np.concatenate([getattr(self, field.name), getattr(more, field.name)])
                for field in fields(self)
            )
        )


def find_passes(
    tracks: Sequence[Track],
    pieces: Sequence[Floats],
    heights_m: tuple[Floats, Floats],
    within_s: float,
    changed: Flags | None = None,
    margin_m: float = MARGIN_M,
) -> Passes:
    """Passes of tracks of different drones that may come within some seconds of each other.

    Args:
        tracks: all of them; pieces: of each (see ``cut_track``).
        heights_m: least and greatest height each may fly at [n].
        within_s: passes farther apart in time are left out.
        changed: only passes of these tracks with any; None for all.
        margin_m: added to every corridor, and taken off the surroundings of shared pads.
    """
    climb_mps = np.array([track.climb_mps for track in tracks])
    lag_s = np.stack([part / climb_mps for part in heights_m], axis=1)
    pairs = _Pairs(tracks, pieces, lag_s, margin_m)
    reach_s = within_s + float(lag_s.max(initial=0.0))
    cruising = ~pairs.is_upright
    everything = np.arange(len(pairs.owner))
    if changed is None:
        rows = [(np.flatnonzero(cruising), everything)]
    else:
        is_new = changed[pairs.owner]
        rows = [
            (np.flatnonzero(cruising & is_new), everything),
            (np.flatnonzero(cruising & ~is_new), np.flatnonzero(is_new)),
        ]
    found = [pairs.measure(*pairs.near(some, others, reach_s)) for some, others in rows]
    passes = found[0]
    for more in found[1:]:
        passes = passes.join(more)
    slack_s = np.where(passes.is_upright, 0.0, reach_s - within_s)
    return passes.keep((passes.low_s < within_s + slack_s) & (passes.high_s > -within_s - slack_s))


class _Pairs:
    """Pieces of tracks as arrays, and the stretches where two of them share a corridor."""

    def __init__(
        self,
        tracks: Sequence[Track],
        pieces: Sequence[Floats],
        lag_s: Floats,
        margin_m: float,
    ) -> None:
        self.margin_m = margin_m
        table = np.concatenate([np.zeros((0, 9)), *pieces])
        counts = [len(rows) for rows in pieces]
        self.owner = np.repeat(np.arange(len(tracks)), counts)
        self.xy_m, self.step_m = table[:, :2], table[:, 2:4]
        self.start_s, self.end_s = table[:, 4], table[:, 5]
        self.is_upright = table[:, 6] == 1.0
        self.base_m = table[:, 7:9]
        self.lag_s = lag_s
        self.drone = np.array([one.drone for one in tracks], dtype=np.int64)
        self.error_m = np.array([one.error_m for one in tracks])
        self.pads_m = np.array([one.pads_m for one in tracks]).reshape(-1, 2, 2)
        self.pads = np.array([one.pads for one in tracks], dtype=np.int64).reshape(-1, 2)

    def near(self, some: Indices, others: Indices, reach_s: float) -> tuple[Indices, Indices]:
        """Pairs of pieces of different drones near in time whose boxes meet."""
        margin_m = (self.error_m[self.owner] + self.margin_m)[:, None]
        low = np.minimum(self.xy_m, self.xy_m + self.step_m) - margin_m
        high = np.maximum(self.xy_m, self.xy_m + self.step_m) + margin_m
        drone = self.drone[self.owner]
        some, others = (rows[np.argsort(self.start_s[rows])] for rows in (some, others))
        starts_s = self.start_s[others]
        longest_s = float((self.end_s - self.start_s).max(initial=0.0))
        found: list[tuple[Indices, Indices]] = []
        for at in range(0, len(some), _CHUNK):
            rows = some[at : at + _CHUNK]
            # Only what is flown about the time of these rows is compared with them.
            first_s, last_s = float(self.start_s[rows[0]]), float(self.end_s[rows].max())
            low_at = int(np.searchsorted(starts_s, first_s - reach_s - longest_s))
            high_at = int(np.searchsorted(starts_s, last_s + reach_s))
            about = others[low_at:high_at]
            a, b = rows[:, None], about[None, :]
            is_near = self.start_s[a] < self.end_s[b] + reach_s
            is_near &= self.start_s[b] < self.end_s[a] + reach_s
            is_near &= drone[a] != drone[b]
            for axis in (0, 1):
                is_near &= low[a, axis] <= high[b, axis]
                is_near &= low[b, axis] <= high[a, axis]
            first, second = np.nonzero(is_near)
            found.append((rows[first], about[second]))
        empty = np.zeros(0, dtype=np.int64)
        return (
            np.concatenate([empty, *(first for first, _ in found)]),
            np.concatenate([empty, *(second for _, second in found)]),
        )

    def measure(self, a: Indices, b: Indices) -> Passes:
        """The passes of pairs of pieces, each stretch of a shared corridor for itself."""
        low, high = _corridor_spans(
            self.xy_m[a] - self.xy_m[b],
            self.step_m[a],
            self.step_m[b],
            self.is_upright[b],
            self._widths(a, b),
        )
        low, high = _cut_out(low, high, self._pad_spans(a, b))
        row, _ = np.nonzero(low < high)
        shares = np.stack([low[low < high], high[low < high]], axis=1)
        a, b = a[row], b[row]
        gaps = self._gaps(a, b, shares)
        crossing = gaps[:, 0] * gaps[:, 1] < 0.0
        step = np.where(crossing, gaps[:, 0] - gaps[:, 1], 1.0)
        middle = shares[:, 0] + (shares[:, 1] - shares[:, 0]) * gaps[:, 0] / step
        end = np.where(np.abs(gaps[:, 0]) <= np.abs(gaps[:, 1]), shares[:, 0], shares[:, 1])
        share = np.where(crossing, middle, end)
        return Passes(
            one=self.owner[a],
            other=self.owner[b],
            is_upright=self.is_upright[b],
            low_s=gaps.min(axis=1, initial=np.inf),
            high_s=gaps.max(axis=1, initial=-np.inf),
            time_s=self.start_s[a] + share * (self.end_s[a] - self.start_s[a]),
            xy_m=self.xy_m[a] + share[:, None] * self.step_m[a],
            rise_m=self.base_m[a] - self.base_m[b][:, ::-1],
        )

    def _widths(self, a: Indices, b: Indices) -> Floats:
        owner = self.owner
        return np.asarray(self.error_m[owner[a]] + self.error_m[owner[b]] + self.margin_m)

    def _pad_spans(self, a: Indices, b: Indices) -> list[tuple[Floats, Floats]]:
        """Shares of pieces ``a`` near each pad that both use; (inf, inf) where there is none."""
        one, other = self.owner[a], self.owner[b]
        spans = []
        for end in (0, 1):
            is_shared = (self.pads[one, end][:, None] == self.pads[other]).any(axis=1)
            away = self.xy_m[a] - self.pads_m[one, end]
            radius_m = np.full(len(a), SHARED_PAD_M - self.margin_m)
            low, high = _near_point(away, self.step_m[a], radius_m)
            is_met = is_shared & (low < high)
            spans.append((np.where(is_met, low, np.inf), np.where(is_met, high, np.inf)))
        return spans

    def _gaps(self, a: Indices, b: Indices, shares: Floats) -> Floats:
        """Signed seconds from the other's pass to that of ``a`` at two shares each [n, 2]."""
        lasts_s = (self.end_s - self.start_s)[:, None]
        passes_s = self.start_s[a][:, None] + shares * lasts_s[a]
        offset = (self.xy_m[a] - self.xy_m[b])[:, None, :] + shares[:, :, None] * self.step_m[a][
            :, None, :
        ]
        square = np.maximum((self.step_m[b] ** 2).sum(axis=1), 1e-12)[:, None]
        opposite = np.clip((offset * self.step_m[b][:, None, :]).sum(axis=2) / square, 0.0, 1.0)
        both_cruise = passes_s - self.start_s[b][:, None] - opposite * lasts_s[b]
        # A climb holds its place for a while; the cruise comes there after its own climb.
        late_s = passes_s + self.lag_s[self.owner[a]]
        before = np.minimum(0.0, late_s - self.start_s[b][:, None])
        upright = before + np.maximum(0.0, late_s - self.end_s[b][:, None])
        return np.asarray(np.where(self.is_upright[b][:, None], upright, both_cruise))


def _corridor_spans(
    offset: Floats, step: Floats, other: Floats, is_upright: Flags, width_m: Floats
) -> tuple[Floats, Floats]:
    """Up to three spans of each first piece (0-1) within the corridor of the second [n, 3]."""
    square = np.maximum((other**2).sum(axis=1), 1e-12)
    along = (offset * other).sum(axis=1) / square
    gain = (step * other).sum(axis=1) / square
    turns = np.abs(gain) > 1e-12
    safe = np.where(turns, gain, 1.0)
    cuts = np.sort(
        np.clip(np.stack([-along / safe, (1.0 - along) / safe], axis=1), 0.0, 1.0), axis=1
    )
    cuts = np.where(turns[:, None], cuts, np.array([0.0, 1.0]))
    cuts = np.where(is_upright[:, None], np.array([0.0, 1.0]), cuts)
    edges = np.column_stack([np.zeros(len(cuts)), cuts, np.ones(len(cuts))])
    beside = _near_line(offset, step, other, np.sqrt(square), width_m)
    before = _near_point(offset, step, width_m)
    after = _near_point(offset - other, step, width_m)
    lows, highs = [], []
    for part in range(3):
        low, high = edges[:, part], edges[:, part + 1]
        middle = along + gain * (low + high) / 2.0
        is_before = (middle < 0.0) | is_upright
        span = [
            np.where(is_before, first, np.where(middle > 1.0, last, line))
            for first, last, line in zip(before, after, beside, strict=True)
        ]
        lows.append(np.maximum(low, span[0]))
        highs.append(np.minimum(high, span[1]))
    return np.stack(lows, axis=1), np.stack(highs, axis=1)


def _near_line(
    offset: Floats, step: Floats, other: Floats, length_m: Floats, width_m: Floats
) -> tuple[Floats, Floats]:
    """Shares of a piece within a width of the endless line through another; empty: low > high."""
    off_m = (offset[:, 0] * other[:, 1] - offset[:, 1] * other[:, 0]) / length_m
    slope_m = (step[:, 0] * other[:, 1] - step[:, 1] * other[:, 0]) / length_m
    is_parallel = np.abs(slope_m) < 1e-9
    safe = np.where(is_parallel, 1.0, slope_m)
    ends = np.stack([(-width_m - off_m) / safe, (width_m - off_m) / safe])
    is_inside = np.abs(off_m) <= width_m
    low = np.where(is_parallel, np.where(is_inside, 0.0, np.inf), ends.min(axis=0))
    high = np.where(is_parallel, np.where(is_inside, 1.0, -np.inf), ends.max(axis=0))
    return low, high


def _near_point(offset: Floats, step: Floats, radius_m: Floats) -> tuple[Floats, Floats]:
    """Shares of a piece within a radius of the origin; empty: low > high."""
    square = np.maximum((step**2).sum(axis=1), 1e-12)
    half = (offset * step).sum(axis=1)
    root = half**2 - square * ((offset**2).sum(axis=1) - radius_m**2)
    is_met = root > 0.0
    width = np.sqrt(np.where(is_met, root, 0.0))
    low = np.where(is_met, (-half - width) / square, np.inf)
    high = np.where(is_met, (-half + width) / square, -np.inf)
    return low, high


def _cut_out(
    low: Floats, high: Floats, holes: list[tuple[Floats, Floats]]
) -> tuple[Floats, Floats]:
    """Spans [n, k] without two holes each [n]: what lies before, between and after [n, 3 k]."""
    starts = np.stack([start for start, _ in holes], axis=1)
    ends = np.stack([end for _, end in holes], axis=1)
    order = np.argsort(starts, axis=1)
    starts = np.take_along_axis(starts, order, axis=1)
    ends = np.take_along_axis(ends, order, axis=1)
    first, second = starts[:, :1], starts[:, 1:]
    lows = [low, np.maximum(low, ends[:, :1]), np.maximum(low, ends.max(axis=1, keepdims=True))]
    highs = [np.minimum(high, first), np.minimum(high, second), high]
    return np.concatenate(lows, axis=1), np.concatenate(highs, axis=1)
