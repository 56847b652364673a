"""R1 ``whole``, R2 ``times``, R3 ``load`` and R5 ``segregation``: just inside and just outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.network import Window
from routing.plan import Unserved
from tests.checker.edits import (
    broken,
    edit_sortie,
    sortie,
    violations,
    with_order,
    with_site,
    with_stop,
    with_type,
)
from tests.days import three_site_orders, three_site_plan, three_sites_with_zone


def test_the_hand_made_day_is_valid() -> None:
    assert violations() == ()
    assert violations(network=three_sites_with_zone()) == ()


# R1 ----------------------------------------------------------------------------------------------


def test_an_order_neither_carried_nor_listed_is_named() -> None:
    plan = replace(three_site_plan(), unserved=())
    (found,) = violations(plan=plan)
    assert (found.rule, found.check, found.place.order_id) == ("R1", "neither", "X1")


def test_an_order_both_carried_and_listed_is_named() -> None:
    plan = three_site_plan()
    left = (*plan.unserved, Unserved("B1", "range", "Too far.", "太远。"))
    assert broken(plan=replace(plan, unserved=left)) == {"R1 both"}


def test_an_order_listed_twice_or_without_a_reason_is_named() -> None:
    plan = three_site_plan()
    assert broken(plan=replace(plan, unserved=plan.unserved * 2)) == {"R1 listed-twice"}
    without = (replace(plan.unserved[0], reason=" "),)
    assert broken(plan=replace(plan, unserved=without)) == {"R1 no-reason"}


def test_an_unknown_order_left_out_is_named() -> None:
    plan = three_site_plan()
    left = (*plan.unserved, Unserved("ghost", "range", "Too far.", "太远。"))
    assert broken(plan=replace(plan, unserved=left)) == {"R1 unserved-unknown"}


def test_an_order_never_unloaded_is_named() -> None:
    assert "R1 unloaded-once" in broken(plan=with_stop("T2", 1, unloaded=()))


def test_an_order_loaded_twice_is_named() -> None:
    assert "R1 loaded-once" in broken(plan=with_stop("T4", 0, loaded=("M2", "B1")))


def test_an_order_loaded_or_unloaded_at_the_wrong_site_is_named() -> None:
    assert broken(orders=with_order("S2", origin="clinic")) == {"R1 origin"}
    assert broken(orders=with_order("S2", destinations=("clinic",))) == {"R1 destination"}


def test_any_of_several_destinations_will_do() -> None:
    assert broken(orders=with_order("S2", destinations=("clinic", "hub"))) == set()


def test_an_order_changed_over_between_sorties_is_named() -> None:
    plan = with_stop("T1", 1, unloaded=())
    later = sortie(plan, "T4").stops[1]
    plan = edit_sortie(
        plan,
        "T4",
        lambda one: replace(
            one,
            stops=(one.stops[0], replace(later, unloaded=("M2", "B1")), one.stops[2]),
        ),
    )
    assert "R1 one-sortie" in broken(plan=plan)


def test_an_order_unloaded_before_it_is_loaded_is_named() -> None:
    plan = with_stop("T1", 0, loaded=(), unloaded=("S1",))
    plan = edit_sortie(
        plan,
        "T1",
        lambda one: replace(
            one,
            stops=(
                one.stops[0],
                replace(one.stops[1], unloaded=(), loaded=("S1",)),
                replace(one.stops[2], unloaded=(), loaded=("B1",)),
            ),
        ),
    )
    assert "R1 sequence" in broken(plan=plan)


# R2 ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order_id", "inside", "outside", "check"),
    [
        # B1: pickup handover 28,680, unloading 29,400-29,580; ride 29,580 - 28,680 = 900 s.
        ("B1", {"ready_s": 28_680}, {"ready_s": 28_681}, "ready"),
        ("B1", {"deadline_s": 29_580}, {"deadline_s": 29_579}, "deadline"),
        ("B1", {"ride_limit_s": 900}, {"ride_limit_s": 899}, "ride"),
        # A specimen picked up at a stop between: 29,400 s; received at the hub 30,300 s.
        ("S1", {"ready_s": 29_400}, {"ready_s": 29_401}, "ready"),
        ("S1", {"ride_limit_s": 900}, {"ride_limit_s": 899}, "ride"),
        (
            "B1",
            {"pickup_windows": (Window(0, 1), Window(28_680, 28_700))},
            {"pickup_windows": (Window(28_681, 29_000),)},
            "pickup-window",
        ),
        (
            "B1",
            {"delivery_windows": (Window(29_000, 29_400),)},
            {"delivery_windows": (Window(29_000, 29_399), Window(29_401, 30_000))},
            "delivery-window",
        ),
    ],
)
def test_times_of_an_order(
    order_id: str, inside: dict[str, object], outside: dict[str, object], check: str
) -> None:
    assert broken(orders=with_order(order_id, **inside)) == set()
    (found,) = violations(orders=with_order(order_id, **outside))
    assert (found.rule, found.check, found.place.order_id) == ("R2", check, order_id)


def test_the_deadline_is_named_with_its_numbers_in_both_languages() -> None:
    (found,) = violations(orders=with_order("S2", deadline_s=32_000))
    assert (found.limit, found.actual, found.unit) == (32_000, 32_140, "s")
    assert found.place.sortie_id == "T3"
    assert found.text("en") == (
        "R2 times: sortie T3, stop 2, site hub, order S2: "
        "Received at 08:55:40, after the deadline 08:53:20."
    )
    assert found.text("zh") == (
        "R2 时间：架次 T3，停靠 2，站点 hub，订单 S2：送达时刻 08:55:40 晚于截止时刻 08:53:20。"
    )


def test_a_handover_takes_the_sites_time() -> None:
    assert broken(network=with_site("clinic", handover_s=180)) == set()
    assert broken(network=with_site("clinic", handover_s=181)) == {"R2 handover"}


def test_handovers_start_and_end_in_opening_hours() -> None:
    # The clinic's first handover starts at 29,400 s, its last one ends at 30,680 s.
    assert broken(network=with_site("clinic", hours=(Window(29_400, 30_680),))) == set()
    assert broken(network=with_site("clinic", hours=(Window(29_401, 30_680),))) == {"R2 hours"}
    assert broken(network=with_site("clinic", hours=(Window(29_400, 30_679),))) == {"R2 hours"}


def test_a_handover_keeps_to_its_landing_and_take_off() -> None:
    assert broken(plan=with_stop("T1", 1, handover_start_s=29_399)) == {"R2 after-landing"}
    late = with_stop("T1", 2, handover_start_s=30_181, handover_end_s=30_301)
    assert "R2 after-landing" in broken(plan=late)
    assert "R2 before-takeoff" in broken(plan=with_stop("T1", 0, handover_end_s=28_810))


def test_a_stop_may_wait_before_its_handover() -> None:
    """Landing 29,400; if the handover took 170 s and started 10 s later, nothing would break."""
    plan = with_stop("T1", 1, handover_start_s=29_410)
    assert broken(network=with_site("clinic", handover_s=170), plan=plan) == set()


# R3 ----------------------------------------------------------------------------------------------


def test_load_with_the_box_stays_within_the_payload() -> None:
    # 9 kg and the box of 1 kg are the 10 kg of the type; energy and stated loads then differ too.
    assert not any(name.startswith("R3") for name in broken(orders=with_order("B1", mass_kg=9.0)))
    found = [one for one in violations(orders=with_order("B1", mass_kg=9.001)) if one.rule == "R3"]
    assert [(one.check, one.place.sortie_id, one.place.leg) for one in found] == [
        ("payload", "T1", 0)
    ]
    assert found[0].actual == pytest.approx(10.001)
    assert (found[0].limit, found[0].unit) == (10.0, "kg")


def test_orders_fit_the_slots() -> None:
    assert broken(orders=with_order("B1", slots=4)) == set()
    assert broken(orders=with_order("B1", slots=5)) == {"R3 slots"}


# R5 ----------------------------------------------------------------------------------------------


def test_groups_that_exclude_each_other_never_share_a_sortie() -> None:
    # S1 flies back on the sortie that took blood out: never on board together, yet one sortie.
    assert broken(orders=with_order("S1", group="medicine")) == set()
    (found,) = violations(orders=with_order("S1", group="formalin"))
    assert (found.rule, found.check, found.place.sortie_id) == ("R5", "groups", "T1")
    assert found.actual == "blood + formalin"


def test_temperature_bands_fit_the_compartments() -> None:
    """M2 (any) and a second order on the wing's way out: bands are counted without ``any``."""
    extra = replace(three_site_orders()[4], id="M3", mass_kg=0.0, band="2-6", group="medicine")
    loaded = with_stop("T4", 0, loaded=("M2", "M3"))
    plan = edit_sortie(
        loaded,
        "T4",
        lambda one: replace(
            one,
            stops=(one.stops[0], replace(one.stops[1], unloaded=("M2", "M3")), one.stops[2]),
        ),
    )
    one_band = (*three_site_orders(), extra)
    two_bands = (*with_order("M2", band="15-25"), extra)
    single = with_type("wing", compartments=1)
    assert broken(orders=one_band, plan=plan, network=single) == set()
    assert broken(orders=two_bands, plan=plan) == set()
    assert broken(orders=two_bands, plan=plan, network=single) == {"R5 bands"}
