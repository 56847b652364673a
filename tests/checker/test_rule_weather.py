"""R9 in rain and fog: just inside passes, just outside is named."""

from __future__ import annotations

from dataclasses import replace

from geo.weather import Weather, WeatherPeriod
from tests.checker.edits import broken, violations, with_type


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
