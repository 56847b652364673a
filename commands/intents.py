"""``magpie intents``: a plan as ASTM F3548-21 operational intents, and what they conflict with."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

from commands import Exit
from commands.given import open_folder, planned
from geo.heights import GroundRange, egm96_shandong
from routing.intents.avoid import plane_of
from routing.intents.conflicts import Conflict, find_conflicts
from routing.intents.f3548 import NO_URL, Calendar, entity_id, read_intents, write_intent
from routing.intents.volumes import Intent, volumes_of
from routing.network import Network
from routing.report.clock import Lang, clock
from routing.whole_file import write_whole

_WROTE = (
    "{file}：{count} 个飞行意图；椭球高由{ground}加大地水准面 {geoid} 得出。",
    "{file}: {count} operational intents; heights above the ellipsoid from {ground} and the geoid "
    "{geoid}.",
)
_TERRAIN = ("航线下的地形", "the terrain under each path")
_STATED = ("海拔 {low:g}–{high:g} 米的地面", "ground of {low:g} to {high:g} m above the sea")
_PADS = ("两端起降坪的地面高程", "the ground of both pads")
_CLEAR = ("与 {file} 中的意图无冲突。", "No conflict with the intents of {file}.")
_CONFLICT = (
    "冲突：架次 {sortie} 与 {manager} 的意图 {intent}，{start}–{end}，{lat:.5f}, {lon:.5f}，"
    "椭球高 {low:.0f}–{high:.0f} 米。",
    "Conflict: sortie {sortie} and intent {intent} of {manager}, {start}-{end}, at {lat:.5f}, "
    "{lon:.5f}, {low:.0f} to {high:.0f} m above the ellipsoid.",
)


def run(arguments: argparse.Namespace) -> Exit:
    """Write the intents of a plan; compare them with those of others."""
    given = planned(arguments.network, arguments.plan, arguments.orders)
    network, plan, lang = given.network, given.plan, arguments.lang
    ground = None if arguments.ground is None else _ground_range(network, arguments.ground)
    volumes = volumes_of(network, plan, ground)
    calendar = Calendar(network.date, network.time_zone)
    manager = arguments.manager or network.name_en
    written = {
        sortie_id: write_intent(
            Intent(entity_id(plan.digest, plan.date, sortie_id), manager, found),
            calendar,
            arguments.uss_url or NO_URL,
        )
        for sortie_id, found in volumes.items()
    }
    files = _write(arguments.out or arguments.plan.with_name("intents.json"), written)
    conflicts: Sequence[Conflict] = ()
    if arguments.conflicts is not None:
        others = read_intents(arguments.conflicts, calendar)
        conflicts = find_conflicts(volumes, others, plane_of(network))
    if arguments.json:
        facts = {
            "files": [str(file) for file in files],
            "geoid": egm96_shandong().name,
            "ground": _ground_words(network, ground, "en"),
            "conflicts": [dataclasses.asdict(one) for one in conflicts],
        }
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(network, files, len(written), ground, lang)))
        if arguments.conflicts is not None:
            print("\n".join(_conflict_lines(conflicts, arguments.conflicts, lang)))
    return Exit.NOT_WHOLE if conflicts else Exit.DONE


def _ground_range(network: Network, span_m_amsl: tuple[float, float]) -> GroundRange:
    lonlat = [(site.lon_deg, site.lat_deg) for site in network.sites]
    return GroundRange.of(span_m_amsl, lonlat, egm96_shandong())


def _write(out: Path, written: dict[str, object]) -> list[Path]:
    """One file for all, or, where ``out`` is a folder, one for each sortie."""
    if out.suffix.lower() == ".json":
        open_folder(out.parent)
        contents = {out: {"operational_intents": list(written.values())}}
    else:
        open_folder(out)
        contents = {
            out / f"{sortie_id}.json": {"operational_intents": [intent]}
            for sortie_id, intent in written.items()
        }
    for file, content in contents.items():
        write_whole(file, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return list(contents)


def _lines(
    network: Network, files: Sequence[Path], count: int, ground: GroundRange | None, lang: Lang
) -> list[str]:
    words = _WROTE[lang == "en"]
    file = files[0] if len(files) == 1 else files[0].parent if files else "–"
    told = _ground_words(network, ground, lang)
    return [words.format(file=file, count=count, ground=told, geoid=egm96_shandong().name)]


def _ground_words(network: Network, ground: GroundRange | None, lang: Lang) -> str:
    if network.terrain is not None:
        return _TERRAIN[lang == "en"]
    if ground is not None:
        low, high = ground.lowest_m_amsl, ground.highest_m_amsl
        return _STATED[lang == "en"].format(low=low, high=high)
    return _PADS[lang == "en"]


def _conflict_lines(conflicts: Sequence[Conflict], file: Path, lang: Lang) -> list[str]:
    if not conflicts:
        return [_CLEAR[lang == "en"].format(file=file)]
    return [
        _CONFLICT[lang == "en"].format(
            sortie=one.sortie_id,
            intent=one.intent_id,
            manager=one.manager or "?",
            start=clock(one.start_s, lang, with_seconds=True),
            end=clock(one.end_s, lang, with_seconds=True),
            lat=one.lat_deg,
            lon=one.lon_deg,
            low=one.lower_m_w84,
            high=one.upper_m_w84,
        )
        for one in conflicts
    ]
