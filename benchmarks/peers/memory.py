"""Peak memory of this process."""

from __future__ import annotations

from pathlib import Path


def peak_mb() -> float | None:
    """Largest resident size so far in MB, None where the system does not tell.

    Not ``getrusage``: its maximum is inherited from the process that started this one.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    for line in status.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return None
