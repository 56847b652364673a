"""A planner's choices in words and tables, Chinese and English.

Owns the words and the columns. Does not choose anything and does not write files.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from routing.choose.bases import BaseSite
from routing.choose.clinics import Choice
from routing.choose.coverage import KINDS, MINUTES, Coverage, Kind
from routing.choose.fleet import FleetSize, Key
from routing.network import Network
from routing.report.clock import Lang
from routing.report.naming import Names
from routing.whatif.changes import AddSite
from routing.whatif.scenario import Scenario

Row = tuple[str | float | int, ...]
_KIND_WORDS: Mapping[Kind, tuple[str, str]] = {
    "fetch": ("取样送达检验科", "specimen fetched to a laboratory"),
    "bring": ("从起降点送达", "goods brought from a base"),
}
_COUNTS: Mapping[str, tuple[str, str]] = {
    "drones": ("无人机", "drones"),
    "packs": ("电池", "packs"),
    "chargers": ("充电位", "chargers"),
    "pads": ("起降坪", "pads"),
}


def choice_lines(choices: Sequence[Choice], candidates: Sequence[AddSite], lang: Lang) -> list[str]:
    """Each fleet's choice: what to add, in which order, what it gains, and how sure that is."""
    zh, lines = lang == "zh", []
    names = {one.site.id: one.site.name_zh if zh else one.site.name_en for one in candidates}
    for choice in choices:
        fleet = _fleet_words(choice.extra_drones, lang)
        order = ("、" if zh else ", ").join(names[site_id] or site_id for site_id in choice.order)
        gain, proxy = choice.full_gain.score, choice.proxy
        lines += [
            f"{fleet}：依次接入 {order}" if zh else f"{fleet}: add {order}, in this order",
            (
                f"  每日净增 {gain:.1f} 个加权准时订单（快速规划 {choice.gains[-1].score:.1f}；"
                f"单独最优的 {len(choice.order)} 个合计 {choice.singles_gain.score:.1f}）"
                if zh
                else f"  {gain:.1f} weighted orders on target a day more (quick plans say "
                f"{choice.gains[-1].score:.1f}; the {len(choice.order)} best alone, taken "
                f"together, {choice.singles_gain.score:.1f})"
            ),
            _bound_words(choice, lang),
            (
                f"  快速规划与完整规划相比，{proxy.num} 个集合平均偏差 {proxy.mean_abs:.1f}，"
                f"最大 {proxy.worst_abs:.1f}，平均偏高 {proxy.bias:+.1f}，秩相关 {proxy.rank:.2f}"
                if zh
                else f"  quick against full plans over {proxy.num} sets: off by "
                f"{proxy.mean_abs:.1f} on average, {proxy.worst_abs:.1f} at worst, "
                f"bias {proxy.bias:+.1f}, rank correlation {proxy.rank:.2f}"
            ),
        ]
    return lines


def choice_scenario(choice: Choice) -> Scenario:
    """A choice as a scenario, to be compared with the network as it is."""
    number, extra = len(choice.order), choice.extra_drones
    name, name_zh = f"{number} clinic{'s' * (number > 1)} more", f"接入 {number} 个诊所"
    if extra:
        name += f", {_fleet_words(extra, 'en')}"
        name_zh += f"，{_fleet_words(extra, 'zh')}"
    return Scenario(name, choice.changes, name_zh)


def _fleet_words(extra: int, lang: Lang) -> str:
    if lang == "zh":
        return "现有机队" if extra == 0 else f"增加 {extra} 架"
    return "the fleet there is" if extra == 0 else f"{extra} drone{'s' * (extra > 1)} more"


def _bound_words(choice: Choice, lang: Lang) -> str:
    zh = lang == "zh"
    tried = ""
    if choice.is_exhaustive:
        tried = "；快速规划已试遍所有组合" if zh else "; quick plans tried every set"
    if not math.isfinite(choice.bound):
        none = (
            "  候选点自带服务，无法给出上界" if zh else "  no bound: a candidate offers a service"
        )
        return none + tried
    most = choice.most_better
    if zh:
        return f"  任何其他组合最多再好 {most:.1f}（上界 {choice.bound:.1f}）{tried}"
    return f"  no other set is better by more than {most:.1f} (bound {choice.bound:.1f}){tried}"


def choice_rows(choices: Sequence[Choice], candidates: Sequence[AddSite]) -> list[Row]:
    """A row for each candidate and fleet, under a heading; both languages' names."""
    by_id = {one.site.id: one.site for one in candidates}
    rows: list[Row] = [
        (
            "extra_drones", "rank_alone", "id", "name_zh", "name_en", "lon_wgs84", "lat_wgs84",
            "gain_alone", "most_alone", "add_as", "gain_with_it", "lost_without_it",
            "cost_s_with_it", "people",
        )
    ]  # fmt: skip
    for choice in choices:
        for rank, one in enumerate(choice.candidates, start=1):
            site, place = by_id[one.site_id], None
            if one.site_id in choice.order:
                place = choice.order.index(one.site_id)
            gains = choice.gains
            rows.append(
                (
                    choice.extra_drones, rank, site.id, site.name_zh, site.name_en,
                    round(site.lon_deg, 6), round(site.lat_deg, 6),
                    round(one.gain.score, 3), round(one.most, 3),
                    "" if place is None else place + 1,
                    "" if place is None else round(gains[place].score, 3),
                    "" if one.marginal is None else round(one.marginal.score, 3),
                    "" if place is None else round(-gains[place].thrift_s),
                    "" if one.people is None else one.people,
                )
            )  # fmt: skip
    return rows


