"""The comparison's labels and sentences in Chinese and English.

Owns the wording. A sentence may hold ``{fields}``; units stand in the wording.
"""

from __future__ import annotations

from routing.report.clock import Lang

# key -> (zh, en)
_WORDS: dict[str, tuple[str, str]] = {
    "title": ("方案比较", "Scenarios compared"),
    "sheet": ("方案比较", "Comparison"),
    "sheet.new": ("新增站点", "New sites"),
    "finding": ("结论", "Finding"),
    "table": ("对比表", "Comparison table"),
    "new_sites": ("新增站点的订单", "Orders of new sites"),
    "costs": ("成本模型", "Cost model"),
    "map": ("前后对比地图", "Map, before and after"),
    "references": ("显示各方案的先到先送与公路", "show first come and road of every scenario"),
    "per_day": (
        "数量、时长、电池、能耗和费用为日均值；送达时间自采集起算，合并所有日期；差距为最差一天。",
        "Counts, hours, packs, energy and cost are means a day; receipt times count from "
        "collection and pool all days; the gap is the worst day's.",
    ),
    "days": ("{n} 天", "{n} day(s)"),
    "way.plan": ("优化计划", "plan"),
    "way.first_come": ("先到先送", "first come, first served"),
    "way.road": ("公路", "road"),
    "column.scenario": ("方案", "Scenario"),
    "column.way": ("方式", "Way"),
    "column.days": ("天数", "Days"),
    "column.orders": ("订单", "Orders"),
    "column.served": ("送达", "Served"),
    "column.orders_stat": ("特急订单", "Stat orders"),
    "column.served_stat": ("特急送达", "Stat served"),
    "column.orders_urgent": ("紧急订单", "Urgent orders"),
    "column.served_urgent": ("紧急送达", "Urgent served"),
    "column.orders_routine": ("常规订单", "Routine orders"),
    "column.served_routine": ("常规送达", "Routine served"),
    "column.receipt_median": ("送达中位（分钟）", "Receipt, median (min)"),
    "column.receipt_p90": ("送达 90%（分钟）", "Receipt, 90 % (min)"),
    "column.receipt_worst": ("送达最长（分钟）", "Receipt, worst (min)"),
    "column.lateness_min": ("加权迟到（分钟）", "Lateness, weighted (min)"),
    "column.on_target": ("按目标送达", "On target"),
    "column.sorties": ("架次", "Sorties"),
    "column.flights": ("航段", "Flights"),
    "column.drone_h": ("飞行小时", "Drone hours"),
    "column.packs": ("用到电池", "Packs used"),
    "column.energy_kwh": ("能耗（kWh）", "Energy (kWh)"),
    "column.cost_cny": ("费用（元）", "Cost (CNY)"),
    "column.gap": ("与最优差距", "Gap to bound"),
    "column.broken": ("未通过校验的天数", "Days refused by checker"),
    "column.day": ("日期", "Day"),
    "column.left": ("未送达", "Left behind"),
    "spread.least": ("最低日", "lowest day"),
    "spread.median": ("中位日", "median day"),
    "spread.most": ("最高日", "highest day"),
    "spread": ("逐日离散", "Spread over the days"),
    "by_day": ("逐日结果", "Day by day"),
    "column.site": ("站点", "Site"),
    "column.orders_mean": ("日均订单", "Orders a day"),
    "column.orders_least": ("最少", "Least"),
    "column.orders_most": ("最多", "Most"),
    "column.orders_low": ("模型 10% 分位", "Model, 10 % of days below"),
    "column.orders_high": ("模型 90% 分位", "Model, 90 % of days below"),
    "column.source": ("依据", "Source"),
    "source.given": ("用户给定", "given"),
    "source.modelled": (
        "需求模型按站点类型抽样，含其离散度，未核实",
        "drawn from the demand model for its kind, with its spread; unverified",
    ),
    "cost.energy": ("电费", "Electricity"),
    "cost.pack_wear": ("电池折旧", "Pack wear"),
    "cost.maintenance": ("维护", "Maintenance"),
    "cost.drones": ("无人机折旧与保险", "Drones: price and insurance"),
    "cost.pilots": ("飞手", "Pilots"),
    "cost.ground": ("起降坪与充电器", "Pads and chargers"),
    "cost.road": ("公路运送（未送达订单）", "Road (orders left behind)"),
    "cost.total": ("合计", "Total"),
    "finding.best": (
        "按特急、紧急、常规未送达数，再按加权迟到和费用排序，最好的方案是“{name}”。",
        "Ranked by stat, urgent and routine orders left behind, then by lateness and cost, "
        'the best is "{name}".',
    ),
    "finding.base_best": (
        "按特急、紧急、常规未送达数，再按加权迟到和费用排序，没有方案优于“{name}”。",
        "Ranked by stat, urgent and routine orders left behind, then by lateness and cost, "
        'none beats "{name}".',
    ),
    "finding.other_orders": (
        "有的方案订单与“{name}”不同：订单多则费用高，费用要与送达数一起看。",
        'Not all scenarios have the orders of "{name}": more orders cost more, so read cost '
        "beside what is served.",
    ),
    "finding.base": (
        "“{name}”：日均 {orders} 单送达 {served} 单，送达中位 {receipt_median} 分钟，90% 在 "
        "{receipt_p90} 分钟内，加权迟到 {lateness_min} 分钟，按目标送达 {on_target}，"
        "{flights} 个航段，日费用 {cost_cny} 元。"
        "同样订单先到先送送达 {fc_served} 单、按目标 {fc_on_target}；公路 {road_served} 单、"
        "按目标 {road_on_target}。",
        '"{name}": of {orders} orders a day {served} are served, half within {receipt_median} '
        "min and 90 % within {receipt_p90} min of collection, {on_target} on target, "
        "{lateness_min} weighted min late, in {flights} "
        "flights, for {cost_cny} CNY a day. First come, first served delivers {fc_served} of the "
        "same orders, {fc_on_target} on target; the road {road_served}, {road_on_target} on "
        "target.",
    ),
    "finding.scenario": (
        "“{name}”：日均 {orders} 单送达 {served} 单（现状 {b_orders} 单送达 {b_served} 单）；"
        "送达中位 {receipt_median} 分钟（现状 {b_receipt_median}），90% 在 {receipt_p90} 分钟内"
        "（现状 {b_receipt_p90}）；加权迟到 {lateness_min} 分钟（现状 {b_lateness_min}）；"
        "按目标送达 {on_target}（现状 {b_on_target}）；航段 {flights}"
        "（现状 {b_flights}）；日费用 {cost_cny} 元（现状 {b_cost_cny}）。",
        '"{name}": of {orders} orders a day {served} are served (base: {b_served} of {b_orders}); '
        "half within {receipt_median} min (base {b_receipt_median}), 90 % within {receipt_p90} min "
        "(base {b_receipt_p90}); {on_target} on target (base {b_on_target}); {lateness_min} "
        "weighted min late (base {b_lateness_min}); {flights} flights "
        "(base {b_flights}); {cost_cny} CNY a day (base {b_cost_cny}).",
    ),
    "finding.spread": (
        "{days} 天逐日：“{name}”按目标送达 {on_target_least} 至 {on_target_most}"
        "（现状 {b_on_target_least} 至 {b_on_target_most}），未送达 {left_least} 至 {left_most} 单"
        "（现状 {b_left_least} 至 {b_left_most}）。",
        'Over the {days} days "{name}" is on target from {on_target_least} to {on_target_most} '
        "(base {b_on_target_least} to {b_on_target_most}) and leaves {left_least} to {left_most} "
        "orders behind (base {b_left_least} to {b_left_most}).",
    ),
    "finding.modelled": (
        "新增站点“{name}”没有给定订单量，其订单取自需求模型（日均 {mean}；模型的十日中有八日"
        "为 {low} 至 {high}），"
        "未核实。",
        'No figure was given for the new site "{name}": its orders are the demand model\'s '
        "({mean} a day here, {low} to {high} on eight days in ten of the model), unverified.",
    ),
    "finding.broken": (
        "注意：“{name}”有 {broken} 天的计划未通过校验，其数字不可用。",
        'Beware: the checker refused the plans of {broken} day(s) of "{name}"; do not use them.',
    ),
    "finding.synthetic": (
        "订单为合成数据。",
        "The orders are synthetic.",
    ),
    "finding.search": (
        "计划由搜索得到：小于与最优差距的差别可能出于偶然。",
        "Plans are found by search: differences smaller than the gap may be chance.",
    ),
    "finding.costs": (
        "费用按成本模型估算，多数数值为未核实的设计值。",
        "Costs are the cost model's; most of its values are unverified design values.",
    ),
    "console.done": ("已完成 {done}/{total}", "{done}/{total} runs"),
    "console.wrote": ("已写入 {folder}：{files}", "wrote {folder}: {files}"),
    "map.before": ("前", "Before"),
    "map.after": ("后", "After"),
    "map.changes": ("变化", "Changes"),
    "map.compare": ("方案", "Scenario"),
    "map.new": ("新航线", "new route"),
    "map.gone": ("取消的航线", "route no longer flown"),
    "map.more": ("航班增加", "flown more"),
    "map.fewer": ("航班减少", "flown less"),
    "map.same": ("不变", "unchanged"),
    "map.new_site": ("新增站点", "new site"),
    "map.gone_site": ("取消的站点", "site no longer served"),
    "map.flights": ("航段/日", "flights a day"),
    "map.caution": (
        "不得用于导航：位置仅供规划，起降坪须实地测量。",
        "Not for navigation: planning positions, pads must be surveyed.",
    ),
    "map.synthetic": ("合成订单", "synthetic orders"),
}  # fmt: skip


def word(key: str, lang: Lang, **fields: object) -> str:
    """A label or sentence in one language with its fields filled in; KeyError when unknown."""
    text = _WORDS[key][0 if lang == "zh" else 1]
    return text.format(**fields) if fields else text


def both(key: str) -> tuple[str, str]:
    """A label in Chinese and in English."""
    return _WORDS[key]
