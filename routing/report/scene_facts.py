"""The rows that the map shows of a site, a zone, a sortie and an order, in both languages.

Owns the wording of popups and cards. Does not know how a map is drawn.
"""

from __future__ import annotations

from geo.map.scene import Fact, Text, same
from geo.zones import Zone
from routing.network import Base, Network, Site, Window
from routing.orders import Order
from routing.plan import Plan, Sortie
from routing.report.clock import DAY_S, clock
from routing.report.figures import airborne_s
from routing.report.naming import Names
from routing.report.pages import grouped


class BothNames:
    """Names of one network in both languages at once."""

    def __init__(self, network: Network) -> None:
        self._zh, self._en = Names(network, "zh"), Names(network, "en")

    def product(self, product_id: str) -> Text:
        """Name of a product."""
        return Text(self._zh.product(product_id), self._en.product(product_id))

    def type_name(self, type_id: str) -> Text:
        """Name of a drone type."""
        return Text(self._zh.type_name(type_id), self._en.type_name(type_id))

    def band(self, band: str) -> Text:
        """A temperature band with its unit."""
        return Text(self._zh.band(band), self._en.band(band))

    def place(self, wanted: str) -> Text:
        """A site's name or a service in words."""
        return Text(self._zh.place(wanted), self._en.place(wanted))

    def services(self, services: frozenset[str]) -> Text:
        """The services of a site, sorted by id."""
        ids = sorted(services)
        return Text(
            "、".join(self._zh.service(item) for item in ids),
            ", ".join(self._en.service(item) for item in ids),
        )


def site_facts(site: Site, base: Base | None, names: BothNames) -> tuple[Fact, ...]:
    """Pads, hours, services, packs and how far the position can be trusted."""
    facts = [
        Fact(Text("起降坪", "Pads"), same(str(site.pads))),
        Fact(Text("开放时间", "Hours"), _hours(site.hours)),
    ]
    if site.services:
        facts.append(Fact(Text("服务", "Services"), names.services(site.services)))
    if base is not None:
        facts.append(Fact(Text("电池（首班前）", "Packs at the start"), _packs(base, names)))
        facts.append(Fact(Text("充电位", "Chargers"), same(str(base.chargers))))
    facts.append(
        Fact(Text("位置", "Position"), same(f"{site.lat_deg:.5f}, {site.lon_deg:.5f} (WGS-84)"))
    )
    if site.confidence:
        facts.append(Fact(Text("位置可信度", "Confidence"), same(site.confidence)))
    if site.source:
        facts.append(Fact(Text("位置来源", "Source of position"), same(site.source)))
    return tuple(facts)


def zone_facts(zone: Zone) -> tuple[Fact, ...]:
    """Altitude band, approval and source of a zone."""
    facts = [Fact(Text("高度", "Altitude"), _altitude_band(zone))]
    if zone.approval:
        facts.append(Fact(Text("批准号", "Approval"), same(zone.approval)))
    if zone.source:
        facts.append(Fact(Text("来源", "Source"), same(zone.source)))
    return tuple(facts)


def sortie_facts(sortie: Sortie) -> tuple[Fact, ...]:
    """Pack, distance, time in the air, heaviest leg."""
    metres = sum(flight.length_m for flight in sortie.flights)
    heaviest_kg = max(flight.payload_kg for flight in sortie.flights)
    minutes = round(airborne_s(sortie) / 60)
    return (
        Fact(Text("电池", "Pack"), same(sortie.pack_id)),
        Fact(Text("航程", "Distance"), same(f"{metres / 1000:.1f} km")),
        Fact(Text("空中", "In the air"), Text(f"{minutes} 分钟", f"{minutes} min")),
        Fact(Text("最大载荷", "Largest load"), same(f"{heaviest_kg:.1f} kg")),
    )


def tightest_fact(sortie: Sortie, deadlines: dict[str, int]) -> tuple[Fact, ...]:
    """The order of a sortie that is received closest to its deadline; empty without orders."""
    spare = [
        (deadlines[order_id] - stop.handover_end_s, order_id)
        for stop in sortie.stops
        if stop.handover_end_s is not None
        for order_id in stop.unloaded
        if order_id in deadlines
    ]
    if not spare:
        return ()
    least_s, order_id = min(spare)
    minutes = least_s // 60
    value = Text(f"{minutes} 分钟（{order_id}）", f"{minutes} min ({order_id})")
    return (Fact(Text("最紧时限余量", "Tightest slack"), value),)


def order_facts(order: Order, names: BothNames) -> tuple[Fact, ...]:
    """Quantity, mass, temperature band and what the order asked for."""
    return (
        Fact(Text("数量", "Quantity"), same(str(order.quantity))),
        Fact(Text("质量", "Mass"), same(f"{order.mass_kg:.2f} kg")),
        Fact(Text("温区", "Temperature"), names.band(order.band)),
        Fact(Text("要求送往", "Wanted at"), names.place(order.wanted)),
    )


def headline(plan: Plan, num_orders: int, num_flown: int) -> tuple[Fact, ...]:
    """The four numbers at the top of the page."""
    drones = len({sortie.drone_id for sortie in plan.sorties})
    metres = sum(flight.length_m for sortie in plan.sorties for flight in sortie.flights)
    return (
        Fact(Text("订单送达", "orders flown"), same(f"{num_flown} / {num_orders}")),
        Fact(Text("架次", "sorties"), same(str(len(plan.sorties)))),
        Fact(Text("无人机", "drones"), same(str(drones))),
        Fact(Text("公里", "km"), same(grouped(metres / 1000))),
    )


def _hours(hours: tuple[Window, ...]) -> Text:
    # From midnight to the same or a later midnight is simply the whole day.
    if len(hours) == 1 and hours[0].start_s <= 0 and hours[0].end_s >= DAY_S:
        return Text("全天", "all day")
    return Text(
        "、".join(f"{clock(h.start_s, 'zh')}–{clock(h.end_s, 'zh')}" for h in hours),
        ", ".join(f"{clock(h.start_s, 'en')}–{clock(h.end_s, 'en')}" for h in hours),
    )


def _packs(base: Base, names: BothNames) -> Text:
    kinds = [(names.type_name(type_id), count) for type_id, count in sorted(base.packs.items())]
    return Text(
        "，".join(f"{name.zh} × {count}" for name, count in kinds),
        ", ".join(f"{name.en} × {count}" for name, count in kinds),
    )


def _altitude_band(zone: Zone) -> Text:
    lower = "" if zone.lower_m is None else f"{zone.lower_m:.0f} m {zone.lower_datum}"
    upper = "" if zone.upper_m is None else f"{zone.upper_m:.0f} m {zone.upper_datum}"
    return Text(f"{lower or '不限'} – {upper or '不限'}", f"{lower or 'any'} – {upper or 'any'}")
