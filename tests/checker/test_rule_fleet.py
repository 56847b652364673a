"""R6 drones, R7 packs, R8 pads, R11 people and R12 fixed: just inside and just outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.checker import check_plan
from routing.network import Base, Drone, PilotShift, Window
from routing.plan import Charge
from tests.checker.edits import (
    broken,
    edit_sortie,
    shifted,
    violations,
    with_base,
    with_drone,
    with_rules,
    with_shift,
    with_site,
    with_sortie,
    with_stop,
    with_type,
)
from tests.days import three_site_orders, three_site_plan, three_sites

# R6 ----------------------------------------------------------------------------------------------


def test_sorties_of_a_drone_are_a_turnaround_apart() -> None:
    # T1 lands 30,180, T2 takes off 30,600; T2 lands 31,100, T3 takes off 31,520.
    assert broken(network=with_type("hex", turnaround_s=420)) == set()
    found = violations(network=with_type("hex", turnaround_s=421))
    assert [(one.rule, one.check, one.actual, one.limit) for one in found] == [
        ("R6", "turnaround", 420, 421)
    ] * 2


def test_sorties_of_a_drone_do_not_overlap() -> None:
    assert "R6 overlap" in broken(plan=with_shift("T2", -421))
    assert "R6 overlap" not in broken(plan=with_shift("T2", -420))


def test_a_sortie_starts_where_the_last_one_ended() -> None:
    plan = three_site_plan()
    without_t2 = tuple(one for one in plan.sorties if one.id != "T2")
    found = violations(plan=replace(plan, sorties=without_t2))
    starts = [one for one in found if one.rule == "R6"]
    assert [(one.check, one.actual, one.limit) for one in starts] == [("start", "second", "hub")]


def test_a_drone_starts_at_home() -> None:
    names = broken(network=with_drone("D2", home_site_id="second"))
    assert names == {"R6 start", "R6 home"}


def test_a_drone_ends_the_day_at_home_when_the_rules_ask() -> None:
    plan = three_site_plan()
    without_t3 = replace(plan, sorties=tuple(one for one in plan.sorties if one.id != "T3"))
    assert "R6 home" in broken(plan=without_t3)
    relaxed = with_rules(must_return_home=False)
    assert "R6 home" not in broken(plan=without_t3, network=relaxed)


def test_sorties_stay_inside_the_duty() -> None:
    # D1 takes off first at 28,800 and lands last at 32,020.
    assert broken(network=with_drone("D1", duty=Window(28_800, 32_020))) == set()
    assert broken(network=with_drone("D1", duty=Window(28_801, 32_020))) == {"R6 duty-start"}
    assert broken(network=with_drone("D1", duty=Window(28_800, 32_019))) == {"R6 duty-end"}


def test_a_sortie_is_no_longer_than_allowed() -> None:
    # T1 takes 30,180 - 28,800 = 1,380 s, the longest of the day.
    assert broken(network=with_rules(sortie_max_s=1_380)) == set()
    assert broken(network=with_rules(sortie_max_s=None)) == set()
    (found,) = violations(network=with_rules(sortie_max_s=1_379))
    assert (found.rule, found.check, found.place.sortie_id) == ("R6", "duration", "T1")


# R7 ----------------------------------------------------------------------------------------------


def test_packs_that_start_the_day_at_a_base_are_counted() -> None:
    assert broken(network=with_base("hub", packs={"hex": 2, "wing": 1})) == set()
    found = violations(network=with_base("hub", packs={"hex": 1, "wing": 1}))
    assert [(one.rule, one.check, one.actual, one.limit) for one in found] == [
        ("R7", "count", 2, 1)
    ]
    assert broken(network=with_base("second", packs={})) == {"R7 count"}


def test_a_pack_flies_again_only_when_charged() -> None:
    """T3 on the pack of T2: it is at the second base, yet charging until 34,700."""
    plan = with_sortie("T3", pack_id="hub-hex-2")
    assert broken(plan=plan) == {"R7 charged"}
    # If it were charged in 320 s from 31,200, it would be full at 31,520, when T3 takes off.
    quick = with_type("hex", charge_s=320)
    for end_s, names in ((31_520, set()), (31_521, {"R7 charged"})):
        charged = edit_sortie(
            plan, "T2", lambda one, end_s=end_s: replace(one, charge=Charge(0, 31_200, end_s))
        )
        assert broken(plan=charged, network=quick) == names
    never = edit_sortie(plan, "T2", lambda one: replace(one, charge=None))
    assert broken(plan=never) == {"R7 charged"}


def test_a_pack_is_never_in_two_places() -> None:
    assert "R7 place" in broken(plan=with_sortie("T3", pack_id="hub-hex-1"))
    twin = with_drone("D2", type_id="hex")
    assert "R7 overlap" in broken(plan=with_sortie("T4", pack_id="hub-hex-1"), network=twin)


def test_a_pack_flies_only_in_its_own_type() -> None:
    assert "R7 type" in broken(plan=with_sortie("T4", pack_id="hub-hex-1"))


def test_charging_takes_its_time_after_the_landing() -> None:
    assert broken(network=with_type("wing", charge_s=5_400)) == set()
    assert broken(network=with_type("wing", charge_s=5_401)) == {"R7 charge-time"}
    early = with_sortie("T4", charge=Charge(1, 31_179, 36_580))
    assert broken(plan=early) == {"R7 charge-start"}


def test_a_charger_exists_and_charges_one_pack_at_a_time() -> None:
    assert broken(network=with_base("hub", chargers=2)) == set()
    assert broken(network=with_base("hub", chargers=1)) == {"R7 charger"}
    # Charger 0 of the hub holds the pack of T1 until 33,780.
    early = with_sortie("T3", charge=Charge(0, 33_779, 37_380))
    assert broken(plan=early) == {"R7 charger-held"}


def test_a_pack_not_flown_again_need_not_charge() -> None:
    assert broken(plan=with_sortie("T3", charge=None)) == set()


# R8 ----------------------------------------------------------------------------------------------


def test_a_pad_exists() -> None:
    assert broken(plan=with_stop("T4", 2, pad=2)) == {"R8 index"}
    assert broken(plan=with_stop("T4", 2, pad=-1)) == {"R8 index"}


def test_movements_at_a_pad_are_a_headway_apart() -> None:
    # Clinic: D1 takes off 29,580, D2 lands 30,500: 920 s apart, the closest pair of the day.
    assert broken(network=with_rules(headway_s=920)) == set()
    (found,) = violations(network=with_rules(headway_s=921))
    assert (found.rule, found.check, found.place.site_id) == ("R8", "headway", "clinic")
    assert (found.limit, found.actual) == (921, 920)


def test_a_pad_is_held_by_one_drone_at_a_time() -> None:
    """T4 starts from D1's pad: it prepares from 29,820 and leaves at 30,000.

    D1 lands there at 30,180, and leaves again at 30,600: with a preparation of 420 s D1 holds the
    pad from 30,180 on. D2 then needs it from 29,580. Nobody is there before.
    """
    stolen = with_stop("T4", 0, pad=0)
    assert broken(plan=stolen, network=with_rules(pad_prepare_s=420)) == set()
    # D2 lands at 31,180 on pad 0; D1 left it at 30,600: free. D1 lands there again 32,020.
    landed = with_stop("T4", 2, pad=0)
    assert broken(plan=landed, network=with_rules(pad_clear_s=840)) == set()
    assert broken(plan=landed, network=with_rules(pad_clear_s=841)) == {"R8 held"}


def test_a_stop_between_holds_its_pad_until_take_off() -> None:
    """D1 is at the clinic 29,400-29,580; D2, moved by 940 s, lands at 29,560."""
    names = broken(plan=with_shift("T4", -940))
    assert {"R8 held", "R8 headway"} <= names
    assert "R8 held" not in broken(plan=with_shift("T4", -920))
    assert "R8 held" in broken(plan=with_shift("T4", -921))
    two_pads = with_site("clinic", pads=2)
    other_pad = edit_sortie(
        with_shift("T4", -940),
        "T4",
        lambda one: replace(one, stops=(one.stops[0], replace(one.stops[1], pad=1), one.stops[2])),
    )
    assert not {"R8 held", "R8 headway"} & broken(plan=other_pad, network=two_pads)


def test_one_drones_own_landing_and_take_off_need_no_headway() -> None:
    """D1 stands 180 s at the clinic; a headway of 200 s concerns other drones."""
    assert broken(network=with_rules(headway_s=200)) == set()


# R11 ---------------------------------------------------------------------------------------------


def test_sorties_under_way_are_supervised() -> None:
    # T1 and T4 are under way together from 30,000 to 30,180, T2 and T4 from 30,600 to 31,100.
    assert broken(network=with_rules(supervised_per_pilot=2)) == set()
    found = violations(network=with_rules(supervised_per_pilot=1))
    assert [(one.rule, one.actual, one.limit, one.place.sortie_id) for one in found] == [
        ("R11", 2, 1, "T1, T4"),
        ("R11", 2, 1, "T4, T2"),
    ]


def test_pilots_of_overlapping_shifts_add_up_and_none_means_no_flight() -> None:
    one_each = with_rules(
        supervised_per_pilot=1,
        pilot_shifts=(PilotShift(Window(0, 86_400), 1), PilotShift(Window(30_000, 31_100), 1)),
    )
    assert broken(network=one_each) == set()
    for span, names in (((28_800, 32_020), set()), ((28_801, 32_020), {"R11 supervised"}),
                        ((28_800, 32_019), {"R11 supervised"})):  # fmt: skip
        shifts = (PilotShift(Window(*span), 2),)
        assert broken(network=with_rules(pilot_shifts=shifts)) == names


def test_no_shifts_mean_no_limit() -> None:
    assert broken(network=with_rules(pilot_shifts=(), supervised_per_pilot=0)) == set()


def test_a_landing_makes_room_at_once() -> None:
    """T2 moved to take off when T4 lands: never more than one under way then."""
    network = with_rules(supervised_per_pilot=1)
    names = [
        one.place.sortie_id
        for one in violations(network=network, plan=with_shift("T2", 580))
        if one.rule == "R11"
    ]
    assert "T4, T2" not in names


# R12 ---------------------------------------------------------------------------------------------


def test_fixed_sorties_stay_as_they_were() -> None:
    before = with_sortie("T1", is_fixed=True)
    network, orders = three_sites(), three_site_orders()
    assert check_plan(network, orders, three_site_plan(), fixed=before) == ()
    recharged = with_sortie("T1", charge=None)
    assert check_plan(network, orders, recharged, fixed=before) == ()


@pytest.mark.parametrize(
    ("fields", "actual"),
    [({"pack_id": "hub-hex-3"}, "pack_id"), ({"drone_id": "D9"}, "drone_id")],
)
def test_a_changed_fixed_sortie_is_named(fields: dict[str, str], actual: str) -> None:
    before = with_sortie("T1", is_fixed=True)
    plan = with_sortie("T1", **fields)
    found = check_plan(three_sites(), three_site_orders(), plan, fixed=before)
    (changed,) = [one for one in found if one.rule == "R12"]
    assert (changed.check, changed.place.sortie_id, changed.actual) == ("changed", "T1", actual)


def test_a_moved_or_missing_fixed_sortie_is_named() -> None:
    before = with_sortie("T4", is_fixed=True)
    plan = three_site_plan()
    moved = edit_sortie(plan, "T4", lambda one: shifted(one, 60))
    missing = replace(plan, sorties=tuple(one for one in plan.sorties if one.id != "T4"))
    for edited, check in ((moved, "changed"), (missing, "missing")):
        found = check_plan(three_sites(), three_site_orders(), edited, fixed=before)
        assert [one.check for one in found if one.rule == "R12"] == [check]


def test_a_second_drone_of_another_home_is_judged_by_itself() -> None:
    """A drone at the second base that flies nothing changes nothing."""
    network = three_sites()
    drones = (*network.drones, Drone("D3", "hex", "second", Window(0, 86_400)))
    bases = (*network.bases[:1], Base("second", {"hex": 2}, 1))
    assert broken(network=replace(network, drones=drones, bases=bases)) == set()
