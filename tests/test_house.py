"""The house: arrows between the modules, sizes, names, lint and types.

Reads the source as text and as syntax trees; imports none of it.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 80


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


TRACKED = _tracked()
SOURCES = [path for path in TRACKED if path.suffix == ".py"]
PROGRAM = {
    ".".join(inside.with_suffix("").parts).removesuffix(".__init__"): path
    for path in SOURCES
    if (inside := path.relative_to(ROOT)).parts[0] in {"cli.py", "commands", "geo", "routing"}
}


def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def _imports(tree: ast.AST) -> Iterator[tuple[ast.stmt, str]]:
    """Every imported name, ``from a import b`` as both ``a`` and ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"relative import on line {node.lineno}"
            assert node.module is not None
            yield node, node.module
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


GRAPH = {name: {found for _, found in _imports(_parse(path))} for name, path in PROGRAM.items()}


def _is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _breaches(importers: str, imported: str) -> list[str]:
    """Where a module of one package imports another one."""
    return [
        f"{name} imports {found}"
        for name, all_found in GRAPH.items()
        if _is_in(name, importers)
        for found in all_found
        if _is_in(found, imported)
    ]


def _reached(start: str) -> set[str]:
    """Project modules that a package reaches, through any number of imports."""
    seen = {name for name in PROGRAM if _is_in(name, start)}
    waiting = list(seen)
    while waiting:
        for found in GRAPH[waiting.pop()]:
            if found in PROGRAM and found not in seen:
                seen.add(found)
                waiting.append(found)
    return seen


@pytest.mark.parametrize(
    ("importers", "imported"),
    [
        ("geo", "routing"),
        ("geo", "cli"),
        ("routing", "cli"),
        ("routing", "commands"),
        ("geo", "commands"),
        ("commands", "cli"),
        ("routing.checker", "routing.solver"),
        ("routing.solver", "routing.checker"),
        ("routing.reading", "routing.solver"),
        ("routing.report", "routing.solver"),
    ],
)
def test_no_arrow_points_back(importers: str, imported: str) -> None:
    assert _breaches(importers, imported) == []


@pytest.mark.parametrize(
    "arithmetic",
    [
        "routing.solver",
        "routing.legs",
        "routing.energy",
        "routing.baseline",
        "routing.separation",
        "routing.intents",
    ],
)
def test_the_checker_reaches_no_arithmetic_of_the_planner(arithmetic: str) -> None:
    assert [name for name in _reached("routing.checker") if _is_in(name, arithmetic)] == []


@pytest.mark.parametrize(
    ("library", "home"),
    [
        ("folium", "geo.map"),
        ("branca", "geo.map"),
        ("geopandas", "geo.layers"),
        ("pyogrio", "geo.layers"),
        ("ortools", "routing.solver"),
        ("uas_standards", "routing.intents.f3548"),
    ],
)
def test_a_library_lives_behind_one_door(library: str, home: str) -> None:
    strangers = [
        name
        for name, found in GRAPH.items()
        if any(_is_in(one, library) for one in found) and not name.startswith(home)
    ]
    assert strangers == []


def test_modules_import_in_no_circle() -> None:
    arrows = {
        name: {one for one in found if one in PROGRAM and one != name}
        for name, found in GRAPH.items()
    }
    while leaves := [name for name, found in arrows.items() if not found]:
        for leaf in leaves:
            del arrows[leaf]
        for found in arrows.values():
            found.difference_update(leaves)
    assert arrows == {}, "these modules are in a circle or import one"


def test_an_import_inside_a_function_has_its_reason_beside_it() -> None:
    bare = []
    for name, path in PROGRAM.items():
        lines = path.read_text("utf-8").splitlines()
        inner = {
            node.lineno
            for function in ast.walk(_parse(path))
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        for line in sorted(inner):
            above = line - 2
            while above + 1 in inner:
                above -= 1
            if "#" not in lines[line - 1] and not lines[above].lstrip().startswith("#"):
                bare.append(f"{name}:{line}")
    assert bare == []


def test_no_file_is_past_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in TRACKED
        if path.suffix in {".py", ".js", ".css", ".j2"}
        and (lines := len(path.read_text("utf-8").splitlines())) > FILE_LINES_MAX
    }
    assert long == {}


def test_no_function_is_past_80_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in SOURCES
        for node in ast.walk(_parse(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES_MAX
    ]
    assert long == []


def test_names_say_what_they_hold() -> None:
    vague = re.compile(r"(^|_)(utils?|helpers?|managers?|misc|common)(_|$)|^get_|^process(_|$)")
    files = [str(path.relative_to(ROOT)) for path in SOURCES if vague.search(path.stem)]
    names = [
        f"{name}: {node.name}"
        for name, path in PROGRAM.items()
        for node in ast.walk(_parse(path))
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        if vague.search(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower())
    ]
    assert (files, names) == ([], [])


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    hosts = ["pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "anaconda" + ".org"]
    banned = re.compile("|".join([*map(re.escape, hosts), r"(?<![\w.<*])/(work|root|home)/\w"]))
    found = []
    for path in TRACKED:
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # A picture, a workbook or a file in another encoding.
        found += [f"{path.relative_to(ROOT)}: {hit.group()}" for hit in banned.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    "command", [["ruff", "check", "-q", "."], ["ruff", "format", "--check", "-q", "."], ["mypy"]]
)
def test_lint_and_types_are_clean(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
