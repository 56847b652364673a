"""The shipped catalogue and Pingdu network: sources, zones, and that every order can be flown."""

from __future__ import annotations

import functools
import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyproj import CRS, Transformer
from ruamel.yaml import YAML
from shapely.geometry import LineString, Point, Polygon

from routing.legs import LegTable, LegTables, build_legs
from routing.network import Network
from routing.orders import Order
from routing.reading.network import read_network
from routing.reading.orders import read_orders
from routing.reading.timetable import expand_timetable

ROOT = Path(__file__).resolve().parent.parent
CONFIGS = ROOT / "configs"
PINGDU = CONFIGS / "pingdu"
SHARED = Path(os.environ.get("MAGPIE_SHARED", ROOT.parent / "shared"))
HUB, SECOND = "pingdu-people-hospital", "pingdu-2nd-hospital"
THERE_AND_BACK, ONE_WAY, BETWEEN = "there and back", "one way to a base", "between bases"
BUSY_KG = 1.0
"""A full morning's consignments of one town: about forty tubes and their request forms."""


@functools.cache
def pingdu() -> Network:
    return read_network(PINGDU)


@functools.cache
def legs() -> LegTables:
    return build_legs(pingdu())


def base_ids() -> tuple[str, ...]:
    return tuple(base.site_id for base in pingdu().bases)


# --- the catalogue


