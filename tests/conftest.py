"""What many tests stand on: the repository's root, the neighbouring data, a browser.

Knows no network and no plan; small days are in ``tests.days``.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# A slow machine is no failure; in CI the same examples run every time.
settings.register_profile("house", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def cache_of_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Commands keep paths in a folder of this run, not in the user's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAGPIE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of source data beside the repository (or ``MAGPIE_SHARED``)."""
    folder = Path(os.environ.get("MAGPIE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("no ../shared beside the repository and no MAGPIE_SHARED")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium; without one the test is skipped, in CI it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no chromium; .ci/run installs it where apt-get is")
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)")
    return found
