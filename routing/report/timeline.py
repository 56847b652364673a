"""The day as a picture: what every drone, busy pad and pack does when, as one SVG.

Owns which rows and bars there are and their geometry; the drawing is
``templates/timeline.svg.j2``. Colours are those of the map.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from routing.network import Network
from routing.plan import Plan, Sortie, Stop
from routing.report.clock import DAY_S, Lang, clock
from routing.report.colours import UNKNOWN, colour_drones, ink_on
from routing.report.naming import Names
from routing.report.pages import render
from routing.report.tables import visits_at
from routing.report.words import word

HOUR_S = 3_600
WIDTH_PX, LABEL_PX, RIGHT_PX = 1_560, 190, 14
ROW_PX, HEAD_PX, AXIS_PX = 18, 26, 24
# A pad with fewer stops than this tells nothing: its site has a sheet.
BUSY_PAD_VISITS = 4
MAX_PADS = 24
# Rows on an A4 landscape page; a group begins there only with this many rows or all it has.
PAGE_ROWS, MIN_ROWS = 54, 6

BarKind = Literal["air", "ground", "turnaround", "charging", "pad"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A span on a row; ``text`` is drawn on it where it fits, ``hint`` shows under the mouse."""

    start_s: int
    end_s: int
    kind: BarKind
    colour: str
    text: str = ""
    hint: str = ""

    @property
    def ink(self) -> str:
        """Colour of the text on the bar."""
        return ink_on(self.colour)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the picture."""

    label: str
    bars: tuple[Bar, ...]
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading."""

    heading: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """Time to pixels; the span is whole hours."""

    start_s: int
    end_s: int

    def x(self, time_s: float) -> float:
        """Horizontal place of a moment."""
        share = (time_s - self.start_s) / (self.end_s - self.start_s)
        return round(LABEL_PX + share * (WIDTH_PX - LABEL_PX - RIGHT_PX), 2)

    @property
    def hours(self) -> tuple[int, ...]:
        """The full hours, for the grid."""
        return tuple(range(self.start_s, self.end_s + 1, HOUR_S))


def draw_timeline(network: Network, plan: Plan, lang: Lang) -> str:
    """The whole timeline as one SVG text that stands alone."""
    return _draw(network, _span(plan), build_groups(network, plan, lang), lang)


def draw_pages(network: Network, plan: Plan, lang: Lang) -> tuple[str, ...]:
    """The same picture cut into SVGs that each fill at most one landscape page."""
    axis, groups = _span(plan), build_groups(network, plan, lang)
    return tuple(_draw(network, axis, page, lang) for page in cut_pages(groups))


def _draw(network: Network, axis: Axis, groups: Sequence[Group], lang: Lang) -> str:
    height = AXIS_PX * 2 + sum(HEAD_PX + ROW_PX * len(group.rows) for group in groups)
    return render(
        "timeline.svg.j2",
        lang,
        axis=axis,
        groups=groups,
        nights=tuple(_nights(network, axis)),
        height=height,
        width=WIDTH_PX,
        label_px=LABEL_PX,
        right_px=WIDTH_PX - RIGHT_PX,
        row_px=ROW_PX,
        head_px=HEAD_PX,
        axis_px=AXIS_PX,
        hour_step=1 if axis.end_s - axis.start_s <= 26 * HOUR_S else 2,
        title=word("title.timeline", lang),
        legend=tuple(_legend(lang)),
        text_px=text_px,
        fit=fit,
    )


def cut_pages(groups: Sequence[Group]) -> Iterable[tuple[Group, ...]]:
    """Pages of groups; a heading takes two rows' room, and a long group goes on overleaf."""
    page: list[Group] = []
    room = PAGE_ROWS
    for group in groups:
        rows = group.rows
        if room < min(len(rows), MIN_ROWS) + 2 and page:
            yield tuple(page)
            page, room = [], PAGE_ROWS
        while rows:
            taken, rows = rows[: room - 2], rows[room - 2 :]
            page.append(replace(group, rows=taken))
            room -= len(taken) + 2
            if rows:
                yield tuple(page)
                page, room = [], PAGE_ROWS
    if page:
        yield tuple(page)


