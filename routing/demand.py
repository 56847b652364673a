"""How many orders a day brings: a documented, seeded model of demand, and days drawn from it.

Owns the draw; the model's file is ``routing.demand_file``'s. What it makes is synthetic and is
labelled so. Does not know legs, plans or how orders are read back.

The draw, site by site, each with a random stream of its own (so that a site more or less leaves
the others' orders as they are):

1. tubes of the day: lognormal around the site's median, cut off at both ends, times ``scale``;
2. tubes over the waves of the day by their shares, and within a wave over as few collections as
   hold ``tubes_a_collection`` each;
3. tubes of a collection over products by the site's mix; the tubes of one product are one order,
   for whatever site offers the product's service; what the site tests itself never flies;
4. night calls, one tube each, only where the site is open at night;
5. deliveries of blood and medicines from the site nearest that offers them.
"""

from __future__ import annotations

import csv
import io
import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from routing.demand_file import DemandModel, TierShares, TubesEntry
from routing.network import Network, Product, Site, Tier, Window
from routing.reading.clock import format_clock

COLUMNS = (
    "id",
    "origin",
    "destination",
    "product",
    "quantity",
    "collected",
    "ready",
    "deadline",
    "target",
    "tier",
    "note",
)
_STEP_S = 300
"""Collections are booked on five minutes."""
_LAST_PICKUP_S = 1800
"""No collection later than this before a site closes, so that a drone can still come."""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One synthetic order as a row of ``orders.csv``; None and "" leave a cell empty.

    Attributes:
        destination: a site id, or a service such as ``lab:chemistry``.
        collected_s, ready_s, deadline_s, target_s: seconds since local midnight.
    """

    id: str
    origin: str
    destination: str
    product_id: str
    quantity: int
    tier: Tier
    collected_s: int | None
    ready_s: int
    deadline_s: int | None
    target_s: int | None
    note: str = "synthetic"

    def cells(self) -> tuple[str, ...]:
        """The row's cells in the order of ``COLUMNS``."""
        return (
            self.id,
            self.origin,
            self.destination,
            self.product_id,
            str(self.quantity),
            _clock(self.collected_s),
            _clock(self.ready_s),
            _clock(self.deadline_s),
            _clock(self.target_s),
            self.tier,
            self.note,
        )


def sample_day(
    network: Network, model: DemandModel, seed: int, scale: float = 1.0
) -> tuple[OrderRow, ...]:
    """One synthetic day of orders of a network, by ready time.

    Args:
        network: its sites ask; products say services, targets and what may fly.
        model: the demand model.
        seed: any whole number from 0; the same seed gives the same day.
        scale: times the tubes, night calls and deliveries of every site.
    """
    rows: list[OrderRow] = []
    for site in network.sites:
        if site.id == network.hub_id:
            continue
        rng = np.random.default_rng([seed, zlib.crc32(site.id.encode())])
        drawn = [*_day_tubes(network, model, site, rng, scale)]
        drawn += _night_calls(network, model, site, rng, scale)
        drawn += _deliveries(network, model, site, rng, scale)
        rows += [_numbered(row, site, number) for number, row in enumerate(drawn, start=1)]
    return tuple(sorted(rows, key=lambda row: (row.ready_s, row.id)))


