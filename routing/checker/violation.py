"""What the checker reports: rules, places and violations in Chinese and English.

Owns how a violation is worded and where it points. Does not know how any rule is proven.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a plan a rule is broken; every part may be empty.

    Attributes:
        sortie_id, other_sortie_id: the sortie, and the second one when two of them clash.
        stop, leg: index of the stop or leg within the sortie, from 0 (shown from 1).
        order_id, drone_id, pack_id, site_id, zone_id: ids as the plan or network has them.
        pad, charger: index at the site, from 0, as in the plan.
    """

    sortie_id: str = ""
    other_sortie_id: str = ""
    stop: int | None = None
    leg: int | None = None
    order_id: str = ""
    drone_id: str = ""
    pack_id: str = ""
    site_id: str = ""
    pad: int | None = None
    charger: int | None = None
    zone_id: str = ""

    def text(self, lang: Lang = "en") -> str:
        """The place in words, e.g. ``sortie T1, stop 2, site clinic, order B1``."""
        zh = lang == "zh"
        named = (
            ("架次" if zh else "sortie", self.sortie_id),
            ("与架次" if zh else "and sortie", self.other_sortie_id),
            ("停靠" if zh else "stop", "" if self.stop is None else self.stop + 1),
            ("航段" if zh else "leg", "" if self.leg is None else self.leg + 1),
            ("站点" if zh else "site", self.site_id),
            ("起降坪" if zh else "pad", "" if self.pad is None else self.pad),
            ("充电位" if zh else "charger", "" if self.charger is None else self.charger),
            ("订单" if zh else "order", self.order_id),
            ("无人机" if zh else "drone", self.drone_id),
            ("电池" if zh else "pack", self.pack_id),
            ("空域" if zh else "zone", self.zone_id),
        )
        parts = [f"{word} {value}" for word, value in named if value != ""]
        if not parts:
            return "计划" if zh else "plan"
        return ("，" if zh else ", ").join(parts)


@dataclass(frozen=True, slots=True)
class Violation:
    """One rule broken at one place.

    Attributes:
        rule, name: id and name of the rule, e.g. ``R3`` and ``load``; ``P1`` is the plan's form,
            ``P2`` the numbers it states about itself.
        check: which part of the rule, e.g. ``payload``.
        place: where.
        limit, actual: what the rule allows and what the plan has, in ``unit`` (numbers), or as
            words where there is no number.
        unit: ``s``, ``kg``, ``m``, ``pack``, ``mps``, ``C``, ``count``, ``min`` or empty.
        text_en, text_zh: one sentence for people.
    """

    rule: str
    name: str
    check: str
    place: Place
    limit: float | str
    actual: float | str
    unit: str
    text_en: str
    text_zh: str

    def text(self, lang: Lang = "en") -> str:
        """Rule, place and sentence in one line."""
        sentence = self.text_zh if lang == "zh" else self.text_en
        mark = "：" if lang == "zh" else ": "
        name = RULES[self.rule].name_zh if lang == "zh" and self.rule in RULES else self.name
        return f"{self.rule} {name}{mark}{self.place.text(lang)}{mark}{sentence}"

    def __str__(self) -> str:
        """The English line."""
        return self.text("en")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its id, its name in the code and pages, and its Chinese name."""

    id: str
    name: str
    name_zh: str

    def broken(
        self,
        check: str,
        place: Place,
        *,
        limit: float | str,
        actual: float | str,
        unit: str,
        en: str,
        zh: str,
    ) -> Violation:
        """A violation of this rule."""
        return Violation(self.id, self.name, check, place, limit, actual, unit, en, zh)


RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("P1", "form", "计划格式"),
        Rule("P2", "stated", "自报数值"),
        Rule("R1", "whole", "订单完整"),
        Rule("R2", "times", "时间"),
        Rule("R3", "load", "载重"),
        Rule("R4", "energy", "电量"),
        Rule("R5", "segregation", "隔离与温区"),
        Rule("R6", "drones", "无人机"),
        Rule("R7", "packs", "电池与充电"),
        Rule("R8", "pads", "起降坪"),
        Rule("R9", "airspace", "空域与天气"),
        Rule("R10", "separation", "空中间隔"),
        Rule("R11", "people", "值班人员"),
        Rule("R12", "fixed", "已锁定架次"),
    )
}


def clock(time_s: float) -> str:
    """A time of day for people: ``08:30:00``, ``00:10:00+1`` on the next day."""
    days, rest = divmod(round(time_s), 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}" + (f"{days:+d}" if days else "")
