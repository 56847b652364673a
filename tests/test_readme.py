"""Every command of the README runs; every file it names is there; pages match the project."""

from __future__ import annotations

import importlib
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import cli
from commands import Exit
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
MAKE = [line for line in COMMANDS if line.startswith("make ")]
MAGPIE = [line for line in COMMANDS if line.startswith(".venv/bin/magpie ")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def _recipe(target: str) -> list[str]:
    """The commands of a make target, without running them, also where make runs the tests."""
    alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    listed = subprocess.run(
        ["make", "-n", target], cwd=ROOT, env=alone, capture_output=True, text=True, check=True
    ).stdout
    return listed.replace("\\\n", " ").splitlines()


def _run(line: str, *more: str) -> int:
    """Run ``PROGRAM ARGUMENTS`` through the entry point."""
    return cli.main([*shlex.split(line)[1:], *more])


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the configurations, to run commands in as in a checkout."""
    shutil.copytree(ROOT / "configs", tmp_path / "configs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_is_of_a_kind_that_is_tested() -> None:
    assert sorted(MAKE + MAGPIE) == sorted(COMMANDS)
    assert MAKE == ["make demo", "make test"]


def test_the_commands_of_the_readme_run_in_its_order(checkout: Path) -> None:
    for line in MAGPIE:
        short = ["--iterations", "300"] if shlex.split(line)[1] == "plan" else []
        assert _run(line, *short) == Exit.DONE, line
    assert (checkout / "out" / "lines" / "map-zh.html").is_file()


def test_make_demo_sets_up_and_plans_the_towns(checkout: Path) -> None:
    set_up, plan = _recipe("demo")
    assert set_up.endswith("set_up.py runtime")
    line, _, tolerated = plan.partition("||")
    assert tolerated.split() == ["test", "$?", "-eq", "1"]
    assert line.startswith(".venv/bin/python cli.py plan ")
    ended = _run(line.removeprefix(".venv/bin/python "), "--iterations", "100")
    assert ended in {Exit.DONE, Exit.NOT_WHOLE}  # so few steps may leave orders behind
    assert (checkout / "out" / "pingdu" / "plan.json").is_file()


def test_make_test_sets_up_and_runs_pytest() -> None:
    set_up, run = _recipe("test")
    assert set_up.endswith("set_up.py dev")
    # On all cores; nothing is picked or left out.
    assert run == ".venv/bin/python -m pytest -n logical --maxprocesses 4 --dist worksteal"


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    assert (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1] == "exec make test"


def test_the_console_script_is_the_command_line() -> None:
    module, _, function = PROJECT["scripts"]["magpie"].partition(":")
    assert getattr(importlib.import_module(module), function) is cli.main


@pytest.mark.parametrize("page", ["README.md", "docs/design.md", "docs/dependencies.md"])
def test_files_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    named = set(re.findall(r"`((?:docs|configs|routing|geo|tests|benchmarks)/[\w./-]*\w/?)`", text))
    named |= set(re.findall(r"\]\(([^):#]+)\)", text))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_dependency_has_its_row() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| `([\w.-]+)` \|", page, re.MULTILINE)
    lines = chain(PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    assert sorted(rows) == sorted({Requirement(line).name for line in lines})


def test_exit_codes_are_those_of_the_code() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert told == {Exit.DONE, Exit.NOT_WHOLE, Exit.BAD_INPUT, Exit.REJECTED}
