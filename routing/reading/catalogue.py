"""The catalogue: ``drones.yaml``, ``products.yaml``, ``rules.yaml``, each value with its source.

**One form.** Every physical value is a mapping of the value and where it comes from::

    payload_max_kg: {value: 10, source: "xd56b.com/38629"}
    hover_ratio: {value: 1.1, source: "design choice", unverified: true}

``unverified`` is false unless said. Keys carry their unit (``_kg _km _mps _min _s _c _wh _m``);
minutes, km and km/h live only in the files and are converted here, once. ``drones.yaml`` is
``drones: {id: {...}}``, ``products.yaml`` is ``products: {id: {...}}``, ``rules.yaml`` is the
keys of ``RulesFile`` themselves. A network may restate any key of ``rules.yaml`` under ``rules:``.

Owns these three formats and their conversion to the frozen values. Does not open files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from routing.network import Airframe, DroneType, Product, SiteKind
from routing.reading.model import FileModel, Id, Share, Sourced, Text, number, seconds, whole

NAVIGATION_ERROR_M = 25.0
"""Of a drone type that states none: half a corridor of 50 m; a design choice."""
Band = Annotated[str, Field(min_length=1, max_length=16)]


class RangePoint(FileModel):
    """Still-air range on one full pack at a payload (with the box), reserve not deducted."""

    payload_kg: Annotated[float, number(0, 500)]
    range_km: Annotated[float, number(0, 2000, above=True)]


class DroneEntry(FileModel):
    """A drone type, as people know it; meanings as in ``routing.network.DroneType``."""

    name_zh: Text
    name_en: Text
    airframe: Airframe
    empty_kg: Sourced[Annotated[float, number(0, 2000, above=True)]]
    payload_max_kg: Sourced[Annotated[float, number(0, 500, above=True)]]
    box_tare_kg: Sourced[Annotated[float, number(0, 100)]]
    slots: Sourced[Annotated[int, whole(1, 1000)]]
    compartments: Sourced[Annotated[int, whole(0, 20)]]
    cruise_mps: Sourced[Annotated[float, number(2, 100)]]
    climb_mps: Sourced[Annotated[float, number(0.2, 30)]]
    descent_mps: Sourced[Annotated[float, number(0.2, 30)]]
    approach_s: Sourced[Annotated[float, number(0, 600)]]
    ranges: Sourced[Annotated[list[RangePoint], Field(min_length=1)]]
    hover_ratio: Sourced[Annotated[float, number(0.5, 20)]]
    max_wind_mps: Sourced[Annotated[float, number(0, 50, above=True)]]
    max_gust_mps: Sourced[Annotated[float, number(0, 60, above=True)]]
    min_temp_c: Sourced[Annotated[float, number(-60, 30)]]
    max_temp_c: Sourced[Annotated[float, number(0, 70)]]
    night_ok: Sourced[bool]
    charge_min: Sourced[Annotated[float, number(0, 1440, above=True)]]
    turnaround_min: Sourced[Annotated[float, number(0, 240)]]
    pack_wh: Sourced[Annotated[float, number(0, 100_000, above=True)]] | None = None
    mtom_kg: Sourced[Annotated[float, number(0, 3000, above=True)]] | None = None
    max_rain_mm_h: Sourced[Annotated[float, number(0, 500)]] | None = None
    min_visibility_m: Sourced[Annotated[float, number(0, 20_000)]] | None = None
    navigation_error_m: Sourced[Annotated[float, number(1, 500)]] | None = None

    def to_drone_type(self, type_id: str) -> DroneType:
        """The frozen value, converted to SI."""
        points = sorted(self.ranges.value, key=lambda point: point.payload_kg)
        return DroneType(
            id=type_id,
            name_zh=self.name_zh,
            name_en=self.name_en,
            airframe=self.airframe,
            empty_kg=self.empty_kg.value,
            payload_max_kg=self.payload_max_kg.value,
            box_tare_kg=self.box_tare_kg.value,
            slots=self.slots.value,
            compartments=self.compartments.value,
            cruise_mps=self.cruise_mps.value,
            climb_mps=self.climb_mps.value,
            descent_mps=self.descent_mps.value,
            approach_s=self.approach_s.value,
            range_points=tuple((point.payload_kg, point.range_km * 1000) for point in points),
            hover_ratio=self.hover_ratio.value,
            max_wind_mps=self.max_wind_mps.value,
            max_gust_mps=self.max_gust_mps.value,
            min_temp_c=self.min_temp_c.value,
            max_temp_c=self.max_temp_c.value,
            night_ok=self.night_ok.value,
            charge_s=seconds(self.charge_min.value),
            turnaround_s=seconds(self.turnaround_min.value),
            pack_wh=self.pack_wh.value if self.pack_wh else None,
            mtom_kg=self.mtom_kg.value if self.mtom_kg else None,
            max_rain_mm_h=self.max_rain_mm_h.value if self.max_rain_mm_h else math.inf,
            min_visibility_m=self.min_visibility_m.value if self.min_visibility_m else 0.0,
            navigation_error_m=(
                self.navigation_error_m.value if self.navigation_error_m else NAVIGATION_ERROR_M
            ),
            sources=_credits(
                self,
                {
                    "ranges": "range_points",
                    "charge_min": "charge_s",
                    "turnaround_min": "turnaround_s",
                },
            ),
        )


class DronesFile(FileModel):
    """``catalogue/drones.yaml``."""

    drones: Annotated[dict[Id, DroneEntry], Field(min_length=1)]


class ProductEntry(FileModel):
    """A product; meanings as in ``routing.network.Product``.

    ``stability_min``, ``target_min`` and ``ride_limit_min`` may be left out or be null: no limit.
    ``why_not`` must be given when ``eligible`` is false. ``slots_per_order`` is the places one
    order takes whatever its quantity; a row of orders may say its own ``slots``.
    """

    name_zh: Text
    name_en: Text
    stability_min: Sourced[Annotated[float, number(1, 60 * 24 * 60)] | None] | None = None
    target_min: Sourced[Annotated[float, number(1, 60 * 24 * 60)] | None] | None = None
    ride_limit_min: Sourced[Annotated[float, number(1, 60 * 24)] | None] | None = None
    band: Sourced[Band]
    group: Sourced[Id]
    eligible: Sourced[bool]
    why_not: str = ""
    unit_kg: Sourced[Annotated[float, number(0, 100, above=True)]]
    slots_per_order: Sourced[Annotated[int, whole(1, 100)]]
    service: str = ""
    lab_min: Sourced[Annotated[float, number(0, 60 * 24 * 60)]] | None = None

    def to_product(self, product_id: str) -> Product:
        """The frozen value, converted to SI."""
        return Product(
            id=product_id,
            name_zh=self.name_zh,
            name_en=self.name_en,
            stability_s=_seconds_or_none(self.stability_min),
            target_s=_seconds_or_none(self.target_min),
            ride_limit_s=_seconds_or_none(self.ride_limit_min),
            band=self.band.value,
            group=self.group.value,
            is_eligible=self.eligible.value,
            why_not=self.why_not,
            unit_kg=self.unit_kg.value,
            slots_per_order=self.slots_per_order.value,
            service=self.service,
            lab_s=seconds(self.lab_min.value) if self.lab_min else 0,
            sources=_credits(
                self,
                {
                    "stability_min": "stability_s",
                    "target_min": "target_s",
                    "ride_limit_min": "ride_limit_s",
                    "eligible": "is_eligible",
                    "lab_min": "lab_s",
                },
            ),
        )


class ProductsFile(FileModel):
    """``catalogue/products.yaml``."""

    products: Annotated[dict[Id, ProductEntry], Field(min_length=1)]


class ColdPoint(FileModel):
    """Share of the pack's capacity that is usable at a temperature."""

    temperature_c: Annotated[float, number(-60, 60)]
    share: Share


