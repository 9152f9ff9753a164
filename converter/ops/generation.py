"""Constants that depend on a shape, and codes made of indices."""

import numpy as np

from converter.ops.builder import Builder
from converter.ops.registry import converts
from converter.ops.values import Op, Value


@converts("EyeLike", 9, 22)
def eye_like(node: Op, b: Builder) -> Value:
    """Ones on a diagonal."""
    rows, columns = node.result.shape
    eye = np.eye(rows, columns, node.integer("k", 0))
    return b.constant(eye.astype(node.result.dtype))


@converts("ConstantOfShape", 9, 20, 21, 23, 24, 25)
@converts("Range", 11, 27)
def computed(node: Op, b: Builder) -> Value:
    """What is a constant, if all that it takes are; this is asked only if they are not."""
    for index in range(len(node.inputs)):
        node.constant(index)
    return node[0]


@converts("OneHot", 9, 11, 28)
def one_hot(node: Op, b: Builder) -> Value:
    """One value at an index, another elsewhere."""
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
