"""One colour a drone, and ink that reads on it."""

from __future__ import annotations

from routing.report.colours import colour_drones, ink_on


def test_a_drone_keeps_its_colour_when_others_do_not_fly() -> None:
    fleet = [f"D{number}" for number in range(30)]
    colours = colour_drones(fleet)
    assert len(set(colours.values())) == 30
    assert colour_drones(fleet[:5]) == {drone: colours[drone] for drone in fleet[:5]}


def test_ink_reads_on_its_ground() -> None:
    assert ink_on("#000000") == "#ffffff"
    assert ink_on("#ffffff") == "#111827"
    # Contrasts with #b97a00: white 3.6, black 5.9 (WCAG 2.2).
    assert ink_on("#b97a00") == "#111827"
