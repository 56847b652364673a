"""Random days on which many drones fly at once on a few lines: made to come too close.

Everything is synthetic. Owns the strategy; knows no solver and no checker.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from routing.network import Base, Drone, Window
from tests.networks import RandomDay, days

ALL_DAY = (Window(0, 172_800),)


@st.composite
def crowds(draw: st.DrawFn, layers_m_agl: tuple[float, ...] = ()) -> RandomDay:
    """A day of ``tests.networks`` with eight drones at two bases and all orders within the hour.

    Args:
        layers_m_agl: altitude layers, the last at the cruise height of 100 m.
    """
    day = draw(days(max_sites=6, max_orders=10, has_zone=False))
    network = day.network
    sites = tuple(replace(site, pads=3, hours=ALL_DAY) for site in network.sites)
    ends = [site.id for site in sites[:2]]
    drones = tuple(Drone(f"D{n}", "hex", ends[n % 2], Window(0, 86_400)) for n in range(8))
    rules = replace(
        network.rules,
        separation_s=draw(st.sampled_from([60, 120, 300])),
        layers_m_agl=layers_m_agl,
        headway_s=0,
        has_diversion_reserve=False,
        sortie_max_s=None,
        pilot_shifts=(),
        sunrise_s=0,
        sunset_s=86_400,
    )
    return RandomDay(
        replace(
            network,
            sites=sites,
            bases=tuple(Base(end, {"hex": 6}, 4) for end in ends),
            drones=drones,
            rules=rules,
        ),
        tuple(
            replace(
                order,
                ready_s=30_000 + 120 * (n % 4),
                deadline_s=30_000 + 120 * (n % 4) + draw(st.sampled_from([1_500, 3_000, 9_000])),
                target_s=draw(st.sampled_from([None, 31_500])),
                mass_kg=4.5,
                slots=2,
                pickup_windows=(),
                delivery_windows=(),
            )
            for n, order in enumerate(day.orders)
        ),
    )
