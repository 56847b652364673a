"""One module a command: reads what it is given, calls, writes, prints. No domain logic.

``cli`` parses and imports only the module that was asked for.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of every command.

    Attributes:
        DONE: all orders fly; no violation.
        NOT_WHOLE: a result, but orders stay behind or violations were found.
        BAD_INPUT: faults in what was given, or an output that cannot be written.
        REJECTED: the planner's own plan did not pass the checker.
        STOPPED: by Ctrl-C.
        PIPE_CLOSED: whoever read the output left before its end.
    """

    DONE = 0
    NOT_WHOLE = 1
    BAD_INPUT = 2
    REJECTED = 3
    STOPPED = 130
    PIPE_CLOSED = 141
