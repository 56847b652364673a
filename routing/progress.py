"""What a planning run says of itself while it works.

Owns the value that travels from the solver to whoever watches. Does not know how it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from routing.plan import Bound, Objective


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands.

    Attributes:
        stage: what is being done: ``legs``, ``search``, ``columns``, ``cover``, ``bound``,
            ``separate``, ``check`` or ``baselines``.
        iterations: iterations of the search so far.
        objective: terms of the best plan so far, None before there is one.
        bound: proven lower bound so far, None before there is one.
        gap: relative gap between the two, None while either is missing.
    """

    stage: str
    iterations: int = 0
    objective: Objective | None = None
    bound: Bound | None = None
    gap: float | None = None


OnProgress = Callable[[Progress], None]
