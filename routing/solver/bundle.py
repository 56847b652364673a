"""Passes a NamedTuple of arrays to compiled code as one pointer.

Owns a small numba extension type. numba hands a tuple of 70 arrays to every call as hundreds of
scalars, and compiling that takes minutes; a bundle is one address, its fields are loaded where
they are read. Field access in compiled code reads like the tuple's: ``inst.travel[k, p, i, j]``.

The bundle keeps its arrays alive on the Python side; compiled code borrows them (no reference
counts), so a field must never be returned or stored by a kernel.
"""

# mypy: disable-error-code="no-untyped-call"
# numba's internals carry no types.

from __future__ import annotations

import hashlib
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.datamodel.registry import register_default
from numba.core.extending import NativeValue, typeof_impl, unbox
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.np import numpy_support
from numba.np.arrayobj import populate_array

Fields = TypeVar("Fields", bound=tuple[Any, ...])

WORD = 8
"""Bytes of a field's slot: an address, an extent, a stride, or a scalar."""


class BundleType(types.Type):
    """Type of a bundle: field names, their numba types and their first word."""

    def __init__(self, fields: tuple[tuple[str, types.Type], ...]) -> None:
        self.fields = dict(fields)
        self.first_word: dict[str, int] = {}
        word = 0
        for name, kind in fields:
            self.first_word[name] = word
            word += 1 + 2 * kind.ndim if isinstance(kind, types.Array) else 1
        self.words = word
        layout = ", ".join(f"{name}: {kind}" for name, kind in fields)
        # A short name: it is part of every compiled symbol.
        super().__init__(name=f"Bundle_{hashlib.sha256(layout.encode()).hexdigest()[:12]}")


class Bundle:
    """A NamedTuple's arrays and scalars behind one address, for compiled code."""

    __slots__ = ("_numba_type_", "_words", "address", "source")

    def __init__(self, source: Any) -> None:
        kinds = tuple((name, _kind_of(value)) for name, value in source._asdict().items())
        self.source = source
        self._numba_type_ = BundleType(kinds)
        self._words = np.zeros(self._numba_type_.words, dtype=np.int64)
        for name, value in source._asdict().items():
            self._store(self._numba_type_.first_word[name], value)
        self.address = int(self._words.ctypes.data)

    def _store(self, word: int, value: Any) -> None:
        if isinstance(value, np.ndarray):
            self._words[word] = value.ctypes.data
            self._words[word + 1 : word + 1 + value.ndim] = value.shape
            self._words[word + 1 + value.ndim : word + 1 + 2 * value.ndim] = value.strides
        elif isinstance(value, float):
            self._words[word : word + 1].view(np.float64)[0] = value
        else:
            self._words[word] = int(value)


def bundle(source: Fields) -> Fields:
    """A bundle of a NamedTuple, typed as the tuple: kernels read both alike.

    The source must live as long as the bundle is used: it owns the arrays.
    """
    return cast(Fields, Bundle(source))


def _kind_of(value: Any) -> types.Type:
    if isinstance(value, np.ndarray):
        if not value.flags.c_contiguous:
            raise ValueError("a bundle's arrays are C-contiguous")
        return types.Array(numpy_support.from_dtype(value.dtype), value.ndim, "C")
    if isinstance(value, bool):
        return types.boolean
    return types.float64 if isinstance(value, float) else types.int64


@typeof_impl.register(Bundle)
def _type_of_bundle(value: Bundle, _context: Any) -> BundleType:
    return value._numba_type_


@register_default(BundleType)
class _BundleModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: BundleType) -> None:
        super().__init__(manager, kind, ir.IntType(64).as_pointer())


@unbox(BundleType)
def _unbox_bundle(_kind: BundleType, value: Any, context: Any) -> NativeValue:
    address = context.pyapi.object_getattr_string(value, "address")
    number = context.pyapi.long_as_longlong(address)
    context.pyapi.decref(address)
    pointer = context.builder.inttoptr(number, ir.IntType(64).as_pointer())
    return NativeValue(pointer)


@infer_getattr
class _BundleAttributes(AttributeTemplate):
    key = BundleType

    def generic_resolve(  # type: ignore[override]
        self, kind: BundleType, name: str
    ) -> types.Type | None:
        return kind.fields.get(name)


@lower_getattr_generic(BundleType)
def _load_field(context: Any, builder: Any, kind: BundleType, pointer: Any, name: str) -> Any:
    field, word = kind.fields[name], kind.first_word[name]

    def load(at: int) -> Any:
        value = builder.load(builder.gep(pointer, [ir.Constant(ir.IntType(64), at)]))
        # A bundle's words never change: what a kernel stores elsewhere need not make it load again.
        value.set_metadata("invariant.load", builder.module.add_metadata([]))
        return value

    if not isinstance(field, types.Array):
        value = load(word)
        if isinstance(field, types.Boolean):
            return builder.trunc(value, ir.IntType(1))
        return builder.bitcast(value, ir.DoubleType()) if field is types.float64 else value
    array = context.make_array(field)(context, builder)
    item = context.get_value_type(field.dtype) if field.dtype is not types.boolean else None
    item = ir.IntType(8) if item is None else item
    populate_array(
        array,
        data=builder.inttoptr(load(word), item.as_pointer()),
        shape=cgutils.pack_array(builder, [load(word + 1 + d) for d in range(field.ndim)]),
        strides=cgutils.pack_array(
            builder, [load(word + 1 + field.ndim + d) for d in range(field.ndim)]
        ),
        itemsize=context.get_constant(types.intp, numpy_support.as_dtype(field.dtype).itemsize),
        meminfo=None,
    )
    return array._getvalue()
