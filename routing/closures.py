"""Why two sites have no leg: which zone shuts the way and when, or what lifts it past the ceiling.

Owns the finding and its words. Does not know orders.
"""

from __future__ import annotations

import numpy as np

from routing.legs import LegTables
from routing.network import Network
from routing.reading.clock import format_clock


def why_no_path(
    network: Network, legs: LegTables, origin: str, destination: str
) -> tuple[str, str]:
    """What stands between two sites, in English and Chinese; empty where that is the weather."""
    i, j = legs.site_index[origin], legs.site_index[destination]
    zone_ids: dict[str, None] = {}
    for tables in legs.tables.values():
        for table in tables:
            for paths in table.paths.tables if np.isinf(table.flight_s[i, j]) else ():
                zone_ids |= dict.fromkeys(paths.blocked_by(i, j))
    if zone_ids:
        return _zones(network, zone_ids)
    table = next(iter(legs.tables.values()))[0]
    laid = table.heights.profile(table.path(i, j)) if table.paths.tables[0].has_path(i, j) else None
    if laid is None or not laid.is_too_high:
        return "", ""
    by = ", ".join(laid.raised_by)
    return (
        f"{by or 'the ground'} would lift it to {laid.highest_m_agl:.0f} m above ground, the "
        f"ceiling is {network.rules.ceiling_m_agl:.0f} m",
        f"{by or '地形'}使航线高达离地 {laid.highest_m_agl:.0f} 米，上限 "
        f"{network.rules.ceiling_m_agl:.0f} 米",
    )


def _zones(network: Network, zone_ids: dict[str, None]) -> tuple[str, str]:
    known = {zone.id: zone for zone in network.zones}
    tall = {f"obstacle:{one.id}": one for one in network.obstacles}
    en, zh = [], []
    for zone_id in zone_ids:
        if (one := tall.get(zone_id)) is not None:
            en.append(f"obstacle {one.name_en}")
            zh.append(f"障碍物“{one.name_zh}”")
            continue
        zone = known.get(zone_id)
        if zone is None:
            continue
        spans = [f"{format_clock(start_s)}-{format_clock(end_s)}" for start_s, end_s in zone.active]
        en.append(f"zone {zone.name_en} ({', '.join(spans) or 'all day'})")
        zh.append(f"空域“{zone.name_zh}”（{'、'.join(spans) or '全天'}）")
    return "; ".join(en), "；".join(zh)
