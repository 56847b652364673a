"""docs/whatif.md: its program runs, its options exist, its files are those that are written."""

from __future__ import annotations

import argparse
import re

import pytest

from commands.whatif_options import CHANGES, describe_whatif
from routing.whatif.costs import CostModel
from routing.whatif.files import FILES
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "whatif.md").read_text("utf-8")


def test_its_program_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    monkeypatch.chdir(ROOT)
    # Fewer days and steps: what is shown is how to ask.
    smaller = program.replace("iterations=100", "iterations=2").replace("(1, 2)", "(1,)")
    assert smaller != program
    exec(compile(smaller, "docs/whatif.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("base plan {'stat': ")


def test_every_change_is_described_and_every_option_it_names_exists() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    describe_whatif(parser)
    known = {name for action in parser._actions for name in action.option_strings}
    known |= {"--iterations", "--time-limit", "--help"}
    named = set(re.findall(r"--[a-z]+(?:-[a-z]+)*", PAGE))
    assert {option for option, _, _ in CHANGES} <= named
    assert named - known == set()


def test_its_files_and_cost_values_are_those_there_are() -> None:
    assert all(f"`{name}`" in PAGE for name in FILES)
    values = set(CostModel.__dataclass_fields__) - {"sources"}
    assert {value for value in values if f"`{value}`" not in PAGE} == set()
