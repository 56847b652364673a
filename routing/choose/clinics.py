"""Which clinics next: the best K candidates under the fleet there is, in order, with a bound.

Owns the recipe: candidates alone, the best set by quick plans, its order, the same set planned in
full, how far quick plans are off, and how much better any other set could be. Does not read
candidates and does not print.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from routing.choose.crew import hire
from routing.choose.sets import find_best_set, rank_correlation
from routing.choose.value import (
    FULL_ITERATIONS,
    QUICK_ITERATIONS,
    Evaluator,
    LegsKept,
    Worth,
    most_score,
    score_of,
)
from routing.demand_file import DemandModel
from routing.network import Network
from routing.plan import Plan
from routing.whatif.changes import AddDrones, AddPacks, AddSite, Change
from routing.whatif.scenario import Scenario, apply_scenario
from routing.whatif.sweep import Day

Gain = Callable[[frozenset[int]], Worth]
CHECKED = 6
"""Candidates alone that are also planned in full, spread over the ranking."""
SETTLING = 4
"""Full searches, one after another, of the days as they are."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate alone.

    Attributes:
        gain: what it is worth alone, by quick plans; most: a proven upper bound of its score.
        marginal: what the chosen set loses without it, None for one not chosen.
        people: people it would reach, None when not given.
    """

    site_id: str
    gain: Worth
    most: float
    marginal: Worth | None
    people: float | None


@dataclass(frozen=True, slots=True)
class ProxyError:
    """How far quick plans are from full ones, over the sets planned both ways.

    Attributes:
        num: sets; mean_abs, worst_abs: difference of the gain, weighted orders a day.
        bias: mean of quick minus full; rank: Spearman's correlation of the two.
    """

    num: int
    mean_abs: float
    worst_abs: float
    bias: float
    rank: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates to add next under one fleet.

    Attributes:
        extra_drones: drones above the fleet there is.
        candidates: all, the most valuable alone first.
        order: site ids of the set, in the order in which to add them.
        gains: by quick plans, of each prefix of the order; full_gain: the whole set in full.
        singles_gain: of the K best alone taken together (quick plans).
        bound: no set of K is worth more, whatever is planned (score of ``Worth``).
        is_exhaustive: every set was tried by quick plans.
        proxy: how far quick plans are off.
        plans: plans made for it.
        changes: the drones more and the sites of the set.
    """

    extra_drones: int
    candidates: tuple[Candidate, ...]
    order: tuple[str, ...]
    gains: tuple[Worth, ...]
    full_gain: Worth
    singles_gain: Worth
    bound: float
    is_exhaustive: bool
    proxy: ProxyError
    plans: int
    changes: tuple[Change, ...]

    @property
    def most_better(self) -> float:
        """How much better any other set could be, at most: weighted orders a day."""
        return max(0.0, self.bound - self.full_gain.score)


def choose_clinics(
    network: Network,
    days: Sequence[Day],
    candidates: Sequence[AddSite],
    size: int,
    demand: DemandModel | None,
    *,
    more_drones: Sequence[int] = (0,),
    drone: tuple[str, str] | None = None,
    people: Mapping[str, float] | None = None,
    quick: int = QUICK_ITERATIONS,
    full: int = FULL_ITERATIONS,
    seed: int = 1,
    workers: int | None = 1,
    cache_dir: Path | None = None,
) -> tuple[Choice, ...]:
    """Choose ``size`` of the candidates, once for each number of drones more.

    Args:
        network, days: as they are; a candidate's orders are drawn for each day with its seed.
        candidates: new sites with distinct ids.
        demand: the demand model of candidates without orders of their own.
        more_drones: e.g. (0, 1, 2): the fleet there is, one more, two more.
        drone: base and type of the drones more, each with two packs; default the hub's most
            common type.
        people: people in reach of each candidate, by site id; default its population.
        quick, full: iterations of a plan while searching, and of a plan that is shown.
        workers: processes; None for one a core. The answer does not depend on it.
        cache_dir: where paths are kept from run to run (``routing.legs.build_legs``).

    Raises:
        InputError: a candidate that is already there, inside a prohibited zone, and the like.
        ValueError: no candidates, or a size below 1.
    """
    if not candidates or size < 1:
        raise ValueError("needs candidates and a size of at least 1")
    apply_scenario(network, (), Scenario("candidates", tuple(candidates)), demand)
    legs = LegsKept(cache_dir)
    chooser = _Chooser(network, tuple(days), tuple(candidates), size, demand, people or {}, legs)
    return tuple(
        chooser.choose(number, _more(network, number, drone), quick, full, seed, workers)
        for number in more_drones
    )


def _more(network: Network, number: int, drone: tuple[str, str] | None) -> tuple[Change, ...]:
    """Drones more, each with two packs: one to fly and one to charge."""
    if number == 0:
        return ()
    if drone is None:
        at_hub = [one.type_id for one in network.drones if one.home_site_id == network.hub_id]
        kinds = at_hub or [one.type_id for one in network.drones]
        drone = (network.hub_id, max(sorted(set(kinds)), key=kinds.count))
    return (AddPacks(2 * number, *drone), AddDrones(number, *drone))


