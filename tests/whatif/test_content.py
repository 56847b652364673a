"""A value's name is its content: the same in every process, another for another value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from routing.whatif.content import digest_of
from tests.days import three_site_orders, three_sites
from tests.programs import printed_by

PROGRAM = """
from routing.whatif.content import digest_of
from tests.days import three_site_orders, three_sites
print(digest_of(three_sites(), three_site_orders()))
"""


@dataclass(frozen=True)
class Noted:
    value: int
    note: str = field(default="", compare=False)


def test_the_digest_is_the_same_in_another_process_with_other_hashes() -> None:
    here = digest_of(three_sites(), three_site_orders())
    for seed in ("0", "1"):
        told = printed_by(PROGRAM, PYTHONHASHSEED=seed)
        assert told.strip() == here


def test_any_difference_is_another_digest() -> None:
    network = three_sites()
    values = [
        network,
        replace(network, date="2026-11-24"),
        replace(network, drones=network.drones[:1]),
        replace(network, rules=replace(network.rules, reserve_frac=0.25)),
        replace(network, rules=replace(network.rules, exclusive_groups=frozenset())),
    ]
    assert len({digest_of(value) for value in values}) == len(values)
    assert digest_of("ab", "c") != digest_of("a", "bc")
    assert digest_of(1) != digest_of("1") != digest_of(1.0)


def test_order_counts_in_sequences_only() -> None:
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert digest_of(frozenset("ab")) == digest_of(frozenset("ba"))
    assert digest_of(("a", "b")) != digest_of(("b", "a"))


def test_what_is_not_compared_is_not_content() -> None:
    assert digest_of(Noted(1, "here")) == digest_of(Noted(1, "there"))
    assert digest_of(Noted(1)) != digest_of(Noted(2))


def test_a_value_without_a_canonical_text_is_refused() -> None:
    with pytest.raises(TypeError, match="object"):
        digest_of(object())
