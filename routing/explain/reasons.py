"""The sentences that say why an order stays behind, in Chinese and English.

Owns the words of every reason code. Does not find reasons.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from routing.explain.alone import Limit
from routing.explain.rides import Ride
from routing.explain.taken import Taken
from routing.explain.trial import Fit
from routing.network import Network
from routing.orders import Order
from routing.plan import Unserved
from routing.report.clock import Lang, clock
from routing.report.naming import Names

Pair = tuple[str, str]
"""A sentence in English and in Chinese."""

_MISSING: dict[str, Pair] = {
    "pads": ("a pad", "起降坪"),
    "packs": ("a charged pack", "满电电池"),
    "pilots": ("a pilot to supervise", "监视飞手"),
    "drones": ("a drone", "无人机"),
}
_SEVERAL: Pair = (
    "Even on an empty day several limits at once stand against it: time, range, night, wind or "
    "opening hours.",
    "即使全天无其他任务，也同时受多项限制：时间、航程、夜航、风或开放时间。",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """Words reasons about orders of one network."""

    network: Network

    def of_limit(self, order: Order, limit: Limit) -> Unserved:
        """Why an order cannot fly even on an empty day."""
        code = "out_of_range" if limit.name == "range" else limit.name
        return _unserved(order, code, self._limit_pair(order, limit))

    def of_taken(self, order: Order, taken: Taken) -> Unserved:
        """Why an order that can fly has no room in the plan."""
        if taken.ride is not None:
            return _unserved(order, *self._ride(order, taken.ride))
        if not taken.missing:
            assert taken.fit is not None
            return _unserved(order, "not_found", self._not_found(taken.fit))
        if "drones" in taken.missing:
            return _unserved(order, "drones_busy", self._busy(order, taken))
        return _unserved(order, taken.missing[0], self._full(taken))

    def _limit_pair(self, order: Order, limit: Limit) -> Pair:
        goals = [self._site(goal) for goal in order.destinations]
        en, zh = " or ".join(one[0] for one in goals), "或".join(one[1] for one in goals)
        origin = self._site(order.origin)
        words: dict[str, Callable[[], Pair]] = {
            "carriage": lambda: _unheld(order),
            "path": lambda: (
                f"No drone finds a way from {origin[0]} to {en} around the zones in its "
                "weather limits" + (f": {limit.shut[0]}." if limit.shut[0] else "."),
                f"在天气限制内，没有无人机能绕过禁飞区从{origin[1]}飞到{zh}"
                + (f"：{limit.shut[1]}。" if limit.shut[1] else "。"),
            ),
            "range": lambda: self._range(limit),
            "deadline": lambda: self._late(order, limit.fit),
            "ride": lambda: self._too_long(order, limit.fit),
            "several": lambda: _SEVERAL,
        }
        return words.get(limit.name, lambda: self._lifted(limit))()

    def _range(self, limit: Limit) -> Pair:
        short = limit.shortfall
        assert short is not None
        over_km, km = short.short_m / 1000, short.sortie_m / 1000
        stops = [self._site(site_id) for site_id in short.site_ids]
        kind = self._type(short.type_id)
        over = f"{math.ceil(over_km * 10) / 10:.1f}"
        return (
            f"Out of range of the best drone, {kind[0]}, by {over} km: "
            f"{' - '.join(one[0] for one in stops)} is {km:.1f} km on one pack.",
            f"超出最合适机型 {kind[1]} 的航程 {over} 公里："
            f"{'—'.join(one[1] for one in stops)} 一块电池须飞 {km:.1f} 公里。",
        )

    def _late(self, order: Order, fit: Fit | None) -> Pair:
        assert fit is not None
        late = f"{math.ceil((fit.received_s - order.deadline_s) / 6) / 10:g}"
        at = _times(fit.received_s)
        due = _times(order.deadline_s)
        return (
            f"The fastest possible sortie, {fit.drone.id} with nothing else to fly, hands it over "
            f"at {at[0]}: {late} min after the deadline {due[0]}.",
            f"即使 {fit.drone.id} 无其他任务，最快也要 {at[1]} 送达，比截止时间 {due[1]} 晚 "
            f"{late} 分钟。",
        )

    def _too_long(self, order: Order, fit: Fit | None) -> Pair:
        assert fit is not None
        assert order.ride_limit_s is not None
        carrying = next(errand for errand in fit.errands if errand.orders)
        ride_min = (carrying.received_s - carrying.loaded_s) / 60
        limit_min = order.ride_limit_s / 60
        return (
            f"It may be on board for {limit_min:g} min; the soonest sortie needs {ride_min:.1f} "
            f"min, {ride_min - limit_min:.1f} too many.",
            f"最长在机时间 {limit_min:g} 分钟；最早的架次需要 {ride_min:.1f} 分钟，"
            f"超出 {ride_min - limit_min:.1f} 分钟。",
        )

    def _lifted(self, limit: Limit) -> Pair:
        """Night, wind, hours, packs, pilots, duty: what would fly without that limit, and when."""
        fit = limit.fit
        assert fit is not None
        span = _span(fit.begins_s, fit.ends_s)
        rules = self.network.rules
        match limit.name:
            case "night":
                dark = _times(rules.sunset_s), _times(rules.sunrise_s)
                return (
                    f"It needs a flight at {span[0]}, outside daylight ({dark[1][0]}-"
                    f"{dark[0][0]}), and no drone that reaches may fly at night.",
                    f"须在 {span[1]} 飞行，不在日出日落之间（{dark[1][1]}–{dark[0][1]}），"
                    "能到达的无人机不得夜航。",
                )
            case "wind":
                return (
                    f"In calm, dry air a sortie at {span[0]} would carry it; the weather then "
                    "forbids it.",
                    f"无风无雨时 {span[1]} 的架次可承运；当时的天气不允许。",
                )
            case "hours":
                return (
                    f"A sortie at {span[0]} would carry it, outside the opening hours or windows "
                    "at its ends.",
                    f"{span[1]} 的架次可承运，但不在两端的开放时间或时间窗内。",
                )
            case "packs":
                return (
                    "No base on its way has a pack of a drone that reaches.",
                    "沿途起降点没有可到达机型的电池。",
                )
            case "pilots":
                return (
                    f"No pilot is on duty at {span[0]}.",
                    f"{span[1]} 没有值班飞手。",
                )
        return (
            f"No drone is on duty for a sortie at {span[0]}.",
            f"{span[1]} 没有在岗的无人机。",
        )

    def _ride(self, order: Order, ride: Ride) -> tuple[str, Pair]:
        at = _times(ride.passes_s)
        if not ride.obstacles:
            return "not_found", (
                f"Sortie {ride.sortie_id} at {at[0]} could take it along: a longer search "
                "would find that.",
                f"架次 {ride.sortie_id}（{at[1]}）可以顺路带上：延长搜索即可找到。",
            )
        why: dict[str, Pair] = {
            "segregation": (
                f"carries {ride.beside}, which {order.group} must not share a sortie with",
                f"载有 {ride.beside}，不得与 {order.group} 同架次",
            ),
            "box": ("has no room left in its box", "箱内已无空间或载重"),
            "bands": (
                f"has no compartment left for {order.band} C",
                f"没有 {order.band} ℃ 的温区隔舱",
            ),
            "energy": ("has not the energy for its mass", "电量不足以再加这份重量"),
        }
        en, zh = why[ride.obstacles[0]]
        return ride.obstacles[0], (
            f"Sortie {ride.sortie_id} passes its way at {at[0]} and {en}; no sortie of its own "
            "fits.",
            f"架次 {ride.sortie_id}（{at[1]}）顺路，但{zh}；也排不下单独的架次。",
        )

    def _not_found(self, fit: Fit) -> Pair:
        span = _span(fit.begins_s, fit.ends_s)
        return (
            f"{fit.drone.id} could carry it at {span[0]} beside all other sorties: a longer "
            "search would find that.",
            f"{fit.drone.id} 在 {span[1]} 仍可加飞承运：延长搜索即可找到。",
        )

    def _busy(self, order: Order, taken: Taken) -> Pair:
        fit, also = taken.fit, [_MISSING[name] for name in taken.missing if name != "drones"]
        if fit is None:
            return (
                "Every drone that could carry it in time is busy, and pads, packs and pilots "
                "leave no room for one more.",
                "能按时承运的无人机均已占用，起降坪、电池和飞手也无余量再加一架。",
            )
        span = _span(fit.begins_s, max(order.deadline_s, fit.ends_s))
        need_min = math.ceil((fit.ends_s - fit.begins_s) / 60)
        where = self._at(taken.places)
        more = " and ".join(one[0] for one in also), "和".join(one[1] for one in also)
        return (
            f"All drones that could carry it are busy: none is free for {need_min} min on its way "
            f"within {span[0]}" + (f", and {more[0]}{where[0]} is missing." if also else "."),
            f"能承运的无人机在 {span[1]} 均已占用：没有一架能腾出所需的 {need_min} 分钟"
            + (f"，且{where[1]}缺少{more[1]}。" if also else "。"),
        )

    def _full(self, taken: Taken) -> Pair:
        assert taken.fit is not None
        span = _span(taken.fit.begins_s, taken.fit.ends_s)
        where = self._at(taken.places)
        words: dict[str, Pair] = {
            "pads": (
                f"Every pad{where[0]} is taken at the times of the sortie that would carry it "
                f"({span[0]}).",
                f"可承运的架次（{span[1]}）所需时刻，{where[1]}起降坪均被占用。",
            ),
            "packs": (
                f"No charged pack{where[0]} is free for the sortie that would carry it "
                f"({span[0]}).",
                f"可承运的架次（{span[1]}）在{where[1]}没有可用的满电电池。",
            ),
            "pilots": (
                f"The pilots on duty supervise all they may at {span[0]}.",
                f"{span[1]} 值班飞手监视的架次已满。",
            ),
        }
        return words[taken.missing[0]]

    def _at(self, site_ids: Sequence[str]) -> Pair:
        names = [self._site(site_id) for site_id in site_ids]
        if not names:
            return "", ""
        return " at " + ", ".join(one[0] for one in names), "、".join(one[1] for one in names)

    def _site(self, site_id: str) -> Pair:
        return self._names("en").site(site_id), self._names("zh").site(site_id)

    def _type(self, type_id: str) -> Pair:
        return self._names("en").type_name(type_id), self._names("zh").type_name(type_id)

    def _names(self, lang: Lang) -> Names:
        return Names(self.network, lang)


def _unheld(order: Order) -> Pair:
    return (
        f"No drone of the fleet holds it: {order.mass_kg:g} kg, {order.slots} place(s), band "
        f"{order.band}.",
        f"现有无人机均无法装载：{order.mass_kg:g} 千克、{order.slots} 个箱位、温区 {order.band}。",
    )


def _unserved(order: Order, code: str, pair: Pair) -> Unserved:
    return Unserved(order.id, code, pair[0], pair[1])


def _times(time_s: float) -> Pair:
    return clock(time_s, "en"), clock(time_s, "zh")


def _span(start_s: float, end_s: float) -> Pair:
    (en, zh), (to_en, to_zh) = _times(start_s), _times(end_s)
    return f"{en}-{to_en}", f"{zh}–{to_zh}"
