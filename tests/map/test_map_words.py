"""The page's own words: each in both languages, none unused, none missing."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conftest import ROOT

ASSETS = ROOT / "geo/map/assets"
KEY = re.compile(r'[{ ](\w+): ["\[]')
# Words that are looked up by a value of the scene: a site's kind, an order's tier, a zone's rule.
BY_VALUE = {"prohibited", "authorisation", "conditional", "advisory"}


def _keys(language: str) -> list[str]:
    words = (ASSETS / "words.js").read_text("utf-8")
    block = words.split(f"  {language}: {{")[1].split("\n  },")[0]
    return KEY.findall(block)


def _used() -> str:
    others = (path for path in ASSETS.iterdir() if path.name != "words.js")
    return "".join(path.read_text("utf-8") for path in others)


def test_both_languages_have_the_same_words_once() -> None:
    assert len(_keys("zh")) == len(set(_keys("zh")))
    assert _keys("zh") == _keys("en")


def test_no_word_is_unused() -> None:
    used = _used()
    unused = [key for key in _keys("zh") if not re.search(rf"[\"'`]{key}[\"'`]", used)]
    assert set(unused) <= BY_VALUE


def test_no_word_is_missing() -> None:
    asked = set(re.findall(r'say\("(\w+)"', _used()))
    asked |= set(re.findall(r'data-(?:say|name)="(\w+)"', _used()))
    assert asked <= set(_keys("zh"))


def test_every_script_is_part_of_a_page() -> None:
    page = "".join((ROOT / f"geo/map/{name}.py").read_text("utf-8") for name in ("page", "compare"))
    names = {Path(path).name for path in ASSETS.iterdir()}
    assert names == set(re.findall(r'"([\w.]+\.(?:js|css|html))"', page)) - {
        "leaflet.js",
        "leaflet.css",
    }
