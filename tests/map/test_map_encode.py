"""The scene as JSON: every text once, safe inside a script, nothing lost."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from geo.map.encode import encode_scene
from geo.map.scene import Text
from tests.map.drawn_days import drawn_day


def test_every_text_is_written_once() -> None:
    texts = json.loads(encode_scene(drawn_day(24, 70, 160)))["texts"]
    assert len(texts) == len({tuple(pair) for pair in texts})
    assert ["血常规", "Full blood count"] in texts


def test_all_sites_sorties_and_orders_are_there() -> None:
    encoded = json.loads(encode_scene(drawn_day(24, 70, 160)))
    assert [len(encoded[key]) for key in ("sites", "sorties", "orders")] == [24, 70, 160]
    first = encoded["sorties"][0]
    assert [leg["from"] for leg in first["legs"]] == [25_200, 26_340]
    assert encoded["texts"][encoded["orders"][-1]["reason"]] == [
        "时限前飞不到",
        "No drone arrives before the deadline",
    ]


def test_positions_keep_a_metre() -> None:
    scene = drawn_day(3, 2, 3)
    encoded = json.loads(encode_scene(scene))
    for site, drawn in zip(encoded["sites"], scene.sites, strict=True):
        assert site["at"] == pytest.approx([drawn.lon_deg, drawn.lat_deg], abs=0.6e-5)


def test_a_name_cannot_end_the_script() -> None:
    name = Text("</script><b>村</b>", "</script><b>x</b>")
    scene = drawn_day(2, 1, 2)
    bad = replace(scene, sites=(replace(scene.sites[0], name=name), scene.sites[1]))
    written = encode_scene(bad)
    assert "<" not in written
    assert list(name) in json.loads(written)["texts"]


def test_a_number_that_is_none_is_refused() -> None:
    scene = drawn_day(2, 1, 2)
    broken = replace(scene, sorties=(replace(scene.sorties[0], energy_pack=float("nan")),))
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode_scene(broken)
