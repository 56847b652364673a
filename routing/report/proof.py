"""What is proven about a plan, in sentences, term by term.

Owns which sentence may be said: the summary page and the terminal say the same. What a bound says
of each term is ``routing.solver.proven``'s; this module only words it.
"""

from __future__ import annotations

from routing.plan import Bound, Objective
from routing.report.clock import Lang
from routing.report.pages import percent
from routing.report.words import has_word, word

SHOWN_MIN = 0.05
"""Lateness below this is 0.0 where it is shown."""


def proof_sentences(
    objective: Objective, bound: Bound | None, gap: float | None, lang: Lang
) -> list[str]:
    """What is proven about a plan with these terms.

    Args:
        objective, bound, gap: as the plan states them.
        lang: of the sentences.
    """
    if bound is None or (gap is None and not bound.is_optimal):
        return [word("proof.none", lang)]
    key = f"method.{bound.method}"
    method = word(key, lang) if has_word(key) else bound.method
    if bound.is_optimal:
        return [word("proof.optimal", lang, method=method)]
    parts = [_unserved(objective, bound, lang), _lateness(objective, bound, lang)]
    parts.append(_cost(objective, bound, gap or 0.0, lang))
    sentences = [
        word(
            "proof.terms",
            lang,
            method=method,
            terms=word("punctuation.semicolon", lang).join(parts),
        )
    ]
    if bound.relaxed:
        sentences.append(word("proof.relaxed", lang, relaxed=_relaxed(bound, lang)))
    return sentences


def _unserved(objective: Objective, bound: Bound, lang: Lang) -> str:
    left = objective.unserved_stat + objective.unserved_urgent + objective.unserved_routine
    least = bound.unserved_stat + bound.unserved_urgent + bound.unserved_routine
    if left == 0:
        return word("proof.all_fly", lang)
    if objective.ranking[:3] == (
        bound.unserved_stat,
        bound.unserved_urgent,
        bound.unserved_routine,
    ):
        return word("proof.fewest_left", lang, left=left)
    return word("proof.left", lang, left=left, least=least)


def _lateness(objective: Objective, bound: Bound, lang: Lang) -> str:
    late, least = objective.lateness_min, bound.lateness_min
    if late == 0.0:
        return word("proof.on_time", lang)
    if late < SHOWN_MIN:
        return word("proof.hardly_late", lang, least=f"{least:,.1f}")
    return word("proof.late", lang, late=f"{late:,.1f}", least=f"{least:,.1f}")


def _cost(objective: Objective, bound: Bound, gap: float, lang: Lang) -> str:
    cost, least = f"{objective.cost_s:,.0f}", f"{bound.cost_s:,.0f}"
    if bound.cost_s == bound.on_time_cost_s == 0.0:
        return word("proof.cost_open", lang, cost=cost)
    if objective.lateness_min == 0.0:
        return word("proof.cost", lang, cost=cost, least=least, gap=percent(gap, 1))
    on_time = f"{bound.on_time_cost_s:,.0f}"
    if bound.cost_s == 0.0:
        return word("proof.cost_of_late", lang, cost=cost, on_time=on_time)
    return word(
        "proof.cost_late", lang, cost=cost, least=least, gap=percent(gap, 1), on_time=on_time
    )


def _relaxed(bound: Bound, lang: Lang) -> str:
    """What the bound leaves out, word by word where the words are known."""
    parts = [part.strip() for part in bound.relaxed.split(",")]
    return word("punctuation.list", lang).join(
        word(f"relaxed.{part}", lang) if has_word(f"relaxed.{part}") else part for part in parts
    )
