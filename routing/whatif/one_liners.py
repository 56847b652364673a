"""Changes written on the command line, to one scenario, or all faults naming the option.

Owns which option means which change. The notations are in ``routing.whatif.phrases``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from routing.network import Network
from routing.reading.clock import parse_window
from routing.reading.faults import FaultList
from routing.whatif import phrases
from routing.whatif.candidates import candidate_of, candidates_in
from routing.whatif.change_words import name_changes
from routing.whatif.changes import (
    AddChargers,
    AddDrones,
    AddPacks,
    AddPads,
    AddPilots,
    Change,
    CloseZone,
    DroneFailure,
    OpenZone,
    Outage,
    RemoveSite,
    Said,
    ScaleDemand,
    SetDeadline,
    SetWind,
)
from routing.whatif.scenario import Scenario

T = TypeVar("T")
_TABLES = {".csv", ".xlsx", ".xls", ".ods"}


def read_one_liners(
    given: Mapping[str, Sequence[str]], network: Network, name: str = ""
) -> Scenario | None:
    """The scenario of the options; None when there are none.

    Args:
        given: option -> what was written after it, each time it was used.
        network: the base network.
        name: of the scenario; default what it changes.

    Raises:
        InputError: everything that cannot be read.
    """
    faults = FaultList()
    used = [(option, text) for option, texts in given.items() for text in texts]
    changes = tuple(
        change for option, text in used for change in _changes(option, text, network, faults)
    )
    faults.raise_any()
    if not used:
        return None
    if name:
        return Scenario(name, changes)
    en, zh = (name_changes(network, changes, lang) for lang in ("en", "zh"))
    return Scenario(en, changes, zh)


def _changes(option: str, text: str, network: Network, faults: FaultList) -> Iterator[Change]:
    said = Said(option, "", "")
    if option == "--add-site":
        yield from _sites(text, network, faults)
        return
    try:
        yield _CHANGES[option](text, said, network)
    except ValueError as error:
        faults.add("whatif.bad-change", option, rule=str(error), found=text, action="rewrite it")


def _sites(text: str, network: Network, faults: FaultList) -> Iterable[Change]:
    if Path(text).suffix.lower() in _TABLES:
        return candidates_in(Path(text), network, faults)
    added = candidate_of(text, network, "--add-site", faults)
    return () if added is None else (added,)


def _drones(text: str, said: Said, _: Network) -> Change:
    counted = phrases.parse_typed_count(text)
    return AddDrones(counted.more, counted.place, counted.type_id, said=said)


def _packs(text: str, said: Said, _: Network) -> Change:
    return AddPacks(*phrases.parse_typed_count(text), said)


def _chargers(text: str, said: Said, _: Network) -> Change:
    counted = phrases.parse_count(text)
    return AddChargers(counted.more, counted.place, said)


def _pads(text: str, said: Said, _: Network) -> Change:
    counted = phrases.parse_count(text)
    return AddPads(counted.more, counted.place, said)


def _pilots(text: str, said: Said, _: Network) -> Change:
    crew = phrases.parse_crew(text)
    return AddPilots(crew.more, crew.window, said)


def _outage(text: str, said: Said, network: Network) -> Change:
    if "=" in text:
        return Outage(*phrases.parse_outage(text), said)
    return Outage(network.hub_id, parse_window(text), said)


_CHANGES: Mapping[str, Callable[[str, Said, Network], Change]] = {
    "--remove-site": lambda text, said, _: RemoveSite(text, said),
    "--drones": _drones,
    "--packs": _packs,
    "--chargers": _chargers,
    "--pads": _pads,
    "--pilots": _pilots,
    "--close-zone": lambda text, said, _: CloseZone(text, said),
    "--open-zone": lambda text, said, _: OpenZone(text, said),
    "--wind": lambda text, said, _: SetWind(*phrases.parse_wind(text), said=said),
    "--demand": lambda text, said, _: ScaleDemand(phrases.parse_factor(text), said),
    "--deadline": lambda text, said, _: SetDeadline(*phrases.parse_deadline(text), said),
    "--hub-outage": _outage,
    "--drone-failure": lambda text, said, _: DroneFailure(*phrases.parse_failure(text), said),
}
