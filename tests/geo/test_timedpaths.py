"""Paths through a day: a zone counts exactly while it is active."""

from __future__ import annotations

from geo.timedpaths import Closure, plan_timed_paths
from geo.zones import Zone

H = 3600
SITES = [(119.90, 36.78), (120.02, 36.78)]


def box(zone_id: str, west: float, east: float, **more: object) -> Zone:
    ring = ((west, 36.77), (east, 36.77), (east, 36.79), (west, 36.79), (west, 36.77))
    rule = more.pop("rule", "prohibited")
    return Zone(zone_id, zone_id, zone_id, rule, ((ring,),), **more)  # type: ignore[arg-type]


def test_a_zone_counts_while_it_is_active() -> None:
    market = box("market", 119.95, 119.97, active=((8 * H, 12 * H), (32 * H, 36 * H)))
    paths = plan_timed_paths(SITES, [market], height_m_agl=100.0, buffer_m=100.0)
    assert paths.changes_s == (8 * H, 12 * H, 32 * H, 36 * H)
    assert paths.periods(0, 24 * H) == ((0, 8 * H), (8 * H, 12 * H), (12 * H, 24 * H))
    before, during = paths.between(0, 8 * H), paths.between(8 * H, 12 * H)
    assert len(before.path(0, 1)) == 2
    assert len(during.path(0, 1)) > 2
    # One second into the market is in it; a flight that lands as it opens is not.
    assert paths.between(8 * H - 100, 8 * H) is before
    assert paths.between(8 * H - 100, 8 * H + 1) is during
    assert paths.between(12 * H, 32 * H) is before
    assert paths.between(33 * H, 34 * H) is during


def test_a_span_over_a_change_keeps_clear_of_both() -> None:
    west = box("west", 119.93, 119.94, active=((0, 8 * H),))
    east = box("east", 119.98, 119.99, active=((8 * H, 16 * H),))
    paths = plan_timed_paths(SITES, [west, east], height_m_agl=100.0, buffer_m=100.0)
    lengths = [
        paths.between(*span).length_m[0, 1]
        for span in ((7 * H, 8 * H), (8 * H, 9 * H), (7 * H, 9 * H))
    ]
    assert lengths[2] > max(lengths[:2])


def test_no_path_is_a_finding_with_its_times() -> None:
    lid = box("lid", 119.89, 119.91, active=((8 * H, 12 * H),))
    always = box("always", 119.95, 119.96)
    paths = plan_timed_paths(SITES, [lid, always], height_m_agl=100.0, buffer_m=100.0)
    assert paths.closures(0, 1, 0, 8 * H) == ()
    assert paths.closures(0, 1, 7 * H, 9 * H) == (Closure("lid", ((8 * H, 12 * H),)),)


def test_zones_that_do_not_block_make_no_changes() -> None:
    shown = box("shown", 119.95, 119.97, rule="advisory", active=((8 * H, 12 * H),))
    paths = plan_timed_paths(SITES, [shown], height_m_agl=100.0, buffer_m=100.0)
    assert paths.changes_s == ()
    assert paths.between(0, H) is paths.between(9 * H, 10 * H)