def text_px(text: str, size_px: float) -> float:
    """About how wide a text is: a CJK character is a square, others a bit over half of one."""
    return sum(
        size_px if unicodedata.east_asian_width(sign) in "WF" else 0.56 * size_px for sign in text
    )


def fit(text: str, width_px: float, size_px: float) -> str:
    """The text, cut with an ellipsis where it is too wide."""
    if text_px(text, size_px) <= width_px:
        return text
    while text and text_px(text + "…", size_px) > width_px:
        text = text[:-1]
    return text + "…"


def build_groups(network: Network, plan: Plan, lang: Lang) -> tuple[Group, ...]:
    """Rows per drone, per pad of busy sites, and per pack of each base."""
    names = Names(network, lang)
    colours = colour_drones(drone.id for drone in network.drones)
    drones = Group(
        word("timeline.drones", lang),
        tuple(
            _drone_row(network, plan, drone.id, colours[drone.id], names)
            for drone in network.drones
        ),
    )
    pads = _pad_group(network, plan, colours, names)
    return (drones, pads, *_pack_groups(network, plan, colours, names))


def _legend(lang: Lang) -> Iterable[tuple[str, str, float]]:
    """Kind, words and place of each sign, side by side in the first heading."""
    x = float(LABEL_PX)
    for kind, key in (
        ("air", "timeline.air"),
        ("ground", "timeline.ground"),
        ("turnaround", "timeline.turnaround"),
        ("charging", "timeline.charging_legend"),
        ("night", "timeline.night"),
    ):
        text = word(key, lang)
        yield kind, text, x
        x += 28 + text_px(text, 10.5) + 24


