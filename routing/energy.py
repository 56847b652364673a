"""Energy of flight, in packs: power in cruise and hover by load, and what a pack may give.

Owns the model of docs/design.md ("Flight time and energy of a leg"). Does not know sites, paths
or plans. The checker does not use this module: it computes the same from the page.

Formulas: multirotor power follows mass^1.5 (Dorling et al. 2017; Cheng, Adulyasak & Rousseau
2020), calibrated on the published range at full payload; a winged drone interpolates 1/range
between published points (docs/design.md gives the reasons).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from routing.network import DroneType, Rules

REFERENCE_TEMPERATURE_K = 288.15
"""15 C of the standard atmosphere, at which published ranges are taken to hold."""

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PowerCurve:
    """Power of one drone type by payload, in packs per second.

    Attributes:
        payload_kg: rising grid of payloads with the box, from the box alone to the maximum.
        cruise: power in cruise at each payload; hover: power in hover.
    """

    payload_kg: FloatArray
    cruise: FloatArray
    hover: FloatArray


def power_in_cruise(drone: DroneType, payload_kg: FloatArray | float) -> FloatArray:
    """Cruise power in packs per second at a payload (box included) in kg."""
    payload = np.asarray(payload_kg, dtype=np.float64)
    if drone.airframe == "multirotor":
        full_kg, range_m = max(drone.range_points)
        ratio = (drone.empty_kg + payload) / (drone.empty_kg + full_kg)
        return drone.cruise_mps * ratio**1.5 / range_m
    points = sorted(drone.range_points)
    loads = np.array([load for load, _ in points])
    per_metre = np.array([1.0 / range_m for _, range_m in points])
    return cast(FloatArray, drone.cruise_mps * np.interp(payload, loads, per_metre))


def power_in_hover(drone: DroneType, payload_kg: FloatArray | float) -> FloatArray:
    """Hover power in packs per second at a payload (box included) in kg."""
    payload = np.asarray(payload_kg, dtype=np.float64)
    full = power_in_cruise(drone, drone.payload_max_kg)
    ratio = (drone.empty_kg + payload) / (drone.empty_kg + drone.payload_max_kg)
    return drone.hover_ratio * full * ratio**1.5


def density_factor(temperature_c: float) -> float:
    """What thin or thick air does to power: sqrt(rho0 / rho) at constant pressure."""
    return float(np.sqrt((273.15 + temperature_c) / REFERENCE_TEMPERATURE_K))


def available_pack(drone: DroneType, rules: Rules, temperature_c: float) -> float:
    """Energy a full pack holds on the day, in packs: state of health x cold capacity."""
    temperatures = [point[0] for point in rules.cold_capacity]
    shares = [point[1] for point in rules.cold_capacity]
    cold = float(np.interp(temperature_c, temperatures, shares)) if temperatures else 1.0
    return rules.pack_soh.get(drone.id, 1.0) * cold


def usable_pack(drone: DroneType, rules: Rules, temperature_c: float) -> float:
    """Energy a sortie may plan, in packs: what is available less the reserve (R4.1)."""
    return available_pack(drone, rules, temperature_c) * (1.0 - rules.reserve_frac)
