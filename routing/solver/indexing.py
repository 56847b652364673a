"""Plain indices in kernels: they are never negative. The speed of compiled code hangs on it.

numba lets every index count from the end when it is below zero. That costs a comparison and a
choice each time, and where the sign of an index is not known at compile time LLVM uses no vector
instructions, nor moves blocks of memory. Kernels have no use for it: an index that may be negative
is a mistake there, as one past the end. ``NUMBA_BOUNDSCHECK=1`` finds both.

Owns that one change to numba's lowering, for functions of this package alone.
"""

# mypy: disable-error-code="no-untyped-call"
# numba's internals carry no types.

from __future__ import annotations

from typing import Any

from numba import types
from numba.np import arrayobj

KERNEL_SYMBOL = "_ZN7routing6solver"
"""How the symbols of this package's compiled functions begin."""

_fix_index = arrayobj.fix_integer_index


def _take_as_it_is(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:
    """What ``numba.np.arrayobj.fix_integer_index`` makes of an index."""
    if builder.function.name.startswith(KERNEL_SYMBOL):
        return context.cast(builder, index, kind, types.intp)
    return _fix_index(context, builder, kind, index, size)


arrayobj.fix_integer_index = _take_as_it_is
