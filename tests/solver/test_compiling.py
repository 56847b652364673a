"""Compiled kernels: fresh by content, loaded after their callees, never compiled twice."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from routing.solver import compiling
from routing.solver.chain import push_chain
from routing.solver.engine import solve_instance
from routing.solver.enough import are_base_packs_kept, are_packs_kept, is_footprint_kept
from routing.solver.sample import sample_instance
from tests.programs import printed_by

PACKAGE = Path(compiling.__file__).parent
COUNT_MISSES = """
import gc
from routing.solver.compiling import _Cache
from routing.solver.sample import sample_instance
from routing.solver.engine import solve_instance
solve_instance(sample_instance(), seed=1, iterations=2, threads=1, proves=False)
made = [one for one in gc.get_objects() if isinstance(getattr(one, "_cache", None), _Cache)]
print(sum(sum(one.stats.cache_misses.values()) for one in made))
print(sum(bool(one.overloads) for one in made))
"""


LEFT_OUT = """
import gc, importlib, pkgutil
import routing.solver
from routing.solver.compiling import _ApartCompiler
from routing.solver.warm import run_all
for module in pkgutil.iter_modules(routing.solver.__path__):
    importlib.import_module("routing.solver." + module.name)
run_all()
kernels = [
    one for one in gc.get_objects()
    if getattr(getattr(one, "_compiler", None), "pipeline_class", None) is _ApartCompiler
]
print(len(kernels))
print(*sorted(one.__name__ for one in kernels if not one.overloads))
"""


STAY_INSIDE = """
from benchmarks.days import build_day as build_benchmark_day
from routing.legs import build_legs
from routing.solver.day import build_day
from routing.solver.engine import solve_instance
from routing.solver.warm import run_all
run_all()
day = build_benchmark_day("P28-1")
inst = build_day(day.network, day.orders[:70], build_legs(day.network)).instance
for limits in ({"iterations": 3_000, "proves": False}, {"time_limit_s": 8.0}):
    result = solve_instance(inst, seed=1, **limits)
    print(len(result.solution.unserved), result.bound is not None)
"""


def test_set_up_leaves_no_kernel_to_compile_on_a_first_plan() -> None:
    count, left = printed_by(LEFT_OUT).split("\n")[:2]
    assert int(count) > 80
    assert left == ""


def test_an_entry_is_as_old_as_all_that_its_module_imports() -> None:
    assert {"ruin", "resources", "scratch", "instance"} <= compiling._sources("ruin")
    assert "ruin" not in compiling._sources("resources")


def test_modules_import_each_other_in_the_way_that_is_read() -> None:
    for path in sorted(PACKAGE.glob("*.py")):
        for line in path.read_text("utf-8").splitlines():
            if re.match(r"(from|import) (\.|routing\.solver|routing import)", line):
                assert compiling.IMPORT.match(line), f"{path.name}: {line}"


def test_callees_are_the_compiled_functions_that_a_function_calls() -> None:
    assert are_packs_kept in compiling._callees(are_base_packs_kept.py_func)  # type: ignore[attr-defined]
    called = compiling._callees(is_footprint_kept.py_func)  # type: ignore[attr-defined]
    assert are_base_packs_kept in called
    assert push_chain not in called


def test_another_process_loads_what_this_one_compiled() -> None:
    solve_instance(sample_instance(), seed=1, iterations=2, threads=1, proves=False)
    misses, loaded = map(int, printed_by(COUNT_MISSES).split())
    assert misses == 0
    assert loaded > 50


def test_no_kernel_reads_or_writes_outside_of_an_array(tmp_path: Path) -> None:
    # Compiled code does neither count a negative index from the end nor stop at one past it.
    told = printed_by(STAY_INSIDE, NUMBA_BOUNDSCHECK="1", NUMBA_CACHE_DIR=str(tmp_path))
    assert told == "0 False\n0 True\n"


def test_no_kernel_has_a_constant_index_below_zero() -> None:
    found = [
        f"{path.name}:{node.lineno}"
        for path in sorted(PACKAGE.glob("*.py"))
        for function in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(function, ast.FunctionDef)
        and {"kernel", "inlined"} & {ast.unparse(one) for one in function.decorator_list}
        for node in ast.walk(function)
        if isinstance(node, ast.Subscript)
        for index in ([*node.slice.elts] if isinstance(node.slice, ast.Tuple) else [node.slice])
        if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub)
    ]
    assert found == []
