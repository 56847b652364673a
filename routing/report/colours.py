"""One colour a drone, the same on the map, the timeline and the sheets.

Owns who gets which colour of ``geo.palette`` and the ink that reads on it. Knows nothing but
drone ids, in fleet order.
"""

from __future__ import annotations

from collections.abc import Iterable

from geo.palette import drone_colour

UNKNOWN = "#6b7280"


def colour_drones(drone_ids: Iterable[str]) -> dict[str, str]:
    """Each drone's colour ``#rrggbb`` by its place in the fleet."""
    return {
        drone_id: drone_colour(place) for place, drone_id in enumerate(dict.fromkeys(drone_ids))
    }


def ink_on(colour: str) -> str:
    """White or near-black, whichever reads better on a colour (WCAG 2.2 contrast ratio)."""
    luminance = _luminance(colour)
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#111827"


def _luminance(colour: str) -> float:
    """Relative luminance of sRGB as WCAG 2.2 defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
