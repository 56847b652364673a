"""One drone, one colour: distinct, readable, stable."""

from __future__ import annotations

import re

import pytest

from geo.palette import TIER_COLOURS, ZONE_COLOURS, drone_colour, height_colours


def relative_luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of ``#rrggbb``."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_on_white(colour: str) -> float:
    return 1.05 / (relative_luminance(colour) + 0.05)


def test_thirty_six_drones_have_thirty_six_colours() -> None:
    colours = [drone_colour(index) for index in range(36)]
    assert len(set(colours)) == 36
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in colours)
    assert drone_colour(36) == drone_colour(0)


def test_first_twelve_colours_are_readable_as_graphics_on_white() -> None:
    # WCAG 2.2 success criterion 1.4.11: graphical objects need 3:1.
    assert min(contrast_on_white(drone_colour(index)) for index in range(12)) >= 3.0


def test_words_in_tier_and_zone_colours_are_readable_on_white() -> None:
    for colour in (*TIER_COLOURS.values(), *ZONE_COLOURS.values()):
        assert contrast_on_white(colour) >= 3.5, colour


def test_a_negative_place_is_refused() -> None:
    with pytest.raises(ValueError, match="starts at 0"):
        drone_colour(-1)


def test_heights_are_told_apart_on_white() -> None:
    colours = height_colours([100.0, 70.0, 80.0, 90.0, 70.0])
    assert list(colours) == [70.0, 80.0, 90.0, 100.0]
    assert len(set(colours.values())) == 4
    assert min(contrast_on_white(colour) for colour in colours.values()) >= 3.0
    assert len(set(height_colours([80.0, 100.0]).values())) == 2
    assert len(height_colours(range(60, 120, 5))) == 12