def orders_csv(rows: tuple[OrderRow, ...], heading: tuple[str, ...] = ()) -> str:
    """The rows as the text of an orders file; ``heading`` lines stand above it after ``#``."""
    text = io.StringIO()
    for line in heading:
        text.write(f"# {line}\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.cells() for row in rows)
    return text.getvalue()


def _day_tubes(
    network: Network, model: DemandModel, site: Site, rng: np.random.Generator, scale: float
) -> Iterator[OrderRow]:
    """Orders of the collections by day."""
    tubes = _tubes_of(model, site)
    mix = _mix_of(network, model, site)
    if tubes is None or not mix:
        return
    draw = tubes.median * math.exp(tubes.spread * rng.standard_normal())
    num_tubes = round(scale * min(max(draw, tubes.low), tubes.high))
    waves = model.waves.value
    shares = np.array([wave.share for wave in waves])
    for wave, in_wave in zip(waves, rng.multinomial(num_tubes, shares / shares.sum()), strict=True):
        num_collections = math.ceil(in_wave / model.tubes_a_collection.value)
        if num_collections == 0:
            continue
        times = [_time_in(site, wave.hours, rng) for _ in range(num_collections)]
        even = np.full(num_collections, 1 / num_collections)
        for time_s, in_box in zip(times, rng.multinomial(in_wave, even), strict=True):
            counts = rng.multinomial(in_box, _weights(mix))
            for product_id, count in zip(mix, counts, strict=True):
                if count and time_s is not None:
                    product = network.products[product_id]
                    tier = _draw_tier(model.tiers.value, rng)
                    yield _specimen(model, site, product, int(count), tier, time_s)


def _night_calls(
    network: Network, model: DemandModel, site: Site, rng: np.random.Generator, scale: float
) -> Iterator[OrderRow]:
    """Single tubes at night, from the hours in which the site is open."""
    night = model.night.value
    mix = _flyable(network, night.mix, site)
    for _ in range(int(rng.poisson(scale * night.calls))):
        hours = night.hours[int(rng.integers(len(night.hours)))]
        time_s = _time_in(site, hours, rng)
        tier = _draw_tier(night.tiers, rng)
        if time_s is not None and mix:
            product = network.products[list(mix)[int(rng.choice(len(mix), p=_weights(mix)))]]
            yield _specimen(model, site, product, 1, tier, time_s)


def _deliveries(
    network: Network, model: DemandModel, site: Site, rng: np.random.Generator, scale: float
) -> Iterator[OrderRow]:
    """Blood and medicines to a site."""
    for entry in model.deliveries.value:
        num_orders = int(rng.poisson(scale * entry.a_day.get(site.kind, 0.0)))
        origins = [other for other in network.sites if entry.service in other.services]
        product = network.products[entry.product]
        if not origins or not product.is_eligible or entry.service in site.services:
            continue
        origin = min(origins, key=lambda other: _distance_deg(site, other))
        for _ in range(num_orders):
            time_s = _time_in(site, entry.hours, rng)
            tier = _draw_tier(entry.tiers, rng)
            quantity = int(rng.integers(1, entry.units_max + 1))
            if time_s is None:
                continue
            limit_s = round(entry.deadline_min * 60)
            target_s = limit_s if product.target_s is None else min(product.target_s, limit_s)
            yield OrderRow(
                id="",
                origin=origin.id,
                destination=site.id,
                product_id=product.id,
                quantity=quantity,
                tier=tier,
                collected_s=None,
                ready_s=time_s,
                deadline_s=time_s + limit_s,
                target_s=time_s + target_s,
            )


def _specimen(
    model: DemandModel, site: Site, product: Product, quantity: int, tier: Tier, time_s: int
) -> OrderRow:
    """One consignment of a product; a stat or urgent one has a target of its own."""
    target_s = None
    if tier in model.target_min.value:
        own_s = round(model.target_min.value[tier] * 60)
        target_s = time_s + min(own_s, own_s if product.target_s is None else product.target_s)
    return OrderRow(
        id="",
        origin=site.id,
        destination=product.service,
        product_id=product.id,
        quantity=quantity,
        tier=tier,
        collected_s=time_s,
        ready_s=time_s + round(model.packing_min.value * 60),
        deadline_s=None,
        target_s=target_s,
    )


def _tubes_of(model: DemandModel, site: Site) -> TubesEntry | None:
    own = model.sites.get(site.id)
    if own is not None and own.tubes_a_day is not None:
        return own.tubes_a_day.value
    return model.tubes_a_day.value.get(site.kind)


def _mix_of(network: Network, model: DemandModel, site: Site) -> dict[str, float]:
    own = model.sites.get(site.id)
    name = own.mix if own is not None and own.mix is not None else "default"
    return _flyable(network, model.mixes.value[name], site)


def _flyable(network: Network, mix: Mapping[str, float], site: Site) -> dict[str, float]:
    """The products of a mix that may fly and that the site does not test itself."""
    return {
        product_id: weight
        for product_id, weight in mix.items()
        if weight > 0
        and network.products[product_id].is_eligible
        and network.products[product_id].service not in site.services
    }


def _weights(mix: Mapping[str, float]) -> list[float]:
    total = sum(mix.values())
    return [weight / total for weight in mix.values()]


def _time_in(site: Site, hours: Window, rng: np.random.Generator) -> int | None:
    """A time in ``hours`` while the site is open; None when it is closed all that time.

    One number is drawn whatever the site's hours, so that hours do not move later draws.
    """
    share = float(rng.random())
    spans = [
        (max(hours.start_s, open_.start_s), min(hours.end_s, open_.end_s - _LAST_PICKUP_S))
        for open_ in site.hours
    ]
    spans = [(start_s, end_s) for start_s, end_s in spans if end_s > start_s]
    left_s = share * sum(end_s - start_s for start_s, end_s in spans)
    for start_s, end_s in spans:
        if left_s < end_s - start_s:
            return math.ceil((start_s + left_s) / _STEP_S) * _STEP_S
        left_s -= end_s - start_s
    return None


def _draw_tier(shares: TierShares, rng: np.random.Generator) -> Tier:
    draw = float(rng.random())
    stat, urgent = shares.get("stat", 0.0), shares.get("urgent", 0.0)
    if draw < stat:
        return "stat"
    return "urgent" if draw < stat + urgent else "routine"


def _distance_deg(one: Site, other: Site) -> float:
    """A distance to rank by only: degrees of latitude, longitudes shortened."""
    shrink = math.cos(math.radians(one.lat_deg))
    return math.hypot((one.lon_deg - other.lon_deg) * shrink, one.lat_deg - other.lat_deg)


def _numbered(row: OrderRow, site: Site, number: int) -> OrderRow:
    direction = "in" if row.origin == site.id else "out"
    return OrderRow(
        f"{site.id}-{direction}{number:02d}",
        row.origin,
        row.destination,
        row.product_id,
        row.quantity,
        row.tier,
        row.collected_s,
        row.ready_s,
        row.deadline_s,
        row.target_s,
    )


def _clock(time_s: int | None) -> str:
    return "" if time_s is None else format_clock(time_s)
