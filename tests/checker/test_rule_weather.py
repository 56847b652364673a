"""R9 in rain and fog, R4 in frost: just inside passes, just outside is named."""

from __future__ import annotations

from dataclasses import replace

from geo.weather import Weather, WeatherPeriod
from tests.checker.edits import broken, violations, with_rules, with_type


def test_rain_and_visibility_stay_within_the_drones_limits() -> None:
    wet = Weather((WeatherPeriod(0, 0.0, 0.0, 0.0, 15.0, rain_mm_h=2.0, visibility_m=1_500.0),))
    for limit, within, beyond, check in (
        ("max_rain_mm_h", 2.0, 1.9, "rain"),
        ("min_visibility_m", 1_500.0, 1_501.0, "visibility"),
    ):
        network = replace(with_type("wing", **{limit: within}), weather=wet)
        assert broken(network=network) == set()
        found = violations(network=replace(with_type("wing", **{limit: beyond}), weather=wet))
        assert {(one.rule, one.check, one.place.sortie_id, one.limit) for one in found} == {
            ("R9", check, "T4", beyond)
        }


def test_the_coldest_take_off_of_the_sortie_counts() -> None:
    # T1 takes off at 08:00 and again before 09:00. At -30 C 0.48 packs are usable; all of
    # it in the frost would take 0.46876, but the first leg was flown in mild, thinner air.
    mild = WeatherPeriod(0, 0.0, 0.0, 0.0, 15.0)
    for begins_s, is_broken in ((29_000, True), (60_000, False)):
        weather = Weather((mild, WeatherPeriod(begins_s, 0.0, 0.0, 0.0, -30.0)))
        network = replace(with_rules(has_diversion_reserve=False), weather=weather)
        sorties = {
            one.place.sortie_id
            for one in violations(network=network)
            if (one.rule, one.check) == ("R4", "usable")
        }
        assert ("T1" in sorties) is is_broken
