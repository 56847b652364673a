"""R7 ``packs``: where every pack is, whether it is full, and who charges when.

A pack's home is the base of its first sortie: the packs that start the day at a base are counted
by the sorties that take them from there. Which of two waiting packs is charged first is not
judged, since either order is safe.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from routing.checker.case import Case
from routing.checker.violation import RULES, Place, Violation, clock
from routing.plan import Charge, Sortie

RULE = RULES["R7"]


def check_packs(case: Case) -> Iterator[Violation]:
    """Packs in two places, not charged, of the wrong type, or more than there are."""
    for sorties in case.sorties_by_pack().values():
        for before, after in pairwise(sorties):
            yield from _check_type(case, before, after)
            yield from _check_next(before, after)
    yield from _check_counts(case)
    yield from _check_charges(case)
    yield from _check_chargers(case)


def _check_type(case: Case, before: Sortie, after: Sortie) -> Iterator[Violation]:
    type_before, type_after = case.drone_type(before).id, case.drone_type(after).id
    if type_before != type_after:
        yield RULE.broken(
            "type", Place(after.id, before.id, drone_id=after.drone_id, pack_id=after.pack_id),
            limit=type_before, actual=type_after, unit="",
            en=f"The pack flies in {type_after}; it is a pack of {type_before}.",
            zh=f"电池装在 {type_after} 上，而它属于 {type_before}。",
        )  # fmt: skip


def _check_next(before: Sortie, after: Sortie) -> Iterator[Violation]:
    place = Place(after.id, before.id, pack_id=after.pack_id)
    if after.start_s < before.end_s:
        yield RULE.broken(
            "overlap", place, limit=before.end_s, actual=after.start_s, unit="s",
            en=f"The pack takes off at {clock(after.start_s)} while it flies sortie {before.id} "
            f"until {clock(before.end_s)}.",
            zh=f"电池 {clock(after.start_s)} 起飞，而它在架次 {before.id} 中到 "
            f"{clock(before.end_s)} 才结束。",
        )  # fmt: skip
        return
    site_before, site_after = before.stops[-1].site_id, after.stops[0].site_id
    if site_before != site_after:
        yield RULE.broken(
            "place", place, limit=site_before, actual=site_after, unit="",
            en=f"The pack is taken at {site_after}; it is at {site_before}.",
            zh=f"在 {site_after} 取用电池，而它在 {site_before}。",
        )  # fmt: skip
    if before.charge is None:
        yield RULE.broken(
            "charged", place, limit="charged", actual="not charged", unit="",
            en=f"The pack flies again without a charge after sortie {before.id}.",
            zh=f"电池在架次 {before.id} 之后未充电又起飞。",
        )  # fmt: skip
    elif before.charge.end_s > after.start_s:
        yield RULE.broken(
            "charged", place, limit=before.charge.end_s, actual=after.start_s, unit="s",
            en=f"The pack takes off at {clock(after.start_s)}; it is full at "
            f"{clock(before.charge.end_s)}.",
            zh=f"电池 {clock(after.start_s)} 起飞，而充满时刻为 {clock(before.charge.end_s)}。",
        )  # fmt: skip


def _check_counts(case: Case) -> Iterator[Violation]:
    taken: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for pack_id, sorties in case.sorties_by_pack().items():
        first = sorties[0]
        taken[first.stops[0].site_id, case.drone_type(first).id].add(pack_id)
    for (site_id, type_id), packs in sorted(taken.items()):
        base = case.bases.get(site_id)
        limit = base.packs.get(type_id, 0) if base else 0
        if len(packs) > limit:
            yield RULE.broken(
                "count", Place(site_id=site_id, pack_id=", ".join(sorted(packs))), limit=limit,
                actual=len(packs), unit="count",
                en=f"{len(packs)} packs of {type_id} start the day here; the base has {limit}.",
                zh=f"有 {len(packs)} 组 {type_id} 电池从此基地首飞，基地只有 {limit} 组。",
            )  # fmt: skip


def _check_charges(case: Case) -> Iterator[Violation]:
    for sortie in case.sorties:
        charge = sortie.charge
        if charge is None:
            continue
        site_id = sortie.stops[-1].site_id
        place = Place(sortie.id, site_id=site_id, pack_id=sortie.pack_id, charger=charge.charger)
        if charge.start_s < sortie.end_s:
            yield RULE.broken(
                "charge-start", place, limit=sortie.end_s, actual=charge.start_s, unit="s",
                en=f"Charging starts at {clock(charge.start_s)}, before the landing at "
                f"{clock(sortie.end_s)}.",
                zh=f"充电 {clock(charge.start_s)} 开始，早于降落 {clock(sortie.end_s)}。",
            )  # fmt: skip
        needed_s, lasts_s = case.drone_type(sortie).charge_s, charge.end_s - charge.start_s
        if lasts_s < needed_s:
            yield RULE.broken(
                "charge-time", place, limit=needed_s, actual=lasts_s, unit="s",
                en=f"The pack charges for {lasts_s} s; it needs {needed_s} s.",
                zh=f"电池充电 {lasts_s} 秒，需要 {needed_s} 秒。",
            )  # fmt: skip
        base = case.bases.get(site_id)
        chargers = base.chargers if base else 0
        if not 0 <= charge.charger < chargers:
            yield RULE.broken(
                "charger", place, limit=chargers, actual=charge.charger + 1, unit="count",
                en=f"Charger {charge.charger} (counted from 0) is not there; the base has "
                f"{chargers}.",
                zh=f"没有 {charge.charger} 号充电位（从0起编号），基地共有 {chargers} 个。",
            )  # fmt: skip


def _check_chargers(case: Case) -> Iterator[Violation]:
    uses: defaultdict[tuple[str, int], list[tuple[Charge, Sortie]]] = defaultdict(list)
    for sortie in case.sorties:
        if sortie.charge is not None:
            uses[sortie.stops[-1].site_id, sortie.charge.charger].append((sortie.charge, sortie))
    for (site_id, charger), charges in sorted(uses.items()):
        charges.sort(key=lambda use: (use[0].start_s, use[0].end_s))
        latest, holder = charges[0]
        for charge, sortie in charges[1:]:
            if charge.start_s < latest.end_s:
                yield RULE.broken(
                    "charger-held",
                    Place(sortie.id, holder.id, site_id=site_id, pack_id=sortie.pack_id,
                          charger=charger),
                    limit=latest.end_s, actual=charge.start_s, unit="s",
                    en=f"Charging starts at {clock(charge.start_s)} on a charger that holds pack "
                    f"{holder.pack_id} until {clock(latest.end_s)}.",
                    zh=f"{clock(charge.start_s)} 开始充电，而该充电位被电池 {holder.pack_id} "
                    f"占用到 {clock(latest.end_s)}。",
                )  # fmt: skip
            if charge.end_s > latest.end_s:
                latest, holder = charge, sortie
