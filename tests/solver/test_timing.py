"""One sortie on the hand-made triangle: hex flies hub - clinic 600 s, hub - second 500 s, second -
clinic 400 s; handovers take 120 s at hub and second, 180 s at clinic; daylight 24,000-61,200 s."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geo.weather import Weather, WeatherPeriod
from routing.network import Site, Window
from tests.days import three_site_orders, three_sites
from tests.solver.sorties import Sheet, changed, one_base, sheet


def _with_hours(site_id: str, *hours: Window):  # type: ignore[no-untyped-def]
    network = three_sites()

    def opened(site: Site) -> Site:
        return replace(site, hours=hours) if site.id == site_id else site

    return replace(network, sites=tuple(opened(site) for site in network.sites))


# -- waits -------------------------------------------------------------------------------------


def test_a_wait_on_the_way_becomes_a_later_take_off() -> None:
    # B1 is ready 28,000, so take-off 28,120 and landing 28,720; S1 is ready 29,000: 280 s of wait.
    # Leaving 280 s later, at 28,400, lands at 29,000 with no wait. Back: 29,000 + 180 + 600.
    flown = sheet("-B1", "+S1").time()
    assert (flown.ok, flown.depart, flown.land) == (True, 28_400.0, 29_780.0)
    assert flown.handovers == (29_000.0, 29_000.0)
    assert flown.flight == 1_200.0


def test_the_wait_stays_when_leaving_later_would_miss_the_pickup_window() -> None:
    # B1's handover at the hub may start until 28,150 only: take-off at most 28,270 (150 s later),
    # landing 28,870, a wait of 130 s remains.
    orders = changed("B1", pickup_windows=(Window(28_000, 28_150),))
    flown = sheet("-B1", "+S1", orders=orders).time()
    assert (flown.depart, flown.handovers[0], flown.land) == (28_270.0, 29_000.0, 29_780.0)


def test_a_stop_waits_for_the_next_of_several_windows() -> None:
    # Take-off 28,120 lands at 28,720, past the first window: wait for 30,000. Leaving 1,280 s
    # later keeps the landing 30,000 + 180 + 600.
    windows = (Window(29_000 - 500, 28_600), Window(30_000, 30_100))
    orders = changed("S1", ready_s=28_000, pickup_windows=windows)
    flown = sheet("-B1", "+S1", orders=orders).time()
    assert (flown.depart, flown.handovers, flown.land) == (29_400.0, (30_000.0,) * 2, 30_780.0)


def test_two_orders_at_one_stop_meet_in_a_window_of_both() -> None:
    # S1: 29,000-29,200 or 30,500-31,000; S3 from 29,500: both fit first at 30,500.
    windows = (Window(29_000, 29_200), Window(30_500, 31_000))
    flown = sheet("+S1", "+S3", orders=changed("S1", pickup_windows=windows)).time(
        not_before=27_000
    )
    assert flown.ok
    assert flown.handovers == (30_500.0, 30_500.0)


def test_past_the_last_window_there_is_no_sortie() -> None:
    orders = changed("S1", pickup_windows=(Window(29_000, 29_500),))
    # Landing at 28,900 + 600 = 29,500 is just in time; a second later is not.
    assert sheet("+S1", orders=orders).time(not_before=28_900).ok
    assert not sheet("+S1", orders=orders).time(not_before=28_901).ok


def test_opening_hours_hold_for_the_whole_handover() -> None:
    # Clinic closes at 30,000: the handover of 180 s starts by 29,820; take-off by 29,220.
    network = _with_hours("clinic", Window(25_200, 30_000))
    assert sheet("+S1", network=network).time(not_before=29_220).ok
    assert not sheet("+S1", network=network).time(not_before=29_221).ok


def test_leaving_waits_until_the_end_base_opens() -> None:
    # The unloading handover starts at landing, so the landing waits for 31,000: leave hub at
    # 31,000 - 600 - 180 - 600 = 29,620.
    network = _with_hours("hub", Window(31_000, 60_000))
    flown = sheet("+S1", network=network).time(not_before=28_900)
    assert (flown.ok, flown.depart, flown.land) == (True, 29_620.0, 31_000.0)


def test_leaving_waits_for_the_end_base_also_after_a_wait_at_a_stop() -> None:
    # As above, but the drone stands ready early: the wait for S1 (29,000) comes first.
    network = _with_hours("hub", Window(31_000, 60_000))
    flown = sheet("+S1", network=network).time(not_before=25_000)
    assert (flown.ok, flown.depart, flown.land) == (True, 29_620.0, 31_000.0)


# -- merging -----------------------------------------------------------------------------------


def test_neighbouring_tasks_at_one_site_share_one_handover() -> None:
    # hub -> clinic: one handover of 180 s for three orders, not three.
    flown = sheet("-B1", "+S1", "+S3", orders=changed("B1", band="15-25")).time()
    assert flown.handovers == (29_500.0,) * 3
    assert flown.land == 29_500 + 180 + 600


def test_tasks_at_one_site_apart_from_each_other_are_two_visits() -> None:
    # hub -> clinic 600 -> second 400 -> clinic 400 -> hub 600 = 2,000 s of flight.
    orders = tuple(replace(order, mass_kg=0.1) for order in three_site_orders())
    flown = sheet("+S3", "+S2", "+S1", network=one_base(), orders=orders).time(not_before=31_500)
    assert flown.flight == 2_000.0
    # 31,500 + 600, then + 180 + 400, then + 120 + 400.
    assert flown.handovers == (32_100.0, 32_680.0, 33_200.0)


# -- ride limit, deadline, target --------------------------------------------------------------


def test_ride_limit_counts_from_the_pickup_handover_until_receipt() -> None:
    # Loading 120 + flight 600 + unloading 180 = 900 s on board at least.
    for limit_s, ok in ((900, True), (899, False)):
        flown = sheet("-B1", "+S1", orders=changed("B1", ride_limit_s=limit_s)).time()
        assert flown.ok is ok


def test_a_ride_limit_is_met_by_leaving_later() -> None:
    # Leaving at once means 280 s of waiting on board: 1,180 s, over the limit of 1,000 s.
    case = sheet("-B1", "+S1", orders=changed("B1", ride_limit_s=1_000))
    assert case.fly_at(28_120.0).verdict == 2
    assert case.time().depart == 28_400.0


def test_received_by_the_deadline() -> None:
    # S1 from clinic: landing + 120 s is its receipt. Take-off 28,900: receipt 28,900 + 600 + 180 +
    # 600 + 120 = 30,400.
    for deadline_s, ok in ((30_400, True), (30_399, False)):
        assert sheet("+S1", orders=changed("S1", deadline_s=deadline_s)).time(28_900).ok is ok


def test_lateness_is_weighed_by_the_second_past_the_target() -> None:
    # S1 received 30,400, target 30,000: 400 s late; routine weighs 3,600 a second.
    flown = sheet("+S1").time(28_900)
    assert flown.late == pytest.approx(400 * 3_600.0)
    # S2 is stat: ten times as much. second -> hub: 31,060 + 500 + 120 + 500 + 120 = 32,300, 220 s.
    flown = sheet("+S2", network=one_base()).time(31_060)
    assert flown.late == pytest.approx(220 * 36_000.0)


def test_it_does_not_leave_later_when_that_makes_an_order_late() -> None:
    # B1 unloads first at second..: with both bases gone but hub, hub -> clinic (B1) -> second (S2,
    # ready 31,000) -> hub. Leaving at 29,000 + 120 receives B1 at 29,900; the wait at second is
    # 31,000 - 30,300 = 700 s. 700 s later B1 would be received at 30,600, past its target 30,000.
    flown = sheet("-B1", "+S2", network=one_base(), orders=changed("B1", band="15-25")).time(29_120)
    assert flown.ok
    assert (flown.depart, flown.land) == (29_120.0, 31_000 + 120 + 500)
    assert flown.late == pytest.approx((31_620 + 120 - 32_080) * 0.0)


# -- duty, daylight, longest sortie ------------------------------------------------------------


def test_landing_by_the_limit() -> None:
    case = sheet("+S1")
    assert case.time(28_900, land_max=30_280.0).ok
    assert not case.time(28_900, land_max=30_279.0).ok


def test_hex_flies_in_daylight_only_and_wing_at_night_too() -> None:
    # M2 early: ready at 20,000 at the hub; sunrise 24,000.
    orders = changed("M2", ready_s=20_000)
    network = _with_hours("clinic", Window(0, 86_400))
    assert sheet("-M2", orders=orders, network=network).time().depart == 24_000.0
    assert sheet("-M2", orders=orders, network=network, type_id="wing").time().depart == 20_120.0
    # Sunset 61,200: out and back takes 600 + 180 + 600 = 1,380 s.
    orders = changed("M2", deadline_s=80_000)
    case = sheet("-M2", orders=orders, network=network)
    assert case.time(61_200 - 1_380).ok
    assert not case.time(61_200 - 1_379).ok


def test_the_longest_sortie_counts_waiting_and_is_met_by_leaving_later() -> None:
    # hub -> second (M1, 500 s) -> clinic (S1) -> hub without wait: 500 + 120 + 400 + 180 + 600 =
    # 1,800 s. Leaving at 24,000 S1 would be waited for until 29,000.
    network = one_base()
    orders = changed("M1", ready_s=20_000)
    for longest_s, ok in ((1_800, True), (1_799, False)):
        rules = replace(network.rules, sortie_max_s=longest_s)
        case = sheet("-M1", "+S1", network=replace(network, rules=rules), orders=orders)
        assert case.time().ok is ok
        assert case.time(not_before=29_000).ok is ok


# -- weather by period -------------------------------------------------------------------------

STORM = WeatherPeriod(0, 20.0, 0.0, 25.0, 15.0)
QUIET = WeatherPeriod(30_000, 0.0, 0.0, 0.0, 15.0)


def test_it_waits_on_the_ground_until_the_storm_is_over() -> None:
    # 20 m/s is over the limit of 12 m/s until 30,000; S1 may be picked up until 36,000.
    network = replace(three_sites(), weather=Weather((STORM, QUIET)))
    flown = sheet("+S1", network=network).time()
    assert (flown.ok, flown.depart, flown.land) == (True, 30_000.0, 31_380.0)


def test_no_leg_lands_in_a_storm() -> None:
    storm_later = (replace(QUIET, start_s=0), replace(STORM, start_s=31_000))
    network = replace(three_sites(), weather=Weather(storm_later))
    # Take-off 29,620 lands at 31,000 sharp.
    assert sheet("+S1", network=network).time(29_620).ok
    assert not sheet("+S1", network=network).time(29_621).ok


def test_a_leg_is_flown_in_the_weather_of_its_take_off() -> None:
    # From 29,000 on a wind of 10 m/s from the south: hub -> clinic (due north) at 30 m/s takes
    # 10,000 / 30 + 100 = 433.3, rounded up 434 s; back at 10 m/s 1,000 + 100 = 1,100 s.
    wind = WeatherPeriod(29_000, 10.0, 180.0, 12.0, 15.0)
    network = replace(three_sites(), weather=Weather((replace(QUIET, start_s=0), wind)))
    before = sheet("+S1", network=network).fly_at(28_999.0)
    assert before.handovers == (29_599.0,)
    assert before.land == 29_599 + 180 + 1_100
    after = sheet("+S1", network=network).fly_at(29_000.0)
    assert after.handovers == (29_434.0,)
    # Energy with the box out, 5.25 kg back; cruise seconds at the power of 20 m/s in still air.
    out, back = 10_000 / 30, 10_000 / 10
    assert after.energy == pytest.approx(
        (out * 0.0005 + 0.1) * 0.512 + (back * 0.0005 + 0.1) * 0.729, rel=1e-3
    )


# -- the pack by the hour ----------------------------------------------------------------------

MILD, FROST = WeatherPeriod(0, 0.0, 0.0, 0.0, 15.0), WeatherPeriod(0, 0.0, 0.0, 0.0, -10.0)


def _pickup_of_s1(*periods: WeatherPeriod, has_diversion: bool = False) -> Sheet:
    """S1 fetched on a pack that is just enough at 15 C.

    Out with the box 0.35 x 0.512 = 0.1792, back with 5.25 kg 0.35 x 0.729 = 0.2552 packs; usable
    at 15 C are 0.55 x 0.8 = 0.44. At -10 C it takes 0.4344 x sqrt(263.15 / 288.15) = 0.4151 of
    0.33. With diversions the pack must also reach a neighbour: 0.78 does, 0.585 does not.
    """
    network = three_sites()
    rules = replace(
        network.rules,
        pack_soh={"hex": 0.78 if has_diversion else 0.55},
        reserve_frac=0.0 if has_diversion else 0.2,
        has_diversion_reserve=has_diversion,
    )
    return sheet("+S1", network=replace(network, rules=rules, weather=Weather(periods)))


def test_frost_later_does_not_shrink_a_pack_before() -> None:
    later = replace(FROST, start_s=40_000)
    assert _pickup_of_s1(MILD).fly_at(29_000.0).ok
    assert _pickup_of_s1(MILD, later).fly_at(29_000.0).ok
    assert not _pickup_of_s1(FROST).fly_at(29_000.0).ok


@pytest.mark.parametrize("has_diversion", [False, True])
def test_a_pack_holds_what_it_holds_at_the_coldest_take_off(has_diversion: bool) -> None:
    # Out at 29,000, at the clinic by 29,600, back from 29,780: a frost from then on counts for the
    # whole sortie, one from a second later on for none of it; so does one until 29,000.
    for begins_s, ok in ((29_780, False), (29_781, True)):
        case = _pickup_of_s1(MILD, replace(FROST, start_s=begins_s), has_diversion=has_diversion)
        assert case.fly_at(29_000.0).ok is ok
    for ends_s, ok in ((29_001, False), (29_000, True)):
        case = _pickup_of_s1(FROST, replace(MILD, start_s=ends_s), has_diversion=has_diversion)
        assert case.fly_at(29_000.0).ok is ok


def test_it_waits_on_the_ground_until_the_frost_is_over() -> None:
    flown = _pickup_of_s1(FROST, replace(MILD, start_s=30_000)).time()
    assert (flown.ok, flown.depart, flown.land) == (True, 30_000.0, 31_380.0)


# -- the latest pass ---------------------------------------------------------------------------


def test_latest_times_by_hand() -> None:
    # hub by S1's deadline: landing 36,000 - 120 = 35,880; clinic 35,880 - 600 - 180 = 35,100, but
    # B1 is due there: 32,400 - 180 = 32,220; take-off 32,220 - 600 = 31,620.
    assert sheet("-B1", "+S1").latest(60_000.0) == (31_620.0, (32_220.0, 32_220.0))
    # A landing by 32,000 is tighter: clinic 31,220, take-off 30,620.
    assert sheet("-B1", "+S1").latest(32_000.0) == (30_620.0, (31_220.0, 31_220.0))


def test_a_take_off_at_the_latest_time_can_still_be_flown() -> None:
    case = sheet("-B1", "+S1", orders=changed("B1", ride_limit_s=None))
    depart, _ = case.latest(60_000.0)
    assert case.fly_at(depart).verdict == 0
    assert case.fly_at(depart + 1.0).verdict == 1
