"""The tightest pass of a day in a sentence.

Owns the wording. Does not look for the pass (``routing.separation.tightest``).
"""

from __future__ import annotations

from routing.network import Network
from routing.report.clock import Lang, clock
from routing.report.naming import Names
from routing.report.words import word
from routing.separation.clashes import LAYER_GAP_M
from routing.separation.tightest import WITHIN_S, TightestPass


def pass_sentence(network: Network, found: TightestPass | None, lang: Lang) -> str:
    """Which two sorties pass where and when, and how far apart; empty without a separation."""
    if network.rules.separation_s <= 0:
        return ""
    if found is None:
        return word("pass.none", lang, minutes=f"{WITHIN_S / 60:.0f}")
    return word(
        "pass.tightest",
        lang,
        one=found.sortie_id,
        other=found.other_sortie_id,
        time=clock(found.time_s, lang, with_seconds=True),
        km=f"{found.distance_m / 1000:.1f}",
        site=Names(network, lang).site(found.site_id),
        lat=f"{found.lat_deg:.4f}",
        lon=f"{found.lon_deg:.4f}",
        gap=f"{found.gap_s:.0f}",
        apart=f"{found.apart_m:.0f}",
        separation=network.rules.separation_s,
        layer=f"{LAYER_GAP_M:.0f}",
    )
