"""Runs a peer in a process and an environment of its own.

Owns ``.venv-bench``, made from pinned versions at first use, and the hard stop of a peer that
does not keep its time limit. Does not know what a peer does.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.peers.sheet import Answer, Sheet, load_answer, save_sheet

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv-bench"
PINNED = (
    "numpy==2.4.6",
    "ortools==9.15.6755",
    "pyvrp==0.14.1",
    "pyvroom==1.15.2",
    "vrp-cli==1.22.1",
)
GRACE_S = 30.0
"""Seconds beyond the limit before a peer is stopped: reading, building and writing."""
GRACE_SHARE = 0.5


def prepare_environment() -> Path:
    """Python of the peers' environment; makes it when its pins have changed."""
    python = ENVIRONMENT / "bin" / "python"
    stamp = ENVIRONMENT / "pins.txt"
    pins = "\n".join(PINNED)
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == pins:
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", ENVIRONMENT], check=True)
    uv = Path(sys.executable).with_name("uv")
    install = (
        [uv, "pip", "install", "--quiet", "--python", python]
        if uv.exists()
        else [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    )
    subprocess.run([*install, *PINNED], check=True)
    stamp.write_text(pins, encoding="utf-8")
    return python


def run_peer(
    peer: str, sheet: Sheet, seed: int, seconds: float, options: dict[str, str]
) -> Answer | str:
    """The peer's answer, or one sentence why there is none."""
    python = prepare_environment()
    with tempfile.TemporaryDirectory(prefix="magpie-bench-") as folder:
        sheet_path, answer_path = Path(folder) / "sheet.npz", Path(folder) / "answer.json"
        save_sheet(sheet, sheet_path)
        words = [f"{name}={value}" for name, value in options.items()]
        command = [
            str(python), "-m", "benchmarks.peers.main",
            peer, str(sheet_path), str(answer_path), str(seed), str(seconds), *words,
        ]  # fmt: skip
        failure = _run(command, seconds * (1 + GRACE_SHARE) + GRACE_S)
        if failure is None and answer_path.exists():
            return load_answer(answer_path)
        return failure or "no answer written"


def _run(command: list[str], timeout_s: float) -> str | None:
    """None when the process ended well, else why not."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=sys.platform != "win32",
    )  # fmt: skip
    try:
        _, errors = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return f"stopped after {timeout_s:.0f} s: it did not keep its time limit"
    if process.returncode:
        last = [line for line in errors.strip().splitlines() if line.strip()][-1:]
        return f"failed: {last[0][:160] if last else process.returncode}"
    return None