def fleet_lines(network: Network, size: FleetSize, lang: Lang) -> list[str]:
    """The smallest fleet and the curve of service against drones."""
    zh, names, level = lang == "zh", Names(network, lang), size.level
    goal = (
        f"常规 {level.routine_on_target:.0%} 按目标、特急 {level.stat_served:.0%} 送达"
        if zh
        else f"{level.routine_on_target:.0%} of routine on target, {level.stat_served:.0%} of stat"
    )
    if size.is_met:
        counts = ("、" if zh else ", ").join(
            f"{pair[0]} {size.total(kind)}" if zh else f"{size.total(kind)} {pair[1]}"
            for kind, pair in _COUNTS.items()
        )
        lines = [f"达到{goal}的最小配置：{counts}" if zh else f"smallest for {goal}: {counts}"]
    else:
        lines = [f"所试机队均达不到{goal}" if zh else f"no fleet that was tried meets {goal}"]
    lines += [f"  {line}" for line in _site_lines(names, size, lang)]
    # A Chinese character is two columns wide.
    heading = (
        "  架数  常规准时  特急送达  留下" if zh else "drones   routine      stat  left behind"
    )
    lines += ["", heading]
    for point in size.curve:
        served = point.served
        lines.append(
            f"{point.num_drones:6d}  {served.routine_on_target:8.1%}  {served.stat_served:8.1%}  "
            f"{served.unserved:4d}{'  *' if point.is_met else ''}"
        )
    return lines


def _site_lines(names: Names, size: FleetSize, lang: Lang) -> list[str]:
    """What stands at each site, a line each; sites with a single pad and nothing else in one."""
    zh, at_site = lang == "zh", dict[str, list[tuple[Key, int]]]()
    for key, count in size.counts.items():
        if count:
            at_site.setdefault(key[1], []).append((key, count))
    one_pad = [("pads", 1)]
    plain = [
        site_id
        for site_id, there in at_site.items()
        if [(key[0], count) for key, count in there] == one_pad
    ]
    lines = []
    for site_id, there in at_site.items():
        if site_id not in plain:
            counts = ("、" if zh else ", ").join(_count_words(names, *one, lang) for one in there)
            lines.append(f"{names.site(site_id)}{'：' if zh else ': '}{counts}")
    if plain:
        rest = len(plain)
        lines.append(
            f"其余 {rest} 个站点：各 1 个起降坪" if zh else f"{rest} more sites: 1 pad each"
        )
    return lines


def _count_words(names: Names, key: Key, count: int, lang: Lang) -> str:
    kind = f"{names.type_name(key[2])} " if len(key) > 2 else ""
    zh, en = _COUNTS[key[0]]
    one = en if count != 1 else en.removesuffix("s")
    return f"{kind}{zh} {count}" if lang == "zh" else f"{count} {kind}{one}"


def base_lines(network: Network, ranked: Sequence[BaseSite], lang: Lang) -> list[str]:
    """Sites by what they gain as a base, those that change nothing in one line."""
    zh, names = lang == "zh", Names(network, lang)
    lines, idle = [], []
    for one in ranked:
        cost_s = -one.best.thrift_s
        if round(one.best.score, 1) == 0 and round(cost_s) == 0:
            idle.append(names.site(one.site_id))
            continue
        text = (
            f"{names.site(one.site_id)}：每日 {one.best.score:+.1f} 个加权准时订单，"
            f"成本 {cost_s:+.0f} 秒"
            if zh
            else f"{names.site(one.site_id)}: {one.best.score:+.1f} weighted orders on target a "
            f"day, cost {cost_s:+.0f} s"
        )
        if one.moved is not None:
            base, kind = names.site(one.moved[0]), names.type_name(one.moved[1])
            text += f"，从{base}移来一架 {kind}" if zh else f", with one {kind} moved from {base}"
        lines.append(text)
    if idle:
        at = ("、" if zh else ", ").join(idle)
        lines.append(f"没有变化：{at}" if zh else f"nothing changes with a base at: {at}")
    return lines


def coverage_lines(coverage: Coverage, lang: Lang, kinds: Sequence[Kind] = KINDS) -> list[str]:
    """Shares of area, sites and people within each time."""
    zh, lines = lang == "zh", []
    for kind in kinds:
        lines.append(_KIND_WORDS[kind][0 if zh else 1])
        for minutes in MINUTES:
            parts = [
                f"{'面积' if zh else 'area'} {coverage.grid.share(kind, minutes):.0%}",
                f"{'站点' if zh else 'sites'} {coverage.sites.share(kind, minutes):.0%}",
            ]
            if coverage.places.places:
                share = coverage.places.share(kind, minutes)
                parts.append(f"{'候选点' if zh else 'places'} {share:.0%}")
                people = coverage.places.people_share(kind, minutes)
                if people is not None:
                    parts.append(f"{'人口' if zh else 'people'} {people:.0%}")
            joined = ("，" if zh else ", ").join(parts)
            lines.append(f"  {minutes} {'分钟内：' if zh else 'min: '}{joined}")
    return lines


def coverage_rows(network: Network, coverage: Coverage) -> list[Row]:
    """A row for each site and place: minutes to fetch and to bring, empty where no drone can."""
    by_id = {site.id: site for site in network.sites}
    rows: list[Row] = [("id", "name_zh", "name_en", "fetch_min", "bring_min", "people")]
    for reach in (coverage.sites, coverage.places):
        for n, place in enumerate(reach.places):
            site = by_id.get(place.id)
            times = [
                round(float(reach.seconds[kind][n]) / 60, 1)
                if math.isfinite(reach.seconds[kind][n])
                else ""
                for kind in KINDS
            ]
            named = (site.name_zh, site.name_en) if site else ("", "")
            people = "" if place.people is None else place.people
            rows.append((place.id, *named, *times, people))
    return rows
