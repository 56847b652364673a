"""How kernels are compiled: cached on disk, free of the interpreter's lock, kept apart.

Owns the two decorators of all compiled code. numba links every callee into every caller and lets
LLVM inline freely; for a search whose call graph is ten deep that multiplies compile time. A
``kernel`` stays a function of its own; an ``inlined`` one is small and hot and may be copied.
"""

# mypy: disable-error-code="no-untyped-call"
# numba's internals carry no types.

from __future__ import annotations

from typing import Any

from numba import njit
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import NativeLowering


class _ApartLower(Lower):
    def setup_function(self, fndesc: Any) -> None:
        super().setup_function(fndesc)
        self.function.attributes.add("noinline")


@register_pass(mutates_CFG=True, analysis_only=False)
class _ApartLowering(NativeLowering):
    _name = "apart_lowering"

    @property
    def lowering_class(self) -> type[Lower]:
        return _ApartLower


class _ApartCompiler(CompilerBase):
    def define_pipelines(self) -> list[Any]:
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        for at, (stage, _) in enumerate(pipeline.passes):
            if stage is NativeLowering:
                pipeline.passes[at] = (_ApartLowering, "native lowering, not inlined")
        pipeline.finalize()
        return [pipeline]


kernel = njit(cache=True, nogil=True, error_model="numpy", pipeline_class=_ApartCompiler)
inlined = njit(cache=True, nogil=True, error_model="numpy")
