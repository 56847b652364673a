"""Path tables in memory: those used last in this process.

Owns how much is kept. Does not know how a table is made or named (``geo.pathcache``).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, fields

import numpy as np

from geo.pathtable import PathTable

MOST_BYTES = 64 * 2**20
"""Of tables in memory: one of 1,000 sites takes about 40 MB, one of 24 sites 50 kB."""


@dataclass(slots=True)
class KeptTables:
    """The tables used last; the one not used for longest goes when there are too many.

    Nobody writes to a table, so that one may serve many. Another thread finds a table or none.

    Attributes:
        most_bytes: of all tables together; a larger table is not kept.
    """

    most_bytes: int = MOST_BYTES
    _kept: dict[Hashable, PathTable] = field(default_factory=dict)

    def find(self, key: Hashable) -> PathTable | None:
        """The table kept under a key, or None."""
        table = self._kept.pop(key, None)
        if table is not None:
            self._kept[key] = table
        return table

    def keep(self, key: Hashable, table: PathTable) -> None:
        """Keep a table, and let go of those not used for longest."""
        if count_bytes(table) > self.most_bytes:
            return
        self._kept[key] = table
        spare = self.most_bytes - sum(map(count_bytes, tuple(self._kept.values())))
        for oldest, old in tuple(self._kept.items()):
            if spare >= 0:
                break
            self._kept.pop(oldest, None)
            spare += count_bytes(old)


def count_bytes(table: PathTable) -> int:
    """Bytes of a table's arrays."""
    parts = (getattr(table, part.name) for part in fields(table))
    return sum(part.nbytes for part in parts if isinstance(part, np.ndarray))
