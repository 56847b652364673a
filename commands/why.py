"""``magpie why``: why orders stay behind or come late, and the smallest change that helps."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commands import Exit
from commands.given import Planned, cache_folder, planned
from routing.plan import Unserved

if TYPE_CHECKING:
    from routing.explain.marginal import DayValue
    from routing.explain.remedies import Remedy

_WORDS = {
    "en": {
        "nothing": "every order flies and none comes past its target",
        "remedies": "would carry it",
        "late": "past its target; told as if that were its deadline. ",
        "none": "no single change that was tried",
        "day": "what would help the whole day most",
        "no_day": "no single change that was tried helps the day",
    },
    "zh": {
        "nothing": "订单全部承运，且均按目标时间送达",
        "remedies": "可承运的最小改变",
        "late": "晚于目标时间。若以目标时间为截止：",
        "none": "所试的单项改变均无效",
        "day": "对全天最有帮助的单项改变",
        "no_day": "所试的单项改变均不能改善全天",
    },
}


def run(arguments: argparse.Namespace) -> Exit:
    """Print the reason and the remedies of each order, then what helps the whole day."""
    given = planned(arguments.network, arguments.plan, arguments.orders)
    # Numba and OR-Tools take two seconds to import; faults in the input are told before that.
    from routing.explain import explain_late, explain_unserved
    from routing.explain.again import Effort
    from routing.explain.marginal import value_changes
    from routing.explain.remedies import find_remedies
    from routing.legs import build_legs

    legs = build_legs(given.network, cache_folder(arguments))
    effort = Effort(arguments.iterations, (arguments.seed,))
    day = (given.network, given.orders, legs)
    left = explain_unserved(*day, given.plan)
    plan = dataclasses.replace(given.plan, unserved=left)
    given = dataclasses.replace(given, plan=plan)
    late = explain_late(*day, plan)
    remedies = {} if arguments.reasons_only else find_remedies(*day, plan, effort)
    values = value_changes(*day, plan, effort) if arguments.day else ()
    if arguments.json:
        print(json.dumps(_facts(given, late, remedies, values), ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(given, late, remedies, values, arguments)))
    return Exit.NOT_WHOLE if left else Exit.DONE


def _lines(
    given: Planned,
    late: Sequence[Unserved],
    remedies: Mapping[str, Sequence[Remedy]],
    values: Sequence[DayValue],
    arguments: argparse.Namespace,
) -> list[str]:
    # As above: the words come with the search.
    from routing.explain.remedy_words import value_lines, word_remedy

    lang, say = arguments.lang, _WORDS[arguments.lang]
    by_id = {order.id: order for order in given.orders}
    lines = []
    for reason in (*given.plan.unserved, *late):
        order_id, text = reason.order_id, reason.text_zh if lang == "zh" else reason.text_en
        lines.append(f"{order_id}  {say['late'] if reason in late else ''}{text}")
        if not arguments.reasons_only:
            order = by_id[order_id]
            found = [
                word_remedy(given.network, order, one, lang) for one in remedies.get(order_id, ())
            ]
            lines.append(f"    {say['remedies']}: {'; '.join(found) or say['none']}")
    if not lines:
        lines.append(say["nothing"])
    if arguments.day:
        helpful = value_lines(given.network, values, lang)
        lines += ["", say["day"] if helpful else say["no_day"], *(f"  {one}" for one in helpful)]
    return lines


def _facts(
    given: Planned,
    late: Sequence[Unserved],
    remedies: Mapping[str, Sequence[Remedy]],
    values: Sequence[DayValue],
) -> dict[str, Any]:
    """The same for machines; sentences in both languages."""
    # As above: the words come with the search.
    from routing.explain.remedy_words import word_change, word_remedy

    by_id = {order.id: order for order in given.orders}

    def both(order_id: str, remedy: Remedy) -> dict[str, object]:
        order = by_id[order_id]
        words = {lang: word_remedy(given.network, order, remedy, lang) for lang in ("en", "zh")}
        terms = dataclasses.asdict(remedy.plan.objective)
        return {**words, "needs_change": remedy.change is not None, "objective": terms}

    return {
        "unserved": [dataclasses.asdict(one) for one in given.plan.unserved],
        "late": [dataclasses.asdict(one) for one in late],
        "remedies": {
            order_id: [both(order_id, one) for one in found] for order_id, found in remedies.items()
        },
        "day": [
            {
                "en": word_change(given.network, value.change, "en"),
                "zh": word_change(given.network, value.change, "zh"),
                "before": dataclasses.asdict(value.before),
                "after": dataclasses.asdict(value.after),
            }
            for value in values
        ],
    }
