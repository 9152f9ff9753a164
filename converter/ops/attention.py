"""Products of matrices."""

import numpy as np

from converter.ops.builder import Builder
from converter.ops.registry import converts
from converter.ops.values import Op, Value


@converts("MatMul", 9, 13)
def matmul(node: Op, b: Builder) -> Value:
    """As numpy's."""
    return b.reshape(product(b, node[0], node[1]), node.result.shape)


def product(b: Builder, x: Value, y: Value) -> Value:
    """Multiply as numpy does, but for axes of one element that it would drop."""
    if x.dtype != "float32":
        return b.cast(product(b, b.cast(x, "float32"), b.cast(y, "float32")), x.dtype)
    if x.rank == 1:
        x = b.reshape(x, (1, x.size))
    if y.rank == 1:
        y = b.reshape(y, (y.size, 1))
    if y.rank == 2 and x.rank > 2:  # rows of all matrices at once
        rows = x.size // x.shape[-1]
        made = b.matmul(b.reshape(x, (rows, x.shape[-1])), y)
        return b.reshape(made, (*x.shape[:-1], y.shape[-1]))
    batch = np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    pair = [b.reshape(v, (1,) * (len(batch) + 2 - v.rank) + v.shape) for v in (x, y)]
    return b.matmul(pair[0], pair[1])


@converts("Gemm", 9, 11, 13)
def gemm(node: Op, b: Builder) -> Value:
    """``alpha * A @ B + beta * C``."""
    sides = {
        "transpose_a": bool(node.integer("transA", 0)),
        "transpose_b": bool(node.integer("transB", 0)),
    }
    x, y = (b.cast(node[i], "float32") for i in range(2))
    made = b.matmul(x, y, **sides)
    alpha, beta = node.number("alpha", 1.0), node.number("beta", 1.0)
    if alpha != 1:
        made = b.mul(made, alpha)
    if node.get(2) is not None and beta != 0:
        bias = b.cast(node[2], "float32")
        made = b.add(made, bias if beta == 1 else b.mul(bias, beta))
    return b.cast(made, node.result.dtype)
