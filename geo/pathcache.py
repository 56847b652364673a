"""Path tables on disk, keyed by what they were made from.

Owns the key, the file and its place. Does not know how a table is made. A file is written aside
and renamed, so that a reader finds a whole table or none; a file that cannot be read counts as
none.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely

from geo.geodesy import LonLat
from geo.groundrisk import RiskArea
from geo.pathtable import PathTable
from geo.zones import Zone

FORMAT = 3
"""Raised whenever the search or the table changes: older files are then left alone."""

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


def user_cache_dir() -> Path:
    """Where tables are kept when the caller names no place: ``$MAGPIE_CACHE``, else the user's."""
    if named := os.environ.get("MAGPIE_CACHE"):
        return Path(named) / "paths"
    if named := os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA"):
        return Path(named) / "magpie" / "paths"
    return Path.home() / ".cache" / "magpie" / "paths"


def name_table(
    sites: Sequence[LonLat],
    zones: Sequence[Zone],
    low: Sequence[Zone],
    buffer_m: float,
    risk: Sequence[RiskArea] = (),
) -> str:
    """A key of all a table depends on: sites, zones that count, low ones, buffer, risk, format."""
    sizes = [FORMAT, len(sites), len(zones), len(low), buffer_m]
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


def load_table(key: str, folder: Path) -> PathTable | None:
    """The table filed under a key, or None."""
    path = folder / f"{key}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            named = json.loads(str(stored["named"]))
            return PathTable(
                site_lonlat=tuple((lon, lat) for lon, lat in named["site_lonlat"]),
                cut_off_by=tuple(tuple(ids) for ids in named["cut_off_by"]),
                enclosed_by=tuple(
                    frozenset((number, hole, tuple(ids)) for number, hole, ids in around)
                    for around in named["enclosed_by"]
                ),
                **{name: stored[name] for name in _ARRAYS},
            )
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def save_table(table: PathTable, key: str, folder: Path) -> None:
    """File a table under a key; a place that cannot be written to is passed over in silence.

    The cache only saves time: a run without it gives the same table.
    """
    named = {
        "site_lonlat": table.site_lonlat,
        "cut_off_by": table.cut_off_by,
        "enclosed_by": [sorted(around) for around in table.enclosed_by],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".tmp", delete=False) as aside:
            arrays = {name: getattr(table, name) for name in _ARRAYS}
            np.savez(aside, named=np.array(json.dumps(named)), **arrays)
        Path(aside.name).replace(folder / f"{key}.npz")
    except OSError:
        return
