"""Reasons of unserved orders: one limit a test, just inside flies and just outside is named."""

from __future__ import annotations

from dataclasses import replace

from geo.weather import Weather, WeatherPeriod
from routing.checker import check_plan
from routing.explain import explain_late, explain_unserved
from routing.legs import build_legs
from routing.network import Base, Network, PilotShift, Window
from routing.orders import Order
from routing.plan import Plan, Unserved
from tests.days import three_site_orders, three_site_plan, three_sites

B1, S1, M1, S2, M2, S3, X1 = three_site_orders()
ALONE = replace(X1, id="A1", deadline_s=36_000)


def reason_of(
    order: Order,
    network: Network | None = None,
    plan: Plan | None = None,
    others: tuple[Order, ...] = (),
) -> Unserved:
    """Why an order stays behind: beside the sorties of a plan, by default beside none."""
    network = three_sites() if network is None else network
    plan = replace(three_site_plan(), sorties=()) if plan is None else plan
    plan = replace(plan, unserved=(Unserved(order.id, "?", "", ""),))
    (left,) = explain_unserved(network, (*others, order), build_legs(network), plan)
    assert left.order_id == order.id
    assert left.text_en
    assert left.text_zh
    return left


def test_the_fastest_sortie_misses_the_deadline_by_minutes() -> None:
    """X1 is ready 29,000 at the clinic: 180 s to load, 500 s by the wing, 120 s to unload."""
    left = reason_of(X1)
    assert left.reason == "deadline"
    assert "D2 with nothing else to fly" in left.text_en
    assert "1.7 min after the deadline" in left.text_en  # 29,800 - 29,700 = 100 s, rounded up.
    assert "晚 1.7 分钟" in left.text_zh


def test_at_the_deadline_it_could_fly() -> None:
    """29,800 is enough: what is said then is that a longer search would find it."""
    assert reason_of(replace(X1, deadline_s=29_800)).reason == "not_found"
    assert reason_of(replace(X1, deadline_s=29_799)).reason == "deadline"


def test_out_of_range_says_by_how_many_kilometres() -> None:
    """With 60 % of a pack left the wing's round of 20 km no longer fits; see tests.days."""
    short = three_sites()
    rules = replace(short.rules, pack_soh={"hex": 0.3, "wing": 0.3})
    left = reason_of(ALONE, replace(short, rules=rules))
    assert left.reason == "out_of_range"
    assert "Example VTOL" in left.text_en
    assert "km: " in left.text_en
    assert "公里" in left.text_zh


def test_the_ride_limit_binds_to_the_second() -> None:
    """On board from 29,000 to 29,800 on the wing."""
    assert reason_of(replace(ALONE, ride_limit_s=800)).reason == "not_found"
    left = reason_of(replace(ALONE, ride_limit_s=799))
    assert left.reason == "ride"
    assert "0.0 too many" in left.text_en


def test_at_night_the_hex_may_not_fly() -> None:
    """Sunset is 61,200 s; only the hex is there."""
    network = three_sites()
    network = replace(network, drones=network.drones[:1])
    night = replace(ALONE, ready_s=61_000, deadline_s=66_000)
    left = reason_of(night, network)
    assert left.reason == "night"
    assert "06:40-17:00" in left.text_en


def test_a_wind_past_the_limits_binds() -> None:
    network = three_sites()
    windy = WeatherPeriod(0, 13.0, 0.0, 13.0, 15.0)
    storm = replace(network, weather=Weather((windy,), "made up"))
    assert reason_of(ALONE, storm).reason == "wind"
    breeze = Weather((replace(windy, wind_mps=3.0, gust_mps=3.0),), "made up")
    assert reason_of(ALONE, replace(network, weather=breeze)).reason == "not_found"


def test_too_heavy_and_closed_and_off_duty_and_unsupervised() -> None:
    network = three_sites()
    assert reason_of(replace(ALONE, mass_kg=9.01)).reason == "carriage"
    assert reason_of(replace(ALONE, mass_kg=9.0)).reason != "carriage"
    evening = replace(ALONE, ready_s=68_300, deadline_s=72_000)  # The clinic closes at 68,400.
    assert reason_of(evening).reason == "hours"
    asleep = tuple(replace(drone, duty=Window(40_000, 80_000)) for drone in network.drones)
    assert reason_of(ALONE, replace(network, drones=asleep)).reason == "duty"
    nobody = replace(network.rules, pilot_shifts=(PilotShift(Window(40_000, 80_000), 1),))
    assert reason_of(ALONE, replace(network, rules=nobody)).reason == "pilots"
    bases = (Base("hub", {"hex": 0, "wing": 0}, 2), network.bases[1])
    assert reason_of(ALONE, replace(network, bases=bases)).reason == "packs"


