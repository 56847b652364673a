"""``demand.yaml``: the demand model a day of synthetic orders is drawn from.

Owns the format and its checks against a network. Does not draw: see ``routing.demand``.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated

from pydantic import Field

from routing.network import Network, SiteKind, Tier
from routing.reading.faults import FaultList, did_you_mean
from routing.reading.keys import Loc, dotted, fit
from routing.reading.model import ClockWindow, FileModel, Id, Share, Sourced, number, whole
from routing.reading.yaml_text import YamlText, parse_yaml

Mix = Annotated[dict[Id, Annotated[float, number(0, 1e6)]], Field(min_length=1)]
TierShares = dict[Tier, Share]


class TubesEntry(FileModel):
    """Tubes a site sends a day: median and spread (sigma of the log) between two bounds."""

    median: Annotated[float, number(0, 10_000, above=True)]
    spread: Annotated[float, number(0, 3)]
    low: Annotated[int, whole(0, 10_000)] = 0
    high: Annotated[int, whole(1, 10_000)] = 10_000


class WaveEntry(FileModel):
    """A part of the day and the share of the day's tubes that are collected in it."""

    hours: ClockWindow
    share: Share


class NightEntry(FileModel):
    """Night calls: mean number a site and night, the hours, what is sent and how urgent it is."""

    calls: Annotated[float, number(0, 100)]
    hours: Annotated[list[ClockWindow], Field(min_length=1)]
    mix: Mix
    tiers: TierShares


class DeliveryEntry(FileModel):
    """Goods flown out: mean orders a day to one site of each kind named, and their time limits."""

    product: Id
    service: str
    a_day: dict[SiteKind, Annotated[float, number(0, 1000)]]
    units_max: Annotated[int, whole(1, 1000)]
    hours: ClockWindow
    tiers: TierShares
    deadline_min: Annotated[float, number(1, 60 * 48)]


class SiteEntry(FileModel):
    """What one site does otherwise than its kind."""

    tubes_a_day: Sourced[TubesEntry] | None = None
    mix: str | None = None


class DemandModel(FileModel):
    """``demand.yaml``: the model, each number with its source.

    Attributes:
        tubes_a_day: by kind of site; a new site of that kind takes these.
        waves: parts of the day; their shares are scaled to sum to 1.
        tubes_a_collection: tubes one collection holds before a second one is booked.
        mixes: named product mixes (weights); ``default`` must be there.
        tiers: share of stat and urgent orders; the others are routine.
        target_min: planning target from collection by tier, when it is tighter than the product's.
        packing_min: from collection until the box is ready.
        night: night calls.
        deliveries: goods flown out to the sites.
        sites: sites that differ from their kind.
    """

    tubes_a_day: Sourced[dict[SiteKind, TubesEntry]]
    waves: Sourced[Annotated[list[WaveEntry], Field(min_length=1)]]
    tubes_a_collection: Sourced[Annotated[int, whole(1, 1000)]]
    mixes: Sourced[dict[str, Mix]]
    tiers: Sourced[TierShares]
    target_min: Sourced[dict[Tier, Annotated[float, number(1, 60 * 48)]]]
    packing_min: Sourced[Annotated[float, number(0, 240)]]
    night: Sourced[NightEntry]
    deliveries: Sourced[list[DeliveryEntry]]
    sites: dict[Id, SiteEntry] = Field(default_factory=dict)


def read_demand(path: Path, network: Network) -> DemandModel:
    """The demand model of a file, whose products and sites the network must know.

    Raises:
        InputError: everything that is wrong in the file.
    """
    faults = FaultList()
    source = parse_yaml(path.read_bytes(), path.name, faults)
    model = None
    if source is not None:
        marks = source
        model = fit(
            DemandModel, marks.values, lambda loc: (marks.file, marks.place(loc), loc), faults
        )
        if model is not None:
            _check_words(model, marks, network, faults)
    faults.raise_any()
    assert model is not None
    return model


def _check_words(model: DemandModel, source: YamlText, network: Network, faults: FaultList) -> None:
    """Mixes name products that a service receives, sites name sites and mixes."""

    def check(loc: Loc, word: str, words: Collection[str], rule: str) -> None:
        if word not in words:
            faults.add(
                "demand.unknown-word",
                source.file,
                place=source.place(loc),
                name=dotted(loc),
                rule=rule,
                found=word,
                action=did_you_mean(word, words, "check the word"),
            )

    tested = {product.id for product in network.products.values() if product.service}
    mixes = model.mixes.value
    check(("mixes",), "default", mixes, "must hold a mix of this name")
    for name, mix in mixes.items():
        for product in mix:
            check(("mixes", "value", name, product), product, tested, "must be a lab product")
    for product in model.night.value.mix:
        check(("night", "value", "mix", product), product, tested, "must be a lab product")
    for idx, entry in enumerate(model.deliveries.value):
        check(
            ("deliveries", "value", idx, "product"),
            entry.product,
            network.products,
            "must be a product",
        )
    for site_id, own in model.sites.items():
        check(("sites", site_id), site_id, [site.id for site in network.sites], "must be a site")
        check(("sites", site_id, "mix"), own.mix or "default", mixes, "must be a mix")
