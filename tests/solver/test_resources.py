"""Pads, packs with chargers, and pilots, by hand on the triangle.

Headway 60 s; a base's pad is held 120 s after a landing and 180 s before a take-off; hub has 2
pads, 2 hex packs, 2 chargers, clinic 1 pad; hex charges 3,600 s, wing 5,400 s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from routing.network import Base, Network, PilotShift, Window
from routing.solver.bundle import Bundle
from routing.solver.enough import (
    are_packs_kept,
    are_pads_kept,
    are_pilots_kept,
    is_footprint_kept,
)
from routing.solver.resources import Resources, add_footprint, drop_footprint, new_resources
from tests.days import three_sites
from tests.solver.sorties import Sheet, sheet

HUB, SECOND, CLINIC = 0, 1, 2
HEX, WING = 0, 1


@dataclass(slots=True)
class Board:
    """Resources of the day with sorties written on them."""

    case: Sheet
    resources: Resources
    inst: Bundle
    res: Bundle

    @classmethod
    def of(cls, network: Network | None = None) -> Board:
        case = sheet("+S1", network=network)
        resources = new_resources(case.day.instance, 8)
        return cls(case, resources, Bundle(case.day.instance), Bundle(resources))

    def _row(self, calls: bool):  # type: ignore[no-untyped-def]
        task = self.case.day.instance.pickup[1] if calls else 0
        return np.array([task] * 4, dtype=np.int64), int(calls)

    def add(
        self, s: int, depart: float, land: float, *, k: int = HEX, start: int = HUB, end: int = HUB,
        handover: float | None = None,
    ) -> None:  # fmt: skip
        """Write a sortie; with ``handover`` it calls at clinic and hands over then."""
        tasks, n = self._row(handover is not None)
        times = np.full(4, handover or 0.0)
        add_footprint(
            self.inst, self.res, s, k, start, end, tasks, n, times, float(depart), float(land)
        )

    def drop(self, s: int) -> None:
        """Take back a hex sortie that calls at clinic."""
        drop_footprint(self.inst, self.res, s, HUB, HUB, *self._row(True))

    def pads_kept(self, s: int, site: int) -> bool:
        return bool(are_pads_kept(self.inst, self.res, s, site))

    def packs_kept(self, site: int = HUB, k: int = HEX) -> bool:
        return bool(are_packs_kept(self.inst, self.res, site, k))

    def pilots_kept(self) -> bool:
        return bool(are_pilots_kept(self.inst, self.res))


def _with_hub(packs: dict[str, int], chargers: int) -> Network:
    network = three_sites()
    return replace(network, bases=(Base("hub", packs, chargers), network.bases[1]))


# -- pads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("later_s", "kept"), [(240, True), (239, False)])
def test_a_stop_holds_its_pad_until_a_headway_after_take_off(later_s: int, kept: bool) -> None:
    # The first lands at 29,400 and leaves at 29,580, the next may land at 29,640: 240 s later.
    board = Board.of()
    board.add(0, 28_800, 30_180, handover=29_400.0)
    board.add(1, 28_800 + later_s, 30_180 + later_s, handover=29_400.0 + later_s)
    assert board.pads_kept(0, CLINIC) is kept
    assert board.pads_kept(1, CLINIC) is kept


def test_a_drone_that_waits_holds_the_pad_from_its_landing() -> None:
    # It lands at 29,400 and hands over at 30,000; another one lands at 29,700.
    board = Board.of()
    board.add(0, 28_800, 30_780, handover=30_000.0)
    board.add(1, 29_100, 30_480, handover=29_700.0)
    assert not board.pads_kept(0, CLINIC)


@pytest.mark.parametrize(("gap_s", "kept"), [(240, True), (239, False)])
def test_a_base_prepares_no_more_take_offs_than_it_has_pads(gap_s: int, kept: bool) -> None:
    # Two take-offs at 30,000 hold both pads until 30,060; the third needs one 180 s before.
    board = Board.of()
    board.add(0, 30_000, 40_000)
    board.add(1, 30_000, 41_000)
    board.add(2, 30_000 + gap_s, 42_000)
    assert board.pads_kept(2, HUB) is kept


@pytest.mark.parametrize(("gap_s", "kept"), [(120, True), (119, False)])
def test_a_landing_holds_a_base_pad_until_it_is_cleared(gap_s: int, kept: bool) -> None:
    board = Board.of()
    board.add(0, 30_000, 40_000, end=SECOND)
    board.add(1, 30_000, 40_000 + gap_s, end=SECOND)
    assert board.pads_kept(1, SECOND) is kept


def test_three_that_overlap_two_by_two_share_two_pads() -> None:
    # 29,820-30,060, 30,020-30,260 and 30,220-30,460: three touch the second, two at a time.
    board = Board.of()
    for s, depart in enumerate((30_000, 30_200, 30_400)):
        board.add(s, depart, 40_000 + 1_000 * s)
    assert all(board.pads_kept(s, HUB) for s in range(3))
    board.add(3, 30_230, 50_000)
    assert not board.pads_kept(3, HUB)


# -- packs and chargers ------------------------------------------------------------------------


@pytest.mark.parametrize(("depart_s", "kept"), [(33_600, True), (33_599, False)])
def test_the_third_take_off_waits_for_the_first_pack(depart_s: int, kept: bool) -> None:
    # Two packs; the first is back at 30,000 and full at 33,600.
    board = Board.of()
    board.add(0, 28_800, 30_000)
    board.add(1, 28_900, 30_100)
    board.add(2, depart_s, 50_000)
    assert board.packs_kept() is kept


@pytest.mark.parametrize(("depart_s", "kept"), [(37_200, True), (37_199, False)])
def test_one_charger_charges_first_landed_first(depart_s: int, kept: bool) -> None:
    # Landed 30,000 and 30,100: full at 33,600 and, after that one, at 37,200.
    board = Board.of(_with_hub({"hex": 2, "wing": 1}, 1))
    board.add(0, 28_800, 30_000)
    board.add(1, 28_900, 30_100)
    board.add(2, 33_600, 50_000)
    assert board.packs_kept()
    board.add(3, depart_s, 51_000)
    assert board.packs_kept() is kept


def test_chargers_in_turn_give_the_verdicts_of_the_one_free_first() -> None:
    # One type alone is counted by turns; as soon as there are two, by the charger free first.
    rng = np.random.default_rng(5)
    verdicts = set()
    for _ in range(60):
        board = Board.of(_with_hub({"hex": 3}, int(rng.integers(1, 3))))
        inst = board.case.day.instance
        alone = Bundle(inst._replace(charge=inst.charge[:1]))
        for s in range(7):
            depart = 27_000 + 600 * int(rng.integers(40))
            board.add(s, depart, depart + 600 * int(rng.integers(1, 6)))
        verdicts.add(board.packs_kept())
        assert are_packs_kept(alone, board.res, HUB, HEX) is board.packs_kept()
    assert verdicts == {True, False}


@pytest.mark.parametrize(("depart_s", "kept"), [(38_900, True), (38_899, False)])
def test_types_share_the_chargers_but_not_the_packs(depart_s: int, kept: bool) -> None:
    # The wing lands at 29,900 and charges until 35,300, then the hex until 38,900.
    board = Board.of(_with_hub({"hex": 1, "wing": 1}, 1))
    board.add(0, 28_000, 29_900, k=WING)
    board.add(1, 28_900, 30_000)
    board.add(2, depart_s, 50_000)
    assert board.packs_kept() is kept
    assert board.packs_kept(k=WING)


def test_without_a_charger_a_pack_flies_once() -> None:
    board = Board.of(_with_hub({"hex": 2, "wing": 1}, 0))
    board.add(0, 28_800, 30_000)
    board.add(1, 40_000, 42_000)
    assert board.packs_kept()
    board.add(2, 80_000, 82_000)
    assert not board.packs_kept()


def test_a_pack_stays_where_it_landed() -> None:
    # Second has one hex pack; the one that came from the hub is full at 31,000 + 3,600.
    for depart_s, kept in ((34_600, True), (34_599, False)):
        board = Board.of()
        board.add(0, 30_500, 31_000, end=SECOND)
        board.add(1, 31_420, 31_920, start=SECOND)
        board.add(2, depart_s, 50_000, start=SECOND)
        assert board.packs_kept(SECOND) is kept
        assert board.packs_kept(HUB)


def test_packs_are_looked_at_at_both_ends_and_for_all_types() -> None:
    board = Board.of(_with_hub({"hex": 0, "wing": 1}, 1))
    board.add(0, 30_500, 31_000)
    tasks = np.zeros(4, dtype=np.int64)
    assert not is_footprint_kept(board.inst, board.res, 0, HUB, HUB, tasks, 0)


# -- pilots ------------------------------------------------------------------------------------


def _with_shifts(*shifts: tuple[int, int, int]) -> Board:
    network = three_sites()
    rules = replace(
        network.rules,
        supervised_per_pilot=1,
        pilot_shifts=tuple(PilotShift(Window(start, end), n) for start, end, n in shifts),
    )
    return Board.of(replace(network, rules=rules))


@pytest.mark.parametrize(("depart_s", "kept"), [(30_100, True), (30_099, False)])
def test_another_may_take_off_at_the_second_of_a_landing(depart_s: int, kept: bool) -> None:
    board = _with_shifts((20_000, 80_000, 1))
    board.add(0, 29_000, 30_100)
    board.add(1, depart_s, 31_000)
    assert board.pilots_kept() is kept


@pytest.mark.parametrize(("land_s", "kept"), [(40_000, True), (40_001, False)])
def test_a_shift_ends_with_nobody_in_the_air(land_s: int, kept: bool) -> None:
    board = _with_shifts((20_000, 40_000, 1))
    board.add(0, 39_000, land_s)
    assert board.pilots_kept() is kept


@pytest.mark.parametrize(("depart_s", "kept"), [(30_000, True), (29_999, False)])
def test_a_shift_starts_at_its_first_second(depart_s: int, kept: bool) -> None:
    board = _with_shifts((20_000, 30_000, 1), (30_000, 40_000, 2))
    board.add(0, 29_000, 31_000)
    board.add(1, depart_s, 32_000)
    assert board.pilots_kept() is kept


def test_a_gap_between_shifts_is_seen_though_nothing_happens_in_it() -> None:
    board = _with_shifts((20_000, 30_000, 1), (30_500, 40_000, 1))
    board.add(0, 29_000, 31_000)
    assert not board.pilots_kept()


# -- taking back -------------------------------------------------------------------------------


def test_what_is_dropped_leaves_no_trace() -> None:
    board = Board.of()
    board.add(0, 28_800, 30_180, handover=29_400.0)
    kept = [array.copy() for array in (board.resources.pad_count, board.resources.come_time)]
    board.add(1, 28_900, 30_280, handover=29_500.0)
    assert not board.pads_kept(0, CLINIC)
    board.drop(1)
    assert board.pads_kept(0, CLINIC)
    assert (board.resources.pad_count == kept[0]).all()
    assert board.resources.come_count.sum() == board.resources.leave_count.sum() == 1
    assert board.resources.air_count[0] == 2
