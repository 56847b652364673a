"""The colours of maps and charts, so that one drone has one colour everywhere.

Owns colours only. Does not know what is drawn with them.
"""

from __future__ import annotations

import colorsys
from collections.abc import Iterable
from types import MappingProxyType

# Twelve hues of near-equal weight on a light ground; neighbours in the list differ in hue and in
# lightness, so the first eight stay apart for the common colour-vision deficiencies.
_HUES = (
    "#2563c9",
    "#d9480f",
    "#0b8a5f",
    "#9333c7",
    "#b97a00",
    "#0b8fae",
    "#d6336c",
    "#5c7f14",
    "#5246c9",
    "#96502a",
    "#3b6f8c",
    "#a8328a",
)

# Each further round of the hues is this much darker or lighter, then the rounds repeat.
_ROUND_LIGHTNESS = (0.0, -0.13, 0.12)

TIER_COLOURS = MappingProxyType({"stat": "#c92a2a", "urgent": "#c46a00", "routine": "#3b6f8c"})
"""Colour of an order's tier."""

ZONE_COLOURS = MappingProxyType(
    {
        "prohibited": "#c92a2a",
        "authorisation": "#c2560c",
        "conditional": "#a87900",
        "advisory": "#3b78b5",
    }
)
"""Colour of a zone's rule."""


_HEIGHTS = ("#d9730d", "#c2255c", "#7048c4", "#1c6dbf", "#0b7a6b")
"""From low to high; all of them stand out from a light ground."""


def height_colours(heights_m: Iterable[float]) -> dict[float, str]:
    """Height -> colour (``#rrggbb``) of some heights of flight, from low to high.

    They are spread over the colours; of more than five, neighbours may share one.
    """
    rising = sorted(set(heights_m))
    step = (len(_HEIGHTS) - 1) / max(1, len(rising) - 1)
    return {height_m: _HEIGHTS[round(place * step)] for place, height_m in enumerate(rising)}


def drone_colour(index: int) -> str:
    """The colour of the drone at a place (from 0) in the fleet's order, as ``#rrggbb``.

    The first 36 places have different colours; after that they repeat.

    Raises:
        ValueError: the index is negative.
    """
    if index < 0:
        raise ValueError(f"a drone's place in the fleet starts at 0, got {index}")
    base = _HUES[index % len(_HUES)]
    shift = _ROUND_LIGHTNESS[index // len(_HUES) % len(_ROUND_LIGHTNESS)]
    return base if shift == 0.0 else _shift_lightness(base, shift)


def _shift_lightness(colour: str, shift: float) -> str:
    """The same hue, lighter (shift > 0) or darker, kept inside readable limits."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    lightness = min(0.72, max(0.18, lightness + shift))
    shifted = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in shifted)
