"""Make the project's own environment: ``.venv``, filled from a lock, byte-compiled and warm.

Owns the order of the steps and the stamps that skip them. Knows nothing of flights, and imports
nothing but the standard library, because nothing else is there yet. ``make demo`` and
``make test`` call it; by hand: ``python3 set_up.py runtime`` (or ``dev``, ``bench``).
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "set-up-from"
KERNEL_STAMP = VENV / "kernels-from"
# Compiled code is kept beside these. numba looks at the age of a function's own file only, so a
# change in any of them makes all of it old.
KERNELS = ("geo/kernels.py", "routing/solver/*.py")
# Each lock holds everything that the ones before it hold, at the same versions.
LOCKS = {
    "runtime": "requirements.lock",
    "dev": "requirements-dev.lock",
    "bench": "requirements-bench.lock",
}
UV_LOCK = "requirements-uv.lock"
OLDEST, FIRST_TOO_NEW = (3, 11), (3, 14)


def lock_stamp(root: Path, kind: str) -> str:
    """The line that says an environment was filled from this lock: its kind and its sha256."""
    return f"{kind} {hashlib.sha256((root / LOCKS[kind]).read_bytes()).hexdigest()}"


def is_set_up(root: Path, stamp: str, kind: str) -> bool:
    """Whether a stamp stands for the current lock of this kind, or for a wider one."""
    kinds = list(LOCKS)
    return stamp in [lock_stamp(root, wider) for wider in kinds[kinds.index(kind) :]]


def kernel_stamp(root: Path) -> str:
    """The sha256 of what the compiled kernels were made from: their sources and the lock."""
    sources = sorted(path for pattern in KERNELS for path in root.glob(pattern))
    read = hashlib.sha256((root / LOCKS["runtime"]).read_bytes())
    for path in sources:
        read.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return read.hexdigest()


def run(*command: str | Path) -> bool:
    """Run a step and say whether it went well."""
    return subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode == 0


def make_venv() -> None:
    """Create ``.venv`` unless a working one with a fitting Python is there."""
    fits = f"import sys; sys.exit(not {OLDEST} <= sys.version_info[:2] < {FIRST_TOO_NEW})"
    if PYTHON.exists() and run(PYTHON, "-c", fits):
        return
    venv.create(VENV, clear=True, with_pip=True)


def install(lock: str) -> bool:
    """Fill the environment from a lock, hash by hash: with uv, or with pip where uv is not had."""
    pip = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    own = ["--no-deps", "--no-build-isolation", "-e", "."]
    if run(*pip, "--require-hashes", "-r", UV_LOCK):
        uv = [str(PYTHON), "-m", "uv", "pip"]
        to = ["-q", "--python", str(PYTHON)]
        # uv leaves modules uncompiled; without the flag the first run would pay for all of them.
        if run(*uv, "sync", *to, "--require-hashes", "--compile-bytecode", lock):
            return run(*uv, "install", *to, *own)
    print("set-up: uv did not do it, trying pip (slower)", flush=True)
    return run(*pip, "--require-hashes", "-r", lock) and run(*pip, *own)


def fill(kind: str) -> bool:
    """Fill the environment unless it is; say what went wrong."""
    if PYTHON.exists() and STAMP.exists() and is_set_up(ROOT, STAMP.read_text("utf-8"), kind):
        return True
    print(f"set-up: filling .venv from {LOCKS[kind]} (once, about a minute)", flush=True)
    STAMP.unlink(missing_ok=True)
    make_venv()
    if not install(LOCKS[kind]):
        print("set-up: could not install; see the messages above", file=sys.stderr)
        return False
    STAMP.write_text(lock_stamp(ROOT, kind), "utf-8")
    return True


def warm() -> bool:
    """Byte-compile the project and compile its kernels, unless they are; say what went wrong."""
    stamp = kernel_stamp(ROOT)
    if KERNEL_STAMP.exists() and KERNEL_STAMP.read_text("utf-8") == stamp:
        return True
    print("set-up: compiling the solver (once for each version, a few minutes)", flush=True)
    KERNEL_STAMP.unlink(missing_ok=True)
    is_compiled = run(
        PYTHON, "-m", "compileall", "-q", "cli.py", "commands", "geo", "routing"
    ) and run(PYTHON, "-m", "routing.solver.warm")
    if not is_compiled:
        print("set-up: could not compile the solver; see the messages above", file=sys.stderr)
        return False
    KERNEL_STAMP.write_text(stamp, "utf-8")
    return True


def main(arguments: list[str]) -> int:
    """Set up the environment of the named kind; return the exit code."""
    kind = arguments[0] if arguments else "runtime"
    if kind not in LOCKS:
        print(f"set-up: no environment {kind!r}; choose one of {', '.join(LOCKS)}", file=sys.stderr)
        return 2
    if not OLDEST <= sys.version_info[:2] < FIRST_TOO_NEW:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"set-up: needs Python 3.11 to 3.13, this is {found}", file=sys.stderr)
        print("set-up: name one with `make demo PYTHON=python3.12`", file=sys.stderr)
        return 2
    started = time.monotonic()
    if not (fill(kind) and warm()):
        return 1
    took_s = time.monotonic() - started
    if took_s >= 1.0:
        print(f"set-up: done in {took_s:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
