"""Operational intents as the types of ASTM F3548-21, in and out of JSON files.

Owns the file format; the only place that knows ``uas_standards``. Does not know plans.

A file holds ``{"operational_intents": [...]}``, a list of them, or one
``{"operational_intent": {...}}`` as a USS answers; each is an ``OperationalIntent`` of the
standard (or its details alone, with ``volumes``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from implicitdict import ImplicitDict, StringBasedDateTime
from uas_standards.astm.f3548.v21 import api

from routing.errors import Fault, InputError
from routing.intents.volumes import Intent, Volume, span_of

NO_SUBSCRIPTION = "00000000-0000-4000-8000-000000000000"
"""InterUSS's id of a missing subscription; a real one is given by the DSS."""
NO_URL = "https://uss.invalid"
"""A name that can never be reached (RFC 2606): whoever files the intents puts in his own."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What turns seconds of a service day into moments and back."""

    date: str
    time_zone: str

    @property
    def midnight(self) -> datetime:
        """Local midnight of the service day."""
        return datetime.fromisoformat(self.date).replace(tzinfo=ZoneInfo(self.time_zone))

    def moment(self, time_s: float) -> StringBasedDateTime:
        """A second of the day in UTC."""
        utc = self.midnight.astimezone(UTC) + timedelta(seconds=time_s)
        return StringBasedDateTime(utc.strftime("%Y-%m-%dT%H:%M:%SZ"))

    def second(self, moment: datetime) -> float:
        """Seconds from the day's midnight to a moment."""
        return (moment - self.midnight.astimezone(UTC)).total_seconds()


def write_intent(intent: Intent, calendar: Calendar, url: str = NO_URL) -> api.OperationalIntent:
    """An accepted operational intent; what only a DSS can give (version, OVN) is left blank."""
    start_s, end_s = span_of(intent.volumes)
    return api.OperationalIntent(
        reference=api.OperationalIntentReference(
            id=api.EntityID(intent.id),
            manager=intent.manager,
            uss_availability=api.UssAvailabilityState.Unknown,
            version=api.EntityVersion(0),
            state=api.OperationalIntentState.Accepted,
            time_start=_time(start_s, calendar),
            time_end=_time(end_s, calendar),
            uss_base_url=api.OperationalIntentUssBaseURL(url),
            subscription_id=api.SubscriptionID(NO_SUBSCRIPTION),
        ),
        details=api.OperationalIntentDetails(
            volumes=[_write_volume(volume, calendar) for volume in intent.volumes],
            off_nominal_volumes=[],
            priority=api.Priority(intent.priority),
        ),
    )


def _time(time_s: float, calendar: Calendar) -> api.Time:
    return api.Time(value=calendar.moment(time_s), format=api.TimeFormat.RFC3339)


def _write_volume(volume: Volume, calendar: Calendar) -> api.Volume4D:
    space = api.Volume3D(
        altitude_lower=_altitude(volume.lower_m_w84), altitude_upper=_altitude(volume.upper_m_w84)
    )
    if volume.radius_m > 0.0:
        space.outline_circle = api.Circle(
            center=_point(*volume.centre_lonlat),
            radius=api.Radius(value=volume.radius_m, units=api.RadiusUnits.M),
        )
    else:
        space.outline_polygon = api.Polygon(
            vertices=[_point(lon, lat) for lon, lat in volume.ring_lonlat]
        )
    return api.Volume4D(
        volume=space,
        time_start=_time(volume.start_s, calendar),
        time_end=_time(volume.end_s, calendar),
    )


def _altitude(height_m_w84: float) -> api.Altitude:
    return api.Altitude(
        value=round(height_m_w84, 2),
        reference=api.AltitudeReference.W84,
        units=api.AltitudeUnits.M,
    )


def _point(lon: float, lat: float) -> api.LatLngPoint:
    # 1e-7 degrees are a centimetre: the precision that the standard asks for.
    return api.LatLngPoint(lng=api.Longitude(round(lon, 7)), lat=api.Latitude(round(lat, 7)))


