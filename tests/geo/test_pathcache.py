"""Kept path tables: the same table back, another key for other content, no half file."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from geo import pathcache, paths
from geo.pathcache import load_table, name_table, user_cache_dir
from geo.pathmemory import KeptTables
from geo.paths import plan_paths
from geo.zones import Zone

SITES = [(119.90, 36.78), (120.02, 36.78), (119.96, 36.90)]
RING = ((119.95, 36.77), (119.97, 36.77), (119.97, 36.79), (119.95, 36.79), (119.95, 36.77))
WALL = Zone("wall", "墙", "Wall", "prohibited", ((RING,),))


@pytest.fixture(autouse=True)
def no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is looked for on disk."""
    monkeypatch.setattr(paths, "_KEPT", KeptTables(most_bytes=0))


def plan(folder: Path | None, zone: Zone = WALL, buffer_m: float = 100.0):
    return plan_paths(SITES, [zone], height_m_agl=100.0, buffer_m=buffer_m, cache_dir=folder)


def test_kept_table_is_the_same(tmp_path: Path) -> None:
    fresh, first = plan(None), plan(tmp_path)
    files = list(tmp_path.iterdir())
    assert [f.suffix for f in files] == [".npz"]
    kept = plan(tmp_path)
    assert list(tmp_path.iterdir()) == files
    for table in (first, kept):
        assert np.array_equal(table.length_m, fresh.length_m)
        assert table.path(1, 0) == fresh.path(1, 0)
        assert table.cut_off_by == fresh.cut_off_by
        assert table.enclosed_by == fresh.enclosed_by


def test_key_follows_content() -> None:
    keys = {
        name_table(SITES, [WALL], [], 100.0),
        name_table(SITES[:2], [WALL], [], 100.0),
        name_table(SITES, [], [], 100.0),
        name_table(SITES, [WALL], [], 101.0),
        name_table(SITES, [replace(WALL, id="other")], [], 100.0),
        name_table(SITES, [replace(WALL, rings_lonlat=((RING[::-1],),))], [], 100.0),
    }
    assert len(keys) == 6
    assert name_table(SITES, [], [WALL], 100.0) not in keys
    # What does not change a path does not change the key.
    assert name_table(SITES, [replace(WALL, name_en="Brick wall")], [], 100.0) in keys


def test_broken_file_counts_as_none_and_is_replaced(tmp_path: Path) -> None:
    plan(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert load_table(file.stem, tmp_path) is None
    assert np.isfinite(plan(tmp_path).length_m).all()
    assert load_table(file.stem, tmp_path) is not None


def test_place_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert np.isfinite(plan(blocked).length_m).all()


@pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
def test_flipped_bytes_count_as_none(tmp_path: Path, place: float) -> None:
    fresh = plan(tmp_path)
    (file,) = tmp_path.iterdir()
    text = bytearray(file.read_bytes())
    at = int(place * len(text))
    text[at : at + 64] = bytes(255 - one for one in text[at : at + 64])
    file.write_bytes(text)
    assert np.array_equal(plan(tmp_path).length_m, fresh.length_m)


def test_file_under_another_name_counts_as_none(tmp_path: Path) -> None:
    plan(tmp_path)
    (file,) = tmp_path.iterdir()
    wrong = name_table(SITES, [WALL], [], 101.0)
    file.rename(tmp_path / f"{wrong}.npz")
    assert load_table(wrong, tmp_path) is None


def _length_m(folder: Path) -> float:
    return float(plan(folder).length_m[0, 1])


def test_processes_share_a_folder(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
        lengths = set(pool.map(_length_m, [tmp_path] * 8))
    assert lengths == {float(plan(None).length_m[0, 1])}
    assert [file.suffix for file in tmp_path.iterdir()] == [".npz"]


def test_folder_keeps_what_was_asked_for_last(tmp_path: Path, monkeypatch) -> None:
    keys = [name_table(SITES, [WALL], [], buffer_m) for buffer_m in (100.0, 101.0)]
    for buffer_m in (100.0, 101.0):
        plan(tmp_path, buffer_m=buffer_m)
    first, second = (tmp_path / f"{key}.npz" for key in keys)
    stopped = tmp_path / "stopped.tmp"
    stopped.write_bytes(b"half")
    for file, age_s in ((first, 200_000), (second, 100_000), (stopped, 100_000)):
        os.utime(file, (time.time() - age_s,) * 2)
    assert load_table(keys[0], tmp_path) is not None
    monkeypatch.setattr(pathcache, "MOST_BYTES", 2 * first.stat().st_size + 100)
    plan(tmp_path, buffer_m=102.0)
    assert first.exists()
    assert not second.exists()
    assert not stopped.exists()


def test_user_cache_dir_can_be_named(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAGPIE_CACHE", str(tmp_path))
    assert user_cache_dir() == tmp_path / "paths"
    monkeypatch.delenv("MAGPIE_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert user_cache_dir() == tmp_path / "magpie" / "paths"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", _nobody_is_home)
    assert user_cache_dir() is None


def _nobody_is_home() -> Path:
    raise RuntimeError("no home")
