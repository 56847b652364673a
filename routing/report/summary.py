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
from routing.report.pages import render, trusted
from routing.report.passing import pass_sentence
from routing.report.proof import proof_sentences
from routing.report.words import word

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
        proof=proof_sentences(figures.objective, figures.bound, figures.gap, lang),
        max_reasons=MAX_REASONS,
        carriers=_carriers(figures, lang),
        time_rows=_time_rows(figures, names, lang),
        num_used=sum(1 for use in figures.drones if use.sorties),
        colours=colour_drones(drone.id for drone in network.drones),
        names=names,
        rules=network.rules,
        passing=pass_sentence(network, figures.tightest_pass, lang),
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
            None if figures.bound is None else _value(figures.bound, key),
            None if figures.fcfs is None else _value(figures.fcfs, key),
            decimals,
        )
        for key, decimals in (
            ("unserved_stat", 0),
            ("unserved_urgent", 0),
            ("unserved_routine", 0),
            ("lateness_min", 1),
            ("cost_s", 0),
        )
    ]


def _value(terms: Objective | Bound, key: str) -> float:
    return float(getattr(terms, key))


def _carriers(figures: DayFigures, lang: Lang) -> list[str]:
    """Headings of the ways to carry that there are figures of; the road comes last."""
    carriers = [word("summary.this_plan", lang)]
    has_road = figures.all_products.receipt_road is not None
    # First come, first served keeps its place before the road even when it is not given.
    if figures.fcfs or has_road:
        total = figures.all_products.orders
        carriers.append(word("summary.fcfs_of", lang, flown=figures.fcfs_flown, total=total))
    return [*carriers, word("summary.road", lang)] if has_road else carriers


def _time_rows(
    figures: DayFigures, names: Names, lang: Lang
) -> list[tuple[str, int, list[tuple[Spread | None, Spread | None]]]]:
    """Name, orders flown, and (receipt, result) by carrier: first all orders, then by product."""
    rows = [(word("summary.all_products", lang), figures.all_products)]
    rows += [(names.product(row.product_id), row) for row in figures.products]
    return [
        (name, row.receipt_plan.count if row.receipt_plan else 0, _pairs(row)) for name, row in rows
    ]


def _pairs(row: ProductTimes) -> list[tuple[Spread | None, Spread | None]]:
    return [
        (row.receipt_plan, row.result_plan),
        (row.receipt_fcfs, row.result_fcfs),
        (row.receipt_road, row.result_road),
    ]
