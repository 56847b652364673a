"""Moves a sortie of a finished plan to another take-off, and what hangs on it. Compiled.

Owns the move: the sortie, the drone's later sorties behind it, and pads, packs and pilots, all
kept. Does not know why a sortie should move.
"""

from __future__ import annotations

from routing.solver.chain import land_limit, place_sortie, push_chain, ready_before, refresh_chain
from routing.solver.changes import place_of
from routing.solver.compiling import kernel
from routing.solver.instance import Instance
from routing.solver.resources import Resources
from routing.solver.scratch import Scratch
from routing.solver.search import Worker
from routing.solver.state import I_DRONE, Journal, State, touch, undo


@kernel
def shift_sortie(
    inst: Instance,
    scratch: Scratch,
    state: State,
    journal: Journal,
    res: Resources,
    s: int,
    not_before: float,
) -> bool:
    """Fly a sortie as early as it can from a take-off on, later sorties of its drone after it."""
    d = state.ints[s, I_DRONE]
    place = place_of(state, s)
    start = max(not_before, ready_before(inst, state, d, place))
    touch(inst, state, journal, res, s)
    land_max = land_limit(inst, state, d, place)
    if not place_sortie(inst, scratch, state, journal, res, s, start, land_max):
        return False
    return bool(push_chain(inst, scratch, state, journal, res, d, place + 1))


def shift(worker: Worker, s: int, not_before: float) -> bool:
    """Move the sortie in a row; True when it can be flown, otherwise nothing has changed."""
    views = worker.views
    worker.journal.filled[0] = 0
    is_moved = bool(
        shift_sortie(
            views.inst, views.scratch, views.state, views.journal, views.res, s, not_before
        )
    )
    if is_moved:
        refresh_chain(views.inst, views.state, int(worker.state.ints[s, I_DRONE]))
    else:
        take_back(worker, s)
    return is_moved


def take_back(worker: Worker, s: int) -> None:
    """Undo the last move of a row."""
    views = worker.views
    undo(views.inst, views.state, views.journal, views.res, 0)
    refresh_chain(views.inst, views.state, int(worker.state.ints[s, I_DRONE]))