def sourced_values(node: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Every mapping with a ``value``, and every bare number or flag as a value without source."""
    if isinstance(node, dict) and "value" in node:
        yield path, node
    elif isinstance(node, dict):
        for key, inner in node.items():
            yield from sourced_values(inner, f"{path}.{key}")
    elif isinstance(node, int | float | list):
        yield path, {"value": node}


@pytest.mark.parametrize("name", ["drones", "products", "rules"])
def test_every_catalogue_value_says_where_it_comes_from(name: str) -> None:
    text = (CONFIGS / "catalogue" / f"{name}.yaml").read_text(encoding="utf-8")
    values = list(sourced_values(YAML(typ="safe").load(text)))
    assert len(values) > 15
    assert [path for path, entry in values if not entry.get("source")] == []


@pytest.mark.parametrize("name", ["drones", "products", "rules"])
def test_memory_and_design_choices_are_marked_unverified(name: str) -> None:
    text = (CONFIGS / "catalogue" / f"{name}.yaml").read_text(encoding="utf-8")
    from_memory = [
        (path, entry)
        for path, entry in sourced_values(YAML(typ="safe").load(text))
        if "memory" in str(entry["source"]) or str(entry["source"]) == "design choice"
    ]
    assert from_memory
    assert [path for path, entry in from_memory if not entry.get("unverified")] == []


def test_the_catalogue_has_multirotors_and_a_vtol() -> None:
    airframes = [drone.airframe for drone in pingdu().drone_types.values()]
    assert airframes.count("multirotor") >= 5
    assert airframes.count("vtol") >= 1


def test_what_spoils_in_minutes_may_not_fly_and_says_why() -> None:
    grounded = {p.id: p.why_not for p in pingdu().products.values() if not p.is_eligible}
    assert set(grounded) == {"blood-gas", "ammonia-lactate"}
    assert all(grounded.values())


def test_the_law_of_mass_meets_the_published_empty_range_of_the_flycart() -> None:
    drone = pingdu().drone_types["dji-flycart30"]
    (_, full_m) = drone.range_points[0]
    ratio = ((drone.empty_kg + drone.payload_max_kg) / drone.empty_kg) ** 1.5
    assert full_m * ratio == pytest.approx(28_000, rel=0.02)  # 28 km empty, theregister.com 2023


# --- sites and zones


def test_sites_are_those_of_the_geography_file() -> None:
    source = SHARED / "data" / "pingdu" / "sites.csv"
    if not source.exists():
        pytest.skip("the geography the sites were taken from is not beside this checkout")
    rows = {line.split(",")[0] for line in source.read_text(encoding="utf-8-sig").splitlines()[1:]}
    assert {site.id for site in pingdu().sites} == rows


def test_every_site_says_its_source_and_doubt() -> None:
    assert len(pingdu().sites) == 24
    assert all(site.source and site.confidence for site in pingdu().sites)


@functools.cache
def plane() -> Transformer:
    hub = pingdu().site(HUB)
    local = CRS.from_proj4(f"+proj=aeqd +lat_0={hub.lat_deg} +lon_0={hub.lon_deg} +units=m")
    return Transformer.from_crs("EPSG:4326", local, always_xy=True)


def blocking_footprints() -> dict[str, Polygon]:
    return {
        zone.id: Polygon([plane().transform(*point) for point in rings[0]])
        for zone in pingdu().zones
        if zone.is_blocking
        for rings in zone.rings_lonlat
    }


def pad_xy(site_id: str) -> tuple[float, float]:
    site = pingdu().site(site_id)
    x, y = plane().transform(site.lon_deg, site.lat_deg)
    return float(x), float(y)


def blocked_lines() -> set[tuple[str, str]]:
    footprints = blocking_footprints().values()
    pairs = [(start, site.id) for start in (HUB, SECOND) for site in pingdu().sites]
    return {
        (start, end)
        for start, end in pairs
        if start != end
        and any(LineString([pad_xy(start), pad_xy(end)]).intersects(f) for f in footprints)
    }


def test_straight_lines_from_the_hospitals_must_go_around() -> None:
    blocked = blocked_lines()
    assert len({frozenset(pair) for pair in blocked}) >= 4
    assert (HUB, SECOND) in blocked
    assert (SECOND, "cuijia-central-hc") in blocked
    for start, end in blocked:
        table = legs().for_type("wingcopter-198")
        i, j = table.site_index[start], table.site_index[end]
        straight_m = Point(pad_xy(start)).distance(Point(pad_xy(end)))
        assert len(table.path(i, j)) > 2
        assert table.length_m[i, j] > straight_m * 0.9999


def test_no_site_lies_in_a_blocking_zone() -> None:
    inside = [
        (site.id, zone_id)
        for site in pingdu().sites
        for zone_id, footprint in blocking_footprints().items()
        if footprint.intersects(Point(pad_xy(site.id)))
    ]
    assert inside == []


def test_made_up_zones_say_so() -> None:
    made_up = [zone for zone in pingdu().zones if zone.is_illustrative]
    assert made_up
    assert all("示意" in zone.name_zh and "illustrative" in zone.name_en for zone in made_up)
    assert all("OurAirports" in z.source for z in pingdu().zones if not z.is_illustrative)


def test_the_outline_credits_openstreetmap() -> None:
    outline = json.loads((PINGDU / "outline.geojson").read_text(encoding="utf-8"))
    assert 50 <= len(pingdu().outline_lonlat) <= 65
    assert "OpenStreetMap" in pingdu().outline_credit
    assert "ODbL" in outline["features"][0]["properties"]["credit"]


# --- reach


def energy_share(table: LegTable, stops: tuple[str, ...], load_kg: float) -> float:
    """The tighter of R4's two limits as a share, the load on board on every leg; > 1 is out."""
    hover_s = pingdu().rules.diversion_hover_s
    used, share = 0.0, 0.0
    for start, end in itertools.pairwise(table.site_index[stop] for stop in stops):
        used += table.energy_pack(start, end, load_kg)
        diverted = used + table.diversion_pack(end, load_kg, hover_s)
        share = max(share, used / table.usable_pack, diverted / table.available_pack)
    return share


def ways_to_serve(type_id: str, site_id: str, load_kg: float) -> dict[str, list[tuple[str, ...]]]:
    """The sorties that touch a site: there and back, one way to a base, or between bases."""
    table = legs().for_type(type_id)
    others = [base for base in base_ids() if base != site_id]
    homes = {base.site_id for base in pingdu().bases if base.packs.get(type_id)}
    starts = [base for base in others if base in homes]
    if site_id in base_ids():
        pairs = {ONE_WAY: [(start, site_id) for start in starts]}
    else:
        pairs = {
            THERE_AND_BACK: [(start, site_id, start) for start in starts],
            BETWEEN: [(a, site_id, b) for a in starts for b in others if a != b],
        }
    return {
        kind: [stops for stops in sorties if energy_share(table, stops, load_kg) <= 1]
        for kind, sorties in pairs.items()
    }


BY_MULTIROTOR = {
    THERE_AND_BACK: {
        "qduh-pingdu", "haici-pingdu", "xiangdian-hc", "dongge-hc", "liyuan-hc", "tonghe-hc",
        "fengtai-hc", "baishahe-hc", "mingcun-hc", "guxian-hc",
    },
    ONE_WAY: {SECOND, "cuijia-central-hc", "tianzhuang-hc", "yunshan-hc"},
}  # fmt: skip
"""Sites the multirotor serves, and how; the tilt-rotor serves them all."""


@pytest.mark.parametrize("site_id", sorted(site.id for site in pingdu().sites if site.id != HUB))
def test_every_site_can_be_served(site_id: str) -> None:
    multirotor = ways_to_serve("antwork-tr9s", site_id, BUSY_KG)
    for kind, site_ids in BY_MULTIROTOR.items():
        assert bool(multirotor.get(kind)) == (site_id in site_ids)
    tilt_rotor = ways_to_serve("wingcopter-198", site_id, BUSY_KG)
    assert tilt_rotor[ONE_WAY if site_id in base_ids() else THERE_AND_BACK]


def test_outer_towns_need_a_base_or_a_tilt_rotor() -> None:
    far = {"jiudian-hc", "xinhe-hc"}
    for site_id in far:
        table = legs().for_type("wingcopter-198")
        assert energy_share(table, (HUB, site_id, HUB), BUSY_KG) > 1
        assert not any(ways_to_serve("antwork-tr9s", site_id, 0.0).values())


def test_a_tilt_rotor_flies_a_round_of_several_towns_on_one_pack() -> None:
    table = legs().for_type("wingcopter-198")
    rounds = [
        (HUB, "dianzi-hc", "dazeshan-hc", HUB),
        ("yunshan-hc", "jiudian-hc", "datian-hc", "yunshan-hc"),
        (HUB, "baishahe-hc", "guxian-hc", "yunshan-hc"),
    ]
    assert [r for r in rounds if energy_share(table, r, BUSY_KG) > 1] == []


def test_most_towns_are_plain_stops() -> None:
    assert len(base_ids()) <= len(pingdu().sites) / 3
    assert {HUB, SECOND, "cuijia-central-hc"} <= set(base_ids())


# --- the shipped days


def sorties_for(order: Order) -> Iterator[tuple[str, tuple[str, ...], int, int]]:
    """(type, stops, first and last index of the order on board) of the sorties it could ride."""
    bases = base_ids()
    for type_id, destination in itertools.product(legs().tables, order.destinations):
        starts = [order.origin] if order.origin in bases else list(bases)
        ends = [destination] if destination in bases else list(bases)
        for start, end in itertools.product(starts, ends):
            has_pickup_stop = start != order.origin
            stops = (start, *((order.origin,) if has_pickup_stop else ()), destination)
            stops = stops if destination == end else (*stops, end)
            first = 1 if has_pickup_stop else 0
            yield type_id, stops, first, stops.index(destination, first)


def is_servable(order: Order) -> bool:
    """Whether some drone could fly the order alone, starting its pickup when it is ready."""
    network = pingdu()
    for type_id, stops, first, last in sorties_for(order):
        table = legs().for_type(type_id)
        ix = [table.site_index[stop] for stop in stops]
        flown_s = sum(table.flight_s[a, b] for a, b in itertools.pairwise(ix[first : last + 1]))
        handover_s = network.site(order.origin).handover_s
        received_s = order.ready_s + handover_s + flown_s + network.site(stops[last]).handover_s
        on_board_s = received_s - order.ready_s
        is_in_time = received_s <= order.deadline_s
        is_short = order.ride_limit_s is None or on_board_s <= order.ride_limit_s
        if is_in_time and is_short and energy_share(table, stops, order.mass_kg) <= 1:
            return True
    return False


def open_at(site_id: str, time_s: float) -> bool:
    return any(start <= time_s <= end for start, end in pingdu().site(site_id).hours)


@pytest.mark.parametrize("name", ["lines", "towns"])
def test_some_drone_can_fly_every_shipped_order(name: str) -> None:
    orders = read_orders(PINGDU / "orders" / f"{name}.csv", pingdu())
    assert [order.id for order in orders if not is_servable(order)] == []
    assert all(open_at(order.origin, order.ready_s) for order in orders)


@pytest.mark.parametrize("date", ["2026-11-23", "2026-11-25", "2026-11-28"])
def test_some_drone_can_fly_every_standing_collection(date: str) -> None:
    orders = expand_timetable(PINGDU / "timetable.csv", pingdu(), date)
    assert len(orders) > 15
    assert [order.id for order in orders if not is_servable(order)] == []


def test_the_lines_day_flies_both_ways_by_day_and_night() -> None:
    orders = read_orders(PINGDU / "orders" / "lines.csv", pingdu())
    assert 12 <= len(orders) <= 16
    sites = {HUB, SECOND, "cuijia-central-hc", "wanjia-hc"}
    assert {order.origin for order in orders} == sites
    assert {order.group for order in orders} >= {"blood", "specimen"}
    assert [order.id for order in orders if order.ready_s >= 22 * 3600] == ["L14"]
    assert next(order for order in orders if order.id == "L14").deadline_s > 86_400


@pytest.mark.parametrize("name", ["timetable.csv", "orders/lines.csv", "orders/towns.csv"])
def test_made_up_orders_are_labelled_synthetic(name: str) -> None:
    assert (PINGDU / name).read_text(encoding="utf-8").startswith("# Synthetic")
