"""Names in the reader's language."""

from __future__ import annotations

import pytest

from routing.report.naming import Names
from tests.days import three_sites


def test_names_follow_the_language() -> None:
    zh, en = Names(three_sites(), "zh"), Names(three_sites(), "en")
    assert (zh.site("clinic"), en.site("clinic")) == ("卫生院", "Clinic")
    assert (zh.product("serum"), en.product("serum")) == ("血清", "Serum")
    assert (zh.drone_type("D2"), en.drone_type("D2")) == ("示例垂起固定翼", "Example VTOL")
    assert zh.list_ids(("a", "b")) == "a、b"


def test_a_missing_name_falls_back_on_the_other_language() -> None:
    assert Names(three_sites(), "en").pick("仅中文", "") == "仅中文"
    assert Names(three_sites(), "zh").pick("", "English only") == "English only"


def test_an_unknown_id_is_shown_as_it_is() -> None:
    names = Names(three_sites(), "en")
    assert (names.site("x"), names.product("y"), names.type_name("z")) == ("x", "y", "z")


def test_what_an_order_asked_for_is_a_site_or_a_service() -> None:
    names = Names(three_sites(), "en")
    assert names.place("hub") == "Hub"
    assert names.place("lab:chemistry") == "chemistry laboratory"
    assert names.place("lab:own") == "lab:own"


@pytest.mark.parametrize(
    ("band", "text"), [("2-8", "2–8 °C"), ("any", "any"), ("-25--18", "-25--18")]
)
def test_a_band_has_its_unit(band: str, text: str) -> None:
    assert Names(three_sites(), "en").band(band) == text
