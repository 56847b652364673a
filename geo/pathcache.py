"""Path tables on disk, keyed by what they were made from.

Owns the key, the file, its place and how much is kept. Does not know how a table is made. A file
is written aside and renamed, so that a reader, also in another process, finds a whole table or
none; a file that cannot be read, or holds another table than its name says, counts as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import shapely

from geo.geodesy import LonLat
from geo.groundrisk import RiskArea
from geo.pathtable import PathTable
from geo.zones import Zone

MOST_BYTES = 500_000_000
"""What a folder may hold; the tables that were not asked for longest go first. A table of 1,000
sites takes about 40 MB, one of 24 sites 50 kB."""
_ASIDE, _ASIDE_S = ".tmp", 86_400.0
"""Ending of a file that is being written; one older than a day will not be finished."""
_SOURCES = Path(__file__).resolve().parent

_ARRAYS = (
    "length_m",
    "worth_m",
    "corner_lonlat",
    "port_lonlat",
    "port_before",
    "last_corner",
    "leave_port",
    "arrive_port",
    "corner_before",
)


def user_cache_dir() -> Path | None:
    """Where tables are kept when the caller names no place: ``$MAGPIE_CACHE``, else the user's;
    None for a user without a home."""
    if named := os.environ.get("MAGPIE_CACHE"):
        return Path(named) / "paths"
    if named := os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA"):
        return Path(named) / "magpie" / "paths"
    try:
        return Path.home() / ".cache" / "magpie" / "paths"
    except RuntimeError:
        return None


def name_table(
    sites: Sequence[LonLat],
    zones: Sequence[Zone],
    low: Sequence[Zone],
    buffer_m: float,
    risk: Sequence[RiskArea] = (),
) -> str:
    """A key of all a table depends on: sites, zones that count, low ones, buffer, risk, program."""
    sizes = [_program_digest(), len(sites), len(zones), len(low), buffer_m]
    digest = hashlib.sha256(json.dumps(sizes).encode())
    digest.update(np.asarray(sites, dtype=np.float64).tobytes())
    for zone in (*zones, *low):
        digest.update(
            json.dumps([zone.id, [[len(r) for r in p] for p in zone.rings_lonlat]]).encode()
        )
        for rings in zone.rings_lonlat:
            for ring in rings:
                digest.update(np.asarray(ring, dtype=np.float64).tobytes())
    for area in risk:
        digest.update(json.dumps(area.price).encode() + shapely.to_wkb(area.shape_lonlat))
    return digest.hexdigest()


@cache
def _program_digest() -> str:
    """Digest of the source text that tables are made by: another search, other tables."""
    total = hashlib.sha256()
    for path in sorted(_SOURCES.glob("*.py")):
        total.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def load_table(key: str, folder: Path) -> PathTable | None:
    """The table filed under a key, or None."""
    path = folder / f"{key}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            named = json.loads(str(stored["named"]))
            if named["key"] != key:
                return None
            table = PathTable(
                site_lonlat=tuple((lon, lat) for lon, lat in named["site_lonlat"]),
                cut_off_by=tuple(tuple(ids) for ids in named["cut_off_by"]),
                enclosed_by=tuple(
                    frozenset((number, hole, tuple(ids)) for number, hole, ids in around)
                    for around in named["enclosed_by"]
                ),
                **{name: stored[name] for name in _ARRAYS},
            )
        path.touch()
    except (OSError, ValueError, TypeError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
    return table


def save_table(table: PathTable, key: str, folder: Path) -> None:
    """File a table under a key; a place that cannot be written to is passed over in silence.

    The cache only saves time: a run without it gives the same table.
    """
    named = {
        "key": key,
        "site_lonlat": table.site_lonlat,
        "cut_off_by": table.cut_off_by,
        "enclosed_by": [sorted(around) for around in table.enclosed_by],
    }
    arrays = {name: getattr(table, name) for name in _ARRAYS}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, suffix=_ASIDE)
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as aside:
            np.savez(aside, named=np.array(json.dumps(named)), **arrays)
        Path(name).replace(folder / f"{key}.npz")
        _trim(folder)
    except OSError:
        pass
    finally:
        Path(name).unlink(missing_ok=True)


def _trim(folder: Path) -> None:
    """Drop what was not asked for longest, and what a stopped run left aside long ago."""
    now_s = time.time()
    kept = 0
    for age_s, size, path in sorted(_sizes(folder, now_s)):
        kept += size
        if kept > MOST_BYTES or (path.suffix == _ASIDE and age_s > _ASIDE_S):
            path.unlink(missing_ok=True)


def _sizes(folder: Path, now_s: float) -> Iterator[tuple[float, int, Path]]:
    """Age, bytes and path of what a folder keeps; another process may be trimming it too."""
    for path in folder.iterdir():
        if path.suffix in (".npz", _ASIDE):
            try:
                known = path.stat()
            except FileNotFoundError:
                continue
            yield now_s - known.st_mtime, known.st_size, path
