"""One colour a drone, the same on the map, the timeline and the sheets.

Owns the palette and the ink that is readable on it. Knows nothing but ids, in fleet order.
"""

from __future__ import annotations

from collections.abc import Iterable

# Okabe & Ito (2008) without yellow and black, then Paul Tol's "muted" scheme: both made to stay
# apart for people with a colour-vision deficiency. Labels always stand beside the colour.
PALETTE: tuple[str, ...] = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#332288",
    "#882255",
    "#999933",
    "#44AA99",
)
UNKNOWN = "#6B7280"
# Lightness of each further round through the palette: darker, then lighter than the first.
_ROUNDS: tuple[float, ...] = (0.0, -0.35, 0.40)


def colour_drones(drone_ids: Iterable[str]) -> dict[str, str]:
    """Give each drone a colour ``#RRGGBB`` by its place in the fleet; 30 drones stay distinct."""
    colours: dict[str, str] = {}
    for position, drone_id in enumerate(dict.fromkeys(drone_ids)):
        base = PALETTE[position % len(PALETTE)]
        shift = _ROUNDS[(position // len(PALETTE)) % len(_ROUNDS)]
        colours[drone_id] = shift_lightness(base, shift)
    return colours


def shift_lightness(colour: str, shift: float) -> str:
    """Mix ``#RRGGBB`` towards white (shift > 0) or black (shift < 0); shift in -1..1."""
    end = 255 if shift > 0 else 0
    mixed = (round(part + (end - part) * abs(shift)) for part in _parts(colour))
    return "#" + "".join(f"{part:02X}" for part in mixed)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on a colour (WCAG 2.1 contrast ratio)."""
    luminance = _luminance(colour)
    return "#FFFFFF" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#111827"


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB as WCAG 2.1 defines it."""
    linear = [
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