# Beside a plan ----------------------------------------------------------------------------------

FLOWN = (B1, S1, M1, S2, M2, S3)


# Ready when T1 has loaded, due before T4 delivers: D2 would leave 28,820 and be back at 30,000,
# but starts T4 then and needs 600 s of turnaround before; D1 is out until 30,180.
NARROW = replace(B1, id="N1", ready_s=28_700, deadline_s=30_400, target_s=None)


def test_busy_drones_are_named_with_their_span() -> None:
    left = reason_of(NARROW, plan=three_site_plan(), others=FLOWN)
    assert left.reason == "drones_busy"
    assert "within 08:" in left.text_en
    assert "均已占用" in left.text_zh


def test_a_sortie_that_passes_but_carries_what_must_be_kept_apart() -> None:
    """T1 brings B1 (blood) hub -> clinic at 28,680; formalin may not share the sortie."""
    order = replace(
        B1, id="F1", group="formalin", band="any", product_id="tissue", mass_kg=1.0,
        ready_s=28_600, deadline_s=30_000, ride_limit_s=None,
    )  # fmt: skip
    left = reason_of(order, plan=three_site_plan(), others=FLOWN)
    assert left.reason == "segregation"
    assert "T1" in left.text_en
    medicine = replace(order, group="medicine", product_id="medicine")
    assert reason_of(medicine, plan=three_site_plan(), others=FLOWN).reason == "not_found"
    heavy = replace(medicine, mass_kg=5.0)
    # T1's box is full, but what it needs is a sortie of its own, and no drone is free for one.
    assert reason_of(heavy, plan=three_site_plan(), others=FLOWN).reason == "drones_busy"


def test_a_full_pad_a_missing_pack_and_a_busy_pilot() -> None:
    """One drone more would not help: something else is taken in the only span there is."""
    network = three_sites()
    third = replace(network.drones[1], id="D3")
    rules = replace(network.rules, supervised_per_pilot=3)
    three = replace(network, drones=(*network.drones, third), rules=rules)
    assert reason_of(NARROW, three, three_site_plan(), FLOWN).reason == "packs"
    bases = (Base("hub", {"hex": 2, "wing": 2}, 3), network.bases[1])
    packed = replace(three, bases=bases)
    assert check_plan(packed, (*FLOWN, X1), three_site_plan()) == ()
    assert reason_of(NARROW, packed, three_site_plan(), FLOWN).reason == "not_found"
    # T1 stands on the clinic's pad 29,400-29,580, T4 from 30,500: between, not within headway.
    tight = replace(NARROW, deadline_s=29_800)
    left = reason_of(tight, packed, three_site_plan(), FLOWN)
    assert left.reason == "pads"
    assert "at Clinic" in left.text_en
    assert "卫生院" in left.text_zh


def test_a_pilot_who_watches_another_sortie() -> None:
    """T1 alone is out until 30,180: 500 s later and a handover is past 30,400."""
    network = three_sites()
    one = replace(network, rules=replace(network.rules, supervised_per_pilot=1))
    first = replace(three_site_plan(), sorties=three_site_plan().sorties[:1])
    assert reason_of(NARROW, one, first, FLOWN).reason == "pilots"
    assert reason_of(NARROW, network, first, FLOWN).reason == "not_found"


def test_nothing_left_behind_needs_no_reason() -> None:
    network = three_sites()
    plan = replace(three_site_plan(), unserved=())
    assert explain_unserved(network, FLOWN, build_legs(network), plan) == ()


def test_late_orders_are_explained_as_if_the_target_were_the_deadline() -> None:
    """S1 comes 5 min and S2 1 min past the target. S2, alone in T3, waits for a drone: ready
    31,000, target 32,080; the wing could be at the second base by its own sortie only, and has no
    pack there. S1 could have come sooner on the wing, which stands at the hub until 30,000: out
    500 s, 180 s, 500 s and 120 s from 29,000 on is 30,300, past 30,000 too."""
    network = three_sites()
    late = explain_late(network, (*FLOWN, X1), build_legs(network), three_site_plan())
    assert [one.order_id for one in late] == ["S1", "S2"]
    assert all(one.text_zh and one.text_en for one in late)
    assert {one.reason for one in late} <= {"drones_busy", "packs", "pads", "pilots", "deadline"}
