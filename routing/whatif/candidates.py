"""Candidate clinics: one written in a line, many in a table, to sites that could be connected.

Owns both notations. A table (CSV, XLSX, XLS, ODS) needs lon, lat and a datum::

    # datum: WGS-84
    id,name_zh,name_en,lon,lat,orders_day,population

``name`` may stand for both names; ``kind`` is village and ``id`` made of the name when empty;
``orders_day`` empty: the demand model's. All other columns are those of ``sites.csv``. One line is
``name,lon,lat,datum[,orders/day[,kind]]``.

Does not know where a candidate is good (see ``routing.choose``) or how it is connected.
"""

from __future__ import annotations

import csv
import re
import statistics
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

from routing.network import Network, SiteKind
from routing.reading.cells import RowReader
from routing.reading.faults import FaultList, Phrase
from routing.reading.sites import SITE_COLUMNS, sites_of
from routing.reading.tables import Cell, Columns, Row, Table, read_table
from routing.whatif.changes import AddSite, Said

CANDIDATE_COLUMNS = Columns(
    required=("lon", "lat"),
    optional=(
        "id", "name", "name_zh", "name_en", "kind", "orders_day", "population",
        *SITE_COLUMNS.optional,
    ),
    aliases={
        "orders/day": "orders_day",
        "orders_a_day": "orders_day",
        "名称": "name",
        "经度": "lon",
        "纬度": "lat",
        "坐标系": "datum",
        "每日订单": "orders_day",
        "人口": "population",
    },
)  # fmt: skip
_LINE = ("name", "lon", "lat", "datum", "orders_day", "kind")
MOST_ORDERS_A_DAY = 10_000.0


def read_candidates(path: Path, network: Network) -> tuple[AddSite, ...]:
    """The candidates of a table, in its order.

    Raises:
        InputError: everything that is wrong in the table. Whether a candidate lies in a zone is
            checked when a scenario with it is applied.
    """
    faults = FaultList()
    candidates = candidates_in(path, network, faults)
    faults.raise_any()
    return candidates


def candidates_in(path: Path, network: Network, faults: FaultList) -> tuple[AddSite, ...]:
    """The candidates of a table; rows with faults are left out."""
    table = read_table(path, CANDIDATE_COLUMNS, faults)
    return () if table is None else _candidates(table, network, faults, key="")


def candidate_of(text: str, network: Network, key: str, faults: FaultList) -> AddSite | None:
    """The candidate of ``name,lon,lat,datum[,orders/day[,kind]]``; None with faults.

    Args:
        text: the line.
        network: its sites' handover times are the candidate's too.
        key: option or key that it was given with.
        faults: where faults go.
    """
    cells = [cell.strip() for cell in next(csv.reader([text]), [])]
    if not 4 <= len(cells) <= len(_LINE):
        faults.add(
            "scenario.bad-site",
            key,
            rule="must be name,lon,lat,datum and, when known, orders/day and kind",
            found=text,
            action="write for example '北大田,120.096,36.960,GCJ-02,6'",
        )
        return None
    row = Row(1, dict(zip(_LINE, cells, strict=False)))
    table = Table(key, (row,), frozenset(row.cells))
    found = _candidates(table, network, faults, key=key)
    return found[0] if found else None


def handover_min(network: Network) -> Mapping[SiteKind, float]:
    """Handover in minutes by kind of site: the median of the network's sites of that kind, of
    all its sites where it has none."""
    every = [site.handover_s for site in network.sites]
    return {
        kind: statistics.median(
            [site.handover_s for site in network.sites if site.kind == kind] or every
        )
        / 60
        for kind in get_args(SiteKind)
    }


def candidate_id(name: str, lon: str, lat: str) -> str:
    """An id for a candidate without one: its name in small letters, else a number of its own."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") if name.isascii() else ""
    return slug[:60] or f"new-{zlib.crc32(f'{name},{lon},{lat}'.encode()):08x}"


def _candidates(table: Table, network: Network, faults: FaultList, key: str) -> tuple[AddSite, ...]:
    rows = tuple(replace(row, cells=_filled(row)) for row in table.rows)
    full = replace(table, rows=rows, columns=table.columns | {"id"})
    sites = sites_of(full, handover_min(network), faults)
    readers = {row.place: RowReader(row, table.file, faults) for row in rows}
    candidates = []
    for placed in sites.good:
        reader = readers[placed.place]
        orders = reader.number("orders_day", 0, MOST_ORDERS_A_DAY, unit="", required=False)
        people = reader.number("population", 0, 1e9, unit="", required=False)
        said = Said(table.file, "" if key else placed.place, "")
        site = placed.site
        candidates.append(
            AddSite(
                replace(site, source=site.source or "candidate"),
                orders,
                people,
                said,
            )
        )
    _check_hub(candidates, faults)
    return tuple(candidates)


def _filled(row: Row) -> Mapping[str, Cell]:
    """A row with its id, names and kind."""
    name = row.text("name") or row.text("name_zh") or row.text("name_en")
    made = {
        "id": row.text("id") or candidate_id(name, row.text("lon"), row.text("lat")),
        "name_zh": row.text("name_zh") or name,
        "name_en": row.text("name_en") or name,
        "kind": row.text("kind") or "village",
    }
    return {**row.cells, **made}


def _check_hub(candidates: list[AddSite], faults: FaultList) -> None:
    for candidate in candidates:
        if candidate.site.kind == "hub":
            faults.add(
                "scenario.second-hub",
                candidate.said.file,
                place=candidate.said.place,
                name="kind",
                rule="a network has one hub",
                found=Phrase("a candidate of kind hub"),
                action="call it hospital, township or village",
            )
