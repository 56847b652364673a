"""``rules.yaml`` as a network restates it: merged, checked, and each key with its own place.

Owns which of the two files a key comes from. Does not know the catalogue's other files but for
the groups of the products.
"""

from __future__ import annotations

import itertools
from typing import Any

from routing.reading.catalogue import ProductsFile, RulesFile
from routing.reading.faults import FaultList, Phrase, did_you_mean
from routing.reading.keys import Loc, add_at, fit
from routing.reading.yaml_text import YamlText

LAYER_GAP_M = 10.0
"""Heights nearer than this are one layer (docs/design.md, R10)."""


class RestatedRules:
    """The keys of ``rules.yaml``, some of them restated under ``rules:`` of ``network.yaml``."""

    def __init__(self, catalogue: YamlText, network: YamlText | None) -> None:
        restated = network.values.get("rules") if network is not None else None
        self._catalogue = catalogue
        self._network = network
        self._restated: dict[Any, Any] = restated if isinstance(restated, dict) else {}

    def read(self, products: ProductsFile | None, faults: FaultList) -> RulesFile | None:
        """The merged rules, or None with a fault for every key that does not fit."""
        merged = {**self._catalogue.values, **self._restated}
        rules = fit(RulesFile, merged, self._locate, faults)
        if rules is not None:
            self._check_cold(rules, faults)
            self._check_groups(rules, products, faults)
            self._check_layers(rules, faults)
        return rules

    def _locate(self, loc: Loc) -> tuple[str, str, Loc]:
        if self._network is not None and loc and loc[0] in self._restated:
            return self._network.locate(("rules", *loc))
        return self._catalogue.locate(loc)

    def _check_cold(self, rules: RulesFile, faults: FaultList) -> None:
        """Temperatures rise, shares do not fall."""
        for lower, upper in itertools.pairwise(rules.cold_capacity.value):
            if upper.temperature_c <= lower.temperature_c or upper.share < lower.share:
                add_at(
                    faults,
                    self._locate,
                    "catalogue.cold-table",
                    ("cold_capacity", "value"),
                    rule="temperatures must rise and shares must not fall",
                    found=Phrase(
                        f"{lower.share:g} at {lower.temperature_c:g} C, then "
                        f"{upper.share:g} at {upper.temperature_c:g} C"
                    ),
                    action="sort the table",
                )

    def _check_layers(self, rules: RulesFile, faults: FaultList) -> None:
        """Layers rise, far enough apart to be layers, and end with the cruise height."""
        layers = rules.layers_m_agl.value if rules.layers_m_agl else []
        loc: Loc = ("layers_m_agl", "value")
        for lower_m, upper_m in itertools.pairwise(layers):
            if upper_m - lower_m < LAYER_GAP_M:
                add_at(
                    faults,
                    self._locate,
                    "catalogue.layers-near",
                    loc,
                    rule=f"layers must rise by {LAYER_GAP_M:g} m or more",
                    found=Phrase(f"{lower_m:g} m, then {upper_m:g} m"),
                    action="sort the layers and leave out those that are too near",
                )
        top_m = rules.cruise_height_m_agl.value
        if layers and layers[-1] != top_m:
            add_at(
                faults,
                self._locate,
                "catalogue.layers-top",
                loc,
                rule=f"the last layer must be cruise_height_m_agl, {top_m:g} m",
                found=layers[-1],
                action="end the layers with the cruise height, or change that",
            )

    def _check_groups(
        self, rules: RulesFile, products: ProductsFile | None, faults: FaultList
    ) -> None:
        """Pairs of groups are two different groups that products have."""
        groups = {entry.group.value for entry in products.products.values()} if products else None
        for idx, pair in enumerate(rules.exclusive_groups.value):
            loc: Loc = ("exclusive_groups", "value", idx)
            if len(set(pair)) < 2:
                add_at(
                    faults,
                    self._locate,
                    "catalogue.same-group",
                    loc,
                    rule="must be two different groups",
                    found=Phrase(" and ".join(pair)),
                    action="name the other group",
                )
            for group in sorted(set(pair) - groups) if groups is not None else []:
                add_at(
                    faults,
                    self._locate,
                    "catalogue.unknown-group",
                    loc,
                    rule="must be the group of some product",
                    found=group,
                    action=did_you_mean(group, groups or (), "check the word"),
                )
