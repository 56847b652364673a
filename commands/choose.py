"""The answers of ``magpie whatif --rank/--size-fleet/--site-base/--coverage``.

Reads candidates, calls, writes tables and layers, prints. No domain logic.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from commands import Exit
from commands.compared import compare_and_write, out_folder
from commands.given import cache_folder
from routing.choose.bases import rank_bases
from routing.choose.clinics import Choice, choose_clinics
from routing.choose.coverage import KINDS, MINUTES, Place, cover
from routing.choose.crew import hire
from routing.choose.fleet import Level, size_fleet
from routing.choose.value import FULL_ITERATIONS, QUICK_ITERATIONS, Evaluator, LegsKept
from routing.choose.words import (
    Row,
    base_lines,
    choice_lines,
    choice_rows,
    choice_scenario,
    coverage_lines,
    coverage_rows,
    fleet_lines,
)
from routing.demand_file import DemandModel
from routing.network import Network
from routing.whatif.candidates import read_candidates
from routing.whatif.changes import AddSite
from routing.whatif.files import facts_of
from routing.whatif.finding import write_finding
from routing.whatif.scenario import BASE
from routing.whatif.sweep import Day
from routing.whatif.task import Effort
from routing.whatif.words import word
from routing.whole_file import write_whole


@dataclasses.dataclass(slots=True)
class _Answer:
    """What is printed and written, question by question."""

    lines: list[str] = dataclasses.field(default_factory=list)
    facts: dict[str, Any] = dataclasses.field(default_factory=dict)
    files: list[Path] = dataclasses.field(default_factory=list)
    is_refused: bool = False


def answer(
    arguments: argparse.Namespace,
    network: Network,
    days: Sequence[Day],
    demand: DemandModel | None,
) -> Exit:
    """Answer every question that the options ask."""
    out = out_folder(arguments)
    told = _Answer()
    candidates = read_candidates(arguments.rank, network) if arguments.rank else ()
    if candidates:
        _rank(arguments, network, days, demand, candidates, out, told)
    quick = arguments.iterations or QUICK_ITERATIONS
    evaluator = Evaluator(
        network, days, demand, quick, arguments.seed, LegsKept(cache_folder(arguments))
    )
    if arguments.size_fleet:
        with hire(evaluator, workers=arguments.workers):
            size = size_fleet(evaluator, Level(arguments.level / 100))
        told.lines += ["", *fleet_lines(network, size, arguments.lang)]
        counts = {" ".join(key): count for key, count in size.counts.items()}
        curve = [dataclasses.asdict(point) for point in size.curve]
        told.facts["fleet"] = {"is_met": size.is_met, "counts": counts, "curve": curve}
    if arguments.site_base:
        with hire(evaluator, workers=arguments.workers):
            ranked = rank_bases(evaluator)
        told.lines += ["", *base_lines(network, ranked, arguments.lang)]
        told.facts["bases"] = [
            {"site": one.site_id, "moved": one.moved, **dataclasses.asdict(one.best)}
            for one in ranked
        ]
    if arguments.coverage:
        _cover(arguments, network, candidates, out, told)
    if arguments.json:
        told.facts["files"] = [str(path) for path in told.files]
        print(json.dumps(told.facts, ensure_ascii=False, indent=2))
    else:
        if told.files:
            names = ", ".join(file.name for file in told.files)
            told.lines += [word("console.wrote", arguments.lang, folder=out, files=names)]
        print("\n".join(told.lines).strip())
    return Exit.REJECTED if told.is_refused else Exit.DONE


def _rank(
    arguments: argparse.Namespace,
    network: Network,
    days: Sequence[Day],
    demand: DemandModel | None,
    candidates: tuple[AddSite, ...],
    out: Path,
    told: _Answer,
) -> None:
    quick = arguments.iterations or QUICK_ITERATIONS
    full = quick * FULL_ITERATIONS // QUICK_ITERATIONS
    choices = choose_clinics(
        network,
        days,
        candidates,
        arguments.choose,
        demand,
        more_drones=range(arguments.more_drones + 1),
        quick=quick,
        full=full,
        seed=arguments.seed,
        workers=arguments.workers,
        cache_dir=cache_folder(arguments),
    )
    told.lines += choice_lines(choices, candidates, arguments.lang)
    told.facts["clinics"] = [_facts(choice) for choice in choices]
    told.files.append(_write_csv(out / "choice.csv", choice_rows(choices, candidates)))
    scenarios = (BASE, *map(choice_scenario, choices))
    effort = Effort(arguments.seed, full)
    done = compare_and_write(arguments, network, days, scenarios, demand, effort)
    told.lines += [
        "",
        *write_finding(done.comparison, arguments.lang, is_synthetic=done.is_synthetic),
    ]
    told.facts["comparison"] = facts_of(done.comparison)
    told.is_refused = any(row.broken for row in done.comparison.rows)
    told.files += done.files


def _facts(choice: Choice) -> dict[str, Any]:
    """A choice for machines: its changes are its order and drones over again."""
    facts = {**dataclasses.asdict(choice), "most_better": choice.most_better}
    del facts["changes"]
    return facts


def _cover(
    arguments: argparse.Namespace,
    network: Network,
    candidates: tuple[AddSite, ...],
    out: Path,
    told: _Answer,
) -> None:
    places = [
        Place(one.site.id, one.site.lon_deg, one.site.lat_deg, one.population) for one in candidates
    ]
    coverage = cover(network, places, cache_dir=cache_folder(arguments))
    told.lines += ["", *coverage_lines(coverage, arguments.lang)]
    told.facts["coverage"] = [
        {
            "kind": kind,
            "minutes": minutes,
            "area": coverage.grid.share(kind, minutes),
            "sites": coverage.sites.share(kind, minutes),
            "people": coverage.places.people_share(kind, minutes),
        }
        for kind in KINDS
        for minutes in MINUTES
    ]
    layer, page = out / "coverage.geojson", out / "coverage.html"
    write_whole(layer, json.dumps(coverage.collection(), ensure_ascii=False))
    # Geopandas takes a second to import; only layers need it.
    from geo.layers import write_layers
    from routing.choose.coverage_layers import coverage_layer, draw_coverage

    write_layers([coverage_layer(coverage)], out / "coverage.gpkg")
    write_whole(page, draw_coverage(network, coverage, arguments.lang))
    told.files += [page, layer, out / "coverage.gpkg"]
    told.files += [_write_csv(out / "coverage.csv", coverage_rows(network, coverage))]


def _write_csv(path: Path, rows: Iterable[Row]) -> Path:
    """A table that opens right in Chinese Excel: UTF-8 with a byte order mark."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    write_whole(path, "﻿" + text.getvalue())
    return path
