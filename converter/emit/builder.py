"""Builds a graph: emits TF.js operations one at a time, with shapes and dtypes known."""

from collections.abc import Sequence
from itertools import count
from math import prod
from typing import Any, TypeAlias

import numpy as np

from converter.emit.values import DTYPES, Value, narrowed
from converter.graph import Array, Attribute, DType, Node

Operand: TypeAlias = Value | float
"""A value, or a number that becomes a constant of the other operand's dtype."""

_TYPES = {"float32": "DT_FLOAT", "int32": "DT_INT32", "bool": "DT_BOOL"}


class Builder:
    """Collects nodes and weights. Its methods fold constants where that is free.

    Attributes:
        nodes: The nodes so far, in order.
        weights: The constants that nodes refer to, by name.
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.weights: dict[str, Array] = {}
        self._scope = ""
        self._numbers = count()
        self._registered: dict[tuple[str, tuple[int, ...], bytes], str] = {}

    def enter(self, scope: str) -> None:
        """Set the prefix for names of the nodes that follow: the source's node they implement."""
        self._scope = scope.replace(":", "_") or "node"
        self._numbers = count()

    def emit(
        self,
        op: str,
        inputs: Sequence[Value],
        shape: Sequence[int],
        dtype: str,
        **attributes: Attribute,
    ) -> Value:
        """Add a node, and return its only output, of this shape and dtype."""
        name = self._name(op)
        references = tuple(map(self.reference, inputs))
        self.nodes.append(Node(name, op, references, attributes))
        return Value(name, tuple(int(side) for side in shape), dtype)

    def emit_many(
        self, op: str, inputs: Sequence[Value], results: Sequence[Value], **attributes: Attribute
    ) -> list[Value]:
        """Add a node with several outputs, of the shapes and dtypes of ``results``."""
        first = self.emit(op, inputs, results[0].shape, results[0].dtype, **attributes)
        rest = (
            Value(f"{first.reference}:{index}", each.shape, each.dtype)
            for index, each in enumerate(results[1:], 1)
        )
        return [first, *rest]

    def _name(self, op: str) -> str:
        return f"{self._scope}/{op}_{next(self._numbers)}"

    def reference(self, value: Value) -> str:
        """Return the reference to a value; a constant becomes a weight."""
        if value.array is None:
            return value.reference
        array = narrowed(value.array)
        key = (array.dtype.name, array.shape, array.tobytes())
        if key not in self._registered:
            self._registered[key] = self._name("Const")
            self.weights[self._registered[key]] = array
        return self._registered[key]

    def constant(self, array: Any) -> Value:  # noqa: ANN401 - anything that numpy takes
        """Return a constant; Python numbers become float32 or int32."""
        made = np.asarray(array)
        if isinstance(array, int | float | list | tuple) and made.dtype != np.bool_:
            made = made.astype(np.float32 if made.dtype.kind == "f" else np.int32)
        return Value("", made.shape, DTYPES.get(made.dtype.name, made.dtype.name), made)

    def like(self, value: Operand, other: Value) -> Value:
        """Return an operand as a value; a number becomes a constant of the dtype of ``other``."""
        if isinstance(value, Value):
            return value
        return self.constant(np.asarray(value, other.dtype))

    def unary(self, op: str, x: Value, dtype: str = "", **attributes: Attribute) -> Value:
        """Apply an elementwise operation; the dtype defaults to that of ``x``."""
        return self.emit(op, [x], x.shape, dtype or x.dtype, **attributes)

    def binary(self, op: str, a: Operand, b: Operand, dtype: str = "") -> Value:
        """Apply an elementwise operation with broadcasting; the dtype defaults to the operands'."""
        typical = a if isinstance(a, Value) else b
        if not isinstance(typical, Value):
            raise TypeError(f"{op}: one of the operands must be a value")
        left, right = self.like(a, typical), self.like(b, typical)
        shape = np.broadcast_shapes(left.shape, right.shape)
        return self.emit(op, [left, right], shape, dtype or typical.dtype)

    def add(self, a: Operand, b: Operand) -> Value:
        """Return ``a + b``."""
        return self.binary("AddV2", a, b)

    def sub(self, a: Operand, b: Operand) -> Value:
        """Return ``a - b``."""
        return self.binary("Sub", a, b)

    def mul(self, a: Operand, b: Operand) -> Value:
        """Return ``a * b``."""
        return self.binary("Mul", a, b)

    def div(self, a: Operand, b: Operand) -> Value:
        """Return ``a / b`` of float32."""
        return self.binary("RealDiv", a, b)

    def where(self, condition: Value, a: Operand, b: Operand) -> Value:
        """Return ``condition ? a : b`` elementwise, with broadcasting."""
        typical = a if isinstance(a, Value) else b
        if not isinstance(typical, Value):
            raise TypeError("where: one of the operands must be a value")
        left, right = self.like(a, typical), self.like(b, typical)
        shape = np.broadcast_shapes(condition.shape, left.shape, right.shape)
        return self.emit("SelectV2", [condition, left, right], shape, left.dtype)

    def cast(self, x: Value, dtype: str) -> Value:
        """Return the elements in another dtype; floats are truncated to integers."""
        if x.dtype == dtype:
            return x
        if x.array is not None:
            return self.constant(narrowed(x.array).astype(dtype))
        if x.dtype == "bool":  # TF.js's Cast would keep the bytes of a bool
            zero, one = (self.constant(np.asarray(n, dtype)) for n in (0, 1))
            return self.emit("SelectV2", [x, one, zero], x.shape, dtype)
        types = {"SrcT": DType(_TYPES[x.dtype]), "DstT": DType(_TYPES[dtype])}
        return self.emit("Cast", [x], x.shape, dtype, **types)

    def reshape(self, x: Value, shape: Sequence[int]) -> Value:
        """Return the elements in another shape, without -1."""
        if tuple(shape) == x.shape:
            return x
        if x.array is not None:
            return self.constant(x.array.reshape(shape))
        sides = self.constant(np.asarray(shape, np.int32))
        return self.emit("Reshape", [x, sides], shape, x.dtype)

    def transpose(self, x: Value, order: Sequence[int]) -> Value:
        """Permute axes, as ``numpy.transpose``."""
        if [*order] == [*range(x.rank)]:
            return x
        if x.array is not None:
            return self.constant(x.array.transpose(order))
        shape = [x.shape[axis] for axis in order]
        return self.emit(
            "Transpose", [x, self.constant(np.asarray(order, np.int32))], shape, x.dtype
        )

    def concat(self, values: Sequence[Value], axis: int) -> Value:
        """Join values along an axis."""
        if len(values) == 1:
            return values[0]
        shape = [*values[0].shape]
        shape[axis] = sum(value.shape[axis] for value in values)
        inputs = [*values, self.constant(axis)]
        return self.emit("ConcatV2", inputs, shape, values[0].dtype, N=len(values))

    def slice(self, x: Value, begin: Sequence[int], size: Sequence[int]) -> Value:
        """Return the block that starts at ``begin`` and has the shape ``size``."""
        if tuple(size) == x.shape:
            return x
        if x.array is not None:
            block = (slice(b, b + s) for b, s in zip(begin, size, strict=True))
            return self.constant(x.array[tuple(block)])
        bounds = [self.constant(np.asarray(each, np.int32)) for each in (begin, size)]
        return self.emit("Slice", [x, *bounds], size, x.dtype)

    def cut(self, x: Value, axis: int, begin: int, size: int) -> Value:
        """Return the range ``begin:begin + size`` of an axis."""
        begins, sizes = [0] * x.rank, [*x.shape]
        begins[axis], sizes[axis] = begin, size
        return self.slice(x, begins, sizes)

    def stride(
        self, x: Value, begin: Sequence[int], end: Sequence[int], step: Sequence[int]
    ) -> Value:
        """Return ``x[begin:end:step]`` over all axes; steps are positive."""
        shape = [max(0, -(-(e - b) // s)) for b, e, s in zip(begin, end, step, strict=True)]
        if all(each == 1 for each in step):
            return self.slice(x, begin, shape)
        bounds = [self.constant(np.asarray(each, np.int32)) for each in (begin, end, step)]
        return self.emit("StridedSlice", [x, *bounds], shape, x.dtype)

    def pad(self, x: Value, widths: Sequence[tuple[int, int]], value: float = 0.0) -> Value:
        """Add margins ``(before, after)`` to each axis, filled with ``value``."""
        if not any(map(any, widths)):
            return x
        shape = [a + side + b for side, (a, b) in zip(x.shape, widths, strict=True)]
        margins = self.constant(np.asarray(widths, np.int32))
        return self.emit("PadV2", [x, margins, self.like(value, x)], shape, x.dtype)

    def reduce(self, op: str, x: Value, axes: Sequence[int], *, keep: bool = True) -> Value:
        """Reduce axes with an operation such as ``Mean``; with ``keep`` they remain, of size 1."""
        shape = [
            1 if i in axes else side for i, side in enumerate(x.shape) if keep or i not in axes
        ]
        numbers = self.constant(np.asarray(sorted(axes), np.int32))
        return self.emit(op, [x, numbers], shape, x.dtype, keep_dims=keep)

    def expand(self, x: Value, shape: Sequence[int]) -> Value:
        """Broadcast to a shape."""
        if tuple(shape) == x.shape:
            return x
        if x.array is not None:
            return self.constant(np.broadcast_to(x.array, shape))
        x = self.reshape(x, (1,) * (len(shape) - x.rank) + x.shape)
        return self.tile(x, [new // old for new, old in zip(shape, x.shape, strict=True)])

    def tile(self, x: Value, times: Sequence[int]) -> Value:
        """Repeat along each axis, as ``numpy.tile``."""
        if all(each == 1 for each in times):
            return x
        shape = [side * each for side, each in zip(x.shape, times, strict=True)]
        if x.dtype == "bool":
            return self.cast(self.tile(self.cast(x, "int32"), times), "bool")
        return self.emit("Tile", [x, self.constant(np.asarray(times, np.int32))], shape, x.dtype)

    def gather(self, x: Value, indices: Value, axis: int) -> Value:
        """Return slices of an axis by index; indices are not negative."""
        shape = (*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :])
        if x.dtype == "bool":
            return self.cast(self.gather(self.cast(x, "int32"), indices, axis), "bool")
        inputs = [x, indices, self.constant(axis)]
        return self.emit("GatherV2", inputs, shape, x.dtype, batch_dims=0)

    def matmul(
        self, a: Value, b: Value, *, transpose_a: bool = False, transpose_b: bool = False
    ) -> Value:
        """Multiply matrices, the last two axes; the axes before them broadcast."""
        if transpose_b and b.array is not None:  # WASM's fused product transposes wrongly
            b, transpose_b = self.constant(b.array.swapaxes(-1, -2)), False
        rows = a.shape[-1] if transpose_a else a.shape[-2]
        columns = b.shape[-2] if transpose_b else b.shape[-1]
        if a.rank == b.rank == 2:
            attributes = {"transpose_a": transpose_a, "transpose_b": transpose_b}
            return self.emit("MatMul", [a, b], (rows, columns), a.dtype, **attributes)
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        if prod(batch) > max(prod(a.shape[:-2]), prod(b.shape[:-2])):
            a = self.expand(a, (*batch, *a.shape[-2:]))
        spread = [self._spread(each, batch) for each in (a, b)]
        attributes = {"adj_x": transpose_a, "adj_y": transpose_b}
        return self.emit("BatchMatMulV2", spread, (*batch, rows, columns), a.dtype, **attributes)

    def _spread(self, x: Value, batch: tuple[int, ...]) -> Value:
        """Expand batch axes that TF.js's BatchMatMul would broadcast wrongly.

        It repeats the list of matrices as a whole, which is right for leading axes alone.
        """
        own = x.shape[:-2]
        while own and own[0] == 1:
            own = own[1:]
        if batch[len(batch) - len(own) :] == own:
            return x
        return self.expand(x, (*batch, *x.shape[-2:]))
