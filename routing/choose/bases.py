"""Where a second base pays: every site that is none yet, tried as one.

Owns what a new base brings and how it is judged: packs and chargers alone, and with a drone moved
there from where it is missed least. Does not know costs in money: see ``routing.whatif.costs``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.choose.value import Evaluator, Worth
from routing.network import Network
from routing.whatif.changes import AddBase, AddDrones, Change

PACKS = 2
CHARGERS = 2


@dataclass(frozen=True, slots=True)
class BaseSite:
    """One site as a base.

    Attributes:
        gain: of packs and chargers there, nothing else changed.
        moved_gain: the best with one drone moved there too; moved: its (old base, type), None
            where no drone is worth moving.
        changes: of the better of the two.
    """

    site_id: str
    gain: Worth
    moved_gain: Worth
    moved: tuple[str, str] | None
    changes: tuple[Change, ...]

    @property
    def best(self) -> Worth:
        """The better of the two gains."""
        return max(self.gain, self.moved_gain)


def rank_bases(
    evaluator: Evaluator, site_ids: Sequence[str] = (), *, moves_drones: bool = True
) -> tuple[BaseSite, ...]:
    """Sites by what they gain as a base, the best first.

    Args:
        evaluator: of the network and days.
        site_ids: sites to try; default every site that is no base.
        moves_drones: also try one drone of each base and type moved there.
    """
    network = evaluator.network
    bases = {base.site_id for base in network.bases}
    tried = site_ids or [site.id for site in network.sites if site.id not in bases]
    tried = [site_id for site_id in tried if site_id not in bases]
    ways = [_ways(network, site_id)[: None if moves_drones else 1] for site_id in tried]
    evaluator.prepare([(), *(changes for each in ways for changes in each)])
    found = [_try(evaluator, site_id, moves_drones) for site_id in tried]
    return tuple(sorted(found, key=lambda one: (one.best, one.site_id), reverse=True))


def _try(evaluator: Evaluator, site_id: str, moves_drones: bool) -> BaseSite:
    alone, *moved_ways = _ways(evaluator.network, site_id)
    gain = evaluator.gain(alone)
    best: tuple[Worth, tuple[str, str] | None, tuple[Change, ...]] = (gain, None, alone)
    if moves_drones:
        for home, way in zip(_homes(evaluator.network), moved_ways, strict=True):
            worth = evaluator.gain(way)
            if worth > best[0]:
                best = (worth, home, way)
    return BaseSite(site_id, gain, *best)


def _ways(network: Network, site_id: str) -> list[tuple[Change, ...]]:
    """What a new base may bring: packs and chargers alone, then with a drone from each home."""
    kinds = sorted({drone.type_id for drone in network.drones})
    base = AddBase(site_id, dict.fromkeys(kinds, PACKS), CHARGERS)
    moved = [
        (base, AddDrones(-1, old_base, kind), AddDrones(1, site_id, kind))
        for old_base, kind in _homes(network)
    ]
    return [(base,), *moved]


def _homes(network: Network) -> list[tuple[str, str]]:
    """Where drones live, by base and type."""
    return sorted({(drone.home_site_id, drone.type_id) for drone in network.drones})