def _span(plan: Plan) -> Axis:
    """Whole hours around everything that is drawn; a working day when nothing flies."""
    starts = [sortie.stops[0].handover_start_s or sortie.start_s for sortie in plan.sorties]
    ends = [sortie.charge.end_s if sortie.charge else sortie.end_s for sortie in plan.sorties]
    start = min(starts, default=8 * HOUR_S) // HOUR_S * HOUR_S
    end = -(-max(ends, default=18 * HOUR_S) // HOUR_S) * HOUR_S
    return Axis(start, max(end, start + HOUR_S))


def _drone_row(network: Network, plan: Plan, drone_id: str, colour: str, names: Names) -> Row:
    bars: list[Bar] = []
    turnaround_s = next(
        network.drone_types[drone.type_id].turnaround_s
        for drone in network.drones
        if drone.id == drone_id
    )
    for sortie in sorted(plan.sorties, key=lambda item: item.start_s):
        if sortie.drone_id != drone_id:
            continue
        hint = _describe(sortie, names)
        after = Bar(sortie.end_s, sortie.end_s + turnaround_s, "turnaround", colour, "", hint)
        bars += [after, *_sortie_bars(sortie, colour, hint)]
    return Row(drone_id, tuple(bars), colour)


def _sortie_bars(sortie: Sortie, colour: str, hint: str) -> Iterable[Bar]:
    """One bar from take-off to landing with its id; the stops on top of it, lighter."""
    yield Bar(sortie.start_s, sortie.end_s, "air", colour, sortie.id, hint)
    for stop in sortie.stops[1:-1]:
        if stop.landing_s is not None and stop.takeoff_s is not None:
            yield Bar(stop.landing_s, stop.takeoff_s, "ground", colour, "", hint)


def _pad_group(network: Network, plan: Plan, colours: Mapping[str, str], names: Names) -> Group:
    rows: list[tuple[int, Row]] = []
    hidden = 0
    for site in network.sites:
        visits = visits_at(plan, site.id)
        is_base = network.base(site.id) is not None
        for pad in range(site.pads):
            here = [visit for visit in visits if visit[1].pad == pad]
            if not here or (not is_base and len(here) < BUSY_PAD_VISITS):
                hidden += bool(here)
                continue
            bars = tuple(
                bar
                for sortie, stop in here
                for bar in _pad_bars(network, sortie, stop, is_base, colours, names)
            )
            label = _pad_label(names.site(site.id), pad, names.lang)
            rows.append((len(here), Row(label, bars)))
    busiest = {id(row) for _, row in sorted(rows, key=lambda item: -item[0])[:MAX_PADS]}
    hidden += len(rows) - len(busiest)
    note = word("timeline.pads_hidden", names.lang, count=hidden) if hidden else ""
    shown = tuple(row for _, row in rows if id(row) in busiest)
    return Group(word("timeline.pads", names.lang), shown, note)


def _pad_label(site_name: str, pad: int, lang: Lang) -> str:
    """Site and pad; a long name gives way, the number stays."""
    room_px = LABEL_PX - 26 - text_px(word("timeline.pad", lang, site="", pad=pad + 1), 11)
    return word("timeline.pad", lang, site=fit(site_name, room_px, 11), pad=pad + 1)


def _pad_bars(
    network: Network,
    sortie: Sortie,
    stop: Stop,
    is_base: bool,
    colours: Mapping[str, str],
    names: Names,
) -> Iterable[Bar]:
    """When a stop holds its pad, as R8 of docs/design.md counts it."""
    colour = colours.get(sortie.drone_id, UNKNOWN)
    hint = _describe(sortie, names)
    if not is_base and stop.landing_s is not None and stop.takeoff_s is not None:
        yield Bar(stop.landing_s, stop.takeoff_s, "pad", colour, sortie.drone_id, hint)
        return
    if stop.landing_s is not None:
        end_s = stop.landing_s + network.rules.pad_clear_s
        yield Bar(stop.landing_s, end_s, "pad", colour, "", hint)
    if stop.takeoff_s is not None:
        start_s = stop.takeoff_s - network.rules.pad_prepare_s
        yield Bar(start_s, stop.takeoff_s, "pad", colour, "", hint)


def _pack_groups(
    network: Network, plan: Plan, colours: Mapping[str, str], names: Names
) -> Iterable[Group]:
    """Packs by the base they are first taken from: flights in the drone's colour, then charging."""
    by_base: dict[str, dict[str, list[Sortie]]] = {base.site_id: {} for base in network.bases}
    home: dict[str, str] = {}
    for sortie in sorted(plan.sorties, key=lambda item: item.start_s):
        base_id = home.setdefault(sortie.pack_id, sortie.stops[0].site_id)
        by_base.setdefault(base_id, {}).setdefault(sortie.pack_id, []).append(sortie)
    for base_id, packs in by_base.items():
        rows = []
        for pack_id in sorted(packs):
            bars = [bar for sortie in packs[pack_id] for bar in _pack_bars(sortie, colours, names)]
            rows.append(Row(pack_id, tuple(bars)))
        heading = word("timeline.pack_group", names.lang, base=names.site(base_id))
        if rows:
            yield Group(heading, tuple(rows))


def _pack_bars(sortie: Sortie, colours: Mapping[str, str], names: Names) -> Iterable[Bar]:
    colour = colours.get(sortie.drone_id, UNKNOWN)
    yield Bar(
        sortie.start_s, sortie.end_s, "air", colour, sortie.drone_id, _describe(sortie, names)
    )
    if sortie.charge:
        hint = word("timeline.charging", names.lang, charger=sortie.charge.charger + 1)
        span = (
            f"{clock(sortie.charge.start_s, names.lang)}–{clock(sortie.charge.end_s, names.lang)}"
        )
        where = names.site(sortie.stops[-1].site_id)
        yield Bar(
            sortie.charge.start_s,
            sortie.charge.end_s,
            "charging",
            "#cbd5e1",
            "",
            f"{where} {hint} {span}",
        )


def _describe(sortie: Sortie, names: Names) -> str:
    route = " → ".join(names.site(stop.site_id) for stop in sortie.stops)
    return word(
        "timeline.describe",
        names.lang,
        drone=sortie.drone_id,
        sortie=sortie.id,
        start=clock(sortie.start_s, names.lang),
        end=clock(sortie.end_s, names.lang),
        route=route,
        pack=sortie.pack_id,
    )


def _nights(network: Network, axis: Axis) -> Iterable[tuple[int, int]]:
    """Night spans inside the axis: before sunrise and after sunset of each day."""
    rules = network.rules
    for day in range(axis.start_s // DAY_S - 1, axis.end_s // DAY_S + 1):
        start = max(axis.start_s, day * DAY_S + rules.sunset_s)
        end = min(axis.end_s, (day + 1) * DAY_S + rules.sunrise_s)
        if start < end:
            yield start, end