def entity_id(*parts: str) -> str:
    """An id of the standard's form (UUID version 4), the same for the same parts."""
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    variant = "89ab"[int(digest[16], 16) % 4]
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


def read_intents(path: Path, calendar: Calendar) -> tuple[Intent, ...]:
    """The intents of a file, off-nominal volumes included.

    Raises:
        InputError: no JSON, no intents in it, or intents that do not have the standard's form:
            all of them at once.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError([_fault(path, "", "must be a JSON file in UTF-8", str(error))]) from error
    entries = _entries(content)
    if not entries:
        rule = "must hold operational intents of ASTM F3548-21"
        raise InputError([_fault(path, "", rule, type(content).__name__)])
    faults: list[Fault] = []
    intents = []
    for n, entry in enumerate(entries):
        try:
            intents.append(_read_intent(entry, n, calendar))
        # The library raises what Python's own conversions raise.
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            rule = "must have the form of the standard"
            faults.append(_fault(path, f"operational_intents[{n}]", rule, str(error)))
    if faults:
        raise InputError(faults)
    return tuple(intents)


def _fault(path: Path, place: str, rule: str, found: str) -> Fault:
    return Fault(
        "intents.form", str(path), place, "", rule, found.splitlines()[0] if found else "nothing",
        "export it again",
    )  # fmt: skip


def _entries(content: Any) -> list[Any]:
    if isinstance(content, dict):
        for key in ("operational_intents", "operational_intent"):
            if key in content:
                found = content[key]
                return found if isinstance(found, list) else [found]
        return [content] if "details" in content or "volumes" in content else []
    return content if isinstance(content, list) else []


def _read_intent(entry: Any, n: int, calendar: Calendar) -> Intent:
    if not isinstance(entry, dict):
        raise TypeError(f"found {entry!r} for an operational intent")
    details = ImplicitDict.parse(entry.get("details", entry), api.OperationalIntentDetails)
    reference = entry.get("reference") or {}
    kinds: Sequence[list[api.Volume4D] | None] = (
        details.volumes if "volumes" in details else None,
        details.off_nominal_volumes if "off_nominal_volumes" in details else None,
    )
    volumes = tuple(
        volume for kind in kinds for one in kind or () for volume in _read(one, calendar)
    )
    if not volumes:
        raise ValueError("an intent without volumes")
    return Intent(
        id=str(reference.get("id", f"intent {n + 1}")),
        manager=str(reference.get("manager", "")),
        volumes=volumes,
        priority=int(details.get("priority") or 0),
    )


def _read(volume: api.Volume4D, calendar: Calendar) -> Iterator[Volume]:
    space = volume.volume
    start, end = volume.get("time_start"), volume.get("time_end")
    if start is None or end is None:
        raise ValueError("a volume without time_start or time_end")
    start_s, end_s = (calendar.second(one.value.datetime.astimezone(UTC)) for one in (start, end))
    if end_s <= start_s:
        raise ValueError("a volume that ends before it starts")
    lower, upper = space.get("altitude_lower"), space.get("altitude_upper")
    low_m = -float("inf") if lower is None else float(lower.value)
    high_m = float("inf") if upper is None else float(upper.value)
    circle, polygon = space.get("outline_circle"), space.get("outline_polygon")
    if circle is not None:
        centre = (float(circle.center.lng), float(circle.center.lat))
        yield Volume((), centre, float(circle.radius.value), low_m, high_m, start_s, end_s)
    elif polygon is not None:
        ring = tuple((float(point.lng), float(point.lat)) for point in polygon.vertices)
        if len(ring) < 3:
            raise ValueError("an outline of fewer than 3 points")
        yield Volume(ring, ring[0], 0.0, low_m, high_m, start_s, end_s)
    else:
        raise ValueError("a volume without an outline")
