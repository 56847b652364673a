"""Random small networks and days for property tests, all synthetic.

Owns the hypothesis strategies: 2-6 sites within 12 km of each other, 1-3 of them bases, a handful
of drones of the two example types, scarce pads, packs, chargers and pilots, wind, and 1-10 orders.
Small numbers are drawn on coarse grids, so that ties and just-touching times are common. Knows no
solver and no checker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from geo.weather import CALM, Weather, WeatherPeriod
from geo.zones import Zone
from routing.network import Base, Drone, Network, PilotShift, Rules, Site, Weights, Window
from routing.orders import Order
from tests.days import HEX, RULES, WING

CENTRE_LONLAT = (119.96, 36.78)
DEG_A_KM = 0.009
TYPES = {"hex": HEX, "wing": WING}
DAY = Window(21_600, 72_000)
BANDS = ("any", "2-6", "15-25")
GROUPS = ("specimen", "blood", "formalin")


@dataclass(frozen=True, slots=True)
class RandomDay:
    """A network and its orders."""

    network: Network
    orders: tuple[Order, ...]


@st.composite
def days(
    draw: st.DrawFn,
    *,
    max_sites: int = 6,
    max_orders: int = 10,
    max_drones: int = 4,
    has_wind: bool = True,
    max_periods: int = 1,
    has_zone: bool = True,
    max_timed_zones: int = 0,
) -> RandomDay:
    """A random day; at most ``max_periods`` weather periods; zones that open and close on top."""
    sites = draw(_sites(max_sites))
    num_bases = draw(st.integers(1, min(3, len(sites) - 1)))
    bases = tuple(draw(_base(site.id)) for site in sites[:num_bases])
    drones = draw(_fleet([base.site_id for base in bases], max_drones))
    weather = draw(_weather(max_periods)) if has_wind else CALM
    network = Network(
        name_zh="随机示例",
        name_en="Random example",
        time_zone="Asia/Shanghai",
        date="2026-11-23",
        hub_id=sites[0].id,
        sites=sites,
        bases=bases,
        drone_types={key: draw(_varied(key)) for key in TYPES},
        drones=drones,
        products={},
        rules=draw(_rules()),
        weights=Weights(
            unserved={"stat": 100.0, "urgent": 10.0, "routine": 1.0},
            lateness_per_min={"stat": 20.0, "urgent": 4.0, "routine": 2.0},
            drone=draw(st.sampled_from([0.0, 600.0])),
        ),
        zones=(draw(_zones()) if has_zone else ()) + draw(_timed_zones(max_timed_zones)),
        weather=weather,
    )
    count = draw(st.integers(1, max_orders))
    return RandomDay(network, tuple(draw(_order(f"A{n}", sites)) for n in range(count)))


def _place(east_km: int, north_km: int) -> tuple[float, float]:
    lon, lat = CENTRE_LONLAT
    return lon + 1.25 * DEG_A_KM * east_km, lat + DEG_A_KM * north_km


@st.composite
def _sites(draw: st.DrawFn, most: int) -> tuple[Site, ...]:
    spot = st.tuples(st.integers(-6, 6), st.integers(-6, 6))
    spots = draw(st.lists(spot, min_size=2, max_size=most, unique=True))
    hours = st.sampled_from(
        [
            (Window(0, 172_800),),
            (DAY,),
            (Window(28_800, 64_800),),
            (Window(28_800, 36_000), Window(46_800, 64_800)),
        ]
    )
    return tuple(
        Site(
            id=f"s{n}",
            name_zh=f"站{n}",
            name_en=f"Site {n}",
            kind="hub" if n == 0 else "township",
            lon_deg=_place(*spot)[0],
            lat_deg=_place(*spot)[1],
            services=frozenset(),
            pads=draw(st.integers(1, 2)),
            hours=draw(hours),
            handover_s=draw(st.sampled_from([60, 120, 180])),
        )
        for n, spot in enumerate(spots)
    )


@st.composite
def _base(draw: st.DrawFn, site_id: str) -> Base:
    counts = {key: draw(st.integers(0, 3)) for key in TYPES}
    return Base(site_id, counts, draw(st.integers(0, 2)))


@st.composite
def _varied(draw: st.DrawFn, key: str):  # type: ignore[no-untyped-def]
    return replace(
        TYPES[key],
        charge_s=draw(st.sampled_from([1_200, 3_600])),
        turnaround_s=draw(st.sampled_from([120, 420])),
        compartments=draw(st.integers(1, 2)),
        slots=draw(st.integers(2, 4)),
    )


@st.composite
def _fleet(draw: st.DrawFn, homes: list[str], most: int) -> tuple[Drone, ...]:
    count = draw(st.integers(1, most))
    duty = st.sampled_from([DAY, Window(21_600, 43_200), Window(36_000, 90_000)])
    return tuple(
        Drone(
            f"D{n}", draw(st.sampled_from(sorted(TYPES))), draw(st.sampled_from(homes)), draw(duty)
        )
        for n in range(count)
    )


@st.composite
def _rules(draw: st.DrawFn) -> Rules:
    shifts = (
        PilotShift(Window(21_600, 50_400), draw(st.integers(0, 2))),
        PilotShift(Window(43_200, 90_000), draw(st.integers(1, 2))),
    )
    return replace(
        RULES,
        separation_s=0,
        has_diversion_reserve=draw(st.booleans()),
        headway_s=draw(st.sampled_from([0, 60, 150])),
        sortie_max_s=draw(st.sampled_from([None, 2_400, 7_200])),
        must_return_home=draw(st.booleans()),
        supervised_per_pilot=draw(st.integers(1, 2)),
        pilot_shifts=draw(st.sampled_from([(), shifts])),
    )


@st.composite
def _weather(draw: st.DrawFn, most: int) -> Weather:
    starts = draw(st.lists(st.integers(22_000, 60_000), max_size=most - 1, unique=True))
    return Weather(
        tuple(
            WeatherPeriod(
                start_s,
                wind_mps=draw(st.sampled_from([0.0, 4.0, 9.0])),
                wind_from_deg=draw(st.sampled_from([0.0, 100.0, 200.0, 300.0])),
                gust_mps=draw(st.sampled_from([9.0, 9.0, 14.0])),
                temperature_c=draw(st.sampled_from([-10.0, 15.0, 30.0])),
            )
            for start_s in (0, *sorted(starts))
        ),
        "made up for tests",
    )


@st.composite
def _zones(draw: st.DrawFn) -> tuple[Zone, ...]:
    """None, or one square of 1 km, which may swallow a site."""
    return () if draw(st.booleans()) else (draw(_square("square")),)


@st.composite
def _timed_zones(draw: st.DrawFn, most: int) -> tuple[Zone, ...]:
    """Squares that are active once or twice a day, some touching in time."""
    starts = st.lists(st.integers(22, 60), min_size=1, max_size=2, unique=True)
    zones = []
    for n in range(draw(st.integers(0, most))):
        length_s = draw(st.sampled_from([300, 2_000, 9_000]))
        spans = tuple((1_000 * start, 1_000 * start + length_s) for start in sorted(draw(starts)))
        zones.append(replace(draw(_square(f"timed{n}")), active=spans))
    return tuple(zones)


@st.composite
def _square(draw: st.DrawFn, id_: str) -> Zone:
    west, south = draw(st.integers(-5, 4)), draw(st.integers(-5, 4))
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    lon, lat = _place(west, south)
    ring = tuple(
        (lon + 1.25 * DEG_A_KM * (x + 0.25), lat + DEG_A_KM * (y + 0.25)) for x, y in corners
    )
    return Zone(
        id=id_,
        name_zh="方形示例区",
        name_en="Square example zone",
        rule="prohibited",
        rings_lonlat=((ring,),),
        upper_m=300.0,
        is_illustrative=True,
        source="made up for tests",
    )


@st.composite
def _order(draw: st.DrawFn, id_: str, sites: tuple[Site, ...]) -> Order:
    ids = [site.id for site in sites]
    origin = draw(st.sampled_from(ids))
    others = [site_id for site_id in ids if site_id != origin]
    goals = draw(st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True))
    ready_s = draw(st.integers(24, 58)) * 1_000
    deadline_s = ready_s + draw(st.sampled_from([2_400, 5_400, 14_400]))
    windows = (Window(ready_s, ready_s + 600), Window(ready_s + 1_800, ready_s + 5_400))
    return Order(
        id=id_,
        origin=origin,
        destinations=tuple(goals),
        wanted=goals[0],
        product_id="example",
        quantity=1,
        mass_kg=draw(st.sampled_from([0.255, 1.5, 4.5, 9.0])),
        slots=draw(st.integers(1, 2)),
        band=draw(st.sampled_from(BANDS)),
        group=draw(st.sampled_from(GROUPS)),
        tier=draw(st.sampled_from(("stat", "urgent", "routine"))),  # type: ignore[arg-type]
        ready_s=ready_s,
        collected_s=None,
        deadline_s=deadline_s,
        target_s=draw(st.sampled_from([None, ready_s + 1_500, deadline_s])),
        ride_limit_s=draw(st.sampled_from([None, None, 900, 1_800])),
        pickup_windows=draw(st.sampled_from([(), (), windows])),
        delivery_windows=draw(st.sampled_from([(), (), windows])),
    )
