"""R12 ``fixed``: what was flown, is in the air or was locked stays as it was."""

from __future__ import annotations

from collections.abc import Iterator

from routing.checker.violation import RULES, Place, Violation
from routing.plan import Plan, Sortie

RULE = RULES["R12"]


def check_fixed(plan: Plan, fixed: Plan | None) -> Iterator[Violation]:
    """Fixed sorties of the plan that this one continues, missing or changed here.

    Drone, pack, stops and flights are compared. The pack's charging after the sortie may be
    planned anew, and a sortie may be unlocked for the next plan.
    """
    if fixed is None:
        return
    planned = {sortie.id: sortie for sortie in plan.sorties}
    for before in fixed.sorties:
        if not before.is_fixed:
            continue
        place = Place(before.id)
        now = planned.get(before.id)
        if now is None:
            yield RULE.broken(
                "missing", place, limit="kept", actual="missing", unit="",
                en="The sortie was fixed and is missing.",
                zh="该架次已锁定，但计划中没有。",
            )  # fmt: skip
            continue
        changed = [
            name for name in ("drone_id", "pack_id") if getattr(now, name) != getattr(before, name)
        ]
        changed += _changed_parts(before, now)
        if changed:
            names = ", ".join(changed)
            yield RULE.broken(
                "changed", place, limit="unchanged", actual=names, unit="",
                en=f"The sortie was fixed and differs in {names}.",
                zh=f"该架次已锁定，但以下内容被改动：{names}。",
            )  # fmt: skip


def _changed_parts(before: Sortie, now: Sortie) -> list[str]:
    changed = []
    for name, old, new in (
        ("stops", before.stops, now.stops),
        ("flights", before.flights, now.flights),
    ):
        if len(old) != len(new):
            changed.append(f"number of {name}")
            continue
        changed += [
            f"{name[:-1]} {idx + 1}"
            for idx, (one, other) in enumerate(zip(old, new, strict=True))
            if one != other
        ]
    return changed
