"""What a scenario may change: one small frozen value for each kind of difference.

Owns the vocabulary. Does not apply a change (``routing.whatif.scenario``), check one
(``routing.whatif.checks``) or read one from a file. Times are seconds since local midnight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.weather import Weather
from geo.zones import Zone
from routing.network import Site, Window


@dataclass(frozen=True, slots=True)
class Said:
    """Where a change was asked for, so that a fault can name it: file, place in it, key."""

    file: str
    place: str
    key: str

    def __str__(self) -> str:
        """The three parts that are there, joined."""
        return ": ".join(part for part in (self.file, self.place, self.key) if part)


UNSAID = Said("scenario", "", "")
"""The default. Nothing compares it: the same change asked for in two files is the same change."""


@dataclass(frozen=True, slots=True)
class AddSite:
    """A candidate clinic is connected.

    Attributes:
        site: the site, its position already WGS-84.
        orders_a_day: orders it brings a day, both directions; None: the demand model's for its
            kind, with its spread.
        population: people it is for, None when not known; nothing is planned by it.
    """

    site: Site
    orders_a_day: float | None = None
    population: float | None = None
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class RemoveSite:
    """A site is no longer served: its orders, its base and the drones at home there go too."""

    site_id: str
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class AddBase:
    """A site becomes a base with full packs by drone type and chargers."""

    site_id: str
    packs: Mapping[str, int]
    chargers: int
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class AddDrones:
    """``count`` more drones of a type at a base, fewer when negative.

    ``duty`` None: the longest duty of a drone of that type, the base's own first.
    """

    count: int
    base_id: str
    type_id: str
    duty: Window | None = None
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class AddPacks:
    """``count`` more packs of a type at a base at the start of the day, fewer when negative."""

    count: int
    base_id: str
    type_id: str
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class AddChargers:
    """``count`` more chargers at a base, fewer when negative."""

    count: int
    base_id: str
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class AddPilots:
    """``count`` more pilots on duty in a window, fewer when negative."""

    count: int
    window: Window
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class AddPads:
    """``count`` more pads at a site, fewer when negative; at least one stays."""

    count: int
    site_id: str
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class CloseZone:
    """A zone of the network is prohibited all day, whatever its rule, times and approval."""

    zone_id: str
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class AddZone:
    """A further zone, for example a temporary one."""

    zone: Zone
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class OpenZone:
    """A zone of the network blocks nobody; it stays on the map as advisory."""

    zone_id: str
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class SetWeather:
    """The weather of another day, hour by hour."""

    weather: Weather
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class SetWind:
    """Another wind all day, in every weather period.

    Attributes:
        factor: times the mean wind and the gust; None with ``wind_mps``.
        wind_mps: mean wind; ``from_deg`` None keeps the direction, ``gust_mps`` None keeps the
            gust as far above the mean wind as it was.
    """

    factor: float | None = None
    wind_mps: float | None = None
    from_deg: float | None = None
    gust_mps: float | None = None
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class ScaleDemand:
    """So many times the orders: 1.5 repeats half of the orders, 0.8 leaves out a fifth (seeded)."""

    factor: float
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class SetDeadline:
    """Orders of a product must be received ``limit_s`` after collection (or ready)."""

    product_id: str
    limit_s: int
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class ShiftOrder:
    """One order is ready, or due, so many seconds later (earlier when negative)."""

    order_id: str
    ready_s: int = 0
    deadline_s: int = 0
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class Outage:
    """No handover at a site, the hub or another one, in a window."""

    site_id: str
    window: Window
    said: Said = field(default=UNSAID, compare=False)


@dataclass(frozen=True, slots=True)
class DroneFailure:
    """A drone does not fly from a time on; the plan knows it beforehand."""

    drone_id: str
    from_s: int = 0
    said: Said = field(default=UNSAID, compare=False)


Change = (
    AddSite
    | RemoveSite
    | AddBase
    | AddDrones
    | AddPacks
    | AddChargers
    | AddPads
    | AddPilots
    | CloseZone
    | AddZone
    | OpenZone
    | SetWeather
    | SetWind
    | ScaleDemand
    | SetDeadline
    | ShiftOrder
    | Outage
    | DroneFailure
)
APPLIED_IN: tuple[type, ...] = (
    AddSite,
    AddBase,
    AddPacks,
    AddChargers,
    AddPads,
    AddPilots,
    AddDrones,
    DroneFailure,
    AddZone,
    CloseZone,
    OpenZone,
    SetWeather,
    SetWind,
    Outage,
    RemoveSite,
    ScaleDemand,
    SetDeadline,
    ShiftOrder,
)
"""The order in which changes are applied, whatever the order in which they were asked for."""
