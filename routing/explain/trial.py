"""One more sortie in a plan: where an order still fits, with a resource ignored or a drone added.

Owns the proof by example: what it returns could be flown beside every sortie of the plan. Does
not know reasons or words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from routing.baseline.errand import Errand, Flyer
from routing.explain.chains import Chain, Chains
from routing.explain.ledger import Gap, Ledger, Resource, find_gaps, open_ledger
from routing.legs import LegTables
from routing.network import Drone, DroneType, Network, Window
from routing.orders import Order
from routing.plan import Plan
from routing.reading.clock import DAY_S

NONE: frozenset[Resource] = frozenset()
EARLY_S = 1800
"""A chain is first tried this long before its order is ready, then from the gap's start."""
ADDED = "+1"
"""Id of the drone that is not there."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Sorties that carry an order beside a plan.

    Attributes:
        drone: who flies them; begins_s, ends_s: first take-off and last landing.
        received_s: when the order is received.
        errands: the sorties, as booked.
    """

    drone: Drone
    begins_s: int
    ends_s: int
    received_s: int
    errands: tuple[Errand, ...]


class _Tireless(Flyer):
    """A flyer whose packs never run down."""

    def has_energy(self, outline: object, tables: object, orders: object) -> bool:
        del outline, tables, orders
        return True


@dataclass(slots=True)
class Trials:
    """Tries orders against one plan.

    Attributes:
        is_tireless: energy has no limit.
    """

    network: Network
    legs: LegTables
    plan: Plan
    is_tireless: bool = False
    _benches: dict[frozenset[Resource], tuple[Ledger, Flyer, Chains]] = field(default_factory=dict)
    _gaps: dict[str, tuple[Gap, ...]] = field(default_factory=dict)

    def find_fit(
        self,
        order: Order,
        *,
        ignored: frozenset[Resource] = NONE,
        adds_drone: bool = False,
        drones: tuple[Drone, ...] | None = None,
    ) -> Fit | None:
        """The soonest receipt of an order by sorties of its own; None when there are none.

        Args:
            order: not carried by the plan; its own deadline, windows and limits hold.
            ignored: resources without limit.
            adds_drone: fly it with one drone more, of any type of the fleet, at any base.
            drones: the drones to try instead of the fleet's (with ``adds_drone`` not used).
        """
        ledger, flyer, chains = self._bench(ignored)
        tried = self._candidates(order, chains, self._all_gaps(adds_drone, drones))
        best: Fit | None = None
        for soonest_s, gap, chain in sorted(tried, key=lambda one: (one[0], one[2].total_s)):
            if best is not None and soonest_s >= best.received_s:
                break
            fit = self._try(ledger, flyer, order, gap, chain)
            if fit is not None and (best is None or fit.received_s < best.received_s):
                best = fit
        return best

    def _bench(self, ignored: frozenset[Resource]) -> tuple[Ledger, Flyer, Chains]:
        if ignored not in self._benches:
            ledger = open_ledger(self.network, self.plan, ignored)
            sites = {site.id: site for site in self.network.sites}
            kind = _Tireless if self.is_tireless else Flyer
            flyer = kind(self.network, self.legs, ledger, sites)
            self._benches[ignored] = (ledger, flyer, Chains(self.network, flyer))
        return self._benches[ignored]

    def _all_gaps(self, adds_drone: bool, drones: tuple[Drone, ...] | None) -> Iterator[Gap]:
        if adds_drone:
            for drone in added_drones(self.network):
                yield Gap(drone, drone.home_site_id, 0, drone.home_site_id, 2 * DAY_S)
            return
        for drone in self.network.drones if drones is None else drones:
            if drone.id not in self._gaps or drones is not None:
                self._gaps[drone.id] = find_gaps(self.network, self.plan, drone)
            yield from self._gaps[drone.id]

    def _candidates(
        self, order: Order, chains: Chains, gaps: Iterator[Gap]
    ) -> Iterator[tuple[float, Gap, Chain]]:
        for gap in gaps:
            kind = self.network.drone_types[gap.drone.type_id]
            if gap.free_s > order.deadline_s or not can_hold(kind, order):
                continue
            for chain in chains.of(order, kind.id, gap.base_id, gap.next_base_id):
                carry_s = chain.lead_s - chain.before_s
                soonest_s = max(gap.free_s + chain.lead_s, order.ready_s + carry_s)
                if soonest_s <= order.deadline_s and gap.free_s + chain.total_s <= gap.until_s:
                    yield soonest_s, gap, chain

    def _try(
        self, ledger: Ledger, flyer: Flyer, order: Order, gap: Gap, chain: Chain
    ) -> Fit | None:
        start_s = max(gap.free_s, int(order.ready_s - chain.before_s) - EARLY_S)
        for from_s in dict.fromkeys((start_s, gap.free_s)):
            mark = ledger.mark()
            errands = self._fly(ledger, flyer, order, gap, chain, from_s)
            ledger.undo(mark)
            if errands is not None:
                received_s = errands[chain.carrying_idx].received_s
                ends = (errands[0].start_s, errands[-1].end_s)
                return Fit(gap.drone, *ends, received_s, tuple(errands))
        return None

    def _fly(
        self, ledger: Ledger, flyer: Flyer, order: Order, gap: Gap, chain: Chain, takeoff_s: int
    ) -> list[Errand] | None:
        turnaround_s = self.network.drone_types[gap.drone.type_id].turnaround_s
        # The duty of the gap's drone ends the sortie; the gap may end sooner.
        drone = replace(gap.drone, duty=Window(gap.drone.duty.start_s, gap.until_s))
        errands: list[Errand] = []
        for idx, outline in enumerate(chain.outlines):
            ledger.expect(outline.site_ids[-1], chain.durations_s[idx])
            load = (order,) if idx == chain.carrying_idx else ()
            errand = flyer.fly(outline, drone, load, takeoff_s)
            if errand is None:
                return None
            errands.append(errand)
            takeoff_s = errand.end_s + turnaround_s
        return errands


def can_hold(kind: DroneType, order: Order) -> bool:
    """Whether mass, places and temperature band of an order fit a drone type."""
    return (
        order.mass_kg <= kind.payload_max_kg - kind.box_tare_kg + 1e-9
        and order.slots <= kind.slots
        and (order.band == "any" or kind.compartments > 0)
    )


def added_drones(network: Network) -> tuple[Drone, ...]:
    """One drone more of each type of the fleet at each base, on duty all day."""
    types = sorted({drone.type_id for drone in network.drones})
    return tuple(
        Drone(f"{ADDED}/{type_id}/{base.site_id}", type_id, base.site_id, Window(0, 2 * DAY_S))
        for type_id in types
        for base in network.bases
    )
