"""How kernels are compiled: cached on disk, free of the interpreter's lock, each on its own.

Owns the two decorators of all compiled code. numba links every callee into every caller and has
LLVM optimise all of it again; for a search whose call graph is ten deep that multiplies compile
time. A ``kernel`` is compiled once: its callers hold no more than its symbol, which the loader
resolves. An ``inlined`` one is small and hot and is copied into its callers.

A function has one version for all constants that are passed to it.

Three things make symbols enough. A symbol's name depends on the function alone, not on how many
were compiled before it. A cached kernel is loaded after the kernels that it calls. And a cache
entry is as old as the newest of its module and the modules that this one imports; numba itself
looks at the module alone.
"""

# mypy: disable-error-code="no-untyped-call"
# numba's internals carry no types.

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable
from dis import get_instructions
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite.binding as llvm
from numba import njit, types
from numba.core.caching import FunctionCache
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import AnalysisPass, register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering

from routing.solver.indexing import KERNEL_SYMBOL

Function = TypeVar("Function", bound=Callable[..., Any])

HERE = Path(__file__).resolve().parent
IMPORT = re.compile(r"^from routing\.solver\.(\w+) import", re.MULTILINE)


class _ApartLower(Lower):
    def setup_function(self, fndesc: Any) -> None:
        super().setup_function(fndesc)
        # Otherwise the function's own wrapper for Python gets a second copy of it.
        self.function.attributes.add("noinline")


@register_pass(mutates_CFG=True, analysis_only=False)
class _ApartLowering(NativeLowering):
    _name = "apart_lowering"

    @property
    def lowering_class(self) -> type[Lower]:
        return _ApartLower


@register_pass(mutates_CFG=False, analysis_only=True)
class _ShareSymbol(AnalysisPass):
    """Callers link an empty module instead of this kernel's code."""

    _name = "share_symbol"

    def __init__(self) -> None:
        """numba makes one of each pass."""

    def run_pass(self, state: Any) -> bool:
        library = state.cr.library
        library._ensure_finalized()
        empty = llvm.parse_assembly("declare void @nothing()")
        empty.triple = library._final_module.triple
        empty.data_layout = library._final_module.data_layout
        library._shared_module = empty
        return True


class _Compiler(CompilerBase):
    """Gives a function a symbol of its own that is the same in every process."""

    is_apart = False

    def define_pipelines(self) -> list[Any]:
        identity = self.state.func_id
        name = f"{identity.modname}.{identity.func_qualname}"
        identity.unique_id = zlib.crc32(name.encode())
        identity.unique_name = f"{identity.func_qualname}${identity.unique_id}"
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        if self.is_apart:
            for at, (stage, _) in enumerate(pipeline.passes):
                if stage is NativeLowering:
                    pipeline.passes[at] = (_ApartLowering, "native lowering, not inlined")
            pipeline.add_pass(_ShareSymbol, "share the symbol only")
        pipeline.finalize()
        return [pipeline]


class _ApartCompiler(_Compiler):
    is_apart = True


class _Cache(FunctionCache):
    """A function's cache: fresh by the content of all its sources, loaded after its callees."""

    def __init__(self, function: Any) -> None:
        super().__init__(function)
        self._cache_file._source_stamp = _stamp(Path(function.__code__.co_filename).stem)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        for callee in _callees(self._py_func):
            _load_all(callee)
        return super().load_overload(sig, target_context)

    def _load_overload(self, sig: Any, target_context: Any) -> Any:
        held = self._cache_file.load(self._index_key(sig, target_context.codegen()))
        defined = target_context.codegen()._engine._defined_symbols
        # The loader ends the process at a symbol that it does not find: better compile again.
        if held is None or not defined.issuperset(held[0]):
            return None
        _, fndesc, *_ = held[1]
        # numba reads what a cached library defines from the code that callers link: here, none.
        defined |= {
            fndesc.llvm_func_name,
            fndesc.llvm_cpython_wrapper_name,
            fndesc.llvm_cfunc_wrapper_name,
            fndesc.env_name,
        }
        return self._impl.rebuild(target_context, held[1])

    def _save_overload(self, sig: Any, compiled: Any) -> None:
        if not self._impl.check_cachable(compiled):
            return
        self._impl.locator.ensure_cache_path()
        called = tuple(
            function.name
            for function in compiled.library._final_module.functions
            if function.is_declaration and function.name.startswith(KERNEL_SYMBOL)
        )
        key = self._index_key(sig, compiled.codegen)
        self._cache_file.save(key, (called, self._impl.reduce(compiled)))


def _load_all(dispatcher: Any) -> None:
    """Load every cached version of a function, so that its symbols are there."""
    target = dispatcher.targetctx
    target.refresh()
    machine = target.codegen().magic_tuple()
    for sig, made_for, _ in dispatcher._cache._cache_file._load_index():
        if made_for == machine and dispatcher.overloads.get(sig) is None:
            dispatcher.compile(sig)


@cache
def _callees(function: Any) -> tuple[Any, ...]:
    """The compiled functions that a function names."""
    names = {one.argval for one in get_instructions(function) if one.opname == "LOAD_GLOBAL"}
    found = (function.__globals__.get(name) for name in sorted(names))
    return tuple(one for one in found if isinstance(getattr(one, "_cache", None), _Cache))


@cache
def _sources(module: str) -> frozenset[str]:
    """A module of this package and all that it imports, those they import, and so on."""
    found, waiting = {module}, [module]
    while waiting:
        text = (HERE / f"{waiting.pop()}.py").read_text("utf-8")
        for name in IMPORT.findall(text):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return frozenset(found)


@cache
def _stamp(module: str) -> str:
    read = hashlib.sha256()
    for name in sorted(_sources(module)):
        read.update(name.encode() + (HERE / f"{name}.py").read_bytes())
    return read.hexdigest()


def _forget_literals(template: Callable[..., Any]) -> Callable[..., Any]:
    """One version for all whole numbers: numba would compile another for each constant passed."""

    def forget(args: Any, kws: Any) -> Any:
        plain = tuple(types.unliteral(kind) for kind in args)
        return template(plain, {name: types.unliteral(kind) for name, kind in kws.items()})

    return forget


def _compiled(function: Function, compiler: type[CompilerBase]) -> Function:
    made: Any = njit(nogil=True, error_model="numpy", pipeline_class=compiler)(function)
    made._cache = _Cache(function)
    made.get_call_template = _forget_literals(made.get_call_template)
    return cast(Function, made)


def kernel(function: Function) -> Function:
    """Compile a function once; callers call it."""
    return _compiled(function, _ApartCompiler)


def inlined(function: Function) -> Function:
    """Compile a small, hot function into each of its callers."""
    return _compiled(function, _Compiler)
