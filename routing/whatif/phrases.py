"""Changes in a few letters, on the command line and in scenario files alike.

Owns the notation: ``+2@base:type``, ``+1@site``, ``8@315/12`` or ``x1.5`` for wind, ``x1.5`` for
demand, ``product=120`` for deadlines, ``site=14:00-15:00``, ``drone@10:00``. Raises ValueError
with what is required; does not know the network.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from routing.network import Window
from routing.reading.clock import parse_clock, parse_window

_COUNT = re.compile(r"([+-]\d{1,3})@([^:@\s]+)(?::([^:@\s]+))?")
_WIND = re.compile(r"(\d+(?:\.\d+)?)(?:@(\d+(?:\.\d+)?))?(?:/(\d+(?:\.\d+)?))?")
STRONGEST_MPS = 60.0


class Counted(NamedTuple):
    """So many more (or fewer) at a place, of a type where the thing has one."""

    more: int
    place: str
    type_id: str


class Wind(NamedTuple):
    """A wind: a factor, or a mean wind with a direction and a gust where they are said."""

    factor: float | None
    wind_mps: float | None
    from_deg: float | None
    gust_mps: float | None


class Limit(NamedTuple):
    """A product and its deadline in seconds from collection (or ready)."""

    product_id: str
    limit_s: int


class Crewed(NamedTuple):
    """So many pilots more (or fewer) in a window."""

    more: int
    window: Window


class Shut(NamedTuple):
    """A site and when it is shut."""

    site_id: str
    window: Window


class Failed(NamedTuple):
    """A drone and from when it does not fly."""

    drone_id: str
    from_s: int


def parse_typed_count(text: str) -> Counted:
    """``+2@base:type``."""
    match = _COUNT.fullmatch(text.strip())
    if match is None or match[3] is None or int(match[1]) == 0:
        raise ValueError("must be a change such as +2@base:type or -1@base:type")
    return Counted(int(match[1]), match[2], match[3])


def parse_count(text: str) -> Counted:
    """``+1@site``."""
    match = _COUNT.fullmatch(text.strip())
    if match is None or match[3] is not None or int(match[1]) == 0:
        raise ValueError("must be a change such as +1@site or -1@site")
    return Counted(int(match[1]), match[2], "")


def parse_crew(text: str) -> Crewed:
    """``+1@08:30-10:00``."""
    more, _, window = text.strip().partition("@")
    if not re.fullmatch(r"[+-]\d{1,3}", more) or int(more) == 0 or not window:
        raise ValueError("must be a change such as +1@08:30-10:00")
    return Crewed(int(more), parse_window(window))


def parse_factor(text: str) -> float:
    """``x1.5``; from 0 to 10."""
    try:
        factor = float(text.strip().lower().lstrip("x×"))
    except ValueError:
        factor = math.nan
    if not 0 <= factor <= 10:
        raise ValueError("must be a factor from x0 to x10, such as x1.5")
    return factor


def parse_wind(text: str) -> Wind:
    """``8`` m/s, ``8@315`` from the north-west, ``8@315/12`` with its gust, or ``x1.5``."""
    if text.strip().lower().startswith(("x", "×")):
        return Wind(parse_factor(text), None, None, None)
    match = _WIND.fullmatch(text.strip())
    if match is None:
        raise ValueError("must be a wind such as 8@315 (m/s @ degrees it blows from) or x1.5")
    wind = float(match[1])
    from_deg = None if match[2] is None else float(match[2])
    gust = None if match[3] is None else float(match[3])
    if wind > STRONGEST_MPS or (from_deg or 0) > 360 or (gust is not None and gust < wind):
        raise ValueError(
            f"must be at most {STRONGEST_MPS:g} m/s, from 0 to 360 degrees, with a gust no weaker"
        )
    return Wind(None, wind, from_deg, gust)


def parse_deadline(text: str) -> Limit:
    """``product=120``: minutes, or ``product=2:00``."""
    product, equals, limit = text.partition("=")
    if not equals or not product.strip():
        raise ValueError("must be a deadline such as product=120 (minutes)")
    return Limit(product.strip(), parse_minutes(limit))


def parse_minutes(text: str) -> int:
    """Seconds of ``120`` minutes or of ``2:00`` hours."""
    try:
        limit_s = parse_clock(text) if ":" in text else round(float(text) * 60)
    except (ValueError, OverflowError):
        limit_s = 0
    if not 60 <= limit_s <= 60 * 24 * 3600:
        raise ValueError("must be minutes from 1 to 86400, such as 120 or 2:00")
    return limit_s


def parse_outage(text: str) -> Shut:
    """``site=14:00-15:00``."""
    site_id, equals, window = text.partition("=")
    if not equals or not site_id.strip():
        raise ValueError("must be an outage such as site=14:00-15:00")
    return Shut(site_id.strip(), parse_window(window))


def parse_failure(text: str) -> Failed:
    """``drone``, all day, or ``drone@10:00``."""
    drone_id, at, clock = text.strip().partition("@")
    if not drone_id or (at and not clock):
        raise ValueError("must be a drone, or a drone and a time such as T1@10:00")
    return Failed(drone_id, parse_clock(clock) if at else 0)
