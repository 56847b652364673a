"""Where: positions, datums, airspace, paths, wind, terrain, layers and maps. Knows no orders."""
