"""Constants of a given shape, and one-hot codes."""

import numpy as np

from converter.emit.builder import Builder
from converter.emit.values import Value
from converter.readers.onnx.op import Op
from converter.readers.onnx.registry import converts


@converts("EyeLike", since=(9, 22))
def eye_like(node: Op, b: Builder) -> Value:
    """Ones on a diagonal, zeros elsewhere."""
    rows, columns = node.result.shape
    eye = np.eye(rows, columns, node.integer("k", 0))
    return b.constant(eye.astype(node.result.dtype))


@converts("ConstantOfShape", since=(9, 20, 21, 23, 24, 25))
@converts("Range", since=(11, 27))
def computed(node: Op, b: Builder) -> Value:
    """Refuse the node: with constant inputs it was folded before."""
    for index in range(len(node.inputs)):
        node.constant(index)
    return node[0]


@converts("OneHot", since=(9, 11, 28))
def one_hot(node: Op, b: Builder) -> Value:
    """``on`` at an index along a new axis, ``off`` elsewhere; indices may be negative."""
    depth = node.ints(1)[0]
    axis = node.axis(-1, node[0].rank + 1)
    indices = b.cast(node[0], "int32")
    if indices.array is None:
        indices = b.where(b.binary("Less", indices, 0, "bool"), b.add(indices, depth), indices)
    else:
        indices = b.constant(np.where(indices.array < 0, indices.array + depth, indices.array))
    spread = b.reshape(indices, (*indices.shape[:axis], 1, *indices.shape[axis:]))
    shape = [depth if i == axis else 1 for i in range(indices.rank + 1)]
    ruler = b.constant(np.arange(depth, dtype=np.int32).reshape(shape))
    chosen = b.binary("Equal", spread, ruler, "bool")
    off, on = (b.reshape(b.cut(node[2], 0, i, 1), ()) for i in range(2))
    return b.where(chosen, on, off)
