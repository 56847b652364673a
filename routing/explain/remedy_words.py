"""Changes in words, Chinese and English: what would carry an order, what would help a day.

Owns the words. Does not find changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from routing.explain.marginal import AllMinutes, DayValue
from routing.explain.remedies import Remedy
from routing.network import Network
from routing.orders import Order
from routing.report.clock import Lang, clock
from routing.whatif.change_words import name_change
from routing.whatif.changes import Change, ShiftOrder


def word_remedy(network: Network, order: Order, remedy: Remedy, lang: Lang) -> str:
    """One remedy in a few words: ``+1 Example VTOL at Hub, 08:30-10:00``."""
    if remedy.change is None:
        return "再次规划即可承运" if lang == "zh" else "planning again carries it"
    return word_change(network, remedy.change, lang, order)


def word_change(
    network: Network, change: Change | AllMinutes, lang: Lang, order: Order | None = None
) -> str:
    """A change in a few words; ``order`` is the one that a shift is about."""
    zh = lang == "zh"
    if isinstance(change, ShiftOrder):
        return _shift(change, lang, order)
    if isinstance(change, AllMinutes):
        if change.deadline_min:
            minutes = change.deadline_min
            return f"全部截止时间 +{minutes} 分钟" if zh else f"every deadline +{minutes} min"
        minutes = change.ready_min
        return f"全部提前 {minutes} 分钟备好" if zh else f"every order ready {minutes} min earlier"
    return name_change(network, change, lang)


def _shift(change: ShiftOrder, lang: Lang, order: Order | None) -> str:
    zh = lang == "zh"
    if change.deadline_s:
        moved, minutes = "deadline", change.deadline_s // 60
        time_s = None if order is None else order.deadline_s + change.deadline_s
    else:
        moved, minutes = "ready", -change.ready_s // 60
        time_s = None if order is None else order.ready_s + change.ready_s
    at = (
        ""
        if time_s is None
        else f"（{clock(time_s, lang)}）"
        if zh
        else f" ({clock(time_s, lang)})"
    )
    if moved == "deadline":
        return f"截止时间 +{minutes} 分钟{at}" if zh else f"deadline +{minutes} min{at}"
    return f"提前 {minutes} 分钟备好{at}" if zh else f"ready {minutes} min earlier{at}"


def value_lines(network: Network, values: Sequence[DayValue], lang: Lang) -> list[str]:
    """A line for every change that helps: what it changes in each term, the best first."""
    zh, lines = lang == "zh", []
    for value in values:
        before, after = value.before, value.after
        gains = (
            ("特急" if zh else "stat", before.unserved_stat - after.unserved_stat),
            ("紧急" if zh else "urgent", before.unserved_urgent - after.unserved_urgent),
            ("常规" if zh else "routine", before.unserved_routine - after.unserved_routine),
        )
        parts = [f"{gain:+d} {name}" for name, gain in gains if gain]
        late = after.lateness_min - before.lateness_min
        if abs(late) >= 0.05:
            parts.append(f"{'迟到' if zh else 'lateness'} {late:+.1f} min")
        if abs(after.cost_s - before.cost_s) >= 1:
            parts.append(f"{'成本' if zh else 'cost'} {after.cost_s - before.cost_s:+.0f} s")
        if after.ranking < before.ranking:
            what = word_change(network, value.change, lang)
            lines.append(f"{what}{'：' if zh else ': '}{(('，') if zh else ', ').join(parts)}")
    return lines
