"""Profiles of the legs of a plan: ground and flight height along each path, drawn and as numbers.

Owns the samples and the pictures. The flight heights are those that the plan states; the ground is
the network's terrain. Without terrain there is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geo.geodesy import Floats, LonLat
from geo.profile import heights_at, sample_path
from routing.network import Network
from routing.plan import Flight, Plan
from routing.report.clock import Lang, date_text
from routing.report.naming import Names
from routing.report.pages import render

Flown = tuple[tuple[LonLat, ...], float]
Samples = tuple[tuple[float, float, float], ...]
SAMPLES = 160
"""At most about so many of them a leg; the raster is seldom finer than what this shows."""
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640.0, 150.0, 44.0, 8.0, 20.0


@dataclass(frozen=True, slots=True)
class Picture:
    """One leg's profile in the units of its picture.

    Attributes:
        title: from, to; note: length, heights.
        ground, least, ceiling, flight: points of SVG polylines.
        rows: (y, height) of the grid; columns: (x, km).
    """

    title: str
    length_km: float
    lowest_m: float
    highest_m: float
    ground: str
    least: str
    ceiling: str
    flight: str
    rows: tuple[tuple[float, int], ...]
    columns: tuple[tuple[float, int], ...]


def ground_profiles(network: Network, plan: Plan) -> Mapping[Flown, Samples]:
    """Path and height above ground of a flight -> (distance, ground, flight height), metres, the
    last two above the sea."""
    if network.terrain is None:
        return {}
    flights = {
        (flight.path_lonlat, flight.height_m_agl): flight
        for sortie in plan.sorties
        for flight in sortie.flights
        if len(flight.profile) > 1 and len(flight.path_lonlat) > 1
    }
    return {flown: _samples(network, flight) for flown, flight in flights.items()}


def _samples(network: Network, flight: Flight) -> Samples:
    assert network.terrain is not None
    step_m = max(30.0, flight.length_m / SAMPLES)
    distance_m, points = sample_path(flight.path_lonlat, step_m)
    ground = network.terrain.at(points)
    heights = heights_at(flight.profile, distance_m)
    rows = zip(distance_m.tolist(), ground.tolist(), heights.tolist(), strict=True)
    return tuple(
        (round(at_m), round(ground_m, 1), round(height_m, 1))
        for at_m, ground_m, height_m in rows
        if not np.isnan(ground_m)
    )


def render_profiles(network: Network, plan: Plan, lang: Lang) -> str | None:
    """A page with the picture of every leg that is flown; None without terrain."""
    laid = ground_profiles(network, plan)
    if not laid:
        return None
    names = Names(network, lang)
    legs = {
        (flight.origin, flight.destination, flight.path_lonlat, flight.height_m_agl): flight
        for sortie in plan.sorties
        for flight in sortie.flights
        if laid.get((flight.path_lonlat, flight.height_m_agl))
    }
    pictures = [
        _picture(
            f"{names.site(flight.origin)} → {names.site(flight.destination)}",
            np.array(laid[flight.path_lonlat, flight.height_m_agl]),
            flight.height_m_agl,
            network.rules.ceiling_m_agl,
        )
        for flight in legs.values()
    ]
    return render(
        "profiles.html.j2",
        lang,
        network_name=names.pick(network.name_zh, network.name_en),
        date=date_text(plan.date, lang),
        pictures=sorted(pictures, key=lambda one: (one.title, one.lowest_m)),
        terrain=network.terrain.source if network.terrain else "",
        least=network.rules.cruise_height_m_agl,
        top=network.rules.ceiling_m_agl,
        box=(WIDTH, HEIGHT, LEFT, HEIGHT - BOTTOM),
    )


def _picture(title: str, samples: Floats, least_m: float, ceiling_m: float) -> Picture:
    at_m, ground_m, flight_m = samples.T
    low_m = float(np.floor(ground_m.min() / 50.0) * 50.0)
    high_m = float(np.ceil((ground_m.max() + ceiling_m) / 50.0) * 50.0)
    reach_m = max(float(at_m[-1]), 1.0)

    def x(distance_m: float) -> float:
        return round(LEFT + (WIDTH - LEFT) * distance_m / reach_m, 1)

    def y(height_m: float) -> float:
        share = (height_m - low_m) / (high_m - low_m)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)

    def line(heights_m: Floats) -> str:
        return " ".join(f"{x(d)},{y(h)}" for d, h in zip(at_m, heights_m, strict=True))

    step_m = 50 if high_m - low_m <= 300 else 100
    km = max(1, round(reach_m / 8_000.0))
    above_m = flight_m - ground_m
    floor = f"{x(reach_m)},{HEIGHT - BOTTOM} {LEFT},{HEIGHT - BOTTOM}"
    return Picture(
        title=title,
        length_km=reach_m / 1000.0,
        lowest_m=float(above_m.min()),
        highest_m=float(above_m.max()),
        ground=f"{line(ground_m)} {floor}",
        least=line(ground_m + least_m),
        ceiling=line(ground_m + ceiling_m),
        flight=line(flight_m),
        rows=tuple((y(h), int(h)) for h in np.arange(low_m, high_m + 1.0, step_m)),
        columns=tuple((x(k * 1000.0), k) for k in range(0, int(reach_m / 1000.0) + 1, km)),
    )
