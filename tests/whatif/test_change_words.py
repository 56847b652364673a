"""Every change has a short name in both languages, by the names people know."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from geo.zones import Zone
from routing.network import Window
from routing.whatif.change_words import name_change, name_changes
from routing.whatif.changes import (
    AddBase,
    AddChargers,
    AddDrones,
    AddPacks,
    AddPads,
    AddPilots,
    AddSite,
    AddZone,
    Change,
    CloseZone,
    DroneFailure,
    OpenZone,
    Outage,
    RemoveSite,
    ScaleDemand,
    SetDeadline,
    SetWeather,
    SetWind,
    ShiftOrder,
)
from tests.days import three_sites

NETWORK = three_sites()
HUB = NETWORK.site("hub")
SPAN = Window(8 * 3600 + 1800, 10 * 3600)
ZONE = Zone("z", "空域甲", "Zone A", "prohibited", ((),))
EXAMPLES: dict[str, Change] = {
    f"new site {HUB.name_en}": AddSite(HUB),
    f"without {HUB.name_en}": RemoveSite("hub"),
    f"base at {HUB.name_en}": AddBase("hub", {}, 1),
    f"+1 {NETWORK.drone_types['hex'].name_en} at {HUB.name_en}": AddDrones(1, "hub", "hex"),
    f"-2 packs of {NETWORK.drone_types['hex'].name_en} at {HUB.name_en}": AddPacks(
        -2, "hub", "hex"
    ),
    f"+1 charger at {HUB.name_en}": AddChargers(1, "hub"),
    f"+2 pads at {HUB.name_en}": AddPads(2, "hub"),
    "+1 pilot, 08:30-10:00": AddPilots(1, SPAN),
    "nowhere closed": CloseZone("nowhere"),
    "nowhere open": OpenZone("nowhere"),
    "new zone Zone A": AddZone(ZONE),
    "another day's weather": SetWeather(NETWORK.weather),
    "wind 8 m/s from 315°, gusts 12": SetWind(None, 8.0, 315.0, 12.0),
    "orders x1.5": ScaleDemand(1.5),
    "nothing within 120 min": SetDeadline("nothing", 7200),
    "o1 ready -10 min": ShiftOrder("o1", ready_s=-600),
    f"no handover at {HUB.name_en} 08:30-10:00": Outage("hub", SPAN),
    "T1 fails at 10:00": DroneFailure("T1", 36_000),
}


def test_there_is_an_example_of_every_kind() -> None:
    assert {type(change) for change in EXAMPLES.values()} == set(get_args(Change))


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_change_has_a_name_in_both_languages(name: str) -> None:
    change = EXAMPLES[name]
    assert name_change(NETWORK, change, "en") == name
    assert re.search("[\u4e00-\u9fff]", name_change(NETWORK, change, "zh"))


def test_many_new_sites_are_counted() -> None:
    changes = [AddSite(HUB)] * 4 + [ScaleDemand(2.0)]
    assert name_changes(NETWORK, changes, "en") == "4 new sites, orders x2"
    assert name_changes(NETWORK, changes, "zh") == "新增 4 个站点，订单 ×2"
