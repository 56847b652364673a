"""pyproject.toml, the locks and environment.yml name the same packages at the same versions."""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from rattler import MatchSpec
from ruamel.yaml import YAML

import set_up
from tests.conftest import ROOT

CONDA_NAMES = {"python-tzdata": "tzdata"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = [set_up.LOCKS[kind] for kind in ("runtime", "dev", "bench")]


def _locked(name: str) -> dict[str, list[Version]]:
    """Package -> versions of a lock; more than one where Python versions differ."""
    versions: dict[str, list[Version]] = {}
    text = (ROOT / name).read_text("utf-8")
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text, re.MULTILINE):
        versions.setdefault(canonicalize_name(package), []).append(Version(version))
    return versions


def _wanted(*extras: str) -> list[Requirement]:
    lines = PROJECT["dependencies"] + [
        line for extra in extras for line in PROJECT["optional-dependencies"][extra]
    ]
    return [Requirement(line) for line in lines]


@pytest.mark.parametrize(
    ("lock", "extras"),
    [
        (LOCKS[0], ("install",)),
        (LOCKS[1], ("install", "dev")),
        (LOCKS[2], ("install", "dev", "bench")),
    ],
)
def test_a_lock_holds_every_dependency_it_is_for(lock: str, extras: tuple[str, ...]) -> None:
    locked = _locked(lock)
    missing = [
        str(wanted)
        for wanted in _wanted(*extras)
        if not any(
            version in wanted.specifier for version in locked[canonicalize_name(wanted.name)]
        )
    ]
    assert missing == []


@pytest.mark.parametrize(("narrow", "wide"), [LOCKS[:2], LOCKS[1:]])
def test_a_wider_lock_holds_the_narrower_one_at_the_same_versions(narrow: str, wide: str) -> None:
    held = _locked(wide)
    assert {name: held.get(name) for name in _locked(narrow)} == _locked(narrow)


@pytest.mark.parametrize("lock", [*LOCKS, set_up.UV_LOCK])
def test_a_lock_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    pins = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert pins
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in text


def test_conda_users_get_the_same_direct_dependencies_at_the_same_versions() -> None:
    environment = YAML(typ="safe").load((ROOT / "environment.yml").read_text("utf-8"))
    *specs, pip = environment["dependencies"]
    named: dict[str, Version] = {}
    for spec in map(MatchSpec, specs):
        name = str(spec.name.normalized)
        if name in {"python", "pip"}:
            continue
        version = str(spec.version).removesuffix(".*")
        named[canonicalize_name(CONDA_NAMES.get(name, name))] = Version(version)
    for requirement in map(Requirement, pip["pip"]):
        (only,) = requirement.specifier
        named[canonicalize_name(requirement.name)] = Version(only.version)
    wanted = {canonicalize_name(one.name) for one in _wanted("dev")}
    assert named == {name: _on_oldest(name) for name in wanted}


def _on_oldest(package: str) -> Version:
    """The locked version for the oldest Python, the one environment.yml names."""
    return min(_locked(set_up.LOCKS["dev"])[package])


def test_conda_environment_names_the_oldest_supported_python() -> None:
    environment = YAML(typ="safe").load((ROOT / "environment.yml").read_text("utf-8"))
    oldest = ".".join(map(str, set_up.OLDEST))
    assert environment["dependencies"][0] == f"python={oldest}"
    assert PROJECT["requires-python"].startswith(f">={oldest},")


def test_ortools_comes_from_pip_and_highspy_from_nowhere() -> None:
    environment = YAML(typ="safe").load((ROOT / "environment.yml").read_text("utf-8"))
    assert any(line.startswith("ortools==") for line in environment["dependencies"][-1]["pip"])
    # The two clash when both are loaded (google/or-tools#5246).
    assert "highspy" not in _locked(set_up.LOCKS["bench"])


def test_a_stamp_stands_for_its_own_lock_and_for_narrower_ones() -> None:
    dev = set_up.lock_stamp(ROOT, "dev")
    digest = hashlib.sha256((ROOT / set_up.LOCKS["dev"]).read_bytes()).hexdigest()
    assert dev == f"dev {digest}"
    assert set_up.is_set_up(ROOT, dev, "runtime")
    assert set_up.is_set_up(ROOT, dev, "dev")
    assert not set_up.is_set_up(ROOT, dev, "bench")
    assert not set_up.is_set_up(ROOT, f"dev {'0' * 64}", "dev")


def test_kernels_are_old_when_any_of_their_sources_changes(tmp_path: Path) -> None:
    for name in ("requirements.lock", "geo/kernels.py", "routing/solver/one.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1", "utf-8")
    before = set_up.kernel_stamp(tmp_path)
    assert set_up.kernel_stamp(tmp_path) == before
    for name in ("requirements.lock", "geo/kernels.py", "routing/solver/one.py"):
        (tmp_path / name).write_text("2", "utf-8")
        after = set_up.kernel_stamp(tmp_path)
        assert after != before
        before = after


def test_the_kernels_that_are_stamped_are_there() -> None:
    assert all(any(ROOT.glob(pattern)) for pattern in set_up.KERNELS)
    compiled = {
        str(path.relative_to(ROOT))
        for folder in ("geo", "routing")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*@(njit|kernel|inlined)\b", path.read_text("utf-8"), re.MULTILINE)
    }
    stamped = {str(path.relative_to(ROOT)) for one in set_up.KERNELS for path in ROOT.glob(one)}
    assert compiled - stamped == set()


def test_an_unknown_kind_of_environment_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert set_up.main(["moon"]) == 2
    assert "choose one of runtime, dev, bench" in capsys.readouterr().err
