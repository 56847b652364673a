"""Ground risk in a network: paths over fewer people where the detour is worth it, and its price."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import shapely

from geo.groundrisk import RiskArea
from routing.legs import build_legs
from routing.planning import plan_day
from routing.reading.network import read_network
from routing.report.risk import risk_cost
from tests.corpus_table import CORPUS
from tests.days import three_site_orders, three_site_plan, three_sites

# A town of 3 km by 1 km across the line hub - clinic-b of the tiny network.
TOWN = [[119.985, 36.835], [120.02, 36.835], [120.02, 36.845], [119.985, 36.845], [119.985, 36.835]]


def folder_of(tmp_path: Path, weight: float) -> Path:
    shutil.copytree(CORPUS / "valid", tmp_path, dirs_exist_ok=True)
    town = {
        "type": "Feature",
        "properties": {"id": "town", "people_per_km2": 4000},
        "geometry": {"type": "Polygon", "coordinates": [TOWN]},
    }
    folder = tmp_path / "network"
    layer = {"type": "FeatureCollection", "features": [town]}
    (folder / "people.geojson").write_text(json.dumps(layer), encoding="utf-8")
    main = folder / "network.yaml"
    named = f"ground_risk: {{population: people.geojson, weight: {weight}, source: made up}}\n"
    main.write_text(main.read_text(encoding="utf-8") + named, encoding="utf-8")
    return folder


def test_a_weight_moves_paths_and_none_leaves_them(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 1.0)
    priced = read_network(folder)
    assert [area.price for area in priced.risk] == [4.0]
    detour = build_legs(priced).for_type("quad")
    straight = build_legs(replace(priced, risk=())).for_type("quad")
    assert len(straight.path(0, 2)) == 2
    assert len(detour.path(0, 2)) > 2
    assert straight.length_m[0, 2] < detour.length_m[0, 2] < straight.length_m[0, 2] + 4 * 1_200


def test_weight_nothing_is_the_default(tmp_path: Path) -> None:
    assert read_network(folder_of(tmp_path, 0.0)).risk == ()


def test_the_price_of_the_preference_is_told() -> None:
    # 1.1 km of town across the line hub - clinic, 900 m wide: 4.4 km of price for a short detour.
    town = RiskArea("town", 4.0, shapely.box(119.955, 36.82, 119.965, 36.83))
    network = replace(three_sites(), risk=(town,))
    orders = tuple(order for order in three_site_orders() if order.id != "X1")
    day = plan_day(network, orders, iterations=30, proves=False)
    assert day.violations == ()
    cost = risk_cost(network, day.plan)
    assert cost is not None
    assert cost.flights > 0
    assert 20.0 < cost.length_m / cost.flights < 400.0
    assert cost.flight_s > 0
    assert risk_cost(three_sites(), three_site_plan()) is None
