"""Runs the text of a program in a Python process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.conftest import ROOT


def printed_by(program: str, **environment: str) -> str:
    """What a program prints; a test fails where the program does.

    ``environment``: variables beside those of this process.
    """
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
