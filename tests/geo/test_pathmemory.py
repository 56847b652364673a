"""Path tables in memory: found again, never too many."""

from __future__ import annotations

from pathlib import Path

from geo.pathmemory import KeptTables, count_bytes
from geo.paths import plan_paths
from geo.pathtable import PathTable

SITES = [(119.90, 36.78), (120.02, 36.78), (119.96, 36.90)]


def plan(buffer_m: float = 100.0, folder: Path | None = None) -> PathTable:
    return plan_paths(SITES, [], height_m_agl=100.0, buffer_m=buffer_m, cache_dir=folder)


def test_a_table_is_found_again(tmp_path: Path) -> None:
    assert plan() is plan()
    assert plan(buffer_m=101.0) is not plan()
    # Whoever names a folder wants the file in it.
    kept = plan(folder=tmp_path)
    assert kept is plan(folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 1


def test_the_table_not_used_for_longest_makes_room() -> None:
    table = plan()
    kept = KeptTables(most_bytes=2 * count_bytes(table))
    for key in ("a", "b"):
        kept.keep(key, table)
    assert kept.find("a") is table
    kept.keep("c", table)
    assert [kept.find(key) is table for key in ("a", "b", "c")] == [True, False, True]


def test_a_table_too_large_is_not_kept() -> None:
    table = plan()
    assert count_bytes(table) >= 2 * 8 * 3**2
    kept = KeptTables(most_bytes=count_bytes(table) - 1)
    kept.keep("a", table)
    assert kept.find("a") is None
