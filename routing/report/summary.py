"""The day on one page: ``summary.html`` for people, ``summary.json`` for machines.

Owns what the page shows and in which order. The figures come from ``routing.report.figures``.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass

from routing.network import Network
from routing.plan import Bound, Objective, Plan
from routing.report.clock import Lang, date_text
from routing.report.colours import colour_drones
from routing.report.figures import DayFigures, ProductTimes, Spread
from routing.report.naming import Names
from routing.report.pages import percent, render, trusted
from routing.report.words import has_word, word

SUMMARY_VERSION = 1
DIGEST_SIGNS = 12
# More different reasons than this would push the figures off the page; summary.json has all.
MAX_REASONS = 5


@dataclass(frozen=True, slots=True)
class Term:
    """One objective term beside its bound and first come, first served."""

    key: str
    plan: float
    bound: float | None
    fcfs: float | None
    decimals: int
    is_part: bool


def render_summary(
    network: Network, plan: Plan, figures: DayFigures, timeline: Sequence[str], lang: Lang
) -> str:
    """The page; ``timeline`` are the SVG parts of ``routing.report.timeline``."""
    names = Names(network, lang)
    num_flown = sum(figures.flown.values())
    return render(
        "summary.html.j2",
        lang,
        network_name=names.pick(network.name_zh, network.name_en),
        date=date_text(plan.date, lang),
        digest=plan.digest[:DIGEST_SIGNS] or "–",
        figures=figures,
        num_flown=num_flown,
        num_orders=num_flown + sum(figures.left.values()),
        on_target=figures.on_target / figures.with_target if figures.with_target else None,
        terms=_terms(figures),
        proof=_proof(figures, lang),
        max_reasons=MAX_REASONS,
        carriers=_carriers(figures),
        time_tables=_time_tables(figures, names, lang),
        num_used=sum(1 for use in figures.drones if use.sorties),
        colours=colour_drones(drone.id for drone in network.drones),
        names=names,
        rules=network.rules,
        made_with=", ".join(f"{key} {value}" for key, value in plan.made_with.items()),
        timeline=[trusted(part) for part in timeline],
    )


def render_summary_json(network: Network, plan: Plan, figures: DayFigures) -> str:
    """The figures as JSON; every number carries its unit in its name."""
    content = {
        "schema_version": SUMMARY_VERSION,
        "network_zh": network.name_zh,
        "network_en": network.name_en,
        "date": plan.date,
        "digest": plan.digest,
        "figures": dataclasses.asdict(figures),
        "made_with": plan.made_with,
    }
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _terms(figures: DayFigures) -> list[Term]:
    return [
        Term(
            key,
            _value(figures.objective, key),
            None if is_part or figures.bound is None else _value(figures.bound, key),
            None if figures.fcfs is None else _value(figures.fcfs, key),
            decimals,
            is_part,
        )
        for key, decimals, is_part in (
            ("unserved_stat", 0, False),
            ("unserved_urgent", 0, False),
            ("unserved_routine", 0, False),
            ("lateness_min", 1, False),
            ("cost_s", 0, False),
            ("flight_s", 0, True),
            ("sorties", 0, True),
            ("drones", 0, True),
        )
    ]


def _value(terms: Objective | Bound, key: str) -> float:
    return float(getattr(terms, key))


def _proof(figures: DayFigures, lang: Lang) -> list[str]:
    """What is proven about the plan, in sentences."""
    bound = figures.bound
    if bound is None:
        return [word("proof.none", lang)]
    method_key = f"method.{bound.method}"
    method = word(method_key, lang) if has_word(method_key) else bound.method
    if bound.is_optimal:
        return [word("proof.optimal", lang, method=method)]
    if figures.gap is None:
        return [word("proof.none", lang)]
    sentences = [word("proof.gap", lang, gap=percent(figures.gap, 1), method=method)]
    if bound.relaxed:
        sentences.append(word("proof.relaxed", lang, relaxed=_relaxed(bound, lang)))
    return sentences


def _relaxed(bound: Bound, lang: Lang) -> str:
    """What the bound leaves out, word by word where the words are known."""
    parts = [part.strip() for part in bound.relaxed.split(",")]
    return word("punctuation.list", lang).join(
        word(f"relaxed.{part}", lang) if has_word(f"relaxed.{part}") else part for part in parts
    )


def _carriers(figures: DayFigures) -> list[str]:
    """Words of the ways to carry that there are figures of; the road comes last."""
    has_road = any(row.receipt_road for row in figures.products)
    # First come, first served keeps its place before the road even when it is not given.
    if has_road:
        return ["summary.this_plan", "summary.fcfs", "summary.road"]
    return ["summary.this_plan"] + (["summary.fcfs"] if figures.fcfs else [])


def _time_tables(
    figures: DayFigures, names: Names, lang: Lang
) -> list[tuple[str, list[tuple[str, tuple[Spread | None, ...]]]]]:
    """Receipt times of all products; result times of those that go to a laboratory."""
    receipt = [(names.product(row.product_id), _receipts(row)) for row in figures.products]
    result = [
        (names.product(row.product_id), _results(row)) for row in figures.products if row.is_tested
    ]
    tables = [(word("summary.times", lang), receipt)]
    return [*tables, (word("summary.results", lang), result)] if result else tables


def _receipts(row: ProductTimes) -> tuple[Spread | None, ...]:
    return row.receipt_plan, row.receipt_fcfs, row.receipt_road


def _results(row: ProductTimes) -> tuple[Spread | None, ...]:
    return row.result_plan, row.result_fcfs, row.result_road
