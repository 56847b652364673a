"""Pages from templates, with every value escaped.

Owns the template environment: words, clock times and numbers as pages write them. Knows no plan.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from routing.report import clock as clocks
from routing.report.clock import Lang
from routing.report.words import word

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, lang: Lang, **values: object) -> str:
    """Fill a template; an unknown name or word in it is an error, not an empty place."""
    return _environment(lang).get_template(template).render(lang=lang, **values)


def trusted(markup: str) -> Markup:
    """Markup that ``render`` itself made, to be placed inside another page unescaped."""
    return Markup(markup)


def percent(share: float | None, decimals: int = 0) -> str:
    """A share as a percentage; an en dash when there is none."""
    return "–" if share is None else f"{share * 100:.{decimals}f} %"


def grouped(number: float | None, decimals: int = 0) -> str:
    """A number with commas between thousands; an en dash when there is none."""
    return "–" if number is None else f"{number:,.{decimals}f}"


@cache
def _environment(lang: Lang) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["w"] = partial(_word, lang)
    environment.filters.update(
        clock=partial(_clock, lang),
        duration=lambda span_s: "–" if span_s is None else clocks.duration(span_s),
        percent=percent,
        grouped=grouped,
    )
    return environment


def _word(lang: Lang, key: str, **fields: object) -> str:
    return word(key, lang, **fields)


def _clock(lang: Lang, time_s: float | None, with_seconds: bool = False) -> str:
    return "" if time_s is None else clocks.clock(time_s, lang, with_seconds=with_seconds)
