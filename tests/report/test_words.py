"""Both languages say the same things, and templates ask for nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from routing.network import TIERS
from routing.report import words
from routing.report.tables import DRONE_COLUMNS, ORDER_COLUMNS, SITE_COLUMNS
from routing.report.words import WORDS, has_word, word

TEMPLATES = Path(words.__file__).parent / "templates"
FIELD = re.compile(r"\{(\w+)\}")
CJK = re.compile(r"[\u4e00-\u9fff]")
# Signs, and a percentile that reads the same.
WITHOUT_CHINESE = {
    "punctuation.list",
    "punctuation.semicolon",
    "punctuation.stop",
    "punctuation.colon",
    "summary.p90",
}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_both_languages_have_the_same_fields(key: str) -> None:
    zh, en = WORDS[key]
    assert set(FIELD.findall(zh)) == set(FIELD.findall(en))
    assert zh
    assert en
    assert not CJK.search(en)
    assert CJK.search(zh) or key in WITHOUT_CHINESE


def test_templates_use_only_known_words() -> None:
    used = set()
    for template in TEMPLATES.glob("*.j2"):
        used |= set(re.findall(r"w\('([\w.]+)'", template.read_text(encoding="utf-8")))
    assert len(used) > 60
    assert {key for key in used if not key.endswith(".") and not has_word(key)} == set()


def test_every_column_and_tier_has_its_name() -> None:
    for column in (*DRONE_COLUMNS, *SITE_COLUMNS, *ORDER_COLUMNS):
        assert word(f"column.{column.key}", "zh")
    assert [word(f"tier.{tier}", "en") for tier in TIERS] == ["stat", "urgent", "routine"]


def test_an_unknown_word_is_an_error() -> None:
    with pytest.raises(KeyError):
        word("no.such", "en")