def settle(evaluator: Evaluator, changes: Sequence[Change]) -> tuple[Plan, ...]:
    """Plans of the days with some changes, searched until little is left to find.

    Every gain is counted from them: what a longer search still found there would count as a loss
    of every candidate.
    """
    best: tuple[Plan, ...] = ()
    for seed in range(evaluator.seed, evaluator.seed + SETTLING):
        again = replace(evaluator, seed=seed, start=best)
        found = tuple(plan for _, _, plan in again.plans(changes))
        pairs = zip(best or found, found, strict=True)
        best = tuple(min(pair, key=lambda plan: plan.objective.ranking) for pair in pairs)
        evaluator.num_plans = again.num_plans
    return best


@dataclass(slots=True)
class _Chooser:
    network: Network
    days: tuple[Day, ...]
    candidates: tuple[AddSite, ...]
    size: int
    demand: DemandModel | None
    people: Mapping[str, float]
    legs: LegsKept
    _most: list[float] = field(default_factory=list)

    def choose(
        self,
        number: int,
        more: tuple[Change, ...],
        quick: int,
        full: int,
        seed: int,
        workers: int | None,
    ) -> Choice:
        fast = Evaluator(self.network, self.days, self.demand, quick, seed, self.legs)
        slow = Evaluator(self.network, self.days, self.demand, full, seed, self.legs)
        fast.start = slow.start = settle(slow, more)
        with hire(fast, slow, workers=workers):
            return self._choose(number, more, fast, slow)

    def _choose(
        self, number: int, more: tuple[Change, ...], fast: Evaluator, slow: Evaluator
    ) -> Choice:
        def changes(chosen: frozenset[int]) -> tuple[Change, ...]:
            return more + tuple(self.candidates[one] for one in sorted(chosen))

        def gain(chosen: frozenset[int], by: Evaluator = fast) -> Worth:
            return by.worth(changes(chosen)).minus(by.worth(more))

        def prepare(sets: Sequence[frozenset[int]], by: Evaluator = fast) -> None:
            by.prepare([changes(one) for one in sets])

        best = find_best_set(len(self.candidates), self.size, gain, prepare=prepare)
        whole = frozenset(best.order)
        singles = sorted(
            range(len(self.candidates)),
            key=lambda one: (gain(frozenset({one})), -one),
            reverse=True,
        )
        checked = [frozenset({one}) for one in _spread(singles)]
        checked += [frozenset(best.order[: k + 1]) for k in range(1, len(best.order))]
        prepare([frozenset(), whole, *dict.fromkeys(checked)], slow)
        pairs = [(gain(one).score, gain(one, slow).score) for one in dict.fromkeys(checked)]
        return Choice(
            extra_drones=number,
            candidates=tuple(self._candidate(one, whole, gain) for one in singles),
            order=tuple(self.candidates[one].site.id for one in best.order),
            gains=best.worths,
            full_gain=gain(whole, slow),
            singles_gain=gain(frozenset(singles[: self.size])),
            bound=self._bound(slow, more),
            is_exhaustive=best.is_exhaustive,
            proxy=_proxy_error(pairs),
            plans=fast.num_plans + slow.num_plans,
            changes=changes(whole),
        )

    def _candidate(self, one: int, whole: frozenset[int], gain: Gain) -> Candidate:
        site_id = self.candidates[one].site.id
        marginal = gain(whole).minus(gain(whole - {one})) if one in whole else None
        alone = gain(frozenset({one}))
        people = self.people.get(site_id, self.candidates[one].population)
        return Candidate(site_id, alone, self._most_of()[one], marginal, people)

    def _most_of(self) -> list[float]:
        """Upper bound of each candidate's score, mean over the days; no fleet is too small."""
        if not self._most:
            for candidate in self.candidates:
                scores = []
                for day in self.days:
                    scenario = Scenario("try", (candidate,))
                    network, orders = apply_scenario(
                        day.network or self.network,
                        day.orders,
                        scenario,
                        self.demand,
                        seed=day.seed,
                    )
                    old = {order.id for order in day.orders}
                    new = [order for order in orders if order.id not in old]
                    scores.append(most_score(network, new, self.legs.of(network)))
                self._most.append(sum(scores) / len(scores))
        return self._most

    def _bound(self, slow: Evaluator, more: tuple[Change, ...]) -> float:
        """No set of this size gains more: the K largest bounds, and all that the old sites' orders
        could still gain above the plan of the fleet as it is compared with. A candidate with a
        service would draw old orders to itself: then nothing is proven."""
        if any(candidate.site.services for candidate in self.candidates):
            return math.inf
        room = 0.0
        for day, (network, orders, plan) in zip(self.days, slow.plans(more), strict=True):
            before = day.network or self.network
            most = most_score(before, day.orders, self.legs.of(before))
            room += most - score_of(network, orders, plan)
        largest = sorted(self._most_of(), reverse=True)[: self.size]
        return sum(largest) + room / len(self.days)


def _spread(singles: Sequence[int]) -> list[int]:
    """A few candidates spread evenly over the ranking."""
    if len(singles) <= CHECKED:
        return list(singles)
    step = (len(singles) - 1) / (CHECKED - 1)
    return [singles[round(step * number)] for number in range(CHECKED)]


def _proxy_error(pairs: Sequence[tuple[float, float]]) -> ProxyError:
    apart = [quick - full for quick, full in pairs]
    return ProxyError(
        num=len(pairs),
        mean_abs=sum(map(abs, apart)) / len(apart) if apart else math.nan,
        worst_abs=max(map(abs, apart), default=math.nan),
        bias=sum(apart) / len(apart) if apart else math.nan,
        rank=rank_correlation([one for one, _ in pairs], [one for _, one in pairs]),
    )
