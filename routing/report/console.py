"""What a planning run prints for people: what it wrote and how good the day is.

Owns the lines on the screen. The figures come from the plan as it is; files are written by
``routing.report.files``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from routing.network import Network
from routing.plan import Bound, Objective, Plan
from routing.progress import Progress
from routing.report.clock import Lang
from routing.report.pages import percent
from routing.report.passing import pass_sentence
from routing.report.proof import proof_sentences
from routing.report.words import word
from routing.separation.tightest import TightestPass

MAX_LEFT = 20
FIRST_COME = "first_come"
TERMS = (
    ("unserved_stat", 0),
    ("unserved_urgent", 0),
    ("unserved_routine", 0),
    ("lateness_min", 1),
    ("cost_s", 0),
)
PARTS = (("flight_s", 0), ("sorties", 0), ("drones", 0))

_WROTE = ("写入 {folder}：", "Wrote {folder}:")
_DAY = (
    "{network}，{date}：{flown} / {total} 单飞行送达，{sorties} 架次，{drones} 架无人机。",
    "{network}, {date}: {flown} of {total} orders fly in {sorties} sorties of {drones} drones.",
)
_LEFT = ("未飞：", "Left behind:")
_MORE = ("……另有 {count} 单，见 plan.json", "... {count} more in plan.json")
_PROVEN = ("检查通过：规则 R1–R12 全部满足。", "Checked: rules R1-R12 all hold.")
_REJECTED = (
    "检查未通过，计划不可飞行；违反 {count} 处，见 {file}：",
    "Not a plan to fly: the check found {count} violation(s), listed in {file}:",
)
_STAGES: Mapping[str, tuple[str, str]] = {
    "legs": ("计算航段", "paths and legs"),
    "search": ("搜索", "search"),
    "columns": ("枚举架次", "listing sorties"),
    "cover": ("选择架次", "choosing sorties"),
    "bound": ("证明下界", "proving the bound"),
    "separate": ("空中间隔", "keeping apart"),
    "baselines": ("对照方案", "baselines"),
    "check": ("检查", "checking"),
}


def _say(pair: tuple[str, str], lang: Lang, **fields: object) -> str:
    return pair[0 if lang == "zh" else 1].format(**fields)


def day_lines(
    network: Network,
    plan: Plan,
    num_orders: int,
    lang: Lang,
    tightest: TightestPass | None = None,
) -> list[str]:
    """How good the day is: orders, those left behind, every term beside bound and baseline.

    ``tightest`` is the day's tightest pass, None where no two drones pass.
    """
    lines = [
        _say(
            _DAY,
            lang,
            network=network.name_zh if lang == "zh" else network.name_en,
            date=plan.date,
            flown=num_orders - len(plan.unserved),
            total=num_orders,
            sorties=plan.objective.sorties,
            drones=plan.objective.drones,
        )
    ]
    if plan.unserved:
        lines.append(_say(_LEFT, lang))
        lines += [
            f"  {left.order_id}  {left.text_zh if lang == 'zh' else left.text_en}"
            for left in plan.unserved[:MAX_LEFT]
        ]
        if len(plan.unserved) > MAX_LEFT:
            lines.append("  " + _say(_MORE, lang, count=len(plan.unserved) - MAX_LEFT))
    passing = pass_sentence(network, tightest, lang)
    proof = [
        *proof_sentences(plan.objective, plan.bound, plan.gap, lang),
        *([passing] if passing else []),
        _say(_PROVEN, lang),
    ]
    return [*lines, "", *term_lines(plan, lang), "", *proof]


def term_lines(plan: Plan, lang: Lang) -> list[str]:
    """Every term of the objective: this plan, first come first served, and the bound."""
    columns: list[tuple[str, Objective | Bound | None]] = [
        (word("summary.this_plan", lang), plan.objective),
        (word("summary.fcfs", lang), plan.baselines.get(FIRST_COME)),
        (word("summary.bound", lang), plan.bound),
    ]
    rows = [("", *(title for title, _ in columns))]
    for key, decimals in TERMS + PARTS:
        cells = (_number(terms, key, decimals) for _, terms in columns)
        rows.append((word(f"term.{key}", lang), *cells))
    return _align(rows)


def wrote_lines(folder: Path, files: Iterable[Path], lang: Lang) -> list[str]:
    """The folder and the names of the files in it."""
    return [_say(_WROTE, lang, folder=folder), *(f"  {file.name}" for file in files)]


def rejected_lines(violations: Sequence[str], file: Path, lang: Lang) -> list[str]:
    """That the plan is not valid, and why."""
    head = _say(_REJECTED, lang, count=len(violations), file=file)
    return [head, *(f"  {line}" for line in violations)]


def progress_line(progress: Progress, lang: Lang) -> str:
    """Where a run stands, on one line: stage, iterations, terms of the plan, gap."""
    stage = _STAGES.get(progress.stage)
    parts = [_say(stage, lang) if stage else progress.stage]
    if progress.iterations:
        parts.append(f"{progress.iterations:,}")
    for terms, label in (
        (progress.objective, "summary.this_plan"),
        (progress.bound, "summary.bound"),
    ):
        if terms is not None:
            values = " / ".join(_number(terms, key, decimals) for key, decimals in TERMS)
            parts.append(f"{word(label, lang)} {values}")
    if progress.gap is not None:
        parts.append(percent(progress.gap, 1))
    return " · ".join(parts)


def _number(terms: Objective | Bound | None, key: str, decimals: int) -> str:
    """A term as a number; a dash where there is none, as a bound has no parts of the cost."""
    value = getattr(terms, key, None)
    return "–" if value is None else f"{value:,.{decimals}f}"


def _align(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns, the first one left, the others right; a Chinese sign is two places wide."""
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            text + _pad(text, width) if column == 0 else _pad(text, width) + text
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    """Places a text takes on a terminal: signs from U+2E80 on (Chinese, full width) take two."""
    return sum(2 if ord(sign) >= 0x2E80 else 1 for sign in text)


def _pad(text: str, width: int) -> str:
    return " " * (width - _width(text))
