"""The ground of a network: its DEM, the obstacles on it, and that both hold every site.

Owns the faults. The formats are those of ``geo.terrain_files``. Does not know paths.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from geo.terrain import Obstacle, Terrain, TerrainError
from routing.reading.faults import FaultList, Phrase
from routing.reading.folder import Folder
from routing.reading.network_file import NetworkFile
from routing.reading.sites import SiteRow


def read_ground(
    opened: Folder, entries: NetworkFile, rows: Sequence[SiteRow]
) -> tuple[Terrain | None, tuple[Obstacle, ...]]:
    """Terrain and obstacles that a network names; none of either with faults or without terrain."""
    if entries.terrain is None:
        if entries.obstacles is not None:
            opened.faults.add(
                "network.no-terrain",
                opened.name("network.yaml"),
                name="obstacles",
                rule="obstacles stand on terrain",
                found=Phrase("no terrain:"),
                action="name a DEM under terrain:, or leave obstacles: out",
            )
        return None, ()
    terrain = _terrain(opened, entries.terrain.file)
    obstacles = _obstacles(opened, entries.obstacles, terrain)
    if terrain is not None:
        _check_sites(terrain, rows, opened.name(entries.terrain.file), opened.faults)
    return terrain, obstacles


def _terrain(opened: Folder, name: str) -> Terrain | None:
    # Rasterio takes most of a second to import; only networks with terrain need it.
    from geo.terrain_files import read_terrain

    content = opened.read(name)
    if content is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        # GDAL opens files by name; what was read, and digested, is what it gets.
        copy = Path(folder) / Path(name).name
        copy.write_bytes(content)
        try:
            return read_terrain(copy)
        except TerrainError as error:
            opened.faults.add(
                "network.bad-terrain",
                opened.name(name),
                rule="terrain must be a GeoTIFF of heights that names its coordinate system",
                found=Phrase(str(error).replace(f"{copy.parent}/", "").partition(": ")[2]),
                action="export the DEM as GeoTIFF, in EPSG:4326 or UTM",
            )
    return None


def _obstacles(opened: Folder, name: str | None, terrain: Terrain | None) -> tuple[Obstacle, ...]:
    # For the same reason.
    from geo.terrain_files import read_obstacles

    content = None if name is None else opened.read(name)
    if name is None or content is None:
        return ()
    file = opened.name(name)
    obstacles, findings = read_obstacles(content, file)
    for found in findings.found:
        opened.faults.add_finding("network.bad-obstacle", file, found)
    for one in obstacles if terrain is not None else ():
        assert terrain is not None
        if np.isnan(terrain.at(one.lonlat)).any():
            opened.faults.add(
                "network.obstacle-off-terrain", file, place=f"obstacle {one.id}",
                name="geometry.coordinates", rule="must stand on the terrain given",
                found=Phrase("a point outside it"), action="leave it out, or give a larger DEM",
            )  # fmt: skip
    return obstacles


def _check_sites(terrain: Terrain, rows: Sequence[SiteRow], file: str, faults: FaultList) -> None:
    """Every site stands on known ground."""
    lonlat = [(row.site.lon_deg, row.site.lat_deg) for row in rows]
    for row, ground_m in zip(rows, terrain.at(lonlat), strict=True):
        if np.isnan(ground_m):
            faults.add(
                "network.site-off-terrain",
                file,
                place=f"site {row.site.id}",
                rule="the terrain must hold every site and the paths between them",
                found=Phrase("no height below it"),
                action="give a DEM of the whole county",
            )