GroupPair = Annotated[list[Id], Field(min_length=2, max_length=2)]


class RulesFile(FileModel):
    """``catalogue/rules.yaml``: limits and times of every network, as in ``routing.network.Rules``.

    ``handover_min`` by kind of site fills the empty cells of ``sites.csv``; ``bands_held`` are the
    temperature bands the boxes are qualified for: a product of another band is not eligible.
    ``exclusive_groups`` are pairs of segregation groups that never share a sortie.
    """

    reserve_frac: Sourced[Annotated[float, number(0, 0.9)]]
    has_diversion_reserve: Sourced[bool]
    diversion_hover_s: Sourced[Annotated[float, number(0, 1800)]]
    cold_capacity: Sourced[Annotated[list[ColdPoint], Field(min_length=1)]]
    headway_s: Sourced[Annotated[int, whole(0, 3600)]]
    pad_clear_s: Sourced[Annotated[int, whole(0, 3600)]]
    pad_prepare_s: Sourced[Annotated[int, whole(0, 3600)]]
    sortie_max_min: Sourced[Annotated[float, number(1, 1440)] | None] | None = None
    must_return_home: Sourced[bool]
    supervised_per_pilot: Sourced[Annotated[int, whole(1, 100)]]
    exclusive_groups: Sourced[list[GroupPair]]
    bands_held: Sourced[Annotated[list[Band], Field(min_length=1)]]
    handover_min: Sourced[dict[SiteKind, Annotated[float, number(0, 120, above=True)]]]
    cruise_height_m_agl: Sourced[Annotated[float, number(10, 1000)]]
    zone_buffer_m: Sourced[Annotated[float, number(0, 5000)]]
    separation_s: Sourced[Annotated[int, whole(0, 3600)]]
    layers_m_agl: Sourced[list[Annotated[float, number(10, 1000)]]] | None = None
    road_circuity: Sourced[Annotated[float, number(1, 5)]]
    road_kmh: Sourced[Annotated[float, number(1, 150)]]
    ceiling_m_agl: Sourced[Annotated[float, number(10, 3000)]] | None = None
    obstacle_lateral_m: Sourced[Annotated[float, number(0, 1000)]] | None = None
    obstacle_vertical_m: Sourced[Annotated[float, number(0, 500)]] | None = None


def _seconds_or_none(minutes: Sourced[float | None] | None) -> int | None:
    if minutes is None or minutes.value is None:
        return None
    return seconds(minutes.value)


def _credits(entry: FileModel, renamed: Mapping[str, str]) -> dict[str, str]:
    """Frozen field name -> source, for every sourced value of an entry."""
    sourced = {name: getattr(entry, name) for name in type(entry).model_fields}
    return {
        renamed.get(name, name): value.credit
        for name, value in sourced.items()
        if isinstance(value, Sourced)
    }
